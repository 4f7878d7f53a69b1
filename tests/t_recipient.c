/*
 * t_recipient.c - RecipientInfos: which they are, whom they name, and which
 * of them is for one of the own keys.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/cms/recipient.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_IDS 4

/* --------------------------------------------------------- building them */

enum form { BY_ISSUER, BY_SKI, BY_SKI_SEGMENTS, BY_RKID, BY_RKID_DATE };

static void
put_rid(struct cx4i_der *d, const char *name, enum form form)
{
	cx4_id *id = who(name);
	size_t half = id->ski.len / 2;

	switch (form) {
	case BY_ISSUER:
		cx4i_der_open(d, CX4I_SEQUENCE);
		cx4i_der_slice(d, id->issuer);
		cx4i_der_value(d, CX4I_INTEGER, id->serial.data,
		    id->serial.len);
		cx4i_der_close(d);
		break;
	case BY_SKI:
		cx4i_der_value(d, CX4I_CONTEXT(0), id->ski.data,
		    id->ski.len);
		break;
	case BY_SKI_SEGMENTS:
		cx4i_der_open(d, CX4I_CONTEXT_C(0));
		cx4i_der_value(d, CX4I_OCTET_STRING, id->ski.data, half);
		cx4i_der_value(d, CX4I_OCTET_STRING, id->ski.data + half,
		    id->ski.len - half);
		cx4i_der_close(d);
		break;
	case BY_RKID:
	case BY_RKID_DATE:
		cx4i_der_open(d, CX4I_CONTEXT_C(0));
		cx4i_der_value(d, CX4I_OCTET_STRING, id->ski.data,
		    id->ski.len);
		if (form == BY_RKID_DATE)
			cx4i_der_value(d, CX4I_GENERALIZED_TIME,
			    "20260101000000Z", 15);
		cx4i_der_close(d);
		break;
	}
}

static void
put_alg(struct cx4i_der *d, enum cx4i_oid oid)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, cx4i_oid_text(oid));
	cx4i_der_null(d);
	cx4i_der_close(d);
}

static struct cx4i_buf
take(struct cx4i_der *d)
{
	struct cx4i_buf out = { NULL, 0, 0 };

	need(cx4i_der_ok(d), "RecipientInfo");
	cx4i_buf_add(&out, d->buf.data, d->buf.len);
	cx4i_der_free(d);
	return out;
}

static struct cx4i_buf
ktri(const char *name, enum form form)
{
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_uint(&d, form == BY_ISSUER ? 0 : 2);
	put_rid(&d, name, form);
	put_alg(&d, CX4I_OID_RSA);
	cx4i_der_value(&d, CX4I_OCTET_STRING, "encrypted", 9);
	cx4i_der_close(&d);
	return take(&d);
}

/* One RecipientEncryptedKey for each word; the form is that of all. */
struct kari_keys {
	struct cx4i_der *d;
	enum form form;
};

static void
word_key(void *arg, const char *name)
{
	struct kari_keys *k = arg;

	cx4i_der_open(k->d, CX4I_SEQUENCE);
	put_rid(k->d, name, k->form);
	cx4i_der_value(k->d, CX4I_OCTET_STRING, "encrypted", 9);
	cx4i_der_close(k->d);
}

static struct cx4i_buf
kari(const char *names, enum form form, int with_ukm)
{
	struct kari_keys keys;
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_CONTEXT_C(1));
	cx4i_der_uint(&d, 3);
	cx4i_der_open(&d, CX4I_CONTEXT_C(0));
	cx4i_der_value(&d, CX4I_CONTEXT(0), "originator", 10);
	cx4i_der_close(&d);
	if (with_ukm) {
		cx4i_der_open(&d, CX4I_CONTEXT_C(1));
		cx4i_der_value(&d, CX4I_OCTET_STRING, "ukm", 3);
		cx4i_der_close(&d);
	}
	put_alg(&d, CX4I_OID_ECDH_SHA256KDF);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	keys.d = &d;
	keys.form = form;
	for_words(names, word_key, &keys);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	return take(&d);
}

