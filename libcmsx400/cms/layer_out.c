/*
 * layer_out.c - what both kinds of layers that are written have in common:
 * headers, segments, and the ContentInfo around the outermost.
 *
 * RFC 5652 sections 3 and 5.2; RFC 3854 section 3.4.1: only the outermost
 * structure is a ContentInfo.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "../encoding/ber.h"
#include "layer_out.h"

/* One size, whatever the pushes: output does not depend on them. */
#define SEGMENT 16384

static const uint8_t end_of_contents[2] = { 0, 0 };

static int
add_ref(cx4_id ***list, size_t *count, cx4_id *id)
{
	cx4_id **grown = realloc(*list, (*count + 1) * sizeof(*grown));

	if (grown == NULL)
		return CX4_E_NOMEM;
	*list = grown;
	grown[(*count)++] = cx4i_id_ref(id);
	return CX4_OK;
}

int
cx4i_layer_out_add_id(struct cx4i_layer_out *l, cx4_id *id)
{
	return add_ref(&l->ids, &l->id_count, id);
}

int
cx4i_layer_out_add_extra(struct cx4i_layer_out *l, cx4_id *id)
{
	return add_ref(&l->extra, &l->extra_count, id);
}

static void
free_refs(cx4_id **list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		cx4_id_free(&list[i]);
	free(list);
}

void
cx4i_layer_out_free(struct cx4i_layer_out **pl)
{
	struct cx4i_layer_out *l = *pl;

	if (l == NULL)
		return;
	*pl = NULL;
	l->ops->free(l);
	free_refs(l->ids, l->id_count);
	free_refs(l->extra, l->extra_count);
	if (l->segment != NULL)
		OPENSSL_cleanse(l->segment, SEGMENT);
	free(l->segment);
	free(l);
}

int
cx4i_layer_down(struct cx4i_layer_out *l, const void *data, size_t len)
{
	return len == 0 ? CX4_OK : l->down(l->down_arg, data, len);
}

int
cx4i_layer_header(struct cx4i_layer_out *l, uint8_t ident, uint64_t len)
{
	uint8_t header[CX4I_DER_HEADER];

	if (!l->indefinite)
		return cx4i_layer_down(l, header,
		    cx4i_der_header(header, ident, len));
	header[0] = ident | CX4I_CONSTRUCTED;
	header[1] = 0x80;
	return cx4i_layer_down(l, header, 2);
}

int
cx4i_layer_end(struct cx4i_layer_out *l, unsigned int n)
{
	int r = CX4_OK;

	if (!l->indefinite)
		return CX4_OK;
	while (n-- > 0 && r == CX4_OK)
		r = cx4i_layer_down(l, end_of_contents,
		    sizeof(end_of_contents));
	return r;
}

static int
flush_segment(struct cx4i_layer_out *l)
{
	uint8_t header[CX4I_DER_HEADER];
	size_t n;
	int r;

	if (l->segment_len == 0)
		return CX4_OK;
	n = cx4i_der_header(header, CX4I_OCTET_STRING, l->segment_len);
	if ((r = cx4i_layer_down(l, header, n)) != CX4_OK)
		return r;
	n = l->segment_len;
	l->segment_len = 0;
	return cx4i_layer_down(l, l->segment, n);
}

int
cx4i_layer_content(struct cx4i_layer_out *l, const uint8_t *data, size_t len)
{
	size_t n;
	int r;

	if (!l->indefinite)
		return cx4i_layer_down(l, data, len);
	if (l->segment == NULL && (l->segment = malloc(SEGMENT)) == NULL)
		return cx4i_fail(l->writing->err, CX4_E_NOMEM, "%s",
		    "segment");
	for (; len > 0; data += n, len -= n) {
		n = SEGMENT - l->segment_len;
		if (n > len)
			n = len;
		memcpy(l->segment + l->segment_len, data, n);
		l->segment_len += n;
		if (l->segment_len == SEGMENT &&
		    (r = flush_segment(l)) != CX4_OK)
			return r;
	}
	return CX4_OK;
}

int
cx4i_layer_content_end(struct cx4i_layer_out *l)
{
	return l->indefinite ? flush_segment(l) : CX4_OK;
}

/* contentType of the ContentInfo, whole. */
static int
shell_type(const struct cx4i_layer_out *l, struct cx4i_der *d)
{
	cx4i_der_init(d);
	cx4i_der_oid_text(d, cx4i_oid_text(cx4i_layer_oid(l->type)));
	return cx4i_der_ok(d);
}

uint64_t
cx4i_layer_shell_size(const struct cx4i_layer_out *l, uint64_t value_len)
{
	struct cx4i_der d;
	uint64_t n;

	if (!l->outermost || value_len == CX4I_UNKNOWN_LENGTH)
		return value_len;
	shell_type(l, &d);
	n = cx4i_der_size(d.buf.len + cx4i_der_size(value_len));
	cx4i_der_free(&d);
	return n;
}

int
cx4i_layer_shell_begin(struct cx4i_layer_out *l, uint64_t value_len)
{
	struct cx4i_der d;
	int r;

	if (!l->outermost)
		return CX4_OK;
	if (!shell_type(l, &d)) {
		r = cx4i_fail(l->writing->err, CX4_E_NOMEM, "%s", "layer");
		goto out;
	}
	r = cx4i_layer_header(l, CX4I_SEQUENCE,
	    d.buf.len + cx4i_der_size(value_len));
	if (r == CX4_OK)
		r = cx4i_layer_down(l, d.buf.data, d.buf.len);
	if (r == CX4_OK)
		r = cx4i_layer_header(l, CX4I_CONTEXT_C(0), value_len);
out:
	cx4i_der_free(&d);
	return r;
}

int
cx4i_layer_shell_end(struct cx4i_layer_out *l)
{
	return l->outermost ? cx4i_layer_end(l, 2) : CX4_OK;
}
