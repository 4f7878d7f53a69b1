/*
 * ess.c - signingCertificate and contentHints (RFC 2634, RFC 5035).
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include <openssl/crypto.h>

#include "../encoding/asn.h"
#include "ess.h"

/*
 * A value is decoded whole for its first identifier's sake: not one that is
 * made to take a hundred times its size.
 */
#define VALUE_MAX ((size_t)64 * 1024)

/* The hash of a V2 identifier; an absent hashAlgorithm is SHA-256. */
static const struct cx4i_digest_alg *
hash_of(const struct cx4i_value *v, int v2)
{
	static const char path[] = "certs.?1.hashAlgorithm.algorithm";
	const struct cx4i_digest_alg *alg = NULL;
	struct cx4i_buf oid = { NULL, 0, 0 };

	if (!v2)
		return cx4i_digest_by_id(CX4_DIGEST_SHA1);
	switch (cx4i_asn_get(v, path, &oid)) {
	case 0:
		alg = cx4i_digest_by_id(CX4_DIGEST_SHA256);
		break;
	case 1:
		if (cx4i_buf_add_byte(&oid, 0) == 0)
			alg = cx4i_digest_by_oid(
			    cx4i_oid_find_text((const char *)oid.data));
		break;
	default:
		break;
	}
	cx4i_buf_free(&oid);
	return alg;
}

static int
hash_matches(cx4_ctx *ctx, const struct cx4i_value *v,
    const struct cx4i_digest_alg *alg, struct cx4i_slice cert)
{
	struct cx4i_buf hash = { NULL, 0, 0 };
	unsigned char md[EVP_MAX_MD_SIZE];
	size_t n = 0;
	int ok;

	ok = cx4i_asn_get(v, "certs.?1.certHash", &hash) == 1 &&
	    EVP_Q_digest(ctx->libctx, alg->evp, ctx->propq, cert.data,
	    cert.len, md, &n) && hash.len == n &&
	    CRYPTO_memcmp(hash.data, md, n) == 0;
	cx4i_buf_free(&hash);
	return ok;
}

/*
 * RFC 2634 section 5.4.1: issuer holds exactly one directoryName, [4]
 * EXPLICIT Name.
 */
static int
issuer_serial_matches(const struct cx4i_value *v,
    const struct cx4i_cert_view *cert)
{
	struct cx4i_buf issuer = { NULL, 0, 0 }, serial = { NULL, 0, 0 };
	struct cx4i_slice in;
	struct cx4i_tlv name;
	int ok = 0;

	if (!cx4i_asn_has(v, "certs.?1.issuerSerial"))
		return 1;
	if (cx4i_asn_count(v, "certs.?1.issuerSerial.issuer") != 1 ||
	    cx4i_asn_get(v, "certs.?1.issuerSerial.issuer.?1", &issuer) != 1 ||
	    cx4i_asn_get(v, "certs.?1.issuerSerial.serialNumber",
	    &serial) != 1)
		goto out;
	in = cx4i_buf_slice(&issuer);
	ok = cx4i_tlv_expect(&in, CX4I_CONTEXT_C(4), &name) == 0 &&
	    cx4i_name_equal(name.body, cert->issuer) &&
	    cx4i_slice_equal(cx4i_buf_slice(&serial), cert->serial);
out:
	cx4i_buf_free(&issuer);
	cx4i_buf_free(&serial);
	return ok;
}

enum cx4_verdict
cx4i_ess_check(cx4_ctx *ctx, int v2, struct cx4i_slice value, X509 *cert,
    const char **why)
{
	const struct cx4i_digest_alg *alg;
	enum cx4_verdict verdict = CX4_V_INVALID;
	struct cx4i_value *v = NULL;
	struct cx4i_cert_view view;
	struct cx4i_slice der;
	unsigned char *p = NULL;
	int n;

	*why = "the value cannot be decoded";
	if (value.len > VALUE_MAX)
		return CX4_V_INVALID;
	n = i2d_X509(cert, &p);
	der.data = p;
	der.len = n > 0 ? (size_t)n : 0;
	if (n <= 0 || cx4i_cert_view(der, &view) != 0)
		goto out;
	if (cx4i_asn_decode(ctx, v2 ? "SigningCertificateV2" :
	    "SigningCertificate", value, &v, NULL) != CX4_OK)
		goto out;
	if ((alg = hash_of(v, v2)) == NULL) {
		verdict = CX4_V_UNSUPPORTED;
		*why = "its hash algorithm is not supported";
		goto out;
	}
	*why = "the hash differs";
	if (!hash_matches(ctx, v, alg, der))
		goto out;
	*why = "issuer and serial number differ";
	if (!issuer_serial_matches(v, &view))
		goto out;
	verdict = CX4_V_VALID;
out:
	cx4i_asn_free(&v);
	OPENSSL_free(p);
	return verdict;
}

/* IssuerSerial ::= SEQUENCE { GeneralNames, serialNumber } */
static void
add_issuer_serial(struct cx4i_der *d, const cx4_id *id)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_open(d, CX4I_CONTEXT_C(4));
	cx4i_der_slice(d, id->issuer);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_value(d, CX4I_INTEGER, id->serial.data, id->serial.len);
	cx4i_der_close(d);
}

int
cx4i_ess_add(cx4_ctx *ctx, struct cx4i_der *d,
    const struct cx4i_digest_alg *alg, const cx4_id *id)
{
	int v1 = alg->id == CX4_DIGEST_SHA1;
	unsigned char md[EVP_MAX_MD_SIZE];
	size_t n = 0;

	if (!EVP_Q_digest(ctx->libctx, alg->evp, ctx->propq, id->der.data,
	    id->der.len, md, &n))
		return -1;
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, cx4i_oid_text(v1 ? CX4I_OID_SIGNING_CERTIFICATE :
	    CX4I_OID_SIGNING_CERTIFICATE_V2));
	cx4i_der_open(d, CX4I_SET);
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_open(d, CX4I_SEQUENCE);
	/* DER leaves out the default, SHA-256 (RFC 5035 section 4). */
	if (!v1 && alg->id != CX4_DIGEST_SHA256)
		cx4i_alg_digest(d, alg);
	cx4i_der_value(d, CX4I_OCTET_STRING, md, n);
	add_issuer_serial(d, id);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
	return 0;
}

int
cx4i_hint_type(cx4_ctx *ctx, struct cx4i_slice value, char *oid, size_t size)
{
	struct cx4i_buf text = { NULL, 0, 0 };
	struct cx4i_value *v = NULL;
	int r = -1;

	if (value.len > VALUE_MAX ||
	    cx4i_asn_decode(ctx, "ContentHints", value, &v, NULL) != CX4_OK)
		return -1;
	if (cx4i_asn_get(v, "contentType", &text) == 1 && text.len < size) {
		memcpy(oid, text.data, text.len);
		oid[text.len] = '\0';
		r = 0;
	}
	cx4i_buf_free(&text);
	cx4i_asn_free(&v);
	return r;
}

/* RFC 2634 section 2.9. */
void
cx4i_hint_add(struct cx4i_der *d, const char *oid)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, cx4i_oid_text(CX4I_OID_CONTENT_HINTS));
	cx4i_der_open(d, CX4I_SET);
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, oid);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
}
