/*
 * text.h - text from messages made safe to show, and times as text.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_TEXT_H
#define CX4I_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Copy `len` octets of text from a message to `out` (size with the NUL),
 * escaped as cmsx400.h says, and cut with "..." if there is no room.
 */
void cx4i_escape(char *out, size_t size, const void *text, size_t len);

/* Cut off a character of UTF-8 at the end of a string that is not whole. */
void cx4i_trim_utf8(char *text);

/* Copy a string to `out` (size with the NUL), cut if there is no room. */
void cx4i_copy_text(char *out, size_t size, const char *text);

/* Days from 1970-01-01 to a date of the Gregorian calendar, and back. */
int64_t cx4i_days_from_civil(int64_t year, int month, int day);
void cx4i_civil_from_days(int64_t days, int64_t *year, int *month, int *day);

/* RFC 3339, UTC: 20 octets and the NUL for years 0 to 9999. */
#define CX4I_TIME_TEXT 48
void cx4i_time_text(int64_t when, char out[CX4I_TIME_TEXT]);

#endif
