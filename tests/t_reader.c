/*
 * t_reader.c - what the reader makes of messages: good ones in every mode,
 * and every way in which one can be wrong. The bad ones are built by hand,
 * correctly signed wherever it is not the signature that is wrong.
 *
 * SPDX-License-Identifier: ISC
 */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/err.h>

#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define ATTR_TYPE "1.2.840.113549.1.9.3"
#define ATTR_DIGEST "1.2.840.113549.1.9.4"
#define ATTR_TIME "1.2.840.113549.1.9.5"
#define ATTR_COUNTER "1.2.840.113549.1.9.6"
#define ATTR_CERT_V1 "1.2.840.113549.1.9.16.2.12"
#define ATTR_CERT_V2 "1.2.840.113549.1.9.16.2.47"
#define ATTR_PROTECTION "1.2.840.113549.1.9.52"
#define ATTR_PRIVATE "1.3.6.1.4.1.99999.1"

static struct cx4i_buf p22;		/* from alice */

static const struct opening plain = { .mode = CX4_MODE_OPEN };
static const struct opening bobs = { .ids = "bob" };

/* Open; the code, and a sink that ended the right way. */
static void
opens(const struct opening *how, struct cx4i_slice in, int want,
    const char *name, struct outcome *o)
{
	open_message(how, in, o);
	is_int(o->code, want, "%s: %s", name, o->text);
	ok(ended(o, want == CX4_OK), "  %s", want == CX4_OK ?
	    "committed once" : "aborted once, nothing released");
}

/* The same, and what was found is not looked at. */
static void
gives(const struct opening *how, struct cx4i_slice in, int want,
    const char *name)
{
	struct outcome o;

	opens(how, in, want, name, &o);
	outcome_free(&o);
}

static struct cx4i_buf
written(const char *layers)
{
	struct writing m = { .layers = layers,
	    .require = CX4_ALLOW_ORIGINATOR_MISMATCH };

	return message(&m, cx4i_buf_slice(&p22));
}

/* ------------------------------------------------------------ round trips */

/* The lines of a report that writing and reading must agree on. */
static struct cx4i_buf
common_lines(const char *report)
{
	static const char *const parts[] = {
		".type=", ".form=", ".contentType.", ".cipher=",
		"mts.smimeType", "content.octets", "content.originator"
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	char line[1300];
	size_t i, n;

	for (; *report != '\0'; report += n + 1) {
		n = strcspn(report, "\n");
		need(n < sizeof(line), "line");
		memcpy(line, report, n);
		line[n] = '\0';
		/* Recipients and MIME are told by the reader only. */
		if (strstr(line, ".recipients.") != NULL ||
		    strncmp(line, "input.", 6) == 0)
			continue;
		for (i = 0; i < COUNT(parts); i++)
			if (strstr(line, parts[i]) != NULL)
				break;
		if (i < COUNT(parts))
			need(cx4i_buf_add(&b, report, n + 1) == 0, "memory");
	}
	return b;
}

static void
check_round_trip(const char *layers, unsigned int options, int unknown)
{
	struct writing m = { .layers = layers, .options = options,
	    .unknown_length = unknown };
	struct opening how = { .ids = "alice bob carol dave" };
	struct cx4i_buf wrote, read;
	struct outcome w, r;
	char line[60];

	write_message(&m, cx4i_buf_slice(&p22), &w);
	opens(&how, cx4i_buf_slice(&w.sink.octets), CX4_OK, layers, &r);
	is_mem(r.sink.octets.data, r.sink.octets.len, p22.data, p22.len,
	    "  the same content");
	wrote = common_lines(w.report);
	read = common_lines(r.report);
	is_mem(read.data, read.len, wrote.data, wrote.len,
	    "  the same layers as were written");
	snprintf(line, sizeof(line), "input.encoding=%s",
	    options & CX4_WRITE_PEM ? "pem" : options & CX4_WRITE_MIME ?
	    "mime" : unknown ? "ber" : "der");
	ok(says(&r, line), "  %s", line);
	cx4i_buf_free(&wrote);
	cx4i_buf_free(&read);
	outcome_free(&w);
	outcome_free(&r);
}

static void
test_round_trips(void)
{
	static const char *const layers[] = {
		"S:alice", "E:bob", "S:alice E:bob", "E:bob S:alice",
		"S:alice E:carol S:dave", "S:alice E:bob S:carol E:dave S:alice"
	};
	static const unsigned int options[] = {
		0, CX4_WRITE_PEM, CX4_WRITE_MIME, CX4_WRITE_MIME | CX4_WRITE_LF,
		CX4_WRITE_SKI, CX4_WRITE_RSA_PSS | CX4_WRITE_RSA_OAEP
	};
	size_t i, j;

	for (i = 0; i < COUNT(layers); i++)
		for (j = 0; j < 2 * COUNT(options); j++)
			check_round_trip(layers[i], options[j / 2],
			    (int)(j % 2));
}

/* ------------------------------------------------------------------- modes */

/* What a mode gives is this. */
static void
mode_gives(struct opening how, const struct cx4i_buf *msg,
    struct cx4i_slice want, const char *name)
{
	struct outcome o;

	opens(&how, cx4i_buf_slice(msg), CX4_OK, name, &o);
	is_mem(o.sink.octets.data, o.sink.octets.len, want.data, want.len,
	    "  gives the right octets");
	outcome_free(&o);
}

/* VERIFY: through signatures, up to the first encryption. */
static void
test_verify_mode(void)
{
	struct opening how = { .mode = CX4_MODE_VERIFY };
	struct writing nest = { .layers = "S:carol",
	    .options = CX4_WRITE_NEST };
	struct cx4i_buf msg, inner, outer;
	struct cx4i_slice bare;

	msg = written("S:alice");
	mode_gives(how, &msg, cx4i_buf_slice(&p22), "verify: one signature");
	cx4i_buf_free(&msg);
	msg = written("S:alice S:carol");
	mode_gives(how, &msg, cx4i_buf_slice(&p22), "verify: two layers");
	cx4i_buf_free(&msg);

	inner = written("S:alice E:bob");
	outer = message(&nest, cx4i_buf_slice(&inner));
	mode_gives(how, &outer, cx4i_buf_slice(&inner),
	    "verify: an EnvelopedData inside, as ContentInfo");
	bare = bare_value(cx4i_buf_slice(&inner), OID_ENVELOPED);
	how.bare = 1;
	mode_gives(how, &outer, bare, "verify: ... and bare");
	gives(&how, cx4i_buf_slice(&inner), CX4_E_UNSIGNED,
	    "verify: encrypted outside");
	cx4i_buf_free(&outer);
	cx4i_buf_free(&inner);
}

/* DECRYPT: one EnvelopedData, outermost. */
static void
test_decrypt_mode(void)
{
	struct opening how = { .mode = CX4_MODE_DECRYPT, .ids = "bob" };
	struct writing nest = { .layers = "E:bob", .options = CX4_WRITE_NEST };
	struct cx4i_buf msg, inner, outer;

	msg = written("E:bob");
	mode_gives(how, &msg, cx4i_buf_slice(&p22), "decrypt: content");
	how.ids = "dave";
	gives(&how, cx4i_buf_slice(&msg), CX4_E_NO_KEY, "decrypt: no key");
	how.ids = "bob";
	cx4i_buf_free(&msg);
	inner = written("S:alice");
	outer = message(&nest, cx4i_buf_slice(&inner));
	mode_gives(how, &outer, cx4i_buf_slice(&inner),
	    "decrypt: a SignedData inside, as ContentInfo");
	how.bare = 1;
	mode_gives(how, &outer, bare_value(cx4i_buf_slice(&inner),
	    OID_SIGNED), "decrypt: ... and bare");
	gives(&how, cx4i_buf_slice(&inner), CX4_E_STRUCTURE,
	    "decrypt: a signed message");
	cx4i_buf_free(&outer);
	cx4i_buf_free(&inner);
	/* An inner value of indefinite length keeps its octets. */
	inner = message(&(struct writing){ .layers = "S:alice",
	    .unknown_length = 1 }, cx4i_buf_slice(&p22));
	outer = message(&nest, cx4i_buf_slice(&inner));
	how.bare = 0;
	mode_gives(how, &outer, cx4i_buf_slice(&inner),
	    "decrypt: BER inside, as ContentInfo");
	cx4i_buf_free(&outer);
	cx4i_buf_free(&inner);
}

/* INSPECT verifies nothing, needs no key and no trust, and has no sink. */
static void
test_inspect_mode(void)
{
	struct opening how = { .mode = CX4_MODE_INSPECT, .trust = "",
	    .no_sink = 1 };
	struct cx4i_buf msg = written("S:alice E:bob S:carol");
	struct outcome o;

	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_OK, "inspect: %s", o.text);
	ok(says(&o, "layers.1.type=envelopedData") &&
	    strstr(o.report, "\nlayers.2") == NULL, "two layers can be seen");
	ok(says(&o, "layers.0.signers.0.verdicts.signature=not-checked") &&
	    says(&o, "layers.0.signers.0.verdicts.path=not-checked"),
	    "nothing is judged");
	ok(says(&o, "layers.0.signers.0.attributes.contentHints.oid=" P22),
	    "contentHints is shown");
	ok(says(&o, "mts.smimeType=signed-x400"),
	    "and tells what is inside");
	outcome_free(&o);
	cx4i_buf_free(&msg);

	msg = written("S:alice");
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_OK, "inspect: %s", o.text);
	ok(says(&o, "content.originatorCheck=not-checked") &&
	    strstr(o.report, "S=Eggen") != NULL,
	    "the heading is shown, and not compared");
	outcome_free(&o);
	msg.data[msg.len - 5] ^= 1;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_OK, "a bad signature is not noticed");
	outcome_free(&o);
	how.no_sink = 0;
	gives(&how, cx4i_buf_slice(&msg), CX4_E_USAGE,
	    "no unverified content goes to a sink");
	cx4i_buf_free(&msg);
}

/* Only modes that decrypt touch a key, though one was added. */
static void
test_no_key_used(void)
{
	struct opening how = { .mode = CX4_MODE_VERIFY, .ids = "bob" };
	struct cx4i_buf msg = written("S:alice E:bob");
	struct outcome o;

	opens(&how, cx4i_buf_slice(&msg), CX4_E_UNSIGNED,
	    "verify with a key: encrypted outside", &o);
	ok(o.sink.octets.len == 0 &&
	    strstr(o.report, ".used=true\n") == NULL &&
	    strstr(o.report, "\nlayers.1") == NULL, "  nothing is decrypted");
	outcome_free(&o);
	how.mode = CX4_MODE_STRIP;
	opens(&how, cx4i_buf_slice(&msg), CX4_OK, "strip with a key", &o);
	ok(strstr(o.report, ".used=true\n") == NULL &&
	    strstr(o.report, "\nlayers.1") == NULL, "  nothing is decrypted");
	outcome_free(&o);
	how.mode = CX4_MODE_INSPECT;
	how.no_sink = 1;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_OK, "inspect with a key");
	ok(strstr(o.report, ".used=true\n") != NULL &&
	    says(&o, "layers.1.type=signedData") &&
	    says(&o, "layers.1.signers.0.verdicts.signature=not-checked"),
	    "  looks inside and verifies nothing");
	outcome_free(&o);
	how.ids = "dave";
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_OK, "inspect with another's key");
	outcome_free(&o);
	cx4i_buf_free(&msg);
}

/* STRIP gives the octets inside the wrapper, and no others. */
static void
test_strip_mode(void)
{
	static const char *const layers[] = {
		"S:alice", "S:alice S:bob", "E:bob S:alice"
	};
	struct opening how = { .mode = CX4_MODE_STRIP, .trust = "" };
	struct writing m = { .require = CX4_ALLOW_ORIGINATOR_MISMATCH };
	struct cx4i_buf der, msg;
	struct outcome o;
	size_t i;

	for (i = 0; i < COUNT(layers); i++) {
		m.layers = layers[i];
		m.options = CX4_WRITE_MIME;
		msg = message(&m, cx4i_buf_slice(&p22));
		opens(&how, cx4i_buf_slice(&msg), CX4_OK, "strip", &o);
		der = o.sink.octets;
		memset(&o.sink.octets, 0, sizeof(der));
		outcome_free(&o);
		opens(&(struct opening){ .ids = "bob" },
		    cx4i_buf_slice(&der), CX4_OK, "  what is stripped", &o);
		is_mem(o.sink.octets.data, o.sink.octets.len, p22.data,
		    p22.len, "  holds the content");
		outcome_free(&o);
		cx4i_buf_free(&msg);
		m.options = 0;
		mode_gives(how, &der, cx4i_buf_slice(&der),
		    "strip of what has no wrapper");
		cx4i_buf_free(&der);
	}
	/* The wrapper lies about what can be seen. */
	m.layers = "S:alice";
	m.options = CX4_WRITE_MIME;
	m.smime_type = "enveloped-x400";
	msg = message(&m, cx4i_buf_slice(&p22));
	gives(&how, cx4i_buf_slice(&msg), CX4_E_WRAPPER, "a lying smime-type");
	opens(&plain, cx4i_buf_slice(&msg), CX4_OK, "opened it is", &o);
	ok(warned(&o, CX4_W_SMIME_TYPE), "  a warning");
	outcome_free(&o);
	cx4i_buf_free(&msg);
}

