/*
 * msg.c - lines for people, escaped.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdarg.h>
#include <string.h>

#include "msg.h"

#define LINE_SIZE 2048
/* A sequence of four octets, each as \xHH, and the NUL. */
#define STEP_SIZE 17

/* Smallest code point that may take a sequence of n octets. */
static const unsigned long smallest[5] = { 0, 0, 0x80, 0x800, 0x10000 };

/*
 * Decode the character at p. Returns its number of octets and sets *point,
 * or returns 0 if the octets are not UTF-8. The text ends with NUL, which
 * is no continuation octet, so nothing beyond it is read.
 */
static size_t
decode(const unsigned char *p, unsigned long *point)
{
	size_t n, i;

	if (p[0] < 0x80) {
		*point = p[0];
		return 1;
	}
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	*point = p[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (p[i] & 0x3fu);
	}
	if (*point < smallest[n] || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return n;
}

/* Controls (C0, DEL, C1), line separators and direction marks. */
static int
is_harmful(unsigned long point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	    point == 0x61c || point == 0x200e || point == 0x200f ||
	    (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069);
}

/* Escape one character to `out`; returns the octets taken from p. */
static size_t
step(const unsigned char *p, char out[STEP_SIZE])
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned long point = 0;
	size_t n, i;

	n = decode(p, &point);
	if (n != 0 && !is_harmful(point)) {
		memcpy(out, p, n);
		out[n] = '\0';
		return n;
	}
	if (n == 0)
		n = 1;
	for (i = 0; i < n; i++) {
		out[4 * i] = '\\';
		out[4 * i + 1] = 'x';
		out[4 * i + 2] = hex[p[i] >> 4];
		out[4 * i + 3] = hex[p[i] & 15];
	}
	out[4 * n] = '\0';
	return n;
}

void
msg_escape(char *out, size_t size, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	char piece[STEP_SIZE];
	size_t used = 0, n;

	while (*p != '\0') {
		p += step(p, piece);
		n = strlen(piece);
		if (used + n + sizeof("...") > size) {
			memcpy(out + used, "...", sizeof("..."));
			return;
		}
		memcpy(out + used, piece, n);
		used += n;
	}
	out[used] = '\0';
}

void
msg_put(FILE *f, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	char piece[STEP_SIZE];

	while (*p != '\0') {
		p += step(p, piece);
		fputs(piece, f);
	}
}

/* One line in one write, so that lines of several processes do not mix. */
MSG_FORMAT(2, 0) static void
put_line(const char *label, const char *fmt, va_list ap)
{
	char text[LINE_SIZE], line[LINE_SIZE + 64];

	vsnprintf(text, sizeof(text), fmt, ap);
	msg_escape(line, sizeof(line), text);
	fprintf(stderr, "%s%s\n", label, line);
	fflush(stderr);
}

void
msg_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("cmsx400: error: ", fmt, ap);
	va_end(ap);
}

void
msg_hint(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("cmsx400: hint: ", fmt, ap);
	va_end(ap);
}

void
msg_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("cmsx400: warning: ", fmt, ap);
	va_end(ap);
}

void
msg_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("cmsx400: ", fmt, ap);
	va_end(ap);
}
