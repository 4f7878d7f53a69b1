/*
 * t_recipient.c - RecipientInfos: which they are, whom they name, and which
 * of them is for one of the own keys.
 *
 * SPDX-License-Identifier: ISC
 */
#include <openssl/err.h>

#include "../libcmsx400/base/queue.h"
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

/* A scheme of key agreement that wraps with AES-256. */
static void
put_agreement(struct cx4i_der *d, enum cx4i_oid scheme)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, cx4i_oid_text(scheme));
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, cx4i_oid_text(CX4I_OID_AES256_WRAP));
	cx4i_der_close(d);
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

/* `alg` is a keyEncryptionAlgorithm, or empty for rsaEncryption. */
static struct cx4i_buf
ktri_with(const char *name, enum form form, struct cx4i_slice alg)
{
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_uint(&d, form == BY_ISSUER ? 0 : 2);
	put_rid(&d, name, form);
	if (alg.len > 0)
		cx4i_der_slice(&d, alg);
	else
		put_alg(&d, CX4I_OID_RSA);
	cx4i_der_value(&d, CX4I_OCTET_STRING, "encrypted", 9);
	cx4i_der_close(&d);
	return take(&d);
}

static struct cx4i_buf
ktri(const char *name, enum form form)
{
	struct cx4i_slice none = { NULL, 0 };

	return ktri_with(name, form, none);
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

/* `alg` as for ktri_with; empty for ECDH with SHA-256 and AES-256-wrap. */
static struct cx4i_buf
kari_with(const char *names, enum form form, int with_ukm,
    struct cx4i_slice alg)
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
	if (alg.len > 0)
		cx4i_der_slice(&d, alg);
	else
		put_agreement(&d, CX4I_OID_ECDH_SHA256KDF);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	keys.d = &d;
	keys.form = form;
	for_words(names, word_key, &keys);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	return take(&d);
}

