/*
 * t_err.c - the table of codes, and the error object.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include <openssl/err.h>

#include "../libcmsx400/base/err.h"
#include "../libcmsx400/cms/info.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIRST_WARNING 2000

/* All codes as the header lists them, apart from the walk over the table. */
#define AS_VALUE(id, value, name, class, text, todo) id,

static const int listed[] = {
	CX4_ERROR_CODES(AS_VALUE)
	CX4_WARNING_CODES(AS_VALUE)
};

static int
is_warning(int code)
{
	return code >= FIRST_WARNING;
}

/* A name is words of lower case letters and digits between hyphens. */
static int
is_plain_name(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	return s != NULL && *s != '\0' && *s != '-' &&
	    s[strspn(s, allowed)] == '\0' && s[strlen(s) - 1] != '-';
}

static int
is_sentence(const char *s)
{
	return s != NULL && strlen(s) > 3 && strlen(s) < 200 &&
	    strchr(s, '\n') == NULL && strstr(s, "  ") == NULL;
}

static void
test_entries(void)
{
	enum cx4_class class;
	size_t i;
	int code;

	for (i = 0; i < COUNT(listed); i++) {
		code = listed[i];
		ok(is_plain_name(cx4_code_name(code)), "%d has a name", code);
		ok(is_sentence(cx4_code_text(code)), "%s has a sentence",
		    cx4_code_name(code));
		ok(is_sentence(cx4_code_advice(code)), "and an advice");
		class = cx4_code_class(code);
		/* LIMIT is 9, NOKEY 10, TEMPFAIL 75: the hundreds tell. */
		if (is_warning(code))
			is_int(class, CX4_CLASS_OK, "a warning fails nothing");
		else if (code / 100 == 11)
			is_int(class, CX4_CLASS_TEMPFAIL, "its class");
		else
			is_int(class, code / 100, "its class");
	}
}

static void
test_unique(void)
{
	size_t i, j, same_value = 0, same_name = 0;

	for (i = 0; i < COUNT(listed); i++)
		for (j = 0; j < i; j++) {
			same_value += listed[i] == listed[j];
			if (is_warning(listed[i]) == is_warning(listed[j]) &&
			    strcmp(cx4_code_name(listed[i]),
			    cx4_code_name(listed[j])) == 0)
				same_name++;
		}
	is_int(same_value, 0, "every value stands once");
	is_int(same_name, 0, "no two errors, no two warnings share a name");
}

static void
test_walk(void)
{
	size_t n = 0;
	int code = 0, wrong = 0;

	while ((code = cx4_code_next(code)) != 0 && n < COUNT(listed))
		wrong += code != listed[n++];
	is_int(n, COUNT(listed), "the walk reaches all codes");
	is_int(wrong, 0, "in the order of the header");
	is_int(code, 0, "and ends");
}

static void
test_unknown(void)
{
	static const int unknown[] = { -1, 1, 99, 102, 1101, 2999, 100000 };
	size_t i;
	int code;

	for (i = 0; i < COUNT(unknown); i++) {
		code = unknown[i];
		ok(cx4_code_name(code) == NULL &&
		    cx4_code_text(code) == NULL &&
		    cx4_code_advice(code) == NULL, "%d is no code", code);
		is_int(cx4_code_class(code), CX4_CLASS_USAGE, "its class");
		is_int(cx4_code_next(code), 0, "nothing comes after it");
	}
	is_str(cx4_code_name(CX4_OK), "ok", "success has a name");
	is_int(cx4_code_class(CX4_OK), CX4_CLASS_OK, "and a class");
}

/* One code of each class, in the order in which they count. */
static const int by_weight[] = {
	CX4_E_USAGE, CX4_E_IO_READ, CX4_E_POLICY, CX4_E_LIMIT_HEAD,
	CX4_E_BER, CX4_E_NO_KEY, CX4_E_SIGNATURE, CX4_E_TEMPFAIL,
	CX4_E_PATH, -1, CX4_E_ORIGINATOR, CX4_OK
};

static const enum cx4_class classes[] = {
	1, 2, 3, 9, 5, 10, 4, 75, 6, 8, 7, 0
};

