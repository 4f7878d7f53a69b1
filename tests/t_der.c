/*
 * t_der.c - writing DER: lengths, nesting, sets, times.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/encoding/der.h"
#include "octets.h"
#include "tap.h"

static void
test_headers(void)
{
	static const struct {
		uint64_t len;
		const char *hex;
	} cases[] = {
		{ 0, "0400" }, { 1, "0401" }, { 127, "047f" },
		{ 128, "048180" }, { 255, "0481ff" }, { 256, "04820100" },
		{ 65535, "0482ffff" }, { 65536, "0483010000" },
		{ 0xffffff, "0483ffffff" }, { 0x1000000, "048401000000" },
		{ UINT32_MAX, "0484ffffffff" },
		{ UINT64_C(1) << 32, "04850100000000" },
		{ UINT64_C(1) << 40, "0486010000000000" },
		{ UINT64_MAX, "0488ffffffffffffffff" },
	};
	struct cx4i_buf want = { NULL, 0, 0 };
	uint8_t header[CX4I_DER_HEADER];
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		add_hex(&want, cases[i].hex);
		n = cx4i_der_header(header, 0x04, cases[i].len);
		is_mem(header, n, want.data, want.len, "header of %s",
		    cases[i].hex);
		is_int(cx4i_der_header_size(cases[i].len), n, "its size");
		cx4i_buf_reset(&want);
	}
	cx4i_buf_free(&want);
	ok(cx4i_der_size(0) == 2, "size of nothing");
	ok(cx4i_der_size(127) == 129, "size of 127 octets");
	ok(cx4i_der_size(128) == 131, "size of 128 octets");
	ok(cx4i_der_size(UINT64_MAX - 10) == UINT64_MAX, "the largest size");
	ok(cx4i_der_size(UINT64_MAX - 9) == UINT64_MAX &&
	    cx4i_der_size(UINT64_MAX) == UINT64_MAX, "sizes saturate");
}

/* Compare what was built, and free it. */
static void
built(struct cx4i_der *d, const char *hex, const char *name)
{
	struct cx4i_buf want = { NULL, 0, 0 };

	add_hex(&want, hex);
	ok(cx4i_der_ok(d), "%s: all is well", name);
	is_mem(d->buf.data, d->buf.len, want.data, want.len, "%s", name);
	cx4i_buf_free(&want);
	cx4i_der_free(d);
}

static void
test_lengths(void)
{
	static const struct {
		size_t len;
		const char *inner, *outer;
	} cases[] = {
		{ 0, "0400", "3002" },
		{ 125, "047d", "307f" },
		{ 126, "047e", "308180" },
		{ 127, "047f", "308181" },
		{ 128, "048180", "308183" },
		{ 252, "0481fc", "3081ff" },
		{ 253, "0481fd", "30820100" },
		{ 255, "0481ff", "30820102" },
		{ 256, "04820100", "30820104" },
		{ 65531, "0482fffb", "3082ffff" },
		{ 65532, "0482fffc", "3083010000" },
		{ 65535, "0482ffff", "3083010003" },
		{ 65536, "0483010000", "3083010005" },
	};
	struct cx4i_der d;
	char hex[64], name[40];
	uint8_t *octets;
	size_t i;

	if ((octets = malloc(65536)) == NULL)
		abort();
	memset(octets, 'a', 65536);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cx4i_der_init(&d);
		cx4i_der_open(&d, CX4I_SEQUENCE);
		cx4i_der_value(&d, CX4I_OCTET_STRING, octets, cases[i].len);
		cx4i_der_close(&d);
		snprintf(hex, sizeof(hex), "%s %s 61*%zu", cases[i].outer,
		    cases[i].inner, cases[i].len);
		if (cases[i].len == 0)
			hex[strlen(hex) - strlen(" 61*0")] = '\0';
		snprintf(name, sizeof(name), "%zu octets", cases[i].len);
		built(&d, hex, name);
	}
	free(octets);
}

static void
test_values(void)
{
	static const uint8_t rsa[] = { 0x2a, 0x86, 0x48 };
	struct cx4i_slice s = { rsa, sizeof(rsa) };
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_open(&d, CX4I_CONTEXT_C(0));
	cx4i_der_null(&d);
	cx4i_der_close(&d);
	cx4i_der_open(&d, CX4I_APPLICATION_C(3));
	cx4i_der_close(&d);
	cx4i_der_oid(&d, s);
	cx4i_der_oid_text(&d, "2.6.1.10.1");
	cx4i_der_slice(&d, s);
	cx4i_der_raw(&d, NULL, 0);
	cx4i_der_close(&d);
	built(&d, "3014 a0020500 6300 06032a8648 060456010a01 2a8648",
	    "values of many kinds");
}

