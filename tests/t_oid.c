/*
 * t_oid.c - object identifiers: the table, and both directions of text.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/encoding/oid.h"
#include "octets.h"
#include "tap.h"

static void
test_table(void)
{
	struct cx4i_buf body = { NULL, 0, 0 };
	char text[CX4I_OID_TEXT];
	int i, j, twice;

	for (i = 0; i < CX4I_OID_COUNT; i++) {
		enum cx4i_oid oid = (enum cx4i_oid)i;

		is_int(cx4i_oid_from_text(cx4i_oid_text(oid), &body), 0,
		    "%s is an OID", cx4i_oid_text(oid));
		is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), text,
		    sizeof(text)), 0, "its octets are one");
		is_str(text, cx4i_oid_text(oid), "the same text");
		is_int(cx4i_oid_find(cx4i_buf_slice(&body)), i,
		    "%s found by octets", cx4i_oid_name(oid));
		is_int(cx4i_oid_find_text(cx4i_oid_text(oid)), i,
		    "and by text");
		cx4i_buf_reset(&body);
		for (twice = 0, j = 0; j < i; j++)
			twice += strcmp(cx4i_oid_text((enum cx4i_oid)j),
			    cx4i_oid_text(oid)) == 0 ||
			    strcmp(cx4i_oid_name((enum cx4i_oid)j),
			    cx4i_oid_name(oid)) == 0;
		is_int(twice, 0, "%s is there once", cx4i_oid_name(oid));
	}
	cx4i_buf_free(&body);
}

static void
test_unknown(void)
{
	struct cx4i_buf body = { NULL, 0, 0 };

	ok(cx4i_oid_text(CX4I_OID_UNKNOWN) == NULL, "UNKNOWN has no text");
	ok(cx4i_oid_name(CX4I_OID_UNKNOWN) == NULL, "nor a name");
	is_int(cx4i_oid_find_text("1.2.3"), CX4I_OID_UNKNOWN, "1.2.3");
	is_int(cx4i_oid_find_text(""), CX4I_OID_UNKNOWN, "empty text");
	is_int(cx4i_oid_find(cx4i_buf_slice(&body)), CX4I_OID_UNKNOWN,
	    "no octets");
	/* id-data, then with an octet missing, then with one too many. */
	add_hex(&body, "2a864886f70d010701");
	is_int(cx4i_oid_find(cx4i_buf_slice(&body)), CX4I_OID_DATA, "data");
	body.len--;
	is_int(cx4i_oid_find(cx4i_buf_slice(&body)), CX4I_OID_UNKNOWN,
	    "one octet less");
	add_hex(&body, "0101");
	is_int(cx4i_oid_find(cx4i_buf_slice(&body)), CX4I_OID_UNKNOWN,
	    "one octet more");
	cx4i_buf_reset(&body);
	/* The same arcs, one of them longer than it need be. */
	add_hex(&body, "2a864886f70d01078001");
	is_int(cx4i_oid_find(cx4i_buf_slice(&body)), CX4I_OID_UNKNOWN,
	    "a padded arc");
	cx4i_buf_free(&body);
}

/* Octets known from elsewhere, so that two slips cannot make a right. */
static const struct {
	const char *hex;
	const char *text;
} pairs[] = {
	{ "00", "0.0" }, { "27", "0.39" }, { "28", "1.0" }, { "4f", "1.39" },
	{ "50", "2.0" }, { "77", "2.39" }, { "78", "2.40" },
	{ "7f", "2.47" }, { "8100", "2.48" }, { "8837", "2.999" },
	{ "2a864886f70d010701", "1.2.840.113549.1.7.1" },
	{ "2a864886f70d0109100201", "1.2.840.113549.1.9.16.2.1" },
	{ "56010a01", "2.6.1.10.1" }, { "56030300", "2.6.3.3.0" },
	{ "2b1a00a236000401", "1.3.26.0.4406.0.4.1" },
	{ "608648016503040201", "2.16.840.1.101.3.4.2.1" },
	{ "2a81ffffffffffffffff7f", "1.2.18446744073709551615" },
	{ "2a81ffffffffffffffff7f00", "1.2.18446744073709551615.0" },
	{ "81ffffffffffffffff7f", "2.18446744073709551535" },
};

static void
test_pairs(void)
{
	struct cx4i_buf body = { NULL, 0, 0 }, got = { NULL, 0, 0 };
	char text[CX4I_OID_TEXT];
	struct cx4i_slice s;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		add_hex(&body, pairs[i].hex);
		s = exact_copy(body.data, body.len);
		is_int(cx4i_oid_to_text(s, text, sizeof(text)), 0,
		    "octets %s", pairs[i].hex);
		is_str(text, pairs[i].text, "their text");
		ok(cx4i_oid_is_text(pairs[i].text), "an OID: %s",
		    pairs[i].text);
		is_int(cx4i_oid_from_text(pairs[i].text, &got), 0,
		    "text %s", pairs[i].text);
		is_mem(got.data, got.len, body.data, body.len, "its octets");
		free((void *)(uintptr_t)s.data);
		cx4i_buf_reset(&body);
		cx4i_buf_reset(&got);
	}
	cx4i_buf_free(&body);
	cx4i_buf_free(&got);
}

