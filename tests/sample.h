/*
 * sample.h - messages for unit tests: writing them and opening them through
 * the public interface, with sinks that keep account, reports as text, and
 * CMS structures taken apart and built by hand.
 *
 * A description of what to write or open is a struct whose zero members
 * mean the ordinary. Identities come from the directory $CX4_PKI that
 * pki.sh makes, and are read once. What goes wrong in this file's own work,
 * and not in what is under test, ends the program.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "../libcmsx400/cmsx400_openssl.h"
#include "../libcmsx400/encoding/der.h"
#include "../libcmsx400/encoding/oid.h"
#include "../libcmsx400/encoding/tlv.h"

#define P22 "2.6.1.10.1"
#define OID_DATA "1.2.840.113549.1.7.1"
#define OID_SIGNED "1.2.840.113549.1.7.2"
#define OID_ENVELOPED "1.2.840.113549.1.7.3"

/* 2026-01-01T00:00:00Z */
#define SAMPLE_TIME INT64_C(1767225600)

static inline void
sample_die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static inline void
need(int condition, const char *what)
{
	if (!condition)
		sample_die(what);
}

/* -------------------------------------------------------- files, identities */

/* The octets of $CX4_PKI/`name``suffix`; the caller frees the buffer. */
static inline struct cx4i_buf
pki_file(const char *name, const char *suffix)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	const char *dir = getenv("CX4_PKI");
	char path[1024];
	uint8_t *room;
	size_t n;
	FILE *f;

	need(dir != NULL, "CX4_PKI is not set");
	snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
	need((f = fopen(path, "rb")) != NULL, path);
	do {
		need((room = cx4i_buf_extend(&b, 4096)) != NULL, "memory");
		n = fread(room, 1, 4096, f);
		b.len -= 4096 - n;
	} while (n > 0);
	fclose(f);
	return b;
}

struct known_id {
	char name[64];
	cx4_id *id;
};

#define MAX_KNOWN 32

static cx4_ctx *sample_ctx;
static struct known_id sample_ids[MAX_KNOWN];

static inline cx4_ctx *
ctx(void)
{
	if (sample_ctx == NULL)
		need((sample_ctx = cx4_ctx_new()) != NULL, "cx4_ctx_new");
	return sample_ctx;
}

/* A user of the test PKI, with key; "NAME-cert" is the certificate alone. */
static inline cx4_id *
who(const char *name)
{
	struct cx4i_buf pem;
	size_t i;

	for (i = 0; i < MAX_KNOWN && sample_ids[i].id != NULL; i++)
		if (strcmp(sample_ids[i].name, name) == 0)
			return sample_ids[i].id;
	if (i == MAX_KNOWN)
		sample_die("too many identities");
	pem = pki_file(name, ".pem");
	need(cx4_id_new(ctx(), pem.data, pem.len, NULL, 0, NULL, NULL,
	    &sample_ids[i].id) == CX4_OK, name);
	cx4i_buf_free(&pem);
	snprintf(sample_ids[i].name, sizeof(sample_ids[i].name), "%s", name);
	return sample_ids[i].id;
}

static inline EVP_PKEY *
key_of(const char *name)
{
	struct cx4i_buf pem = pki_file(name, "-key.pem");
	EVP_PKEY *key;
	BIO *in;

	need((in = BIO_new_mem_buf(pem.data, (int)pem.len)) != NULL, "BIO");
	key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	BIO_free(in);
	cx4i_buf_free(&pem);
	need(key != NULL, name);
	return key;
}

/* What the fixtures hold; call it last in main. */
static inline void
sample_end(void)
{
	size_t i;

	for (i = 0; i < MAX_KNOWN; i++)
		cx4_id_free(&sample_ids[i].id);
	cx4_ctx_free(&sample_ctx);
}

/*
 * Call `each` for every word of a list like "alice bob" or "alice,bob".
 */
static inline void
for_words(const char *list, void (*each)(void *, const char *), void *arg)
{
	char word[64];
	size_t n;

	while (list != NULL && *(list += strspn(list, " ,")) != '\0') {
		n = strcspn(list, " ,");
		need(n < sizeof(word), "a word is too long");
		memcpy(word, list, n);
		word[n] = '\0';
		each(arg, word);
		list += n;
	}
}

