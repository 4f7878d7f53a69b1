/*
 * t_report.c - the report: keeping it, walking over it, asking it.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/message/report.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---------------------------------------------------------------- walking */

/* A visitor that stops after so many calls; counts what it saw. */
struct visit {
	int stop_at;		/* 0: never */
	int answer;
	int calls;
	int depth;
	int deepest;
	int unnamed_in_object;
	int named_in_array;
	int is_array[32];
};

static int
visited(struct visit *v, const char *name)
{
	if (v->depth > 0) {
		v->named_in_array += v->is_array[v->depth - 1] &&
		    name != NULL;
		v->unnamed_in_object += !v->is_array[v->depth - 1] &&
		    name == NULL;
	}
	return ++v->calls == v->stop_at ? v->answer : 0;
}

static int
visit_begin(void *arg, const char *name, int is_array)
{
	struct visit *v = arg;
	int r = visited(v, name);

	need(v->depth < 32, "depth");
	v->is_array[v->depth++] = is_array;
	if (v->depth > v->deepest)
		v->deepest = v->depth;
	return r;
}

static int
visit_end(void *arg)
{
	struct visit *v = arg;

	v->depth--;
	return ++v->calls == v->stop_at ? v->answer : 0;
}

static int
visit_string(void *arg, const char *name, const char *value)
{
	(void)value;
	return visited(arg, name);
}

static int
visit_number(void *arg, const char *name, uint64_t value)
{
	(void)value;
	return visited(arg, name);
}

static int
visit_boolean(void *arg, const char *name, int value)
{
	(void)value;
	return visited(arg, name);
}

static const struct cx4_visitor visitor = {
	visit_begin, visit_end, visit_string, visit_number, visit_boolean
};

/* Whatever callback says no, the walk ends there with what it said. */
static void
check_walk(const cx4_report *r, const char *name)
{
	static const int answers[] = { 1, -1, 17 };
	int all, at, wrong = 0;
	struct visit v;

	memset(&v, 0, sizeof(v));
	is_int(cx4_report_walk(r, &visitor, &v), 0, "walk over %s", name);
	is_int(v.depth, 0, "what begins ends");
	is_int(v.named_in_array, 0, "no names in arrays");
	is_int(v.unnamed_in_object, 0, "and names in objects");
	all = v.calls;
	note("%d calls, %d deep", all, v.deepest);
	for (at = 1; at <= all; at++) {
		memset(&v, 0, sizeof(v));
		v.stop_at = at;
		v.answer = answers[at % 3];
		wrong += cx4_report_walk(r, &visitor, &v) != v.answer ||
		    v.calls != at;
	}
	is_int(wrong, 0, "stopped at every call");
}

/* ------------------------------------------------------- accessors, ranges */

static void
check_beyond(const cx4_report *r)
{
	size_t layers = cx4_report_layers(r), n = cx4_report_warnings(r);
	const char *text = "untouched";
	int layer = 77;

	is_int(cx4_report_layer_type(r, layers), 0, "no layer %zu", layers);
	is_int(cx4_report_layer_type(r, SIZE_MAX), 0, "nor a last one");
	ok(cx4_report_layer_content_type(r, layers) == NULL, "no type");
	is_int(cx4_report_signers(r, layers), 0, "no signers");
	is_int(cx4_report_verdict(r, layers, 0, CX4_CHECK_PATH),
	    CX4_V_NOT_CHECKED, "no verdict");
	ok(cx4_report_signer_cert(r, layers, 0) == NULL, "no certificate");
	is_int(cx4_report_warning(r, n, &text, &layer), 0, "no warning %zu",
	    n);
	is_str(text, "untouched", "nor its text");
	is_int(layer, 77, "nor its layer");
	is_int(cx4_report_warning(r, SIZE_MAX, NULL, NULL), 0,
	    "nor a last one");
}

