/*
 * mimehdr.c - the header fields that say what a MIME entity holds.
 *
 * RFC 5322 section 2.2 (fields, folding), section 3.2.2 (comments);
 * RFC 2045 sections 5.1 and 6.1; RFC 2183 section 2; RFC 2231 sections 3
 * and 4 (values in sections, values with a character set).
 *
 * It does not check the length of lines, does not read encoded words
 * (RFC 2047), which may not stand in parameters, and does not convert
 * character sets.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "mimehdr.h"

struct lexer {
	uint8_t *p;
	uint8_t *end;
};

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static int
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* A token character of RFC 2045 section 5.1. */
static int
is_token(uint8_t c)
{
	return c > ' ' && c < 0x7f && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

static int
same_name(const uint8_t *p, size_t len, const char *name)
{
	size_t i;

	if (len != strlen(name))
		return 0;
	for (i = 0; i < len; i++)
		if (lower(p[i]) != (uint8_t)name[i])
			return 0;
	return 1;
}

/* Length of the field at p, with its continuation lines and line end. */
static size_t
field_length(const uint8_t *p, size_t len)
{
	const uint8_t *eol;
	size_t n = 0;

	do {
		eol = memchr(p + n, '\n', len - n);
		n = eol != NULL ? (size_t)(eol - p) + 1 : len;
	} while (n < len && is_blank(p[n]));
	return n;
}

/* Length of the field's name, 0 if there is none in front of a colon. */
static size_t
name_length(const uint8_t *p, size_t len)
{
	size_t n = 0;

	while (n < len && p[n] > ' ' && p[n] < 0x7f && p[n] != ':')
		n++;
	return n;
}

/* Take out the line ends; CR is only allowed in front of LF. */
static int
unfold(uint8_t *p, size_t *len)
{
	size_t i, n = 0;

	for (i = 0; i < *len; i++) {
		if (p[i] == '\n')
			continue;
		if (p[i] == '\r') {
			if (i + 1 == *len || p[i + 1] != '\n')
				return -1;
			continue;
		}
		p[n++] = p[i];
	}
	*len = n;
	return 0;
}

static int
take_field(uint8_t *p, size_t len, uint64_t offset, struct cx4i_header *h,
    cx4_error *e)
{
	const struct {
		const char *name;
		struct cx4i_field *field;
	} wanted[] = {
		{ "content-type", &h->type },
		{ "content-transfer-encoding", &h->encoding },
		{ "content-disposition", &h->disposition }
	};
	size_t name = name_length(p, len), body = name, i;

	/* RFC 5322 section 4.5 lets blanks stand in front of the colon. */
	while (body < len && is_blank(p[body]))
		body++;
	if (name == 0 || body == len || p[body] != ':')
		return cx4i_fail_at(e, CX4_E_MIME, offset,
		    "a line of the header is no field");
	body++;
	len -= body;
	if (unfold(p + body, &len) != 0)
		return cx4i_fail_at(e, CX4_E_MIME, offset,
		    "CR without LF in the header");
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!same_name(p, name, wanted[i].name))
			continue;
		if (wanted[i].field->data != NULL)
			return cx4i_fail_at(e, CX4_E_MIME, offset,
			    "%s occurs twice", wanted[i].name);
		wanted[i].field->data = p + body;
		wanted[i].field->len = len;
		wanted[i].field->offset = offset;
	}
	return CX4_OK;
}

int
cx4i_header_split(uint8_t *header, size_t len, struct cx4i_header *h,
    cx4_error *e)
{
	size_t at = 0, n;
	int rc;

	memset(h, 0, sizeof(*h));
	if (len >= 5 && memcmp(header, "From ", 5) == 0)
		at = (size_t)((uint8_t *)memchr(header, '\n', len) -
		    header) + 1;
	while (at < len && header[at] != '\n' &&
	    !(header[at] == '\r' && at + 2 == len)) {
		n = field_length(header + at, len - at);
		rc = take_field(header + at, n, at, h, e);
		if (rc != CX4_OK)
			return rc;
		at += n;
	}
	return CX4_OK;
}

