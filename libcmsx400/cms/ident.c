/*
 * ident.c - identities: a certificate, its chain, perhaps its private key.
 *
 * Reads PEM, DER and PKCS#12. Does not judge the certificate: see trust.c.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "../cmsx400_openssl.h"
#include "ident.h"

/* More key derivation rounds than this are an attack (PKCS#12 bombs). */
#define MAX_ITERATIONS 10000000

struct loading {
	cx4_ctx *ctx;
	cx4_passphrase_fn *ask;
	void *ask_arg;
	STACK_OF(X509) *certs;
	EVP_PKEY *key;
	int bad_key;		/* a key is there and cannot be read */
};

/* OpenSSL's password callback on top of ours. */
static int
ask_passphrase(char *buf, int size, int rwflag, void *arg)
{
	struct loading *l = arg;
	int n;

	(void)rwflag;
	if (l->ask == NULL || size <= 0)
		return -1;
	n = l->ask(l->ask_arg, buf, (size_t)size);
	return n <= size ? n : -1;
}

/* The offset of the first `mark`; `len` if there is none. */
static size_t
find(const void *data, size_t len, const char *mark)
{
	const unsigned char *p = data;
	size_t i, n = strlen(mark);

	for (i = 0; len >= n && i <= len - n; i++)
		if (p[i] == (unsigned char)mark[0] &&
		    memcmp(p + i, mark, n) == 0)
			return i;
	return len;
}

static int
contains(const void *data, size_t len, const char *mark)
{
	return find(data, len, mark) < len;
}

static BIO *
open_mem(const void *data, size_t len)
{
	return len > INT_MAX ? NULL : BIO_new_mem_buf(data, (int)len);
}

static void
load_pem_certs(struct loading *l, const void *data, size_t len)
{
	BIO *in = open_mem(data, len);
	X509 *x;

	if (in == NULL)
		return;
	while ((x = X509_new_ex(l->ctx->libctx, l->ctx->propq)) != NULL) {
		if (PEM_read_bio_X509(in, &x, ask_passphrase, l) == NULL) {
			X509_free(x);
			break;
		}
		if (!sk_X509_push(l->certs, x)) {
			X509_free(x);
			break;
		}
	}
	BIO_free(in);
}

/*
 * From the line where the key begins: when OpenSSL has to pass over
 * certificates while its error queue is not empty, it makes a key of the old
 * kind, which cannot do X9.42 Diffie-Hellman in CMS.
 */
static void
load_pem_key(struct loading *l, const void *data, size_t len)
{
	const char *text = data;
	size_t at = find(data, len, "PRIVATE KEY-----");
	BIO *in;

	while (at > 0 && (at == len || text[at - 1] != '\n'))
		at--;
	if (l->key != NULL || (in = open_mem(text + at, len - at)) == NULL)
		return;
	l->key = PEM_read_bio_PrivateKey_ex(in, NULL, ask_passphrase, l,
	    l->ctx->libctx, l->ctx->propq);
	BIO_free(in);
}

static void
load_der_cert(struct loading *l, const void *data, size_t len)
{
	const unsigned char *p = data;
	X509 *x = X509_new_ex(l->ctx->libctx, l->ctx->propq);

	if (x == NULL || len > LONG_MAX)
		return;
	if (d2i_X509(&x, &p, (long)len) == NULL)
		return;
	if (!sk_X509_push(l->certs, x))
		X509_free(x);
}

static void
load_der_key(struct loading *l, const void *data, size_t len)
{
	const unsigned char *p = data;

	if (l->key == NULL && len <= LONG_MAX)
		l->key = d2i_AutoPrivateKey_ex(NULL, &p, (long)len,
		    l->ctx->libctx, l->ctx->propq);
}

static int
iterations_ok(PKCS12 *p12)
{
	const ASN1_INTEGER *iter = NULL;
	int64_t n;

	PKCS12_get0_mac(NULL, NULL, NULL, &iter, p12);
	return iter == NULL ||
	    (ASN1_INTEGER_get_int64(&n, iter) && n <= MAX_ITERATIONS);
}

