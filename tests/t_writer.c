/*
 * t_writer.c - what the writer makes: layers, types, attributes, lengths,
 * and what it refuses. The ids in comments (R-...) are the requirements of
 * RFC 3854, by section and number.
 *
 * SPDX-License-Identifier: ISC
 */
#include <fcntl.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/err.h>

#include "sample.h"
#include "tap.h"

static const struct opening everybody = {
	.ids = "alice bob carol dave", .policy = "rfc3854"
};

/* ------------------------------------------------------------ strict DER */

/*
 * 1 if the octets are elements with definite lengths in the shortest form,
 * all the way down, and nothing else.
 */
static int
is_der(struct cx4i_slice in)
{
	struct cx4i_slice open[64];
	struct cx4i_tlv t;
	size_t depth = 0;
	int r;

	open[0] = in;
	for (;;) {
		r = cx4i_tlv_next(&open[depth], &t);
		if (r < 0)
			return 0;
		if (r == 0) {
			if (depth-- == 0)
				return 1;
			continue;
		}
		if (t.whole.len != cx4i_der_size(t.body.len))
			return 0;
		if ((t.ident & 0x20) != 0 && ++depth < 64)
			open[depth] = t.body;
	}
}

/* The elements of a SET OF in the order of X.690 section 11.6. */
static int
is_sorted(struct cx4i_slice body)
{
	struct cx4i_tlv t, last;
	size_t n;
	int c, first = 1;

	memset(&last, 0, sizeof(last));
	for (; cx4i_tlv_next(&body, &t) == 1; last = t, first = 0) {
		if (first)
			continue;
		n = last.whole.len < t.whole.len ? last.whole.len :
		    t.whole.len;
		c = memcmp(last.whole.data, t.whole.data, n);
		if (c > 0 || (c == 0 && last.whole.len > t.whole.len))
			return 0;
	}
	return 1;
}

/* ------------------------------------------------------------ type chains */

/* The bare value inside an EnvelopedData, decrypted by one of its readers. */
static struct cx4i_buf
decrypted(struct cx4i_slice bare)
{
	struct opening how = { .mode = CX4_MODE_DECRYPT, .bare = 1,
	    .ids = "alice bob carol dave", .policy = "rfc3854" };
	struct cx4i_buf info = content_info(OID_ENVELOPED, bare), b;
	struct outcome o;

	if (open_message(&how, cx4i_buf_slice(&info), &o) != CX4_OK)
		sample_die(o.text);
	cx4i_buf_free(&info);
	b = o.sink.octets;
	memset(&o.sink.octets, 0, sizeof(b));
	outcome_free(&o);
	return b;
}

/*
 * The types that the layers say they contain, outermost first, with the
 * structure's own version: "S3:1.2.3 E0:4.5.6". What is inside must be a
 * bare structure (R-3.4.1-6) in DER.
 */
static void
chain_of(struct cx4i_slice all, char *out, size_t size)
{
	struct cx4i_buf held = { NULL, 0, 0 }, next;
	char type[CX4I_OID_TEXT], outer[CX4I_OID_TEXT];
	struct signed_parts s;
	struct enveloped_parts e;
	struct cx4i_slice in = all, bare, oid;
	size_t n = 0;

	in = element(&in, CX4I_SEQUENCE, NULL);
	element(&in, CX4I_OID, &oid);
	oid_text(oid, type);
	bare = bare_value(all, type);
	for (;;) {
		need(is_der(bare), "DER inside");
		snprintf(outer, sizeof(outer), "%s", type);
		if (strcmp(outer, OID_SIGNED) == 0) {
			take_signed(bare, &s);
			oid_text(s.type, type);
			n += (size_t)snprintf(out + n, size - n, "%sS%d:%s",
			    n > 0 ? " " : "", s.version.data[2], type);
			bare = s.content;
		} else if (strcmp(outer, OID_ENVELOPED) == 0) {
			take_enveloped(bare, &e);
			oid_text(e.type, type);
			n += (size_t)snprintf(out + n, size - n, "%sE%d:%s",
			    n > 0 ? " " : "", e.version.data[2], type);
			next = decrypted(bare);
			cx4i_buf_free(&held);
			held = next;
			bare = cx4i_buf_slice(&held);
		} else {
			break;
		}
	}
	cx4i_buf_free(&held);
}

struct composition {
	const char *layers;
	const char *chain;
	const char *smime_type;
	unsigned int options;
};

/*
 * R-3.4.1-3: the inner eContentType is the content's; -4: the EnvelopedData
 * names id-signedData; -5: the outer SignedData names id-envelopedData.
 * R-3.2-5, R-3.3-5 for one layer; R-3.4-1 for any nesting; RFC 5652 sections
 * 5.1 and 6.1 for the versions.
 */
