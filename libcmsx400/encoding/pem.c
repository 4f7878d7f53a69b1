/*
 * pem.c - PEM armour around a CMS object, read and written as a stream.
 *
 * RFC 7468 sections 2 and 3, section 9 (label CMS), section 8 (PKCS7).
 * Reading is lax where that RFC lets it be: white space behind a boundary
 * and within the base64 text, lines of any length, CR, LF or CR LF. A block
 * with the header fields of RFC 1421 (Proc-Type) is refused.
 *
 * It does not look at what follows the first block.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "../base/buf.h"
#include "pem.h"

#define TEXT_LIMIT ((uint64_t)64 * 1024)
#define LINE_LIMIT 128

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"

enum state {
	IN_TEXT = 0,		/* before the block */
	IN_FIRST,		/* the first line, which may be a field */
	IN_BODY,
	IN_END,			/* the line that ends the block */
	IN_REST
};

struct cx4i_pem_in {
	int code;		/* the first error */
	int finished;
	enum state state;
	uint64_t offset;	/* of the next octet of the input */
	uint64_t line_offset;	/* where the line in `line` begins */
	int at_start;		/* of a line */
	size_t line_len;	/* LINE_LIMIT: it was longer */
	uint8_t line[LINE_LIMIT];
	char label[LINE_LIMIT];
	struct cx4i_b64_in b64;
	struct cx4i_block block;
};

struct cx4i_pem_out {
	int code;
	int begun;
	int finished;
	struct cx4i_b64_out b64;
	struct cx4i_block block;
};

static const char *const labels[] = { "CMS", "PKCS7", "PKCS #7 SIGNED DATA" };

struct cx4i_pem_in *
cx4i_pem_in_new(cx4i_push_fn *push, void *arg)
{
	struct cx4i_pem_in *m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	m->at_start = 1;
	cx4i_block_init(&m->block, push, arg);
	return m;
}

void
cx4i_pem_in_free(struct cx4i_pem_in **mp)
{
	if (mp == NULL || *mp == NULL)
		return;
	OPENSSL_cleanse(*mp, sizeof(**mp));
	free(*mp);
	*mp = NULL;
}

static int
is_eol(uint8_t c)
{
	return c == '\n' || c == '\r';
}

static int
starts_with(const struct cx4i_pem_in *m, const char *prefix)
{
	size_t len = strlen(prefix);

	return m->line_len >= len && memcmp(m->line, prefix, len) == 0;
}

/*
 * The label of the boundary in `line`, which starts with `prefix`, without
 * the dashes and the white space behind it. -1 if it is malformed.
 */
static int
find_label(const struct cx4i_pem_in *m, const char *prefix,
    struct cx4i_slice *label)
{
	size_t start = strlen(prefix), len = m->line_len;

	if (len == LINE_LIMIT)
		return -1;
	while (len > 0 && (m->line[len - 1] == ' ' || m->line[len - 1] == '\t'))
		len--;
	if (len < start + strlen(DASHES) ||
	    memcmp(m->line + len - strlen(DASHES), DASHES,
	    strlen(DASHES)) != 0)
		return -1;
	label->data = m->line + start;
	label->len = len - start - strlen(DASHES);
	return 0;
}

static int
begin_block(struct cx4i_pem_in *m, cx4_error *e)
{
	struct cx4i_slice label;
	char shown[LINE_LIMIT];
	size_t i;

	if (find_label(m, BEGIN, &label) != 0)
		return cx4i_fail_at(e, CX4_E_PEM, m->line_offset,
		    "the BEGIN line is malformed");
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (label.len == strlen(labels[i]) &&
		    memcmp(label.data, labels[i], label.len) == 0)
			break;
	if (i == sizeof(labels) / sizeof(labels[0])) {
		cx4i_escape(shown, sizeof(shown), label.data, label.len);
		return cx4i_fail_at(e, CX4_E_PEM, m->line_offset,
		    "its label is \"%s\"", shown);
	}
	memcpy(m->label, labels[i], label.len + 1);
	m->state = IN_FIRST;
	return CX4_OK;
}

static int
end_block(struct cx4i_pem_in *m, cx4_error *e)
{
	struct cx4i_slice label;

	if (!starts_with(m, END) || find_label(m, END, &label) != 0)
		return cx4i_fail_at(e, CX4_E_PEM, m->line_offset,
		    "the END line is malformed");
	if (label.len != strlen(m->label) ||
	    memcmp(label.data, m->label, label.len) != 0)
		return cx4i_fail_at(e, CX4_E_PEM, m->line_offset,
		    "the labels of BEGIN and END differ");
	m->state = IN_REST;
	return cx4i_b64_in_finish(&m->b64, e);
}

/*
 * Take octets up to a line end and that octet; of a line longer than
 * LINE_LIMIT the rest is dropped. Returns how many were taken.
 */
static size_t
take_line(struct cx4i_pem_in *m, const uint8_t *p, size_t len, int *complete)
{
	size_t n = 0, room;

	if (m->at_start) {
		m->line_len = 0;
		m->line_offset = m->offset;
	}
	while (n < len && !is_eol(p[n]))
		n++;
	room = LINE_LIMIT - m->line_len;
	if (room > n)
		room = n;
	memcpy(m->line + m->line_len, p, room);
	m->line_len += room;
	*complete = n < len;
	m->at_start = *complete;
	return n + (*complete ? 1 : 0);
}

