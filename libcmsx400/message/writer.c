/*
 * writer.c - protecting a content: stacks the layers, tells each how long
 * its content will be, and lets the octets through them in one pass.
 *
 * RFC 3854 sections 3.2-3.4.1.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/policy.h"
#include "../cms/layer_out.h"
#include "../x400/ctype.h"
#include "output.h"
#include "report.h"
#include "shell.h"
#include "writer.h"

/* No signing time was given: outside what can be given. */
#define NOW INT64_MIN

struct cx4_writer {
	cx4_ctx *ctx;
	cx4_policy *policy;
	struct cx4i_writing writing;
	struct cx4i_layer_out *layers[CX4I_MAX_LAYERS];
	size_t layer_count;	/* innermost first */
	char *message;
	char content_type[CX4I_OID_TEXT];	/* dotted, or "" */
	char content_type_given[CX4I_OID_TEXT];	/* for its wrapper */
	char smime_type[40];
	uint64_t content_length;
	uint64_t pushed;
	int started;
	int finished;
	int heading_checked;
	struct cx4i_shell_off shell;	/* CX4_WRITE_NEST */
	struct cx4i_output output;
	struct cx4i_sink sink;
	struct cx4_report report;
	cx4_error err;
};

cx4_writer *
cx4_writer_new(cx4_ctx *ctx, cx4_policy *policy)
{
	cx4_writer *w;

	if (ctx == NULL || (w = calloc(1, sizeof(*w))) == NULL)
		return NULL;
	cx4i_err_init(&w->err);
	cx4i_report_init(&w->report);
	w->content_length = CX4I_UNKNOWN_LENGTH;
	w->ctx = cx4i_ctx_ref(ctx);
	w->policy = policy != NULL ? cx4i_policy_ref(policy) :
	    cx4_policy_new(ctx, NULL);
	if (w->policy == NULL) {
		cx4_writer_free(&w);
		return NULL;
	}
	w->writing.ctx = w->ctx;
	w->writing.policy = w->policy;
	w->writing.err = &w->err;
	w->writing.signing_time = NOW;
	w->writing.digest = cx4i_digest_by_id(w->policy->profile->digest);
	w->writing.cipher = cx4i_cipher_by_id(w->policy->profile->cipher);
	cx4i_output_init(&w->output, &w->sink, &w->err);
	return w;
}

void
cx4_writer_free(cx4_writer **pw)
{
	cx4_writer *w;
	size_t i;

	if (pw == NULL || (w = *pw) == NULL)
		return;
	*pw = NULL;
	cx4i_queue_enter();
	cx4i_sink_end(&w->sink, 0, NULL);
	for (i = 0; i < w->layer_count; i++)
		cx4i_layer_out_free(&w->layers[i]);
	cx4i_output_free(&w->output);
	cx4_id_free(&w->writing.originator);
	cx4i_report_clear(&w->report);
	cx4i_err_clear(&w->err);
	free(w->message);
	cx4_policy_free(&w->policy);
	cx4_ctx_free(&w->ctx);
	free(w);
	cx4i_queue_leave();
}

static int
may_set(cx4_writer *w)
{
	if (w == NULL)
		return CX4_E_USAGE;
	if (w->err.code != CX4_OK)
		return w->err.code;
	return w->started ? CX4_E_STATE : CX4_OK;
}

int
cx4_writer_set_message(cx4_writer *w, const char *name)
{
	int code = may_set(w);
	char *copy;

	if (code != CX4_OK)
		return code;
	if (name == NULL)
		return CX4_E_USAGE;
	if ((copy = strdup(name)) == NULL)
		return CX4_E_NOMEM;
	free(w->message);
	w->message = copy;
	return CX4_OK;
}

/* RFC 3854 section 3.5 knows integers and dotted OIDs, and no names. */
static void
say_type(cx4_writer *w, const char *text)
{
	char *out = w->content_type_given;
	int n = cx4_content_type_integer(w->content_type);

	if (text[0] >= '0' && text[0] <= '9')
		cx4i_copy_text(out, sizeof(w->content_type_given), text);
	else if (n >= 0)
		snprintf(out, sizeof(w->content_type_given), "%d", n);
	else
		cx4i_copy_text(out, sizeof(w->content_type_given),
		    w->content_type);
}