static const struct composition compositions[] = {
	{ "S:alice", "S3:" P22, "signed-x400", 0 },
	{ "S:alice", "S3:" P22, "signed-x400", CX4_WRITE_SKI },
	{ "S:alice", "S3:" P22, "signed-x400", CX4_WRITE_RSA_PSS },
	{ "S:carol", "S3:" P22, "signed-x400", 0 },
	{ "S:dave", "S3:" P22, "signed-x400", 0 },
	{ "S:alice,carol,dave", "S3:" P22, "signed-x400", 0 },
	{ "S:alice,carol,dave", "S3:" P22, "signed-x400", CX4_WRITE_SKI },
	{ "E:bob", "E0:" P22, "enveloped-x400", 0 },
	{ "E:bob", "E2:" P22, "enveloped-x400", CX4_WRITE_SKI },
	{ "E:bob", "E0:" P22, "enveloped-x400", CX4_WRITE_RSA_OAEP },
	{ "E:carol", "E2:" P22, "enveloped-x400", 0 },
	{ "E:dave", "E2:" P22, "enveloped-x400", CX4_WRITE_SKI },
	{ "E:bob,carol,dave", "E2:" P22, "enveloped-x400", 0 },
	{ "S:alice E:bob", "E0:" OID_SIGNED " S3:" P22, "signed-x400", 0 },
	{ "E:bob S:alice", "S3:" OID_ENVELOPED " E0:" P22, "enveloped-x400",
	    0 },
	{ "S:alice S:carol", "S3:" OID_SIGNED " S3:" P22, "signed-x400", 0 },
	{ "E:bob E:carol", "E2:" OID_ENVELOPED " E0:" P22, "enveloped-x400",
	    0 },
	{ "S:alice E:bob S:carol", "S3:" OID_ENVELOPED " E0:" OID_SIGNED
	    " S3:" P22, "signed-x400", 0 },
	{ "S:alice E:carol,bob S:alice,dave", "S3:" OID_ENVELOPED
	    " E2:" OID_SIGNED " S3:" P22, "signed-x400", CX4_WRITE_SKI },
	{ "S:alice E:bob S:carol E:dave S:alice", "S3:" OID_ENVELOPED
	    " E2:" OID_SIGNED " S3:" OID_ENVELOPED " E0:" OID_SIGNED
	    " S3:" P22, "signed-x400", 0 },
	{ "E:bob E:carol S:alice S:carol E:bob", "E0:" OID_SIGNED
	    " S3:" OID_SIGNED " S3:" OID_ENVELOPED " E2:" OID_ENVELOPED
	    " E0:" P22, "enveloped-x400", 0 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
check_composition(const struct composition *c)
{
	struct writing m = { .layers = c->layers, .options = c->options };
	struct cx4i_buf content, msg;
	char chain[600] = "", line[100];
	struct cx4i_slice all;
	struct outcome o;

	content = p22_from(strncmp(c->layers, "S:carol", 7) == 0 ? "carol" :
	    strncmp(c->layers, "S:dave", 6) == 0 ? "dave" : "alice", "Hi.\n");
	write_message(&m, cx4i_buf_slice(&content), &o);
	is_int(o.code, CX4_OK, "%s (options %x): %s", c->layers, c->options,
	    o.text);
	if (o.code != CX4_OK)
		goto out;
	ok(ended(&o, 1), "  one commit");
	all = cx4i_buf_slice(&o.sink.octets);
	ok(is_der(all), "  definite lengths, shortest form, to the end");
	chain_of(all, chain, sizeof(chain));
	is_str(chain, c->chain, "  types and versions");
	snprintf(line, sizeof(line), "mts.smimeType=%s", c->smime_type);
	ok(says(&o, line), "  %s (R-3.4.1-9)", c->smime_type);
	ok(says(&o, "content.originatorCheck=match") ==
	    (strchr(c->layers, 'S') != NULL),
	    "  originator compared with the signers (R-4.3-5)");
	msg = o.sink.octets;
	memset(&o.sink.octets, 0, sizeof(msg));
	outcome_free(&o);
	is_int(open_message(&everybody, cx4i_buf_slice(&msg), &o), CX4_OK,
	    "  opens");
	is_mem(o.sink.octets.data, o.sink.octets.len, content.data,
	    content.len, "  to the same content");
	cx4i_buf_free(&msg);
out:
	outcome_free(&o);
	cx4i_buf_free(&content);
}

static void
test_compositions(void)
{
	size_t i;

	for (i = 0; i < COUNT(compositions); i++)
		check_composition(&compositions[i]);
}

/* R-2.4.1-1, T-2.5.3-1: eContent absent, signerInfos empty. */
static void
test_certs_only(void)
{
	static const struct writing forms[] = {
		{ .layers = "C:alice,carol" },
		{ .layers = "C:alice,carol", .unknown_length = 1 },
	};
	static const struct {
		const char *layers;
		int code;
	} refused[] = {
		{ "C:alice", CX4_E_LENGTH }, { "X:", CX4_E_USAGE },
		{ "X: E:bob", CX4_E_USAGE }, { "E:bob X:", CX4_E_USAGE },
		{ "S:alice X:carol", CX4_E_USAGE },
	};
	struct writing wrapped = { .layers = "C:alice S:carol E:bob" };
	struct cx4i_slice none = { NULL, 0 }, in;
	struct cx4i_buf msg, flat = { NULL, 0, 0 };
	struct signed_parts p;
	char type[CX4I_OID_TEXT];
	struct outcome o;
	size_t i;

	for (i = 0; i < COUNT(forms); i++) {
		msg = message(&forms[i], none);
		ok(is_der(cx4i_buf_slice(&msg)),
		    "certificates only are DER: their length is known");
		need(cx4i_tlv_definite(cx4i_buf_slice(&msg), &flat, NULL) == 0,
		    "definite");
		take_signed(bare_value(cx4i_buf_slice(&flat), OID_SIGNED), &p);
		is_str(oid_text(p.type, type), OID_DATA, "id-data");
		is_int(p.version.data[2], 1, "version 1");
		ok(!p.has_content && p.signers.len == 0,
		    "no eContent and no signerInfos");
		in = p.certs;
		is_int(cx4i_tlv_count(element(&in, CX4I_CONTEXT_C(0), NULL)),
		    3, "two certificates and the one above both");
		cx4i_buf_free(&flat);
		cx4i_buf_free(&msg);
	}
	write_message(&wrapped, none, &o);
	is_int(o.code, CX4_OK, "certificates inside other layers: %s", o.text);
	ok(says(&o, "mts.smimeType=certs-only"),
	    "certs-only goes through to the outside (R-3.4.1-10)");
	outcome_free(&o);
	in.data = (const uint8_t *)"x";
	in.len = 1;
	for (i = 0; i < COUNT(refused); i++) {
		wrapped.layers = refused[i].layers;
		is_int(write_message(&wrapped, in, &o), refused[i].code,
		    "content for \"%s\" is refused: %s", refused[i].layers,
		    o.text);
		ok(ended(&o, 0), "  and the sink aborted");
		outcome_free(&o);
	}
}

/* ------------------------------------------------------------- attributes */

#define ATTR_TYPE "1.2.840.113549.1.9.3"
#define ATTR_DIGEST "1.2.840.113549.1.9.4"
#define ATTR_TIME "1.2.840.113549.1.9.5"
#define ATTR_CAPABILITIES "1.2.840.113549.1.9.15"
#define ATTR_PREFERENCE "1.2.840.113549.1.9.16.2.11"
#define ATTR_CERT_V1 "1.2.840.113549.1.9.16.2.12"
#define ATTR_CERT_V2 "1.2.840.113549.1.9.16.2.47"
#define ATTR_HINTS "1.2.840.113549.1.9.16.2.4"
#define ATTR_PROTECTION "1.2.840.113549.1.9.52"

struct attr_list {
	char types[16][CX4I_OID_TEXT];
	struct cx4i_slice values[16];	/* the one value, whole */
	size_t count;
	int singles;			/* each has exactly one value */
	int sorted;
};

/* The signed attributes of the n-th SignerInfo; *version too. */
static void
take_attrs(const struct signed_parts *p, size_t n, struct attr_list *a,
    int *version)
{
	struct cx4i_slice in = p->signers, si, set, attr, values, oid;
	struct cx4i_tlv t;

	memset(a, 0, sizeof(*a));
	a->singles = 1;
	do
		si = element(&in, CX4I_SEQUENCE, NULL);
	while (n-- > 0);
	*version = element(&si, CX4I_INTEGER, NULL).data[0];
	need(cx4i_tlv_next(&si, &t) == 1, "sid");
	element(&si, CX4I_SEQUENCE, NULL);
	set = element(&si, CX4I_CONTEXT_C(0), NULL);
	a->sorted = is_sorted(set);
	while (set.len > 0) {
		attr = element(&set, CX4I_SEQUENCE, NULL);
		element(&attr, CX4I_OID, &oid);
		need(a->count < 16, "attributes");
		oid_text(oid, a->types[a->count]);
		values = element(&attr, CX4I_SET, NULL);
		if (cx4i_tlv_count(values) != 1)
			a->singles = 0;
		a->values[a->count++] = values;
	}
}

static struct cx4i_slice
attr_value(const struct attr_list *a, const char *type)
{
	struct cx4i_slice none = { NULL, 0 };
	size_t i;

	for (i = 0; i < a->count; i++)
		if (strcmp(a->types[i], type) == 0)
			return a->values[i];
	return none;
}

static int
attr_times(const struct attr_list *a, const char *type)
{
	size_t i;
	int n = 0;

	for (i = 0; i < a->count; i++)
		n += strcmp(a->types[i], type) == 0;
	return n;
}

/*
 * R-2.5-2: one instance of signingTime, sMIMECapabilities and sMIME-
 * EncryptionKeyPreference; R-2.5-8: one signingCertificate; RFC 5652 section
 * 5.3: contentType and messageDigest. Nothing else but contentHints, and
 * CMSAlgorithmProtection (RFC 6211), which the policy rfc3854 leaves out.
 */
static void
check_attrs(const struct signed_parts *p, size_t n, const char *cert_attr,
    const char *hint, int with_protection)
{
	static const char *const always[] = {
		ATTR_TYPE, ATTR_DIGEST, ATTR_TIME, ATTR_CAPABILITIES,
		ATTR_PREFERENCE
	};
	struct cx4i_slice value, body;
	char text[CX4I_OID_TEXT], type[CX4I_OID_TEXT];
	struct attr_list a;
	size_t i;
	int version, protection;

	take_attrs(p, n, &a, &version);
	for (i = 0; i < COUNT(always); i++)
		is_int(attr_times(&a, always[i]), 1, "one %s", always[i]);
	is_int(attr_times(&a, cert_attr), 1, "one %s", cert_attr);
	is_int(attr_times(&a, ATTR_HINTS), hint != NULL, "contentHints");
	protection = attr_times(&a, ATTR_PROTECTION);
	is_int(a.count, 6 + protection + (hint != NULL),
	    "and no other attribute");
	ok(protection == with_protection, "CMSAlgorithmProtection");
	ok(a.singles, "one value each");
	ok(a.sorted, "DER order of the SET OF");
	is_str(oid_text(attr_value(&a, ATTR_TYPE), text),
	    oid_text(p->type, type), "contentType is eContentType");
	if (hint == NULL)
		return;
	value = attr_value(&a, ATTR_HINTS);
	body = element(&value, CX4I_SEQUENCE, NULL);
	is_str(oid_text(body, text), hint, "contentHints names %s", hint);
}

static void
first_signed(const struct cx4i_buf *msg, struct signed_parts *p)
{
	take_signed(bare_value(cx4i_buf_slice(msg), OID_SIGNED), p);
}

static void
test_attributes(struct cx4i_slice content)
{
	static const struct {
		enum cx4_digest digest;
		const char *policy, *cert_attr;
	} digests[] = {
		{ CX4_DIGEST_SHA1, "rfc3854", ATTR_CERT_V1 },
		{ CX4_DIGEST_AUTO, "rfc3854", ATTR_CERT_V1 },
		{ CX4_DIGEST_AUTO, "modern", ATTR_CERT_V2 },
		{ CX4_DIGEST_SHA256, "rfc3854", ATTR_CERT_V2 },
		{ CX4_DIGEST_SHA384, "modern", ATTR_CERT_V2 },
		{ CX4_DIGEST_SHA512, "modern", ATTR_CERT_V2 },
	};
	struct writing m = { .layers = "S:alice,dave" };
	struct signed_parts p;
	struct cx4i_buf msg;
	struct outcome o;
	int modern;
	size_t i;

	for (i = 0; i < COUNT(digests); i++) {
		note("digest %d, policy %s", (int)digests[i].digest,
		    digests[i].policy);
		m.digest = digests[i].digest;
		m.policy = digests[i].policy;
		msg = message(&m, content);
		first_signed(&msg, &p);
		modern = strcmp(digests[i].policy, "modern") == 0;
		check_attrs(&p, 0, digests[i].cert_attr, NULL, modern);
		check_attrs(&p, 1, digests[i].cert_attr, NULL, modern);
		ok(is_sorted(p.signers), "SignerInfos in DER order");
		is_int(open_message(&everybody, cx4i_buf_slice(&msg), &o),
		    CX4_OK, "opens: %s", o.text);
		outcome_free(&o);
		cx4i_buf_free(&msg);
	}
}

/* contentHints stands around an EnvelopedData, and nowhere else. */
static void
test_hints(struct cx4i_slice content)
{
	static const struct {
		const char *layers, *hint;
	} cases[] = {
		{ "S:alice", NULL },
		{ "S:alice S:carol", NULL },
		{ "S:alice E:bob S:carol", P22 },
		{ "S:alice S:carol E:bob S:dave", P22 },
		{ "E:bob S:alice", OID_ENVELOPED },
		{ "E:bob E:carol S:alice", OID_ENVELOPED },
		{ "E:bob S:alice E:carol S:alice", OID_ENVELOPED },
	};
	struct signed_parts p;
	struct cx4i_buf msg;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct writing m = { .layers = cases[i].layers };

		note("%s", cases[i].layers);
		msg = message(&m, content);
		first_signed(&msg, &p);
		check_attrs(&p, 0, ATTR_CERT_V2, cases[i].hint, 1);
		cx4i_buf_free(&msg);
	}
}

/* R-2.5-4: UTCTime from 1950 to 2049, GeneralizedTime outside. */
static void
test_signing_time(struct cx4i_slice content)
{
	static const struct {
		int64_t when;
		uint8_t ident;
		const char *text, *shown;
	} cases[] = {
		{ INT64_C(-631152001), CX4I_GENERALIZED_TIME,
		    "19491231235959Z", "1949-12-31T23:59:59Z" },
		{ INT64_C(-631152000), CX4I_UTC_TIME, "500101000000Z",
		    "1950-01-01T00:00:00Z" },
		{ -1, CX4I_UTC_TIME, "691231235959Z",
		    "1969-12-31T23:59:59Z" },
		{ INT64_C(2524607999), CX4I_UTC_TIME, "491231235959Z",
		    "2049-12-31T23:59:59Z" },
		{ INT64_C(2524608000), CX4I_GENERALIZED_TIME,
		    "20500101000000Z", "2050-01-01T00:00:00Z" },
		{ INT64_C(253402300799), CX4I_GENERALIZED_TIME,
		    "99991231235959Z", "9999-12-31T23:59:59Z" },
	};
	struct writing m = { .layers = "S:alice" };
	struct cx4i_slice value, body;
	struct signed_parts p;
	struct attr_list a;
	struct cx4i_buf msg;
	struct outcome o;
	char line[100];
	int version;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		m.time = cases[i].when;
		msg = message(&m, content);
		first_signed(&msg, &p);
		take_attrs(&p, 0, &a, &version);
		value = attr_value(&a, ATTR_TIME);
		is_int(value.data[0], cases[i].ident, "type of %s",
		    cases[i].shown);
		body = element(&value, cases[i].ident, NULL);
		is_mem(body.data, body.len, cases[i].text,
		    strlen(cases[i].text), "its text");
		open_message(&everybody, cx4i_buf_slice(&msg), &o);
		snprintf(line, sizeof(line), "layers.0.signers.0.attributes."
		    "signingTime=%s", cases[i].shown);
		ok(o.code == CX4_OK && says(&o, line), "read as %s",
		    cases[i].shown);
		outcome_free(&o);
		cx4i_buf_free(&msg);
	}
}