static void
test_content_mode(void)
{
	struct opening how = { .mode = CX4_MODE_CONTENT, .type = "22",
	    .no_sink = 1 };
	struct cx4i_buf wrapped;
	struct outcome o;

	open_message(&how, cx4i_buf_slice(&p22), &o);
	is_int(o.code, CX4_OK, "content: %s", o.text);
	ok(says(&o, "content.type.name=p22") &&
	    says(&o, "content.subject=subject"), "its heading is read");
	outcome_free(&o);
	how.type = NULL;
	open_message(&how, cx4i_buf_slice(&p22), &o);
	is_int(o.code, CX4_E_CONTENT_TYPE, "content without a type: %s",
	    o.text);
	outcome_free(&o);
	wrapped = message(&(struct writing){ .layers = "",
	    .options = CX4_WRITE_MIME }, cx4i_buf_slice(&p22));
	mode_gives(plain, &wrapped, cx4i_buf_slice(&p22),
	    "content in its own wrapper (R-3.5-1)");
	opens(&plain, cx4i_buf_slice(&wrapped), CX4_OK, "which is", &o);
	ok(warned(&o, CX4_W_UNSIGNED) && !warned(&o, CX4_W_NO_INTEGRITY),
	    "  unsigned, and says so");
	outcome_free(&o);
	cx4i_buf_free(&wrapped);
}

/* ------------------------------------------------------------ forged ones */

static void
put_oid_attr(struct cx4i_der *d, const char *attr, const char *oid)
{
	struct cx4i_der v;

	cx4i_der_init(&v);
	cx4i_der_oid_text(&v, oid);
	put_attribute(d, attr, cx4i_buf_slice(&v.buf));
	cx4i_der_free(&v);
}

static void
put_digest_attr(struct cx4i_der *d, struct cx4i_slice content)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct cx4i_der v;
	size_t n = 0;

	need(EVP_Q_digest(NULL, "SHA256", NULL, content.data, content.len, md,
	    &n), "digest");
	cx4i_der_init(&v);
	cx4i_der_value(&v, CX4I_OCTET_STRING, md, n);
	put_attribute(d, ATTR_DIGEST, cx4i_buf_slice(&v.buf));
	cx4i_der_free(&v);
}

static void
put_time_attr(struct cx4i_der *d)
{
	struct cx4i_der v;

	cx4i_der_init(&v);
	cx4i_der_time(&v, SAMPLE_TIME);
	put_attribute(d, ATTR_TIME, cx4i_buf_slice(&v.buf));
	cx4i_der_free(&v);
}

/* contentType and messageDigest: what a signature needs. */
static void
put_needed(struct cx4i_der *d, const char *type, struct cx4i_slice content)
{
	put_oid_attr(d, ATTR_TYPE, type);
	put_digest_attr(d, content);
}

struct forgery {
	const char *type;		/* NULL: P22 */
	struct cx4i_slice content;	/* empty: p22 */
	struct signer_spec signer;	/* .who NULL: alice */
	const char *certs;		/* NULL: "alice int" */
	const char *digests;		/* OID, NULL: SHA-256 */
};

static void
add_named_cert(void *arg, const char *name)
{
	unsigned char *p = NULL;
	int n = i2d_X509(cx4_id_cert(who(name)), &p);

	need(n > 0, name);
	cx4i_der_raw(arg, p, (size_t)n);
	OPENSSL_free(p);
}

/* A bare SignedData with one SignerInfo as told; certificates in order. */
static struct cx4i_buf
forged_bare(const struct forgery *f)
{
	struct signer_spec s = f->signer;
	struct cx4i_der digests, type, certs, version;
	struct cx4i_buf info, all;
	struct signed_parts p;

	memset(&p, 0, sizeof(p));
	p.content = f->content.data != NULL ? f->content :
	    cx4i_buf_slice(&p22);
	p.has_content = 1;
	if (s.who == NULL)
		s.who = "alice";
	info = signer_info(&s, p.content);
	p.signers = cx4i_buf_slice(&info);
	cx4i_der_init(&version);
	cx4i_der_uint(&version, 3);
	p.version = cx4i_buf_slice(&version.buf);
	cx4i_der_init(&digests);
	cx4i_der_open(&digests, CX4I_SET);
	put_algorithm(&digests, f->digests != NULL ? f->digests :
	    "2.16.840.1.101.3.4.2.1", 0);
	cx4i_der_close(&digests);
	p.digests = cx4i_buf_slice(&digests.buf);
	cx4i_der_init(&type);
	cx4i_der_oid_text(&type, f->type != NULL ? f->type : P22);
	p.type = cx4i_buf_slice(&type.buf);
	cx4i_der_init(&certs);
	cx4i_der_open(&certs, CX4I_CONTEXT_C(0));
	for_words(f->certs != NULL ? f->certs : "alice int", add_named_cert,
	    &certs);
	cx4i_der_close(&certs);
	p.certs = cx4i_buf_slice(&certs.buf);
	all = bare_signed(&p);
	cx4i_der_free(&version);
	cx4i_der_free(&digests);
	cx4i_der_free(&type);
	cx4i_der_free(&certs);
	cx4i_buf_free(&info);
	return all;
}

static struct cx4i_buf
forged(const struct forgery *f)
{
	struct cx4i_buf bare = forged_bare(f), all;

	all = content_info(OID_SIGNED, cx4i_buf_slice(&bare));
	cx4i_buf_free(&bare);
	return all;
}

static void
forgery_gives(const struct forgery *f, int want, const char *name)
{
	struct cx4i_buf msg = forged(f);

	gives(&plain, cx4i_buf_slice(&msg), want, name);
	cx4i_buf_free(&msg);
}

/* --------------------------------------------------- attributes of a signer */

struct attr_case {
	const char *name;
	int want;
	/* Builds signed attributes; `u` takes unsigned ones. */
	void (*build)(struct cx4i_der *d, struct cx4i_der *u);
};

static void
needed(struct cx4i_der *d)
{
	put_needed(d, P22, cx4i_buf_slice(&p22));
}

static void
just_needed(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	needed(d);
}

static void
no_type(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	put_digest_attr(d, cx4i_buf_slice(&p22));
}

static void
no_digest(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	put_oid_attr(d, ATTR_TYPE, P22);
}

static void
no_attributes(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)d;
	(void)u;
}

static void
other_type(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	put_needed(d, "2.6.1.10.0", cx4i_buf_slice(&p22));
}

static void
other_digest(struct cx4i_der *d, struct cx4i_der *u)
{
	struct cx4i_slice s = cx4i_buf_slice(&p22);

	(void)u;
	s.len--;
	put_needed(d, P22, s);
}

static void
long_digest(struct cx4i_der *d, struct cx4i_der *u)
{
	uint8_t zeros[64] = { 0 };
	struct cx4i_der v;

	(void)u;
	put_oid_attr(d, ATTR_TYPE, P22);
	cx4i_der_init(&v);
	cx4i_der_value(&v, CX4I_OCTET_STRING, zeros, sizeof(zeros));
	put_attribute(d, ATTR_DIGEST, cx4i_buf_slice(&v.buf));
	cx4i_der_free(&v);
}

static void
twice_type(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	needed(d);
	put_oid_attr(d, ATTR_TYPE, P22);
}

static void
twice_time(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	needed(d);
	put_time_attr(d);
	put_time_attr(d);
}

static void
two_values(struct cx4i_der *d, struct cx4i_der *u)
{
	struct cx4i_der v;

	(void)u;
	put_digest_attr(d, cx4i_buf_slice(&p22));
	cx4i_der_init(&v);
	cx4i_der_oid_text(&v, P22);
	cx4i_der_oid_text(&v, P22);
	put_attribute(d, ATTR_TYPE, cx4i_buf_slice(&v.buf));
	cx4i_der_free(&v);
}

static void
no_value(struct cx4i_der *d, struct cx4i_der *u)
{
	struct cx4i_slice none = { NULL, 0 };

	(void)u;
	needed(d);
	put_attribute(d, ATTR_TIME, none);
}

static void
wrong_kind(struct cx4i_der *d, struct cx4i_der *u)
{
	static const uint8_t value[] = { 0x0c, 1, 'x' };
	struct cx4i_slice s = { value, sizeof(value) };

	(void)u;
	put_digest_attr(d, cx4i_buf_slice(&p22));
	put_attribute(d, ATTR_TYPE, s);
}

static void
time_unsigned(struct cx4i_der *d, struct cx4i_der *u)
{
	needed(d);
	put_time_attr(u);
}

static void
type_unsigned(struct cx4i_der *d, struct cx4i_der *u)
{
	needed(d);
	put_oid_attr(u, ATTR_TYPE, P22);
}

static void
digest_unsigned_only(struct cx4i_der *d, struct cx4i_der *u)
{
	put_oid_attr(d, ATTR_TYPE, P22);
	put_digest_attr(u, cx4i_buf_slice(&p22));
}

static void
counter_signed(struct cx4i_der *d, struct cx4i_der *u)
{
	static const uint8_t value[] = { 0x30, 0 };
	struct cx4i_slice s = { value, sizeof(value) };

	(void)u;
	needed(d);
	put_attribute(d, ATTR_COUNTER, s);
}

static void
counters_unsigned(struct cx4i_der *d, struct cx4i_der *u)
{
	static const uint8_t value[] = { 0x30, 0, 0x30, 0 };
	struct cx4i_slice s = { value, sizeof(value) };

	needed(d);
	put_attribute(u, ATTR_COUNTER, s);
	put_attribute(u, ATTR_COUNTER, s);
}

static void
private_ones(struct cx4i_der *d, struct cx4i_der *u)
{
	needed(d);
	put_oid_attr(d, ATTR_PRIVATE, P22);
	put_oid_attr(u, ATTR_PRIVATE, P22);
}

/* CMSAlgorithmProtection: rsaEncryption with a digest. */
static void
put_protection(struct cx4i_der *d, const char *digest)
{
	struct cx4i_der v;

	needed(d);
	cx4i_der_init(&v);
	cx4i_der_open(&v, CX4I_SEQUENCE);
	put_algorithm(&v, digest, 0);
	cx4i_der_open(&v, CX4I_CONTEXT_C(1));
	cx4i_der_oid_text(&v, "1.2.840.113549.1.1.1");
	cx4i_der_null(&v);
	cx4i_der_close(&v);
	cx4i_der_close(&v);
	put_attribute(d, ATTR_PROTECTION, cx4i_buf_slice(&v.buf));
	cx4i_der_free(&v);
}

static void
right_protection(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	put_protection(d, "2.16.840.1.101.3.4.2.1");
}

static void
wrong_protection(struct cx4i_der *d, struct cx4i_der *u)
{
	(void)u;
	put_protection(d, "2.16.840.1.101.3.4.2.3");
}

static const struct attr_case attr_cases[] = {
	{ "CMSAlgorithmProtection", CX4_OK, right_protection },
	{ "CMSAlgorithmProtection of another digest", CX4_E_ATTRIBUTE,
	    wrong_protection },
	{ "what a signature needs", CX4_OK, just_needed },
	{ "unknown attributes (R-2.5-9)", CX4_OK, private_ones },
	{ "counterSignatures, unsigned", CX4_OK, counters_unsigned },
	{ "contentType absent", CX4_E_ATTRIBUTE, no_type },
	{ "messageDigest absent", CX4_E_ATTRIBUTE, no_digest },
	{ "an empty set of attributes", CX4_E_ATTRIBUTE, no_attributes },
	{ "contentType of another type", CX4_E_TYPE_MISMATCH, other_type },
	{ "messageDigest of other content", CX4_E_DIGEST, other_digest },
	{ "messageDigest of another length", CX4_E_DIGEST, long_digest },
	{ "contentType twice", CX4_E_ATTRIBUTE, twice_type },
	{ "signingTime twice", CX4_E_ATTRIBUTE, twice_time },
	{ "contentType with two values", CX4_E_ATTRIBUTE, two_values },
	{ "signingTime without a value", CX4_E_ATTRIBUTE, no_value },
	{ "contentType of another kind", CX4_E_ATTRIBUTE, wrong_kind },
	{ "signingTime unsigned", CX4_E_ATTRIBUTE, time_unsigned },
	{ "contentType signed and unsigned", CX4_E_ATTRIBUTE, type_unsigned },
	{ "messageDigest unsigned only", CX4_E_ATTRIBUTE,
	    digest_unsigned_only },
	{ "counterSignature signed", CX4_E_ATTRIBUTE, counter_signed },
};

