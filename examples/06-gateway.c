/*
 * 06-gateway.c - what a transfer agent does with a message that arrives.
 *
 *	06-gateway CA.pem KEY.pem... <message
 *
 * The host has the message in chunks, decides by the outcome, and tells its
 * own log. Here the chunks have 100 octets; the decision is printed. Context,
 * policy and keys serve all messages and may be shared between threads; a
 * reader serves one message.
 *
 * SPDX-License-Identifier: ISC
 */
#include "example.h"

static void
to_log(void *arg, enum cx4_level level, const char *module,
    const char *message, const char *text)
{
	static const char *const names[] = { "debug", "info", "warning" };

	fprintf(arg, "%s %s: %s: %s\n", names[level], module,
	    message != NULL ? message : "-", text);
}

/* This gateway relays the message as it came; the content it only counts. */
static int
count(void *arg, const void *data, size_t len)
{
	(void)data;
	*(uint64_t *)arg += len;
	return 0;
}

static int
end(void *arg, int commit)
{
	if (!commit)
		*(uint64_t *)arg = 0;
	return 0;
}

/* Classes of outcomes, not single codes: new codes will fit in. */
static const char *
decision(int code)
{
	switch (cx4_code_class(code)) {
	case CX4_CLASS_OK:
		return "deliver";
	case CX4_CLASS_TEMPFAIL:
	case CX4_CLASS_IO:
		return "try again later";
	case CX4_CLASS_NOKEY:
		return "relay unopened";
	case CX4_CLASS_ORIGINATOR:
		return "quarantine: originator";
	default:
		return "refuse";
	}
}

static int
handle(cx4_ctx *ctx, cx4_policy *policy, cx4_id **keys, size_t n_keys)
{
	unsigned char chunk[100];
	const cx4_report *report;
	uint64_t octets = 0;
	cx4_reader *r;
	size_t i, n;
	int code;

	if ((r = cx4_reader_new(ctx, policy)) == NULL)
		return CX4_E_NOMEM;
	code = cx4_reader_set_message(r, "message-1");
	if (code == CX4_OK)
		code = cx4_reader_set_sink(r, count, end, &octets);
	for (i = 0; code == CX4_OK && i < n_keys; i++)
		code = cx4_reader_add_id(r, keys[i]);
	while (code == CX4_OK && (n = fread(chunk, 1, sizeof(chunk),
	    stdin)) > 0)
		code = cx4_reader_push(r, chunk, n);
	if (code == CX4_OK)
		code = ferror(stdin) ? CX4_E_IO_READ : cx4_reader_finish(r);
	report = cx4_reader_report(r);
	printf("%s (%s, %zu layers, %ju octets of content)\n",
	    decision(code), code == CX4_OK ? "ok" : cx4_code_name(code),
	    cx4_report_layers(report), (uintmax_t)octets);
	if (cx4_report_originator(report) != NULL)
		printf("originator %s\n", cx4_report_originator(report));
	cx4_reader_free(&r);
	return code;
}

int
main(int argc, char **argv)
{
	cx4_policy *policy;
	cx4_id *keys[8];
	cx4_ctx *ctx;
	size_t i, n_keys = 0;
	int code;

	if (argc < 3 || argc > 10 || (ctx = cx4_ctx_new()) == NULL) {
		fprintf(stderr, "usage: 06-gateway CA.pem KEY.pem...\n");
		return 1;
	}
	/* Setters come first: a context freezes when it is first used. */
	cx4_ctx_set_log(ctx, to_log, stderr);
	policy = read_trust(ctx, argv[1]);
	cx4_policy_require(policy, CX4_REQUIRE_SIGNATURE);
	for (; n_keys + 2 < (size_t)argc; n_keys++)
		keys[n_keys] = read_id(ctx, argv[n_keys + 2]);
	code = handle(ctx, policy, keys, n_keys);
	for (i = 0; i < n_keys; i++)
		cx4_id_free(&keys[i]);
	cx4_policy_free(&policy);
	cx4_ctx_free(&ctx);
	return code == CX4_OK ? 0 : 1;
}
