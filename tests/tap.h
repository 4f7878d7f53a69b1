/*
 * tap.h - the Test Anything Protocol for unit tests, in one header.
 *
 *	#include "tap.h"
 *
 *	int
 *	main(void)
 *	{
 *		is_int(1 + 1, 2, "one and one");
 *		return done_testing();
 *	}
 *
 * Every test has a name, given as for printf. A check returns 1 if it held,
 * so that what depends on it can be left out. A check that failed says where
 * it stands and what it got. The counters belong to the translation unit
 * that includes this file: a test program has one.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define TAP_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* ok(cond, fmt, ...): `cond` is true. */
#define ok(cond, ...) tap_ok((cond) ? 1 : 0, __FILE__, __LINE__, __VA_ARGS__)

/* is_int(got, want, fmt, ...): integers of any type are equal. */
#define is_int(got, want, ...) \
	tap_int((intmax_t)(got), (intmax_t)(want), \
	    __FILE__, __LINE__, __VA_ARGS__)

/* is_str(got, want, fmt, ...): strings are equal; NULL equals NULL. */
#define is_str(...) tap_str(__FILE__, __LINE__, __VA_ARGS__)

/* is_mem(got, got_len, want, want_len, fmt, ...): octets are equal. */
#define is_mem(...) tap_mem(__FILE__, __LINE__, __VA_ARGS__)

static int tap_count;
static int tap_failed;

static inline void
tap_result(int good, const char *fmt, va_list ap) TAP_PRINTF(2, 0);
static inline int
tap_ok(int good, const char *file, int line, const char *fmt, ...)
    TAP_PRINTF(4, 5);
static inline int
tap_int(intmax_t got, intmax_t want, const char *file, int line,
    const char *fmt, ...) TAP_PRINTF(5, 6);
static inline int
tap_str(const char *file, int line, const char *got, const char *want,
    const char *fmt, ...) TAP_PRINTF(5, 6);
static inline int
tap_mem(const char *file, int line, const void *got, size_t got_len,
    const void *want, size_t want_len, const char *fmt, ...)
    TAP_PRINTF(7, 8);
static inline void
note(const char *fmt, ...) TAP_PRINTF(1, 2);
static inline void
skip(const char *fmt, ...) TAP_PRINTF(1, 2);

/* One result line; a name stays on its line whatever it holds. */
static inline void
tap_result(int good, const char *fmt, va_list ap)
{
	char name[512];
	char *p;

	vsnprintf(name, sizeof(name), fmt, ap);
	for (p = name; *p != '\0'; p++)
		if (*p == '\n' || *p == '\r' || *p == '#')
			*p = ' ';
	tap_count++;
	if (!good)
		tap_failed++;
	printf("%sok %d - %s\n", good ? "" : "not ", tap_count, name);
	/* A crash must not swallow what was found before it. */
	fflush(stdout);
}

static inline int
tap_ok(int good, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_result(good, fmt, ap);
	va_end(ap);
	if (!good)
		printf("#   at %s:%d\n", file, line);
	return good;
}

static inline int
tap_int(intmax_t got, intmax_t want, const char *file, int line,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_result(got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		printf("#   at %s:%d: got %jd, want %jd\n", file, line, got,
		    want);
	return got == want;
}

static inline int
tap_str(const char *file, int line, const char *got, const char *want,
    const char *fmt, ...)
{
	va_list ap;
	int good;

	good = got == want ||
	    (got != NULL && want != NULL && strcmp(got, want) == 0);
	va_start(ap, fmt);
	tap_result(good, fmt, ap);
	va_end(ap);
	if (good)
		return 1;
	printf("#   at %s:%d\n", file, line);
	printf("#   got  %s\n", got == NULL ? "(NULL)" : got);
	printf("#   want %s\n", want == NULL ? "(NULL)" : want);
	return 0;
}

/* The octets around the first difference, in hexadecimal. */
static inline void
tap_hex(const char *label, const void *data, size_t len, size_t from)
{
	const unsigned char *p;
	size_t i;

	p = data;
	printf("#   %s", label);
	for (i = from; i < len && i < from + 16; i++)
		printf(" %02x", p[i]);
	printf("%s (%zu octets)\n", i < len ? " ..." : "", len);
}

static inline int
tap_mem(const char *file, int line, const void *got, size_t got_len,
    const void *want, size_t want_len, const char *fmt, ...)
{
	const unsigned char *g, *w;
	va_list ap;
	size_t i, from;
	int good;

	g = got;
	w = want;
	if (g == NULL)
		got_len = 0;
	for (i = 0; i < got_len && i < want_len && g[i] == w[i]; i++)
		continue;
	good = got_len == want_len && i == want_len;
	va_start(ap, fmt);
	tap_result(good, fmt, ap);
	va_end(ap);
	if (good)
		return 1;
	from = i < 4 ? 0 : i - 4;
	printf("#   at %s:%d: differ at octet %zu; from octet %zu on:\n",
	    file, line, i, from);
	tap_hex("got ", got, got_len, from);
	tap_hex("want", want, want_len, from);
	return 0;
}

/* note(fmt, ...): a diagnostic line. */
static inline void
note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("# ", stdout);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/* skip(fmt, ...): one test that cannot be made here, and why. */
static inline void
skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("ok %d # SKIP ", ++tap_count);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/* The plan. Returns what main returns: 0 if at least one test, all good. */
static inline int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	if (tap_failed > 0)
		printf("# %d of %d failed\n", tap_failed, tap_count);
	if (fflush(stdout) != 0)
		return 1;
	return tap_count == 0 || tap_failed > 0;
}

#endif