/* Certificate first, as in a PEM file. */
static void
take_pkcs12(struct loading *l, PKCS12 *p12, const char *pass)
{
	STACK_OF(X509) *others = NULL;
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;

	if (!PKCS12_parse(p12, pass, &key, &cert, &others))
		return;
	/* A key that was given apart comes first. */
	if (l->key == NULL)
		l->key = key;
	else
		EVP_PKEY_free(key);
	if (cert != NULL && !sk_X509_push(l->certs, cert))
		X509_free(cert);
	while (others != NULL && (cert = sk_X509_shift(others)) != NULL)
		if (!sk_X509_push(l->certs, cert))
			X509_free(cert);
	sk_X509_free(others);
}

static void
load_pkcs12(struct loading *l, const void *data, size_t len)
{
	const unsigned char *p = data;
	char pass[1024];
	PKCS12 *p12;
	int n;

	if (len > LONG_MAX || (p12 = d2i_PKCS12(NULL, &p, (long)len)) == NULL)
		return;
	if (!iterations_ok(p12))
		goto out;
	if (PKCS12_verify_mac(p12, NULL, 0)) {
		take_pkcs12(l, p12, NULL);
	} else if (PKCS12_verify_mac(p12, "", 0)) {
		take_pkcs12(l, p12, "");
	} else {
		n = ask_passphrase(pass, (int)sizeof(pass) - 1, 0, l);
		if (n >= 0) {
			pass[n] = '\0';
			take_pkcs12(l, p12, pass);
		}
		OPENSSL_cleanse(pass, sizeof(pass));
	}
out:
	PKCS12_free(p12);
}

static int
is_pem(const void *data, size_t len)
{
	return contains(data, len, "-----BEGIN ");
}

static void
load(struct loading *l, const void *data, size_t len)
{
	if (is_pem(data, len)) {
		load_pem_certs(l, data, len);
		load_pem_key(l, data, len);
		l->bad_key = l->key == NULL &&
		    contains(data, len, "PRIVATE KEY-----");
		return;
	}
	load_der_cert(l, data, len);
	if (sk_X509_num(l->certs) == 0)
		load_pkcs12(l, data, len);
}

/* tbsCertificate.{version, serialNumber, signature, issuer, ..., subject} */
int
cx4i_cert_view(struct cx4i_slice der, struct cx4i_cert_view *v)
{
	struct cx4i_tlv cert, tbs, t;
	struct cx4i_slice in;

	if (cx4i_tlv_expect(&der, CX4I_SEQUENCE, &cert) != 0)
		return -1;
	in = cert.body;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &tbs) != 0)
		return -1;
	in = tbs.body;
	if (cx4i_tlv_optional(&in, CX4I_CONTEXT_C(0), &t) < 0 ||
	    cx4i_tlv_expect(&in, CX4I_INTEGER, &t) != 0)
		return -1;
	v->serial = t.body;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0)
		return -1;
	v->issuer = t.whole;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0 ||
	    cx4i_tlv_expect(&in, CX4I_SEQUENCE, &t) != 0)
		return -1;
	v->subject = t.whole;
	return 0;
}

struct cx4i_slice
cx4i_cert_ski(X509 *x)
{
	const ASN1_OCTET_STRING *ski = X509_get0_subject_key_id(x);
	struct cx4i_slice s = { NULL, 0 };

	if (ski != NULL) {
		s.data = ASN1_STRING_get0_data(ski);
		s.len = (size_t)ASN1_STRING_length(ski);
	}
	return s;
}

static X509_NAME *
parse_name(struct cx4i_slice s)
{
	const unsigned char *p = s.data;

	return s.len > LONG_MAX ? NULL : d2i_X509_NAME(NULL, &p, (long)s.len);
}

int
cx4i_name_equal(struct cx4i_slice a, struct cx4i_slice b)
{
	X509_NAME *na, *nb;
	int equal;

	if (cx4i_slice_equal(a, b))
		return 1;
	na = parse_name(a);
	nb = parse_name(b);
	equal = na != NULL && nb != NULL && X509_NAME_cmp(na, nb) == 0;
	X509_NAME_free(na);
	X509_NAME_free(nb);
	return equal;
}

