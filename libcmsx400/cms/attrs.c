/*
 * attrs.c - the attributes of a SignerInfo: the rules for them, and making
 * them.
 *
 * OpenSSL checks number and place for five attributes only; the table here
 * has all that RFC 2634 section 1.3.4, RFC 3851 section 2.5 and RFC 5652
 * section 11 name. The ESS attributes' insides are in ess.c.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "attrs.h"

/* Where an attribute may stand, and how often. */
enum {
	SIGNED_ONLY = 1,
	UNSIGNED_ONLY = 2,
	MANY_VALUES = 4
};

struct rule {
	enum cx4i_oid oid;
	unsigned int flags;
	uint8_t ident;		/* of the value; 0: more than one is right */
};

static const struct rule rules[] = {
	{ CX4I_OID_CONTENT_TYPE, SIGNED_ONLY, CX4I_OID },
	{ CX4I_OID_MESSAGE_DIGEST, SIGNED_ONLY, CX4I_OCTET_STRING },
	{ CX4I_OID_SIGNING_TIME, SIGNED_ONLY, 0 },
	{ CX4I_OID_SMIME_CAPABILITIES, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_ENCRYP_KEY_PREF, SIGNED_ONLY, 0 },
	{ CX4I_OID_SIGNING_CERTIFICATE, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_SIGNING_CERTIFICATE_V2, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_RECEIPT_REQUEST, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_SECURITY_LABEL, SIGNED_ONLY, CX4I_SET },
	{ CX4I_OID_EQUIVALENT_LABELS, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_ML_EXPAND_HISTORY, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_MSG_SIG_DIGEST, SIGNED_ONLY, CX4I_OCTET_STRING },
	{ CX4I_OID_CONTENT_REFERENCE, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_ALGORITHM_PROTECTION, SIGNED_ONLY, CX4I_SEQUENCE },
	{ CX4I_OID_CONTENT_HINTS, 0, CX4I_SEQUENCE },
	{ CX4I_OID_CONTENT_IDENTIFIER, 0, CX4I_OCTET_STRING },
	{ CX4I_OID_COUNTER_SIGNATURE, UNSIGNED_ONLY | MANY_VALUES,
	    CX4I_SEQUENCE },
	{ CX4I_OID_TIME_STAMP_TOKEN, UNSIGNED_ONLY | MANY_VALUES,
	    CX4I_SEQUENCE },
};

#define N_RULES (sizeof(rules) / sizeof(rules[0]))

static const struct rule *
find_rule(enum cx4i_oid oid)
{
	size_t i;

	for (i = 0; i < N_RULES; i++)
		if (rules[i].oid == oid)
			return &rules[i];
	return NULL;
}

int
cx4i_attr_next(struct cx4i_slice *set, struct cx4i_attr *a)
{
	struct cx4i_tlv seq, oid, values, first;
	struct cx4i_slice in;
	int r;

	memset(a, 0, sizeof(*a));
	if ((r = cx4i_tlv_next(set, &seq)) != 1)
		return r;
	in = seq.body;
	if (seq.ident != CX4I_SEQUENCE ||
	    cx4i_tlv_expect(&in, CX4I_OID, &oid) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_SET, &values) != 0 || in.len != 0)
		return -1;
	a->oid_body = oid.body;
	a->oid = cx4i_oid_find(oid.body);
	a->values = values.body;
	in = values.body;
	if ((r = cx4i_tlv_next(&in, &first)) < 0)
		return -1;
	if (r == 1)
		a->value = first.whole;
	return 1;
}

int
cx4i_attr_find(struct cx4i_slice set, enum cx4i_oid oid,
    struct cx4i_attr *a)
{
	while (cx4i_attr_next(&set, a) == 1)
		if (a->oid == oid)
			return 1;
	return 0;
}

static const char *
attr_name(const struct cx4i_attr *a, char *buf, size_t size)
{
	if (a->oid != CX4I_OID_UNKNOWN)
		return cx4i_oid_name(a->oid);
	cx4i_oid_to_text(a->oid_body, buf, size);
	return buf;
}