/* sid and version: 1 with issuer and serial, 3 with the key identifier. */
static void
test_identifiers(struct cx4i_slice content)
{
	struct writing m = { .layers = "S:alice,carol" };
	struct signed_parts p;
	struct attr_list a;
	struct cx4i_slice in;
	struct cx4i_buf msg;
	struct outcome o;
	int version, ski;

	for (ski = 0; ski < 2; ski++) {
		m.options = ski ? CX4_WRITE_SKI : 0;
		msg = message(&m, content);
		first_signed(&msg, &p);
		take_attrs(&p, 1, &a, &version);
		is_int(version, ski ? 3 : 1, "SignerInfo version (R-2.4.1)");
		in = p.certs;
		is_int(cx4i_tlv_count(element(&in, CX4I_CONTEXT_C(0), NULL)),
		    3, "both certificates, once the one above");
		cx4i_buf_free(&msg);
	}
	m.options = CX4_WRITE_NO_CERTS;
	msg = message(&m, content);
	first_signed(&msg, &p);
	is_int(p.certs.len, 0, "no certificates: the field is absent");
	is_int(open_message(&(struct opening){ .certs = "int" },
	    cx4i_buf_slice(&msg), &o), CX4_E_NO_CERTIFICATE,
	    "which cannot be verified without them");
	outcome_free(&o);
	is_int(open_message(&(struct opening){
	    .certs = "int alice-cert carol-cert" }, cx4i_buf_slice(&msg), &o),
	    CX4_OK, "and can with them: %s", o.text);
	outcome_free(&o);
	cx4i_buf_free(&msg);
}

