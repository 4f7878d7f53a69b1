/*
 * oraddr.c - O/R addresses (X.411, RFC 5280 appendix A.1): the object, the
 * table of attributes, and comparison.
 *
 * Two addresses are compared attribute by attribute, all of them. In a
 * value case does not count, nor do spaces at its ends, and inner runs of
 * spaces count as one (RFC 2156 section 4.3.5, RFC 2294). Of the forms of a
 * value (printable, teletex, universal) one on either side must agree
 * (X.413 oRAddressMatch). ADMD absent, empty and blank are one value (RFC
 * 1685 F.4). An extension attribute that cannot be decoded equals nothing,
 * not even itself.
 *
 * Does NOT relate numeric country codes (X.121) to alphabetic ones (ISO
 * 3166): they differ here, which errs on the safe side.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "oraddr.h"

static const struct cx4i_attr_info infos[] = {
[CX4I_A_COUNTRY] = { "C", "C", "", CX4I_SYN_COUNTRY, 0, 3, 0 },
[CX4I_A_ADMD] = { "A", "ADMD", "", CX4I_SYN_EITHER, 0, 16, 0 },
[CX4I_A_PRMD] = { "P", "PRMD", "", CX4I_SYN_EITHER, 0, 16, 0 },
[CX4I_A_ORGANIZATION] = { "O", "O", "", CX4I_SYN_WIDE, 0, 64, 64 },
[CX4I_A_UNIT] = { "OU", "OU", "", CX4I_SYN_WIDE, 4, 32, 32 },
[CX4I_A_SURNAME] = { "S", "S", "", CX4I_SYN_WIDE, 0, 40, 64 },
[CX4I_A_GIVEN] = { "G", "G", "", CX4I_SYN_WIDE, 0, 16, 40 },
[CX4I_A_INITIALS] = { "I", "I", "", CX4I_SYN_WIDE, 0, 5, 16 },
[CX4I_A_GENERATION] = { "Q", "GQ", "", CX4I_SYN_WIDE, 0, 3, 16 },
[CX4I_A_COMMON_NAME] = { "CN", "CN", "", CX4I_SYN_WIDE, 0, 64, 64 },
[CX4I_A_X121] = { "X.121", "X121", "", CX4I_SYN_NUMERIC, 0, 16, 0 },
[CX4I_A_TERMINAL_ID] = { "T-ID", "T-ID", "", CX4I_SYN_PRINTABLE, 0, 24, 0 },
[CX4I_A_TERMINAL_TYPE] = { "T-TY", "T-TY", "", CX4I_SYN_TERMINAL, 0, 0, 0 },
[CX4I_A_USER_ID] = { "N-ID", "UA-ID", "", CX4I_SYN_NUMERIC, 0, 32, 0 },
[CX4I_A_NUMBER] = { "ISDN", "NET-NUM", "E.164", CX4I_SYN_NUMERIC, 0, 15, 0 },
[CX4I_A_SUB_ADDRESS] = { "NET-SUB", "NET-SUB", "", CX4I_SYN_NUMERIC, 0, 40,
    0 },
[CX4I_A_PSAP] = { "PSAP", "NET-PSAP", "", CX4I_SYN_HEX, 0, 0, 0 },
[CX4I_A_PD_SERVICE] = { "PD-SN", "PD-SERVICE", "", CX4I_SYN_PRINTABLE, 0, 16,
    0 },
[CX4I_A_PD_COUNTRY] = { "PD-C", "PD-C", "", CX4I_SYN_COUNTRY, 0, 3, 0 },
[CX4I_A_PD_CODE] = { "PD-PC", "PD-CODE", "", CX4I_SYN_EITHER, 0, 16, 0 },
[CX4I_A_PD_OFFICE] = { "PD-OF", "PD-OFFICE", "", CX4I_SYN_WIDE, 0, 30, 30 },
[CX4I_A_PD_OFFICE_NUMBER] = { "PD-OFN", "PD-OFFICE-NUM", "PD-OFFICE NUMBER",
    CX4I_SYN_WIDE, 0, 30, 30 },
[CX4I_A_PD_EXT_ADDRESS] = { "PD-EA", "PD-EXT-ADDRESS", "", CX4I_SYN_WIDE, 0,
    30, 30 },
[CX4I_A_PD_PERSON] = { "PD-PN", "PD-PN", "", CX4I_SYN_WIDE, 0, 30, 30 },
[CX4I_A_PD_ORGANIZATION] = { "PD-O", "PD-O", "", CX4I_SYN_WIDE, 0, 30, 30 },
[CX4I_A_PD_EXT_DELIVERY] = { "PD-ED", "PD-EXT-DELIVERY", "", CX4I_SYN_WIDE,
    0, 30, 30 },
[CX4I_A_PD_ADDRESS] = { "PD-A", "PD-ADDRESS", "", CX4I_SYN_LINES, 6, 180,
    180 },
[CX4I_A_PD_STREET] = { "PD-S", "PD-STREET", "", CX4I_SYN_WIDE, 0, 30, 30 },
[CX4I_A_PD_BOX] = { "PD-B", "PD-BOX", "", CX4I_SYN_WIDE, 0, 30, 30 },
[CX4I_A_PD_RESTANTE] = { "PD-R", "PD-RESTANTE", "", CX4I_SYN_WIDE, 0, 30,
    30 },
[CX4I_A_PD_UNIQUE] = { "PD-U", "PD-UNIQUE", "", CX4I_SYN_WIDE, 0, 30, 30 },
[CX4I_A_PD_LOCAL] = { "PD-L", "PD-LOCAL", "", CX4I_SYN_WIDE, 0, 30, 30 }
};

const struct cx4i_attr_info *
cx4i_attr_info(unsigned int attr)
{
	if (attr >= sizeof(infos) / sizeof(infos[0]))
		return NULL;
	return &infos[attr];
}

cx4_address *
cx4i_addr_new(void)
{
	return calloc(1, sizeof(cx4_address));
}

static void
str_free(struct cx4i_str *s)
{
	free(s->data);
	free(s->language);
	memset(s, 0, sizeof(*s));
}

void
cx4i_addr_cut(cx4_address *a, size_t first)
{
	while (a->count > first) {
		a->count--;
		str_free(&a->entries[a->count].value);
		str_free(&a->entries[a->count].type);
	}
}

void
cx4i_addr_remove(cx4_address *a, struct cx4i_entry *entry)
{
	size_t behind = (size_t)(a->entries + a->count - entry) - 1;

	str_free(&entry->value);
	str_free(&entry->type);
	memmove(entry, entry + 1, behind * sizeof(*entry));
	a->count--;
}

void
cx4_address_free(cx4_address **pa)
{
	if (pa == NULL || *pa == NULL)
		return;
	cx4i_addr_cut(*pa, 0);
	free((*pa)->entries);
	free(*pa);
	*pa = NULL;
}

static int
copy(uint8_t **data, size_t *len, struct cx4i_slice from)
{
	uint8_t *p;

	if ((p = malloc(from.len + 1)) == NULL)
		return -1;
	if (from.len > 0)
		memcpy(p, from.data, from.len);
	free(*data);
	*data = p;
	*len = from.len;
	return 0;
}

int
cx4i_str_set(struct cx4i_str *s, uint8_t kind, struct cx4i_slice value)
{
	if (copy(&s->data, &s->len, value) != 0)
		return -1;
	s->kind = kind;
	return 0;
}

int
cx4i_str_set_language(struct cx4i_str *s, struct cx4i_slice language)
{
	return copy(&s->language, &s->language_len, language);
}

static int
make_room(cx4_address *a)
{
	size_t room = a->room != 0 ? 2 * a->room : 16;
	struct cx4i_entry *grown;

	if (a->count < a->room)
		return 0;
	if (a->count >= CX4I_ADDR_ENTRIES)
		return -1;
	grown = realloc(a->entries, room * sizeof(*grown));
	if (grown == NULL)
		return -1;
	a->entries = grown;
	a->room = room;
	return 0;
}

struct cx4i_entry *
cx4i_addr_add(cx4_address *a, unsigned int attr, unsigned int index,
    unsigned int form, uint8_t kind, struct cx4i_slice value)
{
	struct cx4i_entry *entry;

	if (make_room(a) != 0)
		return NULL;
	entry = &a->entries[a->count];
	memset(entry, 0, sizeof(*entry));
	entry->attr = (uint8_t)attr;
	entry->form = (uint8_t)form;
	entry->index = index;
	if (cx4i_str_set(&entry->value, kind, value) != 0)
		return NULL;
	a->count++;
	return entry;
}

struct cx4i_entry *
cx4i_addr_find(const cx4_address *a, unsigned int attr, unsigned int index,
    unsigned int form)
{
	struct cx4i_entry *e;

	for (e = a->entries; e != NULL && e < a->entries + a->count; e++)
		if (e->attr == attr && e->index == index && e->form == form)
			return e;
	return NULL;
}

int
cx4i_addr_has(const cx4_address *a, unsigned int attr, unsigned int index)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		if (a->entries[i].attr == attr && a->entries[i].index == index)
			return 1;
	return 0;
}

unsigned int
cx4i_addr_values(const cx4_address *a, unsigned int attr)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < a->count; i++)
		if (a->entries[i].attr == attr && a->entries[i].index >= n)
			n = a->entries[i].index + 1;
	return n;
}

/* A string as it is compared: folded, and its spaces put right. */
struct folded {
	struct cx4i_chars in;
	int begun;
	int held;
	uint32_t hold;
};

