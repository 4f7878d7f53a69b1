/*
 * report.c - the JSON report: what the library found, in the frame that
 * says how the command ended.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "report.h"

#define SCHEMA "cmsx400/1"
#define DEPTH_MAX 64

/* The containers that are open, from the root. */
struct builder {
	json_t *open[DEPTH_MAX];
	size_t depth;
	json_t *root;
};

/* Takes `value`. Returns 0, or -1 for lack of memory. */
static int
attach(struct builder *b, const char *name, json_t *value)
{
	json_t *parent;

	if (value == NULL)
		return -1;
	if (b->depth == 0) {
		json_decref(value);
		return -1;
	}
	parent = b->open[b->depth - 1];
	if (json_is_array(parent))
		return json_array_append_new(parent, value);
	if (name == NULL) {
		json_decref(value);
		return -1;
	}
	return json_object_set_new(parent, name, value);
}

static int
on_begin(void *arg, const char *name, int is_array)
{
	struct builder *b = arg;
	json_t *value;

	if (b->depth == DEPTH_MAX ||
	    (value = is_array ? json_array() : json_object()) == NULL)
		return -1;
	if (b->root == NULL)
		b->root = value;
	else if (attach(b, name, value) != 0)
		return -1;
	b->open[b->depth++] = value;
	return 0;
}

static int
on_end(void *arg)
{
	struct builder *b = arg;

	if (b->depth == 0)
		return -1;
	b->depth--;
	return 0;
}

/* jansson takes UTF-8 only; the library promises it, file names do not. */
static json_t *
string_value(const char *text)
{
	char safe[4096];
	json_t *value;

	if (text == NULL)
		return json_null();
	if ((value = json_string(text)) != NULL)
		return value;
	msg_escape(safe, sizeof(safe), text);
	return json_string(safe);
}

static int
on_string(void *arg, const char *name, const char *text)
{
	return attach(arg, name, string_value(text));
}

/* A number that JSON's integers do not hold stands for "not known". */
static json_t *
number_value(uint64_t number)
{
	return number > INT64_MAX ? json_null() :
	    json_integer((json_int_t)number);
}

static int
on_number(void *arg, const char *name, uint64_t number)
{
	return attach(arg, name, number_value(number));
}

static int
on_boolean(void *arg, const char *name, int truth)
{
	return attach(arg, name, json_boolean(truth));
}

static int
is_wanted(const struct run *run)
{
	return run_has(run, OPT_JSON) || run_has(run, OPT_REPORT) ||
	    !(run->verb->flags & VERB_PRODUCT);
}

int
report_take(struct run *run, const cx4_report *report)
{
	static const struct cx4_visitor visitor = {
		on_begin, on_end, on_string, on_number, on_boolean
	};
	struct builder b;

	if (report == NULL || !is_wanted(run))
		return CX4_OK;
	memset(&b, 0, sizeof(b));
	if (cx4_report_walk(report, &visitor, &b) != 0) {
		json_decref(b.root);
		return run_nomem(run);
	}
	json_decref(run->walk);
	run->walk = b.root;
	return CX4_OK;
}

static const char *
result_name(enum cx4_class class)
{
	switch (class) {
	case CX4_CLASS_OK:
		return "ok";
	case CX4_CLASS_CRYPTO:
	case CX4_CLASS_PATH:
	case CX4_CLASS_ORIGINATOR:
	case CX4_CLASS_LABEL:
		return "rejected";
	default:
		return "error";
	}
}

/* A key of what the library found; `missing` (taken) if it is not there. */
static json_t *
found(const json_t *from, const char *name, json_t *missing)
{
	json_t *value = json_object_get(from, name);

	if (value == NULL)
		return missing;
	json_decref(missing);
	return json_incref(value);
}

