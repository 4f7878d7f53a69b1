/*
 * main.c - cmsx400: finds the verb, runs it, says how it ended.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "exitcode.h"
#include "report.h"
#include "verbs.h"

static const struct verb *const verbs[] = {
	&verb_sign, &verb_encrypt, &verb_triple, &verb_protect,
	&verb_certs_only, &verb_open, &verb_verify, &verb_decrypt,
	&verb_wrap, &verb_strip, &verb_inspect, &verb_content_show,
	&verb_content_new, &verb_address_parse, &verb_address_encode,
	&verb_address_compare, &verb_mts, &verb_cert_show, &verb_cert_csr,
	&verb_explain, &verb_version
};

#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

/*
 * A descriptor that is closed at the start would be taken by the first
 * file that is opened. These take its place, and fail when used.
 */
static void
occupy_standard_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
		    O_RDONLY) == -1)
			return;
}

static void
print_exit_codes(FILE *f)
{
#define AS_LINE(class, name, meaning)					\
	fprintf(f, "  %2d  %-10s  %s\n", (int)(class), name, meaning);
	EXIT_CODES(AS_LINE)
}

static void
print_help(FILE *f)
{
	size_t i;

	fputs("usage: cmsx400 VERB [options]\n\n"
	    "S/MIME protection of X.400 content (RFC 3854, RFC 3855).\n\n",
	    f);
	for (i = 0; i < N_VERBS; i++)
		fprintf(f, "  %-16s %s\n", verbs[i]->name,
		    verbs[i]->summary);
	fputs("  help VERB        the options of a verb\n\nExit codes:\n", f);
	print_exit_codes(f);
}

static void
print_verb_help(FILE *f, const struct verb *v)
{
	fprintf(f, "usage: cmsx400 %s %s\n\n%s.\n\n", v->name, v->usage,
	    v->summary);
	opts_help(f, v->options);
}

/*
 * How many words of argv name the verb: "cert show" takes two. Returns 0
 * if they do not.
 */
static int
words_matching(const struct verb *v, char *const *argv)
{
	const char *blank = strchr(v->name, ' ');
	size_t len;

	if (argv[0] == NULL)
		return 0;
	if (blank == NULL)
		return strcmp(v->name, argv[0]) == 0;
	len = (size_t)(blank - v->name);
	if (strlen(argv[0]) != len || memcmp(argv[0], v->name, len) != 0)
		return 0;
	return argv[1] != NULL && strcmp(blank + 1, argv[1]) == 0 ? 2 : 0;
}

static const struct verb *
find_verb(char *const *argv, int *words)
{
	size_t i;

	for (i = 0; i < N_VERBS; i++)
		if ((*words = words_matching(verbs[i], argv)) > 0)
			return verbs[i];
	return NULL;
}

/* 1 if `word` is the first of two that name verbs, like "cert". */
static int
is_family(const char *word, const char *name)
{
	size_t n = strlen(word);

	return strncmp(name, word, n) == 0 && name[n] == ' ';
}

/* The verbs of a family, as "show or csr". Returns their number. */
static size_t
list_family(const char *word, char *out, size_t size)
{
	size_t i, count = 0, used = 0;
	int n;

	out[0] = '\0';
	for (i = 0; i < N_VERBS; i++) {
		if (!is_family(word, verbs[i]->name))
			continue;
		n = snprintf(out + used, size - used, "%s%s",
		    count > 0 ? " or " : "", strchr(verbs[i]->name, ' ') + 1);
		if (n < 0 || (size_t)n >= size - used)
			break;
		used += (size_t)n;
		count++;
	}
	return count;
}

