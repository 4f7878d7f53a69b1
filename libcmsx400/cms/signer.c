/*
 * signer.c - one SignerInfo: parsed, verified, judged.
 *
 * RFC 5652 sections 5.3-5.6, RFC 3854 section 2.5, RFC 5035. The signature
 * itself is OpenSSL's affair: it is given a detached SignedData with this
 * SignerInfo alone and without certificates, so that nothing else of a
 * hostile message reaches it. What OpenSSL leaves unchecked is checked here:
 * content type, digest, attribute rules, version, signing certificate.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/err.h>

#include "attrs.h"
#include "detached.h"
#include "ess.h"
#include "signer.h"
#include "trust.h"

/* Signatures that are verified in one layer, whatever it asks for. */
#define MAX_VERIFICATIONS 256
/* RSA exponents have few bits; a long one costs a hundred times the work. */
#define MAX_EXPONENT_BITS 64

struct view {
	uint32_t version;
	struct cx4i_sid sid;
	uint8_t joined[CX4I_SKI_MAX];	/* a ski that came in segments */
	struct cx4i_alg_id digest_id, signature_id;
	struct cx4i_slice digest_whole;
	int has_signed;
	struct cx4i_slice signed_set, unsigned_set;
};

/* Everything that the steps of one check share. */
struct check {
	struct cx4i_signed_parts *parts;
	struct cx4i_slice whole;	/* as it came */
	struct cx4i_buf definite;	/* what `v` points into */
	struct view v;
	const struct cx4i_content_digest *digest;
	struct cx4i_signer_info *out;
};

static int
parse_view(struct cx4i_slice whole, struct view *v)
{
	struct cx4i_slice in;
	struct cx4i_tlv t;
	int r;

	if (cx4i_tlv_expect(&whole, CX4I_SEQUENCE, &t) != 0)
		return -1;
	in = t.body;
	if (cx4i_tlv_expect(&in, CX4I_INTEGER, &t) != 0 ||
	    cx4i_tlv_uint(t.body, &v->version) != 0 ||
	    cx4i_sid_parse(&in, &v->sid, v->joined) != 0)
		return -1;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0 ||
	    cx4i_alg_parse(t.whole, &v->digest_id) != 0)
		return -1;
	v->digest_whole = t.whole;
	if ((r = cx4i_tlv_optional(&in, CX4I_CONTEXT_C(0), &t)) < 0)
		return -1;
	v->has_signed = r;
	if (r == 1)
		v->signed_set = t.body;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0 ||
	    cx4i_alg_parse(t.whole, &v->signature_id) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_OCTET_STRING, &t) != 0)
		return -1;
	if ((r = cx4i_tlv_optional(&in, CX4I_CONTEXT_C(1), &t)) < 0)
		return -1;
	if (r == 1)
		v->unsigned_set = t.body;
	return in.len == 0 ? 0 : -1;
}

static void
describe(struct check *c)
{
	struct cx4i_signer_info *s = c->out;
	char buf[CX4I_OID_TEXT];
	struct cx4i_attr a;

	cx4i_sid_text(&c->v.sid, s->sid, sizeof(s->sid));
	cx4i_copy_text(s->digest, sizeof(s->digest),
	    cx4i_alg_name(&c->v.digest_id, buf, sizeof(buf)));
	cx4i_copy_text(s->signature, sizeof(s->signature),
	    cx4i_alg_name(&c->v.signature_id, buf, sizeof(buf)));
	cx4i_attrs_describe(c->v.signed_set, s);
	if (cx4i_attr_find(c->v.signed_set, CX4I_OID_CONTENT_HINTS, &a) ||
	    cx4i_attr_find(c->v.unsigned_set, CX4I_OID_CONTENT_HINTS, &a))
		cx4i_hint_type(c->parts->reading->ctx, a.value, s->hint,
		    sizeof(s->hint));
}

