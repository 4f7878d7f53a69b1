/*
 * cmd_wrap.c - wrap and strip: the MIME wrapper of RFC 3854 section 3.2.1.
 *
 * wrap reads its input twice: the smime-type stands in front and names the
 * innermost protection, which is known only after a look at all layers.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <string.h>

#include "policy.h"
#include "reading.h"
#include "report.h"
#include "verbs.h"

#define TYPE_MAX 64

static int
push_writer(void *writer, const void *data, size_t len)
{
	return cx4_writer_push(writer, data, len);
}

static int
push_reader(void *reader, const void *data, size_t len)
{
	return cx4_reader_push(reader, data, len);
}

/* The end of the stripped octets is not yet the end of the writer's. */
static int
end_stripped(void *writer, int commit)
{
	(void)writer;
	(void)commit;
	return 0;
}

/* It becomes a parameter of a MIME header: a token and nothing else. */
static int
check_type(struct run *run)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
	const char *type = run_get(run, OPT_SMIME_TYPE);

	if (type == NULL || (*type != '\0' && strlen(type) < TYPE_MAX &&
	    strspn(type, token) == strlen(type)))
		return CX4_OK;
	return run_usage(run, "--smime-type is a word like signed-x400 or "
	    "enveloped-x400, not \"%.100s\"", type);
}

static int
need_type(struct run *run)
{
	run_fail(run, CX4_E_SMIME_TYPE, "%s",
	    cx4_code_text(CX4_E_SMIME_TYPE));
	run_hint(run, "name it with --smime-type, like signed-x400 or "
	    "enveloped-x400");
	return CX4_E_SMIME_TYPE;
}

/* First reading: look at the layers and find the smime-type. */
static int
find_type(struct reading *reading, struct infile *in, char type[TYPE_MAX])
{
	struct run *run = reading->run;
	const char *given = run_get(run, OPT_SMIME_TYPE), *seen;
	int code;

	if ((code = reading_set_up(reading)) != CX4_OK)
		return code;
	if ((code = reading_run(reading, in, NULL)) != CX4_OK) {
		if (code == CX4_E_NOT_CMS)
			run_hint(run, "for plain X.400 content give "
			    "--content-type");
		return code;
	}
	seen = cx4_report_smime_type(cx4_reader_report(reading->reader));
	if (given == NULL)
		given = seen;
	if (given == NULL || strlen(given) >= TYPE_MAX)
		return need_type(run);
	memcpy(type, given, strlen(given) + 1);
	return CX4_OK;
}

static int
rewind_input(struct run *run, struct infile *in)
{
	if (infile_rewind(in) == 0)
		return CX4_OK;
	return run_fail(run, CX4_E_IO_READ, "cannot read %.300s again: %s",
	    infile_label(in->name), strerror(errno));
}

/* A ContentInfo is a SEQUENCE; what begins otherwise is PEM or MIME. */
static int
is_encoded(struct run *run, struct infile *in, int *encoded)
{
	unsigned char first = 0;
	int code;

	if ((code = rewind_input(run, in)) != CX4_OK)
		return code;
	if (infile_read(in, &first, 1) < 0)
		return run_fail(run, CX4_E_IO_READ, "cannot read %.300s: %s",
		    infile_label(in->name), strerror(errno));
	*encoded = first != 0x30;
	return rewind_input(run, in);
}

/* PEM or MIME goes through a reader that takes it off. */
static int
pump_stripped(struct run *run, struct infile *in, cx4_policy *policy,
    cx4_writer *w)
{
	cx4_reader *r = cx4_reader_new(run->ctx, policy);
	const cx4_error *sink;
	int code;

	if (r == NULL)
		return run_nomem(run);
	cx4_reader_set_mode(r, CX4_MODE_STRIP);
	cx4_reader_set_sink(r, push_writer, end_stripped, w);
	run_pump(run, in, push_reader, r);
	code = run->code;
	if (code == CX4_OK && (code = cx4_reader_finish(r)) != CX4_OK) {
		/* If the writer failed, its reason is the better one. */
		sink = cx4_writer_error(w);
		if (sink == NULL || cx4_error_code(sink) == CX4_OK)
			run_fail_library(run, code, cx4_reader_error(r),
			    NULL);
	}
	cx4_reader_free(&r);
	return code;
}

static int
finish_writer(struct run *run, cx4_writer *w, const struct outfile *of)
{
	int code;

	if (run->code != CX4_OK)
		return run->code;
	if ((code = cx4_writer_finish(w)) != CX4_OK)
		run_fail_library(run, code, cx4_writer_error(w), of);
	return code;
}

