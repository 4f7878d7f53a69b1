/*
 * t_attrs.c - the attributes of a SignerInfo: the rules for them, what they
 * say, and making them.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/cms/attrs.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Where RFC 2634 section 1.3.4 and RFC 5652 section 11 allow each. */
enum place { SIGNED = 1, UNSIGNED = 2, EITHER = 3 };

static const struct rule {
	enum cx4i_oid oid;
	enum place place;
	int many;		/* values and attributes of the type */
	const char *value;	/* a right one */
	const char *wrong;	/* one of another type; NULL: no such rule */
} rules[] = {
	{ CX4I_OID_CONTENT_TYPE, SIGNED, 0, "06022a03", "0400" },
	{ CX4I_OID_MESSAGE_DIGEST, SIGNED, 0, "040101", "3000" },
	{ CX4I_OID_SIGNING_TIME, SIGNED, 0,
	    "170d3236303130313030303030305a", NULL },
	{ CX4I_OID_SMIME_CAPABILITIES, SIGNED, 0, "3000", "3100" },
	{ CX4I_OID_ENCRYP_KEY_PREF, SIGNED, 0, "820101", NULL },
	{ CX4I_OID_SIGNING_CERTIFICATE, SIGNED, 0, "3000", "0500" },
	{ CX4I_OID_SIGNING_CERTIFICATE_V2, SIGNED, 0, "3000", "0500" },
	{ CX4I_OID_RECEIPT_REQUEST, SIGNED, 0, "3000", "3100" },
	{ CX4I_OID_SECURITY_LABEL, SIGNED, 0, "3100", "3000" },
	{ CX4I_OID_EQUIVALENT_LABELS, SIGNED, 0, "3000", "3100" },
	{ CX4I_OID_ML_EXPAND_HISTORY, SIGNED, 0, "3000", "3100" },
	{ CX4I_OID_MSG_SIG_DIGEST, SIGNED, 0, "040101", "0500" },
	{ CX4I_OID_CONTENT_REFERENCE, SIGNED, 0, "3000", "0400" },
	{ CX4I_OID_ALGORITHM_PROTECTION, SIGNED, 0, "3000", "0400" },
	{ CX4I_OID_CONTENT_HINTS, EITHER, 0, "3000", "0c00" },
	{ CX4I_OID_CONTENT_IDENTIFIER, EITHER, 0, "040101", "3000" },
	{ CX4I_OID_COUNTER_SIGNATURE, UNSIGNED, 1, "3000", "0400" },
	{ CX4I_OID_TIME_STAMP_TOKEN, UNSIGNED, 1, "3000", "0400" },
};

/* Add an Attribute with its value `times` over. */
static void
add_attr(struct cx4i_buf *set, const char *oid, const char *value, int times)
{
	struct cx4i_buf v = { NULL, 0, 0 };
	struct cx4i_der d;
	int i;

	add_hex(&v, value);
	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_oid_text(&d, oid);
	cx4i_der_open(&d, CX4I_SET);
	for (i = 0; i < times; i++)
		cx4i_der_raw(&d, v.data, v.len);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	need(cx4i_der_ok(&d), "attribute");
	cx4i_buf_add(set, d.buf.data, d.buf.len);
	cx4i_der_free(&d);
	cx4i_buf_free(&v);
}

static void
info_free(struct cx4i_signer_info *s)
{
	cx4i_list_free(&s->unknown, &s->unknown_count);
	cx4i_list_free(&s->unsigned_attrs, &s->unsigned_count);
	cx4i_list_free(&s->capabilities, &s->capabilities_count);
	memset(s, 0, sizeof(*s));
}

