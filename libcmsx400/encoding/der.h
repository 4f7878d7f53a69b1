/*
 * der.h - writing DER: headers for streams, and small values in memory.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_DER_H
#define CX4I_DER_H

#include "../base/buf.h"
#include "derhead.h"
#include "tlv.h"

/*
 * A builder of nested values. Failure (memory, or nesting deeper than
 * CX4I_DER_DEPTH) is remembered: check once, with cx4i_der_ok, at the end.
 */
#define CX4I_DER_DEPTH 16

struct cx4i_der {
	struct cx4i_buf buf;
	size_t start[CX4I_DER_DEPTH];
	unsigned int depth;
	int failed;
};

void cx4i_der_init(struct cx4i_der *);
void cx4i_der_free(struct cx4i_der *);
/* 1 if all is well and everything opened was closed. */
int cx4i_der_ok(const struct cx4i_der *);

void cx4i_der_open(struct cx4i_der *, uint8_t ident);
void cx4i_der_close(struct cx4i_der *);
/* Close a SET OF: sort its elements as X.690 section 11.6 says. */
void cx4i_der_close_set_of(struct cx4i_der *);
/* Close a SET: sort its elements by tag, X.690 section 10.3. */
void cx4i_der_close_set(struct cx4i_der *);
void cx4i_der_value(struct cx4i_der *, uint8_t ident, const void *, size_t);
/* Octets that are encoded already. */
void cx4i_der_raw(struct cx4i_der *, const void *, size_t);
void cx4i_der_slice(struct cx4i_der *, struct cx4i_slice);
void cx4i_der_uint(struct cx4i_der *, uint64_t);
void cx4i_der_null(struct cx4i_der *);
/* An OBJECT IDENTIFIER from its content octets, or from dotted text. */
void cx4i_der_oid(struct cx4i_der *, struct cx4i_slice body);
void cx4i_der_oid_text(struct cx4i_der *, const char *dotted);
/*
 * UTCTime from 1950 to 2049, GeneralizedTime outside (RFC 5652 section
 * 11.3); years that four digits cannot say fail.
 */
void cx4i_der_time(struct cx4i_der *, int64_t when);

#endif
