/*
 * t_outfile.c - the output contract: whole or not at all.
 *
 * SPDX-License-Identifier: ISC
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cli/cleanup.h"
#include "../cli/outfile.h"
#include "../cli/spool.h"
#include "../libcmsx400/cmsx400.h"
#include "tap.h"

static char dir[1024];

/* A path in the test's directory; sixteen can be in use at a time. */
static const char *
in_dir(const char *name)
{
	static char paths[16][2048];
	static unsigned int next;
	char *path = paths[next++ % 16];

	snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
	return path;
}

static void
put_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (fd == -1 || write_all(fd, text, strlen(text)) != 0)
		note("%s: %s", path, strerror(errno));
	close(fd);
}

/* The start of a file, or "(none)". */
static const char *
get_file(const char *path)
{
	static char text[256];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd == -1)
		return "(none)";
	n = read_some(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* Names in the directory that hold `part`. */
static int
count_names(const char *part)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	if (d == NULL)
		return -1;
	while ((e = readdir(d)) != NULL)
		n += strstr(e->d_name, part) != NULL;
	closedir(d);
	return n;
}

static int
open_out(struct outfile **of, const char *path, const struct stat *input)
{
	struct outfile_rules rules = { 1, input };
	char why[512];
	int code = outfile_open(of, path, &rules, why, sizeof(why));

	if (code != CX4_OK)
		note("%s", why);
	return code;
}

static void
test_new_file(void)
{
	const char *path = in_dir("new");
	struct outfile *of;
	struct stat st;

	if (!ok(open_out(&of, path, NULL) == CX4_OK, "new file: opened"))
		return;
	is_int(outfile_write(of, "hel", 3), 0, "new file: written");
	is_int(outfile_write(of, "lo", 2), 0, "new file: written again");
	is_str(get_file(path), "(none)", "new file: not there yet");
	is_int(count_names(".new.cmsx400-"), 1, "new file: a temporary");
	is_int(outfile_end(of, 1), 0, "new file: committed");
	is_str(get_file(path), "hello", "new file: there and whole");
	is_int(count_names("cmsx400-"), 0, "new file: no temporary left");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600,
	    "new file: mode 0600");
	is_int(outfile_end(of, 0), -1, "new file: a second end fails");
	outfile_free(&of);
	is_str(get_file(path), "hello", "new file: still there");
}

static void
test_discard(int end)
{
	const char *path = in_dir("kept");
	struct outfile *of;

	put_file(path, "old", 0644);
	if (!ok(open_out(&of, path, NULL) == CX4_OK, "discard: opened"))
		return;
	outfile_write(of, "new", 3);
	if (end)
		is_int(outfile_end(of, 0), 0, "discard: ended");
	outfile_free(&of);
	is_str(get_file(path), "old", "discard: the old file stays (%d)",
	    end);
	is_int(count_names("cmsx400-"), 0, "discard: nothing is left (%d)",
	    end);
}

static void
test_replace(void)
{
	const char *path = in_dir("replaced");
	struct outfile *of;
	struct stat st;

	put_file(path, "old", 0644);
	if (!ok(open_out(&of, path, NULL) == CX4_OK, "replace: opened"))
		return;
	outfile_write(of, "new", 3);
	is_int(outfile_end(of, 1), 0, "replace: committed");
	outfile_free(&of);
	is_str(get_file(path), "new", "replace: the new octets");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600,
	    "replace: mode 0600");
}

static void
test_links(void)
{
	struct outfile *of;
	struct stat st;

	mkdir(in_dir("sub"), 0700);
	put_file(in_dir("sub/target"), "old", 0600);
	ok(symlink("sub/target", in_dir("link")) == 0 &&
	    symlink("link", in_dir("link2")) == 0 &&
	    symlink("sub/missing", in_dir("dangling")) == 0 &&
	    symlink("loop", in_dir("loop")) == 0, "links: made");

	if (ok(open_out(&of, in_dir("link2"), NULL) == CX4_OK,
	    "link to a link: opened")) {
		outfile_write(of, "new", 3);
		is_int(outfile_end(of, 1), 0, "link: committed");
		outfile_free(&of);
	}
	is_str(get_file(in_dir("sub/target")), "new", "link: its target");
	ok(lstat(in_dir("link"), &st) == 0 && S_ISLNK(st.st_mode),
	    "link: still a link");

	if (ok(open_out(&of, in_dir("dangling"), NULL) == CX4_OK,
	    "dangling link: opened")) {
		outfile_write(of, "made", 4);
		is_int(outfile_end(of, 1), 0, "dangling link: committed");
		outfile_free(&of);
	}
	is_str(get_file(in_dir("sub/missing")), "made",
	    "dangling link: its target is made");
	is_int(open_out(&of, in_dir("loop"), NULL), CX4_E_IO_WRITE,
	    "a link to itself is refused");
}