int
cx4_writer_set_content_type(cx4_writer *w, const char *text)
{
	int code = may_set(w);
	char oid[CX4I_OID_TEXT];

	if (code != CX4_OK)
		return code;
	if (text == NULL)
		return CX4_E_USAGE;
	if ((code = cx4_content_type_oid(text, oid, sizeof(oid))) != CX4_OK)
		return code;
	cx4i_copy_text(w->content_type, sizeof(w->content_type), oid);
	say_type(w, text);
	return CX4_OK;
}

int
cx4_writer_set_content_length(cx4_writer *w, uint64_t len)
{
	int code = may_set(w);

	if (code != CX4_OK)
		return code;
	/* Beyond this the lengths of the layers would not fit 64 bits. */
	if (len > UINT64_MAX / 2)
		return CX4_E_USAGE;
	w->content_length = len;
	return CX4_OK;
}

int
cx4_writer_set_options(cx4_writer *w, unsigned int options)
{
	int code = may_set(w);

	if (code != CX4_OK)
		return code;
	if ((options & CX4_WRITE_MIME) && (options & CX4_WRITE_PEM))
		return CX4_E_USAGE;
	w->writing.options |= options;
	return CX4_OK;
}

int
cx4_writer_set_signing_time(cx4_writer *w, int64_t when)
{
	int code = may_set(w);

	if (code != CX4_OK)
		return code;
	/* Years 1 to 9999 of GeneralizedTime. */
	if (when < -62135596800 || when > 253402300799)
		return CX4_E_USAGE;
	w->writing.signing_time = when;
	return CX4_OK;
}

int
cx4_writer_set_digest(cx4_writer *w, enum cx4_digest digest)
{
	int code = may_set(w);
	const struct cx4i_digest_alg *alg;

	if (code != CX4_OK)
		return code;
	if (digest == CX4_DIGEST_AUTO)
		digest = w->policy->profile->digest;
	if ((alg = cx4i_digest_by_id(digest)) == NULL)
		return CX4_E_USAGE;
	w->writing.digest = alg;
	return CX4_OK;
}

int
cx4_writer_set_cipher(cx4_writer *w, enum cx4_cipher cipher)
{
	int code = may_set(w);
	const struct cx4i_cipher_alg *alg;

	if (code != CX4_OK)
		return code;
	if (cipher == CX4_CIPHER_AUTO)
		cipher = w->policy->profile->cipher;
	if ((alg = cx4i_cipher_by_id(cipher)) == NULL)
		return CX4_E_USAGE;
	w->writing.cipher = alg;
	return CX4_OK;
}

int
cx4_writer_set_smime_type(cx4_writer *w, const char *type)
{
	int code = may_set(w);

	if (code != CX4_OK)
		return code;
	if (type == NULL || strlen(type) >= sizeof(w->smime_type))
		return CX4_E_USAGE;
	memcpy(w->smime_type, type, strlen(type) + 1);
	return CX4_OK;
}

int
cx4_writer_add_layer(cx4_writer *w, enum cx4_layer_type type)
{
	int code = may_set(w);
	struct cx4i_layer_out *l;

	if (code != CX4_OK)
		return code;
	if (w->layer_count >= cx4_policy_limit(w->policy, CX4_LIMIT_DEPTH))
		return cx4i_fail(&w->err, CX4_E_LIMIT_DEPTH, "%zu layers",
		    w->layer_count);
	if (type == CX4_LAYER_SIGNED)
		l = cx4i_signed_out_new(&w->writing);
	else if (type == CX4_LAYER_ENVELOPED)
		l = cx4i_enveloped_out_new(&w->writing);
	else
		return CX4_E_USAGE;
	if (l == NULL)
		return cx4i_fail(&w->err, CX4_E_NOMEM, "%s", "layer");
	w->layers[w->layer_count++] = l;
	return CX4_OK;
}

/* Add to the layer added last, which must be of this type. */
static int
add_to_layer(cx4_writer *w, enum cx4_layer_type type,
    int (*add)(struct cx4i_layer_out *, cx4_id *), cx4_id *id)
{
	struct cx4i_layer_out *l;
	int code = may_set(w);

	if (code != CX4_OK)
		return code;
	if (id == NULL)
		return CX4_E_USAGE;
	if (w->layer_count == 0)
		return CX4_E_STATE;
	l = w->layers[w->layer_count - 1];
	return l->type == type ? add(l, id) : CX4_E_STATE;
}