/* Check two sets; the code. */
static int
check(const struct cx4i_buf *is_signed, const struct cx4i_buf *is_unsigned,
    uint64_t limit, char why[320])
{
	struct cx4i_slice a = exact_copy(is_signed->data, is_signed->len);
	struct cx4i_slice b = exact_copy(is_unsigned->data,
	    is_unsigned->len);
	struct cx4i_signer_info s;
	cx4_error e;
	int r;

	memset(&s, 0, sizeof(s));
	cx4i_err_init(&e);
	r = cx4i_attrs_check(a, b, limit, &s, &e);
	if (r != e.code)
		ok(0, "the error says %d, not %d", e.code, r);
	if (why != NULL)
		snprintf(why, 320, "%s", e.text);
	info_free(&s);
	cx4i_err_clear(&e);
	free((void *)(uintptr_t)a.data);
	free((void *)(uintptr_t)b.data);
	return r;
}

/* Some attributes in the signed and some in the unsigned set. */
static void
check_counts(const struct rule *t, int n_signed, int n_unsigned, int want)
{
	struct cx4i_buf set[2] = { { NULL, 0, 0 }, { NULL, 0, 0 } };
	const char *oid = cx4i_oid_text(t->oid);
	char why[320];
	int i, got;

	for (i = 0; i < n_signed; i++)
		add_attr(&set[0], oid, t->value, 1);
	for (i = 0; i < n_unsigned; i++)
		add_attr(&set[1], oid, t->value, 1);
	got = check(&set[0], &set[1], 256, why);
	is_int(got, want, "%s: %d signed, %d unsigned",
	    cx4i_oid_name(t->oid), n_signed, n_unsigned);
	if (want != CX4_OK)
		ok(strstr(why, cx4i_oid_name(t->oid)) != NULL,
		    "the error names it: %s", why);
	cx4i_buf_free(&set[0]);
	cx4i_buf_free(&set[1]);
}

static void
check_values(const struct rule *t, const char *value, int times, int want)
{
	static const struct cx4i_buf none = { NULL, 0, 0 };
	struct cx4i_buf set = { NULL, 0, 0 };

	add_attr(&set, cx4i_oid_text(t->oid), value, times);
	is_int(t->place & SIGNED ? check(&set, &none, 256, NULL) :
	    check(&none, &set, 256, NULL), want, "%s: %d times %s",
	    cx4i_oid_name(t->oid), times, value);
	cx4i_buf_free(&set);
}

static void
test_rules(void)
{
	const struct rule *t;
	int twice;
	size_t i;

	for (i = 0; i < COUNT(rules); i++) {
		t = &rules[i];
		twice = t->many ? CX4_OK : CX4_E_ATTRIBUTE;
		check_counts(t, 1, 0, t->place & SIGNED ? CX4_OK :
		    CX4_E_ATTRIBUTE);
		check_counts(t, 0, 1, t->place & UNSIGNED ? CX4_OK :
		    CX4_E_ATTRIBUTE);
		check_counts(t, 1, 1, CX4_E_ATTRIBUTE);
		check_counts(t, 2, 0, t->place & SIGNED ? twice :
		    CX4_E_ATTRIBUTE);
		check_counts(t, 0, 2, t->place & UNSIGNED ? twice :
		    CX4_E_ATTRIBUTE);
		check_values(t, t->value, 0, CX4_E_ATTRIBUTE);
		check_values(t, t->value, 2, twice);
		if (t->wrong != NULL)
			check_values(t, t->wrong, 1, CX4_E_ATTRIBUTE);
	}
}

/* 300 times is not fewer than once, however it is counted. */
static void
test_many(void)
{
	check_counts(&rules[0], 300, 0, CX4_E_ATTRIBUTE);
	check_counts(&rules[0], 256, 0, CX4_E_ATTRIBUTE);
	check_counts(&rules[0], 257, 0, CX4_E_ATTRIBUTE);
}

