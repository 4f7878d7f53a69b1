/*
 * ess.h - signingCertificate and contentHints (RFC 2634, RFC 5035).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_ESS_H
#define CX4I_ESS_H

#include <openssl/x509.h>

#include "alg.h"
#include "ident.h"

/*
 * Does the first ESSCertID of a signingCertificate (v2 != 0: V2) value name
 * this certificate? CX4_V_VALID, CX4_V_INVALID, or CX4_V_UNSUPPORTED for a
 * hash that is not known here. If not VALID *why says what is wrong.
 */
enum cx4_verdict cx4i_ess_check(cx4_ctx *, int v2, struct cx4i_slice value,
    X509 *, const char **why);

/*
 * Add the attribute for a signer's certificate: V1 with SHA-1, V2 with any
 * other digest (RFC 5035 section 2). 0, or -1 on failure.
 */
int cx4i_ess_add(cx4_ctx *, struct cx4i_der *,
    const struct cx4i_digest_alg *, const cx4_id *);

/* contentHints: the type named, as dotted text; 0, or -1 if unreadable. */
int cx4i_hint_type(cx4_ctx *, struct cx4i_slice value, char *oid,
    size_t size);
void cx4i_hint_add(struct cx4i_der *, const char *oid);

#endif
