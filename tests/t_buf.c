/*
 * t_buf.c - the growing octet string.
 *
 * SPDX-License-Identifier: ISC
 */
#include "octets.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define CEILING ((size_t)1 << 30)

static void
test_growth(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	size_t i, wrong = 0;

	for (i = 0; i < 100000; i++)
		if (cx4i_buf_add_byte(&b, (uint8_t)(i * 7)) != 0)
			break;
	is_int(b.len, 100000, "a hundred thousand octets, one by one");
	ok(b.cap >= b.len, "the capacity holds them");
	for (i = 0; i < b.len; i++)
		wrong += b.data[i] != (uint8_t)(i * 7);
	is_int(wrong, 0, "none of them changed while it grew");
	cx4i_buf_free(&b);
	ok(b.data == NULL && b.len == 0 && b.cap == 0, "empty when freed");
	cx4i_buf_free(&b);
	is_int(cx4i_buf_add(&b, "ab", 2), 0, "and may be used again");
	is_mem(b.data, b.len, "ab", 2, "which holds what was added");
	cx4i_buf_free(&b);
}

static void
test_nothing(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_slice s;

	is_int(cx4i_buf_add(&b, NULL, 0), 0, "nothing can be added");
	ok(b.data == NULL && b.len == 0, "and takes no memory");
	s = cx4i_buf_slice(&b);
	ok(s.data == NULL && s.len == 0, "a view of nothing");
	cx4i_buf_reset(&b);
	is_int(b.len, 0, "an empty buffer can be reset");
	cx4i_buf_free(&b);
}

static void
test_extend(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	uint8_t *p;

	is_int(cx4i_buf_add(&b, "xyz", 3), 0, "three octets");
	p = cx4i_buf_extend(&b, 4);
	ok(p != NULL && p == b.data + 3, "room begins at the old end");
	is_int(b.len, 7, "and counts at once");
	memcpy(p, "1234", 4);
	is_mem(b.data, b.len, "xyz1234", 7, "what was written there stays");
	ok(cx4i_buf_extend(&b, 0) == b.data + 7 && b.len == 7,
	    "room for nothing");
	cx4i_buf_free(&b);
}

static void
test_reset(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	uint8_t *data;
	size_t i, cap, left = 0;

	for (i = 0; i < 50; i++)
		cx4i_buf_add_byte(&b, 0xa5);
	data = b.data;
	cap = b.cap;
	cx4i_buf_reset(&b);
	is_int(b.len, 0, "empty when reset");
	ok(b.data == data && b.cap == cap, "and keeps its memory");
	for (i = 0; i < 50; i++)
		left += data[i] != 0;
	is_int(left, 0, "which is wiped");
	cx4i_buf_free(&b);
}

/* Requests that cannot be met leave everything as it was. */
static void
test_ceiling(void)
{
	static const size_t asked[] = {
		CEILING - 2, CEILING - 1, CEILING, CEILING + 1, SIZE_MAX / 2,
		SIZE_MAX - 3, SIZE_MAX - 2, SIZE_MAX - 1, SIZE_MAX
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	size_t i;

	is_int(cx4i_buf_add(&b, "abc", 3), 0, "three octets");
	for (i = 0; i < COUNT(asked); i++) {
		ok(cx4i_buf_extend(&b, asked[i]) == NULL,
		    "3 and %zu octets are too many", asked[i]);
		is_int(cx4i_buf_add(&b, "abc", asked[i]), -1,
		    "nor can %zu be added", asked[i]);
		is_mem(b.data, b.len, "abc", 3, "and nothing changed");
	}
	cx4i_buf_free(&b);
}

static void
test_equal(void)
{
	static const struct {
		const char *a, *b;
		int want;
	} pairs[] = {
		{ "", "", 1 }, { "00", "", 0 }, { "00", "00", 1 },
		{ "00", "01", 0 }, { "0102", "01", 0 }, { "0102", "0102", 1 },
		{ "0102", "0103", 0 }, { "0002", "0102", 0 },
	};
	struct cx4i_buf a = { NULL, 0, 0 }, b = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < COUNT(pairs); i++) {
		cx4i_buf_free(&a);
		cx4i_buf_free(&b);
		add_hex(&a, pairs[i].a);
		add_hex(&b, pairs[i].b);
		is_int(cx4i_slice_equal(cx4i_buf_slice(&a),
		    cx4i_buf_slice(&b)), pairs[i].want, "'%s' and '%s'",
		    pairs[i].a, pairs[i].b);
		is_int(cx4i_slice_equal(cx4i_buf_slice(&b),
		    cx4i_buf_slice(&a)), pairs[i].want, "the other way");
	}
	cx4i_buf_free(&a);
	cx4i_buf_free(&b);
}

int
main(void)
{
	test_growth();
	test_nothing();
	test_extend();
	test_reset();
	test_ceiling();
	test_equal();
	return done_testing();
}
