/*
 * t_b64.c - base64: round trips, white space, damage at every place, and
 * every input whole, octet by octet and in odd sizes.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../libcmsx400/base/buf.h"
#include "../libcmsx400/encoding/b64.h"
#include "tap.h"

static const size_t cuts[] = { SIZE_MAX, 1, 2, 3, 5, 7, 61, 4099 };

#define N_CUTS (sizeof(cuts) / sizeof(cuts[0]))

struct result {
	int code;
	uint64_t offset;
	struct cx4i_buf out;
};

static struct cx4i_block block;		/* too big for the stack of a test */

static int
gather(void *arg, const uint8_t *p, size_t len)
{
	if (len == 0 || len > CX4I_BLOCK)
		return CX4_E_LENGTH;
	return cx4i_buf_add(arg, p, len) == 0 ? CX4_OK : CX4_E_NOMEM;
}

static void
decode(const char *text, size_t len, size_t cut, uint64_t base,
    struct result *r)
{
	struct cx4i_b64_in s;
	cx4_error e;
	size_t n;

	memset(r, 0, sizeof(*r));
	cx4i_err_init(&e);
	cx4i_block_init(&block, gather, &r->out);
	cx4i_b64_in_init(&s, base);
	while (len > 0 && r->code == CX4_OK) {
		n = len < cut ? len : cut;
		r->code = cx4i_b64_in_push(&s, (const uint8_t *)text, n,
		    &block, &e);
		text += n;
		len -= n;
	}
	if (r->code == CX4_OK)
		r->code = cx4i_b64_in_finish(&s, &e);
	r->offset = e.offset;
	cx4i_err_clear(&e);
}

static int
same(const struct result *a, const struct result *b)
{
	return a->code == b->code && a->offset == b->offset &&
	    cx4i_slice_equal(cx4i_buf_slice(&a->out), cx4i_buf_slice(&b->out));
}

/* Decode whole; 1 if every other way of cutting gives the same. */
static int
decode_all(const char *text, size_t len, struct result *r)
{
	struct result other;
	size_t i;
	int equal = 1;

	decode(text, len, SIZE_MAX, 0, r);
	for (i = 1; i < N_CUTS; i++) {
		decode(text, len, cuts[i], 0, &other);
		if (!same(r, &other)) {
			note("cut in %zu: code %d, offset %ju, %zu octets",
			    cuts[i], other.code, (uintmax_t)other.offset,
			    other.out.len);
			equal = 0;
		}
		cx4i_buf_free(&other.out);
	}
	return equal;
}

static int
encode(const uint8_t *p, size_t len, size_t cut, size_t width,
    const char *eol, struct cx4i_buf *out)
{
	struct cx4i_b64_out s;
	size_t n;
	int rc = CX4_OK;

	cx4i_block_init(&block, gather, out);
	cx4i_b64_out_init(&s, width, eol);
	while (len > 0 && rc == CX4_OK) {
		n = len < cut ? len : cut;
		rc = cx4i_b64_out_push(&s, p, n, &block);
		p += n;
		len -= n;
	}
	if (rc == CX4_OK)
		rc = cx4i_b64_out_finish(&s, &block);
	if (rc == CX4_OK)
		rc = cx4i_block_flush(&block);
	return rc;
}

/* Octets that look random and are always the same. */
static void
fill(uint8_t *p, size_t len)
{
	uint32_t x = 12345;

	while (len-- > 0) {
		x = x * 1103515245u + 12345u;
		*p++ = (uint8_t)(x >> 16);
	}
}

