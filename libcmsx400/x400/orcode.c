/*
 * orcode.c - O/R addresses to and from their encoding (X.411 section 8.5.5,
 * RFC 5280 appendix A.1).
 *
 * Reading is liberal: any BER, SET members in any order, values of any
 * length and repertoire. An extension attribute with an id that is not known
 * or a value that does not fit its type is kept as it came. Writing gives
 * DER; it uses der.h throughout because libtasn1 misplaces the members of
 * UnformattedPostalAddress (see asn.c).
 *
 * Does NOT check SIZE or repertoire, nor which attributes an address form
 * needs (X.402 section 18.5).
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../base/err.h"
#include "../encoding/asn.h"
#include "../encoding/der.h"
#include "oraddr.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define STANDARD "built-in-standard-attributes."
#define DDAS "built-in-domain-defined-attributes"
#define EXTENSIONS "extension-attributes"
#define PATH_MAX_ 160

enum result { DONE = 0, MALFORMED = 1, TOO_MANY = 2, NO_MEMORY = -1 };

/* The members of BuiltInStandardAttributes that hold one value. */
static const struct standard {
	uint8_t attr;
	uint8_t kind;		/* 0: a CHOICE of numeric and printable */
	const char *path;
} standards[] = {
	{ CX4I_A_COUNTRY, 0, STANDARD "country-name" },
	{ CX4I_A_ADMD, 0, STANDARD "administration-domain-name" },
	{ CX4I_A_X121, CX4I_NUMERIC_STRING, STANDARD "network-address" },
	{ CX4I_A_TERMINAL_ID, CX4I_PRINTABLE_STRING,
	    STANDARD "terminal-identifier" },
	{ CX4I_A_PRMD, 0, STANDARD "private-domain-name" },
	{ CX4I_A_ORGANIZATION, CX4I_PRINTABLE_STRING,
	    STANDARD "organization-name" },
	{ CX4I_A_USER_ID, CX4I_NUMERIC_STRING,
	    STANDARD "numeric-user-identifier" }
};

/* The members of the three types of personal name, in order of their tags. */
static const struct name_part {
	uint8_t attr;
	const char *path;
} name_parts[] = {
	{ CX4I_A_SURNAME, "surname" },
	{ CX4I_A_GIVEN, "given-name" },
	{ CX4I_A_INITIALS, "initials" },
	{ CX4I_A_GENERATION, "generation-qualifier" }
};

/* How the value of an extension attribute is built. */
enum shape {
	ONE,			/* a string, or UniversalOrBMPString */
	CHOICE,			/* numeric or printable */
	NAME,			/* a personal name */
	LIST,			/* organizational unit names */
	PAIRS,			/* domain-defined attributes */
	PARAMETER,		/* PDSParameter */
	LINES,			/* UnformattedPostalAddress */
	NETWORK,		/* ExtendedNetworkAddress */
	TERMINAL		/* TerminalType */
};