static void
check_signer(const cx4_report *r)
{
	size_t n = cx4_report_signers(r, 1);

	is_int(n, 1, "one signer inside");
	is_int(cx4_report_verdict(r, 1, 0, CX4_CHECK_SIGNATURE),
	    CX4_V_VALID, "its signature");
	is_int(cx4_report_verdict(r, 1, 0, CX4_CHECK_PATH), CX4_V_VALID,
	    "its path");
	is_int(cx4_report_verdict(r, 1, n, CX4_CHECK_SIGNATURE),
	    CX4_V_NOT_CHECKED, "no second signer");
	is_int(cx4_report_verdict(r, 1, 0, CX4_CHECK_MAX_),
	    CX4_V_NOT_CHECKED, "no check beyond the last");
	is_int(cx4_report_verdict(r, 1, 0, (enum cx4_check)-1),
	    CX4_V_NOT_CHECKED, "nor before the first");
	is_int(cx4_report_signers(r, 0), 0, "an envelope has no signers");
	is_int(cx4_report_verdict(r, 0, 0, CX4_CHECK_PATH),
	    CX4_V_NOT_CHECKED, "nor verdicts");
	ok(X509_cmp(cx4_report_signer_cert(r, 1, 0),
	    cx4_id_cert(who("alice"))) == 0, "the signer's certificate");
	ok(cx4_report_signer_cert(r, 1, n) == NULL, "and no second");
}

/* A message with everything: signed by alice, encrypted for bob and carol. */
static void
test_opened(void)
{
	struct writing how_written = { .layers = "S:alice E:bob,carol" };
	struct opening how = { .ids = "bob" };
	struct cx4i_buf content = p22_from("alice", "hello\n"), in;
	struct sink sink;
	const cx4_report *rep;
	cx4_reader *r;

	in = message(&how_written, cx4i_buf_slice(&content));
	memset(&sink, 0, sizeof(sink));
	r = reader_for(&how, NULL, &sink);
	rep = cx4_reader_report(r);
	check_walk(rep, "a report of nothing yet");
	check_beyond(rep);
	is_int(cx4_reader_push(r, in.data, in.len), CX4_OK, "opened");
	is_int(cx4_reader_finish(r), CX4_OK, "finished");
	is_int(cx4_report_code(rep), CX4_OK, "all is well");
	is_int(cx4_report_layers(rep), 2, "two layers");
	is_int(cx4_report_layer_type(rep, 0), CX4_LAYER_ENVELOPED, "outer");
	is_int(cx4_report_layer_type(rep, 1), CX4_LAYER_SIGNED, "inner");
	is_str(cx4_report_layer_content_type(rep, 0), OID_SIGNED, "around");
	is_str(cx4_report_layer_content_type(rep, 1), P22, "around content");
	is_str(cx4_report_content_type(rep), P22, "the content");
	is_str(cx4_report_smime_type(rep), "signed-x400", "smime-type");
	is_int(cx4_report_originator_check(rep), CX4_ORIGINATOR_MATCH,
	    "the originator is the signer");
	ok(cx4_report_originator(rep) != NULL &&
	    strstr(cx4_report_originator(rep), "Eggen") != NULL,
	    "with an address");
	check_signer(rep);
	check_walk(rep, "a whole message");
	check_beyond(rep);
	cx4_reader_free(&r);
	sink_free(&sink);
	cx4i_buf_free(&in);
	cx4i_buf_free(&content);
}

/* The same report, whatever failed: it can be walked. */
static void
test_failed(void)
{
	struct writing how_written = { .layers = "S:alice E:bob" };
	struct opening how = { .ids = "carol" };
	struct cx4i_buf content = octets_of(300), in;
	struct sink sink;
	const cx4_report *rep;
	cx4_reader *r;

	how_written.originator = "";
	how_written.options = CX4_WRITE_NO_ORIGINATOR_COPY;
	in = message(&how_written, cx4i_buf_slice(&content));
	memset(&sink, 0, sizeof(sink));
	r = reader_for(&how, NULL, &sink);
	rep = cx4_reader_report(r);
	cx4_reader_push(r, in.data, in.len);
	is_int(cx4_reader_finish(r), CX4_E_NO_KEY, "for another");
	is_int(cx4_report_code(rep), CX4_E_NO_KEY, "says the report");
	is_int(cx4_report_layers(rep), 1, "one layer is seen");
	ok(cx4_report_content_type(rep) == NULL &&
	    cx4_report_originator(rep) == NULL, "and no content");
	check_walk(rep, "a message for another");
	check_beyond(rep);
	cx4_reader_free(&r);
	sink_free(&sink);
	cx4i_buf_free(&in);
	cx4i_buf_free(&content);
}

/* --------------------------------------------------------- made by hand */

