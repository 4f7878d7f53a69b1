/*
 * oratext.c - O/R addresses read from text: the labelled form of ITU-T F.401
 * annex F (RFC 1685) and the std-or-address of MIXER (RFC 2156 section 4.1).
 *
 * The labels and escapes of both forms are taken at once, for they do not
 * collide: F.401 doubles a delimiter in a value, MIXER puts "$" before it,
 * and "$" is no PrintableString character. A text that begins with "/" is
 * divided by "/" and ";", one that begins with ";" or holds a ";" by ";"
 * alone. OU without a number follows MIXER: the last is the most
 * significant; so do domain-defined attributes but for the label "DDA:",
 * which is F.401's and keeps the order (RFC 2156 section 4.3.3). What a
 * value may look like stands in orvalue.c.
 *
 * Repertoire and length are checked (RFC 5280 appendix A.1), and what the
 * encoding needs, but NOT which attributes an address form must have (X.402
 * section 18.5). The PSAP notation of RFC 1278 is NOT read: a PSAP address
 * is the hexadecimal of its encoding.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../base/err.h"
#include "../base/text.h"
#include "oratext.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DDA_TYPE_MAX 8
#define DDA_VALUE_MAX 128
#define REFUSE(p, ...) CX4I_REFUSE(&(p)->at, __VA_ARGS__)

static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct parser {
	cx4_ctx *ctx;
	cx4_address *a;
	struct cx4i_where at;		/* the current label, for errors */
	const char *text;		/* what is left */
	const char *delimiters;
	struct cx4i_buf label;		/* of the current pair */
	struct cx4i_buf value;
	unsigned int plain_units;	/* values of OU, of OU1 ... */
	unsigned int numbered_units;
	unsigned int ordered_ddas;	/* DDA:type, DD.type, DD1.type ... */
	unsigned int reversed_ddas;
	unsigned int numbered_ddas;
	unsigned int plain_lines;	/* PD-A, PD-A1 ... */
	unsigned int numbered_lines;
};

static int
is_delimiter(const struct parser *p, char c)
{
	return c != '\0' && strchr(p->delimiters, c) != NULL;
}

/* Labels whose own text goes on in a type: DDA:, DDA., DD:, DD., DD1. */
static size_t
dda_prefix(const char *s, size_t len, int *number)
{
	size_t n = 2;

	*number = 0;
	if (len < 3 || !cx4i_same_label(s, 2, "DD"))
		return 0;
	if (s[n] == 'A' || s[n] == 'a')
		n++;
	else if (s[n] >= '1' && s[n] <= '4')
		*number = s[n++] - '0';
	if (n < len && (s[n] == ':' || s[n] == '.'))
		return n + 1;
	return 0;
}

static void
show_label(struct parser *p)
{
	cx4i_escape(p->at.label, sizeof(p->at.label), p->label.data,
	    p->label.len);
}

static int
take(struct parser *p, struct cx4i_buf *to, size_t octets)
{
	if (cx4i_buf_add_byte(to, (uint8_t)p->text[octets - 1]) != 0)
		return cx4i_no_memory(&p->at);
	p->text += octets;
	return CX4_OK;
}

/* The label up to "="; "==" stands for "=" in the type of a DDA. */
static int
read_label(struct parser *p)
{
	int code = CX4_OK, number;

	cx4i_buf_reset(&p->label);
	while (code == CX4_OK) {
		if (*p->text == '\0' || is_delimiter(p, *p->text)) {
			show_label(p);
			return REFUSE(p, "there is no \"=\" after \"%s\"",
			    p->at.label);
		}
		if (p->text[0] == '$' && p->text[1] != '\0') {
			code = take(p, &p->label, 2);
		} else if (*p->text != '=') {
			code = take(p, &p->label, 1);
		} else if (p->text[1] == '=' && dda_prefix(
		    (const char *)p->label.data, p->label.len, &number)) {
			code = take(p, &p->label, 2);
		} else {
			p->text++;
			break;
		}
	}
	while (p->label.len > 0 &&
	    is_space((char)p->label.data[p->label.len - 1]))
		p->label.len--;
	show_label(p);
	if (code == CX4_OK && p->label.len == 0)
		return REFUSE(p, "there is no label before \"=\"");
	return code;
}

