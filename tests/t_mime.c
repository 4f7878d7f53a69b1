/*
 * t_mime.c - MIME entities: headers as they occur and as they attack,
 * transfer encodings, damage, and what is written. Every input is read
 * whole, octet by octet and in odd sizes, with equal results.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../libcmsx400/base/buf.h"
#include "../libcmsx400/encoding/mime.h"
#include "tap.h"

#define P7 "Content-Type: application/pkcs7-mime\n"
#define B64 "Content-Transfer-Encoding: base64\n"
#define QP "Content-Transfer-Encoding: quoted-printable\n"
#define X400(p) "Content-Type: application/x400-content" p "\n\nab"
#define P7P(p) "Content-Type: application/pkcs7-mime" p "\n\nab"
#define OCTETS(p) "Content-Type: application/octet-stream" p "\n\nab"

static const size_t cuts[] = { SIZE_MAX, 1, 2, 3, 7, 61, 4099 };

#define N_CUTS (sizeof(cuts) / sizeof(cuts[0]))

struct result {
	int code;
	uint64_t offset;
	char text[320];
	struct cx4i_mime_info info;
	struct cx4i_buf out;
};

static int
gather(void *arg, const uint8_t *p, size_t len)
{
	return cx4i_buf_add(arg, p, len) == 0 ? CX4_OK : CX4_E_NOMEM;
}

static void
take(const void *text, size_t len, size_t cut, struct result *r)
{
	struct cx4i_mime_in *m;
	const uint8_t *p = text;
	cx4_error e;
	size_t n;
	int code = CX4_OK;

	memset(r, 0, sizeof(*r));
	cx4i_err_init(&e);
	m = cx4i_mime_in_new(gather, &r->out);
	for (; len > 0 && code == CX4_OK; p += n, len -= n) {
		n = len < cut ? len : cut;
		code = cx4i_mime_in_push(m, p, n, &e);
	}
	r->code = cx4i_mime_in_finish(m, &e);
	/* The first code stays, and is the one in the error. */
	if ((code != CX4_OK && r->code != code) || e.code != r->code)
		r->code = -1;
	r->offset = e.offset;
	memcpy(r->text, e.text, sizeof(r->text));
	r->info = *cx4i_mime_in_info(m);
	cx4i_mime_in_free(&m);
	cx4i_err_clear(&e);
}

static int
same(const struct result *a, const struct result *b)
{
	return a->code == b->code && a->offset == b->offset &&
	    strcmp(a->text, b->text) == 0 &&
	    memcmp(&a->info, &b->info, sizeof(a->info)) == 0 &&
	    cx4i_slice_equal(cx4i_buf_slice(&a->out), cx4i_buf_slice(&b->out));
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
		if (!same(r, &other)) {
			note("cut in %zu: code %d, offset %ju: %s", cuts[i],
			    other.code, (uintmax_t)other.offset, other.text);
			equal = 0;
		}
		cx4i_buf_free(&other.out);
	}
	return equal;
}

/* LF to CR LF. */
static size_t
to_crlf(char *out, const char *text)
{
	char *start = out;

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			*out++ = '\r';
		*out++ = *text;
	}
	*out = '\0';
	return (size_t)(out - start);
}

