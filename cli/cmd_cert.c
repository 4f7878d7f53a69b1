/*
 * cmd_cert.c - cert show and cert csr.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "addresses.h"
#include "certtext.h"
#include "keys.h"
#include "passphrase.h"
#include "report.h"
#include "verbs.h"

/* A broken certificate could name any number. */
#define ADDRESSES_MAX 1000

static const struct {
	uint32_t bit;
	const char *name;
} key_usages[] = {
	{ KU_DIGITAL_SIGNATURE, "digitalSignature" },
	{ KU_NON_REPUDIATION, "nonRepudiation" },
	{ KU_KEY_ENCIPHERMENT, "keyEncipherment" },
	{ KU_DATA_ENCIPHERMENT, "dataEncipherment" },
	{ KU_KEY_AGREEMENT, "keyAgreement" },
	{ KU_KEY_CERT_SIGN, "keyCertSign" },
	{ KU_CRL_SIGN, "cRLSign" },
	{ KU_ENCIPHER_ONLY, "encipherOnly" },
	{ KU_DECIPHER_ONLY, "decipherOnly" },
};

#define N_KEY_USAGES (sizeof(key_usages) / sizeof(key_usages[0]))

/* json_string, with what is not UTF-8 escaped. */
static json_t *
text_value(const char *text)
{
	char safe[2048];

	msg_escape(safe, sizeof(safe), text);
	return json_string(safe);
}

static json_t *
name_value(const X509_NAME *name)
{
	char text[1024];

	return certtext_name(name, text, sizeof(text)) ? text_value(text) :
	    NULL;
}