/* -------------------------------------------------------- looking at them */

/* What is shared, and what is found. */
struct looking {
	struct cx4i_reading reading;
	cx4_id *ids[MAX_IDS];
	cx4_policy *policy;
	struct cx4i_layer_info info;
	struct cx4i_match match;
};

static void
word_own(void *arg, const char *name)
{
	struct looking *l = arg;

	need(l->reading.id_count < MAX_IDS, "too many identities");
	l->ids[l->reading.id_count++] = who(name);
}

/* With the keys of these users, and a limit on recipients (0: ordinary). */
static void
looking_init(struct looking *l, const char *own, uint64_t limit)
{
	memset(l, 0, sizeof(*l));
	l->policy = cx4_policy_new(ctx(), NULL);
	if (limit > 0)
		cx4_policy_set_limit(l->policy, CX4_LIMIT_RECIPIENTS, limit);
	l->reading.ctx = ctx();
	l->reading.policy = l->policy;
	l->reading.ids = l->ids;
	for_words(own, word_own, l);
	cx4i_layer_info_init(&l->info, 0);
}

static void
looking_free(struct looking *l)
{
	cx4i_layer_info_free(&l->info);
	cx4i_buf_free(&l->match.info);
	cx4_policy_free(&l->policy);
}

static int
look(struct looking *l, struct cx4i_slice whole)
{
	struct cx4i_slice exact = exact_copy(whole.data, whole.len);
	int r;

	r = cx4i_recipient_look(&l->reading, exact, &l->info, &l->match);
	free((void *)(uintptr_t)exact.data);
	return r;
}

/* The recipients found: "ktri* kari", with a star for the one that is used. */
static void
found(const struct looking *l, char *text, size_t size)
{
	size_t i, n = 0;

	text[0] = '\0';
	for (i = 0; i < l->info.recipient_count; i++)
		n += (size_t)snprintf(text + n, size - n, "%s%s%s",
		    i > 0 ? " " : "", l->info.recipients[i].type,
		    l->info.recipients[i].used ? "*" : "");
}

static const struct single {
	const char *name;
	int is_kari;
	const char *to;
	enum form form;
	int ukm;
	const char *own;
	const char *found;
	const char *match;	/* whose key, or NULL */
} singles[] = {
	{ "by issuer and serial", 0, "alice", BY_ISSUER, 0, "alice", "ktri*",
	    "alice" },
	{ "for another", 0, "alice", BY_ISSUER, 0, "bob carol", "ktri",
	    NULL },
	{ "nobody's key", 0, "alice", BY_ISSUER, 0, NULL, "ktri", NULL },
	{ "for the second of two", 0, "alice", BY_ISSUER, 0, "bob alice",
	    "ktri*", "alice" },
	{ "a certificate without key", 0, "ca", BY_ISSUER, 0, "ca", "ktri",
	    NULL },
	{ "by key identifier", 0, "alice", BY_SKI, 0, "bob alice", "ktri*",
	    "alice" },
	{ "by a key identifier in segments", 0, "alice", BY_SKI_SEGMENTS, 0,
	    "alice", "ktri*", "alice" },
	{ "by another's key identifier", 0, "alice", BY_SKI, 0, "bob",
	    "ktri", NULL },
	/* the same issuer and serial: the first that has a key */
	{ "two with one name", 0, "alice", BY_ISSUER, 0, "twin alice",
	    "ktri*", "twin" },
	{ "told apart by key identifier", 0, "alice", BY_SKI, 0,
	    "twin alice", "ktri*", "alice" },
	{ "agreement", 1, "carol", BY_ISSUER, 0, "carol", "kari*", "carol" },
	{ "agreement with ukm", 1, "carol", BY_ISSUER, 1, "carol", "kari*",
	    "carol" },
	{ "agreement by key identifier", 1, "carol", BY_RKID, 0, "carol",
	    "kari*", "carol" },
	{ "... with a date", 1, "carol", BY_RKID_DATE, 0, "carol", "kari*",
	    "carol" },
	{ "agreement for three", 1, "alice carol dave", BY_ISSUER, 0,
	    "carol", "kari kari* kari", "carol" },
	{ "agreement for two of ours", 1, "dave carol", BY_RKID, 0,
	    "carol dave", "kari* kari", "dave" },
	{ "agreement for others", 1, "alice carol", BY_ISSUER, 0, "dave",
	    "kari kari", NULL },
	{ "agreement for nobody", 1, "", BY_ISSUER, 0, "carol", "", NULL },
};

