/*
 * err.h - the error object: the first error of an operation, and its causes.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_ERR_H
#define CX4I_ERR_H

#include "../cmsx400.h"
#include "text.h"

#define CX4I_NO_OFFSET UINT64_MAX

struct cx4_error {
	int code;
	int layer;		/* -1: none */
	uint64_t offset;	/* CX4I_NO_OFFSET: none */
	char text[320];
	char *causes;		/* OpenSSL's reasons, or NULL */
};

void cx4i_err_init(cx4_error *);
void cx4i_err_clear(cx4_error *);

/*
 * Record an error unless one is recorded already, and return `code`. The
 * text says what and where; the code's own sentence is put in front of it.
 * `e` may be NULL, where only the code is wanted.
 */
int cx4i_fail(cx4_error *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int cx4i_fail_at(cx4_error *e, int code, uint64_t offset, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The same, keeping the reasons that are in OpenSSL's error queue. */
int cx4i_fail_openssl(cx4_error *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * OpenSSL's error queue as the host program left it: mark on entry to a
 * public function, and drop on return what was added since.
 */
void cx4i_queue_enter(void);
void cx4i_queue_leave(void);

/* 0 for the class that counts most when several outcomes apply. */
int cx4i_class_rank(enum cx4_class);
/* Of two codes the one whose class counts more; the first if equal. */
int cx4i_worse(int a, int b);

/*
 * For functions without an error object: where a sentence for the caller
 * goes; text may be NULL.
 */
struct cx4i_why {
	char *text;
	size_t size;
};

/* Write the sentence and return `code`. */
int cx4i_why(const struct cx4i_why *, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
