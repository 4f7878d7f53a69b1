/*
 * signature.c - making one SignerInfo (RFC 5652 section 5.3).
 *
 * Written by our own emitter and not by OpenSSL's CMS, because all lengths
 * must be known before the first octet of content: a signature of another
 * length is made again, over the same attributes, without a new object.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "attrs.h"
#include "ess.h"
#include "signature.h"

/* A length that half of all signatures have is missed 64 times never. */
#define MAX_TRIES 64

static int
check_signer(struct cx4i_layer_out *l, cx4_id *id)
{
	const struct cx4i_writing *w = l->writing;
	const struct cx4i_profile *profile = w->policy->profile;
	char name[CX4I_TEXT];

	cx4i_name_text(X509_get_subject_name(id->cert), name, sizeof(name));
	if (id->key == NULL)
		return cx4i_fail(w->err, CX4_E_SIGNER_UNFIT,
		    "no private key for %s", name);
	if (!cx4i_cert_allows(id->cert,
	    KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION))
		return cx4i_fail(w->err, CX4_E_SIGNER_UNFIT,
		    "keyUsage allows no signatures: %s", name);
	if (cx4i_policy_digest(w->policy, w->digest) < CX4I_WRITE_WARN)
		return cx4i_fail(w->err, CX4_E_POLICY, "digest %s (policy %s)",
		    cx4i_oid_name(w->digest->oid), profile->name);
	if (EVP_PKEY_is_a(id->key, "DSA") && profile->dsa < CX4I_WRITE_WARN)
		return cx4i_fail(w->err, CX4_E_POLICY, "DSA (policy %s)",
		    profile->name);
	/* RFC 3370 section 3.1 has id-dsa-with-sha1 only. */
	if (EVP_PKEY_is_a(id->key, "DSA") && w->digest->id != CX4_DIGEST_SHA1)
		return cx4i_fail(w->err, CX4_E_UNSUPPORTED,
		    "DSA with another digest than SHA-1");
	if (EVP_PKEY_get_security_bits(id->key) < profile->min_security_bits)
		return cx4i_fail(w->err, CX4_E_POLICY,
		    "%s key of %d bits (policy %s)",
		    EVP_PKEY_get0_type_name(id->key),
		    EVP_PKEY_get_bits(id->key), profile->name);
	return CX4_OK;
}

/* SignerIdentifier, and the version that goes with it. */
static int
use_ski(const struct cx4i_signer_out *s, const struct cx4i_layer_out *l)
{
	return (l->writing->options & CX4_WRITE_SKI) && s->id->ski.len > 0;
}

/*
 * RFC 3851 section 2.5.3: the preferred certificate is the one named as
 * originator, else the signer's own if it can receive, else left out.
 */
static const cx4_id *
preferred(const struct cx4i_signer_out *s, const struct cx4i_layer_out *l)
{
	if (l->writing->originator != NULL)
		return l->writing->originator;
	return cx4_id_can_receive(s->id) ? s->id : NULL;
}

/* RFC 6211: the algorithms once more, where the signature covers them. */
static int
add_protection(struct cx4i_signer_out *s, const struct cx4i_writing *w)
{
	struct cx4i_der digest, signature;
	int ok;

	if (!w->policy->profile->protect_algorithms)
		return 1;
	cx4i_der_init(&digest);
	cx4i_der_init(&signature);
	cx4i_alg_digest(&digest, w->digest);
	ok = cx4i_alg_signature(&signature, s->id->key, w->digest,
	    (w->options & CX4_WRITE_RSA_PSS) != 0) == 0 &&
	    cx4i_der_ok(&digest) && cx4i_der_ok(&signature);
	if (ok)
		cx4i_attr_protection(&s->attrs, cx4i_buf_slice(&digest.buf),
		    cx4i_buf_slice(&signature.buf));
	cx4i_der_free(&digest);
	cx4i_der_free(&signature);
	return ok;
}

/*
 * RFC 3854 section 2.5: signingTime, sMIMECapabilities, sMIMEEncryption-
 * KeyPreference and signingCertificate, one each, besides the two that CMS
 * demands; contentHints around an EnvelopedData (RFC 2634 section 2.9).
 */
static int
build_attributes(struct cx4i_signer_out *s, struct cx4i_layer_out *l)
{
	const struct cx4i_writing *w = l->writing;
	static const uint8_t zeros[EVP_MAX_MD_SIZE];
	struct cx4i_buf type = { NULL, 0, 0 };
	struct cx4i_der *d = &s->attrs;
	int ok;

	ok = cx4i_oid_from_text(l->content_type, &type) == 0;
	cx4i_der_open(d, CX4I_SET);
	cx4i_attr_content_type(d, cx4i_buf_slice(&type));
	cx4i_attr_message_digest(d, zeros, w->digest->size);
	cx4i_attr_signing_time(d, w->signing_time);
	cx4i_attr_capabilities(d, w->policy);
	if (preferred(s, l) != NULL)
		cx4i_attr_key_preference(d, preferred(s, l));
	if (l->hint[0] != '\0')
		cx4i_hint_add(d, l->hint);
	ok = add_protection(s, w) && ok;
	ok = cx4i_ess_add(w->ctx, d, w->digest, s->id) == 0 && ok;
	cx4i_der_close_set_of(d);
	cx4i_buf_free(&type);
	return ok && cx4i_der_ok(d);
}

