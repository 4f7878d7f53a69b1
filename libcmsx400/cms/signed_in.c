/*
 * signed_in.c - reading SignedData (RFC 5652 section 5) in one pass.
 *
 * digestAlgorithms come before the content, so the digests run while the
 * content flows through; certificates and SignerInfos come after it and are
 * held, under limits, until the structure ends.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "signer.h"

enum {
	ID_SIGNED_DATA = 16,
	ID_VERSION,
	ID_DIGESTS,
	ID_ENCAP,
	ID_TYPE,
	ID_CONTENT,
	ID_OCTETS,
	ID_CERTS,
	ID_CRLS,
	ID_SIGNERS
};

static const struct cx4i_field fields[] = {
	{ 0, CX4I_SEQUENCE, CX4I_ENTER, 0, ID_SIGNED_DATA, "SignedData" },
	{ 1, CX4I_INTEGER, CX4I_HOLD, 0, ID_VERSION, "version" },
	{ 1, CX4I_SET, CX4I_EACH, 0, ID_DIGESTS, "digestAlgorithms" },
	{ 1, CX4I_SEQUENCE, CX4I_ENTER, 0, ID_ENCAP, "encapContentInfo" },
	{ 2, CX4I_OID, CX4I_HOLD, 0, ID_TYPE, "eContentType" },
	{ 2, CX4I_CONTEXT_C(0), CX4I_ENTER, 1, ID_CONTENT, "eContent" },
	{ 3, CX4I_OCTET_STRING, CX4I_OCTETS, 0, ID_OCTETS, "eContent" },
	{ 1, CX4I_CONTEXT_C(0), CX4I_EACH, 1, ID_CERTS, "certificates" },
	{ 1, CX4I_CONTEXT_C(1), CX4I_EACH, 1, ID_CRLS, "crls" },
	{ 1, CX4I_SET, CX4I_EACH, 0, ID_SIGNERS, "signerInfos" },
};

/* One digest each for the algorithms that are known. */
#define MAX_DIGESTS 8

/* Elements held one behind the other; slices are made when all are there. */
struct held {
	struct cx4i_buf octets;
	size_t *ends;
	size_t count;
};

struct signed_body {
	struct cx4i_buf type;		/* content octets of eContentType */
	struct cx4i_content_digest digests[MAX_DIGESTS];
	size_t digest_count;
	size_t digest_listed;
	int has_content;
	uint8_t begin[24];		/* first octets of the content */
	size_t begin_len;
	struct held certs, crls, signers;
};

static int
held_add(struct held *h, struct cx4i_slice s)
{
	size_t *grown = realloc(h->ends, (h->count + 1) * sizeof(*grown));

	if (grown == NULL)
		return -1;
	h->ends = grown;
	if (cx4i_buf_add(&h->octets, s.data, s.len) != 0)
		return -1;
	h->ends[h->count++] = h->octets.len;
	return 0;
}

static struct cx4i_slice
held_get(const struct held *h, size_t i)
{
	size_t start = i > 0 ? h->ends[i - 1] : 0;
	struct cx4i_slice s = { h->octets.data + start, h->ends[i] - start };

	return s;
}

/* Slices of all elements; NULL if there are none or no memory. */
static struct cx4i_slice *
held_slices(const struct held *h)
{
	struct cx4i_slice *all;
	size_t i;

	if (h->count == 0 || (all = calloc(h->count, sizeof(*all))) == NULL)
		return NULL;
	for (i = 0; i < h->count; i++)
		all[i] = held_get(h, i);
	return all;
}

static void
held_free(struct held *h)
{
	cx4i_buf_free(&h->octets);
	free(h->ends);
}

static int
signed_open(struct cx4i_layer_in *l)
{
	if ((l->body = calloc(1, sizeof(struct signed_body))) == NULL)
		return cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "layer");
	return CX4_OK;
}

static int
start_digest(struct cx4i_layer_in *l, const struct cx4i_digest_alg *alg)
{
	const cx4_ctx *ctx = l->reading->ctx;
	struct signed_body *b = l->body;
	struct cx4i_content_digest *d;
	EVP_MD *md;
	size_t i;
	int ok;

	for (i = 0; i < b->digest_count; i++)
		if (b->digests[i].alg == alg)
			return CX4_OK;
	if (b->digest_count == MAX_DIGESTS)
		return CX4_OK;
	d = &b->digests[b->digest_count];
	md = EVP_MD_fetch(ctx->libctx, alg->evp, ctx->propq);
	d->ctx = EVP_MD_CTX_new();
	ok = md != NULL && d->ctx != NULL &&
	    EVP_DigestInit_ex2(d->ctx, md, NULL);
	EVP_MD_free(md);
	if (!ok) {
		EVP_MD_CTX_free(d->ctx);
		d->ctx = NULL;
		return cx4i_fail_openssl(&l->info->err, CX4_E_CRYPTO,
		    "digest %s", alg->evp);
	}
	d->alg = alg;
	b->digest_count++;
	return CX4_OK;
}

