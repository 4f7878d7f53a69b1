/*
 * infile.c - the input.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "infile.h"

/*
 * The length of a regular file, from where it is read. Files like those of
 * /proc claim to be empty and are not: such a length is not known.
 */
static void
find_length(struct infile *in)
{
	char octet;

	if (!S_ISREG(in->st.st_mode))
		return;
	in->start = lseek(in->fd, 0, SEEK_CUR);
	if (in->start < 0)
		return;
	in->length_known = 1;
	if (in->st.st_size > in->start)
		in->length = (uint64_t)(in->st.st_size - in->start);
	else if (pread(in->fd, &octet, 1, in->start) != 0)
		in->length_known = 0;
}

const char *
infile_label(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

int
infile_open(struct infile *in, const char *path, int twice)
{
	int error;

	memset(in, 0, sizeof(*in));
	in->fd = -1;
	in->owned = path != NULL && strcmp(path, "-") != 0;
	in->name = in->owned ? path : "-";
	in->fd = in->owned ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) :
	    STDIN_FILENO;
	if (in->fd == -1 || fstat(in->fd, &in->st) != 0)
		goto fail;
	errno = EISDIR;
	if (S_ISDIR(in->st.st_mode))
		goto fail;
	find_length(in);
	if (twice && !S_ISREG(in->st.st_mode)) {
		errno = ENOMEM;
		if ((in->kept = spool_new()) == NULL)
			goto fail;
	}
	/* Advice only: an error is of no interest. */
	(void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
fail:
	error = errno;
	infile_close(in);
	errno = error;
	return -1;
}

void
infile_close(struct infile *in)
{
	if (in->owned && in->fd != -1)
		close(in->fd);
	in->fd = -1;
	spool_free(&in->kept);
}

ssize_t
infile_read(struct infile *in, void *buf, size_t size)
{
	ssize_t n;

	if (in->replaying)
		return spool_read(in->kept, buf, size);
	n = read_some(in->fd, buf, size);
	if (n <= 0)
		return n;
	in->octets += (uint64_t)n;
	if (in->kept != NULL && spool_write(in->kept, buf, (size_t)n) != 0)
		return -1;
	return n;
}

/* What the first reading left in a pipe belongs to the message too. */
static int
keep_rest(struct infile *in)
{
	char buf[4096];
	ssize_t n;

	while ((n = infile_read(in, buf, sizeof(buf))) > 0)
		;
	return n == 0 ? 0 : -1;
}

int
infile_rewind(struct infile *in)
{
	if (in->kept == NULL) {
		in->octets = 0;
		return lseek(in->fd, in->start, SEEK_SET) == -1 ? -1 : 0;
	}
	if (!in->replaying && keep_rest(in) != 0)
		return -1;
	in->replaying = 1;
	return spool_rewind(in->kept);
}