static const struct extension {
	uint8_t id;
	uint8_t attr;
	uint8_t form;
	uint8_t shape;
	const char *type;
} extensions[] = {
#define P CX4I_FORM_PRINTABLE
#define T CX4I_FORM_TELETEX
#define U CX4I_FORM_UNIVERSAL
	{ 1, CX4I_A_COMMON_NAME, P, ONE, "CommonName" },
	{ 2, CX4I_A_COMMON_NAME, T, ONE, "TeletexCommonName" },
	{ 3, CX4I_A_ORGANIZATION, T, ONE, "TeletexOrganizationName" },
	{ 4, CX4I_A_SURNAME, T, NAME, "TeletexPersonalName" },
	{ 5, CX4I_A_UNIT, T, LIST, "TeletexOrganizationalUnitNames" },
	{ 6, CX4I_A_DDA, T, PAIRS, "TeletexDomainDefinedAttributes" },
	{ 7, CX4I_A_PD_SERVICE, P, ONE, "PDSName" },
	{ 8, CX4I_A_PD_COUNTRY, P, CHOICE, "PhysicalDeliveryCountryName" },
	{ 9, CX4I_A_PD_CODE, P, CHOICE, "PostalCode" },
	{ 10, CX4I_A_PD_OFFICE, P, PARAMETER, "PDSParameter" },
	{ 11, CX4I_A_PD_OFFICE_NUMBER, P, PARAMETER, "PDSParameter" },
	{ 12, CX4I_A_PD_EXT_ADDRESS, P, PARAMETER, "PDSParameter" },
	{ 13, CX4I_A_PD_PERSON, P, PARAMETER, "PDSParameter" },
	{ 14, CX4I_A_PD_ORGANIZATION, P, PARAMETER, "PDSParameter" },
	{ 15, CX4I_A_PD_EXT_DELIVERY, P, PARAMETER, "PDSParameter" },
	{ 16, CX4I_A_PD_ADDRESS, P, LINES, "UnformattedPostalAddress" },
	{ 17, CX4I_A_PD_STREET, P, PARAMETER, "PDSParameter" },
	{ 18, CX4I_A_PD_BOX, P, PARAMETER, "PDSParameter" },
	{ 19, CX4I_A_PD_RESTANTE, P, PARAMETER, "PDSParameter" },
	{ 20, CX4I_A_PD_UNIQUE, P, PARAMETER, "PDSParameter" },
	{ 21, CX4I_A_PD_LOCAL, P, PARAMETER, "PDSParameter" },
	{ 22, CX4I_A_NUMBER, P, NETWORK, "ExtendedNetworkAddress" },
	{ 23, CX4I_A_TERMINAL_TYPE, P, TERMINAL, "TerminalType" },
	{ 24, CX4I_A_COMMON_NAME, U, ONE, "UniversalOrBMPString" },
	{ 25, CX4I_A_ORGANIZATION, U, ONE, "UniversalOrBMPString" },
	{ 26, CX4I_A_SURNAME, U, NAME, "UniversalPersonalName" },
	{ 27, CX4I_A_UNIT, U, LIST, "UniversalOrganizationalUnitNames" },
	{ 28, CX4I_A_DDA, U, PAIRS, "UniversalDomainDefinedAttributes" },
	{ 29, CX4I_A_PD_OFFICE, U, ONE, "UniversalOrBMPString" },
	{ 30, CX4I_A_PD_OFFICE_NUMBER, U, ONE, "UniversalOrBMPString" },
	{ 31, CX4I_A_PD_EXT_ADDRESS, U, ONE, "UniversalOrBMPString" },
	{ 32, CX4I_A_PD_PERSON, U, ONE, "UniversalOrBMPString" },
	{ 33, CX4I_A_PD_ORGANIZATION, U, ONE, "UniversalOrBMPString" },
	{ 34, CX4I_A_PD_EXT_DELIVERY, U, ONE, "UniversalOrBMPString" },
	{ 35, CX4I_A_PD_ADDRESS, U, ONE, "UniversalOrBMPString" },
	{ 36, CX4I_A_PD_STREET, U, ONE, "UniversalOrBMPString" },
	{ 37, CX4I_A_PD_BOX, U, ONE, "UniversalOrBMPString" },
	{ 38, CX4I_A_PD_RESTANTE, U, ONE, "UniversalOrBMPString" },
	{ 39, CX4I_A_PD_UNIQUE, U, ONE, "UniversalOrBMPString" },
	{ 40, CX4I_A_PD_LOCAL, U, ONE, "UniversalOrBMPString" }
#undef P
#undef T
#undef U
};

/* ------------------------------------------------------------------ reading */

struct decoder {
	cx4_ctx *ctx;
	cx4_address *a;
	const struct cx4i_value *v;
	struct cx4i_buf buf;		/* for values */
	struct cx4i_buf more;		/* for what goes with them */
};

/*
 * libtasn1 cannot read constructed strings. cx4i_tlv_definite has made those
 * of the universal class primitive; it cannot know which implicitly tagged
 * elements are strings, this file does. `strings` is a set of tag numbers.
 */
static int
flatten(struct cx4i_der *out, struct cx4i_tlv *tlv, unsigned int strings)
{
	struct cx4i_slice rest = tlv->body;
	struct cx4i_tlv part;
	struct cx4i_buf all = { NULL, 0, 0 };
	int rc;

	if ((tlv->ident & 0xe0) != 0xa0 || tlv->number > 15 ||
	    (strings >> tlv->number & 1) == 0) {
		cx4i_der_slice(out, tlv->whole);
		return DONE;
	}
	while ((rc = cx4i_tlv_next(&rest, &part)) == 1)
		if (cx4i_buf_add(&all, part.body.data, part.body.len) != 0)
			break;
	rc = rc == 0 ? DONE : rc == 1 ? NO_MEMORY : MALFORMED;
	if (rc == DONE)
		cx4i_der_value(out, tlv->ident & 0xdf, all.data, all.len);
	cx4i_buf_free(&all);
	return rc;
}

static int
flatten_members(struct cx4i_der *out, struct cx4i_slice body,
    unsigned int strings)
{
	struct cx4i_tlv tlv;
	int more, rc;

	while ((more = cx4i_tlv_next(&body, &tlv)) == 1)
		if ((rc = flatten(out, &tlv, strings)) != DONE)
			return rc;
	return more == 0 ? DONE : MALFORMED;
}

/* BuiltInStandardAttributes: strings [0], [1], [3], [4], and in the name. */
static int
flatten_standard(struct cx4i_der *out, struct cx4i_slice body)
{
	struct cx4i_tlv tlv;
	int more, rc;

	while ((more = cx4i_tlv_next(&body, &tlv)) == 1) {
		if (tlv.ident != CX4I_CONTEXT_C(5)) {
			rc = flatten(out, &tlv, 0x1b);
		} else {
			cx4i_der_open(out, tlv.ident);
			rc = flatten_members(out, tlv.body, 0x0f);
			cx4i_der_close(out);
		}
		if (rc != DONE)
			return rc;
	}
	return more == 0 ? DONE : MALFORMED;
}