static void
test_uint(void)
{
	static const struct {
		uint64_t value;
		const char *hex;
	} cases[] = {
		{ 0, "020100" }, { 1, "020101" }, { 127, "02017f" },
		{ 128, "02020080" }, { 255, "020200ff" },
		{ 256, "02020100" }, { 0x7fff, "02027fff" },
		{ 0x8000, "0203008000" },
		{ INT64_MAX, "02087fffffffffffffff" },
		{ UINT64_MAX, "020900ffffffffffffffff" },
	};
	struct cx4i_der d;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cx4i_der_init(&d);
		cx4i_der_uint(&d, cases[i].value);
		built(&d, cases[i].hex, cases[i].hex);
	}
}

static void
test_sets(void)
{
	static const struct {
		const char *content;
		const char *set_of;	/* X.690 section 11.6 */
		const char *set;	/* X.690 section 10.3 */
	} cases[] = {
		{ "", "3100", "3100" },
		{ "020105", "3103 020105", "3103 020105" },
		{ "020105 020101", "3106 020101 020105",
		    "3106 020105 020101" },
		{ "02020080 02017f 020100", "310a 020100 02017f 02020080",
		    "310a 02020080 02017f 020100" },
		{ "0401bb 0402aabb 0400 0401aa",
		    "310c 0400 0401aa 0401bb 0402aabb",
		    "310c 0401bb 0402aabb 0400 0401aa" },
		{ "0401aa 0401aa 0400", "3108 0400 0401aa 0401aa",
		    "3108 0401aa 0401aa 0400" },
		/* Constructed or not makes no difference to a tag. */
		{ "130141 3000 0c0141 3100", "310a 0c0141 130141 3000 3100",
		    "310a 0c0141 3000 3100 130141" },
		{ "8000 a100 8200 3000", "3108 3000 8000 8200 a100",
		    "3108 3000 8000 a100 8200" },
		/* UNIVERSAL, APPLICATION, context, private; then numbers. */
		{ "c100 8100 4100 0500 bf8148 00 bf1f00 a200",
		    "3111 0500 4100 8100 a200 bf1f00 bf8148 00 c100",
		    "3111 0500 4100 8100 a200 bf1f00 bf8148 00 c100" },
	};
	struct cx4i_buf content = { NULL, 0, 0 };
	struct cx4i_der d;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		add_hex(&content, cases[i].content);
		cx4i_der_init(&d);
		cx4i_der_open(&d, CX4I_SET);
		cx4i_der_slice(&d, cx4i_buf_slice(&content));
		cx4i_der_close_set_of(&d);
		built(&d, cases[i].set_of, "SET OF");
		cx4i_der_open(&d, CX4I_SET);
		cx4i_der_slice(&d, cx4i_buf_slice(&content));
		cx4i_der_close_set(&d);
		built(&d, cases[i].set, "SET");
		cx4i_buf_reset(&content);
	}
	cx4i_buf_free(&content);
}

/* 100000 elements, and a SET that is not the first thing written. */
static void
test_large_set(void)
{
	enum { MANY = 100000 };
	struct cx4i_slice s;
	struct cx4i_tlv tlv;
	struct cx4i_der d;
	uint64_t seed = 690;
	uint32_t value, last = 0;
	int i, sorted = 1;

	cx4i_der_init(&d);
	cx4i_der_null(&d);
	cx4i_der_open(&d, CX4I_SET);
	for (i = 0; i < MANY; i++) {
		value = next_random(&seed);
		cx4i_der_value(&d, CX4I_OCTET_STRING, &value, 3);
	}
	cx4i_der_close_set_of(&d);
	ok(cx4i_der_ok(&d), "a large SET OF");
	s = cx4i_buf_slice(&d.buf);
	ok(cx4i_tlv_expect(&s, CX4I_NULL, &tlv) == 0 &&
	    cx4i_tlv_expect(&s, CX4I_SET, &tlv) == 0 && s.len == 0,
	    "what stands before it is left alone");
	is_int(cx4i_tlv_count(tlv.body), MANY, "no element is lost");
	for (s = tlv.body; cx4i_tlv_next(&s, &tlv) == 1; last = value) {
		value = (uint32_t)tlv.body.data[0] << 16 |
		    (uint32_t)tlv.body.data[1] << 8 | tlv.body.data[2];
		sorted &= value >= last;
	}
	ok(sorted, "they are in order");
	cx4i_der_free(&d);
}

