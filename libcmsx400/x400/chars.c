/*
 * chars.c - the characters of the string types that O/R addresses use.
 *
 * TeletexString is read as ITU-T T.61 (1988) lays it out: the ASCII
 * positions, the supplementary set G1 of T.61 (the same as ITU-T T.51 and
 * RFC 1345's "T.61-8bit"), and a diacritical mark (C1 to CF) that precedes
 * its letter. Combinations are those of T.51 table 1. Escape sequences to
 * other sets are NOT followed: their octets are read as they stand.
 *
 * Case is folded for Latin, Greek and Cyrillic letters of one code; decomposed
 * letters of BMPString and UniversalString are NOT composed.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "../encoding/tlv.h"
#include "chars.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* T.61 A0 to FF; 0 where there is no character of its own. */
static const uint16_t t61_high[] = {
	0, 0xa1, 0xa2, 0xa3, 0x24, 0xa5, 0x23, 0xa7,
	0xa4, 0, 0, 0xab, 0, 0, 0, 0,
	0xb0, 0xb1, 0xb2, 0xb3, 0xd7, 0xb5, 0xb6, 0xb7,
	0xf7, 0, 0, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0x2126, 0xc6, 0x110, 0xaa, 0x126, 0, 0x132, 0x13f,
	0x141, 0xd8, 0x152, 0xba, 0xde, 0x166, 0x14a, 0x149,
	0x138, 0xe6, 0x111, 0xf0, 0x127, 0x131, 0x133, 0x140,
	0x142, 0xf8, 0x153, 0xdf, 0xfe, 0x167, 0x14b, 0
};

struct mark {
	uint8_t octet;
	const char *letters;
	uint16_t codes[25];
};

static const struct mark marks[] = {
	{ 0xc1, "AaEeIiOoUu", {
	    0xc0, 0xe0, 0xc8, 0xe8, 0xcc, 0xec, 0xd2, 0xf2, 0xd9, 0xf9 } },
	{ 0xc2, "AaCcEegIiLlNnOoRrSsUuYyZz", {
	    0xc1, 0xe1, 0x106, 0x107, 0xc9, 0xe9, 0x123, 0xcd, 0xed, 0x139,
	    0x13a, 0x143, 0x144, 0xd3, 0xf3, 0x154, 0x155, 0x15a, 0x15b,
	    0xda, 0xfa, 0xdd, 0xfd, 0x179, 0x17a } },
	{ 0xc3, "AaCcEeGgHhIiJjOoSsUuWwYy", {
	    0xc2, 0xe2, 0x108, 0x109, 0xca, 0xea, 0x11c, 0x11d, 0x124, 0x125,
	    0xce, 0xee, 0x134, 0x135, 0xd4, 0xf4, 0x15c, 0x15d, 0xdb, 0xfb,
	    0x174, 0x175, 0x176, 0x177 } },
	{ 0xc4, "AaIiNnOoUu", {
	    0xc3, 0xe3, 0x128, 0x129, 0xd1, 0xf1, 0xd5, 0xf5, 0x168, 0x169 } },
	{ 0xc5, "AaEeIiOoUu", {
	    0x100, 0x101, 0x112, 0x113, 0x12a, 0x12b, 0x14c, 0x14d, 0x16a,
	    0x16b } },
	{ 0xc6, "AaGgUu", { 0x102, 0x103, 0x11e, 0x11f, 0x16c, 0x16d } },
	{ 0xc7, "CcEeGgIZz", {
	    0x10a, 0x10b, 0x116, 0x117, 0x120, 0x121, 0x130, 0x17b, 0x17c } },
	{ 0xc8, "AaEeIiOoUuYy", {
	    0xc4, 0xe4, 0xcb, 0xeb, 0xcf, 0xef, 0xd6, 0xf6, 0xdc, 0xfc,
	    0x178, 0xff } },
	{ 0xca, "AaUu", { 0xc5, 0xe5, 0x16e, 0x16f } },
	{ 0xcb, "CcGKkLlNnRrSsTt", {
	    0xc7, 0xe7, 0x122, 0x136, 0x137, 0x13b, 0x13c, 0x145, 0x146,
	    0x156, 0x157, 0x15e, 0x15f, 0x162, 0x163 } },
	{ 0xcd, "OoUu", { 0x150, 0x151, 0x170, 0x171 } },
	{ 0xce, "AaEeIiUu", {
	    0x104, 0x105, 0x118, 0x119, 0x12e, 0x12f, 0x172, 0x173 } },
	{ 0xcf, "CcDdEeLlNnRrSsTtZz", {
	    0x10c, 0x10d, 0x10e, 0x10f, 0x11a, 0x11b, 0x13d, 0x13e, 0x147,
	    0x148, 0x158, 0x159, 0x160, 0x161, 0x164, 0x165, 0x17d, 0x17e } }
};

static uint32_t
marked_letter(uint8_t mark, uint8_t letter)
{
	const char *at;
	size_t i;

	for (i = 0; i < COUNT(marks) && letter != 0; i++)
		if (marks[i].octet == mark &&
		    (at = strchr(marks[i].letters, letter)) != NULL)
			return marks[i].codes[at - marks[i].letters];
	return 0;
}