/* ---------------------------------------------------------- originator copy */

static void
check_recipients(const char *recipients, const char *originator,
    unsigned int options, long want)
{
	struct cx4i_buf content = octets_of(10), msg;
	struct writing m = { .layers = recipients, .originator = originator,
	    .options = options };
	struct enveloped_parts p;

	msg = message(&m, cx4i_buf_slice(&content));
	take_enveloped(bare_value(cx4i_buf_slice(&msg), OID_ENVELOPED), &p);
	is_int(cx4i_tlv_count(p.recipients), want, "%s from %s, options %x",
	    recipients, originator, options);
	ok(is_sorted(p.recipients), "RecipientInfos in DER order");
	cx4i_buf_free(&msg);
	cx4i_buf_free(&content);
}

/* R-3.3.1-4. */
static void
test_originator_copy(void)
{
	struct writing m = { .layers = "E:bob", .originator = "" };
	struct cx4i_slice one = { (const uint8_t *)"x", 1 };
	struct outcome o;

	check_recipients("E:bob", "alice", 0, 2);
	check_recipients("E:bob", "alice", CX4_WRITE_NO_ORIGINATOR_COPY, 1);
	check_recipients("E:bob,alice", "alice", 0, 2);
	check_recipients("E:bob,carol,dave", "carol", 0, 3);
	check_recipients("E:bob,carol", "dave", CX4_WRITE_SKI, 3);
	check_recipients("E:bob", "", CX4_WRITE_NO_ORIGINATOR_COPY, 1);
	is_int(write_message(&m, one, &o), CX4_E_ORIGINATOR_COPY,
	    "no originator, and the copy not switched off");
	ok(ended(&o, 0) && o.sink.octets.len == 0, "nothing was written");
	outcome_free(&o);
	m.originator = "noencrypt";
	is_int(write_message(&m, one, &o), CX4_E_ORIGINATOR_COPY,
	    "an originator that cannot receive");
	outcome_free(&o);
}

/* R-2.6-1, R-2.6-2, R-2.3-1. */
static void
test_ciphers(void)
{
	static const struct {
		enum cx4_cipher cipher;
		const char *policy, *name;
	} cases[] = {
		{ CX4_CIPHER_DES_EDE3_CBC, "rfc3854", "des-ede3-cbc" },
		{ CX4_CIPHER_AUTO, "rfc3854", "des-ede3-cbc" },
		{ CX4_CIPHER_DES_EDE3_CBC, "modern", "des-ede3-cbc" },
		{ CX4_CIPHER_AUTO, "modern", "aes-256-cbc" },
		{ CX4_CIPHER_AES_128_CBC, "modern", "aes-128-cbc" },
		{ CX4_CIPHER_AES_192_CBC, "modern", "aes-192-cbc" },
		{ CX4_CIPHER_AES_256_CBC, "rfc3854", "aes-256-cbc" },
	};
	struct cx4i_buf content = octets_of(1000), msg;
	struct outcome o;
	char line[100];
	size_t i;
	int oaep;

	for (i = 0; i < 2 * COUNT(cases); i++) {
		struct writing m = { .layers = "E:bob,carol,dave" };

		oaep = i % 2 == 1;
		m.options = oaep ? CX4_WRITE_RSA_OAEP : 0;
		m.cipher = cases[i / 2].cipher;
		m.policy = cases[i / 2].policy;
		msg = message(&m, cx4i_buf_slice(&content));
		open_message(&(struct opening){ .ids = oaep ? "bob" :
		    "carol" }, cx4i_buf_slice(&msg), &o);
		snprintf(line, sizeof(line), "layers.0.cipher=%s",
		    cases[i / 2].name);
		ok(o.code == CX4_OK && says(&o, line), "%s", line);
		is_int(warned(&o, CX4_W_WEAK_CIPHER),
		    cases[i / 2].name[0] == 'd', "  warning of a weak one");
		is_mem(o.sink.octets.data, o.sink.octets.len, content.data,
		    content.len, "  decrypts");
		outcome_free(&o);
		cx4i_buf_free(&msg);
	}
	cx4i_buf_free(&content);
}

/* ------------------------------------------------------------------ lengths */

static void
check_size(size_t size, const char *layers, enum cx4_cipher cipher)
{
	struct cx4i_buf content = octets_of(size), msg;
	struct writing m = { .layers = layers, .cipher = cipher };
	struct opening how = everybody;
	struct outcome o;
	int unknown;

	for (unknown = 0; unknown < 2; unknown++) {
		m.unknown_length = unknown;
		msg = message(&m, cx4i_buf_slice(&content));
		is_int(is_der(cx4i_buf_slice(&msg)), !unknown,
		    "%s, %zu octets, length %s", layers, size,
		    unknown ? "unknown: BER" : "known: DER");
		open_message(&how, cx4i_buf_slice(&msg), &o);
		ok(o.code == CX4_OK && o.sink.octets.len == size &&
		    (size == 0 || memcmp(o.sink.octets.data, content.data,
		    size) == 0), "  opens to the same: %s", o.text);
		outcome_free(&o);
		cx4i_buf_free(&msg);
	}
	cx4i_buf_free(&content);
}

static void
test_sizes(void)
{
	static const size_t sizes[] = {
		0, 1, 15, 16, 17, 127, 128, 255, 256, 16383, 16384, 16385,
		65535, 65536, 1024 * 1024
	};
	size_t i;

	for (i = 0; i < COUNT(sizes); i++) {
		check_size(sizes[i], "S:carol", CX4_CIPHER_AUTO);
		check_size(sizes[i], "E:carol", CX4_CIPHER_AUTO);
		check_size(sizes[i], "E:carol", CX4_CIPHER_AES_256_GCM);
		check_size(sizes[i], "S:carol E:carol S:dave",
		    CX4_CIPHER_AUTO);
		check_size(sizes[i], "S:carol E:carol E:bob S:dave",
		    CX4_CIPHER_AES_128_GCM);
	}
}

/* The segments of the octet string: all of one size but the last. */
static void
test_segments(void)
{
	struct cx4i_buf content = octets_of(40000), msg;
	struct writing m = { .layers = "S:alice", .unknown_length = 1 };

	msg = message(&m, cx4i_buf_slice(&content));
	ok(msg.len > 4 && msg.data[0] == 0x30 && msg.data[1] == 0x80,
	    "BER begins with an indefinite length");
	ok(memcmp(msg.data + msg.len - 6, "\0\0\0\0\0\0", 6) == 0,
	    "and ends with the ends of three");
	cx4i_buf_free(&msg);
	m.options = CX4_WRITE_DER;
	m.unknown_length = 0;
	msg = message(&m, cx4i_buf_slice(&content));
	ok(is_der(cx4i_buf_slice(&msg)), "DER asked for and given");
	cx4i_buf_free(&msg);
	cx4i_buf_free(&content);
}