static void
test_table(void)
{
	static const struct {
		const char *text;
		const char *octets;
		int bad;		/* offset of the damage, or -1 */
	} t[] = {
		/* RFC 4648 section 10 */
		{ "", "", -1 },
		{ "Zg==", "f", -1 },
		{ "Zm8=", "fo", -1 },
		{ "Zm9v", "foo", -1 },
		{ "Zm9vYg==", "foob", -1 },
		{ "Zm9vYmE=", "fooba", -1 },
		{ "Zm9vYmFy", "foobar", -1 },
		/* white space wherever it stands */
		{ "\r\n\r\n", "", -1 },
		{ " Z g\t=\r\n=\n ", "f", -1 },
		{ "Zm9v\n\n\nYmFy\r\r\n", "foobar", -1 },
		{ "Z\nm\n9\nv\nY\nm\nF\ny\n", "foobar", -1 },
		{ "Zm9vY\nmFyZm\n9vYmFy", "foobarfoobar", -1 },
		/* other octets */
		{ "Zm9v\x0bYmFy", "foo", 4 },
		{ "Zm9v\x80YmFy", "foo", 4 },
		{ "Zm9vY-Fy", "foo", 5 },
		{ "Zm9vYm_y", "foo", 6 },
		{ "Zm9vYmF!", "foo", 7 },
		/* padding */
		{ "=", "", 0 },
		{ "Z===", "", 1 },
		{ "Zm9v=", "foo", 4 },
		{ "Zg=", "f", 3 },
		{ "Zg=Z", "f", 3 },
		{ "Zg=!", "f", 3 },
		{ "Zg===", "f", 4 },
		{ "Zm8==", "fo", 4 },
		{ "Zg==Zg==", "f", 4 },
		{ "Zm8=\r\nZm9v", "fo", 6 },
		{ "Zm8=\r\n\r\n--b--", "fo", 8 },
		/* bits left over */
		{ "Zh==", "", 2 },
		{ "Zm9=", "", 3 },
		/* ends early */
		{ "Z", "", 1 },
		{ "Zm", "", 2 },
		{ "Zm9", "", 3 },
		{ "Zm9vYg=\n", "foob", 8 }
	};
	struct result r;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok(decode_all(t[i].text, strlen(t[i].text), &r),
		    "text %zu is the same however it is cut", i);
		is_int(r.code, t[i].bad < 0 ? CX4_OK : CX4_E_BASE64,
		    "text %zu: code", i);
		if (t[i].bad >= 0)
			is_int(r.offset, t[i].bad, "text %zu: offset", i);
		is_mem(r.out.data, r.out.len, t[i].octets,
		    strlen(t[i].octets), "text %zu: octets", i);
		cx4i_buf_free(&r.out);
	}
}

static int
round_trip(const uint8_t *p, size_t len, size_t width, const char *eol)
{
	struct cx4i_buf text = { NULL, 0, 0 }, other;
	struct result r;
	size_t i, line = width / 4 * 3, lines = (len + line - 1) / line;
	int good;

	good = encode(p, len, SIZE_MAX, width, eol, &text) == CX4_OK &&
	    text.len == (len + 2) / 3 * 4 + lines * strlen(eol);
	for (i = 1; i < N_CUTS; i++) {
		memset(&other, 0, sizeof(other));
		good &= encode(p, len, cuts[i], width, eol, &other) == CX4_OK;
		good &= cx4i_slice_equal(cx4i_buf_slice(&text),
		    cx4i_buf_slice(&other));
		cx4i_buf_free(&other);
	}
	good &= decode_all((const char *)text.data, text.len, &r);
	good &= r.code == CX4_OK && r.out.len == len &&
	    (len == 0 || memcmp(r.out.data, p, len) == 0);
	cx4i_buf_free(&r.out);
	cx4i_buf_free(&text);
	return good;
}

static void
test_round_trip(void)
{
	static uint8_t big[1 << 20];
	size_t len;
	int good = 1;

	fill(big, sizeof(big));
	for (len = 0; len <= 300; len++)
		good &= round_trip(big, len, 76, "\r\n") &
		    round_trip(big, len, 64, "\n") &
		    round_trip(big, len, 4, "\n");
	ok(good, "0 to 300 octets come back");
	ok(round_trip(big, sizeof(big), 76, "\r\n"), "1 MiB comes back");
	ok(round_trip(big, sizeof(big) - 1, 64, "\n"), "1 MiB - 1 comes back");
}

/* Every place of a body: another octet is found there, a blank is not. */
static void
test_damage(void)
{
	static const char bad[] = { '!', '-', '\0', '\x7f', '\xff', '.' };
	static const char blank[] = { ' ', '\t', '\r', '\n' };
	struct cx4i_buf text = { NULL, 0, 0 };
	uint8_t octets[130];
	char copy[256];
	struct result r;
	size_t at, k;
	int good = 1;

	fill(octets, sizeof(octets));
	is_int(encode(octets, sizeof(octets), SIZE_MAX, 76, "\r\n", &text),
	    CX4_OK, "a body for damage");
	for (at = 0; at < text.len; at++)
		for (k = 0; k < sizeof(bad); k++) {
			memcpy(copy, text.data, text.len);
			copy[at] = bad[k];
			good &= decode_all(copy, text.len, &r);
			good &= r.code == CX4_E_BASE64 && r.offset == at;
			cx4i_buf_free(&r.out);
		}
	ok(good, "an octet replaced is found where it stands");
	good = 1;
	for (at = 0; at <= text.len; at++)
		for (k = 0; k < sizeof(blank); k++) {
			memcpy(copy, text.data, at);
			copy[at] = blank[k];
			memcpy(copy + at + 1, text.data + at, text.len - at);
			good &= decode_all(copy, text.len + 1, &r);
			good &= r.code == CX4_OK &&
			    r.out.len == sizeof(octets) &&
			    memcmp(r.out.data, octets, sizeof(octets)) == 0;
			cx4i_buf_free(&r.out);
		}
	ok(good, "white space may stand anywhere");
	cx4i_buf_free(&text);
}