static void
test_attributes(void)
{
	struct forgery f;
	struct cx4i_der d, u;
	size_t i;

	for (i = 0; i < COUNT(attr_cases); i++) {
		memset(&f, 0, sizeof(f));
		cx4i_der_init(&d);
		cx4i_der_init(&u);
		attr_cases[i].build(&d, &u);
		f.signer.attrs = cx4i_buf_slice(&d.buf);
		f.signer.unsigned_attrs = cx4i_buf_slice(&u.buf);
		forgery_gives(&f, attr_cases[i].want, attr_cases[i].name);
		cx4i_der_free(&d);
		cx4i_der_free(&u);
	}
}

static void
test_unknown_attribute(void)
{
	struct forgery f;
	struct cx4i_der d, u;
	struct cx4i_buf msg;
	struct outcome o;

	memset(&f, 0, sizeof(f));
	cx4i_der_init(&d);
	cx4i_der_init(&u);
	private_ones(&d, &u);
	f.signer.attrs = cx4i_buf_slice(&d.buf);
	f.signer.unsigned_attrs = cx4i_buf_slice(&u.buf);
	msg = forged(&f);
	open_message(&plain, cx4i_buf_slice(&msg), &o);
	ok(warned(&o, CX4_W_UNKNOWN_ATTRIBUTE) && says(&o,
	    "layers.0.signers.0.attributes.unknown.0=" ATTR_PRIVATE) &&
	    says(&o, "layers.0.signers.0.attributes.unsigned.0=" ATTR_PRIVATE),
	    "unknown attributes are listed, and the signed one shown");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	cx4i_der_free(&d);
	cx4i_der_free(&u);
}

/* -------------------------------------------------- relabelled, substituted */

/* Take a message apart and put it together with one part changed. */
static void
test_relabelled(void)
{
	struct cx4i_buf msg = written("S:alice"), bad;
	struct cx4i_der type;
	struct signed_parts p;

	take_signed(bare_value(cx4i_buf_slice(&msg), OID_SIGNED), &p);
	bad = whole_signed(&p);
	is_mem(bad.data, bad.len, msg.data, msg.len,
	    "taken apart and put together: the same");
	cx4i_buf_free(&bad);

	cx4i_der_init(&type);
	cx4i_der_oid_text(&type, "1.3.26.0.4406.0.4.1");
	p.type = cx4i_buf_slice(&type.buf);
	bad = whole_signed(&p);
	gives(&plain, cx4i_buf_slice(&bad), CX4_E_TYPE_MISMATCH,
	    "a P22 relabelled as P772");
	cx4i_buf_free(&bad);
	cx4i_der_free(&type);
	cx4i_der_init(&type);
	cx4i_der_oid_text(&type, OID_DATA);
	p.type = cx4i_buf_slice(&type.buf);
	bad = whole_signed(&p);
	gives(&plain, cx4i_buf_slice(&bad), CX4_E_TYPE_MISMATCH,
	    "a P22 relabelled as id-data");
	cx4i_buf_free(&bad);
	cx4i_der_free(&type);
	cx4i_buf_free(&msg);
}

static void
test_no_signer(void)
{
	struct cx4i_buf msg = written("S:alice"), bad;
	struct cx4i_slice none = { NULL, 0 };
	struct signed_parts p, q;

	take_signed(bare_value(cx4i_buf_slice(&msg), OID_SIGNED), &p);
	q = p;
	q.signers = none;
	bad = whole_signed(&q);
	gives(&plain, cx4i_buf_slice(&bad), CX4_E_NO_SIGNER, "no SignerInfo");
	gives(&(struct opening){ .require = CX4_REQUIRE_ANY_SIGNER },
	    cx4i_buf_slice(&bad), CX4_E_NO_SIGNER, "... if any will do");
	gives(&(struct opening){ .mode = CX4_MODE_VERIFY },
	    cx4i_buf_slice(&bad), CX4_E_NO_SIGNER, "... by verify");
	cx4i_buf_free(&bad);
	q.has_content = 0;
	bad = whole_signed(&q);
	gives(&plain, cx4i_buf_slice(&bad), CX4_E_CERTS_ONLY,
	    "certificates only");
	cx4i_buf_free(&bad);
	q = p;
	q.has_content = 0;
	bad = whole_signed(&q);
	gives(&plain, cx4i_buf_slice(&bad), CX4_E_STRUCTURE,
	    "a detached signature (R-3-1)");
	cx4i_buf_free(&bad);
	q = p;
	q.certs = none;
	bad = whole_signed(&q);
	gives(&plain, cx4i_buf_slice(&bad), CX4_E_NO_CERTIFICATE,
	    "no certificate");
	cx4i_buf_free(&bad);
	cx4i_buf_free(&msg);
}

/*
 * The signature of a message with attributes is over their DER. Presented
 * as content, without attributes, they have a good signature.
 */
static void
test_attributes_as_content(void)
{
	static const char *const types[] = {
		P22, OID_DATA, "1.2.3.4"
	};
	struct cx4i_buf msg = written("S:alice"), bad;
	struct cx4i_slice in, si, set, body;
	struct cx4i_der content, info, type;
	struct signed_parts p;
	struct cx4i_tlv t;
	size_t i;

	take_signed(bare_value(cx4i_buf_slice(&msg), OID_SIGNED), &p);
	in = p.signers;
	body = element(&in, CX4I_SEQUENCE, NULL);
	cx4i_der_init(&info);
	cx4i_der_open(&info, CX4I_SEQUENCE);
	for (i = 0; i < 3; i++) {
		need(cx4i_tlv_next(&body, &t) == 1, "SignerInfo");
		cx4i_der_slice(&info, t.whole);
	}
	set = element(&body, CX4I_CONTEXT_C(0), NULL);
	cx4i_der_slice(&info, body);
	cx4i_der_close(&info);
	cx4i_der_init(&content);
	cx4i_der_value(&content, CX4I_SET, set.data, set.len);
	p.content = cx4i_buf_slice(&content.buf);
	si = cx4i_buf_slice(&info.buf);
	p.signers = si;
	for (i = 0; i < COUNT(types); i++) {
		cx4i_der_init(&type);
		cx4i_der_oid_text(&type, types[i]);
		p.type = cx4i_buf_slice(&type.buf);
		bad = whole_signed(&p);
		note("attributes as content of type %s", types[i]);
		gives(&plain, cx4i_buf_slice(&bad), CX4_E_ATTRIBUTE,
		    "attributes presented as content");
		cx4i_buf_free(&bad);
		cx4i_der_free(&type);
	}
	cx4i_der_free(&content);
	cx4i_der_free(&info);
	cx4i_buf_free(&msg);
}

/* RFC 5652 section 5.3: attributes may be absent around id-data alone. */
static void
test_without_attributes(void)
{
	struct forgery f;
	struct cx4i_slice text = { (const uint8_t *)"1. Hello.", 9 };

	memset(&f, 0, sizeof(f));
	f.signer.no_attrs = 1;
	forgery_gives(&f, CX4_E_ATTRIBUTE, "a P22 signed without attributes");
	f.type = OID_DATA;
	f.content = text;
	forgery_gives(&f, CX4_OK, "id-data signed without attributes");
	f.signer.key = "bob";
	forgery_gives(&f, CX4_E_SIGNATURE, "... by another key");
}

static void
test_versions(void)
{
	static const struct {
		int ski;
		unsigned int version;
		int want;
	} cases[] = {
		{ 0, 1, CX4_OK }, { 1, 3, CX4_OK },
		{ 0, 3, CX4_E_SIGNER_VERSION }, { 1, 1, CX4_E_SIGNER_VERSION },
		{ 0, 2, CX4_E_SIGNER_VERSION }, { 1, 4, CX4_E_SIGNER_VERSION },
	};
	struct forgery f;
	struct cx4i_der d;
	char name[80];
	size_t i;

	memset(&f, 0, sizeof(f));
	cx4i_der_init(&d);
	needed(&d);
	f.signer.attrs = cx4i_buf_slice(&d.buf);
	for (i = 0; i < COUNT(cases); i++) {
		f.signer.ski = cases[i].ski;
		f.signer.version = cases[i].version;
		snprintf(name, sizeof(name), "SignerInfo version %u with %s",
		    cases[i].version, cases[i].ski ? "key identifier" :
		    "issuer and serial number");
		forgery_gives(&f, cases[i].want, name);
	}
	cx4i_der_free(&d);
}

static void
test_algorithms(void)
{
	struct forgery f;
	struct cx4i_der d;

	memset(&f, 0, sizeof(f));
	cx4i_der_init(&d);
	needed(&d);
	f.signer.attrs = cx4i_buf_slice(&d.buf);
	f.digests = "1.3.14.3.2.26";
	forgery_gives(&f, CX4_E_ALGORITHM,
	    "the digest is not in digestAlgorithms");
	f.digests = NULL;
	f.signer.signature_oid = "1.2.3.4.5";
	forgery_gives(&f, CX4_E_ALGORITHM, "an unknown signature algorithm");
	f.signer.signature_oid = "1.2.840.113549.1.1.11";
	forgery_gives(&f, CX4_OK, "sha256WithRSAEncryption");
	f.signer.signature_oid = "1.2.840.10045.4.3.2";
	forgery_gives(&f, CX4_E_SIGNATURE, "ECDSA with an RSA key");
	f.signer.signature_oid = NULL;
	f.signer.digest_oid = f.digests = "1.2.3.4.5";
	forgery_gives(&f, CX4_E_ALGORITHM, "an unknown digest");
	f.signer.digest_oid = f.digests = "1.2.840.113549.2.5";
	forgery_gives(&f, CX4_E_ALGORITHM, "MD5");
	cx4i_der_free(&d);
}

/* --------------------------------------------------- signing certificates */

/* SigningCertificate or ...V2 with the hash of `user`, issuer of `issuer`. */
static void
put_signing_certificate(struct cx4i_der *d, int v2, const char *user,
    const char *issuer)
{
	unsigned char md[EVP_MAX_MD_SIZE], *p = NULL;
	X509 *x = cx4_id_cert(who(user));
	struct cx4i_der v;
	unsigned int n = 0;
	int len;

	cx4i_der_init(&v);
	cx4i_der_open(&v, CX4I_SEQUENCE);
	cx4i_der_open(&v, CX4I_SEQUENCE);
	cx4i_der_open(&v, CX4I_SEQUENCE);
	need(X509_digest(x, v2 ? EVP_sha256() : EVP_sha1(), md, &n), "hash");
	cx4i_der_value(&v, CX4I_OCTET_STRING, md, n);
	if (issuer != NULL) {
		x = cx4_id_cert(who(issuer));
		cx4i_der_open(&v, CX4I_SEQUENCE);
		cx4i_der_open(&v, CX4I_SEQUENCE);
		cx4i_der_open(&v, CX4I_CONTEXT_C(4));
		need((len = i2d_X509_NAME(X509_get_issuer_name(x), &p)) > 0,
		    "issuer");
		cx4i_der_raw(&v, p, (size_t)len);
		OPENSSL_free(p);
		p = NULL;
		cx4i_der_close(&v);
		cx4i_der_close(&v);
		need((len = i2d_ASN1_INTEGER(X509_get_serialNumber(x),
		    &p)) > 0, "serial");
		cx4i_der_raw(&v, p, (size_t)len);
		OPENSSL_free(p);
		cx4i_der_close(&v);
	}
	cx4i_der_close(&v);
	cx4i_der_close(&v);
	cx4i_der_close(&v);
	need(cx4i_der_ok(&v), "signingCertificate");
	put_attribute(d, v2 ? ATTR_CERT_V2 : ATTR_CERT_V1,
	    cx4i_buf_slice(&v.buf));
	cx4i_der_free(&v);
}