/* RFC 5652 section 5.3: 1 with issuerAndSerialNumber, 3 with [0] SKI. */
static int
check_version(struct check *c)
{
	if (c->v.version == (c->v.sid.by_ski ? 3u : 1u))
		return CX4_OK;
	c->out->verdicts[CX4_CHECK_SIGNATURE] = CX4_V_INVALID;
	return cx4i_fail(&c->out->err, CX4_E_SIGNER_VERSION,
	    "version %u", c->v.version);
}

/* The digest that a signature algorithm names; UNKNOWN: it names none. */
struct signature_algorithm {
	enum cx4i_oid oid;
	enum cx4i_oid digest;
};

static const struct signature_algorithm signature_algorithms[] = {
	{ CX4I_OID_RSA, CX4I_OID_UNKNOWN },
	{ CX4I_OID_RSA_PSS, CX4I_OID_UNKNOWN },
	{ CX4I_OID_SHA1_RSA, CX4I_OID_SHA1 },
	{ CX4I_OID_SHA256_RSA, CX4I_OID_SHA256 },
	{ CX4I_OID_SHA384_RSA, CX4I_OID_SHA384 },
	{ CX4I_OID_SHA512_RSA, CX4I_OID_SHA512 },
	{ CX4I_OID_DSA, CX4I_OID_UNKNOWN },
	{ CX4I_OID_DSA_SHA1, CX4I_OID_SHA1 },
	{ CX4I_OID_DSA_SHA256, CX4I_OID_SHA256 },
	{ CX4I_OID_ECDSA_SHA1, CX4I_OID_SHA1 },
	{ CX4I_OID_ECDSA_SHA256, CX4I_OID_SHA256 },
	{ CX4I_OID_ECDSA_SHA384, CX4I_OID_SHA384 },
	{ CX4I_OID_ECDSA_SHA512, CX4I_OID_SHA512 },
};

static const struct signature_algorithm *
find_signature_algorithm(enum cx4i_oid oid)
{
	size_t i, n = sizeof(signature_algorithms) /
	    sizeof(signature_algorithms[0]);

	for (i = 0; i < n; i++)
		if (signature_algorithms[i].oid == oid)
			return &signature_algorithms[i];
	return NULL;
}

static int
check_algorithms(struct check *c)
{
	const struct signature_algorithm *signature;
	const struct cx4i_digest_alg *alg;
	size_t i;

	alg = cx4i_digest_by_oid(c->v.digest_id.oid);
	signature = find_signature_algorithm(c->v.signature_id.oid);
	if (alg == NULL || signature == NULL) {
		c->out->unsupported = 1;
		c->out->verdicts[CX4_CHECK_SIGNATURE] = CX4_V_UNSUPPORTED;
		return cx4i_fail(&c->out->err, CX4_E_ALGORITHM, "%s with %s",
		    c->out->signature, c->out->digest);
	}
	for (i = 0; i < c->parts->digest_count; i++)
		if (c->parts->digests[i].alg == alg)
			c->digest = &c->parts->digests[i];
	if (c->digest != NULL && (signature->digest == CX4I_OID_UNKNOWN ||
	    signature->digest == alg->oid))
		return CX4_OK;
	c->out->verdicts[CX4_CHECK_SIGNATURE] = CX4_V_INVALID;
	/* RFC 5652 section 5.1: every digest stands in digestAlgorithms. */
	return c->digest == NULL ? cx4i_fail(&c->out->err, CX4_E_ALGORITHM,
	    "%s is not in digestAlgorithms", c->out->digest) :
	    cx4i_fail(&c->out->err, CX4_E_ALGORITHM,
	    "signatureAlgorithm %s contradicts digestAlgorithm %s",
	    c->out->signature, c->out->digest);
}

