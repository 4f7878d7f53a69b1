/*
 * 04-report.c - look at a message and walk over its report.
 *
 *	04-report <message
 *
 * Mode INSPECT needs no keys and no trust, and verifies nothing: the
 * verdicts are all "not-checked". The visitor prints a line for every value,
 * with its path.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>
#include <unistd.h>

#include "example.h"

#define DEPTH 16

/* Names of the open containers; an element of an array has no name. */
struct path {
	const char *names[DEPTH];
	size_t depth;
};

static int
begin(void *arg, const char *name, int is_array)
{
	struct path *p = arg;

	(void)is_array;
	if (p->depth == DEPTH)
		return -1;
	p->names[p->depth++] = name;
	return 0;
}

static int
end(void *arg)
{
	struct path *p = arg;

	p->depth--;
	return 0;
}

/* The containers, then the name of the value. The report has no name. */
static void
print_path(const struct path *p, const char *name)
{
	size_t i;

	for (i = 1; i < p->depth; i++)
		printf("%s.", p->names[i] != NULL ? p->names[i] : "-");
	printf("%s = ", name != NULL ? name : "-");
}

static int
string(void *arg, const char *name, const char *value)
{
	print_path(arg, name);
	/* Text from a message is escaped already. */
	printf("%s\n", value != NULL ? value : "null");
	return 0;
}

static int
number(void *arg, const char *name, uint64_t value)
{
	print_path(arg, name);
	printf("%" PRIu64 "\n", value);
	return 0;
}

static int
boolean(void *arg, const char *name, int value)
{
	print_path(arg, name);
	printf("%s\n", value ? "true" : "false");
	return 0;
}

int
main(void)
{
	static const struct cx4_visitor visitor = {
		begin, end, string, number, boolean
	};
	struct path path = { { NULL }, 0 };
	cx4_reader *r;
	cx4_ctx *ctx;
	int code;

	ctx = cx4_ctx_new();
	r = ctx != NULL ? cx4_reader_new(ctx, NULL) : NULL;
	if (r == NULL)
		die("04-report", CX4_E_NOMEM);
	if ((code = cx4_reader_set_mode(r, CX4_MODE_INSPECT)) != CX4_OK)
		die("04-report", code);
	code = cx4_reader_run_fd(r, STDIN_FILENO);
	if (code != CX4_OK)
		fprintf(stderr, "04-report: %s: %s\n", cx4_code_name(code),
		    cx4_error_text(cx4_reader_error(r)));

	/* The report is complete in every outcome. */
	if (cx4_report_walk(cx4_reader_report(r), &visitor, &path) != 0)
		code = CX4_E_USAGE;
	cx4_reader_free(&r);
	cx4_ctx_free(&ctx);
	return code == CX4_OK ? 0 : 1;
}
