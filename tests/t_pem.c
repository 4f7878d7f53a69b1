/*
 * t_pem.c - PEM armour: blocks as they occur, what is refused, truncation
 * and round trips. Every input is read whole, octet by octet and in odd
 * sizes, with equal results.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include "../libcmsx400/base/buf.h"
#include "../libcmsx400/encoding/pem.h"
#include "tap.h"

#define B "-----BEGIN CMS-----\n"
#define E "-----END CMS-----\n"

static const size_t cuts[] = { SIZE_MAX, 1, 2, 3, 7, 61, 4099 };

#define N_CUTS (sizeof(cuts) / sizeof(cuts[0]))

struct result {
	int code;
	uint64_t offset;
	char text[320];
	struct cx4i_buf out;
};

static int
gather(void *arg, const uint8_t *p, size_t len)
{
	if (len == 0 || len > CX4I_BLOCK)
		return CX4_E_LENGTH;
	return cx4i_buf_add(arg, p, len) == 0 ? CX4_OK : CX4_E_NOMEM;
}

static void
take(const void *text, size_t len, size_t cut, struct result *r)
{
	struct cx4i_pem_in *m;
	const uint8_t *p = text;
	cx4_error e;
	size_t n;
	int code = CX4_OK;

	memset(r, 0, sizeof(*r));
	cx4i_err_init(&e);
	m = cx4i_pem_in_new(gather, &r->out);
	for (; len > 0 && code == CX4_OK; p += n, len -= n) {
		n = len < cut ? len : cut;
		code = cx4i_pem_in_push(m, p, n, &e);
	}
	r->code = cx4i_pem_in_finish(m, &e);
	/* The first code stays, and is the one in the error. */
	if ((code != CX4_OK && r->code != code) || e.code != r->code)
		r->code = -1;
	r->offset = e.offset;
	memcpy(r->text, e.text, sizeof(r->text));
	cx4i_pem_in_free(&m);
	cx4i_err_clear(&e);
}

static int
take_all(const void *text, size_t len, struct result *r)
{
	struct result other;
	size_t i;
	int equal = 1;

	take(text, len, SIZE_MAX, r);
	for (i = 1; i < N_CUTS; i++) {
		take(text, len, cuts[i], &other);
		if (r->code != other.code || r->offset != other.offset ||
		    strcmp(r->text, other.text) != 0 ||
		    !cx4i_slice_equal(cx4i_buf_slice(&r->out),
		    cx4i_buf_slice(&other.out))) {
			note("cut in %zu: code %d, offset %ju: %s", cuts[i],
			    other.code, (uintmax_t)other.offset, other.text);
			equal = 0;
		}
		cx4i_buf_free(&other.out);
	}
	return equal;
}