static cx4_writer *
new_writer(struct run *run, cx4_policy *policy, struct outfile *of)
{
	cx4_writer *w = cx4_writer_new(run->ctx, policy);
	unsigned int options = CX4_WRITE_MIME;

	if (w == NULL) {
		run_nomem(run);
		return NULL;
	}
	if (run_has(run, OPT_LF))
		options |= CX4_WRITE_LF;
	cx4_writer_set_options(w, options);
	cx4_writer_set_message(w, run->input_name);
	cx4_writer_set_sink(w, outfile_write, outfile_end, of);
	return w;
}

static int
wrap_message(struct run *run, struct reading *reading, struct infile *in,
    struct outfile *of)
{
	char type[TYPE_MAX];
	cx4_writer *w;
	int code, encoded = 0;

	if ((code = find_type(reading, in, type)) != CX4_OK ||
	    (code = is_encoded(run, in, &encoded)) != CX4_OK)
		return code;
	if ((w = new_writer(run, reading->policy, of)) == NULL)
		return run->code;
	cx4_writer_set_smime_type(w, type);
	if (encoded)
		pump_stripped(run, in, reading->policy, w);
	else
		run_pump(run, in, push_writer, w);
	code = finish_writer(run, w, of);
	cx4_writer_free(&w);
	return code;
}

static int
wrap_content(struct run *run, struct reading *reading, struct infile *in,
    struct outfile *of)
{
	cx4_writer *w;
	int code;

	if ((code = policy_new(run, &reading->policy)) != CX4_OK)
		return code;
	if ((w = new_writer(run, reading->policy, of)) == NULL)
		return run->code;
	cx4_writer_set_content_type(w, run_get(run, OPT_CONTENT_TYPE));
	run_pump(run, in, push_writer, w);
	code = finish_writer(run, w, of);
	report_take(run, cx4_writer_report(w));
	cx4_writer_free(&w);
	return code;
}

static int
do_wrap(struct run *run)
{
	const int plain = run_has(run, OPT_CONTENT_TYPE);
	struct reading reading;
	struct infile in = { .fd = -1 };
	struct outfile *of = NULL;
	int code;

	reading_init(&reading, run, CX4_MODE_INSPECT);
	if ((code = run_exclude(run, OPT_CONTENT_TYPE, OPT_SMIME_TYPE)) !=
	    CX4_OK || (code = check_type(run)) != CX4_OK ||
	    (code = run_check_content_type(run)) != CX4_OK ||
	    (code = policy_check(run)) != CX4_OK ||
	    (code = run_open_in(run, &in, !plain)) != CX4_OK ||
	    (code = run_open_out(run, &in, 0, &of)) != CX4_OK)
		goto out;
	code = plain ? wrap_content(run, &reading, &in, of) :
	    wrap_message(run, &reading, &in, of);
out:
	reading_free(&reading);
	outfile_free(&of);
	infile_close(&in);
	return code;
}

static int
do_strip(struct run *run)
{
	struct reading reading;
	struct infile in = { .fd = -1 };
	struct outfile *of = NULL;
	int code;

	reading_init(&reading, run, CX4_MODE_STRIP);
	if ((code = policy_check(run)) != CX4_OK ||
	    (code = run_open_in(run, &in, 0)) != CX4_OK ||
	    (code = run_open_out(run, &in, 1, &of)) != CX4_OK ||
	    (code = reading_set_up(&reading)) != CX4_OK)
		goto out;
	cx4_reader_set_sink(reading.reader, outfile_write, outfile_end, of);
	code = reading_run(&reading, &in, of);
out:
	reading_free(&reading);
	outfile_free(&of);
	infile_close(&in);
	return code;
}

static const enum opt_id wrap_options[] = {
	OPT_IN, OPT_OUT, OPT_SMIME_TYPE, OPT_CONTENT_TYPE, OPT_LF,
	OPTS_LIMITS, OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id strip_options[] = {
	OPT_IN, OPT_OUT, OPTS_LIMITS, OPTS_REPORT, OPTS_COMMON
};

const struct verb verb_wrap = {
	"wrap", "[--smime-type TYPE | --content-type TYPE] [-i FILE] "
	"[-o FILE]",
	"put the MIME wrapper on", wrap_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_wrap
};

const struct verb verb_strip = {
	"strip", "[-i FILE] [-o FILE]",
	"take the MIME or PEM wrapper off", strip_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_strip
};
