/*
 * trust.c - certificate paths, purpose and revocation.
 *
 * RFC 5280 section 6 by OpenSSL; RFC 3850 section 4.4 (keyUsage, extended
 * key usage) here, because OpenSSL's S/MIME purpose knows no
 * anyExtendedKeyUsage. Fetches nothing from any network.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "../base/ctx.h"
#include "ident.h"
#include "trust.h"

static int
add_pem_certs(cx4_policy *p, STACK_OF(X509) *to, BIO *in)
{
	X509 *x;

	for (;;) {
		x = X509_new_ex(p->ctx->libctx, p->ctx->propq);
		if (x == NULL)
			return CX4_E_NOMEM;
		if (PEM_read_bio_X509(in, &x, NULL, NULL) == NULL) {
			X509_free(x);
			return CX4_OK;
		}
		if (!sk_X509_push(to, x)) {
			X509_free(x);
			return CX4_E_NOMEM;
		}
	}
}

static int
add_certs(cx4_policy *p, STACK_OF(X509) *to, const void *data, size_t len)
{
	const unsigned char *der = data;
	int before = sk_X509_num(to), r = CX4_OK;
	BIO *in;
	X509 *x;

	if (atomic_load(&p->frozen))
		return CX4_E_STATE;
	if (data == NULL || len > INT_MAX)
		return CX4_E_USAGE;
	if ((in = BIO_new_mem_buf(data, (int)len)) == NULL)
		return CX4_E_NOMEM;
	cx4i_queue_enter();
	r = add_pem_certs(p, to, in);
	BIO_free(in);
	if (r == CX4_OK && sk_X509_num(to) == before) {
		x = X509_new_ex(p->ctx->libctx, p->ctx->propq);
		if (d2i_X509(&x, &der, (long)len) != NULL &&
		    !sk_X509_push(to, x)) {
			X509_free(x);
			r = CX4_E_NOMEM;
		}
	}
	if (r == CX4_OK && sk_X509_num(to) == before)
		r = CX4_E_IO_KEY;
	cx4i_queue_leave();
	return r;
}

int
cx4_policy_add_trust(cx4_policy *p, const void *data, size_t len)
{
	return add_certs(p, p->trust, data, len);
}

int
cx4_policy_add_certs(cx4_policy *p, const void *data, size_t len)
{
	return add_certs(p, p->certs, data, len);
}

int
cx4_policy_add_crls(cx4_policy *p, const void *data, size_t len)
{
	int before = sk_X509_CRL_num(p->crls), r = CX4_OK;
	const unsigned char *der = data;
	X509_CRL *crl;
	BIO *in;

	if (atomic_load(&p->frozen))
		return CX4_E_STATE;
	if (data == NULL || len > INT_MAX)
		return CX4_E_USAGE;
	if ((in = BIO_new_mem_buf(data, (int)len)) == NULL)
		return CX4_E_NOMEM;
	cx4i_queue_enter();
	while ((crl = PEM_read_bio_X509_CRL(in, NULL, NULL, NULL)) != NULL)
		if (!sk_X509_CRL_push(p->crls, crl)) {
			X509_CRL_free(crl);
			r = CX4_E_NOMEM;
			break;
		}
	BIO_free(in);
	if (r == CX4_OK && sk_X509_CRL_num(p->crls) == before &&
	    (crl = d2i_X509_CRL(NULL, &der, (long)len)) != NULL &&
	    !sk_X509_CRL_push(p->crls, crl)) {
		X509_CRL_free(crl);
		r = CX4_E_NOMEM;
	}
	if (r == CX4_OK && sk_X509_CRL_num(p->crls) == before)
		r = CX4_E_IO_KEY;
	cx4i_queue_leave();
	return r;
}

X509_STORE *
cx4i_trust_store(const cx4_policy *p)
{
	X509_STORE *store = X509_STORE_new();
	int i;

	if (store == NULL)
		return NULL;
	for (i = 0; i < sk_X509_num(p->trust); i++)
		if (!X509_STORE_add_cert(store, sk_X509_value(p->trust, i)))
			goto fail;
	for (i = 0; i < sk_X509_CRL_num(p->crls); i++)
		if (!X509_STORE_add_crl(store, sk_X509_CRL_value(p->crls, i)))
			goto fail;
	return store;
fail:
	X509_STORE_free(store);
	return NULL;
}

/* What the verification callback needs; found through the store context. */
struct checking {
	const cx4_policy *policy;
	struct cx4i_path *out;
};

