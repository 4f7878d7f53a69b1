/*
 * recipient.c - RecipientInfos: whom a content key is encrypted for.
 *
 * RFC 5652 section 6.2. A RecipientInfo is matched by the octets of its
 * identifier, before any private key is used; only the one that matches is
 * given to OpenSSL, alone in an EnvelopedData without content, and only if
 * its keyEncryptionAlgorithm is one of ours with parameters in order
 * (CVE-2026-28389, CVE-2026-28390, CVE-2026-63072). Kinds other than key
 * transport and key agreement are listed and never used.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../base/queue.h"
#include "detached.h"
#include "recipient.h"

struct rid {
	struct cx4i_sid sid;
	uint8_t joined[CX4I_SKI_MAX];	/* a ski that came in segments */
};

/*
 * KeyAgreeRecipientIdentifier: IssuerAndSerialNumber, or
 * [0] RecipientKeyIdentifier, a SEQUENCE that begins with the SKI.
 */
static int
parse_agree_rid(struct cx4i_slice *in, struct rid *rid)
{
	struct cx4i_tlv t, ski;
	struct cx4i_slice body;

	memset(rid, 0, sizeof(*rid));
	if (cx4i_tlv_next(in, &t) != 1)
		return -1;
	if (t.ident == CX4I_SEQUENCE)
		return cx4i_sid_parse_issuer_serial(t.body, &rid->sid);
	rid->sid.by_ski = 1;
	body = t.body;
	if (t.ident != CX4I_CONTEXT_C(0) ||
	    cx4i_tlv_expect(&body, CX4I_OCTET_STRING, &ski) != 0)
		return -1;
	rid->sid.ski = ski.body;
	return 0;
}

static cx4_id *
find_id(const struct cx4i_reading *reading, const struct rid *rid)
{
	cx4_id *id;
	size_t i;

	if (!reading->decrypt)
		return NULL;
	for (i = 0; i < reading->id_count; i++) {
		id = reading->ids[i];
		if (id->key == NULL)
			continue;
		if (rid->sid.by_ski) {
			if (id->ski.len > 0 &&
			    cx4i_slice_equal(id->ski, rid->sid.ski))
				return id;
		} else if (cx4i_slice_equal(id->serial, rid->sid.serial) &&
		    cx4i_name_equal(id->issuer, rid->sid.issuer)) {
			return id;
		}
	}
	return NULL;
}

/* Append to the list of recipients; NULL for lack of memory. */
static struct cx4i_recipient_info *
add_info(struct cx4i_layer_info *l, const char *type)
{
	struct cx4i_recipient_info *grown;
	size_t n = l->recipient_count;

	/* Grow by doubling: there may be ten thousand. */
	if ((n & (n - 1)) == 0) {
		grown = realloc(l->recipients,
		    (n > 0 ? 2 * n : 1) * sizeof(*grown));
		if (grown == NULL)
			return NULL;
		l->recipients = grown;
	}
	grown = &l->recipients[l->recipient_count++];
	memset(grown, 0, sizeof(*grown));
	grown->type = type;
	return grown;
}

static int
report_rid(struct cx4i_layer_info *l, const char *type,
    const struct rid *rid, int used)
{
	struct cx4i_recipient_info *info = add_info(l, type);

	if (info == NULL)
		return CX4_E_NOMEM;
	info->used = used;
	cx4i_sid_text(&rid->sid, info->rid, sizeof(info->rid));
	return CX4_OK;
}

static int
is_one_of(enum cx4i_oid oid, const enum cx4i_oid *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (list[i] == oid)
			return 1;
	return 0;
}

static int
is_null_or_absent(const struct cx4i_alg_id *id)
{
	struct cx4i_slice in = id->params;
	struct cx4i_tlv t;

	return in.len == 0 || (cx4i_tlv_expect(&in, CX4I_NULL, &t) == 0 &&
	    t.body.len == 0);
}

/* The AlgorithmIdentifier in [n]: 1, 0 if it is absent, -1 if it is none. */
static int
oaep_part(struct cx4i_slice *in, uint8_t tag, struct cx4i_alg_id *id)
{
	struct cx4i_tlv t;
	int r;

	if ((r = cx4i_tlv_optional(in, tag, &t)) != 1)
		return r;
	return cx4i_alg_parse(t.body, id) == 0 ? 1 : -1;
}

static int
is_digest(const struct cx4i_alg_id *id)
{
	return id->oid == CX4I_OID_SHA224 ||
	    cx4i_digest_by_oid(id->oid) != NULL;
}