static void
test_same_file(void)
{
	const char *path = in_dir("same");
	struct outfile *of;
	struct stat st;

	put_file(path, "content", 0600);
	ok(stat(path, &st) == 0 && link(path, in_dir("hard")) == 0 &&
	    symlink("same", in_dir("soft")) == 0, "same file: made");
	is_int(open_out(&of, path, &st), CX4_E_USAGE, "output is the input");
	is_int(open_out(&of, in_dir("hard"), &st), CX4_E_USAGE,
	    "output is a hard link to the input");
	is_int(open_out(&of, in_dir("soft"), &st), CX4_E_USAGE,
	    "output is a symbolic link to the input");
	is_str(get_file(path), "content", "the input is untouched");
	ok(outfile_same(in_dir("none"), in_dir("sub/../none")),
	    "two names of a file that is not there");
	ok(!outfile_same(in_dir("none"), in_dir("other")),
	    "names of two files");
	ok(outfile_same(path, in_dir("soft")), "a file and its link");
	ok(!outfile_same("/dev/null", "/dev/null"),
	    "a device may be written twice");
}

static void
test_refused(void)
{
	struct outfile *of;

	is_int(open_out(&of, dir, NULL), CX4_E_IO_WRITE, "a directory");
	ok(of == NULL, "nothing was opened");
	is_int(open_out(&of, in_dir("no/such"), NULL), CX4_E_IO_WRITE,
	    "a directory that is not there");
	is_int(open_out(&of, in_dir("name/"), NULL), CX4_E_IO_WRITE,
	    "a name that ends in a slash");
	is_int(open_out(&of, "", NULL), CX4_E_IO_WRITE, "an empty name");
}

static void
test_device(void)
{
	struct outfile *of;
	struct stat st;

	if (!ok(open_out(&of, "/dev/null", NULL) == CX4_OK,
	    "device: opened"))
		return;
	is_int(outfile_write(of, "x", 1), 0, "device: written");
	is_int(outfile_end(of, 1), 0, "device: committed");
	outfile_free(&of);
	ok(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode),
	    "device: not replaced");

	if (access("/dev/full", W_OK) != 0)
		return;
	if (!ok(open_out(&of, "/dev/full", NULL) == CX4_OK,
	    "full device: opened"))
		return;
	is_int(outfile_write(of, "x", 1), 0, "full device: held back");
	ok(outfile_end(of, 1) != 0, "full device: the commit fails");
	ok(outfile_error(of) != NULL &&
	    strstr(outfile_error(of), "/dev/full") != NULL,
	    "full device: says which");
	outfile_free(&of);
}

/* Make a pipe of standard output; returns the end to read, or -1. */
static int
redirect(int *saved)
{
	int ends[2];

	fflush(stdout);
	if (pipe(ends) != 0)
		return -1;
	*saved = dup(STDOUT_FILENO);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return ends[0];
}

static void
restore(int saved)
{
	dup2(saved, STDOUT_FILENO);
	close(saved);
}

static void
test_pipe(void)
{
	struct outfile *of = NULL;
	char buf[16] = "";
	int saved, end, early, late, code;

	end = redirect(&saved);
	code = open_out(&of, "-", NULL);
	if (code == CX4_OK)
		code = outfile_write(of, "late", 4);
	early = (int)read_some(end, buf, sizeof(buf));
	if (code == CX4_OK)
		code = outfile_end(of, 1);
	late = (int)read_some(end, buf, sizeof(buf));
	restore(saved);
	close(end);
	outfile_free(&of);
	is_int(code, 0, "pipe: opened, written, committed");
	is_int(early, -1, "pipe: nothing before the commit");
	is_mem(buf, (size_t)(late > 0 ? late : 0), "late", 4,
	    "pipe: all of it after");
}