static void
test_signing_certificate(void)
{
	static const struct {
		const char *name;
		const char *v1, *v1_issuer, *v2, *v2_issuer;
		int want;
	} cases[] = {
		{ "V2", NULL, NULL, "alice", "alice", CX4_OK },
		{ "V2 without issuer", NULL, NULL, "alice", NULL, CX4_OK },
		{ "V1", "alice", "alice", NULL, NULL, CX4_OK },
		{ "both", "alice", NULL, "alice", "alice", CX4_OK },
		{ "V2 of bob", NULL, NULL, "bob", "bob",
		    CX4_E_SIGNING_CERTIFICATE },
		{ "V2 with bob's issuer and serial number", NULL, NULL,
		    "alice", "bob", CX4_E_SIGNING_CERTIFICATE },
		{ "V2 with bob's hash", NULL, NULL, "bob", "alice",
		    CX4_E_SIGNING_CERTIFICATE },
		{ "V2 right and V1 wrong", "bob", NULL, "alice", "alice",
		    CX4_E_SIGNING_CERTIFICATE },
		{ "V1 right and V2 wrong", "alice", "alice", "bob", NULL,
		    CX4_E_SIGNING_CERTIFICATE },
		{ "the twin's hash, which has the same issuer and serial",
		    NULL, NULL, "twin", "twin", CX4_E_SIGNING_CERTIFICATE },
	};
	static const uint8_t nonsense[] = { 0x30, 3, 2, 1, 5 };
	struct cx4i_slice s = { nonsense, sizeof(nonsense) };
	struct forgery f;
	struct cx4i_der d;
	char name[120];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		memset(&f, 0, sizeof(f));
		cx4i_der_init(&d);
		needed(&d);
		if (cases[i].v1 != NULL)
			put_signing_certificate(&d, 0, cases[i].v1,
			    cases[i].v1_issuer);
		if (cases[i].v2 != NULL)
			put_signing_certificate(&d, 1, cases[i].v2,
			    cases[i].v2_issuer);
		f.signer.attrs = cx4i_buf_slice(&d.buf);
		snprintf(name, sizeof(name), "signingCertificate: %s",
		    cases[i].name);
		forgery_gives(&f, cases[i].want, name);
		cx4i_der_free(&d);
	}
	memset(&f, 0, sizeof(f));
	cx4i_der_init(&d);
	needed(&d);
	put_attribute(&d, ATTR_CERT_V2, s);
	f.signer.attrs = cx4i_buf_slice(&d.buf);
	forgery_gives(&f, CX4_E_SIGNING_CERTIFICATE,
	    "signingCertificate that cannot be decoded");
	cx4i_der_free(&d);
}

/*
 * Two certificates with the same issuer and serial number: the one with
 * which the signature verifies is meant, wherever it stands.
 */
static void
test_twins(void)
{
	static const struct {
		const char *certs, *signer, *named;
		int want;
		const char *subject;
	} cases[] = {
		{ "alice twin int", "alice", NULL, CX4_OK, "CN=alice" },
		{ "twin alice int", "alice", NULL, CX4_OK, "CN=alice" },
		{ "twin alice int", "alice", "alice", CX4_OK, "CN=alice" },
		{ "alice twin int", "twin", "twin", CX4_E_ORIGINATOR,
		    "CN=twin" },
		{ "twin int", "alice", NULL, CX4_E_SIGNATURE, "CN=twin" },
		{ "twin int", "alice", "alice", CX4_E_SIGNATURE, "CN=twin" },
		{ "twin alice int", "twin", "alice",
		    CX4_E_SIGNING_CERTIFICATE, "CN=twin" },
		{ "twin alice int", "alice", "twin",
		    CX4_E_SIGNING_CERTIFICATE, "CN=alice" },
	};
	struct cx4i_buf msg;
	struct outcome o;
	struct forgery f;
	struct cx4i_der d;
	char line[100];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		memset(&f, 0, sizeof(f));
		cx4i_der_init(&d);
		needed(&d);
		if (cases[i].named != NULL)
			put_signing_certificate(&d, 1, cases[i].named,
			    cases[i].named);
		f.signer.who = cases[i].signer;
		f.signer.attrs = cx4i_buf_slice(&d.buf);
		f.certs = cases[i].certs;
		msg = forged(&f);
		/* The twin's certificate is as old as the PKI. */
		opens(&(struct opening){ .when = (int64_t)time(NULL) + 60 },
		    cx4i_buf_slice(&msg), cases[i].want, cases[i].certs, &o);
		snprintf(line, sizeof(line), "layers.0.signers.0.certificate."
		    "subject=%s,O=cmsx400 test,C=NO", cases[i].subject);
		ok(says(&o, line), "  judged by the certificate of %s",
		    cases[i].subject);
		outcome_free(&o);
		cx4i_buf_free(&msg);
		cx4i_der_free(&d);
	}
}

/* ---------------------------------------------------------------- structure */

/* R-2.4-1: CMS types that are not used are named and not opened. */
static void
test_forbidden_types(void)
{
	static const struct {
		const char *oid;
		int outermost, inside;
	} types[] = {
		{ OID_DATA, CX4_E_FORBIDDEN_TYPE, CX4_OK },
		{ "1.2.840.113549.1.7.5", CX4_E_FORBIDDEN_TYPE,
		    CX4_E_FORBIDDEN_TYPE },
		{ "1.2.840.113549.1.7.6", CX4_E_FORBIDDEN_TYPE,
		    CX4_E_FORBIDDEN_TYPE },
		{ "1.2.840.113549.1.9.16.1.2", CX4_E_FORBIDDEN_TYPE,
		    CX4_E_FORBIDDEN_TYPE },
		{ "1.2.840.113549.1.9.16.1.9", CX4_E_FORBIDDEN_TYPE,
		    CX4_E_FORBIDDEN_TYPE },
		{ "1.2.3.4", CX4_E_NOT_CMS, CX4_OK },
		{ P22, CX4_E_NOT_CMS, CX4_OK },
	};
	static const uint8_t value[] = { 0x30, 3, 2, 1, 0 };
	struct cx4i_slice s = { value, sizeof(value) };
	struct cx4i_buf msg;
	struct forgery f;
	struct cx4i_der d;
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		note("type %s", types[i].oid);
		msg = content_info(types[i].oid, s);
		gives(&plain, cx4i_buf_slice(&msg), types[i].outermost,
		    "a ContentInfo of it");
		cx4i_buf_free(&msg);
		memset(&f, 0, sizeof(f));
		cx4i_der_init(&d);
		put_needed(&d, types[i].oid, s);
		f.type = types[i].oid;
		f.content = s;
		f.signer.attrs = cx4i_buf_slice(&d.buf);
		forgery_gives(&f, types[i].inside, "signed content of it");
		cx4i_der_free(&d);
	}
}

/* A layer whose content is any octets under any type, signed by alice. */
static struct cx4i_buf
signed_around(const char *type, struct cx4i_slice content)
{
	struct forgery f;
	struct cx4i_der d;
	struct cx4i_buf b;

	memset(&f, 0, sizeof(f));
	cx4i_der_init(&d);
	put_needed(&d, type, content);
	f.type = type;
	f.content = content;
	f.signer.attrs = cx4i_buf_slice(&d.buf);
	b = forged(&f);
	cx4i_der_free(&d);
	return b;
}

/* R-3.4.1-6 broken by others: read all the same, with a warning. */
static void
test_inner_forms(void)
{
	struct cx4i_buf inner = written("S:alice"), msg, copy = { NULL, 0, 0 };
	struct cx4i_slice bare = bare_value(cx4i_buf_slice(&inner),
	    OID_SIGNED), garbage = { (const uint8_t *)"Hello", 5 };
	struct outcome o;

	gives(&plain, bare, CX4_E_NOT_CMS, "a bare SignedData, outermost");
	msg = signed_around(OID_SIGNED, bare);
	opens(&plain, cx4i_buf_slice(&msg), CX4_OK, "bare inside", &o);
	ok(!warned(&o, CX4_W_INNER_CONTENTINFO) &&
	    says(&o, "layers.1.form=bare"), "  as it should be");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	msg = signed_around(OID_SIGNED, cx4i_buf_slice(&inner));
	opens(&plain, cx4i_buf_slice(&msg), CX4_OK, "a ContentInfo inside",
	    &o);
	ok(warned(&o, CX4_W_INNER_CONTENTINFO) &&
	    says(&o, "layers.1.form=contentInfo"), "  with a warning");
	is_mem(o.sink.octets.data, o.sink.octets.len, p22.data, p22.len,
	    "  to the content");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	msg = signed_around(OID_ENVELOPED, cx4i_buf_slice(&inner));
	gives(&plain, cx4i_buf_slice(&msg), CX4_E_STRUCTURE,
	    "a ContentInfo inside of another type than announced");
	cx4i_buf_free(&msg);
	msg = signed_around(OID_SIGNED, garbage);
	open_message(&plain, cx4i_buf_slice(&msg), &o);
	is_int(cx4_code_class(o.code), CX4_CLASS_MALFORMED,
	    "text under id-signedData: %s", o.text);
	is_int(o.layer, 1, "  in layer 1");
	ok(ended(&o, 0), "  nothing released");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	need(cx4i_buf_add(&copy, bare.data, bare.len) == 0 &&
	    cx4i_buf_add(&copy, "\0\0\0", 3) == 0, "memory");
	msg = signed_around(OID_SIGNED, cx4i_buf_slice(&copy));
	opens(&plain, cx4i_buf_slice(&msg), CX4_OK, "octets trail inside", &o);
	ok(warned(&o, CX4_W_TRAILING) && says(&o, "warnings.0.layer=1"),
	    "  a warning");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	need(cx4i_buf_add(&inner, "\n\n", 2) == 0, "memory");
	opens(&plain, cx4i_buf_slice(&inner), CX4_OK, "octets trail outside",
	    &o);
	ok(warned(&o, CX4_W_TRAILING) && says(&o, "warnings.0.layer=0"),
	    "  a warning");
	outcome_free(&o);
	cx4i_buf_free(&copy);
	cx4i_buf_free(&inner);
}

static void
test_no_message(void)
{
	static const struct {
		const char *octets;
		size_t len;
		int want;
	} cases[] = {
		{ "", 0, CX4_E_TRUNCATED },
		{ "\x30", 1, CX4_E_TRUNCATED },
		{ "\x30\x00", 2, CX4_E_STRUCTURE },
		{ "\x30\x80\x00\x00", 4, CX4_E_STRUCTURE },
		{ "\x31\x00", 2, CX4_E_PEM },
		{ "\x02\x01\x05", 3, CX4_E_STRUCTURE },
		{ "\x30\x03\x06\x01", 4, CX4_E_TRUNCATED },
		{ "Hello\n", 6, CX4_E_PEM },
		{ "-----BEGIN CMS-----\n", 20, CX4_E_TRUNCATED },
		{ "Content-Type: text/plain\r\n\r\nHello\r\n", 35, CX4_E_MIME },
	};
	struct cx4i_slice s;
	struct outcome o;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		s.data = (const uint8_t *)cases[i].octets;
		s.len = cases[i].len;
		open_message(&plain, s, &o);
		is_int(cx4_code_class(o.code), CX4_CLASS_MALFORMED,
		    "no message, %zu: %s", i, o.text);
		ok(ended(&o, 0), "  nothing released");
		if (o.code != cases[i].want)
			note("%s instead of %s", cx4_code_name(o.code),
			    cx4_code_name(cases[i].want));
		outcome_free(&o);
	}
}

/* ---------------------------------------------------------- several signers */

/* Two messages' SignerInfos in one. */
static struct cx4i_buf
with_signers(const struct cx4i_buf *msg, struct cx4i_slice infos)
{
	struct signed_parts p;

	take_signed(bare_value(cx4i_buf_slice(msg), OID_SIGNED), &p);
	p.signers = infos;
	return whole_signed(&p);
}

static void
add_info(struct cx4i_buf *to, const struct signer_spec *s)
{
	struct cx4i_buf b = signer_info(s, cx4i_buf_slice(&p22));

	need(cx4i_buf_add(to, b.data, b.len) == 0, "memory");
	cx4i_buf_free(&b);
}

