/*
 * t_oom.c - lack of memory: every allocation fails once, alone and with all
 * that follow it. What comes out then is right, or it is an error that says
 * so; nothing is taken for malformed, let through, or left behind.
 *
 * The Makefile links this test so that the library's malloc, calloc, realloc
 * and strdup end here; OpenSSL's allocations come through the functions it
 * has for that. Those of libtasn1 do NOT fail here, nor those of
 * OpenSSL below X509_REQ_sign: they do not survive it.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/x400/heading.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define STEP 17		/* OpenSSL allocates too often to try them all */

/* --------------------------------------------------- allocations that fail */

static struct {
	int armed;
	int openssl;		/* OpenSSL's count too */
	int all;		/* those behind the one fail as well */
	long step;		/* try every one, or not */
	long at;		/* the one that fails, from 1 */
	long count;
} oom;

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
char *__real_strdup(const char *);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
char *__wrap_strdup(const char *);

static int
fails(void)
{
	if (!oom.armed)
		return 0;
	oom.count++;
	return oom.count == oom.at || (oom.all && oom.count > oom.at);
}

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

char *
__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

static void *
openssl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return oom.openssl && fails() ? NULL : __real_malloc(size);
}

static void *
openssl_realloc(void *p, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return oom.openssl && fails() ? NULL : __real_realloc(p, size);
}

static void
openssl_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* What was to fail has failed. */
static int
hit(void)
{
	return oom.count >= oom.at;
}

/* Something to do under lack of memory: 1 if what came out is wrong. */
typedef int op_fn(void *);

/* Do it with the first allocation failing, the second ... until none does. */
static void
sweep(const char *name, op_fn *op, void *arg)
{
	long n = 0, bad = 0, total = 0;

	for (oom.all = 0; oom.all <= 1; oom.all++) {
		for (n = 1; ; n += oom.step) {
			oom.at = n;
			oom.count = 0;
			if (op(arg)) {
				note("%s: allocation %ld%s", name, n,
				    oom.all ? " and all behind it" : "");
				bad++;
			}
			need(!oom.armed, "still armed");
			total++;
			if (!hit())
				break;
		}
	}
	ok(bad == 0 && n > 1, "%s: %ld times", name, total);
}

static void
arm(void)
{
	oom.armed = 1;
}

static void
disarm(void)
{
	oom.armed = 0;
}

/* CX4_OK if nothing failed; if something did, that is told. */
static int
is_told(int code)
{
	if (code == CX4_E_NOMEM)
		return hit();
	return code == CX4_OK;
}

/* ---------------------------------------------------------------- encodings */

static const char *const indefinite[][2] = {
	{ "3080 0000", "3000" },
	{ "2480 0401 41 0402 4243 0000", "0403 414243" },
	{ "3080 3180 2480 0401 41 2480 0401 42 0000 0000 0000 0201 07 0000",
	    "3009 3104 0402 4142 0201 07" },
};

static int
definite(void *arg)
{
	const char *const *sample = arg;
	struct cx4i_buf in = { NULL, 0, 0 }, out = { NULL, 0, 0 };
	struct cx4i_buf want = { NULL, 0, 0 };
	size_t used = 0;
	int code, bad;

	add_hex(&in, sample[0]);
	add_hex(&want, sample[1]);
	arm();
	code = cx4i_tlv_definite(cx4i_buf_slice(&in), &out, &used);
	disarm();
	bad = !is_told(code);
	if (code == CX4_OK)
		bad |= used != in.len || !cx4i_slice_equal(
		    cx4i_buf_slice(&out), cx4i_buf_slice(&want));
	else
		bad |= out.len != 0;
	cx4i_buf_free(&in);
	cx4i_buf_free(&want);
	cx4i_buf_free(&out);
	return bad;
}

/* ---------------------------------------------------------------- addresses */

#define PSAP "30 0f a0 0d a3 0b 31 09 04 07 54 00 72 87 22 00 01"

struct address_sample {
	const char *text;
	const char *ber;	/* the same; NULL: its DER */
	cx4_address *a;
	char *f401;
	char *mixer;
};

