/*
 * t_opts.c - the option parser and the values of options.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "../cli/opts.h"
#include "../cli/value.h"
#include "tap.h"

static const enum opt_id accepted[] = {
	OPT_IN, OPT_OUT, OPT_SIGNER, OPT_TO, OPT_DIGEST, OPT_QUIET, OPT_JSON,
	OPT_END
};

#define WORDS_MAX 12

/* Parse words; the reason of a failure is left in `why`. */
static int
parse(struct opts *o, char why[256], const char *const *words)
{
	static char copies[WORDS_MAX][64];
	char *argv[WORDS_MAX + 1];
	size_t n;

	for (n = 0; n < WORDS_MAX && words[n] != NULL; n++) {
		snprintf(copies[n], sizeof(copies[n]), "%s", words[n]);
		argv[n] = copies[n];
	}
	argv[n] = NULL;
	memset(o, 0, sizeof(*o));
	why[0] = '\0';
	return opts_parse(o, accepted, "verb", argv, why, 256);
}

static void
test_values(void)
{
	static const char *const words[] = {
		"--signer", "a", "one", "--in=x=y", "-oz", "--signer=b",
		"-q", "-", "--", "--in", NULL
	};
	struct opts o;
	char why[256];

	is_int(parse(&o, why, words), 0, "a good command line");
	is_str(opts_get(&o, OPT_IN), "x=y", "value after the first =");
	is_str(opts_get(&o, OPT_OUT), "z", "value attached to a letter");
	is_int(opts_count(&o, OPT_SIGNER), 2, "a repeated option");
	is_str(opts_nth(&o, OPT_SIGNER, 0), "a", "keeps its order, first");
	is_str(opts_nth(&o, OPT_SIGNER, 1), "b", "keeps its order, second");
	ok(opts_nth(&o, OPT_SIGNER, 2) == NULL, "and has an end");
	ok(opts_has(&o, OPT_QUIET), "a short flag");
	ok(!opts_has(&o, OPT_JSON), "a flag that was not given");
	is_int(o.n_args, 3, "arguments among options");
	if (o.n_args == 3) {
		is_str(o.args[0], "one", "a word");
		is_str(o.args[1], "-", "a lone dash is an argument");
		is_str(o.args[2], "--in", "-- ends the options");
	}
	opts_free(&o);
}

struct refusal {
	const char *name;
	const char *words[5];
	const char *part;	/* of the text */
};

static const struct refusal refusals[] = {
	{ "unknown option", { "--frobnicate", NULL },
	    "unknown option --frobnicate" },
	{ "near miss is suggested", { "--singer", "x", NULL },
	    "is --signer meant?" },
	{ "another verb's option", { "--trust", "x", NULL },
	    "--trust has no meaning for this verb" },
	{ "an abbreviation is not taken", { "--sig", "x", NULL },
	    "unknown option --sig" },
	{ "unknown letter", { "-x", NULL }, "unknown option -x" },
	{ "missing value", { "--in", NULL }, "--in needs a value" },
	{ "missing value of a letter", { "-i", NULL }, "needs a value" },
	{ "value for a flag", { "--json=1", NULL }, "takes no value" },
	{ "letters in a bunch", { "-qi", NULL }, "takes no value" },
	{ "second value", { "--in", "a", "--in=b", NULL }, "given twice" },
	{ "second value by letter", { "--in", "a", "-ib", NULL },
	    "given twice" },
	{ "second value by alias", { "--digest", "a", "--md=b", NULL },
	    "given twice" },
	{ "empty long option", { "--=x", NULL }, "unknown option" },
};

static void
test_refusals(void)
{
	size_t i, n = sizeof(refusals) / sizeof(refusals[0]);
	struct opts o;
	char why[256];

	for (i = 0; i < n; i++) {
		is_int(parse(&o, why, refusals[i].words), -1, "%s: refused",
		    refusals[i].name);
		ok(strstr(why, refusals[i].part) != NULL, "%s: \"%s\"",
		    refusals[i].name, why);
		ok(strncmp(why, "verb: ", 6) == 0, "%s: names the verb",
		    refusals[i].name);
		opts_free(&o);
	}
}

