/*
 * t_ident.c - identities: reading them in every form, and what identifies a
 * certificate.
 *
 * SPDX-License-Identifier: ISC
 */
#include <strings.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "../libcmsx400/cms/ident.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ------------------------------------------------------------ pass phrases */

struct phrase {
	const char *text;	/* NULL: none is known */
	int length;		/* said instead of the true one; 0: that */
	int asked;
};

static int
answer(void *arg, char *buf, size_t size)
{
	struct phrase *p = arg;
	size_t n;

	p->asked++;
	if (p->text == NULL)
		return -1;
	n = strlen(p->text);
	if (n > size)
		n = size;
	memcpy(buf, p->text, n);
	return p->length != 0 ? p->length : (int)n;
}

/* ------------------------------------------------- identities out of parts */

/*
 * Parts of an identity: "NAME.pem" files joined in order, or DER: "d:NAME"
 * the certificate, "k:NAME" the key; "=text" is a line of its own.
 */
static void
add_part(void *to, const char *part)
{
	struct cx4i_buf *b = to, file;
	unsigned char *der = NULL;
	EVP_PKEY *key;
	int n;

	if (part[0] == '=') {
		cx4i_buf_add(b, part + 1, strlen(part + 1));
		cx4i_buf_add(b, "\n", 1);
	} else if (strncmp(part, "d:", 2) == 0) {
		n = i2d_X509(cx4_id_cert(who(part + 2)), &der);
		cx4i_buf_add(b, der, (size_t)n);
	} else if (strncmp(part, "k:", 2) == 0) {
		key = key_of(part + 2);
		n = i2d_PrivateKey(key, &der);
		cx4i_buf_add(b, der, (size_t)n);
		EVP_PKEY_free(key);
	} else {
		file = pki_file(part, "");
		cx4i_buf_add(b, file.data, file.len);
		cx4i_buf_free(&file);
	}
	OPENSSL_free(der);
}