static json_t *
time_value(const ASN1_TIME *time)
{
	char text[40];

	certtext_time(time, text, sizeof(text));
	return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *
serial_value(const X509 *cert)
{
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
	char *hex = n != NULL ? BN_bn2hex(n) : NULL;
	json_t *value = hex != NULL ? json_string(hex) : NULL;

	OPENSSL_free(hex);
	BN_free(n);
	return value;
}

static json_t *
key_value(const X509 *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	const char *type;
	char group[80];
	size_t len;

	if (key == NULL)
		return json_null();
	type = EVP_PKEY_get0_type_name(key);
	if (EVP_PKEY_get_group_name(key, group, sizeof(group), &len) != 1)
		group[0] = '\0';
	return json_pack("{s:s, s:i, s:s?}", "type",
	    type != NULL ? type : "unknown", "bits", EVP_PKEY_get_bits(key),
	    "group", group[0] != '\0' ? group : NULL);
}

/* An absent extension allows everything: null, not an empty list. */
static json_t *
usage_value(X509 *cert)
{
	uint32_t bits = X509_get_key_usage(cert);
	json_t *list;
	size_t i;
	int bad = 0;

	if (bits == UINT32_MAX)
		return json_null();
	list = json_array();
	for (i = 0; i < N_KEY_USAGES; i++)
		if (bits & key_usages[i].bit)
			bad |= run_append(list,
			    json_string(key_usages[i].name));
	return run_list(list, bad);
}

static json_t *
purposes_value(X509 *cert)
{
	EXTENDED_KEY_USAGE *usages;
	json_t *list = json_array();
	char text[80];
	int i, bad = 0;

	usages = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
	for (i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
		OBJ_obj2txt(text, sizeof(text),
		    sk_ASN1_OBJECT_value(usages, i), 0);
		bad |= run_append(list, text_value(text));
	}
	sk_ASN1_OBJECT_pop_free(usages, ASN1_OBJECT_free);
	return run_list(list, bad);
}

static json_t *
digest_value(const X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned int len;

	if (X509_digest(cert, EVP_sha256(), digest, &len) != 1)
		return NULL;
	certtext_hex(digest, len, hex, sizeof(hex));
	return json_string(hex);
}

static json_t *
emails_value(X509 *cert)
{
	STACK_OF(OPENSSL_STRING) *emails = X509_get1_email(cert);
	json_t *list = json_array();
	int i, bad = 0;

	for (i = 0; i < sk_OPENSSL_STRING_num(emails); i++)
		bad |= run_append(list,
		    text_value(sk_OPENSSL_STRING_value(emails, i)));
	X509_email_free(emails);
	return run_list(list, bad);
}

static json_t *
x400_value(struct run *run, X509 *cert)
{
	json_t *list = json_array();
	cx4_address *address;
	char *text;
	size_t n;
	int code, bad = 0;

	for (n = 0; n < ADDRESSES_MAX && !bad; n++) {
		address = NULL;
		code = cx4_cert_address(run->ctx, cert, n, &address);
		if (code == CX4_OK && address == NULL)
			break;
		if (code != CX4_OK) {
			bad |= code == CX4_E_NOMEM || run_append(list,
			    json_string("(cannot be decoded)"));
			continue;
		}
		text = cx4_address_to_text(address, CX4_FORM_F401);
		bad |= text == NULL || run_append(list, text_value(text));
		cx4_free(text);
		cx4_address_free(&address);
	}
	return run_list(list, bad);
}

static json_t *
cert_object(struct run *run, X509 *cert)
{
	json_t *o = json_object();
	int bad = 0;

	bad |= json_object_set_new(o, "subject",
	    name_value(X509_get_subject_name(cert)));
	bad |= json_object_set_new(o, "issuer",
	    name_value(X509_get_issuer_name(cert)));
	bad |= json_object_set_new(o, "serial", serial_value(cert));
	bad |= json_object_set_new(o, "notBefore",
	    time_value(X509_get0_notBefore(cert)));
	bad |= json_object_set_new(o, "notAfter",
	    time_value(X509_get0_notAfter(cert)));
	bad |= json_object_set_new(o, "key", key_value(cert));
	bad |= json_object_set_new(o, "ca",
	    json_boolean(X509_check_ca(cert) > 0));
	bad |= json_object_set_new(o, "keyUsage", usage_value(cert));
	bad |= json_object_set_new(o, "extendedKeyUsage",
	    purposes_value(cert));
	bad |= json_object_set_new(o, "sha256", digest_value(cert));
	bad |= json_object_set_new(o, "email", emails_value(cert));
	bad |= json_object_set_new(o, "x400", x400_value(run, cert));
	ERR_clear_error();
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static int
certs_object(struct run *run, STACK_OF(X509) *certs, json_t **object)
{
	json_t *list = json_array();
	int i, bad = 0;

	for (i = 0; i < sk_X509_num(certs); i++)
		bad |= run_append(list,
		    cert_object(run, sk_X509_value(certs, i)));
	if ((list = run_list(list, bad)) == NULL)
		return run_nomem(run);
	*object = json_pack("{s:o}", "certificates", list);
	return *object != NULL ? CX4_OK : run_nomem(run);
}

static void
print_certs(const json_t *object)
{
	const json_t *list = json_object_get(object, "certificates");
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		if (i > 0)
			putchar('\n');
		report_text(stdout, json_array_get(list, i));
	}
}

static int
do_show(struct run *run)
{
	STACK_OF(X509) *certs;
	json_t *object = NULL;
	int code;

	code = keys_read_certs(run, run->opts.args[0], &certs);
	if (code != CX4_OK)
		return code;
	code = certs_object(run, certs, &object);
	if (code == CX4_OK && run_has(run, OPT_JSON))
		code = run_print_json(run, object);
	else if (code == CX4_OK)
		print_certs(object);
	json_decref(object);
	sk_X509_pop_free(certs, X509_free);
	return code;
}

static int
write_csr(struct run *run, X509_REQ *csr)
{
	const int der = run_has(run, OPT_DER);
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;
	int code, made;

	if (bio == NULL)
		return run_nomem(run);
	made = der ? i2d_X509_REQ_bio(bio, csr) :
	    PEM_write_bio_X509_REQ(bio, csr);
	len = BIO_get_mem_data(bio, &data);
	code = made == 1 && len > 0 ?
	    run_write_all(run, NULL, der, data, (size_t)len) :
	    run_nomem(run);
	BIO_free(bio);
	return code;
}

static int
make_csr(struct run *run, EVP_PKEY *key, const struct addresses *x400)
{
	X509_REQ *csr = NULL;
	char why[256] = "";
	int code;

	code = cx4_csr_new(run->ctx, key, run_get(run, OPT_CSR_SUBJECT),
	    (const cx4_address *const *)x400->list, x400->n, &csr, why,
	    sizeof(why));
	if (code != CX4_OK)
		return run_fail(run, code, "%s", why[0] != '\0' ? why :
		    cx4_code_text(code));
	code = write_csr(run, csr);
	X509_REQ_free(csr);
	return code;
}

static int
do_csr(struct run *run)
{
	struct addresses x400 = { NULL, 0 };
	EVP_PKEY *key = NULL;
	int code;

	if ((code = run_need(run, OPT_CSR_KEY)) != CX4_OK ||
	    (code = run_need(run, OPT_CSR_SUBJECT)) != CX4_OK ||
	    (code = passphrase_check(run)) != CX4_OK)
		return code;
	if ((code = addresses_read(run, OPT_X400, &x400)) == CX4_OK &&
	    (code = keys_load_pkey(run, run_get(run, OPT_CSR_KEY), &key)) ==
	    CX4_OK)
		code = make_csr(run, key, &x400);
	EVP_PKEY_free(key);
	addresses_free(&x400);
	return code;
}

static const enum opt_id show_options[] = { OPT_JSON, OPTS_COMMON };

static const enum opt_id csr_options[] = {
	OPT_CSR_KEY, OPT_PASSIN, OPT_CSR_SUBJECT, OPT_X400, OPT_OUT, OPT_DER,
	OPTS_COMMON
};

const struct verb verb_cert_show = {
	"cert show", "[--json] FILE",
	"certificates with their X.400 addresses", show_options,
	0, 1, 1, do_show
};

const struct verb verb_cert_csr = {
	"cert csr", "--key FILE --subject NAME --x400 ADDRESS ... [-o FILE]",
	"a certification request with X.400 addresses", csr_options,
	VERB_PRODUCT, 0, 0, do_csr
};