static struct address_sample samples[] = {
	{ .text = "C=NO;A=telemax;P=mil;O=ffi;OU1=x;OU2=y;S=Eggen;G=Anders" },
	{ .text = "/CN=yen*{165}/S=M\xc3\xbcller/G=J/O=a$/b/C=NO/ADMD= /" },
	{ .text = "/PN=Anders.P.R.Eggen/DD.type=value/DD.b=*\xce\xb1/C=NO" },
	{ .text = "C=578;A=x;X.121=123;T-ID=id;T-TY=ttx;N-ID=77;ISDN=47123;"
	    "NET-SUB=9;PD-SN=s;PD-C=NO;PD-PC=0123;PD-A1=one;PD-A2=two;"
	    "PD-S=\xc3\xb8st" },
	{ .text = "C=NO;O=ABC;S=XY",
	    .ber = "3080 3080 6180 1302 4e4f 0000 a380 1301 41 1302 4243 0000"
	    "a580 a080 0401 58 0401 59 0000 0000 0000 0000" }
};

static int
same_text(const char *got, const char *want)
{
	return got == NULL ? hit() : strcmp(got, want) == 0;
}

static int
from_text(void *arg)
{
	struct address_sample *s = arg;
	char why[200], *f401 = NULL, *mixer = NULL;
	cx4_ctx *fresh = cx4_ctx_new();
	cx4_address *a = NULL;
	int code, bad;

	need(fresh != NULL, "context");
	arm();
	code = cx4_address_from_text(fresh, s->text, &a, why, sizeof(why));
	if (code == CX4_OK) {
		f401 = cx4_address_to_text(a, CX4_FORM_F401);
		mixer = cx4_address_to_text(a, CX4_FORM_MIXER);
	}
	disarm();
	bad = !is_told(code);
	if (code == CX4_OK)
		bad |= !cx4_address_equal(a, s->a) ||
		    !same_text(f401, s->f401) || !same_text(mixer, s->mixer);
	else
		bad |= a != NULL || strcmp(why, "out of memory") != 0;
	cx4_free(f401);
	cx4_free(mixer);
	cx4_address_free(&a);
	cx4_ctx_free(&fresh);
	return bad;
}

static int
from_ber(void *arg)
{
	struct address_sample *s = arg;
	struct cx4i_buf ber = { NULL, 0, 0 };
	cx4_ctx *fresh = cx4_ctx_new();
	unsigned char *der = NULL;
	cx4_address *a = NULL;
	char why[200];
	size_t len = 0;
	int code, bad;

	need(fresh != NULL, "context");
	if (s->ber != NULL)
		add_hex(&ber, s->ber);
	arm();
	code = s->ber == NULL ? cx4_address_to_der(fresh, s->a, &der, &len) :
	    CX4_OK;
	why[0] = '\0';
	if (code == CX4_OK) {
		code = cx4_address_from_ber(fresh, der != NULL ? der :
		    ber.data, der != NULL ? len : ber.len, &a, why,
		    sizeof(why));
		if (code != CX4_OK && strcmp(why, "out of memory") != 0)
			code = -1;
	}
	disarm();
	bad = !is_told(code) || (a != NULL) != (code == CX4_OK) ||
	    (a != NULL && !cx4_address_equal(a, s->a));
	if (bad)
		note("%d: %s", code, why);
	cx4_free(der);
	cx4_address_free(&a);
	cx4_ctx_free(&fresh);
	cx4i_buf_free(&ber);
	return bad;
}

static void
test_addresses(void)
{
	struct address_sample *s;
	char name[64];
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		s = &samples[i];
		need(cx4_address_from_text(ctx(), s->text, &s->a, NULL, 0) ==
		    CX4_OK, s->text);
		s->f401 = cx4_address_to_text(s->a, CX4_FORM_F401);
		s->mixer = cx4_address_to_text(s->a, CX4_FORM_MIXER);
		need(s->f401 != NULL && s->mixer != NULL, "text");
		snprintf(name, sizeof(name), "address %zu from text", i);
		sweep(name, from_text, s);
		snprintf(name, sizeof(name), "address %zu from BER", i);
		sweep(name, from_ber, s);
	}
}

