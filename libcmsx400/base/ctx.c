/*
 * ctx.c - the context: library context, ASN.1 definitions, clock, log.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/crypto.h>
#include <openssl/opensslv.h>

#include "../cmsx400_openssl.h"
#include "ctx.h"

/* Before 3.0.8 x400Address had the wrong type (CVE-2023-0286). */
#define OPENSSL_NEEDED 0x30000080L
#if OPENSSL_VERSION_NUMBER < OPENSSL_NEEDED
#error "OpenSSL 3.0.8 or later is needed"
#endif

const char *
cx4_version(void)
{
	return CX4_VERSION_STRING;
}

cx4_ctx *
cx4_ctx_new_openssl(OSSL_LIB_CTX *libctx, const char *propq)
{
	cx4_ctx *ctx;

	/* The library that is running may be older than the headers. */
	if (OpenSSL_version_num() < OPENSSL_NEEDED)
		return NULL;
	if ((ctx = calloc(1, sizeof(*ctx))) == NULL)
		return NULL;
	atomic_init(&ctx->refs, 1);
	atomic_init(&ctx->frozen, 0);
	atomic_init(&ctx->asn, NULL);
	ctx->libctx = libctx;
	ctx->propq = propq;
	return ctx;
}

cx4_ctx *
cx4_ctx_new(void)
{
	return cx4_ctx_new_openssl(NULL, NULL);
}

cx4_ctx *
cx4i_ctx_hold(cx4_ctx *ctx)
{
	atomic_fetch_add(&ctx->refs, 1);
	return ctx;
}

cx4_ctx *
cx4i_ctx_ref(cx4_ctx *ctx)
{
	atomic_store(&ctx->frozen, 1);
	return cx4i_ctx_hold(ctx);
}

void
cx4_ctx_free(cx4_ctx **pctx)
{
	struct cx4i_asn *asn;
	cx4_ctx *ctx;

	if (pctx == NULL || (ctx = *pctx) == NULL)
		return;
	*pctx = NULL;
	if (atomic_fetch_sub(&ctx->refs, 1) != 1)
		return;
	asn = atomic_load(&ctx->asn);
	if (asn != NULL)
		asn->free(asn);
	free(ctx);
}

int
cx4_ctx_set_log(cx4_ctx *ctx, cx4_log_fn *log, void *arg)
{
	if (atomic_load(&ctx->frozen))
		return CX4_E_STATE;
	ctx->log = log;
	ctx->log_arg = arg;
	return CX4_OK;
}

int
cx4_ctx_set_clock(cx4_ctx *ctx, cx4_clock_fn *clock, void *arg)
{
	if (atomic_load(&ctx->frozen))
		return CX4_E_STATE;
	ctx->clock = clock;
	ctx->clock_arg = arg;
	return CX4_OK;
}

int64_t
cx4i_ctx_now(const cx4_ctx *ctx)
{
	if (ctx->clock != NULL)
		return ctx->clock(ctx->clock_arg);
	return (int64_t)time(NULL);
}

void
cx4i_log(const cx4_ctx *ctx, enum cx4_level level, const char *module,
    const char *message, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	if (ctx->log == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	ctx->log(ctx->log_arg, level, module, message, line);
}

void
cx4_free(void *p)
{
	free(p);
}
