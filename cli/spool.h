/*
 * spool.h - octets that are held back: in memory up to 1 MiB, beyond that
 * in a temporary file that has no name. Wiped when freed.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_SPOOL_H
#define CLI_SPOOL_H

#include <stddef.h>
#include <sys/types.h>

#define SPOOL_MEMORY (1024 * 1024)

struct spool;

struct spool *spool_new(void);		/* NULL: no memory */
void spool_free(struct spool **);
/* Append. 0, or -1 with errno set. */
int spool_write(struct spool *, const void *, size_t);
/* Read from the start again. 0, or -1 with errno set. */
int spool_rewind(struct spool *);
/* As read(2), but EINTR is not returned. */
ssize_t spool_read(struct spool *, void *, size_t);

/* Write all of it, whatever it takes. 0, or -1 with errno set. */
int write_all(int fd, const void *, size_t);
/* As read(2), but EINTR is not returned. */
ssize_t read_some(int fd, void *, size_t);

#endif
