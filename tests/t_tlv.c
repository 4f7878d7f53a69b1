/*
 * t_tlv.c - walking over encodings in memory, and making them definite.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/cmsx400.h"
#include "../libcmsx400/encoding/tlv.h"
#include "octets.h"
#include "tap.h"

static void
test_next(void)
{
	static const struct {
		const char *hex;
		int rc;
		uint8_t ident;
		uint32_t number;
		size_t whole, body;
	} cases[] = {
		{ "", 0, 0, 0, 0, 0 },
		{ "0500", 1, 0x05, 5, 2, 0 },
		{ "0401aa 0500", 1, 0x04, 4, 3, 1 },
		{ "048101aa", 1, 0x04, 4, 4, 1 },
		{ "a1030201 05", 1, 0xa1, 1, 5, 3 },
		{ "bf8148020500 00", 1, 0xbf, 200, 6, 2 },
		{ "04880000000000000001aa", 1, 0x04, 4, 11, 1 },
		{ "04", -1, 0, 0, 0, 0 },
		{ "0402aa", -1, 0, 0, 0, 0 },
		{ "0481", -1, 0, 0, 0, 0 },
		{ "048180 00*127", -1, 0, 0, 0, 0 },
		{ "0488ffffffffffffffff", -1, 0, 0, 0, 0 },
		{ "0489 00*8 01aa", -1, 0, 0, 0, 0 },
		{ "04ff 00*127", -1, 0, 0, 0, 0 },
		{ "3080 0000", -1, 0, 0, 0, 0 },
		{ "0480 0000", -1, 0, 0, 0, 0 },
		{ "0000", -1, 0, 0, 0, 0 },
		{ "1f80 00", -1, 0, 0, 0, 0 },
		{ "bf8148", -1, 0, 0, 0, 0 },
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_slice in, rest;
	struct cx4i_tlv tlv;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&tlv, 0, sizeof(tlv));
		add_hex(&b, cases[i].hex);
		rest = in = exact_copy(b.data, b.len);
		rc = cx4i_tlv_next(&rest, &tlv);
		is_int(rc, cases[i].rc, "next of '%s'", cases[i].hex);
		ok(tlv.ident == cases[i].ident &&
		    tlv.number == cases[i].number &&
		    tlv.whole.len == cases[i].whole &&
		    tlv.body.len == cases[i].body &&
		    rest.data == in.data + tlv.whole.len &&
		    rest.len == in.len - tlv.whole.len &&
		    (rc != 1 || (tlv.whole.data == in.data &&
		    tlv.body.data + tlv.body.len == rest.data)),
		    "'%s' is taken as it should", cases[i].hex);
		free((void *)(uintptr_t)in.data);
		cx4i_buf_reset(&b);
	}
	cx4i_buf_free(&b);
}

static void
test_expect(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_slice in;
	struct cx4i_tlv tlv;

	add_hex(&b, "020105 8001aa 0402bb");
	in = cx4i_buf_slice(&b);
	is_int(cx4i_tlv_expect(&in, CX4I_OID, &tlv), -1, "no OID is here");
	is_int(in.len, 9, "nothing is taken then");
	is_int(cx4i_tlv_expect(&in, CX4I_INTEGER, &tlv), 0, "an INTEGER is");
	is_int(in.len, 6, "it is taken");
	is_int(cx4i_tlv_optional(&in, CX4I_CONTEXT(1), &tlv), 0, "no [1]");
	is_int(in.len, 6, "nothing is taken then");
	is_int(cx4i_tlv_optional(&in, CX4I_CONTEXT(0), &tlv), 1, "but [0]");
	is_int(tlv.body.data[0], 0xaa, "with its content");
	is_int(cx4i_tlv_optional(&in, CX4I_NULL, &tlv), -1,
	    "another one, malformed");
	is_int(cx4i_tlv_optional(&in, CX4I_OCTET_STRING, &tlv), -1,
	    "this one, malformed");
	is_int(cx4i_tlv_expect(&in, CX4I_OCTET_STRING, &tlv), -1,
	    "expected and malformed");
	is_int(in.len, 3, "nothing is taken then");
	in.len = 0;
	is_int(cx4i_tlv_optional(&in, CX4I_NULL, &tlv), 0, "the end");
	is_int(cx4i_tlv_expect(&in, CX4I_NULL, &tlv), -1, "expected there");
	in.data = NULL;
	is_int(cx4i_tlv_count(in), 0, "no element");
	in = cx4i_buf_slice(&b);
	is_int(cx4i_tlv_count(in), -1, "malformed elements do not count");
	in.len = 6;
	is_int(cx4i_tlv_count(in), 2, "two elements");
	cx4i_buf_free(&b);
}

static void
test_uint(void)
{
	static const struct {
		const char *hex;
		int rc;
		uint32_t value;
	} cases[] = {
		{ "00", 0, 0 }, { "05", 0, 5 }, { "7f", 0, 127 },
		{ "0080", 0, 128 }, { "0100", 0, 256 },
		{ "7fffffff", 0, 0x7fffffff },
		{ "00ffffffff", 0, 0xffffffff },
		{ "", -1, 0 }, { "80", -1, 0 }, { "ff", -1, 0 },
		{ "0000", -1, 0 }, { "007f", -1, 0 },
		{ "0100000000", -1, 0 }, { "0001000000", -1, 0 },
		{ "00ffffffffff", -1, 0 },
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_slice s;
	uint32_t value;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		add_hex(&b, cases[i].hex);
		s = exact_copy(b.data, b.len);
		value = 0;
		is_int(cx4i_tlv_uint(s, &value), cases[i].rc,
		    "INTEGER '%s'", cases[i].hex);
		if (cases[i].rc == 0)
			is_int(value, cases[i].value, "its value");
		free((void *)(uintptr_t)s.data);
		cx4i_buf_reset(&b);
	}
	cx4i_buf_free(&b);
}

static const struct definite_case {
	const char *in;
	const char *out;	/* NULL: malformed */
	const char *trailing;	/* octets after it that are not looked at */
} definite_cases[] = {
	{ "0500", "0500", "" },
	{ "0500", "0500", "0500ff" },
	{ "3000", "3000", "" },
	{ "3006 020105 040100", "3006 020105 040100", "" },
	{ "3080 0000", "3000", "00" },
	{ "3180 020105 0000", "3103 020105", "" },
	{ "3080 3180 020105 0000 3180 0000 0000",
	    "3007 3103020105 3100", "" },
	{ "a080 a180 8001aa 0000 0000", "a005 a103 8001aa", "" },
	{ "6080 0000", "6000", "" },
	{ "bf8148 80 0500 0000", "bf8148 02 0500", "" },
	{ "dfffffff7f 8101 aa", "dfffffff7f 01 aa", "" },
	{ "bfffffff7f 80 0000", "bfffffff7f 00", "" },
	/* Lengths become the shortest. */
	{ "308200 04 0481 01aa", "3003 0401aa", "" },
	{ "0488 0000000000000001 aa", "0401aa", "" },
	{ "3080 047d 61*125 0000", "307f 047d 61*125", "" },
	{ "3080 047e 61*126 0000", "308180 047e 61*126", "" },
	/* Strings in pieces. */
	{ "2480 0401aa 0402bbcc 0000", "0403aabbcc", "" },
	{ "2407 0401aa 0402bbcc", "0403aabbcc", "" },
	{ "2400", "0400", "" },
	{ "2480 0400 0000", "0400", "" },
	{ "2480 2480 0401aa 0000 0401bb 2403 0401cc 0000",
	    "0403aabbcc", "" },
	{ "3380 130141 130142 0000", "13024142", "" },
	{ "3380 040141 040142 0000", "13024142", "" },
	{ "3380 3380 130141 2480 040142 0000 0000 130143 0000",
	    "1303414243", "" },
	{ "3780 0402 3934 040b 303130313030303030305a 0000",
	    "170d 3934303130313030303030305a", "" },
	{ "2c80 0c02c3a9 0000", "0c02c3a9", "" },
	{ "3e80 1e020041 0000", "1e020041", "" },
	{ "2780 0401aa 0000", "0701aa", "" },
	{ "2480 0481 80 61*128 0000", "048180 61*128", "" },
	{ "3080 3380 130141 0000 2480 0401bb 0000 0500 0000",
	    "3008 130141 0401bb 0500", "" },
	{ "a080 2480 0401aa 0000 0000", "a003 0401aa", "" },
	/* Not known to be strings, so they stay as they are. */
	{ "a080 0401aa 0401bb 0000", "a006 0401aa 0401bb", "" },
	{ "3d80 0401aa 0000", "3d03 0401aa", "" },
	{ "2880 0401aa 0000", "2803 0401aa", "" },
	/* Malformed. */
	{ "2480 0201aa 0000", NULL, "" },
	{ "3380 0c0141 0000", NULL, "" },
	{ "3380 2480 130141 0000 0000", "130141", "" },
	{ "2480 8401aa 0000", NULL, "" },
	{ "2480 130141 0000", NULL, "" },
	{ "2480 3000 0000", NULL, "" },
	{ "2380 0302 00aa 0000", NULL, "" },
	{ "2304 0302 00aa", NULL, "" },
	{ "2480 2304 030200aa 0000", NULL, "" },
	{ "", NULL, "" },
	{ "30", NULL, "" },
	{ "3080", NULL, "" },
	{ "3080 00", NULL, "" },
	{ "3080 0500", NULL, "" },
	{ "3003 0402aa", NULL, "bb" },
	{ "0402aa", NULL, "" },
	{ "0000", NULL, "" },
	{ "3080 0480 0000", NULL, "" },
	{ "0489 00*8 01aa", NULL, "" },
};

