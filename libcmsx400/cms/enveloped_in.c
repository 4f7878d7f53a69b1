/*
 * enveloped_in.c - reading EnvelopedData (RFC 5652 section 6) and
 * AuthEnvelopedData (RFC 5083) in one pass.
 *
 * RecipientInfos pass one by one, only the matching one is kept; the
 * ciphertext is decrypted as it flows. The algorithm, and the length of its
 * initialisation vector and tag, must stand in our own table before OpenSSL
 * sees them (CVE-2025-15467, CVE-2026-34182). An EnvelopedData proves no
 * integrity, an AuthEnvelopedData only when its tag, at the very end, is
 * good: until then whatever fails has one error (see message/judge.c).
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "attrs.h"
#include "gcmaad.h"
#include "recipient.h"

enum {
	ID_ENVELOPED_DATA = 16,
	ID_VERSION,
	ID_ORIGINATOR,
	ID_RECIPIENTS,
	ID_CONTENT_INFO,
	ID_TYPE,
	ID_CIPHER,
	ID_OCTETS,
	ID_UNPROTECTED,
	ID_AUTH_ATTRS,
	ID_MAC
};

/* What both have in common, up to the end of the encrypted content. */
#define COMMON_FIELDS(structure)					\
	{ 0, CX4I_SEQUENCE, CX4I_ENTER, 0, ID_ENVELOPED_DATA,		\
	    structure },						\
	{ 1, CX4I_INTEGER, CX4I_HOLD, 0, ID_VERSION, "version" },	\
	{ 1, CX4I_CONTEXT_C(0), CX4I_HOLD, 1, ID_ORIGINATOR,		\
	    "originatorInfo" },						\
	{ 1, CX4I_SET, CX4I_EACH, 0, ID_RECIPIENTS, "recipientInfos" },	\
	{ 1, CX4I_SEQUENCE, CX4I_ENTER, 0, ID_CONTENT_INFO,		\
	    "encryptedContentInfo" },					\
	{ 2, CX4I_OID, CX4I_HOLD, 0, ID_TYPE, "contentType" },		\
	{ 2, CX4I_SEQUENCE, CX4I_HOLD, 0, ID_CIPHER,			\
	    "contentEncryptionAlgorithm" },				\
	{ 2, CX4I_CONTEXT(0), CX4I_OCTETS, 1, ID_OCTETS,		\
	    "encryptedContent" }

static const struct cx4i_field fields[] = {
	COMMON_FIELDS("EnvelopedData"),
	{ 1, CX4I_CONTEXT_C(1), CX4I_HOLD, 1, ID_UNPROTECTED,
	    "unprotectedAttrs" },
};

static const struct cx4i_field auth_fields[] = {
	COMMON_FIELDS("AuthEnvelopedData"),
	{ 1, CX4I_CONTEXT_C(1), CX4I_HOLD, 1, ID_AUTH_ATTRS, "authAttrs" },
	{ 1, CX4I_OCTET_STRING, CX4I_HOLD, 0, ID_MAC, "mac" },
	{ 1, CX4I_CONTEXT_C(2), CX4I_HOLD, 1, ID_UNPROTECTED,
	    "unauthAttrs" },
};

#define CHUNK 16384

struct enveloped_body {
	struct cx4i_match match;
	EVP_CIPHER_CTX *cipher;		/* NULL: the content stays closed */
	int has_content;
	int damaged;
	/* AuthEnvelopedData */
	EVP_CIPHER_CTX *keyed;		/* the same key, for the attributes */
	uint64_t cipher_len;		/* octets decrypted */
	uint32_t tag_len;
	struct cx4i_buf auth_attrs;	/* as a SET OF in DER: the AAD */
	struct cx4i_buf mac;
	uint8_t plain[CHUNK + EVP_MAX_BLOCK_LENGTH];
};

static int
enveloped_open(struct cx4i_layer_in *l)
{
	if ((l->body = calloc(1, sizeof(struct enveloped_body))) == NULL)
		return cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "layer");
	return CX4_OK;
}

static int
on_recipient(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct enveloped_body *b = l->body;
	int r;

	r = cx4i_recipient_look(l->reading, whole, l->info, &b->match);
	if (r == CX4_OK)
		return CX4_OK;
	return cx4i_fail(&l->info->err, r, "RecipientInfo %zu",
	    l->info->recipient_count);
}

