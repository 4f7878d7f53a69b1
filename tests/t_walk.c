/*
 * t_walk.c - walking an encoding along a table of its fields.
 *
 * The walks are written down as text, one word for each callback, and
 * compared: "<1" and "1>" for a field that begins and ends, "1=hex" for a
 * field that is held, "1+hex" for octets that flow.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/encoding/walk.h"
#include "octets.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NO_LIMIT ((size_t)1 << 20)

enum { NUMBER = 1, NAME, SET, STRING, GROUP, INNER, OUTER, LAST };

/*
 * SEQUENCE {
 *	number INTEGER,
 *	name UTF8String OPTIONAL,
 *	set SET OF ANY OPTIONAL,
 *	group [0] { inner NULL OPTIONAL, string OCTET STRING } OPTIONAL,
 *	last BOOLEAN }
 */
static const struct cx4i_field table[] = {
	{ 0, 0x30, CX4I_ENTER, 0, OUTER, "outer" },
	{ 1, 0x02, CX4I_HOLD, 0, NUMBER, "number" },
	{ 1, 0x0c, CX4I_HOLD, 1, NAME, "name" },
	{ 1, 0x31, CX4I_EACH, 1, SET, "set" },
	{ 1, 0xa0, CX4I_ENTER, 1, GROUP, "group" },
	{ 2, 0x05, CX4I_HOLD, 1, INNER, "inner" },
	{ 2, 0x04, CX4I_OCTETS, 0, STRING, "string" },
	{ 1, 0x01, CX4I_HOLD, 0, LAST, "last" },
};

/* Another table, to be switched to. */
static const struct cx4i_field other[] = {
	{ 0, 0x02, CX4I_HOLD, 0, NUMBER, "number" },
	{ 0, 0x04, CX4I_HOLD, 1, STRING, "string" },
};

struct trace {
	struct cx4i_walker w;
	struct cx4i_buf text;
	int last_octets;	/* the word before was octets of this id */
	int fail_id;		/* the callbacks for this id fail */
	int switch_at;		/* at this level, on an INTEGER: switch */
	int begins;
};

static void
put(struct trace *t, const char *s)
{
	if (cx4i_buf_add(&t->text, s, strlen(s)) != 0)
		abort();
}

static void
put_hex(struct trace *t, const uint8_t *p, size_t n)
{
	char octet[3];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(octet, sizeof(octet), "%02x", p[i]);
		put(t, octet);
	}
}

static void
put_word(struct trace *t, const char *fmt, int id)
{
	char word[32];

	snprintf(word, sizeof(word), "%s%s%d", t->text.len > 0 ? " " : "",
	    fmt[0] == '<' ? "<" : "", id);
	put(t, word);
	put(t, fmt[0] == '<' ? "" : fmt);
	t->last_octets = 0;
}

static int
verdict(const struct trace *t, int id)
{
	return t->fail_id == id ? CX4_E_NO_KEY : CX4_OK;
}

static int
on_begin(void *arg, int level, uint8_t ident)
{
	struct trace *t = arg;

	t->begins++;
	if (level == t->switch_at && ident == 0x02)
		/* The number is no field of `table` but of `other`. */
		cx4i_walk_switch(&t->w, other, COUNT(other),
		    (unsigned int)level, 0);
	return CX4_OK;
}

static int
on_enter(void *arg, int id, const struct cx4i_ber_event *ev)
{
	(void)ev;
	put_word(arg, "<", id);
	return verdict(arg, id);
}

static int
on_field(void *arg, int id, struct cx4i_slice whole)
{
	put_word(arg, "=", id);
	put_hex(arg, whole.data, whole.len);
	return verdict(arg, id);
}

/* However they are cut, octets of one string make one word. */
static int
on_octets(void *arg, int id, const uint8_t *p, size_t n)
{
	struct trace *t = arg;

	if (n == 0)
		return CX4_OK;
	if (t->last_octets != id)
		put_word(t, "+", id);
	t->last_octets = id;
	put_hex(t, p, n);
	return verdict(t, id == STRING ? 100 + id : id);
}

static int
on_leave(void *arg, int id)
{
	put_word(arg, ">", id);
	return verdict(arg, id);
}

