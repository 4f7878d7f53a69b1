/*
 * t_ctx.c - the context: clock, log, references, and when it freezes.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <time.h>

#include <openssl/crypto.h>

#include "../libcmsx400/base/ctx.h"
#include "../libcmsx400/base/policy.h"
#include "../libcmsx400/cmsx400_openssl.h"
#include "tap.h"

/* What the log function was told. */
struct heard {
	int calls;
	enum cx4_level level;
	char module[32];
	char message[32];
	char text[1024];
};

static void
hear(void *arg, enum cx4_level level, const char *module,
    const char *message, const char *text)
{
	struct heard *h = arg;

	h->calls++;
	h->level = level;
	snprintf(h->module, sizeof(h->module), "%s", module);
	snprintf(h->message, sizeof(h->message), "%s",
	    message != NULL ? message : "(NULL)");
	snprintf(h->text, sizeof(h->text), "%s", text);
}

static int64_t
stopped_clock(void *arg)
{
	return *(const int64_t *)arg;
}

static void
test_version(void)
{
	char want[32];

	snprintf(want, sizeof(want), "%d.%d.%d", CX4_VERSION_MAJOR,
	    CX4_VERSION_MINOR, CX4_VERSION_PATCH);
	is_str(cx4_version(), want, "the version is that of the header");
}

static void
test_free(void)
{
	cx4_ctx *ctx = NULL;

	cx4_ctx_free(NULL);
	cx4_ctx_free(&ctx);
	ok(ctx == NULL, "nothing can be freed");
	ctx = cx4_ctx_new();
	ok(ctx != NULL, "a context");
	cx4_ctx_free(&ctx);
	ok(ctx == NULL, "its pointer is NULL when freed");
	cx4_free(NULL);
	cx4_free(malloc(1));
}

static void
test_clock(void)
{
	cx4_ctx *ctx = cx4_ctx_new();
	int64_t when = 12345, before, now;

	before = (int64_t)time(NULL);
	now = cx4i_ctx_now(ctx);
	ok(now >= before && now <= (int64_t)time(NULL), "the clock outside");
	is_int(cx4_ctx_set_clock(ctx, stopped_clock, &when), CX4_OK,
	    "a clock of one's own");
	is_int(cx4i_ctx_now(ctx), 12345, "which is asked");
	when = -5;
	is_int(cx4i_ctx_now(ctx), -5, "every time");
	is_int(cx4_ctx_set_clock(ctx, NULL, NULL), CX4_OK, "taken away");
	ok(cx4i_ctx_now(ctx) >= before, "the clock outside again");
	cx4_ctx_free(&ctx);
}

static void
test_log(void)
{
	cx4_ctx *ctx = cx4_ctx_new();
	struct heard h;
	char filler[800];

	memset(&h, 0, sizeof(h));
	memset(filler, 'x', sizeof(filler) - 1);
	filler[sizeof(filler) - 1] = '\0';
	cx4i_log(ctx, CX4_LOG_INFO, "m", NULL, "%s", "nobody listens");
	is_int(cx4_ctx_set_log(ctx, hear, &h), CX4_OK, "a log");
	is_int(h.calls, 0, "hears nothing of before");
	cx4i_log(ctx, CX4_LOG_WARNING, "signed", "msg-1", "layer %d", 3);
	is_int(h.calls, 1, "one line");
	is_int(h.level, CX4_LOG_WARNING, "its level");
	is_str(h.module, "signed", "its module");
	is_str(h.message, "msg-1", "its message");
	is_str(h.text, "layer 3", "its text");
	cx4i_log(ctx, CX4_LOG_DEBUG, "m", NULL, "%s", filler);
	is_str(h.message, "(NULL)", "a message without a name");
	is_int(strlen(h.text), 511, "a long line is cut");
	cx4_ctx_free(&ctx);
}

static void
test_freeze(void)
{
	cx4_ctx *ctx = cx4_ctx_new(), *other;
	int64_t when = 7;
	struct heard h;

	memset(&h, 0, sizeof(h));
	cx4_ctx_set_clock(ctx, stopped_clock, &when);
	cx4_ctx_set_log(ctx, hear, &h);
	other = cx4i_ctx_ref(ctx);
	ok(other == ctx, "a reference is the context");
	is_int(cx4_ctx_set_clock(ctx, NULL, NULL), CX4_E_STATE,
	    "its clock is frozen");
	is_int(cx4_ctx_set_log(ctx, NULL, NULL), CX4_E_STATE,
	    "its log is frozen");
	cx4_ctx_free(&ctx);
	ok(ctx == NULL, "one reference given back");
	is_int(cx4i_ctx_now(other), 7, "the other one lives on");
	cx4i_log(other, CX4_LOG_INFO, "m", NULL, "%s", "still here");
	is_str(h.text, "still here", "with its log");
	is_int(cx4_ctx_set_log(other, NULL, NULL), CX4_E_STATE,
	    "and stays frozen");
	cx4_ctx_free(&other);
}

/* What is made from a context keeps it alive. */
static void
test_kept(void)
{
	cx4_ctx *ctx = cx4_ctx_new();
	cx4_policy *p = cx4_policy_new(ctx, NULL);

	is_int(cx4_ctx_set_log(ctx, NULL, NULL), CX4_OK,
	    "a policy does not freeze its context");
	cx4_ctx_free(&ctx);
	ok(cx4i_ctx_now(p->ctx) > 0, "and keeps it");
	cx4_policy_free(&p);
}

static void
test_own_library_context(void)
{
	OSSL_LIB_CTX *lib = OSSL_LIB_CTX_new();
	cx4_ctx *ctx = cx4_ctx_new_openssl(lib, "provider=default");

	ok(ctx != NULL && ctx->libctx == lib, "the caller's library context");
	is_str(ctx->propq, "provider=default", "and property query");
	cx4_ctx_free(&ctx);
	OSSL_LIB_CTX_free(lib);
}

int
main(void)
{
	test_version();
	test_free();
	test_clock();
	test_log();
	test_freeze();
	test_kept();
	test_own_library_context();
	return done_testing();
}
