/*
 * oratext.c - O/R addresses as text: the labelled form of ITU-T F.401 annex
 * F (RFC 1685) and the std-or-address of MIXER (RFC 2156 section 4.1).
 *
 * Reading takes the labels and escapes of both forms at once, for they do
 * not collide: F.401 doubles a delimiter in a value, MIXER puts "$" before
 * it, and "$" is no PrintableString character. A text that begins with "/"
 * is divided by "/" and ";", one that begins with ";" or holds a ";" by ";"
 * alone. OU without a number follows MIXER: the last is the most
 * significant; so do domain-defined attributes but for the label "DDA:",
 * which is F.401's and keeps the order (RFC 2156 section 4.3.3).
 *
 * A value is printable, or printable*teletex, or *teletex (RFC 2156 section
 * 3.3.4); in the teletex part {ddd} is an octet and letters beyond ASCII
 * stand for themselves. What T.61 does not have becomes a universal form.
 * This goes for both forms of text; F.401 has no notation of its own.
 *
 * Repertoire and length are checked when text is read. When text is written
 * nothing is refused: octets that do not belong appear as \xHH, an unknown
 * extension attribute as EXT-id=hexadecimal, which is not read back.
 *
 * Does NOT read the PSAP notation of RFC 1278: a PSAP address is the
 * hexadecimal of its encoding.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "oraddr.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LABEL_MAX_ 64
#define DDA_TYPE_MAX 8
#define DDA_VALUE_MAX 128
#define LINE_MAX_ 30

/* RFC 1685 F.3.2.2 */
static const struct terminal {
	const char *name;
	const char *number;
} terminals[] = {
	{ "tlx", "3" }, { "ttx", "4" }, { "g3fax", "5" }, { "g4fax", "6" },
	{ "ia5", "7" }, { "vtx", "8" }
};

/* Values that stand in one SEQUENCE or SET and need each other. */
static const uint8_t name_attrs[] = {
	CX4I_A_SURNAME, CX4I_A_GIVEN, CX4I_A_INITIALS, CX4I_A_GENERATION
};

static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Of two texts, ASCII letters in either case. */
static int
same_label(const char *a, size_t len, const char *b)
{
	size_t i;

	for (i = 0; i < len && b[i] != '\0'; i++)
		if (cx4i_char_fold((uint8_t)a[i]) !=
		    cx4i_char_fold((uint8_t)b[i]))
			return 0;
	return i == len && b[i] == '\0';
}

/* ------------------------------------------------------------------ reading */

struct parser {
	cx4_ctx *ctx;
	cx4_address *a;
	struct cx4i_why why;
	const char *text;		/* what is left */
	const char *delimiters;
	struct cx4i_buf label;		/* of the current pair */
	struct cx4i_buf value;
	char shown[LABEL_MAX_];		/* the label, for errors */
	unsigned int plain_units;	/* values of OU, of OU1 ... */
	unsigned int numbered_units;
	unsigned int ordered_ddas;	/* DDA:type, DD.type, DD1.type ... */
	unsigned int reversed_ddas;
	unsigned int numbered_ddas;
	unsigned int plain_lines;	/* PD-A, PD-A1 ... */
	unsigned int numbered_lines;
};

/* One value taken apart. */
struct variants {
	struct cx4i_buf printable;
	struct cx4i_buf teletex;
	struct cx4i_buf universal;	/* two or four octets a character */
	int has_printable;
	int has_teletex;
	int has_universal;
	uint8_t universal_kind;
};

#define REFUSE(p, ...) cx4i_why(&(p)->why, CX4_E_ADDRESS, __VA_ARGS__)

static int
no_memory(const struct parser *p)
{
	return cx4i_why(&p->why, CX4_E_NOMEM, "out of memory");
}

static void
variants_free(struct variants *v)
{
	cx4i_buf_free(&v->printable);
	cx4i_buf_free(&v->teletex);
	cx4i_buf_free(&v->universal);
}

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
	if (len < 3 || !same_label(s, 2, "DD"))
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
	cx4i_escape(p->shown, sizeof(p->shown), p->label.data, p->label.len);
}