/* --------------------------------------------------------------------- sink */

struct sink {
	struct cx4i_buf octets;
	int commits, aborts;
	int after_end;		/* octets that came after the end */
	size_t refuse_at;	/* refuse octets beyond; 0: never */
	int refuse_commit;
};

static inline int
sink_write(void *arg, const void *data, size_t len)
{
	struct sink *s = arg;

	if (s->commits + s->aborts > 0)
		s->after_end++;
	if (s->refuse_at > 0 && s->octets.len + len > s->refuse_at)
		return 1;
	need(cx4i_buf_add(&s->octets, data, len) == 0, "memory");
	return 0;
}

static inline int
sink_end(void *arg, int commit)
{
	struct sink *s = arg;

	if (commit)
		s->commits++;
	else
		s->aborts++;
	return commit && s->refuse_commit;
}

static inline void
sink_free(struct sink *s)
{
	cx4i_buf_free(&s->octets);
	memset(s, 0, sizeof(*s));
}

/* ------------------------------------------------------------------ reports */

/*
 * A report as lines "path=value", arrays by number: what a test looks for,
 * and what is the same in two reports that are the same.
 */
struct report_text {
	struct cx4i_buf out;
	char path[32][64];
	int index[32];		/* next index; -1: an object */
	int depth;
};

static inline void
report_line(struct report_text *t, const char *name, const char *value)
{
	char line[1200];
	int i, n = 0;

	for (i = 0; i < t->depth; i++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, "%s%s",
		    n > 0 ? "." : "", t->path[i]);
	if (t->depth > 0 && t->index[t->depth - 1] >= 0)
		n += snprintf(line + n, sizeof(line) - (size_t)n, ".%d",
		    t->index[t->depth - 1]++);
	else
		n += snprintf(line + n, sizeof(line) - (size_t)n, "%s%s",
		    n > 0 ? "." : "", name);
	n += snprintf(line + n, sizeof(line) - (size_t)n, "=%s\n", value);
	need(n < (int)sizeof(line) &&
	    cx4i_buf_add(&t->out, line, (size_t)n) == 0, "report line");
}

static inline int
report_begin(void *arg, const char *name, int is_array)
{
	struct report_text *t = arg;

	if (name == NULL && t->depth == 0 && t->out.len == 0)
		return 0;	/* the whole: has no name */
	need(t->depth < 32, "report depth");
	if (name != NULL)
		snprintf(t->path[t->depth], sizeof(t->path[0]), "%s", name);
	else
		snprintf(t->path[t->depth], sizeof(t->path[0]), "%d",
		    t->index[t->depth - 1]++);
	t->index[t->depth++] = is_array ? 0 : -1;
	return 0;
}

static inline int
report_end(void *arg)
{
	struct report_text *t = arg;

	if (t->depth > 0)
		t->depth--;
	return 0;
}

static inline int
report_string(void *arg, const char *name, const char *value)
{
	report_line(arg, name, value != NULL ? value : "(null)");
	return 0;
}

static inline int
report_number(void *arg, const char *name, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	report_line(arg, name, text);
	return 0;
}

static inline int
report_boolean(void *arg, const char *name, int value)
{
	report_line(arg, name, value ? "true" : "false");
	return 0;
}

/* The report as text that begins with a line end; free it. */
static inline char *
report_to_text(const cx4_report *r)
{
	static const struct cx4_visitor visitor = {
		report_begin, report_end, report_string, report_number,
		report_boolean
	};
	struct report_text t;

	memset(&t, 0, sizeof(t));
	need(cx4_report_walk(r, &visitor, &t) == 0 && t.depth == 0, "walk");
	need(cx4i_buf_add_byte(&t.out, 0) == 0, "memory");
	return (char *)t.out.data;
}

/* ------------------------------------------------------------------ content */

