/*
 * outfile.c - the output, which appears whole or not at all.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "../libcmsx400/cmsx400.h"
#include "cleanup.h"
#include "outfile.h"
#include "spool.h"

#define BUFFER_SIZE (64 * 1024)
#define LINKS_MAX 40
#define NAME_KEPT 200		/* of the 255 octets that a name may have */
#define TEMP_SUFFIX ".cmsx400-XXXXXX"

struct outfile {
	char *path;		/* final name, links followed; NULL: a pipe */
	char *temp;		/* temporary name */
	char *name;		/* for messages */
	int fd;
	int owned;		/* fd is to be closed here */
	int slot;		/* in the list of files to clean up */
	int ended;
	struct spool *held;	/* what a pipe will get; NULL: a file */
	size_t used;
	char why[512];
	unsigned char buffer[BUFFER_SIZE];
};

/* "dir" of "dir/name"; "." and "/" where they are meant. */
static char *
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - path);
	char *dir;

	if (slash == NULL)
		return strdup(".");
	if (n == 0)
		n = 1;
	dir = malloc(n + 1);
	if (dir != NULL) {
		memcpy(dir, path, n);
		dir[n] = '\0';
	}
	return dir;
}

static char *
join(const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char *path = malloc(size);

	if (path != NULL)
		snprintf(path, size, "%s/%s", dir, name);
	return path;
}

/* What the link at `path` points to, as seen from here. */
static char *
link_target(const char *path)
{
	char buf[4096], *dir, *target;
	ssize_t n = readlink(path, buf, sizeof(buf) - 1);

	if (n < 0)
		return NULL;
	buf[n] = '\0';
	if (buf[0] == '/')
		return strdup(buf);
	if ((dir = directory_of(path)) == NULL)
		return NULL;
	target = join(dir, buf);
	free(dir);
	return target;
}

/* The name behind all symbolic links; it need not exist. */
static char *
follow_links(const char *path)
{
	char *now = strdup(path), *next;
	struct stat st;
	int i;

	for (i = 0; now != NULL && lstat(now, &st) == 0 &&
	    S_ISLNK(st.st_mode); i++) {
		errno = ELOOP;
		next = i < LINKS_MAX ? link_target(now) : NULL;
		free(now);
		now = next;
	}
	return now;
}

static int
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int
keep_error(struct outfile *of, const char *what)
{
	if (of->why[0] == '\0')
		snprintf(of->why, sizeof(of->why), "cannot %s %.300s: %s",
		    what, of->name, strerror(errno));
	return CX4_E_IO_WRITE;
}

/* ".NAME.cmsx400-XXXXXX" beside the file that it will become. */
static char *
temp_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t size = strlen(path) + sizeof("." TEMP_SUFFIX);
	char *temp = malloc(size);

	if (temp != NULL)
		snprintf(temp, size, "%.*s.%.*s" TEMP_SUFFIX,
		    (int)(name - path), path, NAME_KEPT, name);
	return temp;
}

static int
make_temp(struct outfile *of)
{
	const char *slash = strrchr(of->path, '/');
	sigset_t old;

	errno = EISDIR;
	if (*of->path == '\0' || (slash != NULL && slash[1] == '\0'))
		return keep_error(of, "create");
	if ((of->temp = temp_name(of->path)) == NULL)
		return CX4_E_NOMEM;
	cleanup_block(&old);
	of->fd = mkstemp(of->temp);
	if (of->fd != -1)
		of->slot = cleanup_add(of->temp);
	cleanup_unblock(&old);
	if (of->fd == -1) {
		keep_error(of, "create");
		free(of->temp);
		of->temp = NULL;
		return CX4_E_IO_WRITE;
	}
	of->owned = 1;
	return CX4_OK;
}

/* 1 if the last parts are equal and stand in the same directory. */
static int
same_place(const char *a, const char *b)
{
	const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
	char *dir_a = NULL, *dir_b = NULL;
	struct stat st_a, st_b;
	int same = 0;

	if (strcmp(slash_a != NULL ? slash_a + 1 : a,
	    slash_b != NULL ? slash_b + 1 : b) != 0)
		return 0;
	dir_a = directory_of(a);
	dir_b = directory_of(b);
	if (dir_a != NULL && dir_b != NULL && stat(dir_a, &st_a) == 0 &&
	    stat(dir_b, &st_b) == 0)
		same = same_file(&st_a, &st_b);
	free(dir_a);
	free(dir_b);
	return same;
}