static int
take(struct parser *p, struct cx4i_buf *to, size_t octets)
{
	if (cx4i_buf_add_byte(to, (uint8_t)p->text[octets - 1]) != 0)
		return no_memory(p);
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
			    p->shown);
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

/* The name of a character that may not stand in a value. */
static int
bad_character(const struct parser *p, uint32_t code, const char *set)
{
	uint8_t utf8[4] = { (uint8_t)code };
	char shown[24];
	size_t n;

	n = cx4i_utf8_put(utf8, code);
	cx4i_escape(shown, sizeof(shown), utf8, n != 0 ? n : 1);
	return REFUSE(p, "%s holds \"%s\", which is no %s", p->shown, shown,
	    set);
}

static int
check_characters(const struct parser *p, struct cx4i_slice s,
    int (*allowed)(uint32_t), const char *set)
{
	uint32_t code;
	size_t at, n;

	for (at = 0; at < s.len; at += n) {
		n = cx4i_utf8_next(s.data + at, s.len - at, &code);
		if (!allowed(code))
			return bad_character(p, code, set);
	}
	return CX4_OK;
}

static int
check_length(const struct parser *p, size_t len, size_t max)
{
	if (len == 0)
		return REFUSE(p, "%s has no value", p->shown);
	if (len > max)
		return REFUSE(p, "%s is longer than %zu characters",
		    p->shown, max);
	return CX4_OK;
}

/* A character of UniversalString. */
static size_t
put_four(uint8_t out[4], uint32_t code)
{
	out[0] = (uint8_t)(code >> 24);
	out[1] = (uint8_t)(code >> 16);
	out[2] = (uint8_t)(code >> 8);
	out[3] = (uint8_t)code;
	return 4;
}

/* {ddd...} in a teletex part: octets, three digits each. */
static int
read_octets(const struct parser *p, struct cx4i_slice *in,
    struct variants *v, int *octets_only)
{
	uint8_t wide[4];
	unsigned int n;

	in->data++;
	in->len--;
	do {
		if (in->len < 4 || !cx4i_is_digit(in->data[0]) ||
		    !cx4i_is_digit(in->data[1]) ||
		    !cx4i_is_digit(in->data[2]))
			return REFUSE(p, "%s: \"{\" is not followed by three "
			    "digits for each octet and \"}\"", p->shown);
		n = (in->data[0] - 48U) * 100 + (in->data[1] - 48U) * 10 +
		    (in->data[2] - 48U);
		if (n > 255)
			return REFUSE(p, "%s: {%u} is no octet", p->shown, n);
		/* Below 80 it is a character, whatever becomes of the rest. */
		if (n >= 0x80)
			*octets_only = 1;
		if (cx4i_buf_add_byte(&v->teletex, (uint8_t)n) != 0 ||
		    cx4i_buf_add(&v->universal, wide, put_four(wide, n)) != 0)
			return no_memory(p);
		in->data += 3;
		in->len -= 3;
	} while (in->data[0] != '}');
	in->data++;
	in->len--;
	return CX4_OK;
}

/* One character of a teletex part, into both forms that it may take. */
static int
read_character(const struct parser *p, struct cx4i_slice *in,
    struct variants *v, int *not_t61)
{
	uint8_t t61[2], wide[4];
	uint32_t code;
	size_t n;

	n = cx4i_utf8_next(in->data, in->len, &code);
	in->data += n;
	in->len -= n;
	if ((code & CX4I_NO_CHAR) != 0 || (code < 0x80 &&
	    !cx4i_is_printable(code)) || (code >= 0x80 && code < 0xa0))
		return bad_character(p, code,
		    "PrintableString character (write {ddd})");
	if ((n = cx4i_t61_put(t61, code)) == 0)
		*not_t61 = 1;
	if (cx4i_buf_add(&v->teletex, t61, n) != 0 ||
	    cx4i_buf_add(&v->universal, wide, put_four(wide, code)) != 0)
		return no_memory(p);
	return CX4_OK;
}

