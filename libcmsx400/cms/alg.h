/*
 * alg.h - the algorithms: names, OIDs, sizes, and what a policy says.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_ALG_H
#define CX4I_ALG_H

#include <openssl/evp.h>

#include "../base/policy.h"
#include "../encoding/der.h"
#include "../encoding/oid.h"

struct cx4i_digest_alg {
	enum cx4_digest id;
	enum cx4i_oid oid;
	const char *evp;	/* OpenSSL's name */
	size_t size;		/* octets */
	enum cx4i_oid ecdsa;	/* ecdsa-with-... */
	enum cx4i_oid ecdh_kdf;	/* dhSinglePass-stdDH-...kdf-scheme */
};

struct cx4i_cipher_alg {
	enum cx4_cipher id;
	enum cx4i_oid oid;
	const char *evp;
	size_t iv_len;
	size_t key_len;
	int aead;		/* for AuthEnvelopedData only */
};

/* NULL if it is not one of ours. */
const struct cx4i_digest_alg *cx4i_digest_by_id(enum cx4_digest);
const struct cx4i_digest_alg *cx4i_digest_by_oid(enum cx4i_oid);
const struct cx4i_cipher_alg *cx4i_cipher_by_id(enum cx4_cipher);
const struct cx4i_cipher_alg *cx4i_cipher_by_oid(enum cx4i_oid);
/* The n-th of the ciphers, strongest first; NULL after the last. */
const struct cx4i_cipher_alg *cx4i_cipher_list(size_t n);

enum cx4i_stance cx4i_policy_digest(const cx4_policy *,
    const struct cx4i_digest_alg *);
enum cx4i_stance cx4i_policy_cipher(const cx4_policy *,
    const struct cx4i_cipher_alg *);

/* AlgorithmIdentifier of a digest: parameters absent (RFC 5754 section 2). */
void cx4i_alg_digest(struct cx4i_der *, const struct cx4i_digest_alg *);
/*
 * signatureAlgorithm of a SignerInfo: rsaEncryption with NULL (RFC 3370
 * section 3.2), RSASSA-PSS with the digest for hash and MGF1 (RFC 4056),
 * id-dsa-with-sha1 (section 3.1) and ecdsa-with-... (RFC 5754 section 3.3)
 * without parameters. 0, or -1 if the key cannot sign with this digest.
 */
int cx4i_alg_signature(struct cx4i_der *, EVP_PKEY *,
    const struct cx4i_digest_alg *, int pss);

/* The parts of an AlgorithmIdentifier; 0, or -1 if it is none. */
struct cx4i_alg_id {
	enum cx4i_oid oid;
	struct cx4i_slice oid_body;
	struct cx4i_slice params;	/* whole element, or empty */
};

int cx4i_alg_parse(struct cx4i_slice whole, struct cx4i_alg_id *);
/* ... from the content of an implicitly tagged one. */
int cx4i_alg_parse_body(struct cx4i_slice body, struct cx4i_alg_id *);

/*
 * The parameters of a content-encryption algorithm: an initialisation
 * vector of exactly its length, and for an authenticated cipher a tag of 12
 * to 16 octets (RFC 3370 section 5.1, RFC 3565 section 4.1, RFC 5084
 * section 3.2). 0, or -1 for anything else (CVE-2025-15467,
 * CVE-2026-34182).
 */
struct cx4i_cipher_params {
	struct cx4i_slice iv;
	uint32_t tag_len;		/* 0: no tag */
};

int cx4i_alg_cipher_params(const struct cx4i_cipher_alg *,
    const struct cx4i_alg_id *, struct cx4i_cipher_params *);

/*
 * The name of an algorithm for reports: ours, or dotted text in `buf`.
 */
const char *cx4i_alg_name(const struct cx4i_alg_id *, char *buf,
    size_t size);

#endif