/* Headers that are read, with what they say; the body is "ab". */
static void
test_headers(void)
{
	static const struct {
		const char *text;
		enum cx4i_mime_kind kind;
		const char *smime_type;
		const char *content_type;
	} t[] = {
		{ P7P(""), CX4I_MIME_PKCS7, "", "" },
		{ "CONTENT-TYPE: Application/PKCS7-Mime;"
		    " SMIME-Type=Signed-X400; name=smime.p7m\n\nab",
		    CX4I_MIME_PKCS7, "signed-x400", "" },
		{ "content-type:application/x-pkcs7-mime;smime-type="
		    "enveloped-X400\n\nab",
		    CX4I_MIME_PKCS7, "enveloped-x400", "" },
		{ "Content-Type : application/pkcs7-mime\n\nab",
		    CX4I_MIME_PKCS7, "", "" },
		/* messages, mbox, other fields, folding */
		{ "From alice Thu Jan  1 00:00:00 2004\n" P7P(""),
		    CX4I_MIME_PKCS7, "", "" },
		{ "From: a@example.org\nSubject: =?utf-8?q?x?=\n two\n\t\n"
		    "X-Content-Type: text/plain\nMIME-Version: 1.0\n" P7P(""),
		    CX4I_MIME_PKCS7, "", "" },
		{ P7P(";\n smime-type=signed-x400;\n\tname=smime.p7m"),
		    CX4I_MIME_PKCS7, "signed-x400", "" },
		{ "Content-Type:\n application/pkcs7-mime;\n smime-type\n"
		    " =\n signed-x400\n \n\nab",
		    CX4I_MIME_PKCS7, "signed-x400", "" },
		/* comments, quoted strings, empty parameters */
		{ P7P(" (a (nested \\) one) here) ; (b) smime-type (c) = (d)"
		    " certs-only (e)"), CX4I_MIME_PKCS7, "certs-only", "" },
		{ "Content-Type: (;smime-type=x) application (a) / (b) "
		    "pkcs7-mime ()\n\nab", CX4I_MIME_PKCS7, "", "" },
		{ P7P("; smime-type=\"signed-x400\"; name=\"a;b(c\\\"\\\\\""),
		    CX4I_MIME_PKCS7, "signed-x400", "" },
		{ P7P("; smime-type=\"signed\n -data\""),
		    CX4I_MIME_PKCS7, "signed -data", "" },
		{ P7P(";; ;smime-type=signed-data; (x) ;"),
		    CX4I_MIME_PKCS7, "signed-data", "" },
		{ P7P("; smime-type=\"\""), CX4I_MIME_PKCS7, "", "" },
		{ P7P("; smime-type=\"a\xff\x9f\""),
		    CX4I_MIME_PKCS7, "a\\xFF\\x9F", "" },
		{ P7P("; smime-type=abcdefghijklmnopqrstuvwxyz0123456789xxxx"),
		    CX4I_MIME_PKCS7,
		    "abcdefghijklmnopqrstuvwxyz0123456789...", "" },
		/* RFC 2231 */
		{ P7P("; SMIME-type*0=signed; smime-TYPE*1=\"-x400\""),
		    CX4I_MIME_PKCS7, "signed-x400", "" },
		{ P7P("; smime-type*1=-x400; smime-type*0=signed"),
		    CX4I_MIME_PKCS7, "signed-x400", "" },
		{ P7P("; smime-type*=us-ascii'en'signed%2Dx%340%30"),
		    CX4I_MIME_PKCS7, "signed-x400", "" },
		{ P7P("; smime-type*0*=''signed%2d; smime-type*1=x%34"),
		    CX4I_MIME_PKCS7, "signed-x%34", "" },
		/* plain content */
		{ X400(";content-type=22"), CX4I_MIME_X400, "", "22" },
		{ X400("; content-type = 2.6.1.10.1"), CX4I_MIME_X400, "",
		    "2.6.1.10.1" },
		{ X400("; content-type=\"1.3.26.0.4406.0.4.1\" (P772)"),
		    CX4I_MIME_X400, "", "1.3.26.0.4406.0.4.1" },
		/* known by its name */
		{ OCTETS("; name=smime.p7m"), CX4I_MIME_PKCS7, "", "" },
		{ OCTETS("; name=\"My Cert.P7C\""), CX4I_MIME_PKCS7, "", "" },
		{ OCTETS("; name*0=smime; name*1=.p7z"), CX4I_MIME_PKCS7, "",
		    "" },
		{ OCTETS("\nContent-Disposition: attachment; "
		    "filename=smime.p7s"), CX4I_MIME_PKCS7, "", "" },
		{ OCTETS("\nContent-Disposition: attachment; filename=a.txt; "
		    "filename*=utf-8''%c3%a6.p7m"), CX4I_MIME_PKCS7, "", "" },
		{ OCTETS("; name=a.txt\nContent-Disposition: inline; "
		    "filename=smime.p7m"), CX4I_MIME_PKCS7, "", "" },
		/* a disposition that is not needed is not read */
		{ "Content-Disposition: attachment; filename=a b.p7m\n"
		    P7P(""), CX4I_MIME_PKCS7, "", "" },
	};
	struct result r;
	char crlf[1024];
	size_t i, len;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok(take_all(t[i].text, strlen(t[i].text), &r),
		    "header %zu is the same however it is cut", i);
		if (!is_int(r.code, CX4_OK, "header %zu is accepted", i))
			note("%s", r.text);
		is_int(r.info.complete, 1, "header %zu: complete", i);
		is_int(r.info.kind, t[i].kind, "header %zu: kind", i);
		is_str(r.info.smime_type, t[i].smime_type,
		    "header %zu: smime-type", i);
		is_str(r.info.content_type, t[i].content_type,
		    "header %zu: content-type", i);
		is_str(r.info.transfer_encoding, "7bit",
		    "header %zu: encoding", i);
		is_mem(r.out.data, r.out.len, "ab", 2, "header %zu: body", i);
		cx4i_buf_free(&r.out);
		len = to_crlf(crlf, t[i].text);
		ok(take_all(crlf, len, &r) && r.code == CX4_OK &&
		    r.info.kind == t[i].kind && r.out.len == 2,
		    "header %zu with CR LF", i);
		is_str(r.info.smime_type, t[i].smime_type,
		    "header %zu with CR LF: smime-type", i);
		cx4i_buf_free(&r.out);
	}
}

