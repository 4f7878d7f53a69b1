/*
 * enveloped_out.c - writing EnvelopedData (RFC 5652 section 6), or with an
 * authenticated cipher AuthEnvelopedData (RFC 5083), in one pass.
 *
 * OpenSSL's CMS makes the content key, the RecipientInfos and the version,
 * as a detached object; its encoding, taken apart, is our head. The content
 * is encrypted by the cipher context that it has set up.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "attrs.h"
#include "layer_out.h"
#include "recipient.h"

#define CHUNK 16384
#define TAG_LEN 16

struct enveloped_body {
	EVP_CIPHER_CTX *cipher;
	struct cx4i_buf head;		/* version ... recipientInfos */
	struct cx4i_buf info;		/* contentType, algorithm */
	uint64_t cipher_len;		/* octets of ciphertext */
	struct cx4i_der auth_attrs;	/* SET OF, or empty */
	uint8_t out[CHUNK + EVP_MAX_BLOCK_LENGTH];
};

static int
is_auth(const struct cx4i_layer_out *l)
{
	return l->type == CX4_LAYER_AUTH_ENVELOPED;
}

static int
no_memory(struct cx4i_layer_out *l)
{
	return cx4i_fail(l->writing->err, CX4_E_NOMEM, "%s", "layer");
}

static int
unfit(struct cx4i_layer_out *l, const cx4_id *id, const char *why)
{
	char name[CX4I_TEXT];

	cx4i_name_text(X509_get_subject_name(id->cert), name, sizeof(name));
	return cx4i_fail_openssl(l->writing->err, CX4_E_RECIPIENT_UNFIT,
	    "%s (%s)", why, name);
}

/* RSAES-OAEP with the digest of the policy for hash and MGF1. */
static int
set_oaep(EVP_PKEY_CTX *pctx, const EVP_MD *md)
{
	return EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_OAEP_PADDING) > 0 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md(pctx, md) > 0 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(pctx, md) > 0;
}

/*
 * RFC 5753 section 7.1.4: the digest of the key derivation is a parameter;
 * OpenSSL's default is SHA-1, which a policy may not write. X9.42
 * Diffie-Hellman has SHA-1 and no other (RFC 2631 section 2.1.2).
 */
static int
set_parameters(struct cx4i_layer_out *l, CMS_RecipientInfo *ri, EVP_PKEY *pub)
{
	const struct cx4i_writing *w = l->writing;
	EVP_PKEY_CTX *pctx = CMS_RecipientInfo_get0_pkey_ctx(ri);
	EVP_MD *md;
	int ok = 1;

	md = EVP_MD_fetch(w->ctx->libctx, w->digest->evp, w->ctx->propq);
	if (pctx == NULL || md == NULL)
		ok = 0;
	else if (EVP_PKEY_is_a(pub, "EC"))
		ok = EVP_PKEY_CTX_set_ecdh_kdf_md(pctx, md) > 0;
	else if (w->options & CX4_WRITE_RSA_OAEP)
		ok = set_oaep(pctx, md);
	EVP_MD_free(md);
	return ok;
}

static int
add_recipient(struct cx4i_layer_out *l, CMS_ContentInfo *cms,
    const cx4_id *id)
{
	const struct cx4i_profile *profile = l->writing->policy->profile;
	unsigned int flags = CMS_KEY_PARAM;
	EVP_PKEY *pub = X509_get0_pubkey(id->cert);
	CMS_RecipientInfo *ri;

	if (pub == NULL || !cx4_id_can_receive(id))
		return unfit(l, id, "key or keyUsage allow neither key "
		    "transport nor key agreement");
	if (EVP_PKEY_get_security_bits(pub) < profile->min_security_bits)
		return cx4i_fail(l->writing->err, CX4_E_POLICY,
		    "%s key of %d bits (policy %s)",
		    EVP_PKEY_get0_type_name(pub), EVP_PKEY_get_bits(pub),
		    profile->name);
	if (EVP_PKEY_is_a(pub, "DHX") && profile->dh < CX4I_WRITE_WARN)
		return cx4i_fail(l->writing->err, CX4_E_POLICY,
		    "Diffie-Hellman (policy %s)", profile->name);
	if ((l->writing->options & CX4_WRITE_SKI) && id->ski.len > 0)
		flags |= CMS_USE_KEYID;
	ri = CMS_add1_recipient_cert(cms, id->cert, flags);
	if (ri == NULL || !set_parameters(l, ri, pub))
		return unfit(l, id, "no RecipientInfo can be made");
	return CX4_OK;
}

