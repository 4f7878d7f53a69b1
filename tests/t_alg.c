/*
 * t_alg.c - the algorithms: OIDs, sizes, AlgorithmIdentifiers, policies.
 *
 * SPDX-License-Identifier: ISC
 */
#include <openssl/objects.h>

#include "../libcmsx400/cms/alg.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const enum cx4_digest digests[] = {
	CX4_DIGEST_SHA1, CX4_DIGEST_SHA256, CX4_DIGEST_SHA384,
	CX4_DIGEST_SHA512
};

static const enum cx4_cipher ciphers[] = {
	CX4_CIPHER_AES_256_GCM, CX4_CIPHER_AES_192_GCM,
	CX4_CIPHER_AES_128_GCM, CX4_CIPHER_AES_256_CBC,
	CX4_CIPHER_AES_192_CBC, CX4_CIPHER_AES_128_CBC,
	CX4_CIPHER_DES_EDE3_CBC
};

/* OpenSSL's name of one of our OIDs, NID_undef if it has none. */
static int
nid_of(enum cx4i_oid oid)
{
	return OBJ_txt2nid(cx4i_oid_text(oid));
}

static void
test_digests(void)
{
	const struct cx4i_digest_alg *d;
	EVP_MD *md;
	size_t i;

	for (i = 0; i < COUNT(digests); i++) {
		d = cx4i_digest_by_id(digests[i]);
		ok(d != NULL && d->id == digests[i], "digest %zu", i);
		ok(cx4i_digest_by_oid(d->oid) == d, "%s by its OID", d->evp);
		md = EVP_MD_fetch(NULL, d->evp, NULL);
		ok(md != NULL && EVP_MD_get_size(md) == (int)d->size &&
		    EVP_MD_get_type(md) == nid_of(d->oid),
		    "OpenSSL has it with this size and OID");
		is_int(nid_of(d->ecdsa), OBJ_txt2nid(
		    OBJ_nid2sn(nid_of(d->ecdsa))), "its ECDSA");
		ok(strstr(OBJ_nid2ln(nid_of(d->ecdsa)), d->evp) != NULL,
		    "is named for it");
		EVP_MD_free(md);
	}
	ok(cx4i_digest_by_id(CX4_DIGEST_AUTO) == NULL &&
	    cx4i_digest_by_id((enum cx4_digest)99) == NULL,
	    "there are no others");
	ok(cx4i_digest_by_oid(CX4I_OID_SHA224) == NULL &&
	    cx4i_digest_by_oid(CX4I_OID_UNKNOWN) == NULL,
	    "by OID neither");
}

static void
test_ciphers(void)
{
	const struct cx4i_cipher_alg *c;
	EVP_CIPHER *evp;
	size_t i;

	for (i = 0; i < COUNT(ciphers); i++) {
		c = cx4i_cipher_list(i);
		ok(c != NULL && c->id == ciphers[i], "cipher %zu", i);
		ok(cx4i_cipher_by_id(ciphers[i]) == c &&
		    cx4i_cipher_by_oid(c->oid) == c, "%s by id and OID",
		    c->evp);
		evp = EVP_CIPHER_fetch(NULL, c->evp, NULL);
		ok(evp != NULL && EVP_CIPHER_get_type(evp) == nid_of(c->oid),
		    "OpenSSL has it with this OID");
		is_int(EVP_CIPHER_get_iv_length(evp), c->iv_len, "its IV");
		is_int(EVP_CIPHER_get_key_length(evp), c->key_len,
		    "its key");
		EVP_CIPHER_free(evp);
	}
	ok(cx4i_cipher_list(i) == NULL && cx4i_cipher_list(SIZE_MAX) == NULL,
	    "there are no more");
	ok(cx4i_cipher_by_id(CX4_CIPHER_AUTO) == NULL &&
	    cx4i_cipher_by_oid(CX4I_OID_RC2_CBC) == NULL &&
	    cx4i_cipher_by_oid(CX4I_OID_UNKNOWN) == NULL, "nor others");
}

