/*
 * b64.c - base64 as a stream, and the block of octets behind it.
 *
 * The decoder takes whole groups of four characters through one table. A
 * group that holds anything else is taken character by character, which is
 * where white space, padding and damage are told apart: with lines of any
 * length that is one group a line.
 *
 * It does not check the length of lines (RFC 2045 section 6.8 asks for at
 * most 76 characters) and does not skip characters outside the alphabet, as
 * that section allows for text: here they are damage.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "b64.h"

#define ALPHABET(X)							\
	X('A', 0) X('B', 1) X('C', 2) X('D', 3) \
	X('E', 4) X('F', 5) X('G', 6) X('H', 7) \
	X('I', 8) X('J', 9) X('K', 10) X('L', 11) \
	X('M', 12) X('N', 13) X('O', 14) X('P', 15) \
	X('Q', 16) X('R', 17) X('S', 18) X('T', 19) \
	X('U', 20) X('V', 21) X('W', 22) X('X', 23) \
	X('Y', 24) X('Z', 25) X('a', 26) X('b', 27) \
	X('c', 28) X('d', 29) X('e', 30) X('f', 31) \
	X('g', 32) X('h', 33) X('i', 34) X('j', 35) \
	X('k', 36) X('l', 37) X('m', 38) X('n', 39) \
	X('o', 40) X('p', 41) X('q', 42) X('r', 43) \
	X('s', 44) X('t', 45) X('u', 46) X('v', 47) \
	X('w', 48) X('x', 49) X('y', 50) X('z', 51) \
	X('0', 52) X('1', 53) X('2', 54) X('3', 55) \
	X('4', 56) X('5', 57) X('6', 58) X('7', 59) \
	X('8', 60) X('9', 61) X('+', 62) X('/', 63)

/*
 * What a character adds to its group of 24 bits, by its place in the group,
 * and a mark above them; 0 for what is not of the alphabet.
 */
#define MARK 0x1000000
#define FIRST(c, v) [c] = MARK + ((v) << 18),
#define SECOND(c, v) [c] = MARK + ((v) << 12),
#define THIRD(c, v) [c] = MARK + ((v) << 6),
#define FOURTH(c, v) [c] = MARK + (v),

static const uint32_t places[4][256] = {
	{ ALPHABET(FIRST) },
	{ ALPHABET(SECOND) },
	{ ALPHABET(THIRD) },
	{ ALPHABET(FOURTH) }
};

static const char alphabet[64] = {
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
};

void
cx4i_block_init(struct cx4i_block *b, cx4i_push_fn *push, void *arg)
{
	b->push = push;
	b->arg = arg;
	b->len = 0;
}

int
cx4i_block_flush(struct cx4i_block *b)
{
	size_t len = b->len;

	if (len == 0)
		return CX4_OK;
	b->len = 0;
	return b->push(b->arg, b->data, len);
}

int
cx4i_block_add(struct cx4i_block *b, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t n;
	int rc;

	while (len > 0) {
		if (b->len == sizeof(b->data) &&
		    (rc = cx4i_block_flush(b)) != CX4_OK)
			return rc;
		n = sizeof(b->data) - b->len;
		if (n > len)
			n = len;
		memcpy(b->data + b->len, p, n);
		b->len += n;
		p += n;
		len -= n;
	}
	return CX4_OK;
}

/* Room for `need` octets at the end of the block, after a flush if needed. */
static int
make_room(struct cx4i_block *b, size_t need)
{
	if (sizeof(b->data) - b->len >= need)
		return CX4_OK;
	return cx4i_block_flush(b);
}

void
cx4i_b64_in_init(struct cx4i_b64_in *s, uint64_t offset)
{
	memset(s, 0, sizeof(*s));
	s->offset = offset;
}

/* Decode whole groups up to one that is not plain; returns their number. */
static size_t
take_groups(const uint8_t *p, size_t groups, uint8_t *out)
{
	uint32_t v;
	size_t i;

	for (i = 0; i < groups; i++, p += 4, out += 3) {
		v = places[0][p[0]] + places[1][p[1]] + places[2][p[2]] +
		    places[3][p[3]];
		if (v < 4 * (uint32_t)MARK)
			break;
		out[0] = (uint8_t)(v >> 16);
		out[1] = (uint8_t)(v >> 8);
		out[2] = (uint8_t)v;
	}
	return i;
}

/* A "=": two characters before it give one octet, three give two. */
static const char *
take_pad(struct cx4i_b64_in *s, struct cx4i_block *b)
{
	if (s->pad > 0) {
		s->pad--;
		s->ended = s->pad == 0;
		return NULL;
	}
	if (s->have < 2)
		return "padding where none can be";
	if (s->have == 2) {
		if ((s->bits & 0x0f) != 0)
			return "bits are left over before the padding";
		b->data[b->len++] = (uint8_t)(s->bits >> 4);
		s->pad = 1;
	} else {
		if ((s->bits & 0x03) != 0)
			return "bits are left over before the padding";
		b->data[b->len++] = (uint8_t)(s->bits >> 10);
		b->data[b->len++] = (uint8_t)(s->bits >> 2);
		s->ended = 1;
	}
	s->have = 0;
	return NULL;
}