static void
test_accepted(void)
{
	static const struct {
		const char *text;
		const char *octets;
	} t[] = {
		{ B "YWJj\n" E, "abc" },
		{ B "YWJj\n-----END CMS-----", "abc" },
		{ B "YWJj\nZA==\n" E "rest -----BEGIN X-----\n", "abcd" },
		{ B "YWJj\n" E B "YWJj\n" E, "abc" },
		{ "\n\nSubject: x\n-- BEGIN\n" B "YW\nJj\n\n" E, "abc" },
		{ "-----BEGIN PKCS7-----\nYWJj\n-----END PKCS7-----\n", "abc" },
		{ "-----BEGIN PKCS #7 SIGNED DATA-----\nYWJj\n"
		    "-----END PKCS #7 SIGNED DATA-----\n", "abc" },
		{ "-----BEGIN CMS----- \t\r\nYWJj \r\n-----END CMS-----\t\r\n",
		    "abc" },
		{ "x\r-----BEGIN CMS-----\rYWJj\r-----END CMS-----\r", "abc" },
		{ B "\n\r\n Y WJj\n" E, "abc" },
		{ B E, "" },
		{ B "\n" E, "" },
		/* a first line longer than what is held of it */
		{ B "YWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJj"
		    "YWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJj"
		    "YWJjYWJjYWJjYWJjYWJjYWJj\nYWJj\n" E,
		    "abcabcabcabcabcabcabcabcabcabcabcabcabcabc"
		    "abcabcabcabcabcabcabcabcabcabcabcabcabcabc"
		    "abcabcabcabcabcabcabc" }
	};
	struct result r;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok(take_all(t[i].text, strlen(t[i].text), &r),
		    "block %zu is the same however it is cut", i);
		if (!is_int(r.code, CX4_OK, "block %zu is accepted", i))
			note("%s", r.text);
		is_mem(r.out.data, r.out.len, t[i].octets,
		    strlen(t[i].octets), "block %zu: octets", i);
		cx4i_buf_free(&r.out);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *text;
		int code;
		uint64_t offset;
		const char *why;
	} t[] = {
		{ "", CX4_E_PEM, 0, "no BEGIN" },
		{ "hello\n", CX4_E_PEM, 6, "no BEGIN" },
		{ " " B "YWJj\n" E, CX4_E_PEM, 44, "no BEGIN" },
		{ "-----BEGIN CMS-----", CX4_E_PEM, 19, "no BEGIN" },
		{ "a\n-----BEGIN CMS----\nYWJj\n" E, CX4_E_PEM, 2,
		    "BEGIN line is malformed" },
		{ "-----BEGIN CMS----- x\nYWJj\n" E, CX4_E_PEM, 0,
		    "BEGIN line is malformed" },
		{ "-----BEGIN ---\n", CX4_E_PEM, 0, "BEGIN line is malformed" },
		{ "-----BEGIN CERTIFICATE-----\nYWJj\n"
		    "-----END CERTIFICATE-----\n", CX4_E_PEM, 0,
		    "label is \"CERTIFICATE\"" },
		{ "\n-----BEGIN cms-----\nYWJj\n" E, CX4_E_PEM, 1,
		    "label is \"cms\"" },
		{ "-----BEGIN -----\nYWJj\n-----END -----\n", CX4_E_PEM, 0,
		    "label is \"\"" },
		{ "-----BEGIN \x1b[2J\xff-----\n", CX4_E_PEM, 0,
		    "label is \"\\x1B[2J\\xFF\"" },
		{ "-----BEGIN CMS-CMS-----\n", CX4_E_PEM, 0, "\"CMS-CMS\"" },
		/* fields of RFC 1421 */
		{ B "Proc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nYWJj\n" E,
		    CX4_E_PEM, 20, "header fields" },
		{ B "\r\nProc-Type: 4,ENCRYPTED\n\nYWJj\n" E,
		    CX4_E_PEM, 22, "header fields" },
		{ B "YWJj\nProc-Type: 4,ENCRYPTED\n\nYWJj\n" E,
		    CX4_E_BASE64, 29, "alphabet" },
		/* END */
		{ B, CX4_E_PEM, 20, "no END" },
		{ B "YWJj", CX4_E_PEM, 24, "no END" },
		{ B "YWJj\n", CX4_E_PEM, 25, "no END" },
		{ B "YWJj\nZA==\n", CX4_E_PEM, 30, "no END" },
		{ B "YWJj\n-----END CMS----", CX4_E_PEM, 25, "END line" },
		{ B "YWJj\n-----END CMS-----x\n", CX4_E_PEM, 25, "END line" },
		{ B "YWJj\n----\n", CX4_E_PEM, 25, "END line" },
		{ B "YWJj\n" B, CX4_E_PEM, 25, "END line" },
		{ B "YWJj\n-----END PKCS7-----\n", CX4_E_PEM, 25, "differ" },
		{ B "YWJj\n-----END -----\n", CX4_E_PEM, 25, "differ" },
		/* base64 */
		{ B "YWJj-----END CMS-----\n", CX4_E_BASE64, 24, "alphabet" },
		{ B "YWJj\n -----END CMS-----\n", CX4_E_BASE64, 26,
		    "alphabet" },
		{ B "YWJ\n" E, CX4_E_BASE64, 23, "group of four" },
		{ B "YWJj\nYW\n" E, CX4_E_BASE64, 28, "group of four" },
		{ B "YWJj\nYW*=\n" E, CX4_E_BASE64, 27, "alphabet" },
		{ B "YQ==\nYWJj\n" E, CX4_E_BASE64, 25, "padding" }
	};
	struct result r;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok(take_all(t[i].text, strlen(t[i].text), &r),
		    "refused %zu is the same however it is cut", i);
		is_int(r.code, t[i].code, "refused %zu: code", i);
		is_int(r.offset, t[i].offset, "refused %zu: offset", i);
		if (!ok(strstr(r.text, t[i].why) != NULL,
		    "refused %zu: %s", i, t[i].why))
			note("%s", r.text);
		cx4i_buf_free(&r.out);
	}
}