struct path_code {
	int error;
	int code;
};

static const struct path_code path_codes[] = {
	{ X509_V_ERR_CERT_REVOKED, CX4_E_REVOKED },
	{ X509_V_ERR_EE_KEY_TOO_SMALL, CX4_E_WEAK },
	{ X509_V_ERR_CA_KEY_TOO_SMALL, CX4_E_WEAK },
	{ X509_V_ERR_CA_MD_TOO_WEAK, CX4_E_WEAK },
	{ X509_V_ERR_INVALID_PURPOSE, CX4_E_PURPOSE },
	{ X509_V_ERR_UNABLE_TO_GET_CRL, CX4_E_TEMPFAIL },
	{ X509_V_ERR_CRL_HAS_EXPIRED, CX4_E_TEMPFAIL },
	{ X509_V_ERR_CRL_NOT_YET_VALID, CX4_E_TEMPFAIL },
	{ X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, CX4_E_TEMPFAIL },
};

static int
path_code(int error)
{
	size_t i;

	for (i = 0; i < sizeof(path_codes) / sizeof(path_codes[0]); i++)
		if (path_codes[i].error == error)
			return path_codes[i].code;
	return CX4_E_PATH;
}

/* Record an error unless a graver one is recorded already. */
static void
blame(struct cx4i_path *out, int code, X509_STORE_CTX *sctx)
{
	X509 *x = X509_STORE_CTX_get_current_cert(sctx);
	char name[160] = "the signer's certificate";

	if (out->code != CX4_OK && cx4i_worse(out->code, code) == out->code)
		return;
	out->code = code;
	if (x != NULL)
		cx4i_name_text(X509_get_subject_name(x), name, sizeof(name));
	snprintf(out->why, sizeof(out->why), "%s (%s, depth %d)",
	    X509_verify_cert_error_string(X509_STORE_CTX_get_error(sctx)),
	    name, X509_STORE_CTX_get_error_depth(sctx));
}

static int
is_anchor(X509_STORE_CTX *sctx)
{
	return X509_STORE_CTX_get_error_depth(sctx) ==
	    sk_X509_num(X509_STORE_CTX_get0_chain(sctx)) - 1;
}

/*
 * OpenSSL asks for revocation before it has verified the path: go on, so
 * that the verdict on the path is true in either case. The anchor itself is
 * trusted without a CRL.
 */
static int
on_verify(int ok, X509_STORE_CTX *sctx)
{
	struct checking *c = X509_STORE_CTX_get_app_data(sctx);
	struct cx4i_path *out;
	int code;

	if (ok || c == NULL)
		return ok;
	out = c->out;
	code = path_code(X509_STORE_CTX_get_error(sctx));
	if (code == CX4_E_REVOKED) {
		out->revocation = CX4_V_INVALID;
		/* Revoked for certain: nothing to try again. */
		if (out->code == CX4_E_TEMPFAIL)
			out->code = CX4_OK;
		blame(out, code, sctx);
		return 1;
	}
	if (code != CX4_E_TEMPFAIL)
		return 0;
	if (is_anchor(sctx))
		return 1;
	out->revocation_unknown = 1;
	if (out->revocation == CX4_V_INVALID)
		return 1;
	out->revocation = CX4_V_UNKNOWN;
	if (!cx4i_requires(c->policy, CX4_ALLOW_UNKNOWN_REVOCATION))
		blame(out, code, sctx);
	return 1;
}

/*
 * RFC 3850 section 4.4.2: digitalSignature or nonRepudiation if keyUsage is
 * there; section 4.4.4: emailProtection or anyExtendedKeyUsage if extended
 * key usage is there.
 */