static void
test_layers(void)
{
	struct cx4i_layer_info *l;
	struct cx4_report r;
	size_t i, wrong = 0;

	cx4i_report_init(&r);
	ok(cx4i_report_innermost_signed(&r) == NULL, "no signed layer");
	is_int(cx4i_report_is_open(&r), 0, "nothing is open");
	for (i = 0; i < CX4I_MAX_LAYERS; i++) {
		l = cx4i_report_add_layer(&r);
		wrong += l == NULL || l->depth != (int)i ||
		    l->err.layer != (int)i;
	}
	is_int(wrong, 0, "as many layers as there may be");
	ok(cx4i_report_add_layer(&r) == NULL, "and none more");
	r.layers[3]->type = CX4_LAYER_SIGNED;
	r.layers[7]->type = CX4_LAYER_SIGNED;
	ok(cx4i_report_innermost_signed(&r) == r.layers[7],
	    "the innermost signed one");
	cx4i_report_cut(&r, 7);
	is_int(r.layer_count, 7, "cut");
	ok(cx4i_report_innermost_signed(&r) == r.layers[3], "another one");
	cx4i_report_cut(&r, 7);
	is_int(r.layer_count, 7, "cut where it ends");
	cx4i_report_clear(&r);
	is_int(r.layer_count, 0, "cleared");
}

/* Cutting forgets the warnings of the layers and what was inside. */
static void
test_cut(void)
{
	struct cx4_report r;
	const char *text;
	int layer;

	cx4i_report_init(&r);
	cx4i_report_add_layer(&r);
	cx4i_report_add_layer(&r);
	cx4i_report_add_layer(&r);
	cx4i_warn(&r.warnings, CX4_W_UNSIGNED, -1, "%s", "whole");
	cx4i_warn(&r.warnings, CX4_W_TRAILING, 2, "%d octets", 5);
	cx4i_warn(&r.warnings, CX4_W_VERSION, 0, "%s", "");
	cx4i_warn(&r.warnings, CX4_W_WEAK_CIPHER, 1, "%s", "x");
	r.has_content = 1;
	r.originator = strdup("C=NO");
	r.smime_type = "signed-x400";
	snprintf(r.content_type, sizeof(r.content_type), "%s", P22);
	is_str(cx4_report_content_type(&r), P22, "content");
	is_int(cx4_report_warnings(&r), 4, "four warnings");
	is_int(cx4_report_warning(&r, 1, &text, &layer), CX4_W_TRAILING,
	    "the second");
	is_int(layer, 2, "its layer");
	is_str(text, "octets follow the end of a layer; they are ignored: "
	    "5 octets", "its text");
	is_int(cx4_report_warning(&r, 2, &text, NULL), CX4_W_VERSION,
	    "the third");
	is_str(text, cx4_code_text(CX4_W_VERSION), "its sentence alone");
	cx4i_report_cut(&r, 1);
	is_int(cx4_report_warnings(&r), 2, "two are left");
	is_int(cx4_report_warning(&r, 0, NULL, &layer), CX4_W_UNSIGNED,
	    "that of no layer");
	is_int(layer, -1, "which has none");
	is_int(cx4_report_warning(&r, 1, NULL, &layer), CX4_W_VERSION,
	    "and that of the first");
	ok(cx4_report_content_type(&r) == NULL &&
	    cx4_report_originator(&r) == NULL &&
	    cx4_report_smime_type(&r) == NULL, "the content is forgotten");
	cx4i_report_clear(&r);
}

/*
 * Layers from the outside: "S" or "E" with what they say they contain, "C"
 * for certs-only; and the contentHints of the last but one.
 */
static const struct smime {
	const char *layers;
	const char *type;	/* of the innermost */
	const char *hint;
	const char *want;
	int open;
} smimes[] = {
	{ "S", P22, "", "signed-x400", 1 },
	{ "E", P22, "", "enveloped-x400", 1 },
	{ "ES", P22, "", "signed-x400", 1 },
	{ "SE", P22, "", "enveloped-x400", 1 },
	{ "SES", P22, "", "signed-x400", 1 },
	{ "S", OID_DATA, "", "signed-data", 1 },
	{ "E", OID_DATA, "", "enveloped-data", 1 },
	{ "S", "1.2.3", "", NULL, 1 },
	{ "S", "1.2.840.113549.1.9.16.1.1", "", "signed-receipt", 1 },
	{ "E", "1.2.840.113549.1.9.16.1.1", "", NULL, 1 },
	{ "C", OID_DATA, "", "certs-only", 1 },
	{ "EC", OID_DATA, "", "certs-only", 1 },
	/* what is inside cannot be seen */
	{ "E", OID_SIGNED, "", NULL, 0 },
	{ "SE", OID_SIGNED, "", NULL, 0 },
	{ "SE", OID_SIGNED, P22, "signed-x400", 0 },
	{ "SE", OID_ENVELOPED, P22, NULL, 0 },
	{ "SE", OID_SIGNED, OID_ENVELOPED, "enveloped-x400", 0 },
	{ "SE", OID_SIGNED, "1.2.3", NULL, 0 },
	{ "EE", OID_SIGNED, P22, NULL, 0 },
	{ "", "", "", NULL, 0 },
	{ "?", "", "", NULL, 1 },
};