int
cx4_writer_add_signer(cx4_writer *w, cx4_id *id)
{
	return add_to_layer(w, CX4_LAYER_SIGNED, cx4i_layer_out_add_id, id);
}

int
cx4_writer_add_recipient(cx4_writer *w, cx4_id *id)
{
	return add_to_layer(w, CX4_LAYER_ENVELOPED, cx4i_layer_out_add_id,
	    id);
}

int
cx4_writer_add_cert(cx4_writer *w, cx4_id *id)
{
	return add_to_layer(w, CX4_LAYER_SIGNED, cx4i_layer_out_add_extra,
	    id);
}

int
cx4_writer_set_originator(cx4_writer *w, cx4_id *id)
{
	int code = may_set(w);

	if (code != CX4_OK)
		return code;
	if (id == NULL)
		return CX4_E_USAGE;
	cx4_id_free(&w->writing.originator);
	w->writing.originator = cx4i_id_ref(id);
	return CX4_OK;
}

int
cx4_writer_set_sink(cx4_writer *w, cx4_write_fn *write, cx4_end_fn *end,
    void *arg)
{
	int code = may_set(w);

	if (code != CX4_OK)
		return code;
	if (write == NULL || end == NULL)
		return CX4_E_USAGE;
	/* The one that is set would never be told its end. */
	if (w->sink.write != NULL)
		return CX4_E_STATE;
	w->sink.write = write;
	w->sink.end = end;
	w->sink.arg = arg;
	return CX4_OK;
}

/* What a layer pushes goes into the layer around it. */
static int
push_layer(void *arg, const uint8_t *data, size_t len)
{
	struct cx4i_layer_out *l = arg;

	return l->ops->push(l, data, len);
}

/* An ENVELOPED layer with an authenticated cipher is another structure. */
static const char *
layer_oid(const cx4_writer *w, const struct cx4i_layer_out *l)
{
	enum cx4_layer_type type = l->type;

	if (type == CX4_LAYER_ENVELOPED && w->writing.cipher->aead)
		type = CX4_LAYER_AUTH_ENVELOPED;
	return cx4i_oid_text(cx4i_layer_oid(type));
}

static int
is_certs_only(const struct cx4i_layer_out *l)
{
	return l->type == CX4_LAYER_SIGNED && l->id_count == 0;
}

/*
 * RFC 3854 sections 3.2, 3.3 and 3.4.1: the X.400 content's type goes into
 * the innermost layer, each further layer names the one inside it.
 * contentHints around an EnvelopedData name the innermost signed content
 * (RFC 2634 section 2.9): with no signature inside, the EnvelopedData.
 */
static void
set_types(cx4_writer *w)
{
	const char *hint = NULL, *inner = w->content_type;
	struct cx4i_layer_out *l;
	size_t i;

	for (i = 0; i < w->layer_count; i++) {
		l = w->layers[i];
		l->outermost = i + 1 == w->layer_count;
		if (is_certs_only(l))
			inner = cx4i_oid_text(CX4I_OID_DATA);
		cx4i_copy_text(l->content_type, sizeof(l->content_type), inner);
		if (i > 0 && l->type == CX4_LAYER_SIGNED &&
		    cx4i_is_encrypted(w->layers[i - 1]->type))
			cx4i_copy_text(l->hint, sizeof(l->hint),
			    hint != NULL ? hint : inner);
		if (l->type == CX4_LAYER_SIGNED && hint == NULL)
			hint = l->content_type;
		inner = layer_oid(w, l);
		l->down = l->outermost ? cx4i_output_push : push_layer;
		l->down_arg = l->outermost ? (void *)&w->output :
		    (void *)w->layers[i + 1];
	}
}

static int
prepare_layers(cx4_writer *w)
{
	uint64_t len = w->content_length;
	size_t i;
	int r;

	if ((w->writing.options & CX4_WRITE_DER) &&
	    len == CX4I_UNKNOWN_LENGTH)
		return cx4i_fail(&w->err, CX4_E_DER_IMPOSSIBLE, "%s", "");
	for (i = 0; i < w->layer_count; i++) {
		r = w->layers[i]->ops->prepare(w->layers[i], len, &len);
		if (r != CX4_OK)
			return r;
	}
	return CX4_OK;
}