static void
test_ranks(void)
{
	size_t i, j;
	int a, b;

	for (i = 0; i < COUNT(classes); i++)
		is_int(cx4i_class_rank(classes[i]), i, "rank of class %d",
		    (int)classes[i]);
	for (i = 0; i < COUNT(by_weight); i++)
		for (j = 0; j < COUNT(by_weight); j++) {
			a = by_weight[i];
			b = by_weight[j];
			/* No code has the class LABEL. */
			if (a < 0 || b < 0)
				continue;
			is_int(cx4_code_class(a), classes[i], "class of %d",
			    a);
			is_int(cx4i_worse(a, b), j < i ? b : a,
			    "the worse of %d and %d", a, b);
		}
	is_int(cx4i_worse(CX4_E_DIGEST, CX4_E_SIGNATURE), CX4_E_DIGEST,
	    "the first of two of one class");
}

static void
test_first_error(void)
{
	cx4_error e;

	cx4i_err_init(&e);
	is_int(cx4_error_code(&e), CX4_OK, "no error yet");
	is_str(cx4_error_text(&e), "", "nor a text");
	is_int(cx4_error_layer(&e), -1, "nor a layer");
	ok(cx4_error_offset(&e) == UINT64_MAX, "nor an offset");
	ok(cx4_error_causes(&e) == NULL, "nor causes");
	is_int(cx4i_fail_at(&e, CX4_E_BER, 17, "octet %d", 5), CX4_E_BER,
	    "an error at an offset");
	is_int(cx4_error_offset(&e), 17, "which is kept");
	is_str(cx4_error_text(&e), "the octets are not valid BER: octet 5",
	    "with what was said");
	is_int(cx4i_fail(&e, CX4_E_NOMEM, "%s", "x"), CX4_E_NOMEM,
	    "a second one says its own code");
	is_int(cx4i_fail_at(&e, CX4_E_PEM, 3, "%s", "x"), CX4_E_PEM,
	    "a third");
	is_int(cx4i_fail_openssl(&e, CX4_E_CRYPTO, "%s", "x"), CX4_E_CRYPTO,
	    "a fourth");
	is_int(cx4_error_code(&e), CX4_E_BER, "the first is kept");
	is_int(cx4_error_offset(&e), 17, "its offset too");
	is_str(cx4_error_text(&e), "the octets are not valid BER: octet 5",
	    "and its text");
	ok(cx4_error_causes(&e) == NULL, "no causes were added");
	cx4i_err_clear(&e);
	is_int(cx4_error_code(&e), CX4_OK, "cleared");
	is_int(cx4i_fail(&e, CX4_E_NOMEM, "%s", ""), CX4_E_NOMEM,
	    "and used again");
	is_str(cx4_error_text(&e), "out of memory", "with its sentence alone");
	ok(cx4_error_offset(&e) == UINT64_MAX, "and no offset");
	cx4i_err_clear(&e);
	is_int(cx4i_fail(NULL, CX4_E_BER, "%s", "x"), CX4_E_BER,
	    "without an object the code remains");
	is_int(cx4i_fail_at(NULL, CX4_E_BER, 1, "%s", "x"), CX4_E_BER,
	    "with an offset too");
	is_int(cx4i_fail_openssl(NULL, CX4_E_CRYPTO, "%s", "x"),
	    CX4_E_CRYPTO, "and with causes");
}

/* Text that does not fit is cut, whatever its length. */
static void
test_long_text(void)
{
	static const char sentence[] = "the octets are not valid BER";
	char filler[700];
	cx4_error e;
	size_t n, want, wrong = 0;

	for (n = 1; n < sizeof(filler); n++) {
		memset(filler, 'x', n);
		filler[n] = '\0';
		cx4i_err_init(&e);
		cx4i_fail(&e, CX4_E_BER, "%s", filler);
		want = strlen(sentence) + 2 + n;
		if (want > sizeof(e.text) - 1)
			want = sizeof(e.text) - 1;
		wrong += strlen(e.text) != want ||
		    strncmp(e.text, sentence, strlen(sentence)) != 0;
	}
	is_int(wrong, 0, "texts of every length fit or are cut");
	cx4i_err_init(&e);
	cx4i_fail(&e, 12345, "%s", "what");
	is_str(e.text, "unknown error: what", "a code without an entry");
}

