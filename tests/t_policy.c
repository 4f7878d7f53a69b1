/*
 * t_policy.c - the built-in policies, their limits, and what is read into
 * one: trust anchors, certificates and CRLs.
 *
 * SPDX-License-Identifier: ISC
 */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "../libcmsx400/base/policy.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_names(void)
{
	static const char *const names[] = { "modern", "rfc3854", "strict" };
	static const char *const unknown[] = {
		"", "Modern", "modern ", "rfc", "strict2"
	};
	cx4_policy *p = NULL;
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		is_str(cx4_policy_list(i), names[i], "name %zu", i);
		is_int(cx4_policy_known(names[i]), 1, "%s is known",
		    names[i]);
		p = cx4_policy_new(ctx(), names[i]);
		is_str(cx4_policy_name(p), names[i], "and makes a policy");
		cx4_policy_free(&p);
		ok(p == NULL, "which is freed");
	}
	ok(cx4_policy_list(i) == NULL && cx4_policy_list(SIZE_MAX) == NULL,
	    "there are no more");
	for (i = 0; i < COUNT(unknown); i++) {
		is_int(cx4_policy_known(unknown[i]), 0, "'%s' is not known",
		    unknown[i]);
		ok(cx4_policy_new(ctx(), unknown[i]) == NULL,
		    "and makes none");
	}
	p = cx4_policy_new(ctx(), NULL);
	is_str(cx4_policy_name(p), "modern", "the one without a name");
	cx4_policy_free(&p);
	cx4_policy_free(&p);
	cx4_policy_free(NULL);
}

static const struct limit {
	enum cx4_limit which;
	uint64_t standard;
	uint64_t set;
	int want;
} limits[] = {
	{ CX4_LIMIT_DEPTH, 16, 0, CX4_E_USAGE },
	{ CX4_LIMIT_DEPTH, 16, 1, CX4_OK },
	{ CX4_LIMIT_DEPTH, 16, 64, CX4_OK },
	{ CX4_LIMIT_DEPTH, 16, 65, CX4_E_USAGE },
	{ CX4_LIMIT_DEPTH, 16, UINT64_MAX, CX4_E_USAGE },
	{ CX4_LIMIT_SIGNERS, 64, 0, CX4_E_USAGE },
	{ CX4_LIMIT_SIGNERS, 64, 1, CX4_OK },
	{ CX4_LIMIT_SIGNERS, 64, 65, CX4_OK },
	{ CX4_LIMIT_RECIPIENTS, 10000, 0, CX4_E_USAGE },
	{ CX4_LIMIT_RECIPIENTS, 10000, 1, CX4_OK },
	{ CX4_LIMIT_CERTIFICATES, 1000, 0, CX4_E_USAGE },
	{ CX4_LIMIT_CERTIFICATES, 1000, UINT64_MAX, CX4_OK },
	{ CX4_LIMIT_ATTRIBUTES, 256, 0, CX4_E_USAGE },
	{ CX4_LIMIT_ATTRIBUTES, 256, 1, CX4_OK },
	{ CX4_LIMIT_HEAD, 8 * 1024 * 1024, 0, CX4_E_USAGE },
	{ CX4_LIMIT_HEAD, 8 * 1024 * 1024, 1, CX4_OK },
	{ CX4_LIMIT_OCTETS, UINT64_MAX, 0, CX4_E_USAGE },
	{ CX4_LIMIT_OCTETS, UINT64_MAX, 1, CX4_OK },
	{ CX4_LIMIT_MAX_, 0, 1, CX4_E_USAGE },
	{ (enum cx4_limit)1000, 0, 1, CX4_E_USAGE },
};

static void
test_limits(void)
{
	const struct limit *l;
	cx4_policy *p;
	size_t i;

	for (i = 0; i < COUNT(limits); i++) {
		l = &limits[i];
		p = cx4_policy_new(ctx(), "rfc3854");
		ok(cx4_policy_limit(p, l->which) == l->standard,
		    "limit %d: its default", (int)l->which);
		is_int(cx4_policy_set_limit(p, l->which, l->set), l->want,
		    "set to %llu", (unsigned long long)l->set);
		ok(cx4_policy_limit(p, l->which) ==
		    (l->want == CX4_OK ? l->set : l->standard),
		    "it is what it should be");
		cx4_policy_free(&p);
	}
}

static void
test_settings(void)
{
	cx4_policy *p = cx4_policy_new(ctx(), NULL);

	is_int(p->when, -1, "judged for now");
	is_int(cx4_policy_set_time(p, -1), CX4_E_USAGE, "not before 1970");
	is_int(p->when, -1, "which changes nothing");
	is_int(cx4_policy_set_time(p, 0), CX4_OK, "the first second");
	is_int(p->when, 0, "is kept");
	is_int(cx4_policy_set_time(p, INT64_MAX), CX4_OK, "the last too");
	is_int(cx4_policy_require(p, CX4_REQUIRE_CRL), CX4_OK, "one demand");
	is_int(cx4_policy_require(p, CX4_REQUIRE_SIGNATURE), CX4_OK,
	    "another one");
	ok(cx4i_requires(p, CX4_REQUIRE_CRL) &&
	    cx4i_requires(p, CX4_REQUIRE_SIGNATURE), "both hold");
	ok(!cx4i_requires(p, CX4_REQUIRE_ANY_SIGNER), "and no third");
	cx4_policy_free(&p);
}

