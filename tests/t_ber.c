/*
 * t_ber.c - the incremental BER reader: the same events, offsets and errors
 * however the octets are cut.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>

#include "../libcmsx400/encoding/ber.h"
#include "octets.h"
#include "tap.h"

/*
 * A trace has a word per event:
 *	<offset:ident#number/length  BEGIN, "*" for an indefinite length
 *	=offset:octets               DATA, chunks in a row put together
 *	>offset                      END
 *	!name@offset                 an error; "." if all went well
 */
static const struct sample {
	const char *hex;
	const char *trace;
} samples[] = {
	{ "0500", "<0:05#5/0 >2 ." },
	{ "0403 010203", "<0:04#4/3 =2:010203 >5 ." },
	{ "3003 020105", "<0:30#16/3 <2:02#2/1 =4:05 >5 >5 ." },
	{ "3000", "<0:30#16/0 >2 ." },
	{ "3080 0000", "<0:30#16/* >4 ." },
	{ "3080 3000 0000", "<0:30#16/* <2:30#16/0 >4 >6 ." },
	{ "3080 0400 0401aa 0000",
	    "<0:30#16/* <2:04#4/0 >4 <4:04#4/1 =6:aa >7 >9 ." },
	{ "2480 2480 0401aa 0000 0401bb 0000",
	    "<0:24#4/* <2:24#4/* <4:04#4/1 =6:aa >7 >9 "
	    "<9:04#4/1 =11:bb >12 >14 ." },
	{ "3007 3080 0401aa 0000",
	    "<0:30#16/7 <2:30#16/* <4:04#4/1 =6:aa >7 >9 >9 ." },
	{ "300a 3080 3080 0000 0000 0500",
	    "<0:30#16/10 <2:30#16/* <4:30#16/* >8 >10 <10:05#5/0 >12 "
	    ">12 ." },
	{ "3080 3004 3080 0000 0500 0000",
	    "<0:30#16/* <2:30#16/4 <4:30#16/* >8 >8 <8:05#5/0 >10 >12 ." },
	/* Lengths longer than they need be are BER. */
	{ "048800000000000000 01aa", "<0:04#4/1 =10:aa >11 ." },
	{ "308103 0481 00", "<0:30#16/3 <3:04#4/0 >6 >6 ." },
	/* Tag numbers in the long form. */
	{ "1f1f00", "<0:1f#31/0 >3 ." },
	{ "bf8148 02 0500", "<0:bf#200/2 <4:05#5/0 >6 >6 ." },
	{ "dfffffff7f 01aa", "<0:df#268435455/1 =6:aa >7 ." },
	{ "bfffffff7f 80 0000", "<0:bf#268435455/* >8 ." },
	{ "7f8101 880000000000000002 0500",
	    "<0:7f#129/2 <12:05#5/0 >14 >14 ." },

	{ "", "!truncated@0" },
	{ "3003 0201", "<0:30#16/3 <2:02#2/1 !truncated@4" },
	{ "3080", "<0:30#16/* !truncated@2" },
	{ "3080 00", "<0:30#16/* !truncated@3" },
	{ "04860100 00000000 aabb",
	    "<0:04#4/1099511627776 =8:aabb !truncated@10" },
	{ "0488ffffffff fffffff5 aa",
	    "<0:04#4/18446744073709551605 =10:aa !truncated@11" },

	/* End-of-contents octets have one place only. */
	{ "0000", "!ber@0" },
	{ "2000", "!ber@0" },
	{ "3002 0000", "<0:30#16/2 !ber@2" },
	{ "3080 0001 00", "<0:30#16/* !ber@3" },
	{ "3080 008100", "<0:30#16/* !ber@3" },
	{ "3080 2000 0000", "<0:30#16/* !ber@2" },
	{ "3080 3002 0000 0000", "<0:30#16/* <2:30#16/2 !ber@4" },
	/* Identifier and length octets. */
	{ "1f8001 00", "!ber@1" },
	{ "1f1e00", "!ber@1" },
	{ "1f0500", "!ber@1" },
	{ "3080 1f0000", "<0:30#16/* !ber@3" },
	{ "bfffffffff7f 00", "!ber@4" },
	{ "0480", "!ber@1" },
	{ "3080 0480", "<0:30#16/* !ber@3" },
	{ "04ff*20", "!ber@1" },
	{ "30ff*20", "!ber@1" },
	{ "0489 00*8 01aa", "!ber@1" },
	{ "04fe 00*130", "!ber@1" },
	/* Nothing passes the end of what is around it. */
	{ "3001 04", "<0:30#16/1 !ber@2" },
	{ "3002 0481 00", "<0:30#16/2 !ber@2" },
	{ "3002 1f8148", "<0:30#16/2 !ber@2" },
	{ "3003 0402 aabb", "<0:30#16/3 !ber@2" },
	{ "3005 0401aa 0401 bb", "<0:30#16/5 <2:04#4/1 =4:aa >5 !ber@5" },
	{ "3006 3080 0403 aabbcc", "<0:30#16/6 <2:30#16/* !ber@4" },
	{ "3008 3080 3080 0403 aabbcc",
	    "<0:30#16/8 <2:30#16/* <4:30#16/* !ber@6" },
	{ "3008 3004 3080 0401 aa",
	    "<0:30#16/8 <2:30#16/4 <4:30#16/* !ber@6" },
	{ "3004 3080 0500 0000",
	    "<0:30#16/4 <2:30#16/* <4:05#5/0 >6 !ber@6" },
	{ "3002 3080 0000", "<0:30#16/2 <2:30#16/* !ber@4" },
	{ "3005 3080 0500 00 00",
	    "<0:30#16/5 <2:30#16/* <4:05#5/0 >6 !ber@6" },
	{ "3007 3080 3080 0000 00 0000",
	    "<0:30#16/7 <2:30#16/* <4:30#16/* >8 !ber@8" },
	{ "0488ffffffff ffffffff", "!ber@0" },
	{ "0488ffffffff fffffff6", "!ber@0" },
	{ "3080 0488ffffffff fffffff3 aa",
	    "<0:30#16/* <2:04#4/18446744073709551603 =12:aa "
	    "!truncated@13" },
	{ "3080 0488ffffffff fffffff4", "<0:30#16/* !ber@2" },
};

