/*
 * t_source.c - the input of a reader: which form it has.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/message/source.h"
#include "octets.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* "octets" in base64, and what it gives. */
#define BODY "b2N0ZXRz"
#define PEM "-----BEGIN CMS-----\n" BODY "\n-----END CMS-----\n"
#define FIELD "Content-Type: application/pkcs7-mime\n" \
	"Content-Transfer-Encoding: base64\n\n"

/* As long as what is looked at, without a line end. */
#define X16 "xxxxxxxxxxxxxxxx"
#define X256 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16
#define SPACES "                "
#define S256 SPACES SPACES SPACES SPACES SPACES SPACES SPACES SPACES \
	SPACES SPACES SPACES SPACES SPACES SPACES SPACES SPACES

static const struct detection {
	const char *name;
	const char *text;
	enum cx4i_form form;
	int code;
	const char *out;	/* NULL: of no matter */
} table[] = {
	/* binary */
	{ "DER", "0\x80" "abc", CX4I_FORM_BINARY, CX4_OK, "0\x80" "abc" },
	{ "a text that begins with 0", "0: abc\n", CX4I_FORM_BINARY, CX4_OK,
	    "0: abc\n" },
	{ "one octet 30", "0", CX4I_FORM_BINARY, CX4_OK, "0" },
	{ "a control character", "\x01" "Subject: x\n", CX4I_FORM_BINARY,
	    CX4_OK, "\x01" "Subject: x\n" },
	{ "DEL", "\x7f", CX4I_FORM_BINARY, CX4_OK, "\x7f" },
	{ "another tag", "\xa0\x03", CX4I_FORM_BINARY, CX4_OK, "\xa0\x03" },
	{ "a byte order mark", "\xef\xbb\xbf" PEM, CX4I_FORM_BINARY, CX4_OK,
	    "\xef\xbb\xbf" PEM },
	/* PEM */
	{ "PEM", PEM, CX4I_FORM_PEM, CX4_OK, "octets" },
	{ "PEM after empty lines", "\n\r\n \n" PEM, CX4I_FORM_PEM, CX4_OK,
	    "octets" },
	{ "PEM after a line of text", "here it is\n" PEM, CX4I_FORM_PEM,
	    CX4_OK, "octets" },
	{ "a colon after a blank", "this one: comes\n" PEM, CX4I_FORM_PEM,
	    CX4_OK, "octets" },
	{ "a colon first", ": comes\n" PEM, CX4I_FORM_PEM, CX4_OK,
	    "octets" },
	{ "a name that is not ASCII", "Bet\xc3\xa5: x\n" PEM, CX4I_FORM_PEM,
	    CX4_OK, "octets" },
	{ "a control in the name", "Bet\x01: x\n" PEM, CX4I_FORM_PEM, CX4_OK,
	    "octets" },
	{ "nearly an mbox line", "From: \n" FIELD BODY "\n", CX4I_FORM_MIME,
	    CX4_OK, "octets" },
	{ "From alone", "From\n" PEM, CX4I_FORM_PEM, CX4_OK, "octets" },
	{ "one letter", "x", CX4I_FORM_PEM, CX4_E_PEM, "" },
	{ "a line without end", "no block", CX4I_FORM_PEM, CX4_E_PEM, "" },
	{ "a long line", X256 X256 X256 X256 X256 "\n" PEM, CX4I_FORM_PEM,
	    CX4_OK, "octets" },
	{ "blanks beyond what is looked at", S256 S256 S256 S256 FIELD BODY
	    "\n", CX4I_FORM_PEM, CX4_E_PEM, "" },
	{ "empty lines alone", "\n\n\n", CX4I_FORM_PEM, CX4_E_PEM, "" },
	{ "tabs", "\t\n" PEM, CX4I_FORM_PEM, CX4_OK, "octets" },
	{ "text without a block", "no block\n", CX4I_FORM_PEM, CX4_E_PEM,
	    "" },
	{ "another block", "-----BEGIN CERTIFICATE-----\n" BODY
	    "\n-----END CERTIFICATE-----\n", CX4I_FORM_PEM, CX4_E_PEM, "" },
	{ "damaged base64", "-----BEGIN CMS-----\nb2N0*XRz\n"
	    "-----END CMS-----\n", CX4I_FORM_PEM, CX4_E_BASE64, NULL },
	/* MIME */
	{ "MIME", FIELD BODY "\n", CX4I_FORM_MIME, CX4_OK, "octets" },
	{ "MIME after empty lines", "\r\n\r\n" FIELD BODY "\n",
	    CX4I_FORM_MIME, CX4_E_MIME, NULL },
	{ "an mbox line", "From somebody at some time\n" FIELD BODY "\n",
	    CX4I_FORM_MIME, CX4_OK, "octets" },
	{ "a field without end", "Subject: x", CX4I_FORM_MIME, CX4_E_MIME,
	    "" },
	{ "a long field", "X-Long:" X256 X256 X256 X256 X256 "\n" FIELD BODY
	    "\n", CX4I_FORM_MIME, CX4_OK, "octets" },
	{ "a name as long as what is looked at", X256 X256 X256 X256 ": x\n"
	    FIELD BODY "\n", CX4I_FORM_PEM, CX4_E_PEM, "" },
	{ "an address", "http://example.org/\n" PEM, CX4I_FORM_MIME,
	    CX4_E_MIME, NULL },
	{ "another type", "Content-Type: text/plain\n\nhello\n",
	    CX4I_FORM_MIME, CX4_E_MIME, "" },
	/* nothing */
	{ "nothing", "", CX4I_FORM_UNKNOWN, CX4_OK, "" },
};

