/*
 * text.c - JSON as indented text for people.
 *
 * A walk without recursion: the stack has a place for each open container.
 *
 * SPDX-License-Identifier: ISC
 */
#include "report.h"

#define DEPTH_MAX 64

struct level {
	json_t *value;
	void *iter;		/* of an object */
	size_t index;		/* in an array */
	int dash;		/* the first line of an array's element */
};

static int
is_empty(const json_t *v)
{
	return json_is_null(v) ||
	    (json_is_object(v) && json_object_size(v) == 0) ||
	    (json_is_array(v) && json_array_size(v) == 0);
}

static void
put_scalar(FILE *f, const json_t *v)
{
	if (json_is_string(v))
		msg_put(f, json_string_value(v));
	else if (json_is_integer(v))
		fprintf(f, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else
		fputs(json_is_true(v) ? "yes" : "no", f);
}

/* Blanks up to the level, with a dash where an element begins. */
static void
put_indent(FILE *f, size_t depth, int dash)
{
	size_t i;

	for (i = 0; i + 1 < depth; i++)
		fputs("  ", f);
	if (depth > 0)
		fputs(dash ? "- " : "  ", f);
}

/* The next member or element that is not empty; NULL at the end. */
static json_t *
next_value(struct level *l, const char **name)
{
	json_t *v;

	*name = NULL;
	while (json_is_array(l->value)) {
		v = json_array_get(l->value, l->index++);
		if (v == NULL || !is_empty(v))
			return v;
	}
	while (l->iter != NULL) {
		v = json_object_iter_value(l->iter);
		*name = json_object_iter_key(l->iter);
		l->iter = json_object_iter_next(l->value, l->iter);
		if (!is_empty(v))
			return v;
	}
	return NULL;
}

static void
enter(struct level *l, json_t *value, int dash)
{
	l->value = value;
	l->index = 0;
	l->dash = dash;
	l->iter = json_is_object(value) ? json_object_iter(value) : NULL;
}

void
report_text(FILE *f, json_t *root)
{
	struct level stack[DEPTH_MAX];
	size_t depth = 0;
	json_t *v;
	const char *name;
	int container;

	enter(&stack[0], root, 0);
	for (;;) {
		v = next_value(&stack[depth], &name);
		if (v == NULL) {
			if (depth-- == 0)
				return;
			continue;
		}
		container = json_is_object(v) || json_is_array(v);
		if (name != NULL || !container) {
			put_indent(f, depth,
			    stack[depth].dash || name == NULL);
			stack[depth].dash = 0;
		}
		if (name != NULL) {
			msg_put(f, name);
			fputs(container ? ":\n" : ": ", f);
		}
		if (!container) {
			put_scalar(f, v);
			fputc('\n', f);
		} else if (depth + 1 < DEPTH_MAX) {
			enter(&stack[++depth], v,
			    name == NULL && json_is_object(v));
		}
	}
}
