/*
 * cmd_explain.c - explain and version.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "exitcode.h"
#include "report.h"
#include "value.h"
#include "verbs.h"

static const struct {
	enum cx4_class class;
	const char *name;
	const char *meaning;
} exits[] = {
#define AS_ENTRY(class, name, meaning) { class, name, meaning },
	EXIT_CODES(AS_ENTRY)
};

#define N_EXITS (sizeof(exits) / sizeof(exits[0]))

static const char *
exit_meaning(enum cx4_class class)
{
	size_t i;

	for (i = 0; i < N_EXITS; i++)
		if (exits[i].class == class)
			return exits[i].meaning;
	return NULL;
}

/*
 * A word is the name of a code (an error and a warning may share one), its
 * number, or the number of an exit code, which stands for all its codes.
 */
static int
is_meant(int code, const char *word, int is_number, uint64_t number)
{
	if (word == NULL)
		return 1;
	if (!is_number)
		return strcmp(cx4_code_name(code), word) == 0;
	return number == (uint64_t)code ||
	    (code < CX4_W_UNSIGNED && number != 0 &&
	    number == (uint64_t)cx4_code_class(code));
}

static json_t *
code_object(int code)
{
	return json_pack("{s:s, s:i, s:i, s:s, s:s}", "code",
	    cx4_code_name(code), "number", code, "exit",
	    (int)cx4_code_class(code), "text", cx4_code_text(code),
	    "advice", cx4_code_advice(code));
}

static json_t *
matching_codes(const char *word)
{
	json_t *list = json_array();
	uint64_t number = 0;
	int is_number = word != NULL && value_number(word, &number) == 0;
	int code, bad = 0;

	for (code = cx4_code_next(0); code != 0; code = cx4_code_next(code))
		if (is_meant(code, word, is_number, number))
			bad |= run_append(list, code_object(code));
	return run_list(list, bad);
}

static void
print_code(json_t *o)
{
	int number = (int)json_integer_value(json_object_get(o, "number"));
	int class = (int)json_integer_value(json_object_get(o, "exit"));

	printf("%s (%s %d", json_string_value(json_object_get(o, "code")),
	    class == 0 ? "warning" : "error", number);
	if (class != 0)
		printf(", exit %d: %s", class,
		    exit_meaning((enum cx4_class)class));
	printf(")\n  %s\n  to do: %s\n",
	    json_string_value(json_object_get(o, "text")),
	    json_string_value(json_object_get(o, "advice")));
}

static const char *
nearest_code(const char *word)
{
	const char *best = NULL;
	size_t distance = 0;
	int code;

	for (code = cx4_code_next(0); code != 0; code = cx4_code_next(code))
		best = opts_nearest(word, best, cx4_code_name(code),
		    &distance);
	return best;
}

static int
fail_unknown(struct run *run, const char *word)
{
	const char *best = nearest_code(word);
	int code;

	code = run_usage(run, "there is no code \"%.100s\"", word);
	if (best != NULL)
		run_hint(run, "is \"%s\" meant?", best);
	else
		run_hint(run, "'cmsx400 explain' lists all codes");
	return code;
}

/* The exit codes 0 and 8 have no code of the library yet. */
static int
explain_exit(struct run *run, const char *word)
{
	const char *meaning = NULL;
	uint64_t number;

	if (value_number(word, &number) == 0 && number <= CX4_CLASS_TEMPFAIL)
		meaning = exit_meaning((enum cx4_class)number);
	if (meaning == NULL)
		return fail_unknown(run, word);
	printf("exit %s: %s\n", word, meaning);
	return CX4_OK;
}

static int
do_explain(struct run *run)
{
	const char *word = run->opts.n_args > 0 ? run->opts.args[0] : NULL;
	json_t *list = matching_codes(word);
	int code = CX4_OK;
	size_t i;

	if (list == NULL)
		return run_nomem(run);
	if (json_array_size(list) == 0)
		code = run_has(run, OPT_JSON) ? fail_unknown(run, word) :
		    explain_exit(run, word);
	else if (run_has(run, OPT_JSON))
		code = run_print_json(run, list);
	else
		for (i = 0; i < json_array_size(list); i++)
			print_code(json_array_get(list, i));
	json_decref(list);
	return code;
}

/* What this version makes, asked of the OpenSSL that is running. */
static const char *const digests[] = {
	"SHA1", "SHA256", "SHA384", "SHA512"
};

static const char *const ciphers[] = {
	"DES-EDE3-CBC", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC",
	"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static json_t *
available_digests(void)
{
	json_t *list = json_array();
	EVP_MD *md;
	size_t i;
	int bad = 0;

	for (i = 0; i < COUNT(digests); i++) {
		if ((md = EVP_MD_fetch(NULL, digests[i], NULL)) != NULL)
			bad |= run_append(list, json_string(digests[i]));
		EVP_MD_free(md);
	}
	ERR_clear_error();
	return run_list(list, bad);
}

static json_t *
available_ciphers(void)
{
	json_t *list = json_array();
	EVP_CIPHER *cipher;
	size_t i;
	int bad = 0;

	for (i = 0; i < COUNT(ciphers); i++) {
		cipher = EVP_CIPHER_fetch(NULL, ciphers[i], NULL);
		if (cipher != NULL)
			bad |= run_append(list, json_string(ciphers[i]));
		EVP_CIPHER_free(cipher);
	}
	ERR_clear_error();
	return run_list(list, bad);
}

static json_t *
policies(void)
{
	json_t *list = json_array();
	size_t i;
	int bad = 0;

	for (i = 0; cx4_policy_list(i) != NULL; i++)
		bad |= run_append(list, json_string(cx4_policy_list(i)));
	return run_list(list, bad);
}

static void
print_list(const char *label, const json_t *o, const char *name)
{
	const json_t *list = json_object_get(o, name);
	size_t i;

	printf("%s:", label);
	for (i = 0; i < json_array_size(list); i++)
		printf(" %s", json_string_value(json_array_get(list, i)));
	putchar('\n');
}

static int
do_version(struct run *run)
{
	json_t *o;
	int code = CX4_OK;

	o = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "version",
	    CX4_VERSION_STRING, "library", cx4_version(), "openssl",
	    OpenSSL_version(OPENSSL_VERSION), "jansson",
	    jansson_version_str(), "policies", policies(), "digests",
	    available_digests(), "ciphers", available_ciphers());
	if (o == NULL)
		return run_nomem(run);
	if (run_has(run, OPT_JSON)) {
		code = run_print_json(run, o);
	} else {
		printf("cmsx400 %s\n", CX4_VERSION_STRING);
		printf("library: libcmsx400 %s, %s, jansson %s\n",
		    cx4_version(), OpenSSL_version(OPENSSL_VERSION),
		    jansson_version_str());
		print_list("policies", o, "policies");
		print_list("digests", o, "digests");
		print_list("ciphers", o, "ciphers");
	}
	json_decref(o);
	return code;
}

static const enum opt_id options[] = { OPT_JSON, OPTS_COMMON };

const struct verb verb_explain = {
	"explain", "[--json] [CODE]",
	"what an error or warning means and what to do", options,
	0, 0, 1, do_explain
};

const struct verb verb_version = {
	"version", "[--json]",
	"versions, algorithms, policies", options,
	0, 0, 0, do_version
};