static const struct reading {
	const char *name;
	const char *data;
	const char *key;	/* NULL: none apart */
	const char *phrase;	/* NULL: nobody answers */
	int want;
	const char *who;	/* whose certificate it then is */
	int chain, has_key;
} readings[] = {
	/* PEM, in any order */
	{ "certificate, chain, key", "alice-cert.pem int.pem alice-key.pem",
	    NULL, NULL, CX4_OK, "alice", 1, 1 },
	{ "certificate, key, chain", "alice-cert.pem alice-key.pem int.pem "
	    "ca.pem", NULL, NULL, CX4_OK, "alice", 2, 1 },
	{ "key first", "alice-key.pem alice-cert.pem", NULL, NULL, CX4_OK,
	    "alice", 0, 1 },
	{ "chain before the certificate", "ca.pem int.pem alice-key.pem "
	    "alice-cert.pem", NULL, NULL, CX4_OK, "alice", 2, 1 },
	{ "certificate alone", "alice-cert.pem", NULL, NULL, CX4_OK, "alice",
	    0, 0 },
	{ "two without key: the first", "bob-cert.pem alice-cert.pem", NULL,
	    NULL, CX4_OK, "bob", 1, 0 },
	{ "an EC key", "carol.pem", NULL, NULL, CX4_OK, "carol", 1, 1 },
	{ "text around it", "=hello alice-cert.pem =bye", NULL, NULL, CX4_OK,
	    "alice", 0, 0 },
	/* a key apart */
	{ "key apart in PEM", "alice-cert.pem int.pem", "alice-key.pem",
	    NULL, CX4_OK, "alice", 1, 1 },
	{ "key apart in DER", "alice-cert.pem", "k:alice", NULL, CX4_OK,
	    "alice", 0, 1 },
	{ "all in DER", "d:carol", "k:carol", NULL, CX4_OK, "carol", 0, 1 },
	{ "key apart of the second", "bob-cert.pem alice-cert.pem",
	    "alice-key.pem", NULL, CX4_OK, "alice", 1, 1 },
	{ "key apart before the one inside", "carol.pem", "carol-key.pem",
	    NULL, CX4_OK, "carol", 1, 1 },
	{ "key apart wins over another inside", "alice-cert.pem "
	    "bob-key.pem", "alice-key.pem", NULL, CX4_OK, "alice", 0, 1 },
	{ "key apart, encrypted", "alice-cert.pem", "alice-enc.pem",
	    "secret", CX4_OK, "alice", 0, 1 },
	{ "key apart, wrong phrase", "alice-cert.pem", "alice-enc.pem",
	    "Secret", CX4_E_IO_KEY, NULL, 0, 0 },
	{ "key apart, no phrase", "alice-cert.pem", "alice-enc.pem", NULL,
	    CX4_E_IO_KEY, NULL, 0, 0 },
	{ "key apart is a certificate", "alice-cert.pem", "alice-cert.pem",
	    NULL, CX4_E_IO_KEY, NULL, 0, 0 },
	{ "key apart is garbage", "alice-cert.pem", "=garbage", NULL,
	    CX4_E_IO_KEY, NULL, 0, 0 },
	{ "key apart is nothing", "alice-cert.pem", "", NULL, CX4_E_IO_KEY,
	    NULL, 0, 0 },
	/* keys of others */
	{ "another's key", "alice-cert.pem bob-key.pem", NULL, NULL,
	    CX4_E_KEY_MISMATCH, NULL, 0, 0 },
	{ "another's key apart", "alice-cert.pem", "bob-key.pem", NULL,
	    CX4_E_KEY_MISMATCH, NULL, 0, 0 },
	{ "a key of another kind", "alice-cert.pem", "k:carol", NULL,
	    CX4_E_KEY_MISMATCH, NULL, 0, 0 },
	/* DER */
	{ "certificate in DER", "d:alice", NULL, NULL, CX4_OK, "alice", 0,
	    0 },
	{ "key in DER without certificate", "k:alice", NULL, NULL,
	    CX4_E_IO_KEY, NULL, 0, 0 },
	/* encrypted */
	{ "encrypted key", "alice-enc.pem", NULL, "secret", CX4_OK, "alice",
	    1, 1 },
	{ "encrypted key, wrong phrase", "alice-enc.pem", NULL, "secret ",
	    CX4_E_IO_KEY, NULL, 0, 0 },
	{ "encrypted key, empty phrase", "alice-enc.pem", NULL, "",
	    CX4_E_IO_KEY, NULL, 0, 0 },
	{ "encrypted key, no phrase", "alice-enc.pem", NULL, NULL,
	    CX4_E_IO_KEY, NULL, 0, 0 },
	{ "PKCS#12", "alice.p12", NULL, "secret", CX4_OK, "alice", 1, 1 },
	{ "PKCS#12, wrong phrase", "alice.p12", NULL, "geheim",
	    CX4_E_IO_KEY, NULL, 0, 0 },
	{ "PKCS#12, no phrase", "alice.p12", NULL, NULL, CX4_E_IO_KEY, NULL,
	    0, 0 },
	{ "PKCS#12 and the same key apart", "alice.p12", "alice-key.pem",
	    "secret", CX4_OK, "alice", 1, 1 },
	{ "PKCS#12 and another's key apart", "alice.p12", "bob-key.pem",
	    "secret", CX4_E_KEY_MISMATCH, NULL, 0, 0 },
	/* nothing usable */
	{ "nothing", "", NULL, NULL, CX4_E_IO_KEY, NULL, 0, 0 },
	{ "garbage", "=garbage", NULL, NULL, CX4_E_IO_KEY, NULL, 0, 0 },
	{ "a key alone", "alice-key.pem", NULL, NULL, CX4_E_IO_KEY, NULL, 0,
	    0 },
	{ "a CRL", "crl.pem", NULL, NULL, CX4_E_IO_KEY, NULL, 0, 0 },
};

