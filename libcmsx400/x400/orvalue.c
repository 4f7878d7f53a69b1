/*
 * orvalue.c - the text of one value of an O/R address, taken apart into the
 * forms that it has (RFC 2156 sections 3.3.4 and 4.1.1).
 *
 * A value is printable, or printable*teletex, or *teletex; in the teletex
 * part {ddd} is an octet, and letters beyond ASCII stand for themselves. If
 * T.61 does not have them all, the part becomes a universal form.
 *
 * Does NOT follow the escape sequences of T.61.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "../base/err.h"
#include "../base/text.h"
#include "oratext.h"

#define REFUSE(w, ...) CX4I_REFUSE(w, __VA_ARGS__)

const struct cx4i_terminal cx4i_terminals[CX4I_TERMINALS] = {
	{ "tlx", "3" }, { "ttx", "4" }, { "g3fax", "5" }, { "g4fax", "6" },
	{ "ia5", "7" }, { "vtx", "8" }
};

int
cx4i_same_label(const char *a, size_t len, const char *b)
{
	size_t i;

	for (i = 0; i < len && b[i] != '\0'; i++)
		if (cx4i_char_fold((uint8_t)a[i]) !=
		    cx4i_char_fold((uint8_t)b[i]))
			return 0;
	return i == len && b[i] == '\0';
}

int
cx4i_no_memory(const struct cx4i_where *w)
{
	return cx4i_why(&w->why, CX4_E_NOMEM, "out of memory");
}

void
cx4i_variants_free(struct cx4i_variants *v)
{
	cx4i_buf_free(&v->printable);
	cx4i_buf_free(&v->teletex);
	cx4i_buf_free(&v->universal);
}

/* The name of a character that may not stand in a value. */
static int
bad_character(const struct cx4i_where *w, uint32_t code, const char *set)
{
	uint8_t utf8[4] = { (uint8_t)code };
	char shown[24];
	size_t n;

	n = cx4i_utf8_put(utf8, code);
	cx4i_escape(shown, sizeof(shown), utf8, n != 0 ? n : 1);
	return REFUSE(w, "%s holds \"%s\", which is no %s", w->label, shown,
	    set);
}

int
cx4i_check_characters(const struct cx4i_where *w, struct cx4i_slice s,
    int (*allowed)(uint32_t), const char *set)
{
	uint32_t code;
	size_t at, n;

	for (at = 0; at < s.len; at += n) {
		n = cx4i_utf8_next(s.data + at, s.len - at, &code);
		if (!allowed(code))
			return bad_character(w, code, set);
	}
	return CX4_OK;
}

int
cx4i_check_length(const struct cx4i_where *w, size_t len, size_t max)
{
	if (len == 0)
		return REFUSE(w, "%s has no value", w->label);
	if (len > max)
		return REFUSE(w, "%s is longer than %zu characters",
		    w->label, max);
	return CX4_OK;
}

/* A character of UniversalString. */
size_t
cx4i_put_four(uint8_t out[4], uint32_t code)
{
	out[0] = (uint8_t)(code >> 24);
	out[1] = (uint8_t)(code >> 16);
	out[2] = (uint8_t)(code >> 8);
	out[3] = (uint8_t)code;
	return 4;
}

/* {ddd...} in a teletex part: octets, three digits each. */
static int
read_octets(const struct cx4i_where *w, struct cx4i_slice *in,
    struct cx4i_variants *v, int *octets_only)
{
	uint8_t wide[4];
	unsigned int n;

	in->data++;
	in->len--;
	do {
		if (in->len < 4 || !cx4i_is_digit(in->data[0]) ||
		    !cx4i_is_digit(in->data[1]) ||
		    !cx4i_is_digit(in->data[2]))
			return REFUSE(w, "%s: \"{\" is not followed by three "
			    "digits for each octet and \"}\"", w->label);
		n = (in->data[0] - 48U) * 100 + (in->data[1] - 48U) * 10 +
		    (in->data[2] - 48U);
		if (n > 255)
			return REFUSE(w, "%s: {%u} is no octet", w->label, n);
		/* Below 80 it is a character, whatever becomes of the rest. */
		if (n >= 0x80)
			*octets_only = 1;
		if (cx4i_buf_add_byte(&v->teletex, (uint8_t)n) != 0 ||
		    cx4i_buf_add(&v->universal, wide,
		    cx4i_put_four(wide, n)) != 0)
			return cx4i_no_memory(w);
		in->data += 3;
		in->len -= 3;
	} while (in->data[0] != '}');
	in->data++;
	in->len--;
	return CX4_OK;
}

/* One character of a teletex part, into both forms that it may take. */
static int
read_character(const struct cx4i_where *w, struct cx4i_slice *in,
    struct cx4i_variants *v, int *not_t61)
{
	uint8_t t61[2], wide[4];
	uint32_t code;
	size_t n;