int
outfile_same(const char *a, const char *b)
{
	char *end_a, *end_b;
	struct stat st_a, st_b;
	int same;

	if (stat(a, &st_a) == 0 && stat(b, &st_b) == 0)
		return same_file(&st_a, &st_b) && S_ISREG(st_a.st_mode);
	end_a = follow_links(a);
	end_b = follow_links(b);
	same = end_a != NULL && end_b != NULL && same_place(end_a, end_b);
	free(end_a);
	free(end_b);
	return same;
}

/* Octets for `fd` are held until the commit. */
static int
make_held(struct outfile *of, const struct outfile_rules *rules)
{
	if (rules->binary && isatty(of->fd)) {
		snprintf(of->why, sizeof(of->why),
		    "binary output is not written to a terminal: "
		    "give -o FILE");
		return CX4_E_USAGE;
	}
	of->held = spool_new();
	return of->held != NULL ? CX4_OK : CX4_E_NOMEM;
}

static int
is_input(const struct outfile_rules *rules, const struct stat *st)
{
	return rules->input != NULL && same_file(rules->input, st) &&
	    (S_ISREG(st->st_mode) || S_ISBLK(st->st_mode));
}

static int
refuse_input(struct outfile *of)
{
	snprintf(of->why, sizeof(of->why),
	    "output and input are the same file: %.300s", of->name);
	return CX4_E_USAGE;
}

static int
open_stdout(struct outfile *of, const struct outfile_rules *rules)
{
	struct stat st;

	of->fd = STDOUT_FILENO;
	if (fstat(of->fd, &st) == 0 && is_input(rules, &st))
		return refuse_input(of);
	return make_held(of, rules);
}

static int
open_device(struct outfile *of, const char *path,
    const struct outfile_rules *rules)
{
	of->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (of->fd == -1)
		return keep_error(of, "open");
	of->owned = 1;
	return make_held(of, rules);
}

/*
 * An existing file is replaced, a new one made. A link like /dev/stdout may
 * not lead where its text says: then it is written as the open file it is.
 */
static int
open_path(struct outfile *of, const char *path,
    const struct outfile_rules *rules)
{
	struct stat st, behind;
	int exists = stat(path, &st) == 0;

	if (exists && is_input(rules, &st))
		return refuse_input(of);
	if (exists && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return keep_error(of, "write");
	}
	if (exists && !S_ISREG(st.st_mode))
		return open_device(of, path, rules);
	if ((of->path = follow_links(path)) == NULL)
		return keep_error(of, "follow");
	if (exists && (lstat(of->path, &behind) != 0 ||
	    !same_file(&st, &behind)))
		return open_device(of, path, rules);
	return make_temp(of);
}

int
outfile_open(struct outfile **pof, const char *path,
    const struct outfile_rules *rules, char *why, size_t why_size)
{
	struct outfile *of = calloc(1, sizeof(*of));
	int to_stdout = path == NULL || strcmp(path, "-") == 0;
	int code = CX4_E_NOMEM;

	*pof = NULL;
	snprintf(why, why_size, "out of memory");
	if (of == NULL)
		return code;
	of->fd = -1;
	of->slot = -1;
	of->name = strdup(to_stdout ? "standard output" : path);
	if (of->name == NULL)
		goto fail;
	code = to_stdout ? open_stdout(of, rules) :
	    open_path(of, path, rules);
	if (code != CX4_OK)
		goto fail;
	*pof = of;
	return CX4_OK;
fail:
	if (of->why[0] != '\0')
		snprintf(why, why_size, "%s", of->why);
	outfile_free(&of);
	return code;
}

static int
flush_buffer(struct outfile *of)
{
	size_t n = of->used;

	of->used = 0;
	if (n > 0 && write_all(of->fd, of->buffer, n) != 0)
		return keep_error(of, "write");
	return 0;
}

