/*
 * buf.h - a growing octet string with a ceiling, wiped when it is freed.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_BUF_H
#define CX4I_BUF_H

#include <stddef.h>
#include <stdint.h>

struct cx4i_buf {
	uint8_t *data;
	size_t len;
	size_t cap;
};

/* A view of octets that belong to somebody else. */
struct cx4i_slice {
	const uint8_t *data;
	size_t len;
};

/* Append; 0, or -1 for lack of memory (the buffer is then unchanged). */
int cx4i_buf_add(struct cx4i_buf *, const void *, size_t);
int cx4i_buf_add_byte(struct cx4i_buf *, uint8_t);
/* Room for `len` more octets at the end; NULL for lack of memory. */
uint8_t *cx4i_buf_extend(struct cx4i_buf *, size_t len);
/* Make it empty and keep the memory. */
void cx4i_buf_reset(struct cx4i_buf *);
/* Wipe and free; the buffer may be used again. */
void cx4i_buf_free(struct cx4i_buf *);

static inline struct cx4i_slice
cx4i_buf_slice(const struct cx4i_buf *b)
{
	struct cx4i_slice s = { b->data, b->len };

	return s;
}

int cx4i_slice_equal(struct cx4i_slice, struct cx4i_slice);

#endif