static int
same_cert(const cx4_id *a, const cx4_id *b)
{
	return cx4i_slice_equal(cx4i_buf_slice(&a->der),
	    cx4i_buf_slice(&b->der));
}

/*
 * RFC 3854 section 3.3.1: a copy of the content key for the originator,
 * unless switched off, or the originator is a recipient anyway.
 */
static int
add_originator(struct cx4i_layer_out *l, CMS_ContentInfo *cms)
{
	const cx4_id *id = l->writing->originator;
	size_t i;

	if (l->writing->options & CX4_WRITE_NO_ORIGINATOR_COPY)
		return CX4_OK;
	if (id == NULL)
		return cx4i_fail(l->writing->err, CX4_E_ORIGINATOR_COPY,
		    "no originator is named");
	for (i = 0; i < l->id_count; i++)
		if (same_cert(l->ids[i], id))
			return CX4_OK;
	if (!cx4_id_can_receive(id))
		return cx4i_fail(l->writing->err, CX4_E_ORIGINATOR_COPY,
		    "the originator's certificate cannot receive");
	return add_recipient(l, cms, id);
}

static int
add_recipients(struct cx4i_layer_out *l, CMS_ContentInfo *cms)
{
	size_t i;
	int r;

	if (l->id_count == 0)
		return cx4i_fail(l->writing->err, CX4_E_USAGE,
		    "no recipient for an encrypted layer");
	for (i = 0; i < l->id_count; i++)
		if ((r = add_recipient(l, cms, l->ids[i])) != CX4_OK)
			return r;
	return add_originator(l, cms);
}

/* The cipher context that CMS_dataInit keys, and the RecipientInfos made. */
static int
start_cipher(struct cx4i_layer_out *l, CMS_ContentInfo *cms)
{
	struct enveloped_body *b = l->body;
	EVP_CIPHER_CTX *inner = NULL;
	BIO *chain, *sink = BIO_new(BIO_s_null());
	int ok = 0;

	if (sink == NULL)
		return no_memory(l);
	if ((chain = CMS_dataInit(cms, sink)) == NULL) {
		BIO_free(sink);
		return cx4i_fail_openssl(l->writing->err,
		    CX4_E_RECIPIENT_UNFIT, "the content key cannot be "
		    "encrypted");
	}
	b->cipher = EVP_CIPHER_CTX_new();
	if (b->cipher != NULL && BIO_get_cipher_ctx(chain, &inner) > 0)
		ok = EVP_CIPHER_CTX_copy(b->cipher, inner);
	BIO_free_all(chain);
	return ok ? CX4_OK : no_memory(l);
}

/*
 * ContentInfo { type, [0] { EnvelopedData { version, recipientInfos,
 * encryptedContentInfo { contentType, algorithm }, ... } } }: keep these
 * parts; what may follow is an empty mac.
 */
static int
take_apart(struct enveloped_body *b, struct cx4i_slice in)
{
	struct cx4i_tlv t, env;
	const uint8_t *start;

	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0)
		return -1;
	in = t.body;
	if (cx4i_tlv_expect(&in, CX4I_OID, &t) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_CONTEXT_C(0), &t) != 0)
		return -1;
	in = t.body;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &env) != 0)
		return -1;
	in = env.body;
	start = in.data;
	if (cx4i_tlv_expect(&in, CX4I_INTEGER, &t) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_SET, &t) != 0 ||
	    cx4i_buf_add(&b->head, start, (size_t)(in.data - start)) != 0)
		return -1;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0)
		return -1;
	return cx4i_buf_add(&b->info, t.body.data, t.body.len);
}

