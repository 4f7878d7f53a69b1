/*
 * ctx.h - the context: library context, ASN.1 definitions, clock, log.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_CTX_H
#define CX4I_CTX_H

#include <stdatomic.h>

#include <openssl/types.h>

#include "../cmsx400.h"

struct asn1_node_st;		/* libtasn1's, for encoding/asn.c only */

/* The ASN.1 definitions, and how to free them: one pointer to publish. */
struct cx4i_asn {
	struct asn1_node_st *definitions;
	void (*free)(struct cx4i_asn *);
};

struct cx4_ctx {
	atomic_int refs;
	atomic_int frozen;
	OSSL_LIB_CTX *libctx;
	const char *propq;
	/* Loaded when first needed; the definitions are never changed. */
	_Atomic(struct cx4i_asn *) asn;
	cx4_clock_fn *clock;
	void *clock_arg;
	cx4_log_fn *log;
	void *log_arg;
};

/* A reference for what only keeps it, and one for what uses it: frozen. */
cx4_ctx *cx4i_ctx_hold(cx4_ctx *);
cx4_ctx *cx4i_ctx_ref(cx4_ctx *);
int64_t cx4i_ctx_now(const cx4_ctx *);
void cx4i_log(const cx4_ctx *, enum cx4_level, const char *module,
    const char *message, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