static int
read_string(struct decoder *d, const char *path, struct cx4i_buf *out)
{
	int rc = cx4i_asn_get(d->v, path, out);

	return rc == 1 ? DONE : rc == 0 ? MALFORMED : NO_MEMORY;
}

static int
add_entry(struct decoder *d, unsigned int attr, unsigned int index,
    unsigned int form, uint8_t kind)
{
	if (d->a->count >= CX4I_ADDR_ENTRIES)
		return TOO_MANY;
	return cx4i_addr_add(d->a, attr, index, form, kind,
	    cx4i_buf_slice(&d->buf)) != NULL ? DONE : NO_MEMORY;
}

/* An element that may be absent. */
static int
add_optional(struct decoder *d, const char *path, unsigned int attr,
    unsigned int form, uint8_t kind)
{
	int rc = read_string(d, path, &d->buf);

	if (rc != DONE)
		return rc == MALFORMED ? DONE : rc;
	return add_entry(d, attr, 0, form, kind);
}

/* The path of a member; all paths are short, and made of constants. */
static const char *
join(char out[PATH_MAX_], const char *path, const char *member)
{
	size_t n = strlen(path), m = strlen(member);

	out[0] = '\0';
	if (n + m + 2 > PATH_MAX_)
		return out;
	memcpy(out, path, n);
	if (n > 0)
		out[n++] = '.';
	memcpy(out + n, member, m + 1);
	return out;
}

static const char *
join_number(char out[PATH_MAX_], const char *path, int n)
{
	char member[16];

	snprintf(member, sizeof(member), "?%d", n);
	return join(out, path, member);
}

/* A CHOICE of NumericString and PrintableString; absent is no error. */
static int
add_choice(struct decoder *d, const char *path, unsigned int attr)
{
	static const char *const names[] = {
		"numeric", "x121-dcc-code", "numeric-code",
		"printable", "iso-3166-alpha2-code", "printable-code"
	};
	char full[PATH_MAX_];
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (cx4i_asn_has(d->v, join(full, path, names[i])))
			return add_optional(d, full, attr,
			    CX4I_FORM_PRINTABLE, i < 3 ? CX4I_NUMERIC_STRING :
			    CX4I_PRINTABLE_STRING);
	return DONE;
}

/* UniversalOrBMPString, with its language. */
static int
set_universal(struct decoder *d, const char *path, struct cx4i_str *s)
{
	char full[PATH_MAX_];
	uint8_t kind = CX4I_BMP_STRING;
	int rc;

	join(full, path, "character-encoding.two-octets");
	if (!cx4i_asn_has(d->v, full)) {
		kind = CX4I_UNIVERSAL_STRING;
		join(full, path, "character-encoding.four-octets");
	}
	if ((rc = read_string(d, full, &d->buf)) != DONE)
		return rc;
	if (d->buf.len % (kind == CX4I_BMP_STRING ? 2 : 4) != 0)
		return MALFORMED;
	if (cx4i_str_set(s, kind, cx4i_buf_slice(&d->buf)) != 0)
		return NO_MEMORY;
	rc = read_string(d, join(full, path, "iso-639-language-code"),
	    &d->buf);
	if (rc == DONE)
		rc = cx4i_str_set_language(s, cx4i_buf_slice(&d->buf));
	return rc == MALFORMED ? DONE : rc;
}

static int
set_string(struct decoder *d, const char *path, unsigned int form,
    struct cx4i_str *s)
{
	int rc;

	if (form == CX4I_FORM_UNIVERSAL)
		return set_universal(d, path, s);
	if ((rc = read_string(d, path, &d->buf)) != DONE)
		return rc;
	return cx4i_str_set(s, form == CX4I_FORM_PRINTABLE ?
	    CX4I_PRINTABLE_STRING : CX4I_TELETEX_STRING,
	    cx4i_buf_slice(&d->buf));
}

/* Add an entry whose value, and type if it has one, are strings of `form`. */
static int
add_strings(struct decoder *d, const char *value, const char *type,
    const struct cx4i_entry *like)
{
	struct cx4i_entry *entry;
	int rc;

	cx4i_buf_reset(&d->buf);
	rc = add_entry(d, like->attr, like->index, like->form, 0);
	if (rc != DONE)
		return rc;
	entry = &d->a->entries[d->a->count - 1];
	rc = set_string(d, value, like->form, &entry->value);
	if (rc == DONE && type != NULL)
		rc = set_string(d, type, like->form, &entry->type);
	return rc;
}

/* The four members of a personal name. */
static int
add_name(struct decoder *d, const char *path, unsigned int form)
{
	struct cx4i_entry like = { .form = (uint8_t)form };
	char full[PATH_MAX_];
	int rc = DONE;
	size_t i;

	for (i = 0; i < COUNT(name_parts) && rc == DONE; i++) {
		join(full, path, name_parts[i].path);
		like.attr = name_parts[i].attr;
		if (cx4i_asn_has(d->v, full))
			rc = add_strings(d, full, NULL, &like);
	}
	return rc;
}

