/*
 * signer.h - one SignerInfo: parsed, verified, judged.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_SIGNER_H
#define CX4I_SIGNER_H

#include "alg.h"
#include "certpool.h"
#include "layer_in.h"

/* The digest of the content by one algorithm. */
struct cx4i_content_digest {
	const struct cx4i_digest_alg *alg;
	EVP_MD_CTX *ctx;
	uint8_t value[EVP_MAX_MD_SIZE];
};

/* What one signed layer has in common for its signers. */
struct cx4i_signed_parts {
	struct cx4i_reading *reading;
	const char *content_type;		/* dotted eContentType */
	struct cx4i_slice content_type_body;	/* ... its octets */
	struct cx4i_content_digest *digests;
	size_t digest_count;
	struct cx4i_pool pool;			/* certificates */
	unsigned int verifications;		/* so far */
	struct cx4i_slice *crls;		/* as they came */
	size_t crl_count;
	struct cx4i_slice begin;		/* first octets of eContent */
	/* Made when a path is first judged. */
	STACK_OF(X509) *untrusted;
	STACK_OF(X509_CRL) *crl_stack;
};

/*
 * Judge one SignerInfo (whole element, as it came) and fill in its entry.
 * With parts->reading->verify 0 it is described only.
 */
void cx4i_signer_check(struct cx4i_signed_parts *, struct cx4i_slice whole,
    struct cx4i_signer_info *);

#endif