static int
check_one(const struct cx4i_attr *a, const struct rule *rule, int is_signed,
    cx4_error *e)
{
	const char *name = cx4i_oid_name(a->oid);
	long values = cx4i_tlv_count(a->values);

	if (is_signed && (rule->flags & UNSIGNED_ONLY))
		return cx4i_fail(e, CX4_E_ATTRIBUTE,
		    "%s must not be signed", name);
	if (!is_signed && (rule->flags & SIGNED_ONLY))
		return cx4i_fail(e, CX4_E_ATTRIBUTE,
		    "%s must be signed", name);
	if (values < 1 || (values > 1 && !(rule->flags & MANY_VALUES)))
		return cx4i_fail(e, CX4_E_ATTRIBUTE,
		    "%s has %ld values instead of one", name, values);
	if (rule->ident != 0 && a->value.data[0] != rule->ident)
		return cx4i_fail(e, CX4_E_ATTRIBUTE,
		    "%s has a value of the wrong type", name);
	return CX4_OK;
}

/* Times seen of each ruled attribute, in signed and unsigned together. */
struct tally {
	unsigned char seen[N_RULES];
	uint64_t total;
	uint64_t limit;
};

static int
count_one(struct tally *t, const struct rule *rule, const char *name,
    cx4_error *e)
{
	size_t i = (size_t)(rule - rules);

	if (t->seen[i]++ != 0 && !(rule->flags & MANY_VALUES))
		return cx4i_fail(e, CX4_E_ATTRIBUTE,
		    "%s is there more than once", name);
	/* Only the first matters: keep the count from running over. */
	t->seen[i] = 1;
	return CX4_OK;
}

static int
check_set(struct cx4i_slice set, int is_signed, struct tally *t,
    struct cx4i_signer_info *s, cx4_error *e)
{
	char buf[CX4I_OID_TEXT];
	const struct rule *rule;
	struct cx4i_attr a;
	const char *name;
	long values;
	int r;

	while ((r = cx4i_attr_next(&set, &a)) == 1) {
		/* Each value counts: an attribute may have any number. */
		values = cx4i_tlv_count(a.values);
		t->total += values > 1 ? (uint64_t)values : 1;
		if (t->total > t->limit)
			return cx4i_fail(e, CX4_E_LIMIT_ATTRIBUTES,
			    "more than %llu", (unsigned long long)t->limit);
		name = attr_name(&a, buf, sizeof(buf));
		rule = find_rule(a.oid);
		if (!is_signed && cx4i_list_add(&s->unsigned_attrs,
		    &s->unsigned_count, name) != 0)
			return cx4i_fail(e, CX4_E_NOMEM, "%s", "attributes");
		if (rule == NULL) {
			if (is_signed && cx4i_list_add(&s->unknown,
			    &s->unknown_count, name) != 0)
				return cx4i_fail(e, CX4_E_NOMEM, "%s",
				    "attributes");
			continue;
		}
		if ((r = check_one(&a, rule, is_signed, e)) != CX4_OK ||
		    (r = count_one(t, rule, name, e)) != CX4_OK)
			return r;
	}
	if (r < 0)
		return cx4i_fail(e, CX4_E_STRUCTURE, "%s attributes",
		    is_signed ? "signed" : "unsigned");
	return CX4_OK;
}

int
cx4i_attrs_check(struct cx4i_slice signed_set,
    struct cx4i_slice unsigned_set, uint64_t limit,
    struct cx4i_signer_info *s, cx4_error *e)
{
	struct tally t;
	int r;

	memset(&t, 0, sizeof(t));
	t.limit = limit;
	if ((r = check_set(signed_set, 1, &t, s, e)) != CX4_OK)
		return r;
	return check_set(unsigned_set, 0, &t, s, e);
}

static int
digits(const uint8_t *p, size_t n, int *value)
{
	*value = 0;
	for (; n > 0; p++, n--) {
		if (*p < '0' || *p > '9')
			return -1;
		*value = *value * 10 + (*p - '0');
	}
	return 0;
}

static int
days_in_month(int y, int m)
{
	static const unsigned char days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
		return 29;
	return days[m - 1];
}

