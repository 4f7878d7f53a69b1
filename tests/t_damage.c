/*
 * t_damage.c - messages cut short at every octet, and damaged in every
 * octet: nothing crashes, a message cut short never commits, and no content
 * but the one that was signed is ever released under a signature.
 *
 * A damaged message may be accepted only where the octet is not signed and
 * decides nothing; which parts of the structure those are is listed here.
 * What is encrypted only can be altered (RFC 3854 section 3.3); it must then
 * be reported as unsigned and without integrity.
 * With CX4_SAMPLE=k only every k-th octet is tried, for slow builds.
 *
 * SPDX-License-Identifier: ISC
 */
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Sanitizers are slow, and look at every octet that is read. */
#if defined(__SANITIZE_ADDRESS__)
#define DEFAULT_STEP 7
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DEFAULT_STEP 7
#endif
#endif
#ifndef DEFAULT_STEP
#define DEFAULT_STEP 1
#endif

static size_t step = DEFAULT_STEP;

/* ------------------------------------------------------ where octets stand */

/* A part of a message, by the octets it has in it. */
struct region {
	const char *name;
	size_t from, to;	/* to: the first octet beyond */
	size_t accepted;
};

struct map {
	const uint8_t *base;
	struct region regions[16];
	size_t count;
};

static void
mark(struct map *m, const char *name, struct cx4i_slice s)
{
	struct region *r = &m->regions[m->count++];

	need(m->count <= COUNT(m->regions), "regions");
	r->name = name;
	r->from = (size_t)(s.data - m->base);
	r->to = r->from + s.len;
	r->accepted = 0;
}

static struct region *
region_at(struct map *m, size_t at)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		if (at >= m->regions[i].from && at < m->regions[i].to)
			return &m->regions[i];
	return NULL;
}

/* The certificates that are not alice's, who signs. */
static void
map_certs(struct map *m, struct cx4i_slice certs)
{
	struct cx4i_slice in = element(&certs, CX4I_CONTEXT_C(0), NULL);
	unsigned char *p = NULL;
	struct cx4i_slice signer;
	struct cx4i_tlv t;
	int n = i2d_X509(cx4_id_cert(who("alice")), &p);

	need(n > 0, "alice's certificate");
	signer.data = p;
	signer.len = (size_t)n;
	while (cx4i_tlv_next(&in, &t) == 1)
		if (!cx4i_slice_equal(t.whole, signer))
			mark(m, "another certificate", t.whole);
	OPENSSL_free(p);
}

/*
 * What a signature does not cover, and what decides nothing: the version of
 * the SignedData, and certificates that are not the signer's.
 */
static void
map_signed(struct map *m, struct cx4i_slice bare)
{
	struct signed_parts p;

	take_signed(bare, &p);
	mark(m, "SignedData version", p.version);
	if (p.certs.len > 0)
		map_certs(m, p.certs);
}

/* In an EnvelopedData everything may change that is not needed to decrypt. */
static void
map_enveloped(struct map *m, struct cx4i_slice bare)
{
	struct enveloped_parts p;

	take_enveloped(bare, &p);
	mark(m, "EnvelopedData version", p.version);
	mark(m, "recipientInfos", p.recipients);
	mark(m, "contentType", p.type);
	mark(m, "cipher", p.cipher);
	mark(m, "encryptedContent", p.content);
}

/* A tag covers the content, its type and what is used to decrypt it. */
static void
map_authenticated(struct map *m, struct cx4i_slice bare)
{
	struct cx4i_slice in = element(&bare, CX4I_SEQUENCE, NULL), whole;

	element(&in, CX4I_INTEGER, &whole);
	mark(m, "AuthEnvelopedData version", whole);
	element(&in, CX4I_SET, &whole);
	mark(m, "recipientInfos", whole);
}

/* -------------------------------------------------------------- the trials */

struct subject {
	const char *name;
	struct cx4i_buf msg;
	struct opening how;
	cx4_policy *policy;
	struct cx4i_slice content;
	struct map map;
	int may_be_unsigned;	/* the outermost layer is not signed */
};

static int
released_right(const struct subject *s, const struct outcome *o)
{
	return o->sink.octets.len == s->content.len &&
	    memcmp(o->sink.octets.data, s->content.data,
	    s->content.len) == 0;
}

static void
cut_everywhere(struct subject *s)
{
	struct cx4i_slice in = cx4i_buf_slice(&s->msg);
	size_t tried = 0, committed = 0, twice = 0, other = 0;
	struct outcome o;

	for (in.len = 0; in.len < s->msg.len; in.len += step) {
		open_shared(&s->how, s->policy, in, &o);
		tried++;
		committed += o.code == CX4_OK || o.sink.commits > 0;
		twice += o.sink.commits + o.sink.aborts != 1;
		/* Where a message ends too early is no secret. */
		other += o.code != CX4_E_TRUNCATED;
		outcome_free(&o);
	}
	ok(tried > 0 && committed == 0, "%s: none of %zu cut short commits",
	    s->name, tried);
	ok(twice == 0, "%s: the sink ends once each time", s->name);
	ok(other == 0, "%s: the code is always truncated", s->name);
}

