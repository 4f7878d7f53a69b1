/*
 * opts.h - the command line: GNU long options, driven by one table.
 *
 * `--opt value`, `--opt=value`, `-i FILE`, `-iFILE`, `--` ends options, a
 * lone `-` is an argument. Options and arguments may be mixed. An option
 * that is unknown or has no meaning for the verb, a missing value, and a
 * second value for an option that takes one are errors.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_OPTS_H
#define CLI_OPTS_H

#include <stddef.h>
#include <stdio.h>

enum opt_id {
	OPT_END = 0,		/* ends a verb's list of options */
	OPT_IN,
	OPT_OUT,
	OPT_REPORT,
	OPT_JSON,
	OPT_PROGRESS,
	OPT_QUIET,
	OPT_VERBOSE,
	OPT_HELP,
	OPT_SIGNER,
	OPT_SIGNER_KEY,
	OPT_TO,
	OPT_ORIGINATOR,
	OPT_NO_ORIGINATOR_COPY,
	OPT_CONTENT_TYPE,
	OPT_LAYERS,
	OPT_CERT,
	OPT_PASSIN,
	OPT_DIGEST,
	OPT_CIPHER,
	OPT_RSA_PSS,
	OPT_RSA_OAEP,
	OPT_SID,
	OPT_NO_CERTS,
	OPT_SIGNING_TIME,
	OPT_POLICY,
	OPT_WRAP,
	OPT_NO_WRAP,
	OPT_PEM,
	OPT_DER,
	OPT_LF,
	OPT_SMIME_TYPE,
	OPT_KEY,
	OPT_TRUST,
	OPT_CERTS,
	OPT_CRL,
	OPT_REVOCATION,
	OPT_REVOCATION_SOFT,
	OPT_AT,
	OPT_MAX_DEPTH,
	OPT_MAX_OCTETS,
	OPT_REQUIRE_SIGNERS,
	OPT_REQUIRE_SIGNATURE,
	OPT_ALLOW_ORIGINATOR_MISMATCH,
	OPT_REQUIRE_ORIGINATOR_MATCH,
	OPT_INSECURE_RELEASE,
	OPT_INSECURE_DETAILS,
	OPT_BARE,
	OPT_FROM,
	OPT_TO_USER,
	OPT_SUBJECT,
	OPT_TEXT,
	OPT_FORM,
	OPT_OPENSSL_CONFIG,
	OPT_CSR_KEY,
	OPT_CSR_SUBJECT,
	OPT_X400
};

enum opt_kind {
	OPT_FLAG,		/* no value; may be repeated, without effect */
	OPT_ONE,		/* one value, once */
	OPT_MANY		/* one value each time, in order */
};

struct opt_def {
	enum opt_id id;
	char letter;		/* short form, or NUL */
	enum opt_kind kind;
	const char *name;
	const char *metavar;
	const char *help;
};

struct opt_value {
	enum opt_id id;
	const char *value;	/* NULL for a flag */
};

/* What was given. Values are borrowed from argv. */
struct opts {
	struct opt_value *values;
	size_t n_values;
	const char **args;
	size_t n_args;
};

/*
 * Parse argv[0..argc-1] for a verb that accepts the options of `accepted`
 * (ends with OPT_END). Returns 0; or -1 with the first error in `why`, and
 * then goes on, so that --report is known where an error is to be reported;
 * or -2 for lack of memory.
 */
int opts_parse(struct opts *, const enum opt_id *accepted, const char *verb,
    char *const *argv, char *why, size_t why_size);
void opts_free(struct opts *);

int opts_has(const struct opts *, enum opt_id);
size_t opts_count(const struct opts *, enum opt_id);
/* The n-th value, NULL after the last. */
const char *opts_nth(const struct opts *, enum opt_id, size_t n);
const char *opts_get(const struct opts *, enum opt_id);

const struct opt_def *opts_def(enum opt_id);
/* The help lines of a verb's options. */
void opts_help(FILE *, const enum opt_id *accepted);

/* The candidate nearest to `word` (at most two edits away), or NULL. */
const char *opts_nearest(const char *word, const char *best,
    const char *candidate, size_t *distance);

#endif