static void
test_freeze(void)
{
	struct cx4i_buf ca = pki_file("ca", ".pem");
	struct cx4i_buf crl = pki_file("crl", ".pem");
	cx4_policy *p = cx4_policy_new(ctx(), NULL), *other;

	other = cx4i_policy_ref(p);
	is_int(cx4_policy_set_limit(p, CX4_LIMIT_DEPTH, 3), CX4_E_STATE,
	    "a policy in use takes no limit");
	is_int(cx4_policy_require(p, CX4_REQUIRE_CRL), CX4_E_STATE,
	    "no demand");
	is_int(cx4_policy_set_time(p, 5), CX4_E_STATE, "no time");
	is_int(cx4_policy_add_trust(p, ca.data, ca.len), CX4_E_STATE,
	    "no anchor");
	is_int(cx4_policy_add_certs(p, ca.data, ca.len), CX4_E_STATE,
	    "no certificate");
	is_int(cx4_policy_add_crls(p, crl.data, crl.len), CX4_E_STATE,
	    "and no CRL");
	cx4_policy_free(&p);
	is_str(cx4_policy_name(other), "modern",
	    "it lives as long as somebody needs it");
	is_int(cx4_policy_limit(other, CX4_LIMIT_DEPTH), 16, "unchanged");
	is_int(cx4_policy_set_time(other, 5), CX4_E_STATE, "still frozen");
	cx4_policy_free(&other);
	cx4i_buf_free(&ca);
	cx4i_buf_free(&crl);
}

/* A reader and a writer freeze what they use. */
static void
test_users(void)
{
	cx4_policy *p = cx4_policy_new(ctx(), NULL);
	cx4_reader *r = cx4_reader_new(ctx(), p);
	cx4_writer *w;

	is_int(cx4_policy_set_time(p, 5), CX4_E_STATE, "a reader freezes it");
	cx4_reader_free(&r);
	cx4_policy_free(&p);
	p = cx4_policy_new(ctx(), NULL);
	w = cx4_writer_new(ctx(), p);
	is_int(cx4_policy_set_time(p, 5), CX4_E_STATE, "so does a writer");
	cx4_writer_free(&w);
	cx4_policy_free(&p);
}

/* The context freezes with the first reader or writer, and not before. */
static void
test_context(void)
{
	cx4_ctx *own = cx4_ctx_new(), *other = cx4_ctx_new();
	cx4_policy *p = cx4_policy_new(own, NULL);
	cx4_reader *r;

	is_int(cx4_ctx_set_clock(own, NULL, NULL), CX4_OK,
	    "a policy leaves its context open");
	is_int(cx4_policy_set_time(p, 5), CX4_OK, "itself too");
	r = cx4_reader_new(other, p);
	is_int(cx4_ctx_set_clock(own, NULL, NULL), CX4_E_STATE,
	    "a reader that uses it freezes its context");
	is_int(cx4_ctx_set_clock(other, NULL, NULL), CX4_E_STATE,
	    "and the reader's own");
	cx4_reader_free(&r);
	cx4_policy_free(&p);
	ok(cx4_policy_new(NULL, NULL) == NULL, "no policy without a context");
	cx4_ctx_free(&own);
	cx4_ctx_free(&other);
}

/* SP 800-57 part 1, table 2: how strong keys must be. */
static void
test_strength(void)
{
	static const struct {
		const char *name;
		int bits;
	} cases[] = { { "modern", 112 }, { "rfc3854", 80 },
	    { "strict", 112 } };
	cx4_policy *p;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		p = cx4_policy_new(ctx(), cases[i].name);
		is_int(p->profile->min_security_bits, cases[i].bits,
		    "%s: security of keys", cases[i].name);
		cx4_policy_free(&p);
	}
}

/* ------------------------------------------------- reading certificates */

/* The DER inside the first PEM block of a file. */
static struct cx4i_buf
der_of(const char *name)
{
	struct cx4i_buf pem = pki_file(name, ".pem"), der = { NULL, 0, 0 };
	BIO *in = BIO_new_mem_buf(pem.data, (int)pem.len);
	unsigned char *data;
	char *label, *header;
	long len;

	need(PEM_read_bio(in, &label, &header, &data, &len) == 1, name);
	need(cx4i_buf_add(&der, data, (size_t)len) == 0, "memory");
	OPENSSL_free(label);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(in);
	cx4i_buf_free(&pem);
	return der;
}

