/*
 * err.c - the table of codes, and the error object.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "err.h"

struct code_entry {
	int code;
	const char *name;
	enum cx4_class class;
	const char *text;
	const char *advice;
};

#define AS_ENTRY(id, value, name, class, text, todo)			\
	{ id, name, class, text, todo },

static const struct code_entry codes[] = {
	{ CX4_OK, "ok", CX4_CLASS_OK,
	    "everything asked for was done and verified", "none" },
	CX4_ERROR_CODES(AS_ENTRY)
	CX4_WARNING_CODES(AS_ENTRY)
};

#define N_CODES (sizeof(codes) / sizeof(codes[0]))

static const struct code_entry *
find_code(int code)
{
	size_t i;

	for (i = 0; i < N_CODES; i++)
		if (codes[i].code == code)
			return &codes[i];
	return NULL;
}

const char *
cx4_code_name(int code)
{
	const struct code_entry *c = find_code(code);

	return c != NULL ? c->name : NULL;
}

const char *
cx4_code_text(int code)
{
	const struct code_entry *c = find_code(code);

	return c != NULL ? c->text : NULL;
}

const char *
cx4_code_advice(int code)
{
	const struct code_entry *c = find_code(code);

	return c != NULL ? c->advice : NULL;
}

enum cx4_class
cx4_code_class(int code)
{
	const struct code_entry *c = find_code(code);

	return c != NULL ? c->class : CX4_CLASS_USAGE;
}

int
cx4_code_next(int code)
{
	size_t i;

	for (i = 0; i + 1 < N_CODES; i++)
		if (codes[i].code == code)
			return codes[i + 1].code;
	return 0;
}

void
cx4i_err_init(cx4_error *e)
{
	memset(e, 0, sizeof(*e));
	e->layer = -1;
	e->offset = CX4I_NO_OFFSET;
}

void
cx4i_err_clear(cx4_error *e)
{
	free(e->causes);
	cx4i_err_init(e);
}

static void record(cx4_error *, int, uint64_t, const char *, va_list)
    __attribute__((format(printf, 4, 0)));

static void
record(cx4_error *e, int code, uint64_t offset, const char *fmt, va_list ap)
{
	const char *sentence = cx4_code_text(code);
	size_t left;
	int n, more;

	e->code = code;
	e->offset = offset;
	n = snprintf(e->text, sizeof(e->text), "%s",
	    sentence != NULL ? sentence : "unknown error");
	if (fmt == NULL || *fmt == '\0' || n < 0 ||
	    (size_t)n + 3 > sizeof(e->text))
		return;
	left = sizeof(e->text) - (size_t)n - 2;
	if ((more = vsnprintf(e->text + n + 2, left, fmt, ap)) <= 0)
		return;
	memcpy(e->text + n, ": ", 2);
	if ((size_t)more >= left)
		cx4i_trim_utf8(e->text);
}

int
cx4i_fail(cx4_error *e, int code, const char *fmt, ...)
{
	va_list ap;

	if (e != NULL && e->code == CX4_OK) {
		va_start(ap, fmt);
		record(e, code, CX4I_NO_OFFSET, fmt, ap);
		va_end(ap);
	}
	return code;
}

int
cx4i_fail_at(cx4_error *e, int code, uint64_t offset, const char *fmt, ...)
{
	va_list ap;

	if (e != NULL && e->code == CX4_OK) {
		va_start(ap, fmt);
		record(e, code, offset, fmt, ap);
		va_end(ap);
	}
	return code;
}

/*
 * The last reason added to the queue since the mark; OpenSSL 3.0 has no way
 * to look at those below it. What is below the mark belongs to the host: if
 * taking ours off leaves the same entry on top, there was none.
 */
static char *
take_causes(void)
{
	const char *file[2], *func, *data[2];
	unsigned long reason[2];
	char text[200];
	int line[2];
	size_t n;

	reason[0] = ERR_peek_last_error_all(&file[0], &line[0], &func,
	    &data[0], NULL);
	if (reason[0] == 0 || ERR_pop_to_mark() != 1)
		return NULL;
	ERR_set_mark();
	reason[1] = ERR_peek_last_error_all(&file[1], &line[1], &func,
	    &data[1], NULL);
	if (reason[0] == reason[1] && line[0] == line[1] &&
	    file[0] == file[1] && data[0] == data[1])
		return NULL;
	ERR_error_string_n(reason[0], text, sizeof(text) - 1);
	n = strlen(text);
	text[n++] = '\n';
	text[n] = '\0';
	return strdup(text);
}

int
cx4i_fail_openssl(cx4_error *e, int code, const char *fmt, ...)
{
	va_list ap;

	if (e != NULL && e->code == CX4_OK) {
		va_start(ap, fmt);
		record(e, code, CX4I_NO_OFFSET, fmt, ap);
		va_end(ap);
		e->causes = take_causes();
	}
	return code;
}

int
cx4i_why(const struct cx4i_why *why, int code, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (why->text == NULL || why->size == 0)
		return code;
	va_start(ap, fmt);
	n = vsnprintf(why->text, why->size, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n >= why->size)
		cx4i_trim_utf8(why->text);
	return code;
}

void
cx4i_queue_enter(void)
{
	ERR_set_mark();
}

void
cx4i_queue_leave(void)
{
	ERR_pop_to_mark();
}

int
cx4i_class_rank(enum cx4_class class)
{
	/* cli.md's order; OK comes last, BUILD stands with USAGE's kin. */
	static const enum cx4_class order[] = {
		CX4_CLASS_USAGE, CX4_CLASS_IO, CX4_CLASS_BUILD,
		CX4_CLASS_LIMIT, CX4_CLASS_MALFORMED, CX4_CLASS_NOKEY,
		CX4_CLASS_CRYPTO, CX4_CLASS_TEMPFAIL, CX4_CLASS_PATH,
		CX4_CLASS_LABEL, CX4_CLASS_ORIGINATOR, CX4_CLASS_OK
	};
	int i;

	for (i = 0; order[i] != CX4_CLASS_OK; i++)
		if (order[i] == class)
			break;
	return i;
}

int
cx4i_worse(int a, int b)
{
	if (cx4i_class_rank(cx4_code_class(b)) <
	    cx4i_class_rank(cx4_code_class(a)))
		return b;
	return a;
}

int
cx4_error_code(const cx4_error *e)
{
	return e->code;
}

const char *
cx4_error_text(const cx4_error *e)
{
	return e->text;
}

int
cx4_error_layer(const cx4_error *e)
{
	return e->layer;
}

uint64_t
cx4_error_offset(const cx4_error *e)
{
	return e->offset;
}

const char *
cx4_error_causes(const cx4_error *e)
{
	return e->causes;
}
