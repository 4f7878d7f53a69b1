/*
 * shell.h - the ContentInfo around a bare CMS value, put on and taken off as
 * octets flow.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_SHELL_H
#define CX4I_SHELL_H

#include "../encoding/ber.h"
#include "../encoding/mime.h"
#include "../encoding/oid.h"

/*
 * Putting on: takes one CMS value of a type and gives a ContentInfo around
 * its unchanged octets, definite if the value's length is. A value that is
 * a ContentInfo already passes as it is. Octets after it are dropped.
 */
struct cx4i_shell_on {
	cx4i_push_fn *down;
	void *arg;
	enum cx4i_oid type;
	uint8_t head[CX4I_BER_HEADER + 1];
	size_t head_len;
	int decided;
	int bare;		/* the value is bare: we add the shell */
	int indefinite;
	struct cx4i_ber ber;	/* finds the value's end */
};

void cx4i_shell_on_init(struct cx4i_shell_on *, enum cx4i_oid type,
    cx4i_push_fn *, void *arg);
int cx4i_shell_on_push(struct cx4i_shell_on *, const uint8_t *, size_t,
    cx4_error *);
int cx4i_shell_on_finish(struct cx4i_shell_on *, cx4_error *);

/*
 * Taking off: takes a ContentInfo; says the type and the length of the
 * value as soon as both are known, then gives the value's octets.
 */
struct cx4i_shell_off {
	cx4i_push_fn *down;
	/* `len` is UINT64_MAX for a value of indefinite length. */
	int (*start)(void *arg, const char *oid, uint64_t len);
	void *arg;
	uint8_t head[CX4I_OID_TEXT];
	size_t head_len;
	int decided;
	struct cx4i_ber ber;	/* finds the value's end */
	struct cx4i_ber whole;	/* checks that the shell fits around it */
};

void cx4i_shell_off_init(struct cx4i_shell_off *,
    int (*start)(void *, const char *, uint64_t), cx4i_push_fn *,
    void *arg);
int cx4i_shell_off_push(struct cx4i_shell_off *, const uint8_t *, size_t,
    cx4_error *);
int cx4i_shell_off_finish(struct cx4i_shell_off *, cx4_error *);

#endif
