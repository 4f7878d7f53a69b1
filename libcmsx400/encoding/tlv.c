/*
 * tlv.c - walking over small encodings that are whole in memory.
 *
 * Headers are read by ber.c, X.690 sections 8.1.2 and 8.1.3; constructed
 * strings are put together as sections 8.7.3 and 8.23 say.
 *
 * Does NOT look into a body before it is asked to, and does NOT check the
 * values of any type but the INTEGER of cx4i_tlv_uint.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "ber.h"
#include "derhead.h"
#include "tlv.h"

int
cx4i_tlv_next(struct cx4i_slice *in, struct cx4i_tlv *tlv)
{
	struct cx4i_ber_head h;

	if (in->len == 0)
		return 0;
	if (cx4i_ber_head(in->data, in->len, &h) != 1 || h.indefinite ||
	    h.ident == 0 || h.length > in->len - h.size)
		return -1;
	tlv->ident = h.ident;
	tlv->number = h.number;
	tlv->whole.data = in->data;
	tlv->whole.len = h.size + (size_t)h.length;
	tlv->body.data = in->data + h.size;
	tlv->body.len = (size_t)h.length;
	in->data += tlv->whole.len;
	in->len -= tlv->whole.len;
	return 1;
}

int
cx4i_tlv_optional(struct cx4i_slice *in, uint8_t ident, struct cx4i_tlv *tlv)
{
	if (in->len > 0 && in->data[0] != ident) {
		struct cx4i_slice peek = *in;
		struct cx4i_tlv other;

		return cx4i_tlv_next(&peek, &other) < 0 ? -1 : 0;
	}
	return cx4i_tlv_next(in, tlv);
}

int
cx4i_tlv_expect(struct cx4i_slice *in, uint8_t ident, struct cx4i_tlv *tlv)
{
	return cx4i_tlv_optional(in, ident, tlv) == 1 ? 0 : -1;
}

long
cx4i_tlv_count(struct cx4i_slice body)
{
	struct cx4i_tlv tlv;
	long n = 0;
	int rc;

	while ((rc = cx4i_tlv_next(&body, &tlv)) == 1)
		n++;
	return rc < 0 ? -1 : n;
}

int
cx4i_tlv_octets(const struct cx4i_tlv *tlv, uint8_t *room, size_t size,
    struct cx4i_slice *out)
{
	struct cx4i_slice in = tlv->body;
	struct cx4i_tlv t;

	*out = tlv->body;
	if ((tlv->ident & CX4I_CONSTRUCTED) == 0)
		return 0;
	out->data = room;
	out->len = 0;
	while (in.len > 0) {
		if (cx4i_tlv_expect(&in, CX4I_OCTET_STRING, &t) != 0 ||
		    t.body.len > size - out->len)
			return -1;
		if (t.body.len > 0)
			memcpy(room + out->len, t.body.data, t.body.len);
		out->len += t.body.len;
	}
	return 0;
}

int
cx4i_tlv_uint(struct cx4i_slice body, uint32_t *out)
{
	size_t i;

	if (body.len == 0 || body.data[0] & 0x80)
		return -1;
	if (body.len > 1 && body.data[0] == 0 && (body.data[1] & 0x80) == 0)
		return -1;
	if (body.len > 5 || (body.len == 5 && body.data[0] != 0))
		return -1;
	*out = 0;
	for (i = 0; i < body.len; i++)
		*out = *out << 8 | body.data[i];
	return 0;
}

/*
 * Making an element definite takes two walks over it: the first finds what
 * its constructed elements will hold, the second writes.
 */
struct walk {
	struct cx4i_buf sizes;	/* uint32_t each, in order of BEGIN */
	size_t next;		/* the second walk's place in them */
	uint32_t content[CX4I_BER_DEPTH];
	size_t index[CX4I_BER_DEPTH];
	size_t tag[CX4I_BER_DEPTH];
	size_t total;
	uint8_t *out;
	unsigned int string;	/* 1 + depth of the string put together */
	uint32_t number;	/* of its tag */
};

typedef int walk_fn(struct walk *, const struct cx4i_ber_event *);

/* Constructed, and of a string type: tags as in X.680 section 8.4. */
static int
is_string(const struct cx4i_ber_event *ev)
{
	static const uint32_t strings = 1U << 4 | 1U << 7 | 1U << 12 |
	    0x7ffU << 18 | 1U << 30;

	return (ev->ident & 0xe0) == CX4I_CONSTRUCTED && ev->number <= 30 &&
	    (strings >> ev->number & 1) != 0;
}

/*
 * Segments carry the tag of the string, or that of the OCTET STRING:
 * character strings and times are OCTET STRINGs under another tag, X.690
 * section 8.23, and both forms are met.
 */
static int
check_segment(const struct walk *w, const struct cx4i_ber_event *ev)
{
	if ((ev->ident & 0xc0) != 0 || (ev->number != w->number &&
	    ev->number != CX4I_OCTET_STRING))
		return -1;
	return 0;
}

/*
 * What the two walks have in common. Returns 1 if the event shows in the
 * output, 0 if it is the edge of a segment, -1 if malformed.
 */
