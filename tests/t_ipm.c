/*
 * t_ipm.c - messages from cx4_content_new: their octets, and what they say
 * when they are read again.
 *
 * SPDX-License-Identifier: ISC
 */

#include "../libcmsx400/encoding/der.h"
#include "../libcmsx400/encoding/oid.h"
#include "../libcmsx400/x400/heading.h"
#include "tap.h"

#define P2 "2.6.1.10.0"
#define P22 "2.6.1.10.1"
#define P772 "1.3.26.0.4406.0.4.1"

#define EGGEN "S=Eggen; O=Sund; P=norprmd; A=noradmd; C=NO"
#define HANSEN "S=Hansen; O=Sund; P=norprmd; A=noradmd; C=NO"
#define COMMON "CN=Kystvakt; O=Sund; P=norprmd; A=noradmd; C=NO"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ia5-text, "Hello", CR LF, "there", in a body of one part. */
static const char hello[] =
    "\x30\x12\xa0\x10\x31\x00\x16\x0c" "Hello\r\nthere";

/* [15] { SEQUENCE { primary-precedence, 1 } } */
static const char routine[] =
    "\xaf\x0f\x30\x0d\x06\x08\x2b\x1a\x00\xa2\x36\x00\x02\x00\x02\x01\x01";

static cx4_address *
address(cx4_ctx *ctx, const char *text)
{
	cx4_address *a = NULL;
	char why[200] = "";

	if (cx4_address_from_text(ctx, text, &a, why, sizeof(why)) != CX4_OK)
		note("%s: %s", text, why);
	return a;
}

static int64_t
fixed_clock(void *arg)
{
	(void)arg;
	return 1700000000;
}

static struct cx4i_heading *
read_again(cx4_ctx *ctx, const char *oid, const unsigned char *der,
    size_t len)
{
	struct cx4i_heading *h = cx4i_heading_new(ctx, oid);

	cx4i_heading_push(h, der, len);
	cx4i_heading_finish(h);
	return h;
}

static int
holds(const unsigned char *der, size_t len, const char *part, size_t n)
{
	size_t i;

	for (i = 0; i + n <= len; i++)
		if (memcmp(der + i, part, n) == 0)
			return 1;
	return 0;
}

/* Definite lengths in their shortest form, and nothing behind. */
static int
is_definite(const unsigned char *der, size_t len)
{
	struct cx4i_slice in = { der, len };
	struct cx4i_buf plain = { NULL, 0, 0 };
	size_t used;
	int same;

	same = cx4i_tlv_definite(in, &plain, &used) == 0 && used == len &&
	    plain.len == len && memcmp(plain.data, der, len) == 0;
	cx4i_buf_free(&plain);
	return same;
}

/* The members of the heading come in the order of their tags. */
static int
is_sorted(const unsigned char *der, size_t len)
{
	struct cx4i_slice in = { der, len };
	struct cx4i_tlv e;
	uint8_t last = 0;

	if (cx4i_tlv_expect(&in, CX4I_CONTEXT_C(0), &e) != 0)
		return 0;
	in = e.body;
	if (cx4i_tlv_expect(&in, CX4I_SET, &e) != 0)
		return 0;
	in = e.body;
	while (cx4i_tlv_next(&in, &e) == 1) {
		if (e.ident <= last)
			return 0;
		last = e.ident;
	}
	return in.len == 0;
}