/* Four octets a character become two, if all fit; returns the kind. */
static uint8_t
narrow(struct cx4i_buf *b)
{
	size_t i;

	for (i = 0; i < b->len; i += 4)
		if (b->data[i] != 0 || b->data[i + 1] != 0)
			return CX4I_UNIVERSAL_STRING;
	for (i = 0; i < b->len; i += 4)
		memmove(b->data + i / 2, b->data + i + 2, 2);
	b->len /= 2;
	return CX4I_BMP_STRING;
}

/* The part behind "*": teletex, or universal if T.61 has not all of it. */
static int
read_teletex(const struct parser *p, struct cx4i_slice in, struct variants *v)
{
	int not_t61 = 0, octets_only = 0, code = CX4_OK;

	while (in.len > 0 && code == CX4_OK)
		code = in.data[0] == '{' ?
		    read_octets(p, &in, v, &octets_only) :
		    read_character(p, &in, v, &not_t61);
	if (code != CX4_OK)
		return code;
	if (not_t61 && octets_only)
		return REFUSE(p, "%s mixes octets of T.61 with characters "
		    "that T.61 does not have", p->shown);
	v->has_teletex = !not_t61;
	v->has_universal = not_t61;
	if (not_t61)
		v->universal_kind = narrow(&v->universal);
	return CX4_OK;
}

static size_t
count_characters(const struct cx4i_buf *b, uint8_t kind)
{
	struct cx4i_chars c = { b->data, b->len, kind };
	uint32_t code;
	size_t n = 0;

	while (cx4i_char_next(&c, &code) > 0)
		n++;
	return n;
}

static int
all_printable(const struct cx4i_str *s)
{
	struct cx4i_chars c = cx4i_str_chars(s);
	uint32_t code;

	while (cx4i_char_next(&c, &code) > 0)
		if (!cx4i_is_printable(code))
			return 0;
	return 1;
}

/*
 * A teletex form that says what the printable form says, or could, is not
 * kept beside it, or takes its place: RFC 2156 section 4.1.1.
 */
static void
simplify(struct variants *v)
{
	struct cx4i_str t = { .kind = CX4I_TELETEX_STRING,
	    .data = v->teletex.data, .len = v->teletex.len };
	struct cx4i_buf swap;

	if (!v->has_teletex || !all_printable(&t))
		return;
	if (!v->has_printable) {
		swap = v->printable;
		v->printable = v->teletex;
		v->teletex = swap;
		v->has_printable = 1;
		v->has_teletex = 0;
	} else if (cx4i_slice_equal(cx4i_buf_slice(&v->printable),
	    cx4i_buf_slice(&v->teletex))) {
		v->has_teletex = 0;
	}
}

static int
is_line_character(uint32_t code)
{
	return cx4i_is_printable(code) || code == '|';
}

/* Take [printable]["*" teletex] apart, and check each part. */
static int
read_variants(const struct parser *p, struct cx4i_slice in, int lines,
    struct variants *v)
{
	const uint8_t *star = in.len > 0 ? memchr(in.data, '*', in.len) : NULL;
	struct cx4i_slice head = in, tail = { NULL, 0 };
	int code = CX4_OK;
	size_t i;

	memset(v, 0, sizeof(*v));
	if (star != NULL) {
		head.len = (size_t)(star - in.data);
		tail.data = star + 1;
		tail.len = in.len - head.len - 1;
	} else {
		for (i = 0; i < in.len; i++)
			if (in.data[i] >= 0x80 || in.data[i] == '{')
				break;
		if (i < in.len) {
			head.len = 0;
			tail = in;
		}
	}
	if (tail.len > 0)
		code = read_teletex(p, tail, v);
	if (code == CX4_OK && head.len > 0) {
		code = check_characters(p, head, lines ? is_line_character :
		    cx4i_is_printable, "PrintableString character");
		if (code == CX4_OK &&
		    cx4i_buf_add(&v->printable, head.data, head.len) != 0)
			code = no_memory(p);
		v->has_printable = 1;
	}
	if (code == CX4_OK && !v->has_printable && tail.len == 0)
		code = REFUSE(p, "%s has no value", p->shown);
	if (code == CX4_OK)
		simplify(v);
	return code;
}

