/*
 * t_text.c - text made safe to show, dates and times.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/base/text.h"
#include "octets.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ROOM 512

/* Octets in hexadecimal, and how they are shown. */
static const struct escape {
	const char *hex;
	const char *want;
} escapes[] = {
	{ "", "" },
	{ "41 42", "AB" },
	{ "20 7e", " ~" },
	{ "00", "\\x00" },
	{ "09 0a 0d", "\\x09\\x0A\\x0D" },
	{ "1b 5b 33 31 6d", "\\x1B[31m" },
	{ "1f", "\\x1F" },
	{ "7f", "\\x7F" },
	{ "5c", "\\x5C" },
	{ "5c 78 30 30", "\\x5Cx00" },
	{ "22 27", "\"'" },
	/* UTF-8, at the borders of each length */
	{ "c2 a0", "\xc2\xa0" },
	{ "c3 a5", "\xc3\xa5" },
	{ "df bf", "\xdf\xbf" },
	{ "e0 a0 80", "\xe0\xa0\x80" },
	{ "ed 9f bf", "\xed\x9f\xbf" },
	{ "ee 80 80", "\xee\x80\x80" },
	{ "ef bf bf", "\xef\xbf\xbf" },
	{ "f0 90 80 80", "\xf0\x90\x80\x80" },
	{ "f4 8f bf bf", "\xf4\x8f\xbf\xbf" },
	/* malformed */
	{ "80", "\\x80" },
	{ "bf", "\\xBF" },
	{ "c0 80", "\\xC0\\x80" },
	{ "c1 bf", "\\xC1\\xBF" },
	{ "c3", "\\xC3" },
	{ "c3 41", "\\xC3" "A" },
	{ "e0 9f bf", "\\xE0\\x9F\\xBF" },
	{ "e2 82", "\\xE2\\x82" },
	{ "e2 82 41", "\\xE2\\x82" "A" },
	{ "ed a0 80", "\\xED\\xA0\\x80" },
	{ "ed bf bf", "\\xED\\xBF\\xBF" },
	{ "f0 8f bf bf", "\\xF0\\x8F\\xBF\\xBF" },
	{ "f0 9f 98", "\\xF0\\x9F\\x98" },
	{ "f4 90 80 80", "\\xF4\\x90\\x80\\x80" },
	{ "f5 80 80 80", "\\xF5\\x80\\x80\\x80" },
	{ "fe ff", "\\xFE\\xFF" },
	/* C1 controls */
	{ "c2 80", "\\xC2\\x80" },
	{ "c2 9b", "\\xC2\\x9B" },
	{ "c2 9f", "\\xC2\\x9F" },
	/* marks of direction, separators of lines */
	{ "e2 80 8d", "\xe2\x80\x8d" },
	{ "e2 80 8e", "\\xE2\\x80\\x8E" },
	{ "e2 80 8f", "\\xE2\\x80\\x8F" },
	{ "e2 80 90", "\xe2\x80\x90" },
	{ "e2 80 a7", "\xe2\x80\xa7" },
	{ "e2 80 a8", "\\xE2\\x80\\xA8" },
	{ "e2 80 a9", "\\xE2\\x80\\xA9" },
	{ "e2 80 aa", "\\xE2\\x80\\xAA" },
	{ "e2 80 ae", "\\xE2\\x80\\xAE" },
	{ "e2 80 af", "\xe2\x80\xaf" },
	{ "e2 81 a5", "\xe2\x81\xa5" },
	{ "e2 81 a6", "\\xE2\\x81\\xA6" },
	{ "e2 81 a9", "\\xE2\\x81\\xA9" },
	{ "e2 81 aa", "\xe2\x81\xaa" },
};

static void
test_escape(void)
{
	struct cx4i_buf in = { NULL, 0, 0 };
	struct cx4i_slice exact;
	char out[ROOM];
	size_t i;

	for (i = 0; i < COUNT(escapes); i++) {
		cx4i_buf_free(&in);
		add_hex(&in, escapes[i].hex);
		exact = exact_copy(in.data, in.len);
		cx4i_escape(out, sizeof(out), exact.data, exact.len);
		is_str(out, escapes[i].want, "octets %s", escapes[i].hex);
		free((void *)(uintptr_t)exact.data);
	}
	cx4i_buf_free(&in);
}

