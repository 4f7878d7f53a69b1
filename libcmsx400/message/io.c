/*
 * io.c - reading a descriptor to its end into a reader or writer: a
 * convenience over the public push calls.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "reader.h"
#include "writer.h"

#define CHUNK 65536

/* A reader or a writer. */
struct target {
	void *object;
	int (*push)(void *, const void *, size_t);
	int (*stop)(void *, int code, const char *why);
	int (*finish)(void *);
};

static int
pump(int fd, const struct target *t)
{
	unsigned char *buf = malloc(CHUNK);
	ssize_t n;
	int r = CX4_OK;

	if (buf == NULL)
		return t->stop(t->object, CX4_E_NOMEM, "input");
	while (r == CX4_OK) {
		n = read(fd, buf, CHUNK);
		if (n == 0)
			break;
		if (n > 0)
			r = t->push(t->object, buf, (size_t)n);
		else if (errno != EINTR)
			r = t->stop(t->object, CX4_E_IO_READ, "");
	}
	free(buf);
	return r == CX4_OK ? t->finish(t->object) : r;
}

static int
push_reader(void *object, const void *data, size_t len)
{
	return cx4_reader_push(object, data, len);
}

static int
stop_reader(void *object, int code, const char *why)
{
	return cx4i_reader_stop(object, code, why);
}

static int
finish_reader(void *object)
{
	return cx4_reader_finish(object);
}

static int
push_writer(void *object, const void *data, size_t len)
{
	return cx4_writer_push(object, data, len);
}

static int
stop_writer(void *object, int code, const char *why)
{
	return cx4i_writer_stop(object, code, why);
}

static int
finish_writer(void *object)
{
	return cx4_writer_finish(object);
}

int
cx4_reader_run_fd(cx4_reader *r, int fd)
{
	const struct target t = { r, push_reader, stop_reader,
	    finish_reader };

	return r != NULL ? pump(fd, &t) : CX4_E_USAGE;
}

int
cx4_writer_run_fd(cx4_writer *w, int fd)
{
	const struct target t = { w, push_writer, stop_writer,
	    finish_writer };

	return w != NULL ? pump(fd, &t) : CX4_E_USAGE;
}