static void
try_round_trip(cx4_ctx *ctx, const char *type, const char *oid)
{
	cx4_address *eggen = address(ctx, EGGEN);
	const cx4_address *to[2];
	cx4_address *hansen = address(ctx, HANSEN);
	struct cx4i_heading *h;
	unsigned char *der;
	const char *id;
	size_t len, n;

	to[0] = hansen;
	to[1] = eggen;
	is_int(cx4_content_new(ctx, type, eggen, to, 2, "Harbour plans",
	    "Hello\nthere", &der, &len), CX4_OK, "%s: made", type);
	ok(is_definite(der, len), "%s: definite lengths", type);
	ok(is_sorted(der, len), "%s: members in order", type);
	n = sizeof(hello) - 1;
	ok(len > n && memcmp(der + len - n, hello, n) == 0,
	    "%s: ends in the body", type);
	is_int(holds(der, len, routine, sizeof(routine) - 1),
	    strcmp(oid, P772) == 0, "%s: precedence if military", type);
	h = read_again(ctx, oid, der, len);
	is_int(cx4i_heading_state(h), CX4I_HEADING_READ, "%s: read", type);
	is_int(cx4i_heading_is_notification(h), 0, "%s: a message", type);
	ok(cx4i_heading_originator(h) != NULL &&
	    cx4_address_equal(cx4i_heading_originator(h), eggen),
	    "%s: originator", type);
	is_str(cx4i_heading_subject(h), "Harbour plans", "%s: subject", type);
	is_int(cx4i_heading_recipients(h), 2, "%s: recipients", type);
	is_str(cx4i_heading_recipient(h, 0, NULL), HANSEN, "%s: first", type);
	is_str(cx4i_heading_recipient(h, 1, NULL), EGGEN, "%s: second", type);
	id = cx4i_heading_message_id(h);
	ok(id != NULL && strncmp(id, "1700000000-", 11) == 0 &&
	    strcmp(id + 27, "*/S=Eggen/O=Sund/PRMD=norprmd/ADMD=noradmd/C=NO/")
	    == 0, "%s: identifier %s", type, id != NULL ? id : "none");
	cx4i_heading_free(&h);
	cx4_free(der);
	cx4_address_free(&eggen);
	cx4_address_free(&hansen);
}

/* Characters outside ASCII come back; a backslash is shown escaped. */
static void
try_subjects(cx4_ctx *ctx)
{
	static const char *const cases[][2] = {
		{ "", "" }, { "#$^~", "#$^~" }, { "a\\b", "a\\x5Cb" },
		{ "Bl\xc3\xa5 \xc3\x98y", "Bl\xc3\xa5 \xc3\x98y" }
	};
	struct cx4i_heading *h;
	unsigned char *der;
	size_t i, len;

	for (i = 0; i < COUNT(cases); i++) {
		is_int(cx4_content_new(ctx, "p22", NULL, NULL, 0,
		    cases[i][0], NULL, &der, &len), CX4_OK, "subject %zu", i);
		h = read_again(ctx, P22, der, len);
		is_str(cx4i_heading_subject(h), cases[i][1],
		    "subject %zu comes back", i);
		cx4i_heading_free(&h);
		cx4_free(der);
	}
}

static void
try_unique(cx4_ctx *ctx)
{
	unsigned char *a, *b;
	size_t a_len, b_len;

	is_int(cx4_content_new(ctx, "p22", NULL, NULL, 0, NULL, NULL, &a,
	    &a_len), CX4_OK, "a bare message");
	is_int(cx4_content_new(ctx, "p22", NULL, NULL, 0, NULL, NULL, &b,
	    &b_len), CX4_OK, "another");
	ok(a_len == b_len && memcmp(a, b, a_len) != 0,
	    "the same but for the identifier");
	cx4_free(a);
	cx4_free(b);
}

static void
try_bare(cx4_ctx *ctx)
{
	struct cx4i_heading *h;
	unsigned char *der;
	size_t len;

	is_int(cx4_content_new(ctx, "p22", NULL, NULL, 0, NULL, NULL, &der,
	    &len), CX4_OK, "a message without anything");
	h = read_again(ctx, P22, der, len);
	is_int(cx4i_heading_state(h), CX4I_HEADING_READ, "is read");
	ok(cx4i_heading_originator(h) == NULL, "has no originator");
	ok(cx4i_heading_subject(h) == NULL, "has no subject");
	is_int(cx4i_heading_recipients(h), 0, "has no recipients");
	ok(cx4i_heading_message_id(h) != NULL &&
	    strchr(cx4i_heading_message_id(h), '*') == NULL,
	    "has an identifier without user");
	ok(memcmp(der + len - 2, "\x30\x00", 2) == 0, "has an empty body");
	cx4i_heading_free(&h);
	cx4_free(der);
}

static void
try_lines(cx4_ctx *ctx)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "", "" }, { "a", "a" }, { "a\n", "a\r\n" },
		{ "a\r\nb\n", "a\r\nb\r\n" }, { "\n\n", "\r\n\r\n" },
		{ "\r", "\r" }, { "\t~ ", "\t~ " }
	};
	unsigned char *der;
	size_t i, n, len;

	for (i = 0; i < COUNT(cases); i++) {
		n = strlen(cases[i].want);
		is_int(cx4_content_new(ctx, "p22", NULL, NULL, 0, NULL,
		    cases[i].text, &der, &len), CX4_OK, "text %zu", i);
		if (ok(len > n + 2, "text %zu: room", i))
			ok(der[len - n - 2] == CX4I_IA5_STRING &&
			    der[len - n - 1] == n &&
			    memcmp(der + len - n, cases[i].want, n) == 0,
			    "text %zu: lines", i);
		cx4_free(der);
	}
}