/* Where the digest stands, so that it can be put in later. */
static int
find_digest(struct cx4i_signer_out *s)
{
	struct cx4i_slice in = cx4i_buf_slice(&s->attrs.buf);
	struct cx4i_attr a;
	struct cx4i_tlv t;

	if (cx4i_tlv_expect(&in, CX4I_SET, &t) != 0 ||
	    !cx4i_attr_find(t.body, CX4I_OID_MESSAGE_DIGEST, &a) ||
	    cx4i_tlv_expect(&a.value, CX4I_OCTET_STRING, &t) != 0)
		return 0;
	s->digest_at = (size_t)(t.body.data - s->attrs.buf.data);
	return 1;
}

/*
 * The commonest length of SEQUENCE { INTEGER r, INTEGER s } for numbers
 * below `order`: an INTEGER has one octet more when its top bit is set.
 */
static size_t
dsa_length(const BIGNUM *order)
{
	size_t octets = (size_t)BN_num_bytes(order), body;
	double top, p;
	uint8_t raw[160];

	if (octets == 0 || octets > sizeof(raw) ||
	    BN_bn2bin(order, raw) != (int)octets)
		return 0;
	if (BN_num_bits(order) % 8 == 0) {
		/* Share of numbers whose top bit, too, is set. */
		top = raw[0] + (octets > 1 ? raw[1] / 256.0 : 0);
		p = 1 - 128 / top;
		body = 2 * (2 + octets) + (p > 1.0 / 3 ? 1 : 0);
	} else {
		body = 2 * (2 + octets);
	}
	return (size_t)cx4i_der_size(body);
}

static size_t
ec_length(EVP_PKEY *key)
{
	char name[80];
	size_t n = 0, len = 0;
	EC_GROUP *group;

	if (!EVP_PKEY_get_group_name(key, name, sizeof(name), &len))
		return 0;
	group = EC_GROUP_new_by_curve_name(OBJ_txt2nid(name));
	if (group != NULL)
		n = dsa_length(EC_GROUP_get0_order(group));
	EC_GROUP_free(group);
	return n;
}

static size_t
planned_length(EVP_PKEY *key)
{
	BIGNUM *q = NULL;
	size_t n = 0;

	if (EVP_PKEY_is_a(key, "EC"))
		return ec_length(key);
	if (EVP_PKEY_is_a(key, "DSA")) {
		if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_Q, &q))
			n = dsa_length(q);
		BN_free(q);
		return n;
	}
	/* Other keys have no place in cx4i_alg_signature. */
	return EVP_PKEY_is_a(key, "RSA") ? (size_t)EVP_PKEY_get_size(key) : 0;
}

int
cx4i_signer_out_init(struct cx4i_signer_out *s, struct cx4i_layer_out *l,
    cx4_id *id)
{
	int r;

	memset(s, 0, sizeof(*s));
	s->id = id;
	cx4i_der_init(&s->attrs);
	if ((r = check_signer(l, id)) != CX4_OK)
		return r;
	if ((s->signature_len = planned_length(id->key)) == 0)
		return cx4i_fail(l->writing->err, CX4_E_UNSUPPORTED,
		    "the key type of the signer");
	if (!build_attributes(s, l) || !find_digest(s))
		return cx4i_fail(l->writing->err, CX4_E_NOMEM, "%s",
		    "attributes");
	return CX4_OK;
}

void
cx4i_signer_out_free(struct cx4i_signer_out *s)
{
	cx4i_der_free(&s->attrs);
}

static int
init_signing(const struct cx4i_signer_out *s, const struct cx4i_writing *w,
    EVP_MD_CTX *mctx)
{
	EVP_PKEY_CTX *pctx = NULL;

	if (EVP_DigestSignInit_ex(mctx, &pctx, w->digest->evp,
	    w->ctx->libctx, w->ctx->propq, s->id->key, NULL) <= 0)
		return 0;
	if (!(w->options & CX4_WRITE_RSA_PSS) ||
	    !EVP_PKEY_is_a(s->id->key, "RSA"))
		return 1;
	return EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) > 0;
}