/* A SEQUENCE OF strings, or of pairs of type and value. */
static int
add_list(struct decoder *d, const char *path, unsigned int attr,
    unsigned int form)
{
	struct cx4i_entry like = { .attr = (uint8_t)attr,
	    .form = (uint8_t)form };
	char element[PATH_MAX_], value[PATH_MAX_], type[PATH_MAX_];
	int n = cx4i_asn_count(d->v, path), rc = DONE, i;

	if (n > CX4I_ADDR_ENTRIES)
		return TOO_MANY;
	for (i = 0; i < n && rc == DONE; i++) {
		join_number(element, path, i + 1);
		like.index = (unsigned int)i;
		if (attr == CX4I_A_DDA)
			rc = add_strings(d, join(value, element, "value"),
			    join(type, element, "type"), &like);
		else
			rc = add_strings(d, element, NULL, &like);
	}
	return rc;
}

static int
add_parameter(struct decoder *d, unsigned int attr)
{
	int rc;

	rc = add_optional(d, "printable-string", attr, CX4I_FORM_PRINTABLE,
	    CX4I_PRINTABLE_STRING);
	if (rc == DONE)
		rc = add_optional(d, "teletex-string", attr,
		    CX4I_FORM_TELETEX, CX4I_TELETEX_STRING);
	return rc;
}

/* The lines of a postal address become one value, divided by "|". */
static int
add_lines(struct decoder *d)
{
	int n = cx4i_asn_count(d->v, "printable-address"), i, rc;
	char path[PATH_MAX_];

	rc = add_optional(d, "teletex-string", CX4I_A_PD_ADDRESS,
	    CX4I_FORM_TELETEX, CX4I_TELETEX_STRING);
	if (rc != DONE || n == 0)
		return rc;
	if (n > CX4I_ADDR_ENTRIES)
		return MALFORMED;
	cx4i_buf_reset(&d->buf);
	for (i = 0; i < n; i++) {
		join_number(path, "printable-address", i + 1);
		if ((rc = read_string(d, path, &d->more)) != DONE)
			return rc;
		/* Then the lines could not be told apart again. */
		if (d->more.len > 0 &&
		    memchr(d->more.data, '|', d->more.len) != NULL)
			return MALFORMED;
		if ((i > 0 && cx4i_buf_add_byte(&d->buf, '|') != 0) ||
		    cx4i_buf_add(&d->buf, d->more.data, d->more.len) != 0)
			return NO_MEMORY;
	}
	return add_entry(d, CX4I_A_PD_ADDRESS, 0, CX4I_FORM_PRINTABLE,
	    CX4I_PRINTABLE_STRING);
}

static int
add_network(struct decoder *d)
{
	cx4_error e;
	int rc;

	if (cx4i_asn_has(d->v, "psap-address.nAddresses")) {
		cx4i_buf_reset(&d->buf);
		cx4i_err_init(&e);
		rc = cx4i_asn_encode(d->v, &d->buf, &e);
		cx4i_err_clear(&e);
		if (rc != CX4_OK)
			return rc == CX4_E_NOMEM ? NO_MEMORY : MALFORMED;
		return add_entry(d, CX4I_A_PSAP, 0, CX4I_FORM_PRINTABLE,
		    CX4I_OCTET_STRING);
	}
	rc = add_optional(d, "e163-4-address.number", CX4I_A_NUMBER,
	    CX4I_FORM_PRINTABLE, CX4I_NUMERIC_STRING);
	if (rc == DONE)
		rc = add_optional(d, "e163-4-address.sub-address",
		    CX4I_A_SUB_ADDRESS, CX4I_FORM_PRINTABLE,
		    CX4I_NUMERIC_STRING);
	return rc;
}

/* TerminalType is kept as decimal text. */
static int
add_terminal(struct decoder *d)
{
	char text[24];
	long n;

	if (cx4i_asn_get_int(d->v, "", &n) != 0 || n < 0 || n > 256)
		return MALFORMED;
	snprintf(text, sizeof(text), "%ld", n);
	cx4i_buf_reset(&d->buf);
	if (cx4i_buf_add(&d->buf, text, strlen(text)) != 0)
		return NO_MEMORY;
	return add_entry(d, CX4I_A_TERMINAL_TYPE, 0, CX4I_FORM_PRINTABLE,
	    CX4I_NUMERIC_STRING);
}

static int
add_shape(struct decoder *d, const struct extension *x)
{
	struct cx4i_entry like = { .attr = x->attr, .form = x->form };

	switch (x->shape) {
	case ONE:
		return add_strings(d, "", NULL, &like);
	case CHOICE:
		return add_choice(d, "", x->attr);
	case NAME:
		return add_name(d, "", x->form);
	case LIST:
	case PAIRS:
		return add_list(d, "", x->attr, x->form);
	case PARAMETER:
		return add_parameter(d, x->attr);
	case LINES:
		return add_lines(d);
	case NETWORK:
		return add_network(d);
	default:
		return add_terminal(d);
	}
}