static void
test_stances(void)
{
	static const struct {
		const char *policy;
		enum cx4i_stance sha1, sha2, des3, aes, gcm;
	} cases[] = {
		{ "rfc3854", CX4I_WRITE, CX4I_WRITE, CX4I_WRITE,
		    CX4I_WRITE, CX4I_READ },
		{ "modern", CX4I_FORBIDDEN, CX4I_WRITE, CX4I_WRITE_WARN,
		    CX4I_WRITE, CX4I_WRITE },
		{ "strict", CX4I_FORBIDDEN, CX4I_WRITE, CX4I_FORBIDDEN,
		    CX4I_FORBIDDEN, CX4I_WRITE },
	};
	enum cx4i_stance want;
	cx4_policy *p;
	size_t i, j;

	for (i = 0; i < COUNT(cases); i++) {
		p = cx4_policy_new(ctx(), cases[i].policy);
		for (j = 0; j < COUNT(digests); j++) {
			want = digests[j] == CX4_DIGEST_SHA1 ?
			    cases[i].sha1 : cases[i].sha2;
			is_int(cx4i_policy_digest(p,
			    cx4i_digest_by_id(digests[j])), want,
			    "%s: digest %zu", cases[i].policy, j);
		}
		for (j = 0; j < COUNT(ciphers); j++) {
			want = cases[i].aes;
			if (ciphers[j] == CX4_CIPHER_DES_EDE3_CBC)
				want = cases[i].des3;
			else if (cx4i_cipher_by_id(ciphers[j])->aead)
				want = cases[i].gcm;
			is_int(cx4i_policy_cipher(p,
			    cx4i_cipher_by_id(ciphers[j])), want,
			    "%s: cipher %zu", cases[i].policy, j);
		}
		cx4_policy_free(&p);
	}
}

/* ------------------------------------------------ AlgorithmIdentifiers */

static void
test_digest_identifiers(void)
{
	static const char *const want[] = {
		"3007 06052b0e03021a", "300b 0609608648016503040201",
		"300b 0609608648016503040202", "300b 0609608648016503040203"
	};
	struct cx4i_buf octets = { NULL, 0, 0 };
	struct cx4i_der d;
	size_t i;

	for (i = 0; i < COUNT(digests); i++) {
		cx4i_buf_free(&octets);
		add_hex(&octets, want[i]);
		cx4i_der_init(&d);
		cx4i_alg_digest(&d, cx4i_digest_by_id(digests[i]));
		ok(cx4i_der_ok(&d), "the identifier of digest %zu", i);
		is_mem(d.buf.data, d.buf.len, octets.data, octets.len,
		    "has no parameters");
		cx4i_der_free(&d);
	}
	cx4i_buf_free(&octets);
}

/* Keys by OpenSSL's name, and signatures by digest; NULL: impossible. */
static const struct signing {
	const char *key;
	int pss;
	enum cx4_digest digest;
	const char *want;
} signings[] = {
	{ "RSA", 0, CX4_DIGEST_SHA1, "300d 06092a864886f70d010101 0500" },
	{ "RSA", 0, CX4_DIGEST_SHA512, "300d 06092a864886f70d010101 0500" },
	{ "RSA", 1, CX4_DIGEST_SHA1, "300d 06092a864886f70d01010a 3000" },
	{ "RSA", 1, CX4_DIGEST_SHA256, "303d 06092a864886f70d01010a 3030 "
	    "a00d 300b0609608648016503040201 "
	    "a11a 3018 06092a864886f70d010108 300b0609608648016503040201 "
	    "a203 020120" },
	{ "RSA", 1, CX4_DIGEST_SHA512, "303d 06092a864886f70d01010a 3030 "
	    "a00d 300b0609608648016503040203 "
	    "a11a 3018 06092a864886f70d010108 300b0609608648016503040203 "
	    "a203 020140" },
	{ "EC", 0, CX4_DIGEST_SHA1, "3009 06072a8648ce3d0401" },
	{ "EC", 0, CX4_DIGEST_SHA256, "300a 06082a8648ce3d040302" },
	{ "EC", 0, CX4_DIGEST_SHA384, "300a 06082a8648ce3d040303" },
	{ "EC", 1, CX4_DIGEST_SHA512, "300a 06082a8648ce3d040304" },
	{ "DSA", 0, CX4_DIGEST_SHA1, "3009 06072a8648ce380403" },
	{ "DSA", 0, CX4_DIGEST_SHA256, NULL },
	{ "X25519", 0, CX4_DIGEST_SHA256, NULL },
	{ "ED25519", 0, CX4_DIGEST_SHA512, NULL },
};

