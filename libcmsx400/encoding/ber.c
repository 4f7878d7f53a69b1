/*
 * ber.c - an incremental reader of BER: X.690 sections 8.1.2 to 8.1.5.
 *
 * The reader holds the path of open elements and at most one header. An
 * element of definite length takes its octets from the budget of the one
 * around it when it begins; one of indefinite length works on that budget
 * itself and hands back what is left. So nothing can pass the end of any
 * definite element around it, and no offset passes 2^64-1.
 *
 * It does NOT check what the tags mean (that a SEQUENCE is constructed, that
 * an INTEGER is not), nor any rule of DER.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "ber.h"

#define LONG_TAG 0x1f
#define TAG_OCTETS 4		/* of the number in the long form: 28 bits */
#define LENGTH_OCTETS 8

static int
fault(struct cx4i_ber_head *h, size_t at, const char *what)
{
	h->fault = what;
	h->fault_at = at;
	return -1;
}

static int
read_long_tag(const uint8_t *p, size_t n, struct cx4i_ber_head *h)
{
	size_t i;

	h->number = 0;
	for (i = 1; i < n; i++) {
		if (i == 1 && p[i] == 0x80)
			return fault(h, i, "leading zero in a tag number");
		h->number = h->number << 7 | (p[i] & 0x7f);
		if ((p[i] & 0x80) == 0)
			break;
		if (i == TAG_OCTETS)
			return fault(h, i, "tag number too large");
	}
	if (i == n)
		return 0;
	if (h->number < LONG_TAG)
		return fault(h, i, "small tag number in the long form");
	h->size = i + 1;
	return 1;
}

static int
read_tag(const uint8_t *p, size_t n, struct cx4i_ber_head *h)
{
	if (n == 0)
		return 0;
	h->ident = p[0];
	h->number = p[0] & LONG_TAG;
	h->size = 1;
	if (h->ident == CX4I_CONSTRUCTED)
		return fault(h, 0, "end-of-contents octet of another form");
	if (h->number == LONG_TAG)
		return read_long_tag(p, n, h);
	return 1;
}

static int
read_long_length(const uint8_t *p, size_t n, struct cx4i_ber_head *h)
{
	size_t i, count = p[h->size] & 0x7f;

	if (p[h->size] == 0xff)
		return fault(h, h->size, "length octet 0xff");
	if (count > LENGTH_OCTETS)
		return fault(h, h->size, "length of more than 8 octets");
	if (n - h->size - 1 < count)
		return 0;
	for (i = 1; i <= count; i++)
		h->length = h->length << 8 | p[h->size + i];
	h->size += 1 + count;
	return 1;
}

static int
read_length(const uint8_t *p, size_t n, struct cx4i_ber_head *h)
{
	uint8_t first;

	if (n <= h->size)
		return 0;
	first = p[h->size];
	if (h->ident == 0 && first != 0)
		return fault(h, h->size, "end-of-contents octets not zero");
	if (first > 0x80)
		return read_long_length(p, n, h);
	if (first < 0x80) {
		h->length = first;
	} else {
		if ((h->ident & CX4I_CONSTRUCTED) == 0)
			return fault(h, h->size,
			    "indefinite length of a primitive element");
		h->indefinite = 1;
	}
	h->size++;
	return 1;
}

int
cx4i_ber_head(const uint8_t *p, size_t n, struct cx4i_ber_head *h)
{
	int rc;

	memset(h, 0, sizeof(*h));
	if ((rc = read_tag(p, n, h)) != 1)
		return rc;
	return read_length(p, n, h);
}

void
cx4i_ber_init(struct cx4i_ber *r)
{
	memset(r, 0, sizeof(*r));
}

static struct cx4i_ber_frame *
top_frame(struct cx4i_ber *r)
{
	return r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
}

/* Octets that may follow; around the outermost element, all there can be. */
static uint64_t
budget(struct cx4i_ber *r)
{
	return r->depth > 0 ? top_frame(r)->left : UINT64_MAX;
}

static int
refuse(struct cx4i_ber *r, uint64_t at, const char *what, cx4_error *e)
{
	r->failed = cx4i_fail_at(e, CX4_E_BER, at, "%s", what);
	return r->failed;
}

/* Append `n` octets, the first of `needed`, to the captured element. */
static int
keep(struct cx4i_ber *r, const uint8_t *data, size_t n, uint64_t needed,
    cx4_error *e)
{
	struct cx4i_buf *b = r->capture;
	size_t room = r->capture_limit > b->len ?
	    r->capture_limit - b->len : 0;

	if (needed > room)
		r->failed = cx4i_fail_at(e, CX4_E_LIMIT_HEAD, r->offset - n,
		    "element larger than the %zu octets left", room);
	else if (cx4i_buf_add(b, data, n) != 0)
		r->failed = cx4i_fail(e, CX4_E_NOMEM, "reading an element");
	return r->failed;
}

static void
set_event(const struct cx4i_ber *r, enum cx4i_ber_kind kind,
    struct cx4i_ber_event *ev)
{
	const struct cx4i_ber_frame *f = &r->stack[r->depth - 1];

	memset(ev, 0, sizeof(*ev));
	ev->kind = kind;
	ev->ident = f->ident;
	ev->number = f->number;
	ev->depth = r->depth - 1;
	ev->offset = r->offset;
}

static void
end_element(struct cx4i_ber *r, struct cx4i_ber_event *ev)
{
	const struct cx4i_ber_frame *f = top_frame(r);

	set_event(r, CX4I_BER_END, ev);
	if (r->capture != NULL && r->depth == r->capture_depth)
		r->capture = NULL;
	r->depth--;
	if (r->depth == 0)
		r->done = 1;
	else if (f->indefinite)
		top_frame(r)->left = f->left;
}