#define N_DEFINITE (sizeof(definite_cases) / sizeof(definite_cases[0]))

static void
check_definite(const struct definite_case *c)
{
	struct cx4i_buf in = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	struct cx4i_buf out = { NULL, 0, 0 };
	struct cx4i_slice copy;
	size_t used = 99, len;
	int rc;

	add_hex(&in, c->in);
	len = in.len;
	add_hex(&in, c->trailing);
	add_hex(&want, "0badf00d");
	add_hex(&out, "0badf00d");
	if (c->out != NULL)
		add_hex(&want, c->out);
	copy = exact_copy(in.data, in.len);
	rc = cx4i_tlv_definite(copy, &out, &used);
	is_int(rc, c->out != NULL ? CX4_OK : CX4_E_ASN1,
	    "definite form of '%s'", c->in);
	is_mem(out.data, out.len, want.data, want.len, "its octets");
	if (rc == 0)
		is_int(used, len, "and its length in the input");
	free((void *)(uintptr_t)copy.data);
	cx4i_buf_free(&in);
	cx4i_buf_free(&want);
	cx4i_buf_free(&out);
}

/* The definite form of a definite form, whose elements can be walked. */
static void
check_again(const char *hex)
{
	struct cx4i_buf in = { NULL, 0, 0 }, out = { NULL, 0, 0 };
	struct cx4i_slice walk;
	struct cx4i_tlv tlv;

	add_hex(&in, hex);
	is_int(cx4i_tlv_definite(cx4i_buf_slice(&in), &out, NULL), 0,
	    "definite form of '%s' again", hex);
	is_mem(out.data, out.len, in.data, in.len, "changes nothing");
	walk = cx4i_buf_slice(&out);
	ok(cx4i_tlv_next(&walk, &tlv) == 1 && walk.len == 0,
	    "and is one element");
	if (out.data[0] & 0x20)
		ok(cx4i_tlv_count(tlv.body) >= 0, "with elements in it");
	cx4i_buf_free(&in);
	cx4i_buf_free(&out);
}