static void
test_truncated(void)
{
	struct cx4i_buf text = { NULL, 0, 0 };
	uint8_t octets[130];
	struct result r;
	size_t len, chars = 0;
	int good = 1;

	fill(octets, sizeof(octets));
	encode(octets, sizeof(octets), SIZE_MAX, 64, "\n", &text);
	for (len = 0; len < text.len - 1; len++) {
		good &= decode_all((const char *)text.data, len, &r);
		good &= r.code == (chars % 4 == 0 ? CX4_OK : CX4_E_BASE64);
		good &= r.out.len <= sizeof(octets) && (r.out.len == 0 ||
		    memcmp(r.out.data, octets, r.out.len) == 0);
		cx4i_buf_free(&r.out);
		chars += text.data[len] != '\n';
	}
	ok(good, "cut short: an error or whole groups of the front");
	cx4i_buf_free(&text);
}

static void
test_offset(void)
{
	struct result r;

	decode("Zm9v*", 5, SIZE_MAX, UINT64_C(0x100000000), &r);
	ok(r.offset == UINT64_C(0x100000004), "offsets count from the base");
	cx4i_buf_free(&r.out);
}

/* Takes a few octets and then says that it is full. */
static int
refuse_later(void *arg, const uint8_t *p, size_t len)
{
	size_t *left = arg;

	(void)p;
	if (len > *left)
		return CX4_E_IO_WRITE;
	*left -= len;
	return CX4_OK;
}

static void
test_refused(void)
{
	static char text[100001];
	static uint8_t octets[100000];
	struct cx4i_b64_in in;
	struct cx4i_b64_out out;
	cx4_error e;
	size_t left = 40000;

	memset(text, 'A', sizeof(text));
	text[sizeof(text) - 1] = '!';
	cx4i_err_init(&e);
	cx4i_block_init(&block, refuse_later, &left);
	cx4i_b64_in_init(&in, 0);
	is_int(cx4i_b64_in_push(&in, (const uint8_t *)text, sizeof(text),
	    &block, &e), CX4_E_IO_WRITE, "decoding stops with the sink's code");
	is_int(e.code, CX4_OK, "... which comes before later damage");
	left = 40000;
	cx4i_block_init(&block, refuse_later, &left);
	cx4i_b64_out_init(&out, 76, "\r\n");
	is_int(cx4i_b64_out_push(&out, octets, sizeof(octets), &block),
	    CX4_E_IO_WRITE, "encoding stops with the sink's code");
}

/* The openssl command writes, this decoder reads. */
static void
test_openssl(void)
{
	static uint8_t octets[5000];
	static char text[10000];
	const char *dir = getenv("CX4_TMP");
	char path[512], command[1200];
	struct result r;
	size_t len = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/t_b64.bin",
	    dir != NULL ? dir : "build/tmp");
	fill(octets, sizeof(octets));
	if ((f = fopen(path, "wb")) == NULL) {
		note("%s cannot be written", path);
		return;
	}
	fwrite(octets, 1, sizeof(octets), f);
	fclose(f);
	snprintf(command, sizeof(command),
	    "command -v openssl >/dev/null && openssl base64 -in '%s'", path);
	if ((f = popen(command, "r")) != NULL) {
		len = fread(text, 1, sizeof(text), f);
		pclose(f);
	}
	remove(path);
	if (len == 0) {
		note("no openssl command");
		return;
	}
	ok(decode_all(text, len, &r), "openssl's base64, however it is cut");
	is_mem(r.out.data, r.out.len, octets, sizeof(octets),
	    "openssl's base64 is read");
	cx4i_buf_free(&r.out);
}

int
main(void)
{
	test_table();
	test_round_trip();
	test_damage();
	test_truncated();
	test_offset();
	test_refused();
	test_openssl();
	return done_testing();
}