/* Where a unit of escaped text at `p` ends: nothing is cut in the middle. */
static size_t
unit(const char *p)
{
	size_t n = 1;

	if (p[0] == '\\')
		return strncmp(p, "\\xE2", 4) == 0 ? 12 : 4;
	while (((unsigned char)p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* Every whole number of units that could come before the three dots. */
static int
is_cut_of(const char *cut, const char *whole, size_t size)
{
	size_t n = strlen(cut), at = 0;

	if (size < 4)
		return n == size - 1 && strspn(cut, ".") == n;
	if (n < 3 || strcmp(cut + n - 3, "...") != 0)
		return 0;
	while (at < n - 3)
		at += unit(whole + at);
	return at == n - 3 && memcmp(cut, whole, at) == 0 &&
	    at + unit(whole + at) + 4 > size;
}

static void
test_cutting(void)
{
	static const char hex[] =
	    "61 62 00 63 c3 a5 64 e2 80 ae 65 f0 9f 98 80 ff 66 67 68";
	struct cx4i_buf in = { NULL, 0, 0 };
	char whole[ROOM], *out;
	size_t n, size;

	add_hex(&in, hex);
	cx4i_escape(whole, sizeof(whole), in.data, in.len);
	n = strlen(whole);
	for (size = 1; size <= n + 6; size++) {
		if ((out = malloc(size)) == NULL)
			abort();
		cx4i_escape(out, size, in.data, in.len);
		if (size > n)
			is_str(out, whole, "%zu octets are enough", size);
		else
			ok(is_cut_of(out, whole, size), "cut to %zu: %s",
			    size, out);
		free(out);
	}
	whole[0] = 'u';
	cx4i_escape(whole, 0, in.data, in.len);
	is_int(whole[0], 'u', "no room at all: nothing is written");
	cx4i_buf_free(&in);
}

/* Whatever comes, what is shown is UTF-8 without controls. */
static void
test_random(void)
{
	uint64_t state = 1;
	uint8_t in[24];
	char out[24 * 4 + 4], again[sizeof(out) * 4];
	size_t i, round, wrong = 0;
	unsigned char c;

	for (round = 0; round < 20000; round++) {
		for (i = 0; i < sizeof(in); i++)
			in[i] = (uint8_t)next_random(&state);
		cx4i_escape(out, sizeof(out), in, sizeof(in));
		for (i = 0; out[i] != '\0'; i++) {
			c = (unsigned char)out[i];
			wrong += c < 0x20 || c == 0x7f;
		}
		/* Only the backslashes would be escaped a second time. */
		cx4i_escape(again, sizeof(again), out, strlen(out));
		for (i = 0; again[i] != '\0'; i++)
			if (again[i] == '\\' &&
			    strncmp(again + i, "\\x5C", 4) != 0)
				wrong++;
	}
	is_int(wrong, 0, "random octets are shown without harm");
}

static void
test_copy(void)
{
	char out[8] = "unused";
	size_t size;

	cx4i_copy_text(out, 0, "abc");
	is_str(out, "unused", "no room: nothing is written");
	for (size = 1; size <= 5; size++) {
		cx4i_copy_text(out, size, "abc");
		is_int(strlen(out), size < 4 ? size - 1 : 3,
		    "three characters in %zu octets", size);
		ok(strncmp(out, "abc", strlen(out)) == 0, "the first ones");
	}
}

/* What a cut leaves of the last character. */
static void
test_trim(void)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "", "" },
		{ "abc", "abc" },
		{ "a\xc3\xb8", "a\xc3\xb8" },
		{ "a\xc3", "a" },
		{ "\xc3", "" },
		{ "a\xe2\x82\xac", "a\xe2\x82\xac" },
		{ "a\xe2\x82", "a" },
		{ "a\xe2", "a" },
		{ "\xc3\xb8\xe2\x82", "\xc3\xb8" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "a\xf0\x9f\x98", "a" },
		{ "a\xf0\x9f", "a" },
		{ "a\xf0", "a" }
	};
	char text[16];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		cx4i_copy_text(text, sizeof(text), cases[i].text);
		cx4i_trim_utf8(text);
		is_str(text, cases[i].want, "trimmed: case %zu", i);
	}
	cx4i_copy_text(text, 4, "ab\xe2\x82\xac");
	is_str(text, "ab", "a copy is cut between characters");
	cx4i_copy_text(text, 6, "ab\xe2\x82\xac");
	is_str(text, "ab\xe2\x82\xac", "and not where it fits");
}

static int
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_days(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/*
 * A calendar that counts days one after the other, from 1600 to 2400; that
 * 1970-01-01 is day 0 fixes where it begins.
 */
static void
test_calendar(void)
{
	int64_t day = 0, y;
	size_t wrong_to = 0, wrong_back = 0, seen = 0;
	int year, month, d, m, dd;

	for (year = 1600; year < 1970; year++)
		day -= is_leap(year) ? 366 : 365;
	for (year = 1600; year <= 2400; year++)
		for (month = 1; month <= 12; month++)
			for (d = 1; d <= month_days(year, month); d++) {
				wrong_to += cx4i_days_from_civil(year, month,
				    d) != day;
				cx4i_civil_from_days(day, &y, &m, &dd);
				wrong_back += y != year || m != month ||
				    dd != d;
				day++;
				seen++;
			}
	is_int(seen, 292560, "801 years have as many days");
	is_int(wrong_to, 0, "dates to days");
	is_int(wrong_back, 0, "days to dates");
}

static void
test_time(void)
{
	static const struct {
		int64_t when;
		const char *want;
	} times[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ -86400, "1969-12-31T00:00:00Z" },
		{ -86401, "1969-12-30T23:59:59Z" },
		{ 59, "1970-01-01T00:00:59Z" },
		{ 3661, "1970-01-01T01:01:01Z" },
		{ 951782399, "2000-02-28T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 1709164800, "2024-02-29T00:00:00Z" },
		{ INT64_C(2147483648), "2038-01-19T03:14:08Z" },
		{ INT64_C(4107542400), "2100-03-01T00:00:00Z" },
		{ INT64_C(253402300799), "9999-12-31T23:59:59Z" },
		{ INT64_C(253402300800), "10000-01-01T00:00:00Z" },
		{ INT64_C(-62167219200), "0000-01-01T00:00:00Z" },
		{ INT64_MAX, "292277026596-12-04T15:30:07Z" },
		{ INT64_MIN, "-292277022657-01-27T08:29:52Z" },
	};
	char text[CX4I_TIME_TEXT];
	size_t i;

	for (i = 0; i < COUNT(times); i++) {
		cx4i_time_text(times[i].when, text);
		is_str(text, times[i].want, "second %lld",
		    (long long)times[i].when);
	}
}

int
main(void)
{
	test_escape();
	test_cutting();
	test_random();
	test_copy();
	test_trim();
	test_calendar();
	test_time();
	return done_testing();
}