/* Skip blanks and comments, which nest and hold quoted pairs. */
static int
skip_comments(struct lexer *l)
{
	unsigned int depth = 0;

	for (; l->p < l->end; l->p++) {
		if (*l->p == '(')
			depth++;
		else if (depth == 0 && !is_blank(*l->p))
			break;
		else if (*l->p == ')')
			depth--;
		else if (*l->p == '\\' && ++l->p == l->end)
			return -1;
	}
	return depth == 0 ? 0 : -1;
}

/* Skip what may be skipped, then the octet if it is there. 1, 0, or -1. */
static int
take_octet(struct lexer *l, uint8_t c)
{
	if (skip_comments(l) != 0)
		return -1;
	if (l->p == l->end || *l->p != c)
		return 0;
	l->p++;
	return 1;
}

static int
take_token(struct lexer *l, struct cx4i_slice *out)
{
	if (skip_comments(l) != 0)
		return -1;
	out->data = l->p;
	while (l->p < l->end && is_token(*l->p))
		l->p++;
	out->len = (size_t)(l->p - out->data);
	return out->len > 0 ? 0 : -1;
}

/* A quoted string whose first quote is taken; unquoted where it stands. */
static int
take_quoted(struct lexer *l, struct cx4i_slice *out)
{
	uint8_t *to = l->p;

	out->data = l->p;
	for (; l->p < l->end; l->p++) {
		if (*l->p == '"') {
			l->p++;
			out->len = (size_t)(to - out->data);
			return 0;
		}
		if (*l->p == '\\' && ++l->p == l->end)
			return -1;
		if ((*l->p < ' ' && *l->p != '\t') || *l->p == 0x7f)
			return -1;
		*to++ = *l->p;
	}
	return -1;
}

/* name, name*, name*0 or name*0* (RFC 2231 sections 3 and 4). */
static int
split_name(struct cx4i_param *p)
{
	const uint8_t *star, *s, *end = p->name.data + p->name.len;

	p->section = -1;
	p->extended = 0;
	if ((star = memchr(p->name.data, '*', p->name.len)) == NULL)
		return 0;
	p->name.len = (size_t)(star - p->name.data);
	s = star;
	if (end - s > 1 && s[1] >= '0' && s[1] <= '9') {
		s++;
		p->section = *s++ - '0';
		/* No leading zero, and no more sections than parameters. */
		if (p->section > 0 && s < end && *s >= '0' && *s <= '9')
			p->section = p->section * 10 + (*s++ - '0');
	}
	if (s < end && *s == '*') {
		p->extended = 1;
		s++;
	}
	/* "name*" alone is section 0 of one. */
	if (p->section < 0)
		p->section = 0;
	return s == end && p->name.len > 0 ? 0 : -1;
}

static int
take_param(struct lexer *l, struct cx4i_param *p)
{
	int quoted;

	if (take_token(l, &p->name) != 0 || split_name(p) != 0 ||
	    take_octet(l, '=') != 1)
		return -1;
	if ((quoted = take_octet(l, '"')) < 0)
		return -1;
	return quoted ? take_quoted(l, &p->value) : take_token(l, &p->value);
}

static int
add_text(struct cx4i_value *v, struct cx4i_slice s)
{
	size_t len = strlen(v->text), i;

	if (s.len > sizeof(v->text) - 1 - len)
		return -1;
	for (i = 0; i < s.len; i++)
		v->text[len + i] = (char)lower(s.data[i]);
	v->text[len + i] = '\0';
	return 0;
}

static int
take_text(struct lexer *l, int slash, struct cx4i_value *v)
{
	struct cx4i_slice s, between = { (const uint8_t *)"/", 1 };

	if (take_token(l, &s) != 0 || add_text(v, s) != 0)
		return -1;
	if (!slash)
		return 0;
	if (take_octet(l, '/') != 1 || add_text(v, between) != 0 ||
	    take_token(l, &s) != 0)
		return -1;
	return add_text(v, s);
}