/* A P22 from `user`'s own address; the caller frees the buffer. */
static inline struct cx4i_buf
p22_from(const char *user, const char *text)
{
	struct cx4i_buf line = pki_file(user, ".addr"), content;
	cx4_address *a = NULL;
	unsigned char *der = NULL;
	size_t len = 0;

	need(line.len > 1 && line.data[line.len - 1] == '\n', "address");
	line.data[line.len - 1] = '\0';
	need(cx4_address_from_text(ctx(), (char *)line.data, &a, NULL, 0) ==
	    CX4_OK, "address");
	need(cx4_content_new(ctx(), "p22", a,
	    (const cx4_address *const *)&a, 1, "subject", text, &der,
	    &len) == CX4_OK, "content");
	memset(&content, 0, sizeof(content));
	need(cx4i_buf_add(&content, der, len) == 0, "memory");
	cx4_free(der);
	cx4_address_free(&a);
	cx4i_buf_free(&line);
	return content;
}

/* Octets that are no P22, the same every time. */
static inline struct cx4i_buf
octets_of(size_t len)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	uint64_t state = len + 1;
	uint8_t *p;
	size_t i;

	need((p = cx4i_buf_extend(&b, len > 0 ? len : 1)) != NULL, "memory");
	for (i = 0; i < len; i++) {
		state = state * UINT64_C(6364136223846793005) + 1;
		p[i] = (uint8_t)(state >> 56);
	}
	b.len = len;
	return b;
}

/* ------------------------------------------------------------------ writing */

/*
 * Layers are words from the innermost outwards: "S:alice,carol E:bob
 * S:dave"; "C:alice" is a SignedData that conveys alice's certificates,
 * "X:" a signed layer without signer.
 */
struct writing {
	const char *layers;
	const char *type;		/* NULL: p22 */
	const char *policy;
	unsigned int require;
	unsigned int options;
	enum cx4_digest digest;
	enum cx4_cipher cipher;
	const char *originator;		/* NULL: alice, "": none */
	int unknown_length;
	int64_t declared;		/* added to the true length */
	int64_t time;			/* 0: SAMPLE_TIME */
	size_t chunk;			/* 0: all at once */
	const char *smime_type;
	uint64_t max_octets;
	uint64_t max_depth;
};

/* What came of writing or opening. */
struct outcome {
	int code;
	char text[400];
	int layer;
	uint64_t offset;
	enum cx4_originator originator;
	struct sink sink;
	char *report;
};

static inline void
outcome_free(struct outcome *o)
{
	sink_free(&o->sink);
	free(o->report);
	memset(o, 0, sizeof(*o));
}

static inline void
outcome_take(struct outcome *o, const cx4_error *e, const cx4_report *r)
{
	const char *text = cx4_error_text(e);

	snprintf(o->text, sizeof(o->text), "%s", text != NULL ? text : "");
	o->layer = cx4_error_layer(e);
	o->offset = cx4_error_offset(e);
	o->originator = cx4_report_originator_check(r);
	o->report = report_to_text(r);
	need(cx4_report_code(r) == o->code, "the report has another code");
}

/* 1 if the report has this whole line. */
static inline int
says(const struct outcome *o, const char *line)
{
	size_t n = strlen(line);
	const char *p = o->report;

	for (; (p = strstr(p, line)) != NULL; p += n)
		if ((p == o->report || p[-1] == '\n') && p[n] == '\n')
			return 1;
	return 0;
}

/* 1 if there is a warning of this code. */
static inline int
warned(const struct outcome *o, int code)
{
	char line[100];
	int i;

	for (i = 0; i < 64; i++) {
		snprintf(line, sizeof(line), "warnings.%d.code=%s", i,
		    cx4_code_name(code));
		if (says(o, line))
			return 1;
	}
	return 0;
}

/* End was called once, with this; nothing came after it. */
static inline int
ended(const struct outcome *o, int commit)
{
	return o->sink.commits == (commit ? 1 : 0) &&
	    o->sink.aborts == (commit ? 0 : 1) && o->sink.after_end == 0;
}

static inline void
word_signer(void *w, const char *name)
{
	need(cx4_writer_add_signer(w, who(name)) == CX4_OK, name);
}

static inline void
word_recipient(void *w, const char *name)
{
	need(cx4_writer_add_recipient(w, who(name)) == CX4_OK, name);
}

