/*
 * ctype.c - the X.400 content types: name, integer in P1, OID in CMS.
 *
 * X.411 (built-in content types), X.420, X.435 and STANAG 4406 (their OIDs);
 * RFC 3854 section 3.2 asks for the OID, and has no rule for an integer that
 * has none: such an integer is refused. A dotted OID that is not in the
 * table is taken as it is; whether it names X.400 content is not checked.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "../encoding/oid.h"
#include "ctype.h"

struct ctype {
	enum cx4i_oid oid;
	const char *integer;	/* in P1, NULL if it has none */
	int number;
};

static const struct ctype types[] = {
	{ CX4I_OID_P2, "2", 2 },
	{ CX4I_OID_P22, "22", 22 },
	{ CX4I_OID_P35, "35", 35 },
	{ CX4I_OID_P772, NULL, -1 },
	{ CX4I_OID_CONT_UNIDENTIFIED, "0", 0 },
	{ CX4I_OID_INNER_ENVELOPE, NULL, -1 }
};

/* What CMS itself contains (RFC 5652, RFC 2634, RFC 3855 section 2.2). */
static const enum cx4i_oid cms_types[] = {
	CX4I_OID_DATA, CX4I_OID_SIGNED_DATA, CX4I_OID_ENVELOPED_DATA,
	CX4I_OID_DIGESTED_DATA, CX4I_OID_ENCRYPTED_DATA, CX4I_OID_AUTH_DATA,
	CX4I_OID_COMPRESSED_DATA, CX4I_OID_AUTH_ENVELOPED_DATA,
	CX4I_OID_RECEIPT, CX4I_OID_CT_CONTENT_INFO
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

int
cx4i_same_text(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

static const struct ctype *
find_oid(const char *dotted)
{
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (strcmp(cx4i_oid_text(types[i].oid), dotted) == 0)
			return &types[i];
	return NULL;
}

/* By name ("p22", "P22") or integer ("22"). */
static const struct ctype *
find_text(const char *text)
{
	const struct ctype *t;
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		t = &types[i];
		if (cx4i_same_text(cx4i_oid_name(t->oid), text) ||
		    (t->integer != NULL && strcmp(t->integer, text) == 0))
			return t;
	}
	return NULL;
}

int
cx4_content_type_oid(const char *text, char *oid, size_t size)
{
	const struct ctype *t;

	if (size > 0)
		oid[0] = '\0';
	if (text == NULL)
		return CX4_E_CONTENT_TYPE;
	if ((t = find_text(text)) != NULL)
		text = cx4i_oid_text(t->oid);
	else if (!cx4i_oid_is_text(text))
		return CX4_E_CONTENT_TYPE;
	if (strlen(text) >= size)
		return CX4_E_CONTENT_TYPE;
	memcpy(oid, text, strlen(text) + 1);
	return CX4_OK;
}

const char *
cx4_content_type_name(const char *oid)
{
	const struct ctype *t;
	size_t i;

	if (oid == NULL)
		return NULL;
	if ((t = find_oid(oid)) != NULL)
		return cx4i_oid_name(t->oid);
	for (i = 0; i < COUNT(cms_types); i++)
		if (strcmp(cx4i_oid_text(cms_types[i]), oid) == 0)
			return cx4i_oid_name(cms_types[i]);
	return NULL;
}

int
cx4_content_type_integer(const char *oid)
{
	const struct ctype *t = oid != NULL ? find_oid(oid) : NULL;

	return t != NULL ? t->number : -1;
}

int
cx4i_ctype_is_x400(const char *oid)
{
	return oid != NULL && find_oid(oid) != NULL;
}

const char *
cx4i_smime_type(int is_signed, const char *oid)
{
	if (oid == NULL)
		return is_signed ? "certs-only" : NULL;
	if (cx4i_ctype_is_x400(oid))
		return is_signed ? "signed-x400" : "enveloped-x400";
	switch (cx4i_oid_find_text(oid)) {
	case CX4I_OID_DATA:
		return is_signed ? "signed-data" : "enveloped-data";
	case CX4I_OID_RECEIPT:
		return is_signed ? "signed-receipt" : NULL;
	default:
		return NULL;
	}
}
