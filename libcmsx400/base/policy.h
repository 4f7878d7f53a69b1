/*
 * policy.h - what may be written and read, the limits, and the trust.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_POLICY_H
#define CX4I_POLICY_H

#include <stdatomic.h>

#include <openssl/x509.h>

#include "../cmsx400.h"

/* What a policy thinks of an algorithm. */
enum cx4i_stance {
	CX4I_FORBIDDEN = 0,
	CX4I_READ_WARN,		/* read with a warning, never written */
	CX4I_READ,		/* read, never written */
	CX4I_WRITE_WARN,	/* read with a warning, written when asked */
	CX4I_WRITE
};

struct cx4i_profile {
	const char *name;
	enum cx4i_stance sha1;		/* in signatures */
	enum cx4i_stance dsa;
	enum cx4i_stance dh;		/* X9.42, as a recipient */
	enum cx4i_stance des3;
	enum cx4i_stance aes_cbc;
	enum cx4i_stance aes_gcm;
	int min_security_bits;		/* of keys (SP 800-57 part 1) */
	int security_level;		/* OpenSSL's, for paths */
	int protect_algorithms;		/* RFC 6211, when writing */
	enum cx4_digest digest;		/* for CX4_DIGEST_AUTO */
	enum cx4_cipher cipher;		/* for CX4_CIPHER_AUTO */
};

struct cx4_policy {
	atomic_int refs;
	atomic_int frozen;
	cx4_ctx *ctx;
	const struct cx4i_profile *profile;
	uint64_t limits[CX4_LIMIT_MAX_];
	unsigned int require;
	int64_t when;			/* -1: now */
	STACK_OF(X509) *trust;
	STACK_OF(X509) *certs;
	STACK_OF(X509_CRL) *crls;
};

cx4_policy *cx4i_policy_ref(cx4_policy *);

static inline int
cx4i_requires(const cx4_policy *p, unsigned int bit)
{
	return (p->require & bit) != 0;
}

#endif