static int
build_head(struct cx4i_layer_out *l, CMS_ContentInfo *cms)
{
	struct cx4i_slice der;
	unsigned char *p = NULL;
	int n = i2d_CMS_ContentInfo(cms, &p), r = CX4_OK;

	der.data = p;
	der.len = n > 0 ? (size_t)n : 0;
	if (n <= 0 || take_apart(l->body, der) != 0)
		r = no_memory(l);
	OPENSSL_free(p);
	return r;
}

static int
set_content_type(CMS_ContentInfo *cms, const char *dotted)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(dotted, 1);
	int ok = oid != NULL && CMS_set1_eContentType(cms, oid);

	ASN1_OBJECT_free(oid);
	return ok;
}

static int
check_policy(struct cx4i_layer_out *l)
{
	const struct cx4i_writing *w = l->writing;

	if (cx4i_policy_cipher(w->policy, w->cipher) < CX4I_WRITE_WARN)
		return cx4i_fail(w->err, CX4_E_POLICY,
		    "cipher %s (policy %s)", cx4i_oid_name(w->cipher->oid),
		    w->policy->profile->name);
	return CX4_OK;
}

static int
make(struct cx4i_layer_out *l)
{
	const struct cx4i_writing *w = l->writing;
	CMS_ContentInfo *cms = NULL;
	EVP_CIPHER *cipher;
	int r;

	cipher = EVP_CIPHER_fetch(w->ctx->libctx, w->cipher->evp,
	    w->ctx->propq);
	if (cipher != NULL && is_auth(l))
		cms = CMS_AuthEnvelopedData_create_ex(cipher, w->ctx->libctx,
		    w->ctx->propq);
	else if (cipher != NULL)
		cms = CMS_EnvelopedData_create_ex(cipher, w->ctx->libctx,
		    w->ctx->propq);
	EVP_CIPHER_free(cipher);
	if (cms == NULL)
		return cx4i_fail_openssl(w->err, CX4_E_UNSUPPORTED,
		    "cipher %s", cx4i_oid_name(w->cipher->oid));
	if (!CMS_set_detached(cms, 1) ||
	    !set_content_type(cms, l->content_type))
		r = no_memory(l);
	else if ((r = add_recipients(l, cms)) == CX4_OK &&
	    (r = start_cipher(l, cms)) == CX4_OK)
		r = build_head(l, cms);
	CMS_ContentInfo_free(cms);
	return r;
}

static uint64_t
info_len(const struct cx4i_layer_out *l)
{
	const struct enveloped_body *b = l->body;

	return b->info.len + cx4i_der_size(b->cipher_len);
}

static uint64_t
body_len(const struct cx4i_layer_out *l)
{
	const struct enveloped_body *b = l->body;
	uint64_t len = b->head.len + cx4i_der_size(info_len(l));

	if (is_auth(l))
		len += b->auth_attrs.buf.len + cx4i_der_size(TAG_LEN);
	return len;
}

/*
 * RFC 5083 section 2.1: authAttrs with the content type, unless that is
 * id-data. They are additional data of the cipher, which wants them before
 * the content although they are written after it.
 */