static size_t
t61_next(const uint8_t *p, size_t len, uint32_t *code)
{
	*code = p[0];
	if (p[0] < 0x80)
		return 1;
	if (len > 1 && (*code = marked_letter(p[0], p[1])) != 0)
		return 2;
	*code = p[0] >= 0xa0 ? t61_high[p[0] - 0xa0] : 0;
	if (*code == 0)
		*code = CX4I_NO_CHAR | p[0];
	return 1;
}

/* Characters of `width` octets, the most significant first. */
static size_t
wide_next(const uint8_t *p, size_t len, size_t width, uint32_t *code)
{
	size_t i;

	*code = 0;
	for (i = 0; i < width && i < len; i++)
		*code = *code << 8 | p[i];
	if (len < width) {
		*code = CX4I_NO_CHAR | p[0];
		return 1;
	}
	if (*code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		*code |= CX4I_NO_CHAR;
	return width;
}

size_t
cx4i_char_next(struct cx4i_chars *s, uint32_t *code)
{
	size_t n = 1;

	if (s->len == 0)
		return 0;
	if (s->kind == CX4I_TELETEX_STRING)
		n = t61_next(s->data, s->len, code);
	else if (s->kind == CX4I_BMP_STRING)
		n = wide_next(s->data, s->len, 2, code);
	else if (s->kind == CX4I_UNIVERSAL_STRING)
		n = wide_next(s->data, s->len, 4, code);
	else
		*code = s->data[0] < 0x80 ? s->data[0] :
		    CX4I_NO_CHAR | s->data[0];
	s->data += n;
	s->len -= n;
	return n;
}

size_t
cx4i_utf8_next(const uint8_t *p, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;

	*code = CX4I_NO_CHAR | p[0];
	n = p[0] < 0x80 ? 1 : p[0] < 0xc0 ? 0 : p[0] < 0xe0 ? 2 :
	    p[0] < 0xf0 ? 3 : p[0] < 0xf8 ? 4 : 0;
	if (n == 0 || n > len)
		return 1;
	*code = n == 1 ? p[0] : p[0] & (0x7fU >> n);
	for (i = 1; i < n && (p[i] & 0xc0) == 0x80; i++)
		*code = *code << 6 | (p[i] & 0x3f);
	if (i == n && *code >= least[n] && *code <= 0x10ffff &&
	    (*code < 0xd800 || *code > 0xdfff))
		return n;
	*code = CX4I_NO_CHAR | p[0];
	return 1;
}

size_t
cx4i_utf8_put(uint8_t out[4], uint32_t code)
{
	size_t n, i;

	if (code > 0x10ffff)
		return 0;
	n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (i = n; i-- > 1; code >>= 6)
		out[i] = (uint8_t)(0x80 | (code & 0x3f));
	out[0] = (uint8_t)(n == 1 ? code : 0xf00U >> n | code);
	return n;
}

size_t
cx4i_t61_put(uint8_t out[2], uint32_t code)
{
	size_t i, j;

	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	for (i = 0; i < COUNT(t61_high); i++)
		if (t61_high[i] == code) {
			out[0] = (uint8_t)(0xa0 + i);
			return 1;
		}
	for (i = 0; i < COUNT(marks); i++)
		for (j = 0; marks[i].letters[j] != '\0'; j++)
			if (marks[i].codes[j] == code) {
				out[0] = marks[i].octet;
				out[1] = (uint8_t)marks[i].letters[j];
				return 2;
			}
	return 0;
}

/* Capitals whose small letters stand `step` further on. */
static const struct fold {
	uint16_t first, last, every;
	int16_t step;
} folds[] = {
	{ 'A', 'Z', 1, 0x20 },
	{ 0xc0, 0xd6, 1, 0x20 },
	{ 0xd8, 0xde, 1, 0x20 },
	{ 0x100, 0x12e, 2, 1 },
	{ 0x132, 0x136, 2, 1 },
	{ 0x139, 0x147, 2, 1 },
	{ 0x14a, 0x176, 2, 1 },
	{ 0x178, 0x178, 1, -0x79 },
	{ 0x179, 0x17d, 2, 1 },
	{ 0x391, 0x3a1, 1, 0x20 },
	{ 0x3a3, 0x3ab, 1, 0x20 },
	{ 0x400, 0x40f, 1, 0x50 },
	{ 0x410, 0x42f, 1, 0x20 }
};

uint32_t
cx4i_char_fold(uint32_t code)
{
	const struct fold *f;

	for (f = folds; f < folds + COUNT(folds) && code >= f->first; f++)
		if (code <= f->last && (code - f->first) % f->every == 0)
			return (uint32_t)((int32_t)code + f->step);
	return code;
}

int
cx4i_is_digit(uint32_t code)
{
	return code >= '0' && code <= '9';
}

int
cx4i_is_numeric(uint32_t code)
{
	return cx4i_is_digit(code) || code == ' ';
}

int
cx4i_is_printable(uint32_t code)
{
	uint32_t small = code | 0x20;

	if (cx4i_is_numeric(code) || (small >= 'a' && small <= 'z'))
		return 1;
	return code != 0 && code < 0x80 &&
	    strchr("'()+,-./:=?", (int)code) != NULL;
}