static void
add_hint(struct cx4i_layer_info *l, const char *hint)
{
	l->signers = calloc(2, sizeof(*l->signers));
	need(l->signers != NULL, "memory");
	l->signer_count = 2;
	snprintf(l->signers[1].hint, sizeof(l->signers[1].hint), "%s", hint);
}

static void
test_smime_types(void)
{
	struct cx4i_layer_info *l;
	const struct smime *t;
	struct cx4_report r;
	const char *p;
	size_t i;

	for (i = 0; i < COUNT(smimes); i++) {
		t = &smimes[i];
		cx4i_report_init(&r);
		for (p = t->layers; *p != '\0'; p++) {
			l = cx4i_report_add_layer(&r);
			l->type = *p == 'E' ? CX4_LAYER_ENVELOPED :
			    *p == '?' ? (enum cx4_layer_type)0 :
			    CX4_LAYER_SIGNED;
			l->certs_only = *p == 'C';
			snprintf(l->content_type, sizeof(l->content_type),
			    "%s", p[1] == '\0' ? t->type : p[1] == 'E' ?
			    OID_ENVELOPED : OID_SIGNED);
			if (*p == 'S' && p[1] != '\0')
				add_hint(l, t->hint);
		}
		cx4i_report_find_smime_type(&r);
		is_str(r.smime_type, t->want, "%s around %s, hint '%s'",
		    t->layers, t->type, t->hint);
		is_int(cx4i_report_is_open(&r), t->open, "is it open");
		cx4i_report_clear(&r);
	}
}

/* --------------------------------------------------------- the originator */

/* A heading that was given this content, of this type. */
static void
give_heading(struct cx4_report *r, const char *type, struct cx4i_slice in)
{
	need((r->heading = cx4i_heading_new(ctx(), type)) != NULL, "heading");
	cx4i_heading_push(r->heading, in.data, in.len);
	cx4i_heading_finish(r->heading);
}

static const struct compared {
	const char *name;
	const char *from;	/* whose P22; "": without originator */
	const char *type;
	const char *certs;
	enum cx4_originator want;
} comparisons[] = {
	{ "the signer's own", "alice", P22, "alice", CX4_ORIGINATOR_MATCH },
	{ "one of two signers'", "bob", P22, "alice bob",
	    CX4_ORIGINATOR_MATCH },
	{ "one of three, one without", "bob", P22, "eve alice bob",
	    CX4_ORIGINATOR_MATCH },
	{ "another's", "bob", P22, "alice", CX4_ORIGINATOR_MISMATCH },
	{ "nearly the same", "bob", P22, "mallory",
	    CX4_ORIGINATOR_MISMATCH },
	{ "no address in the certificate", "alice", P22, "eve",
	    CX4_ORIGINATOR_NO_ADDRESS },
	{ "no certificate", "alice", P22, "", CX4_ORIGINATOR_NO_ADDRESS },
	{ "one without, one with another", "alice", P22, "eve bob",
	    CX4_ORIGINATOR_MISMATCH },
	{ "no originator", "", P22, "alice", CX4_ORIGINATOR_NONE },
	{ "no originator, no address", "", P22, "eve",
	    CX4_ORIGINATOR_NONE },
	{ "octets that are no P22", NULL, P22, "alice",
	    CX4_ORIGINATOR_NOT_UNDERSTOOD },
	{ "another type", "alice", "1.2.3", "alice",
	    CX4_ORIGINATOR_NOT_UNDERSTOOD },
};

struct certs {
	X509 *list[8];
	size_t count;
};