static void
test_several_signers(void)
{
	struct opening any = { .require = CX4_REQUIRE_ANY_SIGNER };
	struct cx4i_buf msg = written("S:alice,bob"), infos = { NULL, 0, 0 },
	    bad, enc;
	struct writing m = { .layers = NULL };
	struct signer_spec s = { .who = "alice" };
	struct cx4i_der d;
	struct outcome o;

	opens(&plain, cx4i_buf_slice(&msg), CX4_OK, "two signers", &o);
	ok(!warned(&o, CX4_W_SIGNER_FAILED), "  both good");
	outcome_free(&o);
	cx4i_der_init(&d);
	needed(&d);
	s.attrs = cx4i_buf_slice(&d.buf);
	add_info(&infos, &s);
	s.who = "bob";
	s.key = "mallory";
	add_info(&infos, &s);
	bad = with_signers(&msg, cx4i_buf_slice(&infos));
	gives(&plain, cx4i_buf_slice(&bad), CX4_E_SIGNATURE,
	    "one of two is bad: all are required");
	opens(&any, cx4i_buf_slice(&bad), CX4_OK,
	    "one of two is bad: any is enough", &o);
	ok(warned(&o, CX4_W_SIGNER_FAILED), "  with a warning");
	ok(o.originator == CX4_ORIGINATOR_MATCH,
	    "  the originator is that of the good one");
	outcome_free(&o);
	cx4i_buf_free(&bad);
	cx4i_buf_reset(&infos);
	s.who = "alice";
	add_info(&infos, &s);
	s.who = "bob";
	add_info(&infos, &s);
	bad = with_signers(&msg, cx4i_buf_slice(&infos));
	gives(&any, cx4i_buf_slice(&bad), CX4_E_SIGNATURE,
	    "both are bad, any would be enough");
	cx4i_buf_free(&bad);
	cx4i_buf_reset(&infos);
	s.who = "alice";
	s.key = NULL;
	add_info(&infos, &s);
	s.who = "bob";
	s.signature_oid = "1.2.3.4.5";
	add_info(&infos, &s);
	bad = with_signers(&msg, cx4i_buf_slice(&infos));
	opens(&plain, cx4i_buf_slice(&bad), CX4_OK,
	    "an algorithm that is not known, and a good signature", &o);
	ok(warned(&o, CX4_W_SIGNER_UNSUPPORTED), "  a warning");
	outcome_free(&o);
	m.layers = "E:bob";
	m.type = OID_SIGNED;
	enc = message(&m, bare_value(cx4i_buf_slice(&bad), OID_SIGNED));
	opens(&bobs, cx4i_buf_slice(&enc), CX4_OK, "the same encrypted", &o);
	ok(warned(&o, CX4_W_SIGNER_UNSUPPORTED), "  the same warning");
	outcome_free(&o);
	cx4i_buf_free(&enc);
	cx4i_buf_free(&bad);
	cx4i_buf_reset(&infos);
	s.who = "alice";
	add_info(&infos, &s);
	bad = with_signers(&msg, cx4i_buf_slice(&infos));
	gives(&any, cx4i_buf_slice(&bad), CX4_E_ALGORITHM,
	    "an algorithm that is not known, alone");
	enc = message(&m, bare_value(cx4i_buf_slice(&bad), OID_SIGNED));
	gives(&bobs, cx4i_buf_slice(&enc), CX4_E_DECRYPT,
	    "... and encrypted");
	cx4i_buf_free(&enc);
	cx4i_buf_free(&bad);
	cx4i_buf_free(&infos);
	cx4i_buf_free(&msg);
	cx4i_der_free(&d);
}

/* -------------------------------------------------------------------- trust */

#define IN_2019 INT64_C(1560000000)
#define IN_2020 INT64_C(1592000000)

struct trust_case {
	const char *name, *signer;
	struct opening how;
	int want;
	enum cx4_class class;
};

static const struct trust_case trust_cases[] = {
	{ "no anchors", "alice", { .trust = "" }, CX4_E_NO_TRUST,
	    CX4_CLASS_PATH },
	{ "another anchor", "alice", { .trust = "other-ca" }, CX4_E_PATH,
	    CX4_CLASS_PATH },
	{ "an anchor in the middle", "alice", { .trust = "int" }, CX4_OK,
	    CX4_CLASS_OK },
	{ "an unknown authority", "zed", { .trust = "ca" }, CX4_E_PATH,
	    CX4_CLASS_PATH },
	{ "an expired certificate", "expired", { .trust = "ca" }, CX4_E_PATH,
	    CX4_CLASS_PATH },
	{ "... while it was good", "expired", { .when = IN_2020 }, CX4_OK,
	    CX4_CLASS_OK },
	{ "before it is valid", "alice", { .when = IN_2019 }, CX4_E_PATH,
	    CX4_CLASS_PATH },
	{ "for servers only", "wrongeku", { .trust = "ca" }, CX4_E_PURPOSE,
	    CX4_CLASS_PATH },
	{ "a weak key", "weak", { .trust = "ca" }, CX4_E_WEAK,
	    CX4_CLASS_PATH },
	{ "a weak key under rfc3854", "weak", { .policy = "rfc3854" }, CX4_OK,
	    CX4_CLASS_OK },
	{ "a certificate signed with SHA-1", "sha1", { .trust = "ca" },
	    CX4_E_WEAK, CX4_CLASS_PATH },
	{ "... under rfc3854", "sha1", { .policy = "rfc3854" }, CX4_OK,
	    CX4_CLASS_OK },
	{ "revoked, not looked at", "rita", { .trust = "ca",
	    .require = CX4_ALLOW_ORIGINATOR_MISMATCH }, CX4_OK,
	    CX4_CLASS_OK },
	{ "revoked", "rita", { .crls = "crl", .require = CX4_REQUIRE_CRL },
	    CX4_E_REVOKED, CX4_CLASS_PATH },
	{ "revoked, though unknown would do", "rita", { .crls = "crl",
	    .require = CX4_REQUIRE_CRL | CX4_ALLOW_UNKNOWN_REVOCATION },
	    CX4_E_REVOKED, CX4_CLASS_PATH },
	{ "not revoked", "alice", { .crls = "crl",
	    .require = CX4_REQUIRE_CRL }, CX4_OK, CX4_CLASS_OK },
	{ "no revocation list", "alice", { .require = CX4_REQUIRE_CRL },
	    CX4_E_TEMPFAIL, CX4_CLASS_TEMPFAIL },
	{ "an old revocation list", "alice", { .crls = "crl-old",
	    .require = CX4_REQUIRE_CRL }, CX4_E_TEMPFAIL,
	    CX4_CLASS_TEMPFAIL },
	{ "no revocation list, allowed", "alice", { .require =
	    CX4_REQUIRE_CRL | CX4_ALLOW_UNKNOWN_REVOCATION }, CX4_OK,
	    CX4_CLASS_OK },
};

static void
test_trust(void)
{
	const struct trust_case *c;
	struct cx4i_buf msg;
	struct outcome o;
	char layers[40];
	size_t i;

	for (i = 0; i < COUNT(trust_cases); i++) {
		c = &trust_cases[i];
		snprintf(layers, sizeof(layers), "S:%s", c->signer);
		msg = message(&(struct writing){ .layers = layers,
		    .policy = "rfc3854", .digest = CX4_DIGEST_SHA256,
		    .require = CX4_ALLOW_ORIGINATOR_MISMATCH },
		    cx4i_buf_slice(&p22));
		opens(&c->how, cx4i_buf_slice(&msg), c->want, c->name, &o);
		is_int(cx4_code_class(o.code), c->class, "  its class");
		ok(says(&o, "layers.0.signers.0.verdicts.signature=valid"),
		    "  the signature itself is good");
		if (c->how.require & CX4_ALLOW_UNKNOWN_REVOCATION)
			is_int(warned(&o, CX4_W_CRL), c->want == CX4_OK,
			    "  a warning of what is not known");
		outcome_free(&o);
		cx4i_buf_free(&msg);
	}
	msg = message(&(struct writing){ .layers = "S:alice",
	    .policy = "rfc3854" }, cx4i_buf_slice(&p22));
	gives(&plain, cx4i_buf_slice(&msg), CX4_E_WEAK,
	    "a SHA-1 signature under modern");
	gives(&(struct opening){ .policy = "rfc3854" }, cx4i_buf_slice(&msg),
	    CX4_OK, "a SHA-1 signature under rfc3854 (R-2.1-1)");
	cx4i_buf_free(&msg);
}

/* --------------------------------------------------------------- originator */

static void
test_originator(void)
{
	struct opening allow = { .require = CX4_ALLOW_ORIGINATOR_MISMATCH };
	struct opening match = { .require = CX4_REQUIRE_ORIGINATOR_MATCH };
	struct cx4i_buf msg, junk = octets_of(100);
	struct outcome o;

	msg = written("S:alice");
	opens(&match, cx4i_buf_slice(&msg), CX4_OK, "a matching originator",
	    &o);
	is_int(o.originator, CX4_ORIGINATOR_MATCH, "  match");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	msg = written("S:mallory");
	opens(&plain, cx4i_buf_slice(&msg), CX4_E_ORIGINATOR,
	    "another originator (R-4.3-7)", &o);
	is_int(cx4_code_class(o.code), CX4_CLASS_ORIGINATOR, "  its class");
	is_int(o.originator, CX4_ORIGINATOR_MISMATCH, "  mismatch");
	ok(strstr(o.text, "S=Eggen") != NULL && strstr(o.text, "G=Bob2") !=
	    NULL, "  both addresses are shown (R-4.3-8)");
	outcome_free(&o);
	opens(&allow, cx4i_buf_slice(&msg), CX4_OK, "... allowed", &o);
	ok(warned(&o, CX4_W_ORIGINATOR), "  a warning");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	/* The innermost signature counts, not those around it. */
	msg = written("S:alice E:bob S:mallory");
	gives(&bobs, cx4i_buf_slice(&msg), CX4_OK, "mallory signs outside");
	cx4i_buf_free(&msg);
	msg = written("S:mallory E:bob S:alice");
	gives(&bobs, cx4i_buf_slice(&msg), CX4_E_ORIGINATOR,
	    "mallory signs inside");
	cx4i_buf_free(&msg);
	msg = written("S:eve");
	opens(&plain, cx4i_buf_slice(&msg), CX4_OK, "a signer without address",
	    &o);
	ok(warned(&o, CX4_W_ORIGINATOR_ABSENT) &&
	    o.originator == CX4_ORIGINATOR_NO_ADDRESS, "  a warning");
	outcome_free(&o);
	gives(&match, cx4i_buf_slice(&msg), CX4_E_ORIGINATOR_UNKNOWN,
	    "... where a match is required");
	cx4i_buf_free(&msg);
	msg = message(&(struct writing){ .layers = "S:alice" },
	    cx4i_buf_slice(&junk));
	opens(&plain, cx4i_buf_slice(&msg), CX4_OK, "unreadable content", &o);
	ok(warned(&o, CX4_W_CONTENT) &&
	    o.originator == CX4_ORIGINATOR_NOT_UNDERSTOOD, "  a warning");
	outcome_free(&o);
	gives(&match, cx4i_buf_slice(&msg), CX4_E_ORIGINATOR_UNKNOWN,
	    "... where a match is required");
	cx4i_buf_free(&msg);
	cx4i_buf_free(&junk);
}

/* AuthEnvelopedData has integrity, and tells nothing of the sender. */
static void
test_authenticated(void)
{
	struct cx4i_buf msg = message(&(struct writing){ .layers = "E:bob",
	    .cipher = CX4_CIPHER_AES_256_GCM }, cx4i_buf_slice(&p22));
	struct outcome o;

	opens(&bobs, cx4i_buf_slice(&msg), CX4_OK, "authenticated only", &o);
	ok(warned(&o, CX4_W_UNSIGNED) && !warned(&o, CX4_W_NO_INTEGRITY),
	    "  unsigned, with integrity");
	ok(says(&o, "layers.0.integrity=tag"), "  by a tag");
	is_mem(o.sink.octets.data, o.sink.octets.len, p22.data, p22.len,
	    "  the content");
	outcome_free(&o);
	gives(&(struct opening){ .ids = "bob", .policy = "strict" },
	    cx4i_buf_slice(&msg), CX4_OK, "under strict");
	msg.data[msg.len - 1] ^= 1;
	gives(&bobs, cx4i_buf_slice(&msg), CX4_E_DECRYPT, "a damaged tag");
	cx4i_buf_free(&msg);
}

static void
test_unsigned(void)
{
	struct cx4i_buf msg = written("E:bob");
	struct outcome o;

	opens(&bobs, cx4i_buf_slice(&msg), CX4_OK, "encrypted only", &o);
	ok(warned(&o, CX4_W_UNSIGNED) && warned(&o, CX4_W_NO_INTEGRITY),
	    "  two warnings (R-3.3-1)");
	ok(says(&o, "layers.0.integrity=none"), "  no integrity");
	outcome_free(&o);
	gives(&(struct opening){ .ids = "bob",
	    .require = CX4_REQUIRE_SIGNATURE }, cx4i_buf_slice(&msg),
	    CX4_E_UNSIGNED, "... where a signature is required");
	cx4i_buf_free(&msg);
	msg = written("S:alice E:bob");
	opens(&(struct opening){ .ids = "bob",
	    .require = CX4_REQUIRE_SIGNATURE }, cx4i_buf_slice(&msg), CX4_OK,
	    "signed inside", &o);
	ok(!warned(&o, CX4_W_UNSIGNED) && !warned(&o, CX4_W_NO_INTEGRITY),
	    "  no such warnings");
	outcome_free(&o);
	cx4i_buf_free(&msg);
}

