/*
 * judge.c - from what was found to the outcome: one place decides whether a
 * message is good.
 *
 * The first of the classes usage, io, limit, malformed, no key, crypto,
 * try-again, path, label, originator counts, over all layers. What fails
 * inside octets that were decrypted without integrity, before a signature
 * in there has verified, is one and the same failure: padding, key,
 * encoding, type, attribute, signature. Telling them apart would turn the
 * reader into an oracle for the content key (RFC 3218, EFAIL). Where the
 * message fails by what stands in the clear, what is inside decides nothing.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../base/policy.h"
#include "../x400/ctype.h"
#include "reader.h"

/* The error that counts so far. */
struct verdict {
	const cx4_error *worst;
};

static void
consider(struct verdict *v, const cx4_error *e)
{
	if (e->code == CX4_OK)
		return;
	if (v->worst == NULL ||
	    cx4i_class_rank(cx4_code_class(e->code)) <
	    cx4i_class_rank(cx4_code_class(v->worst->code)))
		v->worst = e;
}

static size_t
count_good(const struct cx4i_layer_info *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->signer_count; i++)
		n += l->signers[i].err.code == CX4_OK;
	return n;
}

/*
 * Every SignerInfo must be good, or with CX4_REQUIRE_ANY_SIGNER one. One
 * that only an algorithm keeps from being judged is a warning if another
 * is good.
 */
static void
judge_signers(cx4_reader *r, struct cx4i_layer_info *l, struct verdict *v)
{
	int any = cx4i_requires(r->policy, CX4_REQUIRE_ANY_SIGNER);
	size_t i, good = count_good(l);
	struct cx4i_signer_info *s;

	for (i = 0; i < l->signer_count; i++) {
		s = &l->signers[i];
		if (s->err.code == CX4_OK)
			continue;
		if (good > 0 && s->unsupported)
			cx4i_warn(&r->report.warnings,
			    CX4_W_SIGNER_UNSUPPORTED, l->depth, "%s", s->sid);
		else if (good > 0 && any)
			cx4i_warn(&r->report.warnings, CX4_W_SIGNER_FAILED,
			    l->depth, "%s", s->sid);
		else
			consider(v, &s->err);
	}
}

/* The cryptography of a signed layer is good, as the policy counts it. */
static int
layer_verified(const cx4_reader *r, const struct cx4i_layer_info *l)
{
	int any = cx4i_requires(r->policy, CX4_REQUIRE_ANY_SIGNER);
	size_t i, good = 0, bad = 0;

	if (l->type != CX4_LAYER_SIGNED || l->err.code != CX4_OK)
		return 0;
	for (i = 0; i < l->signer_count; i++) {
		if (cx4i_signer_verified(&l->signers[i]))
			good++;
		else if (!l->signers[i].unsupported)
			bad++;
	}
	return good > 0 && (any || bad == 0);
}

/* A layer that is only looked at, and cannot even be read. */
static int
unreadable(const struct cx4i_layer_info *l)
{
	size_t i;

	for (i = 0; i < l->signer_count; i++)
		if (l->signers[i].err.code != CX4_OK)
			return 1;
	return l->err.code != CX4_OK;
}

static int
needs_signature(const cx4_reader *r)
{
	return r->mode == CX4_MODE_OPEN &&
	    cx4i_requires(r->policy, CX4_REQUIRE_SIGNATURE);
}

/* Signed layers from the outermost up to layer `end`. */
static size_t
count_signed(const cx4_reader *r, size_t end)
{
	size_t i, n = 0;

	for (i = 0; i < end && i < r->report.layer_count; i++)
		n += r->report.layers[i]->type == CX4_LAYER_SIGNED;
	return n;
}

/*
 * Does anything inside layer `k` fail before a signature has verified? That
 * none is there where one is required is a failure like any other.
 */
static int
fails_inside(const cx4_reader *r, size_t k)
{
	const struct cx4i_layer_info *l;
	size_t i;

	if (r->report.layers[k]->err.code != CX4_OK)
		return 1;
	for (i = k + 1; i < r->report.layer_count; i++) {
		l = r->report.layers[i];
		if (layer_verified(r, l))
			return 0;
		if (unreadable(l) ||
		    (r->reading.verify && l->type == CX4_LAYER_SIGNED))
			return 1;
	}
	return needs_signature(r) && count_signed(r, k) == 0;
}

/*
 * The message fails whatever is inside layer `k`: by what is outside it, or
 * because a signature is required and the content types that stand in the
 * clear lead to none.
 */
static int
fails_in_the_clear(const cx4_reader *r, size_t k, const struct verdict *v)
{
	const char *type = r->report.layers[k]->content_type;

	return v->worst != NULL || (needs_signature(r) &&
	    count_signed(r, k) == 0 &&
	    cx4i_layer_type(cx4i_oid_find_text(type)) == 0);
}

