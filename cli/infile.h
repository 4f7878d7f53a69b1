/*
 * infile.h - the input: a file or standard input, read once from front to
 * back, or twice.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_INFILE_H
#define CLI_INFILE_H

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "spool.h"

#define INFILE_BUFFER (64 * 1024)

struct infile {
	const char *name;	/* as given, "-" for standard input */
	int fd;			/* -1 when closed */
	int owned;		/* to be closed here */
	struct stat st;
	int length_known;
	uint64_t length;	/* from where reading starts */
	uint64_t octets;	/* read so far */
	off_t start;
	struct spool *kept;	/* what a pipe gave, for a second reading */
	int replaying;
};

/*
 * Open `path` (NULL or "-": standard input). With `twice` infile_rewind may
 * be called; what is no file is then kept aside. 0, or -1 with errno set.
 */
int infile_open(struct infile *, const char *path, int twice);
/* The name for messages. */
const char *infile_label(const char *path);
void infile_close(struct infile *);
/* As read(2), but EINTR is not returned. */
ssize_t infile_read(struct infile *, void *, size_t);
/* Read from the start again. 0, or -1 with errno set. */
int infile_rewind(struct infile *);

#endif
