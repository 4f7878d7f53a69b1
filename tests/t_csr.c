/*
 * t_csr.c - certification requests with X.400 addresses, and the addresses
 * of certificates.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "../libcmsx400/cmsx400_openssl.h"
#include "octets.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const texts[] = {
	"C=NO;A=telemax;P=mil;O=ffi;OU1=x;S=Eggen;G=Anders",
	"/CN=yen*{165}/C=NO/ADMD= /"
};

static const struct subject {
	const char *text;
	const char *want;	/* XN_FLAG_RFC2253; NULL: refused */
} subjects[] = {
	{ "/C=NO/CN=bob", "CN=bob,C=NO" },
	{ "CN=bob,C=NO", "CN=bob,C=NO" },
	{ "CN=bob, O=a b , C=NO", "CN=bob,O=a b,C=NO" },
	{ "/C=NO/O=a, b+c=d/CN=bob/", "CN=bob,O=a\\, b\\+c=d,C=NO" },
	{ "/O=a\\/b", "O=a/b" },
	{ "CN=a\\,b\\2bc\\ ,O=x", "CN=a\\,b\\+c\\ ,O=x" },
	{ "CN=bob+UID=7,C=NO", "UID=7+CN=bob,C=NO" },
	{ "2.5.4.3=bob", "CN=bob" },
	{ "CN=J\xc3\xb8rgen", "CN=J\\C3\\B8rgen" },
	{ "", NULL },
	{ "/", NULL },
	{ "bob", NULL },
	{ "CN=", NULL },
	{ "CN=bob,,C=NO", NULL },
	{ "NOSUCH=bob", NULL },
	{ "C=NOR", NULL },
	{ "CN=\xff\xfe", NULL },
};

static cx4_ctx *ctx;
static cx4_address *addresses[COUNT(texts)];

static char *
subject_text(X509_REQ *req)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *text;
	long n;

	X509_NAME_print_ex(bio, X509_REQ_get_subject_name(req), 0,
	    XN_FLAG_RFC2253);
	n = BIO_get_mem_data(bio, &data);
	text = strndup(data, (size_t)n);
	BIO_free(bio);
	return text;
}

static void
test_subjects(EVP_PKEY *key)
{
	X509_REQ *req;
	char why[200], *text;
	size_t i;
	int code;

	for (i = 0; i < COUNT(subjects); i++) {
		code = cx4_csr_new(ctx, key, subjects[i].text,
		    (const cx4_address *const *)addresses, 1, &req, why,
		    sizeof(why));
		is_int(code, subjects[i].want != NULL ? CX4_OK : CX4_E_USAGE,
		    "subject \"%s\"", subjects[i].text);
		ok((req != NULL) == (code == CX4_OK) &&
		    (*why == '\0') == (code == CX4_OK), "%s: %s",
		    subjects[i].text, why);
		if (req != NULL) {
			text = subject_text(req);
			is_str(text, subjects[i].want, "%s: name",
			    subjects[i].text);
			free(text);
		}
		X509_REQ_free(req);
	}
	is_int((int)ERR_peek_error(), 0, "the error queue is as it was");
}

/* A certificate with the extensions of the request, as a CA would make it. */
static X509 *
certify(X509_REQ *req, EVP_PKEY *key)
{
	STACK_OF(X509_EXTENSION) *list = X509_REQ_get_extensions(req);
	X509 *cert = X509_new();
	int i;

	X509_set_version(cert, X509_VERSION_3);
	X509_set_pubkey(cert, key);
	for (i = 0; i < sk_X509_EXTENSION_num(list); i++)
		X509_add_ext(cert, sk_X509_EXTENSION_value(list, i), -1);
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	return cert;
}

static void
check_addresses(X509 *cert, const char *name)
{
	cx4_address *a;
	char *text;
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		is_int(cx4_cert_address(ctx, cert, i, &a), CX4_OK,
		    "%s: address %zu", name, i);
		if (!ok(a != NULL && cx4_address_equal(a, addresses[i]),
		    "%s: it is the one given", name))
			continue;
		text = cx4_address_to_text(a, CX4_FORM_F401);
		note("%s", text);
		cx4_free(text);
		cx4_address_free(&a);
	}
	is_int(cx4_cert_address(ctx, cert, i, &a), CX4_OK, "%s: the end",
	    name);
	ok(a == NULL, "%s: no further address", name);
}

static EVP_PKEY *
make_key(const char *type)
{
	if (strcmp(type, "RSA") == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, type, (size_t)2048);
	if (strcmp(type, "EC") == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, type, "P-256");
	return EVP_PKEY_Q_keygen(NULL, NULL, type);
}

