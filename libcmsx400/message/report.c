/*
 * report.c - the report: keeping it, and asking it single questions. The
 * walk over all of it is in walkreport.c.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../cms/certaddr.h"
#include "../cmsx400_openssl.h"
#include "../x400/ctype.h"
#include "report.h"

void
cx4i_report_init(struct cx4_report *r)
{
	memset(r, 0, sizeof(*r));
}

void
cx4i_report_clear(struct cx4_report *r)
{
	cx4i_report_cut(r, 0);
	free(r->warnings.list);
	memset(r, 0, sizeof(*r));
}

struct cx4i_layer_info *
cx4i_report_add_layer(struct cx4_report *r)
{
	struct cx4i_layer_info *l;

	if (r->layer_count == CX4I_MAX_LAYERS ||
	    (l = malloc(sizeof(*l))) == NULL)
		return NULL;
	cx4i_layer_info_init(l, (int)r->layer_count);
	r->layers[r->layer_count++] = l;
	return l;
}

void
cx4i_report_cut(struct cx4_report *r, size_t depth)
{
	size_t i, kept = 0;

	while (r->layer_count > depth) {
		r->layer_count--;
		cx4i_layer_info_free(r->layers[r->layer_count]);
		free(r->layers[r->layer_count]);
		r->layers[r->layer_count] = NULL;
	}
	for (i = 0; i < r->warnings.count; i++)
		if (r->warnings.list[i].layer < (int)depth)
			r->warnings.list[kept++] = r->warnings.list[i];
	r->warnings.count = kept;
	cx4i_heading_free(&r->heading);
	free(r->originator);
	r->originator = NULL;
	r->originator_check = CX4_ORIGINATOR_NOT_CHECKED;
	r->has_content = 0;
	r->content_type[0] = '\0';
	r->content_octets = 0;
	r->smime_type = NULL;
}

struct cx4i_layer_info *
cx4i_report_innermost_signed(const struct cx4_report *r)
{
	size_t i;

	for (i = r->layer_count; i > 0; i--)
		if (r->layers[i - 1]->type == CX4_LAYER_SIGNED)
			return r->layers[i - 1];
	return NULL;
}

static int
is_layer_type(const char *oid)
{
	return cx4i_layer_type(cx4i_oid_find_text(oid)) != 0;
}

int
cx4i_report_is_open(const struct cx4_report *r)
{
	const struct cx4i_layer_info *last;

	if (r->layer_count == 0)
		return 0;
	last = r->layers[r->layer_count - 1];
	return last->certs_only || !is_layer_type(last->content_type);
}

/* contentHints on the signature directly around layer `i`, or "". */
static const char *
hint_around(const struct cx4_report *r, size_t i)
{
	const struct cx4i_layer_info *outer;
	size_t s;

	if (i == 0 || r->layers[i - 1]->type != CX4_LAYER_SIGNED)
		return "";
	outer = r->layers[i - 1];
	for (s = 0; s < outer->signer_count; s++)
		if (outer->signers[s].hint[0] != '\0')
			return outer->signers[s].hint;
	return "";
}

void
cx4i_report_find_smime_type(struct cx4_report *r)
{
	const struct cx4i_layer_info *last;
	const char *hint;

	r->smime_type = NULL;
	if (r->layer_count == 0)
		return;
	last = r->layers[r->layer_count - 1];
	if (last->type == 0)
		return;
	if (last->certs_only) {
		r->smime_type = "certs-only";
		return;
	}
	if (!is_layer_type(last->content_type)) {
		r->smime_type = cx4i_smime_type(
		    last->type == CX4_LAYER_SIGNED, last->content_type);
		return;
	}
	/* Closed: what the sender hinted at is all there is to go by. */
	hint = hint_around(r, r->layer_count - 1);
	if (cx4i_is_encrypted(cx4i_layer_type(cx4i_oid_find_text(hint))))
		r->smime_type = "enveloped-x400";
	else if (cx4i_ctype_is_x400(hint) &&
	    cx4i_oid_find_text(last->content_type) == CX4I_OID_SIGNED_DATA)
		r->smime_type = "signed-x400";
}