static int
check_attributes(struct check *c)
{
	const cx4_policy *p = c->parts->reading->policy;
	int r;

	r = cx4i_attrs_check(c->v.signed_set, c->v.unsigned_set,
	    cx4_policy_limit(p, CX4_LIMIT_ATTRIBUTES), c->out,
	    &c->out->err);
	c->out->verdicts[CX4_CHECK_ATTRIBUTES] = r == CX4_OK ?
	    CX4_V_VALID : CX4_V_INVALID;
	return r;
}

/* SET { SEQUENCE { OBJECT IDENTIFIER: how the DER of attributes begins. */
static int
begins_like_attributes(struct cx4i_slice begin)
{
	static const uint8_t idents[] = {
		CX4I_SET, CX4I_SEQUENCE, CX4I_OID
	};
	struct cx4i_ber_head head;
	size_t i;

	for (i = 0; i < sizeof(idents); i++) {
		if (cx4i_ber_head(begin.data, begin.len, &head) != 1 ||
		    head.ident != idents[i])
			return 0;
		begin.data += head.size;
		begin.len -= head.size;
	}
	return 1;
}

/*
 * Around id-data the signature may be over the content itself. Content that
 * is attributes is then refused: they were signed as those of another
 * message.
 */
static int
check_no_attributes(struct check *c, enum cx4_verdict *verdict)
{
	if (cx4i_oid_find(c->parts->content_type_body) == CX4I_OID_DATA &&
	    !begins_like_attributes(c->parts->begin)) {
		*verdict = CX4_V_ABSENT;
		return CX4_OK;
	}
	*verdict = CX4_V_INVALID;
	return cx4i_fail(&c->out->err, CX4_E_ATTRIBUTE, "%s",
	    cx4i_oid_find(c->parts->content_type_body) == CX4I_OID_DATA ?
	    "the content is signed attributes without a content" :
	    "there are no signed attributes although eContentType is not "
	    "id-data (RFC 5652 section 5.3)");
}

/*
 * RFC 5652 section 5.3: signedAttrs must be there unless the type is
 * id-data, and the contentType attribute must equal eContentType. Without
 * this check anybody relabels a signed message, or passes the attributes
 * of one off as the content of another.
 */
static int
check_content_type(struct check *c)
{
	enum cx4_verdict *verdict = &c->out->verdicts[CX4_CHECK_CONTENT_TYPE];
	struct cx4i_slice value;
	struct cx4i_attr a;
	struct cx4i_tlv t;

	if (!c->v.has_signed)
		return check_no_attributes(c, verdict);
	*verdict = CX4_V_INVALID;
	if (!cx4i_attr_find(c->v.signed_set, CX4I_OID_CONTENT_TYPE, &a))
		return cx4i_fail(&c->out->err, CX4_E_ATTRIBUTE,
		    "contentType is absent");
	value = a.value;
	if (cx4i_tlv_expect(&value, CX4I_OID, &t) != 0 ||
	    !cx4i_slice_equal(t.body, c->parts->content_type_body))
		return cx4i_fail(&c->out->err, CX4_E_TYPE_MISMATCH,
		    "eContentType is %s", c->parts->content_type);
	*verdict = CX4_V_VALID;
	return CX4_OK;
}

static int
check_digest(struct check *c)
{
	enum cx4_verdict *verdict = &c->out->verdicts[CX4_CHECK_DIGEST];
	struct cx4i_slice value;
	struct cx4i_attr a;
	struct cx4i_tlv t;

	if (!c->v.has_signed) {
		/* The signature is over the digest itself. */
		*verdict = CX4_V_ABSENT;
		return CX4_OK;
	}
	*verdict = CX4_V_INVALID;
	if (!cx4i_attr_find(c->v.signed_set, CX4I_OID_MESSAGE_DIGEST, &a))
		return cx4i_fail(&c->out->err, CX4_E_ATTRIBUTE,
		    "messageDigest is absent");
	value = a.value;
	if (cx4i_tlv_expect(&value, CX4I_OCTET_STRING, &t) != 0 ||
	    t.body.len != c->digest->alg->size ||
	    CRYPTO_memcmp(t.body.data, c->digest->value, t.body.len) != 0)
		return cx4i_fail(&c->out->err, CX4_E_DIGEST, "%s",
		    c->out->digest);
	*verdict = CX4_V_VALID;
	return CX4_OK;
}

