/*
 * shell.c - the ContentInfo around a bare CMS value, put on and taken off as
 * octets flow (RFC 5652 section 3, RFC 3854 section 3.4.1). The value's own
 * octets never change.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "../encoding/der.h"
#include "shell.h"

/* Pass on what belongs to the one element that `ber` follows. */
static int
pass(struct cx4i_ber *ber, const uint8_t *data, size_t len,
    cx4i_push_fn *down, void *arg, cx4_error *e)
{
	struct cx4i_ber_event ev;
	const uint8_t *start = data;
	int r;

	do {
		r = cx4i_ber_next(ber, &data, &len, &ev, e);
		if (r != CX4_OK)
			return r;
	} while (ev.kind != CX4I_BER_MORE);
	return data == start ? CX4_OK :
	    down(arg, start, (size_t)(data - start));
}

void
cx4i_shell_on_init(struct cx4i_shell_on *s, enum cx4i_oid type,
    cx4i_push_fn *down, void *arg)
{
	memset(s, 0, sizeof(*s));
	s->down = down;
	s->arg = arg;
	s->type = type;
	cx4i_ber_init(&s->ber);
}

/* SEQUENCE { type, [0] { ... for a value of this length. */
static int
put_on(struct cx4i_shell_on *s, uint64_t value_len)
{
	struct cx4i_buf oid = { NULL, 0, 0 };
	uint8_t out[2 * CX4I_DER_HEADER + CX4I_OID_TEXT];
	uint64_t inner;
	size_t n = 0;
	int r;

	if (cx4i_oid_from_text(cx4i_oid_text(s->type), &oid) != 0)
		return CX4_E_NOMEM;
	inner = cx4i_der_size(oid.len) + cx4i_der_size(value_len);
	if (s->indefinite) {
		out[n++] = CX4I_SEQUENCE;
		out[n++] = 0x80;
	} else {
		n = cx4i_der_header(out, CX4I_SEQUENCE, inner);
	}
	n += cx4i_der_header(out + n, CX4I_OID, oid.len);
	memcpy(out + n, oid.data, oid.len);
	n += oid.len;
	cx4i_buf_free(&oid);
	if (s->indefinite) {
		out[n++] = CX4I_CONTEXT_C(0);
		out[n++] = 0x80;
	} else {
		n += cx4i_der_header(out + n, CX4I_CONTEXT_C(0), value_len);
	}
	r = s->down(s->arg, out, n);
	return r;
}

/* The header of the value and the octet after it tell what it is. */
static int
decide_on(struct cx4i_shell_on *s, cx4_error *e)
{
	struct cx4i_ber_head head;
	int r;

	r = cx4i_ber_head(s->head, s->head_len, &head);
	if (r < 0)
		return cx4i_fail_at(e, CX4_E_BER, head.fault_at, "%s",
		    head.fault);
	if (r == 1 && head.ident != CX4I_SEQUENCE)
		return cx4i_fail_at(e, CX4_E_STRUCTURE, 0,
		    "the value is no SEQUENCE");
	if (r == 0 || s->head_len <= head.size)
		return CX4_OK;
	s->decided = 1;
	s->bare = s->head[head.size] != CX4I_OID;
	s->indefinite = head.indefinite;
	if (head.length > UINT64_MAX - 64)
		return cx4i_fail_at(e, CX4_E_BER, 0,
		    "a length that nothing can have");
	if (s->bare &&
	    (r = put_on(s, head.size + head.length)) != CX4_OK)
		return r;
	return pass(&s->ber, s->head, s->head_len, s->down, s->arg, e);
}

int
cx4i_shell_on_push(struct cx4i_shell_on *s, const uint8_t *data, size_t len,
    cx4_error *e)
{
	int r;

	while (!s->decided && len > 0) {
		s->head[s->head_len++] = *data++;
		len--;
		if ((r = decide_on(s, e)) != CX4_OK)
			return r;
		if (!s->decided && s->head_len == sizeof(s->head))
			return cx4i_fail_at(e, CX4_E_BER, 0, "no header");
	}
	if (len == 0)
		return CX4_OK;
	return pass(&s->ber, data, len, s->down, s->arg, e);
}

int
cx4i_shell_on_finish(struct cx4i_shell_on *s, cx4_error *e)
{
	static const uint8_t ends[4] = { 0, 0, 0, 0 };
	int r;

	if ((r = cx4i_ber_finish(&s->ber, e)) != CX4_OK)
		return r;
	return s->bare && s->indefinite ?
	    s->down(s->arg, ends, sizeof(ends)) : CX4_OK;
}