static void
test_definite(void)
{
	size_t i;

	for (i = 0; i < N_DEFINITE; i++) {
		check_definite(&definite_cases[i]);
		if (definite_cases[i].out != NULL)
			check_again(definite_cases[i].out);
	}
}

static void
test_deep(void)
{
	struct cx4i_buf in = { NULL, 0, 0 }, out = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < 64; i++)
		add_hex(&in, "3080");
	for (i = 0; i < 64; i++)
		add_hex(&in, "0000");
	is_int(cx4i_tlv_definite(cx4i_buf_slice(&in), &out, NULL), 0,
	    "64 deep");
	/* The outermost holds 63 headers, of two octets each. */
	ok(out.len == 128 && out.data[1] == 126 && out.data[127] == 0,
	    "every length fits");
	cx4i_buf_reset(&in);
	cx4i_buf_reset(&out);
	for (i = 0; i < 200000; i++)
		add_hex(&in, "3080");
	is_int(cx4i_tlv_definite(cx4i_buf_slice(&in), &out, NULL),
	    CX4_E_ASN1, "200000 deep is refused");
	cx4i_buf_free(&in);
	cx4i_buf_free(&out);
}

/* Many small elements, 60 deep: the work grows with the input only. */
static void
test_many(void)
{
	enum { MANY = 100000, DEEP = 60 };
	struct cx4i_buf in = { NULL, 0, 0 }, out = { NULL, 0, 0 };
	struct cx4i_slice s;
	struct cx4i_tlv tlv;
	size_t i;

	for (i = 0; i < DEEP; i++)
		add_hex(&in, "3080");
	for (i = 0; i < MANY; i++)
		add_hex(&in, "2480 0401aa 0401bb 0000");
	for (i = 0; i < DEEP; i++)
		add_hex(&in, "0000");
	is_int(cx4i_tlv_definite(cx4i_buf_slice(&in), &out, NULL), 0,
	    "%d strings, %d deep", MANY, DEEP);
	s = cx4i_buf_slice(&out);
	for (i = 0; i < DEEP; i++) {
		if (cx4i_tlv_expect(&s, CX4I_SEQUENCE, &tlv) != 0 ||
		    s.len != 0)
			break;
		s = tlv.body;
	}
	is_int(i, DEEP, "as deep as before");
	is_int(cx4i_tlv_count(s), MANY, "as many as before");
	is_int(s.len, MANY * 4, "of four octets each");
	cx4i_buf_free(&in);
	cx4i_buf_free(&out);
}

