/*
 * orforms.c - the forms of lists and names in an O/R address that was read
 * from text.
 *
 * Organizational units, domain-defined attributes and the parts of a
 * personal name stand together in one value for each form (X.411: printable,
 * teletex, universal). A list must have all its elements in a form or none,
 * a name its surname in each, whatever the text said of each by itself.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "../base/err.h"
#include "oratext.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LIST_MAX 4

/* The address that is completed, and where errors go. */
struct job {
	const struct cx4i_where *where;
	cx4_address *a;
};

static const uint8_t name_attrs[LIST_MAX] = {
	CX4I_A_SURNAME, CX4I_A_GIVEN, CX4I_A_INITIALS, CX4I_A_GENERATION
};

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
		    cx4i_put_four(o, code);
		if (n == 0 || (code & CX4I_NO_CHAR) != 0)
			rc = 1;
		else
			rc = cx4i_buf_add(&out, o, n);
	}
	if (rc == 0 && form == CX4I_FORM_UNIVERSAL)
		kind = cx4i_narrow(&out);
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
in_form(const struct job *p, const struct member *m, unsigned int form)
{
	return cx4i_addr_find(p->a, m->attr, m->index, form);
}

/* Give a member the form, made from what it has. */
static int
give_form(const struct job *p, const struct member *m, unsigned int form)
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
		return cx4i_no_memory(p->where);
	return CX4I_REFUSE(p->where, "octets of T.61 and characters that "
	    "T.61 does not have cannot stand in one name or list");
}

static void
drop_form(const struct job *p, const struct member *m, unsigned int form)
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
count_forms(const struct job *p, const struct member *m, size_t count)
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
make_uniform(const struct job *p, const struct member *m, size_t count,
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
complete(const struct job *p, const struct member *m, size_t count)
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

int
cx4i_complete_lists(const struct cx4i_where *w, cx4_address *a)
{
	static const uint8_t lists[] = { CX4I_A_UNIT, CX4I_A_DDA };
	struct member members[LIST_MAX];
	struct job job = { w, a };
	unsigned int j;
	size_t i;
	int code;

	for (j = 0; j < LIST_MAX; j++) {
		members[j].attr = name_attrs[j];
		members[j].index = 0;
		members[j].required = j == 0 &&
		    cx4i_addr_has(a, CX4I_A_SURNAME, 0);
	}
	code = complete(&job, members, LIST_MAX);
	for (i = 0; i < COUNT(lists) && code == CX4_OK; i++) {
		for (j = 0; j < LIST_MAX; j++) {
			members[j].attr = lists[i];
			members[j].index = j;
			members[j].required = cx4i_addr_has(a, lists[i], j);
		}
		code = complete(&job, members, LIST_MAX);
	}
	return code;
}