/* Lines of an unformatted postal address: 1 to 6, of 1 to 30 characters. */
static int
check_lines(const struct parser *p, const struct cx4i_buf *b)
{
	size_t from = 0, i;
	int lines = 0, code;

	for (i = 0; i <= b->len; i++) {
		if (i < b->len && b->data[i] != '|')
			continue;
		if ((code = check_length(p, i - from, LINE_MAX_)) != CX4_OK)
			return code;
		from = i + 1;
		lines++;
	}
	if (lines > 6)
		return REFUSE(p, "%s has more than 6 lines", p->shown);
	return CX4_OK;
}

static int
check_variants(const struct parser *p, const struct variants *v,
    const struct cx4i_attr_info *info)
{
	int code = CX4_OK;

	if (v->has_printable && info->syntax == CX4I_SYN_LINES)
		code = check_lines(p, &v->printable);
	else if (v->has_printable)
		code = check_length(p, v->printable.len, info->max);
	if (code == CX4_OK && v->has_teletex)
		code = check_length(p, count_characters(&v->teletex,
		    CX4I_TELETEX_STRING), info->max);
	if (code == CX4_OK && v->has_universal)
		code = check_length(p, count_characters(&v->universal,
		    v->universal_kind), info->max_universal);
	return code;
}

static int
add(const struct parser *p, unsigned int attr, unsigned int index,
    const struct variants *v)
{
	if (v->has_printable && cx4i_addr_add(p->a, attr, index,
	    CX4I_FORM_PRINTABLE, CX4I_PRINTABLE_STRING,
	    cx4i_buf_slice(&v->printable)) == NULL)
		return no_memory(p);
	if (v->has_teletex && cx4i_addr_add(p->a, attr, index,
	    CX4I_FORM_TELETEX, CX4I_TELETEX_STRING,
	    cx4i_buf_slice(&v->teletex)) == NULL)
		return no_memory(p);
	if (v->has_universal && cx4i_addr_add(p->a, attr, index,
	    CX4I_FORM_UNIVERSAL, v->universal_kind,
	    cx4i_buf_slice(&v->universal)) == NULL)
		return no_memory(p);
	return CX4_OK;
}

static int
refuse_twice(const struct parser *p)
{
	return REFUSE(p, "%s is given twice", p->shown);
}

static int
add_plain(const struct parser *p, unsigned int attr, uint8_t kind,
    struct cx4i_slice value)
{
	if (cx4i_addr_has(p->a, attr, 0))
		return refuse_twice(p);
	if (cx4i_addr_add(p->a, attr, 0, CX4I_FORM_PRINTABLE, kind, value) ==
	    NULL)
		return no_memory(p);
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
	    "(X.121)", p->shown);
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
	code = numeric ?
	    check_characters(p, s, cx4i_is_numeric, "digit or space") :
	    check_characters(p, s, cx4i_is_printable,
	    "PrintableString character");
	if (code == CX4_OK)
		code = check_length(p, s.len, info->max);
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

	for (i = 0; i < COUNT(terminals); i++)
		if (same_label((const char *)s.data, s.len,
		    terminals[i].name)) {
			s.data = (const uint8_t *)terminals[i].number;
			s.len = 1;
		}
	if (s.len > 2 && s.data[0] == '(' && s.data[s.len - 1] == ')') {
		s.data++;
		s.len -= 2;
	}
	if (s.len > 3 || !is_all(s, cx4i_is_digit))
		return REFUSE(p, "%s must be tlx, ttx, g3fax, g4fax, ia5, "
		    "vtx or a number", p->shown);
	for (i = 0; i < s.len; i++)
		n = 10 * n + s.data[i] - '0';
	if (n > 256)
		return REFUSE(p, "%s is greater than 256", p->shown);
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
			code = no_memory(p);
	}
	if (code == CX4_OK && (i != in->len || cx4i_addr_psap(p->ctx,
	    cx4i_buf_slice(&ber), &der) != 0))
		code = REFUSE(p, "%s must be the encoding of a PSAP address "
		    "in hexadecimal", p->shown);
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
	struct variants v;
	int code;

	if (cx4i_addr_has(p->a, attr, index))
		return refuse_twice(p);
	code = read_variants(p, value, info->syntax == CX4I_SYN_LINES, &v);
	if (code == CX4_OK)
		code = check_variants(p, &v, info);
	if (code == CX4_OK)
		code = add(p, attr, index, &v);
	variants_free(&v);
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
	code = check_characters(p, s, cx4i_is_printable,
	    "PrintableString character");
	if (code == CX4_OK)
		code = check_length(p, s.len, LINE_MAX_);
	if (code == CX4_OK && cx4i_addr_add(p->a, CX4I_A_PD_ADDRESS,
	    number - 1, CX4I_FORM_PRINTABLE, CX4I_PRINTABLE_STRING, s) == NULL)
		code = no_memory(p);
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
			code = no_memory(p);
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
		    p->shown);
	if (*index >= 4)
		return REFUSE(p, "there are more than 4 domain-defined "
		    "attributes");
	if (cx4i_addr_has(p->a, CX4I_A_DDA, *index))
		return refuse_twice(p);
	return CX4_OK;
}