static int
add_auth_attrs(struct cx4i_layer_out *l)
{
	struct enveloped_body *b = l->body;
	struct cx4i_buf type = { NULL, 0, 0 };
	int n, ok;

	if (!is_auth(l) || cx4i_oid_find_text(l->content_type) ==
	    CX4I_OID_DATA)
		return CX4_OK;
	ok = cx4i_oid_from_text(l->content_type, &type) == 0;
	cx4i_der_open(&b->auth_attrs, CX4I_SET);
	cx4i_attr_content_type(&b->auth_attrs, cx4i_buf_slice(&type));
	cx4i_der_close_set_of(&b->auth_attrs);
	cx4i_buf_free(&type);
	if (!ok || !cx4i_der_ok(&b->auth_attrs))
		return no_memory(l);
	if (EVP_EncryptUpdate(b->cipher, NULL, &n, b->auth_attrs.buf.data,
	    (int)b->auth_attrs.buf.len) <= 0)
		return cx4i_fail_openssl(l->writing->err, CX4_E_CRYPTO,
		    "authenticated attributes");
	return CX4_OK;
}

/* authAttrs [1] IMPLICIT, and the tag. */
static int
write_mac(struct cx4i_layer_out *l)
{
	struct enveloped_body *b = l->body;
	uint8_t mac[CX4I_DER_HEADER + TAG_LEN];
	size_t n = cx4i_der_header(mac, CX4I_OCTET_STRING, TAG_LEN);
	int r;

	if (EVP_CIPHER_CTX_ctrl(b->cipher, EVP_CTRL_AEAD_GET_TAG, TAG_LEN,
	    mac + n) <= 0)
		return cx4i_fail_openssl(l->writing->err, CX4_E_CRYPTO,
		    "tag");
	if (b->auth_attrs.buf.len > 0)
		b->auth_attrs.buf.data[0] = CX4I_CONTEXT_C(1);
	if ((r = cx4i_layer_down(l, b->auth_attrs.buf.data,
	    b->auth_attrs.buf.len)) != CX4_OK)
		return r;
	return cx4i_layer_down(l, mac, n + TAG_LEN);
}

static int
enveloped_prepare(struct cx4i_layer_out *l, uint64_t content_len,
    uint64_t *len)
{
	struct enveloped_body *b = l->body;
	uint64_t block;
	int r;

	l->content_len = content_len;
	l->indefinite = content_len == CX4I_UNKNOWN_LENGTH;
	if (l->writing->cipher->aead)
		l->type = CX4_LAYER_AUTH_ENVELOPED;
	if ((r = check_policy(l)) != CX4_OK || (r = make(l)) != CX4_OK ||
	    (r = add_auth_attrs(l)) != CX4_OK)
		return r;
	/* Padding always adds one octet to a block (RFC 5652 s6.3). */
	block = (uint64_t)EVP_CIPHER_CTX_get_block_size(b->cipher);
	if (is_auth(l))
		b->cipher_len = content_len;
	else if (!l->indefinite)
		b->cipher_len = (content_len / block + 1) * block;
	*len = l->indefinite ? CX4I_UNKNOWN_LENGTH :
	    cx4i_layer_shell_size(l, cx4i_der_size(body_len(l)));
	return CX4_OK;
}

static int
enveloped_begin(struct cx4i_layer_out *l)
{
	struct enveloped_body *b = l->body;
	uint64_t body = l->indefinite ? 0 : body_len(l);
	int r;

	if ((r = cx4i_layer_shell_begin(l, cx4i_der_size(body))) != CX4_OK ||
	    (r = cx4i_layer_header(l, CX4I_SEQUENCE, body)) != CX4_OK ||
	    (r = cx4i_layer_down(l, b->head.data, b->head.len)) != CX4_OK ||
	    (r = cx4i_layer_header(l, CX4I_SEQUENCE, info_len(l))) !=
	    CX4_OK ||
	    (r = cx4i_layer_down(l, b->info.data, b->info.len)) != CX4_OK)
		return r;
	/* [0] IMPLICIT OCTET STRING: primitive, or made of segments. */
	return cx4i_layer_header(l, CX4I_CONTEXT(0), b->cipher_len);
}

