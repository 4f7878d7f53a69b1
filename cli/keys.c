/*
 * keys.c - identities, certificates and keys from files.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "keys.h"
#include "passphrase.h"
#include "slurp.h"

void
ids_free(struct ids *ids)
{
	size_t i;

	for (i = 0; i < ids->n; i++)
		cx4_id_free(&ids->id[i]);
	free(ids->id);
	ids->id = NULL;
	ids->n = 0;
}

int
ids_alloc(struct run *run, struct ids *ids, size_t n)
{
	ids->n = 0;
	if ((ids->id = calloc(n + 1, sizeof(*ids->id))) == NULL)
		return run_nomem(run);
	ids->n = n;
	return CX4_OK;
}

/* Takes the certificate. */
static int
push_cert(STACK_OF(X509) *certs, X509 *cert)
{
	if (cert != NULL && sk_X509_push(certs, cert) > 0)
		return 1;
	X509_free(cert);
	return 0;
}

/* Without it OpenSSL would ask on the terminal. */
static int
no_password(char *buf, int size, int writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

/*
 * PEM: every certificate, other blocks skipped. DER: one. An encrypted key
 * among them is not touched, so no pass phrase is needed.
 */
static STACK_OF(X509) *
parse_certs(const unsigned char *data, size_t len)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	const unsigned char *p = data;
	BIO *bio = NULL;

	if (certs == NULL || len > INT_MAX)
		goto out;
	if (len > 0 && data[0] == 0x30) {
		push_cert(certs, d2i_X509(NULL, &p, (long)len));
		goto out;
	}
	if ((bio = BIO_new_mem_buf(data, (int)len)) == NULL)
		goto out;
	while (push_cert(certs, PEM_read_bio_X509(bio, NULL, no_password,
	    NULL)))
		;
out:
	BIO_free(bio);
	ERR_clear_error();
	return certs;
}

int
keys_read_certs(struct run *run, const char *path, STACK_OF(X509) **certs)
{
	unsigned char *data;
	size_t len;
	int code;

	*certs = NULL;
	if ((code = slurp(run, path, &data, &len)) != CX4_OK)
		return code;
	*certs = parse_certs(data, len);
	slurp_free(&data, len);
	if (*certs == NULL)
		return run_nomem(run);
	if (sk_X509_num(*certs) > 0)
		return CX4_OK;
	sk_X509_free(*certs);
	*certs = NULL;
	return run_fail(run, CX4_E_IO_KEY, "no certificate in %.300s", path);
}

/* Move all of `from` to `to`. */
static int
append(struct run *run, STACK_OF(X509) *to, STACK_OF(X509) *from)
{
	int code = CX4_OK;

	while (code == CX4_OK && sk_X509_num(from) > 0)
		if (!push_cert(to, sk_X509_shift(from)))
			code = run_nomem(run);
	sk_X509_pop_free(from, X509_free);
	return code;
}

int
keys_read_all_certs(struct run *run, enum opt_id id, STACK_OF(X509) **certs)
{
	STACK_OF(X509) *more;
	const char *path;
	size_t i;
	int code = CX4_OK;

	if ((*certs = sk_X509_new_null()) == NULL)
		return run_nomem(run);
	for (i = 0; code == CX4_OK; i++) {
		if ((path = opts_nth(&run->opts, id, i)) == NULL)
			return CX4_OK;
		code = keys_read_certs(run, path, &more);
		if (code == CX4_OK)
			code = append(run, *certs, more);
	}
	sk_X509_pop_free(*certs, X509_free);
	*certs = NULL;
	return code;
}

/* What to tell of a file that gave no identity. */
static int
fail_id(struct run *run, int code, const char *path,
    const struct passphrase *pass)
{
	run_fail(run, code, "%.300s: %s", path, cx4_code_text(code));
	if (code == CX4_E_IO_KEY && pass->asked && pass->source == NULL &&
	    run->hint[0] == '\0')
		run_hint(run, "the private key is encrypted: give its pass "
		    "phrase with --passin env:NAME, file:PATH, fd:N or "
		    "prompt");
	return run->code;
}

int
keys_load_signer(struct run *run, size_t n, cx4_id **id)
{
	const char *path = opts_nth(&run->opts, OPT_SIGNER, n);
	const char *key_path = opts_nth(&run->opts, OPT_SIGNER_KEY, n);
	unsigned char *data = NULL, *key = NULL;
	size_t len = 0, key_len = 0;
	struct passphrase pass;
	int code;

	*id = NULL;
	passphrase_init(&pass, run, key_path != NULL ? key_path : path, n);
	if ((code = slurp(run, path, &data, &len)) != CX4_OK)
		goto out;
	if (key_path != NULL)
		code = slurp(run, key_path, &key, &key_len);
	if (code != CX4_OK)
		goto out;
	code = cx4_id_new(run->ctx, data, len, key, key_len, passphrase_get,
	    &pass, id);
	if (code != CX4_OK)
		fail_id(run, code, pass.file, &pass);
	else if (!cx4_id_has_key(*id))
		code = run_fail(run, CX4_E_SIGNER_UNFIT,
		    "%.300s: no private key for the signer", path);
out:
	passphrase_wipe(&pass);
	slurp_free(&data, len);
	slurp_free(&key, key_len);
	return code;
}

