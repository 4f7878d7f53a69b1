/*
 * text.c - text from messages made safe to show, and times as text.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "text.h"

/* Length of the UTF-8 sequence at p (at most n octets), 0 if malformed. */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if ((p[0] & 0xf0) == 0xe0)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (len > n)
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what lies beyond U+10FFFF. */
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

/*
 * C1 controls, and the marks that turn the direction of text round: both
 * can make a terminal show another text than the one that is there.
 */
static int
is_deceptive(const unsigned char *p, size_t len)
{
	if (len == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;
	if (len == 3 && p[0] == 0xe2 && p[1] == 0x80)
		return p[2] == 0x8e || p[2] == 0x8f ||
		    (p[2] >= 0xa8 && p[2] <= 0xae);
	if (len == 3 && p[0] == 0xe2 && p[1] == 0x81)
		return p[2] >= 0xa6 && p[2] <= 0xa9;
	return 0;
}

void
cx4i_escape(char *out, size_t size, const void *text, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	const unsigned char *p = text;
	size_t o = 0, fits = 0, n, i;

	if (size == 0)
		return;
	while (len > 0) {
		/* As far as this the dots find room. */
		if (o + 4 <= size)
			fits = o;
		n = utf8_length(p, len);
		if (n == 1 && p[0] >= 0x20 && p[0] != 0x7f && p[0] != '\\') {
			if (o + 1 + 1 > size)
				goto cut;
			out[o++] = (char)*p;
		} else if (n > 1 && !is_deceptive(p, n)) {
			if (o + n + 1 > size)
				goto cut;
			memcpy(out + o, p, n);
			o += n;
		} else {
			if (n == 0)
				n = 1;
			if (o + 4 * n + 1 > size)
				goto cut;
			for (i = 0; i < n; i++) {
				out[o++] = '\\';
				out[o++] = 'x';
				out[o++] = hex[p[i] >> 4];
				out[o++] = hex[p[i] & 15];
			}
		}
		p += n;
		len -= n;
	}
	out[o] = '\0';
	return;
cut:
	o = fits;
	for (i = 0; i < 3 && o + 1 < size; i++)
		out[o++] = '.';
	out[o] = '\0';
}

void
cx4i_trim_utf8(char *text)
{
	size_t n = strlen(text), back;

	for (back = 1; back <= 3 && back <= n; back++)
		if (((unsigned char)text[n - back] & 0xc0) == 0xc0) {
			if (utf8_length((unsigned char *)text + n - back,
			    back) == 0)
				text[n - back] = '\0';
			return;
		} else if (((unsigned char)text[n - back] & 0x80) == 0) {
			return;
		}
}

void
cx4i_copy_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(text);

	if (size == 0)
		return;
	if (n < size) {
		memcpy(out, text, n + 1);
		return;
	}
	memcpy(out, text, size - 1);
	out[size - 1] = '\0';
	cx4i_trim_utf8(out);
}

/* Years of this reckoning begin in March, so that leap days come last. */
int64_t
cx4i_days_from_civil(int64_t year, int month, int day)
{
	int64_t era, yoe, doy;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	yoe = year - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
cx4i_civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t era, doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

void
cx4i_time_text(int64_t when, char out[CX4I_TIME_TEXT])
{
	int64_t days = when / 86400, rest = when % 86400, year;
	int month, day;

	if (rest < 0) {
		rest += 86400;
		days--;
	}
	cx4i_civil_from_days(days, &year, &month, &day);
	snprintf(out, CX4I_TIME_TEXT, "%04lld-%02d-%02dT%02d:%02d:%02dZ",
	    (long long)year, month, day, (int)(rest / 3600),
	    (int)(rest / 60 % 60), (int)(rest % 60));
}