void
cx4i_shell_off_init(struct cx4i_shell_off *s,
    int (*start)(void *, const char *, uint64_t), cx4i_push_fn *down,
    void *arg)
{
	memset(s, 0, sizeof(*s));
	s->start = start;
	s->down = down;
	s->arg = arg;
	cx4i_ber_init(&s->ber);
	cx4i_ber_init(&s->whole);
}

static int
not_cms(const struct cx4i_shell_off *s, cx4_error *e, const char *why)
{
	return cx4i_fail_at(e, CX4_E_NOT_CMS, s->head_len, "%s", why);
}

/*
 * Read a header with this identifier at *at: 1 and *at beyond it, 0 if more
 * octets are needed, -1 if it is something else.
 */
static int
take_header(const struct cx4i_shell_off *s, size_t *at, uint8_t ident,
    struct cx4i_ber_head *head)
{
	int r = cx4i_ber_head(s->head + *at, s->head_len - *at, head);

	if (r == 1)
		*at += head->size;
	return r == 1 && head->ident != ident ? -1 : r;
}

/* SEQUENCE { OBJECT IDENTIFIER, [0] { value's header: all in `head`. */
static int
decide_off(struct cx4i_shell_off *s, cx4_error *e)
{
	struct cx4i_ber_head head;
	struct cx4i_slice oid;
	char text[CX4I_OID_TEXT];
	size_t at = 0;
	int r;

	if ((r = take_header(s, &at, CX4I_SEQUENCE, &head)) != 1)
		goto undecided;
	if ((r = take_header(s, &at, CX4I_OID, &head)) != 1)
		goto undecided;
	if (head.length > 64)
		return not_cms(s, e, "contentType");
	oid.data = s->head + at;
	oid.len = (size_t)head.length;
	if (s->head_len - at < oid.len)
		return CX4_OK;
	at += oid.len;
	if (cx4i_oid_to_text(oid, text, sizeof(text)) != 0)
		return not_cms(s, e, "contentType");
	if ((r = take_header(s, &at, CX4I_CONTEXT_C(0), &head)) != 1)
		goto undecided;
	oid.len = at;
	if ((r = take_header(s, &at, CX4I_SEQUENCE, &head)) != 1)
		goto undecided;
	if (head.length > UINT64_MAX - 64)
		return not_cms(s, e, "a length that nothing can have");
	s->decided = 1;
	r = s->start(s->arg, text, head.indefinite ? UINT64_MAX :
	    head.size + head.length);
	if (r != CX4_OK)
		return r;
	return pass(&s->ber, s->head + oid.len, s->head_len - oid.len,
	    s->down, s->arg, e);
undecided:
	return r == 0 ? CX4_OK : not_cms(s, e, "the content is no "
	    "ContentInfo, and no content type was given for it");
}

/* Octets go nowhere: `whole` only follows the structure. */
static int
drop(void *arg, const uint8_t *data, size_t len)
{
	(void)arg;
	(void)data;
	(void)len;
	return CX4_OK;
}

/* The shell octet by octet, so that what is wrong first is told first. */
static int
take_shell(struct cx4i_shell_off *s, const uint8_t *octet, cx4_error *e)
{
	int r;

	if (s->head_len == sizeof(s->head))
		return not_cms(s, e, "no ContentInfo");
	s->head[s->head_len++] = *octet;
	if ((r = decide_off(s, e)) != CX4_OK)
		return r;
	return pass(&s->whole, octet, 1, drop, NULL, e);
}

int
cx4i_shell_off_push(struct cx4i_shell_off *s, const uint8_t *data,
    size_t len, cx4_error *e)
{
	int r;

	for (; !s->decided && len > 0; data++, len--)
		if ((r = take_shell(s, data, e)) != CX4_OK)
			return r;
	if (len == 0)
		return CX4_OK;
	if ((r = pass(&s->whole, data, len, drop, NULL, e)) != CX4_OK)
		return r;
	return pass(&s->ber, data, len, s->down, s->arg, e);
}

int
cx4i_shell_off_finish(struct cx4i_shell_off *s, cx4_error *e)
{
	int r;

	if ((r = cx4i_ber_finish(&s->ber, e)) != CX4_OK)
		return r;
	return cx4i_ber_finish(&s->whole, e);
}