/* Headers that are refused, with a part of the text that says why. */
static void
test_refused(void)
{
	static const struct {
		const char *text;
		uint64_t offset;
		const char *why;
	} t[] = {
		{ "", 0, "header does not end" },
		{ P7, 37, "header does not end" },
		{ P7 "\r", 38, "header does not end" },
		{ "\nab", CX4I_NO_OFFSET, "no Content-Type" },
		{ "\r\n" P7P(""), CX4I_NO_OFFSET, "no Content-Type" },
		{ "Subject: x\n\nab", CX4I_NO_OFFSET, "no Content-Type" },
		{ " " P7P(""), 0, "no field" },
		{ "Subject\n" P7P(""), 0, "no field" },
		{ ": x\n" P7P(""), 0, "no field" },
		{ "Subject: x\nhello world\n" P7P(""), 11, "no field" },
		{ "Sub\x01ject: x\n" P7P(""), 0, "no field" },
		{ "A: b\rC: d\n" P7P(""), 0, "CR without LF" },
		{ "A: b\n\r\r\n" P7P(""), 5, "no field" },
		/* twice */
		{ P7 P7P(""), 37, "content-type occurs twice" },
		{ "Content-Type: text/plain\n" P7P(""), 25, "twice" },
		{ B64 B64 P7P(""), 34, "content-transfer-encoding occurs" },
		/* other types */
		{ "Content-Type: text/plain\n\nab", 0, "type is text/plain" },
		{ "Content-Type: multipart/signed; protocol=\"application/"
		    "pkcs7-signature\"; boundary=b\n\n--b", 0,
		    "multipart/signed, which is not used" },
		{ "Content-Type: application/pkcs7-signature\n\n", 0,
		    "application/pkcs7-signature" },
		{ "Content-Type: message/rfc822\n\n" P7P(""), 0,
		    "message/rfc822" },
		{ OCTETS(""), 0, "application/octet-stream" },
		{ OCTETS("; name=p7m"), 0, "application/octet-stream" },
		{ OCTETS("; name=smime.p7x"), 0, "application/octet-stream" },
		{ OCTETS("; name=smime.p7m.exe"), 0, "octet-stream" },
		{ OCTETS("\nContent-Disposition: attachment; filename=a b.p7m"),
		    0, "application/octet-stream" },
		/* syntax of Content-Type */
		{ "Content-Type:\n\nab", 0, "Content-Type is malformed" },
		{ "Content-Type: application\n\nab", 0, "malformed" },
		{ "Content-Type: /pkcs7-mime\n\nab", 0, "malformed" },
		{ "Content-Type: application/\n\nab", 0, "malformed" },
		{ P7P(" x"), 0, "malformed" },
		{ P7P("; smime-type"), 0, "malformed" },
		{ P7P("; smime-type="), 0, "malformed" },
		{ P7P("; smime-type=;"), 0, "malformed" },
		{ P7P("; smime-type=a b"), 0, "malformed" },
		{ P7P("; =signed-x400"), 0, "malformed" },
		{ P7P("; smime-type=\"signed-x400"), 0, "malformed" },
		{ P7P("; smime-type=\"signed-x400\\"), 0, "malformed" },
		{ P7P("; smime-type=\"a\x01\""), 0, "malformed" },
		{ P7P(" (open"), 0, "malformed" },
		{ P7P(" (a (b)"), 0, "malformed" },
		{ P7P(" (a\\"), 0, "malformed" },
		{ P7P(" a)"), 0, "malformed" },
		{ P7P(")"), 0, "malformed" },
		/* parameters */
		{ P7P("; smime-type=signed-x400; smime-type=enveloped-x400"),
		    0, "smime-type is malformed" },
		{ P7P("; smime-type*0=a; smime-type*0=b"), 0, "smime-type" },
		{ P7P("; smime-type*0=a; smime-type*2=b"), 0, "smime-type" },
		{ P7P("; smime-type*1=a"), 0, "smime-type" },
		{ P7P("; smime-type*=signed-x400"), 0, "smime-type" },
		{ P7P("; smime-type*=''a%0"), 0, "smime-type" },
		{ P7P("; smime-type*=''a%zz"), 0, "smime-type" },
		{ P7P("; smime-type*=''a%00b"), 0, "smime-type" },
		{ P7P("; smime-type*x=a"), 0, "Content-Type is malformed" },
		{ P7P("; smime-type*00=a"), 0, "Content-Type is malformed" },
		{ P7P("; *0=a"), 0, "Content-Type is malformed" },
		{ X400(""), 0, "content-type is missing" },
		{ X400("; content-type=p22"), 0, "content-type is malformed" },
		{ X400("; content-type=2..6"), 0, "content-type is malf" },
		{ X400("; content-type=2.6."), 0, "content-type is malf" },
		{ X400("; content-type=\"\""), 0, "content-type is malf" },
		{ X400("; content-type=-1"), 0, "content-type is malformed" },
		/* transfer encodings */
		{ "Content-Transfer-Encoding: x-uuencode\n" P7P(""), 0,
		    "x-uuencode is not known" },
		{ "Content-Transfer-Encoding:\n" P7P(""), 0,
		    "Content-Transfer-Encoding is malformed" },
		{ "Content-Transfer-Encoding: base64 7bit\n" P7P(""), 0,
		    "malformed" },
		{ "Content-Transfer-Encoding: base64; x=y\n" P7P(""), 0,
		    "malformed" },
	};
	struct result r;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok(take_all(t[i].text, strlen(t[i].text), &r),
		    "refused %zu is the same however it is cut", i);
		is_int(r.code, CX4_E_MIME, "refused %zu: code", i);
		is_int(r.offset, t[i].offset, "refused %zu: offset", i);
		if (!ok(strstr(r.text, t[i].why) != NULL,
		    "refused %zu: %s", i, t[i].why))
			note("%s", r.text);
		is_int(r.out.len, 0, "refused %zu: no octets", i);
		cx4i_buf_free(&r.out);
	}
	take("Content-Type: Text/Plain\n\nab", 28, SIZE_MAX, &r);
	is_int(r.info.complete, 1, "another type: complete");
	is_int(r.info.kind, CX4I_MIME_UNKNOWN, "another type: kind");
	is_str(r.info.media_type, "text/plain", "another type: named");
	cx4i_buf_free(&r.out);
}

