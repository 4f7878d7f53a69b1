/*
 * certpool.h - the certificates that a signed layer may be verified with,
 * parsed once a layer and no more than needed.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_CERTPOOL_H
#define CX4I_CERTPOOL_H

#include <openssl/x509.h>

#include "ident.h"
#include "layer_in.h"

/* A larger certificate is refused before it is parsed. */
#define CX4I_CERT_MAX ((size_t)128 * 1024)
/* Certificates that are tried for one SignerIdentifier. */
#define CX4I_CANDIDATES 8

struct cx4i_pool_cert {
	struct cx4i_slice der;		/* from the message; empty: not */
	struct cx4i_cert_view view;
	int viewed;			/* `view` is filled */
	int unreadable;
	X509 *x;			/* NULL: not parsed yet */
};

struct cx4i_pool {
	const cx4_ctx *ctx;
	struct cx4i_pool_cert *certs;
	size_t count;
};

/*
 * The certificates of the message (borrowed), the policy and the
 * identities. 0, or -1 for lack of memory.
 */
int cx4i_pool_init(struct cx4i_pool *, const struct cx4i_reading *,
    const struct cx4i_slice *certs, size_t count);
void cx4i_pool_free(struct cx4i_pool *);

/*
 * The certificates that an identifier may mean (several may, RFC 3851
 * section 2.6), at most CX4I_CANDIDATES, borrowed. Returns how many.
 */
size_t cx4i_pool_find(struct cx4i_pool *, const struct cx4i_sid *,
    X509 *found[CX4I_CANDIDATES]);

/* All that can be parsed, for building paths; the caller's. NULL: no memory. */
STACK_OF(X509) *cx4i_pool_all(struct cx4i_pool *);

#endif