#define N_SAMPLES (sizeof(samples) / sizeof(samples[0]))

struct tracer {
	struct cx4i_buf text;
	int in_data;		/* the last word is one of data */
	uint64_t next;		/* offset that the next data must have */
	int sound;		/* every event had the fields it should */
};

static void
say(struct tracer *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(struct tracer *t, const char *fmt, ...)
{
	char word[120];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(word, sizeof(word), fmt, ap);
	va_end(ap);
	if (n < 0 || cx4i_buf_add(&t->text, word, (size_t)n) != 0)
		abort();
}

static void
trace_data(struct tracer *t, const struct cx4i_ber_event *ev)
{
	size_t i;

	if (!t->in_data)
		say(t, "=%" PRIu64 ":", ev->offset);
	else if (ev->offset != t->next)
		t->sound = 0;
	if (ev->len == 0)
		t->sound = 0;
	for (i = 0; i < ev->len; i++)
		say(t, "%02x", ev->data[i]);
	t->in_data = 1;
	t->next = ev->offset + ev->len;
}

static void
trace_event(struct tracer *t, const struct cx4i_ber_event *ev)
{
	if (ev->kind == CX4I_BER_DATA) {
		trace_data(t, ev);
		return;
	}
	if (t->in_data)
		say(t, " ");
	t->in_data = 0;
	if (ev->kind == CX4I_BER_END) {
		say(t, ">%" PRIu64 " ", ev->offset);
		return;
	}
	say(t, "<%" PRIu64 ":%02x#%" PRIu32 "/", ev->offset, ev->ident,
	    ev->number);
	if (ev->indefinite)
		say(t, "* ");
	else
		say(t, "%" PRIu64 " ", ev->length);
	if (ev->len < 2 || ev->data[0] != ev->ident)
		t->sound = 0;
}

static void
trace_end(struct tracer *t, int code, cx4_error *e)
{
	if (t->in_data)
		say(t, " ");
	if (code == CX4_OK)
		say(t, ".");
	else
		say(t, "!%s@%" PRIu64, cx4_code_name(code), e->offset);
	if (code != e->code)
		t->sound = 0;
	if (cx4i_buf_add_byte(&t->text, '\0') != 0)
		abort();
}

/* Octets in the next chunk: `chunk`, or if 0 a number by chance. */
static size_t
chunk_size(size_t chunk, size_t left, uint64_t *seed)
{
	size_t n = chunk != 0 ? chunk : next_random(seed) % 5;

	return n < left ? n : left;
}

/* Push a chunk that lies alone in memory; the code. */
static int
trace_chunk(struct tracer *t, struct cx4i_ber *r, struct cx4i_slice chunk,
    cx4_error *e)
{
	const uint8_t *p = chunk.data;
	size_t n = chunk.len;
	struct cx4i_ber_event ev;
	int code;

	while ((code = cx4i_ber_next(r, &p, &n, &ev, e)) == CX4_OK &&
	    ev.kind != CX4I_BER_MORE) {
		/* Data is lent from the chunk, not copied. */
		if (ev.kind == CX4I_BER_DATA && ev.data + ev.len != p)
			t->sound = 0;
		trace_event(t, &ev);
	}
	if (code == CX4_OK && n > 0 && !r->done)
		t->sound = 0;
	return code;
}

/* The trace of some octets pushed in chunks; for the caller to free. */
static char *
trace(struct cx4i_slice in, size_t chunk, int *sound)
{
	struct tracer t = { { NULL, 0, 0 }, 0, 0, 1 };
	struct cx4i_slice piece;
	struct cx4i_ber r;
	size_t at = 0, n;
	uint64_t seed = in.len;
	cx4_error e;
	int code = CX4_OK;

	cx4i_err_init(&e);
	cx4i_ber_init(&r);
	while (code == CX4_OK && at < in.len) {
		n = chunk_size(chunk, in.len - at, &seed);
		piece = exact_copy(in.data + at, n);
		code = trace_chunk(&t, &r, piece, &e);
		free((void *)(uintptr_t)piece.data);
		at += n;
	}
	if (code == CX4_OK)
		code = cx4i_ber_finish(&r, &e);
	else if (cx4i_ber_finish(&r, NULL) != code)
		t.sound = 0;
	trace_end(&t, code, &e);
	if (sound != NULL)
		*sound = t.sound;
	cx4i_err_clear(&e);
	return (char *)t.text.data;
}

static void
test_samples(void)
{
	static const size_t chunks[] = { 1000, 1, 2, 3, 5, 7, 0 };
	struct cx4i_buf b = { NULL, 0, 0 };
	size_t i, j;
	char *got;
	int sound;

	for (i = 0; i < N_SAMPLES; i++) {
		add_hex(&b, samples[i].hex);
		for (j = 0; j < sizeof(chunks) / sizeof(chunks[0]); j++) {
			got = trace(cx4i_buf_slice(&b), chunks[j], &sound);
			is_str(got, samples[i].trace, "%s in chunks of %zu",
			    samples[i].hex, chunks[j]);
			ok(sound, "%s in chunks of %zu: events are sound",
			    samples[i].hex, chunks[j]);
			free(got);
		}
		cx4i_buf_reset(&b);
	}
	cx4i_buf_free(&b);
}

/* A prefix has the events of the whole as far as it goes. */
static int
prefix_agrees(struct cx4i_slice in, size_t len, const char *whole)
{
	struct cx4i_slice prefix = { in.data, len };
	char *got = trace(prefix, 1000, NULL), *end;
	char want[40];
	int good;

	snprintf(want, sizeof(want), "!truncated@%zu", len);
	end = strchr(got, '!');
	good = strcmp(got, whole) == 0;
	if (!good && end != NULL && strcmp(end, want) == 0) {
		while (end > got && end[-1] == ' ')
			end--;
		good = strncmp(got, whole, (size_t)(end - got)) == 0;
	}
	if (!good)
		note("prefix of %zu: %s", len, got);
	free(got);
	return good;
}

static void
test_truncation(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	size_t i, len;
	int good;

	for (i = 0; i < N_SAMPLES; i++) {
		add_hex(&b, samples[i].hex);
		good = 1;
		for (len = 0; len < b.len; len++)
			good &= prefix_agrees(cx4i_buf_slice(&b), len,
			    samples[i].trace);
		ok(good, "%s: every prefix is truncated", samples[i].hex);
		cx4i_buf_reset(&b);
	}
	cx4i_buf_free(&b);
}

/*
 * Another reader to compare with: whole in memory, and recursive. Octets of
 * the element at the front, 0 if it is malformed or not whole.
 */
static size_t
reference(const uint8_t *p, size_t n, int depth)
{
	size_t at = 1, len = 0, child, start, i;
	int indefinite;

	if (n < 2 || depth >= CX4I_BER_DEPTH || (p[0] & ~0x20) == 0)
		return 0;
	if ((p[0] & 0x1f) == 0x1f) {
		if (p[1] == 0x80 || p[1] < 0x1f)
			return 0;
		while (at < n && p[at] & 0x80)
			if (++at > 4)
				return 0;
		if (++at >= n)
			return 0;
	}
	indefinite = p[at] == 0x80;
	if (p[at] < 0x80) {
		len = p[at];
	} else if (!indefinite) {
		if ((i = p[at] & 0x7f) > 8 || n - at <= i)
			return 0;
		for (; i > 0; i--) {
			if (len >> 24 != 0)
				return 0;
			len = len << 8 | p[++at];
		}
	}
	at++;
	if (indefinite)
		len = n - at;
	if (len > n - at || (indefinite && (p[0] & 0x20) == 0))
		return 0;
	if ((p[0] & 0x20) == 0)
		return at + len;
	for (start = at; at < start + len; at += child) {
		if (indefinite && start + len - at >= 2 && p[at] == 0 &&
		    p[at + 1] == 0)
			return at + 2;
		if ((child = reference(p + at, start + len - at,
		    depth + 1)) == 0)
			return 0;
	}
	return indefinite ? 0 : at;
}

/* Octets that often make sense as BER. */
static void
random_ber(uint8_t *out, size_t len, uint64_t *seed)
{
	static const uint8_t likely[] = {
		0x30, 0x80, 0x00, 0x00, 0x04, 0x01, 0x02, 0x03, 0x05, 0x00,
		0x30, 0x80, 0x00, 0x00, 0x24, 0x80, 0xa0, 0x06, 0x81, 0x82,
		0x1f, 0x1f, 0xbf, 0x08, 0x0a, 0x30, 0x31, 0x0c
	};
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = next_random(seed) % 50 == 0 ?
		    (uint8_t)next_random(seed) :
		    likely[next_random(seed) % sizeof(likely)];
}

static void
test_random(void)
{
	uint64_t seed = 3854;
	uint8_t octets[24];
	struct cx4i_slice in = { octets, 0 };
	char *whole, *single, *some;
	size_t want;
	int i, same = 0, sound, right = 0, accepted = 0;
	const int rounds = 60000;

	for (i = 0; i < rounds; i++) {
		in.len = 1 + next_random(&seed) % sizeof(octets);
		random_ber(octets, in.len, &seed);
		whole = trace(in, 1000, &sound);
		single = trace(in, 1, NULL);
		some = trace(in, 0, NULL);
		same += sound && strcmp(whole, single) == 0 &&
		    strcmp(whole, some) == 0;
		want = reference(octets, in.len, 0);
		right += (strchr(whole, '!') == NULL) == (want > 0);
		accepted += want > 0;
		free(whole);
		free(single);
		free(some);
	}
	is_int(same, rounds, "random octets: chunks make no difference");
	is_int(right, rounds, "random octets: accepted as by the reference");
	ok(accepted > rounds / 50, "%d of them are BER", accepted);
}

static void
test_trailing(void)
{
	static const uint8_t octets[] = { 0x30, 0x80, 0, 0, 0x05, 0x00 };
	const uint8_t *p = octets;
	size_t n = sizeof(octets);
	struct cx4i_ber_event ev;
	struct cx4i_ber r;
	cx4_error e;

	cx4i_err_init(&e);
	cx4i_ber_init(&r);
	cx4i_ber_next(&r, &p, &n, &ev, &e);
	is_int(ev.kind, CX4I_BER_BEGIN, "the element begins");
	is_int(ev.depth, 0, "at depth 0");
	is_mem(ev.data, ev.len, octets, 2, "with its header");
	cx4i_ber_next(&r, &p, &n, &ev, &e);
	is_int(ev.kind, CX4I_BER_END, "the element ends");
	is_int(cx4i_ber_next(&r, &p, &n, &ev, &e), CX4_OK, "then");
	is_int(ev.kind, CX4I_BER_MORE, "nothing more happens");
	is_int(ev.offset, 4, "after four octets");
	ok(n == 2 && p == octets + 4, "what trails is not taken");
	is_int(cx4i_ber_finish(&r, &e), CX4_OK, "and the element is whole");
}

/* A tebioctet that is one element, passed through without a copy. */
static void
test_huge(void)
{
	enum { CHUNK = 1 << 24 };
	static const uint8_t header[] = {
		0x30, 0x80, 0x04, 0x86, 1, 0, 0, 0, 0, 0
	};
	static const uint8_t end[] = { 0, 0 };
	const uint64_t size = UINT64_C(1) << 40;
	struct cx4i_ber_event ev;
	struct cx4i_ber r;
	const uint8_t *p = header;
	uint8_t *chunk;
	size_t n = sizeof(header);
	uint64_t i;
	int good = 1;

	if ((chunk = calloc(1, CHUNK)) == NULL)
		abort();
	cx4i_ber_init(&r);
	cx4i_ber_next(&r, &p, &n, &ev, NULL);
	cx4i_ber_next(&r, &p, &n, &ev, NULL);
	ok(ev.length == size && ev.depth == 1, "a length of 2^40");
	for (i = 0; i < size / CHUNK; i++) {
		p = chunk;
		n = CHUNK;
		good &= cx4i_ber_next(&r, &p, &n, &ev, NULL) == CX4_OK &&
		    ev.kind == CX4I_BER_DATA && ev.data == chunk &&
		    ev.len == CHUNK && ev.offset == 10 + i * CHUNK;
	}
	ok(good, "2^40 octets pass through where they lie");
	p = end;
	n = sizeof(end);
	cx4i_ber_next(&r, &p, &n, &ev, NULL);
	ok(ev.kind == CX4I_BER_END && ev.offset == size + 10, "they end");
	cx4i_ber_next(&r, &p, &n, &ev, NULL);
	ok(ev.kind == CX4I_BER_END && ev.offset == size + 12, "all ends");
	is_int(cx4i_ber_finish(&r, NULL), CX4_OK, "and is whole");
	free(chunk);
}

/* `depth` elements within each other, the innermost empty. */
static void
add_nested(struct cx4i_buf *b, size_t depth, int indefinite)
{
	size_t i;

	for (i = 0; i < depth; i++) {
		cx4i_buf_add_byte(b, 0x30);
		cx4i_buf_add_byte(b, indefinite ? 0x80 :
		    (uint8_t)(2 * (depth - 1 - i)));
	}
	for (i = 0; indefinite && i < depth; i++)
		cx4i_buf_add(b, "\0", 2);
}

static void
check_nested(size_t depth, int indefinite, const char *want)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	char *got, *end;

	add_nested(&b, depth, indefinite);
	got = trace(cx4i_buf_slice(&b), 1000, NULL);
	end = strrchr(got, ' ');
	is_str(end != NULL ? end + 1 : got, want, "%zu deep, %s", depth,
	    indefinite ? "indefinite" : "definite");
	free(got);
	cx4i_buf_free(&b);
}