static inline void
word_cert(void *w, const char *name)
{
	need(cx4_writer_add_cert(w, who(name)) == CX4_OK, name);
}

static inline void
add_layers(cx4_writer *w, const char *layers)
{
	char names[128];
	size_t n;
	char kind;

	while (*(layers += strspn(layers, " ")) != '\0') {
		kind = layers[0];
		need(layers[1] == ':', "layers");
		layers += 2;
		n = strcspn(layers, " ");
		need(n < sizeof(names), "layers");
		memcpy(names, layers, n);
		names[n] = '\0';
		layers += n;
		cx4_writer_add_layer(w, kind == 'E' ? CX4_LAYER_ENVELOPED :
		    CX4_LAYER_SIGNED);
		if (cx4_error_code(cx4_writer_error(w)) != CX4_OK)
			return;
		for_words(names, kind == 'E' ? word_recipient :
		    kind == 'S' ? word_signer : word_cert, w);
	}
}

static inline cx4_policy *
policy_for(const char *name, unsigned int require)
{
	cx4_policy *p = cx4_policy_new(ctx(), name);

	need(p != NULL && cx4_policy_require(p, require) == CX4_OK, "policy");
	return p;
}

static inline cx4_writer *
writer_for(const struct writing *m, size_t len, struct sink *sink)
{
	cx4_policy *p = policy_for(m->policy, m->require);
	cx4_writer *w;

	if (m->max_octets > 0)
		cx4_policy_set_limit(p, CX4_LIMIT_OCTETS, m->max_octets);
	if (m->max_depth > 0)
		cx4_policy_set_limit(p, CX4_LIMIT_DEPTH, m->max_depth);
	need((w = cx4_writer_new(ctx(), p)) != NULL, "writer");
	cx4_policy_free(&p);
	need(cx4_writer_set_sink(w, sink_write, sink_end, sink) == CX4_OK &&
	    cx4_writer_set_options(w, m->options) == CX4_OK &&
	    cx4_writer_set_digest(w, m->digest) == CX4_OK &&
	    cx4_writer_set_cipher(w, m->cipher) == CX4_OK &&
	    cx4_writer_set_signing_time(w, m->time != 0 ? m->time :
	    SAMPLE_TIME) == CX4_OK, "writer's setters");
	/* Certificates alone have no content, and so no type. */
	if (!(m->options & CX4_WRITE_NEST) && m->layers[0] != 'C')
		need(cx4_writer_set_content_type(w, m->type != NULL ?
		    m->type : "p22") == CX4_OK, "content type");
	if (!m->unknown_length)
		need(cx4_writer_set_content_length(w,
		    (uint64_t)((int64_t)len + m->declared)) == CX4_OK,
		    "content length");
	if (m->originator == NULL || *m->originator != '\0')
		need(cx4_writer_set_originator(w, who(m->originator != NULL ?
		    m->originator : "alice")) == CX4_OK, "originator");
	if (m->smime_type != NULL)
		need(cx4_writer_set_smime_type(w, m->smime_type) == CX4_OK,
		    "smime-type");
	add_layers(w, m->layers);
	return w;
}

/* Write `content`; returns the code. The caller frees *o. */
static inline int
write_message(const struct writing *m, struct cx4i_slice content,
    struct outcome *o)
{
	size_t n, at = 0;
	cx4_writer *w;

	memset(o, 0, sizeof(*o));
	w = writer_for(m, content.len, &o->sink);
	while (at < content.len) {
		n = m->chunk != 0 && m->chunk < content.len - at ? m->chunk :
		    content.len - at;
		if (cx4_writer_push(w, content.data + at, n) != CX4_OK)
			break;
		at += n;
	}
	o->code = cx4_writer_finish(w);
	outcome_take(o, cx4_writer_error(w), cx4_writer_report(w));
	cx4_writer_free(&w);
	return o->code;
}

/* The same, which must work: gives the message. The caller frees it. */
static inline struct cx4i_buf
message(const struct writing *m, struct cx4i_slice content)
{
	struct outcome o;
	struct cx4i_buf b;

	if (write_message(m, content, &o) != CX4_OK)
		sample_die(o.text);
	need(ended(&o, 1), "the writer's sink");
	b = o.sink.octets;
	memset(&o.sink.octets, 0, sizeof(b));
	outcome_free(&o);
	return b;
}