/* The value with its implicitly tagged strings primitive, as in flatten. */
static int
flatten_value(const struct extension *x, struct cx4i_slice in,
    struct cx4i_der *out)
{
	unsigned int strings = x->id == 4 ? 0x0f : x->id == 22 ? 0x03 : 0;
	struct cx4i_tlv tlv;
	int rc = DONE;

	if (cx4i_tlv_next(&in, &tlv) != 1)
		return MALFORMED;
	if (strings == 0 || (tlv.ident != CX4I_SET &&
	    tlv.ident != CX4I_SEQUENCE)) {
		cx4i_der_slice(out, tlv.whole);
	} else {
		cx4i_der_open(out, tlv.ident);
		rc = flatten_members(out, tlv.body, strings);
		cx4i_der_close(out);
	}
	return rc == DONE && !cx4i_der_ok(out) ? NO_MEMORY : rc;
}

static int
decode_known(struct decoder *d, const struct extension *x,
    struct cx4i_slice value)
{
	const struct cx4i_value *outer = d->v;
	size_t before = d->a->count;
	struct cx4i_value *v = NULL;
	struct cx4i_der der;
	int rc, code;

	cx4i_der_init(&der);
	if ((rc = flatten_value(x, value, &der)) != DONE)
		goto out;
	code = cx4i_asn_decode(d->ctx, x->type, cx4i_buf_slice(&der.buf), &v,
	    NULL);
	if (code != CX4_OK) {
		rc = code == CX4_E_NOMEM ? NO_MEMORY : MALFORMED;
		goto out;
	}
	d->v = v;
	rc = add_shape(d, x);
	/* A value that says nothing is not one that is absent. */
	if (rc == DONE && d->a->count == before)
		rc = MALFORMED;
out:
	d->v = outer;
	if (rc != DONE)
		cx4i_addr_cut(d->a, before);
	cx4i_asn_free(&v);
	cx4i_der_free(&der);
	return rc;
}

static const struct extension *
find_extension(const struct cx4i_buf *id)
{
	size_t i;

	for (i = 0; i < COUNT(extensions) && id->len == 1; i++)
		if (extensions[i].id == id->data[0])
			return &extensions[i];
	return NULL;
}

static int
add_unknown(struct decoder *d, unsigned int index, const struct cx4i_buf *id,
    const struct cx4i_buf *value)
{
	struct cx4i_entry *entry;

	if (d->a->count >= CX4I_ADDR_ENTRIES)
		return TOO_MANY;
	entry = cx4i_addr_add(d->a, CX4I_A_UNKNOWN, index, 0, 0,
	    cx4i_buf_slice(value));
	if (entry == NULL || cx4i_str_set(&entry->type, CX4I_INTEGER,
	    cx4i_buf_slice(id)) != 0)
		return NO_MEMORY;
	return DONE;
}

static int
decode_extension(struct decoder *d, unsigned int n, uint64_t *seen)
{
	struct cx4i_buf id = { NULL, 0, 0 }, value = { NULL, 0, 0 };
	const struct extension *x;
	char element[PATH_MAX_], path[PATH_MAX_];
	int rc;

	join_number(element, EXTENSIONS, (int)n + 1);
	join(path, element, "extension-attribute-type");
	if ((rc = read_string(d, path, &id)) != DONE)
		goto out;
	join(path, element, "extension-attribute-value");
	if ((rc = read_string(d, path, &value)) != DONE)
		goto out;
	x = find_extension(&id);
	rc = MALFORMED;
	/* The second of two with one id is carried, and equals nothing. */
	if (x != NULL && (*seen >> x->id & 1) == 0) {
		*seen |= (uint64_t)1 << x->id;
		rc = decode_known(d, x, cx4i_buf_slice(&value));
	}
	if (rc == MALFORMED)
		rc = add_unknown(d, n, &id, &value);
out:
	cx4i_buf_free(&id);
	cx4i_buf_free(&value);
	return rc;
}

static int
decode_all(struct decoder *d)
{
	int n = cx4i_asn_count(d->v, EXTENSIONS), rc = DONE;
	uint64_t seen = 0;
	unsigned int u;
	size_t i;

	for (i = 0; i < COUNT(standards) && rc == DONE; i++)
		if (standards[i].kind == 0)
			rc = add_choice(d, standards[i].path,
			    standards[i].attr);
		else
			rc = add_optional(d, standards[i].path,
			    standards[i].attr, CX4I_FORM_PRINTABLE,
			    standards[i].kind);
	if (rc == DONE)
		rc = add_name(d, STANDARD "personal-name",
		    CX4I_FORM_PRINTABLE);
	if (rc == DONE)
		rc = add_list(d, STANDARD "organizational-unit-names",
		    CX4I_A_UNIT, CX4I_FORM_PRINTABLE);
	if (rc == DONE)
		rc = add_list(d, DDAS, CX4I_A_DDA, CX4I_FORM_PRINTABLE);
	if (n > CX4I_ADDR_ENTRIES)
		return TOO_MANY;
	for (u = 0; u < (unsigned int)n && rc == DONE; u++)
		rc = decode_extension(d, u, &seen);
	return rc;
}

