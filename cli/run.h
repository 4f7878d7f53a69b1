/*
 * run.h - one run of the command: the verb, its options, the outcome.
 *
 * Every step returns CX4_OK or a code of the library; a step that fails has
 * said why with one of the run_fail functions, and the first one counts.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <jansson.h>

#include "../libcmsx400/cmsx400.h"
#include "infile.h"
#include "msg.h"
#include "opts.h"
#include "outfile.h"

struct run;

enum verb_flag {
	VERB_PRODUCT = 1 << 0,	/* standard output carries a product */
	VERB_MESSAGE = 1 << 1	/* --json is the report on a message */
};

struct verb {
	const char *name;		/* "sign", "cert show" */
	const char *usage;		/* what follows the name */
	const char *summary;
	const enum opt_id *options;
	unsigned int flags;
	size_t min_args;
	size_t max_args;
	int (*action)(struct run *);
};

struct run {
	const struct verb *verb;
	struct opts opts;
	cx4_ctx *ctx;
	int quiet;
	int stdout_taken;	/* by the product: no JSON there */
	int verbose;

	/* The outcome. */
	int code;
	int of_library;		/* the library's report has the error too */
	int layer;
	uint64_t offset;
	char text[1024];
	char hint[512];
	char *causes;

	/* For the report. */
	const char *input_name;
	uint64_t input_octets;
	int input_read;
	json_t *walk;		/* what the library reported */
};

/* All return `code`. */
int run_fail(struct run *, int code, const char *fmt, ...) MSG_FORMAT(3, 4);
int run_usage(struct run *, const char *fmt, ...) MSG_FORMAT(2, 3);
int run_nomem(struct run *);
/*
 * Take the error of a reader or writer (NULL: only the code is known). If
 * writing failed, `of` knows why.
 */
int run_fail_library(struct run *, int code, const cx4_error *,
    const struct outfile *of);
/* Another hint than that of the table of codes. */
void run_hint(struct run *, const char *fmt, ...) MSG_FORMAT(2, 3);

/* Option values. */
int run_has(const struct run *, enum opt_id);
const char *run_get(const struct run *, enum opt_id);
/* Fails unless the option, by its name, was given. */
int run_need(struct run *, enum opt_id);
/* Fails if both were given. */
int run_exclude(struct run *, enum opt_id, enum opt_id);

/* Fails if --content-type was given and names no content type. */
int run_check_content_type(struct run *);

/* Open -i and -o. The output may be checked against the input. */
int run_open_in(struct run *, struct infile *, int twice);
int run_open_out(struct run *, const struct infile *, int binary,
    struct outfile **);
/* Write a product that is whole, and commit. */
int run_write_all(struct run *, const struct infile *, int binary,
    const void *, size_t);

/*
 * Push the input, to its end, into `push(object, ...)`. Returns CX4_OK at
 * the end, the code of push, or CX4_E_IO_READ.
 */
typedef int run_push_fn(void *object, const void *, size_t);
int run_pump(struct run *, struct infile *, run_push_fn *, void *object);

/* Write JSON to standard output. */
int run_print_json(struct run *, const json_t *);
/* Append (takes `value`): 0, or -1 for lack of memory. */
int run_append(json_t *list, json_t *value);
/* The list, or NULL and the list freed: half a list is worse than none. */
json_t *run_list(json_t *list, int bad);

#endif