/* ------------------------------------------------------------------ opening */

struct opening {
	enum cx4_mode mode;
	const char *ids;		/* like "bob carol" */
	const char *policy;
	unsigned int require;
	const char *trust;		/* NULL: ca; "": none */
	const char *certs;		/* further certificates */
	const char *crls;
	int64_t when;			/* 0: SAMPLE_TIME */
	uint64_t limits[CX4_LIMIT_MAX_];	/* 0: the default */
	int bare;
	const char *type;
	size_t chunk;			/* 0: all at once */
	int no_sink;
	size_t refuse_at;
	int refuse_commit;
};

static inline void
word_id(void *r, const char *name)
{
	need(cx4_reader_add_id(r, who(name)) == CX4_OK, name);
}

static inline void
word_trust(void *p, const char *name)
{
	struct cx4i_buf pem = pki_file(name, ".pem");

	need(cx4_policy_add_trust(p, pem.data, pem.len) == CX4_OK, name);
	cx4i_buf_free(&pem);
}

static inline void
word_more_cert(void *p, const char *name)
{
	struct cx4i_buf pem = pki_file(name, ".pem");

	need(cx4_policy_add_certs(p, pem.data, pem.len) == CX4_OK, name);
	cx4i_buf_free(&pem);
}

static inline void
word_crl(void *p, const char *name)
{
	struct cx4i_buf pem = pki_file(name, ".pem");

	need(cx4_policy_add_crls(p, pem.data, pem.len) == CX4_OK, name);
	cx4i_buf_free(&pem);
}

static inline cx4_policy *
policy_of(const struct opening *how)
{
	cx4_policy *p = policy_for(how->policy, how->require);
	int i;

	for (i = 0; i < CX4_LIMIT_MAX_; i++)
		if (how->limits[i] != 0)
			need(cx4_policy_set_limit(p, (enum cx4_limit)i,
			    how->limits[i]) == CX4_OK, "limit");
	need(cx4_policy_set_time(p, how->when != 0 ? how->when :
	    SAMPLE_TIME) == CX4_OK, "time");
	for_words(how->trust != NULL ? how->trust : "ca", word_trust, p);
	for_words(how->certs, word_more_cert, p);
	for_words(how->crls, word_crl, p);
	return p;
}

/* A reader with a policy that may be shared; NULL: made from `how`. */
static inline cx4_reader *
reader_for(const struct opening *how, cx4_policy *shared, struct sink *sink)
{
	cx4_policy *p = shared != NULL ? shared : policy_of(how);
	cx4_reader *r = cx4_reader_new(ctx(), p);

	need(r != NULL, "reader");
	if (shared == NULL)
		cx4_policy_free(&p);
	need(cx4_reader_set_mode(r, how->mode) == CX4_OK &&
	    cx4_reader_set_bare(r, how->bare) == CX4_OK, "mode");
	if (!how->no_sink)
		need(cx4_reader_set_sink(r, sink_write, sink_end, sink) ==
		    CX4_OK, "sink");
	if (how->type != NULL)
		need(cx4_reader_set_content_type(r, how->type) == CX4_OK,
		    "type");
	for_words(how->ids, word_id, r);
	sink->refuse_at = how->refuse_at;
	sink->refuse_commit = how->refuse_commit;
	return r;
}

/*
 * Open a message; returns the code. The octets are pushed from memory of
 * exactly their size, so that a sanitizer sees reads beyond.
 */
static inline int
open_shared(const struct opening *how, cx4_policy *shared,
    struct cx4i_slice in, struct outcome *o)
{
	size_t n, at = 0;
	uint8_t *copy;
	cx4_reader *r;