static void
test_times(void)
{
	static const struct {
		int64_t when;
		uint8_t ident;
		const char *text;
	} cases[] = {
		{ 0, 0x17, "700101000000Z" },
		{ -1, 0x17, "691231235959Z" },
		{ 951782400, 0x17, "000229000000Z" },
		{ 951868799, 0x17, "000229235959Z" },
		{ 951868800, 0x17, "000301000000Z" },
		{ 1078012799, 0x17, "040228235959Z" },
		{ 1078012800, 0x17, "040229000000Z" },
		{ 2147483648, 0x17, "380119031408Z" },
		{ -631152000, 0x17, "500101000000Z" },
		{ -631152001, 0x18, "19491231235959Z" },
		{ 2524607999, 0x17, "491231235959Z" },
		{ 2524608000, 0x18, "20500101000000Z" },
		{ -2203891201, 0x18, "19000228235959Z" },
		{ -2203891200, 0x18, "19000301000000Z" },
		{ INT64_C(4107542400), 0x18, "21000301000000Z" },
		{ INT64_C(253402300799), 0x18, "99991231235959Z" },
		{ INT64_C(-62167219200), 0x18, "00000101000000Z" },
		{ INT64_C(-62162035201), 0x18, "00000229235959Z" },
	};
	static const int64_t bad[] = {
		INT64_C(253402300800), INT64_C(-62167219201), INT64_MAX,
		INT64_MIN
	};
	struct cx4i_slice s;
	struct cx4i_tlv tlv;
	struct cx4i_der d;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cx4i_der_init(&d);
		cx4i_der_time(&d, cases[i].when);
		s = cx4i_buf_slice(&d.buf);
		ok(cx4i_der_ok(&d) &&
		    cx4i_tlv_expect(&s, cases[i].ident, &tlv) == 0 &&
		    s.len == 0, "%s is of the right type", cases[i].text);
		is_mem(tlv.body.data, tlv.body.len, cases[i].text,
		    strlen(cases[i].text), "%s", cases[i].text);
		cx4i_der_free(&d);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cx4i_der_init(&d);
		cx4i_der_time(&d, bad[i]);
		ok(!cx4i_der_ok(&d) && d.buf.len == 0,
		    "year %zu that cannot be written", i);
		cx4i_der_free(&d);
	}
}

static void
fail_unclosed(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
}

static void
fail_close(struct cx4i_der *d)
{
	cx4i_der_close(d);
}

static void
fail_close_set(struct cx4i_der *d)
{
	cx4i_der_close_set(d);
}

static void
fail_deep(struct cx4i_der *d)
{
	int i;

	for (i = 0; i < CX4I_DER_DEPTH + 1; i++)
		cx4i_der_open(d, CX4I_SEQUENCE);
	for (i = 0; i < CX4I_DER_DEPTH + 1; i++)
		cx4i_der_close(d);
}

static void
fail_set_content(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_SET);
	cx4i_der_raw(d, "\x04\x02\x61", 3);
	cx4i_der_close_set_of(d);
}

static void
fail_oid_text(struct cx4i_der *d)
{
	cx4i_der_oid_text(d, "1.2.x");
}

static void
fail_oid_empty(struct cx4i_der *d)
{
	struct cx4i_slice none = { NULL, 0 };

	cx4i_der_oid(d, none);
}

static void
test_failures(void)
{
	static const struct {
		void (*run)(struct cx4i_der *);
		const char *name;
	} cases[] = {
		{ fail_unclosed, "something is open" },
		{ fail_close, "nothing is open" },
		{ fail_close_set, "no SET is open" },
		{ fail_deep, "too deep" },
		{ fail_set_content, "a SET of no elements" },
		{ fail_oid_text, "no OID" },
		{ fail_oid_empty, "an empty OID" },
	};
	struct cx4i_der d;
	size_t i;
	int j;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cx4i_der_init(&d);
		cases[i].run(&d);
		/* It is remembered, whatever comes after. */
		cx4i_der_null(&d);
		ok(!cx4i_der_ok(&d), "failure: %s", cases[i].name);
		cx4i_der_free(&d);
		cx4i_der_null(&d);
		built(&d, "0500", "used again");
	}
	cx4i_der_init(&d);
	for (j = 0; j < CX4I_DER_DEPTH; j++)
		cx4i_der_open(&d, CX4I_SEQUENCE);
	for (j = 0; j < CX4I_DER_DEPTH; j++)
		cx4i_der_close(&d);
	built(&d, "301e 301c 301a 3018 3016 3014 3012 3010 300e 300c 300a "
	    "3008 3006 3004 3002 3000", "as deep as it goes");
}

int
main(void)
{
	test_headers();
	test_lengths();
	test_values();
	test_uint();
	test_sets();
	test_large_set();
	test_times();
	test_failures();
	return done_testing();
}
