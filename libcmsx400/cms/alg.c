/*
 * alg.c - the algorithms: names, OIDs, sizes, and what a policy says.
 *
 * RFC 3370 (SHA-1, RSA, DSA, 3DES), RFC 3565 (AES), RFC 5754 (SHA-2),
 * RFC 4056 (RSASSA-PSS), RFC 5753 (ECDH), RFC 5084 (AES-GCM).
 *
 * SPDX-License-Identifier: ISC
 */
#include "alg.h"

static const struct cx4i_digest_alg digests[] = {
	{ CX4_DIGEST_SHA1, CX4I_OID_SHA1, "SHA1", 20,
	    CX4I_OID_ECDSA_SHA1, CX4I_OID_ECDH_SHA1KDF },
	{ CX4_DIGEST_SHA256, CX4I_OID_SHA256, "SHA256", 32,
	    CX4I_OID_ECDSA_SHA256, CX4I_OID_ECDH_SHA256KDF },
	{ CX4_DIGEST_SHA384, CX4I_OID_SHA384, "SHA384", 48,
	    CX4I_OID_ECDSA_SHA384, CX4I_OID_ECDH_SHA384KDF },
	{ CX4_DIGEST_SHA512, CX4I_OID_SHA512, "SHA512", 64,
	    CX4I_OID_ECDSA_SHA512, CX4I_OID_ECDH_SHA512KDF },
};

/* Strongest first: the order of sMIMECapabilities. */
static const struct cx4i_cipher_alg ciphers[] = {
	{ CX4_CIPHER_AES_256_GCM, CX4I_OID_AES256_GCM, "AES-256-GCM", 12, 32,
	    1 },
	{ CX4_CIPHER_AES_192_GCM, CX4I_OID_AES192_GCM, "AES-192-GCM", 12, 24,
	    1 },
	{ CX4_CIPHER_AES_128_GCM, CX4I_OID_AES128_GCM, "AES-128-GCM", 12, 16,
	    1 },
	{ CX4_CIPHER_AES_256_CBC, CX4I_OID_AES256_CBC, "AES-256-CBC", 16, 32,
	    0 },
	{ CX4_CIPHER_AES_192_CBC, CX4I_OID_AES192_CBC, "AES-192-CBC", 16, 24,
	    0 },
	{ CX4_CIPHER_AES_128_CBC, CX4I_OID_AES128_CBC, "AES-128-CBC", 16, 16,
	    0 },
	{ CX4_CIPHER_DES_EDE3_CBC, CX4I_OID_DES_EDE3_CBC, "DES-EDE3-CBC", 8,
	    24, 0 },
};

#define N(a) (sizeof(a) / sizeof((a)[0]))

const struct cx4i_digest_alg *
cx4i_digest_by_id(enum cx4_digest id)
{
	size_t i;

	for (i = 0; i < N(digests); i++)
		if (digests[i].id == id)
			return &digests[i];
	return NULL;
}

const struct cx4i_digest_alg *
cx4i_digest_by_oid(enum cx4i_oid oid)
{
	size_t i;

	for (i = 0; i < N(digests); i++)
		if (digests[i].oid == oid)
			return &digests[i];
	return NULL;
}

const struct cx4i_cipher_alg *
cx4i_cipher_by_id(enum cx4_cipher id)
{
	size_t i;

	for (i = 0; i < N(ciphers); i++)
		if (ciphers[i].id == id)
			return &ciphers[i];
	return NULL;
}

const struct cx4i_cipher_alg *
cx4i_cipher_by_oid(enum cx4i_oid oid)
{
	size_t i;

	for (i = 0; i < N(ciphers); i++)
		if (ciphers[i].oid == oid)
			return &ciphers[i];
	return NULL;
}

const struct cx4i_cipher_alg *
cx4i_cipher_list(size_t n)
{
	return n < N(ciphers) ? &ciphers[n] : NULL;
}

enum cx4i_stance
cx4i_policy_digest(const cx4_policy *p, const struct cx4i_digest_alg *d)
{
	return d->id == CX4_DIGEST_SHA1 ? p->profile->sha1 : CX4I_WRITE;
}

enum cx4i_stance
cx4i_policy_cipher(const cx4_policy *p, const struct cx4i_cipher_alg *c)
{
	if (c->aead)
		return p->profile->aes_gcm;
	return c->id == CX4_CIPHER_DES_EDE3_CBC ? p->profile->des3 :
	    p->profile->aes_cbc;
}