static const struct cx4i_walk_ops ops = {
	on_begin, on_enter, on_field, on_octets, on_leave
};

struct result {
	int code;
	uint64_t offset;
	uint64_t trailing;
	int begins;
	char text[4096];
	char why[320];
};

static void
trace_init(struct trace *t, size_t limit)
{
	memset(t, 0, sizeof(*t));
	t->switch_at = -1;
	cx4i_walk_init(&t->w, &ops, t, limit);
	cx4i_walk_switch(&t->w, table, COUNT(table), 0, 0);
}

/* Push in chunks, finish, and keep what came of it. */
static void
run(struct trace *t, struct cx4i_slice in, size_t chunk, struct result *res)
{
	struct cx4i_slice part;
	cx4_error e;
	size_t n, at;

	memset(res, 0, sizeof(*res));
	cx4i_err_init(&e);
	for (at = 0; at < in.len && res->code == CX4_OK; at += n) {
		n = in.len - at < chunk ? in.len - at : chunk;
		part = exact_copy(in.data + at, n);
		res->code = cx4i_walk_push(&t->w, part.data, n,
		    &res->trailing, &e);
		free((void *)(uintptr_t)part.data);
	}
	if (res->code == CX4_OK)
		res->code = cx4i_walk_finish(&t->w, &e);
	res->offset = e.offset;
	res->begins = t->begins;
	snprintf(res->why, sizeof(res->why), "%s", e.text);
	snprintf(res->text, sizeof(res->text), "%.*s", (int)t->text.len,
	    t->text.len > 0 ? (const char *)t->text.data : "");
	cx4i_buf_free(&t->text);
	cx4i_walk_free(&t->w);
}

static void
walk_hex(const char *hex, struct result *res)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct trace t;

	add_hex(&b, hex);
	trace_init(&t, NO_LIMIT);
	run(&t, cx4i_buf_slice(&b), b.len, res);
	cx4i_buf_free(&b);
}

static const struct good {
	const char *name;
	const char *hex;
	const char *want;
	int trailing;
} goods[] = {
	{ "what must be there", "30 06 020105 0101ff",
	    "<7 1=020105 8=0101ff 7>", 0 },
	{ "with a name", "30 09 020105 0c0141 0101ff",
	    "<7 1=020105 2=0c0141 8=0101ff 7>", 0 },
	{ "an empty set", "30 08 020105 3100 0101ff",
	    "<7 1=020105 <3 3> 8=0101ff 7>", 0 },
	{ "a set of three", "30 11 020105 3109 0500 3003020100 0400 0101ff",
	    "<7 1=020105 <3 3=0500 3=3003020100 3=0400 3> 8=0101ff 7>", 0 },
	{ "the group without inner", "30 0c 020105 a004 04026162 0101ff",
	    "<7 1=020105 <5 <4 4+6162 4> 5> 8=0101ff 7>", 0 },
	{ "the group with inner", "30 0e 020105 a006 0500 04026162 0101ff",
	    "<7 1=020105 <5 6=0500 <4 4+6162 4> 5> 8=0101ff 7>", 0 },
	{ "an empty string", "30 0a 020105 a002 0400 0101ff",
	    "<7 1=020105 <5 <4 4> 5> 8=0101ff 7>", 0 },
	{ "everything", "30 13 020105 0c0141 3102 0500 a004 04026162 0101ff",
	    "<7 1=020105 2=0c0141 <3 3=0500 3> <5 <4 4+6162 4> 5> "
	    "8=0101ff 7>", 0 },
	{ "indefinite lengths",
	    "30 80 020105 31 80 30 80 0500 0000 0000 a0 80 24 80 040161 "
	    "040162 0000 0000 0101ff 0000",
	    "<7 1=020105 <3 3=308005000000 3> <5 <4 4+6162 4> 5> "
	    "8=0101ff 7>", 0 },
	{ "a string in segments", "30 10 020105 a008 2406 040161 040162 "
	    "0101ff", "<7 1=020105 <5 <4 4+6162 4> 5> 8=0101ff 7>", 0 },
	{ "segments in segments", "30 12 020105 a00a 2408 2403040161 040162 "
	    "0101ff", "<7 1=020105 <5 <4 4+6162 4> 5> 8=0101ff 7>", 0 },
	{ "an empty constructed string", "30 0a 020105 a002 2400 0101ff",
	    "<7 1=020105 <5 <4 4> 5> 8=0101ff 7>", 0 },
	{ "lengths in long form", "30 82 0007 0281 0105 0101ff",
	    "<7 1=02810105 8=0101ff 7>", 0 },
	{ "octets that trail", "30 06 020105 0101ff 000102",
	    "<7 1=020105 8=0101ff 7>", 3 },
};

