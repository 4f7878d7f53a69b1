/*
 * cmd_inspect.c - inspect and mts: what can be seen of a message. Nothing
 * is verified.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "passphrase.h"
#include "policy.h"
#include "reading.h"
#include "report.h"
#include "verbs.h"

static int
look(struct run *run, struct reading *reading)
{
	struct infile in;
	int code;

	if ((code = policy_check(run)) != CX4_OK ||
	    (code = passphrase_check(run)) != CX4_OK ||
	    (code = run_open_in(run, &in, 0)) != CX4_OK)
		return code;
	if ((code = reading_set_up(reading)) == CX4_OK)
		code = reading_run(reading, &in, NULL);
	infile_close(&in);
	return code;
}

/* What frames the report, or is said on standard error. */
static const char *const not_shown[] = {
	"schema", "command", "result", "code", "exit", "error"
};

#define N_NOT_SHOWN (sizeof(not_shown) / sizeof(not_shown[0]))

static void
show_report(struct run *run)
{
	json_t *o = report_object(run);
	size_t i;

	if (o == NULL) {
		run_nomem(run);
		return;
	}
	for (i = 0; i < N_NOT_SHOWN; i++)
		json_object_del(o, not_shown[i]);
	puts("Nothing here was verified.");
	report_text(stdout, o);
	json_decref(o);
}

static int
do_inspect(struct run *run)
{
	struct reading reading;
	int code;

	reading_init(&reading, run, CX4_MODE_INSPECT);
	code = look(run, &reading);
	reading_free(&reading);
	if (run->walk != NULL && !run_has(run, OPT_JSON))
		show_report(run);
	return code;
}

/* {"oid","name"} */
static json_t *
named_oid(const char *oid)
{
	const char *name = oid != NULL ? cx4_content_type_name(oid) : NULL;

	return oid == NULL ? json_null() :
	    json_pack("{s:s, s:s?}", "oid", oid, "name", name);
}

/*
 * What --smime-type says takes the place of what could not be seen. An
 * object in a MIME wrapper has another content type in the P1 envelope
 * than a bare one (RFC 3855 section 2.2).
 */
static int
override_mts(struct run *run, const char *type)
{
	const char *eit = cx4_mts_eit(type), *form;
	json_t *mts, *input;

	if (eit == NULL)
		return run_usage(run, "there is no encoded information type "
		    "for the smime-type \"%.100s\"", type);
	input = json_object_get(run->walk, "input");
	form = json_string_value(json_object_get(input, "encoding"));
	mts = json_pack("{s:o, s:[o], s:s}", "contentType",
	    named_oid(cx4_mts_content_type(form != NULL &&
	    strcmp(form, "mime") == 0)), "eits", named_oid(eit),
	    "smimeType", type);
	if (mts == NULL || json_object_set_new(run->walk, "mts", mts) != 0)
		return run_nomem(run);
	return CX4_OK;
}

static void
print_oid(const char *label, const json_t *o)
{
	const char *oid = json_string_value(json_object_get(o, "oid"));
	const char *name = json_string_value(json_object_get(o, "name"));

	if (oid == NULL)
		return;
	printf("%s: ", label);
	msg_put(stdout, oid);
	if (name != NULL) {
		fputs(" (", stdout);
		msg_put(stdout, name);
		putchar(')');
	}
	putchar('\n');
}

static void
print_mts(const json_t *mts)
{
	const json_t *eits = json_object_get(mts, "eits");
	size_t i;

	print_oid("content-type", json_object_get(mts, "contentType"));
	for (i = 0; i < json_array_size(eits); i++)
		print_oid("encoded-information-type",
		    json_array_get(eits, i));
}

static int
do_mts(struct run *run)
{
	const char *type = run_get(run, OPT_SMIME_TYPE);
	struct reading reading;
	int code;

	reading_init(&reading, run, CX4_MODE_INSPECT);
	code = look(run, &reading);
	if (code == CX4_OK && type != NULL)
		code = override_mts(run, type);
	else if (code == CX4_OK && cx4_report_smime_type(
	    cx4_reader_report(reading.reader)) == NULL) {
		code = run_fail(run, CX4_E_SMIME_TYPE, "%s",
		    cx4_code_text(CX4_E_SMIME_TYPE));
		run_hint(run, "name it with --smime-type, like signed-x400 "
		    "or enveloped-x400");
	}
	reading_free(&reading);
	if (code == CX4_OK && !run_has(run, OPT_JSON))
		print_mts(json_object_get(run->walk, "mts"));
	return code;
}

static const enum opt_id inspect_options[] = {
	OPT_IN, OPT_KEY, OPT_PASSIN, OPT_CERTS, OPTS_LIMITS,
	OPT_INSECURE_DETAILS, OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id mts_options[] = {
	OPT_IN, OPT_SMIME_TYPE, OPTS_LIMITS, OPTS_REPORT, OPTS_COMMON
};

const struct verb verb_inspect = {
	"inspect", "[--key ID ...] [-i FILE] [--json]",
	"show every layer; verifies nothing", inspect_options,
	VERB_MESSAGE, 0, 0, do_inspect
};

const struct verb verb_mts = {
	"mts", "[--smime-type TYPE] [-i FILE] [--json]",
	"the P1 content type and encoded information types (RFC 3855)",
	mts_options, VERB_MESSAGE, 0, 0, do_mts
};
