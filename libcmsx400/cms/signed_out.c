/*
 * signed_out.c - writing SignedData (RFC 5652 section 5) in one pass.
 *
 * The tail (certificates, SignerInfos) is made once with zeros to learn its
 * length, and again with the digest of the content when all has passed.
 * Without signers it is the degenerate form that conveys certificates
 * (RFC 3854 section 2.4.1).
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "signature.h"

struct signed_body {
	EVP_MD_CTX *md;
	struct cx4i_signer_out *signers;
	size_t signer_count;
	struct cx4i_der head;	/* version, digestAlgorithms */
	struct cx4i_der type;	/* eContentType */
	struct cx4i_der certs;	/* certificates, or empty */
	uint64_t tail_len;	/* certificates and signerInfos */
};

static int
no_memory(struct cx4i_layer_out *l)
{
	return cx4i_fail(l->writing->err, CX4_E_NOMEM, "%s", "layer");
}

static int
is_certs_only(const struct cx4i_layer_out *l)
{
	return l->id_count == 0;
}

/*
 * RFC 5652 section 5.1: version 3 if eContentType is not id-data or a
 * SignerInfo has version 3, else 1.
 */
static int
build_head(struct cx4i_layer_out *l, struct signed_body *b)
{
	int is_data = strcmp(l->content_type,
	    cx4i_oid_text(CX4I_OID_DATA)) == 0;
	int ski = (l->writing->options & CX4_WRITE_SKI) &&
	    !is_certs_only(l);

	cx4i_der_uint(&b->head, is_data && !ski ? 1 : 3);
	cx4i_der_open(&b->head, CX4I_SET);
	if (!is_certs_only(l))
		cx4i_alg_digest(&b->head, l->writing->digest);
	cx4i_der_close(&b->head);
	cx4i_der_oid_text(&b->type, l->content_type);
	return cx4i_der_ok(&b->head) && cx4i_der_ok(&b->type);
}

static int
is_self_signed(X509 *x)
{
	return (X509_get_extension_flags(x) & EXFLAG_SS) != 0;
}

static int
add_cert(struct cx4i_der *d, X509 *x)
{
	unsigned char *p = NULL;
	int n = i2d_X509(x, &p);

	if (n > 0)
		cx4i_der_raw(d, p, (size_t)n);
	OPENSSL_free(p);
	return n > 0;
}

/* Add the certificate unless it is in already: [0] holds a SET OF. */
static int
add_once(struct cx4i_der *d, STACK_OF(X509) *in, X509 *x)
{
	int i;

	for (i = 0; i < sk_X509_num(in); i++)
		if (X509_cmp(sk_X509_value(in, i), x) == 0)
			return 1;
	return sk_X509_push(in, x) > 0 && add_cert(d, x);
}

/* The certificate, and those above it except an anchor. */
static int
add_chain(struct cx4i_der *d, STACK_OF(X509) *in, const cx4_id *id)
{
	int i, ok = add_once(d, in, id->cert);
	X509 *x;

	for (i = 0; ok && i < sk_X509_num(id->chain); i++) {
		x = sk_X509_value(id->chain, i);
		if (!is_self_signed(x))
			ok = add_once(d, in, x);
	}
	return ok;
}

static int
build_certs(struct cx4i_layer_out *l, struct signed_body *b)
{
	STACK_OF(X509) *in = sk_X509_new_null();
	int ok = in != NULL;
	size_t i;

	cx4i_der_open(&b->certs, CX4I_CONTEXT_C(0));
	if (!(l->writing->options & CX4_WRITE_NO_CERTS))
		for (i = 0; ok && i < l->id_count; i++)
			ok = add_chain(&b->certs, in, l->ids[i]);
	for (i = 0; ok && i < l->extra_count; i++) {
		ok = add_once(&b->certs, in, l->extra[i]->cert);
		if (ok && is_certs_only(l))
			ok = add_chain(&b->certs, in, l->extra[i]);
	}
	cx4i_der_close_set_of(&b->certs);
	/* OPTIONAL: an empty one is left out. */
	if (sk_X509_num(in) == 0)
		cx4i_buf_reset(&b->certs.buf);
	sk_X509_free(in);
	return ok && cx4i_der_ok(&b->certs);
}

/* signerInfos, with signatures from `values`, or zeros if that is NULL. */
static int
build_signer_infos(struct cx4i_layer_out *l, struct cx4i_buf *values,
    struct cx4i_der *d)
{
	struct signed_body *b = l->body;
	struct cx4i_buf zeros = { NULL, 0, 0 };
	struct cx4i_slice value;
	uint8_t *p;
	size_t i;
	int ok = 1;

