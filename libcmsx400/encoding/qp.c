/*
 * qp.c - decoding quoted-printable as a stream.
 *
 * RFC 2045 section 6.7. Blanks are held until it is known whether a line
 * end follows, since transports add and remove them there (rule 3). Digits
 * may be of either case.
 *
 * It does not check that lines have at most 76 characters (rule 5).
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "qp.h"

enum state {
	TEXT = 0,
	TEXT_CR,		/* CR: LF must follow */
	ESCAPE,			/* = */
	ESCAPE_HIGH,		/* =H */
	SOFT,			/* = and blanks */
	SOFT_CR
};

void
cx4i_qp_in_init(struct cx4i_qp_in *s, uint64_t offset)
{
	memset(s, 0, sizeof(*s));
	s->offset = offset;
}

static int
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int
is_literal(uint8_t c)
{
	return c > ' ' && c < 0x7f && c != '=';
}

static int
put_blanks(struct cx4i_qp_in *s, struct cx4i_block *b)
{
	size_t n = s->blanks;

	s->blanks = 0;
	return cx4i_block_add(b, s->held, n);
}

static int
put_line_end(struct cx4i_qp_in *s, struct cx4i_block *b)
{
	s->state = TEXT;
	s->blanks = 0;
	return cx4i_block_add(b, "\r\n", 2);
}

/* An octet of text. *why is set if it cannot stand there. */
static int
take_text(struct cx4i_qp_in *s, uint8_t c, struct cx4i_block *b,
    const char **why)
{
	int rc;

	switch (c) {
	case '\n':
		return put_line_end(s, b);
	case '\r':
		s->state = TEXT_CR;
		return CX4_OK;
	case ' ':
	case '\t':
		if (s->blanks == sizeof(s->held))
			*why = "too many blanks in a row";
		else
			s->held[s->blanks++] = c;
		return CX4_OK;
	case '=':
		s->state = ESCAPE;
		return put_blanks(s, b);
	default:
		if (!is_literal(c)) {
			*why = "an octet that must be encoded";
			return CX4_OK;
		}
		if ((rc = put_blanks(s, b)) != CX4_OK)
			return rc;
		return cx4i_block_add(b, &c, 1);
	}
}

/* An octet behind "=": a digit, or what makes the line end soft. */
static int
take_escape(struct cx4i_qp_in *s, uint8_t c, const char **why)
{
	int digit = hex_value(c);

	if (digit >= 0 && s->state == ESCAPE) {
		s->high = (uint8_t)digit;
		s->state = ESCAPE_HIGH;
	} else if (c == '\n')
		s->state = TEXT;
	else if (c == '\r')
		s->state = SOFT_CR;
	else if (c == ' ' || c == '\t')
		s->state = SOFT;
	else
		*why = "no hexadecimal digit follows \"=\"";
	return CX4_OK;
}

static int
take_octet(struct cx4i_qp_in *s, uint8_t c, struct cx4i_block *b,
    const char **why)
{
	int digit;

	switch (s->state) {
	case ESCAPE:
	case SOFT:
		return take_escape(s, c, why);
	case ESCAPE_HIGH:
		if ((digit = hex_value(c)) < 0) {
			*why = "no hexadecimal digit follows \"=\"";
			return CX4_OK;
		}
		s->state = TEXT;
		c = (uint8_t)(s->high << 4 | digit);
		return cx4i_block_add(b, &c, 1);
	case TEXT_CR:
	case SOFT_CR:
		if (c != '\n')
			*why = "CR without LF";
		else if (s->state == TEXT_CR)
			return put_line_end(s, b);
		else
			s->state = TEXT;
		return CX4_OK;
	default:
		return take_text(s, c, b, why);
	}
}

int
cx4i_qp_in_push(struct cx4i_qp_in *s, const uint8_t *p, size_t len,
    struct cx4i_block *b, cx4_error *e)
{
	const char *why = NULL;
	size_t i;
	int rc;

	for (i = 0; i < len; i++, s->offset++) {
		if ((rc = take_octet(s, p[i], b, &why)) != CX4_OK)
			return rc;
		if (why != NULL)
			break;
	}
	if ((rc = cx4i_block_flush(b)) != CX4_OK)
		return rc;
	if (why != NULL)
		return cx4i_fail_at(e, CX4_E_MIME, s->offset,
		    "quoted-printable: %s", why);
	return CX4_OK;
}

int
cx4i_qp_in_finish(const struct cx4i_qp_in *s, cx4_error *e)
{
	if (s->state != TEXT)
		return cx4i_fail_at(e, CX4_E_MIME, s->offset,
		    "quoted-printable: it ends within an encoded octet or "
		    "a line end");
	return CX4_OK;
}