static int
take(void *arg, const uint8_t *data, size_t len)
{
	return cx4i_buf_add(arg, data, len) == 0 ? CX4_OK : CX4_E_NOMEM;
}

static int
refuse(void *arg, const uint8_t *data, size_t len)
{
	(void)arg;
	(void)data;
	(void)len;
	return CX4_E_NO_KEY;
}

/* Push in chunks and finish; the code, the form and what came out. */
static int
run(const char *text, size_t chunk, enum cx4i_form *form,
    struct cx4i_buf *out)
{
	size_t n, at, len = strlen(text);
	struct cx4i_source s;
	struct cx4i_slice part;
	int r = CX4_OK;

	cx4i_source_init(&s, take, out);
	for (at = 0; at < len && r == CX4_OK; at += n) {
		n = len - at < chunk ? len - at : chunk;
		part = exact_copy(text + at, n);
		r = cx4i_source_push(&s, part.data, n, NULL);
		free((void *)(uintptr_t)part.data);
	}
	if (r == CX4_OK)
		r = cx4i_source_finish(&s, NULL);
	*form = s.form;
	cx4i_source_free(&s);
	return r;
}

static void
test_detect(void)
{
	static const size_t chunks[] = { 1, 2, 3, 7, 64, 1023, 1024, 1025 };
	struct cx4i_buf out = { NULL, 0, 0 };
	const struct detection *t;
	enum cx4i_form form;
	size_t i, j, wrong;
	int r;

	for (i = 0; i < COUNT(table); i++) {
		t = &table[i];
		is_int(run(t->text, SIZE_MAX, &form, &out), t->code, "%s",
		    t->name);
		is_int(form, t->form, "its form");
		if (t->out != NULL)
			is_mem(out.data, out.len, t->out, strlen(t->out),
			    "what comes out");
		wrong = 0;
		for (j = 0; j < COUNT(chunks); j++) {
			cx4i_buf_free(&out);
			r = run(t->text, chunks[j], &form, &out);
			wrong += r != t->code || form != t->form ||
			    (t->out != NULL && (out.len != strlen(t->out) ||
			    (out.len > 0 &&
			    memcmp(out.data, t->out, out.len) != 0)));
		}
		is_int(wrong, 0, "the same in chunks");
		cx4i_buf_free(&out);
	}
}

/* What the stage below says comes back, in every form. */
static void
test_refused(void)
{
	static const char *const texts[] = {
		"0abc", PEM, FIELD BODY "\n"
	};
	struct cx4i_source s;
	size_t i;
	int r;

	for (i = 0; i < COUNT(texts); i++) {
		cx4i_source_init(&s, refuse, NULL);
		r = cx4i_source_push(&s, (const uint8_t *)texts[i],
		    strlen(texts[i]), NULL);
		if (r == CX4_OK)
			r = cx4i_source_finish(&s, NULL);
		is_int(r, CX4_E_NO_KEY, "refused, form %d", (int)s.form);
		cx4i_source_free(&s);
		cx4i_source_free(&s);
	}
}

/* The wrapper of a MIME entity can be asked for; of others there is none. */
static void
test_wrapper(void)
{
	struct cx4i_buf out = { NULL, 0, 0 };
	struct cx4i_source s;

	cx4i_source_init(&s, take, &out);
	is_int(cx4i_source_push(&s, (const uint8_t *)FIELD, strlen(FIELD),
	    NULL), CX4_OK, "a header");
	ok(s.mime != NULL && s.pem == NULL, "is MIME");
	is_str(cx4i_mime_in_info(s.mime)->media_type,
	    "application/pkcs7-mime", "its type");
	cx4i_source_free(&s);
	cx4i_buf_free(&out);
}

int
main(void)
{
	test_detect();
	test_refused();
	test_wrapper();
	return done_testing();
}
