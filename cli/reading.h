/*
 * reading.h - one message through a reader, for all verbs that read.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_READING_H
#define CLI_READING_H

#include "keys.h"
#include "run.h"

struct reading {
	struct run *run;
	enum cx4_mode mode;
	struct ids keys;
	cx4_policy *policy;
	cx4_reader *reader;
};

void reading_init(struct reading *, struct run *, enum cx4_mode);
void reading_free(struct reading *);
/*
 * Load policy and keys as the options say (policy_check must have been
 * called) and make the reader. Its sink may then be set.
 */
int reading_set_up(struct reading *);
/*
 * Read the input to its end; take the report, show its summary. `of`, if
 * not NULL, is the sink, for its reason of a failure.
 */
int reading_run(struct reading *, struct infile *, const struct outfile *of);

#endif
