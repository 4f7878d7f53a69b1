/*
 * reader.c - opening a message: detects the form, stacks the layers as they
 * are met, and keeps the order of calls. Judging is in judge.c.
 *
 * RFC 3854 section 3.4: any nesting, in one forward pass.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../base/policy.h"
#include "../cms/trust.h"
#include "reader.h"

static int
is_cms_type(enum cx4i_oid type)
{
	return cx4i_layer_type(type) != 0 ||
	    type == CX4I_OID_DIGESTED_DATA ||
	    type == CX4I_OID_ENCRYPTED_DATA ||
	    type == CX4I_OID_AUTH_DATA ||
	    type == CX4I_OID_COMPRESSED_DATA;
}

/* What the mode gives out as it is, and does not open. */
static int
is_end(const cx4_reader *r, enum cx4i_oid type)
{
	if (r->mode == CX4_MODE_DECRYPT)
		return is_cms_type(type);
	return r->mode == CX4_MODE_VERIFY && is_cms_type(type) &&
	    type != CX4I_OID_SIGNED_DATA;
}

static int
open_layer(cx4_reader *r, struct cx4i_layer_info *parent,
    enum cx4i_oid type, struct cx4i_stage **stage)
{
	struct cx4i_layer_info *info;

	if (parent != NULL && (uint64_t)parent->depth + 1 >=
	    cx4_policy_limit(r->policy, CX4_LIMIT_DEPTH))
		return cx4i_fail(&parent->err, CX4_E_LIMIT_DEPTH,
		    "more than %llu layers",
		    (unsigned long long)cx4_policy_limit(r->policy,
		    CX4_LIMIT_DEPTH));
	if ((info = cx4i_report_add_layer(&r->report)) == NULL)
		return cx4i_fail(&r->err, CX4_E_NOMEM, "%s", "layer");
	*stage = cx4i_layer_in_new(&r->reading, info, type);
	return *stage != NULL ? CX4_OK :
	    cx4i_fail(&r->err, CX4_E_NOMEM, "%s", "layer");
}

/* cx4i_reading's callback: the stage for the content of a layer. */
static int
open_content(struct cx4i_reading *reading, struct cx4i_layer_info *parent,
    struct cx4i_stage **stage)
{
	cx4_reader *r = (cx4_reader *)reading;
	enum cx4i_oid type = cx4i_oid_find_text(parent->content_type);

	if (r->mode == CX4_MODE_DECRYPT &&
	    !cx4i_is_encrypted(parent->type))
		return cx4i_fail(&parent->err, CX4_E_STRUCTURE,
		    "the outermost layer is not encrypted");
	if (is_end(r, type)) {
		*stage = cx4i_value_in_new(r, parent, type);
	} else if (cx4i_layer_type(type) != 0) {
		return open_layer(r, parent, type, stage);
	} else if (is_cms_type(type)) {
		return cx4i_fail(&parent->err, CX4_E_FORBIDDEN_TYPE, "%s",
		    cx4i_oid_name(type));
	} else {
		*stage = cx4i_content_in_new(r, parent->content_type);
	}
	return *stage != NULL ? CX4_OK :
	    cx4i_fail(&r->err, CX4_E_NOMEM, "%s", "content");
}

cx4_reader *
cx4_reader_new(cx4_ctx *ctx, cx4_policy *policy)
{
	cx4_reader *r;

	if (ctx == NULL || (r = calloc(1, sizeof(*r))) == NULL)
		return NULL;
	cx4i_err_init(&r->err);
	cx4i_report_init(&r->report);
	r->ctx = cx4i_ctx_ref(ctx);
	r->policy = policy != NULL ? cx4i_policy_ref(policy) :
	    cx4_policy_new(ctx, NULL);
	if (r->policy == NULL)
		cx4_reader_free(&r);
	return r;
}

void
cx4_reader_free(cx4_reader **pr)
{
	cx4_reader *r;
	size_t i;

	if (pr == NULL || (r = *pr) == NULL)
		return;
	*pr = NULL;
	cx4i_queue_enter();
	cx4i_sink_end(&r->sink, 0, NULL);
	if (r->top != NULL)
		r->top->ops->free(r->top);
	cx4i_source_free(&r->source);
	cx4i_report_clear(&r->report);
	for (i = 0; i < r->reading.id_count; i++)
		cx4_id_free(&r->reading.ids[i]);
	free(r->reading.ids);
	X509_STORE_free(r->reading.store);
	cx4i_err_clear(&r->err);
	free(r->message);
	cx4_policy_free(&r->policy);
	cx4_ctx_free(&r->ctx);
	free(r);
	cx4i_queue_leave();
}

/* The setters are for the time before the first push. */
static int
may_set(cx4_reader *r)
{
	if (r == NULL)
		return CX4_E_USAGE;
	if (r->err.code != CX4_OK)
		return r->err.code;
	return r->started ? CX4_E_STATE : CX4_OK;
}