static void
test_singles(void)
{
	const struct single *t;
	struct looking l;
	struct cx4i_buf ri;
	char text[200];
	size_t i;

	for (i = 0; i < COUNT(singles); i++) {
		t = &singles[i];
		ri = t->is_kari ? kari(t->to, t->form, t->ukm) :
		    ktri(t->to, t->form);
		looking_init(&l, t->own, 0);
		is_int(look(&l, cx4i_buf_slice(&ri)), CX4_OK, "%s",
		    t->name);
		found(&l, text, sizeof(text));
		is_str(text, t->found, "what is found");
		ok(l.match.id == (t->match != NULL ? who(t->match) : NULL),
		    "whose key matches");
		is_int(l.match.info.len > 0, t->match != NULL,
		    "the RecipientInfo is kept if one does");
		looking_free(&l);
		cx4i_buf_free(&ri);
	}
}

/* What is kept of a key transport is the whole, in definite form. */
static void
test_kept(void)
{
	struct cx4i_buf ri = ktri("alice", BY_ISSUER), open = { NULL, 0, 0 };
	struct cx4i_slice in = cx4i_buf_slice(&ri);
	struct looking l;
	struct cx4i_tlv t;

	need(cx4i_tlv_next(&in, &t) == 1, "RecipientInfo");
	add_hex(&open, "3080");
	cx4i_buf_add(&open, t.body.data, t.body.len);
	add_hex(&open, "0000");
	looking_init(&l, "alice", 0);
	is_int(look(&l, cx4i_buf_slice(&open)), CX4_OK, "indefinite");
	is_mem(l.match.info.data, l.match.info.len, ri.data, ri.len,
	    "kept in the definite form");
	looking_free(&l);
	cx4i_buf_free(&ri);
	cx4i_buf_free(&open);
}

/* ... and of a key agreement the own key alone. */
static void
test_cut_down(void)
{
	struct cx4i_buf three = kari("alice carol dave", BY_ISSUER, 1);
	struct cx4i_buf one = kari("carol", BY_ISSUER, 1);
	struct looking l;

	looking_init(&l, "carol", 0);
	is_int(look(&l, cx4i_buf_slice(&three)), CX4_OK, "for three");
	is_mem(l.match.info.data, l.match.info.len, one.data, one.len,
	    "cut down to one");
	looking_free(&l);
	cx4i_buf_free(&three);
	cx4i_buf_free(&one);
}

/* One after the other: the first match stays, all are listed. */
static void
test_several(void)
{
	struct cx4i_buf a = ktri("bob", BY_ISSUER);
	struct cx4i_buf b = ktri("alice", BY_ISSUER);
	struct cx4i_buf c = kari("carol", BY_ISSUER, 0);
	struct looking l;
	char text[100];

	looking_init(&l, "alice carol", 0);
	is_int(look(&l, cx4i_buf_slice(&a)), CX4_OK, "for bob");
	is_int(look(&l, cx4i_buf_slice(&b)), CX4_OK, "for alice");
	is_int(look(&l, cx4i_buf_slice(&c)), CX4_OK, "for carol");
	is_int(look(&l, cx4i_buf_slice(&b)), CX4_OK, "for alice again");
	found(&l, text, sizeof(text));
	is_str(text, "ktri ktri* kari ktri", "the first of ours is used");
	ok(l.match.id == who("alice"), "alice's");
	is_mem(l.match.info.data, l.match.info.len, b.data, b.len,
	    "and kept once");
	looking_free(&l);
	cx4i_buf_free(&a);
	cx4i_buf_free(&b);
	cx4i_buf_free(&c);
}

