/*
 * passphrase.c - pass phrases.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cleanup.h"
#include "passphrase.h"
#include "value.h"

#define DESCRIPTOR_MAX 65535

static int
check_one(struct run *run, const char *source)
{
	uint64_t n;

	if (strcmp(source, "prompt") == 0 ||
	    (strncmp(source, "env:", 4) == 0 && source[4] != '\0') ||
	    (strncmp(source, "file:", 5) == 0 && source[5] != '\0') ||
	    (strncmp(source, "fd:", 3) == 0 &&
	    value_number(source + 3, &n) == 0 && n <= DESCRIPTOR_MAX))
		return CX4_OK;
	/* Not repeated in the text: it may be the pass phrase itself. */
	run_usage(run, "--passin is env:NAME, file:PATH, fd:N or prompt");
	if (strncmp(source, "pass:", 5) == 0)
		run_hint(run, "a pass phrase on the command line can be "
		    "read by every user of this machine");
	return CX4_E_USAGE;
}

int
passphrase_check(struct run *run)
{
	size_t i, count = opts_count(&run->opts, OPT_PASSIN);
	int code = CX4_OK;

	for (i = 0; i < count && code == CX4_OK; i++)
		code = check_one(run, opts_nth(&run->opts, OPT_PASSIN, i));
	return code;
}

void
passphrase_init(struct passphrase *p, struct run *run, const char *file,
    size_t n)
{
	size_t count = opts_count(&run->opts, OPT_PASSIN);

	memset(p, 0, sizeof(*p));
	p->run = run;
	p->file = file;
	if (count > 0)
		p->source = opts_nth(&run->opts, OPT_PASSIN,
		    n < count ? n : count - 1);
}

void
passphrase_wipe(struct passphrase *p)
{
	OPENSSL_cleanse(p->text, sizeof(p->text));
	p->have = 0;
}

/*
 * One line, read octet by octet: what follows it stays for the next reader
 * of the descriptor. Returns the length or -1.
 */
static int
read_line(int fd, char *buf, size_t size)
{
	size_t used = 0;
	ssize_t n;
	char c;

	for (;;) {
		if ((n = read_some(fd, &c, 1)) < 0)
			return -1;
		if (n == 0 || c == '\n')
			break;
		if (used == size) {
			errno = EMSGSIZE;
			return -1;
		}
		buf[used++] = c;
	}
	if (used > 0 && buf[used - 1] == '\r')
		used--;
	return (int)used;
}

static int
from_env(struct passphrase *p)
{
	const char *text = getenv(p->source + 4);

	errno = ENODATA;
	if (text == NULL)
		return -1;
	errno = EMSGSIZE;
	if (strlen(text) > sizeof(p->text))
		return -1;
	memcpy(p->text, text, strlen(text));
	return (int)strlen(text);
}

static int
from_file(struct passphrase *p)
{
	int fd = open(p->source + 5, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int length;

	if (fd == -1)
		return -1;
	length = read_line(fd, p->text, sizeof(p->text));
	close(fd);
	return length;
}

static int
from_descriptor(struct passphrase *p)
{
	uint64_t n;

	if (value_number(p->source + 3, &n) != 0)
		return -1;
	return read_line((int)n, p->text, sizeof(p->text));
}

static int
from_terminal(struct passphrase *p)
{
	struct termios old, silent;
	char name[300], prompt[360];
	int fd, length, n;

	if ((fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) == -1)
		return -1;
	if (tcgetattr(fd, &old) != 0) {
		close(fd);
		return -1;
	}
	silent = old;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	silent.c_lflag |= ICANON;
	msg_escape(name, sizeof(name), p->file);
	n = snprintf(prompt, sizeof(prompt), "Pass phrase for %s: ", name);
	cleanup_tty(fd, &old);
	tcsetattr(fd, TCSAFLUSH, &silent);
	length = n > 0 ? write_all(fd, prompt, (size_t)n) : -1;
	if (length == 0)
		length = read_line(fd, p->text, sizeof(p->text));
	tcsetattr(fd, TCSAFLUSH, &old);
	cleanup_tty(-1, NULL);
	write_all(fd, "\n", 1);
	close(fd);
	return length;
}

static int
fetch(struct passphrase *p)
{
	int n;

	if (strncmp(p->source, "env:", 4) == 0)
		n = from_env(p);
	else if (strncmp(p->source, "file:", 5) == 0)
		n = from_file(p);
	else if (strncmp(p->source, "fd:", 3) == 0)
		n = from_descriptor(p);
	else
		n = from_terminal(p);
	if (n < 0)
		run_fail(p->run, CX4_E_IO_KEY,
		    "cannot read the pass phrase for %.200s from %.200s: %s",
		    p->file, p->source, errno == ENODATA ? "not set" :
		    strerror(errno));
	return n;
}

int
passphrase_get(void *arg, char *buf, size_t size)
{
	struct passphrase *p = arg;

	p->asked = 1;
	if (p->source == NULL)
		return -1;
	if (!p->have) {
		if ((p->length = fetch(p)) < 0)
			return -1;
		p->have = 1;
	}
	if ((size_t)p->length > size)
		return -1;
	memcpy(buf, p->text, (size_t)p->length);
	return p->length;
}