	memset(o, 0, sizeof(*o));
	r = reader_for(how, shared, &o->sink);
	while (at < in.len) {
		n = how->chunk != 0 && how->chunk < in.len - at ? how->chunk :
		    in.len - at;
		need((copy = malloc(n)) != NULL, "memory");
		memcpy(copy, in.data + at, n);
		o->code = cx4_reader_push(r, copy, n);
		free(copy);
		if (o->code != CX4_OK)
			break;
		at += n;
	}
	o->code = cx4_reader_finish(r);
	outcome_take(o, cx4_reader_error(r), cx4_reader_report(r));
	cx4_reader_free(&r);
	return o->code;
}

static inline int
open_message(const struct opening *how, struct cx4i_slice in,
    struct outcome *o)
{
	return open_shared(how, NULL, in, o);
}

/* -------------------------------------------------------- CMS taken apart */

/* The fields of a SignedData; slices of whole elements unless said. */
struct signed_parts {
	struct cx4i_slice version, digests;
	struct cx4i_slice type;		/* OBJECT IDENTIFIER */
	struct cx4i_slice content;	/* OCTET STRING's body */
	int has_content;
	struct cx4i_slice certs;	/* [0], or empty */
	struct cx4i_slice crls;		/* [1], or empty */
	struct cx4i_slice signers;	/* body of the SET */
};

struct enveloped_parts {
	struct cx4i_slice version;
	struct cx4i_slice originator;	/* [0], or empty */
	struct cx4i_slice recipients;	/* body of the SET */
	struct cx4i_slice type;
	struct cx4i_slice cipher;	/* AlgorithmIdentifier */
	struct cx4i_slice content;	/* [0]'s body */
};

static inline struct cx4i_slice
element(struct cx4i_slice *in, uint8_t ident, struct cx4i_slice *whole)
{
	struct cx4i_tlv t;

	need(cx4i_tlv_expect(in, ident, &t) == 0, "an element is missing");
	if (whole != NULL)
		*whole = t.whole;
	return t.body;
}

/* The bare value in a ContentInfo of this type. */
static inline struct cx4i_slice
bare_value(struct cx4i_slice info, const char *type)
{
	struct cx4i_slice in = element(&info, CX4I_SEQUENCE, NULL), oid;
	char text[CX4I_OID_TEXT];

	need(info.len == 0, "octets after the ContentInfo");
	oid = element(&in, CX4I_OID, NULL);
	cx4i_oid_to_text(oid, text, sizeof(text));
	need(strcmp(text, type) == 0, "another type of ContentInfo");
	return element(&in, CX4I_CONTEXT_C(0), NULL);
}

static inline void
take_signed(struct cx4i_slice bare, struct signed_parts *p)
{
	struct cx4i_slice in = element(&bare, CX4I_SEQUENCE, NULL), encap, c;
	struct cx4i_tlv t;

	memset(p, 0, sizeof(*p));
	need(bare.len == 0, "octets after the SignedData");
	element(&in, CX4I_INTEGER, &p->version);
	element(&in, CX4I_SET, &p->digests);
	encap = element(&in, CX4I_SEQUENCE, NULL);
	element(&encap, CX4I_OID, &p->type);
	if (encap.len > 0) {
		c = element(&encap, CX4I_CONTEXT_C(0), NULL);
		p->content = element(&c, CX4I_OCTET_STRING, NULL);
		p->has_content = 1;
		need(c.len == 0, "octets after eContent");
	}
	need(encap.len == 0, "octets after encapContentInfo");
	if (cx4i_tlv_optional(&in, CX4I_CONTEXT_C(0), &t) == 1)
		p->certs = t.whole;
	if (cx4i_tlv_optional(&in, CX4I_CONTEXT_C(1), &t) == 1)
		p->crls = t.whole;
	p->signers = element(&in, CX4I_SET, NULL);
	need(in.len == 0, "octets after signerInfos");
}

static inline void
take_enveloped(struct cx4i_slice bare, struct enveloped_parts *p)
{
	struct cx4i_slice in = element(&bare, CX4I_SEQUENCE, NULL), info;
	struct cx4i_tlv t;

	memset(p, 0, sizeof(*p));
	need(bare.len == 0, "octets after the EnvelopedData");
	element(&in, CX4I_INTEGER, &p->version);
	if (cx4i_tlv_optional(&in, CX4I_CONTEXT_C(0), &t) == 1)
		p->originator = t.whole;
	p->recipients = element(&in, CX4I_SET, NULL);
	info = element(&in, CX4I_SEQUENCE, NULL);
	element(&info, CX4I_OID, &p->type);
	element(&info, CX4I_SEQUENCE, &p->cipher);
	p->content = element(&info, CX4I_CONTEXT(0), NULL);
	need(info.len == 0 && in.len == 0, "octets after encryptedContent");
}