/* The value up to a single delimiter, without spaces at its ends. */
static int
read_value(struct parser *p)
{
	int code = CX4_OK;

	cx4i_buf_reset(&p->value);
	while (is_space(*p->text))
		p->text++;
	while (code == CX4_OK && *p->text != '\0') {
		if (p->text[0] == '$' && p->text[1] != '\0')
			code = take(p, &p->value, 2);
		else if (!is_delimiter(p, *p->text))
			code = take(p, &p->value, 1);
		else if (p->text[1] == p->text[0])
			code = take(p, &p->value, 2);
		else
			break;
	}
	if (*p->text != '\0')
		p->text++;
	while (p->value.len > 0 &&
	    is_space((char)p->value.data[p->value.len - 1]))
		p->value.len--;
	return code;
}

static int
add(const struct parser *p, unsigned int attr, unsigned int index,
    const struct cx4i_variants *v)
{
	if (v->has_printable && cx4i_addr_add(p->a, attr, index,
	    CX4I_FORM_PRINTABLE, CX4I_PRINTABLE_STRING,
	    cx4i_buf_slice(&v->printable)) == NULL)
		return cx4i_no_memory(&p->at);
	if (v->has_teletex && cx4i_addr_add(p->a, attr, index,
	    CX4I_FORM_TELETEX, CX4I_TELETEX_STRING,
	    cx4i_buf_slice(&v->teletex)) == NULL)
		return cx4i_no_memory(&p->at);
	if (v->has_universal && cx4i_addr_add(p->a, attr, index,
	    CX4I_FORM_UNIVERSAL, v->universal_kind,
	    cx4i_buf_slice(&v->universal)) == NULL)
		return cx4i_no_memory(&p->at);
	return CX4_OK;
}

static int
refuse_twice(const struct parser *p)
{
	return REFUSE(p, "%s is given twice", p->at.label);
}

static int
add_plain(const struct parser *p, unsigned int attr, uint8_t kind,
    struct cx4i_slice value)
{
	if (cx4i_addr_has(p->a, attr, 0))
		return refuse_twice(p);
	if (cx4i_addr_add(p->a, attr, 0, CX4I_FORM_PRINTABLE, kind, value) ==
	    NULL)
		return cx4i_no_memory(&p->at);
	return CX4_OK;
}

static int
is_all(struct cx4i_slice s, int (*is)(uint32_t))
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!is(s.data[i]))
			return 0;
	return s.len > 0;
}

static int
is_letter(uint32_t code)
{
	return cx4i_is_printable(code) && (code | 0x20) >= 'a';
}

static int
add_country(const struct parser *p, unsigned int attr)
{
	struct cx4i_slice s = cx4i_buf_slice(&p->value);

	if (s.len == 3 && is_all(s, cx4i_is_digit))
		return add_plain(p, attr, CX4I_NUMERIC_STRING, s);
	if (s.len == 2 && is_all(s, is_letter))
		return add_plain(p, attr, CX4I_PRINTABLE_STRING, s);
	return REFUSE(p, "%s must be two letters (ISO 3166) or three digits "
	    "(X.121)", p->at.label);
}

/* A single string, printable or numeric. */
static int
add_string(const struct parser *p, unsigned int attr,
    const struct cx4i_attr_info *info)
{
	static const struct cx4i_slice space = { (const uint8_t *)" ", 1 };
	struct cx4i_slice s = cx4i_buf_slice(&p->value);
	int code, numeric = info->syntax == CX4I_SYN_NUMERIC;

	/* RFC 1685 F.3.1: the ADMD without a value is a single space. */
	if (attr == CX4I_A_ADMD && s.len == 0)
		s = space;
	code = cx4i_check_characters(&p->at, s,
	    numeric ? cx4i_is_numeric : cx4i_is_printable,
	    numeric ? "digit or space" : "PrintableString character");
	if (code == CX4_OK)
		code = cx4i_check_length(&p->at, s.len, info->max);
	if (code != CX4_OK)
		return code;
	/* RFC 2156 section 4.1.1: numeric if digits and only digits. */
	if (info->syntax == CX4I_SYN_EITHER)
		numeric = is_all(s, cx4i_is_digit);
	return add_plain(p, attr, numeric ? CX4I_NUMERIC_STRING :
	    CX4I_PRINTABLE_STRING, s);
}

