/*
 * layer_in.c - the shell of a layer that is read: the ContentInfo around it
 * or its absence, and the way from a layer to its content.
 *
 * RFC 5652 section 3 (ContentInfo), RFC 3854 sections 2.4 and 3.4.1: inner
 * layers are bare; a ContentInfo is read there too.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "layer_in.h"

enum {
	ID_CONTENT_INFO = 1,
	ID_CONTENT_TYPE,
	ID_CONTENT,
	ID_BODY = 16		/* from here on the body's own fields */
};

static const struct cx4i_field shell[] = {
	{ 0, CX4I_SEQUENCE, CX4I_ENTER, 0, ID_CONTENT_INFO, "ContentInfo" },
	{ 1, CX4I_OID, CX4I_HOLD, 0, ID_CONTENT_TYPE, "contentType" },
	{ 1, CX4I_CONTEXT_C(0), CX4I_ENTER, 0, ID_CONTENT, "content" },
};

#define N_SHELL (sizeof(shell) / sizeof(shell[0]))

int
cx4i_is_fatal(int code)
{
	return code == CX4_E_NOMEM || code == CX4_E_IO_WRITE;
}

/* CMS types that are named, and refused before any cryptography sees them. */
static int
is_other_cms(enum cx4i_oid oid)
{
	return oid == CX4I_OID_DATA || oid == CX4I_OID_DIGESTED_DATA ||
	    oid == CX4I_OID_ENCRYPTED_DATA || oid == CX4I_OID_AUTH_DATA ||
	    oid == CX4I_OID_COMPRESSED_DATA;
}

static const struct cx4i_body_ops *const bodies[] = {
	&cx4i_signed_in, &cx4i_enveloped_in, &cx4i_auth_enveloped_in
};

/*
 * RFC 3854 section 2.4: SignedData and EnvelopedData are used, and today
 * AuthEnvelopedData beside the latter.
 */
static int
open_body(struct cx4i_layer_in *l, enum cx4i_oid type)
{
	size_t i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		if (cx4i_layer_oid(bodies[i]->type) == type)
			l->body_ops = bodies[i];
	if (l->body_ops == NULL)
		return is_other_cms(type) ?
		    cx4i_fail(&l->info->err, CX4_E_FORBIDDEN_TYPE, "%s",
		    cx4i_oid_name(type)) :
		    cx4i_fail(&l->info->err, CX4_E_NOT_CMS,
		    "the contentType is no CMS type");
	l->info->type = l->body_ops->type;
	return l->body_ops->open(l);
}

static int
on_content_type(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct cx4i_tlv t;
	enum cx4i_oid type;

	if (cx4i_tlv_expect(&whole, CX4I_OID, &t) != 0)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "contentType");
	type = cx4i_oid_find(t.body);
	if (l->expected != CX4I_OID_UNKNOWN && type != l->expected)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "the inner ContentInfo is not the %s it is said to be",
		    cx4i_oid_name(l->expected));
	l->info->content_info = 1;
	if (l->expected != CX4I_OID_UNKNOWN)
		cx4i_warn(l->reading->warnings, CX4_W_INNER_CONTENTINFO,
		    l->info->depth, "%s", "");
	return open_body(l, type);
}

/*
 * The first element inside decides: an OBJECT IDENTIFIER begins a
 * ContentInfo, an INTEGER the version of a bare structure.
 */
static int
decide_form(struct cx4i_layer_in *l, uint8_t ident)
{
	int r;

	l->started = 1;
	if (ident != CX4I_INTEGER)
		return CX4_OK;
	if (l->expected == CX4I_OID_UNKNOWN)
		return cx4i_fail(&l->info->err, CX4_E_NOT_CMS,
		    "the outermost structure is no ContentInfo");
	if ((r = open_body(l, l->expected)) != CX4_OK)
		return r;
	cx4i_walk_switch(&l->walker, l->body_ops->fields, l->body_ops->count,
	    0, 1);
	return CX4_OK;
}

static int
on_begin(void *arg, int level, uint8_t ident)
{
	struct cx4i_layer_in *l = arg;

	if (!l->started && level == 1)
		return decide_form(l, ident);
	return CX4_OK;
}

static int
on_enter(void *arg, int id, const struct cx4i_ber_event *ev)
{
	struct cx4i_layer_in *l = arg;

	if (ev->indefinite)
		l->info->indefinite = 1;
	if (id == ID_CONTENT)
		cx4i_walk_switch(&l->walker, l->body_ops->fields,
		    l->body_ops->count, 2, 0);
	if (id < ID_BODY)
		return CX4_OK;
	return l->body_ops->enter(l, id, ev);
}