/*
 * RFC 3854 section 3.4.1: smime-type by the innermost protection; what
 * conveys one service only goes through to the outside.
 */
static const char *
find_smime_type(const cx4_writer *w)
{
	const struct cx4i_layer_out *l;

	if (w->smime_type[0] != '\0')
		return w->smime_type;
	if (w->layer_count == 0)
		return NULL;
	l = w->layers[0];
	if (is_certs_only(l))
		return "certs-only";
	if (w->writing.options & CX4_WRITE_NEST)
		return NULL;
	return cx4i_smime_type(l->type == CX4_LAYER_SIGNED, w->content_type);
}

static int
open_output(cx4_writer *w)
{
	const char *eol = w->writing.options & CX4_WRITE_LF ? "\n" : "\r\n";

	w->report.smime_type = find_smime_type(w);
	if (w->writing.options & CX4_WRITE_PEM)
		return cx4i_output_pem(&w->output);
	if (!(w->writing.options & CX4_WRITE_MIME))
		return CX4_OK;
	w->report.wrapped = 1;
	if (w->report.smime_type != NULL)
		return cx4i_output_mime(&w->output, w->report.smime_type,
		    eol);
	/* Plain content has a wrapper of its own (RFC 3854 section 3.5). */
	if (w->layer_count == 0 && w->content_type[0] != '\0')
		return cx4i_output_content(&w->output,
		    w->content_type_given, eol);
	return cx4i_fail(&w->err, CX4_E_SMIME_TYPE, "%s", "");
}

/* The layers as the report shows them: outermost first. */
static int
describe_layers(cx4_writer *w)
{
	struct cx4i_layer_info *info;
	struct cx4i_layer_out *l;
	size_t i;
	int r;

	for (i = w->layer_count; i > 0; i--) {
		l = w->layers[i - 1];
		if ((info = cx4i_report_add_layer(&w->report)) == NULL)
			return cx4i_fail(&w->err, CX4_E_NOMEM, "%s",
			    "report");
		info->type = l->type;
		info->content_info = l->outermost;
		info->indefinite = l->indefinite;
		cx4i_copy_text(info->content_type, sizeof(info->content_type),
		    l->content_type);
		if ((r = l->ops->describe(l, info)) != CX4_OK)
			return r;
		if (l->indefinite)
			cx4i_warn(&w->report.warnings, CX4_W_BER, info->depth,
			    "%s", "");
	}
	return CX4_OK;
}

static int
begin_layers(cx4_writer *w)
{
	size_t i;
	int r;

	for (i = w->layer_count; i > 0; i--) {
		r = w->layers[i - 1]->ops->begin(w->layers[i - 1]);
		if (r != CX4_OK)
			return r;
	}
	return CX4_OK;
}

/* Type and length of the content are known: everything can begin. */
static int
start(cx4_writer *w)
{
	int r;

	if (w->writing.signing_time == NOW)
		w->writing.signing_time = cx4i_ctx_now(w->ctx);
	w->report.has_content = 1;
	cx4i_copy_text(w->report.content_type, sizeof(w->report.content_type),
	    w->content_type);
	w->report.heading = cx4i_heading_new(w->ctx, w->content_type);
	if (w->report.heading == NULL)
		return cx4i_fail(&w->err, CX4_E_NOMEM, "%s", "heading");
	set_types(w);
	if ((r = prepare_layers(w)) != CX4_OK ||
	    (r = describe_layers(w)) != CX4_OK ||
	    (r = open_output(w)) != CX4_OK)
		return r;
	return begin_layers(w);
}

/* The signers of the innermost signed layer. */
static const struct cx4i_layer_out *
innermost_signed(const cx4_writer *w)
{
	size_t i;

	for (i = 0; i < w->layer_count; i++)
		if (w->layers[i]->type == CX4_LAYER_SIGNED &&
		    w->layers[i]->id_count > 0)
			return w->layers[i];
	return NULL;
}