/* Type and value have the same forms: what lacks one takes the printable. */
static int
level(const struct parser *p, struct variants *a, const struct variants *b)
{
	if (a->has_teletex == b->has_teletex &&
	    a->has_universal == b->has_universal &&
	    a->has_printable == b->has_printable)
		return CX4_OK;
	if (!a->has_printable)
		return REFUSE(p, "%s: type and value of a domain-defined "
		    "attribute must have the same forms", p->shown);
	if (b->has_teletex && !a->has_teletex) {
		a->has_teletex = 1;
		cx4i_buf_reset(&a->teletex);
		if (cx4i_buf_add(&a->teletex, a->printable.data,
		    a->printable.len) != 0)
			return no_memory(p);
	}
	if (b->has_universal && !a->has_universal) {
		struct cx4i_slice in = cx4i_buf_slice(&a->printable);
		int ignored, code = CX4_OK;

		a->has_universal = 1;
		cx4i_buf_reset(&a->universal);
		while (in.len > 0 && code == CX4_OK)
			code = read_character(p, &in, a, &ignored);
		if (code != CX4_OK)
			return code;
		a->universal_kind = narrow(&a->universal);
	}
	if (!b->has_printable)
		a->has_printable = 0;
	return CX4_OK;
}

static int
add_types(const struct parser *p, unsigned int index,
    const struct variants *type)
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
			return no_memory(p);
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
	struct variants type, value;
	unsigned int index;
	int code;

	memset(&value, 0, sizeof(value));
	code = read_variants(p, name, 0, &type);
	if (code == CX4_OK)
		code = check_variants(p, &type, &of_type);
	if (code == CX4_OK)
		code = read_variants(p, cx4i_buf_slice(&p->value), 0, &value);
	if (code == CX4_OK)
		code = check_variants(p, &value, &of_value);
	if (code == CX4_OK)
		code = level(p, &type, &value);
	if (code == CX4_OK)
		code = level(p, &value, &type);
	if (code == CX4_OK)
		code = dda_index(p, number, ordered, &index);
	if (code == CX4_OK)
		code = add(p, CX4I_A_DDA, index, &value);
	if (code == CX4_OK)
		code = add_types(p, index, &type);
	variants_free(&type);
	variants_free(&value);
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
		if (same_label(label, len, info->f401) ||
		    same_label(label, len, info->mixer) ||
		    same_label(label, len, info->also))
			return attr;
		n = strlen(info->f401);
		if (len == n + 1 && same_label(label, n, info->f401) &&
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
		return add_dda(p, name, dd, same_label(label, n, "DDA:"));
	}
	if (same_label(label, len, "RFC-822"))
		return add_dda(p, name, 0, 0);
	if (same_label(label, len, "PN"))
		return add_personal_name(p);
	attr = find_label(label, len, &number);
	if (attr == CX4I_A_COUNT)
		return REFUSE(p, "there is no label \"%s\"", p->shown);
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
			code = no_memory(p);
		cx4i_addr_remove(p->a, e);
	}
	if (code == CX4_OK && i > 0 && cx4i_addr_add(p->a, CX4I_A_PD_ADDRESS,
	    0, CX4I_FORM_PRINTABLE, CX4I_PRINTABLE_STRING,
	    cx4i_buf_slice(&all)) == NULL)
		code = no_memory(p);
	cx4i_buf_free(&all);
	return code;
}