static void
test_bodies(void)
{
	static const struct {
		const char *text;
		const char *octets;
		int code;
		int bad;		/* offset in the body, or -1 */
	} t[] = {
		{ P7 B64 "\n", "", CX4_OK, -1 },
		{ P7 B64 "\nYWJj\r\nZA==\n\n", "abcd", CX4_OK, -1 },
		{ P7 "Content-Transfer-Encoding: (c) BASE64 (d)\n\nYWJj",
		    "abc", CX4_OK, -1 },
		{ P7 B64 "\nYWJjZ", "abc", CX4_E_BASE64, 5 },
		{ P7 B64 "\nYWJjZA==\n\n--b--\n", "abcd", CX4_E_BASE64, 10 },
		{ P7 B64 "\nYWJj*", "abc", CX4_E_BASE64, 4 },
		{ P7 B64 "\nYQ==YQ==", "a", CX4_E_BASE64, 4 },
		{ P7 "\n\r\na\xff\n=3D", "\r\na\xff\n=3D", CX4_OK, -1 },
		{ P7 "Content-Transfer-Encoding: 8BIT\n\na\xff", "a\xff",
		    CX4_OK, -1 },
		{ P7 "Content-Transfer-Encoding: binary\n\na\r\n", "a\r\n",
		    CX4_OK, -1 },
		{ P7 QP "\n", "", CX4_OK, -1 },
		{ P7 QP "\n=30=82=fF=\r\n a=0D=0A=\n \tb", "\x30\x82\xff a\r\n"
		    " \tb", CX4_OK, -1 },
		{ P7 QP "\na  \t\nb \r\nc=20=  \n", "a\r\nb\r\nc ", CX4_OK,
		    -1 },
		{ P7 QP "\na   ", "a", CX4_OK, -1 },
		{ P7 QP "\na=", "a", CX4_E_MIME, 2 },
		{ P7 QP "\na=3", "a", CX4_E_MIME, 3 },
		{ P7 QP "\na=\r", "a", CX4_E_MIME, 3 },
		{ P7 QP "\na=3x", "a", CX4_E_MIME, 3 },
		{ P7 QP "\na=x3", "a", CX4_E_MIME, 2 },
		{ P7 QP "\na= 3", "a", CX4_E_MIME, 3 },
		{ P7 QP "\na\rb", "a", CX4_E_MIME, 2 },
		{ P7 QP "\na=\rb", "a", CX4_E_MIME, 3 },
		{ P7 QP "\na\x80", "a", CX4_E_MIME, 1 },
		{ P7 QP "\na\x01", "a", CX4_E_MIME, 1 },
	};
	struct result r;
	size_t i, head;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		head = (size_t)(strstr(t[i].text, "\n\n") + 2 - t[i].text);
		ok(take_all(t[i].text, strlen(t[i].text), &r),
		    "body %zu is the same however it is cut", i);
		if (!is_int(r.code, t[i].code, "body %zu: code", i))
			note("%s", r.text);
		if (t[i].bad >= 0)
			is_int(r.offset, head + (size_t)t[i].bad,
			    "body %zu: offset", i);
		is_mem(r.out.data, r.out.len, t[i].octets,
		    strlen(t[i].octets), "body %zu: octets", i);
		cx4i_buf_free(&r.out);
	}
}