static int
unknown_verb(char *const *argv)
{
	const char *best = NULL;
	char members[128];
	size_t i, distance = 0;

	if (list_family(argv[0], members, sizeof(members)) > 0) {
		if (argv[1] == NULL)
			msg_error("%s: say %s", argv[0], members);
		else
			msg_error("%s: unknown verb \"%.100s\" (it is %s)",
			    argv[0], argv[1], members);
		return CX4_CLASS_USAGE;
	}
	for (i = 0; i < N_VERBS; i++)
		best = opts_nearest(argv[0], best, verbs[i]->name,
		    &distance);
	msg_error("unknown verb \"%.100s\"", argv[0]);
	if (best != NULL)
		msg_hint("is \"%s\" meant?", best);
	else
		msg_hint("'cmsx400 help' lists the verbs");
	return CX4_CLASS_USAGE;
}

/* Help is a product too: a full disk or a closed pipe is an error. */
static int
end_of_text(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return CX4_CLASS_OK;
	msg_error("cannot write standard output: %s", strerror(errno));
	return CX4_CLASS_IO;
}

static int
help_family(const char *word)
{
	size_t i, count = 0;

	for (i = 0; i < N_VERBS; i++)
		if (is_family(word, verbs[i]->name)) {
			printf("usage: cmsx400 %s %s\n", verbs[i]->name,
			    verbs[i]->usage);
			count++;
		}
	return count > 0;
}

static int
help(char *const *argv)
{
	const struct verb *v;
	int words;

	if (argv[0] == NULL)
		print_help(stdout);
	else if ((v = find_verb(argv, &words)) != NULL)
		print_verb_help(stdout, v);
	else if (argv[1] != NULL || !help_family(argv[0]))
		return unknown_verb(argv);
	return end_of_text();
}

static void
log_line(void *arg, enum cx4_level level, const char *module,
    const char *message, const char *text)
{
	(void)arg;
	(void)level;
	if (message != NULL)
		msg_note("%s: %s: %s", module, message, text);
	else
		msg_note("%s: %s", module, text);
}

/* Standard output carries the product, so the report cannot go there. */
static int
check_stdout(struct run *run)
{
	const char *out = run_get(run, OPT_OUT);
	const char *report = run_get(run, OPT_REPORT);

	if (!(run->verb->flags & VERB_PRODUCT) ||
	    (out != NULL && strcmp(out, "-") != 0))
		return CX4_OK;
	if (!run_has(run, OPT_JSON) &&
	    (report == NULL || strcmp(report, "-") != 0))
		return CX4_OK;
	run->stdout_taken = 1;
	run_usage(run, "report and product cannot both go to standard "
	    "output");
	run_hint(run, "give -o FILE for the product");
	return CX4_E_USAGE;
}

static int
check_files(struct run *run)
{
	const char *out = run_get(run, OPT_OUT);
	const char *report = run_get(run, OPT_REPORT);

	if (out == NULL || report == NULL || strcmp(out, "-") == 0 ||
	    strcmp(report, "-") == 0 || !outfile_same(out, report))
		return CX4_OK;
	return run_usage(run, "--out and --report are the same file");
}

static int
check_args(struct run *run)
{
	const struct verb *v = run->verb;

	if (run->opts.n_args > v->max_args)
		return run_usage(run, "unexpected argument \"%.100s\"",
		    run->opts.args[v->max_args]);
	if (run->opts.n_args < v->min_args)
		return run_usage(run, "an argument is missing: %s",
		    v->usage);
	return CX4_OK;
}

static int
make_context(struct run *run)
{
	if ((run->ctx = cx4_ctx_new()) == NULL)
		return run_nomem(run);
	if (run->verbose)
		cx4_ctx_set_log(run->ctx, log_line, NULL);
	return CX4_OK;
}

static void
show_causes(const char *causes)
{
	size_t n;

	while (*causes != '\0') {
		n = strcspn(causes, "\n");
		msg_note("cause: %.*s", (int)(n > 500 ? 500 : n), causes);
		causes += n + (causes[n] == '\n');
	}
}