/* What is not known may stand anywhere, and is listed. */
static void
test_unknown(void)
{
	struct cx4i_buf set[2] = { { NULL, 0, 0 }, { NULL, 0, 0 } };
	struct cx4i_signer_info s;

	memset(&s, 0, sizeof(s));
	add_attr(&set[0], "1.2.3", "0500", 1);
	add_attr(&set[0], cx4i_oid_text(CX4I_OID_CONTENT_TYPE), "06022a03",
	    1);
	add_attr(&set[0], "1.2.3", "0500", 0);
	add_attr(&set[0], "1.2.4", "0500", 3);
	/* Known as an OID, but not as an attribute. */
	add_attr(&set[0], cx4i_oid_text(CX4I_OID_P22), "0500", 1);
	add_attr(&set[1], "1.2.5", "0500", 1);
	add_attr(&set[1], cx4i_oid_text(CX4I_OID_COUNTER_SIGNATURE), "3000",
	    1);
	is_int(cx4i_attrs_check(cx4i_buf_slice(&set[0]),
	    cx4i_buf_slice(&set[1]), 9, &s, NULL), CX4_OK,
	    "attributes that are not known");
	is_int(s.unknown_count, 4, "four of them signed");
	if (s.unknown_count == 4) {
		is_str(s.unknown[0], "1.2.3", "the first");
		is_str(s.unknown[1], "1.2.3", "the first again");
		is_str(s.unknown[2], "1.2.4", "the third");
		is_str(s.unknown[3], "p22", "the fourth");
	}
	is_int(s.unsigned_count, 2, "two are unsigned");
	if (s.unsigned_count == 2) {
		is_str(s.unsigned_attrs[0], "1.2.5", "one unknown");
		is_str(s.unsigned_attrs[1], "counterSignature", "one known");
	}
	info_free(&s);
	cx4i_buf_free(&set[0]);
	cx4i_buf_free(&set[1]);
}

/* The limit counts signed and unsigned ones together. */
static void
test_limit(void)
{
	struct cx4i_buf set[2] = { { NULL, 0, 0 }, { NULL, 0, 0 } };
	int i;

	for (i = 0; i < 3; i++)
		add_attr(&set[0], "1.2.3", "0500", 1);
	is_int(check(&set[0], &set[1], 3, NULL), CX4_OK, "three of three");
	is_int(check(&set[0], &set[1], 2, NULL), CX4_E_LIMIT_ATTRIBUTES,
	    "three of two");
	is_int(check(&set[1], &set[0], 2, NULL), CX4_E_LIMIT_ATTRIBUTES,
	    "unsigned too");
	add_attr(&set[1], "1.2.3", "0500", 1);
	is_int(check(&set[0], &set[1], 4, NULL), CX4_OK, "four of four");
	is_int(check(&set[0], &set[1], 3, NULL), CX4_E_LIMIT_ATTRIBUTES,
	    "four of three");
	add_attr(&set[1], "1.2.4", "0500", 5);
	is_int(check(&set[0], &set[1], 9, NULL), CX4_OK,
	    "values count one by one");
	is_int(check(&set[0], &set[1], 8, NULL), CX4_E_LIMIT_ATTRIBUTES,
	    "and are one too many");
	cx4i_buf_free(&set[0]);
	cx4i_buf_free(&set[1]);
}

/* What is no SET OF Attribute. */
static const char *const malformed[] = {
	"05", "0500", "3000", "3002 3100", "3004 06022a03",
	"3006 06022a03 3000", "3004 3100 0500", "3008 06022a03 3100 0500",
	"3007 06022a03 310105", "3006 06022a03 3105",
	"3006 06022a03 3100 30", "3080 06022a03 3100 0000",
	"3008 06022a03 3102 0500 3000", "3004 0202 2a03",
};

static void
test_malformed(void)
{
	struct cx4i_buf b = { NULL, 0, 0 }, none = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < COUNT(malformed); i++) {
		cx4i_buf_free(&b);
		add_hex(&b, malformed[i]);
		is_int(check(&b, &none, 9, NULL), CX4_E_STRUCTURE,
		    "signed: %s", malformed[i]);
		is_int(check(&none, &b, 9, NULL), CX4_E_STRUCTURE,
		    "unsigned");
	}
	cx4i_buf_free(&b);
	is_int(check(&none, &none, 9, NULL), CX4_OK, "none at all");
}