static int
on_field(void *arg, int id, struct cx4i_slice whole)
{
	struct cx4i_layer_in *l = arg;

	if (id == ID_CONTENT_TYPE)
		return on_content_type(l, whole);
	return l->body_ops->field(l, id, whole);
}

static int
on_octets(void *arg, int id, const uint8_t *data, size_t len)
{
	struct cx4i_layer_in *l = arg;

	(void)id;
	return l->body_ops->octets(l, data, len);
}

static int
on_leave(void *arg, int id)
{
	struct cx4i_layer_in *l = arg;

	if (id < ID_BODY)
		return CX4_OK;
	/* Field 0 of a body's table is the structure itself. */
	if (id == l->body_ops->fields[0].id)
		l->complete = 1;
	return l->body_ops->leave(l, id);
}

static const struct cx4i_walk_ops walk_ops = {
	on_begin, on_enter, on_field, on_octets, on_leave
};

static int
layer_push(struct cx4i_stage *stage, const uint8_t *data, size_t len)
{
	struct cx4i_layer_in *l = (struct cx4i_layer_in *)stage;

	return cx4i_walk_push(&l->walker, data, len, &l->info->trailing,
	    &l->info->err);
}

static int
layer_finish(struct cx4i_stage *stage)
{
	struct cx4i_layer_in *l = (struct cx4i_layer_in *)stage;
	int r;

	if ((r = cx4i_walk_finish(&l->walker, &l->info->err)) != CX4_OK)
		return r;
	if (!l->complete)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "the content of the ContentInfo is absent");
	if (l->info->trailing > 0)
		cx4i_warn(l->reading->warnings, CX4_W_TRAILING,
		    l->info->depth, "%llu octets",
		    (unsigned long long)l->info->trailing);
	return l->body_ops->finish(l);
}

static void
layer_free(struct cx4i_stage *stage)
{
	struct cx4i_layer_in *l = (struct cx4i_layer_in *)stage;

	if (l->inner != NULL)
		l->inner->ops->free(l->inner);
	if (l->body != NULL)
		l->body_ops->free(l);
	cx4i_walk_free(&l->walker);
	free(l);
}

static const struct cx4i_stage_ops layer_ops = {
	layer_push, layer_finish, layer_free
};

struct cx4i_stage *
cx4i_layer_in_new(struct cx4i_reading *reading, struct cx4i_layer_info *info,
    enum cx4i_oid expected)
{
	struct cx4i_layer_in *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->stage.ops = &layer_ops;
	l->reading = reading;
	l->info = info;
	l->expected = expected;
	cx4i_walk_init(&l->walker, &walk_ops, l,
	    (size_t)cx4_policy_limit(reading->policy, CX4_LIMIT_HEAD));
	cx4i_walk_switch(&l->walker, shell, N_SHELL, 0, 0);
	return &l->stage;
}

int
cx4i_layer_open_content(struct cx4i_layer_in *l)
{
	int r = l->reading->open_content(l->reading, l->info, &l->inner);

	if (r != CX4_OK)
		l->inner_dead = 1;
	return cx4i_is_fatal(r) ? r : CX4_OK;
}

int
cx4i_layer_give(struct cx4i_layer_in *l, const uint8_t *data, size_t len)
{
	int r;

	if (l->inner == NULL || l->inner_dead || len == 0)
		return CX4_OK;
	if ((r = l->inner->ops->push(l->inner, data, len)) == CX4_OK)
		return CX4_OK;
	l->inner_dead = 1;
	return cx4i_is_fatal(r) ? r : CX4_OK;
}

int
cx4i_layer_end_content(struct cx4i_layer_in *l)
{
	int r;

	if (l->inner == NULL || l->inner_dead)
		return CX4_OK;
	l->inner_dead = 1;
	r = l->inner->ops->finish(l->inner);
	return cx4i_is_fatal(r) ? r : CX4_OK;
}

int
cx4i_layer_set_type(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct cx4i_tlv t;

	if (cx4i_tlv_expect(&whole, CX4I_OID, &t) != 0 ||
	    cx4i_oid_to_text(t.body, l->info->content_type,
	    sizeof(l->info->content_type)) != 0)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "the content type is no object identifier that can be "
		    "handled");
	return CX4_OK;
}

int
cx4i_layer_set_version(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct cx4i_tlv t;

	if (cx4i_tlv_expect(&whole, CX4I_INTEGER, &t) != 0 ||
	    cx4i_tlv_uint(t.body, &l->info->version) != 0 ||
	    l->info->version > 5)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "the version is not 0 to 5");
	return CX4_OK;
}
