/*
 * buf.c - a growing octet string with a ceiling, wiped when it is freed.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "buf.h"

/* Nothing that is held in memory may reach this, whatever a policy says. */
#define CEILING ((size_t)1 << 30)

static int
reserve(struct cx4i_buf *b, size_t more)
{
	size_t cap = b->cap != 0 ? b->cap : 64;
	uint8_t *grown;

	if (more > CEILING - b->len)
		return -1;
	while (cap < b->len + more)
		cap *= 2;
	if (cap == b->cap)
		return 0;
	/* Not realloc: it would leave a copy behind unwiped. */
	if ((grown = malloc(cap)) == NULL)
		return -1;
	if (b->len > 0)
		memcpy(grown, b->data, b->len);
	if (b->data != NULL)
		OPENSSL_cleanse(b->data, b->len);
	free(b->data);
	b->data = grown;
	b->cap = cap;
	return 0;
}

uint8_t *
cx4i_buf_extend(struct cx4i_buf *b, size_t len)
{
	uint8_t *p;

	if (reserve(b, len) != 0)
		return NULL;
	p = b->data + b->len;
	b->len += len;
	return p;
}

int
cx4i_buf_add(struct cx4i_buf *b, const void *data, size_t len)
{
	uint8_t *p;

	if (len == 0)
		return 0;
	if ((p = cx4i_buf_extend(b, len)) == NULL)
		return -1;
	memcpy(p, data, len);
	return 0;
}

int
cx4i_buf_add_byte(struct cx4i_buf *b, uint8_t byte)
{
	return cx4i_buf_add(b, &byte, 1);
}

void
cx4i_buf_reset(struct cx4i_buf *b)
{
	if (b->data != NULL)
		OPENSSL_cleanse(b->data, b->len);
	b->len = 0;
}

void
cx4i_buf_free(struct cx4i_buf *b)
{
	if (b->data != NULL)
		OPENSSL_cleanse(b->data, b->len);
	free(b->data);
	memset(b, 0, sizeof(*b));
}

int
cx4i_slice_equal(struct cx4i_slice a, struct cx4i_slice b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