/* The dotted text of a whole OBJECT IDENTIFIER element. */
static inline const char *
oid_text(struct cx4i_slice whole, char buf[CX4I_OID_TEXT])
{
	cx4i_oid_to_text(element(&whole, CX4I_OID, NULL), buf, CX4I_OID_TEXT);
	return buf;
}

/* ---------------------------------------------------- CMS built by hand */

static inline struct cx4i_buf
built_der(struct cx4i_der *d)
{
	struct cx4i_buf b = d->buf;

	need(cx4i_der_ok(d), "der");
	memset(&d->buf, 0, sizeof(d->buf));
	cx4i_der_free(d);
	return b;
}

/* ContentInfo { type, [0] value }. */
static inline struct cx4i_buf
content_info(const char *type, struct cx4i_slice value)
{
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_oid_text(&d, type);
	cx4i_der_open(&d, CX4I_CONTEXT_C(0));
	cx4i_der_slice(&d, value);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	return built_der(&d);
}

/* A bare SignedData from its parts. */
static inline struct cx4i_buf
bare_signed(const struct signed_parts *p)
{
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_slice(&d, p->version);
	cx4i_der_slice(&d, p->digests);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_slice(&d, p->type);
	if (p->has_content) {
		cx4i_der_open(&d, CX4I_CONTEXT_C(0));
		cx4i_der_value(&d, CX4I_OCTET_STRING, p->content.data,
		    p->content.len);
		cx4i_der_close(&d);
	}
	cx4i_der_close(&d);
	if (p->certs.len > 0)
		cx4i_der_slice(&d, p->certs);
	if (p->crls.len > 0)
		cx4i_der_slice(&d, p->crls);
	cx4i_der_value(&d, CX4I_SET, p->signers.data, p->signers.len);
	cx4i_der_close(&d);
	return built_der(&d);
}

/* The same in a ContentInfo. */
static inline struct cx4i_buf
whole_signed(const struct signed_parts *p)
{
	struct cx4i_buf bare = bare_signed(p), all;

	all = content_info(OID_SIGNED, cx4i_buf_slice(&bare));
	cx4i_buf_free(&bare);
	return all;
}

static inline struct cx4i_buf
whole_enveloped(const struct enveloped_parts *p)
{
	struct cx4i_buf bare, all;
	struct cx4i_der d;

	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_slice(&d, p->version);
	if (p->originator.len > 0)
		cx4i_der_slice(&d, p->originator);
	cx4i_der_value(&d, CX4I_SET, p->recipients.data, p->recipients.len);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_slice(&d, p->type);
	cx4i_der_slice(&d, p->cipher);
	cx4i_der_value(&d, CX4I_CONTEXT(0), p->content.data, p->content.len);
	cx4i_der_close(&d);
	cx4i_der_close(&d);
	bare = built_der(&d);
	all = content_info(OID_ENVELOPED, cx4i_buf_slice(&bare));
	cx4i_buf_free(&bare);
	return all;
}

/* Attribute { type, SET { value, value ... } }, `values` whole elements. */
static inline void
put_attribute(struct cx4i_der *d, const char *type, struct cx4i_slice values)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, type);
	cx4i_der_value(d, CX4I_SET, values.data, values.len);
	cx4i_der_close(d);
}

static inline const EVP_MD *
digest_by_name(const char *name)
{
	const EVP_MD *md = EVP_get_digestbyname(name);

	need(md != NULL, name);
	return md;
}

/*
 * A SignerInfo that says what it is told to say, with a signature that is
 * good for it. Zero members mean what is right.
 */