static struct cx4i_buf
kari(const char *names, enum form form, int with_ukm)
{
	struct cx4i_slice none = { NULL, 0 };

	return kari_with(names, form, with_ukm, none);
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
	l->reading.decrypt = 1;
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

/* Where nothing is to be decrypted nothing matches, whatever keys there are. */
static void
test_not_decrypting(void)
{
	struct cx4i_buf ri = ktri("alice", BY_ISSUER);
	struct looking l;
	char text[100];

	looking_init(&l, "alice", 0);
	l.reading.decrypt = 0;
	is_int(look(&l, cx4i_buf_slice(&ri)), CX4_OK, "not decrypting");
	found(&l, text, sizeof(text));
	is_str(text, "ktri", "listed, unused");
	ok(l.match.id == NULL && l.match.refused[0] == '\0', "and nobody's");
	looking_free(&l);
	cx4i_buf_free(&ri);
}

/* ----------------------------------------------- keyEncryptionAlgorithms */

#define RSA_OID "06092a864886f70d010101 "
#define OAEP_OID "06092a864886f70d010107 "
#define MGF1_OID "06092a864886f70d010108 "
#define PSPEC_OID "06092a864886f70d010109 "
#define SHA1_ID "3007 06052b0e03021a "
#define SHA256_ID "300b 0609608648016503040201 "
#define WRAP "300b 060960864801650304012d "		/* aes256-wrap */

static const struct {
	const char *name;
	int is_kari;
	const char *alg;
	const char *refused;	/* NULL: used */
} algorithms[] = {
	{ "RSA with NULL", 0, "300d" RSA_OID "0500", NULL },
	{ "RSA without parameters", 0, "300b" RSA_OID, NULL },
	{ "RSA with a NULL that is not empty", 0, "300e" RSA_OID "050100",
	    "rsaEncryption" },
	{ "RSA with other parameters", 0, "300d" RSA_OID "3000",
	    "rsaEncryption" },
	{ "OAEP, all defaults", 0, "300d" OAEP_OID "3000", NULL },
	{ "OAEP without parameters", 0, "300b" OAEP_OID, "rsaes-oaep" },
	{ "OAEP with NULL", 0, "300d" OAEP_OID "0500", "rsaes-oaep" },
	{ "OAEP with SHA-256", 0, "301c" OAEP_OID "300f a00d" SHA256_ID,
	    NULL },
	{ "OAEP with MD5", 0, "301b" OAEP_OID
	    "300e a00c 300a 06082a864886f70d0205", "rsaes-oaep" },
	{ "OAEP with MGF1 of SHA-1", 0, "3025" OAEP_OID
	    "3018 a116 3014" MGF1_OID SHA1_ID, NULL },
	{ "OAEP with MGF1 of nothing", 0, "301c" OAEP_OID
	    "300f a10d 300b" MGF1_OID, "rsaes-oaep" },
	{ "OAEP with another mask generation", 0, "3017" OAEP_OID
	    "300a a108 3006 06022a03 0500", "rsaes-oaep" },
	{ "OAEP with a label", 0, "301f" OAEP_OID
	    "3012 a210 300e" PSPEC_OID "040178", NULL },
	/* CVE-2026-28390 */
	{ "OAEP with a label that is absent", 0, "301c" OAEP_OID
	    "300f a20d 300b" PSPEC_OID, "rsaes-oaep" },
	{ "OAEP with a label of another type", 0, "301e" OAEP_OID
	    "3011 a20f 300d" PSPEC_OID "0500", "rsaes-oaep" },
	{ "OAEP with a label from elsewhere", 0, "3016" OAEP_OID
	    "3009 a207 3005 06012a 0400", "rsaes-oaep" },
	{ "OAEP with more", 0, "300f" OAEP_OID "3002 0500", "rsaes-oaep" },
	{ "transport with ECDH", 0, "3015 06062b8104010b01" WRAP,
	    "dhSinglePass-stdDH-sha256kdf" },
	{ "RSA signatures", 0, "300d 06092a864886f70d01010b 0500",
	    "sha256WithRSAEncryption" },
	{ "an unknown transport", 0, "3004 06022a03", "1.2.3" },
	{ "nothing", 0, "3000", "malformed" },
	{ "ECDH, SHA-1", 1, "3018 06092b81051086483f0002" WRAP, NULL },
	{ "ECDH, SHA-224", 1, "3015 06062b8104010b00" WRAP, NULL },
	{ "ECDH, SHA-256", 1, "3015 06062b8104010b01" WRAP, NULL },
	{ "ECDH, SHA-384", 1, "3015 06062b8104010b02" WRAP, NULL },
	{ "ECDH, SHA-512", 1, "3015 06062b8104010b03" WRAP, NULL },
	{ "cofactor ECDH, SHA-1", 1, "3018 06092b81051086483f0003" WRAP,
	    NULL },
	{ "cofactor ECDH, SHA-256", 1, "3015 06062b8104010e01" WRAP, NULL },
	{ "cofactor ECDH, SHA-512", 1, "3015 06062b8104010e03" WRAP, NULL },
	{ "ESDH with 3DES", 1, "301c 060b2a864886f70d0109100305"
	    "300d 060b2a864886f70d0109100306", NULL },
	{ "AES-128-wrap with NULL", 1, "3017 06062b8104010b01"
	    "300d 0609608648016503040105 0500", NULL },
	{ "AES-192-wrap", 1, "3015 06062b8104010b01"
	    "300b 0609608648016503040119", NULL },
	/* CVE-2026-28389 */
	{ "ECDH without a wrap algorithm", 1, "3008 06062b8104010b01",
	    "dhSinglePass-stdDH-sha256kdf" },
	{ "ECDH with NULL for one", 1, "300a 06062b8104010b01 0500",
	    "dhSinglePass-stdDH-sha256kdf" },
	{ "ECDH with an empty one", 1, "300a 06062b8104010b01 3000",
	    "dhSinglePass-stdDH-sha256kdf" },
	/* CVE-2026-63072 */
	{ "AES-256-wrap-pad", 1, "3015 06062b8104010b01"
	    "300b 0609608648016503040130", "dhSinglePass-stdDH-sha256kdf" },
	{ "AES-256-CBC for a wrap", 1, "3015 06062b8104010b01"
	    "300b 060960864801650304012a", "dhSinglePass-stdDH-sha256kdf" },
	{ "a wrap with parameters", 1, "3017 06062b8104010b01"
	    "300d 060960864801650304012d 0400",
	    "dhSinglePass-stdDH-sha256kdf" },
	{ "an unknown scheme", 1, "3011 06022a03" WRAP, "1.2.3" },
	{ "RSA for an agreement", 1, "300d" RSA_OID "0500",
	    "rsaEncryption" },
};

static void
test_algorithms(void)
{
	struct cx4i_buf alg = { NULL, 0, 0 }, ri;
	struct looking l;
	char text[100];
	size_t i;

	for (i = 0; i < COUNT(algorithms); i++) {
		cx4i_buf_free(&alg);
		add_hex(&alg, algorithms[i].alg);
		ri = algorithms[i].is_kari ? kari_with("carol", BY_ISSUER, 0,
		    cx4i_buf_slice(&alg)) : ktri_with("alice", BY_ISSUER,
		    cx4i_buf_slice(&alg));
		looking_init(&l, "alice carol", 0);
		is_int(look(&l, cx4i_buf_slice(&ri)), CX4_OK, "%s",
		    algorithms[i].name);
		found(&l, text, sizeof(text));
		is_str(text + 4, algorithms[i].refused != NULL ? "" : "*",
		    algorithms[i].refused != NULL ? "listed, not used" :
		    "used");
		is_str(l.match.refused, algorithms[i].refused != NULL ?
		    algorithms[i].refused : "", "what is refused");
		is_int(l.match.id != NULL, algorithms[i].refused == NULL,
		    "a match or none");
		looking_free(&l);
		cx4i_buf_free(&ri);
	}
	cx4i_buf_free(&alg);
}

/* One that cannot be used does not keep a later one from being used. */
static void
test_unusable_first(void)
{
	struct cx4i_buf alg = { NULL, 0, 0 }, bad, good;
	struct looking l;
	char text[100];

	add_hex(&alg, "3004 06022a03");
	bad = ktri_with("alice", BY_ISSUER, cx4i_buf_slice(&alg));
	good = ktri("alice", BY_SKI);
	looking_init(&l, "alice", 0);
	is_int(look(&l, cx4i_buf_slice(&bad)), CX4_OK, "one that is not used");
	is_int(look(&l, cx4i_buf_slice(&good)), CX4_OK, "one that is");
	is_int(look(&l, cx4i_buf_slice(&bad)), CX4_OK, "again");
	found(&l, text, sizeof(text));
	is_str(text, "ktri ktri* ktri", "the second");
	is_mem(l.match.info.data, l.match.info.len, good.data, good.len,
	    "is kept");
	looking_free(&l);
	cx4i_buf_free(&alg);
	cx4i_buf_free(&bad);
	cx4i_buf_free(&good);
}

/* ------------------------------------------------------ the error queue */

static void
queue_is(int first, int count, const char *name)
{
	const char *file, *func, *data;
	char want[40];
	unsigned long e;
	int i, line, flags, good = 0;

	for (i = 0; (e = ERR_get_error_all(&file, &line, &func, &data,
	    &flags)) != 0; i++) {
		snprintf(want, sizeof(want), "host %d", first + i);
		good += ERR_GET_LIB(e) == ERR_LIB_USER &&
		    ERR_GET_REASON(e) == first + i && line == 7 &&
		    strcmp(file, "host.c") == 0 && strcmp(func, "host") == 0 &&
		    strcmp(data, want) == 0;
	}
	is_int(i, count, "%s: so many errors", name);
	is_int(good, count, "as they were");
}

static void
queue_fill(int first, int count)
{
	int i;

	for (i = first; i < first + count; i++) {
		ERR_new();
		ERR_set_debug("host.c", 7, "host");
		ERR_set_error(ERR_LIB_USER, i, "host %d", i);
	}
}

static void
test_queue(void)
{
	struct cx4i_queue q;

	ERR_clear_error();
	cx4i_queue_save(&q);
	queue_fill(50, 3);
	cx4i_queue_restore(&q);
	queue_is(1, 0, "nothing queued");
	queue_fill(1, 20);
	cx4i_queue_enter();
	cx4i_queue_save(&q);
	is_int(ERR_peek_error() == 0, 1, "put aside");
	queue_fill(50, 3);
	cx4i_queue_restore(&q);
	cx4i_queue_leave();
	queue_is(6, 15, "more than OpenSSL keeps");
	/* The host's mark, and ours on top of it. */
	queue_fill(1, 2);
	ERR_set_mark();
	cx4i_queue_enter();
	queue_fill(50, 1);
	cx4i_queue_save(&q);
	ERR_clear_error();
	cx4i_queue_restore(&q);
	queue_fill(60, 2);
	cx4i_queue_leave();
	queue_fill(70, 1);
	is_int(ERR_pop_to_mark(), 1, "the host's mark is there");
	queue_is(1, 2, "marked");
	ERR_raise(ERR_LIB_SYS, 2);
	ERR_set_mark();
	cx4i_queue_save(&q);
	cx4i_queue_restore(&q);
	is_int(ERR_GET_LIB(ERR_peek_error()), ERR_LIB_SYS,
	    "an error of the system");
	is_int(ERR_GET_REASON(ERR_peek_error()), 2, "with its number");
	ERR_clear_error();
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
	test_not_decrypting();
	test_algorithms();
	test_unusable_first();
	test_queue();
	test_texts();
	test_raws();
	test_cut();
	test_limit();
	test_open();
	sample_end();
	return done_testing();
}