/* Write a string in another form; -1 for lack of memory, 1 if impossible. */
static int
convert(const struct cx4i_str *from, unsigned int form, struct cx4i_str *to)
{
	struct cx4i_chars in = cx4i_str_chars(from);
	struct cx4i_buf out = { NULL, 0, 0 };
	uint8_t o[4], kind = CX4I_TELETEX_STRING;
	uint32_t code;
	size_t n;
	int rc = 0;

	while (rc == 0 && cx4i_char_next(&in, &code) > 0) {
		n = form == CX4I_FORM_TELETEX ? cx4i_t61_put(o, code) :
		    put_four(o, code);
		if (n == 0 || (code & CX4I_NO_CHAR) != 0)
			rc = 1;
		else
			rc = cx4i_buf_add(&out, o, n);
	}
	if (rc == 0 && form == CX4I_FORM_UNIVERSAL)
		kind = narrow(&out);
	if (rc == 0)
		rc = cx4i_str_set(to, kind, cx4i_buf_slice(&out));
	cx4i_buf_free(&out);
	return rc;
}

/* A value that stands in a list or name with others. */
struct member {
	unsigned int attr;
	unsigned int index;
	int required;
};

static struct cx4i_entry *
in_form(const struct parser *p, const struct member *m, unsigned int form)
{
	return cx4i_addr_find(p->a, m->attr, m->index, form);
}

/* Give a member the form, made from what it has. */
static int
give_form(const struct parser *p, const struct member *m, unsigned int form)
{
	struct cx4i_str value = { .kind = 0 }, type = { .kind = 0 };
	const struct cx4i_slice nothing = { NULL, 0 };
	struct cx4i_entry *from, *to;
	int rc;

	if (in_form(p, m, form) != NULL)
		return CX4_OK;
	if ((from = in_form(p, m, CX4I_FORM_PRINTABLE)) == NULL)
		from = in_form(p, m, CX4I_FORM_TELETEX);
	if (from == NULL)
		return CX4_OK;
	rc = convert(&from->value, form, &value);
	if (rc == 0 && m->attr == CX4I_A_DDA)
		rc = convert(&from->type, form, &type);
	if (rc == 0) {
		to = cx4i_addr_add(p->a, m->attr, m->index, form, 0, nothing);
		if (to == NULL) {
			rc = -1;
		} else {
			free(to->value.data);
			to->value = value;
			to->type = type;
			return CX4_OK;
		}
	}
	free(value.data);
	free(type.data);
	if (rc < 0)
		return no_memory(p);
	return REFUSE(p, "octets of T.61 and characters that T.61 does not "
	    "have cannot stand in one name or list");
}

static void
drop_form(const struct parser *p, const struct member *m, unsigned int form)
{
	struct cx4i_entry *e = in_form(p, m, form);

	if (e != NULL)
		cx4i_addr_remove(p->a, e);
}

/* What forms the members of a list or name have. */
struct census {
	int lacks;		/* one that must be printable is not */
	int teletex;		/* one has a teletex form */
	int universal;
	int only_universal;	/* ... and no printable form */
};