static int
push_text(struct cx4i_pem_in *m, const uint8_t *p, size_t *len, cx4_error *e)
{
	uint64_t left = TEXT_LIMIT - m->offset;
	int complete;

	if (left == 0)
		return cx4i_fail_at(e, CX4_E_PEM, m->offset,
		    "there is no BEGIN line in the first %d octets",
		    (int)TEXT_LIMIT);
	*len = take_line(m, p, *len < left ? *len : (size_t)left, &complete);
	if (complete && starts_with(m, BEGIN))
		return begin_block(m, e);
	return CX4_OK;
}

/*
 * Hold the first line until it is seen not to be a field of RFC 1421, whose
 * names are much shorter than what is held.
 */
static int
push_first(struct cx4i_pem_in *m, const uint8_t *p, size_t *len, cx4_error *e)
{
	size_t room = m->at_start ? LINE_LIMIT : LINE_LIMIT - m->line_len;
	int complete;

	if (m->at_start && *p == '-') {
		m->state = IN_END;
		*len = 0;
		return CX4_OK;
	}
	*len = take_line(m, p, *len < room ? *len : room, &complete);
	if (m->line_len == 0 || (!complete && m->line_len < LINE_LIMIT))
		return CX4_OK;
	if (memchr(m->line, ':', m->line_len) != NULL)
		return cx4i_fail_at(e, CX4_E_PEM, m->line_offset,
		    "header fields (RFC 1421) stand in the block");
	m->state = IN_BODY;
	m->b64.offset = m->line_offset;
	return cx4i_b64_in_push(&m->b64, m->line, m->line_len, &m->block, e);
}

/* Base64 up to a "-" that begins a line; another one is damage. */
static int
push_body(struct cx4i_pem_in *m, const uint8_t *p, size_t *len, cx4_error *e)
{
	const uint8_t *dash = memchr(p, '-', *len);

	if (dash == p && m->at_start) {
		m->state = IN_END;
		*len = 0;
		return CX4_OK;
	}
	if (dash != NULL) {
		*len = (size_t)(dash - p);
		if (*len == 0 || !is_eol(dash[-1]))
			++*len;
	}
	m->at_start = is_eol(p[*len - 1]);
	m->b64.offset = m->offset;
	return cx4i_b64_in_push(&m->b64, p, *len, &m->block, e);
}

static int
push_end(struct cx4i_pem_in *m, const uint8_t *p, size_t *len, cx4_error *e)
{
	int complete;

	*len = take_line(m, p, *len, &complete);
	return complete ? end_block(m, e) : CX4_OK;
}

int
cx4i_pem_in_push(struct cx4i_pem_in *m, const uint8_t *p, size_t len,
    cx4_error *e)
{
	static int (*const steps[])(struct cx4i_pem_in *, const uint8_t *,
	    size_t *, cx4_error *) = {
		push_text, push_first, push_body, push_end
	};
	size_t n;

	if (m->code == CX4_OK && m->finished)
		return cx4i_fail(e, CX4_E_STATE, "push after finish");
	while (len > 0 && m->code == CX4_OK && m->state != IN_REST) {
		n = len;
		m->code = steps[m->state](m, p, &n, e);
		m->offset += n;
		p += n;
		len -= n;
	}
	return m->code;
}

int
cx4i_pem_in_finish(struct cx4i_pem_in *m, cx4_error *e)
{
	if (m->code != CX4_OK || m->finished)
		return m->code;
	m->finished = 1;
	/* The last line may lack its end. */
	if (m->state == IN_END && !m->at_start)
		m->code = end_block(m, e);
	else if (m->state == IN_TEXT)
		m->code = cx4i_fail_at(e, CX4_E_PEM, m->offset,
		    "there is no BEGIN line");
	else if (m->state != IN_REST)
		m->code = cx4i_fail_at(e, CX4_E_PEM, m->offset,
		    "there is no END line");
	return m->code;
}

struct cx4i_pem_out *
cx4i_pem_out_new(cx4i_push_fn *push, void *arg)
{
	struct cx4i_pem_out *m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	cx4i_block_init(&m->block, push, arg);
	cx4i_b64_out_init(&m->b64, 64, "\n");
	return m;
}

void
cx4i_pem_out_free(struct cx4i_pem_out **mp)
{
	if (mp == NULL || *mp == NULL)
		return;
	OPENSSL_cleanse(*mp, sizeof(**mp));
	free(*mp);
	*mp = NULL;
}

static int
put_text(struct cx4i_pem_out *m, const char *s)
{
	return cx4i_block_add(&m->block, s, strlen(s));
}

static int
begin_out(struct cx4i_pem_out *m)
{
	if (m->begun)
		return CX4_OK;
	m->begun = 1;
	return put_text(m, BEGIN "CMS" DASHES "\n");
}

int
cx4i_pem_out_push(struct cx4i_pem_out *m, const uint8_t *p, size_t len)
{
	if (m->code != CX4_OK)
		return m->code;
	if (m->finished)
		return CX4_E_STATE;
	m->code = begin_out(m);
	if (m->code == CX4_OK)
		m->code = cx4i_b64_out_push(&m->b64, p, len, &m->block);
	return m->code;
}

int
cx4i_pem_out_finish(struct cx4i_pem_out *m)
{
	if (m->code != CX4_OK || m->finished)
		return m->code;
	m->finished = 1;
	m->code = begin_out(m);
	if (m->code == CX4_OK)
		m->code = cx4i_b64_out_finish(&m->b64, &m->block);
	if (m->code == CX4_OK)
		m->code = put_text(m, END "CMS" DASHES "\n");
	if (m->code == CX4_OK)
		m->code = cx4i_block_flush(&m->block);
	return m->code;
}
