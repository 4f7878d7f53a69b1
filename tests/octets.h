/*
 * octets.h - octets for unit tests, written in hexadecimal.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef OCTETS_H
#define OCTETS_H

#include <stdlib.h>
#include <string.h>

#include "../libcmsx400/base/buf.h"

/*
 * Append octets from hexadecimal; spaces do not count, and "*N" after an
 * octet repeats it: N times altogether, N decimal. A slip in a test's own
 * text ends the test.
 */
static inline void
add_hex(struct cx4i_buf *b, const char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const char *high, *low;
	char *end;
	unsigned long n;
	uint8_t octet;

	while (*(hex += strspn(hex, " ")) != '\0') {
		high = strchr(digits, hex[0]);
		low = hex[1] != '\0' ? strchr(digits, hex[1]) : NULL;
		if (high == NULL || low == NULL)
			abort();
		octet = (uint8_t)((high - digits) << 4 | (low - digits));
		hex += 2;
		n = 1;
		if (*hex == '*') {
			n = strtoul(hex + 1, &end, 10);
			hex = end;
		}
		while (n-- > 0)
			if (cx4i_buf_add_byte(b, octet) != 0)
				abort();
	}
}

/* A copy that a sanitizer can watch: not an octet more than was asked. */
static inline struct cx4i_slice
exact_copy(const void *data, size_t len)
{
	struct cx4i_slice s;
	uint8_t *p;

	if ((p = malloc(len > 0 ? len : 1)) == NULL)
		abort();
	if (len > 0)
		memcpy(p, data, len);
	s.data = p;
	s.len = len;
	return s;
}

/* A small generator of the same numbers everywhere. */
static inline uint32_t
next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

#endif