static void
test_depth(void)
{
	check_nested(CX4I_BER_DEPTH, 0, ".");
	check_nested(CX4I_BER_DEPTH - 1, 1, ".");
	check_nested(CX4I_BER_DEPTH, 1, ".");
	/* At the header that is one too many. */
	check_nested(CX4I_BER_DEPTH + 1, 1, "!ber@128");
	check_nested(200000, 1, "!ber@128");
}

struct capture {
	int which;		/* the BEGIN at which to capture */
	size_t limit;
	size_t chunk;
	/* What came of it. */
	struct cx4i_buf buf;
	uint64_t begin, end;
	int strange;		/* events that should not have come */
	int code;
	uint64_t offset;	/* of the error */
};

static int
capture_event(struct capture *c, struct cx4i_ber *r,
    const struct cx4i_ber_event *ev, cx4_error *e)
{
	if (c->begin != CX4I_NO_OFFSET && c->end == CX4I_NO_OFFSET) {
		c->end = ev->offset;
		c->strange += ev->kind != CX4I_BER_END;
	}
	if (ev->kind != CX4I_BER_BEGIN || c->which-- != 0)
		return CX4_OK;
	c->begin = ev->offset;
	return cx4i_ber_capture(r, ev, &c->buf, c->limit, e);
}