static void
test_texts(void)
{
	static const char longest[] = "8081ff ab*255";
	struct cx4i_buf ri = ktri("alice", BY_ISSUER), hex = { NULL, 0, 0 };
	char want[CX4I_TEXT], serial[80];
	struct cx4i_der d;
	struct looking l;

	looking_init(&l, NULL, 0);
	is_int(look(&l, cx4i_buf_slice(&ri)), CX4_OK, "by issuer");
	cx4i_hex_text(who("alice")->serial, serial, sizeof(serial));
	snprintf(want, sizeof(want),
	    "CN=Test authority,O=cmsx400 test,C=NO, serial 0x%s", serial);
	is_str(l.info.recipients[0].rid, want, "its text");
	cx4i_buf_free(&ri);
	ri = ktri("alice", BY_SKI);
	is_int(look(&l, cx4i_buf_slice(&ri)), CX4_OK, "by key identifier");
	cx4i_hex_text(who("alice")->ski, serial, sizeof(serial));
	snprintf(want, sizeof(want), "key 0x%s", serial);
	is_str(l.info.recipients[1].rid, want, "its text");
	cx4i_buf_free(&ri);
	add_hex(&hex, longest);
	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_uint(&d, 2);
	cx4i_der_raw(&d, hex.data, hex.len);
	put_alg(&d, CX4I_OID_RSA);
	cx4i_der_value(&d, CX4I_OCTET_STRING, "x", 1);
	cx4i_der_close(&d);
	ri = take(&d);
	is_int(look(&l, cx4i_buf_slice(&ri)), CX4_OK, "255 octets");
	ok(strncmp(l.info.recipients[2].rid, "key 0xababab", 12) == 0 &&
	    strlen(l.info.recipients[2].rid) < 2 * 255, "are shown cut");
	looking_free(&l);
	cx4i_buf_free(&ri);
	cx4i_buf_free(&hex);
}

