/*
 * t_ess.c - signingCertificate and contentHints, made and checked.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/cms/attrs.h"
#include "../libcmsx400/cms/ess.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ------------------------------------------------- values built by hand */

/* What a SigningCertificate says of a certificate; zero is the ordinary. */
struct spec {
	const char *hash_alg;	/* AlgorithmIdentifier in hex, or NULL */
	const char *digest;	/* that makes the hash; NULL: SHA-256 */
	const char *of;		/* whose hash; NULL: alice's */
	const char *issuer;	/* whose issuer ... */
	const char *serial;	/* ... and serial number; NULL: none */
	int names;		/* GeneralNames: 0 is one */
	uint8_t name_tag;	/* 0: [4] directoryName */
	int cut;		/* octets the hash lacks */
	const char *second;	/* whose hash comes second, or NULL */
	const char *after;	/* hex after the certs, or NULL */
};

static void
put_hex(struct cx4i_der *d, const char *hex)
{
	struct cx4i_buf b = { NULL, 0, 0 };

	add_hex(&b, hex);
	cx4i_der_raw(d, b.data, b.len);
	cx4i_buf_free(&b);
}

static void
put_hash(struct cx4i_der *d, const char *digest, const char *of, int cut)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	cx4_id *id = who(of);
	size_t n;

	need(EVP_Q_digest(NULL, digest, NULL, id->der.data, id->der.len, md,
	    &n) == 1, digest);
	cx4i_der_value(d, CX4I_OCTET_STRING, md, n - (size_t)cut);
}

static void
put_issuer_serial(struct cx4i_der *d, const struct spec *s)
{
	cx4_id *issuer = who(s->issuer), *serial = who(s->serial);
	int i, names = s->names != 0 ? s->names : 1;

	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_open(d, CX4I_SEQUENCE);
	for (i = 0; i < names; i++) {
		if (s->name_tag != 0) {
			cx4i_der_value(d, s->name_tag, "a@b", 3);
			continue;
		}
		cx4i_der_open(d, CX4I_CONTEXT_C(4));
		cx4i_der_slice(d, issuer->issuer);
		cx4i_der_close(d);
	}
	cx4i_der_close(d);
	cx4i_der_value(d, CX4I_INTEGER, serial->serial.data,
	    serial->serial.len);
	cx4i_der_close(d);
}

static struct cx4i_buf
build(const struct spec *s)
{
	const char *digest = s->digest != NULL ? s->digest : "SHA256";
	struct cx4i_buf out = { NULL, 0, 0 };
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	if (s->hash_alg != NULL)
		put_hex(&d, s->hash_alg);
	put_hash(&d, digest, s->of != NULL ? s->of : "alice", s->cut);
	if (s->issuer != NULL)
		put_issuer_serial(&d, s);
	cx4i_der_close(&d);
	if (s->second != NULL) {
		cx4i_der_open(&d, CX4I_SEQUENCE);
		put_hash(&d, digest, s->second, 0);
		cx4i_der_close(&d);
	}
	cx4i_der_close(&d);
	if (s->after != NULL)
		put_hex(&d, s->after);
	cx4i_der_close(&d);
	need(cx4i_der_ok(&d), "SigningCertificate");
	cx4i_buf_add(&out, d.buf.data, d.buf.len);
	cx4i_der_free(&d);
	return out;
}

#define SHA1_ID "3009 06052b0e03021a 0500"
#define SHA224_ID "300b 0609608648016503040204"
#define SHA256_ID "300b 0609608648016503040201"
#define SHA256_NULL_ID "300d 0609608648016503040201 0500"
#define SHA512_ID "300b 0609608648016503040203"
#define UNKNOWN_ID "3004 06022a03"