/*
 * The whole with definite lengths, under the tag that the type has here: 30
 * stays, everything else becomes the 60 of an ORName.
 */
static int
normalize(struct cx4i_slice ber, struct cx4i_der *out)
{
	struct cx4i_buf copy = { NULL, 0, 0 };
	struct cx4i_slice in, rest;
	struct cx4i_tlv tlv, standard;
	size_t used;
	int rc = MALFORMED, code;

	code = cx4i_tlv_definite(ber, &copy, &used);
	if (code == CX4_E_NOMEM)
		rc = NO_MEMORY;
	if (code != CX4_OK || used != ber.len)
		goto out;
	in = cx4i_buf_slice(&copy);
	if (cx4i_tlv_next(&in, &tlv) != 1 || (tlv.ident != CX4I_SEQUENCE &&
	    tlv.ident != CX4I_APPLICATION_C(0) &&
	    (tlv.ident & 0xe0) != 0xa0))
		goto out;
	rest = tlv.body;
	cx4i_der_open(out, tlv.ident == CX4I_SEQUENCE ? CX4I_SEQUENCE :
	    CX4I_APPLICATION_C(0));
	if (cx4i_tlv_expect(&rest, CX4I_SEQUENCE, &standard) != 0)
		goto out;
	cx4i_der_open(out, CX4I_SEQUENCE);
	if ((rc = flatten_standard(out, standard.body)) != DONE)
		goto out;
	cx4i_der_close(out);
	cx4i_der_slice(out, rest);
	cx4i_der_close(out);
	rc = cx4i_der_ok(out) ? DONE : NO_MEMORY;
out:
	cx4i_buf_free(&copy);
	return rc;
}

static int
no_memory(const struct cx4i_why *why)
{
	return cx4i_why(why, CX4_E_NOMEM, "out of memory");
}

int
cx4i_addr_decode(cx4_ctx *ctx, struct cx4i_slice ber, cx4_address *a,
    const struct cx4i_why *why)
{
	struct decoder d = { .ctx = ctx, .a = a };
	struct cx4i_value *v = NULL;
	struct cx4i_der der;
	int code, rc;

	cx4i_der_init(&der);
	if ((rc = normalize(ber, &der)) != DONE) {
		code = rc == NO_MEMORY ? no_memory(why) :
		    cx4i_why(why, CX4_E_ADDRESS, "the encoding is not that "
		    "of an ORAddress, an x400Address or an ORName");
		goto out;
	}
	code = cx4i_asn_decode(ctx, der.buf.data[0] == CX4I_SEQUENCE ?
	    "ORAddress" : "ORName", cx4i_buf_slice(&der.buf), &v, NULL);
	if (code != CX4_OK) {
		code = code == CX4_E_NOMEM ? no_memory(why) :
		    cx4i_why(why, CX4_E_ADDRESS, "a standard attribute is "
		    "malformed or out of place");
		goto out;
	}
	d.v = v;
	rc = decode_all(&d);
	if (rc == MALFORMED)
		code = cx4i_why(why, CX4_E_ADDRESS, "a name or a "
		    "domain-defined attribute is not complete");
	else if (rc == TOO_MANY)
		code = cx4i_why(why, CX4_E_ADDRESS, "there are too many "
		    "attributes");
	else if (rc != DONE)
		code = no_memory(why);
	else if (a->count == 0)
		code = cx4i_why(why, CX4_E_ADDRESS, "there is no address: "
		    "no attribute is given");
out:
	cx4i_asn_free(&v);
	cx4i_der_free(&der);
	cx4i_buf_free(&d.buf);
	cx4i_buf_free(&d.more);
	return code;
}

int
cx4i_addr_psap(cx4_ctx *ctx, struct cx4i_slice ber, struct cx4i_buf *der)
{
	struct cx4i_value *v;
	int code;

	code = cx4i_asn_decode(ctx, "ExtendedNetworkAddress", ber, &v, NULL);
	if (code == CX4_OK)
		code = cx4i_asn_has(v, "psap-address.nAddresses") ?
		    cx4i_asn_encode(v, der, NULL) : CX4_E_ADDRESS;
	cx4i_asn_free(&v);
	return code == CX4_OK || code == CX4_E_NOMEM ? code : CX4_E_ADDRESS;
}

/* ------------------------------------------------------------------ writing */