static const struct raw {
	const char *name;
	const char *hex;
	int want;
	const char *found;
} raws[] = {
	/* kinds that are listed and not used */
	{ "kekri", "a203 020104", CX4_OK, "kekri" },
	{ "pwri", "a303 020100", CX4_OK, "pwri" },
	{ "ori", "a404 06022a03", CX4_OK, "ori" },
	{ "ori, indefinite", "a480 06022a03 0000", CX4_OK, "ori" },
	/* others */
	{ "[0]", "a000", CX4_E_STRUCTURE, "" },
	{ "[5]", "a500", CX4_E_STRUCTURE, "" },
	{ "a SET", "3100", CX4_E_STRUCTURE, "" },
	{ "primitive [2]", "8200", CX4_E_STRUCTURE, "" },
	{ "nothing", "", CX4_E_STRUCTURE, "" },
	{ "no BER", "3005 02", CX4_E_STRUCTURE, "" },
	/* key transport: { version, rid, algorithm, key } */
	{ "complete", "300e 020100 3005 3000 020105 3000 0400 ", CX4_OK,
	    "ktri" },
	{ "by key", "300a 020102 8001aa 3000 0400", CX4_OK, "ktri" },
	{ "an empty key identifier", "3009 020102 8000 3000 0400", CX4_OK,
	    "ktri" },
	{ "empty", "3000", CX4_E_STRUCTURE, "" },
	{ "no version", "300a 3004 3000 0200 3000 0400", CX4_E_STRUCTURE,
	    "" },
	{ "no rid", "3003 020100", CX4_E_STRUCTURE, "" },
	{ "no algorithm", "3006 020102 8001aa", CX4_E_STRUCTURE, "" },
	{ "no key", "3008 020102 8001aa 3000", CX4_E_STRUCTURE, "" },
	{ "a key of another type", "300a 020102 8001aa 3000 0500",
	    CX4_E_STRUCTURE, "" },
	{ "an rid of another type", "300a 020102 8101aa 3000 0400",
	    CX4_E_STRUCTURE, "" },
	{ "an issuer without serial", "300b 020100 3002 3000 3000 0400",
	    CX4_E_STRUCTURE, "" },
	{ "a serial without issuer", "300c 020100 3003 020105 3000 0400",
	    CX4_E_STRUCTURE, "" },
	{ "segments that are none", "300b 020102 a002 0500 3000 0400",
	    CX4_E_STRUCTURE, "" },
	/* key agreement: { version, [0], [1] OPTIONAL, algorithm, keys } */
	{ "agreement", "a10f 020103 a000 3000 3006 3004 a002 0400", CX4_OK,
	    "kari" },
	{ "agreement with ukm", "a113 020103 a000 a102 0400 3000 3006 3004 "
	    "a002 0400", CX4_OK, "kari" },
	{ "agreement without keys", "a109 020103 a000 3000 3000", CX4_OK,
	    "" },
	{ "agreement: empty", "a100", CX4_E_STRUCTURE, "" },
	{ "agreement: no originator", "a107 020103 3000 3000",
	    CX4_E_STRUCTURE, "" },
	{ "agreement: no algorithm", "a105 020103 a000", CX4_E_STRUCTURE,
	    "" },
	{ "agreement: keys are missing", "a107 020103 a000 3000",
	    CX4_E_STRUCTURE, "" },
	{ "agreement: no version", "a106 a000 3000 3000", CX4_E_STRUCTURE,
	    "" },
	{ "agreement: a key that is none", "a10b 020103 a000 3000 3002 0500",
	    CX4_E_STRUCTURE, "" },
	{ "agreement: a key without rid", "a10b 020103 a000 3000 3002 3000",
	    CX4_E_STRUCTURE, "" },
	{ "agreement: primitive key identifier",
	    "a10d 020103 a000 3000 3004 3002 8000", CX4_E_STRUCTURE, "" },
	{ "agreement: [0] that holds no identifier",
	    "a10f 020103 a000 3000 3006 3004 a002 0500", CX4_E_STRUCTURE,
	    "" },
	{ "agreement: the second key is bad",
	    "a111 020103 a000 3000 3008 3004 a002 0400 0500",
	    CX4_E_STRUCTURE, "kari" },
};

static void
test_raws(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct looking l;
	char text[100];
	size_t i;

	for (i = 0; i < COUNT(raws); i++) {
		cx4i_buf_free(&b);
		add_hex(&b, raws[i].hex);
		looking_init(&l, "alice carol", 0);
		is_int(look(&l, cx4i_buf_slice(&b)), raws[i].want, "%s",
		    raws[i].name);
		found(&l, text, sizeof(text));
		is_str(text, raws[i].found, "what is found");
		ok(l.match.id == NULL, "and nobody's");
		looking_free(&l);
	}
	cx4i_buf_free(&b);
}

/* Every beginning of a right one is malformed. */
static void
test_cut(void)
{
	struct cx4i_buf ri[2] = { ktri("alice", BY_ISSUER),
	    kari("carol dave", BY_RKID, 1) };
	struct cx4i_slice in;
	struct looking l;
	size_t i, n, good = 0;

	for (i = 0; i < 2; i++) {
		for (n = 0; n < ri[i].len; n++) {
			looking_init(&l, "alice carol", 0);
			in.data = ri[i].data;
			in.len = n;
			good += look(&l, in) != CX4_E_STRUCTURE;
			looking_free(&l);
		}
		cx4i_buf_free(&ri[i]);
	}
	is_int(good, 0, "nothing that is cut is taken");
}