static int
originator_differs(cx4_writer *w, const struct cx4i_layer_out *l)
{
	char signer[CX4I_TEXT];

	cx4i_name_text(X509_get_subject_name(l->ids[0]->cert), signer,
	    sizeof(signer));
	if (cx4i_requires(w->policy, CX4_ALLOW_ORIGINATOR_MISMATCH)) {
		cx4i_warn(&w->report.warnings, CX4_W_ORIGINATOR, -1,
		    "content %s, signer %s", w->report.originator, signer);
		return CX4_OK;
	}
	return cx4i_fail(&w->err, CX4_E_ORIGINATOR_DIFFERS,
	    "content %s, signer %s", w->report.originator, signer);
}

/*
 * RFC 3854 section 4.3: a sending agent makes the originator in the content
 * match an address in the signer's certificate. Content that cannot be read
 * is carried all the same.
 */
static int
check_originator(cx4_writer *w)
{
	const struct cx4i_layer_out *l = innermost_signed(w);
	X509 *certs[64];
	size_t i;

	w->heading_checked = 1;
	if (cx4i_report_take_originator(&w->report) != CX4_OK)
		return cx4i_fail(&w->err, CX4_E_NOMEM, "%s", "originator");
	if (l == NULL || !cx4i_ctype_is_x400(w->content_type))
		return CX4_OK;
	for (i = 0; i < l->id_count && i < 64; i++)
		certs[i] = l->ids[i]->cert;
	if (cx4i_report_check_originator(w->ctx, &w->report, certs, i) !=
	    CX4_OK)
		return cx4i_fail(&w->err, CX4_E_NOMEM, "%s", "originator");
	switch (w->report.originator_check) {
	case CX4_ORIGINATOR_MISMATCH:
		return originator_differs(w, l);
	case CX4_ORIGINATOR_NOT_UNDERSTOOD:
		cx4i_warn(&w->report.warnings, CX4_W_CONTENT, -1, "%s",
		    w->content_type);
		return CX4_OK;
	case CX4_ORIGINATOR_NO_ADDRESS:
	case CX4_ORIGINATOR_NONE:
		cx4i_warn(&w->report.warnings, CX4_W_ORIGINATOR_ABSENT, -1,
		    "%s", "");
		return CX4_OK;
	default:
		return CX4_OK;
	}
}

/* Content octets, after the shell of a nested object is off. */
static int
push_content(void *arg, const uint8_t *data, size_t len)
{
	cx4_writer *w = arg;
	int r;

	w->report.content_octets += len;
	if (!w->heading_checked) {
		r = cx4i_heading_push(w->report.heading, data, len);
		if (r != CX4_OK)
			return cx4i_fail(&w->err, r, "%s", "heading");
		if (cx4i_heading_state(w->report.heading) !=
		    CX4I_HEADING_READING &&
		    (r = check_originator(w)) != CX4_OK)
			return r;
	}
	if (w->layer_count == 0)
		return cx4i_output_push(&w->output, data, len);
	return w->layers[0]->ops->push(w->layers[0], data, len);
}

/* The ContentInfo to be nested has told its type and length. */
static int
start_nested(void *arg, const char *oid, uint64_t len)
{
	cx4_writer *w = arg;
	enum cx4i_oid type = cx4i_oid_find_text(oid);

	if (cx4i_layer_type(type) == 0)
		return cx4i_fail(&w->err, CX4_E_FORBIDDEN_TYPE,
		    "only SignedData, EnvelopedData and AuthEnvelopedData "
		    "are nested, not %s", oid);
	cx4i_copy_text(w->content_type, sizeof(w->content_type), oid);
	w->content_length = len;
	return start(w);
}

/*
 * A signed layer without signers conveys certificates (RFC 3854 section
 * 2.4.1): that is the innermost, has some, and no content goes into it.
 * Anything else is a forgotten signer.
 */
static int
check_signers(cx4_writer *w)
{
	size_t i;

	for (i = 0; i < w->layer_count; i++) {
		if (!is_certs_only(w->layers[i]))
			continue;
		if (i > 0 || w->layers[i]->extra_count == 0 ||
		    w->content_type[0] != '\0' ||
		    (w->writing.options & CX4_WRITE_NEST))
			return cx4i_fail(&w->err, CX4_E_USAGE,
			    "no signer for a signed layer");
	}
	return CX4_OK;
}