/* Is it UTF-8 throughout? Then there is nothing in it to escape. */
static int
is_utf8(const char *text)
{
	char again[2048];

	cx4i_escape(again, sizeof(again), text, strlen(text));
	return strcmp(again, text) == 0;
}

/* A cut never goes through a character, in errors and in warnings. */
static void
test_cut_characters(void)
{
	struct cx4i_warnings w = { NULL, 0 };
	size_t n, i, wrong = 0, shortest = sizeof(((cx4_error *)NULL)->text);
	char filler[700];
	cx4_error e;

	for (n = 0; n < 8; n++) {
		memset(filler, 'x', n);
		for (i = n; i + 4 < sizeof(filler); i += 4)
			memcpy(filler + i, "\xf0\x9f\x98\x80", 4);
		filler[i] = '\0';
		cx4i_err_init(&e);
		cx4i_fail(&e, CX4_E_BER, "%s", filler);
		wrong += !is_utf8(e.text);
		if (strlen(e.text) < shortest)
			shortest = strlen(e.text);
		cx4i_warn(&w, CX4_W_UNSIGNED, -1, "%s", filler);
		wrong += w.count != n + 1 || !is_utf8(w.list[n].text) ||
		    strlen(w.list[n].text) + 4 < sizeof(w.list[n].text);
	}
	is_int(wrong, 0, "texts are cut between characters");
	ok(shortest >= sizeof(e.text) - 4, "and not before they must");
	free(w.list);
}

static void
raise_reason(int reason)
{
	ERR_raise(ERR_LIB_EVP, reason);
}

static int
count_lines(const char *s)
{
	int n = 0;

	for (; *s != '\0'; s++)
		n += *s == '\n';
	return n;
}

static void
test_causes(void)
{
	unsigned long host;
	cx4_error e;

	ERR_clear_error();
	raise_reason(ERR_R_PASSED_NULL_PARAMETER);
	host = ERR_peek_last_error();
	cx4i_queue_enter();
	raise_reason(ERR_R_MALLOC_FAILURE);
	cx4i_err_init(&e);
	is_int(cx4i_fail_openssl(&e, CX4_E_CRYPTO, "%s", "making a digest"),
	    CX4_E_CRYPTO, "an error with a cause");
	is_str(e.text, "the cryptographic library failed: making a digest",
	    "its text");
	ok(e.causes != NULL && strstr(e.causes, "malloc failure") != NULL,
	    "its cause");
	ok(e.causes != NULL && strstr(e.causes, "null parameter") == NULL,
	    "and not what the host left there");
	if (e.causes != NULL)
		is_int(count_lines(e.causes), 1, "one line");
	cx4i_err_clear(&e);
	ok(e.causes == NULL, "cleared with the error");
	raise_reason(ERR_R_INTERNAL_ERROR);
	cx4i_queue_leave();
	ok(ERR_peek_last_error() == host, "the host's own error remains");
	ERR_get_error();
	ok(ERR_peek_error() == 0, "and nothing else");
}

/* Nothing was added: what the host left is no cause of ours. */
static void
test_no_cause(void)
{
	unsigned long host;
	cx4_error e;

	ERR_clear_error();
	raise_reason(ERR_R_PASSED_NULL_PARAMETER);
	host = ERR_peek_last_error();
	cx4i_queue_enter();
	cx4i_err_init(&e);
	cx4i_fail_openssl(&e, CX4_E_CRYPTO, "%s", "no reason");
	ok(e.causes == NULL, "no causes where OpenSSL gave none");
	cx4i_err_clear(&e);
	cx4i_queue_leave();
	ok(ERR_peek_last_error() == host, "the host's own error remains");
	ERR_clear_error();
}

int
main(void)
{
	test_entries();
	test_unique();
	test_walk();
	test_unknown();
	test_ranks();
	test_first_error();
	test_long_text();
	test_cut_characters();
	test_causes();
	test_no_cause();
	return done_testing();
}