/* One character; there is room for three octets. NULL, or what is wrong. */
static const char *
take_char(struct cx4i_b64_in *s, uint8_t c, struct cx4i_block *b)
{
	if (c == '\n' || c == '\r' || c == ' ' || c == '\t')
		return NULL;
	if (s->ended)
		return "octets follow the padding";
	if (c == '=')
		return take_pad(s, b);
	if (places[3][c] == 0)
		return "an octet that is not of the alphabet";
	if (s->pad > 0)
		return "the padding is not complete";
	s->bits = s->bits << 6 | (places[3][c] & 0x3f);
	if (++s->have == 4) {
		b->data[b->len++] = (uint8_t)(s->bits >> 16);
		b->data[b->len++] = (uint8_t)(s->bits >> 8);
		b->data[b->len++] = (uint8_t)s->bits;
		s->bits = 0;
		s->have = 0;
	}
	return NULL;
}

int
cx4i_b64_in_push(struct cx4i_b64_in *s, const uint8_t *text, size_t len,
    struct cx4i_block *b, cx4_error *e)
{
	const uint8_t *p = text, *end = text + len;
	const char *why = NULL;
	size_t n, room;
	int rc;

	while (p < end) {
		if ((rc = make_room(b, 3)) != CX4_OK)
			return rc;
		if (s->have == 0 && s->pad == 0 && !s->ended) {
			n = (size_t)(end - p) / 4;
			room = (sizeof(b->data) - b->len) / 3;
			n = take_groups(p, n < room ? n : room,
			    b->data + b->len);
			p += 4 * n;
			b->len += 3 * n;
			if (n == room)
				continue;
		}
		/* Up to a group's end, and over a line's end behind it. */
		for (n = 0; n < 4 && p < end && why == NULL; n++) {
			if ((why = take_char(s, *p, b)) == NULL)
				p++;
			if (s->have == 0 && p < end && places[3][*p] != 0)
				break;
		}
		if (why != NULL)
			break;
	}
	s->offset += (uint64_t)(p - text);
	if ((rc = cx4i_block_flush(b)) != CX4_OK)
		return rc;
	if (why != NULL)
		return cx4i_fail_at(e, CX4_E_BASE64, s->offset, "%s", why);
	return CX4_OK;
}

int
cx4i_b64_in_finish(const struct cx4i_b64_in *s, cx4_error *e)
{
	if (s->have != 0 || s->pad != 0)
		return cx4i_fail_at(e, CX4_E_BASE64, s->offset,
		    "it ends within a group of four characters");
	return CX4_OK;
}

void
cx4i_b64_out_init(struct cx4i_b64_out *s, size_t width, const char *eol)
{
	memset(s, 0, sizeof(*s));
	s->eol = eol;
	s->eol_len = strlen(eol);
	s->line = width / 4 * 3;
}

/* Encode `len` octets without a line end; returns the characters written. */
static size_t
encode(const uint8_t *p, size_t len, uint8_t *out)
{
	uint8_t *start = out;
	uint32_t v;

	for (; len >= 3; len -= 3, p += 3, out += 4) {
		v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		out[0] = (uint8_t)alphabet[v >> 18];
		out[1] = (uint8_t)alphabet[v >> 12 & 63];
		out[2] = (uint8_t)alphabet[v >> 6 & 63];
		out[3] = (uint8_t)alphabet[v & 63];
	}
	if (len > 0) {
		v = (uint32_t)p[0] << 16 | (len > 1 ? (uint32_t)p[1] << 8 : 0);
		out[0] = (uint8_t)alphabet[v >> 18];
		out[1] = (uint8_t)alphabet[v >> 12 & 63];
		out[2] = (uint8_t)(len > 1 ? alphabet[v >> 6 & 63] : '=');
		out[3] = '=';
		out += 4;
	}
	return (size_t)(out - start);
}

static int
put_line(struct cx4i_b64_out *s, const uint8_t *p, size_t len,
    struct cx4i_block *b)
{
	int rc;

	if ((rc = make_room(b, CX4I_B64_WIDTH + s->eol_len)) != CX4_OK)
		return rc;
	b->len += encode(p, len, b->data + b->len);
	memcpy(b->data + b->len, s->eol, s->eol_len);
	b->len += s->eol_len;
	return CX4_OK;
}

int
cx4i_b64_out_push(struct cx4i_b64_out *s, const uint8_t *p, size_t len,
    struct cx4i_block *b)
{
	size_t n;
	int rc;

	while (len > 0) {
		if (s->have == 0 && len >= s->line) {
			if ((rc = put_line(s, p, s->line, b)) != CX4_OK)
				return rc;
			n = s->line;
		} else {
			n = s->line - s->have;
			if (n > len)
				n = len;
			memcpy(s->held + s->have, p, n);
			s->have += n;
		}
		p += n;
		len -= n;
		if (s->have == s->line) {
			s->have = 0;
			rc = put_line(s, s->held, s->line, b);
			if (rc != CX4_OK)
				return rc;
		}
	}
	return CX4_OK;
}

int
cx4i_b64_out_finish(struct cx4i_b64_out *s, struct cx4i_block *b)
{
	size_t have = s->have;

	if (have == 0)
		return CX4_OK;
	s->have = 0;
	return put_line(s, s->held, have, b);
}