/* A string under its own tag, or under `ident` if that is not 0. */
static void
put(struct cx4i_der *d, uint8_t ident, const struct cx4i_str *s)
{
	if (s->kind != CX4I_BMP_STRING && s->kind != CX4I_UNIVERSAL_STRING) {
		cx4i_der_value(d, ident != 0 ? ident : s->kind, s->data,
		    s->len);
		return;
	}
	cx4i_der_open(d, ident != 0 ? ident | 0x20 : CX4I_SET);
	cx4i_der_value(d, s->kind, s->data, s->len);
	if (s->language != NULL)
		cx4i_der_value(d, CX4I_PRINTABLE_STRING, s->language,
		    s->language_len);
	cx4i_der_close_set(d);
}

static const struct cx4i_str *
value_of(const cx4_address *a, unsigned int attr, unsigned int form)
{
	const struct cx4i_entry *e = cx4i_addr_find(a, attr, 0, form);

	return e != NULL ? &e->value : NULL;
}

static void
put_tagged(struct cx4i_der *d, uint8_t ident, const cx4_address *a,
    unsigned int attr)
{
	const struct cx4i_str *s = value_of(a, attr, CX4I_FORM_PRINTABLE);

	if (s != NULL)
		put(d, ident, s);
}

/* A string inside an explicit tag. */
static void
put_inside(struct cx4i_der *d, uint8_t ident, const cx4_address *a,
    unsigned int attr)
{
	const struct cx4i_str *s = value_of(a, attr, CX4I_FORM_PRINTABLE);

	if (s == NULL)
		return;
	cx4i_der_open(d, ident);
	put(d, 0, s);
	cx4i_der_close(d);
}

static int
has_name(const cx4_address *a, unsigned int form)
{
	size_t i;

	for (i = 0; i < COUNT(name_parts); i++)
		if (value_of(a, name_parts[i].attr, form) != NULL)
			return 1;
	return 0;
}

static void
put_name(struct cx4i_der *d, uint8_t ident, const cx4_address *a,
    unsigned int form)
{
	const struct cx4i_str *s;
	size_t i;

	cx4i_der_open(d, ident);
	for (i = 0; i < COUNT(name_parts); i++)
		if ((s = value_of(a, name_parts[i].attr, form)) != NULL)
			put(d, (uint8_t)CX4I_CONTEXT(i), s);
	cx4i_der_close(d);
}

static void
put_list(struct cx4i_der *d, uint8_t ident, const cx4_address *a,
    const struct cx4i_entry *like)
{
	const struct cx4i_entry *e;
	unsigned int i;

	cx4i_der_open(d, ident);
	for (i = 0; (e = cx4i_addr_find(a, like->attr, i, like->form)) != NULL;
	    i++) {
		if (like->attr != CX4I_A_DDA) {
			put(d, 0, &e->value);
			continue;
		}
		cx4i_der_open(d, CX4I_SEQUENCE);
		put(d, 0, &e->type);
		put(d, 0, &e->value);
		cx4i_der_close(d);
	}
	cx4i_der_close(d);
}

static void
put_standard(struct cx4i_der *d, const cx4_address *a)
{
	struct cx4i_entry units = { .attr = CX4I_A_UNIT };

	cx4i_der_open(d, CX4I_SEQUENCE);
	put_inside(d, CX4I_APPLICATION_C(1), a, CX4I_A_COUNTRY);
	put_inside(d, CX4I_APPLICATION_C(2), a, CX4I_A_ADMD);
	put_tagged(d, CX4I_CONTEXT(0), a, CX4I_A_X121);
	put_tagged(d, CX4I_CONTEXT(1), a, CX4I_A_TERMINAL_ID);
	put_inside(d, CX4I_CONTEXT_C(2), a, CX4I_A_PRMD);
	put_tagged(d, CX4I_CONTEXT(3), a, CX4I_A_ORGANIZATION);
	put_tagged(d, CX4I_CONTEXT(4), a, CX4I_A_USER_ID);
	if (has_name(a, CX4I_FORM_PRINTABLE))
		put_name(d, CX4I_CONTEXT_C(5), a, CX4I_FORM_PRINTABLE);
	if (cx4i_addr_find(a, CX4I_A_UNIT, 0, CX4I_FORM_PRINTABLE) != NULL)
		put_list(d, CX4I_CONTEXT_C(6), a, &units);
	cx4i_der_close(d);
}

/* UnformattedPostalAddress: TeletexString 20 after SEQUENCE 16. */
static void
put_lines(struct cx4i_der *d, const struct cx4i_str *s)
{
	size_t from = 0, to;

	cx4i_der_open(d, CX4I_SEQUENCE);
	do {
		for (to = from; to < s->len && s->data[to] != '|'; to++)
			continue;
		cx4i_der_value(d, CX4I_PRINTABLE_STRING, s->data + from,
		    to - from);
		from = to + 1;
	} while (to < s->len);
	cx4i_der_close(d);
}