/*
 * RSAES-OAEP-params (RFC 4055 section 4.1): a digest, MGF1 with a digest,
 * and pSpecified with its octets. OpenSSL looks at the latter's octets
 * whether they are there or not.
 */
static int
oaep_fits(struct cx4i_slice params)
{
	struct cx4i_alg_id hash, mgf, inner, source;
	struct cx4i_tlv t;
	int r[3];

	if (cx4i_tlv_expect(&params, CX4I_SEQUENCE, &t) != 0)
		return 0;
	r[0] = oaep_part(&t.body, CX4I_CONTEXT_C(0), &hash);
	r[1] = oaep_part(&t.body, CX4I_CONTEXT_C(1), &mgf);
	r[2] = oaep_part(&t.body, CX4I_CONTEXT_C(2), &source);
	if (r[0] < 0 || r[1] < 0 || r[2] < 0 || t.body.len != 0)
		return 0;
	if (r[0] == 1 && !is_digest(&hash))
		return 0;
	if (r[1] == 1 && (mgf.oid != CX4I_OID_MGF1 ||
	    cx4i_alg_parse(mgf.params, &inner) != 0 || !is_digest(&inner)))
		return 0;
	return r[2] == 0 || (source.oid == CX4I_OID_P_SPECIFIED &&
	    cx4i_tlv_expect(&source.params, CX4I_OCTET_STRING, &t) == 0);
}

/* RFC 3370 section 4.2.1, RFC 3560. */
static int
transport_fits(const struct cx4i_alg_id *id)
{
	if (id->oid == CX4I_OID_RSA)
		return is_null_or_absent(id);
	return id->oid == CX4I_OID_RSA_OAEP && oaep_fits(id->params);
}

/*
 * RFC 3370 section 4.1.1, RFC 5753 section 7.1.4: the parameter names the
 * algorithm that wraps the content key. AES-WRAP-PAD is none of them.
 */
static int
agreement_fits(const struct cx4i_alg_id *id)
{
	static const enum cx4i_oid schemes[] = {
		CX4I_OID_ESDH,
		CX4I_OID_ECDH_SHA1KDF, CX4I_OID_ECDH_SHA224KDF,
		CX4I_OID_ECDH_SHA256KDF, CX4I_OID_ECDH_SHA384KDF,
		CX4I_OID_ECDH_SHA512KDF,
		CX4I_OID_ECCDH_SHA1KDF, CX4I_OID_ECCDH_SHA224KDF,
		CX4I_OID_ECCDH_SHA256KDF, CX4I_OID_ECCDH_SHA384KDF,
		CX4I_OID_ECCDH_SHA512KDF
	};
	static const enum cx4i_oid wraps[] = {
		CX4I_OID_DES3_WRAP, CX4I_OID_AES128_WRAP,
		CX4I_OID_AES192_WRAP, CX4I_OID_AES256_WRAP
	};
	struct cx4i_alg_id wrap;

	return is_one_of(id->oid, schemes,
	    sizeof(schemes) / sizeof(schemes[0])) &&
	    cx4i_alg_parse(id->params, &wrap) == 0 &&
	    is_one_of(wrap.oid, wraps, sizeof(wraps) / sizeof(wraps[0])) &&
	    is_null_or_absent(&wrap);
}

/*
 * Our identity, if the algorithm (a whole element) is one that is used; if
 * it is not, that is kept in mind and the next RecipientInfo may do.
 */
static cx4_id *
find_usable(const struct cx4i_reading *reading, const struct rid *rid,
    struct cx4i_slice alg, int (*fits)(const struct cx4i_alg_id *),
    struct cx4i_match *match)
{
	char buf[CX4I_OID_TEXT];
	struct cx4i_alg_id id;
	cx4_id *own;

	if (match->id != NULL || (own = find_id(reading, rid)) == NULL)
		return NULL;
	memset(&id, 0, sizeof(id));
	id.oid = CX4I_OID_UNKNOWN;
	if (cx4i_alg_parse(alg, &id) == 0 && fits(&id))
		return own;
	if (match->refused[0] == '\0')
		cx4i_copy_text(match->refused, sizeof(match->refused),
		    cx4i_alg_name(&id, buf, sizeof(buf)));
	return NULL;
}

/* KeyTransRecipientInfo: { version, rid, algorithm, encryptedKey } */
static int
look_ktri(struct cx4i_reading *reading, const struct cx4i_tlv *ri,
    struct cx4i_layer_info *l, struct cx4i_match *match)
{
	struct cx4i_slice in = ri->body;
	struct cx4i_tlv t, alg;
	struct rid rid;
	cx4_id *id;