/* The limit counts recipients, not RecipientInfos. */
static void
test_limit(void)
{
	static const struct {
		uint64_t limit;
		int first, second, third;
		size_t count;
	} cases[] = {
		{ 1, CX4_E_LIMIT_RECIPIENTS, CX4_E_LIMIT_RECIPIENTS,
		    CX4_E_LIMIT_RECIPIENTS, 1 },
		{ 2, CX4_OK, CX4_E_LIMIT_RECIPIENTS, CX4_E_LIMIT_RECIPIENTS,
		    2 },
		{ 3, CX4_OK, CX4_OK, CX4_E_LIMIT_RECIPIENTS, 3 },
		{ 4, CX4_OK, CX4_OK, CX4_OK, 4 },
	};
	struct cx4i_buf two = kari("carol dave", BY_ISSUER, 0);
	struct cx4i_buf one = ktri("alice", BY_ISSUER), kek = { NULL, 0, 0 };
	struct looking l;
	size_t i;

	add_hex(&kek, "a203 020104");
	for (i = 0; i < COUNT(cases); i++) {
		looking_init(&l, NULL, cases[i].limit);
		is_int(look(&l, cx4i_buf_slice(&two)), cases[i].first,
		    "two recipients of %zu", (size_t)cases[i].limit);
		is_int(look(&l, cx4i_buf_slice(&one)), cases[i].second,
		    "a third");
		is_int(look(&l, cx4i_buf_slice(&kek)), cases[i].third,
		    "a fourth");
		is_int(l.info.recipient_count, cases[i].count, "are listed");
		looking_free(&l);
	}
	cx4i_buf_free(&two);
	cx4i_buf_free(&one);
	cx4i_buf_free(&kek);
}

/* ------------------------------------------------------------- opening */

/*
 * A key that cannot be had looks like one that can: there is a context, and
 * what it gives is not what was encrypted. Only parameters that are no IV
 * say otherwise; they are there for everybody to see.
 */
static void
test_open(void)
{
	static const struct {
		const char *cipher;	/* AlgorithmIdentifier */
		int want;
	} cases[] = {
		{ "301d 060960864801650304012a 0410 00*16", 1 },
		{ "300b 060960864801650304012a", 0 },
		{ "300d 060960864801650304012a 0500", 0 },
		{ "0500", 0 },
	};
	struct cx4i_buf ri = ktri("alice", BY_ISSUER), b = { NULL, 0, 0 };
	unsigned char out[2][64];
	EVP_CIPHER_CTX *c;
	struct looking l;
	size_t i, j;
	int n;

	looking_init(&l, "alice", 0);
	is_int(look(&l, cx4i_buf_slice(&ri)), CX4_OK, "for alice");
	for (i = 0; i < COUNT(cases); i++) {
		cx4i_buf_free(&b);
		add_hex(&b, cases[i].cipher);
		for (j = 0; j < 2; j++) {
			c = cx4i_recipient_open(&l.reading, &l.match,
			    cx4i_cipher_by_id(CX4_CIPHER_AES_256_CBC),
			    cx4i_buf_slice(&b));
			is_int(c != NULL, cases[i].want, "opened with %s",
			    cases[i].cipher);
			memset(out[j], 0, sizeof(out[j]));
			if (c != NULL)
				ok(EVP_DecryptUpdate(c, out[j], &n,
				    (const unsigned char *)"0123456789abcdef"
				    "0123456789abcdef", 32),
				    "octets go through");
			EVP_CIPHER_CTX_free(c);
		}
		if (cases[i].want)
			ok(memcmp(out[0], out[1], 16) != 0,
			    "with another random key each time");
	}
	looking_free(&l);
	cx4i_buf_free(&ri);
	cx4i_buf_free(&b);
}

int
main(void)
{
	test_singles();
	test_kept();
	test_cut_down();
	test_several();
	test_texts();
	test_raws();
	test_cut();
	test_limit();
	test_open();
	sample_end();
	return done_testing();
}
