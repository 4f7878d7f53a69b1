/*
 * orprint.c - O/R addresses written as text: the labelled form of ITU-T
 * F.401 annex F (RFC 1685) and the std-or-address of MIXER (RFC 2156 section
 * 4.1).
 *
 * Nothing is refused. Octets that do not belong in a printable value appear
 * as \xHH, an unknown extension attribute as EXT-id=hexadecimal; neither is
 * read back. F.401 has no notation for teletex: that of MIXER is used,
 * with letters beyond ASCII as themselves.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../base/text.h"
#include "oratext.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct printer {
	const cx4_address *a;
	enum cx4_address_form form;
	struct cx4i_buf out;
	int failed;
};

static void
put(struct printer *pr, const void *data, size_t len)
{
	if (cx4i_buf_add(&pr->out, data, len) != 0)
		pr->failed = 1;
}

static void
put_text(struct printer *pr, const char *text)
{
	put(pr, text, strlen(text));
}

/* A character that may need an escape in this form of text. */
static void
put_char(struct printer *pr, char c, int in_type)
{
	if (pr->form == CX4_FORM_MIXER && strchr("/=;", c) != NULL)
		put(pr, "$", 1);
	else if (pr->form == CX4_FORM_F401 && (c == ';' ||
	    (in_type && c == '=')))
		put(pr, &c, 1);
	put(pr, &c, 1);
}

static void
put_hex(struct printer *pr, const char *before, uint8_t octet)
{
	char text[8];

	snprintf(text, sizeof(text), "%s%02X", before, octet);
	put_text(pr, text);
}

/* Octets of the printable form; what does not belong there as \xHH. */
static void
put_printable(struct printer *pr, const struct cx4i_str *s, int in_type,
    int lines)
{
	size_t i;
	uint8_t c;

	for (i = 0; i < s->len; i++) {
		c = s->data[i];
		if (lines && c == '|')
			put(pr, "|", 1);
		else if (c < 0x20 || c > 0x7e || strchr("*{}|$\\", c) != NULL)
			put_hex(pr, "\\x", c);
		else
			put_char(pr, (char)c, in_type);
	}
}

/* RFC 2156 section 3.3.4: the letter behind a mark stands for itself. */
static void
put_decimal(struct printer *pr, const uint8_t *data, size_t len, int in_type)
{
	char text[8];

	for (; len > 0; data++, len--) {
		if (cx4i_is_printable(*data)) {
			put_char(pr, (char)*data, in_type);
			continue;
		}
		snprintf(text, sizeof(text), "{%03u}", *data);
		put_text(pr, text);
	}
}

/* A character beyond ASCII, safe for a terminal. */
static void
put_code(struct printer *pr, uint32_t code)
{
	uint8_t utf8[4];
	char safe[24];

	cx4i_escape(safe, sizeof(safe), utf8, cx4i_utf8_put(utf8, code));
	put_text(pr, safe);
}

static void
put_wide(struct printer *pr, const struct cx4i_str *s, int in_type)
{
	struct cx4i_chars in = cx4i_str_chars(s);
	const uint8_t *at;
	uint32_t code;
	uint8_t octet;
	size_t n;

	for (at = in.data; (n = cx4i_char_next(&in, &code)) > 0; at += n) {
		octet = (uint8_t)code;
		if (cx4i_is_printable(code))
			put_char(pr, (char)code, in_type);
		else if (s->kind == CX4I_TELETEX_STRING &&
		    (pr->form == CX4_FORM_MIXER || code < 0x80 ||
		    (code & CX4I_NO_CHAR) != 0))
			put_decimal(pr, at, n, in_type);
		else if (code < 0x80)
			put_decimal(pr, &octet, 1, in_type);
		else if ((code & CX4I_NO_CHAR) == 0)
			put_code(pr, code);
		else
			for (; n > 0; n--, at++)
				put_hex(pr, "\\x", *at);
	}
}

/* The three forms of a value, or of a type. */
struct forms {
	const struct cx4i_str *p, *t, *u;
};

static struct forms
forms_of(const cx4_address *a, unsigned int attr, unsigned int index,
    int of_type)
{
	const struct cx4i_str *s[3];
	const struct cx4i_entry *e;
	struct forms f;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		e = cx4i_addr_find(a, attr, index, i);
		s[i] = e == NULL ? NULL : of_type ? &e->type : &e->value;
	}
	f.p = s[CX4I_FORM_PRINTABLE];
	f.t = s[CX4I_FORM_TELETEX];
	f.u = s[CX4I_FORM_UNIVERSAL];
	return f;
}