static int
is_auth(const struct cx4i_layer_in *l)
{
	return l->info->type == CX4_LAYER_AUTH_ENVELOPED;
}

/*
 * The algorithm is one of ours for this structure, and its parameters are
 * in order: an authenticated cipher only in AuthEnvelopedData, any other
 * only in EnvelopedData. NULL, with the error recorded, if not.
 */
static const struct cx4i_cipher_alg *
check_cipher(struct cx4i_layer_in *l, const struct cx4i_alg_id *id)
{
	const struct cx4i_cipher_alg *alg = cx4i_cipher_by_oid(id->oid);
	const cx4_policy *p = l->reading->policy;
	struct enveloped_body *b = l->body;
	struct cx4i_cipher_params params;

	if (alg == NULL || alg->aead != is_auth(l)) {
		cx4i_fail(&l->info->err, CX4_E_ALGORITHM,
		    "contentEncryptionAlgorithm %s", l->info->cipher);
		return NULL;
	}
	if (cx4i_alg_cipher_params(alg, id, &params) != 0) {
		cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "the parameters of %s", l->info->cipher);
		return NULL;
	}
	b->tag_len = params.tag_len;
	switch (cx4i_policy_cipher(p, alg)) {
	case CX4I_FORBIDDEN:
		cx4i_fail(&l->info->err, CX4_E_ALGORITHM,
		    "the policy %s refuses %s", p->profile->name,
		    l->info->cipher);
		return NULL;
	case CX4I_READ_WARN:
	case CX4I_WRITE_WARN:
		cx4i_warn(l->reading->warnings, CX4_W_WEAK_CIPHER,
		    l->info->depth, "%s", l->info->cipher);
		break;
	default:
		break;
	}
	return alg;
}

/* The attributes come when the content is through: keep its key for them. */
static int
keep_key(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;

	b->keyed = EVP_CIPHER_CTX_new();
	if (b->keyed == NULL || !EVP_CIPHER_CTX_copy(b->keyed, b->cipher))
		return cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "cipher");
	return CX4_OK;
}

static int
start_cipher(struct cx4i_layer_in *l, struct cx4i_slice definite)
{
	const struct cx4i_cipher_alg *alg;
	struct enveloped_body *b = l->body;
	struct cx4i_alg_id id;
	char buf[CX4I_OID_TEXT];

	if (cx4i_alg_parse(definite, &id) != 0)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "contentEncryptionAlgorithm");
	cx4i_copy_text(l->info->cipher, sizeof(l->info->cipher),
	    cx4i_alg_name(&id, buf, sizeof(buf)));
	if (b->match.id == NULL && b->match.refused[0] != '\0')
		return cx4i_fail(&l->info->err, CX4_E_ALGORITHM,
		    "keyEncryptionAlgorithm %s or its parameters",
		    b->match.refused);
	/* Not ours: read on, to tell what there is to tell. */
	if (b->match.id == NULL)
		return CX4_OK;
	if ((alg = check_cipher(l, &id)) == NULL)
		return l->info->err.code;
	b->cipher = cx4i_recipient_open(l->reading, &b->match, alg, definite);
	if (b->cipher == NULL)
		return cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "cipher");
	l->info->decrypted = 1;
	return is_auth(l) ? keep_key(l) : CX4_OK;
}

static int
on_cipher(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct cx4i_buf definite = { NULL, 0, 0 };
	int r;

	if (cx4i_tlv_definite(whole, &definite, NULL) != 0)
		r = cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "contentEncryptionAlgorithm");
	else
		r = start_cipher(l, cx4i_buf_slice(&definite));
	cx4i_buf_free(&definite);
	return r;
}

/*
 * RFC 5083 section 2.2: the additional data is the DER encoding of
 * authAttrs with the tag of a SET OF.
 */