static void
word_signer_cert(void *arg, const char *name)
{
	struct certs *c = arg;

	c->list[c->count++] = cx4_id_cert(who(name));
}

static struct cx4i_buf
content_from(const char *from)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	unsigned char *der;
	size_t len;

	if (from == NULL)
		return octets_of(100);
	if (*from != '\0')
		return p22_from(from, "hello\n");
	need(cx4_content_new(ctx(), "p22", NULL, NULL, 0, "s", "t", &der,
	    &len) == CX4_OK, "content");
	cx4i_buf_add(&b, der, len);
	cx4_free(der);
	return b;
}

static void
test_originator(void)
{
	const struct compared *t;
	struct cx4i_buf content;
	struct cx4_report r;
	struct certs certs;
	size_t i;

	for (i = 0; i < COUNT(comparisons); i++) {
		t = &comparisons[i];
		content = content_from(t->from);
		cx4i_report_init(&r);
		give_heading(&r, t->type, cx4i_buf_slice(&content));
		memset(&certs, 0, sizeof(certs));
		certs.list[certs.count++] = NULL;
		for_words(t->certs, word_signer_cert, &certs);
		cx4i_report_check_originator(ctx(), &r, certs.list,
		    certs.count);
		is_int(cx4_report_originator_check(&r), t->want, "%s",
		    t->name);
		is_int(cx4i_report_take_originator(&r), CX4_OK, "its text");
		is_int(cx4_report_originator(&r) != NULL, t->from != NULL &&
		    *t->from != '\0' && strcmp(t->type, P22) == 0,
		    "is there if it was read");
		is_int(cx4i_report_take_originator(&r), CX4_OK, "once");
		cx4i_report_clear(&r);
		cx4i_buf_free(&content);
	}
	cx4i_report_init(&r);
	cx4i_report_check_originator(ctx(), &r, NULL, 0);
	is_int(r.originator_check, CX4_ORIGINATOR_NOT_CHECKED,
	    "content that was not looked at");
	is_int(cx4i_report_take_originator(&r), CX4_OK, "has none");
	cx4i_report_clear(&r);
}

/* -------------------------------------------------------------- info.c */

static void
test_verified(void)
{
	static const enum cx4_check needed[] = {
		CX4_CHECK_SIGNATURE, CX4_CHECK_DIGEST,
		CX4_CHECK_CONTENT_TYPE, CX4_CHECK_ATTRIBUTES,
		CX4_CHECK_SIGNING_CERTIFICATE
	};
	struct cx4i_signer_info s;
	size_t i, j;
	int v, want;

	memset(&s, 0, sizeof(s));
	is_int(cx4i_signer_verified(&s), 0, "nothing was checked");
	for (i = 0; i < COUNT(needed); i++)
		for (v = CX4_V_NOT_CHECKED; v <= CX4_V_UNKNOWN; v++) {
			for (j = 0; j < COUNT(needed); j++)
				s.verdicts[needed[j]] = CX4_V_VALID;
			s.verdicts[needed[i]] = (enum cx4_verdict)v;
			want = v == CX4_V_VALID || (v == CX4_V_ABSENT &&
			    needed[i] != CX4_CHECK_SIGNATURE);
			is_int(cx4i_signer_verified(&s), want,
			    "check %d says %d", (int)needed[i], v);
		}
}

/* A warning that does not fit is cut; it is never lost. */
static void
test_long_warning(void)
{
	struct cx4i_warnings w = { NULL, 0 };
	char filler[1000];
	size_t i, wrong = 0;

	memset(filler, 'x', sizeof(filler) - 1);
	filler[sizeof(filler) - 1] = '\0';
	for (i = 0; i < 100; i++)
		cx4i_warn(&w, CX4_W_CONTENT, (int)i, "%s",
		    filler + i * 9);
	is_int(w.count, 100, "a hundred warnings");
	for (i = 0; i < w.count; i++)
		wrong += strlen(w.list[i].text) > CX4I_TEXT - 1 ||
		    w.list[i].layer != (int)i;
	is_int(wrong, 0, "all of them in their room");
	is_int(strlen(w.list[0].text), CX4I_TEXT - 1, "the longest is cut");
	free(w.list);
}

int
main(void)
{
	test_opened();
	test_failed();
	test_layers();
	test_cut();
	test_smime_types();
	test_originator();
	test_verified();
	test_long_warning();
	sample_end();
	return done_testing();
}
