/*
 * enveloped_in.c - reading EnvelopedData (RFC 5652 section 6) in one pass.
 *
 * RecipientInfos pass one by one, only the matching one is kept; the
 * ciphertext is decrypted as it flows. The algorithm, and the length of its
 * initialisation vector, must stand in our own table before OpenSSL sees
 * either (CVE-2025-15467, CVE-2026-34182). Nothing here proves integrity:
 * whatever fails from the content key on has one error (see the reader).
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

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
	ID_UNPROTECTED
};

static const struct cx4i_field fields[] = {
	{ 0, CX4I_SEQUENCE, CX4I_ENTER, 0, ID_ENVELOPED_DATA,
	    "EnvelopedData" },
	{ 1, CX4I_INTEGER, CX4I_HOLD, 0, ID_VERSION, "version" },
	{ 1, CX4I_CONTEXT_C(0), CX4I_HOLD, 1, ID_ORIGINATOR,
	    "originatorInfo" },
	{ 1, CX4I_SET, CX4I_EACH, 0, ID_RECIPIENTS, "recipientInfos" },
	{ 1, CX4I_SEQUENCE, CX4I_ENTER, 0, ID_CONTENT_INFO,
	    "encryptedContentInfo" },
	{ 2, CX4I_OID, CX4I_HOLD, 0, ID_TYPE, "contentType" },
	{ 2, CX4I_SEQUENCE, CX4I_HOLD, 0, ID_CIPHER,
	    "contentEncryptionAlgorithm" },
	{ 2, CX4I_CONTEXT(0), CX4I_OCTETS, 1, ID_OCTETS,
	    "encryptedContent" },
	{ 1, CX4I_CONTEXT_C(1), CX4I_HOLD, 1, ID_UNPROTECTED,
	    "unprotectedAttrs" },
};

#define CHUNK 16384

struct enveloped_body {
	struct cx4i_match match;
	EVP_CIPHER_CTX *cipher;		/* NULL: the content stays closed */
	int has_content;
	int damaged;
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

/*
 * The algorithm is one of ours, with an IV of its length as parameter.
 * NULL, with the error recorded, if not.
 */
static const struct cx4i_cipher_alg *
check_cipher(struct cx4i_layer_in *l, const struct cx4i_alg_id *id)
{
	const struct cx4i_cipher_alg *alg = cx4i_cipher_by_oid(id->oid);
	const cx4_policy *p = l->reading->policy;
	struct cx4i_slice params = id->params;
	struct cx4i_tlv iv;

	if (alg == NULL) {
		cx4i_fail(&l->info->err, CX4_E_ALGORITHM,
		    "contentEncryptionAlgorithm %s", l->info->cipher);
		return NULL;
	}
	if (cx4i_tlv_expect(&params, CX4I_OCTET_STRING, &iv) != 0 ||
	    iv.body.len != alg->iv_len || params.len != 0) {
		cx4i_fail(&l->info->err, CX4_E_STRUCTURE,
		    "the parameter of %s is no OCTET STRING of %zu octets",
		    l->info->cipher, alg->iv_len);
		return NULL;
	}
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
	/* Not ours: read on, to tell what there is to tell. */
	if (b->match.id == NULL)
		return CX4_OK;
	if ((alg = check_cipher(l, &id)) == NULL)
		return l->info->err.code;
	b->cipher = cx4i_recipient_open(l->reading, &b->match, alg, definite);
	if (b->cipher == NULL)
		return cx4i_fail(&l->info->err, CX4_E_NOMEM, "%s", "cipher");
	l->info->decrypted = 1;
	return CX4_OK;
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
	b->damaged = !good;
	/* Whether good or not, what is inside is finished the same way. */
	return cx4i_layer_end_content(l);
}

static int
enveloped_leave(struct cx4i_layer_in *l, int id)
{
	struct enveloped_body *b = l->body;

	if (id != ID_OCTETS || b->cipher == NULL)
		return CX4_OK;
	return end_cipher(l);
}

/* RFC 5652 section 6.1: 0, 2, 3 or 4. */
static int
enveloped_finish(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;

	if (l->info->version == 1 || l->info->version == 5)
		cx4i_warn(l->reading->warnings, CX4_W_VERSION,
		    l->info->depth, "EnvelopedData has version %u",
		    l->info->version);
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
	if (b->damaged)
		return cx4i_fail(&l->info->err, CX4_E_DECRYPT, "%s", "");
	return CX4_OK;
}

static void
enveloped_free(struct cx4i_layer_in *l)
{
	struct enveloped_body *b = l->body;

	cx4i_buf_free(&b->match.info);
	EVP_CIPHER_CTX_free(b->cipher);
	OPENSSL_cleanse(b->plain, sizeof(b->plain));
	free(b);
}

const struct cx4i_body_ops cx4i_enveloped_in = {
	CX4_LAYER_ENVELOPED, fields, sizeof(fields) / sizeof(fields[0]),
	enveloped_open, enveloped_enter, enveloped_field, enveloped_octets,
	enveloped_leave, enveloped_finish, enveloped_free
};
