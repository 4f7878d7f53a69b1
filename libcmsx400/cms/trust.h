/*
 * trust.h - certificate paths, purpose and revocation.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_TRUST_H
#define CX4I_TRUST_H

#include <openssl/x509.h>

#include "../base/err.h"
#include "../base/policy.h"

struct cx4i_path {
	enum cx4_verdict path;
	enum cx4_verdict revocation;
	int code;		/* CX4_OK, PATH, PURPOSE, REVOKED, WEAK,
				 * NO_TRUST or TEMPFAIL */
	char why[256];		/* which certificate, and what is wrong */
	int revocation_unknown;	/* ... and the policy lets that pass */
};

/* The anchors of a policy, ready for use; NULL for lack of memory. */
X509_STORE *cx4i_trust_store(const cx4_policy *);

/*
 * Judge the path from `leaf` to an anchor, as a signer of electronic mail,
 * at the policy's time. `certs` and `crls` came with the message.
 */
void cx4i_trust_check(const cx4_policy *, X509_STORE *, X509 *leaf,
    STACK_OF(X509) *certs, STACK_OF(X509_CRL) *crls, struct cx4i_path *);

#endif