static void
add_oid(struct cx4i_der *d, enum cx4i_oid oid)
{
	cx4i_der_oid_text(d, cx4i_oid_text(oid));
}

void
cx4i_alg_digest(struct cx4i_der *d, const struct cx4i_digest_alg *alg)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	add_oid(d, alg->oid);
	cx4i_der_close(d);
}

/*
 * RSASSA-PSS-params: hash and MGF1 with the digest, salt as long as the
 * digest. DER leaves out what has its default, which is SHA-1 and 20.
 */
static void
add_pss(struct cx4i_der *d, const struct cx4i_digest_alg *alg)
{
	int is_default = alg->id == CX4_DIGEST_SHA1;

	add_oid(d, CX4I_OID_RSA_PSS);
	cx4i_der_open(d, CX4I_SEQUENCE);
	if (!is_default) {
		cx4i_der_open(d, CX4I_CONTEXT_C(0));
		cx4i_alg_digest(d, alg);
		cx4i_der_close(d);
		cx4i_der_open(d, CX4I_CONTEXT_C(1));
		cx4i_der_open(d, CX4I_SEQUENCE);
		add_oid(d, CX4I_OID_MGF1);
		cx4i_alg_digest(d, alg);
		cx4i_der_close(d);
		cx4i_der_close(d);
		cx4i_der_open(d, CX4I_CONTEXT_C(2));
		cx4i_der_uint(d, alg->size);
		cx4i_der_close(d);
	}
	cx4i_der_close(d);
}

int
cx4i_alg_signature(struct cx4i_der *d, EVP_PKEY *key,
    const struct cx4i_digest_alg *alg, int pss)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	if (EVP_PKEY_is_a(key, "RSA") && pss) {
		add_pss(d, alg);
	} else if (EVP_PKEY_is_a(key, "RSA")) {
		add_oid(d, CX4I_OID_RSA);
		cx4i_der_null(d);
	} else if (EVP_PKEY_is_a(key, "EC")) {
		add_oid(d, alg->ecdsa);
	} else if (EVP_PKEY_is_a(key, "DSA") &&
	    alg->id == CX4_DIGEST_SHA1) {
		add_oid(d, CX4I_OID_DSA_SHA1);
	} else {
		return -1;
	}
	cx4i_der_close(d);
	return 0;
}

int
cx4i_alg_parse_body(struct cx4i_slice in, struct cx4i_alg_id *id)
{
	struct cx4i_tlv oid, params;

	if (cx4i_tlv_expect(&in, CX4I_OID, &oid) != 0)
		return -1;
	id->oid_body = oid.body;
	id->oid = cx4i_oid_find(oid.body);
	id->params.data = NULL;
	id->params.len = 0;
	switch (cx4i_tlv_next(&in, &params)) {
	case 0:
		return 0;
	case 1:
		id->params = params.whole;
		return in.len == 0 ? 0 : -1;
	default:
		return -1;
	}
}

int
cx4i_alg_parse(struct cx4i_slice whole, struct cx4i_alg_id *id)
{
	struct cx4i_tlv seq;

	if (cx4i_tlv_expect(&whole, CX4I_SEQUENCE, &seq) != 0)
		return -1;
	return cx4i_alg_parse_body(seq.body, id);
}

const char *
cx4i_alg_name(const struct cx4i_alg_id *id, char *buf, size_t size)
{
	if (id->oid != CX4I_OID_UNKNOWN)
		return cx4i_oid_name(id->oid);
	cx4i_oid_to_text(id->oid_body, buf, size);
	return buf;
}

int
cx4i_alg_cipher_params(const struct cx4i_cipher_alg *alg,
    const struct cx4i_alg_id *id, struct cx4i_cipher_params *out)
{
	struct cx4i_slice in = id->params;
	struct cx4i_tlv t;
	int r;

	out->tag_len = 0;
	if (alg->aead) {
		/* GCMParameters: the length of the tag has the default 12. */
		out->tag_len = 12;
		if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0 || in.len != 0)
			return -1;
		in = t.body;
	}
	if (cx4i_tlv_expect(&in, CX4I_OCTET_STRING, &t) != 0 ||
	    t.body.len != alg->iv_len)
		return -1;
	out->iv = t.body;
	if (alg->aead && (r = cx4i_tlv_optional(&in, CX4I_INTEGER, &t)) != 0) {
		if (r < 0 || cx4i_tlv_uint(t.body, &out->tag_len) != 0 ||
		    out->tag_len < 12 || out->tag_len > 16)
			return -1;
	}
	return in.len == 0 ? 0 : -1;
}
