/*
 * chars.h - the characters of the string types that O/R addresses use.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_CHARS_H
#define CX4I_CHARS_H

#include <stddef.h>
#include <stdint.h>

/* Set in a code that stands for an octet which is no character. */
#define CX4I_NO_CHAR 0x80000000U

/* A string that is read from the front; `kind` is its universal tag. */
struct cx4i_chars {
	const uint8_t *data;
	size_t len;
	uint8_t kind;
};

/* Take the next character and say how many octets it had; 0 at the end. */
size_t cx4i_char_next(struct cx4i_chars *, uint32_t *code);
/* The same, from UTF-8; octets that are no UTF-8 are no characters. */
size_t cx4i_utf8_next(const uint8_t *data, size_t len, uint32_t *code);
/* Write a character; returns its octets, 0 if it cannot be written. */
size_t cx4i_utf8_put(uint8_t out[4], uint32_t code);
size_t cx4i_t61_put(uint8_t out[2], uint32_t code);
/* The small letter of a capital (Latin, Greek, Cyrillic), else `code`. */
uint32_t cx4i_char_fold(uint32_t code);
/* Repertoires of PrintableString and NumericString, X.680 section 41. */
int cx4i_is_printable(uint32_t code);
int cx4i_is_numeric(uint32_t code);
int cx4i_is_digit(uint32_t code);

#endif
