/*
 * cmd_address.c - address parse, encode and compare.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "certtext.h"
#include "slurp.h"
#include "value.h"
#include "verbs.h"

static const struct keyword forms[] = {
	{ "f401", CX4_FORM_F401 },
	{ "mixer", CX4_FORM_MIXER },
	{ NULL, 0 }
};

/* An address in BER, from the input. */
static int
read_ber(struct run *run, cx4_address **address)
{
	unsigned char *data = NULL;
	char why[256] = "";
	struct infile in;
	size_t len = 0;
	int code;

	if ((code = run_open_in(run, &in, 0)) != CX4_OK)
		return code;
	code = slurp_in(run, &in, &data, &len);
	infile_close(&in);
	if (code != CX4_OK)
		return code;
	code = cx4_address_from_ber(run->ctx, data, len, address, why,
	    sizeof(why));
	slurp_free(&data, len);
	if (code == CX4_OK)
		return CX4_OK;
	return run_fail(run, code, "%.200s: %s", run->input_name,
	    why[0] != '\0' ? why : cx4_code_text(code));
}

static int
print_address_json(struct run *run, const cx4_address *address)
{
	char *f401 = cx4_address_to_text(address, CX4_FORM_F401);
	char *mixer = cx4_address_to_text(address, CX4_FORM_MIXER);
	unsigned char *der = NULL;
	char *hex = NULL;
	json_t *o = NULL;
	size_t len = 0;
	int code;

	code = cx4_address_to_der(run->ctx, address, &der, &len);
	if (code == CX4_OK && (hex = malloc(2 * len + 1)) != NULL) {
		certtext_hex(der, len, hex, 2 * len + 1);
		o = json_pack("{s:s, s:s, s:s}", "f401", f401, "mixer",
		    mixer, "der", hex);
	}
	if (code != CX4_OK)
		run_fail(run, code, "%s", cx4_code_text(code));
	else
		code = o != NULL ? run_print_json(run, o) : run_nomem(run);
	json_decref(o);
	free(hex);
	cx4_free(der);
	cx4_free(f401);
	cx4_free(mixer);
	return code;
}

static int
print_address(struct run *run, const cx4_address *address,
    enum cx4_address_form form)
{
	char *text;

	if (run_has(run, OPT_JSON))
		return print_address_json(run, address);
	if ((text = cx4_address_to_text(address, form)) == NULL)
		return run_nomem(run);
	msg_put(stdout, text);
	putchar('\n');
	cx4_free(text);
	return CX4_OK;
}

static int
do_parse(struct run *run)
{
	const char *name = run_get(run, OPT_FORM);
	const struct keyword *form = &forms[0];
	cx4_address *address = NULL;
	int code;

	if (name != NULL && (form = value_keyword(forms, name)) == NULL)
		return run_usage(run, "--form is f401 or mixer, not "
		    "\"%.60s\"", name);
	if (run->opts.n_args > 0 && run_has(run, OPT_IN))
		return run_usage(run, "give a text or --in, not both");
	if (run->opts.n_args > 0)
		code = address_read(run, run->opts.args[0], &address);
	else
		code = read_ber(run, &address);
	if (code == CX4_OK)
		code = print_address(run, address,
		    (enum cx4_address_form)form->value);
	cx4_address_free(&address);
	return code;
}

/* Octets of a DER tag and length; returns their number. */
static size_t
der_head(unsigned char tag, size_t len, unsigned char out[10])
{
	size_t n = 0, shift;

	out[0] = tag;
	if (len < 128) {
		out[1] = (unsigned char)len;
		return 2;
	}
	for (shift = sizeof(len) * 8; shift > 0; shift -= 8)
		if (n > 0 || (len >> (shift - 8) & 0xff) != 0)
			out[2 + n++] = (unsigned char)(len >> (shift - 8));
	out[1] = (unsigned char)(0x80 | n);
	return 2 + n;
}

/*
 * The value of a subjectAltName extension: GeneralNames with one name, the
 * ORAddress under the implicit tag [3] (RFC 5280 section 4.2.1.6).
 */
static int
write_config(struct run *run, const unsigned char *der, size_t len)
{
	static const char label[] = "subjectAltName=DER:";
	unsigned char head[10];
	char *line;
	size_t n, used, size = sizeof(label) + 3 * (len + sizeof(head)) + 2;
	size_t i;
	int code;

	if (len < 2 || (line = malloc(size)) == NULL)
		return run_nomem(run);
	n = der_head(0x30, len, head);
	used = sizeof(label) - 1;
	memcpy(line, label, used);
	for (i = 0; i < n + len; i++) {
		if (i > 0)
			line[used++] = ':';
		certtext_hex(i < n ? &head[i] : i == n ?
		    (const unsigned char *)"\xa3" : &der[i - n], 1,
		    line + used, size - used);
		used += 2;
	}
	line[used++] = '\n';
	code = run_write_all(run, NULL, 0, line, used);
	free(line);
	return code;
}

static int
do_encode(struct run *run)
{
	cx4_address *address = NULL;
	unsigned char *der = NULL;
	size_t len = 0;
	int code;

	code = address_read(run, run->opts.args[0], &address);
	if (code != CX4_OK)
		return code;
	code = cx4_address_to_der(run->ctx, address, &der, &len);
	if (code != CX4_OK)
		run_fail(run, code, "%s", cx4_code_text(code));
	else if (run_has(run, OPT_OPENSSL_CONFIG))
		code = write_config(run, der, len);
	else
		code = run_write_all(run, NULL, 1, der, len);
	cx4_free(der);
	cx4_address_free(&address);
	return code;
}

static int
print_equality(struct run *run, int equal)
{
	json_t *o;
	int code;

	if (!run_has(run, OPT_JSON)) {
		puts(equal ? "equal" : "different");
		return CX4_OK;
	}
	if ((o = json_pack("{s:b}", "equal", equal)) == NULL)
		return run_nomem(run);
	code = run_print_json(run, o);
	json_decref(o);
	return code;
}

static int
do_compare(struct run *run)
{
	cx4_address *a = NULL, *b = NULL;
	int code, equal;

	if ((code = address_read(run, run->opts.args[0], &a)) == CX4_OK)
		code = address_read(run, run->opts.args[1], &b);
	if (code == CX4_OK) {
		equal = cx4_address_equal(a, b);
		code = print_equality(run, equal);
		if (code == CX4_OK && !equal)
			code = run_fail(run, CX4_E_DIFFERENT, "%s",
			    cx4_code_text(CX4_E_DIFFERENT));
	}
	cx4_address_free(&a);
	cx4_address_free(&b);
	return code;
}

static const enum opt_id parse_options[] = {
	OPT_IN, OPT_FORM, OPT_JSON, OPTS_COMMON
};

static const enum opt_id encode_options[] = {
	OPT_OUT, OPT_OPENSSL_CONFIG, OPTS_COMMON
};

static const enum opt_id compare_options[] = { OPT_JSON, OPTS_COMMON };

const struct verb verb_address_parse = {
	"address parse", "[--form f401|mixer] [--json] TEXT | -i FILE",
	"read an O/R address from text or BER", parse_options,
	0, 0, 1, do_parse
};

const struct verb verb_address_encode = {
	"address encode", "[--openssl-config] [-o FILE] TEXT",
	"an O/R address as DER", encode_options,
	VERB_PRODUCT, 1, 1, do_encode
};

const struct verb verb_address_compare = {
	"address compare", "[--json] TEXT TEXT",
	"do both name the same user? exit 0 or 7", compare_options,
	0, 2, 2, do_compare
};