int
cx4i_signer_out_sign(struct cx4i_signer_out *s, struct cx4i_layer_out *l,
    const uint8_t *digest, int exact, struct cx4i_buf *out)
{
	const struct cx4i_writing *w = l->writing;
	size_t size = (size_t)EVP_PKEY_get_size(s->id->key), n = 0;
	EVP_MD_CTX *mctx = NULL;
	uint8_t *value = NULL;
	int tries, ok = 1, r = CX4_OK;

	memcpy(s->attrs.buf.data + s->digest_at, digest, w->digest->size);
	if ((value = cx4i_buf_extend(out, size)) == NULL)
		return cx4i_fail(w->err, CX4_E_NOMEM, "%s", "signature");
	for (tries = 0; ok && tries < MAX_TRIES; tries++) {
		n = size;
		mctx = EVP_MD_CTX_new();
		ok = mctx != NULL && init_signing(s, w, mctx) &&
		    EVP_DigestSign(mctx, value, &n, s->attrs.buf.data,
		    s->attrs.buf.len) > 0;
		EVP_MD_CTX_free(mctx);
		if (!exact || n == s->signature_len)
			break;
	}
	if (!ok)
		r = cx4i_fail_openssl(w->err, CX4_E_UNSUPPORTED,
		    "the key cannot sign with %s",
		    cx4i_oid_name(w->digest->oid));
	else if (tries == MAX_TRIES)
		r = cx4i_fail(w->err, CX4_E_SIGNATURE_SIZE, "%zu octets",
		    s->signature_len);
	out->len = r == CX4_OK ? out->len - size + n : out->len - size;
	return r;
}

static void
add_sid(const struct cx4i_signer_out *s, struct cx4i_layer_out *l,
    struct cx4i_der *d)
{
	if (use_ski(s, l)) {
		cx4i_der_uint(d, 3);
		cx4i_der_value(d, CX4I_CONTEXT(0), s->id->ski.data,
		    s->id->ski.len);
		return;
	}
	cx4i_der_uint(d, 1);
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_slice(d, s->id->issuer);
	cx4i_der_value(d, CX4I_INTEGER, s->id->serial.data,
	    s->id->serial.len);
	cx4i_der_close(d);
}

int
cx4i_signer_out_encode(const struct cx4i_signer_out *s,
    struct cx4i_layer_out *l, struct cx4i_slice signature,
    struct cx4i_der *d)
{
	const struct cx4i_writing *w = l->writing;
	struct cx4i_slice in = cx4i_buf_slice(&s->attrs.buf);
	struct cx4i_tlv set;

	if (cx4i_tlv_expect(&in, CX4I_SET, &set) != 0)
		return -1;
	cx4i_der_open(d, CX4I_SEQUENCE);
	add_sid(s, l, d);
	cx4i_alg_digest(d, w->digest);
	/* [0] IMPLICIT: another tag than the SET that was signed. */
	cx4i_der_value(d, CX4I_CONTEXT_C(0), set.body.data, set.body.len);
	if (cx4i_alg_signature(d, s->id->key, w->digest,
	    (w->options & CX4_WRITE_RSA_PSS) != 0) != 0)
		return -1;
	cx4i_der_value(d, CX4I_OCTET_STRING, signature.data, signature.len);
	cx4i_der_close(d);
	return 0;
}

static void
describe_algorithms(const struct cx4i_signer_out *s,
    struct cx4i_layer_out *l, struct cx4i_signer_info *info)
{
	const struct cx4i_writing *w = l->writing;
	struct cx4i_alg_id id;
	struct cx4i_der d;

	cx4i_copy_text(info->digest, sizeof(info->digest),
	    cx4i_oid_name(w->digest->oid));
	cx4i_der_init(&d);
	if (cx4i_alg_signature(&d, s->id->key, w->digest,
	    (w->options & CX4_WRITE_RSA_PSS) != 0) == 0 && cx4i_der_ok(&d) &&
	    cx4i_alg_parse(cx4i_buf_slice(&d.buf), &id) == 0)
		cx4i_copy_text(info->signature, sizeof(info->signature),
		    cx4i_oid_name(id.oid));
	cx4i_der_free(&d);
}

void
cx4i_signer_out_describe(const struct cx4i_signer_out *s,
    struct cx4i_layer_out *l, struct cx4i_signer_info *info)
{
	struct cx4i_slice in = cx4i_buf_slice(&s->attrs.buf);
	struct cx4i_tlv set;

	if (use_ski(s, l))
		cx4i_key_id_text(s->id->ski, info->sid, sizeof(info->sid));
	else
		cx4i_issuer_serial_text(s->id->issuer, s->id->serial,
		    info->sid, sizeof(info->sid));
	describe_algorithms(s, l, info);
	cx4i_signer_info_cert(l->writing->ctx, info, s->id->cert);
	if (cx4i_tlv_expect(&in, CX4I_SET, &set) == 0)
		cx4i_attrs_describe(set.body, info);
	cx4i_copy_text(info->hint, sizeof(info->hint), l->hint);
}