	cx4i_der_open(d, CX4I_SET);
	for (i = 0; ok && i < b->signer_count; i++) {
		if (values != NULL) {
			value = cx4i_buf_slice(&values[i]);
		} else {
			cx4i_buf_reset(&zeros);
			p = cx4i_buf_extend(&zeros,
			    b->signers[i].signature_len);
			ok = p != NULL;
			if (ok)
				memset(p, 0, b->signers[i].signature_len);
			value = cx4i_buf_slice(&zeros);
		}
		ok = ok && cx4i_signer_out_encode(&b->signers[i], l, value,
		    d) == 0;
	}
	cx4i_der_close_set_of(d);
	cx4i_buf_free(&zeros);
	return ok && cx4i_der_ok(d);
}

static int
init_signers(struct cx4i_layer_out *l, struct signed_body *b)
{
	size_t i;
	int r;

	if (is_certs_only(l))
		return CX4_OK;
	b->signers = calloc(l->id_count, sizeof(*b->signers));
	if (b->signers == NULL)
		return no_memory(l);
	for (i = 0; i < l->id_count; i++) {
		b->signer_count++;
		r = cx4i_signer_out_init(&b->signers[i], l, l->ids[i]);
		if (r != CX4_OK)
			return r;
	}
	return CX4_OK;
}

static int
start_digest(struct cx4i_layer_out *l, struct signed_body *b)
{
	const struct cx4i_writing *w = l->writing;
	EVP_MD *md;
	int ok;

	if (is_certs_only(l))
		return CX4_OK;
	md = EVP_MD_fetch(w->ctx->libctx, w->digest->evp, w->ctx->propq);
	b->md = EVP_MD_CTX_new();
	ok = md != NULL && b->md != NULL &&
	    EVP_DigestInit_ex2(b->md, md, NULL);
	EVP_MD_free(md);
	return ok ? CX4_OK : cx4i_fail_openssl(w->err, CX4_E_UNSUPPORTED,
	    "digest %s", cx4i_oid_name(w->digest->oid));
}

/* encapContentInfo's content octets, from the content's. */
static uint64_t
encap_len(const struct cx4i_layer_out *l, uint64_t content_len)
{
	const struct signed_body *b = l->body;

	if (is_certs_only(l))
		return b->type.buf.len;
	return b->type.buf.len +
	    cx4i_der_size(cx4i_der_size(content_len));
}

static uint64_t
body_len(const struct cx4i_layer_out *l)
{
	const struct signed_body *b = l->body;

	return b->head.buf.len +
	    cx4i_der_size(encap_len(l, l->content_len)) + b->tail_len;
}

static int
signed_prepare(struct cx4i_layer_out *l, uint64_t content_len,
    uint64_t *len)
{
	struct signed_body *b = l->body;
	struct cx4i_der infos;
	int r, ok;

	l->content_len = content_len;
	l->indefinite = content_len == CX4I_UNKNOWN_LENGTH;
	if ((r = init_signers(l, b)) != CX4_OK ||
	    (r = start_digest(l, b)) != CX4_OK)
		return r;
	cx4i_der_init(&infos);
	ok = build_head(l, b) && build_certs(l, b) &&
	    build_signer_infos(l, NULL, &infos);
	b->tail_len = b->certs.buf.len + infos.buf.len;
	cx4i_der_free(&infos);
	if (!ok)
		return no_memory(l);
	*len = l->indefinite ? CX4I_UNKNOWN_LENGTH :
	    cx4i_layer_shell_size(l, cx4i_der_size(body_len(l)));
	return CX4_OK;
}

static int
signed_begin(struct cx4i_layer_out *l)
{
	struct signed_body *b = l->body;
	uint64_t body = l->indefinite ? 0 : body_len(l);
	int r;

	if ((r = cx4i_layer_shell_begin(l, cx4i_der_size(body))) != CX4_OK ||
	    (r = cx4i_layer_header(l, CX4I_SEQUENCE, body)) != CX4_OK ||
	    (r = cx4i_layer_down(l, b->head.buf.data,
	    b->head.buf.len)) != CX4_OK ||
	    (r = cx4i_layer_header(l, CX4I_SEQUENCE,
	    encap_len(l, l->content_len))) != CX4_OK ||
	    (r = cx4i_layer_down(l, b->type.buf.data,
	    b->type.buf.len)) != CX4_OK || is_certs_only(l))
		return r;
	if ((r = cx4i_layer_header(l, CX4I_CONTEXT_C(0),
	    cx4i_der_size(l->content_len))) != CX4_OK)
		return r;
	return cx4i_layer_header(l, CX4I_OCTET_STRING, l->content_len);
}

static int
signed_push(struct cx4i_layer_out *l, const uint8_t *data, size_t len)
{
	struct signed_body *b = l->body;

	if (is_certs_only(l))
		return cx4i_fail(l->writing->err, CX4_E_LENGTH,
		    "certificates only have no content");
	if (!l->indefinite && len > l->content_len - l->taken)
		return cx4i_fail(l->writing->err, CX4_E_LENGTH,
		    "more than %llu octets",
		    (unsigned long long)l->content_len);
	l->taken += len;
	if (!EVP_DigestUpdate(b->md, data, len))
		return cx4i_fail_openssl(l->writing->err, CX4_E_CRYPTO,
		    "digest");
	return cx4i_layer_content(l, data, len);
}