static int
on_digest_algorithm(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	const struct cx4i_digest_alg *alg;
	struct signed_body *b = l->body;
	struct cx4i_buf definite = { NULL, 0, 0 };
	struct cx4i_alg_id id;
	int r = CX4_OK;

	if (++b->digest_listed >
	    cx4_policy_limit(l->reading->policy, CX4_LIMIT_SIGNERS))
		return cx4i_fail(&l->info->err, CX4_E_LIMIT_SIGNERS,
		    "digestAlgorithms");
	if (cx4i_tlv_definite(whole, &definite, NULL) == CX4_E_NOMEM)
		r = cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "layer");
	else if (cx4i_alg_parse(cx4i_buf_slice(&definite), &id) != 0)
		r = cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "digestAlgorithms");
	else if (l->reading->verify &&
	    (alg = cx4i_digest_by_oid(id.oid)) != NULL)
		r = start_digest(l, alg);
	cx4i_buf_free(&definite);
	return r;
}

static int
on_type(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct signed_body *b = l->body;
	struct cx4i_slice in = whole;
	struct cx4i_tlv t;
	int r;

	if ((r = cx4i_layer_set_type(l, whole)) != CX4_OK)
		return r;
	if (cx4i_tlv_expect(&in, CX4I_OID, &t) != 0 ||
	    cx4i_buf_add(&b->type, t.body.data, t.body.len) != 0)
		return cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "layer");
	return CX4_OK;
}

static int
on_held(struct cx4i_layer_in *l, struct held *h, struct cx4i_slice whole,
    enum cx4_limit limit, int code)
{
	if (h->count >= cx4_policy_limit(l->reading->policy, limit))
		return cx4i_fail(&l->info->err, code, "more than %zu",
		    h->count);
	if (held_add(h, whole) != 0)
		return cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "layer");
	return CX4_OK;
}

static int
signed_enter(struct cx4i_layer_in *l, int id,
    const struct cx4i_ber_event *ev)
{
	struct signed_body *b = l->body;

	(void)ev;
	if (id != ID_OCTETS)
		return CX4_OK;
	b->has_content = 1;
	return cx4i_layer_open_content(l);
}

static int
signed_field(struct cx4i_layer_in *l, int id, struct cx4i_slice whole)
{
	struct signed_body *b = l->body;

	switch (id) {
	case ID_VERSION:
		return cx4i_layer_set_version(l, whole);
	case ID_DIGESTS:
		return on_digest_algorithm(l, whole);
	case ID_TYPE:
		return on_type(l, whole);
	case ID_CERTS:
		if (whole.len > CX4I_CERT_MAX)
			return cx4i_fail(&l->info->err,
			    CX4_E_LIMIT_CERTIFICATES,
			    "a certificate of %zu octets", whole.len);
		return on_held(l, &b->certs, whole, CX4_LIMIT_CERTIFICATES,
		    CX4_E_LIMIT_CERTIFICATES);
	case ID_CRLS:
		return on_held(l, &b->crls, whole, CX4_LIMIT_CERTIFICATES,
		    CX4_E_LIMIT_CERTIFICATES);
	case ID_SIGNERS:
		return on_held(l, &b->signers, whole, CX4_LIMIT_SIGNERS,
		    CX4_E_LIMIT_SIGNERS);
	default:
		return CX4_OK;
	}
}

static int
signed_octets(struct cx4i_layer_in *l, const uint8_t *data, size_t len)
{
	struct signed_body *b = l->body;
	size_t i;

	for (i = 0; i < len && b->begin_len < sizeof(b->begin); i++)
		b->begin[b->begin_len++] = data[i];
	for (i = 0; i < b->digest_count; i++)
		if (!EVP_DigestUpdate(b->digests[i].ctx, data, len))
			return cx4i_fail_openssl(&l->info->err, CX4_E_CRYPTO,
			    "digest");
	return cx4i_layer_give(l, data, len);
}

static int
signed_leave(struct cx4i_layer_in *l, int id)
{
	return id == ID_OCTETS ? cx4i_layer_end_content(l) : CX4_OK;
}