static void
free_addresses(void)
{
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		cx4_address_free(&samples[i].a);
		cx4_free(samples[i].f401);
		cx4_free(samples[i].mixer);
	}
}

/* ----------------------------------------------------------------- headings */

struct heading_sample {
	struct cx4i_buf content;
	size_t chunk;
	const char *type;
	struct cx4i_heading *want;
};

/* Read it: CX4_OK or the code; *h is NULL if there is none. */
static int
read_heading(const struct heading_sample *s, struct cx4i_heading **h)
{
	size_t at, n;
	int code;

	if ((*h = cx4i_heading_new(ctx(), s->type)) == NULL)
		return CX4_E_NOMEM;
	for (at = 0; at < s->content.len; at += n) {
		n = s->content.len - at < s->chunk ? s->content.len - at :
		    s->chunk;
		code = cx4i_heading_push(*h, s->content.data + at, n);
		if (code != CX4_OK && cx4i_heading_finish(*h) != code)
			return -1;
		if (code != CX4_OK)
			return code;
	}
	return cx4i_heading_finish(*h);
}

static int
same_heading(const struct cx4i_heading *a, const struct cx4i_heading *b)
{
	const char *kind_a, *kind_b;
	size_t i, n = cx4i_heading_recipients(a);

	if (cx4i_heading_state(a) != CX4I_HEADING_READ ||
	    cx4i_heading_originator(a) == NULL || !cx4_address_equal(
	    cx4i_heading_originator(a), cx4i_heading_originator(b)) ||
	    strcmp(cx4i_heading_subject(a), cx4i_heading_subject(b)) != 0 ||
	    strcmp(cx4i_heading_message_id(a),
	    cx4i_heading_message_id(b)) != 0 ||
	    n != cx4i_heading_recipients(b))
		return 0;
	for (i = 0; i < n; i++)
		if (strcmp(cx4i_heading_recipient(a, i, &kind_a),
		    cx4i_heading_recipient(b, i, &kind_b)) != 0 ||
		    strcmp(kind_a, kind_b) != 0)
			return 0;
	return 1;
}

static int
heading(void *arg)
{
	const struct heading_sample *s = arg;
	struct cx4i_heading *h;
	int code, bad;

	arm();
	code = read_heading(s, &h);
	disarm();
	bad = !is_told(code);
	if (code == CX4_OK)
		bad |= !same_heading(h, s->want);
	else
		bad |= h != NULL &&
		    (cx4i_heading_state(h) != CX4I_HEADING_READING ||
		    cx4i_heading_originator(h) != NULL);
	cx4i_heading_free(&h);
	return bad;
}

/* Message and heading with indefinite lengths. */
static struct cx4i_buf
loosen(const struct cx4i_buf *der)
{
	static const uint8_t open[] = { 0xa0, 0x80, 0x31, 0x80 };
	struct cx4i_slice in = cx4i_buf_slice(der), inner, set;
	struct cx4i_buf out = { NULL, 0, 0 };

	inner = element(&in, CX4I_CONTEXT_C(0), NULL);
	set = element(&inner, CX4I_SET, NULL);
	need(cx4i_buf_add(&out, open, sizeof(open)) == 0 &&
	    cx4i_buf_add(&out, set.data, set.len) == 0 &&
	    cx4i_buf_add(&out, "\0", 2) == 0 &&
	    cx4i_buf_add(&out, inner.data, inner.len) == 0 &&
	    cx4i_buf_add(&out, "\0", 2) == 0, "memory");
	return out;
}

static struct cx4i_buf
new_content(const char *type)
{
	const cx4_address *const to[] = {
		samples[1].a, samples[2].a, samples[3].a
	};
	struct cx4i_buf b = { NULL, 0, 0 };
	unsigned char *der;
	size_t len;

	need(cx4_content_new(ctx(), type, samples[0].a, to, COUNT(to),
	    "subject", "text", &der, &len) == CX4_OK, type);
	need(cx4i_buf_add(&b, der, len) == 0, "memory");
	cx4_free(der);
	return b;
}