static int
write_file(struct outfile *of, const void *data, size_t len)
{
	if (len > BUFFER_SIZE - of->used && flush_buffer(of) != 0)
		return -1;
	if (len >= BUFFER_SIZE) {
		if (write_all(of->fd, data, len) != 0)
			return keep_error(of, "write");
		return 0;
	}
	memcpy(of->buffer + of->used, data, len);
	of->used += len;
	return 0;
}

int
outfile_write(void *arg, const void *data, size_t len)
{
	struct outfile *of = arg;

	if (of->ended || of->why[0] != '\0')
		return -1;
	if (len == 0)
		return 0;
	if (of->held == NULL)
		return write_file(of, data, len);
	if (spool_write(of->held, data, len) != 0)
		return keep_error(of, "hold back the output for");
	return 0;
}

/*
 * Some file systems cannot sync a directory, and a directory that may be
 * written need not be readable; neither is a reason to fail.
 */
static int
sync_directory(const char *path)
{
	char *dir = directory_of(path);
	int fd, result = 0;

	if (dir == NULL)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd == -1)
		return errno == EACCES ? 0 : -1;
	if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		result = -1;
	close(fd);
	return result;
}

static int
sync_and_close(struct outfile *of)
{
	int fd = of->fd;

	if (flush_buffer(of) != 0)
		return -1;
	if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		return keep_error(of, "sync");
	of->fd = -1;
	if (close(fd) != 0)
		return keep_error(of, "close");
	return 0;
}

static void
remove_temp(struct outfile *of)
{
	sigset_t old;

	if (of->fd != -1)
		close(of->fd);
	of->fd = -1;
	cleanup_block(&old);
	if (of->temp != NULL)
		unlink(of->temp);
	cleanup_drop(of->slot);
	of->slot = -1;
	cleanup_unblock(&old);
	free(of->temp);
	of->temp = NULL;
}

static int
commit_file(struct outfile *of)
{
	sigset_t old;
	int renamed;

	if (sync_and_close(of) != 0) {
		remove_temp(of);
		return -1;
	}
	cleanup_block(&old);
	renamed = rename(of->temp, of->path) == 0;
	if (renamed) {
		cleanup_drop(of->slot);
		of->slot = -1;
		free(of->temp);
		of->temp = NULL;
	} else {
		keep_error(of, "replace");
	}
	cleanup_unblock(&old);
	if (!renamed) {
		remove_temp(of);
		return -1;
	}
	if (sync_directory(of->path) != 0)
		return keep_error(of, "sync the directory of");
	return 0;
}

static int
commit_held(struct outfile *of)
{
	ssize_t n;

	if (spool_rewind(of->held) != 0)
		return keep_error(of, "read back what was held for");
	while ((n = spool_read(of->held, of->buffer, BUFFER_SIZE)) > 0)
		if (write_all(of->fd, of->buffer, (size_t)n) != 0)
			return keep_error(of, "write");
	if (n < 0)
		return keep_error(of, "read back what was held for");
	if (of->owned) {
		n = close(of->fd);
		of->fd = -1;
		if (n != 0)
			return keep_error(of, "close");
	}
	return 0;
}

int
outfile_end(void *arg, int commit)
{
	struct outfile *of = arg;

	if (of->ended)
		return -1;
	of->ended = 1;
	if (commit && of->why[0] == '\0')
		return of->held != NULL ? commit_held(of) : commit_file(of);
	if (of->held == NULL)
		remove_temp(of);
	return commit ? -1 : 0;
}

void
outfile_free(struct outfile **pof)
{
	struct outfile *of;

	if (pof == NULL || (of = *pof) == NULL)
		return;
	*pof = NULL;
	if (of->temp != NULL)
		remove_temp(of);
	if (of->owned && of->fd != -1)
		close(of->fd);
	spool_free(&of->held);
	/* It held content. */
	OPENSSL_cleanse(of->buffer, sizeof(of->buffer));
	free(of->path);
	free(of->name);
	free(of);
}

const char *
outfile_error(const struct outfile *of)
{
	return of != NULL && of->why[0] != '\0' ? of->why : NULL;
}
