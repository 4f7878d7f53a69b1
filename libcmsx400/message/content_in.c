/*
 * content_in.c - where reading ends: the innermost content, and CMS values
 * that a mode gives out unopened.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "reader.h"

struct content_in {
	struct cx4i_stage stage;
	struct cx4_reader *r;
};

static int
content_push(struct cx4i_stage *stage, const uint8_t *data, size_t len)
{
	struct cx4_reader *r = ((struct content_in *)stage)->r;
	int code;

	r->report.content_octets += len;
	if ((code = cx4i_heading_push(r->report.heading, data, len)) !=
	    CX4_OK)
		return cx4i_fail(&r->err, code, "%s", "heading");
	/* Stripping gives out the message, not the content in it as well. */
	if (r->mode == CX4_MODE_STRIP && r->report.layer_count > 0)
		return CX4_OK;
	return cx4i_sink_write(&r->sink, data, len, &r->err);
}

static int
content_finish(struct cx4i_stage *stage)
{
	struct cx4_reader *r = ((struct content_in *)stage)->r;
	int code;

	if ((code = cx4i_heading_finish(r->report.heading)) != CX4_OK ||
	    (code = cx4i_report_take_originator(&r->report)) != CX4_OK)
		return cx4i_fail(&r->err, code, "%s", "heading");
	return CX4_OK;
}

static void
plain_free(struct cx4i_stage *stage)
{
	free(stage);
}

static const struct cx4i_stage_ops content_ops = {
	content_push, content_finish, plain_free
};

struct cx4i_stage *
cx4i_content_in_new(struct cx4_reader *r, const char *content_type)
{
	struct content_in *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->stage.ops = &content_ops;
	c->r = r;
	r->report.has_content = 1;
	r->had_content = 1;
	cx4i_copy_text(r->report.content_type,
	    sizeof(r->report.content_type), content_type);
	r->report.heading = cx4i_heading_new(r->ctx, content_type);
	if (r->report.heading == NULL) {
		free(c);
		return NULL;
	}
	return &c->stage;
}

struct value_in {
	struct cx4i_stage stage;
	struct cx4_reader *r;
	struct cx4i_layer_info *info;
	struct cx4i_shell_on shell;
};

static int
to_sink(void *arg, const uint8_t *data, size_t len)
{
	struct cx4_reader *r = arg;

	return cx4i_sink_write(&r->sink, data, len, &r->err);
}

/* The layer around it has the error, but it is not about that layer. */
static int
blame(struct value_in *v, int code)
{
	if (code != CX4_OK)
		v->info->err_inside = 1;
	return code;
}

static int
value_push(struct cx4i_stage *stage, const uint8_t *data, size_t len)
{
	struct value_in *v = (struct value_in *)stage;

	v->r->report.content_octets += len;
	if (v->r->bare)
		return to_sink(v->r, data, len);
	return blame(v, cx4i_shell_on_push(&v->shell, data, len,
	    &v->info->err));
}

static int
value_finish(struct cx4i_stage *stage)
{
	struct value_in *v = (struct value_in *)stage;

	if (v->r->bare)
		return CX4_OK;
	return blame(v, cx4i_shell_on_finish(&v->shell, &v->info->err));
}

static const struct cx4i_stage_ops value_ops = {
	value_push, value_finish, plain_free
};

struct cx4i_stage *
cx4i_value_in_new(struct cx4_reader *r, struct cx4i_layer_info *info,
    enum cx4i_oid type)
{
	struct value_in *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->stage.ops = &value_ops;
	v->r = r;
	v->info = info;
	r->report.has_content = 1;
	r->had_content = 1;
	cx4i_copy_text(r->report.content_type,
	    sizeof(r->report.content_type), cx4i_oid_text(type));
	cx4i_shell_on_init(&v->shell, type, to_sink, r);
	return &v->stage;
}
