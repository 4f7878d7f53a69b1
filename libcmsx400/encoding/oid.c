/*
 * oid.c - object identifiers: X.690 section 8.19.
 *
 * The work on an OID from a message is bounded, however long it is
 * (CVE-2023-2650). Does NOT know arcs of more than 64 bits.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "oid.h"

/* No known OID has as many content octets. */
#define KNOWN_OCTETS 24

struct entry {
	const char *text;
	const char *name;
};

#define AS_ENTRY(id, text, name) { text, name },

static const struct entry entries[] = { CX4I_OIDS(AS_ENTRY) };

const char *
cx4i_oid_text(enum cx4i_oid oid)
{
	return (unsigned int)oid < CX4I_OID_COUNT ? entries[oid].text : NULL;
}

const char *
cx4i_oid_name(enum cx4i_oid oid)
{
	return (unsigned int)oid < CX4I_OID_COUNT ? entries[oid].name : NULL;
}

enum cx4i_oid
cx4i_oid_find_text(const char *dotted)
{
	size_t i;

	for (i = 0; i < CX4I_OID_COUNT; i++)
		if (strcmp(entries[i].text, dotted) == 0)
			return (enum cx4i_oid)i;
	return CX4I_OID_UNKNOWN;
}

enum cx4i_oid
cx4i_oid_find(struct cx4i_slice body)
{
	char text[CX4I_OID_TEXT];

	if (body.len > KNOWN_OCTETS ||
	    cx4i_oid_to_text(body, text, sizeof(text)) != 0)
		return CX4I_OID_UNKNOWN;
	return cx4i_oid_find_text(text);
}

static int
instead(const char *what, char *out, size_t size)
{
	snprintf(out, size, "%s", what);
	return -1;
}

/*
 * The subidentifier at the front of `in`, whose last octet ends one: 1, 0
 * if it does not fit, -1 if it begins with a zero digit.
 */
static int
take_arc(struct cx4i_slice *in, uint64_t *arc)
{
	uint8_t octet;

	*arc = 0;
	if (*in->data == 0x80)
		return -1;
	do {
		if (*arc > UINT64_MAX >> 7)
			return 0;
		octet = *in->data++;
		in->len--;
		*arc = *arc << 7 | (octet & 0x7f);
	} while (octet & 0x80);
	return 1;
}

/* Add an arc, after a dot unless it is the first: 0, or -1 if no room. */
static int
add_arc(char *out, size_t size, size_t *used, uint64_t arc)
{
	int n = snprintf(out + *used, size - *used, "%s%llu",
	    *used > 0 ? "." : "", (unsigned long long)arc);

	if (n < 0 || (size_t)n >= size - *used)
		return -1;
	*used += (size_t)n;
	return 0;
}

int
cx4i_oid_to_text(struct cx4i_slice body, char *out, size_t size)
{
	uint64_t arc, root;
	size_t used = 0;
	int arcs, rc;

	if (size == 0)
		return -1;
	if (body.len == 0 || body.data[body.len - 1] & 0x80)
		return instead("malformed", out, size);
	for (arcs = 1; body.len > 0; arcs++) {
		if (arcs == CX4I_OID_ARCS)
			return instead("too long", out, size);
		if ((rc = take_arc(&body, &arc)) != 1)
			return instead(rc < 0 ? "malformed" : "too long",
			    out, size);
		if (arcs == 1) {
			/* The first octets hold two arcs. */
			root = arc < 80 ? arc / 40 : 2;
			arc -= root * 40;
			if (add_arc(out, size, &used, root) != 0)
				return instead("too long", out, size);
		}
		if (add_arc(out, size, &used, arc) != 0)
			return instead("too long", out, size);
	}
	return 0;
}

/* A number without leading zeros: 0, or -1. */
static int
parse_arc(const char **text, uint64_t *arc)
{
	const char *p = *text;
	uint64_t digit;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return -1;
	for (*arc = 0; *p >= '0' && *p <= '9'; p++) {
		digit = (uint64_t)(*p - '0');
		if (*arc > (UINT64_MAX - digit) / 10)
			return -1;
		*arc = *arc * 10 + digit;
	}
	*text = p;
	return 0;
}

static int
put_arc(struct cx4i_buf *out, uint64_t arc)
{
	uint8_t octets[10];
	size_t i = sizeof(octets);

	octets[--i] = arc & 0x7f;
	while ((arc >>= 7) > 0)
		octets[--i] = (uint8_t)(0x80 | (arc & 0x7f));
	return cx4i_buf_add(out, octets + i, sizeof(octets) - i);
}

/* The two arcs that share the first subidentifier. */
static int
parse_first(const char **text, uint64_t *arc)
{
	uint64_t root;

	if (parse_arc(text, &root) != 0 || root > 2 || *(*text)++ != '.' ||
	    parse_arc(text, arc) != 0)
		return -1;
	if ((root < 2 && *arc >= 40) || *arc > UINT64_MAX - root * 40)
		return -1;
	*arc += root * 40;
	return 0;
}

int
cx4i_oid_is_text(const char *dotted)
{
	uint64_t arc;

	if (parse_first(&dotted, &arc) != 0)
		return 0;
	while (*dotted == '.') {
		dotted++;
		if (parse_arc(&dotted, &arc) != 0)
			return 0;
	}
	return *dotted == '\0';
}

int
cx4i_oid_from_text(const char *dotted, struct cx4i_buf *out)
{
	struct cx4i_buf body = { NULL, 0, 0 };
	uint64_t arc;
	int rc = -1;

	if (parse_first(&dotted, &arc) != 0 || put_arc(&body, arc) != 0)
		goto out;
	while (*dotted == '.') {
		dotted++;
		if (parse_arc(&dotted, &arc) != 0 || put_arc(&body, arc) != 0)
			goto out;
	}
	if (*dotted == '\0')
		rc = cx4i_buf_add(out, body.data, body.len);
out:
	cx4i_buf_free(&body);
	return rc;
}