/*
 * RSASSA-PKCS1-v1_5 is deterministic: with the time fixed the octets depend
 * on nothing but the content, whatever the pushes.
 */
static void
check_chunks(const struct writing *form, const char *name)
{
	static const size_t chunks[] = { 1, 2, 3, 7, 61, 1000, 16384 };
	struct cx4i_buf content = octets_of(40000), whole, part;
	struct writing m = *form;
	size_t i;

	m.chunk = 0;
	whole = message(&m, cx4i_buf_slice(&content));
	for (i = 0; i < COUNT(chunks); i++) {
		m.chunk = chunks[i];
		part = message(&m, cx4i_buf_slice(&content));
		is_mem(part.data, part.len, whole.data, whole.len,
		    "%s in chunks of %zu", name, chunks[i]);
		cx4i_buf_free(&part);
	}
	cx4i_buf_free(&whole);
	cx4i_buf_free(&content);
}

static void
test_chunks(void)
{
	struct writing m = { .layers = "S:alice,bob",
	    .require = CX4_ALLOW_ORIGINATOR_MISMATCH };

	check_chunks(&m, "DER");
	m.unknown_length = 1;
	check_chunks(&m, "BER");
	m.options = CX4_WRITE_PEM;
	check_chunks(&m, "PEM");
	m.options = CX4_WRITE_MIME;
	m.layers = "S:alice S:bob";
	check_chunks(&m, "MIME around two layers");
	m.unknown_length = 0;
	m.options = CX4_WRITE_MIME | CX4_WRITE_LF;
	check_chunks(&m, "MIME with LF");
}

static void
test_wrong_length(void)
{
	static const char *const stacks[] = {
		"S:alice", "E:bob", "S:alice E:bob S:carol"
	};
	struct cx4i_buf content = octets_of(1000);
	struct outcome o;
	size_t i;
	int d;

	for (i = 0; i < 2 * COUNT(stacks); i++)
		for (d = -1; d <= 1; d += 2) {
			struct writing m = { .layers = stacks[i / 2],
			    .declared = d, .chunk = 100,
			    .cipher = i % 2 == 0 ? CX4_CIPHER_AUTO :
			    CX4_CIPHER_AES_128_GCM };

			write_message(&m, cx4i_buf_slice(&content), &o);
			is_int(o.code, CX4_E_LENGTH,
			    "%s: declared length %+d", stacks[i / 2], d);
			ok(ended(&o, 0), "  the sink aborts");
			outcome_free(&o);
		}
	cx4i_buf_free(&content);
}

/* ---------------------------------------------------------------- refusals */

struct refusal {
	const char *name;
	struct writing how;
	int code;
};

static const struct refusal refusals[] = {
	{ "SHA-1 under modern", { .layers = "S:alice",
	    .digest = CX4_DIGEST_SHA1 }, CX4_E_POLICY },
	{ "SHA-1 under strict", { .layers = "S:alice", .policy = "strict",
	    .digest = CX4_DIGEST_SHA1 }, CX4_E_POLICY },
	{ "a weak RSA signer under modern", { .layers = "S:weak" },
	    CX4_E_POLICY },
	{ "a weak RSA recipient under modern", { .layers = "E:weak" },
	    CX4_E_POLICY },
	{ "a weak RSA originator under modern", { .layers = "E:bob",
	    .originator = "weak" }, CX4_E_POLICY },
	{ "any CBC under strict", { .layers = "E:bob", .policy = "strict",
	    .cipher = CX4_CIPHER_AES_256_CBC }, CX4_E_POLICY },
	{ "a signer whose keyUsage forbids it", { .layers = "S:nosign" },
	    CX4_E_SIGNER_UNFIT },
	{ "a signer without key", { .layers = "S:alice-cert" },
	    CX4_E_SIGNER_UNFIT },
	{ "one bad signer of two", { .layers = "S:alice,nosign" },
	    CX4_E_SIGNER_UNFIT },
	{ "a recipient whose keyUsage forbids it", { .layers =
	    "E:noencrypt" }, CX4_E_RECIPIENT_UNFIT },
	{ "one bad recipient of two", { .layers = "E:bob,noencrypt" },
	    CX4_E_RECIPIENT_UNFIT },
	{ "an inner layer without recipient", { .layers = "E: S:alice" },
	    CX4_E_USAGE },
	{ "DER without a length", { .layers = "S:alice",
	    .unknown_length = 1, .options = CX4_WRITE_DER },
	    CX4_E_DER_IMPOSSIBLE },
	{ "more layers than the limit", { .layers = "S:alice S:alice S:alice",
	    .max_depth = 2 }, CX4_E_LIMIT_DEPTH },
	{ "more octets than the limit", { .layers = "S:alice",
	    .max_octets = 20 }, CX4_E_LIMIT_OCTETS },
	{ "another originator than the signer", { .layers = "S:mallory" },
	    CX4_E_ORIGINATOR_DIFFERS },
	{ "... in the innermost signature", { .layers =
	    "S:mallory E:bob S:alice" }, CX4_E_ORIGINATOR_DIFFERS },
	{ "a MIME wrapper that cannot be named", { .layers = "S:alice",
	    .type = "1.2.3.4", .options = CX4_WRITE_MIME },
	    CX4_E_SMIME_TYPE },
};

static const struct refusal allowances[] = {
	{ "SHA-1 under rfc3854", { .layers = "S:alice", .policy = "rfc3854",
	    .digest = CX4_DIGEST_SHA1 }, 0 },
	{ "a weak signer under rfc3854", { .layers = "S:weak",
	    .policy = "rfc3854" }, 0 },
	{ "another originator, if allowed", { .layers = "S:mallory",
	    .require = CX4_ALLOW_ORIGINATOR_MISMATCH }, CX4_W_ORIGINATOR },
	{ "a signer without address", { .layers = "S:eve" },
	    CX4_W_ORIGINATOR_ABSENT },
	{ "another originator in an outer signature", { .layers =
	    "S:alice E:bob S:mallory" }, 0 },
	{ "encryption by somebody else", { .layers = "E:bob",
	    .originator = "mallory" }, 0 },
	{ "content that is no P35", { .layers = "S:alice",
	    .type = "p35" }, CX4_W_CONTENT },
	{ "content of a type of one's own", { .layers = "S:mallory",
	    .type = "1.2.3.4" }, 0 },
	{ "exactly as many layers as the limit", { .layers =
	    "S:alice S:alice", .max_depth = 2 }, 0 },
	{ "a MIME wrapper that is named", { .layers = "S:alice",
	    .type = "1.2.3.4", .options = CX4_WRITE_MIME,
	    .smime_type = "signed-data" }, 0 },
	{ "authenticated encryption under strict", { .layers = "E:bob",
	    .policy = "strict" }, 0 },
	{ "BER, which is noted", { .layers = "S:alice",
	    .unknown_length = 1 }, CX4_W_BER },
};

