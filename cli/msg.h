/*
 * msg.h - lines for people, on standard error.
 *
 * Every line starts with "cmsx400: " and is escaped: text that came from a
 * message, a file name or a certificate cannot move the cursor, change the
 * direction of text or forge a second line.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_MSG_H
#define CLI_MSG_H

#include <stddef.h>
#include <stdio.h>

#if defined(__GNUC__)
#define MSG_FORMAT(f, a) __attribute__((format(printf, f, a)))
#else
#define MSG_FORMAT(f, a)
#endif

void msg_error(const char *fmt, ...) MSG_FORMAT(1, 2);
void msg_hint(const char *fmt, ...) MSG_FORMAT(1, 2);
void msg_warning(const char *fmt, ...) MSG_FORMAT(1, 2);
void msg_note(const char *fmt, ...) MSG_FORMAT(1, 2);

/*
 * Escape `text` into out: control characters, octets that are not UTF-8 and
 * marks that turn the direction of text become \xHH. Always ends with NUL;
 * text that does not fit ends in "...". A backslash stays as it is, because
 * what the library gives is escaped already.
 */
void msg_escape(char *out, size_t size, const char *text);
/* The same, of any length, to a stream. */
void msg_put(FILE *, const char *text);

#endif