static const struct {
	const char *name;
	int v2;
	struct spec spec;
	enum cx4_verdict want;
	const char *why;
} table[] = {
	/* V2 */
	{ "V2, the default hash", 1, { 0 }, CX4_V_VALID, NULL },
	{ "V2, SHA-256 by name", 1, { .hash_alg = SHA256_ID }, CX4_V_VALID,
	    NULL },
	{ "V2, SHA-256 with NULL", 1, { .hash_alg = SHA256_NULL_ID },
	    CX4_V_VALID, NULL },
	{ "V2, SHA-512", 1, { .hash_alg = SHA512_ID, .digest = "SHA512" },
	    CX4_V_VALID, NULL },
	{ "V2, SHA-1", 1, { .hash_alg = SHA1_ID, .digest = "SHA1" },
	    CX4_V_VALID, NULL },
	{ "V2, SHA-224", 1, { .hash_alg = SHA224_ID, .digest = "SHA224" },
	    CX4_V_UNSUPPORTED, "not supported" },
	{ "V2, a hash nobody knows", 1, { .hash_alg = UNKNOWN_ID },
	    CX4_V_UNSUPPORTED, "not supported" },
	{ "V2, another hash than it says", 1, { .hash_alg = SHA512_ID },
	    CX4_V_INVALID, "hash differs" },
	{ "V2, SHA-1 without saying so", 1, { .digest = "SHA1" },
	    CX4_V_INVALID, "hash differs" },
	{ "V2, another's hash", 1, { .of = "bob" }, CX4_V_INVALID,
	    "hash differs" },
	{ "V2, a hash that is cut", 1, { .cut = 1 }, CX4_V_INVALID,
	    "hash differs" },
	{ "V2, an empty hash", 1, { .cut = 32 }, CX4_V_INVALID,
	    "hash differs" },
	{ "V2, only the first counts", 1, { .second = "bob" }, CX4_V_VALID,
	    NULL },
	{ "V2, and not the second", 1, { .of = "bob", .second = "alice" },
	    CX4_V_INVALID, "hash differs" },
	{ "V2, with issuer and serial", 1, { .issuer = "alice",
	    .serial = "alice" }, CX4_V_VALID, NULL },
	{ "V2, another serial", 1, { .issuer = "alice", .serial = "bob" },
	    CX4_V_INVALID, "issuer and serial" },
	{ "V2, another issuer", 1, { .issuer = "zed", .serial = "alice" },
	    CX4_V_INVALID, "issuer and serial" },
	{ "V2, two issuers", 1, { .issuer = "alice", .serial = "alice",
	    .names = 2 }, CX4_V_INVALID, "issuer and serial" },
	{ "V2, an issuer by mail address", 1, { .issuer = "alice",
	    .serial = "alice", .name_tag = 0x81 }, CX4_V_INVALID,
	    "issuer and serial" },
	{ "V2, policies follow", 1, { .after = "3006 3004 06022a03" },
	    CX4_V_VALID, NULL },
	{ "V2, something else follows", 1, { .after = "0500" },
	    CX4_V_INVALID, "cannot be decoded" },
	/* V1 */
	{ "V1", 0, { .digest = "SHA1" }, CX4_V_VALID, NULL },
	{ "V1, with issuer and serial", 0, { .digest = "SHA1",
	    .issuer = "alice", .serial = "alice" }, CX4_V_VALID, NULL },
	{ "V1, SHA-256", 0, { 0 }, CX4_V_INVALID, "hash differs" },
	{ "V1, another's", 0, { .digest = "SHA1", .of = "bob" },
	    CX4_V_INVALID, "hash differs" },
	{ "V1, another serial", 0, { .digest = "SHA1", .issuer = "alice",
	    .serial = "bob" }, CX4_V_INVALID, "issuer and serial" },
	{ "V1, another issuer", 0, { .digest = "SHA1", .issuer = "zed",
	    .serial = "alice" }, CX4_V_INVALID, "issuer and serial" },
	{ "V1 with a hash algorithm", 0, { .digest = "SHA1",
	    .hash_alg = SHA1_ID }, CX4_V_INVALID, "cannot be decoded" },
	/* the twin has the same issuer and serial, and another key */
	{ "V2, the twin's hash", 1, { .of = "twin", .issuer = "twin",
	    .serial = "twin" }, CX4_V_INVALID, "hash differs" },
};