static int
first_push(cx4_writer *w)
{
	int r;

	w->started = 1;
	if ((r = check_signers(w)) != CX4_OK)
		return r;
	if (w->layer_count > 0 && is_certs_only(w->layers[0])) {
		/* No content is a length that is known. */
		if (w->content_length == CX4I_UNKNOWN_LENGTH)
			w->content_length = 0;
		return start(w);
	}
	if (w->writing.options & CX4_WRITE_NEST) {
		cx4i_shell_off_init(&w->shell, start_nested, push_content, w);
		return CX4_OK;
	}
	if (w->content_type[0] == '\0' && w->smime_type[0] == '\0')
		return cx4i_fail(&w->err, CX4_E_USAGE,
		    "no content type was given");
	return start(w);
}

static int
failed(cx4_writer *w, int code)
{
	cx4i_fail(&w->err, code, "%s", "");
	w->report.code = w->err.code;
	w->report.err = &w->err;
	cx4i_sink_end(&w->sink, 0, NULL);
	w->finished = 1;
	return w->err.code;
}

int
cx4i_writer_stop(cx4_writer *w, int code, const char *why)
{
	if (w->finished)
		return w->err.code != CX4_OK ? w->err.code : CX4_E_STATE;
	cx4i_queue_enter();
	cx4i_fail(&w->err, code, "%s", why);
	code = failed(w, code);
	cx4i_queue_leave();
	return code;
}

int
cx4_writer_push(cx4_writer *w, const void *data, size_t len)
{
	int r = CX4_OK;

	if (w == NULL)
		return CX4_E_USAGE;
	if (w->finished || w->err.code != CX4_OK)
		return w->err.code != CX4_OK ? w->err.code : CX4_E_STATE;
	cx4i_queue_enter();
	if (data == NULL && len > 0)
		r = cx4i_fail(&w->err, CX4_E_USAGE, "%s", "no octets");
	else if (len > cx4_policy_limit(w->policy, CX4_LIMIT_OCTETS) -
	    w->pushed)
		r = cx4i_fail(&w->err, CX4_E_LIMIT_OCTETS, "%s", "content");
	w->pushed += len;
	w->report.octets = w->pushed;
	if (r == CX4_OK && !w->started)
		r = first_push(w);
	if (r == CX4_OK && len > 0)
		r = w->writing.options & CX4_WRITE_NEST ?
		    cx4i_shell_off_push(&w->shell, data, len, &w->err) :
		    push_content(w, data, len);
	if (r != CX4_OK)
		r = failed(w, r);
	cx4i_queue_leave();
	return r;
}

static int
finish_layers(cx4_writer *w)
{
	size_t i;
	int r;

	if ((w->writing.options & CX4_WRITE_NEST) &&
	    (r = cx4i_shell_off_finish(&w->shell, &w->err)) != CX4_OK)
		return r;
	if (!w->heading_checked) {
		if ((r = cx4i_heading_finish(w->report.heading)) != CX4_OK)
			return cx4i_fail(&w->err, r, "%s", "heading");
		if ((r = check_originator(w)) != CX4_OK)
			return r;
	}
	for (i = 0; i < w->layer_count; i++) {
		r = w->layers[i]->ops->finish(w->layers[i]);
		if (r != CX4_OK)
			return r;
	}
	return cx4i_output_finish(&w->output);
}

int
cx4_writer_finish(cx4_writer *w)
{
	int r;

	if (w == NULL)
		return CX4_E_USAGE;
	if (w->finished)
		return w->err.code;
	cx4i_queue_enter();
	r = w->err.code;
	if (r == CX4_OK && !w->started)
		r = first_push(w);
	if (r == CX4_OK)
		r = finish_layers(w);
	if (r == CX4_OK)
		r = cx4i_sink_end(&w->sink, 1, &w->err);
	if (r != CX4_OK)
		r = failed(w, r);
	w->finished = 1;
	cx4i_log(w->ctx, CX4_LOG_INFO, "writer", w->message, "%s",
	    cx4_code_name(r));
	cx4i_queue_leave();
	return r;
}

const cx4_report *
cx4_writer_report(const cx4_writer *w)
{
	return &w->report;
}

const cx4_error *
cx4_writer_error(const cx4_writer *w)
{
	return &w->err;
}