/* Errors that stand in the container, which anybody can read. */
static int
is_outside(const struct cx4i_layer_info *l)
{
	enum cx4_class class = cx4_code_class(l->err.code);

	return !l->err_inside && (class == CX4_CLASS_MALFORMED ||
	    class == CX4_CLASS_LIMIT || l->err.code == CX4_E_ALGORITHM);
}

/*
 * Make all failures inside decrypted octets the same. `v` has judged the
 * layers outside layer `k`.
 */
static void
make_uniform(cx4_reader *r, size_t k, const struct verdict *v)
{
	struct cx4i_layer_info *l = r->report.layers[k];
	int clear;

	if (cx4i_requires(r->policy, CX4_INSECURE_DETAILS) ||
	    !l->decrypted || l->integrity)
		return;
	clear = fails_in_the_clear(r, k, v);
	if (!clear && !fails_inside(r, k))
		return;
	cx4i_report_cut(&r->report, k + 1);
	if (is_outside(l))
		return;
	cx4i_err_clear(&l->err);
	l->err.layer = l->depth;
	if (!clear)
		cx4i_fail(&l->err, CX4_E_DECRYPT, "%s", "");
}

static int
any_decrypted(const cx4_reader *r)
{
	size_t i;

	for (i = 0; i < r->report.layer_count; i++)
		if (r->report.layers[i]->decrypted &&
		    !r->report.layers[i]->integrity)
			return 1;
	return 0;
}

static void
judge_unsigned(cx4_reader *r, struct verdict *v)
{
	if (count_signed(r, r->report.layer_count) > 0 || v->worst != NULL ||
	    r->mode == CX4_MODE_DECRYPT)
		return;
	if (r->mode == CX4_MODE_VERIFY ||
	    cx4i_requires(r->policy, CX4_REQUIRE_SIGNATURE)) {
		cx4i_fail(&r->err, CX4_E_UNSIGNED, "%s",
		    r->mode == CX4_MODE_VERIFY ?
		    "there is no signed layer outside the encryption" : "");
		consider(v, &r->err);
		return;
	}
	cx4i_warn(&r->report.warnings, CX4_W_UNSIGNED, -1, "%s", "");
	if (any_decrypted(r))
		cx4i_warn(&r->report.warnings, CX4_W_NO_INTEGRITY, -1, "%s",
		    "");
}

/* The addresses of all signers, or of the good ones under "any". */
static X509 **
signer_certs(const struct cx4i_layer_info *l, size_t *count)
{
	X509 **certs = calloc(l->signer_count + 1, sizeof(*certs));
	size_t i;

	*count = 0;
	if (certs == NULL)
		return NULL;
	for (i = 0; i < l->signer_count; i++)
		if (l->signers[i].err.code == CX4_OK)
			certs[(*count)++] = l->signers[i].cert;
	return certs;
}

static void
originator_fails(cx4_reader *r, int code, const char *addresses)
{
	cx4i_fail(&r->err, code, "content %s, certificate %s",
	    r->report.originator != NULL ? r->report.originator : "none",
	    addresses);
}

static void
judge_originator_check(cx4_reader *r, const struct cx4i_layer_info *l)
{
	const char *address = "none";
	int required = cx4i_requires(r->policy, CX4_REQUIRE_ORIGINATOR_MATCH);

	if (l->signer_count > 0 && l->signers[0].x400_count > 0)
		address = l->signers[0].x400[0];
	switch (r->report.originator_check) {
	case CX4_ORIGINATOR_MATCH:
	case CX4_ORIGINATOR_NOT_CHECKED:
		return;
	case CX4_ORIGINATOR_MISMATCH:
		if (cx4i_requires(r->policy, CX4_ALLOW_ORIGINATOR_MISMATCH))
			cx4i_warn(&r->report.warnings, CX4_W_ORIGINATOR,
			    l->depth, "content %s, certificate %s",
			    r->report.originator, address);
		else
			originator_fails(r, CX4_E_ORIGINATOR, address);
		return;
	case CX4_ORIGINATOR_NOT_UNDERSTOOD:
		if (required)
			originator_fails(r, CX4_E_ORIGINATOR_UNKNOWN, address);
		else if (cx4i_ctype_is_x400(r->report.content_type))
			cx4i_warn(&r->report.warnings, CX4_W_CONTENT, -1,
			    "%s", r->report.content_type);
		return;
	default:
		if (required)
			originator_fails(r, CX4_E_ORIGINATOR_UNKNOWN, address);
		else
			cx4i_warn(&r->report.warnings,
			    CX4_W_ORIGINATOR_ABSENT, l->depth, "%s", "");
	}
}

/* RFC 3854 section 4.3, on the innermost signed layer. */
static void
judge_originator(cx4_reader *r, struct verdict *v)
{
	const struct cx4i_layer_info *l;
	X509 **certs;
	size_t n;

	l = cx4i_report_innermost_signed(&r->report);
	if (l == NULL || !r->report.has_content || r->report.heading == NULL ||
	    l->err.code != CX4_OK || count_good(l) == 0)
		return;
	certs = signer_certs(l, &n);
	if (certs == NULL || cx4i_report_check_originator(r->ctx, &r->report,
	    certs, n) != CX4_OK)
		cx4i_fail(&r->err, CX4_E_NOMEM, "%s", "addresses");
	else
		judge_originator_check(r, l);
	free(certs);
	consider(v, &r->err);
}

