/*
 * t_revocation.c - revocation as a message can influence it: CRLs that come
 * with a SignedData are used, and never hide newer ones of the policy.
 *
 * SPDX-License-Identifier: ISC
 */
#include <openssl/pem.h>

#include "../libcmsx400/cms/ident.h"
#include "sample.h"
#include "tap.h"

static EVP_PKEY *
authority_key(void)
{
	struct cx4i_buf pem = pki_file("int", "-key.pem");
	BIO *in = BIO_new_mem_buf(pem.data, (int)pem.len);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);

	need(key != NULL, "authority's key");
	BIO_free(in);
	cx4i_buf_free(&pem);
	return key;
}

static X509 *
authority_cert(void)
{
	struct cx4i_buf pem = pki_file("int", ".pem");
	BIO *in = BIO_new_mem_buf(pem.data, (int)pem.len);
	X509 *x = PEM_read_bio_X509(in, NULL, NULL, NULL);

	need(x != NULL, "authority");
	BIO_free(in);
	cx4i_buf_free(&pem);
	return x;
}

/* crls [1] with one CRL of the authority's own, issued at `when`. */
static void
put_crl(struct cx4i_der *d, int64_t when, long revoked)
{
	ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)when);
	ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)when + 946080000);
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	X509_CRL *crl = X509_CRL_new();
	EVP_PKEY *key = authority_key();
	X509 *issuer = authority_cert();
	unsigned char *der = NULL;
	X509_REVOKED *entry;
	int n;

	need(X509_CRL_set_version(crl, 1) && X509_CRL_set_issuer_name(crl,
	    X509_get_subject_name(issuer)) &&
	    X509_CRL_set1_lastUpdate(crl, from) &&
	    X509_CRL_set1_nextUpdate(crl, until), "CRL");
	if (revoked != 0) {
		entry = X509_REVOKED_new();
		need(ASN1_INTEGER_set(serial, revoked) &&
		    X509_REVOKED_set_serialNumber(entry, serial) &&
		    X509_REVOKED_set_revocationDate(entry, from) &&
		    X509_CRL_add0_revoked(crl, entry), "entry");
	}
	need(X509_CRL_sign(crl, key, EVP_sha256()) > 0, "signature");
	n = i2d_X509_CRL(crl, &der);
	need(n > 0, "encoding");
	cx4i_der_open(d, CX4I_CONTEXT_C(1));
	cx4i_der_raw(d, der, (size_t)n);
	cx4i_der_close(d);
	OPENSSL_free(der);
	X509_CRL_free(crl);
	X509_free(issuer);
	EVP_PKEY_free(key);
	ASN1_INTEGER_free(serial);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
}

/* A message of `user` with a CRL of that day in it. */
static struct cx4i_buf
message_with_crl(const char *user, int64_t when, long revoked)
{
	char layers[40];
	struct writing how = { .layers = layers, .originator = "" };
	struct cx4i_buf content = p22_from(user, "text"), plain, out;
	struct signed_parts parts;
	struct cx4i_der d;

	snprintf(layers, sizeof(layers), "S:%s", user);
	plain = message(&how, cx4i_buf_slice(&content));
	take_signed(bare_value(cx4i_buf_slice(&plain),
	    "1.2.840.113549.1.7.2"), &parts);
	cx4i_der_init(&d);
	put_crl(&d, when, revoked);
	need(cx4i_der_ok(&d), "crls");
	parts.crls = cx4i_buf_slice(&d.buf);
	out = whole_signed(&parts);
	cx4i_der_free(&d);
	cx4i_buf_free(&plain);
	cx4i_buf_free(&content);
	return out;
}

static void
judged(const char *user, int64_t when, long revoked, const char *crls,
    int want, const char *what)
{
	/* The authority is the anchor: it needs no CRL itself. */
	struct opening how = { .crls = crls, .trust = "int",
	    .require = CX4_REQUIRE_CRL };
	struct cx4i_buf m = message_with_crl(user, when, revoked);
	struct outcome o;

	open_message(&how, cx4i_buf_slice(&m), &o);
	is_int(o.code, want, "%s", what);
	ok(ended(&o, want == CX4_OK), "  and the sink's end fits");
	outcome_free(&o);
	cx4i_buf_free(&m);
}

#define DAY_2019 1546300800	/* before the policy's CRL */
#define DAY_2021 1609459200	/* after it */

int
main(void)
{
	struct cx4i_slice serial = who("alice")->serial;
	long alice = 0;
	size_t i;

	for (i = 0; i < serial.len; i++)
		alice = alice * 256 + serial.data[i];
	judged("alice", DAY_2019, 0, NULL, CX4_OK,
	    "the message's own CRL is used where there is no other");
	judged("rita", DAY_2019, 0, "crl", CX4_E_REVOKED,
	    "an old CRL in the message does not hide the policy's");
	judged("alice", DAY_2019, 0, "crl", CX4_OK,
	    "nor harm one who is not revoked");
	judged("alice", DAY_2021, alice, "crl", CX4_E_REVOKED,
	    "a newer one in the message revokes");
	sample_end();
	return done_testing();
}