int
keys_load_cert(struct run *run, const char *path, cx4_id **id)
{
	STACK_OF(X509) *certs;
	struct passphrase pass;
	unsigned char *data;
	size_t len;
	int code;

	*id = NULL;
	if ((code = slurp(run, path, &data, &len)) != CX4_OK)
		return code;
	passphrase_init(&pass, run, path, 0);
	certs = parse_certs(data, len);
	if (certs != NULL && sk_X509_num(certs) > 0)
		code = cx4_id_new_openssl(run->ctx, sk_X509_value(certs, 0),
		    NULL, NULL, id);
	else
		code = cx4_id_new(run->ctx, data, len, NULL, 0,
		    passphrase_get, &pass, id);
	if (code != CX4_OK)
		fail_id(run, code, path, &pass);
	sk_X509_pop_free(certs, X509_free);
	passphrase_wipe(&pass);
	slurp_free(&data, len);
	return code;
}

static int
pem_password(char *buf, int size, int writing, void *arg)
{
	(void)writing;
	return size > 0 ? passphrase_get(arg, buf, (size_t)size) : -1;
}

/* PEM or DER, encrypted or not; NULL if there is none. */
static EVP_PKEY *
parse_pkey(const unsigned char *data, size_t len, struct passphrase *pass)
{
	const unsigned char *p = data;
	EVP_PKEY *key = NULL;
	BIO *bio;

	if (len > INT_MAX ||
	    (bio = BIO_new_mem_buf(data, (int)len)) == NULL)
		return NULL;
	if (len > 0 && data[0] == 0x30) {
		key = d2i_AutoPrivateKey(NULL, &p, (long)len);
		if (key == NULL)
			key = d2i_PKCS8PrivateKey_bio(bio, NULL,
			    pem_password, pass);
	} else {
		key = PEM_read_bio_PrivateKey(bio, NULL, pem_password, pass);
	}
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

static int
certificate_of(struct run *run, const char *path, EVP_PKEY *key,
    STACK_OF(X509) *certs, cx4_id **id)
{
	X509 *cert;
	int i, code;

	for (i = 0; i < sk_X509_num(certs); i++) {
		cert = sk_X509_value(certs, i);
		if (X509_check_private_key(cert, key) != 1) {
			ERR_clear_error();
			continue;
		}
		code = cx4_id_new_openssl(run->ctx, cert, key, NULL, id);
		if (code != CX4_OK)
			run_fail(run, code, "%.300s: %s", path,
			    cx4_code_text(code));
		return code;
	}
	run_fail(run, CX4_E_IO_KEY,
	    "%.300s: a private key without its certificate", path);
	run_hint(run, "give the certificate with --certs");
	return CX4_E_IO_KEY;
}

int
keys_load_receiver(struct run *run, size_t n, STACK_OF(X509) *certs,
    cx4_id **id)
{
	const char *path = opts_nth(&run->opts, OPT_KEY, n);
	EVP_PKEY *key = NULL;
	struct passphrase pass;
	unsigned char *data;
	size_t len;
	int code;

	*id = NULL;
	if ((code = slurp(run, path, &data, &len)) != CX4_OK)
		return code;
	passphrase_init(&pass, run, path, n);
	code = cx4_id_new(run->ctx, data, len, NULL, 0, passphrase_get,
	    &pass, id);
	if (code == CX4_OK && !cx4_id_has_key(*id)) {
		code = run_fail(run, CX4_E_IO_KEY,
		    "%.300s: a certificate without its private key", path);
	} else if (code == CX4_E_IO_KEY) {
		key = parse_pkey(data, len, &pass);
		code = key != NULL ?
		    certificate_of(run, path, key, certs, id) :
		    fail_id(run, code, path, &pass);
	} else if (code != CX4_OK) {
		fail_id(run, code, path, &pass);
	}
	EVP_PKEY_free(key);
	passphrase_wipe(&pass);
	slurp_free(&data, len);
	return code;
}

int
keys_load_receivers(struct run *run, struct ids *ids)
{
	STACK_OF(X509) *certs = NULL;
	size_t i;
	int code;

	code = ids_alloc(run, ids, opts_count(&run->opts, OPT_KEY));
	if (code != CX4_OK || ids->n == 0)
		return code;
	code = keys_read_all_certs(run, OPT_CERTS, &certs);
	for (i = 0; code == CX4_OK && i < ids->n; i++)
		code = keys_load_receiver(run, i, certs, &ids->id[i]);
	sk_X509_pop_free(certs, X509_free);
	return code;
}

int
keys_load_pkey(struct run *run, const char *path, EVP_PKEY **key)
{
	struct passphrase pass;
	unsigned char *data;
	size_t len;
	int code;

	*key = NULL;
	if ((code = slurp(run, path, &data, &len)) != CX4_OK)
		return code;
	passphrase_init(&pass, run, path, 0);
	*key = parse_pkey(data, len, &pass);
	if (*key == NULL)
		code = fail_id(run, CX4_E_IO_KEY, path, &pass);
	passphrase_wipe(&pass);
	slurp_free(&data, len);
	return code;
}
