/*
 * t_split.c - opening a message does not depend on how its octets are cut
 * into pushes: the same content, the same code, the same error, the same
 * report, for messages good and bad.
 *
 * SPDX-License-Identifier: ISC
 */
#include "sample.h"
#include "tap.h"

#define MAX_SAMPLES 64

struct specimen {
	char name[100];
	struct cx4i_buf octets;
	struct opening how;
};

static struct specimen corpus[MAX_SAMPLES];
static size_t corpus_count;

/* A copy of the octets joins the corpus. */
static struct cx4i_buf *
add(const char *name, struct cx4i_slice octets)
{
	struct specimen *s = &corpus[corpus_count++];

	need(corpus_count <= MAX_SAMPLES, "corpus");
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->how.ids = "alice bob carol dave";
	need(cx4i_buf_add(&s->octets, octets.data, octets.len) == 0,
	    "memory");
	return &s->octets;
}

static void
add_text(const char *name, const char *text)
{
	struct cx4i_slice s = { (const uint8_t *)text, strlen(text) };

	add(name, s);
}

static void
add_written(const char *name, const struct writing *m, struct cx4i_slice c)
{
	struct cx4i_buf msg = message(m, c);

	add(name, cx4i_buf_slice(&msg));
	cx4i_buf_free(&msg);
}

static void
add_good(struct cx4i_slice p22)
{
	struct cx4i_buf large = octets_of(40000);
	struct cx4i_slice l = cx4i_buf_slice(&large), none = { NULL, 0 };

	add_written("signed, DER", &(struct writing){ .layers = "S:alice" },
	    p22);
	add_written("signed, BER", &(struct writing){ .layers = "S:alice",
	    .unknown_length = 1 }, p22);
	add_written("signed, large, DER", &(struct writing){
	    .layers = "S:alice,carol" }, l);
	add_written("signed, large, BER", &(struct writing){
	    .layers = "S:alice", .unknown_length = 1 }, l);
	add_written("enveloped, DER", &(struct writing){
	    .layers = "E:bob,carol" }, p22);
	add_written("enveloped, large, BER", &(struct writing){
	    .layers = "E:carol", .unknown_length = 1 }, l);
	add_written("authenticated, DER", &(struct writing){
	    .layers = "E:bob", .cipher = CX4_CIPHER_AES_256_GCM }, p22);
	add_written("authenticated, large, BER", &(struct writing){
	    .layers = "S:alice E:carol", .unknown_length = 1,
	    .cipher = CX4_CIPHER_AES_128_GCM }, l);
	add_written("triple, DER", &(struct writing){
	    .layers = "S:alice E:bob S:carol" }, p22);
	add_written("triple, large, BER", &(struct writing){
	    .layers = "S:alice E:bob S:carol", .unknown_length = 1 }, l);
	add_written("five layers", &(struct writing){
	    .layers = "S:alice S:bob E:bob E:carol S:dave" }, p22);
	add_written("no content", &(struct writing){
	    .layers = "S:alice E:bob" }, none);
	add_written("triple, MIME", &(struct writing){
	    .layers = "S:alice E:bob S:carol", .options = CX4_WRITE_MIME },
	    p22);
	add_written("signed, MIME with LF, BER", &(struct writing){
	    .layers = "S:alice", .unknown_length = 1,
	    .options = CX4_WRITE_MIME | CX4_WRITE_LF }, p22);
	add_written("enveloped, PEM", &(struct writing){ .layers = "E:bob",
	    .options = CX4_WRITE_PEM }, p22);
	add_written("content in its wrapper", &(struct writing){
	    .layers = "", .options = CX4_WRITE_MIME }, p22);
	cx4i_buf_free(&large);
}