void
cx4i_name_text(const X509_NAME *name, char *out, size_t size)
{
	BIO *mem = BIO_new(BIO_s_mem());
	char *text;
	long n;

	out[0] = '\0';
	if (mem == NULL)
		return;
	if (X509_NAME_print_ex(mem, name, 0,
	    (XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB)) >= 0) {
		n = BIO_get_mem_data(mem, &text);
		if (n > 0)
			cx4i_escape(out, size, text, (size_t)n);
	}
	BIO_free(mem);
}

void
cx4i_hex_text(struct cx4i_slice s, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, o = 0;

	for (i = 0; i < s.len && o + 3 <= size; i++) {
		out[o++] = hex[s.data[i] >> 4];
		out[o++] = hex[s.data[i] & 15];
	}
	if (size > 0)
		out[o] = '\0';
}

void
cx4i_key_id_text(struct cx4i_slice ski, char *out, size_t size)
{
	char hex[128];

	cx4i_hex_text(ski, hex, sizeof(hex));
	snprintf(out, size, "key 0x%s", hex);
}

void
cx4i_issuer_serial_text(struct cx4i_slice issuer, struct cx4i_slice serial,
    char *out, size_t size)
{
	X509_NAME *name = parse_name(issuer);
	char text[256] = "unreadable name", number[80];

	if (name != NULL)
		cx4i_name_text(name, text, sizeof(text));
	X509_NAME_free(name);
	cx4i_hex_text(serial, number, sizeof(number));
	snprintf(out, size, "%s, serial 0x%s", text, number);
}

int
cx4i_sid_parse_issuer_serial(struct cx4i_slice body, struct cx4i_sid *sid)
{
	struct cx4i_tlv issuer, serial;

	if (cx4i_tlv_expect(&body, CX4I_SEQUENCE, &issuer) != 0 ||
	    cx4i_tlv_expect(&body, CX4I_INTEGER, &serial) != 0 ||
	    body.len != 0)
		return -1;
	sid->by_ski = 0;
	sid->issuer = issuer.whole;
	sid->serial = serial.body;
	return 0;
}

int
cx4i_sid_parse(struct cx4i_slice *in, struct cx4i_sid *sid,
    uint8_t joined[CX4I_SKI_MAX])
{
	struct cx4i_tlv t;

	memset(sid, 0, sizeof(*sid));
	if (cx4i_tlv_next(in, &t) != 1)
		return -1;
	if (t.ident == CX4I_SEQUENCE)
		return cx4i_sid_parse_issuer_serial(t.body, sid);
	sid->by_ski = 1;
	if (t.ident != CX4I_CONTEXT(0) && t.ident != CX4I_CONTEXT_C(0))
		return -1;
	return cx4i_tlv_octets(&t, joined, CX4I_SKI_MAX, &sid->ski);
}

void
cx4i_sid_text(const struct cx4i_sid *sid, char *out, size_t size)
{
	if (sid->by_ski)
		cx4i_key_id_text(sid->ski, out, size);
	else
		cx4i_issuer_serial_text(sid->issuer, sid->serial, out, size);
}

int
cx4i_cert_allows(X509 *x, uint32_t usage)
{
	/* UINT32_MAX if the extension is absent: everything is allowed. */
	return (X509_get_key_usage(x) & usage) != 0;
}

static cx4_id *
id_alloc(X509 *cert, EVP_PKEY *key)
{
	struct cx4i_cert_view v;
	unsigned char *p = NULL;
	cx4_id *id;
	int n;

	if ((id = calloc(1, sizeof(*id))) == NULL)
		return NULL;
	atomic_init(&id->refs, 1);
	X509_up_ref(cert);
	id->cert = cert;
	if (key != NULL)
		EVP_PKEY_up_ref(key);
	id->key = key;
	if ((id->chain = sk_X509_new_null()) == NULL ||
	    (n = i2d_X509(cert, &p)) < 0 ||
	    cx4i_buf_add(&id->der, p, (size_t)n) != 0 ||
	    cx4i_cert_view(cx4i_buf_slice(&id->der), &v) != 0) {
		cx4_id_free(&id);
	} else {
		id->issuer = v.issuer;
		id->serial = v.serial;
		id->ski = cx4i_cert_ski(cert);
	}
	OPENSSL_free(p);
	return id;
}

