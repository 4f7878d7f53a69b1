/*
 * derhead.c - the headers of DER: X.690 sections 8.1.2, 8.1.3 and 10.1.
 *
 * Does NOT write identifiers of more than one octet.
 *
 * SPDX-License-Identifier: ISC
 */
#include "derhead.h"

size_t
cx4i_der_header_size(uint64_t len)
{
	size_t n = 2;

	if (len < 0x80)
		return n;
	for (; len > 0; len >>= 8)
		n++;
	return n;
}

uint64_t
cx4i_der_size(uint64_t len)
{
	uint64_t header = cx4i_der_header_size(len);

	return len > UINT64_MAX - header ? UINT64_MAX : header + len;
}

size_t
cx4i_der_header(uint8_t out[CX4I_DER_HEADER], uint8_t ident, uint64_t len)
{
	size_t i, n = cx4i_der_header_size(len);

	out[0] = ident;
	if (n == 2) {
		out[1] = (uint8_t)len;
		return n;
	}
	out[1] = (uint8_t)(0x80 | (n - 2));
	for (i = n; i > 2; i--) {
		out[i - 1] = (uint8_t)len;
		len >>= 8;
	}
	return n;
}