static int
folded_next(struct folded *f, uint32_t *code)
{
	int spaces = 0;

	if (f->held) {
		f->held = 0;
		*code = f->hold;
		return 1;
	}
	while (cx4i_char_next(&f->in, code) > 0) {
		if (*code == ' ') {
			spaces = f->begun;
			continue;
		}
		*code = cx4i_char_fold(*code);
		f->begun = 1;
		if (spaces) {
			f->held = 1;
			f->hold = *code;
			*code = ' ';
		}
		return 1;
	}
	return 0;
}

static int
folded_equal(const struct cx4i_str *a, const struct cx4i_str *b)
{
	struct folded fa = { cx4i_str_chars(a), 0, 0, 0 };
	struct folded fb = { cx4i_str_chars(b), 0, 0, 0 };
	uint32_t ca, cb;
	int more;

	do {
		more = folded_next(&fa, &ca);
		if (more != folded_next(&fb, &cb) || (more && ca != cb))
			return 0;
	} while (more);
	return 1;
}

int
cx4i_str_blank(const struct cx4i_str *s)
{
	static const struct cx4i_str nothing = {
		.kind = CX4I_PRINTABLE_STRING
	};

	return folded_equal(s, &nothing);
}

int
cx4i_str_same(const struct cx4i_str *a, const struct cx4i_str *b)
{
	struct cx4i_chars ia = cx4i_str_chars(a), ib = cx4i_str_chars(b);
	uint32_t ca, cb;
	int more;

	do {
		more = cx4i_char_next(&ia, &ca) > 0;
		if (more != (cx4i_char_next(&ib, &cb) > 0) ||
		    (more && ca != cb))
			return 0;
	} while (more);
	return 1;
}

