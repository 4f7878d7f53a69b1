/*
 * 02-open.c - open a message: every layer verified and decrypted.
 *
 *	02-open KEY.pem CA.pem CONTENT <message
 *
 * The message is pushed as it is read. Signatures stand at its end, so the
 * content goes to a temporary file, which takes its name on commit and
 * disappears on abort.
 *
 * SPDX-License-Identifier: ISC
 */
#include <unistd.h>

#include "example.h"

struct file {
	const char *name;	/* where the content is to be */
	char temporary[4096];
	int fd;
};

static void
file_open(struct file *f, const char *name)
{
	int n;

	f->name = name;
	n = snprintf(f->temporary, sizeof(f->temporary), "%s.XXXXXX", name);
	if (n < 0 || (size_t)n >= sizeof(f->temporary) ||
	    (f->fd = mkstemp(f->temporary)) == -1)
		die(name, CX4_E_IO_WRITE);
}

static int
file_write(void *arg, const void *data, size_t len)
{
	const struct file *f = arg;
	const char *p = data;
	ssize_t n;

	for (; len > 0; p += n, len -= (size_t)n)
		if ((n = write(f->fd, p, len)) <= 0)
			return -1;
	return 0;
}

static int
file_end(void *arg, int commit)
{
	const struct file *f = arg;
	int bad;

	bad = commit && fsync(f->fd) != 0;
	bad = close(f->fd) != 0 || bad;
	if (commit && !bad && rename(f->temporary, f->name) == 0)
		return 0;
	unlink(f->temporary);
	return commit;	/* what was to be committed is not there */
}

static int
run(cx4_reader *r)
{
	unsigned char buf[16384];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0)
		if (cx4_reader_push(r, buf, (size_t)n) != CX4_OK)
			break;
	/* Without finish, the free aborts: half a message is none. */
	return n < 0 ? CX4_E_IO_READ : cx4_reader_finish(r);
}

int
main(int argc, char **argv)
{
	struct file content;
	cx4_policy *policy;
	cx4_reader *r;
	cx4_ctx *ctx;
	cx4_id *key;
	int code;

	if (argc != 4) {
		fprintf(stderr, "usage: 02-open KEY.pem CA.pem CONTENT\n");
		return 1;
	}
	if ((ctx = cx4_ctx_new()) == NULL)
		die("02-open", CX4_E_NOMEM);
	key = read_id(ctx, argv[1]);
	policy = read_trust(ctx, argv[2]);
	if ((r = cx4_reader_new(ctx, policy)) == NULL)
		die("02-open", CX4_E_NOMEM);
	file_open(&content, argv[3]);
	if ((code = cx4_reader_add_id(r, key)) == CX4_OK &&
	    (code = cx4_reader_set_sink(r, file_write, file_end,
	    &content)) == CX4_OK)
		code = run(r);
	if (code != CX4_OK)
		fprintf(stderr, "02-open: %s: %s\n", cx4_code_name(code),
		    cx4_error_text(cx4_reader_error(r)));
	else
		printf("%s\n", cx4_report_content_type(cx4_reader_report(r)));

	cx4_reader_free(&r);
	cx4_policy_free(&policy);
	cx4_id_free(&key);
	cx4_ctx_free(&ctx);
	return code == CX4_OK ? 0 : 1;
}
