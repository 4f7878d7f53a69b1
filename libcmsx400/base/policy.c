/*
 * policy.c - the built-in policies and their limits. Reading trust anchors,
 * certificates and CRLs into a policy is in cms/trust.c.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "ctx.h"
#include "policy.h"

/*
 * rfc3854: everything that the document of 2004 demands (sections 2.1-2.6).
 * modern: SHA-2 and AES; SHA-1 signatures and DSA are refused.
 * strict: authenticated encryption and SHA-2 only.
 */
static const struct cx4i_profile profiles[] = {
	{ "modern", CX4I_FORBIDDEN, CX4I_FORBIDDEN, CX4I_READ,
	    CX4I_WRITE_WARN, CX4I_WRITE, CX4I_WRITE, 112, 2, 1,
	    CX4_DIGEST_SHA256,
	    CX4_CIPHER_AES_256_CBC },
	{ "rfc3854", CX4I_WRITE, CX4I_WRITE, CX4I_WRITE,
	    CX4I_WRITE, CX4I_WRITE, CX4I_READ, 80, 0, 0, CX4_DIGEST_SHA1,
	    CX4_CIPHER_DES_EDE3_CBC },
	{ "strict", CX4I_FORBIDDEN, CX4I_FORBIDDEN, CX4I_READ,
	    CX4I_FORBIDDEN, CX4I_FORBIDDEN, CX4I_WRITE, 112, 2, 1,
	    CX4_DIGEST_SHA256,
	    CX4_CIPHER_AES_256_GCM },
};

#define N_PROFILES (sizeof(profiles) / sizeof(profiles[0]))
#define DEPTH_CEILING 64

static const uint64_t default_limits[CX4_LIMIT_MAX_] = {
	[CX4_LIMIT_DEPTH] = 16,
	[CX4_LIMIT_SIGNERS] = 64,
	[CX4_LIMIT_RECIPIENTS] = 10000,
	[CX4_LIMIT_CERTIFICATES] = 1000,
	[CX4_LIMIT_ATTRIBUTES] = 256,
	[CX4_LIMIT_HEAD] = 8 * 1024 * 1024,
	[CX4_LIMIT_OCTETS] = UINT64_MAX,
};

static const struct cx4i_profile *
find_profile(const char *name)
{
	size_t i;

	if (name == NULL)
		return &profiles[0];
	for (i = 0; i < N_PROFILES; i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}

int
cx4_policy_known(const char *name)
{
	return find_profile(name) != NULL;
}

const char *
cx4_policy_list(size_t n)
{
	return n < N_PROFILES ? profiles[n].name : NULL;
}

cx4_policy *
cx4_policy_new(cx4_ctx *ctx, const char *name)
{
	const struct cx4i_profile *profile = find_profile(name);
	cx4_policy *p;

	if (ctx == NULL || profile == NULL ||
	    (p = calloc(1, sizeof(*p))) == NULL)
		return NULL;
	atomic_init(&p->refs, 1);
	atomic_init(&p->frozen, 0);
	p->profile = profile;
	memcpy(p->limits, default_limits, sizeof(p->limits));
	p->when = -1;
	p->trust = sk_X509_new_null();
	p->certs = sk_X509_new_null();
	p->crls = sk_X509_CRL_new_null();
	p->ctx = cx4i_ctx_hold(ctx);
	if (p->trust == NULL || p->certs == NULL || p->crls == NULL)
		cx4_policy_free(&p);
	return p;
}

cx4_policy *
cx4i_policy_ref(cx4_policy *p)
{
	atomic_fetch_add(&p->refs, 1);
	atomic_store(&p->frozen, 1);
	atomic_store(&p->ctx->frozen, 1);
	return p;
}

void
cx4_policy_free(cx4_policy **pp)
{
	cx4_policy *p;

	if (pp == NULL || (p = *pp) == NULL)
		return;
	*pp = NULL;
	if (atomic_fetch_sub(&p->refs, 1) != 1)
		return;
	sk_X509_pop_free(p->trust, X509_free);
	sk_X509_pop_free(p->certs, X509_free);
	sk_X509_CRL_pop_free(p->crls, X509_CRL_free);
	cx4_ctx_free(&p->ctx);
	free(p);
}

const char *
cx4_policy_name(const cx4_policy *p)
{
	return p->profile->name;
}

int
cx4_policy_set_limit(cx4_policy *p, enum cx4_limit which, uint64_t value)
{
	if (atomic_load(&p->frozen))
		return CX4_E_STATE;
	if ((unsigned int)which >= CX4_LIMIT_MAX_ || value == 0 ||
	    (which == CX4_LIMIT_DEPTH && value > DEPTH_CEILING))
		return CX4_E_USAGE;
	p->limits[which] = value;
	return CX4_OK;
}

uint64_t
cx4_policy_limit(const cx4_policy *p, enum cx4_limit which)
{
	return (unsigned int)which < CX4_LIMIT_MAX_ ? p->limits[which] : 0;
}

int
cx4_policy_require(cx4_policy *p, unsigned int requirements)
{
	if (atomic_load(&p->frozen))
		return CX4_E_STATE;
	p->require |= requirements;
	return CX4_OK;
}

int
cx4_policy_set_time(cx4_policy *p, int64_t when)
{
	if (atomic_load(&p->frozen))
		return CX4_E_STATE;
	if (when < 0)
		return CX4_E_USAGE;
	p->when = when;
	return CX4_OK;
}