static int
enveloped_push(struct cx4i_layer_out *l, const uint8_t *data, size_t len)
{
	struct enveloped_body *b = l->body;
	size_t n;
	int out, r;

	if (!l->indefinite && len > l->content_len - l->taken)
		return cx4i_fail(l->writing->err, CX4_E_LENGTH,
		    "more than %llu octets",
		    (unsigned long long)l->content_len);
	l->taken += len;
	for (; len > 0; data += n, len -= n) {
		n = len < CHUNK ? len : CHUNK;
		if (!EVP_EncryptUpdate(b->cipher, b->out, &out, data, (int)n))
			return cx4i_fail_openssl(l->writing->err,
			    CX4_E_CRYPTO, "encryption");
		r = cx4i_layer_content(l, b->out, (size_t)out);
		if (r != CX4_OK)
			return r;
	}
	return CX4_OK;
}

static int
enveloped_finish(struct cx4i_layer_out *l)
{
	struct enveloped_body *b = l->body;
	int out, r;

	if (!l->indefinite && l->taken != l->content_len)
		return cx4i_fail(l->writing->err, CX4_E_LENGTH,
		    "%llu octets instead of %llu",
		    (unsigned long long)l->taken,
		    (unsigned long long)l->content_len);
	if (!EVP_EncryptFinal_ex(b->cipher, b->out, &out))
		return cx4i_fail_openssl(l->writing->err, CX4_E_CRYPTO,
		    "encryption");
	if ((r = cx4i_layer_content(l, b->out, (size_t)out)) != CX4_OK ||
	    (r = cx4i_layer_content_end(l)) != CX4_OK)
		return r;
	/* encryptedContent and encryptedContentInfo; then the structure. */
	if ((r = cx4i_layer_end(l, 2)) != CX4_OK ||
	    (is_auth(l) && (r = write_mac(l)) != CX4_OK) ||
	    (r = cx4i_layer_end(l, 1)) != CX4_OK)
		return r;
	return cx4i_layer_shell_end(l);
}

/* The recipients as a reader will see them, straight from the head. */
static int
enveloped_describe(struct cx4i_layer_out *l, struct cx4i_layer_info *info)
{
	struct enveloped_body *b = l->body;
	struct cx4i_slice in = cx4i_buf_slice(&b->head), set;
	struct cx4i_reading nobody;
	struct cx4i_match none;
	struct cx4i_tlv t;

	memset(&nobody, 0, sizeof(nobody));
	memset(&none, 0, sizeof(none));
	nobody.policy = l->writing->policy;
	if (cx4i_tlv_expect(&in, CX4I_INTEGER, &t) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_SET, &t) != 0)
		return no_memory(l);
	set = t.body;
	while (cx4i_tlv_next(&set, &t) == 1)
		if (cx4i_recipient_look(&nobody, t.whole, info, &none) !=
		    CX4_OK)
			return no_memory(l);
	cx4i_copy_text(info->cipher, sizeof(info->cipher),
	    cx4i_oid_name(l->writing->cipher->oid));
	return CX4_OK;
}

static void
enveloped_free(struct cx4i_layer_out *l)
{
	struct enveloped_body *b = l->body;

	EVP_CIPHER_CTX_free(b->cipher);
	cx4i_buf_free(&b->head);
	cx4i_buf_free(&b->info);
	cx4i_der_free(&b->auth_attrs);
	OPENSSL_cleanse(b->out, sizeof(b->out));
	free(b);
}

static const struct cx4i_layer_out_ops enveloped_ops = {
	enveloped_prepare, enveloped_begin, enveloped_push, enveloped_finish,
	enveloped_describe, enveloped_free
};

struct cx4i_layer_out *
cx4i_enveloped_out_new(struct cx4i_writing *w)
{
	struct cx4i_layer_out *l = calloc(1, sizeof(*l));

	if (l == NULL ||
	    (l->body = calloc(1, sizeof(struct enveloped_body))) == NULL) {
		free(l);
		return NULL;
	}
	cx4i_der_init(&((struct enveloped_body *)l->body)->auth_attrs);
	l->ops = &enveloped_ops;
	l->writing = w;
	l->type = CX4_LAYER_ENVELOPED;
	return l;
}