static int
on_auth_attrs(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct enveloped_body *b = l->body;
	struct cx4i_buf definite = { NULL, 0, 0 };
	struct cx4i_slice in;
	struct cx4i_tlv set;
	struct cx4i_der d;
	int r = CX4_OK;

	cx4i_der_init(&d);
	if (cx4i_tlv_definite(whole, &definite, NULL) != 0)
		goto malformed;
	in = cx4i_buf_slice(&definite);
	if (cx4i_tlv_next(&in, &set) != 1)
		goto malformed;
	cx4i_der_open(&d, CX4I_SET);
	cx4i_der_slice(&d, set.body);
	cx4i_der_close_set_of(&d);
	if (!cx4i_der_ok(&d) || cx4i_buf_add(&b->auth_attrs, d.buf.data,
	    d.buf.len) != 0)
		r = cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "authAttrs");
	goto out;
malformed:
	r = cx4i_fail(&l->info->err, CX4_E_STRUCTURE, "authAttrs");
out:
	cx4i_der_free(&d);
	cx4i_buf_free(&definite);
	return r;
}

static int
on_mac(struct cx4i_layer_in *l, struct cx4i_slice whole)
{
	struct enveloped_body *b = l->body;
	struct cx4i_tlv t;

	if (cx4i_tlv_expect(&whole, CX4I_OCTET_STRING, &t) != 0 ||
	    cx4i_buf_add(&b->mac, t.body.data, t.body.len) != 0)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE, "mac");
	return CX4_OK;
}

static int
enveloped_field(struct cx4i_layer_in *l, int id, struct cx4i_slice whole)
{
	switch (id) {
	case ID_VERSION:
		return cx4i_layer_set_version(l, whole);
	case ID_RECIPIENTS:
		return on_recipient(l, whole);
	case ID_TYPE:
		return cx4i_layer_set_type(l, whole);
	case ID_CIPHER:
		return on_cipher(l, whole);
	case ID_AUTH_ATTRS:
		return on_auth_attrs(l, whole);
	case ID_MAC:
		return on_mac(l, whole);
	default:
		/* originatorInfo and unprotectedAttrs decide nothing. */
		return CX4_OK;
	}
}

static int
enveloped_enter(struct cx4i_layer_in *l, int id,
    const struct cx4i_ber_event *ev)
{
	struct enveloped_body *b = l->body;

	(void)ev;
	if (id != ID_OCTETS)
		return CX4_OK;
	b->has_content = 1;
	return b->cipher != NULL ? cx4i_layer_open_content(l) : CX4_OK;
}

static int
enveloped_octets(struct cx4i_layer_in *l, const uint8_t *data, size_t len)
{
	struct enveloped_body *b = l->body;
	size_t n;
	int out, r;

	if (b->cipher == NULL)
		return CX4_OK;
	b->cipher_len += len;
	for (; len > 0; data += n, len -= n) {
		n = len < CHUNK ? len : CHUNK;
		if (!EVP_DecryptUpdate(b->cipher, b->plain, &out, data,
		    (int)n))
			return cx4i_fail(&l->info->err, CX4_E_DECRYPT, "%s",
			    "");
		r = cx4i_layer_give(l, b->plain, (size_t)out);
		if (r != CX4_OK)
			return r;
	}
	return CX4_OK;
}

/* The last block: its padding tells a wrong key, or damage, or nothing. */
static int
end_cipher(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;
	int out = 0, good, r;

	ERR_set_mark();
	good = EVP_DecryptFinal_ex(b->cipher, b->plain, &out);
	ERR_pop_to_mark();
	if (good && (r = cx4i_layer_give(l, b->plain, (size_t)out)) != CX4_OK)
		return r;
	b->damaged |= !good;
	/* Whether good or not, what is inside is finished the same way. */
	return cx4i_layer_end_content(l);
}

static int
enveloped_leave(struct cx4i_layer_in *l, int id)
{
	struct enveloped_body *b = l->body;

	if (id != ID_OCTETS || b->cipher == NULL || is_auth(l))
		return CX4_OK;
	return end_cipher(l);
}

/* The tag covers the attributes too; then the cipher judges. */
static int
end_auth(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;
	uint8_t tag[CX4I_GCM_BLOCK];
	int good, r;

	good = b->mac.len == b->tag_len && b->tag_len <= sizeof(tag);
	if (good) {
		memcpy(tag, b->mac.data, b->mac.len);
		good = (b->auth_attrs.len == 0 ||
		    cx4i_gcm_fold_aad(b->keyed, b->auth_attrs.data,
		    b->auth_attrs.len, b->cipher_len, tag, b->tag_len) == 0) &&
		    EVP_CIPHER_CTX_ctrl(b->cipher, EVP_CTRL_AEAD_SET_TAG,
		    (int)b->tag_len, tag) > 0;
	}
	b->damaged = !good;
	if ((r = end_cipher(l)) != CX4_OK)
		return r;
	l->info->integrity = !b->damaged;
	return CX4_OK;
}

