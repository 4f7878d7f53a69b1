/*
 * walk.c - walking an encoding along a table of its fields, as it streams.
 *
 * Does not check what is inside a held field: that is its receiver's job.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "walk.h"

#define NO_FIELD SIZE_MAX

void
cx4i_walk_init(struct cx4i_walker *w, const struct cx4i_walk_ops *ops,
    void *arg, size_t limit)
{
	memset(w, 0, sizeof(*w));
	cx4i_ber_init(&w->ber);
	w->ops = ops;
	w->arg = arg;
	w->limit = limit;
	w->at = NO_FIELD;
}

void
cx4i_walk_free(struct cx4i_walker *w)
{
	cx4i_buf_free(&w->hold);
}

void
cx4i_walk_switch(struct cx4i_walker *w, const struct cx4i_field *fields,
    size_t count, unsigned int base, size_t pos)
{
	w->fields = fields;
	w->count = count;
	w->base = base;
	w->pos = pos;
}

static int
matches(const struct cx4i_field *f, const struct cx4i_ber_event *ev)
{
	uint8_t ident = ev->ident;

	if (f->how == CX4I_OCTETS)
		ident &= (uint8_t)~CX4I_CONSTRUCTED;
	return ident == f->ident;
}

/*
 * The first field from `pos` on at `level`, not past the end of the
 * structure around it; NO_FIELD if there is none.
 */
static size_t
next_at(const struct cx4i_walker *w, size_t pos, unsigned int level)
{
	for (; pos < w->count && w->fields[pos].level >= level; pos++)
		if (w->fields[pos].level == level)
			return pos;
	return NO_FIELD;
}

/* Find the field that the element is; fields passed over are optional. */
static int
match(struct cx4i_walker *w, const struct cx4i_ber_event *ev, cx4_error *e)
{
	unsigned int level = ev->depth - w->base;
	size_t i;

	for (i = next_at(w, w->pos, level); i != NO_FIELD;
	    i = next_at(w, i + 1, level)) {
		if (matches(&w->fields[i], ev)) {
			w->pos = i;
			return CX4_OK;
		}
		if (!w->fields[i].optional)
			return cx4i_fail_at(e, CX4_E_STRUCTURE, ev->offset,
			    "found tag %02x where %s belongs", ev->ident,
			    w->fields[i].name);
	}
	return cx4i_fail_at(e, CX4_E_STRUCTURE, ev->offset,
	    "unexpected element with tag %02x", ev->ident);
}

/* The structure at `level` ends: what was not seen must be optional. */
static int
close_level(struct cx4i_walker *w, unsigned int level, uint64_t offset,
    cx4_error *e)
{
	size_t i;

	for (i = next_at(w, w->pos, level + 1); i != NO_FIELD;
	    i = next_at(w, i + 1, level + 1))
		if (!w->fields[i].optional)
			return cx4i_fail_at(e, CX4_E_STRUCTURE, offset,
			    "%s is missing", w->fields[i].name);
	while (w->pos < w->count && w->fields[w->pos].level > level)
		w->pos++;
	return CX4_OK;
}

/* Hold the element that just began, and count it against the limit. */
static int
hold(struct cx4i_walker *w, const struct cx4i_ber_event *ev, cx4_error *e)
{
	cx4i_buf_reset(&w->hold);
	return cx4i_ber_capture(&w->ber, ev, &w->hold, w->limit - w->held, e);
}

static int
begin_field(struct cx4i_walker *w, const struct cx4i_ber_event *ev,
    cx4_error *e)
{
	const struct cx4i_field *f = &w->fields[w->pos];

	w->at = w->pos++;
	w->at_depth = ev->depth;
	if (f->how == CX4I_HOLD)
		return hold(w, ev, e);
	if (f->how == CX4I_ENTER)
		w->at = NO_FIELD;
	return w->ops->enter(w->arg, f->id, ev);
}

