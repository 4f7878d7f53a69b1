/*
 * t_trust.c - certificate paths, purpose and revocation of the users of the
 * test PKI.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/cms/ident.h"
#include "../libcmsx400/cms/trust.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HARD CX4_REQUIRE_CRL
#define SOFT (CX4_REQUIRE_CRL | CX4_ALLOW_UNKNOWN_REVOCATION)

#define UNCHECKED CX4_V_NOT_CHECKED
#define VALID CX4_V_VALID
#define INVALID CX4_V_INVALID
#define UNKNOWN CX4_V_UNKNOWN

/*
 * 2020-01-01 and the last second of 2049, between which all certificates
 * hold. OpenSSL does not count that last second any more.
 */
#define FROM INT64_C(1577836800)
#define UNTIL INT64_C(2524607999)

/* 2021-01-01: "expired" holds until then; crl-old.pem too. */
#define EXPIRY INT64_C(1609459200)

static const struct judgement {
	const char *leaf;
	const char *trust;
	const char *certs;	/* that come with the message */
	const char *crls;	/* of the policy */
	const char *policy;
	unsigned int require;
	int64_t when;		/* 0: SAMPLE_TIME */
	int code;
	enum cx4_verdict path, revocation;
	const char *why;	/* a part of the text */
} table[] = {
	/* paths */
	{ "alice", "ca", "int", NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "alice", "ca", NULL, NULL, "modern", 0, 0, CX4_E_PATH, INVALID,
	    UNCHECKED, "issuer" },
	{ "alice", "int", NULL, NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "alice", "alice-cert", NULL, NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "alice", "bob-cert", "int", NULL, "modern", 0, 0, CX4_E_PATH,
	    INVALID, UNCHECKED, "issuer" },
	{ "alice", "other-ca", "int ca", NULL, "modern", 0, 0, CX4_E_PATH,
	    INVALID, UNCHECKED, "" },
	{ "alice", "other-ca ca", "int", NULL, "modern", 0, 0, CX4_OK,
	    VALID, UNCHECKED, "" },
	{ "alice", "", "int ca", NULL, "modern", 0, 0, CX4_E_NO_TRUST,
	    UNKNOWN, UNCHECKED, "" },
	{ "alice", "ca", "other-ca zed-cert int", NULL, "modern", 0, 0,
	    CX4_OK, VALID, UNCHECKED, "" },
	{ "zed", "ca", "int other-ca", NULL, "modern", 0, 0, CX4_E_PATH,
	    INVALID, UNCHECKED, "" },
	{ "zed", "other-ca", NULL, NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "carol", "ca", "int", NULL, "strict", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "dave", "ca", "int", NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "eve", "ca", "int", NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	/* times */
	{ "alice", "ca", "int", NULL, "modern", 0, FROM, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "alice", "ca", "int", NULL, "modern", 0, FROM - 1, CX4_E_PATH,
	    INVALID, UNCHECKED, "not yet valid" },
	{ "alice", "ca", "int", NULL, "modern", 0, UNTIL - 1, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "alice", "ca", "int", NULL, "modern", 0, UNTIL + 1, CX4_E_PATH,
	    INVALID, UNCHECKED, "expired" },
	{ "expired", "ca", "int", NULL, "modern", 0, 0, CX4_E_PATH, INVALID,
	    UNCHECKED, "CN=expired" },
	{ "expired", "ca", "int", NULL, "modern", 0, EXPIRY - 1, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "expired", "ca", "int", NULL, "modern", 0, EXPIRY + 1, CX4_E_PATH,
	    INVALID, UNCHECKED, "expired" },
	/* purpose */
	{ "wrongeku", "ca", "int", NULL, "modern", 0, 0, CX4_E_PURPOSE,
	    INVALID, UNCHECKED, "emailProtection" },
	{ "nosign", "ca", "int", NULL, "modern", 0, 0, CX4_E_PURPOSE,
	    INVALID, UNCHECKED, "keyUsage allows no signatures (CN=nosign" },
	{ "noencrypt", "ca", "int", NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "int", "ca", NULL, NULL, "modern", 0, 0, CX4_E_PURPOSE, INVALID,
	    UNCHECKED, "keyUsage" },
	/* strength */
	{ "weak", "ca", "int", NULL, "modern", 0, 0, CX4_E_WEAK, INVALID,
	    UNCHECKED, "CN=weak" },
	{ "weak", "ca", "int", NULL, "strict", 0, 0, CX4_E_WEAK, INVALID,
	    UNCHECKED, "" },
	{ "weak", "ca", "int", NULL, "rfc3854", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "sha1", "ca", "int", NULL, "modern", 0, 0, CX4_E_WEAK, INVALID,
	    UNCHECKED, "" },
	{ "sha1", "ca", "int", NULL, "rfc3854", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	/* revocation is not asked for */
	{ "rita", "ca", "int", NULL, "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "rita", "ca", "int", "crl", "modern", 0, 0, CX4_OK, VALID,
	    UNCHECKED, "" },
	{ "alice", "ca", "int", NULL, "modern",
	    CX4_ALLOW_UNKNOWN_REVOCATION, 0, CX4_OK, VALID, UNCHECKED, "" },
	/* ... it is, and the lists are there */
	{ "alice", "ca", "int", "crl", "modern", HARD, 0, CX4_OK, VALID,
	    VALID, "" },
	{ "alice", "ca", "int", "crl", "modern", SOFT, 0, CX4_OK, VALID,
	    VALID, "" },
	{ "rita", "ca", "int", "crl", "modern", HARD, 0, CX4_E_REVOKED,
	    VALID, INVALID, "revoked (CN=rita" },
	{ "rita", "ca", "int", "crl", "modern", SOFT, 0, CX4_E_REVOKED,
	    VALID, INVALID, "CN=rita" },
	{ "rita", "int", NULL, "crl", "modern", HARD, 0, CX4_E_REVOKED,
	    VALID, INVALID, "CN=rita" },
	/* ... they are not */
	{ "alice", "ca", "int", NULL, "modern", HARD, 0, CX4_E_TEMPFAIL,
	    VALID, UNKNOWN, "unable to get certificate CRL (CN=alice" },
	{ "alice", "ca", "int", NULL, "modern", SOFT, 0, CX4_OK, VALID,
	    UNKNOWN, "" },
	{ "rita", "ca", "int", NULL, "modern", SOFT, 0, CX4_OK, VALID,
	    UNKNOWN, "" },
	{ "zed", "other-ca", NULL, "crl", "modern", HARD, 0, CX4_E_TEMPFAIL,
	    VALID, UNKNOWN, "CN=zed" },
	/* the list of int, but none of ca: int itself is not known */
	{ "alice", "ca", "int", "crl-old", "modern", HARD, EXPIRY - 1,
	    CX4_E_TEMPFAIL, VALID, UNKNOWN, "CN=Test authority" },
	{ "alice", "ca", "int", "crl-old", "modern", SOFT, EXPIRY - 1,
	    CX4_OK, VALID, UNKNOWN, "" },
	/* ... and where int is the anchor, nobody asks about it */
	{ "alice", "int", NULL, "crl-old", "modern", HARD, EXPIRY - 1,
	    CX4_OK, VALID, VALID, "" },
	/* a list that is out of date, or not yet in force */
	{ "alice", "int", NULL, "crl-old", "modern", HARD, 0,
	    CX4_E_TEMPFAIL, VALID, UNKNOWN, "CRL has expired (CN=alice" },
	{ "alice", "int", NULL, "crl-old", "modern", SOFT, 0, CX4_OK, VALID,
	    UNKNOWN, "" },
	{ "alice", "ca", "int", "crl", "modern", HARD, FROM, CX4_E_TEMPFAIL,
	    VALID, UNKNOWN, "not yet valid" },
	{ "alice", "ca", "int", "crl", "modern", SOFT, FROM, CX4_OK, VALID,
	    UNKNOWN, "" },
	/* ... but what it says of a revocation remains true */
	{ "rita", "int", NULL, "crl-old", "modern", HARD, 0, CX4_E_REVOKED,
	    VALID, INVALID, "revoked (CN=rita" },
	{ "rita", "int", NULL, "crl-old", "modern", SOFT, 0, CX4_E_REVOKED,
	    VALID, INVALID, "CN=rita" },
	/* a path that fails too is not called valid */
	{ "rita", "ca", "int", "crl", "modern", HARD, UNTIL + 1,
	    CX4_E_REVOKED, INVALID, INVALID, "CN=rita" },
	{ "alice", "ca", "int", NULL, "modern", HARD, UNTIL + 1,
	    CX4_E_TEMPFAIL, INVALID, UNKNOWN, "CRL" },
	{ "alice", "ca", "int", NULL, "modern", SOFT, UNTIL + 1, CX4_E_PATH,
	    INVALID, UNKNOWN, "expired" },
	{ "expired", "ca", "int", "crl", "modern", HARD, 0, CX4_E_PATH,
	    INVALID, UNCHECKED, "expired" },
	{ "wrongeku", "ca", "int", NULL, "modern", HARD, 0, CX4_E_TEMPFAIL,
	    INVALID, UNKNOWN, "CRL" },
	{ "wrongeku", "ca", "int", "crl", "modern", HARD, 0, CX4_E_PURPOSE,
	    INVALID, VALID, "emailProtection" },
};

static void
word_anchor(void *policy, const char *name)
{
	struct cx4i_buf pem = pki_file(name, ".pem");

	need(cx4_policy_add_trust(policy, pem.data, pem.len) == CX4_OK, name);
	cx4i_buf_free(&pem);
}

static void
word_crls(void *policy, const char *name)
{
	struct cx4i_buf pem = pki_file(name, ".pem");

	need(cx4_policy_add_crls(policy, pem.data, pem.len) == CX4_OK, name);
	cx4i_buf_free(&pem);
}

static void
word_untrusted(void *stack, const char *name)
{
	X509 *x = cx4_id_cert(who(name));

	X509_up_ref(x);
	need(sk_X509_push(stack, x) > 0, "memory");
}

static cx4_policy *
make_policy(const struct judgement *t)
{
	cx4_policy *p = cx4_policy_new(ctx(), t->policy);

	for_words(t->trust, word_anchor, p);
	for_words(t->crls, word_crls, p);
	cx4_policy_require(p, t->require);
	cx4_policy_set_time(p, t->when != 0 ? t->when : SAMPLE_TIME);
	return p;
}

static void
check_verdicts(const struct judgement *t, const struct cx4i_path *got)
{
	is_int(got->code, t->code, "%s, trusting '%s', at %lld: code",
	    t->leaf, t->trust, (long long)t->when);
	is_int(got->path, t->path, "path");
	is_int(got->revocation, t->revocation, "revocation");
	if (t->code == CX4_OK || t->code == CX4_E_NO_TRUST)
		is_str(got->why, "", "nothing is wrong with it");
	else if (!ok(strstr(got->why, t->why) != NULL &&
	    got->why[0] != '\0', "why: %s", got->why))
		note("wanted: %s", t->why);
	/* A list out of date that says "revoked" leaves both behind. */
	ok(got->revocation_unknown == (t->revocation == UNKNOWN) ||
	    t->revocation == INVALID, "whether it is unknown");
}

static void
judge(const struct judgement *t)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	cx4_policy *p = make_policy(t);
	X509_STORE *store = cx4i_trust_store(p);
	struct cx4i_path got;

	need(store != NULL, "store");
	for_words(t->certs, word_untrusted, certs);
	memset(&got, 0xff, sizeof(got));
	cx4i_trust_check(p, store, cx4_id_cert(who(t->leaf)), certs, NULL,
	    &got);
	check_verdicts(t, &got);
	X509_STORE_free(store);
	sk_X509_pop_free(certs, X509_free);
	cx4_policy_free(&p);
}

/* The lists come with the message, not with the policy. */
static void
test_message_crls(void)
{
	static const struct {
		const char *leaf;
		int code;
		enum cx4_verdict revocation;
	} cases[] = {
		{ "alice", CX4_OK, VALID },
		{ "rita", CX4_E_REVOKED, INVALID },
	};
	struct judgement t = {
		"alice", "ca", "int", "crl", "modern", HARD, 0, 0, 0, 0, ""
	};
	STACK_OF(X509) *certs = sk_X509_new_null();
	cx4_policy *holder = make_policy(&t), *p;
	X509_STORE *store;
	struct cx4i_path got;
	size_t i;

	word_untrusted(certs, "int");
	t.crls = NULL;
	p = make_policy(&t);
	store = cx4i_trust_store(p);
	for (i = 0; i < COUNT(cases); i++) {
		cx4i_trust_check(p, store, cx4_id_cert(who(cases[i].leaf)),
		    certs, holder->crls, &got);
		is_int(got.code, cases[i].code,
		    "%s, with CRLs of the message", cases[i].leaf);
		is_int(got.revocation, cases[i].revocation, "revocation");
	}
	X509_STORE_free(store);
	sk_X509_pop_free(certs, X509_free);
	cx4_policy_free(&p);
	cx4_policy_free(&holder);
}

static int64_t
fixed_clock(void *arg)
{
	return *(const int64_t *)arg;
}

/* Without a time of its own, the policy asks the clock of the context. */
static void
test_clock(void)
{
	struct cx4i_buf pem = pki_file("int", ".pem");
	cx4_ctx *c = cx4_ctx_new();
	int64_t now = SAMPLE_TIME;
	struct cx4i_path got;
	X509_STORE *store;
	cx4_policy *p;

	cx4_ctx_set_clock(c, fixed_clock, &now);
	p = cx4_policy_new(c, NULL);
	need(cx4_policy_add_trust(p, pem.data, pem.len) == CX4_OK, "int");
	store = cx4i_trust_store(p);
	cx4i_trust_check(p, store, cx4_id_cert(who("alice")), NULL, NULL,
	    &got);
	is_int(got.code, CX4_OK, "by the clock of the context");
	now = UNTIL + 1;
	cx4i_trust_check(p, store, cx4_id_cert(who("alice")), NULL, NULL,
	    &got);
	is_int(got.code, CX4_E_PATH, "which goes on");
	X509_STORE_free(store);
	cx4_policy_free(&p);
	cx4_ctx_free(&c);
	cx4i_buf_free(&pem);
}

/* A signature over the certificate that is not good, and no other fault. */
static void
test_forged(void)
{
	struct judgement t = {
		"alice", "int", NULL, "crl", "modern", HARD, 0, CX4_E_PATH,
		INVALID, VALID, "signature failure"
	};
	cx4_id *id = who("alice");
	struct cx4i_buf der = { NULL, 0, 0 };
	cx4_policy *p = make_policy(&t);
	X509_STORE *store = cx4i_trust_store(p);
	const unsigned char *at;
	struct cx4i_path got;
	X509 *x;

	cx4i_buf_add(&der, id->der.data, id->der.len);
	der.data[der.len - 1] ^= 1;
	at = der.data;
	x = d2i_X509(NULL, &at, (long)der.len);
	need(x != NULL, "a certificate with another signature");
	cx4i_trust_check(p, store, x, NULL, NULL, &got);
	is_int(got.code, CX4_E_PATH, "a forged certificate");
	is_int(got.path, INVALID, "its path");
	ok(strstr(got.why, t.why) != NULL, "why: %s", got.why);
	X509_free(x);
	cx4_policy_free(&p);
	p = make_policy(&(struct judgement){ "rita", "int", NULL, NULL,
	    "modern", HARD, 0, 0, 0, 0, "" });
	X509_STORE_free(store);
	store = cx4i_trust_store(p);
	at = der.data;
	x = d2i_X509(NULL, &at, (long)der.len);
	cx4i_trust_check(p, store, x, NULL, NULL, &got);
	is_int(got.code, CX4_E_TEMPFAIL, "forged, and no list to be had");
	is_int(got.path, INVALID, "its path is not called valid");
	X509_free(x);
	X509_STORE_free(store);
	cx4_policy_free(&p);
	cx4i_buf_free(&der);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(table); i++)
		judge(&table[i]);
	test_message_crls();
	test_clock();
	test_forged();
	sample_end();
	return done_testing();
}