/*
 * RFC 5083 section 2.1: authAttrs must be there for a content that is not
 * id-data, with its contentType. Some senders leave them out: the content
 * is opened then, with a warning, since nothing binds its type to it.
 */
static int
check_auth_attrs(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;
	struct cx4i_slice in = cx4i_buf_slice(&b->auth_attrs);
	char type[CX4I_OID_TEXT];
	struct cx4i_attr a;
	struct cx4i_tlv t;

	if (b->auth_attrs.len == 0) {
		if (cx4i_oid_find_text(l->info->content_type) !=
		    CX4I_OID_DATA)
			cx4i_warn(l->reading->warnings, CX4_W_AUTH_ATTRS,
			    l->info->depth, "authAttrs are absent");
		return CX4_OK;
	}
	if (cx4i_tlv_expect(&in, CX4I_SET, &t) != 0 ||
	    !cx4i_attr_find(t.body, CX4I_OID_CONTENT_TYPE, &a) ||
	    cx4i_tlv_count(a.values) != 1)
		return cx4i_fail(&l->info->err, CX4_E_ATTRIBUTE,
		    "contentType in authAttrs");
	if (cx4i_tlv_expect(&a.value, CX4I_OID, &t) != 0 ||
	    cx4i_oid_to_text(t.body, type, sizeof(type)) != 0 ||
	    strcmp(type, l->info->content_type) != 0)
		return cx4i_fail(&l->info->err, CX4_E_TYPE_MISMATCH,
		    "the content type is %s", l->info->content_type);
	return CX4_OK;
}

/* RFC 5652 section 6.1: 0, 2, 3 or 4; RFC 5083 section 2.1: 0. */
static int
version_fits(const struct cx4i_layer_in *l)
{
	if (is_auth(l))
		return l->info->version == 0;
	return l->info->version != 1 && l->info->version != 5;
}

static int
enveloped_finish(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;
	int r;

	if (!version_fits(l))
		cx4i_warn(l->reading->warnings, CX4_W_VERSION,
		    l->info->depth, "version %u", l->info->version);
	if (l->info->recipient_count == 0)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "recipientInfos is empty");
	if (!b->has_content)
		return cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "encryptedContent is absent");
	if (b->match.id == NULL && l->reading->verify &&
	    l->reading->decrypt)
		return cx4i_fail(&l->info->err, CX4_E_NO_KEY,
		    "%zu recipients", l->info->recipient_count);
	if (is_auth(l) && b->cipher != NULL &&
	    (r = end_auth(l)) != CX4_OK)
		return r;
	if (b->damaged)
		return cx4i_fail(&l->info->err, CX4_E_DECRYPT, "%s", "");
	return is_auth(l) ? check_auth_attrs(l) : CX4_OK;
}

static void
enveloped_free(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;

	cx4i_buf_free(&b->match.info);
	EVP_CIPHER_CTX_free(b->cipher);
	EVP_CIPHER_CTX_free(b->keyed);
	cx4i_buf_free(&b->auth_attrs);
	cx4i_buf_free(&b->mac);
	OPENSSL_cleanse(b->plain, sizeof(b->plain));
	free(b);
}

const struct cx4i_body_ops cx4i_enveloped_in = {
	CX4_LAYER_ENVELOPED, fields, sizeof(fields) / sizeof(fields[0]),
	enveloped_open, enveloped_enter, enveloped_field, enveloped_octets,
	enveloped_leave, enveloped_finish, enveloped_free
};

const struct cx4i_body_ops cx4i_auth_enveloped_in = {
	CX4_LAYER_AUTH_ENVELOPED, auth_fields,
	sizeof(auth_fields) / sizeof(auth_fields[0]),
	enveloped_open, enveloped_enter, enveloped_field, enveloped_octets,
	enveloped_leave, enveloped_finish, enveloped_free
};