static void
test_refusals(struct cx4i_slice content)
{
	struct outcome o;
	size_t i;

	for (i = 0; i < COUNT(refusals); i++) {
		write_message(&refusals[i].how, content, &o);
		is_int(o.code, refusals[i].code, "refused: %s (%s)",
		    refusals[i].name, o.text);
		ok(ended(&o, 0), "  one abort");
		outcome_free(&o);
	}
	for (i = 0; i < COUNT(allowances); i++) {
		write_message(&allowances[i].how, content, &o);
		is_int(o.code, CX4_OK, "written: %s (%s)",
		    allowances[i].name, o.text);
		ok(ended(&o, 1), "  one commit");
		if (allowances[i].code != 0)
			ok(warned(&o, allowances[i].code), "  warning %s",
			    cx4_code_name(allowances[i].code));
		else
			ok(says(&o, "warnings") == 0 &&
			    strstr(o.report, "warnings.0") == NULL,
			    "  without a warning");
		outcome_free(&o);
	}
}

/* DSA is written by rfc3854 with SHA-1 only (R-2.2-1). */
static cx4_id *
dsa_id(void)
{
	EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	EVP_PKEY *params = NULL, *key = NULL;
	X509 *x = X509_new();
	X509_NAME *name = X509_NAME_new();
	cx4_id *id = NULL;
	int bits = 1024, q = 160;

	need(pctx != NULL && x != NULL && name != NULL, "DSA");
	need(EVP_PKEY_paramgen_init(pctx) > 0 &&
	    EVP_PKEY_CTX_set_dsa_paramgen_bits(pctx, bits) > 0 &&
	    EVP_PKEY_CTX_set_dsa_paramgen_q_bits(pctx, q) > 0 &&
	    EVP_PKEY_paramgen(pctx, &params) > 0, "DSA parameters");
	EVP_PKEY_CTX_free(pctx);
	pctx = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
	need(pctx != NULL && EVP_PKEY_keygen_init(pctx) > 0 &&
	    EVP_PKEY_keygen(pctx, &key) > 0, "DSA key");
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"dsa", -1, -1, 0);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
	X509_set_subject_name(x, name);
	X509_set_issuer_name(x, name);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	need(X509_sign(x, key, EVP_sha256()) > 0, "DSA certificate");
	need(cx4_id_new_openssl(ctx(), x, key, NULL, &id) == CX4_OK,
	    "DSA identity");
	X509_NAME_free(name);
	X509_free(x);
	EVP_PKEY_free(key);
	EVP_PKEY_free(params);
	EVP_PKEY_CTX_free(pctx);
	return id;
}

static void
check_dsa(cx4_id *dsa, const char *policy, enum cx4_digest digest, int want)
{
	struct writing m = { .layers = "X:", .policy = policy,
	    .digest = digest };
	struct cx4i_buf content = octets_of(300);
	struct sink sink;
	cx4_writer *w;
	int code;

	memset(&sink, 0, sizeof(sink));
	w = writer_for(&m, content.len, &sink);
	need(cx4_writer_add_signer(w, dsa) == CX4_OK, "DSA signer");
	cx4_writer_push(w, content.data, content.len);
	code = cx4_writer_finish(w);
	is_int(code, want, "DSA under %s with digest %d: %s", policy,
	    (int)digest, cx4_error_text(cx4_writer_error(w)));
	is_int(sink.commits, want == CX4_OK, "  committed or not");
	if (code == CX4_OK)
		ok(is_der(cx4i_buf_slice(&sink.octets)), "  in DER");
	cx4_writer_free(&w);
	sink_free(&sink);
	cx4i_buf_free(&content);
}

/* The same for an elliptic curve. */
static cx4_id *
ec_id(const char *curve)
{
	EVP_PKEY *key = EVP_EC_gen(curve);
	X509_NAME *name = X509_NAME_new();
	X509 *x = X509_new();
	cx4_id *id = NULL;

	need(key != NULL && x != NULL && name != NULL, curve);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"ec", -1, -1, 0);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 8);
	X509_set_subject_name(x, name);
	X509_set_issuer_name(x, name);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	need(X509_sign(x, key, EVP_sha256()) > 0, "EC certificate");
	need(cx4_id_new_openssl(ctx(), x, key, NULL, &id) == CX4_OK,
	    "EC identity");
	X509_NAME_free(name);
	X509_free(x);
	EVP_PKEY_free(key);
	return id;
}

/* As signer, recipient and originator; each layer for itself. */
static void
check_strength(cx4_id *id, const char *curve, const char *policy, int want)
{
	static const char *const layers[] = { "X:", "E:", "E:bob" };
	struct cx4i_buf content = octets_of(300);
	struct writing m = { .policy = policy };
	struct sink sink;
	cx4_writer *w;
	size_t i;

	for (i = 0; i < COUNT(layers); i++) {
		m.layers = layers[i];
		memset(&sink, 0, sizeof(sink));
		w = writer_for(&m, content.len, &sink);
		need((i == 0 ? cx4_writer_add_signer(w, id) : i == 1 ?
		    cx4_writer_add_recipient(w, id) :
		    cx4_writer_set_originator(w, id)) == CX4_OK, "setter");
		cx4_writer_push(w, content.data, content.len);
		is_int(cx4_writer_finish(w), want, "%s under %s in %s: %s",
		    curve, policy, layers[i],
		    cx4_error_text(cx4_writer_error(w)));
		ok(want == CX4_OK || strstr(cx4_error_text(
		    cx4_writer_error(w)), "EC key of ") != NULL,
		    "  the error names the key");
		is_int(sink.commits, want == CX4_OK, "  committed or not");
		cx4_writer_free(&w);
		sink_free(&sink);
	}
	cx4i_buf_free(&content);
}

static void
test_strength(void)
{
	static const struct {
		const char *curve;
		int modern, rfc3854;
	} curves[] = {
		{ "secp112r1", CX4_E_POLICY, CX4_E_POLICY },
		{ "prime192v1", CX4_E_POLICY, CX4_OK },
		{ "secp224r1", CX4_OK, CX4_OK },
	};
	cx4_id *id;
	size_t i;

	for (i = 0; i < COUNT(curves); i++) {
		id = ec_id(curves[i].curve);
		check_strength(id, curves[i].curve, "modern",
		    curves[i].modern);
		check_strength(id, curves[i].curve, "strict",
		    curves[i].modern);
		check_strength(id, curves[i].curve, "rfc3854",
		    curves[i].rfc3854);
		cx4_id_free(&id);
	}
}

static void
test_dsa(void)
{
	cx4_id *dsa = dsa_id();

	check_dsa(dsa, "modern", CX4_DIGEST_AUTO, CX4_E_POLICY);
	check_dsa(dsa, "strict", CX4_DIGEST_AUTO, CX4_E_POLICY);
	check_dsa(dsa, "rfc3854", CX4_DIGEST_SHA1, CX4_OK);
	check_dsa(dsa, "rfc3854", CX4_DIGEST_AUTO, CX4_OK);
	cx4_id_free(&dsa);
}

/* ------------------------------------------------------------ wrong calls */