static void
test_good(void)
{
	struct result res;
	size_t i;

	for (i = 0; i < COUNT(goods); i++) {
		walk_hex(goods[i].hex, &res);
		is_int(res.code, CX4_OK, "%s", goods[i].name);
		is_str(res.text, goods[i].want, "its walk");
		is_int(res.trailing, goods[i].trailing, "what trails");
	}
}

static const struct bad {
	const char *name;
	const char *hex;
	int code;
	uint64_t offset;
	const char *why;	/* a part of the text */
} bads[] = {
	{ "another outermost", "31 06 020105 0101ff", CX4_E_STRUCTURE, 0,
	    "found tag 31 where outer" },
	{ "a primitive outermost", "02 01 05", CX4_E_STRUCTURE, 0,
	    "found tag 02 where outer" },
	{ "nothing inside", "30 00", CX4_E_STRUCTURE, 2, "number is missing" },
	{ "the first is missing", "30 03 0101ff", CX4_E_STRUCTURE, 2,
	    "found tag 01 where number" },
	{ "the last is missing", "30 03 020105", CX4_E_STRUCTURE, 5,
	    "last is missing" },
	{ "the last is missing, indefinite", "30 80 020105 0000",
	    CX4_E_STRUCTURE, 7, "last is missing" },
	{ "another in place of it", "30 06 020105 0400 00", CX4_E_STRUCTURE,
	    5, "found tag 04 where last" },
	{ "fields out of order", "30 0a 020105 3100 0c0141 0101ff",
	    CX4_E_STRUCTURE, 7, "found tag 0c where last" },
	{ "one twice", "30 0c 020105 0c0141 0c0142 0101ff", CX4_E_STRUCTURE,
	    8, "found tag 0c where last" },
	{ "one too many", "30 09 020105 0101ff 020105", CX4_E_STRUCTURE, 8,
	    "unexpected element with tag 02" },
	{ "the string is missing", "30 0a 020105 a002 0500 0101ff",
	    CX4_E_STRUCTURE, 9, "string is missing" },
	{ "an empty group", "30 08 020105 a000 0101ff", CX4_E_STRUCTURE, 7,
	    "string is missing" },
	{ "another in the group", "30 0a 020105 a002 0600 0101ff",
	    CX4_E_STRUCTURE, 7, "found tag 06 where string" },
	{ "something after the string", "30 0c 020105 a004 0400 0500 0101ff",
	    CX4_E_STRUCTURE, 9, "unexpected element with tag 05" },
	{ "a segment of another type", "30 0c 020105 a004 2402 0500 0101ff",
	    CX4_E_STRUCTURE, 9, "found tag 05 inside" },
	{ "a primitive set", "30 08 020105 1100 0101ff", CX4_E_STRUCTURE, 5,
	    "found tag 11 where last" },
	{ "an element beyond its parent", "30 06 020105 0102ff",
	    CX4_E_BER, 5, "exceeds" },
	{ "a bad header inside a set", "30 0a 020105 3104 1f800000 00",
	    CX4_E_BER, 8, "leading zero" },
	{ "cut", "30 06 020105 01", CX4_E_TRUNCATED, 6, "not whole" },
	{ "nothing at all", "", CX4_E_TRUNCATED, 0, "not whole" },
};

static void
test_bad(void)
{
	struct result res;
	size_t i;

	for (i = 0; i < COUNT(bads); i++) {
		walk_hex(bads[i].hex, &res);
		is_int(res.code, bads[i].code, "%s", bads[i].name);
		is_int(res.offset, bads[i].offset, "its offset");
		if (!ok(strstr(res.why, bads[i].why) != NULL, "its text"))
			note("%s", res.why);
	}
}