/* RFC 6211: the signed copy of the algorithms, if there is one. */
static int
check_protection(struct check *c)
{
	struct cx4i_attr a;

	if (!cx4i_attr_find(c->v.signed_set, CX4I_OID_ALGORITHM_PROTECTION,
	    &a) || cx4i_protection_matches(a.value, &c->v.digest_id,
	    &c->v.signature_id))
		return CX4_OK;
	c->out->verdicts[CX4_CHECK_ATTRIBUTES] = CX4_V_INVALID;
	return cx4i_fail(&c->out->err, CX4_E_ATTRIBUTE,
	    "cmsAlgorithmProtection names other algorithms (RFC 6211)");
}

/* A detached SignedData with this SignerInfo alone. */
static CMS_ContentInfo *
make_cms(const struct check *c)
{
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_oid_text(&d, cx4i_oid_text(CX4I_OID_SIGNED_DATA));
	cx4i_der_open(&d, CX4I_CONTEXT_C(0));
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_uint(&d, 3);
	cx4i_der_open(&d, CX4I_SET);
	cx4i_der_slice(&d, c->v.digest_whole);
	cx4i_der_close(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_oid(&d, c->parts->content_type_body);
	cx4i_der_close(&d);
	cx4i_der_open(&d, CX4I_SET);
	cx4i_der_slice(&d, c->whole);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	return cx4i_detached(c->parts->reading->ctx, &d);
}

/* Signature over the digest itself: OpenSSL takes it from a digest BIO. */
static int
verify_bare_digest(const struct check *c, CMS_SignerInfo *si)
{
	EVP_MD_CTX *mctx = NULL;
	BIO *bio;
	int r = 0;

	if ((bio = BIO_new(BIO_f_md())) == NULL)
		return 0;
	if (BIO_get_md_ctx(bio, &mctx) > 0 &&
	    EVP_MD_CTX_copy_ex(mctx, c->digest->ctx))
		r = CMS_SignerInfo_verify_content(si, bio) == 1;
	BIO_free(bio);
	return r;
}

/* A key that costs unbounded work is as good as none. */
static int
is_costly(X509 *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	BIGNUM *e = NULL;
	int costly;

	if (key == NULL || !EVP_PKEY_is_a(key, "RSA"))
		return 0;
	costly = !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) ||
	    BN_num_bits(e) > MAX_EXPONENT_BITS;
	BN_free(e);
	return costly;
}

static int
verify_with(const struct check *c, CMS_ContentInfo *cms, X509 *cert)
{
	STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(cms);
	CMS_SignerInfo *si;

	if (sk_CMS_SignerInfo_num(all) != 1 || is_costly(cert) ||
	    ++c->parts->verifications > MAX_VERIFICATIONS)
		return 0;
	si = sk_CMS_SignerInfo_value(all, 0);
	CMS_SignerInfo_set1_signer_cert(si, cert);
	return c->v.has_signed ? CMS_SignerInfo_verify(si) == 1 :
	    verify_bare_digest(c, si);
}

/*
 * RFC 5035 section 2: every signingCertificate attribute that is there is
 * judged, V1 and V2 each for itself.
 */
static enum cx4_verdict
check_signing_certificate(const struct check *c, X509 *cert,
    const char **why)
{
	static const enum cx4i_oid which[] = {
		CX4I_OID_SIGNING_CERTIFICATE, CX4I_OID_SIGNING_CERTIFICATE_V2
	};
	enum cx4_verdict all = CX4_V_ABSENT, one;
	struct cx4i_attr a;
	int i;

	for (i = 0; i < 2; i++) {
		if (!cx4i_attr_find(c->v.signed_set, which[i], &a))
			continue;
		one = cx4i_ess_check(c->parts->reading->ctx, i, a.value, cert,
		    why);
		if (one != CX4_V_VALID)
			return one;
		all = CX4_V_VALID;
	}
	return all;
}