int
cx4i_value_read(const struct cx4i_field *f, int slash, struct cx4i_value *v)
{
	struct lexer l = { f->data, f->data + f->len };
	int more;

	v->text[0] = '\0';
	v->n_params = 0;
	if (take_text(&l, slash, v) != 0)
		return -1;
	while ((more = take_octet(&l, ';')) == 1) {
		if (skip_comments(&l) != 0)
			return -1;
		/* Nothing behind a semicolon is common, and harmless. */
		if (l.p == l.end || *l.p == ';')
			continue;
		if (v->n_params == CX4I_MIME_PARAMS ||
		    take_param(&l, &v->params[v->n_params]) != 0)
			return -1;
		v->n_params++;
	}
	return more == 0 && l.p == l.end ? 0 : -1;
}

struct joined {
	char *out;
	size_t size;
	size_t len;
};

static int
hex_value(uint8_t c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int
add_octet(struct joined *j, int c)
{
	if (c == 0 || j->len + 1 >= j->size)
		return -1;
	j->out[j->len++] = (char)c;
	return 0;
}

/* charset'language'octets with %HH; only section 0 names a charset. */
static int
add_extended(struct joined *j, struct cx4i_slice v, int first)
{
	const uint8_t *p = v.data, *end = v.data + v.len, *quote;
	int quotes, high, low;

	for (quotes = 0; first && quotes < 2; quotes++) {
		quote = memchr(p, '\'', (size_t)(end - p));
		if (quote == NULL)
			return -1;
		p = quote + 1;
	}
	for (; p < end; p++) {
		if (*p != '%') {
			if (add_octet(j, *p) != 0)
				return -1;
			continue;
		}
		if (end - p < 3 || (high = hex_value(p[1])) < 0 ||
		    (low = hex_value(p[2])) < 0 ||
		    add_octet(j, high << 4 | low) != 0)
			return -1;
		p += 2;
	}
	return 0;
}

static int
add_section(struct joined *j, const struct cx4i_param *p)
{
	size_t i;

	if (p->extended)
		return add_extended(j, p->value, p->section == 0);
	for (i = 0; i < p->value.len; i++)
		if (add_octet(j, p->value.data[i]) != 0)
			return -1;
	return 0;
}

/* The one parameter with that name and section; NULL and *twice if two. */
static const struct cx4i_param *
find_section(const struct cx4i_value *v, const char *name, int section,
    int *twice)
{
	const struct cx4i_param *found = NULL, *p;
	size_t i;

	for (i = 0; i < v->n_params; i++) {
		p = &v->params[i];
		if (p->section != section ||
		    !same_name(p->name.data, p->name.len, name))
			continue;
		if (found != NULL)
			*twice = 1;
		found = p;
	}
	return *twice ? NULL : found;
}

/* Sections above the last one that follows on section 0. */
static int
has_gap(const struct cx4i_value *v, const char *name, int sections)
{
	size_t i;

	for (i = 0; i < v->n_params; i++)
		if (v->params[i].section >= sections &&
		    same_name(v->params[i].name.data, v->params[i].name.len,
		    name))
			return 1;
	return 0;
}

int
cx4i_value_param(const struct cx4i_value *v, const char *name, char *out,
    size_t size)
{
	struct joined j = { out, size, 0 };
	const struct cx4i_param *p, *plain;
	int section = 0, twice = 0;

	out[0] = '\0';
	plain = find_section(v, name, -1, &twice);
	while ((p = find_section(v, name, section, &twice)) != NULL) {
		if (add_section(&j, p) != 0)
			goto malformed;
		section++;
	}
	if (twice || has_gap(v, name, section))
		goto malformed;
	/* A plain value beside sections is there for older software. */
	if (section == 0 && plain == NULL)
		return 0;
	if (section == 0 && add_section(&j, plain) != 0)
		goto malformed;
	out[j.len] = '\0';
	return 1;
malformed:
	out[0] = '\0';
	return -1;
}