static struct cx4i_buf
join(const char *parts)
{
	struct cx4i_buf b = { NULL, 0, 0 };

	for_words(parts, add_part, &b);
	return b;
}

static void
check_identity(const struct reading *t, const cx4_id *id)
{
	if (id == NULL)
		return;
	ok(X509_cmp(cx4_id_cert(id), cx4_id_cert(who(t->who))) == 0,
	    "it is %s's", t->who);
	is_int(sk_X509_num(id->chain), t->chain, "with %d above", t->chain);
	is_int(cx4_id_has_key(id), t->has_key, "key: %d", t->has_key);
}

static void
test_readings(void)
{
	struct cx4i_buf data, key;
	struct phrase phrase;
	const struct reading *t;
	cx4_id *id;
	size_t i;

	for (i = 0; i < COUNT(readings); i++) {
		t = &readings[i];
		data = join(t->data);
		key = join(t->key);
		memset(&phrase, 0, sizeof(phrase));
		phrase.text = t->phrase;
		id = who("bob");
		is_int(cx4_id_new(ctx(), data.data, data.len,
		    t->key == NULL ? NULL : key.len > 0 ?
		    (const void *)key.data : "", key.len,
		    t->phrase != NULL ? answer : NULL, &phrase, &id),
		    t->want, "%s", t->name);
		if (t->want == CX4_OK)
			check_identity(t, id);
		else
			ok(id == NULL, "and no identity");
		cx4_id_free(&id);
		cx4i_buf_free(&data);
		cx4i_buf_free(&key);
	}
}

/* Damage inside the armour of a key, told from a key that is not there. */
static void
test_damaged_key(void)
{
	static const char bad[] =
	    "-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n"
	    "-----END PRIVATE KEY-----\n";
	struct cx4i_buf data = join("alice-cert.pem");
	cx4_id *id = NULL;

	cx4i_buf_add(&data, bad, strlen(bad));
	is_int(cx4_id_new(ctx(), data.data, data.len, NULL, 0, NULL, NULL,
	    &id), CX4_E_IO_KEY, "a private key that cannot be read");
	ok(id == NULL, "makes no identity");
	cx4i_buf_free(&data);
}

/* The function may refuse, or lie about the length. */
static void
test_phrases(void)
{
	static const struct {
		const char *file;
		const char *text;
		int length;
		int want;
	} cases[] = {
		{ "alice-enc.pem", NULL, 0, CX4_E_IO_KEY },
		{ "alice-enc.pem", "secret", 1 << 20, CX4_E_IO_KEY },
		{ "alice-enc.pem", "secret", -7, CX4_E_IO_KEY },
		{ "alice-enc.pem", "secret, surely", 6, CX4_OK },
		{ "alice.p12", NULL, 0, CX4_E_IO_KEY },
		{ "alice.p12", "secret", 1 << 20, CX4_E_IO_KEY },
		{ "alice.p12", "secret", -7, CX4_E_IO_KEY },
		{ "alice.p12", "secret, surely", 6, CX4_OK },
	};
	struct cx4i_buf data;
	struct phrase phrase;
	cx4_id *id;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		data = pki_file(cases[i].file, "");
		memset(&phrase, 0, sizeof(phrase));
		phrase.text = cases[i].text;
		phrase.length = cases[i].length;
		is_int(cx4_id_new(ctx(), data.data, data.len, NULL, 0, answer,
		    &phrase, &id), cases[i].want, "%s, case %zu",
		    cases[i].file, i);
		ok(phrase.asked > 0, "the phrase was asked for");
		cx4_id_free(&id);
		cx4i_buf_free(&data);
	}
	data = pki_file("alice.pem", "");
	memset(&phrase, 0, sizeof(phrase));
	is_int(cx4_id_new(ctx(), data.data, data.len, NULL, 0, answer,
	    &phrase, &id), CX4_OK, "a key that is not encrypted");
	is_int(phrase.asked, 0, "needs no phrase");
	cx4_id_free(&id);
	cx4i_buf_free(&data);
}

