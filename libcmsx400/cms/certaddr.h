/*
 * certaddr.h - the X.400 addresses of a certificate.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_CERTADDR_H
#define CX4I_CERTADDR_H

#include <openssl/x509.h>

#include "../base/ctx.h"

/* More than this many are not looked at: bounded work a certificate. */
#define CX4I_MAX_ADDRESSES 256

/*
 * Call `each` for every x400Address in subjectAltName, with NULL for one
 * that cannot be decoded, until it returns other than 0. CX4_OK, or
 * CX4_E_NOMEM: then not all were seen.
 */
int cx4i_cert_addresses(cx4_ctx *, X509 *,
    int (*each)(void *arg, const cx4_address *), void *arg);

#endif