static void
run_capture(struct capture *c, struct cx4i_slice in)
{
	struct cx4i_ber_event ev;
	struct cx4i_ber r;
	const uint8_t *p = in.data;
	size_t n = 0, left = in.len;
	uint64_t seed = in.len;
	cx4_error e;

	cx4i_err_init(&e);
	cx4i_ber_init(&r);
	c->begin = c->end = CX4I_NO_OFFSET;
	c->code = CX4_OK;
	while (c->code == CX4_OK && (left > 0 || n > 0)) {
		if (n == 0) {
			n = chunk_size(c->chunk, left, &seed);
			left -= n;
		}
		do {
			c->code = cx4i_ber_next(&r, &p, &n, &ev, &e);
			if (c->code == CX4_OK && ev.kind != CX4I_BER_MORE)
				c->code = capture_event(c, &r, &ev, &e);
		} while (c->code == CX4_OK && ev.kind != CX4I_BER_MORE);
	}
	if (c->code == CX4_OK)
		c->code = cx4i_ber_finish(&r, &e);
	c->offset = e.offset;
	cx4i_err_clear(&e);
}

/* Capture element number `which` with a limit `more` than what it needs. */
static void
check_capture(struct cx4i_slice in, int which, size_t size, int more)
{
	static const size_t chunks[] = { 1000, 1, 2, 3, 0 };
	uint64_t offset = 0;
	struct capture c;
	size_t i;
	int good = 1;

	for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		memset(&c, 0, sizeof(c));
		c.which = which;
		c.chunk = chunks[i];
		/* What is in the buffer already counts as well. */
		cx4i_buf_add(&c.buf, "here", 4);
		c.limit = size + 4 + (size_t)more;
		run_capture(&c, in);
		if (i == 0)
			offset = c.offset;
		good &= !c.strange && c.offset == offset;
		if (more < 0)
			good &= c.code == CX4_E_LIMIT_HEAD &&
			    c.offset != CX4I_NO_OFFSET &&
			    c.buf.len <= c.limit;
		else
			good &= c.code == CX4_OK && c.buf.len == size + 4 &&
			    c.end - c.begin == size && memcmp(c.buf.data + 4,
			    in.data + c.begin, size) == 0;
		cx4i_buf_free(&c.buf);
	}
	ok(good, "element %d of %zu octets captured, limit %+d", which, size,
	    more);
}