/* A header of `len` octets altogether, in lines of `line` octets. */
static char *
make_header(size_t len, size_t line)
{
	char *s = malloc(len + 3);
	size_t i, head = strlen(P7);

	if (s == NULL)
		abort();
	memcpy(s, P7, head);
	for (i = head; i < len - 1; i++)
		s[i] = (i - head) % line == line - 1 ? '\n' :
		    (i - head) % line == 0 ? 'A' :
		    (i - head) % line == 1 ? ':' : 'x';
	s[len - 2] = '\n';
	s[len - 1] = '\n';
	memcpy(s + len, "ab", 3);
	return s;
}

static void
test_bombs(void)
{
	static const struct {
		size_t len;
		size_t line;
		int code;
	} t[] = {
		{ 65536, 1024, CX4_OK },
		{ 65537, 1024, CX4_E_MIME },
		{ 1 << 20, 1024, CX4_E_MIME },
		{ 1 << 20, 1 << 20, CX4_E_MIME },
		/* lines: one, 998 of 3 octets, and the empty one */
		{ 37 + 998 * 3 + 1, 3, CX4_OK },
		{ 37 + 999 * 3 + 1, 3, CX4_E_MIME }
	};
	struct result r;
	char *s;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		s = make_header(t[i].len, t[i].line);
		ok(take_all(s, t[i].len + 2, &r),
		    "bomb %zu is the same however it is cut", i);
		if (!is_int(r.code, t[i].code, "bomb %zu: code", i))
			note("%s", r.text);
		is_int(r.out.len, t[i].code == CX4_OK ? 2 : 0,
		    "bomb %zu: octets", i);
		cx4i_buf_free(&r.out);
		free(s);
	}
	ok(take_all("Subject: a\0b\n" P7P(""), 54, &r) &&
	    r.code == CX4_E_MIME && r.offset == 10, "NUL in the header");
	cx4i_buf_free(&r.out);
}