static int
is_good(enum cx4_verdict v)
{
	return v == CX4_V_VALID || v == CX4_V_ABSENT;
}

/*
 * The certificate that verifies the signature and that signingCertificate
 * names; failing that one that verifies, failing that the first.
 */
static int
check_signature(struct check *c)
{
	struct cx4i_signer_info *s = c->out;
	X509 *found[CX4I_CANDIDATES];
	enum cx4_verdict named;
	CMS_ContentInfo *cms;
	const char *why = "";
	size_t i, n;

	n = cx4i_pool_find(&c->parts->pool, &c->v.sid, found);
	if (n == 0) {
		s->verdicts[CX4_CHECK_SIGNATURE] = CX4_V_NO_CERTIFICATE;
		return cx4i_fail(&s->err, CX4_E_NO_CERTIFICATE, "%s", s->sid);
	}
	cx4i_signer_info_cert(c->parts->reading->ctx, s, found[0]);
	s->verdicts[CX4_CHECK_SIGNATURE] = CX4_V_INVALID;
	cms = make_cms(c);
	for (i = 0; cms != NULL && i < n; i++) {
		if (!verify_with(c, cms, found[i]))
			continue;
		named = check_signing_certificate(c, found[i], &why);
		if (s->verdicts[CX4_CHECK_SIGNATURE] != CX4_V_VALID ||
		    is_good(named)) {
			cx4i_signer_info_cert(c->parts->reading->ctx, s,
			    found[i]);
			s->verdicts[CX4_CHECK_SIGNATURE] = CX4_V_VALID;
			s->verdicts[CX4_CHECK_SIGNING_CERTIFICATE] = named;
		}
		if (is_good(named))
			break;
	}
	CMS_ContentInfo_free(cms);
	if (s->verdicts[CX4_CHECK_SIGNATURE] != CX4_V_VALID)
		return cx4i_fail(&s->err, CX4_E_SIGNATURE, "signer %s",
		    s->sid);
	if (!is_good(s->verdicts[CX4_CHECK_SIGNING_CERTIFICATE]))
		return cx4i_fail(&s->err, CX4_E_SIGNING_CERTIFICATE, "%s",
		    why);
	return CX4_OK;
}

static int
check_strength(struct check *c)
{
	const cx4_policy *p = c->parts->reading->policy;
	EVP_PKEY *key = X509_get0_pubkey(c->out->cert);
	enum cx4_verdict *verdict = &c->out->verdicts[CX4_CHECK_STRENGTH];
	const char *why = NULL;

	if (cx4i_policy_digest(p, c->digest->alg) == CX4I_FORBIDDEN)
		why = c->out->digest;
	else if (key != NULL && EVP_PKEY_is_a(key, "DSA") &&
	    p->profile->dsa == CX4I_FORBIDDEN)
		why = "DSA";
	else if (key == NULL ||
	    EVP_PKEY_get_security_bits(key) < p->profile->min_security_bits)
		why = "the key is too short";
	*verdict = why == NULL ? CX4_V_VALID : CX4_V_INVALID;
	if (why == NULL)
		return CX4_OK;
	return cx4i_fail(&c->out->err, CX4_E_WEAK, "%s (policy %s)", why,
	    p->profile->name);
}

/*
 * The certificates and CRLs for paths, once a layer. The policy's CRLs go
 * beside those of the message: OpenSSL asks a store only if no CRL in hand
 * fits, and an old one in a message must not hide a newer one of ours.
 */