static void
test_find(void)
{
	struct cx4i_buf set = { NULL, 0, 0 };
	struct cx4i_slice in;
	struct cx4i_attr a;

	add_attr(&set, "1.2.3", "0500", 1);
	add_attr(&set, cx4i_oid_text(CX4I_OID_MESSAGE_DIGEST), "040155", 2);
	add_attr(&set, "1.2.4", "0500", 0);
	in = cx4i_buf_slice(&set);
	is_int(cx4i_attr_find(in, CX4I_OID_MESSAGE_DIGEST, &a), 1, "found");
	is_mem(a.value.data, a.value.len, "\x04\x01\x55", 3, "its value");
	is_int(a.values.len, 6, "all of them");
	is_int(cx4i_attr_find(in, CX4I_OID_CONTENT_TYPE, &a), 0,
	    "another one is not");
	is_int(cx4i_attr_next(&in, &a), 1, "one");
	is_int(a.oid, CX4I_OID_UNKNOWN, "not known");
	is_int(cx4i_attr_next(&in, &a), 1, "two");
	is_int(cx4i_attr_next(&in, &a), 1, "three");
	ok(a.value.len == 0 && a.values.len == 0, "which has no value");
	is_int(cx4i_attr_next(&in, &a), 0, "and no more");
	cx4i_buf_free(&set);
}

/* ---------------------------------------------------------------- times */

static const struct time {
	const char *text;
	int general;		/* GeneralizedTime */
	int64_t want;		/* -1: refused; none is in the table */
} times[] = {
	{ "700101000000Z", 0, 0 },
	{ "260101000000Z", 0, SAMPLE_TIME },
	{ "491231235959Z", 0, INT64_C(2524607999) },
	{ "500101000000Z", 0, INT64_C(-631152000) },
	{ "991231235959Z", 0, INT64_C(946684799) },
	{ "000101000000Z", 0, INT64_C(946684800) },
	{ "000229000000Z", 0, INT64_C(951782400) },
	{ "240229235959Z", 0, INT64_C(1709251199) },
	{ "230229000000Z", 0, -1 },
	{ "230228235959Z", 0, INT64_C(1677628799) },
	{ "20500101000000Z", 1, INT64_C(2524608000) },
	{ "19491231235959Z", 1, INT64_C(-631152001) },
	{ "20000229000000Z", 1, INT64_C(951782400) },
	{ "21000228000000Z", 1, INT64_C(4107456000) },
	{ "21000229000000Z", 1, -1 },
	{ "19000229000000Z", 1, -1 },
	{ "24000229000000Z", 1, INT64_C(13574563200) },
	{ "99991231235959Z", 1, INT64_C(253402300799) },
	{ "00000101000000Z", 1, INT64_C(-62167219200) },
	/* out of range */
	{ "260001000000Z", 0, -1 }, { "261301000000Z", 0, -1 },
	{ "260100000000Z", 0, -1 }, { "260132000000Z", 0, -1 },
	{ "260431000000Z", 0, -1 }, { "260430000000Z", 0, 1777507200 },
	{ "260631000000Z", 0, -1 }, { "260931000000Z", 0, -1 },
	{ "261131000000Z", 0, -1 }, { "261231000000Z", 0, 1798675200 },
	{ "260101240000Z", 0, -1 }, { "260101230000Z", 0, 1767308400 },
	{ "260101006000Z", 0, -1 }, { "260101005900Z", 0, 1767229140 },
	{ "260101000060Z", 0, -1 }, { "260101000059Z", 0, 1767225659 },
	/* other forms */
	{ "2601010000Z", 0, -1 }, { "260101000000", 0, -1 },
	{ "260101000000+0000", 0, -1 }, { "260101000000z", 0, -1 },
	{ "260101000000.5Z", 0, -1 }, { "26010100000 Z", 0, -1 },
	{ "-60101000000Z", 0, -1 }, { "2601010000:0Z", 0, -1 },
	{ "", 0, -1 }, { "Z", 0, -1 }, { "20260101000000Z", 0, -1 },
	{ "260101000000Z", 1, -1 }, { "20260101000000.0Z", 1, -1 },
	{ "20260101000000", 1, -1 }, { "202601010000Z", 1, -1 },
	{ "", 1, -1 }, { "2026010100000AZ", 1, -1 },
};