/* One octet repeated, and parameters without end. */
static void
test_repetition(void)
{
	static const char *const pieces[] = {
		"(", "\\(", ";", ";a=b", ";smime-type*0=a", "\"", "*", ";a*9=b"
	};
	static char s[60000];
	struct result r;
	size_t i, len, n;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		n = strlen(pieces[i]);
		len = strlen(P7) - 1;
		memcpy(s, P7, len);
		for (; len + n + 2 < sizeof(s); len += n)
			memcpy(s + len, pieces[i], n);
		memcpy(s + len, "\n\n", 2);
		ok(take_all(s, len + 2, &r), "repeated \"%s\"", pieces[i]);
		is_int(r.code, strcmp(pieces[i], ";") == 0 ? CX4_OK :
		    CX4_E_MIME, "repeated \"%s\": code", pieces[i]);
		cx4i_buf_free(&r.out);
	}
	memset(s, ' ', sizeof(s));
	len = strlen(P7 QP "\n");
	memcpy(s, P7 QP "\n", len);
	ok(take_all(s, len + 998, &r) && r.code == CX4_OK && r.out.len == 0,
	    "998 blanks in quoted-printable");
	cx4i_buf_free(&r.out);
	ok(take_all(s, sizeof(s), &r) && r.code == CX4_E_MIME &&
	    r.offset == len + 998, "more blanks in quoted-printable");
	cx4i_buf_free(&r.out);
}

struct written {
	int code;
	struct cx4i_buf text;
};

static void
put(int is_content, const char *parameter, const char *eol,
    struct cx4i_slice octets, struct written *w)
{
	struct cx4i_mime_out *m;
	size_t cut = octets.len % 97 + 1, n;

	memset(w, 0, sizeof(*w));
	m = (is_content ? cx4i_mime_out_new_content : cx4i_mime_out_new)
	    (parameter, eol, gather, &w->text);
	for (; octets.len > 0; octets.data += n, octets.len -= n) {
		n = octets.len < cut ? octets.len : cut;
		if (cx4i_mime_out_push(m, octets.data, n) != CX4_OK)
			break;
	}
	w->code = cx4i_mime_out_finish(m);
	if (w->code == CX4_OK && cx4i_mime_out_push(m, NULL, 0) != CX4_E_STATE)
		w->code = -1;
	cx4i_mime_out_free(&m);
	if (m != NULL)
		w->code = -1;
}

static void
test_written(void)
{
	static const struct {
		int is_content;
		const char *parameter;
		const char *eol;
		const char *text;
	} t[] = {
		{ 0, "signed-x400", "\r\n", "MIME-Version: 1.0\r\n"
		    "Content-Type: application/pkcs7-mime; "
		    "smime-type=signed-x400;\r\n name=smime.p7m\r\n"
		    "Content-Transfer-Encoding: base64\r\n"
		    "Content-Disposition: attachment; filename=smime.p7m\r\n"
		    "\r\nYWJj\r\n" },
		{ 0, "certs-only", "\n", "MIME-Version: 1.0\n"
		    "Content-Type: application/pkcs7-mime; "
		    "smime-type=certs-only;\n name=smime.p7c\n"
		    "Content-Transfer-Encoding: base64\n"
		    "Content-Disposition: attachment; filename=smime.p7c\n"
		    "\nYWJj\n" },
		{ 0, "Compressed-Data", "\n", "MIME-Version: 1.0\n"
		    "Content-Type: application/pkcs7-mime; "
		    "smime-type=Compressed-Data;\n name=smime.p7z\n"
		    "Content-Transfer-Encoding: base64\n"
		    "Content-Disposition: attachment; filename=smime.p7z\n"
		    "\nYWJj\n" },
		{ 1, "22", "\r\n", "MIME-Version: 1.0\r\n"
		    "Content-Type: application/x400-content; "
		    "content-type=22\r\n"
		    "Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n" },
		{ 1, "2.6.1.10.1", "\n", "MIME-Version: 1.0\n"
		    "Content-Type: application/x400-content; "
		    "content-type=2.6.1.10.1\n"
		    "Content-Transfer-Encoding: base64\n\nYWJj\n" }
	};
	struct cx4i_slice abc = { (const uint8_t *)"abc", 3 };
	struct written w;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		put(t[i].is_content, t[i].parameter, t[i].eol, abc, &w);
		is_int(w.code, CX4_OK, "written %zu: code", i);
		is_mem(w.text.data, w.text.len, t[i].text, strlen(t[i].text),
		    "written %zu: text", i);
		cx4i_buf_free(&w.text);
	}
}