static json_t *
input_object(const struct run *run)
{
	json_t *walked = json_object_get(run->walk, "input");
	json_t *o = json_object();
	json_t *octets = json_null();
	int bad = 0;

	if (run->input_read)
		octets = number_value(run->input_octets);
	bad |= json_object_set_new(o, "name", string_value(run->input_name));
	bad |= json_object_set_new(o, "octets",
	    found(walked, "octets", octets));
	bad |= json_object_set_new(o, "encoding",
	    found(walked, "encoding", json_null()));
	bad |= json_object_set_new(o, "mime",
	    found(walked, "mime", json_null()));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *
error_object(const struct run *run)
{
	json_t *walked = json_object_get(run->walk, "error");
	json_t *o;
	int bad = 0;

	if (run->code == CX4_OK)
		return json_null();
	if (run->of_library && json_is_object(walked))
		return json_incref(walked);
	o = json_object();
	bad |= json_object_set_new(o, "code",
	    string_value(cx4_code_name(run->code)));
	bad |= json_object_set_new(o, "text", string_value(run->text));
	bad |= json_object_set_new(o, "layer", run->layer < 0 ? json_null() :
	    json_integer(run->layer));
	bad |= json_object_set_new(o, "offset", number_value(run->offset));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

/* What the library reports beyond the keys known here is kept. */
static int
add_others(json_t *o, json_t *walk)
{
	const char *name;
	void *i;

	for (i = json_object_iter(walk); i != NULL;
	    i = json_object_iter_next(walk, i)) {
		name = json_object_iter_key(i);
		if (json_object_get(o, name) == NULL &&
		    json_object_set(o, name, json_object_iter_value(i)) != 0)
			return -1;
	}
	return 0;
}

json_t *
report_object(const struct run *run)
{
	enum cx4_class class = cx4_code_class(run->code);
	json_t *o = json_object();
	int bad = 0;

	bad |= json_object_set_new(o, "schema", json_string(SCHEMA));
	bad |= json_object_set_new(o, "command",
	    string_value(run->verb->name));
	bad |= json_object_set_new(o, "input", input_object(run));
	bad |= json_object_set_new(o, "result",
	    json_string(result_name(class)));
	bad |= json_object_set_new(o, "code",
	    string_value(cx4_code_name(run->code)));
	bad |= json_object_set_new(o, "exit", json_integer(class));
	bad |= json_object_set_new(o, "layers",
	    found(run->walk, "layers", json_array()));
	bad |= json_object_set_new(o, "content",
	    found(run->walk, "content", json_null()));
	bad |= json_object_set_new(o, "mts",
	    found(run->walk, "mts", json_null()));
	bad |= json_object_set_new(o, "warnings",
	    found(run->walk, "warnings", json_array()));
	bad |= json_object_set_new(o, "error", error_object(run));
	if (!bad && add_others(o, run->walk) == 0)
		return o;
	json_decref(o);
	return NULL;
}

static int
to_stdout(const struct run *run)
{
	const char *path = run_get(run, OPT_REPORT);

	return !run->stdout_taken && (run_has(run, OPT_JSON) ||
	    (path != NULL && strcmp(path, "-") == 0));
}

/* A report that goes to a file. Those to standard output need no opening. */
int
report_open(struct run *run, struct outfile **of)
{
	const char *path = run_get(run, OPT_REPORT);
	struct outfile_rules rules = { 0, NULL };
	struct stat st;
	char why[512];
	int code;

	*of = NULL;
	if (path == NULL || strcmp(path, "-") == 0)
		return CX4_OK;
	if (run_get(run, OPT_IN) != NULL &&
	    stat(run_get(run, OPT_IN), &st) == 0)
		rules.input = &st;
	code = outfile_open(of, path, &rules, why, sizeof(why));
	if (code == CX4_E_USAGE)
		return run_usage(run, "--report: %s", why);
	if (code != CX4_OK)
		return run_fail(run, code, "%s", why);
	return CX4_OK;
}

static int
dump_to_outfile(const char *data, size_t len, void *arg)
{
	return outfile_write(arg, data, len);
}

int
report_write(struct run *run, struct outfile *of)
{
	const int message = (run->verb->flags & VERB_MESSAGE) != 0;
	json_t *o;
	int code = CX4_OK;

	if (!message || (of == NULL && !to_stdout(run)))
		return CX4_OK;
	if ((o = report_object(run)) == NULL)
		return run_nomem(run);
	if (of != NULL && (json_dump_callback(o, dump_to_outfile, of,
	    JSON_INDENT(2)) != 0 || outfile_write(of, "\n", 1) != 0 ||
	    outfile_end(of, 1) != 0))
		code = run_fail_library(run, CX4_E_IO_WRITE, NULL, of);
	if (code == CX4_OK && to_stdout(run))
		code = run_print_json(run, o);
	json_decref(o);
	return code;
}