static void
test_times(void)
{
	struct cx4i_slice in;
	uint8_t whole[64];
	int64_t when;
	size_t i, n;
	int r;

	for (i = 0; i < COUNT(times); i++) {
		n = strlen(times[i].text);
		whole[0] = times[i].general ? CX4I_GENERALIZED_TIME :
		    CX4I_UTC_TIME;
		whole[1] = (uint8_t)n;
		memcpy(whole + 2, times[i].text, n);
		in = exact_copy(whole, n + 2);
		r = cx4i_time_parse(in, &when);
		is_int(r, times[i].want == -1 ? -1 : 0, "%s '%s'",
		    times[i].general ? "general" : "UTC", times[i].text);
		if (r == 0)
			is_int(when, times[i].want, "its value");
		free((void *)(uintptr_t)in.data);
	}
	in.data = (const uint8_t *)"\x13\x0d" "260101000000Z";
	in.len = 15;
	is_int(cx4i_time_parse(in, &when), -1, "another type");
	in.len = 9;
	is_int(cx4i_time_parse(in, &when), -1, "a value that is cut");
}

/* -------------------------------------------------- making and describing */

static void
describe(struct cx4i_der *d, struct cx4i_signer_info *s)
{
	struct cx4i_slice in;
	struct cx4i_tlv set;

	cx4i_der_close_set_of(d);
	need(cx4i_der_ok(d), "attributes");
	in = cx4i_buf_slice(&d->buf);
	need(cx4i_tlv_expect(&in, CX4I_SET, &set) == 0, "SET");
	memset(s, 0, sizeof(*s));
	cx4i_attrs_describe(set.body, s);
	is_int(cx4i_attrs_check(set.body, in, 256, s, NULL), CX4_OK,
	    "what is made keeps the rules");
	is_int(s->unknown_count, 0, "and is known");
}

static void
test_made(void)
{
	struct cx4i_slice oid = { (const uint8_t *)"\x2a\x03", 2 }, in;
	struct cx4i_signer_info s;
	struct cx4i_tlv set;
	struct cx4i_attr a;
	struct cx4i_der d;
	cx4_policy *p = cx4_policy_new(ctx(), "rfc3854");
	cx4_id *id = who("alice");
	char want[400], serial[80];

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SET);
	cx4i_attr_content_type(&d, oid);
	cx4i_attr_message_digest(&d, (const uint8_t *)"digest", 6);
	cx4i_attr_signing_time(&d, SAMPLE_TIME);
	cx4i_attr_capabilities(&d, p);
	cx4i_attr_key_preference(&d, id);
	describe(&d, &s);
	ok(s.has_signing_time && s.signing_time == SAMPLE_TIME,
	    "the time is that");
	is_int(s.capabilities_count, 4, "four ciphers");
	if (s.capabilities_count == 4) {
		is_str(s.capabilities[0], "aes-256-cbc", "the best first");
		is_str(s.capabilities[3], "des-ede3-cbc", "the worst last");
	}
	cx4i_hex_text(id->serial, serial, sizeof(serial));
	snprintf(want, sizeof(want), "CN=Test authority,O=cmsx400 test,C=NO,"
	    " serial 0x%s", serial);
	is_str(s.key_preference, want, "the certificate that is preferred");
	in = cx4i_buf_slice(&d.buf);
	need(cx4i_tlv_expect(&in, CX4I_SET, &set) == 0, "SET");
	is_int(cx4i_attr_find(set.body, CX4I_OID_MESSAGE_DIGEST, &a), 1,
	    "a digest");
	is_mem(a.value.data, a.value.len, "\x04\x06" "digest", 8, "that one");
	is_int(cx4i_attr_find(set.body, CX4I_OID_CONTENT_TYPE, &a), 1,
	    "a type");
	is_mem(a.value.data, a.value.len, "\x06\x02\x2a\x03", 4, "that one");
	info_free(&s);
	cx4i_der_free(&d);
	cx4_policy_free(&p);
}

