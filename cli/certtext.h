/*
 * certtext.h - parts of certificates as text. Not escaped for a terminal:
 * msg.h does that.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_CERTTEXT_H
#define CLI_CERTTEXT_H

#include "../libcmsx400/cmsx400_openssl.h"

/* RFC 4514, in UTF-8. 0 if it cannot be written; out is "" then. */
int certtext_name(const X509_NAME *, char *out, size_t size);
/* The first X.400 address in the F.401 form. 0 if there is none. */
int certtext_address(cx4_ctx *, X509 *, char *out, size_t size);
/* RFC 3339 in UTC; "" if the time cannot be read. */
void certtext_time(const ASN1_TIME *, char *out, size_t size);
/* Lower-case hexadecimal. */
void certtext_hex(const unsigned char *, size_t, char *out, size_t size);

#endif