static void
test_bad_octets(void)
{
	static const struct {
		const char *hex;
		const char *text;
	} cases[] = {
		{ "", "malformed" },
		{ "80", "malformed" },
		{ "8001", "malformed" },
		{ "2a8001", "malformed" },
		{ "2a0180", "malformed" },
		{ "2a86", "malformed" },
		{ "2a8648ff", "malformed" },
		{ "ff*1000", "malformed" },
		{ "2a82808080808080808000", "too long" },
		{ "2aff*9 7f", "too long" },
		{ "ff*1000 7f", "too long" },
		{ "2a 01*127", "too long" },
		{ "2a 81ffffffffffffffff7f 81ffffffffffffffff7f "
		    "81ffffffffffffffff7f 81ffffffffffffffff7f "
		    "81ffffffffffffffff7f 81ffffffffffffffff7f "
		    "81ffffffffffffffff7f 81ffffffffffffffff7f "
		    "81ffffffffffffffff7f 81ffffffffffffffff7f "
		    "81ffffffffffffffff7f 81ffffffffffffffff7f "
		    "81ffffffffffffffff7f", "too long" },
	};
	struct cx4i_buf body = { NULL, 0, 0 };
	char text[CX4I_OID_TEXT];
	struct cx4i_slice s;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		add_hex(&body, cases[i].hex);
		s = exact_copy(body.data, body.len);
		memset(text, 'x', sizeof(text));
		is_int(cx4i_oid_to_text(s, text, sizeof(text)), -1,
		    "octets '%.40s' are refused", cases[i].hex);
		is_str(text, cases[i].text, "and called so");
		is_int(cx4i_oid_find(s), CX4I_OID_UNKNOWN, "and not known");
		free((void *)(uintptr_t)s.data);
		cx4i_buf_reset(&body);
	}
	cx4i_buf_free(&body);
}

/* Room for the text: exactly enough, one less, hardly any. */
static void
test_room(void)
{
	struct cx4i_buf body = { NULL, 0, 0 };
	char text[CX4I_OID_TEXT], large[2 * CX4I_OID_TEXT];
	int i, arcs;

	add_hex(&body, "56010a01");
	is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), text, 11), 0,
	    "room for 11");
	is_str(text, "2.6.1.10.1", "the text fits");
	is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), text, 10), -1,
	    "room for 10");
	is_str(text, "too long", "the text does not fit");
	is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), text, 4), -1,
	    "room for 4");
	is_str(text, "too", "what fits of it");
	is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), text, 1), -1,
	    "room for 1");
	is_str(text, "", "is for the end");
	text[0] = 'x';
	is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), text, 0), -1,
	    "no room");
	is_int(text[0], 'x', "nothing is written");
	cx4i_buf_reset(&body);
	add_hex(&body, "2a 01*126");
	is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), text, sizeof(text)),
	    0, "%d arcs", CX4I_OID_ARCS);
	for (arcs = 1, i = 0; text[i] != '\0'; i++)
		arcs += text[i] == '.';
	is_int(arcs, CX4I_OID_ARCS, "are all shown");
	add_hex(&body, "01");
	is_int(cx4i_oid_to_text(cx4i_buf_slice(&body), large,
	    sizeof(large)), -1, "one arc more");
	is_str(large, "too long", "is not, even if there is room");
	cx4i_buf_free(&body);
}

static void
test_bad_text(void)
{
	static const char *const cases[] = {
		"", "1", "1.", ".1", "1.2.", "1..2", "1.2..3", ".1.2", "3.1",
		"0.40", "1.40", "01.2", "1.02", "1.2.03", "1.2.00", "1.2 ",
		" 1.2", "1. 2", "1.2.3x", "x", "1.2.-3", "-1.2", "+1.2",
		"1.2.+3", "1.2.18446744073709551616",
		"1.2.99999999999999999999999999", "2.18446744073709551536",
		"2.18446744073709551615", "18446744073709551617.2",
		"1,2", "1.2.0x10"
	};
	struct cx4i_buf out = { NULL, 0, 0 };
	size_t i;

	add_hex(&out, "aa");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok(!cx4i_oid_is_text(cases[i]), "no OID: '%.40s'", cases[i]);
		is_int(cx4i_oid_from_text(cases[i], &out), -1,
		    "'%s' is no OID", cases[i]);
		is_int(out.len, 1, "and adds nothing");
	}
	is_int(cx4i_oid_from_text("2.6.3.3.1", &out), 0, "this one is");
	is_mem(out.data, out.len, "\xaa\x56\x03\x03\x01", 5,
	    "and is appended");
	cx4i_buf_free(&out);
}

/* 10^6 octets, many times: the work does not grow with them. */
static void
test_large(void)
{
	static const char *const kinds[] = { "2a 01*1000000",
	    "2a 81*1000000 01", "2a 81*1000000" };
	struct cx4i_buf body = { NULL, 0, 0 };
	char text[CX4I_OID_TEXT];
	size_t i, j;
	int refused;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		add_hex(&body, kinds[i]);
		refused = 0;
		for (j = 0; j < 10000; j++)
			refused += cx4i_oid_to_text(cx4i_buf_slice(&body),
			    text, sizeof(text)) == -1 &&
			    cx4i_oid_find(cx4i_buf_slice(&body)) ==
			    CX4I_OID_UNKNOWN;
		is_int(refused, 10000, "%s: %s", kinds[i], text);
		cx4i_buf_reset(&body);
	}
	cx4i_buf_free(&body);
}

int
main(void)
{
	test_table();
	test_unknown();
	test_pairs();
	test_bad_octets();
	test_room();
	test_bad_text();
	test_large();
	return done_testing();
}
