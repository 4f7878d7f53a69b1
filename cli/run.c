/*
 * run.c - one run of the command.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"
#include "run.h"
#include "value.h"

static const struct keyword progress_modes[] = {
	{ "auto", PROGRESS_AUTO },
	{ "always", PROGRESS_ALWAYS },
	{ "never", PROGRESS_NEVER },
	{ NULL, 0 }
};

int
run_fail(struct run *run, int code, const char *fmt, ...)
{
	va_list ap;

	if (run->code != CX4_OK)
		return code;
	run->code = code;
	run->layer = -1;
	run->offset = UINT64_MAX;
	va_start(ap, fmt);
	vsnprintf(run->text, sizeof(run->text), fmt, ap);
	va_end(ap);
	return code;
}

int
run_usage(struct run *run, const char *fmt, ...)
{
	char text[sizeof(run->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return run_fail(run, CX4_E_USAGE, "%s: %s", run->verb->name, text);
}

int
run_nomem(struct run *run)
{
	return run_fail(run, CX4_E_NOMEM, "%s", cx4_code_text(CX4_E_NOMEM));
}

int
run_fail_library(struct run *run, int code, const cx4_error *error,
    const struct outfile *of)
{
	const char *text, *causes;

	if (run->code != CX4_OK)
		return code;
	if (code == CX4_E_IO_WRITE && outfile_error(of) != NULL)
		return run_fail(run, code, "%s", outfile_error(of));
	if (error == NULL || cx4_error_code(error) != code) {
		text = cx4_code_text(code);
		return run_fail(run, code, "%s",
		    text != NULL ? text : "unknown error");
	}
	run_fail(run, code, "%s", cx4_error_text(error));
	run->of_library = 1;
	run->layer = cx4_error_layer(error);
	run->offset = cx4_error_offset(error);
	causes = cx4_error_causes(error);
	if (causes != NULL)
		run->causes = strdup(causes);
	return code;
}

void
run_hint(struct run *run, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(run->hint, sizeof(run->hint), fmt, ap);
	va_end(ap);
}

int
run_has(const struct run *run, enum opt_id id)
{
	return opts_has(&run->opts, id);
}

const char *
run_get(const struct run *run, enum opt_id id)
{
	return opts_get(&run->opts, id);
}

int
run_need(struct run *run, enum opt_id id)
{
	const struct opt_def *d = opts_def(id);

	if (run_has(run, id))
		return CX4_OK;
	return run_usage(run, "option --%s %s is required", d->name,
	    d->metavar);
}

int
run_exclude(struct run *run, enum opt_id a, enum opt_id b)
{
	if (!run_has(run, a) || !run_has(run, b))
		return CX4_OK;
	return run_usage(run, "options --%s and --%s exclude each other",
	    opts_def(a)->name, opts_def(b)->name);
}

int
run_check_content_type(struct run *run)
{
	const char *type = run_get(run, OPT_CONTENT_TYPE);
	char oid[256];

	if (type == NULL ||
	    cx4_content_type_oid(type, oid, sizeof(oid)) == CX4_OK)
		return CX4_OK;
	return run_usage(run, "--content-type is %s, not \"%.100s\"",
	    opts_def(OPT_CONTENT_TYPE)->help, type);
}

int
run_open_in(struct run *run, struct infile *in, int twice)
{
	const char *path = run_get(run, OPT_IN);

	run->input_name = path != NULL ? path : "-";
	if (infile_open(in, path, twice) == 0)
		return CX4_OK;
	return run_fail(run, CX4_E_IO_READ, "cannot read %.300s: %s",
	    infile_label(path != NULL ? path : "-"), strerror(errno));
}

int
run_open_out(struct run *run, const struct infile *in, int binary,
    struct outfile **of)
{
	struct outfile_rules rules = { binary, in != NULL ? &in->st : NULL };
	char why[512];
	int code;

	code = outfile_open(of, run_get(run, OPT_OUT), &rules, why,
	    sizeof(why));
	if (code == CX4_E_USAGE)
		return run_usage(run, "%s", why);
	if (code != CX4_OK)
		return run_fail(run, code, "%s", why);
	return CX4_OK;
}

int
run_write_all(struct run *run, const struct infile *in, int binary,
    const void *data, size_t len)
{
	struct outfile *of = NULL;
	int code;

	if ((code = run_open_out(run, in, binary, &of)) != CX4_OK)
		return code;
	if (outfile_write(of, data, len) != 0 || outfile_end(of, 1) != 0)
		code = run_fail_library(run, CX4_E_IO_WRITE, NULL, of);
	outfile_free(&of);
	return code;
}

static int
progress_option(struct run *run, enum progress_mode *mode)
{
	const char *name = run_get(run, OPT_PROGRESS);
	const struct keyword *k;

	*mode = run->quiet ? PROGRESS_NEVER : PROGRESS_AUTO;
	if (name == NULL)
		return CX4_OK;
	if ((k = value_keyword(progress_modes, name)) == NULL)
		return run_usage(run,
		    "--progress is auto, always or never, not \"%.100s\"",
		    name);
	*mode = (enum progress_mode)k->value;
	return CX4_OK;
}

int
run_pump(struct run *run, struct infile *in, run_push_fn *push, void *object)
{
	unsigned char buf[INFILE_BUFFER];
	struct progress progress;
	enum progress_mode mode;
	uint64_t done = 0;
	ssize_t n;
	int code;

	if ((code = progress_option(run, &mode)) != CX4_OK)
		return code;
	progress_start(&progress, mode, in->length_known ? in->length : 0);
	while ((n = infile_read(in, buf, sizeof(buf))) > 0) {
		if ((code = push(object, buf, (size_t)n)) != CX4_OK)
			break;
		done += (uint64_t)n;
		progress_step(&progress, done);
	}
	progress_end(&progress, done);
	run->input_octets = in->octets;
	run->input_read = 1;
	if (n < 0)
		return run_fail(run, CX4_E_IO_READ, "cannot read %.300s: %s",
		    infile_label(in->name), strerror(errno));
	return code;
}

int
run_print_json(struct run *run, const json_t *json)
{
	errno = 0;
	if (json_dumpf(json, stdout, JSON_INDENT(2)) == 0 &&
	    putchar('\n') != EOF)
		return CX4_OK;
	if (!ferror(stdout))
		return run_nomem(run);
	return run_fail(run, CX4_E_IO_WRITE,
	    "cannot write standard output: %s", strerror(errno));
}

int
run_append(json_t *list, json_t *value)
{
	return value != NULL ? json_array_append_new(list, value) : -1;
}

json_t *
run_list(json_t *list, int bad)
{
	if (!bad)
		return list;
	json_decref(list);
	return NULL;
}