static void
test_headings(void)
{
	static const char p772[] = "1.3.26.0.4406.0.4.1";
	struct cx4i_buf der = new_content("p22");
	struct heading_sample s[] = {
		{ .content = new_content("p22"), .chunk = 4096, .type = P22 },
		{ .content = loosen(&der), .chunk = 7, .type = P22 },
		{ .content = new_content("p772"), .chunk = 100,
		    .type = p772 },
	};
	char name[64];
	size_t i;

	for (i = 0; i < COUNT(s); i++) {
		need(read_heading(&s[i], &s[i].want) == CX4_OK &&
		    same_heading(s[i].want, s[i].want), "heading");
		snprintf(name, sizeof(name), "heading %zu", i);
		sweep(name, heading, &s[i]);
		cx4i_heading_free(&s[i].want);
		cx4i_buf_free(&s[i].content);
	}
	cx4i_buf_free(&der);
}

static int
content(void *arg)
{
	unsigned char *der;
	size_t len;
	int code, bad;

	arm();
	code = cx4_content_new(ctx(), arg, samples[0].a,
	    (const cx4_address *const *)&samples[1].a, 1, "subject", "text",
	    &der, &len);
	disarm();
	bad = !is_told(code) || (der != NULL) != (code == CX4_OK);
	cx4_free(der);
	return bad;
}

/* ----------------------------------------------------------------- messages */

/* A sink that needs no memory. */
struct small_sink {
	uint8_t octets[16384];
	size_t len;
	int commits, aborts, late;
};

static int
small_write(void *arg, const void *data, size_t len)
{
	struct small_sink *s = arg;

	s->late |= s->commits + s->aborts > 0;
	need(len <= sizeof(s->octets) - s->len, "the sink is full");
	memcpy(s->octets + s->len, data, len);
	s->len += len;
	return 0;
}

static int
small_end(void *arg, int commit)
{
	struct small_sink *s = arg;

	if (commit)
		s->commits++;
	else
		s->aborts++;
	return 0;
}

/* Committed if all is well, else aborted; in any case ended once. */
static int
ended_well(const struct small_sink *s, int code)
{
	return s->commits == (code == CX4_OK) &&
	    s->aborts == (code != CX4_OK) && !s->late;
}

static int
drop_begin(void *arg, const char *name, int is_array)
{
	(void)arg;
	(void)name;
	(void)is_array;
	return 0;
}

static int
drop_end(void *arg)
{
	(void)arg;
	return 0;
}

static int
drop_string(void *arg, const char *name, const char *value)
{
	(void)arg;
	(void)name;
	(void)value;
	return 0;
}

static int
drop_number(void *arg, const char *name, uint64_t value)
{
	(void)arg;
	(void)name;
	(void)value;
	return 0;
}

static int
drop_boolean(void *arg, const char *name, int value)
{
	(void)arg;
	(void)name;
	(void)value;
	return 0;
}

static const struct cx4_visitor drop = {
	drop_begin, drop_end, drop_string, drop_number, drop_boolean
};

struct message_sample {
	const char *name;
	const char *layers;
	unsigned int options;
	const char *ids;
	unsigned int require;
	const char *trust;
	int damaged;		/* change an octet of the content */
	int code;		/* with enough memory */
	int slow;		/* too slow with OpenSSL's allocations */
	struct cx4i_buf msg;
	struct cx4i_buf content;
	cx4_policy *policy;
};

static struct message_sample messages[] = {
	{ .name = "signed", .layers = "S:alice", .code = CX4_OK },
	{ .name = "signed, a match required", .layers = "S:alice",
	    .require = CX4_REQUIRE_ORIGINATOR_MATCH, .code = CX4_OK },
	{ .name = "another originator", .layers = "S:mallory",
	    .code = CX4_E_ORIGINATOR },
	{ .name = "damaged", .layers = "S:alice", .damaged = 1,
	    .code = CX4_E_DIGEST },
	{ .name = "no trust", .layers = "S:alice", .trust = "",
	    .code = CX4_E_NO_TRUST },
	{ .name = "MIME, two signers", .layers = "S:alice,carol",
	    .options = CX4_WRITE_MIME, .code = CX4_OK, .slow = 1 },
	{ .name = "signed and enveloped", .layers = "S:alice E:bob",
	    .ids = "bob", .code = CX4_OK, .slow = 1 },
	{ .name = "enveloped, another originator",
	    .layers = "S:mallory E:bob", .ids = "bob",
	    .code = CX4_E_ORIGINATOR, .slow = 1 },
};