/*
 * A DSA key: p = 23 would be refused when used, but it need only have its
 * type here.
 */
static EVP_PKEY *
dsa_key(void)
{
	static const char hex[] =
	    "301c 3014 06072a8648ce380401 3009 020117 02010b 020104 "
	    "0304 00 02010c";
	struct cx4i_buf b = { NULL, 0, 0 };
	const unsigned char *p;
	EVP_PKEY *key;

	add_hex(&b, hex);
	p = b.data;
	key = d2i_PUBKEY(NULL, &p, (long)b.len);
	cx4i_buf_free(&b);
	return key;
}

static EVP_PKEY *
key_for(const char *type)
{
	if (strcmp(type, "RSA") == 0)
		return key_of("alice");
	if (strcmp(type, "EC") == 0)
		return key_of("carol");
	if (strcmp(type, "DSA") == 0)
		return dsa_key();
	return EVP_PKEY_Q_keygen(NULL, NULL, type);
}

static void
test_signature_identifiers(void)
{
	struct cx4i_buf octets = { NULL, 0, 0 };
	const struct signing *s;
	struct cx4i_der d;
	EVP_PKEY *key;
	size_t i;
	int r;

	for (i = 0; i < COUNT(signings); i++) {
		s = &signings[i];
		need((key = key_for(s->key)) != NULL, s->key);
		cx4i_der_init(&d);
		r = cx4i_alg_signature(&d, key, cx4i_digest_by_id(s->digest),
		    s->pss);
		is_int(r, s->want != NULL ? 0 : -1, "%s, digest %d, pss %d",
		    s->key, (int)s->digest, s->pss);
		if (s->want != NULL) {
			cx4i_buf_free(&octets);
			add_hex(&octets, s->want);
			ok(cx4i_der_ok(&d), "closed");
			is_mem(d.buf.data, d.buf.len, octets.data,
			    octets.len, "its octets");
		}
		cx4i_der_free(&d);
		EVP_PKEY_free(key);
	}
	cx4i_buf_free(&octets);
}

static const struct parse {
	const char *hex;
	int want;
	enum cx4i_oid oid;
	size_t params;
	const char *name;
} parses[] = {
	{ "3007 06052b0e03021a", 0, CX4I_OID_SHA1, 0, "sha1" },
	{ "3009 06052b0e03021a 0500", 0, CX4I_OID_SHA1, 2, "sha1" },
	{ "300c 06052b0e03021a 3003020105", 0, CX4I_OID_SHA1, 5, "sha1" },
	{ "3004 06022a03", 0, CX4I_OID_UNKNOWN, 0, "1.2.3" },
	{ "3003 060180", 0, CX4I_OID_UNKNOWN, 0, "malformed" },
	{ "3002 0600", 0, CX4I_OID_UNKNOWN, 0, "malformed" },
	{ "", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "3000", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "0500", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "3107 06052b0e03021a", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "3003 020105", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "300b 06052b0e03021a 0500 0500", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "3008 06052b0e03021a 05", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "3007 06062b0e03021a", -1, CX4I_OID_UNKNOWN, 0, NULL },
	{ "3009 06052b0e03021a", -1, CX4I_OID_UNKNOWN, 0, NULL },
};

static void
test_parse(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	char name[CX4I_OID_TEXT];
	const struct parse *t;
	struct cx4i_alg_id id;
	struct cx4i_slice in;
	size_t i;

	for (i = 0; i < COUNT(parses); i++) {
		t = &parses[i];
		cx4i_buf_free(&b);
		add_hex(&b, t->hex);
		in = exact_copy(b.data, b.len);
		is_int(cx4i_alg_parse(in, &id), t->want, "parse '%s'",
		    t->hex);
		if (t->want == 0) {
			is_int(id.oid, t->oid, "its OID");
			is_int(id.params.len, t->params, "its parameters");
			is_str(cx4i_alg_name(&id, name, sizeof(name)),
			    t->name, "its name");
		}
		free((void *)(uintptr_t)in.data);
	}
	cx4i_buf_free(&b);
}

int
main(void)
{
	test_digests();
	test_ciphers();
	test_stances();
	test_digest_identifiers();
	test_signature_identifiers();
	test_parse();
	sample_end();
	return done_testing();
}