/* -------------------------------------------------------------- decryption */

/* The octets encrypted for alice alone, under a type of one's choice. */
static struct cx4i_buf
enveloped(const char *type, struct cx4i_slice content)
{
	struct writing m = { .layers = "E:alice", .type = type };

	return message(&m, content);
}

/* The report without what depends on the length of the message. */
static struct cx4i_buf
without_lengths(const char *report)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	size_t n;

	for (; *report != '\0'; report += n + 1) {
		n = strcspn(report, "\n");
		if (strncmp(report, "input.octets=", 13) != 0)
			need(cx4i_buf_add(&b, report, n + 1) == 0, "memory");
	}
	return b;
}

/* Whatever is wrong inside looks like this. */
struct uniform {
	struct cx4i_buf report;
	char text[400];
};

static void
fails_alike(struct uniform *u, const struct opening *how,
    struct cx4i_slice in, const char *name)
{
	struct cx4i_buf report;
	struct outcome o;

	open_message(how, in, &o);
	is_int(o.code, CX4_E_DECRYPT, "inside: %s", name);
	ok(o.offset == UINT64_MAX && o.layer == 0, "  layer 0, no offset");
	ok(how->no_sink || ended(&o, 0), "  nothing released");
	report = without_lengths(o.report);
	if (u->report.data == NULL) {
		u->report = report;
		memcpy(u->text, o.text, sizeof(u->text));
	} else {
		is_str(o.text, u->text, "  one text");
		is_mem(report.data, report.len, u->report.data,
		    u->report.len, "  one report");
		cx4i_buf_free(&report);
	}
	outcome_free(&o);
}

static void
content_fails_alike(struct uniform *u, const struct opening *how,
    const char *type, struct cx4i_slice content, const char *name)
{
	struct cx4i_buf msg = enveloped(type, content);

	fails_alike(u, how, cx4i_buf_slice(&msg), name);
	cx4i_buf_free(&msg);
}

/* A SignedData of bob's, bare, with what is wrong about it. */
static struct cx4i_buf
bad_signed(int kind)
{
	struct cx4i_buf msg = written("S:bob"), bad;
	struct cx4i_slice none = { NULL, 0 };
	struct cx4i_der type;
	struct signed_parts p;

	take_signed(bare_value(cx4i_buf_slice(&msg), OID_SIGNED), &p);
	cx4i_der_init(&type);
	cx4i_der_oid_text(&type, "1.3.26.0.4406.0.4.1");
	switch (kind) {
	case 0:
		p.content.len--;	/* another digest */
		break;
	case 1:
		p.type = cx4i_buf_slice(&type.buf);
		break;
	case 2:
		p.signers = none;
		break;
	case 3:
		p.certs = none;
		break;
	case 4:
		p.has_content = 0;
		break;
	case 5:
		p.has_content = 0;
		p.signers = none;
		break;
	default:
		break;
	}
	bad = bare_signed(&p);
	if (kind == 6)
		bad.data[bad.len - 20] ^= 1;	/* the signature */
	if (kind == 7)
		bad.len -= 10;
	cx4i_der_free(&type);
	cx4i_buf_free(&msg);
	return bad;
}

static const char *const bad_names[] = {
	"another digest", "relabelled", "no signer", "no certificate",
	"detached", "certificates only", "a bad signature", "truncated"
};

static void
test_decryption(const struct opening *how, int open)
{
	static const uint8_t seq[] = { 0x30, 3, 2, 1, 3 };
	static const uint8_t ber[] = { 0x30, 0x80, 2, 1, 9, 0, 0 };
	struct cx4i_slice s = { (const uint8_t *)"Hello, world", 12 };
	struct opening other = *how;
	struct cx4i_buf bad, msg;
	struct uniform u;
	size_t i, at[] = { 20, 300, 0 };

	memset(&u, 0, sizeof(u));
	content_fails_alike(&u, how, OID_SIGNED, s, "text");
	s.len = 0;
	content_fails_alike(&u, how, OID_SIGNED, s, "nothing");
	s.len = 1;
	s.data = seq;
	content_fails_alike(&u, how, OID_SIGNED, s, "one octet");
	for (i = 0; open && i < COUNT(bad_names); i++) {
		bad = bad_signed((int)i);
		content_fails_alike(&u, how, OID_SIGNED,
		    cx4i_buf_slice(&bad), bad_names[i]);
		cx4i_buf_free(&bad);
	}
	if (open) {
		s.len = sizeof(seq);
		content_fails_alike(&u, how, OID_SIGNED, s, "another "
		    "SEQUENCE");
		s.data = ber;
		s.len = sizeof(ber);
		content_fails_alike(&u, how, OID_SIGNED, s, "one of "
		    "indefinite length");
		bad = content_info("1.2.840.113549.1.9.16.1.9", s);
		content_fails_alike(&u, how, OID_SIGNED,
		    cx4i_buf_slice(&bad), "another type");
		cx4i_buf_free(&bad);
	}
	/* The other key for what has the same issuer and serial number. */
	bad = bad_signed(-1);
	msg = enveloped(OID_SIGNED, cx4i_buf_slice(&bad));
	other.ids = "twin";
	fails_alike(&u, &other, cx4i_buf_slice(&msg), "a wrong key");
	/* The last octet of the padding becomes more than 16. */
	msg.data[msg.len - 17] ^= 0x55;
	fails_alike(&u, how, cx4i_buf_slice(&msg), "damaged padding");
	msg.data[msg.len - 17] ^= 0x55;
	/* Signature, attributes, content: not the certificates. */
	at[2] = (bad.len / 16 + 1) * 16 - 64;
	for (i = 0; open && i < COUNT(at); i++) {
		msg.data[msg.len - at[i]] ^= 0x55;
		fails_alike(&u, how, cx4i_buf_slice(&msg),
		    "damaged ciphertext");
		msg.data[msg.len - at[i]] ^= 0x55;
	}
	if (open)
		gives(how, cx4i_buf_slice(&msg), CX4_OK, "undamaged");
	cx4i_buf_free(&bad);
	cx4i_buf_free(&msg);
	cx4i_buf_free(&u.report);
}

/* INSPECT with a key: no signatures are verified, and no more is told. */
static void
test_inspect_alike(void)
{
	static const uint8_t seq[] = { 0x30, 3, 2, 1, 3 };
	struct opening how = { .mode = CX4_MODE_INSPECT, .ids = "alice",
	    .trust = "", .no_sink = 1 };
	struct cx4i_slice s = { (const uint8_t *)"Hello, world", 12 };
	struct cx4i_buf bad, msg;
	struct signed_parts p;
	struct outcome o;
	struct uniform u;

	memset(&u, 0, sizeof(u));
	content_fails_alike(&u, &how, OID_SIGNED, s, "inspect: text");
	s.data = seq;
	s.len = sizeof(seq);
	content_fails_alike(&u, &how, OID_SIGNED, s, "another SEQUENCE");
	s.len = 0;
	content_fails_alike(&u, &how, OID_SIGNED, s, "nothing");
	bad = bad_signed(7);
	content_fails_alike(&u, &how, OID_SIGNED, cx4i_buf_slice(&bad),
	    "truncated");
	cx4i_buf_free(&bad);
	msg = written("S:bob");
	take_signed(bare_value(cx4i_buf_slice(&msg), OID_SIGNED), &p);
	s.len = sizeof(seq);
	p.signers = s;
	bad = bare_signed(&p);
	content_fails_alike(&u, &how, OID_SIGNED, cx4i_buf_slice(&bad),
	    "a SignerInfo that is none");
	cx4i_buf_free(&bad);
	cx4i_buf_free(&msg);
	bad = bad_signed(-1);
	msg = enveloped(OID_SIGNED, cx4i_buf_slice(&bad));
	msg.data[msg.len - 17] ^= 0x55;
	fails_alike(&u, &how, cx4i_buf_slice(&msg), "damaged padding");
	msg.data[msg.len - 17] ^= 0x55;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_OK, "undamaged");
	outcome_free(&o);
	cx4i_buf_free(&bad);
	cx4i_buf_free(&msg);
	cx4i_buf_free(&u.report);
}

/* The outcome and the whole report are the same with damaged padding. */
static void
padding_tells_nothing(const struct opening *how, struct cx4i_buf *msg,
    size_t at, int want, const char *name)
{
	struct outcome good, bad;

	opens(how, cx4i_buf_slice(msg), want, name, &good);
	msg->data[at] ^= 0x55;
	opens(how, cx4i_buf_slice(msg), want, "  with damaged padding", &bad);
	is_str(bad.text, good.text, "  one text");
	is_str(bad.report, good.report, "  one report");
	outcome_free(&good);
	outcome_free(&bad);
}

/*
 * A message that fails by what stands in the clear says nothing of what is
 * encrypted in it.
 */
static void
test_no_oracle(void)
{
	struct opening how = { .ids = "bob",
	    .require = CX4_REQUIRE_SIGNATURE };
	struct writing nest = { .layers = "S:alice",
	    .options = CX4_WRITE_NEST };
	struct cx4i_buf msg, inner;
	struct outcome o[2];
	size_t i;

	msg = written("E:bob");
	padding_tells_nothing(&how, &msg, msg.len - 17, CX4_E_UNSIGNED,
	    "a signature is required, and the content is none");
	cx4i_buf_free(&msg);
	msg = message(&(struct writing){ .layers = "E:bob",
	    .cipher = CX4_CIPHER_AES_256_GCM }, cx4i_buf_slice(&p22));
	gives(&how, cx4i_buf_slice(&msg), CX4_E_UNSIGNED, "... with a tag");
	msg.data[msg.len - 1] ^= 1;
	gives(&how, cx4i_buf_slice(&msg), CX4_E_UNSIGNED,
	    "... with a damaged tag");
	cx4i_buf_free(&msg);
	msg = written("E:bob E:bob");
	padding_tells_nothing(&how, &msg, msg.len - 17, CX4_E_DECRYPT,
	    "... encrypted twice");
	cx4i_buf_free(&msg);
	msg = written("S:alice E:bob E:bob");
	gives(&how, cx4i_buf_slice(&msg), CX4_OK, "signed inside both");
	cx4i_buf_free(&msg);
	/* Signed by somebody whom nobody knows: the outside decides. */
	how.trust = "other-ca";
	how.require = 0;
	inner = written("E:bob");
	for (i = 0; i < 2; i++) {
		msg = message(&nest, cx4i_buf_slice(&inner));
		opens(&how, cx4i_buf_slice(&msg), CX4_E_PATH,
		    i ? "  with damaged padding" : "signed outside", &o[i]);
		cx4i_buf_free(&msg);
		inner.data[inner.len - 17] ^= 0x55;
	}
	ok(strstr(o[0].report, "\ncontent.originator=") == NULL ||
	    says(&o[0], "content.originator=(null)"),
	    "  nothing of the content is told");
	ok(says(&o[0], "layers.1.type=envelopedData") &&
	    says(&o[1], "layers.1.type=envelopedData"), "  the layer is");
	is_str(o[1].text, o[0].text, "  one text");
	outcome_free(&o[0]);
	outcome_free(&o[1]);
	cx4i_buf_free(&inner);
}

static void
test_details(void)
{
	struct opening how = { .ids = "alice",
	    .require = CX4_INSECURE_DETAILS };
	struct cx4i_buf bad = bad_signed(0), msg;

	msg = enveloped(OID_SIGNED, cx4i_buf_slice(&bad));
	gives(&how, cx4i_buf_slice(&msg), CX4_E_DIGEST,
	    "the details are told on request");
	cx4i_buf_free(&msg);
	cx4i_buf_free(&bad);
	bad = bad_signed(1);
	msg = enveloped(OID_SIGNED, cx4i_buf_slice(&bad));
	gives(&how, cx4i_buf_slice(&msg), CX4_E_TYPE_MISMATCH,
	    "and other details");
	cx4i_buf_free(&msg);
	cx4i_buf_free(&bad);
	/* Once a signature inside has verified the rest may be told. */
	msg = written("S:mallory E:bob");
	gives(&bobs, cx4i_buf_slice(&msg), CX4_E_ORIGINATOR,
	    "inside a good signature the originator is told");
	cx4i_buf_free(&msg);
	msg = written("S:wrongeku E:bob");
	gives(&bobs, cx4i_buf_slice(&msg), CX4_E_PURPOSE,
	    "and what is wrong with the certificate");
	cx4i_buf_free(&msg);
}

