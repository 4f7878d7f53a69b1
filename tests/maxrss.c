/*
 * maxrss.c - run a command; write the peak of its resident memory, in KB, to
 * a file: maxrss FILE COMMAND [ARG ...]. Exits as the command did.
 *
 * SPDX-License-Identifier: ISC
 */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t pid;
	FILE *out;

	if (argc < 3)
		return 99;
	if ((pid = fork()) == -1)
		return 98;
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(97);
	}
	if (wait4(pid, &status, 0, &usage) != pid ||
	    (out = fopen(argv[1], "w")) == NULL)
		return 96;
	fprintf(out, "%ld\n", usage.ru_maxrss);
	if (fclose(out) != 0)
		return 95;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}
