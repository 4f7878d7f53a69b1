/*
 * spool.c - octets that are held back.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cleanup.h"
#include "spool.h"

#define FIRST_SIZE 4096

struct spool {
	unsigned char *mem;
	size_t used;
	size_t size;
	size_t pos;
	int fd;			/* -1 while everything is in memory */
};

int
write_all(int fd, const void *data, size_t len)
{
	const unsigned char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t
read_some(int fd, void *buf, size_t size)
{
	ssize_t n;

	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n;
}

struct spool *
spool_new(void)
{
	struct spool *s = calloc(1, sizeof(*s));

	if (s != NULL)
		s->fd = -1;
	return s;
}

void
spool_free(struct spool **ps)
{
	struct spool *s;

	if (ps == NULL || (s = *ps) == NULL)
		return;
	*ps = NULL;
	OPENSSL_clear_free(s->mem, s->size);
	if (s->fd != -1)
		close(s->fd);
	free(s);
}

/* mkstemp makes the file 0600; its name is gone before anyone can use it. */
static int
open_nameless(void)
{
	const char *dir = getenv("TMPDIR");
	char path[1024];
	sigset_t old;
	int fd, n;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	n = snprintf(path, sizeof(path), "%s/cmsx400-XXXXXX", dir);
	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	cleanup_block(&old);
	fd = mkstemp(path);
	if (fd != -1)
		unlink(path);
	cleanup_unblock(&old);
	return fd;
}

static int
to_disk(struct spool *s)
{
	if ((s->fd = open_nameless()) == -1)
		return -1;
	if (write_all(s->fd, s->mem, s->used) != 0)
		return -1;
	OPENSSL_clear_free(s->mem, s->size);
	s->mem = NULL;
	s->used = s->size = 0;
	return 0;
}

static int
grow(struct spool *s, size_t need)
{
	size_t size = s->size == 0 ? FIRST_SIZE : s->size;
	unsigned char *mem;

	while (size < need)
		size *= 2;
	if (size == s->size)
		return 0;
	/* clear_realloc: the old copy of the octets is wiped. */
	mem = OPENSSL_clear_realloc(s->mem, s->size, size);
	if (mem == NULL) {
		errno = ENOMEM;
		return -1;
	}
	s->mem = mem;
	s->size = size;
	return 0;
}

int
spool_write(struct spool *s, const void *data, size_t len)
{
	if (len == 0)
		return 0;
	if (s->fd == -1 && len > SPOOL_MEMORY - s->used && to_disk(s) != 0)
		return -1;
	if (s->fd != -1)
		return write_all(s->fd, data, len);
	if (grow(s, s->used + len) != 0)
		return -1;
	memcpy(s->mem + s->used, data, len);
	s->used += len;
	return 0;
}

int
spool_rewind(struct spool *s)
{
	s->pos = 0;
	if (s->fd != -1 && lseek(s->fd, 0, SEEK_SET) == -1)
		return -1;
	return 0;
}

ssize_t
spool_read(struct spool *s, void *buf, size_t size)
{
	if (s->fd != -1)
		return read_some(s->fd, buf, size);
	if (size > s->used - s->pos)
		size = s->used - s->pos;
	if (size > 0)
		memcpy(buf, s->mem + s->pos, size);
	s->pos += size;
	return (ssize_t)size;
}
