/*
 * qp.h - decoding quoted-printable (RFC 2045 section 6.7) as a stream.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_QP_H
#define CX4I_QP_H

#include "b64.h"

#define CX4I_QP_BLANKS 998	/* in a row: no line is longer (RFC 5322) */

struct cx4i_qp_in {
	uint64_t offset;	/* of the next octet of the input */
	int state;
	uint8_t high;		/* first digit of =HH */
	size_t blanks;
	uint8_t held[CX4I_QP_BLANKS];
};

void cx4i_qp_in_init(struct cx4i_qp_in *, uint64_t offset);
/*
 * As cx4i_b64_in_push, with CX4_E_MIME for damage. A line end that is not
 * soft gives CR LF; blanks in front of it are dropped.
 */
int cx4i_qp_in_push(struct cx4i_qp_in *, const uint8_t *, size_t,
    struct cx4i_block *, cx4_error *);
int cx4i_qp_in_finish(const struct cx4i_qp_in *, cx4_error *);

#endif
