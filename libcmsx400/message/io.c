/*
 * io.c - reading a descriptor to its end into a reader or writer: a
 * convenience over the public push calls.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "../cmsx400.h"

#define CHUNK 65536

typedef int push_fn(void *, const void *, size_t);

/* 0, -1 if reading failed, else the code of the push that failed. */
static int
pump(int fd, push_fn *push, void *object)
{
	unsigned char *buf = malloc(CHUNK);
	ssize_t n;
	int r = CX4_OK;

	if (buf == NULL)
		return CX4_E_NOMEM;
	while (r == CX4_OK) {
		n = read(fd, buf, CHUNK);
		if (n == 0)
			break;
		if (n > 0)
			r = push(object, buf, (size_t)n);
		else if (errno != EINTR)
			r = CX4_E_IO_READ;
	}
	free(buf);
	return r;
}

static int
push_reader(void *object, const void *data, size_t len)
{
	return cx4_reader_push(object, data, len);
}

static int
push_writer(void *object, const void *data, size_t len)
{
	return cx4_writer_push(object, data, len);
}

int
cx4_reader_run_fd(cx4_reader *r, int fd)
{
	int code = pump(fd, push_reader, r);

	return code == CX4_OK ? cx4_reader_finish(r) : code;
}

int
cx4_writer_run_fd(cx4_writer *w, int fd)
{
	int code = pump(fd, push_writer, w);

	return code == CX4_OK ? cx4_writer_finish(w) : code;
}
