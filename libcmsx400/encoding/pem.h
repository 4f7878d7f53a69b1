/*
 * pem.h - PEM armour (RFC 7468) around a CMS object, as a stream.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_PEM_H
#define CX4I_PEM_H

#include "mime.h"

/*
 * Reading: text before the block is skipped, at most 64 KiB; the label is
 * CMS, PKCS7 or "PKCS #7 SIGNED DATA"; what follows the block is ignored.
 * CX4_E_PEM, CX4_E_BASE64, or what the push function said; the first of them
 * is kept. Offsets count from the first octet of the input.
 */
struct cx4i_pem_in;

struct cx4i_pem_in *cx4i_pem_in_new(cx4i_push_fn *, void *arg);
void cx4i_pem_in_free(struct cx4i_pem_in **);
int cx4i_pem_in_push(struct cx4i_pem_in *, const uint8_t *, size_t,
    cx4_error *);
int cx4i_pem_in_finish(struct cx4i_pem_in *, cx4_error *);

/* Writing: label CMS, lines of 64 characters ending in LF. */
struct cx4i_pem_out;

struct cx4i_pem_out *cx4i_pem_out_new(cx4i_push_fn *, void *arg);
void cx4i_pem_out_free(struct cx4i_pem_out **);
/* CX4_E_STATE after finish, or what the push function said. */
int cx4i_pem_out_push(struct cx4i_pem_out *, const uint8_t *, size_t);
int cx4i_pem_out_finish(struct cx4i_pem_out *);

#endif