/* A segment of a constructed string; it may be constructed in turn. */
static int
begin_segment(struct cx4i_walker *w, const struct cx4i_ber_event *ev,
    cx4_error *e)
{
	if ((ev->ident & ~CX4I_CONSTRUCTED) != 0x04)
		return cx4i_fail_at(e, CX4_E_STRUCTURE, ev->offset,
		    "found tag %02x inside a constructed OCTET STRING",
		    ev->ident);
	if (ev->depth - w->at_depth > CX4I_STRING_DEPTH)
		return cx4i_fail_at(e, CX4_E_STRUCTURE, ev->offset,
		    "segments of an OCTET STRING nest too deep");
	return CX4_OK;
}

static int
on_begin(struct cx4i_walker *w, const struct cx4i_ber_event *ev,
    cx4_error *e)
{
	int r;

	if (w->at != NO_FIELD) {
		if (w->fields[w->at].how == CX4I_EACH)
			return hold(w, ev, e);
		return begin_segment(w, ev, e);
	}
	r = w->ops->begin(w->arg, (int)ev->depth - (int)w->base, ev->ident);
	if (r != CX4_OK)
		return r;
	if (ev->depth < w->base)
		return cx4i_fail_at(e, CX4_E_STRUCTURE, ev->offset,
		    "unexpected element with tag %02x", ev->ident);
	if ((r = match(w, ev, e)) != CX4_OK)
		return r;
	return begin_field(w, ev, e);
}

static int
give_held(struct cx4i_walker *w, int id)
{
	w->held += w->hold.len;
	return w->ops->field(w->arg, id, cx4i_buf_slice(&w->hold));
}

/* The id of the ENTER field at `level` that is open: the last one passed. */
static int
open_id(const struct cx4i_walker *w, unsigned int level)
{
	size_t i = w->pos;

	while (i > 0 && w->fields[i - 1].level > level)
		i--;
	return i > 0 ? w->fields[i - 1].id : 0;
}

static int
on_end(struct cx4i_walker *w, const struct cx4i_ber_event *ev, cx4_error *e)
{
	const struct cx4i_field *f;
	unsigned int level;
	int id, r;

	if (w->at != NO_FIELD) {
		f = &w->fields[w->at];
		if (ev->depth > w->at_depth)
			return f->how == CX4I_EACH ? give_held(w, f->id) :
			    CX4_OK;
		w->at = NO_FIELD;
		return f->how == CX4I_HOLD ? give_held(w, f->id) :
		    w->ops->leave(w->arg, f->id);
	}
	if (ev->depth < w->base)
		return CX4_OK;
	level = ev->depth - w->base;
	id = open_id(w, level);
	if ((r = close_level(w, level, ev->offset, e)) != CX4_OK)
		return r;
	return w->ops->leave(w->arg, id);
}

static int
on_data(struct cx4i_walker *w, const struct cx4i_ber_event *ev)
{
	/* Primitive octets reach us only inside an OCTETS field. */
	return w->ops->octets(w->arg, w->fields[w->at].id, ev->data, ev->len);
}

int
cx4i_walk_push(struct cx4i_walker *w, const uint8_t *data, size_t len,
    uint64_t *trailing, cx4_error *e)
{
	struct cx4i_ber_event ev;
	int r;

	for (;;) {
		if ((r = cx4i_ber_next(&w->ber, &data, &len, &ev, e)) !=
		    CX4_OK)
			return r;
		switch (ev.kind) {
		case CX4I_BER_MORE:
			*trailing += len;
			return CX4_OK;
		case CX4I_BER_BEGIN:
			r = on_begin(w, &ev, e);
			break;
		case CX4I_BER_DATA:
			r = on_data(w, &ev);
			break;
		case CX4I_BER_END:
			r = on_end(w, &ev, e);
			break;
		}
		if (r != CX4_OK)
			return r;
	}
}

int
cx4i_walk_finish(struct cx4i_walker *w, cx4_error *e)
{
	return cx4i_ber_finish(&w->ber, e);
}