static void
test_states(struct cx4i_slice content)
{
	struct writing m = { .layers = "S:alice" };
	struct sink sink;
	cx4_writer *w;

	memset(&sink, 0, sizeof(sink));
	w = writer_for(&m, content.len, &sink);
	is_int(cx4_writer_add_recipient(w, who("bob")), CX4_E_STATE,
	    "a recipient for a signed layer");
	is_int(cx4_writer_add_layer(w, (enum cx4_layer_type)7), CX4_E_USAGE,
	    "an unknown kind of layer");
	is_int(cx4_writer_set_content_type(w, "p23"), CX4_E_CONTENT_TYPE,
	    "an unknown content type");
	is_int(cx4_writer_set_options(w, CX4_WRITE_MIME | CX4_WRITE_PEM),
	    CX4_E_USAGE, "two wrappers");
	is_int(cx4_writer_set_digest(w, (enum cx4_digest)77), CX4_E_USAGE,
	    "an unknown digest");
	is_int(cx4_writer_set_cipher(w, (enum cx4_cipher)77), CX4_E_USAGE,
	    "an unknown cipher");
	is_int(cx4_writer_set_signing_time(w, INT64_MAX), CX4_E_USAGE,
	    "a year beyond 9999");
	is_int(cx4_writer_set_content_length(w, UINT64_MAX), CX4_E_USAGE,
	    "a length beyond reason");
	is_int(cx4_writer_set_sink(w, NULL, NULL, NULL), CX4_E_USAGE,
	    "half a sink");
	is_int(cx4_writer_push(w, content.data, 1), CX4_OK, "a push");
	is_int(cx4_writer_add_signer(w, who("bob")), CX4_E_STATE,
	    "a signer after the first push");
	is_int(cx4_writer_set_content_length(w, 9), CX4_E_STATE,
	    "a length after the first push");
	is_int(cx4_writer_set_content_type(w, "p2"), CX4_E_STATE,
	    "a type after the first push");
	is_int(cx4_writer_push(w, content.data + 1, content.len - 1), CX4_OK,
	    "the rest");
	is_int(cx4_writer_finish(w), CX4_OK, "finish");
	is_int(cx4_writer_push(w, content.data, 1), CX4_E_STATE,
	    "a push after finish");
	is_int(cx4_writer_finish(w), CX4_OK, "finish again changes nothing");
	is_int(sink.commits, 1, "one commit");
	cx4_writer_free(&w);
	ok(w == NULL, "free sets the pointer to NULL");
	cx4_writer_free(&w);
	is_int(sink.commits + sink.aborts, 1, "free does not end it again");
	sink_free(&sink);

	w = writer_for(&m, content.len, &sink);
	cx4_writer_push(w, content.data, 1);
	cx4_writer_free(&w);
	ok(sink.aborts == 1 && sink.commits == 0,
	    "freed in the middle: aborted");
	sink_free(&sink);
}

static void
test_unset(struct cx4i_slice content)
{
	struct sink sink;
	cx4_writer *w;

	memset(&sink, 0, sizeof(sink));
	need((w = cx4_writer_new(ctx(), NULL)) != NULL, "writer");
	is_int(cx4_writer_add_signer(w, who("alice")), CX4_E_STATE,
	    "a signer before any layer");
	need(cx4_writer_set_sink(w, sink_write, sink_end, &sink) == CX4_OK &&
	    cx4_writer_add_layer(w, CX4_LAYER_SIGNED) == CX4_OK &&
	    cx4_writer_add_signer(w, who("alice")) == CX4_OK, "setters");
	is_int(cx4_writer_push(w, content.data, content.len), CX4_E_USAGE,
	    "no content type: the first push fails");
	is_int(cx4_writer_push(w, content.data, 1), CX4_E_USAGE,
	    "and every later call with the same code");
	is_int(cx4_writer_finish(w), CX4_E_USAGE, "finish too");
	ok(sink.aborts == 1 && sink.commits == 0, "one abort");
	cx4_writer_free(&w);
	sink_free(&sink);

	need((w = cx4_writer_new(ctx(), NULL)) != NULL, "writer");
	cx4_writer_set_content_type(w, "p22");
	cx4_writer_add_layer(w, CX4_LAYER_SIGNED);
	cx4_writer_add_signer(w, who("alice"));
	cx4_writer_push(w, content.data, content.len);
	is_int(cx4_writer_finish(w), CX4_OK, "a writer without sink works");
	cx4_writer_free(&w);
}

static void
test_sink_fails(struct cx4i_slice content)
{
	struct writing m = { .layers = "S:alice E:bob" };
	struct sink sink;
	cx4_writer *w;

	memset(&sink, 0, sizeof(sink));
	w = writer_for(&m, content.len, &sink);
	sink.refuse_at = 20;
	cx4_writer_push(w, content.data, content.len);
	is_int(cx4_writer_finish(w), CX4_E_IO_WRITE, "a sink that is full");
	ok(sink.aborts == 1 && sink.commits == 0, "one abort");
	cx4_writer_free(&w);
	sink_free(&sink);

	w = writer_for(&m, content.len, &sink);
	sink.refuse_commit = 1;
	cx4_writer_push(w, content.data, content.len);
	is_int(cx4_writer_finish(w), CX4_E_IO_WRITE,
	    "a sink that cannot commit");
	is_int(cx4_report_code(cx4_writer_report(w)), CX4_E_IO_WRITE,
	    "stands in the report");
	ok(sink.aborts == 0 && sink.commits == 1, "asked once");
	cx4_writer_free(&w);
	sink_free(&sink);
}

static void
test_wrong_calls(void)
{
	struct writing m = { .layers = "S:alice" };
	struct sink sink, second;
	cx4_writer *w;

	memset(&sink, 0, sizeof(sink));
	memset(&second, 0, sizeof(second));
	ok(cx4_writer_new(NULL, NULL) == NULL, "no writer without a context");
	w = writer_for(&m, 5, &sink);
	is_int(cx4_writer_set_sink(w, sink_write, sink_end, &second),
	    CX4_E_STATE, "a second sink");
	is_int(cx4_writer_set_message(w, NULL), CX4_E_USAGE, "no name");
	is_int(cx4_writer_set_content_type(w, NULL), CX4_E_USAGE, "no type");
	is_int(cx4_writer_set_smime_type(w, NULL), CX4_E_USAGE,
	    "no smime-type");
	is_int(cx4_writer_add_signer(w, NULL), CX4_E_USAGE, "no signer");
	is_int(cx4_writer_add_recipient(w, NULL), CX4_E_USAGE,
	    "no recipient");
	is_int(cx4_writer_add_cert(w, NULL), CX4_E_USAGE, "no certificate");
	is_int(cx4_writer_set_originator(w, NULL), CX4_E_USAGE,
	    "no originator");
	is_int(cx4_writer_push(w, NULL, 0), CX4_OK, "no octets, none said");
	is_int(cx4_writer_push(w, NULL, 5), CX4_E_USAGE, "no octets");
	is_int(cx4_writer_finish(w), CX4_E_USAGE, "which stays");
	cx4_writer_free(&w);
	ok(sink.aborts == 1 && sink.commits == 0 && second.aborts == 0,
	    "the first sink is aborted, the second unknown");
	sink_free(&sink);
	is_int(cx4_writer_push(NULL, "", 1), CX4_E_USAGE, "no writer: push");
	is_int(cx4_writer_finish(NULL), CX4_E_USAGE, "finish");
	is_int(cx4_writer_run_fd(NULL, 0), CX4_E_USAGE, "run");
	is_int(cx4_writer_add_signer(NULL, who("alice")), CX4_E_USAGE,
	    "set");
}