struct signer_spec {
	const char *who;		/* certificate named, key used */
	const char *key;		/* another key */
	unsigned int version;		/* 0: the right one */
	int ski;
	struct cx4i_slice attrs;	/* Attributes; signed as a SET OF */
	int no_attrs;			/* sign the content itself */
	struct cx4i_slice unsigned_attrs;
	const char *digest_oid;		/* NULL: SHA-256 */
	const char *signature_oid;	/* NULL: rsaEncryption */
};

static inline void
put_sid(struct cx4i_der *d, const struct signer_spec *s)
{
	X509 *x = cx4_id_cert(who(s->who));
	const ASN1_OCTET_STRING *ski = X509_get0_subject_key_id(x);
	unsigned char *p = NULL;
	int n;

	if (s->ski) {
		need(ski != NULL, "subjectKeyIdentifier");
		cx4i_der_value(d, CX4I_CONTEXT(0), ASN1_STRING_get0_data(ski),
		    (size_t)ASN1_STRING_length(ski));
		return;
	}
	cx4i_der_open(d, CX4I_SEQUENCE);
	need((n = i2d_X509_NAME(X509_get_issuer_name(x), &p)) > 0, "issuer");
	cx4i_der_raw(d, p, (size_t)n);
	OPENSSL_free(p);
	p = NULL;
	need((n = i2d_ASN1_INTEGER(X509_get_serialNumber(x), &p)) > 0,
	    "serial");
	cx4i_der_raw(d, p, (size_t)n);
	OPENSSL_free(p);
	cx4i_der_close(d);
}

static inline void
put_algorithm(struct cx4i_der *d, const char *oid, int with_null)
{
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, oid);
	if (with_null)
		cx4i_der_null(d);
	cx4i_der_close(d);
}

static inline void
put_signature(struct cx4i_der *d, const char *key_name, struct cx4i_slice in)
{
	EVP_PKEY *key = key_of(key_name);
	EVP_MD_CTX *mctx = EVP_MD_CTX_new();
	unsigned char value[1024];
	size_t n = sizeof(value);

	need(mctx != NULL && EVP_DigestSignInit(mctx, NULL, EVP_sha256(),
	    NULL, key) > 0 && EVP_DigestSign(mctx, value, &n, in.data,
	    in.len) > 0, "signature");
	cx4i_der_value(d, CX4I_OCTET_STRING, value, n);
	EVP_MD_CTX_free(mctx);
	EVP_PKEY_free(key);
}

/* `content` is needed for a signature without attributes only. */
static inline struct cx4i_buf
signer_info(const struct signer_spec *s, struct cx4i_slice content)
{
	const char *sha256 = "2.16.840.1.101.3.4.2.1";
	const char *rsa = "1.2.840.113549.1.1.1";
	struct cx4i_der d, set;

	cx4i_der_init(&set);
	cx4i_der_open(&set, CX4I_SET);
	cx4i_der_slice(&set, s->attrs);
	cx4i_der_close_set_of(&set);
	need(cx4i_der_ok(&set), "attributes");
	cx4i_der_init(&d);
	cx4i_der_open(&d, CX4I_SEQUENCE);
	cx4i_der_uint(&d, s->version != 0 ? s->version : s->ski ? 3 : 1);
	put_sid(&d, s);
	put_algorithm(&d, s->digest_oid != NULL ? s->digest_oid : sha256, 0);
	if (!s->no_attrs) {
		struct cx4i_slice in = cx4i_buf_slice(&set.buf);
		struct cx4i_slice body = element(&in, CX4I_SET, NULL);

		cx4i_der_value(&d, CX4I_CONTEXT_C(0), body.data, body.len);
	}
	put_algorithm(&d, s->signature_oid != NULL ? s->signature_oid : rsa,
	    s->signature_oid == NULL);
	put_signature(&d, s->key != NULL ? s->key : s->who, s->no_attrs ?
	    content : cx4i_buf_slice(&set.buf));
	if (s->unsigned_attrs.len > 0)
		cx4i_der_value(&d, CX4I_CONTEXT_C(1), s->unsigned_attrs.data,
		    s->unsigned_attrs.len);
	cx4i_der_close(&d);
	cx4i_der_free(&set);
	return built_der(&d);
}

#endif