/* PKCS#12 as others make it: the empty phrase in both encodings, no key. */
static void
test_pkcs12(void)
{
	static const struct {
		const char *name;
		const char *phrase;
		int with_key, with_cert;
		int want;
	} cases[] = {
		{ "the empty phrase", "", 1, 1, CX4_OK },
		{ "no phrase", NULL, 1, 1, CX4_OK },
		{ "no key", "", 0, 1, CX4_OK },
		{ "no certificate", "", 1, 0, CX4_E_IO_KEY },
	};
	EVP_PKEY *key = key_of("bob");
	unsigned char *der;
	PKCS12 *p12;
	cx4_id *id;
	size_t i;
	int n;

	for (i = 0; i < COUNT(cases); i++) {
		p12 = PKCS12_create(cases[i].phrase, "bob",
		    cases[i].with_key ? key : NULL,
		    cases[i].with_cert ? cx4_id_cert(who("bob")) : NULL,
		    NULL, 0, 0, 2048, 2048, 0);
		need(p12 != NULL, cases[i].name);
		der = NULL;
		n = i2d_PKCS12(p12, &der);
		is_int(cx4_id_new(ctx(), der, (size_t)n, NULL, 0, NULL, NULL,
		    &id), cases[i].want, "PKCS#12: %s", cases[i].name);
		if (id != NULL)
			is_int(cx4_id_has_key(id), cases[i].with_key, "key");
		cx4_id_free(&id);
		OPENSSL_free(der);
		PKCS12_free(p12);
	}
	EVP_PKEY_free(key);
}

/* A count of rounds that would take hours is not begun with. */
static void
test_bomb(void)
{
	struct cx4i_buf data = pki_file("alice.p12", "");
	struct phrase phrase = { "secret", 0, 0 };
	const ASN1_INTEGER *iter;
	const unsigned char *p = data.data;
	unsigned char *der = NULL;
	ASN1_INTEGER *changed;
	PKCS12 *p12;
	cx4_id *id;
	int n;

	p12 = d2i_PKCS12(NULL, &p, (long)data.len);
	need(p12 != NULL, "alice.p12");
	PKCS12_get0_mac(NULL, NULL, NULL, &iter, p12);
	need(iter != NULL, "iterations");
	/* It is the file's own INTEGER, which is ours to change. */
	memcpy(&changed, &iter, sizeof(changed));
	ASN1_INTEGER_set_int64(changed, 10000001);
	n = i2d_PKCS12(p12, &der);
	is_int(cx4_id_new(ctx(), der, (size_t)n, NULL, 0, answer, &phrase,
	    &id), CX4_E_IO_KEY, "ten million rounds and one");
	is_int(phrase.asked, 0, "are refused before the phrase is asked for");
	OPENSSL_free(der);
	PKCS12_free(p12);
	cx4i_buf_free(&data);
}

/* Cut anywhere, a file makes an identity or none; nothing worse. */
static void
test_cut(void)
{
	static const char *const files[] = {
		"alice.p12", "carol.pem", "alice-enc.pem"
	};
	struct phrase phrase = { "wrong", 0, 0 };
	struct cx4i_slice part;
	struct cx4i_buf data;
	size_t i, n, wrong = 0;
	cx4_id *id;
	int r;

	for (i = 0; i < COUNT(files); i++) {
		data = pki_file(files[i], "");
		for (n = 0; n < data.len; n += 1 + data.len / 60) {
			part = exact_copy(data.data, n);
			r = cx4_id_new(ctx(), part.data, n, NULL, 0, answer,
			    &phrase, &id);
			wrong += (r == CX4_OK) != (id != NULL);
			cx4_id_free(&id);
			free((void *)(uintptr_t)part.data);
		}
		cx4i_buf_free(&data);
	}
	is_int(wrong, 0, "files cut anywhere");
}