static int
sign_all(struct cx4i_layer_out *l, struct cx4i_buf *values)
{
	struct signed_body *b = l->body;
	uint8_t digest[EVP_MAX_MD_SIZE];
	size_t i;
	int r;

	if (is_certs_only(l))
		return CX4_OK;
	if (!EVP_DigestFinal_ex(b->md, digest, NULL))
		return cx4i_fail_openssl(l->writing->err, CX4_E_CRYPTO,
		    "digest");
	for (i = 0; i < b->signer_count; i++) {
		r = cx4i_signer_out_sign(&b->signers[i], l, digest,
		    !l->indefinite, &values[i]);
		if (r != CX4_OK)
			return r;
	}
	return CX4_OK;
}

static int
write_tail(struct cx4i_layer_out *l, struct cx4i_buf *values)
{
	struct signed_body *b = l->body;
	struct cx4i_der infos;
	int r;

	cx4i_der_init(&infos);
	if (!build_signer_infos(l, values, &infos)) {
		r = no_memory(l);
		goto out;
	}
	if (!l->indefinite &&
	    b->certs.buf.len + infos.buf.len != b->tail_len) {
		r = cx4i_fail(l->writing->err, CX4_E_SIGNATURE_SIZE,
		    "the tail of the layer");
		goto out;
	}
	if ((r = cx4i_layer_down(l, b->certs.buf.data,
	    b->certs.buf.len)) != CX4_OK ||
	    (r = cx4i_layer_down(l, infos.buf.data, infos.buf.len)) !=
	    CX4_OK || (r = cx4i_layer_end(l, 1)) != CX4_OK)
		goto out;
	r = cx4i_layer_shell_end(l);
out:
	cx4i_der_free(&infos);
	return r;
}

static int
signed_finish(struct cx4i_layer_out *l)
{
	struct signed_body *b = l->body;
	struct cx4i_buf *values;
	size_t i;
	int r;

	if (!l->indefinite && l->taken != l->content_len)
		return cx4i_fail(l->writing->err, CX4_E_LENGTH,
		    "%llu octets instead of %llu",
		    (unsigned long long)l->taken,
		    (unsigned long long)l->content_len);
	values = calloc(b->signer_count + 1, sizeof(*values));
	if (values == NULL)
		return no_memory(l);
	/* The octet string, [0] and encapContentInfo; only the last alone. */
	if ((r = cx4i_layer_content_end(l)) == CX4_OK &&
	    (r = cx4i_layer_end(l, is_certs_only(l) ? 1 : 3)) == CX4_OK &&
	    (r = sign_all(l, values)) == CX4_OK)
		r = write_tail(l, values);
	for (i = 0; i < b->signer_count; i++)
		cx4i_buf_free(&values[i]);
	free(values);
	return r;
}

static int
signed_describe(struct cx4i_layer_out *l, struct cx4i_layer_info *info)
{
	struct signed_body *b = l->body;
	struct cx4i_slice in = cx4i_buf_slice(&b->certs.buf);
	struct cx4i_tlv t;
	size_t i;

	info->certs_only = is_certs_only(l);
	if (cx4i_tlv_next(&in, &t) == 1)
		info->certificate_count = (size_t)cx4i_tlv_count(t.body);
	if (b->signer_count == 0)
		return CX4_OK;
	info->signers = calloc(b->signer_count, sizeof(*info->signers));
	if (info->signers == NULL)
		return no_memory(l);
	for (i = 0; i < b->signer_count; i++) {
		cx4i_err_init(&info->signers[i].err);
		info->signer_count++;
		cx4i_signer_out_describe(&b->signers[i], l,
		    &info->signers[i]);
	}
	return CX4_OK;
}

static void
signed_free(struct cx4i_layer_out *l)
{
	struct signed_body *b = l->body;
	size_t i;

	EVP_MD_CTX_free(b->md);
	for (i = 0; i < b->signer_count; i++)
		cx4i_signer_out_free(&b->signers[i]);
	free(b->signers);
	cx4i_der_free(&b->head);
	cx4i_der_free(&b->type);
	cx4i_der_free(&b->certs);
	free(b);
}

static const struct cx4i_layer_out_ops signed_ops = {
	signed_prepare, signed_begin, signed_push, signed_finish,
	signed_describe, signed_free
};

struct cx4i_layer_out *
cx4i_signed_out_new(struct cx4i_writing *w)
{
	struct cx4i_layer_out *l = calloc(1, sizeof(*l));
	struct signed_body *b = calloc(1, sizeof(*b));

	if (l == NULL || b == NULL) {
		free(l);
		free(b);
		return NULL;
	}
	cx4i_der_init(&b->head);
	cx4i_der_init(&b->type);
	cx4i_der_init(&b->certs);
	l->ops = &signed_ops;
	l->writing = w;
	l->type = CX4_LAYER_SIGNED;
	l->body = b;
	return l;
}