int
cx4_reader_set_mode(cx4_reader *r, enum cx4_mode mode)
{
	int code = may_set(r);

	if (code != CX4_OK)
		return code;
	if ((unsigned int)mode > CX4_MODE_CONTENT)
		return CX4_E_USAGE;
	r->mode = mode;
	return CX4_OK;
}

int
cx4_reader_set_message(cx4_reader *r, const char *name)
{
	int code = may_set(r);
	char *copy;

	if (code != CX4_OK)
		return code;
	if (name == NULL)
		return CX4_E_USAGE;
	if ((copy = strdup(name)) == NULL)
		return CX4_E_NOMEM;
	free(r->message);
	r->message = copy;
	return CX4_OK;
}

int
cx4_reader_add_id(cx4_reader *r, cx4_id *id)
{
	struct cx4i_reading *reading;
	int code = may_set(r);
	cx4_id **grown;

	if (code != CX4_OK)
		return code;
	if (id == NULL)
		return CX4_E_USAGE;
	reading = &r->reading;
	grown = realloc(reading->ids,
	    (reading->id_count + 1) * sizeof(*grown));
	if (grown == NULL)
		return CX4_E_NOMEM;
	reading->ids = grown;
	grown[reading->id_count++] = cx4i_id_ref(id);
	return CX4_OK;
}

int
cx4_reader_set_sink(cx4_reader *r, cx4_write_fn *write, cx4_end_fn *end,
    void *arg)
{
	int code = may_set(r);

	if (code != CX4_OK)
		return code;
	if (write == NULL || end == NULL)
		return CX4_E_USAGE;
	/* The one that is set would never be told its end. */
	if (r->sink.write != NULL)
		return CX4_E_STATE;
	r->sink.write = write;
	r->sink.end = end;
	r->sink.arg = arg;
	return CX4_OK;
}

int
cx4_reader_set_bare(cx4_reader *r, int bare)
{
	int code = may_set(r);

	if (code == CX4_OK)
		r->bare = bare;
	return code;
}

int
cx4_reader_set_content_type(cx4_reader *r, const char *text)
{
	int code = may_set(r);
	char oid[CX4I_OID_TEXT];

	if (code == CX4_OK)
		code = text == NULL ? CX4_E_USAGE :
		    cx4_content_type_oid(text, oid, sizeof(oid));
	if (code == CX4_OK)
		cx4i_copy_text(r->content_type, sizeof(r->content_type), oid);
	return code;
}

/* Plain X.400 content: in its own wrapper, or CX4_MODE_CONTENT. */
static int
open_plain(cx4_reader *r, const char *type)
{
	if (type[0] == '\0')
		return cx4i_fail(&r->err, CX4_E_CONTENT_TYPE,
		    "no content type was given");
	r->top = cx4i_content_in_new(r, type);
	return r->top != NULL ? CX4_OK :
	    cx4i_fail(&r->err, CX4_E_NOMEM, "%s", "content");
}

static int
open_wrapped_plain(cx4_reader *r, const struct cx4i_mime_info *mime)
{
	char oid[CX4I_OID_TEXT];

	if (cx4_content_type_oid(mime->content_type, oid, sizeof(oid)) !=
	    CX4_OK)
		return cx4i_fail(&r->err, CX4_E_MIME,
		    "content-type=%s has no object identifier",
		    mime->content_type);
	return open_plain(r, oid);
}

/* The first octet behind the wrapper: choose the outermost stage. */
static int
open_top(cx4_reader *r)
{
	const struct cx4i_mime_info *mime = NULL;

	if (r->source.mime != NULL)
		mime = cx4i_mime_in_info(r->source.mime);
	r->report.mime = mime;
	if (r->mode == CX4_MODE_CONTENT)
		return open_plain(r, r->content_type);
	if (mime != NULL && mime->kind == CX4I_MIME_X400)
		return open_wrapped_plain(r, mime);
	return open_layer(r, NULL, CX4I_OID_UNKNOWN, &r->top);
}

/*
 * Octets without their wrapper. The outermost layer's own failure ends the
 * message: nothing of it can be believed from there on.
 */
static int
push_unwrapped(void *arg, const uint8_t *data, size_t len)
{
	cx4_reader *r = arg;
	int code;

	if (r->top == NULL && (code = open_top(r)) != CX4_OK)
		return code;
	if (r->mode == CX4_MODE_STRIP && r->report.layer_count > 0 &&
	    (code = cx4i_sink_write(&r->sink, data, len, &r->err)) != CX4_OK)
		return code;
	if (r->top_dead)
		return CX4_OK;
	code = r->top->ops->push(r->top, data, len);
	if (code == CX4_OK)
		return CX4_OK;
	r->top_dead = 1;
	return code;
}

static int
has_keys(const struct cx4i_reading *reading)
{
	size_t i;

	for (i = 0; i < reading->id_count; i++)
		if (reading->ids[i]->key != NULL)
			return 1;
	return 0;
}

