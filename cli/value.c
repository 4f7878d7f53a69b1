/*
 * value.c - the values of options.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "value.h"

int
value_number(const char *text, uint64_t *number)
{
	uint64_t n = 0, digit;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		digit = (uint64_t)(*text - '0');
		if (n > (UINT64_MAX - digit) / 10)
			return -1;
		n = 10 * n + digit;
	}
	*number = n;
	return 0;
}

/* `width` digits at *p as a number of at most `max`, or -1. */
static int
digits(const char **p, int width, int max)
{
	int n = 0;

	for (; width > 0; width--, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		n = 10 * n + (**p - '0');
	}
	return n <= max ? n : -1;
}

static int
is_letter(const char **p, const char *any)
{
	if (**p == '\0' || strchr(any, **p) == NULL)
		return 0;
	(*p)++;
	return 1;
}

static int
days_in_month(int year, int month)
{
	static const int days[12] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Days from 1970-01-01 in the Gregorian calendar; year >= 1. */
static int64_t
day_number(int year, int month, int day)
{
	int64_t y = year - 1, n;
	int m;

	n = 365 * y + y / 4 - y / 100 + y / 400 - 719162;
	for (m = 1; m < month; m++)
		n += days_in_month(year, m);
	return n + day - 1;
}

static int
parse_date(const char **p, int64_t *day)
{
	int year, month, date;

	if ((year = digits(p, 4, 9999)) < 1 || !is_letter(p, "-") ||
	    (month = digits(p, 2, 12)) < 1 || !is_letter(p, "-") ||
	    (date = digits(p, 2, 31)) < 1 ||
	    date > days_in_month(year, month))
		return -1;
	*day = day_number(year, month, date);
	return 0;
}

/* Seconds of the day. Fractions are dropped; second 60 is the next one. */
static int
parse_clock(const char **p, int64_t *seconds)
{
	int hour, minute, second;

	if ((hour = digits(p, 2, 23)) < 0 || !is_letter(p, ":") ||
	    (minute = digits(p, 2, 59)) < 0 || !is_letter(p, ":") ||
	    (second = digits(p, 2, 60)) < 0)
		return -1;
	if (is_letter(p, ".")) {
		if (!is_letter(p, "0123456789"))
			return -1;
		while (is_letter(p, "0123456789"))
			;
	}
	*seconds = 3600 * hour + 60 * minute + second;
	return 0;
}

static int
parse_zone(const char **p, int64_t *offset)
{
	int sign, hour, minute;

	*offset = 0;
	if (is_letter(p, "Zz"))
		return 0;
	sign = **p == '-' ? -1 : 1;
	if (!is_letter(p, "+-") || (hour = digits(p, 2, 23)) < 0 ||
	    !is_letter(p, ":") || (minute = digits(p, 2, 59)) < 0)
		return -1;
	*offset = sign * (3600 * hour + 60 * minute);
	return 0;
}

int
value_time(const char *text, int64_t *when)
{
	int64_t day, seconds, offset;

	if (parse_date(&text, &day) != 0 || !is_letter(&text, "Tt ") ||
	    parse_clock(&text, &seconds) != 0 ||
	    parse_zone(&text, &offset) != 0 || *text != '\0')
		return -1;
	*when = 86400 * day + seconds - offset;
	return 0;
}

const struct keyword *
value_keyword(const struct keyword *k, const char *name)
{
	for (; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

void
value_choices(const struct keyword *k, char *out, size_t size)
{
	const char *joint;
	size_t used = 0;
	int n;

	out[0] = '\0';
	for (; k->name != NULL; k++) {
		joint = used == 0 ? "" : k[1].name == NULL ? " or " : ", ";
		n = snprintf(out + used, size - used, "%s%s", joint, k->name);
		if (n < 0 || (size_t)n >= size - used)
			return;
		used += (size_t)n;
	}
}