static int
gather(struct cx4i_signed_parts *parts)
{
	const cx4_policy *p = parts->reading->policy;
	const unsigned char *der;
	X509_CRL *crl;
	size_t i;
	int j;

	if (parts->crl_stack != NULL)
		return 1;
	parts->untrusted = cx4i_pool_all(&parts->pool);
	parts->crl_stack = sk_X509_CRL_new_null();
	if (parts->untrusted == NULL || parts->crl_stack == NULL)
		return 0;
	for (j = 0; j < sk_X509_CRL_num(p->crls); j++) {
		crl = sk_X509_CRL_value(p->crls, j);
		X509_CRL_up_ref(crl);
		if (!sk_X509_CRL_push(parts->crl_stack, crl)) {
			X509_CRL_free(crl);
			return 0;
		}
	}
	for (i = 0; i < parts->crl_count; i++) {
		der = parts->crls[i].data;
		crl = d2i_X509_CRL(NULL, &der, (long)parts->crls[i].len);
		if (crl != NULL && !sk_X509_CRL_push(parts->crl_stack, crl)) {
			X509_CRL_free(crl);
			return 0;
		}
	}
	return 1;
}

static int
check_path(struct check *c)
{
	struct cx4i_reading *reading = c->parts->reading;
	struct cx4i_path path;

	if (!gather(c->parts))
		return cx4i_fail(&c->out->err, CX4_E_NOMEM, "%s", "path");
	cx4i_trust_check(reading->policy, reading->store, c->out->cert,
	    c->parts->untrusted, c->parts->crl_stack, &path);
	c->out->verdicts[CX4_CHECK_PATH] = path.path;
	c->out->verdicts[CX4_CHECK_REVOCATION] = path.revocation;
	if (path.revocation_unknown && path.code == CX4_OK)
		cx4i_warn(reading->warnings, CX4_W_CRL, c->out->err.layer,
		    "%s", c->out->subject);
	if (path.code == CX4_OK)
		return CX4_OK;
	return cx4i_fail(&c->out->err, path.code, "%s", path.why);
}

/* Whose signature it claims to be, where none was verified. */
static void
show_claimed(struct check *c)
{
	X509 *found[CX4I_CANDIDATES];

	if (cx4i_pool_find(&c->parts->pool, &c->v.sid, found) > 0)
		cx4i_signer_info_cert(c->parts->reading->ctx, c->out,
		    found[0]);
}

/* Inspection: what is there, and no verdicts. */
static void
only_look(struct check *c)
{
	check_attributes(c);
	cx4i_err_clear(&c->out->err);
	memset(c->out->verdicts, 0, sizeof(c->out->verdicts));
	show_claimed(c);
}

typedef int check_fn(struct check *);

/* In this order; a failure makes the later ones pointless. */
static check_fn *const checks[] = {
	check_version, check_algorithms, check_attributes, check_protection,
	check_content_type, check_digest, check_signature, check_path,
	check_strength
};

void
cx4i_signer_check(struct cx4i_signed_parts *parts, struct cx4i_slice whole,
    struct cx4i_signer_info *out)
{
	struct check c;
	size_t i;
	int r;

	memset(&c, 0, sizeof(c));
	c.parts = parts;
	c.whole = whole;
	c.out = out;
	r = cx4i_tlv_definite(whole, &c.definite, NULL);
	if (r == CX4_E_NOMEM) {
		cx4i_fail(&out->err, r, "%s", "SignerInfo");
		goto out;
	}
	if (r != 0 || parse_view(cx4i_buf_slice(&c.definite), &c.v) != 0) {
		out->verdicts[CX4_CHECK_SIGNATURE] = CX4_V_INVALID;
		cx4i_fail(&out->err, CX4_E_STRUCTURE, "SignerInfo");
		goto out;
	}
	describe(&c);
	if (!parts->reading->verify) {
		only_look(&c);
		goto out;
	}
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (checks[i](&c) != CX4_OK)
			break;
	if (out->cert == NULL)
		show_claimed(&c);
out:
	cx4i_buf_free(&c.definite);
}