int
cx4i_report_take_originator(struct cx4_report *r)
{
	const cx4_address *a;

	if (r->heading == NULL || r->originator != NULL ||
	    cx4i_heading_state(r->heading) != CX4I_HEADING_READ)
		return CX4_OK;
	if ((a = cx4i_heading_originator(r->heading)) == NULL)
		return CX4_OK;
	r->originator = cx4_address_to_text(a, CX4_FORM_F401);
	return r->originator != NULL ? CX4_OK : CX4_E_NOMEM;
}

struct comparing {
	const cx4_address *originator;	/* NULL: the content names none */
	int any;			/* a certificate has an address */
	int equal;
};

/* One that cannot be read is there, and equal to nothing. */
static int
compare_address(void *arg, const cx4_address *own)
{
	struct comparing *c = arg;

	c->any = 1;
	c->equal = own != NULL && c->originator != NULL &&
	    cx4_address_equal(own, c->originator);
	return c->equal;
}

int
cx4i_report_check_originator(cx4_ctx *ctx, struct cx4_report *r,
    X509 *const *certs, size_t count)
{
	struct comparing c = { NULL, 0, 0 };
	size_t i;
	int code;

	if (r->heading == NULL)
		return CX4_OK;
	if (cx4i_heading_state(r->heading) != CX4I_HEADING_READ) {
		r->originator_check = CX4_ORIGINATOR_NOT_UNDERSTOOD;
		return CX4_OK;
	}
	c.originator = cx4i_heading_originator(r->heading);
	for (i = 0; i < count && !c.equal; i++) {
		code = certs[i] != NULL ? cx4i_cert_addresses(ctx, certs[i],
		    compare_address, &c) : CX4_OK;
		if (code != CX4_OK)
			return code;
	}
	if (c.originator == NULL)
		r->originator_check = CX4_ORIGINATOR_NONE;
	else if (c.equal)
		r->originator_check = CX4_ORIGINATOR_MATCH;
	else
		r->originator_check = c.any ? CX4_ORIGINATOR_MISMATCH :
		    CX4_ORIGINATOR_NO_ADDRESS;
	return CX4_OK;
}

int
cx4_report_code(const cx4_report *r)
{
	return r->code;
}

size_t
cx4_report_layers(const cx4_report *r)
{
	return r->layer_count;
}

enum cx4_layer_type
cx4_report_layer_type(const cx4_report *r, size_t layer)
{
	return layer < r->layer_count ? r->layers[layer]->type :
	    (enum cx4_layer_type)0;
}

const char *
cx4_report_layer_content_type(const cx4_report *r, size_t layer)
{
	return layer < r->layer_count ? r->layers[layer]->content_type : NULL;
}

size_t
cx4_report_signers(const cx4_report *r, size_t layer)
{
	return layer < r->layer_count ? r->layers[layer]->signer_count : 0;
}

enum cx4_verdict
cx4_report_verdict(const cx4_report *r, size_t layer, size_t signer,
    enum cx4_check check)
{
	if (signer >= cx4_report_signers(r, layer) ||
	    (unsigned int)check >= CX4_CHECK_MAX_)
		return CX4_V_NOT_CHECKED;
	return r->layers[layer]->signers[signer].verdicts[check];
}

X509 *
cx4_report_signer_cert(const cx4_report *r, size_t layer, size_t signer)
{
	if (signer >= cx4_report_signers(r, layer))
		return NULL;
	return r->layers[layer]->signers[signer].cert;
}

enum cx4_originator
cx4_report_originator_check(const cx4_report *r)
{
	return r->originator_check;
}

const char *
cx4_report_content_type(const cx4_report *r)
{
	return r->has_content ? r->content_type : NULL;
}

const char *
cx4_report_originator(const cx4_report *r)
{
	return r->originator;
}

const char *
cx4_report_smime_type(const cx4_report *r)
{
	return r->smime_type;
}

size_t
cx4_report_warnings(const cx4_report *r)
{
	return r->warnings.count;
}

int
cx4_report_warning(const cx4_report *r, size_t n, const char **text,
    int *layer)
{
	if (n >= r->warnings.count)
		return 0;
	if (text != NULL)
		*text = r->warnings.list[n].text;
	if (layer != NULL)
		*layer = r->warnings.list[n].layer;
	return r->warnings.list[n].code;
}
