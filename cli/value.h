/*
 * value.h - the values of options: numbers, times, keywords.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include <stddef.h>
#include <stdint.h>

/* A decimal number. 0, or -1 if the text is none or is too large. */
int value_number(const char *text, uint64_t *number);

/*
 * A time of RFC 3339, like 2026-01-31T12:00:00Z or with an offset like
 * +01:00, as seconds since 1970. 0, or -1 if the text is none.
 */
int value_time(const char *text, int64_t *when);

struct keyword {
	const char *name;	/* NULL ends a table */
	int value;
};

/* The keyword of that name, NULL if there is none. */
const struct keyword *value_keyword(const struct keyword *, const char *name);
/* "a, b or c" */
void value_choices(const struct keyword *, char *out, size_t size);

#endif