static void
put_parameter(struct cx4i_der *d, const cx4_address *a,
    const struct extension *x)
{
	const struct cx4i_str *s;

	cx4i_der_open(d, CX4I_SET);
	if ((s = value_of(a, x->attr, CX4I_FORM_PRINTABLE)) != NULL) {
		if (x->shape == LINES)
			put_lines(d, s);
		else
			put(d, 0, s);
	}
	if ((s = value_of(a, x->attr, CX4I_FORM_TELETEX)) != NULL)
		put(d, 0, s);
	cx4i_der_close_set(d);
}

static void
put_network(struct cx4i_der *d, const cx4_address *a)
{
	const struct cx4i_str *psap = value_of(a, CX4I_A_PSAP, 0);

	if (psap != NULL) {
		cx4i_der_raw(d, psap->data, psap->len);
		return;
	}
	cx4i_der_open(d, CX4I_SEQUENCE);
	put_tagged(d, CX4I_CONTEXT(0), a, CX4I_A_NUMBER);
	put_tagged(d, CX4I_CONTEXT(1), a, CX4I_A_SUB_ADDRESS);
	cx4i_der_close(d);
}

static void
put_terminal(struct cx4i_der *d, const cx4_address *a)
{
	const struct cx4i_str *s = value_of(a, CX4I_A_TERMINAL_TYPE, 0);
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s->len; i++)
		n = 10 * n + (uint64_t)(s->data[i] - '0');
	cx4i_der_uint(d, n);
}

static void
put_value(struct cx4i_der *d, const cx4_address *a, const struct extension *x)
{
	struct cx4i_entry like = { .attr = x->attr, .form = x->form };

	switch (x->shape) {
	case ONE:
	case CHOICE:
		put(d, 0, value_of(a, x->attr, x->form));
		break;
	case NAME:
		put_name(d, CX4I_SET, a, x->form);
		break;
	case LIST:
	case PAIRS:
		put_list(d, CX4I_SEQUENCE, a, &like);
		break;
	case PARAMETER:
	case LINES:
		put_parameter(d, a, x);
		break;
	case NETWORK:
		put_network(d, a);
		break;
	case TERMINAL:
		put_terminal(d, a);
		break;
	}
}

static int
is_present(const cx4_address *a, const struct extension *x)
{
	if (x->shape == NAME)
		return has_name(a, x->form);
	if (value_of(a, x->attr, x->form) != NULL)
		return 1;
	if (x->shape == PARAMETER || x->shape == LINES)
		return value_of(a, x->attr, CX4I_FORM_TELETEX) != NULL;
	if (x->shape == NETWORK)
		return value_of(a, CX4I_A_PSAP, 0) != NULL ||
		    value_of(a, CX4I_A_SUB_ADDRESS, 0) != NULL;
	return 0;
}

static void
put_extensions(struct cx4i_der *d, const cx4_address *a)
{
	const struct extension *x;
	const struct cx4i_entry *e;
	size_t i;

	cx4i_der_open(d, CX4I_SET);
	for (i = 0; i < COUNT(extensions); i++) {
		x = &extensions[i];
		if (!is_present(a, x))
			continue;
		cx4i_der_open(d, CX4I_SEQUENCE);
		cx4i_der_value(d, CX4I_CONTEXT(0), &x->id, 1);
		cx4i_der_open(d, CX4I_CONTEXT_C(1));
		put_value(d, a, x);
		cx4i_der_close(d);
		cx4i_der_close(d);
	}
	for (i = 0; i < a->count; i++) {
		e = &a->entries[i];
		if (e->attr != CX4I_A_UNKNOWN)
			continue;
		cx4i_der_open(d, CX4I_SEQUENCE);
		cx4i_der_value(d, CX4I_CONTEXT(0), e->type.data, e->type.len);
		cx4i_der_open(d, CX4I_CONTEXT_C(1));
		cx4i_der_raw(d, e->value.data, e->value.len);
		cx4i_der_close(d);
		cx4i_der_close(d);
	}
	cx4i_der_close_set_of(d);
}

/* Is there anything for extension-attributes? */
static int
has_extensions(const cx4_address *a)
{
	size_t i;

	for (i = 0; i < COUNT(extensions); i++)
		if (is_present(a, &extensions[i]))
			return 1;
	return cx4i_addr_values(a, CX4I_A_UNKNOWN) > 0;
}

int
cx4i_addr_encode(const cx4_address *a, struct cx4i_buf *der)
{
	struct cx4i_entry ddas = { .attr = CX4I_A_DDA };
	struct cx4i_der d;
	int rc;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	put_standard(&d, a);
	if (cx4i_addr_find(a, CX4I_A_DDA, 0, CX4I_FORM_PRINTABLE) != NULL)
		put_list(&d, CX4I_SEQUENCE, a, &ddas);
	if (has_extensions(a))
		put_extensions(&d, a);
	cx4i_der_close(&d);
	rc = cx4i_der_ok(&d) ?
	    cx4i_buf_add(der, d.buf.data, d.buf.len) : -1;
	cx4i_der_free(&d);
	return rc;
}
