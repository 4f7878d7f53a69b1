/*
 * derhead.h - the headers of DER.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_DERHEAD_H
#define CX4I_DERHEAD_H

#include <stddef.h>
#include <stdint.h>

#define CX4I_DER_HEADER 10	/* one identifier octet, nine of length */

/* Octets of the header of an element with `len` content octets. */
size_t cx4i_der_header_size(uint64_t len);
/* header + content, saturating at UINT64_MAX. */
uint64_t cx4i_der_size(uint64_t len);
/* Write such a header (one-octet identifier); returns its size. */
size_t cx4i_der_header(uint8_t out[CX4I_DER_HEADER], uint8_t ident,
    uint64_t len);

#endif