static void
test_from_openssl(void)
{
	EVP_PKEY *other = key_of("bob"), *own = key_of("alice");
	X509 *cert = cx4_id_cert(who("alice"));
	STACK_OF(X509) *chain = sk_X509_new_null();
	unsigned long host;
	cx4_id *id;

	sk_X509_push(chain, cx4_id_cert(who("int")));
	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
	host = ERR_peek_last_error();
	is_int(cx4_id_new_openssl(ctx(), cert, own, chain, &id), CX4_OK,
	    "an identity from OpenSSL's objects");
	is_int(sk_X509_num(id->chain), 1, "with its chain");
	ok(cx4_id_cert(id) == cert, "and certificate");
	cx4_id_free(&id);
	is_int(cx4_id_new_openssl(ctx(), cert, NULL, NULL, &id), CX4_OK,
	    "without key and chain");
	is_int(cx4_id_has_key(id), 0, "it has none");
	cx4_id_free(&id);
	is_int(cx4_id_new_openssl(ctx(), cert, other, NULL, &id),
	    CX4_E_KEY_MISMATCH, "with another's key");
	ok(id == NULL, "there is none");
	ok(ERR_get_error() == host && ERR_peek_error() == 0,
	    "OpenSSL's error queue is as it was");
	EVP_PKEY_free(other);
	EVP_PKEY_free(own);
	sk_X509_free(chain);
}

static void
test_references(void)
{
	struct cx4i_buf data = pki_file("carol.pem", "");
	cx4_id *id = NULL, *other;

	cx4_id_free(NULL);
	cx4_id_free(&id);
	is_int(cx4_id_new(ctx(), data.data, data.len, NULL, 0, NULL, NULL,
	    &id), CX4_OK, "an identity");
	cx4i_buf_free(&data);
	other = cx4i_id_ref(id);
	cx4_id_free(&id);
	ok(id == NULL, "one reference given back");
	is_int(cx4_id_has_key(other), 1, "the other holds it");
	cx4_id_free(&other);
}

/* -------------------------------------------------- what identifies them */

static const char *const everybody[] = {
	"ca", "int", "other-ca", "alice", "bob", "carol", "dave", "eve",
	"mallory", "rita", "expired", "wrongeku", "nosign", "noencrypt",
	"sha1", "weak", "zed", "twin"
};

static void
same_name(struct cx4i_slice got, const X509_NAME *want, const char *what)
{
	unsigned char *der = NULL;
	int n = i2d_X509_NAME(want, &der);

	is_mem(got.data, got.len, der, (size_t)n, "%s", what);
	OPENSSL_free(der);
}

static void
test_views(void)
{
	const ASN1_OCTET_STRING *ski;
	struct cx4i_cert_view v;
	struct cx4i_slice s;
	BIGNUM *serial;
	char *want, got[80];
	cx4_id *id;
	size_t i;

	for (i = 0; i < COUNT(everybody); i++) {
		id = who(everybody[i]);
		is_int(cx4i_cert_view(cx4i_buf_slice(&id->der), &v), 0,
		    "look at %s", everybody[i]);
		same_name(v.issuer, X509_get_issuer_name(id->cert), "issuer");
		same_name(v.subject, X509_get_subject_name(id->cert),
		    "subject");
		serial = ASN1_INTEGER_to_BN(
		    X509_get0_serialNumber(id->cert), NULL);
		want = BN_bn2hex(serial);
		cx4i_hex_text(v.serial, got, sizeof(got));
		ok(strcasecmp(got + (strncmp(got, "00", 2) == 0 ? 2 : 0),
		    want) == 0, "serial number %s", want);
		OPENSSL_free(want);
		BN_free(serial);
		ski = X509_get0_subject_key_id(id->cert);
		s = cx4i_cert_ski(id->cert);
		is_mem(s.data, s.len, ASN1_STRING_get0_data(ski),
		    (size_t)ASN1_STRING_length(ski), "key identifier");
		ok(cx4i_slice_equal(id->ski, s) &&
		    cx4i_slice_equal(id->issuer, v.issuer) &&
		    cx4i_slice_equal(id->serial, v.serial),
		    "the identity says the same");
	}
}