static void
test_no_key(void)
{
	struct opening how = { .ids = "dave" };
	struct cx4i_buf msg = written("S:alice E:bob,carol");
	struct outcome o;

	opens(&how, cx4i_buf_slice(&msg), CX4_E_NO_KEY, "no key", &o);
	is_int(cx4_code_class(o.code), CX4_CLASS_NOKEY, "  its class");
	ok(says(&o, "layers.0.recipients.0.used=false") &&
	    strstr(o.report, "layers.0.recipients.2.type=") != NULL,
	    "  the recipients are listed, unused");
	outcome_free(&o);
	how.ids = "bob-cert";
	gives(&how, cx4i_buf_slice(&msg), CX4_E_NO_KEY,
	    "a certificate without key");
	how.ids = "dave carol";
	gives(&how, cx4i_buf_slice(&msg), CX4_OK, "one key of two");
	cx4i_buf_free(&msg);
}

/* --------------------------------------------------- abuse of EnvelopedData */

static void
cipher_gives(const struct enveloped_parts *p, const char *oid,
    struct cx4i_slice params, int want, const char *name)
{
	struct enveloped_parts q = *p;
	struct cx4i_buf msg;
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_oid_text(&d, oid);
	cx4i_der_slice(&d, params);
	cx4i_der_close(&d);
	q.cipher = cx4i_buf_slice(&d.buf);
	msg = whole_enveloped(&q);
	gives(&bobs, cx4i_buf_slice(&msg), want, name);
	cx4i_buf_free(&msg);
	cx4i_der_free(&d);
}

#define AES256_CBC "2.16.840.1.101.3.4.1.42"
#define AES256_GCM "2.16.840.1.101.3.4.1.46"

/* CVE-2025-15467, CVE-2026-34182: nothing of this may reach the cipher. */
static void
test_cipher_abuse(void)
{
	static const size_t iv_lengths[] = { 0, 1, 8, 15, 17, 64, 1000 };
	struct cx4i_buf msg = written("E:bob"), out;
	struct enveloped_parts p, q;
	struct cx4i_slice none = { NULL, 0 };
	struct cx4i_der d;
	char name[60];
	uint8_t zeros[1000] = { 0 };
	size_t i;

	take_enveloped(bare_value(cx4i_buf_slice(&msg), OID_ENVELOPED), &p);
	for (i = 0; i < COUNT(iv_lengths); i++) {
		cx4i_der_init(&d);
		cx4i_der_value(&d, CX4I_OCTET_STRING, zeros, iv_lengths[i]);
		snprintf(name, sizeof(name), "an IV of %zu octets",
		    iv_lengths[i]);
		cipher_gives(&p, AES256_CBC, cx4i_buf_slice(&d.buf),
		    CX4_E_STRUCTURE, name);
		cx4i_der_free(&d);
	}
	cipher_gives(&p, AES256_CBC, none, CX4_E_STRUCTURE, "no IV");
	cx4i_der_init(&d);
	cx4i_der_null(&d);
	cipher_gives(&p, AES256_CBC, cx4i_buf_slice(&d.buf),
	    CX4_E_STRUCTURE, "NULL for an IV");
	cx4i_der_free(&d);
	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_value(&d, CX4I_OCTET_STRING, zeros, 12);
	cx4i_der_close(&d);
	cipher_gives(&p, AES256_GCM, cx4i_buf_slice(&d.buf), CX4_E_ALGORITHM,
	    "GCM in an EnvelopedData");
	cipher_gives(&p, "1.2.840.113549.3.2", cx4i_buf_slice(&d.buf),
	    CX4_E_ALGORITHM, "RC2");
	cipher_gives(&p, "1.2.3.4", none, CX4_E_ALGORITHM,
	    "an unknown cipher");
	cx4i_der_free(&d);
	/* A key of another length than the cipher's: as a wrong key. */
	cx4i_der_init(&d);
	cx4i_der_value(&d, CX4I_OCTET_STRING, zeros, 16);
	cipher_gives(&p, "2.16.840.1.101.3.4.1.2", cx4i_buf_slice(&d.buf),
	    CX4_E_DECRYPT, "AES-128 with a key for AES-256");
	cx4i_der_free(&d);
	q = p;
	q.recipients = none;
	out = whole_enveloped(&q);
	gives(&bobs, cx4i_buf_slice(&out), CX4_E_STRUCTURE, "no recipients");
	cx4i_buf_free(&out);
	q = p;
	q.content.len--;
	out = whole_enveloped(&q);
	gives(&bobs, cx4i_buf_slice(&out), CX4_E_DECRYPT,
	    "no whole number of blocks");
	cx4i_buf_free(&out);
	q.content.len = 0;
	out = whole_enveloped(&q);
	gives(&bobs, cx4i_buf_slice(&out), CX4_E_DECRYPT, "no block at all");
	cx4i_buf_free(&out);
	gives(&(struct opening){ .ids = "bob", .policy = "strict" },
	    cx4i_buf_slice(&msg), CX4_E_ALGORITHM, "CBC under strict");
	cx4i_buf_free(&msg);
}

/* Bob's KeyTransRecipientInfo with this keyEncryptionAlgorithm. */
static struct cx4i_buf
with_transport(struct cx4i_slice recipient, const char *oid)
{
	struct cx4i_slice in = element(&recipient, CX4I_SEQUENCE, NULL), part;
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	element(&in, CX4I_INTEGER, &part);
	cx4i_der_slice(&d, part);
	element(&in, CX4I_SEQUENCE, &part);
	cx4i_der_slice(&d, part);
	element(&in, CX4I_SEQUENCE, NULL);
	put_algorithm(&d, oid, 0);
	element(&in, CX4I_OCTET_STRING, &part);
	cx4i_der_slice(&d, part);
	cx4i_der_close(&d);
	return built_der(&d);
}

/* It stands in the clear: no oracle, and no uniform error. */
static void
test_transport(void)
{
	static const char *const oids[] = {
		"1.2.840.113549.1.1.7", "1.2.3.4", "1.2.840.113549.1.1.10",
		"2.16.840.1.101.3.4.1.45"
	};
	struct writing m = { .layers = "E:bob",
	    .options = CX4_WRITE_NO_ORIGINATOR_COPY };
	struct cx4i_buf msg = message(&m, cx4i_buf_slice(&p22)), ri, bad;
	struct enveloped_parts p, q;
	struct outcome o;
	size_t i;

	take_enveloped(bare_value(cx4i_buf_slice(&msg), OID_ENVELOPED), &p);
	for (i = 0; i < COUNT(oids); i++) {
		ri = with_transport(p.recipients, oids[i]);
		q = p;
		q.recipients = cx4i_buf_slice(&ri);
		bad = whole_enveloped(&q);
		opens(&bobs, cx4i_buf_slice(&bad), CX4_E_ALGORITHM,
		    "a keyEncryptionAlgorithm that is not used", &o);
		ok(o.layer == 0 &&
		    says(&o, "layers.0.recipients.0.used=false"),
		    "  no key is used");
		outcome_free(&o);
		gives(&(struct opening){ .ids = "dave" },
		    cx4i_buf_slice(&bad), CX4_E_NO_KEY,
		    "  which is no matter to others");
		cx4i_buf_free(&bad);
		need(cx4i_buf_add(&ri, p.recipients.data,
		    p.recipients.len) == 0, "memory");
		q.recipients = cx4i_buf_slice(&ri);
		bad = whole_enveloped(&q);
		opens(&bobs, cx4i_buf_slice(&bad), CX4_OK,
		    "... and one that is", &o);
		ok(says(&o, "layers.0.recipients.0.used=false") &&
		    says(&o, "layers.0.recipients.1.used=true"),
		    "  the second is used");
		outcome_free(&o);
		cx4i_buf_free(&bad);
		cx4i_buf_free(&ri);
	}
	cx4i_buf_free(&msg);
}

/* An EnvelopedData by OpenSSL with other kinds of recipients. */
static struct cx4i_buf
by_openssl(int with_bob)
{
	static unsigned char password[] = "secret", kek[16], id[] = "kek";
	CMS_ContentInfo *cms = CMS_EnvelopedData_create(EVP_aes_128_cbc());
	BIO *in = BIO_new_mem_buf(p22.data, (int)p22.len);
	struct cx4i_buf b = { NULL, 0, 0 };
	ASN1_OBJECT *type = OBJ_txt2obj(P22, 1);
	unsigned char *p = NULL;
	int n;

	need(cms != NULL && in != NULL && type != NULL, "CMS");
	need(CMS_add0_recipient_key(cms, NID_undef,
	    OPENSSL_memdup(kek, sizeof(kek)), sizeof(kek),
	    OPENSSL_memdup(id, 3), 3, NULL, NULL, NULL) != NULL &&
	    CMS_add0_recipient_password(cms, 1000, NID_undef, NID_undef,
	    OPENSSL_memdup(password, 6), 6, EVP_aes_128_cbc()) != NULL,
	    "recipients");
	if (with_bob)
		need(CMS_add1_recipient_cert(cms, cx4_id_cert(who("bob")),
		    0) != NULL, "bob");
	CMS_set_detached(cms, 0);
	need(CMS_set1_eContentType(cms, type) > 0 && CMS_final(cms, in, NULL,
	    CMS_BINARY) > 0, "CMS_final");
	need((n = i2d_CMS_ContentInfo(cms, &p)) > 0 &&
	    cx4i_buf_add(&b, p, (size_t)n) == 0, "CMS");
	OPENSSL_free(p);
	ASN1_OBJECT_free(type);
	BIO_free(in);
	CMS_ContentInfo_free(cms);
	return b;
}

static void
test_other_recipients(void)
{
	struct cx4i_buf msg = by_openssl(1);
	struct outcome o;

	opens(&bobs, cx4i_buf_slice(&msg), CX4_OK,
	    "password and key-encryption key beside bob's", &o);
	ok(strstr(o.report, ".type=pwri\n") != NULL &&
	    strstr(o.report, ".type=kekri\n") != NULL &&
	    strstr(o.report, ".type=ktri\n") != NULL, "  all are listed");
	is_mem(o.sink.octets.data, o.sink.octets.len, p22.data, p22.len,
	    "  and bob's opens");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	msg = by_openssl(0);
	gives(&bobs, cx4i_buf_slice(&msg), CX4_E_NO_KEY,
	    "password and key-encryption key alone");
	cx4i_buf_free(&msg);
}

/* ------------------------------------------------------------------ limits */

/* Opens at the limit, and fails with this code one below. */
static void
check_limit(enum cx4_limit which, uint64_t most, int code,
    const struct cx4i_buf *msg, const char *name)
{
	struct opening how = { .ids = "bob" };
	struct outcome o;

	how.limits[which] = most;
	gives(&how, cx4i_buf_slice(msg), CX4_OK, name);
	how.limits[which] = most + 1;
	gives(&how, cx4i_buf_slice(msg), CX4_OK, "  one more");
	how.limits[which] = most - 1;
	opens(&how, cx4i_buf_slice(msg), code, "  one less", &o);
	is_int(cx4_code_class(o.code), CX4_CLASS_LIMIT, "  its class");
	outcome_free(&o);
}

static void
test_limits(void)
{
	struct cx4i_buf msg = written("S:alice S:bob S:alice S:bob S:alice");
	struct opening how = { .ids = "bob" };
	uint64_t lo, hi;
	struct outcome o;

	check_limit(CX4_LIMIT_DEPTH, 5, CX4_E_LIMIT_DEPTH, &msg, "depth");
	check_limit(CX4_LIMIT_OCTETS, msg.len, CX4_E_LIMIT_OCTETS, &msg,
	    "octets");
	cx4i_buf_free(&msg);
	msg = written("S:alice,bob,carol,dave");
	check_limit(CX4_LIMIT_SIGNERS, 4, CX4_E_LIMIT_SIGNERS, &msg,
	    "signers");
	check_limit(CX4_LIMIT_CERTIFICATES, 5, CX4_E_LIMIT_CERTIFICATES,
	    &msg, "certificates");
	check_limit(CX4_LIMIT_ATTRIBUTES, 7, CX4_E_LIMIT_ATTRIBUTES, &msg,
	    "attributes");
	/* Where the head's limit lies is not said; that it does is. */
	for (lo = 1, hi = msg.len; lo + 1 < hi;) {
		how.limits[CX4_LIMIT_HEAD] = (lo + hi) / 2;
		open_message(&how, cx4i_buf_slice(&msg), &o);
		if (o.code == CX4_OK)
			hi = (lo + hi) / 2;
		else
			lo = (lo + hi) / 2;
		outcome_free(&o);
	}
	note("head and tail of %zu octets: %llu", msg.len,
	    (unsigned long long)hi);
	ok(hi > msg.len / 2 && hi < msg.len, "the head's limit is sharp");
	check_limit(CX4_LIMIT_HEAD, hi, CX4_E_LIMIT_HEAD, &msg, "head");
	cx4i_buf_free(&msg);
	msg = written("E:bob,carol,dave");
	check_limit(CX4_LIMIT_RECIPIENTS, 4, CX4_E_LIMIT_RECIPIENTS, &msg,
	    "recipients");
	cx4i_buf_free(&msg);
	how.limits[CX4_LIMIT_HEAD] = 0;
	msg = written("S:alice S:alice S:alice S:alice S:alice S:alice "
	    "S:alice S:alice S:alice S:alice S:alice S:alice S:alice "
	    "S:alice S:alice S:alice");
	check_limit(CX4_LIMIT_DEPTH, 16, CX4_E_LIMIT_DEPTH, &msg,
	    "the default depth");
	cx4i_buf_free(&msg);
}