/* Text before the block: 64 KiB with the BEGIN line. */
static void
test_text_limit(void)
{
	static const char block[] = B "YWJj\n" E;
	static char s[65536 + 100];
	size_t begin = strlen(B), at;
	struct result r;
	int extra;

	for (extra = 0; extra < 2; extra++) {
		memset(s, 'x', sizeof(s));
		at = 65536 - begin + (size_t)extra;
		s[at - 1] = '\n';
		memcpy(s + at, block, sizeof(block) - 1);
		ok(take_all(s, at + sizeof(block) - 1, &r),
		    "long text is the same however it is cut");
		is_int(r.code, extra ? CX4_E_PEM : CX4_OK, "text of %zu", at);
		if (extra)
			is_int(r.offset, 65536, "offset of the limit");
		cx4i_buf_free(&r.out);
	}
	memset(s, '\n', sizeof(s));
	ok(take_all(s, sizeof(s), &r) && r.code == CX4_E_PEM,
	    "empty lines without end");
	memset(s, '-', sizeof(s));
	memcpy(s, B, begin);
	ok(take_all(s, sizeof(s), &r) && r.code == CX4_E_PEM &&
	    r.offset == begin,
	    "an END line without end");
	cx4i_buf_free(&r.out);
}

static int
put(const uint8_t *p, size_t len, size_t cut, struct cx4i_buf *out)
{
	struct cx4i_pem_out *m = cx4i_pem_out_new(gather, out);
	size_t n;
	int rc;

	for (; len > 0; p += n, len -= n) {
		n = len < cut ? len : cut;
		if (cx4i_pem_out_push(m, p, n) != CX4_OK)
			break;
	}
	rc = cx4i_pem_out_finish(m);
	if (rc == CX4_OK && cx4i_pem_out_push(m, p, 0) != CX4_E_STATE)
		rc = -1;
	cx4i_pem_out_free(&m);
	return m == NULL ? rc : -1;
}

static void
fill(uint8_t *p, size_t len)
{
	uint32_t x = 99;

	while (len-- > 0) {
		x = x * 1103515245u + 12345u;
		*p++ = (uint8_t)(x >> 16);
	}
}

static int
round_trip(const uint8_t *p, size_t len)
{
	struct cx4i_buf text = { NULL, 0, 0 }, other;
	struct cx4i_slice s = { p, len };
	struct result r;
	size_t i;
	int good;

	good = put(p, len, SIZE_MAX, &text) == CX4_OK;
	for (i = 1; i < N_CUTS; i++) {
		memset(&other, 0, sizeof(other));
		good &= put(p, len, cuts[i], &other) == CX4_OK;
		good &= cx4i_slice_equal(cx4i_buf_slice(&text),
		    cx4i_buf_slice(&other));
		cx4i_buf_free(&other);
	}
	good &= take_all(text.data, text.len, &r);
	good &= r.code == CX4_OK &&
	    cx4i_slice_equal(cx4i_buf_slice(&r.out), s);
	cx4i_buf_free(&r.out);
	cx4i_buf_free(&text);
	return good;
}

static void
test_round_trip(void)
{
	static uint8_t big[1 << 20];
	struct cx4i_buf text = { NULL, 0, 0 };
	size_t len;
	int good = 1;

	fill(big, sizeof(big));
	for (len = 0; len <= 300; len++)
		good &= round_trip(big, len);
	ok(good, "0 to 300 octets come back");
	ok(round_trip(big, sizeof(big)), "1 MiB comes back");
	is_int(put((const uint8_t *)"abcd", 4, 1, &text), CX4_OK, "written");
	is_mem(text.data, text.len, B "YWJjZA==\n" E,
	    strlen(B "YWJjZA==\n" E), "written text");
	cx4i_buf_free(&text);
}