/* Good messages in the wrong hands, or not quite as they should be. */
static void
add_doubtful(struct cx4i_slice p22)
{
	struct cx4i_slice none = { NULL, 0 };
	struct cx4i_buf *b;

	add_written("another originator", &(struct writing){
	    .layers = "S:mallory E:bob",
	    .require = CX4_ALLOW_ORIGINATOR_MISMATCH }, p22);
	add_written("a wrong key", &(struct writing){ .layers =
	    "S:alice E:alice" }, p22);
	corpus[corpus_count - 1].how.ids = "twin";
	add_written("no key", &(struct writing){ .layers = "S:alice E:bob" },
	    p22);
	corpus[corpus_count - 1].how.ids = "dave";
	add_written("no trust", &(struct writing){ .layers = "S:alice" },
	    p22);
	corpus[corpus_count - 1].how.trust = "";
	add_written("certificates only", &(struct writing){
	    .layers = "C:alice" }, none);
	add_written("a lying wrapper", &(struct writing){ .layers = "S:alice",
	    .options = CX4_WRITE_MIME, .smime_type = "enveloped-x400" }, p22);
	add_written("looked at", &(struct writing){ .layers =
	    "S:alice E:bob S:carol", .options = CX4_WRITE_MIME }, p22);
	corpus[corpus_count - 1].how.mode = CX4_MODE_INSPECT;
	corpus[corpus_count - 1].how.no_sink = 1;
	add_written("stripped", &(struct writing){ .layers = "S:alice",
	    .options = CX4_WRITE_MIME }, p22);
	corpus[corpus_count - 1].how.mode = CX4_MODE_STRIP;
	add_written("decrypted, BER inside", &(struct writing){
	    .layers = "S:alice E:bob", .unknown_length = 1 }, p22);
	corpus[corpus_count - 1].how.mode = CX4_MODE_DECRYPT;
	add_written("verified to the encryption", &(struct writing){
	    .layers = "S:alice E:bob S:carol" }, p22);
	corpus[corpus_count - 1].how.mode = CX4_MODE_VERIFY;
	add("content alone", p22);
	corpus[corpus_count - 1].how.mode = CX4_MODE_CONTENT;
	corpus[corpus_count - 1].how.type = "22";
	corpus[corpus_count - 1].how.no_sink = 1;
	b = add("trailing octets", cx4i_buf_slice(&corpus[0].octets));
	need(cx4i_buf_add(b, "\0\0\0", 3) == 0, "memory");
	add_text("nothing", "");
	add_text("some text", "This is no message.\nNot at all.\n");
	add_text("MIME of another type",
	    "Content-Type: text/plain\r\n\r\nHello\r\n");
	add_text("PEM of nonsense", "Text before it.\n-----BEGIN CMS-----\n"
	    "MAMCAQU=\n-----END CMS-----\n");
	add_text("PEM with bad base64", "-----BEGIN CMS-----\nMIIB!!!!\n"
	    "-----END CMS-----\n");
}

/* Each of the good ones cut short, and damaged here and there. */
static void
add_bad(size_t good)
{
	/* Before any encrypted key: what a damaged one gives is random. */
	static const size_t at[] = { 3, 20, 40 };
	struct cx4i_buf *b;
	struct cx4i_slice s;
	char name[160];
	size_t i;

	for (i = 0; i < good; i++) {
		/* The large ones differ in nothing that matters here. */
		if (corpus[i].octets.len > 20000)
			continue;
		s = cx4i_buf_slice(&corpus[i].octets);
		s.len = i % 3 == 0 ? s.len - 1 : s.len * (i % 3) / 3;
		snprintf(name, sizeof(name), "%.60s, cut short",
		    corpus[i].name);
		add(name, s);
		s = cx4i_buf_slice(&corpus[i].octets);
		snprintf(name, sizeof(name), "%.60s, damaged at %zu",
		    corpus[i].name, at[i % 3]);
		b = add(name, s);
		b->data[at[i % 3]] ^= 0x11;
	}
}

/*
 * The report without the count of octets: when a push fails, that is the
 * count of those which were pushed.
 */
static const char *
after_octets(const char *report)
{
	need(strncmp(report, "input.octets=", 13) == 0, "report");
	return report + strcspn(report, "\n");
}

static int
same(const struct outcome *a, const struct outcome *b)
{
	return a->code == b->code && strcmp(a->text, b->text) == 0 &&
	    a->layer == b->layer && a->offset == b->offset &&
	    a->sink.commits == b->sink.commits &&
	    a->sink.aborts == b->sink.aborts &&
	    a->sink.octets.len == b->sink.octets.len &&
	    (a->sink.octets.len == 0 || memcmp(a->sink.octets.data,
	    b->sink.octets.data, a->sink.octets.len) == 0) &&
	    strcmp(after_octets(a->report), after_octets(b->report)) == 0 &&
	    (a->code != CX4_OK || strcmp(a->report, b->report) == 0);
}

static void
tell(const struct outcome *o)
{
	note("%s, layer %d, offset %llu, %d commits, %d aborts, %zu octets",
	    o->text, o->layer, (unsigned long long)o->offset,
	    o->sink.commits, o->sink.aborts, o->sink.octets.len);
}

static void
check(const struct specimen *s)
{
	static const size_t chunks[] = { 1, 2, 3, 7, 61, 1000 };
	struct opening how = s->how;
	struct outcome whole, parts;
	size_t i;

	open_message(&how, cx4i_buf_slice(&s->octets), &whole);
	for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		how.chunk = chunks[i];
		open_message(&how, cx4i_buf_slice(&s->octets), &parts);
		if (!ok(same(&whole, &parts), "%s (%s): chunks of %zu",
		    s->name, cx4_code_name(whole.code), chunks[i])) {
			tell(&whole);
			tell(&parts);
		}
		outcome_free(&parts);
	}
	outcome_free(&whole);
}

int
main(void)
{
	struct cx4i_buf p22 = p22_from("alice", "Hello, Bob.\n");
	size_t i, good;

	add_good(cx4i_buf_slice(&p22));
	good = corpus_count;
	add_doubtful(cx4i_buf_slice(&p22));
	add_bad(good);
	note("%zu messages", corpus_count);
	for (i = 0; i < corpus_count; i++) {
		check(&corpus[i]);
		cx4i_buf_free(&corpus[i].octets);
	}
	cx4i_buf_free(&p22);
	sample_end();
	return done_testing();
}
