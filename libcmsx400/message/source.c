/*
 * source.c - the input of a reader: DER, PEM or MIME, detected by its first
 * octets.
 *
 * A ContentInfo begins with 30, which no header field and no PEM text does.
 * Of texts, one whose first line is a header field ("Name:") or an mbox
 * "From " line is MIME; any other is PEM, which may have text before it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "source.h"

void
cx4i_source_init(struct cx4i_source *s, cx4i_push_fn *down, void *arg)
{
	memset(s, 0, sizeof(*s));
	s->down = down;
	s->arg = arg;
}

void
cx4i_source_free(struct cx4i_source *s)
{
	cx4i_pem_in_free(&s->pem);
	cx4i_mime_in_free(&s->mime);
}

static int
is_text(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

/* A field name: printable, no space, then a colon (RFC 5322 s2.2). */
static int
is_field(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && p[i] > 0x20 && p[i] < 0x7f; i++)
		if (p[i] == ':')
			return i > 0;
	return 0;
}

/* What the octets so far say; UNKNOWN: more are needed. */
static enum cx4i_form
detect(const uint8_t *p, size_t n, int at_end)
{
	const uint8_t *line;
	size_t i, rest;

	if (n == 0)
		return CX4I_FORM_UNKNOWN;
	if (p[0] == 0x30 || !is_text(p[0]))
		return CX4I_FORM_BINARY;
	for (i = 0; i < n && (p[i] == '\r' || p[i] == '\n' || p[i] == ' '); i++)
		;
	line = p + i;
	rest = n - i;
	if (memchr(line, '\n', rest) == NULL && n < CX4I_SOURCE_PEEK &&
	    !at_end)
		return CX4I_FORM_UNKNOWN;
	if (is_field(line, rest) ||
	    (rest >= 5 && memcmp(line, "From ", 5) == 0))
		return CX4I_FORM_MIME;
	return CX4I_FORM_PEM;
}

static int
forward(struct cx4i_source *s, const uint8_t *data, size_t len, cx4_error *e)
{
	switch (s->form) {
	case CX4I_FORM_PEM:
		return cx4i_pem_in_push(s->pem, data, len, e);
	case CX4I_FORM_MIME:
		return cx4i_mime_in_push(s->mime, data, len, e);
	default:
		return s->down(s->arg, data, len);
	}
}

static int
open_form(struct cx4i_source *s, cx4_error *e)
{
	if (s->form == CX4I_FORM_PEM &&
	    (s->pem = cx4i_pem_in_new(s->down, s->arg)) == NULL)
		return cx4i_fail(e, CX4_E_NOMEM, "%s", "PEM");
	if (s->form == CX4I_FORM_MIME &&
	    (s->mime = cx4i_mime_in_new(s->down, s->arg)) == NULL)
		return cx4i_fail(e, CX4_E_NOMEM, "%s", "MIME");
	return forward(s, s->peek, s->peeked, e);
}

int
cx4i_source_push(struct cx4i_source *s, const uint8_t *data, size_t len,
    cx4_error *e)
{
	int r;

	while (s->form == CX4I_FORM_UNKNOWN && len > 0) {
		s->peek[s->peeked++] = *data++;
		len--;
		s->form = detect(s->peek, s->peeked, 0);
		if (s->form != CX4I_FORM_UNKNOWN &&
		    (r = open_form(s, e)) != CX4_OK)
			return r;
	}
	return len > 0 ? forward(s, data, len, e) : CX4_OK;
}

int
cx4i_source_finish(struct cx4i_source *s, cx4_error *e)
{
	int r;

	if (s->form == CX4I_FORM_UNKNOWN && s->peeked > 0) {
		s->form = detect(s->peek, s->peeked, 1);
		if ((r = open_form(s, e)) != CX4_OK)
			return r;
	}
	if (s->pem != NULL)
		return cx4i_pem_in_finish(s->pem, e);
	if (s->mime != NULL)
		return cx4i_mime_in_finish(s->mime, e);
	return CX4_OK;
}