/*
 * Octets by chance: what is taken has definite lengths throughout, and
 * taking it again changes nothing.
 */
static void
test_random(void)
{
	static const uint8_t likely[] = {
		0x30, 0x80, 0x00, 0x00, 0x04, 0x01, 0x03, 0x24, 0x80, 0x00,
		0x00, 0x33, 0x13, 0x02, 0xa0, 0x05, 0x81, 0x00, 0x00
	};
	struct cx4i_buf out = { NULL, 0, 0 }, again = { NULL, 0, 0 };
	uint64_t seed = 8825;
	uint8_t octets[20];
	struct cx4i_slice s;
	struct cx4i_tlv tlv;
	size_t used, len, i;
	int round, taken = 0, good = 0;

	for (round = 0; round < 100000; round++) {
		len = 1 + next_random(&seed) % sizeof(octets);
		for (i = 0; i < len; i++)
			octets[i] = likely[next_random(&seed) %
			    sizeof(likely)];
		s = exact_copy(octets, len);
		cx4i_buf_reset(&out);
		cx4i_buf_reset(&again);
		if (cx4i_tlv_definite(s, &out, &used) == 0) {
			taken++;
			good += used <= len && cx4i_tlv_definite(
			    cx4i_buf_slice(&out), &again, NULL) == 0 &&
			    cx4i_slice_equal(cx4i_buf_slice(&out),
			    cx4i_buf_slice(&again));
		}
		free((void *)(uintptr_t)s.data);
		s = cx4i_buf_slice(&out);
		if (out.len > 0 && (cx4i_tlv_next(&s, &tlv) != 1 ||
		    s.len != 0))
			good = -round;
	}
	is_int(good, taken, "random elements stay as they are made");
	ok(taken > 2000, "%d were taken", taken);
	cx4i_buf_free(&out);
	cx4i_buf_free(&again);
}

/* [0] IMPLICIT OCTET STRING, with room for four octets if in segments. */
static void
test_octets(void)
{
	static const struct {
		const char *hex;
		int rc;
		const char *want;
	} cases[] = {
		{ "80050102030405", 0, "0102030405" },
		{ "8000", 0, "" },
		{ "a000", 0, "" },
		{ "a0020400", 0, "" },
		{ "a0080401010400 040102", 0, "0102" },
		{ "a0080402010204020304", 0, "01020304" },
		{ "a009040201020403 030405", -1, "" },
		{ "a0070405 0102030405", -1, "" },
		{ "a003020101", -1, "" },
		{ "a00304020101", -1, "" },
	};
	struct cx4i_buf b = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	struct cx4i_slice in, got;
	struct cx4i_tlv tlv;
	uint8_t room[4];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		add_hex(&b, cases[i].hex);
		add_hex(&want, cases[i].want);
		in = cx4i_buf_slice(&b);
		cx4i_tlv_next(&in, &tlv);
		is_int(cx4i_tlv_octets(&tlv, room, sizeof(room), &got),
		    cases[i].rc, "octets of '%s'", cases[i].hex);
		if (cases[i].rc == 0)
			is_mem(got.data, got.len, want.data, want.len,
			    "octets of '%s': what they are", cases[i].hex);
		b.len = want.len = 0;
	}
	cx4i_buf_free(&b);
	cx4i_buf_free(&want);
}

int
main(void)
{
	test_next();
	test_expect();
	test_uint();
	test_octets();
	test_definite();
	test_deep();
	test_many();
	test_random();
	return done_testing();
}