/* Open it as far as memory lets: the code. */
static int
open_sample(const struct message_sample *m, struct small_sink *sink,
    enum cx4_originator *check)
{
	cx4_reader *r = cx4_reader_new(ctx(), m->policy);
	int code;

	if (r == NULL)
		return CX4_E_NOMEM;
	if ((m->ids != NULL && cx4_reader_add_id(r, who(m->ids)) != CX4_OK) ||
	    cx4_reader_set_sink(r, small_write, small_end, sink) != CX4_OK) {
		cx4_reader_free(&r);
		return CX4_E_NOMEM;
	}
	cx4_reader_push(r, m->msg.data, m->msg.len);
	code = cx4_reader_finish(r);
	if (cx4_report_code(cx4_reader_report(r)) != code)
		code = -1;
	*check = cx4_report_originator_check(cx4_reader_report(r));
	cx4_report_walk(cx4_reader_report(r), &drop, NULL);
	cx4_reader_free(&r);
	if (!ended_well(sink, code))
		code = -1;
	return code;
}

static int
opened(void *arg)
{
	const struct message_sample *m = arg;
	enum cx4_originator check = CX4_ORIGINATOR_NOT_CHECKED;
	struct small_sink sink;
	int code, bad;

	memset(&sink, 0, sizeof(sink));
	arm();
	code = open_sample(m, &sink, &check);
	disarm();
	bad = code == -1 || (!hit() && code != m->code) ||
	    (hit() && code == CX4_OK && m->code != CX4_OK);
	if (code == CX4_OK)
		bad |= check != CX4_ORIGINATOR_MATCH ||
		    sink.len != m->content.len ||
		    memcmp(sink.octets, m->content.data, sink.len) != 0;
	if (bad)
		note("%s: %d, originator %d, %d commits, %d aborts", m->name,
		    code, (int)check, sink.commits, sink.aborts);
	return bad;
}

static void
damage(struct cx4i_buf *msg, const struct cx4i_buf *content)
{
	size_t i;

	for (i = 0; i + content->len <= msg->len; i++)
		if (memcmp(msg->data + i, content->data, content->len) == 0)
			break;
	need(i + content->len <= msg->len, "the content is not there");
	msg->data[i + content->len - 1] ^= 1;
}

static void
make_message(struct message_sample *m)
{
	struct writing how = { .layers = m->layers, .options = m->options,
	    .require = CX4_ALLOW_ORIGINATOR_MISMATCH };
	struct opening opening = { .require = m->require,
	    .trust = m->trust };

	m->content = p22_from("alice", "text");
	m->msg = message(&how, cx4i_buf_slice(&m->content));
	if (m->damaged)
		damage(&m->msg, &m->content);
	m->policy = policy_of(&opening);
	if (m->ids != NULL)
		who(m->ids);
}

static void
test_opening(void)
{
	struct message_sample *m;
	char name[80];
	size_t i;

	for (i = 0; i < COUNT(messages); i++) {
		m = &messages[i];
		make_message(m);
		snprintf(name, sizeof(name), "opening: %s", m->name);
		sweep(name, opened, m);
		if (m->slow)
			continue;
		oom.openssl = 1;
		oom.step = STEP;
		snprintf(name, sizeof(name), "opening with OpenSSL: %s",
		    m->name);
		sweep(name, opened, m);
		oom.openssl = 0;
		oom.step = 1;
	}
}

static void
free_messages(void)
{
	struct message_sample *m;
	size_t i;

	for (i = 0; i < COUNT(messages); i++) {
		m = &messages[i];
		cx4i_buf_free(&m->msg);
		cx4i_buf_free(&m->content);
		cx4_policy_free(&m->policy);
	}
}

/* ------------------------------------------------------------------ writing */