/* However it is cut, the walk is the same, and so is the error. */
static void
compare_splits(const char *hex, const char *name)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct result whole, cut;
	struct trace t;
	size_t chunk, wrong = 0;

	add_hex(&b, hex);
	walk_hex(hex, &whole);
	for (chunk = 1; chunk < b.len; chunk++) {
		trace_init(&t, NO_LIMIT);
		run(&t, cx4i_buf_slice(&b), chunk, &cut);
		if (cut.code == whole.code && cut.offset == whole.offset &&
		    cut.begins == whole.begins &&
		    strcmp(cut.text, whole.text) == 0 &&
		    strcmp(cut.why, whole.why) == 0 &&
		    (whole.code != CX4_OK || cut.trailing == whole.trailing))
			continue;
		wrong++;
		note("chunks of %zu: %s | %s", chunk, cut.text, cut.why);
	}
	is_int(wrong, 0, "in chunks of every size: %s", name);
	cx4i_buf_free(&b);
}

static void
test_splits(void)
{
	size_t i;

	for (i = 0; i < COUNT(goods); i++)
		compare_splits(goods[i].hex, goods[i].name);
	for (i = 0; i < COUNT(bads); i++)
		compare_splits(bads[i].hex, bads[i].name);
}

/* A string whose segments nest `depth` deep below it. */
static void
nested_string(struct cx4i_buf *b, int depth, int indefinite)
{
	struct cx4i_buf inner = { NULL, 0, 0 }, next = { NULL, 0, 0 };

	add_hex(&inner, "040178");
	for (; depth > 0; depth--) {
		add_hex(&next, "24");
		cx4i_buf_add_byte(&next, indefinite ? 0x80 :
		    (uint8_t)inner.len);
		cx4i_buf_add(&next, inner.data, inner.len);
		if (indefinite)
			add_hex(&next, "0000");
		cx4i_buf_free(&inner);
		inner = next;
		memset(&next, 0, sizeof(next));
	}
	add_hex(b, "3080 020105 a080");
	cx4i_buf_add(b, inner.data, inner.len);
	add_hex(b, "0000 0101ff 0000");
	cx4i_buf_free(&inner);
}

static void
test_string_depth(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct result res;
	struct trace t;
	int depth, indefinite;

	for (depth = 0; depth <= CX4I_STRING_DEPTH + 2; depth++)
		for (indefinite = 0; indefinite < 2; indefinite++) {
			cx4i_buf_free(&b);
			nested_string(&b, depth, indefinite);
			trace_init(&t, NO_LIMIT);
			run(&t, cx4i_buf_slice(&b), 3, &res);
			if (depth <= CX4I_STRING_DEPTH) {
				is_int(res.code, CX4_OK, "%d deep", depth);
				is_str(res.text, "<7 1=020105 <5 <4 4+78 4> "
				    "5> 8=0101ff 7>", "its walk");
				continue;
			}
			is_int(res.code, CX4_E_STRUCTURE, "%d deep", depth);
			is_int(res.offset, 7 + 2 * (CX4I_STRING_DEPTH + 1),
			    "at the segment that is too deep");
		}
	cx4i_buf_free(&b);
}