static int
follow_string(struct walk *w, const struct cx4i_ber_event *ev)
{
	if (w->string == 0) {
		if (ev->kind != CX4I_BER_BEGIN)
			return 1;
		if (ev->ident == (CX4I_BIT_STRING | CX4I_CONSTRUCTED))
			return -1;
		if (is_string(ev)) {
			w->string = ev->depth + 1;
			w->number = ev->number;
		}
		return 1;
	}
	if (ev->kind == CX4I_BER_BEGIN)
		return check_segment(w, ev);
	if (ev->kind == CX4I_BER_END && ev->depth + 1 == w->string) {
		w->string = 0;
		return 1;
	}
	return ev->kind == CX4I_BER_DATA;
}

static size_t
tag_size(const struct cx4i_ber_event *ev)
{
	size_t n = 1;

	if (ev->number < 0x1f)
		return n;
	while (ev->data[n] & 0x80)
		n++;
	return n + 1;
}

/* Room for the size of a constructed element, known when it ends. */
static int
measure_begin(struct walk *w, const struct cx4i_ber_event *ev)
{
	static const uint32_t unknown = 0;

	w->content[ev->depth] = 0;
	w->tag[ev->depth] = tag_size(ev);
	w->index[ev->depth] = w->sizes.len;
	if ((ev->ident & CX4I_CONSTRUCTED) == 0)
		return 0;
	return cx4i_buf_add(&w->sizes, &unknown, sizeof(unknown)) == 0 ?
	    CX4_OK : CX4_E_NOMEM;
}

static void
measure_end(struct walk *w, const struct cx4i_ber_event *ev)
{
	uint32_t len = w->content[ev->depth];
	size_t whole = w->tag[ev->depth] - 1 + cx4i_der_header_size(len) + len;

	if (ev->ident & CX4I_CONSTRUCTED)
		memcpy(w->sizes.data + w->index[ev->depth], &len, sizeof(len));
	if (ev->depth > 0)
		w->content[ev->depth - 1] += (uint32_t)whole;
	else
		w->total = whole;
}

static int
measure(struct walk *w, const struct cx4i_ber_event *ev)
{
	int rc = follow_string(w, ev);

	if (rc != 1)
		return rc == 0 ? CX4_OK : CX4_E_ASN1;
	if (ev->kind == CX4I_BER_BEGIN)
		return measure_begin(w, ev);
	if (ev->kind == CX4I_BER_END)
		measure_end(w, ev);
	else
		w->content[w->string > 0 ? w->string - 1 : ev->depth] +=
		    (uint32_t)ev->len;
	return CX4_OK;
}

static void
put(struct walk *w, const void *data, size_t len)
{
	memcpy(w->out, data, len);
	w->out += len;
}

static void
put_header(struct walk *w, const struct cx4i_ber_event *ev)
{
	uint8_t header[CX4I_DER_HEADER], *at = w->out;
	uint32_t len = (uint32_t)ev->length;

	if (ev->ident & CX4I_CONSTRUCTED) {
		memcpy(&len, w->sizes.data + w->next, sizeof(len));
		w->next += sizeof(len);
	}
	put(w, ev->data, tag_size(ev));
	if (w->string > 0)
		*at &= (uint8_t)~CX4I_CONSTRUCTED;
	put(w, header + 1, cx4i_der_header(header, 0, len) - 1);
}

static int
write_out(struct walk *w, const struct cx4i_ber_event *ev)
{
	if (follow_string(w, ev) != 1)
		return CX4_OK;
	if (ev->kind == CX4I_BER_BEGIN)
		put_header(w, ev);
	else if (ev->kind == CX4I_BER_DATA)
		put(w, ev->data, ev->len);
	return CX4_OK;
}

/* Visit the first element of `in`; *used is its length. */
static int
walk(struct walk *w, struct cx4i_slice in, walk_fn *visit, size_t *used)
{
	struct cx4i_ber_event ev;
	struct cx4i_ber r;
	int code;

	cx4i_ber_init(&r);
	for (;;) {
		if (cx4i_ber_next(&r, &in.data, &in.len, &ev, NULL) != CX4_OK)
			return CX4_E_ASN1;
		if (ev.kind == CX4I_BER_MORE)
			break;
		if ((code = visit(w, &ev)) != CX4_OK)
			return code;
	}
	*used = (size_t)r.offset;
	return cx4i_ber_finish(&r, NULL) == CX4_OK ? CX4_OK : CX4_E_ASN1;
}

int
cx4i_tlv_definite(struct cx4i_slice in, struct cx4i_buf *out, size_t *used)
{
	struct walk w;
	size_t taken;
	int code;

	memset(&w, 0, sizeof(w));
	/* The sizes are 32 bits wide; a header grows by two octets at most. */
	if (in.len > UINT32_MAX / 2)
		return CX4_E_ASN1;
	if ((code = walk(&w, in, measure, &taken)) != CX4_OK)
		goto out;
	if ((w.out = cx4i_buf_extend(out, w.total)) == NULL) {
		code = CX4_E_NOMEM;
		goto out;
	}
	walk(&w, in, write_out, &taken);
	if (used != NULL)
		*used = taken;
out:
	cx4i_buf_free(&w.sizes);
	return code;
}