static int
set_up(cx4_writer *w, struct small_sink *sink, size_t len, int enveloped)
{
	int code;

	if ((code = cx4_writer_set_sink(w, small_write, small_end, sink)) !=
	    CX4_OK ||
	    (code = cx4_writer_set_content_type(w, "p22")) != CX4_OK ||
	    (code = cx4_writer_set_content_length(w, len)) != CX4_OK ||
	    (code = cx4_writer_add_layer(w, CX4_LAYER_SIGNED)) != CX4_OK ||
	    (code = cx4_writer_add_signer(w, who("alice"))) != CX4_OK ||
	    !enveloped)
		return code;
	if ((code = cx4_writer_add_layer(w, CX4_LAYER_ENVELOPED)) != CX4_OK ||
	    (code = cx4_writer_add_recipient(w, who("bob"))) != CX4_OK)
		return code;
	return cx4_writer_set_originator(w, who("alice"));
}

static int
write_sample(const struct message_sample *m, struct small_sink *sink)
{
	cx4_writer *w = cx4_writer_new(ctx(), m->policy);
	int code, before;

	if (w == NULL)
		return CX4_E_NOMEM;
	before = set_up(w, sink, m->content.len, m->ids != NULL);
	if (before == CX4_OK)
		before = cx4_writer_push(w, m->content.data, m->content.len);
	code = cx4_writer_finish(w);
	/* What was refused, is refused in the end. */
	if (before != CX4_OK && code == CX4_OK)
		code = -1;
	cx4_report_walk(cx4_writer_report(w), &drop, NULL);
	cx4_writer_free(&w);
	return code;
}

static int
written(void *arg)
{
	struct message_sample *m = arg, again = *m;
	enum cx4_originator check;
	struct small_sink sink, copy;
	int code, bad;

	memset(&sink, 0, sizeof(sink));
	memset(&copy, 0, sizeof(copy));
	arm();
	code = write_sample(m, &sink);
	disarm();
	bad = code == -1 || (code == CX4_OK && sink.commits != 1) ||
	    (code != CX4_OK && (sink.commits != 0 || !hit())) || sink.late;
	if (code == CX4_OK) {
		again.msg.data = sink.octets;
		again.msg.len = sink.len;
		bad |= open_sample(&again, &copy, &check) != CX4_OK ||
		    check != CX4_ORIGINATOR_MATCH;
	}
	if (bad)
		note("%s: %d, %d commits, %d aborts", m->name, code,
		    sink.commits, sink.aborts);
	return bad;
}

/* ----------------------------------------------------------------- requests */

static int
requested(void *arg)
{
	X509_REQ *req;
	char why[200];
	int code, bad;

	arm();
	code = cx4_csr_new(ctx(), arg, "CN=bob+UID=7,C=NO",
	    (const cx4_address *const *)&samples[1].a, 1, &req, why,
	    sizeof(why));
	disarm();
	bad = !is_told(code) || (req != NULL) != (code == CX4_OK) ||
	    strcmp(why, code == CX4_OK ? "" : "out of memory") != 0;
	X509_REQ_free(req);
	return bad;
}

int
main(void)
{
	EVP_PKEY *key;
	char name[32];
	size_t i;

	oom.step = 1;
	need(CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc,
	    openssl_free) == 1, "OpenSSL's memory");
	for (i = 0; i < COUNT(indefinite); i++) {
		snprintf(name, sizeof(name), "definite form %zu", i);
		sweep(name, definite, (void *)(uintptr_t)indefinite[i]);
	}
	test_addresses();
	test_headings();
	snprintf(name, sizeof(name), "p22");
	sweep("content", content, name);
	test_opening();
	who("alice");
	who("bob");
	sweep("writing: signed", written, &messages[0]);
	oom.openssl = 1;
	oom.step = STEP;
	sweep("writing with OpenSSL: signed", written, &messages[0]);
	oom.openssl = 0;
	oom.step = 1;
	sweep("writing: signed and enveloped", written, &messages[6]);
	key = key_of("alice");
	sweep("a request", requested, key);
	EVP_PKEY_free(key);
	free_messages();
	free_addresses();
	sample_end();
	return done_testing();
}