static int
start(cx4_reader *r)
{
	struct cx4i_reading *reading = &r->reading;

	r->started = 1;
	if (r->sink.write != NULL && (r->mode == CX4_MODE_INSPECT ||
	    r->mode == CX4_MODE_CONTENT))
		return cx4i_fail(&r->err, CX4_E_USAGE,
		    "a mode that verifies nothing has no sink");
	reading->ctx = r->ctx;
	reading->policy = r->policy;
	reading->message = r->message;
	reading->warnings = &r->report.warnings;
	reading->verify = r->mode == CX4_MODE_OPEN ||
	    r->mode == CX4_MODE_VERIFY || r->mode == CX4_MODE_DECRYPT;
	reading->decrypt = r->mode == CX4_MODE_OPEN ||
	    r->mode == CX4_MODE_DECRYPT ||
	    (r->mode == CX4_MODE_INSPECT && has_keys(reading));
	reading->open_content = open_content;
	if (reading->verify &&
	    (reading->store = cx4i_trust_store(r->policy)) == NULL)
		return cx4i_fail(&r->err, CX4_E_NOMEM, "%s", "trust");
	cx4i_source_init(&r->source, push_unwrapped, r);
	return CX4_OK;
}

/* The error of layer 0 is the reader's own, if it stopped the reading. */
static int
stopped(cx4_reader *r, int code)
{
	const cx4_error *e;

	if (r->err.code == CX4_OK && r->report.layer_count > 0) {
		e = &r->report.layers[0]->err;
		if (e->code == code) {
			r->err.layer = 0;
			r->err.offset = e->offset;
			r->err.code = code;
			memcpy(r->err.text, e->text, sizeof(r->err.text));
		}
	}
	cx4i_fail(&r->err, code, "%s", "");
	cx4i_reader_judge(r);
	cx4i_sink_end(&r->sink, 0, NULL);
	r->finished = 1;
	return r->err.code;
}

int
cx4i_reader_stop(cx4_reader *r, int code, const char *why)
{
	if (r->finished)
		return r->err.code != CX4_OK ? r->err.code : CX4_E_STATE;
	cx4i_queue_enter();
	cx4i_fail(&r->err, code, "%s", why);
	code = stopped(r, code);
	cx4i_queue_leave();
	return code;
}

int
cx4_reader_push(cx4_reader *r, const void *data, size_t len)
{
	int code;

	if (r == NULL)
		return CX4_E_USAGE;
	if (r->finished)
		return r->err.code != CX4_OK ? r->err.code : CX4_E_STATE;
	cx4i_queue_enter();
	code = r->started ? CX4_OK : start(r);
	if (code == CX4_OK && data == NULL && len > 0)
		code = cx4i_fail(&r->err, CX4_E_USAGE, "%s", "no octets");
	if (code == CX4_OK && len >
	    cx4_policy_limit(r->policy, CX4_LIMIT_OCTETS) - r->taken)
		code = cx4i_fail(&r->err, CX4_E_LIMIT_OCTETS, "%llu octets",
		    (unsigned long long)cx4_policy_limit(r->policy,
		    CX4_LIMIT_OCTETS));
	if (code == CX4_OK) {
		r->taken += len;
		r->report.octets = r->taken;
		code = cx4i_source_push(&r->source, data, len, &r->err);
	}
	if (code != CX4_OK)
		code = stopped(r, code);
	cx4i_queue_leave();
	return code;
}

static int
finish_stages(cx4_reader *r)
{
	int code;

	if ((code = cx4i_source_finish(&r->source, &r->err)) != CX4_OK)
		return code;
	if (r->top == NULL)
		return cx4i_fail_at(&r->err, CX4_E_TRUNCATED, r->taken,
		    "the input is empty");
	if (r->top_dead)
		return CX4_OK;
	code = r->top->ops->finish(r->top);
	return cx4i_is_fatal(code) ? code : CX4_OK;
}

int
cx4_reader_finish(cx4_reader *r)
{
	int code, commit;

	if (r == NULL)
		return CX4_E_USAGE;
	if (r->finished)
		return r->err.code;
	cx4i_queue_enter();
	code = r->started ? CX4_OK : start(r);
	if (code == CX4_OK)
		code = finish_stages(r);
	if (code != CX4_OK)
		cx4i_fail(&r->err, code, "%s", "");
	cx4i_reader_judge(r);
	commit = r->err.code == CX4_OK ||
	    (cx4i_requires(r->policy, CX4_INSECURE_RELEASE) &&
	    !cx4i_is_fatal(r->err.code) && r->had_content);
	if (commit && r->err.code != CX4_OK)
		cx4i_warn(&r->report.warnings, CX4_W_RELEASED, -1, "%s", "");
	if (cx4i_sink_end(&r->sink, commit, &r->err) != CX4_OK) {
		r->report.code = r->err.code;
		r->report.err = &r->err;
	}
	r->finished = 1;
	cx4i_log(r->ctx, CX4_LOG_INFO, "reader", r->message, "%s",
	    cx4_code_name(r->err.code));
	cx4i_queue_leave();
	return r->err.code;
}

const cx4_report *
cx4_reader_report(const cx4_reader *r)
{
	return &r->report;
}

const cx4_error *
cx4_reader_error(const cx4_reader *r)
{
	return &r->err;
}