/* Parameters that would end the field, or that are none. */
static void
test_injection(void)
{
	static const struct {
		int is_content;
		const char *parameter;
		const char *eol;
	} t[] = {
		{ 0, NULL, "\n" }, { 0, "", "\n" }, { 0, "a", NULL },
		{ 0, "a", "" }, { 0, "a", "\r" }, { 0, "a", "\n\n" },
		{ 0, "a", "\r\n\r\n" }, { 0, "a\r\nBcc: x", "\n" },
		{ 0, "a\nb", "\n" }, { 0, "a\rb", "\n" }, { 0, "a b", "\n" },
		{ 0, "a;name=b", "\n" }, { 0, "a\"", "\n" },
		{ 0, "a(b)", "\n" }, { 0, "a=b", "\n" }, { 0, "a/b", "\n" },
		{ 0, "a\\", "\n" }, { 0, "\xc3\xa6", "\n" },
		{ 0, "a\x7f", "\n" }, { 0, "a\x01", "\n" },
		{ 1, NULL, "\n" }, { 1, "", "\n" }, { 1, "p22", "\n" },
		{ 1, "22 ", "\n" }, { 1, "22\r\nBcc: x", "\n" },
		{ 1, "2.6.1.10.1.", "\n" }, { 1, ".2", "\n" },
		{ 1, "2..6", "\n" }, { 1, "-2", "\n" }, { 1, "2;x=y", "\n" }
	};
	struct cx4i_slice abc = { (const uint8_t *)"abc", 3 };
	char longest[129];
	struct written w;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		put(t[i].is_content, t[i].parameter, t[i].eol, abc, &w);
		is_int(w.code, CX4_E_USAGE, "injection %zu is refused", i);
		is_int(w.text.len, 0, "injection %zu: nothing written", i);
		cx4i_buf_free(&w.text);
	}
	memset(longest, '1', sizeof(longest));
	longest[128] = '\0';
	put(1, longest, "\n", abc, &w);
	is_int(w.code, CX4_E_USAGE, "128 characters are too many");
	cx4i_buf_free(&w.text);
	longest[127] = '\0';
	put(1, longest, "\n", abc, &w);
	is_int(w.code, CX4_OK, "127 characters are not");
	cx4i_buf_free(&w.text);
}

static void
fill(uint8_t *p, size_t len)
{
	uint32_t x = 54321;

	while (len-- > 0) {
		x = x * 1103515245u + 12345u;
		*p++ = (uint8_t)(x >> 16);
	}
}

static int
round_trip(const uint8_t *p, size_t len, int is_content, const char *eol)
{
	struct cx4i_slice s = { p, len };
	struct written w;
	struct result r;
	int good;

	put(is_content, is_content ? "22" : "enveloped-x400", eol, s, &w);
	good = w.code == CX4_OK && take_all(w.text.data, w.text.len, &r) &&
	    r.code == CX4_OK && r.info.kind ==
	    (is_content ? CX4I_MIME_X400 : CX4I_MIME_PKCS7) &&
	    strcmp(r.info.transfer_encoding, "base64") == 0 &&
	    cx4i_slice_equal(cx4i_buf_slice(&r.out), s);
	cx4i_buf_free(&r.out);
	cx4i_buf_free(&w.text);
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
		good &= round_trip(big, len, (int)(len & 1),
		    len & 2 ? "\n" : "\r\n");
	ok(good, "0 to 300 octets come back");
	ok(round_trip(big, sizeof(big), 0, "\r\n"), "1 MiB comes back");
}

