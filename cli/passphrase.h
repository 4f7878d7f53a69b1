/*
 * passphrase.h - pass phrases, from where --passin says.
 *
 *	env:NAME	an environment variable
 *	file:PATH	the first line of a file
 *	fd:N		the next line of an open descriptor
 *	prompt		the terminal, without echo
 *
 * There is no form that has the pass phrase on the command line, where
 * every user of the machine could read it. The n-th --passin belongs to the
 * n-th identity; the last one serves those that follow.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_PASSPHRASE_H
#define CLI_PASSPHRASE_H

#include "run.h"

#define PASSPHRASE_SIZE 1024

struct passphrase {
	struct run *run;
	const char *source;	/* NULL: no --passin was given */
	const char *file;	/* whose pass phrase it is */
	int asked;
	int have;
	int length;
	char text[PASSPHRASE_SIZE];
};

/* Check all --passin options. */
int passphrase_check(struct run *);
/* For the n-th identity, kept in `file`. */
void passphrase_init(struct passphrase *, struct run *, const char *file,
    size_t n);
void passphrase_wipe(struct passphrase *);
/* Has the type cx4_passphrase_fn; arg is a struct passphrase. */
int passphrase_get(void *arg, char *buf, size_t size);

#endif