static void
test_cut_short(void)
{
	struct cx4i_buf text = { NULL, 0, 0 };
	uint8_t octets[150];
	struct result r;
	size_t i;
	int good = 1;

	fill(octets, sizeof(octets));
	put(octets, sizeof(octets), SIZE_MAX, &text);
	for (i = 0; i < text.len - 1; i++) {
		good &= take_all(text.data, i, &r);
		good &= r.code == CX4_E_PEM;
		good &= r.out.len <= sizeof(octets) && (r.out.len == 0 ||
		    memcmp(r.out.data, octets, r.out.len) == 0);
		cx4i_buf_free(&r.out);
	}
	ok(good, "cut short: always an error, and the front at most");
	for (good = 1, i = 0; i < text.len - 1; i++) {
		text.data[i] ^= 0x80;
		good &= take_all(text.data, text.len, &r);
		good &= r.code == CX4_E_PEM || r.code == CX4_E_BASE64;
		cx4i_buf_free(&r.out);
		text.data[i] ^= 0x80;
	}
	ok(good, "an octet damaged: always an error");
	cx4i_buf_free(&text);
}

/* OpenSSL's PEM functions write what is read here, and the reverse. */
static void
test_openssl(void)
{
	struct cx4i_buf text = { NULL, 0, 0 };
	char *name = NULL, *header = NULL, *p;
	unsigned char *data = NULL;
	uint8_t octets[1000];
	struct result r;
	long len = 0;
	BIO *b;

	fill(octets, sizeof(octets));
	b = BIO_new(BIO_s_mem());
	ok(PEM_write_bio(b, "CMS", "", octets, sizeof(octets)) > 0,
	    "OpenSSL writes");
	len = BIO_get_mem_data(b, &p);
	ok(take_all(p, (size_t)len, &r) && r.code == CX4_OK,
	    "OpenSSL's text is read");
	is_mem(r.out.data, r.out.len, octets, sizeof(octets),
	    "... with the same octets");
	cx4i_buf_free(&r.out);
	BIO_free(b);

	put(octets, sizeof(octets), SIZE_MAX, &text);
	b = BIO_new_mem_buf(text.data, (int)text.len);
	ok(PEM_read_bio(b, &name, &header, &data, &len) == 1,
	    "OpenSSL reads what is written here");
	is_str(name, "CMS", "... by its label");
	is_mem(data, (size_t)len, octets, sizeof(octets),
	    "... with the same octets");
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(b);
	cx4i_buf_free(&text);
}

static int
refuse(void *arg, const uint8_t *p, size_t len)
{
	(void)arg;
	(void)p;
	(void)len;
	return CX4_E_IO_WRITE;
}

static void
test_states(void)
{
	static const char text[] = B "YWJj*\n" E;
	struct cx4i_pem_in *m;
	struct cx4i_pem_out *o;
	cx4_error e;

	cx4i_err_init(&e);
	m = cx4i_pem_in_new(refuse, NULL);
	is_int(cx4i_pem_in_push(m, (const uint8_t *)text, sizeof(text) - 1,
	    &e), CX4_E_IO_WRITE, "the sink refuses");
	is_int(e.code, CX4_OK, "... before the damage is met");
	is_int(cx4i_pem_in_push(m, (const uint8_t *)"x", 1, &e),
	    CX4_E_IO_WRITE, "the code is kept");
	is_int(cx4i_pem_in_finish(m, &e), CX4_E_IO_WRITE, "to the end");
	cx4i_pem_in_free(&m);
	ok(m == NULL, "free sets NULL");
	cx4i_pem_in_free(&m);
	cx4i_pem_in_free(NULL);
	m = cx4i_pem_in_new(gather, NULL);
	is_int(cx4i_pem_in_push(m, (const uint8_t *)B E, strlen(B E), &e),
	    CX4_OK, "an empty block");
	is_int(cx4i_pem_in_finish(m, &e), CX4_OK, "finish");
	is_int(cx4i_pem_in_push(m, (const uint8_t *)"x", 1, &e),
	    CX4_E_STATE, "push after finish");
	cx4i_pem_in_free(&m);
	o = cx4i_pem_out_new(refuse, NULL);
	is_int(cx4i_pem_out_finish(o), CX4_E_IO_WRITE, "sink of a writer");
	is_int(cx4i_pem_out_finish(o), CX4_E_IO_WRITE, "... is kept");
	cx4i_pem_out_free(&o);
	cx4i_pem_out_free(&o);
	cx4i_pem_out_free(NULL);
}

int
main(void)
{
	test_accepted();
	test_refused();
	test_text_limit();
	test_round_trip();
	test_cut_short();
	test_openssl();
	test_states();
	return done_testing();
}