/* --------------------------------------------------------- sinks and states */

static void
test_sinks(void)
{
	struct opening how = { .ids = "bob" };
	struct cx4i_buf msg = written("S:alice E:bob S:alice");
	struct outcome o;

	how.refuse_at = 10;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_E_IO_WRITE, "a sink that is full: %s", o.text);
	ok(ended(&o, 0), "  one abort");
	outcome_free(&o);
	how.refuse_at = 0;
	how.refuse_commit = 1;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_E_IO_WRITE, "a sink that cannot commit");
	ok(ended(&o, 1), "  asked once");
	ok(says(&o, "error.code=io-write"), "  the report says so");
	outcome_free(&o);
	how.refuse_commit = 0;
	how.no_sink = 1;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_OK, "no sink at all");
	outcome_free(&o);
	cx4i_buf_free(&msg);
}

static void
test_release(void)
{
	struct opening how = { .require = CX4_INSECURE_RELEASE,
	    .ids = "alice" };
	struct cx4i_buf msg = written("S:alice"), bad, env;
	struct outcome o;

	msg.data[msg.len - 5] ^= 1;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_E_SIGNATURE, "released on request, still bad");
	ok(ended(&o, 1) && warned(&o, CX4_W_RELEASED),
	    "  committed, with a warning");
	is_mem(o.sink.octets.data, o.sink.octets.len, p22.data, p22.len,
	    "  the content");
	outcome_free(&o);
	msg.len -= 10;
	open_message(&how, cx4i_buf_slice(&msg), &o);
	is_int(o.code, CX4_E_TRUNCATED, "truncated and released");
	outcome_free(&o);
	cx4i_buf_free(&msg);
	bad = bad_signed(0);
	env = enveloped(OID_SIGNED, cx4i_buf_slice(&bad));
	open_message(&how, cx4i_buf_slice(&env), &o);
	is_int(o.code, CX4_E_DECRYPT, "inside decrypted octets");
	ok(ended(&o, 1) && warned(&o, CX4_W_RELEASED),
	    "  committed, with a warning");
	is_mem(o.sink.octets.data, o.sink.octets.len, p22.data, p22.len - 1,
	    "  what there is");
	ok(strstr(o.report, "\nlayers.1") == NULL,
	    "  and the report says no more than ever");
	outcome_free(&o);
	cx4i_buf_free(&env);
	cx4i_buf_free(&bad);
	env = enveloped(OID_SIGNED, (struct cx4i_slice){ p22.data, 9 });
	open_message(&how, cx4i_buf_slice(&env), &o);
	is_int(o.code, CX4_E_DECRYPT, "no content inside");
	ok(ended(&o, 0) && !warned(&o, CX4_W_RELEASED),
	    "  there is nothing to release");
	outcome_free(&o);
	cx4i_buf_free(&env);
}

static void
test_states(void)
{
	struct cx4i_buf msg = written("S:alice");
	struct opening how = { .ids = "bob" };
	struct sink sink;
	cx4_reader *r;

	memset(&sink, 0, sizeof(sink));
	r = reader_for(&how, NULL, &sink);
	is_int(cx4_reader_set_mode(r, (enum cx4_mode)77), CX4_E_USAGE,
	    "an unknown mode");
	is_int(cx4_reader_set_sink(r, NULL, sink_end, NULL), CX4_E_USAGE,
	    "half a sink");
	is_int(cx4_reader_push(r, msg.data, 10), CX4_OK, "a push");
	is_int(cx4_reader_set_mode(r, CX4_MODE_VERIFY), CX4_E_STATE,
	    "a mode after it");
	is_int(cx4_reader_add_id(r, who("alice")), CX4_E_STATE,
	    "an identity after it");
	is_int(cx4_reader_push(r, msg.data + 10, msg.len - 10), CX4_OK,
	    "the rest");
	is_int(cx4_reader_finish(r), CX4_OK, "finish");
	is_int(cx4_reader_push(r, msg.data, 1), CX4_E_STATE,
	    "a push after finish");
	is_int(cx4_reader_finish(r), CX4_OK, "finish again changes nothing");
	cx4_reader_free(&r);
	ok(r == NULL && sink.commits == 1 && sink.aborts == 0, "one commit");
	sink_free(&sink);

	r = reader_for(&how, NULL, &sink);
	cx4_reader_push(r, msg.data, msg.len / 2);
	cx4_reader_free(&r);
	ok(sink.commits == 0 && sink.aborts == 1, "freed in the middle");
	sink_free(&sink);

	r = reader_for(&how, NULL, &sink);
	is_int(cx4_reader_push(r, "\x30\x80\x05\x00", 4), CX4_E_STRUCTURE,
	    "a failing push");
	is_int(cx4_reader_push(r, msg.data, 1), CX4_E_STRUCTURE,
	    "has its code ever after");
	is_int(cx4_reader_finish(r), CX4_E_STRUCTURE, "and for finish");
	is_int(cx4_report_code(cx4_reader_report(r)), CX4_E_STRUCTURE,
	    "and in the report");
	cx4_reader_free(&r);
	ok(sink.commits == 0 && sink.aborts == 1, "one abort");
	sink_free(&sink);
	cx4i_buf_free(&msg);
}

static void
test_wrong_calls(void)
{
	struct opening how = { .ids = "bob" };
	struct sink sink, second;
	cx4_reader *r;

	memset(&sink, 0, sizeof(sink));
	memset(&second, 0, sizeof(second));
	ok(cx4_reader_new(NULL, NULL) == NULL, "no reader without a context");
	r = reader_for(&how, NULL, &sink);
	is_int(cx4_reader_set_sink(r, sink_write, sink_end, &second),
	    CX4_E_STATE, "a second sink");
	is_int(cx4_reader_set_message(r, NULL), CX4_E_USAGE, "no name");
	is_int(cx4_reader_add_id(r, NULL), CX4_E_USAGE, "no identity");
	is_int(cx4_reader_set_content_type(r, NULL), CX4_E_USAGE, "no type");
	is_int(cx4_reader_push(r, NULL, 0), CX4_OK, "no octets, none said");
	is_int(cx4_reader_push(r, NULL, 1), CX4_E_USAGE, "no octets");
	is_int(cx4_reader_finish(r), CX4_E_USAGE, "which stays");
	cx4_reader_free(&r);
	ok(sink.aborts == 1 && sink.commits == 0 && second.aborts == 0,
	    "the first sink is aborted, the second unknown");
	is_int(cx4_reader_push(NULL, "", 1), CX4_E_USAGE, "no reader: push");
	is_int(cx4_reader_finish(NULL), CX4_E_USAGE, "finish");
	is_int(cx4_reader_run_fd(NULL, 0), CX4_E_USAGE, "run");
	is_int(cx4_reader_set_mode(NULL, CX4_MODE_OPEN), CX4_E_USAGE, "set");
}

static void
test_run_fd(void)
{
	struct cx4i_buf msg = written("S:alice");
	struct sink sink;
	cx4_reader *r;
	int fd[2];

	memset(&sink, 0, sizeof(sink));
	need(pipe(fd) == 0 && write(fd[1], msg.data, msg.len) ==
	    (ssize_t)msg.len, "pipe");
	close(fd[1]);
	r = reader_for(&plain, NULL, &sink);
	is_int(cx4_reader_run_fd(r, fd[0]), CX4_OK, "read from a pipe");
	is_int(cx4_reader_run_fd(r, fd[0]), CX4_OK, "at its end");
	cx4_reader_free(&r);
	close(fd[0]);
	is_int(sink.commits, 1, "committed");
	sink_free(&sink);

	r = reader_for(&plain, NULL, &sink);
	is_int(cx4_reader_push(r, msg.data, msg.len), CX4_OK, "a message");
	need((fd[0] = open(".", O_RDONLY)) >= 0, "directory");
	is_int(cx4_reader_run_fd(r, fd[0]), CX4_E_IO_READ,
	    "then a descriptor that cannot be read");
	ok(sink.aborts == 1 && sink.commits == 0, "one abort");
	is_int(cx4_error_code(cx4_reader_error(r)), CX4_E_IO_READ,
	    "the reader's error");
	is_int(cx4_report_code(cx4_reader_report(r)), CX4_E_IO_READ,
	    "and its report's");
	is_int(cx4_reader_finish(r), CX4_E_IO_READ, "finish has it too");
	is_int(cx4_reader_run_fd(r, fd[0]), CX4_E_IO_READ, "and run");
	cx4_reader_free(&r);
	ok(sink.aborts == 1 && sink.commits == 0, "no second end");
	sink_free(&sink);
	/* Before anything was pushed. */
	r = reader_for(&plain, NULL, &sink);
	is_int(cx4_reader_run_fd(r, fd[0]), CX4_E_IO_READ, "at once");
	is_int(cx4_report_layers(cx4_reader_report(r)), 0, "no layers");
	cx4_reader_free(&r);
	is_int(sink.aborts, 1, "one abort");
	sink_free(&sink);
	close(fd[0]);
	cx4i_buf_free(&msg);
}

/* OpenSSL's error queue belongs to the host. */
static void
test_error_queue(void)
{
	static const struct {
		const char *layers, *ids;
		int want;
	} cases[] = {
		{ "S:alice E:bob", "bob", CX4_OK },
		{ "S:alice E:carol", "carol", CX4_OK },
		{ "S:alice E:alice", "twin", CX4_E_DECRYPT },
		{ "S:alice E:bob", "dave", CX4_E_NO_KEY },
		{ "S:zed S:alice", NULL, CX4_E_PATH },
	};
	struct opening how = plain;
	struct cx4i_buf msg;
	struct outcome o;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		msg = written(cases[i].layers);
		how.ids = cases[i].ids;
		/* Once without, so that all keys are loaded. */
		open_message(&how, cx4i_buf_slice(&msg), &o);
		outcome_free(&o);
		ERR_clear_error();
		ERR_raise_data(ERR_LIB_USER, 1, "the host's");
		ERR_raise_data(ERR_LIB_USER, 2, "the host's");
		ERR_set_mark();
		open_message(&how, cx4i_buf_slice(&msg), &o);
		is_int(o.code, cases[i].want, "%s: %s", cases[i].layers,
		    o.text);
		is_int(ERR_pop_to_mark(), 1, "  the host's mark is there");
		is_int(ERR_GET_REASON(ERR_get_error()), 1, "  and one error");
		is_int(ERR_GET_REASON(ERR_get_error()), 2, "  and two");
		is_int(ERR_peek_error() == 0, 1, "  and no third");
		outcome_free(&o);
		open_message(&how, cx4i_buf_slice(&msg), &o);
		is_int(ERR_peek_error() == 0, 1, "  and none stays none");
		outcome_free(&o);
		cx4i_buf_free(&msg);
	}
}

int
main(void)
{
	static const struct opening opening = { .ids = "alice",
	    .require = CX4_ALLOW_ORIGINATOR_MISMATCH };
	static const struct opening decrypting = { .mode = CX4_MODE_DECRYPT,
	    .ids = "alice" };

	p22 = p22_from("alice", "Hello, Bob.\n");
	test_round_trips();
	test_verify_mode();
	test_decrypt_mode();
	test_inspect_mode();
	test_no_key_used();
	test_strip_mode();
	test_content_mode();
	test_attributes();
	test_unknown_attribute();
	test_relabelled();
	test_no_signer();
	test_attributes_as_content();
	test_without_attributes();
	test_versions();
	test_algorithms();
	test_signing_certificate();
	test_twins();
	test_forbidden_types();
	test_inner_forms();
	test_no_message();
	test_several_signers();
	test_trust();
	test_originator();
	test_unsigned();
	test_authenticated();
	test_decryption(&opening, 1);
	test_decryption(&decrypting, 0);
	test_inspect_alike();
	test_no_oracle();
	test_details();
	test_no_key();
	test_cipher_abuse();
	test_transport();
	test_other_recipients();
	test_limits();
	test_sinks();
	test_release();
	test_states();
	test_wrong_calls();
	test_run_fd();
	test_error_queue();
	cx4i_buf_free(&p22);
	sample_end();
	return done_testing();
}