static void
show_failure(const struct run *run)
{
	const char *advice = cx4_code_advice(run->code);

	msg_error("%s", run->text);
	if (run->verbose && run->layer >= 0)
		msg_note("layer %d", run->layer);
	if (run->verbose && run->offset != UINT64_MAX)
		msg_note("octet %llu of the layer",
		    (unsigned long long)run->offset);
	if (run->verbose && run->causes != NULL)
		show_causes(run->causes);
	if (run->hint[0] != '\0')
		msg_hint("%s", run->hint);
	else if (run->code == CX4_E_USAGE)
		msg_hint("'cmsx400 help %s' shows the options",
		    run->verb->name);
	else if (advice != NULL && !run->quiet)
		msg_hint("%s", advice);
}

/* The text of a verb that looks; errors of stdio show here at last. */
static void
flush_text(struct run *run)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		run_fail(run, CX4_E_IO_WRITE,
		    "cannot write standard output: %s", strerror(errno));
}

/* What is said at the end, and to whom. Returns the exit code. */
static int
conclude(struct run *run, struct outfile *report)
{
	int failed = run->code;

	flush_text(run);
	if (report_write(run, report) == CX4_OK)
		flush_text(run);
	if (run->code != CX4_OK)
		show_failure(run);
	else if (failed != CX4_OK)
		run->code = failed;
	return (int)cx4_code_class(run->code);
}

/* For the report on a failure that comes before the input is opened. */
static const char *
name_of_input(const struct run *run)
{
	const enum opt_id *id = run->verb->options;

	while (*id != OPT_END && *id != OPT_IN)
		id++;
	if (*id == OPT_END)
		return NULL;
	return run_has(run, OPT_IN) ? run_get(run, OPT_IN) : "-";
}

static int
run_verb(const struct verb *v, char *const *argv)
{
	struct outfile *report = NULL;
	struct run run;
	char why[512];
	int bad, exit_code;

	memset(&run, 0, sizeof(run));
	run.verb = v;
	run.layer = -1;
	run.offset = UINT64_MAX;
	bad = opts_parse(&run.opts, v->options, v->name, argv, why,
	    sizeof(why));
	if (bad == 0 && run_has(&run, OPT_HELP)) {
		print_verb_help(stdout, v);
		opts_free(&run.opts);
		return end_of_text();
	}
	run.input_name = name_of_input(&run);
	run.quiet = run_has(&run, OPT_QUIET);
	run.verbose = run_has(&run, OPT_VERBOSE);
	if (bad == -2)
		run_nomem(&run);
	else if (bad != 0)
		run_fail(&run, CX4_E_USAGE, "%s", why);
	check_stdout(&run);
	/* The report is opened even then: it is written in every outcome. */
	if (check_files(&run) == CX4_OK)
		report_open(&run, &report);
	if (run.code == CX4_OK && check_args(&run) == CX4_OK &&
	    make_context(&run) == CX4_OK)
		v->action(&run);
	exit_code = conclude(&run, report);
	outfile_free(&report);
	json_decref(run.walk);
	cx4_ctx_free(&run.ctx);
	opts_free(&run.opts);
	free(run.causes);
	return exit_code;
}

int
main(int argc, char *argv[])
{
	static char version[] = "version";
	static char *version_argv[] = { version, NULL };
	const struct verb *v;
	int words;

	(void)argc;
	occupy_standard_streams();
	cleanup_install();
	if (argv[0] == NULL || argv[1] == NULL) {
		print_help(stderr);
		return CX4_CLASS_USAGE;
	}
	argv++;
	if (strcmp(argv[0], "--version") == 0 || strcmp(argv[0], "-V") == 0)
		argv = version_argv;
	if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0 ||
	    strcmp(argv[0], "-h") == 0)
		return help(argv + 1);
	if ((v = find_verb(argv, &words)) != NULL)
		return run_verb(v, argv + words);
	if (argv[1] != NULL && (strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0) && help_family(argv[0]))
		return end_of_text();
	return unknown_verb(argv);
}
