/*
 * outfile.h - the output, which appears whole or not at all.
 *
 * A file is written under a temporary name (0600) in its own directory,
 * synced and renamed. What is no regular file (standard output, a pipe, a
 * device) gets its octets only at the commit; until then they are held.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_OUTFILE_H
#define CLI_OUTFILE_H

#include <stddef.h>
#include <sys/stat.h>

struct outfile;

struct outfile_rules {
	int binary;			/* may not go to a terminal */
	const struct stat *input;	/* must be another file; or NULL */
};

/*
 * Open `path` (NULL or "-": standard output). Returns CX4_OK, CX4_E_USAGE,
 * CX4_E_IO_WRITE or CX4_E_NOMEM, with the reason in `why`.
 */
int outfile_open(struct outfile **, const char *path,
    const struct outfile_rules *, char *why, size_t why_size);
/* Discards what was not committed. */
void outfile_free(struct outfile **);

/* These have the types cx4_write_fn and cx4_end_fn; arg is the outfile. */
int outfile_write(void *arg, const void *, size_t);
int outfile_end(void *arg, int commit);

/* 1 if both paths lead to the same file, there already or not yet. */
int outfile_same(const char *a, const char *b);

/* Why writing or committing failed, NULL if it did not. */
const char *outfile_error(const struct outfile *);

#endif