static void
test_after_failure(void)
{
	static const char *const words[] = {
		"--first", "--second", "--out", "r", NULL
	};
	struct opts o;
	char why[256];

	is_int(parse(&o, why, words), -1, "two unknown options");
	ok(strstr(why, "--first") != NULL, "the first one is told");
	is_str(opts_get(&o, OPT_OUT), "r", "what follows is still read");
	opts_free(&o);
}

static void
test_aliases(void)
{
	static const char *const words[] = { "--recip", "c", NULL };
	struct opts o;
	char why[256];

	is_int(parse(&o, why, words), 0, "an alias");
	is_str(opts_get(&o, OPT_TO), "c", "stands for its option");
	opts_free(&o);
}

/* Every option that a verb may list has one row, with help. */
static void
test_table(void)
{
	const struct opt_def *d;
	int id, bad = 0;

	for (id = OPT_IN; id <= OPT_X400; id++) {
		d = opts_def((enum opt_id)id);
		if (d == NULL || d->help == NULL ||
		    (d->kind == OPT_FLAG) != (d->metavar == NULL)) {
			note("option %d", id);
			bad++;
		}
	}
	is_int(bad, 0, "the table is complete");
	ok(opts_def(OPT_END) == NULL, "the end mark is no option");
}

static const struct {
	const char *text;
	int64_t when;		/* -1: refused */
} times[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1970-01-01T00:00:01z", 1 },
	{ "2000-02-29T12:00:00Z", 951825600 },
	{ "2026-01-31T12:00:00Z", 1769860800 },
	{ "2026-01-31 12:00:00Z", 1769860800 },
	{ "2026-01-31T13:30:00+01:30", 1769860800 },
	{ "2026-01-31T07:00:00-05:00", 1769860800 },
	{ "2026-01-31T12:00:00.999Z", 1769860800 },
	{ "2038-01-19T03:14:08Z", 2147483648 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
	{ "2016-12-31T23:59:60Z", 1483228800 },
	{ "1900-02-29T00:00:00Z", -1 },
	{ "2026-02-29T00:00:00Z", -1 },
	{ "2026-13-01T00:00:00Z", -1 },
	{ "2026-00-01T00:00:00Z", -1 },
	{ "2026-01-32T00:00:00Z", -1 },
	{ "2026-01-31T24:00:00Z", -1 },
	{ "2026-01-31T12:60:00Z", -1 },
	{ "2026-01-31T12:00:61Z", -1 },
	{ "2026-01-31T12:00:00", -1 },
	{ "2026-01-31T12:00:00.Z", -1 },
	{ "2026-01-31T12:00:00Z ", -1 },
	{ "2026-01-31T12:00:00+1:00", -1 },
	{ "2026-1-31T12:00:00Z", -1 },
	{ "2026-01-31", -1 },
	{ "now", -1 },
	{ "", -1 },
};

static void
test_times(void)
{
	size_t i, n = sizeof(times) / sizeof(times[0]);
	int64_t when;

	for (i = 0; i < n; i++) {
		if (value_time(times[i].text, &when) != 0)
			when = -1;
		is_int(when, times[i].when, "time \"%s\"", times[i].text);
	}
	is_int(value_time("1969-12-31T23:59:59Z", &when), 0,
	    "a time before 1970");
	is_int(when, -1, "is negative");
}

static void
test_numbers(void)
{
	uint64_t n = 7;

	is_int(value_number("0", &n), 0, "zero");
	is_int(n, 0, "is zero");
	is_int(value_number("18446744073709551615", &n), 0, "the largest");
	ok(n == UINT64_MAX, "is the largest");
	is_int(value_number("18446744073709551616", &n), -1, "one more");
	is_int(value_number("", &n), -1, "nothing");
	is_int(value_number("-1", &n), -1, "a sign");
	is_int(value_number("+1", &n), -1, "a plus sign");
	is_int(value_number(" 1", &n), -1, "a blank");
	is_int(value_number("1k", &n), -1, "a unit");
	is_int(value_number("0x10", &n), -1, "hexadecimal");
}

int
main(void)
{
	test_values();
	test_refusals();
	test_after_failure();
	test_aliases();
	test_table();
	test_times();
	test_numbers();
	return done_testing();
}