/* A name of F.401, or a number, also as MIXER writes it: (9). */
static int
add_terminal(const struct parser *p)
{
	struct cx4i_slice s = cx4i_buf_slice(&p->value);
	unsigned int n = 0;
	char text[8];
	size_t i;

	for (i = 0; i < CX4I_TERMINALS; i++)
		if (cx4i_same_label((const char *)s.data, s.len,
		    cx4i_terminals[i].name)) {
			s.data = (const uint8_t *)cx4i_terminals[i].number;
			s.len = 1;
		}
	if (s.len > 2 && s.data[0] == '(' && s.data[s.len - 1] == ')') {
		s.data++;
		s.len -= 2;
	}
	if (s.len > 3 || !is_all(s, cx4i_is_digit))
		return REFUSE(p, "%s must be tlx, ttx, g3fax, g4fax, ia5, "
		    "vtx or a number", p->at.label);
	for (i = 0; i < s.len; i++)
		n = 10 * n + s.data[i] - '0';
	if (n > 256)
		return REFUSE(p, "%s is greater than 256", p->at.label);
	s.len = (size_t)snprintf(text, sizeof(text), "%u", n);
	s.data = (const uint8_t *)text;
	return add_plain(p, CX4I_A_TERMINAL_TYPE, CX4I_NUMERIC_STRING, s);
}