static void
test_broken_pipe(void)
{
	struct outfile *of = NULL;
	int saved, end, code, committed = 0;

	end = redirect(&saved);
	close(end);
	code = open_out(&of, "-", NULL);
	if (code == CX4_OK) {
		outfile_write(of, "x", 1);
		committed = outfile_end(of, 1);
	}
	restore(saved);
	is_int(code, CX4_OK, "broken pipe: opened");
	ok(committed != 0, "broken pipe: the commit fails");
	ok(of != NULL && outfile_error(of) != NULL,
	    "broken pipe: says why");
	outfile_free(&of);
}

/* More than the spool keeps in memory, in odd pieces. */
static void
test_spool(void)
{
	const size_t total = 3 * SPOOL_MEMORY / 2 + 7;
	struct spool *s = spool_new();
	unsigned char out[7777], in[1000];
	size_t done, i, n, wrong = 0;
	ssize_t got;
	int failed = 0, round;

	if (!ok(s != NULL, "spool: made"))
		return;
	for (done = 0; done < total; done += n) {
		n = total - done < sizeof(out) ? total - done : sizeof(out);
		for (i = 0; i < n; i++)
			out[i] = (unsigned char)((done + i) % 251);
		failed |= spool_write(s, out, n);
	}
	is_int(failed, 0, "spool: %zu octets written", total);
	for (round = 0; round < 2; round++) {
		is_int(spool_rewind(s), 0, "spool: rewound");
		for (done = 0; (got = spool_read(s, in, sizeof(in))) > 0;
		    done += (size_t)got)
			for (i = 0; i < (size_t)got; i++)
				wrong += in[i] != (done + i) % 251;
		is_int(done, total, "spool: all octets are read");
	}
	is_int(wrong, 0, "spool: and they are the same");
	is_int(count_names("cmsx400-"), 0, "spool: its file has no name");
	spool_free(&s);
}

/* A child that is ended while its output is open. */
static void
test_signal(int sig)
{
	const char *path = in_dir("interrupted");
	struct outfile *of;
	int status, ready[2];
	pid_t pid;
	char c;

	fflush(stdout);
	pid = pipe(ready) == 0 ? fork() : -1;
	if (pid == 0) {
		close(ready[0]);
		signal(sig, SIG_DFL);
		cleanup_install();
		if (open_out(&of, path, NULL) == CX4_OK)
			outfile_write(of, "half", 4);
		write_all(ready[1], "x", 1);
		for (;;)
			pause();
	}
	if (!ok(pid != -1, "signal: forked"))
		return;
	close(ready[1]);
	is_int(read_some(ready[0], &c, 1), 1, "signal: the child is ready");
	close(ready[0]);
	is_int(count_names("interrupted.cmsx400-"), 1, "signal: temporary");
	kill(pid, sig);
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == sig,
	    "signal %d ends the process", sig);
	is_int(count_names("interrupted"), 0, "signal: nothing is left");
}

static void
test_long_name(void)
{
	char name[256];
	struct outfile *of;

	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	if (!ok(open_out(&of, in_dir(name), NULL) == CX4_OK,
	    "a name of 255 octets: opened"))
		return;
	outfile_write(of, "x", 1);
	is_int(outfile_end(of, 1), 0, "a name of 255 octets: committed");
	outfile_free(&of);
}

int
main(void)
{
	const char *tmp = getenv("CX4_TMP");

	snprintf(dir, sizeof(dir), "%s/outfile-XXXXXX",
	    tmp != NULL ? tmp : "build/tmp");
	if (!ok(mkdtemp(dir) != NULL, "directory %s", dir))
		return done_testing();
	setenv("TMPDIR", dir, 1);
	signal(SIGPIPE, SIG_IGN);
	test_new_file();
	test_discard(0);
	test_discard(1);
	test_replace();
	test_links();
	test_same_file();
	test_refused();
	test_device();
	test_pipe();
	test_broken_pipe();
	test_spool();
	test_signal(SIGTERM);
	test_signal(SIGINT);
	test_signal(SIGHUP);
	test_long_name();
	return done_testing();
}