/* The value for comparing; the context stays good for verify_content. */
static int
end_digests(struct cx4i_layer_in *l)
{
	struct signed_body *b = l->body;
	EVP_MD_CTX *copy;
	size_t i;
	int ok;

	for (i = 0; i < b->digest_count; i++) {
		copy = EVP_MD_CTX_new();
		ok = copy != NULL &&
		    EVP_MD_CTX_copy_ex(copy, b->digests[i].ctx) &&
		    EVP_DigestFinal_ex(copy, b->digests[i].value, NULL);
		EVP_MD_CTX_free(copy);
		if (!ok)
			return cx4i_fail_openssl(&l->info->err, CX4_E_CRYPTO,
			    "digest");
	}
	return CX4_OK;
}

/*
 * RFC 5652 section 5.1: 3 if eContentType is not id-data (or a SignerInfo
 * has version 3), else 1. 4 and 5 announce kinds of certificates and CRLs
 * that are passed over here. A wrong number is told, not refused: it is
 * not signed and decides nothing.
 */
static void
check_version(struct cx4i_layer_in *l)
{
	struct signed_body *b = l->body;
	int is_data = cx4i_oid_find(cx4i_buf_slice(&b->type)) ==
	    CX4I_OID_DATA;

	if (l->info->version == 3 || l->info->version == 4 ||
	    l->info->version == 5 || (l->info->version == 1 && is_data))
		return;
	cx4i_warn(l->reading->warnings, CX4_W_VERSION, l->info->depth,
	    "SignedData has version %u", l->info->version);
}

static int
judge_signers(struct cx4i_layer_in *l)
{
	struct signed_body *b = l->body;
	struct cx4i_signed_parts parts;
	struct cx4i_slice *certs = held_slices(&b->certs);
	size_t i;
	int ok;

	memset(&parts, 0, sizeof(parts));
	parts.reading = l->reading;
	parts.content_type = l->info->content_type;
	parts.content_type_body = cx4i_buf_slice(&b->type);
	parts.begin.data = b->begin;
	parts.begin.len = b->begin_len;
	parts.digests = b->digests;
	parts.digest_count = b->digest_count;
	parts.crls = held_slices(&b->crls);
	parts.crl_count = b->crls.count;
	l->info->signers = calloc(b->signers.count,
	    sizeof(*l->info->signers));
	ok = l->info->signers != NULL &&
	    (certs != NULL || b->certs.count == 0) &&
	    (parts.crls != NULL || b->crls.count == 0) &&
	    cx4i_pool_init(&parts.pool, l->reading, certs,
	    b->certs.count) == 0;
	for (i = 0; ok && i < b->signers.count; i++) {
		cx4i_err_init(&l->info->signers[i].err);
		l->info->signers[i].err.layer = l->info->depth;
		l->info->signer_count++;
		cx4i_signer_check(&parts, held_get(&b->signers, i),
		    &l->info->signers[i]);
	}
	sk_X509_pop_free(parts.untrusted, X509_free);
	sk_X509_CRL_pop_free(parts.crl_stack, X509_CRL_free);
	cx4i_pool_free(&parts.pool);
	free(certs);
	free(parts.crls);
	return ok ? CX4_OK : cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s",
	    "signers");
}

static int
signed_finish(struct cx4i_layer_in *l)
{
	struct signed_body *b = l->body;
	int r;

	l->info->certificate_count = b->certs.count;
	l->info->crl_count = b->crls.count;
	l->info->certs_only = !b->has_content && b->signers.count == 0;
	check_version(l);
	if ((r = end_digests(l)) != CX4_OK)
		return r;
	if (b->signers.count > 0 && (r = judge_signers(l)) != CX4_OK)
		return r;
	if (!l->reading->verify)
		return CX4_OK;
	if (l->info->certs_only)
		return cx4i_fail(&l->info->err, CX4_E_CERTS_ONLY,
		    "%zu certificates", b->certs.count);
	if (!b->has_content)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "eContent is absent; only the embedded form is used "
		    "(RFC 3854 section 3)");
	if (b->signers.count == 0)
		return cx4i_fail(&l->info->err, CX4_E_NO_SIGNER, "%s",
		    "signerInfos is empty");
	return CX4_OK;
}

static void
signed_free(struct cx4i_layer_in *l)
{
	struct signed_body *b = l->body;
	size_t i;

	for (i = 0; i < b->digest_count; i++)
		EVP_MD_CTX_free(b->digests[i].ctx);
	cx4i_buf_free(&b->type);
	held_free(&b->certs);
	held_free(&b->crls);
	held_free(&b->signers);
	free(b);
}

const struct cx4i_body_ops cx4i_signed_in = {
	CX4_LAYER_SIGNED, fields, sizeof(fields) / sizeof(fields[0]),
	signed_open, signed_enter, signed_field, signed_octets,
	signed_leave, signed_finish, signed_free
};