/* A policy does not list what it would not decrypt. */
static void
test_capabilities(void)
{
	static const struct {
		const char *policy;
		size_t count;
	} cases[] = { { "rfc3854", 4 }, { "modern", 7 }, { "strict", 3 } };
	struct cx4i_signer_info s;
	struct cx4i_der d;
	cx4_policy *p;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		p = cx4_policy_new(ctx(), cases[i].policy);
		cx4i_der_init(&d);
		cx4i_der_open(&d, CX4I_SET);
		cx4i_attr_capabilities(&d, p);
		describe(&d, &s);
		is_int(s.has_capabilities, 1, "%s", cases[i].policy);
		is_int(s.capabilities_count, cases[i].count, "its ciphers");
		info_free(&s);
		cx4i_der_free(&d);
		cx4_policy_free(&p);
	}
}

/* Values as others write them, and values that cannot be read. */
static void
test_described(void)
{
	static const struct {
		enum cx4i_oid oid;
		const char *value;
		const char *preference;
		int has_time, has_capabilities;
		size_t capabilities;
	} cases[] = {
		{ CX4I_OID_ENCRYP_KEY_PREF, "8203 0102ff", "key 0x0102ff", 0,
		    0, 0 },
		{ CX4I_OID_ENCRYP_KEY_PREF, "a105 0403 0102ff",
		    "key 0x0102ff", 0, 0, 0 },
		{ CX4I_OID_ENCRYP_KEY_PREF, "a103 020105", "", 0, 0, 0 },
		{ CX4I_OID_ENCRYP_KEY_PREF, "a003 020105", "", 0, 0, 0 },
		{ CX4I_OID_ENCRYP_KEY_PREF, "a005 3000 020107",
		    ", serial 0x07", 0, 0, 0 },
		{ CX4I_OID_ENCRYP_KEY_PREF, "0500", "", 0, 0, 0 },
		{ CX4I_OID_ENCRYP_KEY_PREF, "8300", "", 0, 0, 0 },
		{ CX4I_OID_SIGNING_TIME, "170d3236303130313030303030305a",
		    "", 1, 0, 0 },
		{ CX4I_OID_SIGNING_TIME, "1700", "", 0, 0, 0 },
		{ CX4I_OID_SIGNING_TIME, "0500", "", 0, 0, 0 },
		{ CX4I_OID_SMIME_CAPABILITIES, "3000", "", 0, 1, 0 },
		{ CX4I_OID_SMIME_CAPABILITIES, "3006 3004 06022a03", "", 0,
		    1, 1 },
		{ CX4I_OID_SMIME_CAPABILITIES, "3008 0500 3004 06022a03",
		    "", 0, 1, 1 },
		{ CX4I_OID_SMIME_CAPABILITIES, "0500", "", 0, 0, 0 },
	};
	struct cx4i_buf set = { NULL, 0, 0 };
	struct cx4i_signer_info s;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		cx4i_buf_free(&set);
		add_attr(&set, cx4i_oid_text(cases[i].oid), cases[i].value,
		    1);
		memset(&s, 0, sizeof(s));
		cx4i_attrs_describe(cx4i_buf_slice(&set), &s);
		is_str(s.key_preference, cases[i].preference, "%s %s",
		    cx4i_oid_name(cases[i].oid), cases[i].value);
		is_int(s.has_signing_time, cases[i].has_time, "time");
		is_int(s.has_capabilities, cases[i].has_capabilities,
		    "capabilities");
		is_int(s.capabilities_count, cases[i].capabilities,
		    "their number");
		info_free(&s);
	}
	cx4i_buf_free(&set);
}

int
main(void)
{
	test_rules();
	test_many();
	test_unknown();
	test_limit();
	test_malformed();
	test_find();
	test_times();
	test_made();
	test_capabilities();
	test_described();
	sample_end();
	return done_testing();
}