typedef int add_fn(cx4_policy *, const void *, size_t);

static const struct adder {
	const char *what;
	add_fn *add;
	int is_crl;
} adders[] = {
	{ "trust", cx4_policy_add_trust, 0 },
	{ "certs", cx4_policy_add_certs, 0 },
	{ "crls", cx4_policy_add_crls, 1 },
};

static int
held(const cx4_policy *p, const struct adder *a)
{
	if (a->is_crl)
		return sk_X509_CRL_num(p->crls);
	return sk_X509_num(a->add == cx4_policy_add_trust ? p->trust :
	    p->certs);
}

/* Files of the PKI: how many certificates and CRLs each holds. */
static const struct file {
	const char *name;
	int certs, crls;
} files[] = {
	{ "ca", 1, 0 }, { "chain", 2, 0 }, { "alice", 2, 0 },
	{ "alice-enc", 2, 0 }, { "alice-key", 0, 0 }, { "crl", 0, 2 },
	{ "crl-old", 0, 1 },
};

/* Add these octets to a new policy; what is added, and what is said. */
static void
try_add(const struct adder *a, struct cx4i_slice in, int want,
    const char *what)
{
	cx4_policy *p = cx4_policy_new(ctx(), NULL);
	struct cx4i_slice exact = exact_copy(in.data, in.len);

	is_int(a->add(p, exact.data, exact.len),
	    want > 0 ? CX4_OK : CX4_E_IO_KEY, "%s: %s", a->what, what);
	is_int(held(p, a), want, "it holds %d", want);
	free((void *)(uintptr_t)exact.data);
	cx4_policy_free(&p);
}

static void
test_pem(const struct adder *a)
{
	struct cx4i_buf b;
	size_t i;

	for (i = 0; i < COUNT(files); i++) {
		b = pki_file(files[i].name, ".pem");
		try_add(a, cx4i_buf_slice(&b), a->is_crl ? files[i].crls :
		    files[i].certs, files[i].name);
		cx4i_buf_free(&b);
	}
}

static void
test_der(const struct adder *a)
{
	struct cx4i_buf cert = der_of("ca"), crl = der_of("crl");
	struct cx4i_slice in;

	try_add(a, cx4i_buf_slice(&cert), !a->is_crl, "a certificate in DER");
	try_add(a, cx4i_buf_slice(&crl), a->is_crl, "a CRL in DER");
	in = cx4i_buf_slice(a->is_crl ? &crl : &cert);
	in.len--;
	try_add(a, in, 0, "DER that ends too early");
	in.len = 1;
	try_add(a, in, 0, "one octet of it");
	cx4i_buf_free(&cert);
	cx4i_buf_free(&crl);
}

static const char *const garbage[] = {
	"", " ", "no certificate", "-----BEGIN CERTIFICATE-----",
	"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
	"-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n",
	"-----BEGIN X509 CRL-----\nMAMCAQA=\n-----END X509 CRL-----\n",
	"-----BEGIN X509 CRL-----\n!!!!\n-----END X509 CRL-----\n",
};

static void
test_garbage(const struct adder *a)
{
	struct cx4i_slice in;
	size_t i;

	for (i = 0; i < COUNT(garbage); i++) {
		in.data = (const uint8_t *)garbage[i];
		in.len = strlen(garbage[i]);
		try_add(a, in, 0, garbage[i]);
	}
}

/* Every call adds; one that finds nothing changes nothing. */
static void
test_adding(const struct adder *a)
{
	struct cx4i_buf b = pki_file(a->is_crl ? "crl" : "chain", ".pem");
	cx4_policy *p = cx4_policy_new(ctx(), NULL);

	is_int(a->add(p, b.data, b.len), CX4_OK, "%s: two", a->what);
	is_int(a->add(p, "x", 1), CX4_E_IO_KEY, "none");
	is_int(held(p, a), 2, "still two");
	is_int(a->add(p, b.data, b.len), CX4_OK, "two more");
	is_int(held(p, a), 4, "four");
	is_int(sk_X509_num(p->trust) + sk_X509_num(p->certs) +
	    sk_X509_CRL_num(p->crls), 4, "and no other list has any");
	cx4_policy_free(&p);
	cx4i_buf_free(&b);
}

int
main(void)
{
	unsigned long host;
	size_t i;

	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
	host = ERR_peek_last_error();
	test_names();
	test_limits();
	test_settings();
	test_freeze();
	test_users();
	test_context();
	test_strength();
	for (i = 0; i < COUNT(adders); i++) {
		test_pem(&adders[i]);
		test_garbage(&adders[i]);
		test_adding(&adders[i]);
	}
	ok(ERR_get_error() == host && ERR_peek_error() == 0,
	    "OpenSSL's error queue is as it was");
	/* What these do themselves may leave something there. */
	for (i = 0; i < COUNT(adders); i++)
		test_der(&adders[i]);
	sample_end();
	return done_testing();
}