/* A subject of 128 characters, which is the most, or 129. */
static int
make_long(cx4_ctx *ctx, size_t n)
{
	unsigned char *der;
	char subject[200];
	size_t len;
	int code;

	memset(subject, 'x', n);
	subject[n] = '\0';
	code = cx4_content_new(ctx, "p22", NULL, NULL, 0, subject, NULL, &der,
	    &len);
	cx4_free(der);
	return code;
}

static void
try_refusals(cx4_ctx *ctx)
{
	cx4_address *eggen = address(ctx, EGGEN);
	cx4_address *common = address(ctx, COMMON);
	const cx4_address *none = NULL, *with_cn = common;
	const struct {
		const char *name;
		const char *type;
		const cx4_address *originator;
		const cx4_address *const *to;
		size_t count;
		const char *subject;
		const char *text;
		int code;
	} cases[] = {
		{ "EDI", "p35", eggen, NULL, 0, NULL, NULL,
		    CX4_E_CONTENT_TYPE },
		{ "data", "1.2.840.113549.1.7.1", eggen, NULL, 0, NULL, NULL,
		    CX4_E_CONTENT_TYPE },
		{ "unknown type", "p23", eggen, NULL, 0, NULL, NULL,
		    CX4_E_CONTENT_TYPE },
		{ "military without originator", "p772", NULL, NULL, 0, NULL,
		    NULL, CX4_E_USAGE },
		{ "no recipients where there should be", "p22", eggen, NULL,
		    1, NULL, NULL, CX4_E_USAGE },
		{ "a recipient that is not there", "p22", eggen, &none, 1,
		    NULL, NULL, CX4_E_USAGE },
		{ "subject not in T.61", "p22", eggen, NULL, 0,
		    "\xd0\x96", NULL, CX4_E_CONTENT },
		{ "subject not UTF-8", "p22", eggen, NULL, 0, "Bl\xe5", NULL,
		    CX4_E_CONTENT },
		{ "subject with control character", "p22", eggen, NULL, 0,
		    "a\nb", NULL, CX4_E_CONTENT },
		{ "text not ASCII", "p22", eggen, NULL, 0, NULL, "\xe5",
		    CX4_E_CONTENT },
		{ "P2 from a common name", "p2", common, NULL, 0, NULL, NULL,
		    CX4_E_CONTENT },
		{ "P2 to a common name", "p2", eggen, &with_cn, 1, NULL, NULL,
		    CX4_E_CONTENT },
		{ "P22 from a common name", "p22", common, &with_cn, 1, NULL,
		    NULL, CX4_OK }
	};
	unsigned char *der;
	size_t i, len;

	for (i = 0; i < COUNT(cases); i++) {
		is_int(cx4_content_new(ctx, cases[i].type,
		    cases[i].originator, cases[i].to, cases[i].count,
		    cases[i].subject, cases[i].text, &der, &len),
		    cases[i].code, "%s", cases[i].name);
		ok((der != NULL) == (cases[i].code == CX4_OK) &&
		    (len != 0) == (cases[i].code == CX4_OK),
		    "%s: result", cases[i].name);
		cx4_free(der);
	}
	is_int(make_long(ctx, 128), CX4_OK, "longest subject");
	is_int(make_long(ctx, 129), CX4_E_CONTENT, "subject too long");
	cx4_address_free(&eggen);
	cx4_address_free(&common);
}

int
main(void)
{
	cx4_ctx *ctx = cx4_ctx_new();

	cx4_ctx_set_clock(ctx, fixed_clock, NULL);
	try_round_trip(ctx, "p22", P22);
	try_round_trip(ctx, "22", P22);
	try_round_trip(ctx, P22, P22);
	try_round_trip(ctx, "p2", P2);
	try_round_trip(ctx, "2", P2);
	try_round_trip(ctx, "p772", P772);
	try_subjects(ctx);
	try_unique(ctx);
	try_bare(ctx);
	try_lines(ctx);
	try_refusals(ctx);
	cx4_ctx_free(&ctx);
	return done_testing();
}