static int
octets_equal(const struct cx4i_str *a, const struct cx4i_str *b)
{
	struct cx4i_slice sa = { a->data, a->len }, sb = { b->data, b->len };

	return cx4i_slice_equal(sa, sb);
}

static int
entries_equal(const struct cx4i_entry *a, const struct cx4i_entry *b)
{
	if (a->attr == CX4I_A_UNKNOWN)
		return 0;
	if (a->attr == CX4I_A_PSAP)
		return octets_equal(&a->value, &b->value);
	return folded_equal(&a->value, &b->value) &&
	    (a->attr != CX4I_A_DDA || folded_equal(&a->type, &b->type));
}

/* Does a value that `a` has in some form agree with `b` in some form? */
static int
value_agrees(const cx4_address *a, const cx4_address *b,
    const struct cx4i_entry *which)
{
	const struct cx4i_entry *ea, *eb;
	size_t i, j;

	for (i = 0; i < a->count; i++) {
		ea = &a->entries[i];
		if (ea->attr != which->attr || ea->index != which->index)
			continue;
		for (j = 0; j < b->count; j++) {
			eb = &b->entries[j];
			if (eb->attr == ea->attr && eb->index == ea->index &&
			    entries_equal(ea, eb))
				return 1;
		}
	}
	return 0;
}

/* An ADMD that is absent or blank names any ADMD of the country. */
static int
is_blank_admd(const struct cx4i_entry *e)
{
	return e->attr == CX4I_A_ADMD && cx4i_str_blank(&e->value);
}

static int
all_agree(const cx4_address *a, const cx4_address *b)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		if (!is_blank_admd(&a->entries[i]) &&
		    !value_agrees(a, b, &a->entries[i]))
			return 0;
	return 1;
}

int
cx4_address_equal(const cx4_address *a, const cx4_address *b)
{
	return all_agree(a, b) && all_agree(b, a);
}

int
cx4_address_from_ber(cx4_ctx *ctx, const void *data, size_t len,
    cx4_address **pa, char *why, size_t why_size)
{
	struct cx4i_slice ber = { data, len };
	struct cx4i_why out = { why, why_size };
	int code;

	cx4i_why(&out, CX4_OK, "%s", "");
	if ((*pa = cx4i_addr_new()) == NULL)
		return cx4i_why(&out, CX4_E_NOMEM, "out of memory");
	code = cx4i_addr_decode(ctx, ber, *pa, &out);
	if (code != CX4_OK)
		cx4_address_free(pa);
	return code;
}

int
cx4_address_to_der(cx4_ctx *ctx, const cx4_address *a, unsigned char **der,
    size_t *len)
{
	struct cx4i_buf out = { NULL, 0, 0 };

	(void)ctx;
	*der = NULL;
	*len = 0;
	if (cx4i_addr_encode(a, &out) != 0) {
		cx4i_buf_free(&out);
		return CX4_E_NOMEM;
	}
	*der = out.data;
	*len = out.len;
	return CX4_OK;
}