/*
 * printable*teletex, one of them alone where the other adds nothing (RFC
 * 2156 section 4.1.1). A universal form shows if there is no teletex form.
 */
static void
put_forms(struct printer *pr, struct forms f, int in_type, int lines)
{
	const struct cx4i_str *w = f.t != NULL ? f.t : f.u;

	if (f.p != NULL) {
		put_printable(pr, f.p, in_type, lines);
		if (w == NULL || cx4i_str_same(f.p, w))
			return;
		put(pr, "*", 1);
	} else if (pr->form == CX4_FORM_MIXER && !cx4i_all_printable(w)) {
		put(pr, "*", 1);
	}
	put_wide(pr, w, in_type);
}

static void
begin_pair(struct printer *pr)
{
	if (pr->form == CX4_FORM_MIXER)
		put(pr, "/", 1);
	else if (pr->out.len > 0)
		put(pr, "; ", 2);
}

static void
put_label(struct printer *pr, unsigned int attr, unsigned int number)
{
	const struct cx4i_attr_info *info = cx4i_attr_info(attr);
	char text[16];

	begin_pair(pr);
	put_text(pr, pr->form == CX4_FORM_MIXER ? info->mixer : info->f401);
	if (number != 0) {
		snprintf(text, sizeof(text), "%u", number);
		put_text(pr, text);
	}
	put(pr, "=", 1);
}

static void
put_hex_value(struct printer *pr, const struct cx4i_str *s)
{
	size_t i;

	for (i = 0; i < s->len; i++)
		put_hex(pr, "", s->data[i]);
}

static void
put_terminal(struct printer *pr, const struct cx4i_str *s)
{
	size_t i;

	for (i = 0; i < CX4I_TERMINALS; i++)
		if (s->len == 1 && s->data[0] == cx4i_terminals[i].number[0]) {
			put_text(pr, cx4i_terminals[i].name);
			return;
		}
	put(pr, "(", 1);
	put(pr, s->data, s->len);
	put(pr, ")", 1);
}

/* F.401 has a label for every line: PD-A1 to PD-A6. */
static void
put_lines(struct printer *pr, const struct cx4i_str *s)
{
	struct cx4i_str line = *s;
	unsigned int number = 1;
	size_t at, from = 0;

	for (at = 0; at <= s->len; at++) {
		if (at < s->len && s->data[at] != '|')
			continue;
		put_label(pr, CX4I_A_PD_ADDRESS, number++);
		line.data = s->data + from;
		line.len = at - from;
		put_printable(pr, &line, 0, 0);
		from = at + 1;
	}
}

/*
 * RFC 1685: an ADMD of a space is best left out. It is written where no
 * other attribute would bring it back.
 */
static void
put_admd(struct printer *pr)
{
	struct forms f = forms_of(pr->a, CX4I_A_ADMD, 0, 0);

	if (!cx4i_str_blank(f.p)) {
		put_label(pr, CX4I_A_ADMD, 0);
		put_printable(pr, f.p, 0, 0);
	} else if (pr->form == CX4_FORM_MIXER ||
	    (!cx4i_addr_has(pr->a, CX4I_A_COUNTRY, 0) &&
	    !cx4i_addr_has(pr->a, CX4I_A_PRMD, 0))) {
		put_label(pr, CX4I_A_ADMD, 0);
		put(pr, " ", 1);
	}
}

static void
put_standard(struct printer *pr, unsigned int attr, unsigned int index)
{
	const struct cx4i_attr_info *info = cx4i_attr_info(attr);
	struct forms f = forms_of(pr->a, attr, index, 0);
	int f401 = pr->form == CX4_FORM_F401;

	if (attr == CX4I_A_ADMD) {
		put_admd(pr);
		return;
	}
	if (info->syntax == CX4I_SYN_LINES && f401 && f.t == NULL &&
	    f.u == NULL) {
		put_lines(pr, f.p);
		return;
	}
	put_label(pr, attr, attr == CX4I_A_UNIT && f401 ? index + 1 : 0);
	if (info->syntax == CX4I_SYN_TERMINAL)
		put_terminal(pr, f.p);
	else if (info->syntax == CX4I_SYN_HEX)
		put_hex_value(pr, f.p);
	else
		put_forms(pr, f, 0, info->syntax == CX4I_SYN_LINES);
}