static void
check_purpose(X509 *leaf, struct cx4i_path *out)
{
	uint32_t xku = X509_get_extended_key_usage(leaf);
	const char *what;
	char name[160];

	if (!cx4i_cert_allows(leaf, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION))
		what = "keyUsage allows no signatures";
	else if ((xku & (XKU_SMIME | XKU_ANYEKU)) == 0)
		what = "extended key usage has neither emailProtection nor "
		    "anyExtendedKeyUsage";
	else
		return;
	out->path = CX4_V_INVALID;
	if (out->code != CX4_OK)
		return;
	cx4i_name_text(X509_get_subject_name(leaf), name, sizeof(name));
	snprintf(out->why, sizeof(out->why), "%s (%s)", what, name);
	out->code = CX4_E_PURPOSE;
}

/*
 * RFC 5280 section 6.1.4 (k): every certificate between the signer's and
 * the anchor is a CA by its basicConstraints. OpenSSL takes some without
 * the extension for CAs too.
 */
static void
check_authorities(X509_STORE_CTX *sctx, struct cx4i_path *out)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(sctx);
	char name[160];
	X509 *x;
	int i;

	for (i = 1; i < sk_X509_num(chain) - 1; i++) {
		x = sk_X509_value(chain, i);
		if (X509_get_extension_flags(x) & EXFLAG_CA)
			continue;
		out->path = CX4_V_INVALID;
		if (out->code != CX4_OK)
			return;
		cx4i_name_text(X509_get_subject_name(x), name, sizeof(name));
		snprintf(out->why, sizeof(out->why), "basicConstraints make "
		    "no CA of %s (depth %d)", name, i);
		out->code = CX4_E_PATH;
		return;
	}
}

static void
set_parameters(const cx4_policy *p, X509_STORE_CTX *sctx)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(sctx);
	unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN |
	    X509_V_FLAG_TRUSTED_FIRST;

	if (cx4i_requires(p, CX4_REQUIRE_CRL))
		flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
	X509_VERIFY_PARAM_set_flags(param, flags);
	X509_VERIFY_PARAM_set_auth_level(param, p->profile->security_level);
	X509_VERIFY_PARAM_set_time(param, (time_t)(p->when >= 0 ? p->when :
	    cx4i_ctx_now(p->ctx)));
}

void
cx4i_trust_check(const cx4_policy *p, X509_STORE *store, X509 *leaf,
    STACK_OF(X509) *certs, STACK_OF(X509_CRL) *crls, struct cx4i_path *out)
{
	struct checking checking = { p, out };
	X509_STORE_CTX *sctx;

	memset(out, 0, sizeof(*out));
	if (sk_X509_num(p->trust) == 0) {
		out->path = CX4_V_UNKNOWN;
		out->code = CX4_E_NO_TRUST;
		return;
	}
	out->path = CX4_V_INVALID;
	sctx = X509_STORE_CTX_new_ex(p->ctx->libctx, p->ctx->propq);
	if (sctx == NULL || !X509_STORE_CTX_init(sctx, store, leaf, certs)) {
		out->code = CX4_E_NOMEM;
		goto out;
	}
	if (!X509_STORE_CTX_set_app_data(sctx, &checking)) {
		out->code = CX4_E_NOMEM;
		goto out;
	}
	X509_STORE_CTX_set0_crls(sctx, crls);
	X509_STORE_CTX_set_verify_cb(sctx, on_verify);
	set_parameters(p, sctx);
	if (X509_verify_cert(sctx) != 1) {
		blame(out, path_code(X509_STORE_CTX_get_error(sctx)), sctx);
		goto out;
	}
	out->path = CX4_V_VALID;
	if (cx4i_requires(p, CX4_REQUIRE_CRL) &&
	    out->revocation == CX4_V_NOT_CHECKED)
		out->revocation = CX4_V_VALID;
	check_authorities(sctx, out);
	check_purpose(leaf, out);
out:
	X509_STORE_CTX_free(sctx);
}