/* Cut short at every octet, and damaged at every octet of the header. */
static void
test_cut_short(void)
{
	struct cx4i_slice s;
	struct written w;
	struct result r;
	uint8_t octets[100], kept;
	size_t i, head;
	int good = 1;

	fill(octets, sizeof(octets));
	s.data = octets;
	s.len = sizeof(octets);
	put(0, "signed-x400", "\r\n", s, &w);
	head = (size_t)(strstr((const char *)w.text.data, "\r\n\r\n") -
	    (const char *)w.text.data) + 4;
	for (i = 0; i < w.text.len - 2; i++) {
		good &= take_all(w.text.data, i, &r);
		good &= r.code == CX4_OK ? i >= head :
		    r.code == (i < head ? CX4_E_MIME : CX4_E_BASE64);
		good &= r.out.len <= sizeof(octets) && (r.out.len == 0 ||
		    memcmp(r.out.data, octets, r.out.len) == 0);
		cx4i_buf_free(&r.out);
	}
	ok(good, "cut short: an error or whole groups of the front");
	for (good = 1, i = 0; i < head; i++) {
		kept = w.text.data[i];
		w.text.data[i] = '\0';
		good &= take_all(w.text.data, w.text.len, &r);
		good &= r.code == CX4_E_MIME && r.offset == i;
		cx4i_buf_free(&r.out);
		w.text.data[i] = (uint8_t)(kept ^ 0x20);
		good &= take_all(w.text.data, w.text.len, &r);
		cx4i_buf_free(&r.out);
		w.text.data[i] = kept;
	}
	ok(good, "a header damaged at every octet");
	cx4i_buf_free(&w.text);
}

static int
refuse(void *arg, const uint8_t *p, size_t len)
{
	(void)arg;
	(void)p;
	(void)len;
	return CX4_E_IO_WRITE;
}

/* The sink's code is returned and kept; calls out of order are told. */
static void
test_states(void)
{
	static const char *const texts[] = {
		P7 "\nab", P7 B64 "\nYWJj*", P7 QP "\nab=x"
	};
	struct cx4i_mime_in *m;
	struct cx4i_mime_out *o;
	cx4_error e;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cx4i_err_init(&e);
		m = cx4i_mime_in_new(refuse, NULL);
		is_int(cx4i_mime_in_push(m, (const uint8_t *)texts[i],
		    strlen(texts[i]), &e), CX4_E_IO_WRITE,
		    "sink %zu refuses", i);
		is_int(cx4i_mime_in_push(m, (const uint8_t *)"x", 1, &e),
		    CX4_E_IO_WRITE, "sink %zu: the code is kept", i);
		is_int(cx4i_mime_in_finish(m, &e), CX4_E_IO_WRITE,
		    "sink %zu: to the end", i);
		cx4i_mime_in_free(&m);
	}
	cx4i_err_init(&e);
	m = cx4i_mime_in_new(refuse, NULL);
	is_int(cx4i_mime_in_push(m, (const uint8_t *)P7 B64 "\n",
	    strlen(P7 B64 "\n"), &e), CX4_OK, "a header alone");
	is_int(cx4i_mime_in_info(m)->complete, 1, "complete before the body");
	is_int(cx4i_mime_in_finish(m, &e), CX4_OK, "an empty body");
	is_int(cx4i_mime_in_push(m, (const uint8_t *)"x", 1, &e),
	    CX4_E_STATE, "push after finish");
	cx4i_mime_in_free(&m);
	ok(m == NULL, "free sets NULL");
	cx4i_mime_in_free(&m);
	cx4i_mime_in_free(NULL);
	o = cx4i_mime_out_new("a", "\n", refuse, NULL);
	is_int(cx4i_mime_out_finish(o), CX4_E_IO_WRITE, "sink of a writer");
	is_int(cx4i_mime_out_finish(o), CX4_E_IO_WRITE, "... is kept");
	cx4i_mime_out_free(&o);
	cx4i_mime_out_free(&o);
	cx4i_mime_out_free(NULL);
}

int
main(void)
{
	test_headers();
	test_refused();
	test_bodies();
	test_bombs();
	test_repetition();
	test_written();
	test_injection();
	test_round_trip();
	test_cut_short();
	test_states();
	return done_testing();
}