	n = cx4i_utf8_next(in->data, in->len, &code);
	in->data += n;
	in->len -= n;
	if ((code & CX4I_NO_CHAR) != 0 || (code < 0x80 &&
	    !cx4i_is_printable(code)) || (code >= 0x80 && code < 0xa0))
		return bad_character(w, code,
		    "PrintableString character (write {ddd})");
	if ((n = cx4i_t61_put(t61, code)) == 0)
		*not_t61 = 1;
	if (cx4i_buf_add(&v->teletex, t61, n) != 0 ||
	    cx4i_buf_add(&v->universal, wide, cx4i_put_four(wide, code)) != 0)
		return cx4i_no_memory(w);
	return CX4_OK;
}

/* Four octets a character become two, if all fit; returns the kind. */
uint8_t
cx4i_narrow(struct cx4i_buf *b)
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
read_teletex(const struct cx4i_where *w, struct cx4i_slice in,
    struct cx4i_variants *v)
{
	int not_t61 = 0, octets_only = 0, code = CX4_OK;

	while (in.len > 0 && code == CX4_OK)
		code = in.data[0] == '{' ?
		    read_octets(w, &in, v, &octets_only) :
		    read_character(w, &in, v, &not_t61);
	if (code != CX4_OK)
		return code;
	if (not_t61 && octets_only)
		return REFUSE(w, "%s mixes octets of T.61 with characters "
		    "that T.61 does not have", w->label);
	v->has_teletex = !not_t61;
	v->has_universal = not_t61;
	if (not_t61)
		v->universal_kind = cx4i_narrow(&v->universal);
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

int
cx4i_all_printable(const struct cx4i_str *s)
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
simplify(struct cx4i_variants *v)
{
	struct cx4i_str t = { .kind = CX4I_TELETEX_STRING,
	    .data = v->teletex.data, .len = v->teletex.len };
	struct cx4i_buf swap;

	if (!v->has_teletex || !cx4i_all_printable(&t))
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
int
cx4i_read_variants(const struct cx4i_where *w, struct cx4i_slice in, int lines,
    struct cx4i_variants *v)
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
		code = read_teletex(w, tail, v);
	if (code == CX4_OK && head.len > 0) {
		code = cx4i_check_characters(w, head,
		    lines ? is_line_character : cx4i_is_printable,
		    "PrintableString character");
		if (code == CX4_OK &&
		    cx4i_buf_add(&v->printable, head.data, head.len) != 0)
			code = cx4i_no_memory(w);
		v->has_printable = 1;
	}
	if (code == CX4_OK && !v->has_printable && tail.len == 0)
		code = REFUSE(w, "%s has no value", w->label);
	if (code == CX4_OK)
		simplify(v);
	return code;
}

/* Lines of an unformatted postal address: 1 to 6, of 1 to 30 characters. */
static int
check_lines(const struct cx4i_where *w, const struct cx4i_buf *b)
{
	size_t from = 0, i;
	int lines = 0, code;

	for (i = 0; i <= b->len; i++) {
		if (i < b->len && b->data[i] != '|')
			continue;
		code = cx4i_check_length(w, i - from, CX4I_LINE_MAX);
		if (code != CX4_OK)
			return code;
		from = i + 1;
		lines++;
	}
	if (lines > 6)
		return REFUSE(w, "%s has more than 6 lines", w->label);
	return CX4_OK;
}

int
cx4i_check_variants(const struct cx4i_where *w, const struct cx4i_variants *v,
    const struct cx4i_attr_info *info)
{
	int code = CX4_OK;

	if (v->has_printable && info->syntax == CX4I_SYN_LINES)
		code = check_lines(w, &v->printable);
	else if (v->has_printable)
		code = cx4i_check_length(w, v->printable.len, info->max);
	if (code == CX4_OK && v->has_teletex)
		code = cx4i_check_length(w, count_characters(&v->teletex,
		    CX4I_TELETEX_STRING), info->max);
	if (code == CX4_OK && v->has_universal)
		code = cx4i_check_length(w, count_characters(&v->universal,
		    v->universal_kind), info->max_universal);
	return code;
}

/* Type and value have the same forms: what lacks one takes the printable. */
int
cx4i_level_variants(const struct cx4i_where *w, struct cx4i_variants *a,
    const struct cx4i_variants *b)
{
	if (a->has_teletex == b->has_teletex &&
	    a->has_universal == b->has_universal &&
	    a->has_printable == b->has_printable)
		return CX4_OK;
	if (!a->has_printable)
		return REFUSE(w, "%s: type and value of a domain-defined "
		    "attribute must have the same forms", w->label);
	if (b->has_teletex && !a->has_teletex) {
		a->has_teletex = 1;
		cx4i_buf_reset(&a->teletex);
		if (cx4i_buf_add(&a->teletex, a->printable.data,
		    a->printable.len) != 0)
			return cx4i_no_memory(w);
	}
	if (b->has_universal && !a->has_universal) {
		struct cx4i_slice in = cx4i_buf_slice(&a->printable);
		int ignored, code = CX4_OK;

		a->has_universal = 1;
		cx4i_buf_reset(&a->universal);
		while (in.len > 0 && code == CX4_OK)
			code = read_character(w, &in, a, &ignored);
		if (code != CX4_OK)
			return code;
		a->universal_kind = cx4i_narrow(&a->universal);
	}
	if (!b->has_printable)
		a->has_printable = 0;
	return CX4_OK;
}