static void
check(const char *name, int v2, struct cx4i_slice value,
    enum cx4_verdict want, const char *part)
{
	struct cx4i_slice exact = exact_copy(value.data, value.len);
	const char *why = NULL;

	is_int(cx4i_ess_check(ctx(), v2, exact, cx4_id_cert(who("alice")),
	    &why), want, "%s", name);
	if (part != NULL && !ok(why != NULL && strstr(why, part) != NULL,
	    "why: %s", part))
		note("got: %s", why != NULL ? why : "(NULL)");
	free((void *)(uintptr_t)exact.data);
}

static void
test_table(void)
{
	struct cx4i_buf value;
	size_t i;

	for (i = 0; i < COUNT(table); i++) {
		value = build(&table[i].spec);
		check(table[i].name, table[i].v2, cx4i_buf_slice(&value),
		    table[i].want, table[i].why);
		cx4i_buf_free(&value);
	}
}

static void
test_garbage(void)
{
	static const char *const bad[] = {
		"", "0500", "3000", "3002 3000", "3004 3002 3000",
		"3006 3004 3002 0500", "30",
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	struct spec plain = { 0 };
	struct cx4i_slice in;
	const char *why;
	size_t i, good = 0;
	int v2;

	for (i = 0; i < COUNT(bad); i++)
		for (v2 = 0; v2 < 2; v2++) {
			cx4i_buf_free(&b);
			add_hex(&b, bad[i]);
			check(bad[i], v2, cx4i_buf_slice(&b), CX4_V_INVALID,
			    "");
		}
	cx4i_buf_free(&b);
	b = build(&plain);
	for (i = 0; i < b.len; i++) {
		in = exact_copy(b.data, i);
		good += cx4i_ess_check(ctx(), 1, in,
		    cx4_id_cert(who("alice")), &why) != CX4_V_INVALID;
		free((void *)(uintptr_t)in.data);
	}
	is_int(good, 0, "one that is cut is not valid");
	cx4i_buf_free(&b);
}

/* -------------------------------------------------------- what we make */

static const struct {
	enum cx4_digest digest;
	enum cx4i_oid oid;
	const char *hash_alg;	/* that stands in it, in hex; NULL: none */
} makes[] = {
	{ CX4_DIGEST_SHA1, CX4I_OID_SIGNING_CERTIFICATE, NULL },
	{ CX4_DIGEST_SHA256, CX4I_OID_SIGNING_CERTIFICATE_V2, NULL },
	{ CX4_DIGEST_SHA384, CX4I_OID_SIGNING_CERTIFICATE_V2,
	    "300b 0609608648016503040202" },
	{ CX4_DIGEST_SHA512, CX4I_OID_SIGNING_CERTIFICATE_V2, SHA512_ID },
};

/* The first element of the ESSCertID, if it is no hash. */
static void
check_hash_alg(struct cx4i_slice value, const char *want)
{
	struct cx4i_buf octets = { NULL, 0, 0 };
	struct cx4i_tlv t;
	int i;

	for (i = 0; i < 3; i++) {
		need(cx4i_tlv_expect(&value, CX4I_SEQUENCE, &t) == 0, "ESS");
		value = t.body;
	}
	need(cx4i_tlv_next(&value, &t) == 1, "ESSCertID");
	if (want == NULL) {
		is_int(t.ident, CX4I_OCTET_STRING, "the hash comes first");
		return;
	}
	add_hex(&octets, want);
	is_mem(t.whole.data, t.whole.len, octets.data, octets.len,
	    "the algorithm is named");
	cx4i_buf_free(&octets);
}

static void
test_make(void)
{
	const char *names[] = { "alice", "carol", "ca" }, *why;
	struct cx4i_slice in;
	struct cx4i_attr a;
	struct cx4i_der d;
	size_t i, j;
	int v2;

	for (i = 0; i < COUNT(makes); i++)
		for (j = 0; j < COUNT(names); j++) {
			cx4i_der_init(&d);
			is_int(cx4i_ess_add(ctx(), &d,
			    cx4i_digest_by_id(makes[i].digest),
			    who(names[j])), 0, "made for %s, digest %zu",
			    names[j], i);
			ok(cx4i_der_ok(&d), "closed");
			in = cx4i_buf_slice(&d.buf);
			need(cx4i_attr_next(&in, &a) == 1, "attribute");
			is_int(a.oid, makes[i].oid, "its type");
			is_int(cx4i_tlv_count(a.values), 1, "one value");
			check_hash_alg(a.value, makes[i].hash_alg);
			v2 = a.oid == CX4I_OID_SIGNING_CERTIFICATE_V2;
			is_int(cx4i_ess_check(ctx(), v2, a.value,
			    cx4_id_cert(who(names[j])), &why), CX4_V_VALID,
			    "names the certificate");
			is_int(cx4i_ess_check(ctx(), v2, a.value,
			    cx4_id_cert(who("bob")), &why), CX4_V_INVALID,
			    "and no other");
			is_int(cx4i_ess_check(ctx(), !v2, a.value,
			    cx4_id_cert(who(names[j])), &why) ==
			    CX4_V_VALID, 0, "nor in the other version");
			cx4i_der_free(&d);
		}
}

/* ------------------------------------------------------------ contentHints */

static const struct {
	const char *hex;
	const char *want;	/* NULL: cannot be read */
} hints[] = {
	{ "3005 0603 560a01", "2.6.10.1" },
	{ "3006 0604 56010a01", "2.6.1.10.1" },
	{ "3009 0c0161 0604 56010a01", "2.6.1.10.1" },
	{ "300b 2405 0403 616263 0604", NULL },
	{ "3080 0604 56010a01 0000", "2.6.1.10.1" },
	{ "3000", NULL }, { "", NULL }, { "0604 56010a01", NULL },
	{ "3003 0c0161", NULL }, { "3008 0604 56010a01 0500", NULL },
	{ "3004 0604 5601", NULL },
};

static void
test_hints(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_slice in;
	struct cx4i_attr a;
	struct cx4i_der d;
	char oid[CX4I_OID_TEXT];
	size_t i;

	for (i = 0; i < COUNT(hints); i++) {
		cx4i_buf_free(&b);
		add_hex(&b, hints[i].hex);
		is_int(cx4i_hint_type(ctx(), cx4i_buf_slice(&b), oid,
		    sizeof(oid)), hints[i].want != NULL ? 0 : -1, "hint %s",
		    hints[i].hex);
		if (hints[i].want != NULL)
			is_str(oid, hints[i].want, "its type");
	}
	cx4i_buf_free(&b);
	cx4i_der_init(&d);
	cx4i_hint_add(&d, P22);
	ok(cx4i_der_ok(&d), "a hint is made");
	in = cx4i_buf_slice(&d.buf);
	need(cx4i_attr_next(&in, &a) == 1, "attribute");
	is_int(a.oid, CX4I_OID_CONTENT_HINTS, "its attribute");
	is_int(cx4i_hint_type(ctx(), a.value, oid, sizeof(oid)), 0, "read");
	is_str(oid, P22, "what was hinted at");
	for (i = 1; i < sizeof(P22) + 1; i++)
		is_int(cx4i_hint_type(ctx(), a.value, oid, i),
		    i < sizeof(P22) ? -1 : 0, "in room for %zu", i);
	cx4i_der_free(&d);
	cx4i_der_init(&d);
	cx4i_hint_add(&d, "no OID");
	ok(!cx4i_der_ok(&d), "a hint at no OID fails");
	cx4i_der_free(&d);
}

int
main(void)
{
	test_table();
	test_garbage();
	test_make();
	test_hints();
	sample_end();
	return done_testing();
}