static void
test_key(const char *type, const char *algorithm)
{
	EVP_PKEY *key = make_key(type);
	X509_REQ *req, *again = NULL;
	unsigned char *der = NULL;
	const unsigned char *p;
	X509 *cert;
	char why[200];
	int n;

	is_int(cx4_csr_new(ctx, key, "/C=NO/CN=bob",
	    (const cx4_address *const *)addresses, COUNT(texts), &req, why,
	    sizeof(why)), CX4_OK, "%s: a request", type);
	if (req == NULL) {
		note("%s", why);
		EVP_PKEY_free(key);
		return;
	}
	n = i2d_X509_REQ(req, &der);
	p = der;
	again = d2i_X509_REQ(NULL, &p, n);
	ok(again != NULL && X509_REQ_verify(again, key) == 1,
	    "%s: the signature is good", type);
	is_str(OBJ_nid2sn(X509_REQ_get_signature_nid(req)), algorithm,
	    "%s: algorithm", type);
	is_int(X509_REQ_get_version(req), 0, "%s: version 1", type);
	cert = certify(again, key);
	check_addresses(cert, type);
	X509_free(cert);
	X509_REQ_free(again);
	X509_REQ_free(req);
	OPENSSL_free(der);
	EVP_PKEY_free(key);
}

/* A certificate whose subjectAltName has these octets, `times` times. */
static X509 *
with_names(const char *hex, int times)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	X509_EXTENSION *x;
	X509 *cert = X509_new();

	add_hex(&b, hex);
	ASN1_OCTET_STRING_set(octets, b.data, (int)b.len);
	x = X509_EXTENSION_create_by_NID(NULL, NID_subject_alt_name, 0,
	    octets);
	while (times-- > 0)
		X509_add_ext(cert, x, -1);
	X509_EXTENSION_free(x);
	ASN1_OCTET_STRING_free(octets);
	cx4i_buf_free(&b);
	return cert;
}

static const struct names {
	const char *name;
	const char *hex;
	int times;
	int codes[3];
	const char *texts[3];
} names[] = {
	{ "no extension", "3000", 0, { CX4_OK, CX4_OK }, { NULL, NULL } },
	{ "other names only", "3003 8101 78", 1, { CX4_OK, CX4_OK },
	    { NULL, NULL } },
	{ "an address between other names",
	    "300d 8101 78 a305 3003 8301 78 8201 79", 1, { CX4_OK, CX4_OK },
	    { "O=x", NULL } },
	{ "an address that cannot be decoded, and one that can",
	    "300b a302 3000 a305 3003 8301 78", 1,
	    { CX4_E_ADDRESS, CX4_OK, CX4_OK }, { NULL, "O=x", NULL } },
	{ "no GeneralNames", "0500", 1, { CX4_E_ADDRESS, CX4_OK },
	    { NULL, NULL } },
	{ "two extensions", "3007 a305 3003 8301 78", 2,
	    { CX4_E_ADDRESS, CX4_OK }, { NULL, NULL } },
};

static void
test_names(const struct names *c)
{
	X509 *cert = with_names(c->hex, c->times);
	cx4_address *a;
	char *text;
	size_t i;

	for (i = 0; i < 3; i++) {
		is_int(cx4_cert_address(ctx, cert, i, &a), c->codes[i],
		    "%s: %zu", c->name, i);
		text = a != NULL ? cx4_address_to_text(a, CX4_FORM_F401) :
		    NULL;
		ok((text == NULL) == (c->texts[i] == NULL) && (text == NULL ||
		    strcmp(text, c->texts[i]) == 0), "%s: address %zu",
		    c->name, i);
		cx4_free(text);
		cx4_address_free(&a);
	}
	is_int((int)ERR_peek_error(), 0, "%s: error queue", c->name);
	X509_free(cert);
}

static void
test_misuse(EVP_PKEY *key)
{
	EVP_PKEY *dh = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	X509_REQ *req;
	char why[200];

	is_int(cx4_csr_new(ctx, key, "CN=x", NULL, 0, &req, why, sizeof(why)),
	    CX4_E_USAGE, "no address");
	is_str(why, "no X.400 address is given", "reason");
	is_int(cx4_csr_new(ctx, dh, "CN=x",
	    (const cx4_address *const *)addresses, 1, &req, why, sizeof(why)),
	    CX4_E_UNSUPPORTED, "a key that cannot sign");
	is_str(why, "the key cannot sign", "reason");
	ok(req == NULL, "no request then");
	EVP_PKEY_free(dh);
}

int
main(void)
{
	EVP_PKEY *key = make_key("EC");
	size_t i;

	ctx = cx4_ctx_new();
	for (i = 0; i < COUNT(texts); i++)
		is_int(cx4_address_from_text(ctx, texts[i], &addresses[i],
		    NULL, 0), CX4_OK, "%s", texts[i]);
	test_key("RSA", "RSA-SHA256");
	test_key("EC", "ecdsa-with-SHA256");
	test_key("ED25519", "ED25519");
	test_subjects(key);
	test_misuse(key);
	for (i = 0; i < COUNT(names); i++)
		test_names(&names[i]);
	for (i = 0; i < COUNT(texts); i++)
		cx4_address_free(&addresses[i]);
	EVP_PKEY_free(key);
	cx4_ctx_free(&ctx);
	return done_testing();
}
