/*
 * mimehdr.h - the header fields that say what a MIME entity holds
 * (RFC 5322 section 2.2, RFC 2045 sections 5 and 6, RFC 2183, RFC 2231).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_MIMEHDR_H
#define CX4I_MIMEHDR_H

#include "../base/buf.h"
#include "../base/err.h"

#define CX4I_MIME_PARAMS 64	/* parameters of a field; more is damage */

/* The body of a field, unfolded; data is NULL if the field is absent. */
struct cx4i_field {
	uint8_t *data;
	size_t len;
	uint64_t offset;	/* where the field began in the input */
};

struct cx4i_header {
	struct cx4i_field type;
	struct cx4i_field encoding;
	struct cx4i_field disposition;
};

struct cx4i_param {
	struct cx4i_slice name;		/* without section and asterisks */
	struct cx4i_slice value;	/* without quotes */
	int section;			/* of RFC 2231 section 3, or -1 */
	int extended;			/* of RFC 2231 section 4 */
};

struct cx4i_value {
	char text[128];			/* lower case */
	size_t n_params;
	struct cx4i_param params[CX4I_MIME_PARAMS];
};

/*
 * Find the fields in a header that ends with its empty line; a first line
 * of an mbox ("From ...") is left out. The header is unfolded in place, and
 * the fields are views of it. CX4_E_MIME for what is no field, and for one
 * of the three that occurs twice.
 */
int cx4i_header_split(uint8_t *header, size_t len, struct cx4i_header *,
    cx4_error *);

/*
 * Read a field: a token ("base64", "attachment"), or with `slash` two of
 * them ("text/plain"), and parameters. Comments are left out, quoted strings
 * are unquoted in place: a field can be read once. 0, or -1 if malformed.
 */
int cx4i_value_read(const struct cx4i_field *, int slash,
    struct cx4i_value *);

/*
 * The value of the parameter, joined from its sections, ending in NUL.
 * Returns 1; 0 if it is absent; -1 if it is malformed, occurs twice or does
 * not fit. `out` is then "".
 */
int cx4i_value_param(const struct cx4i_value *, const char *name, char *out,
    size_t size);

#endif