	if (cx4i_tlv_expect(&in, CX4I_INTEGER, &t) != 0 ||
	    cx4i_sid_parse(&in, &rid.sid, rid.joined) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_SEQUENCE, &alg) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_OCTET_STRING, &t) != 0)
		return CX4_E_STRUCTURE;
	id = find_usable(reading, &rid, alg.whole, transport_fits, match);
	if (id != NULL) {
		match->id = id;
		if (cx4i_buf_add(&match->info, ri->whole.data,
		    ri->whole.len) != 0)
			return CX4_E_NOMEM;
	}
	return report_rid(l, "ktri", &rid, id != NULL);
}

/* [1] { head, SEQUENCE OF one RecipientEncryptedKey } */
static int
cut_kari(struct cx4i_match *match, struct cx4i_slice head,
    struct cx4i_slice key)
{
	struct cx4i_der d;
	int ok;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_CONTEXT_C(1));
	cx4i_der_slice(&d, head);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_slice(&d, key);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	ok = cx4i_der_ok(&d) &&
	    cx4i_buf_add(&match->info, d.buf.data, d.buf.len) == 0;
	cx4i_der_free(&d);
	return ok ? CX4_OK : CX4_E_NOMEM;
}

/*
 * KeyAgreeRecipientInfo: { version, [0] originator, [1] ukm OPTIONAL,
 * algorithm, SEQUENCE OF RecipientEncryptedKey }
 */
static int
look_kari(struct cx4i_reading *reading, const struct cx4i_tlv *ri,
    struct cx4i_layer_info *l, struct cx4i_match *match)
{
	struct cx4i_slice in = ri->body, head, keys, key;
	struct cx4i_tlv t, alg, rek;
	struct rid rid;
	cx4_id *id;
	int r;

	if (cx4i_tlv_expect(&in, CX4I_INTEGER, &t) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_CONTEXT_C(0), &t) != 0 ||
	    cx4i_tlv_optional(&in, CX4I_CONTEXT_C(1), &t) < 0 ||
	    cx4i_tlv_expect(&in, CX4I_SEQUENCE, &alg) != 0)
		return CX4_E_STRUCTURE;
	head.data = ri->body.data;
	head.len = ri->body.len - in.len;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0)
		return CX4_E_STRUCTURE;
	keys = t.body;
	while ((r = cx4i_tlv_next(&keys, &rek)) == 1) {
		key = rek.body;
		if (rek.ident != CX4I_SEQUENCE ||
		    parse_agree_rid(&key, &rid) != 0)
			return CX4_E_STRUCTURE;
		id = find_usable(reading, &rid, alg.whole, agreement_fits,
		    match);
		if (id != NULL) {
			match->id = id;
			if ((r = cut_kari(match, head, rek.whole)) != CX4_OK)
				return r;
		}
		if (l->recipient_count >= cx4_policy_limit(reading->policy,
		    CX4_LIMIT_RECIPIENTS))
			return CX4_E_LIMIT_RECIPIENTS;
		if ((r = report_rid(l, "kari", &rid, id != NULL)) != CX4_OK)
			return r;
	}
	return r == 0 ? CX4_OK : CX4_E_STRUCTURE;
}

static int
look(struct cx4i_reading *reading, const struct cx4i_tlv *ri,
    struct cx4i_layer_info *l, struct cx4i_match *match)
{
	static const char *const others[] = { "kekri", "pwri", "ori" };

	if (ri->ident == CX4I_SEQUENCE)
		return look_ktri(reading, ri, l, match);
	if (ri->ident == CX4I_CONTEXT_C(1))
		return look_kari(reading, ri, l, match);
	if (ri->ident >= CX4I_CONTEXT_C(2) && ri->ident <= CX4I_CONTEXT_C(4))
		return add_info(l, others[ri->ident - CX4I_CONTEXT_C(2)]) ?
		    CX4_OK : CX4_E_NOMEM;
	return CX4_E_STRUCTURE;
}

int
cx4i_recipient_look(struct cx4i_reading *reading, struct cx4i_slice whole,
    struct cx4i_layer_info *l, struct cx4i_match *match)
{
	struct cx4i_buf definite = { NULL, 0, 0 };
	struct cx4i_slice in;
	struct cx4i_tlv ri;
	int r = CX4_E_STRUCTURE;

