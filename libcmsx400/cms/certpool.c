/*
 * certpool.c - the certificates that a signed layer may be verified with,
 * parsed once a layer and no more than needed.
 *
 * Decoding a certificate is what a verification costs most, and anybody can
 * put a thousand into a message beside sixty SignerInfos: so they are
 * compared as octets first, and each is decoded at most once.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../base/policy.h"
#include "certpool.h"

int
cx4i_pool_init(struct cx4i_pool *pool, const struct cx4i_reading *reading,
    const struct cx4i_slice *certs, size_t count)
{
	size_t own = (size_t)sk_X509_num(reading->policy->certs), i, n = 0;

	pool->ctx = reading->ctx;
	pool->count = count + own + reading->id_count;
	pool->certs = calloc(pool->count + 1, sizeof(*pool->certs));
	if (pool->certs == NULL) {
		pool->count = 0;
		return -1;
	}
	for (i = 0; i < count; i++)
		pool->certs[n++].der = certs[i];
	for (i = 0; i < own; i++)
		pool->certs[n++].x = sk_X509_value(reading->policy->certs,
		    (int)i);
	for (i = 0; i < reading->id_count; i++)
		pool->certs[n++].x = reading->ids[i]->cert;
	for (i = count; i < n; i++)
		X509_up_ref(pool->certs[i].x);
	return 0;
}

void
cx4i_pool_free(struct cx4i_pool *pool)
{
	size_t i;

	for (i = 0; i < pool->count; i++)
		X509_free(pool->certs[i].x);
	free(pool->certs);
	memset(pool, 0, sizeof(*pool));
}

/* Decode it if that was not tried before; NULL if it is no certificate. */
static X509 *
parsed(struct cx4i_pool *pool, struct cx4i_pool_cert *c)
{
	const unsigned char *p = c->der.data;

	if (c->x != NULL || c->unreadable)
		return c->x;
	c->unreadable = 1;
	if (c->der.len > CX4I_CERT_MAX)
		return NULL;
	c->x = X509_new_ex(pool->ctx->libctx, pool->ctx->propq);
	if (c->x != NULL && d2i_X509(&c->x, &p, (long)c->der.len) == NULL)
		c->x = NULL;
	return c->x;
}

static struct cx4i_slice
serial_of(struct cx4i_pool_cert *c)
{
	const ASN1_INTEGER *number;
	struct cx4i_slice none = { NULL, 0 };

	if (c->viewed)
		return c->view.serial;
	if (c->der.len > 0) {
		c->viewed = !c->unreadable &&
		    cx4i_cert_view(c->der, &c->view) == 0;
		c->unreadable |= !c->viewed;
		return c->viewed ? c->view.serial : none;
	}
	number = X509_get0_serialNumber(c->x);
	none.data = ASN1_STRING_get0_data(number);
	none.len = (size_t)ASN1_STRING_length(number);
	return none;
}

/*
 * The serial of a certificate that came as an object is a number without a
 * leading zero octet; one from octets may have it.
 */
static int
same_serial(struct cx4i_slice a, struct cx4i_slice b)
{
	if (a.len > 1 && a.data[0] == 0) {
		a.data++;
		a.len--;
	}
	if (b.len > 1 && b.data[0] == 0) {
		b.data++;
		b.len--;
	}
	return a.len > 0 && cx4i_slice_equal(a, b);
}

static int
matches(struct cx4i_pool *pool, struct cx4i_pool_cert *c,
    const struct cx4i_sid *sid, X509_NAME *issuer)
{
	X509 *x;

	if (sid->by_ski) {
		x = parsed(pool, c);
		return x != NULL && sid->ski.len > 0 &&
		    cx4i_slice_equal(cx4i_cert_ski(x), sid->ski);
	}
	if (!same_serial(serial_of(c), sid->serial))
		return 0;
	if (c->viewed && cx4i_slice_equal(c->view.issuer, sid->issuer))
		return parsed(pool, c) != NULL;
	/* Senders re-encode names: compare by RFC 5280 section 7.1. */
	x = parsed(pool, c);
	return x != NULL && issuer != NULL &&
	    X509_NAME_cmp(X509_get_issuer_name(x), issuer) == 0;
}

size_t
cx4i_pool_find(struct cx4i_pool *pool, const struct cx4i_sid *sid,
    X509 *found[CX4I_CANDIDATES])
{
	const unsigned char *p = sid->issuer.data;
	X509_NAME *issuer = NULL;
	size_t i, n = 0;

	if (!sid->by_ski && sid->issuer.len <= CX4I_CERT_MAX)
		issuer = d2i_X509_NAME(NULL, &p, (long)sid->issuer.len);
	for (i = 0; i < pool->count && n < CX4I_CANDIDATES; i++)
		if (matches(pool, &pool->certs[i], sid, issuer))
			found[n++] = pool->certs[i].x;
	X509_NAME_free(issuer);
	return n;
}

STACK_OF(X509) *
cx4i_pool_all(struct cx4i_pool *pool)
{
	STACK_OF(X509) *all = sk_X509_new_null();
	size_t i;
	X509 *x;

	for (i = 0; all != NULL && i < pool->count; i++) {
		if ((x = parsed(pool, &pool->certs[i])) == NULL)
			continue;
		X509_up_ref(x);
		if (!sk_X509_push(all, x)) {
			X509_free(x);
			sk_X509_pop_free(all, X509_free);
			return NULL;
		}
	}
	return all;
}