static void
test_capture(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct capture c;
	size_t i, size;
	int which, more, done = 0;

	for (i = 0; i < N_SAMPLES; i++) {
		if (strchr(samples[i].trace, '!') != NULL)
			continue;
		add_hex(&b, samples[i].hex);
		for (which = 0; ; which++) {
			memset(&c, 0, sizeof(c));
			c.which = which;
			c.limit = c.chunk = 1000;
			run_capture(&c, cx4i_buf_slice(&b));
			size = c.buf.len;
			cx4i_buf_free(&c.buf);
			if (c.begin == CX4I_NO_OFFSET)
				break;
			for (more = -1; more <= 1; more++)
				check_capture(cx4i_buf_slice(&b), which,
				    size, more);
			done++;
		}
		cx4i_buf_reset(&b);
	}
	cx4i_buf_free(&b);
	ok(done > (int)(N_SAMPLES / 4), "%d elements were captured", done);
}

/* A captured element is checked like any other. */
static void
test_capture_errors(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct capture c;
	char *plain, want[60];
	size_t i, chunk;
	int good;

	for (i = 0; i < N_SAMPLES; i++) {
		if (samples[i].trace[0] == '!')
			continue;
		add_hex(&b, samples[i].hex);
		plain = trace(cx4i_buf_slice(&b), 1000, NULL);
		good = 1;
		for (chunk = 0; chunk < 4; chunk++) {
			memset(&c, 0, sizeof(c));
			c.chunk = chunk;
			/* Sizes that no limit allows are another matter. */
			c.limit = SIZE_MAX;
			run_capture(&c, cx4i_buf_slice(&b));
			snprintf(want, sizeof(want), "!%s@%" PRIu64,
			    cx4_code_name(c.code), c.offset);
			good &= c.code == CX4_OK ?
			    strchr(plain, '!') == NULL :
			    strcmp(strchr(plain, '!'), want) == 0;
			cx4i_buf_free(&c.buf);
		}
		ok(good, "%s: the same when captured", samples[i].hex);
		free(plain);
		cx4i_buf_reset(&b);
	}
	cx4i_buf_free(&b);
}

/* A length that is only claimed is refused before it arrives. */
static void
test_capture_claim(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct capture c;

	add_hex(&b, "3080 3080 0500 04860100 00000000 aa");
	memset(&c, 0, sizeof(c));
	c.which = 1;
	c.chunk = 1;
	c.limit = 1 << 20;
	run_capture(&c, cx4i_buf_slice(&b));
	is_int(c.code, CX4_E_LIMIT_HEAD, "2^40 octets claimed: the limit");
	is_int(c.offset, 6, "at the element that claims them");
	ok(c.buf.cap <= 64, "and no memory is taken for them");
	cx4i_buf_free(&c.buf);
	cx4i_buf_free(&b);
}

int
main(void)
{
	test_samples();
	test_truncation();
	test_random();
	test_trailing();
	test_huge();
	test_depth();
	test_capture();
	test_capture_errors();
	test_capture_claim();
	return done_testing();
}
