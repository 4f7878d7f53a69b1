/*
 * slurp.c - small files read whole.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include "slurp.h"

#define FIRST_SIZE 8192

int
slurp_in(struct run *run, struct infile *in, unsigned char **data,
    size_t *len)
{
	size_t size = FIRST_SIZE, used = 0;
	unsigned char *buf, *grown;
	ssize_t n;

	*data = NULL;
	*len = 0;
	if ((buf = OPENSSL_malloc(size)) == NULL)
		return run_nomem(run);
	while ((n = infile_read(in, buf + used, size - used - 1)) > 0) {
		used += (size_t)n;
		if (used + 1 < size)
			continue;
		if (size >= SLURP_LIMIT)
			goto too_large;
		grown = OPENSSL_clear_realloc(buf, size, size * 2);
		if (grown == NULL)
			goto nomem;
		buf = grown;
		size *= 2;
	}
	if (n < 0)
		goto unreadable;
	buf[used] = '\0';
	*data = buf;
	*len = used;
	return CX4_OK;
unreadable:
	run_fail(run, CX4_E_IO_READ, "cannot read %.300s: %s",
	    infile_label(in->name), strerror(errno));
	goto fail;
too_large:
	run_fail(run, CX4_E_IO_READ, "cannot read %.300s: larger than %d MiB",
	    infile_label(in->name), SLURP_LIMIT / (1024 * 1024));
	goto fail;
nomem:
	run_nomem(run);
fail:
	OPENSSL_clear_free(buf, size);
	return run->code;
}

int
slurp(struct run *run, const char *path, unsigned char **data, size_t *len)
{
	struct infile in;
	int code;

	*data = NULL;
	*len = 0;
	if (infile_open(&in, path, 0) != 0)
		return run_fail(run, CX4_E_IO_READ, "cannot read %.300s: %s",
		    path, strerror(errno));
	code = slurp_in(run, &in, data, len);
	infile_close(&in);
	return code;
}

/* The octets up to `len` are all that ever held a secret. */
void
slurp_free(unsigned char **data, size_t len)
{
	OPENSSL_clear_free(*data, len);
	*data = NULL;
}