static void
test_bad_views(void)
{
	static const char *const bad[] = {
		"", "3000", "30023000", "3005 3003 020105", "0500",
		"3007 3005 020105 3000", "3009 3007 020105 3000 3000",
		"300b 3009 020105 3000 3000 3000",
		"300d 300b a003020102 0500 3000 3000",
		"300e 300c 020105 3000 3000 3000 0500 00",
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_cert_view v;
	struct cx4i_slice in;
	cx4_id *id = who("alice");
	size_t i, n, good = 0;

	for (i = 0; i < COUNT(bad); i++) {
		cx4i_buf_free(&b);
		add_hex(&b, bad[i]);
		in = exact_copy(b.data, b.len);
		is_int(cx4i_cert_view(in, &v), -1, "no certificate: '%s'",
		    bad[i]);
		free((void *)(uintptr_t)in.data);
	}
	cx4i_buf_free(&b);
	for (n = 0; n < id->der.len; n++) {
		in = exact_copy(id->der.data, n);
		good += cx4i_cert_view(in, &v) == 0;
		free((void *)(uintptr_t)in.data);
	}
	is_int(good, 0, "nor is one that is cut");
}

/* A certificate without the extension: an intermediate of old times. */
static void
test_no_ski(void)
{
	X509 *x = X509_new();

	is_int(cx4i_cert_ski(x).len, 0, "no subjectKeyIdentifier");
	ok(cx4i_cert_allows(x, KU_DIGITAL_SIGNATURE),
	    "without keyUsage all is allowed");
	X509_free(x);
}

/* Names of one attribute each: { OID, string type, text }. */
static const struct name {
	const char *a, *b;
	int want;
} names[] = {
	/* CN=ab: PrintableString, UTF8String, BMPString */
	{ "300d 310b 3009 0603550403 13026162",
	    "300d 310b 3009 0603550403 13026162", 1 },
	{ "300d 310b 3009 0603550403 13026162",
	    "300d 310b 3009 0603550403 0c026162", 1 },
	{ "300d 310b 3009 0603550403 13026162",
	    "300f 310d 300b 0603550403 1e0400610062", 1 },
	{ "300d 310b 3009 0603550403 13026162",
	    "300d 310b 3009 0603550403 13024142", 1 },
	{ "300d 310b 3009 0603550403 13026162",
	    "300f 310d 300b 0603550403 1304 20616220", 1 },
	{ "300e 310c 300a 0603550403 1303612062",
	    "300f 310d 300b 0603550403 0c0461202062", 1 },
	{ "300d 310b 3009 0603550403 13026162",
	    "300d 310b 3009 0603550403 13026163", 0 },
	{ "300d 310b 3009 0603550403 13026162",
	    "300d 310b 3009 060355040a 13026162", 0 },
	{ "300d 310b 3009 0603550403 13026162", "3000", 0 },
	{ "3000", "3000", 1 },
	{ "300d 310b 3009 0603550403 13026162", "0500", 0 },
	{ "300d 310b 3009 0603550403 13026162", "", 0 },
	{ "0500", "0500", 1 },
};

static void
test_names(void)
{
	struct cx4i_buf a = { NULL, 0, 0 }, b = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		cx4i_buf_free(&a);
		cx4i_buf_free(&b);
		add_hex(&a, names[i].a);
		add_hex(&b, names[i].b);
		is_int(cx4i_name_equal(cx4i_buf_slice(&a),
		    cx4i_buf_slice(&b)), names[i].want, "%s and %s",
		    names[i].a, names[i].b);
		is_int(cx4i_name_equal(cx4i_buf_slice(&b),
		    cx4i_buf_slice(&a)), names[i].want, "the other way");
	}
	cx4i_buf_free(&a);
	cx4i_buf_free(&b);
}