static int
hex_digit(uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != 0 ?
	    strchr(digits, (int)cx4i_char_fold(c)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

static int
add_psap(const struct parser *p)
{
	struct cx4i_buf ber = { NULL, 0, 0 }, der = { NULL, 0, 0 };
	const struct cx4i_buf *in = &p->value;
	int high, low, code = CX4_OK;
	size_t i;

	for (i = 0; i + 1 < in->len; i += 2) {
		high = hex_digit(in->data[i]);
		low = hex_digit(in->data[i + 1]);
		if (high < 0 || low < 0)
			break;
		if (cx4i_buf_add_byte(&ber, (uint8_t)(high << 4 | low)) != 0)
			code = cx4i_no_memory(&p->at);
	}
	if (code == CX4_OK && i == in->len)
		code = cx4i_addr_psap(p->ctx, cx4i_buf_slice(&ber), &der);
	else if (code == CX4_OK)
		code = CX4_E_ADDRESS;
	if (code == CX4_E_NOMEM)
		code = cx4i_no_memory(&p->at);
	else if (code != CX4_OK)
		code = REFUSE(p, "%s must be the encoding of a PSAP address "
		    "in hexadecimal", p->at.label);
	if (code == CX4_OK)
		code = add_plain(p, CX4I_A_PSAP, CX4I_OCTET_STRING,
		    cx4i_buf_slice(&der));
	cx4i_buf_free(&ber);
	cx4i_buf_free(&der);
	return code;
}

static int
add_wide(const struct parser *p, unsigned int attr, unsigned int index,
    struct cx4i_slice value)
{
	const struct cx4i_attr_info *info = cx4i_attr_info(attr);
	struct cx4i_variants v;
	int code;

	if (cx4i_addr_has(p->a, attr, index))
		return refuse_twice(p);
	code = cx4i_read_variants(&p->at, value,
	    info->syntax == CX4I_SYN_LINES, &v);
	if (code == CX4_OK)
		code = cx4i_check_variants(&p->at, &v, info);
	if (code == CX4_OK)
		code = add(p, attr, index, &v);
	cx4i_variants_free(&v);
	return code;
}

/* `number` is that of OU1 to OU4, 0 for OU. */
static int
add_unit(struct parser *p, unsigned int number)
{
	const struct cx4i_attr_info *info = cx4i_attr_info(CX4I_A_UNIT);
	unsigned int index = number != 0 ? number - 1 : p->plain_units;

	*(number != 0 ? &p->numbered_units : &p->plain_units) += 1;
	if (p->plain_units > 0 && p->numbered_units > 0)
		return REFUSE(p, "OU is given both with and without a "
		    "number");
	if (index >= info->most)
		return REFUSE(p, "there are more than 4 OU");
	return add_wide(p, CX4I_A_UNIT, index, cx4i_buf_slice(&p->value));
}

/* `number` is that of PD-A1 to PD-A6, 0 for the whole. */
static int
add_line(struct parser *p, unsigned int number)
{
	struct cx4i_slice s = cx4i_buf_slice(&p->value);
	int code;

	*(number != 0 ? &p->numbered_lines : &p->plain_lines) += 1;
	if (p->plain_lines > 0 && p->numbered_lines > 0)
		return REFUSE(p, "PD-A is given both with and without a "
		    "number");
	if (number == 0)
		return add_wide(p, CX4I_A_PD_ADDRESS, 0, s);
	if (cx4i_addr_has(p->a, CX4I_A_PD_ADDRESS, number - 1))
		return refuse_twice(p);
	code = cx4i_check_characters(&p->at, s, cx4i_is_printable,
	    "PrintableString character");
	if (code == CX4_OK)
		code = cx4i_check_length(&p->at, s.len, CX4I_LINE_MAX);
	if (code == CX4_OK && cx4i_addr_add(p->a, CX4I_A_PD_ADDRESS,
	    number - 1, CX4I_FORM_PRINTABLE, CX4I_PRINTABLE_STRING, s) == NULL)
		code = cx4i_no_memory(&p->at);
	return code;
}

/*
 * PN, RFC 2156 section 4.1.2: [given "."] *(initial ".") surname, where a
 * given name has two characters or more and an initial is a letter.
 */
static int
add_personal_name(const struct parser *p)
{
	struct cx4i_slice s = cx4i_buf_slice(&p->value), given = s;
	struct cx4i_buf initials = { NULL, 0, 0 };
	const uint8_t *dot;
	int code = CX4_OK;

	dot = s.len > 0 ? memchr(s.data, '.', s.len) : NULL;
	if (dot != NULL && dot - s.data > 1) {
		given.len = (size_t)(dot - s.data);
		s.data += given.len + 1;
		s.len -= given.len + 1;
		code = add_wide(p, CX4I_A_GIVEN, 0, given);
	}
	for (; s.len > 1 && s.data[1] == '.' && is_letter(s.data[0]);
	    s.data += 2, s.len -= 2)
		if (cx4i_buf_add_byte(&initials, s.data[0]) != 0)
			code = cx4i_no_memory(&p->at);
	if (code == CX4_OK && initials.len > 0)
		code = add_wide(p, CX4I_A_INITIALS, 0,
		    cx4i_buf_slice(&initials));
	if (code == CX4_OK)
		code = add_wide(p, CX4I_A_SURNAME, 0, s);
	cx4i_buf_free(&initials);
	return code;
}

/* Where a domain-defined attribute goes; those in reverse are turned later. */
static int
dda_index(struct parser *p, int number, int ordered, unsigned int *index)
{
	*index = p->ordered_ddas + p->reversed_ddas;
	if (number > 0) {
		*index = (unsigned int)number - 1;
		p->numbered_ddas++;
	} else if (ordered) {
		p->ordered_ddas++;
	} else {
		p->reversed_ddas++;
	}
	if ((p->numbered_ddas > 0) + (p->ordered_ddas > 0) +
	    (p->reversed_ddas > 0) > 1)
		return REFUSE(p, "%s: \"DDA:\", \"DD.\" and \"DD1.\" order "
		    "their attributes in different ways and cannot be mixed",
		    p->at.label);
	if (*index >= 4)
		return REFUSE(p, "there are more than 4 domain-defined "
		    "attributes");
	if (cx4i_addr_has(p->a, CX4I_A_DDA, *index))
		return refuse_twice(p);
	return CX4_OK;
}

static int
add_types(const struct parser *p, unsigned int index,
    const struct cx4i_variants *type)
{
	const struct cx4i_buf *from[] = {
		&type->printable, &type->teletex, &type->universal
	};
	const uint8_t kind[] = {
		CX4I_PRINTABLE_STRING, CX4I_TELETEX_STRING,
		type->universal_kind
	};
	struct cx4i_entry *e;
	unsigned int form;

	for (form = 0; form < COUNT(from); form++) {
		e = cx4i_addr_find(p->a, CX4I_A_DDA, index, form);
		if (e != NULL && cx4i_str_set(&e->type, kind[form],
		    cx4i_buf_slice(from[form])) != 0)
			return cx4i_no_memory(&p->at);
	}
	return CX4_OK;
}

static int
add_dda(struct parser *p, struct cx4i_slice name, int number, int ordered)
{
	static const struct cx4i_attr_info of_type = {
		.max = DDA_TYPE_MAX, .max_universal = DDA_TYPE_MAX
	}, of_value = {
		.max = DDA_VALUE_MAX, .max_universal = DDA_VALUE_MAX
	};
	struct cx4i_variants type, value;
	unsigned int index;
	int code;

	memset(&value, 0, sizeof(value));
	code = cx4i_read_variants(&p->at, name, 0, &type);
	if (code == CX4_OK)
		code = cx4i_check_variants(&p->at, &type, &of_type);
	if (code == CX4_OK)
		code = cx4i_read_variants(&p->at, cx4i_buf_slice(&p->value), 0,
		    &value);
	if (code == CX4_OK)
		code = cx4i_check_variants(&p->at, &value, &of_value);
	if (code == CX4_OK)
		code = cx4i_level_variants(&p->at, &type, &value);
	if (code == CX4_OK)
		code = cx4i_level_variants(&p->at, &value, &type);
	if (code == CX4_OK)
		code = dda_index(p, number, ordered, &index);
	if (code == CX4_OK)
		code = add(p, CX4I_A_DDA, index, &value);
	if (code == CX4_OK)
		code = add_types(p, index, &type);
	cx4i_variants_free(&type);
	cx4i_variants_free(&value);
	return code;
}

/* The attribute with this label; *number is that of OU1 and its like. */
static unsigned int
find_label(const char *label, size_t len, unsigned int *number)
{
	const struct cx4i_attr_info *info;
	unsigned int attr;
	size_t n;

	*number = 0;
	for (attr = 0; (info = cx4i_attr_info(attr)) != NULL; attr++) {
		if (cx4i_same_label(label, len, info->f401) ||
		    cx4i_same_label(label, len, info->mixer) ||
		    cx4i_same_label(label, len, info->also))
			return attr;
		n = strlen(info->f401);
		if (len == n + 1 && cx4i_same_label(label, n, info->f401) &&
		    label[n] >= '1' && label[n] <= '0' + info->most) {
			*number = (unsigned int)(label[n] - '0');
			return attr;
		}
	}
	return CX4I_A_COUNT;
}

static int
add_standard(struct parser *p, unsigned int attr, unsigned int number)
{
	const struct cx4i_attr_info *info = cx4i_attr_info(attr);

	if (attr == CX4I_A_UNIT)
		return add_unit(p, number);
	switch (info->syntax) {
	case CX4I_SYN_COUNTRY:
		return add_country(p, attr);
	case CX4I_SYN_EITHER:
	case CX4I_SYN_NUMERIC:
	case CX4I_SYN_PRINTABLE:
		return add_string(p, attr, info);
	case CX4I_SYN_LINES:
		return add_line(p, number);
	case CX4I_SYN_TERMINAL:
		return add_terminal(p);
	case CX4I_SYN_HEX:
		return add_psap(p);
	default:
		return add_wide(p, attr, 0, cx4i_buf_slice(&p->value));
	}
}

static int
add_pair(struct parser *p)
{
	const char *label = (const char *)p->label.data;
	size_t len = p->label.len, n;
	struct cx4i_slice name = cx4i_buf_slice(&p->label);
	unsigned int attr, number;
	int dd;

	if ((n = dda_prefix(label, len, &dd)) > 0) {
		name.data += n;
		name.len -= n;
		return add_dda(p, name, dd, cx4i_same_label(label, n, "DDA:"));
	}
	if (cx4i_same_label(label, len, "RFC-822"))
		return add_dda(p, name, 0, 0);
	if (cx4i_same_label(label, len, "PN"))
		return add_personal_name(p);
	attr = find_label(label, len, &number);
	if (attr == CX4I_A_COUNT)
		return REFUSE(p, "there is no label \"%s\"", p->at.label);
	return add_standard(p, attr, number);
}

/* What was numbered from the wrong end is turned round. */
static void
reverse(cx4_address *a, unsigned int attr, unsigned int count)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		if (a->entries[i].attr == attr)
			a->entries[i].index = count - 1 - a->entries[i].index;
}

static int
check_gaps(const struct parser *p, unsigned int attr, const char *label)
{
	unsigned int n = cx4i_addr_values(p->a, attr), i;

	for (i = 0; i < n; i++)
		if (!cx4i_addr_has(p->a, attr, i))
			return REFUSE(p, "there is %s%u but no %s%u", label, n,
			    label, i + 1);
	return CX4_OK;
}

/* PD-A1, PD-A2 ... become one value. */
static int
join_lines(const struct parser *p)
{
	struct cx4i_buf all = { NULL, 0, 0 };
	struct cx4i_entry *e;
	unsigned int i;
	int code = CX4_OK;

	for (i = 0; (e = cx4i_addr_find(p->a, CX4I_A_PD_ADDRESS, i,
	    CX4I_FORM_PRINTABLE)) != NULL; i++) {
		if ((i > 0 && cx4i_buf_add_byte(&all, '|') != 0) ||
		    cx4i_buf_add(&all, e->value.data, e->value.len) != 0)
			code = cx4i_no_memory(&p->at);
		cx4i_addr_remove(p->a, e);
	}
	if (code == CX4_OK && i > 0 && cx4i_addr_add(p->a, CX4I_A_PD_ADDRESS,
	    0, CX4I_FORM_PRINTABLE, CX4I_PRINTABLE_STRING,
	    cx4i_buf_slice(&all)) == NULL)
		code = cx4i_no_memory(&p->at);
	cx4i_buf_free(&all);
	return code;
}

/* Attributes that cannot stand without, or beside, another. */
static int
check_companions(const struct parser *p)
{
	static const uint8_t parts[] = {
		CX4I_A_GIVEN, CX4I_A_INITIALS, CX4I_A_GENERATION
	};
	const cx4_address *a = p->a;
	size_t i;

	for (i = 0; i < COUNT(parts); i++)
		if (cx4i_addr_has(a, parts[i], 0) &&
		    !cx4i_addr_has(a, CX4I_A_SURNAME, 0))
			return REFUSE(p, "%s needs a surname (S) beside it",
			    cx4i_attr_info(parts[i])->f401);
	if (cx4i_addr_has(a, CX4I_A_SUB_ADDRESS, 0) &&
	    !cx4i_addr_has(a, CX4I_A_NUMBER, 0))
		return REFUSE(p, "NET-SUB needs a number (ISDN) beside it");
	if (cx4i_addr_has(a, CX4I_A_PSAP, 0) &&
	    cx4i_addr_has(a, CX4I_A_NUMBER, 0))
		return REFUSE(p, "PSAP and ISDN are one attribute: give "
		    "either");
	return CX4_OK;
}

/* RFC 1685 F.4, RFC 2156 section 4.1.3: a missing ADMD is a space. */
static int
default_admd(const struct parser *p)
{
	static const struct cx4i_slice space = { (const uint8_t *)" ", 1 };

	if (cx4i_addr_has(p->a, CX4I_A_ADMD, 0) ||
	    (!cx4i_addr_has(p->a, CX4I_A_COUNTRY, 0) &&
	    !cx4i_addr_has(p->a, CX4I_A_PRMD, 0)))
		return CX4_OK;
	if (cx4i_addr_add(p->a, CX4I_A_ADMD, 0, CX4I_FORM_PRINTABLE,
	    CX4I_PRINTABLE_STRING, space) == NULL)
		return cx4i_no_memory(&p->at);
	return CX4_OK;
}

static int
finish(struct parser *p)
{
	int code;

	if (p->a->count == 0)
		return REFUSE(p, "there is no attribute in the text");
	if (p->plain_units > 0)
		reverse(p->a, CX4I_A_UNIT, p->plain_units);
	if (p->reversed_ddas > 0)
		reverse(p->a, CX4I_A_DDA, p->reversed_ddas);
	code = check_gaps(p, CX4I_A_UNIT, "OU");
	if (code == CX4_OK)
		code = check_gaps(p, CX4I_A_DDA, "DD");
	if (code == CX4_OK)
		code = check_gaps(p, CX4I_A_PD_ADDRESS, "PD-A");
	if (code == CX4_OK && p->numbered_lines > 0)
		code = join_lines(p);
	if (code == CX4_OK)
		code = check_companions(p);
	if (code == CX4_OK)
		code = cx4i_complete_lists(&p->at, p->a);
	if (code == CX4_OK)
		code = default_admd(p);
	return code;
}

/*
 * Does a text without a leading delimiter use "/"? Only if it has no ";" and
 * a label follows the first "/": in O=a/b the "/" belongs to the value.
 */
static int
is_divided_by_slash(const char *text)
{
	const char *slash = strchr(text, '/');
	unsigned int number;
	size_t n;
	int dd;

	if (slash == NULL || strchr(text, ';') != NULL)
		return 0;
	n = strcspn(slash + 1, "=/");
	return slash[1 + n] == '=' &&
	    (find_label(slash + 1, n, &number) != CX4I_A_COUNT ||
	    dda_prefix(slash + 1, n, &dd) > 0);
}

static void
skip_start(struct parser *p)
{
	static const char prefix[] = "X.400:";

	while (is_space(*p->text))
		p->text++;
	if (strlen(p->text) >= sizeof(prefix) - 1 &&
	    cx4i_same_label(p->text, sizeof(prefix) - 1, prefix))
		p->text += sizeof(prefix) - 1;
	while (is_space(*p->text))
		p->text++;
	p->delimiters = ";";
	if (*p->text == '/' || is_divided_by_slash(p->text))
		p->delimiters = "/;";
	if (is_delimiter(p, *p->text))
		p->text++;
}

int
cx4_address_from_text(cx4_ctx *ctx, const char *text, cx4_address **pa,
    char *why, size_t why_size)
{
	struct parser p = { .ctx = ctx, .text = text,
	    .at = { { why, why_size }, "" } };
	int code = CX4_OK;

	cx4i_why(&p.at.why, CX4_OK, "%s", "");
	if ((*pa = p.a = cx4i_addr_new()) == NULL)
		return cx4i_no_memory(&p.at);
	skip_start(&p);
	while (code == CX4_OK) {
		while (is_space(*p.text))
			p.text++;
		if (*p.text == '\0')
			break;
		code = read_label(&p);
		if (code == CX4_OK)
			code = read_value(&p);
		if (code == CX4_OK)
			code = add_pair(&p);
	}
	if (code == CX4_OK)
		code = finish(&p);
	if (code != CX4_OK)
		cx4_address_free(pa);
	cx4i_buf_free(&p.label);
	cx4i_buf_free(&p.value);
	return code;
}