	if (l->recipient_count >= cx4_policy_limit(reading->policy,
	    CX4_LIMIT_RECIPIENTS))
		return CX4_E_LIMIT_RECIPIENTS;
	if (cx4i_tlv_definite(whole, &definite, NULL) == 0) {
		in = cx4i_buf_slice(&definite);
		if (cx4i_tlv_next(&in, &ri) == 1)
			r = look(reading, &ri, l, match);
	}
	cx4i_buf_free(&definite);
	return r;
}

/*
 * An EnvelopedData or AuthEnvelopedData without content, with the one
 * RecipientInfo. The mac is zeros: the true one is set when it has come.
 */
static CMS_ContentInfo *
make_cms(const cx4_ctx *ctx, const struct cx4i_match *match,
    struct cx4i_slice cipher_id, uint32_t tag_len)
{
	static const uint8_t zeros[16];
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_oid_text(&d, cx4i_oid_text(tag_len > 0 ?
	    CX4I_OID_AUTH_ENVELOPED_DATA : CX4I_OID_ENVELOPED_DATA));
	cx4i_der_open(&d, CX4I_CONTEXT_C(0));
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_uint(&d, tag_len > 0 ? 0 : 2);
	cx4i_der_open(&d, CX4I_SET);
	cx4i_der_raw(&d, match->info.data, match->info.len);
	cx4i_der_close(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_oid_text(&d, cx4i_oid_text(CX4I_OID_DATA));
	cx4i_der_slice(&d, cipher_id);
	cx4i_der_close(&d);
	if (tag_len > 0)
		cx4i_der_value(&d, CX4I_OCTET_STRING, zeros, tag_len);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	return cx4i_detached(ctx, &d);
}

/* OpenSSL's own cipher context, set up from the RecipientInfo. */
static int
open_with_key(CMS_ContentInfo *cms, const cx4_id *id, EVP_CIPHER_CTX *out)
{
	EVP_CIPHER_CTX *inner = NULL;
	BIO *chain, *sink;
	int ok = 0;

	if (!CMS_decrypt_set1_pkey(cms, id->key, id->cert))
		return 0;
	if ((sink = BIO_new(BIO_s_null())) == NULL)
		return 0;
	if ((chain = CMS_dataInit(cms, sink)) == NULL) {
		BIO_free(sink);
		return 0;
	}
	if (BIO_get_cipher_ctx(chain, &inner) > 0 && inner != NULL)
		ok = EVP_CIPHER_CTX_copy(out, inner);
	BIO_free_all(chain);
	return ok;
}

/*
 * A key that decrypts to nothing sensible: what follows takes the same way
 * as with a wrong key, to the same error at the same place.
 */
static int
open_with_random(const cx4_ctx *ctx, const struct cx4i_cipher_alg *alg,
    struct cx4i_slice iv, EVP_CIPHER_CTX *out)
{
	unsigned char key[EVP_MAX_KEY_LENGTH];
	EVP_CIPHER *cipher;
	int ok = 0;

	cipher = EVP_CIPHER_fetch(ctx->libctx, alg->evp, ctx->propq);
	EVP_CIPHER_CTX_reset(out);
	if (cipher != NULL &&
	    EVP_DecryptInit_ex2(out, cipher, NULL, NULL, NULL) &&
	    EVP_CIPHER_CTX_rand_key(out, key) > 0)
		ok = EVP_DecryptInit_ex2(out, NULL, key, iv.data, NULL);
	OPENSSL_cleanse(key, sizeof(key));
	EVP_CIPHER_free(cipher);
	return ok;
}

EVP_CIPHER_CTX *
cx4i_recipient_open(struct cx4i_reading *reading,
    const struct cx4i_match *match, const struct cx4i_cipher_alg *alg,
    struct cx4i_slice cipher_id)
{
	EVP_CIPHER_CTX *out = EVP_CIPHER_CTX_new();
	CMS_ContentInfo *cms;
	struct cx4i_cipher_params params;
	struct cx4i_queue queue;
	struct cx4i_alg_id id;
	int ok = 0;

	if (out == NULL || cx4i_alg_parse(cipher_id, &id) != 0 ||
	    cx4i_alg_cipher_params(alg, &id, &params) != 0)
		goto out;
	cx4i_queue_save(&queue);
	cms = make_cms(reading->ctx, match, cipher_id, params.tag_len);
	ok = cms != NULL && open_with_key(cms, match->id, out);
	CMS_ContentInfo_free(cms);
	cx4i_queue_restore(&queue);
	if (!ok)
		ok = open_with_random(reading->ctx, alg, params.iv, out);
out:
	if (!ok) {
		EVP_CIPHER_CTX_free(out);
		out = NULL;
	}
	return out;
}
