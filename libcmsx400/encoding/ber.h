/*
 * ber.h - an incremental reader of BER, of any size and in any chunks.
 *
 * Push octets in, take events out. Nothing is allocated and nothing
 * recurses; elements may have definite or indefinite lengths up to 2^64-1
 * octets, tag numbers up to 2^28-1, and nest CX4I_BER_DEPTH deep.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_BER_H
#define CX4I_BER_H

#include "../base/buf.h"
#include "../base/err.h"

#define CX4I_BER_DEPTH 64
#define CX4I_BER_HEADER 16	/* octets of the longest header taken */

#define CX4I_CONSTRUCTED 0x20	/* bit of the identifier octet */

enum cx4i_ber_kind {
	CX4I_BER_MORE = 0,	/* input is used up, or the end is reached */
	CX4I_BER_BEGIN,		/* an element's header was read */
	CX4I_BER_DATA,		/* some content octets of a primitive element */
	CX4I_BER_END		/* the element that began last has ended */
};

struct cx4i_ber_event {
	enum cx4i_ber_kind kind;
	uint8_t ident;		/* first identifier octet */
	uint32_t number;	/* tag number */
	unsigned int depth;	/* 0: the outermost element */
	int indefinite;		/* BEGIN: no length was given */
	uint64_t length;	/* BEGIN: content octets, if not indefinite */
	uint64_t offset;	/* BEGIN: of the identifier octet; DATA: of
				 * the first octet; END: after the element */
	const uint8_t *data;	/* DATA: the octets, where the caller has
				 * them; BEGIN: the header, until the next
				 * call */
	size_t len;
};

/* A header: identifier and length octets. */
struct cx4i_ber_head {
	uint8_t ident;		/* first identifier octet */
	uint32_t number;
	int indefinite;
	uint64_t length;	/* content octets, if not indefinite */
	size_t size;		/* octets of the header */
	const char *fault;	/* what is wrong, and at which octet */
	size_t fault_at;
};

struct cx4i_ber_frame {
	uint32_t number;
	uint8_t ident;
	uint8_t indefinite;
	uint64_t left;		/* octets it may still take: of its content,
				 * or of the nearest definite one around it */
};

struct cx4i_ber {
	uint64_t offset;	/* octets taken so far */
	struct cx4i_ber_frame stack[CX4I_BER_DEPTH];
	unsigned int depth;	/* open elements */
	uint8_t header[CX4I_BER_HEADER];
	size_t header_len;
	int done;		/* the outermost element has ended */
	int failed;		/* the code of the first error */
	struct cx4i_buf *capture;
	size_t capture_limit;
	unsigned int capture_depth;
};

/*
 * Read the header at the front of `n` octets: 1, 0 if it goes on beyond
 * them, -1 if it is malformed. End-of-contents octets are a header with
 * `ident` 0; whether they may stand there is for the caller to know.
 */
int cx4i_ber_head(const uint8_t *, size_t n, struct cx4i_ber_head *);

void cx4i_ber_init(struct cx4i_ber *);

/*
 * Take octets from *p (*n of them, both advanced) up to the next event.
 * Returns CX4_OK with the event, or CX4_E_BER with the offset of the octet
 * that is wrong. After the outermost element has ended nothing more is
 * taken and every event is MORE: octets left in *n then trail the element.
 * After an error every call returns the same code.
 */
int cx4i_ber_next(struct cx4i_ber *, const uint8_t **p, size_t *n,
    struct cx4i_ber_event *, cx4_error *);

/*
 * Right after BEGIN: append the whole element (header included, as it came)
 * to `buf`; the next event is its END. CX4_E_LIMIT_HEAD is returned, here
 * or by cx4i_ber_next, as soon as a header shows that `buf` would grow
 * beyond `limit` octets.
 */
int cx4i_ber_capture(struct cx4i_ber *, const struct cx4i_ber_event *,
    struct cx4i_buf *buf, size_t limit, cx4_error *);

/* At the end of input: CX4_OK if the element is whole, else TRUNCATED. */
int cx4i_ber_finish(const struct cx4i_ber *, cx4_error *);

#endif