static struct census
count_forms(const struct parser *p, const struct member *m, size_t count)
{
	struct census c = { 0, 0, 0, 0 };
	int printable, universal;

	for (; count > 0; m++, count--) {
		printable = in_form(p, m, CX4I_FORM_PRINTABLE) != NULL;
		universal = in_form(p, m, CX4I_FORM_UNIVERSAL) != NULL;
		c.lacks |= m->required && !printable;
		c.teletex |= in_form(p, m, CX4I_FORM_TELETEX) != NULL;
		c.universal |= universal;
		c.only_universal |= universal && !printable;
	}
	return c;
}

/* All members in the one form. */
static int
make_uniform(const struct parser *p, const struct member *m, size_t count,
    unsigned int form)
{
	unsigned int other;
	int code;

	for (; count > 0; m++, count--) {
		if ((code = give_form(p, m, form)) != CX4_OK)
			return code;
		for (other = 0; other <= CX4I_FORM_UNIVERSAL; other++)
			if (other != form)
				drop_form(p, m, other);
	}
	return CX4_OK;
}

/*
 * A list has all its elements in a form or none, a personal name has its
 * surname in each: add the forms that are missing. If the printable form
 * cannot be complete, the whole goes into the one form that can.
 */
static int
complete(const struct parser *p, const struct member *m, size_t count)
{
	struct census c = count_forms(p, m, count);
	int code = CX4_OK;

	if (c.lacks)
		return make_uniform(p, m, count, c.only_universal ?
		    CX4I_FORM_UNIVERSAL : CX4I_FORM_TELETEX);
	for (; count > 0 && code == CX4_OK; m++, count--) {
		if (c.teletex && m->required)
			code = give_form(p, m, CX4I_FORM_TELETEX);
		if (code == CX4_OK && c.universal && m->required)
			code = give_form(p, m, CX4I_FORM_UNIVERSAL);
	}
	return code;
}

static int
complete_lists(const struct parser *p)
{
	static const uint8_t lists[] = { CX4I_A_UNIT, CX4I_A_DDA };
	struct member members[4];
	size_t i, j;
	int code;

	for (j = 0; j < COUNT(name_attrs); j++) {
		members[j].attr = name_attrs[j];
		members[j].index = 0;
		members[j].required = j == 0 &&
		    cx4i_addr_has(p->a, CX4I_A_SURNAME, 0);
	}
	if ((code = complete(p, members, 4)) != CX4_OK)
		return code;
	for (i = 0; i < COUNT(lists); i++) {
		for (j = 0; j < 4; j++) {
			members[j].attr = lists[i];
			members[j].index = (unsigned int)j;
			members[j].required = cx4i_addr_has(p->a, lists[i],
			    (unsigned int)j);
		}
		if ((code = complete(p, members, 4)) != CX4_OK)
			return code;
	}
	return CX4_OK;
}

/* Attributes that cannot stand without, or beside, another. */
static int
check_companions(const struct parser *p)
{
	static const char *const labels[] = { "S", "G", "I", "Q" };
	const cx4_address *a = p->a;
	size_t i;

	for (i = 1; i < COUNT(name_attrs); i++)
		if (cx4i_addr_has(a, name_attrs[i], 0) &&
		    !cx4i_addr_has(a, CX4I_A_SURNAME, 0))
			return REFUSE(p, "%s needs a surname (S) beside it",
			    labels[i]);
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
		return no_memory(p);
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
		code = complete_lists(p);
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
	    same_label(p->text, sizeof(prefix) - 1, prefix))
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
	    .why = { why, why_size } };
	int code = CX4_OK;

	cx4i_why(&p.why, CX4_OK, "%s", "");
	if ((*pa = p.a = cx4i_addr_new()) == NULL)
		return no_memory(&p);
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

/* ------------------------------------------------------------------ writing */

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
	} else if (pr->form == CX4_FORM_MIXER && !all_printable(w)) {
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

	for (i = 0; i < COUNT(terminals); i++)
		if (s->len == 1 && s->data[0] == terminals[i].number[0]) {
			put_text(pr, terminals[i].name);
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
	    type.u == NULL && same_label((const char *)type.p->data,
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
