/*
 * cmd_content.c - content show and content new: X.400 content itself.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "policy.h"
#include "reading.h"
#include "report.h"
#include "slurp.h"
#include "verbs.h"

static int
do_show(struct run *run)
{
	struct reading reading;
	struct infile in;
	int code;

	if ((code = run_need(run, OPT_CONTENT_TYPE)) != CX4_OK ||
	    (code = run_check_content_type(run)) != CX4_OK ||
	    (code = policy_check(run)) != CX4_OK ||
	    (code = run_open_in(run, &in, 0)) != CX4_OK)
		return code;
	reading_init(&reading, run, CX4_MODE_CONTENT);
	if ((code = reading_set_up(&reading)) == CX4_OK)
		code = reading_run(&reading, &in, NULL);
	reading_free(&reading);
	infile_close(&in);
	if (run->walk != NULL && !run_has(run, OPT_JSON))
		report_text(stdout, json_object_get(run->walk, "content"));
	return code;
}

/* The text of --text, or of the input, in memory of its own. */
static int
read_text(struct run *run, struct infile *in, unsigned char **text,
    size_t *len)
{
	const char *given = run_get(run, OPT_TEXT);
	int code;

	*text = NULL;
	*len = 0;
	if (given != NULL)
		return CX4_OK;
	if ((code = run_open_in(run, in, 0)) != CX4_OK ||
	    (code = slurp_in(run, in, text, len)) != CX4_OK)
		return code;
	if (memchr(*text, '\0', *len) == NULL)
		return CX4_OK;
	return run_fail(run, CX4_E_CONTENT, "%s: the text has a NUL in it",
	    cx4_code_text(CX4_E_CONTENT));
}

static int
make_content(struct run *run, const struct infile *in, const char *text,
    const cx4_address *from, const struct addresses *to)
{
	unsigned char *der = NULL;
	size_t len = 0;
	int code;

	code = cx4_content_new(run->ctx, run_get(run, OPT_CONTENT_TYPE),
	    from, (const cx4_address *const *)to->list, to->n,
	    run_get(run, OPT_SUBJECT), text, &der, &len);
	if (code == CX4_E_USAGE)
		run_usage(run, "this content type needs --from");
	else if (code == CX4_E_CONTENT_TYPE)
		run_fail(run, code, "content is made for p2, p22 and p772, "
		    "not for \"%.100s\"", run_get(run, OPT_CONTENT_TYPE));
	else if (code == CX4_E_CONTENT)
		run_fail(run, code, "the content cannot be made: subject "
		    "and text are ASCII, the subject at most 128 characters");
	else if (code != CX4_OK)
		run_fail(run, code, "%s", cx4_code_text(code));
	else
		code = run_write_all(run, in, 1, der, len);
	cx4_free(der);
	return code;
}

static int
do_new(struct run *run)
{
	struct addresses to = { NULL, 0 };
	struct infile in = { .fd = -1 };
	cx4_address *from = NULL;
	const char *sender = run_get(run, OPT_FROM);
	unsigned char *text = NULL;
	size_t len = 0;
	int code;

	if ((code = run_need(run, OPT_CONTENT_TYPE)) != CX4_OK ||
	    (code = run_check_content_type(run)) != CX4_OK ||
	    (code = run_exclude(run, OPT_TEXT, OPT_IN)) != CX4_OK ||
	    (code = addresses_read(run, OPT_TO_USER, &to)) != CX4_OK ||
	    (sender != NULL &&
	    (code = address_read(run, sender, &from)) != CX4_OK) ||
	    (code = read_text(run, &in, &text, &len)) != CX4_OK)
		goto out;
	code = make_content(run, run_has(run, OPT_TEXT) ? NULL : &in,
	    run_has(run, OPT_TEXT) ? run_get(run, OPT_TEXT) :
	    (const char *)text, from, &to);
out:
	addresses_free(&to);
	cx4_address_free(&from);
	slurp_free(&text, len);
	infile_close(&in);
	return code;
}

static const enum opt_id show_options[] = {
	OPT_IN, OPT_CONTENT_TYPE, OPTS_LIMITS, OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id new_options[] = {
	OPT_CONTENT_TYPE, OPT_FROM, OPT_TO_USER, OPT_SUBJECT, OPT_TEXT,
	OPT_IN, OPT_OUT, OPTS_COMMON
};

const struct verb verb_content_show = {
	"content show", "--content-type TYPE [-i FILE] [--json]",
	"the heading of X.400 content", show_options,
	VERB_MESSAGE, 0, 0, do_show
};

const struct verb verb_content_new = {
	"content new", "--content-type TYPE --from ADDRESS --to ADDRESS ... "
	"[--subject TEXT] [--text TEXT] [-i FILE] [-o FILE]",
	"a simple P2, P22 or P772 message", new_options,
	VERB_PRODUCT, 0, 0, do_new
};