/* The limit counts all fields that were held, and is refused beforehand. */
static void
test_held(void)
{
	/* 3 + 3 + 5 + 2 + 3 octets are held, of the set its elements. */
	static const char hex[] =
	    "30 16 020105 0c0141 3107 0403616263 0500 a002 0400 0101ff";
	static const struct {
		size_t limit;
		int code;
		uint64_t offset;
	} cases[] = {
		{ 17, CX4_OK, UINT64_MAX },
		{ 16, CX4_OK, UINT64_MAX },
		{ 15, CX4_E_LIMIT_HEAD, 21 },
		{ 13, CX4_E_LIMIT_HEAD, 21 },
		{ 12, CX4_E_LIMIT_HEAD, 15 },
		{ 11, CX4_E_LIMIT_HEAD, 15 },
		{ 10, CX4_E_LIMIT_HEAD, 10 },
		{ 5, CX4_E_LIMIT_HEAD, 5 },
		{ 2, CX4_E_LIMIT_HEAD, 2 },
		{ 0, CX4_E_LIMIT_HEAD, 2 },
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	struct result res;
	struct trace t;
	size_t i, chunk;

	add_hex(&b, hex);
	for (i = 0; i < COUNT(cases); i++)
		for (chunk = 1; chunk <= b.len; chunk += b.len - 1) {
			trace_init(&t, cases[i].limit);
			run(&t, cx4i_buf_slice(&b), chunk, &res);
			is_int(res.code, cases[i].code,
			    "at most %zu octets held, chunks of %zu",
			    cases[i].limit, chunk);
			ok(res.code == CX4_OK ||
			    (res.offset >= cases[i].offset &&
			    res.offset <= cases[i].offset + 2),
			    "at offset %llu",
			    (unsigned long long)res.offset);
		}
	cx4i_buf_free(&b);
}

/* A huge length is refused by its header; nothing waits for the octets. */
static void
test_huge(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct trace t;
	uint64_t trailing = 0;
	cx4_error e;

	cx4i_err_init(&e);
	trace_init(&t, NO_LIMIT);
	add_hex(&b, "3080 0288 7fffffffffffff00");
	is_int(cx4i_walk_push(&t.w, b.data, b.len, &trailing, &e),
	    CX4_E_LIMIT_HEAD, "a field of nearly 2^63 octets");
	is_int(t.w.hold.len, 0, "of which none is held");
	cx4i_walk_free(&t.w);
	cx4i_buf_free(&t.text);
	cx4i_buf_free(&b);
	cx4i_err_clear(&e);
}

static void
test_callbacks_fail(void)
{
	static const int ids[] = {
		NUMBER, NAME, SET, STRING, 100 + STRING, GROUP, OUTER, LAST
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	struct result res;
	struct trace t;
	size_t i;

	add_hex(&b, "30 13 020105 0c0141 3102 0500 a004 04026162 0101ff");
	for (i = 0; i < COUNT(ids); i++) {
		trace_init(&t, NO_LIMIT);
		t.fail_id = ids[i];
		run(&t, cx4i_buf_slice(&b), 4, &res);
		is_int(res.code, CX4_E_NO_KEY, "what a callback for %d says",
		    ids[i]);
	}
	cx4i_buf_free(&b);
}

/*
 * Another table from the number on: its level 0 is where the number stands,
 * and the SEQUENCE around is no concern of it, nor is what it misses.
 */
static void
test_switch(void)
{
	static const struct {
		const char *hex;
		int code;
		const char *want;
	} cases[] = {
		{ "30 03 020105", CX4_OK, "<7 1=020105" },
		{ "30 06 020105 040161", CX4_OK, "<7 1=020105 4=040161" },
		{ "30 80 020105 0000", CX4_OK, "<7 1=020105" },
		{ "30 06 020105 0c0161", CX4_E_STRUCTURE, "<7 1=020105" },
		{ "30 08 020105 040161 0500", CX4_E_STRUCTURE,
		    "<7 1=020105 4=040161" },
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	struct result res;
	struct trace t;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		cx4i_buf_free(&b);
		add_hex(&b, cases[i].hex);
		trace_init(&t, NO_LIMIT);
		t.switch_at = 1;
		run(&t, cx4i_buf_slice(&b), 2, &res);
		is_int(res.code, cases[i].code, "switched: %s", cases[i].hex);
		is_str(res.text, cases[i].want, "its walk");
	}
	cx4i_buf_free(&b);
}

/* Elements outside of the base of the table are not expected at all. */
static void
test_base(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct result res;
	struct trace t;

	add_hex(&b, "30 03 020105");
	trace_init(&t, NO_LIMIT);
	cx4i_walk_switch(&t.w, other, COUNT(other), 1, 0);
	run(&t, cx4i_buf_slice(&b), 5, &res);
	is_int(res.code, CX4_E_STRUCTURE, "an element above the base");
	is_int(res.offset, 0, "where it begins");
	cx4i_buf_free(&b);
}

int
main(void)
{
	test_good();
	test_bad();
	test_splits();
	test_string_depth();
	test_held();
	test_huge();
	test_callbacks_fail();
	test_switch();
	test_base();
	return done_testing();
}