int
cx4_id_new_openssl(cx4_ctx *ctx, X509 *cert, EVP_PKEY *key,
    STACK_OF(X509) *chain, cx4_id **pid)
{
	cx4_id *id;
	X509 *x;
	int i, fits;

	if (pid == NULL)
		return CX4_E_USAGE;
	*pid = NULL;
	if (ctx == NULL || cert == NULL)
		return CX4_E_USAGE;
	cx4i_queue_enter();
	fits = key == NULL || X509_check_private_key(cert, key);
	cx4i_queue_leave();
	if (!fits)
		return CX4_E_KEY_MISMATCH;
	if ((id = id_alloc(cert, key)) == NULL)
		return CX4_E_NOMEM;
	for (i = 0; i < sk_X509_num(chain); i++) {
		x = sk_X509_value(chain, i);
		X509_up_ref(x);
		if (!sk_X509_push(id->chain, x)) {
			X509_free(x);
			cx4_id_free(&id);
			return CX4_E_NOMEM;
		}
	}
	*pid = id;
	return CX4_OK;
}

/*
 * The certificate is the first one; but a key that belongs to a later one
 * (chains are written in either order) picks that.
 */
static int
make_id(struct loading *l, cx4_id **pid)
{
	X509 *cert = NULL;
	int i, at = 0, r;

	if (sk_X509_num(l->certs) == 0 || l->bad_key)
		return CX4_E_IO_KEY;
	for (i = 0; l->key != NULL && i < sk_X509_num(l->certs); i++) {
		if (X509_check_private_key(sk_X509_value(l->certs, i),
		    l->key)) {
			at = i;
			break;
		}
	}
	cert = sk_X509_delete(l->certs, at);
	r = cx4_id_new_openssl(l->ctx, cert, l->key, l->certs, pid);
	X509_free(cert);
	return r;
}

int
cx4_id_new(cx4_ctx *ctx, const void *data, size_t len, const void *key,
    size_t key_len, cx4_passphrase_fn *ask, void *arg, cx4_id **pid)
{
	struct loading l = { ctx, ask, arg, NULL, NULL, 0 };
	int r;

	if (pid == NULL)
		return CX4_E_USAGE;
	*pid = NULL;
	if (ctx == NULL || (data == NULL && len > 0))
		return CX4_E_USAGE;
	if ((l.certs = sk_X509_new_null()) == NULL)
		return CX4_E_NOMEM;
	cx4i_queue_enter();
	if (key != NULL) {
		if (is_pem(key, key_len))
			load_pem_key(&l, key, key_len);
		else
			load_der_key(&l, key, key_len);
		if (l.key == NULL) {
			r = CX4_E_IO_KEY;
			goto out;
		}
	}
	load(&l, data, len);
	r = make_id(&l, pid);
out:
	cx4i_queue_leave();
	sk_X509_pop_free(l.certs, X509_free);
	EVP_PKEY_free(l.key);
	return r;
}

cx4_id *
cx4i_id_ref(cx4_id *id)
{
	atomic_fetch_add(&id->refs, 1);
	return id;
}

void
cx4_id_free(cx4_id **pid)
{
	cx4_id *id;

	if (pid == NULL || (id = *pid) == NULL)
		return;
	*pid = NULL;
	if (atomic_fetch_sub(&id->refs, 1) != 1)
		return;
	X509_free(id->cert);
	EVP_PKEY_free(id->key);
	sk_X509_pop_free(id->chain, X509_free);
	cx4i_buf_free(&id->der);
	free(id);
}

X509 *
cx4_id_cert(const cx4_id *id)
{
	return id->cert;
}

int
cx4_id_has_key(const cx4_id *id)
{
	return id->key != NULL;
}

int
cx4_id_can_receive(const cx4_id *id)
{
	EVP_PKEY *pub = X509_get0_pubkey(id->cert);

	if (pub == NULL)
		return 0;
	if (EVP_PKEY_is_a(pub, "RSA"))
		return cx4i_cert_allows(id->cert, KU_KEY_ENCIPHERMENT);
	if (EVP_PKEY_is_a(pub, "EC") || EVP_PKEY_is_a(pub, "DHX"))
		return cx4i_cert_allows(id->cert, KU_KEY_AGREEMENT);
	return 0;
}