static void
put_dda(struct printer *pr, unsigned int index)
{
	struct forms type = forms_of(pr->a, CX4I_A_DDA, index, 1);
	struct forms value = forms_of(pr->a, CX4I_A_DDA, index, 0);

	begin_pair(pr);
	if (pr->form == CX4_FORM_MIXER && type.p != NULL && type.t == NULL &&
	    type.u == NULL && cx4i_same_label((const char *)type.p->data,
	    type.p->len, "RFC-822"))
		put_text(pr, "RFC-822");
	else {
		put_text(pr, pr->form == CX4_FORM_MIXER ? "DD." : "DDA:");
		put_forms(pr, type, 1, 0);
	}
	put(pr, "=", 1);
	put_forms(pr, value, 0, 0);
}

static void
put_unknown(struct printer *pr)
{
	const struct cx4i_entry *e;
	char text[24];
	size_t i, j;
	long id;

	for (i = 0; i < pr->a->count; i++) {
		e = &pr->a->entries[i];
		if (e->attr != CX4I_A_UNKNOWN)
			continue;
		begin_pair(pr);
		put_text(pr, "EXT-");
		id = e->type.len > 0 && (e->type.data[0] & 0x80) ? -1 : 0;
		for (j = 0; j < e->type.len && j < 4; j++)
			id = id * 256 + e->type.data[j];
		snprintf(text, sizeof(text), "%ld", id);
		if (e->type.len <= 4)
			put_text(pr, text);
		else
			put_hex_value(pr, &e->type);
		put(pr, "=", 1);
		put_hex_value(pr, &e->value);
	}
}

/* All values of an attribute; in reverse the most significant comes last. */
static void
put_all(struct printer *pr, unsigned int attr, int reversed)
{
	unsigned int n = cx4i_addr_values(pr->a, attr), i, index;

	if (attr == CX4I_A_UNKNOWN) {
		put_unknown(pr);
		return;
	}
	for (i = 0; i < n; i++) {
		index = reversed ? n - 1 - i : i;
		if (!cx4i_addr_has(pr->a, attr, index))
			continue;
		if (attr == CX4I_A_DDA)
			put_dda(pr, index);
		else
			put_standard(pr, attr, index);
	}
}

/* RFC 1685 section 2 and table F.1: what is not named stands before P. */
static const uint8_t f401_first[] = {
	CX4I_A_GIVEN, CX4I_A_INITIALS, CX4I_A_SURNAME, CX4I_A_GENERATION,
	CX4I_A_COMMON_NAME, CX4I_A_ORGANIZATION, CX4I_A_UNIT
};
static const uint8_t f401_last[] = {
	CX4I_A_DDA, CX4I_A_UNKNOWN, CX4I_A_PRMD, CX4I_A_ADMD, CX4I_A_COUNTRY
};
/* RFC 2156 section 4.3.3: the most significant stands last. */
static const uint8_t mixer_first[] = {
	CX4I_A_DDA, CX4I_A_UNKNOWN
};
static const uint8_t mixer_last[] = {
	CX4I_A_COMMON_NAME, CX4I_A_GIVEN, CX4I_A_INITIALS, CX4I_A_SURNAME,
	CX4I_A_GENERATION, CX4I_A_UNIT, CX4I_A_ORGANIZATION, CX4I_A_PRMD,
	CX4I_A_ADMD, CX4I_A_COUNTRY
};

static void
put_list(struct printer *pr, const uint8_t *attrs, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		put_all(pr, attrs[i], pr->form == CX4_FORM_MIXER);
}

static void
put_address(struct printer *pr)
{
	int mixer = pr->form == CX4_FORM_MIXER;
	unsigned int attr;

	if (mixer)
		put_list(pr, mixer_first, COUNT(mixer_first));
	else
		put_list(pr, f401_first, COUNT(f401_first));
	for (attr = CX4I_A_X121; attr < CX4I_A_DDA; attr++)
		put_all(pr, attr, 0);
	if (mixer)
		put_list(pr, mixer_last, COUNT(mixer_last));
	else
		put_list(pr, f401_last, COUNT(f401_last));
	if (mixer)
		put(pr, "/", 1);
}

char *
cx4_address_to_text(const cx4_address *a, enum cx4_address_form form)
{
	struct printer pr = { .a = a, .form = form };

	put_address(&pr);
	put(&pr, "", 1);
	if (pr.failed) {
		cx4i_buf_free(&pr.out);
		return NULL;
	}
	return (char *)pr.out.data;
}