int
cx4i_time_parse(struct cx4i_slice whole, int64_t *when)
{
	int y, mon, d, h, min, sec;
	struct cx4i_tlv t;
	const uint8_t *p;
	size_t year;

	if (cx4i_tlv_next(&whole, &t) != 1)
		return -1;
	year = t.ident == CX4I_UTC_TIME ? 2 : 4;
	if ((t.ident != CX4I_UTC_TIME && t.ident != CX4I_GENERALIZED_TIME) ||
	    t.body.len != year + 11 || t.body.data[year + 10] != 'Z')
		return -1;
	p = t.body.data + year;
	if (digits(t.body.data, year, &y) != 0 || digits(p, 2, &mon) != 0 ||
	    digits(p + 2, 2, &d) != 0 || digits(p + 4, 2, &h) != 0 ||
	    digits(p + 6, 2, &min) != 0 || digits(p + 8, 2, &sec) != 0)
		return -1;
	if (year == 2)
		y += y >= 50 ? 1900 : 2000;
	if (mon < 1 || mon > 12 || d < 1 || d > days_in_month(y, mon) ||
	    h > 23 || min > 59 || sec > 59)
		return -1;
	*when = cx4i_days_from_civil(y, mon, d) * 86400 + h * 3600 +
	    min * 60 + sec;
	return 0;
}

/* More of a list than this is not shown. */
#define MAX_CAPABILITIES 128

static void
describe_capabilities(struct cx4i_slice value, struct cx4i_signer_info *s)
{
	char buf[CX4I_OID_TEXT];
	struct cx4i_alg_id id;
	struct cx4i_tlv t;

	if (cx4i_tlv_expect(&value, CX4I_SEQUENCE, &t) != 0)
		return;
	s->has_capabilities = 1;
	value = t.body;
	while (s->capabilities_count < MAX_CAPABILITIES &&
	    cx4i_tlv_next(&value, &t) == 1)
		if (cx4i_alg_parse(t.whole, &id) == 0)
			cx4i_list_add(&s->capabilities,
			    &s->capabilities_count,
			    cx4i_alg_name(&id, buf, sizeof(buf)));
}

/* CHOICE { [0] IssuerAndSerialNumber, [1] RecipientKeyIdentifier, [2] SKI } */
static void
describe_preference(struct cx4i_slice value, struct cx4i_signer_info *s)
{
	struct cx4i_tlv t, issuer, serial;
	struct cx4i_slice in;

	if (cx4i_tlv_next(&value, &t) != 1)
		return;
	in = t.body;
	if (t.ident == CX4I_CONTEXT_C(0) &&
	    cx4i_tlv_expect(&in, CX4I_SEQUENCE, &issuer) == 0 &&
	    cx4i_tlv_expect(&in, CX4I_INTEGER, &serial) == 0) {
		cx4i_issuer_serial_text(issuer.whole, serial.body,
		    s->key_preference, sizeof(s->key_preference));
	} else if (t.ident == CX4I_CONTEXT_C(1) &&
	    cx4i_tlv_expect(&in, CX4I_OCTET_STRING, &serial) == 0) {
		cx4i_key_id_text(serial.body, s->key_preference,
		    sizeof(s->key_preference));
	} else if (t.ident == CX4I_CONTEXT(2)) {
		cx4i_key_id_text(t.body, s->key_preference,
		    sizeof(s->key_preference));
	}
}

void
cx4i_attrs_describe(struct cx4i_slice set, struct cx4i_signer_info *s)
{
	struct cx4i_attr a;

	while (cx4i_attr_next(&set, &a) == 1) {
		if (a.oid == CX4I_OID_SIGNING_TIME)
			s->has_signing_time = cx4i_time_parse(a.value,
			    &s->signing_time) == 0;
		else if (a.oid == CX4I_OID_SMIME_CAPABILITIES &&
		    !s->has_capabilities)
			describe_capabilities(a.value, s);
		else if (a.oid == CX4I_OID_ENCRYP_KEY_PREF)
			describe_preference(a.value, s);
	}
}

static void
open_attr(struct cx4i_der *d, enum cx4i_oid oid)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, cx4i_oid_text(oid));
	cx4i_der_open(d, CX4I_SET);
}

static void
close_attr(struct cx4i_der *d)
{
	cx4i_der_close(d);
	cx4i_der_close(d);
}

