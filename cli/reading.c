/*
 * reading.c - one message through a reader.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "policy.h"
#include "reading.h"
#include "report.h"
#include "summary.h"

void
reading_init(struct reading *r, struct run *run, enum cx4_mode mode)
{
	memset(r, 0, sizeof(*r));
	r->run = run;
	r->mode = mode;
}

void
reading_free(struct reading *r)
{
	cx4_reader_free(&r->reader);
	ids_free(&r->keys);
	cx4_policy_free(&r->policy);
}

int
reading_set_up(struct reading *r)
{
	const char *type = run_get(r->run, OPT_CONTENT_TYPE);
	size_t i;
	int code;

	if ((code = policy_new(r->run, &r->policy)) != CX4_OK ||
	    (code = keys_load_receivers(r->run, &r->keys)) != CX4_OK)
		return code;
	r->reader = cx4_reader_new(r->run->ctx, r->policy);
	if (r->reader == NULL)
		return run_nomem(r->run);
	cx4_reader_set_mode(r->reader, r->mode);
	cx4_reader_set_message(r->reader, r->run->input_name);
	if (r->mode == CX4_MODE_CONTENT && type != NULL)
		cx4_reader_set_content_type(r->reader, type);
	for (i = 0; i < r->keys.n; i++)
		cx4_reader_add_id(r->reader, r->keys.id[i]);
	return CX4_OK;
}

static int
push(void *reader, const void *data, size_t len)
{
	return cx4_reader_push(reader, data, len);
}

int
reading_run(struct reading *r, struct infile *in, const struct outfile *of)
{
	struct run *run = r->run;
	const cx4_report *report;
	int code;

	run_pump(run, in, push, r->reader);
	/* Input that could not be read is not half a message. */
	if (run->code != CX4_OK)
		return run->code;
	code = cx4_reader_finish(r->reader);
	if (code != CX4_OK)
		run_fail_library(run, code, cx4_reader_error(r->reader), of);
	report = cx4_reader_report(r->reader);
	if (report_take(run, report) != CX4_OK && code == CX4_OK)
		code = run->code;
	/* Who looks gets all of it as text; who wraps needs the warnings. */
	if (r->mode == CX4_MODE_OPEN || r->mode == CX4_MODE_VERIFY ||
	    r->mode == CX4_MODE_DECRYPT)
		summary_show(run, report);
	else if (run->verb->flags & VERB_PRODUCT)
		summary_warnings(run, report);
	return code;
}