/* Protected content is carried whatever it is; here it is all there is. */
static void
judge_plain(cx4_reader *r, struct verdict *v)
{
	if (r->mode != CX4_MODE_CONTENT || r->report.heading == NULL ||
	    v->worst != NULL || cx4i_heading_state(r->report.heading) !=
	    CX4I_HEADING_NOT_UNDERSTOOD)
		return;
	cx4i_fail(&r->err, CX4_E_CONTENT, "%s", r->report.content_type);
	consider(v, &r->err);
}

/* The smime-type says what it says; the layers are what they are. */
static void
judge_wrapper(cx4_reader *r, struct verdict *v)
{
	const struct cx4i_mime_info *mime = r->report.mime;
	const char *right = r->report.smime_type;

	if (mime == NULL || mime->smime_type[0] == '\0' || right == NULL ||
	    r->report.layer_count == 0 ||
	    strcmp(mime->smime_type, right) == 0)
		return;
	if (r->mode == CX4_MODE_STRIP && cx4i_report_is_open(&r->report) &&
	    v->worst == NULL) {
		cx4i_fail(&r->err, CX4_E_WRAPPER,
		    "smime-type is %s, the layers are %s",
		    mime->smime_type, right);
		consider(v, &r->err);
		return;
	}
	cx4i_warn(&r->report.warnings, CX4_W_SMIME_TYPE, -1,
	    "%s instead of %s", mime->smime_type, right);
}

/* contentHints names the innermost signed content (RFC 2634 section 2.9). */
static void
judge_hints(cx4_reader *r)
{
	const struct cx4i_layer_info *inner;
	const struct cx4i_signer_info *s;
	size_t i, j;

	inner = cx4i_report_innermost_signed(&r->report);
	/* Of a message that is not open to its core nothing can be said. */
	if (inner == NULL || !r->report.has_content ||
	    !cx4i_report_is_open(&r->report))
		return;
	for (i = 0; i < r->report.layer_count; i++)
		for (j = 0; j < r->report.layers[i]->signer_count; j++) {
			s = &r->report.layers[i]->signers[j];
			if (s->hint[0] == '\0' ||
			    strcmp(s->hint, inner->content_type) == 0)
				continue;
			cx4i_warn(&r->report.warnings, CX4_W_HINT, (int)i,
			    "%s instead of %s", s->hint,
			    inner->content_type);
		}
}

static void
judge_attributes(cx4_reader *r)
{
	const struct cx4i_signer_info *s;
	size_t i, j, k;

	for (i = 0; i < r->report.layer_count; i++)
		for (j = 0; j < r->report.layers[i]->signer_count; j++) {
			s = &r->report.layers[i]->signers[j];
			for (k = 0; k < s->unknown_count; k++)
				cx4i_warn(&r->report.warnings,
				    CX4_W_UNKNOWN_ATTRIBUTE, (int)i, "%s",
				    s->unknown[k]);
		}
}

static const char *
encoding_name(const cx4_reader *r)
{
	size_t i;

	if (r->source.form == CX4I_FORM_PEM)
		return "pem";
	if (r->source.form == CX4I_FORM_MIME)
		return "mime";
	if (r->source.form == CX4I_FORM_UNKNOWN ||
	    r->mode == CX4_MODE_CONTENT)
		return NULL;
	for (i = 0; i < r->report.layer_count; i++)
		if (r->report.layers[i]->indefinite)
			return "ber";
	return "der";
}

static void
copy_error(cx4_error *to, const cx4_error *from)
{
	if (to == from)
		return;
	free(to->causes);
	*to = *from;
	to->causes = from->causes != NULL ? strdup(from->causes) : NULL;
}

void
cx4i_reader_judge(cx4_reader *r)
{
	struct verdict v = { NULL };
	size_t i;

	consider(&v, &r->err);
	for (i = 0; i < r->report.layer_count; i++) {
		make_uniform(r, i, &v);
		consider(&v, &r->report.layers[i]->err);
		judge_signers(r, r->report.layers[i], &v);
	}
	/* Of the layers that are still there. */
	r->report.encoding = encoding_name(r);
	cx4i_report_find_smime_type(&r->report);
	judge_attributes(r);
	if (r->reading.verify) {
		judge_unsigned(r, &v);
		judge_originator(r, &v);
		judge_hints(r);
	}
	judge_plain(r, &v);
	judge_wrapper(r, &v);
	if (v.worst != NULL)
		copy_error(&r->err, v.worst);
	r->report.code = r->err.code;
	r->report.err = r->err.code != CX4_OK ? &r->err : NULL;
}