static void
test_run_fd(struct cx4i_slice content)
{
	struct writing m = { .layers = "S:alice" };
	struct sink sink;
	cx4_writer *w;
	int fd[2];

	memset(&sink, 0, sizeof(sink));
	need(pipe(fd) == 0 && write(fd[1], content.data, content.len) ==
	    (ssize_t)content.len, "pipe");
	close(fd[1]);
	w = writer_for(&m, content.len, &sink);
	is_int(cx4_writer_run_fd(w, fd[0]), CX4_OK, "read from a pipe");
	is_int(sink.commits, 1, "committed");
	cx4_writer_free(&w);
	close(fd[0]);
	sink_free(&sink);

	m.unknown_length = 1;
	w = writer_for(&m, 0, &sink);
	is_int(cx4_writer_push(w, content.data, content.len), CX4_OK,
	    "a content");
	need((fd[0] = open(".", O_RDONLY)) >= 0, "directory");
	is_int(cx4_writer_run_fd(w, fd[0]), CX4_E_IO_READ,
	    "then a descriptor that cannot be read");
	ok(sink.aborts == 1 && sink.commits == 0, "one abort");
	is_int(cx4_error_code(cx4_writer_error(w)), CX4_E_IO_READ,
	    "the writer's error");
	is_int(cx4_report_code(cx4_writer_report(w)), CX4_E_IO_READ,
	    "and its report's");
	is_int(cx4_writer_finish(w), CX4_E_IO_READ, "finish has it too");
	cx4_writer_free(&w);
	ok(sink.aborts == 1 && sink.commits == 0, "no second end");
	sink_free(&sink);
	close(fd[0]);
}

/* OpenSSL's error queue belongs to the host. */
static void
test_error_queue(struct cx4i_slice content)
{
	static const struct {
		const char *layers;
		enum cx4_cipher cipher;
		int want;
	} cases[] = {
		{ "S:alice E:bob,carol", CX4_CIPHER_AES_256_CBC, CX4_OK },
		{ "S:dave E:carol S:alice", CX4_CIPHER_AES_128_GCM, CX4_OK },
		{ "E:noencrypt", CX4_CIPHER_AUTO, CX4_E_RECIPIENT_UNFIT },
		{ "S:weak", CX4_CIPHER_AUTO, CX4_E_POLICY },
	};
	struct writing m = { .require = CX4_ALLOW_ORIGINATOR_MISMATCH };
	struct outcome o;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		m.layers = cases[i].layers;
		m.cipher = cases[i].cipher;
		/* Once without, so that all keys are loaded. */
		write_message(&m, content, &o);
		outcome_free(&o);
		ERR_clear_error();
		ERR_raise_data(ERR_LIB_USER, 1, "the host's");
		ERR_raise_data(ERR_LIB_USER, 2, "the host's");
		write_message(&m, content, &o);
		is_int(o.code, cases[i].want, "%s: %s", cases[i].layers,
		    o.text);
		is_int(ERR_GET_REASON(ERR_get_error()), 1,
		    "  one of the host's errors");
		is_int(ERR_GET_REASON(ERR_get_error()), 2, "  and two");
		is_int(ERR_peek_error() == 0, 1, "  and no third");
		outcome_free(&o);
		write_message(&m, content, &o);
		is_int(ERR_peek_error() == 0, 1, "  and none stays none");
		outcome_free(&o);
	}
}

/* ------------------------------------------------------------------ nesting */

/* R-3.4-2: what is nested goes in bare, under its own type. */
static void
check_nest(const char *inner, int inner_ber, const char *outer, int ber,
    struct cx4i_slice content)
{
	struct writing in = { .layers = inner, .unknown_length = inner_ber };
	struct writing out = { .layers = outer, .unknown_length = ber,
	    .options = CX4_WRITE_NEST, .chunk = 7 };
	struct cx4i_buf msg = message(&in, content), all;
	const char *last = strrchr(inner, ':') - 1;
	char line[CX4I_OID_TEXT + 40];
	struct outcome o;

	write_message(&out, cx4i_buf_slice(&msg), &o);
	if (!is_int(o.code, CX4_OK, "%s (%s) into %s: %s", inner,
	    inner_ber ? "BER" : "DER", outer, o.text)) {
		outcome_free(&o);
		cx4i_buf_free(&msg);
		return;
	}
	snprintf(line, sizeof(line), "content.type.oid=%s",
	    *last == 'E' ? OID_ENVELOPED : OID_SIGNED);
	ok(says(&o, line), "  %s", line);
	all = o.sink.octets;
	memset(&o.sink.octets, 0, sizeof(all));
	outcome_free(&o);
	/* An inner BER keeps its octets inside an outer DER. */
	is_int(is_der(cx4i_buf_slice(&all)), !inner_ber,
	    "  definite lengths if they are known");
	open_message(&everybody, cx4i_buf_slice(&all), &o);
	ok(o.code == CX4_OK && !warned(&o, CX4_W_INNER_CONTENTINFO),
	    "  nested bare: %s", o.text);
	is_mem(o.sink.octets.data, o.sink.octets.len, content.data,
	    content.len, "  and opens");
	outcome_free(&o);
	cx4i_buf_free(&all);
	cx4i_buf_free(&msg);
}

static void
check_nest_fails(struct cx4i_slice in, const char *name, int want)
{
	struct writing m = { .layers = "S:alice", .options = CX4_WRITE_NEST };
	struct outcome o;

	write_message(&m, in, &o);
	is_int(o.code, want, "nesting %s: %s", name, o.text);
	ok(ended(&o, 0), "  one abort");
	outcome_free(&o);
}

static void
test_nesting(struct cx4i_slice content)
{
	static const uint8_t seq[] = { 0x30, 3, 2, 1, 5 };
	struct writing m = { .layers = "S:alice" };
	struct cx4i_buf msg, data;
	struct cx4i_slice s;

	check_nest("S:alice", 0, "S:carol", 0, content);
	check_nest("S:alice", 1, "S:carol", 0, content);
	check_nest("S:alice", 0, "E:bob", 0, content);
	check_nest("E:bob", 0, "S:alice", 0, content);
	check_nest("E:bob", 1, "S:alice E:carol", 0, content);
	check_nest("S:alice E:bob", 0, "S:alice", 0, content);

	msg = message(&m, content);
	s = cx4i_buf_slice(&msg);
	s.len--;
	check_nest_fails(s, "a truncated message", CX4_E_TRUNCATED);
	s.len = 12;
	check_nest_fails(s, "its first octets", CX4_E_TRUNCATED);
	s.len = 0;
	check_nest_fails(s, "nothing", CX4_E_TRUNCATED);
	s.data = seq;
	s.len = sizeof(seq);
	check_nest_fails(s, "another SEQUENCE", CX4_E_NOT_CMS);
	s.data = (const uint8_t *)"Hello, world: this is no message at all.";
	s.len = 40;
	check_nest_fails(s, "text", CX4_E_NOT_CMS);
	s.data = seq;
	s.len = sizeof(seq);
	data = content_info("1.2.840.113549.1.9.16.1.9", s);
	check_nest_fails(cx4i_buf_slice(&data), "CompressedData",
	    CX4_E_FORBIDDEN_TYPE);
	cx4i_buf_free(&data);
	cx4i_buf_free(&msg);
}

int
main(void)
{
	struct cx4i_buf content = p22_from("alice", "Hello, Bob.\n");
	struct cx4i_slice c = cx4i_buf_slice(&content);

	test_compositions();
	test_certs_only();
	test_attributes(c);
	test_hints(c);
	test_signing_time(c);
	test_identifiers(c);
	test_originator_copy();
	test_ciphers();
	test_sizes();
	test_segments();
	test_chunks();
	test_wrong_length();
	test_refusals(c);
	test_dsa();
	test_strength();
	test_states(c);
	test_unset(c);
	test_sink_fails(c);
	test_wrong_calls();
	test_run_fd(c);
	test_error_queue(c);
	test_nesting(c);
	cx4i_buf_free(&content);
	sample_end();
	return done_testing();
}