static int
begin_element(struct cx4i_ber *r, const struct cx4i_ber_head *h,
    struct cx4i_ber_event *ev, cx4_error *e)
{
	uint64_t at = r->offset - h->size, left = budget(r) - h->size;
	struct cx4i_ber_frame *f;

	if (h->length > left)
		return refuse(r, at, r->depth == 0 ?
		    "element of more than 2^64-1 octets" :
		    "element exceeds the one around it", e);
	if (r->depth == CX4I_BER_DEPTH)
		return refuse(r, at, "elements nest too deep", e);
	if (r->depth > 0)
		top_frame(r)->left = left - h->length;
	f = &r->stack[r->depth++];
	f->ident = h->ident;
	f->number = h->number;
	f->indefinite = h->indefinite != 0;
	f->left = h->indefinite ? left : h->length;
	set_event(r, CX4I_BER_BEGIN, ev);
	ev->indefinite = h->indefinite;
	ev->length = h->length;
	ev->offset = at;
	ev->data = r->header;
	ev->len = h->size;
	return CX4_OK;
}

/* A whole header is there: an element begins, or an indefinite one ends. */
static int
use_header(struct cx4i_ber *r, const struct cx4i_ber_head *h,
    struct cx4i_ber_event *ev, cx4_error *e)
{
	r->header_len = 0;
	if (h->ident != 0 && begin_element(r, h, ev, e) != CX4_OK)
		return r->failed;
	/* No overflow: it lies within the budget. */
	if (r->capture != NULL && keep(r, r->header, h->size,
	    h->size + h->length, e) != CX4_OK)
		return r->failed;
	if (h->ident == 0) {
		top_frame(r)->left -= h->size;
		end_element(r, ev);
	}
	return CX4_OK;
}

static int
take_header(struct cx4i_ber *r, const uint8_t **p, size_t *n,
    struct cx4i_ber_event *ev, cx4_error *e)
{
	struct cx4i_ber_head h;
	uint64_t at = r->offset - r->header_len;
	int rc = 0;

	/* An octet at a time, so that chunks make no difference. */
	while (rc == 0 && *n > 0) {
		r->header[r->header_len++] = *(*p)++;
		(*n)--;
		r->offset++;
		rc = cx4i_ber_head(r->header, r->header_len, &h);
		if (rc < 0)
			return refuse(r, at + h.fault_at, h.fault, e);
		if (h.ident == 0 &&
		    (r->depth == 0 || !top_frame(r)->indefinite))
			return refuse(r, at,
			    "end-of-contents octets out of place", e);
		if (rc == 0 && r->header_len >= budget(r))
			return refuse(r, at,
			    "element exceeds the one around it", e);
	}
	return rc == 0 ? CX4_OK : use_header(r, &h, ev, e);
}

static int
take_data(struct cx4i_ber *r, const uint8_t **p, size_t *n,
    struct cx4i_ber_event *ev, cx4_error *e)
{
	struct cx4i_ber_frame *f = top_frame(r);
	size_t len = f->left < *n ? (size_t)f->left : *n;

	set_event(r, CX4I_BER_DATA, ev);
	ev->data = *p;
	ev->len = len;
	*p += len;
	*n -= len;
	r->offset += len;
	f->left -= len;
	return r->capture != NULL ? keep(r, ev->data, len, len, e) : CX4_OK;
}

/* One step; an event, or input used up, or nothing to report yet. */
static int
step(struct cx4i_ber *r, const uint8_t **p, size_t *n,
    struct cx4i_ber_event *ev, cx4_error *e)
{
	const struct cx4i_ber_frame *f = top_frame(r);

	if (f != NULL && f->left == 0) {
		if (f->indefinite)
			return refuse(r, r->offset,
			    "no end-of-contents octets within the element "
			    "around", e);
		end_element(r, ev);
		return CX4_OK;
	}
	if (*n == 0)
		return CX4_OK;
	if (f != NULL && (f->ident & CX4I_CONSTRUCTED) == 0)
		return take_data(r, p, n, ev, e);
	return take_header(r, p, n, ev, e);
}

int
cx4i_ber_next(struct cx4i_ber *r, const uint8_t **p, size_t *n,
    struct cx4i_ber_event *ev, cx4_error *e)
{
	do {
		memset(ev, 0, sizeof(*ev));
		ev->offset = r->offset;
		if (r->failed != CX4_OK || r->done)
			return r->failed;
		if (step(r, p, n, ev, e) != CX4_OK)
			return r->failed;
		/* What happens within a captured element is not told. */
	} while (ev->kind != CX4I_BER_MORE && r->capture != NULL);
	return CX4_OK;
}

int
cx4i_ber_capture(struct cx4i_ber *r, const struct cx4i_ber_event *begin,
    struct cx4i_buf *buf, size_t limit, cx4_error *e)
{
	if (r->failed != CX4_OK)
		return r->failed;
	r->capture = buf;
	r->capture_limit = limit;
	r->capture_depth = r->depth;
	return keep(r, begin->data, begin->len, begin->len + begin->length,
	    e);
}

int
cx4i_ber_finish(const struct cx4i_ber *r, cx4_error *e)
{
	if (r->failed != CX4_OK)
		return r->failed;
	if (!r->done)
		return cx4i_fail_at(e, CX4_E_TRUNCATED, r->offset,
		    "the element is not whole");
	return CX4_OK;
}
