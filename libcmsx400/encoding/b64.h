/*
 * b64.h - base64 (RFC 2045 section 6.8, RFC 4648 section 4) as a stream, and
 * the block of octets through which text filters write.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_B64_H
#define CX4I_B64_H

#include "../base/err.h"

/* Where decoded or encoded octets go; other than CX4_OK stops. */
typedef int cx4i_push_fn(void *arg, const uint8_t *data, size_t len);

#define CX4I_BLOCK 16384

/* Octets gathered before they are pushed on; never more than CX4I_BLOCK. */
struct cx4i_block {
	cx4i_push_fn *push;
	void *arg;
	size_t len;
	uint8_t data[CX4I_BLOCK];
};

void cx4i_block_init(struct cx4i_block *, cx4i_push_fn *, void *arg);
/* Both return what the push function said. */
int cx4i_block_add(struct cx4i_block *, const void *, size_t);
int cx4i_block_flush(struct cx4i_block *);

/*
 * Decoding. White space (CR, LF, space, tab) may stand anywhere and lines
 * may have any length; everything else that is not of the alphabet, wrong
 * padding, octets after padding and non-zero bits left over are damage.
 */
struct cx4i_b64_in {
	uint64_t offset;	/* of the next character of the input */
	uint32_t bits;		/* of the group begun */
	uint8_t have;		/* characters of it, 0 to 3 */
	uint8_t pad;		/* "=" characters still to come */
	uint8_t ended;		/* padding was seen and is complete */
};

/* `offset`: where the base64 text begins, for messages. */
void cx4i_b64_in_init(struct cx4i_b64_in *, uint64_t offset);
/*
 * Decode through the block, which is empty afterwards. CX4_E_BASE64 with the
 * offset of the character at fault, after everything before it was pushed
 * on, or what the push function said.
 */
int cx4i_b64_in_push(struct cx4i_b64_in *, const uint8_t *, size_t,
    struct cx4i_block *, cx4_error *);
/* CX4_E_BASE64 if a group of four or its padding is not complete. */
int cx4i_b64_in_finish(const struct cx4i_b64_in *, cx4_error *);

/* Encoding, in lines of `width` characters that end in `eol`. */
#define CX4I_B64_WIDTH 76	/* the longest line: RFC 2045 section 6.8 */

struct cx4i_b64_out {
	const char *eol;
	size_t eol_len;
	size_t line;			/* octets that make a full line */
	size_t have;
	uint8_t held[CX4I_B64_WIDTH / 4 * 3];
};

/* `width` is a multiple of 4, at most CX4I_B64_WIDTH; `eol` is borrowed. */
void cx4i_b64_out_init(struct cx4i_b64_out *, size_t width, const char *eol);
/* A full block is pushed on; the rest stays there until it is flushed. */
int cx4i_b64_out_push(struct cx4i_b64_out *, const uint8_t *, size_t,
    struct cx4i_block *);
/* Write the last, short line. */
int cx4i_b64_out_finish(struct cx4i_b64_out *, struct cx4i_block *);

#endif