void
cx4i_attr_content_type(struct cx4i_der *d, struct cx4i_slice oid_body)
{
	open_attr(d, CX4I_OID_CONTENT_TYPE);
	cx4i_der_oid(d, oid_body);
	close_attr(d);
}

void
cx4i_attr_message_digest(struct cx4i_der *d, const uint8_t *digest,
    size_t len)
{
	open_attr(d, CX4I_OID_MESSAGE_DIGEST);
	cx4i_der_value(d, CX4I_OCTET_STRING, digest, len);
	close_attr(d);
}

/* RFC 3851 section 2.5.1. */
void
cx4i_attr_signing_time(struct cx4i_der *d, int64_t when)
{
	open_attr(d, CX4I_OID_SIGNING_TIME);
	cx4i_der_time(d, when);
	close_attr(d);
}

/*
 * RFC 3851 section 2.5.2: an entry without parameters leaves them out.
 * Nothing is listed that we would not decrypt, nor what we only tolerate.
 */
void
cx4i_attr_capabilities(struct cx4i_der *d, const cx4_policy *p)
{
	const struct cx4i_cipher_alg *c;
	size_t i;

	open_attr(d, CX4I_OID_SMIME_CAPABILITIES);
	cx4i_der_open(d, CX4I_SEQUENCE);
	for (i = 0; (c = cx4i_cipher_list(i)) != NULL; i++) {
		if (cx4i_policy_cipher(p, c) < CX4I_WRITE_WARN)
			continue;
		cx4i_der_open(d, CX4I_SEQUENCE);
		cx4i_der_oid_text(d, cx4i_oid_text(c->oid));
		cx4i_der_close(d);
	}
	cx4i_der_close(d);
	close_attr(d);
}

/* RFC 3851 section 2.5.3: [0] IMPLICIT IssuerAndSerialNumber. */
void
cx4i_attr_key_preference(struct cx4i_der *d, const cx4_id *id)
{
	open_attr(d, CX4I_OID_ENCRYP_KEY_PREF);
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_slice(d, id->issuer);
	cx4i_der_value(d, CX4I_INTEGER, id->serial.data, id->serial.len);
	cx4i_der_close(d);
	close_attr(d);
}

void
cx4i_attr_protection(struct cx4i_der *d, struct cx4i_slice digest,
    struct cx4i_slice signature)
{
	struct cx4i_tlv t;

	open_attr(d, CX4I_OID_ALGORITHM_PROTECTION);
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_slice(d, digest);
	/* [1] IMPLICIT: another tag on the same content. */
	if (cx4i_tlv_expect(&signature, CX4I_SEQUENCE, &t) == 0)
		cx4i_der_value(d, CX4I_CONTEXT_C(1), t.body.data, t.body.len);
	else
		d->failed = 1;
	cx4i_der_close(d);
	close_attr(d);
}

static int
is_null(struct cx4i_slice params)
{
	return params.len == 0 ||
	    (params.len == 2 && params.data[0] == CX4I_NULL);
}

static int
same_algorithm(const struct cx4i_alg_id *a, const struct cx4i_alg_id *b)
{
	return cx4i_slice_equal(a->oid_body, b->oid_body) &&
	    (cx4i_slice_equal(a->params, b->params) ||
	    (is_null(a->params) && is_null(b->params)));
}

/*
 * RFC 6211 section 2: { digestAlgorithm, [1] signatureAlgorithm, [2]
 * macAlgorithm }, of the last two exactly the first in a SignerInfo.
 */
int
cx4i_protection_matches(struct cx4i_slice value,
    const struct cx4i_alg_id *digest, const struct cx4i_alg_id *signature)
{
	struct cx4i_alg_id inner;
	struct cx4i_slice in;
	struct cx4i_tlv t;

	if (cx4i_tlv_expect(&value, CX4I_SEQUENCE, &t) != 0)
		return 0;
	in = t.body;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0 ||
	    cx4i_alg_parse(t.whole, &inner) != 0 ||
	    !same_algorithm(&inner, digest))
		return 0;
	return cx4i_tlv_expect(&in, CX4I_CONTEXT_C(1), &t) == 0 &&
	    cx4i_alg_parse_body(t.body, &inner) == 0 &&
	    same_algorithm(&inner, signature) && in.len == 0;
}