static void
test_texts(void)
{
	struct cx4i_slice garbage = { (const uint8_t *)"\x05", 1 };
	struct cx4i_slice octets = { (const uint8_t *)"\x01\xab\xff", 3 };
	cx4_id *id = who("alice");
	char out[160], small[6] = "xxxxx";
	size_t size;

	cx4i_name_text(X509_get_subject_name(id->cert), out, sizeof(out));
	is_str(out, "CN=alice,O=cmsx400 test,C=NO", "a name for people");
	cx4i_name_text(X509_get_subject_name(id->cert), out, 12);
	is_str(out, "CN=alice...", "cut");
	cx4i_issuer_serial_text(garbage, octets, out, sizeof(out));
	is_str(out, "unreadable name, serial 0x01abff", "a bad issuer");
	cx4i_issuer_serial_text(id->issuer, octets, out, sizeof(out));
	is_str(out, "CN=Test authority,O=cmsx400 test,C=NO, serial 0x01abff",
	    "a good one");
	for (size = 1; size < 8; size++) {
		cx4i_hex_text(octets, out, size);
		is_int(strlen(out), (size - 1) / 2 * 2,
		    "three octets in room for %zu", size);
	}
	cx4i_hex_text(octets, small, 0);
	is_str(small, "xxxxx", "without room nothing is written");
}

static void
test_receivers(void)
{
	static const struct {
		const char *name;
		int receive, sign;
	} cases[] = {
		{ "alice", 1, 1 }, { "carol", 1, 1 }, { "dave", 1, 1 },
		{ "nosign", 1, 0 }, { "noencrypt", 0, 1 }, { "ca", 0, 0 },
		{ "wrongeku", 1, 1 }, { "expired", 1, 1 },
	};
	cx4_id *id;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		id = who(cases[i].name);
		is_int(cx4_id_can_receive(id), cases[i].receive,
		    "%s receives: %d", cases[i].name, cases[i].receive);
		is_int(cx4i_cert_allows(id->cert, KU_DIGITAL_SIGNATURE |
		    KU_NON_REPUDIATION), cases[i].sign, "signs: %d",
		    cases[i].sign);
	}
}

static void
test_wrong_calls(void)
{
	struct cx4i_buf pem = pki_file("alice", ".pem");
	cx4_id *id = who("alice");

	is_int(cx4_id_new(ctx(), NULL, 1, NULL, 0, NULL, NULL, &id),
	    CX4_E_USAGE, "no octets");
	ok(id == NULL, "no identity");
	is_int(cx4_id_new(NULL, pem.data, pem.len, NULL, 0, NULL, NULL, &id),
	    CX4_E_USAGE, "no context");
	is_int(cx4_id_new(ctx(), pem.data, pem.len, NULL, 0, NULL, NULL,
	    NULL), CX4_E_USAGE, "nowhere to put it");
	is_int(cx4_id_new_openssl(ctx(), NULL, NULL, NULL, &id), CX4_E_USAGE,
	    "no certificate");
	ok(id == NULL, "no identity");
	cx4i_buf_free(&pem);
}

int
main(void)
{
	unsigned long host;
	size_t i;

	for (i = 0; i < COUNT(everybody); i++)
		who(everybody[i]);
	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
	host = ERR_peek_last_error();
	test_damaged_key();
	test_phrases();
	test_cut();
	ok(ERR_get_error() == host && ERR_peek_error() == 0,
	    "OpenSSL's error queue is as it was");
	test_readings();
	test_pkcs12();
	test_bomb();
	test_from_openssl();
	test_wrong_calls();
	test_references();
	test_views();
	test_bad_views();
	test_no_ski();
	test_names();
	test_texts();
	test_receivers();
	sample_end();
	return done_testing();
}
