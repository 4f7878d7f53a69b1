/*
 * tlv.h - walking over small encodings that are whole in memory.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_TLV_H
#define CX4I_TLV_H

#include "../base/buf.h"

/* Identifier octets of the universal types that occur here. */
enum {
	CX4I_BOOLEAN = 0x01,
	CX4I_INTEGER = 0x02,
	CX4I_BIT_STRING = 0x03,
	CX4I_OCTET_STRING = 0x04,
	CX4I_NULL = 0x05,
	CX4I_OID = 0x06,
	CX4I_ENUMERATED = 0x0a,
	CX4I_UTF8_STRING = 0x0c,
	CX4I_NUMERIC_STRING = 0x12,
	CX4I_PRINTABLE_STRING = 0x13,
	CX4I_TELETEX_STRING = 0x14,
	CX4I_IA5_STRING = 0x16,
	CX4I_UTC_TIME = 0x17,
	CX4I_GENERALIZED_TIME = 0x18,
	CX4I_UNIVERSAL_STRING = 0x1c,
	CX4I_BMP_STRING = 0x1e,
	CX4I_SEQUENCE = 0x30,
	CX4I_SET = 0x31
};
/* [n] in the context class: primitive, and constructed. */
#define CX4I_CONTEXT(n) (0x80 | (n))
#define CX4I_CONTEXT_C(n) (0xa0 | (n))
#define CX4I_APPLICATION_C(n) (0x60 | (n))

struct cx4i_tlv {
	uint8_t ident;			/* first identifier octet */
	uint32_t number;
	struct cx4i_slice whole;	/* header and content */
	struct cx4i_slice body;		/* content */
};

/*
 * Take the next element with a definite length from the front of `in`.
 * Returns 1 with the element, 0 at the end, -1 if the octets are no element
 * (indefinite lengths included: see cx4i_tlv_definite). `in` moves only
 * when an element is taken.
 */
int cx4i_tlv_next(struct cx4i_slice *in, struct cx4i_tlv *);

/* The same, and the element must have this identifier octet: 0, or -1. */
int cx4i_tlv_expect(struct cx4i_slice *in, uint8_t ident, struct cx4i_tlv *);
/* If the next element has this identifier octet take it: 1; else 0; or -1. */
int cx4i_tlv_optional(struct cx4i_slice *in, uint8_t ident,
    struct cx4i_tlv *);
/* The elements in a constructed body, -1 if malformed. */
long cx4i_tlv_count(struct cx4i_slice body);
/*
 * A small non-negative INTEGER body: 0, or -1 if negative, too large, or
 * longer than it need be (X.690 section 8.3.2).
 */
int cx4i_tlv_uint(struct cx4i_slice body, uint32_t *);
/*
 * The octets of an OCTET STRING with an implicit tag: its body, or if it is
 * constructed (which cx4i_tlv_definite cannot see) its segments, joined in
 * `room`. 0, or -1 if malformed or longer than `size`.
 */
int cx4i_tlv_octets(const struct cx4i_tlv *, uint8_t *room, size_t size,
    struct cx4i_slice *);

/*
 * Append to `out` the first element of `in` with definite lengths
 * throughout, all of them in the shortest form, and every constructed
 * string of the universal class made primitive; nothing else changes. For
 * reading only: what was signed is what came. A constructed BIT STRING
 * counts as malformed. Elements nest at most 64 deep. 0, or if malformed
 * CX4_E_ASN1, or CX4_E_NOMEM: `out` is then unchanged. *used, if not NULL,
 * is the length of the element in `in`.
 */
int cx4i_tlv_definite(struct cx4i_slice in, struct cx4i_buf *out,
    size_t *used);

#endif