struct tally {
	size_t tried, accepted;
	size_t wrong;		/* other content under a signature */
	size_t elsewhere;	/* accepted where it should not be */
	size_t lost;		/* the outer signature has gone unnoticed */
	size_t ends;		/* the sink ended twice or never */
};

static void
judge(struct subject *s, size_t at, const struct outcome *o, struct tally *t)
{
	struct region *r;
	int is_unsigned;

	t->tried++;
	t->ends += !ended(o, o->code == CX4_OK);
	if (o->code != CX4_OK)
		return;
	t->accepted++;
	is_unsigned = warned(o, CX4_W_UNSIGNED) &&
	    warned(o, CX4_W_NO_INTEGRITY);
	if (!released_right(s, o) && !is_unsigned)
		t->wrong++;
	/* Encryption hides its content's type, and does not protect it. */
	if (is_unsigned && !s->may_be_unsigned)
		t->lost++;
	if ((r = region_at(&s->map, at)) != NULL) {
		r->accepted++;
		return;
	}
	t->elsewhere++;
	note("%s: damage at %zu is accepted", s->name, at);
}

static void
damage_everywhere(struct subject *s)
{
	static const uint8_t masks[] = { 0x01, 0x80, 0xff };
	struct outcome o;
	struct tally t;
	size_t at, i;

	memset(&t, 0, sizeof(t));
	for (at = 0; at < s->msg.len; at += step)
		for (i = 0; i < COUNT(masks); i++) {
			s->msg.data[at] ^= masks[i];
			open_shared(&s->how, s->policy,
			    cx4i_buf_slice(&s->msg), &o);
			judge(s, at, &o, &t);
			outcome_free(&o);
			s->msg.data[at] ^= masks[i];
		}
	note("%s: %zu damaged, %zu accepted", s->name, t.tried, t.accepted);
	for (i = 0; i < s->map.count; i++)
		note("  %s (%zu octets): %zu", s->map.regions[i].name,
		    s->map.regions[i].to - s->map.regions[i].from,
		    s->map.regions[i].accepted);
	ok(t.tried > 0 && t.ends == 0, "%s: the sink ends once each time",
	    s->name);
	ok(t.wrong == 0, "%s: no other content but as unsigned", s->name);
	ok(t.elsewhere == 0, "%s: accepted in unsigned fields only",
	    s->name);
	ok(t.lost == 0, "%s: no signature is lost unnoticed", s->name);
}

static void
try_out(struct subject *s)
{
	struct outcome o;

	s->policy = policy_of(&s->how);
	s->map.base = s->msg.data;
	open_shared(&s->how, s->policy, cx4i_buf_slice(&s->msg), &o);
	ok(o.code == CX4_OK && released_right(s, &o), "%s: %zu octets, %s",
	    s->name, s->msg.len, o.code == CX4_OK ? "good" : o.text);
	outcome_free(&o);
	if (strstr(s->name, "authenticated") != NULL)
		map_authenticated(&s->map, bare_value(
		    cx4i_buf_slice(&s->msg), "1.2.840.113549.1.9.16.1.23"));
	else if (strstr(s->name, "enveloped") != NULL)
		map_enveloped(&s->map, bare_value(cx4i_buf_slice(&s->msg),
		    OID_ENVELOPED));
	else
		map_signed(&s->map, bare_value(cx4i_buf_slice(&s->msg),
		    OID_SIGNED));
	cut_everywhere(s);
	damage_everywhere(s);
	cx4_policy_free(&s->policy);
	cx4i_buf_free(&s->msg);
}

static void
test_message(const char *name, const char *layers, unsigned int options,
    struct cx4i_slice content)
{
	struct writing m = { .layers = layers,
	    .options = options | CX4_WRITE_NO_ORIGINATOR_COPY,
	    .cipher = strcmp(name, "authenticated") == 0 ?
	    CX4_CIPHER_AES_256_GCM : CX4_CIPHER_AUTO };
	struct subject s;

	memset(&s, 0, sizeof(s));
	s.name = name;
	s.how.ids = "carol";
	s.how.trust = "int";
	if (options & CX4_WRITE_NO_CERTS)
		s.how.certs = "alice-cert";
	s.content = content;
	s.may_be_unsigned = strstr(name, "enveloped") != NULL;
	s.msg = message(&m, content);
	try_out(&s);
}

int
main(void)
{
	struct cx4i_buf p22 = p22_from("alice", "x");
	const char *sample = getenv("CX4_SAMPLE");

	if (sample != NULL && strtol(sample, NULL, 10) > 1)
		step = (size_t)strtol(sample, NULL, 10);
	test_message("signed", "S:alice", 0, cx4i_buf_slice(&p22));
	test_message("enveloped", "E:carol", 0, cx4i_buf_slice(&p22));
	test_message("authenticated", "E:carol", 0, cx4i_buf_slice(&p22));
	test_message("triple", "S:alice E:carol S:alice", CX4_WRITE_NO_CERTS,
	    cx4i_buf_slice(&p22));
	test_message("signed inside enveloped", "S:alice E:carol",
	    CX4_WRITE_NO_CERTS, cx4i_buf_slice(&p22));
	cx4i_buf_free(&p22);
	sample_end();
	return done_testing();
}
