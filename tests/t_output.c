/*
 * t_output.c - the sink of the caller, and the last stage of a writer in
 * front of it: binary, PEM or MIME.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/message/output.h"
#include "../libcmsx400/message/source.h"
#include "octets.h"
#include "sample.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ------------------------------------------------------------------ sink */

static void
test_sink_write(void)
{
	struct sink into;
	struct cx4i_sink s = { sink_write, sink_end, &into, 0 };
	cx4_error e;

	memset(&into, 0, sizeof(into));
	cx4i_err_init(&e);
	is_int(cx4i_sink_write(&s, "abc", 3, &e), CX4_OK, "three octets");
	is_int(cx4i_sink_write(&s, NULL, 0, &e), CX4_OK, "none");
	is_mem(into.octets.data, into.octets.len, "abc", 3, "arrive");
	into.refuse_at = 4;
	is_int(cx4i_sink_write(&s, "de", 2, &e), CX4_E_IO_WRITE,
	    "two are refused");
	is_int(e.code, CX4_E_IO_WRITE, "which is recorded");
	is_int(cx4i_sink_write(&s, "d", 1, NULL), CX4_OK, "one is not");
	cx4i_err_clear(&e);
	sink_free(&into);
}

static const struct ending {
	const char *name;
	int first, second;	/* commit; -1: no such call */
	int refuse;
	int want;
	int commits, aborts;
} endings[] = {
	{ "commit", 1, -1, 0, CX4_OK, 1, 0 },
	{ "abort", 0, -1, 0, CX4_OK, 0, 1 },
	{ "commit, commit", 1, 1, 0, CX4_OK, 1, 0 },
	{ "commit, abort", 1, 0, 0, CX4_OK, 1, 0 },
	{ "abort, commit", 0, 1, 0, CX4_OK, 0, 1 },
	{ "commit is refused", 1, -1, 1, CX4_E_IO_WRITE, 1, 0 },
	{ "commit is refused, abort", 1, 0, 1, CX4_E_IO_WRITE, 1, 0 },
};

static void
test_sink_end(void)
{
	const struct ending *t;
	struct cx4i_sink s;
	struct sink into;
	cx4_error e;
	size_t i;

	for (i = 0; i < COUNT(endings); i++) {
		t = &endings[i];
		memset(&into, 0, sizeof(into));
		into.refuse_commit = t->refuse;
		memset(&s, 0, sizeof(s));
		s.write = sink_write;
		s.end = sink_end;
		s.arg = &into;
		cx4i_err_init(&e);
		is_int(cx4i_sink_end(&s, t->first, &e), t->want, "%s",
		    t->name);
		is_int(e.code, t->want, "as recorded");
		if (t->second >= 0)
			is_int(cx4i_sink_end(&s, t->second, &e), CX4_OK,
			    "a second end does nothing");
		is_int(into.commits, t->commits, "commits");
		is_int(into.aborts, t->aborts, "aborts");
		cx4i_err_clear(&e);
	}
}

/* An abort that fails: there is nobody left to tell. */
static int
end_fails(void *arg, int commit)
{
	*(int *)arg = commit;
	return 1;
}

static void
test_no_sink(void)
{
	struct cx4i_sink s;
	int commit = 7;

	memset(&s, 0, sizeof(s));
	is_int(cx4i_sink_write(&s, "abc", 3, NULL), CX4_OK,
	    "without a sink octets are dropped");
	is_int(cx4i_sink_end(&s, 1, NULL), CX4_OK, "and there is no end");
	s.end = end_fails;
	s.arg = &commit;
	is_int(cx4i_sink_end(&s, 0, NULL), CX4_OK, "an abort that fails");
	is_int(commit, 0, "was one");
}

/* ---------------------------------------------------------------- output */

enum form { BINARY, AS_PEM, AS_MIME, AS_CONTENT };

static const struct shape {
	const char *name;
	enum form form;
	const char *type;
	const char *eol;
	const char *begins;
	enum cx4i_form detected;
} shapes[] = {
	{ "binary", BINARY, NULL, NULL, NULL, CX4I_FORM_BINARY },
	{ "PEM", AS_PEM, NULL, NULL, "-----BEGIN CMS-----\n",
	    CX4I_FORM_PEM },
	{ "MIME", AS_MIME, "signed-x400", "\r\n", "MIME-Version: 1.0\r\n",
	    CX4I_FORM_MIME },
	{ "MIME with LF", AS_MIME, "enveloped-x400", "\n",
	    "MIME-Version: 1.0\n", CX4I_FORM_MIME },
	{ "X.400 content", AS_CONTENT, "22", "\r\n",
	    "MIME-Version: 1.0\r\n", CX4I_FORM_MIME },
};

static int
choose(struct cx4i_output *o, const struct shape *t)
{
	switch (t->form) {
	case AS_PEM:
		return cx4i_output_pem(o);
	case AS_MIME:
		return cx4i_output_mime(o, t->type, t->eol);
	case AS_CONTENT:
		return cx4i_output_content(o, t->type, t->eol);
	default:
		return CX4_OK;
	}
}

/* Counts the calls that reach the caller's sink. */
struct counting {
	struct sink sink;
	size_t calls;
	size_t smallest;
};

static int
count_write(void *arg, const void *data, size_t len)
{
	struct counting *c = arg;

	c->calls++;
	if (c->smallest == 0 || len < c->smallest)
		c->smallest = len;
	return sink_write(&c->sink, data, len);
}

/* Push in chunks and finish. */
static int
write_out(const struct shape *t, struct cx4i_slice in, size_t chunk,
    struct counting *c, cx4_error *e)
{
	struct cx4i_sink s = { count_write, NULL, c, 0 };
	struct cx4i_output *o = malloc(sizeof(*o));
	size_t n, at;
	int r;

	need(o != NULL, "memory");
	cx4i_output_init(o, &s, e);
	r = choose(o, t);
	for (at = 0; at < in.len && r == CX4_OK; at += n) {
		n = in.len - at < chunk ? in.len - at : chunk;
		r = cx4i_output_push(o, in.data + at, n);
	}
	if (r == CX4_OK)
		r = cx4i_output_finish(o);
	cx4i_output_free(o);
	free(o);
	return r;
}

static int
append(void *arg, const uint8_t *data, size_t len)
{
	return cx4i_buf_add(arg, data, len) == 0 ? CX4_OK : CX4_E_NOMEM;
}

/* What was written is what a reader finds inside. */
static void
check_read_back(const struct shape *t, const struct cx4i_buf *written,
    const struct cx4i_buf *want)
{
	struct cx4i_buf back = { NULL, 0, 0 };
	struct cx4i_source s;

	cx4i_source_init(&s, append, &back);
	is_int(cx4i_source_push(&s, written->data, written->len, NULL),
	    CX4_OK, "is read");
	is_int(cx4i_source_finish(&s, NULL), CX4_OK, "to its end");
	is_int(s.form, t->detected, "as what it is");
	is_mem(back.data, back.len, want->data, want->len,
	    "with all its octets");
	cx4i_source_free(&s);
	cx4i_buf_free(&back);
}

static void
test_shapes(void)
{
	static const size_t sizes[] = {
		1, 47, 48, 49, 57, 1000, CX4I_OUTPUT_BUFFER - 1,
		CX4I_OUTPUT_BUFFER, CX4I_OUTPUT_BUFFER + 1,
		3 * CX4I_OUTPUT_BUFFER + 5
	};
	static const size_t chunks[] = {
		1, 3, 1000, CX4I_OUTPUT_BUFFER - 1, CX4I_OUTPUT_BUFFER,
		CX4I_OUTPUT_BUFFER + 1
	};
	const struct shape *t;
	struct counting whole, cut;
	struct cx4i_buf in;
	cx4_error e;
	size_t i, j, k, wrong;

	for (i = 0; i < COUNT(shapes); i++)
		for (j = 0; j < COUNT(sizes); j++) {
			t = &shapes[i];
			in = octets_of(sizes[j]);
			in.data[0] = 0x30;
			cx4i_err_init(&e);
			memset(&whole, 0, sizeof(whole));
			is_int(write_out(t, cx4i_buf_slice(&in), SIZE_MAX,
			    &whole, &e), CX4_OK, "%s, %zu octets", t->name,
			    sizes[j]);
			if (t->begins != NULL)
				ok(whole.sink.octets.len >
				    strlen(t->begins) &&
				    memcmp(whole.sink.octets.data, t->begins,
				    strlen(t->begins)) == 0, "begins so");
			check_read_back(t, &whole.sink.octets, &in);
			wrong = 0;
			for (k = 0; k < COUNT(chunks); k++) {
				memset(&cut, 0, sizeof(cut));
				write_out(t, cx4i_buf_slice(&in), chunks[k],
				    &cut, &e);
				wrong += !cx4i_slice_equal(
				    cx4i_buf_slice(&cut.sink.octets),
				    cx4i_buf_slice(&whole.sink.octets));
				sink_free(&cut.sink);
			}
			is_int(wrong, 0, "the same in chunks");
			is_int(e.code, CX4_OK, "and no error");
			sink_free(&whole.sink);
			cx4i_buf_free(&in);
		}
}

/* Small pushes are gathered into few writes. */
static void
test_gathered(void)
{
	struct cx4i_buf in = octets_of(3 * CX4I_OUTPUT_BUFFER + 7);
	struct counting c;
	size_t i;

	for (i = 0; i < COUNT(shapes); i++) {
		memset(&c, 0, sizeof(c));
		write_out(&shapes[i], cx4i_buf_slice(&in), 10, &c, NULL);
		ok(c.calls <= c.sink.octets.len / CX4I_OUTPUT_BUFFER + 2,
		    "%s: %zu writes", shapes[i].name, c.calls);
		sink_free(&c.sink);
	}
	cx4i_buf_free(&in);
}

static void
test_empty(void)
{
	struct cx4i_slice none = { NULL, 0 };
	struct counting c;

	memset(&c, 0, sizeof(c));
	is_int(write_out(&shapes[0], none, 1, &c, NULL), CX4_OK, "nothing");
	is_int(c.calls, 0, "is not written");
	sink_free(&c.sink);
}

/* A sink that refuses is heard of, whenever it does. */
static void
test_refused(void)
{
	struct cx4i_buf in = octets_of(5 * CX4I_OUTPUT_BUFFER);
	static const size_t room[] = {
		1, CX4I_OUTPUT_BUFFER, 2 * CX4I_OUTPUT_BUFFER + 1,
		5 * CX4I_OUTPUT_BUFFER - 1
	};
	struct counting c;
	cx4_error e;
	size_t i, j;

	for (i = 0; i < COUNT(shapes); i++)
		for (j = 0; j < COUNT(room); j++) {
			memset(&c, 0, sizeof(c));
			c.sink.refuse_at = room[j];
			cx4i_err_init(&e);
			is_int(write_out(&shapes[i], cx4i_buf_slice(&in),
			    777, &c, &e), CX4_E_IO_WRITE,
			    "%s: room for %zu octets", shapes[i].name,
			    room[j]);
			is_int(e.code, CX4_E_IO_WRITE, "as recorded");
			sink_free(&c.sink);
			cx4i_err_clear(&e);
		}
	cx4i_buf_free(&in);
}

/* Text that may not stand in a header. */
static void
test_bad_types(void)
{
	static const struct shape bad[] = {
		{ "a line end", AS_MIME, "signed\r\nX: y", "\r\n", NULL, 0 },
		{ "a blank", AS_MIME, "signed x400", "\r\n", NULL, 0 },
		{ "nothing", AS_MIME, "", "\r\n", NULL, 0 },
		{ "a quote", AS_CONTENT, "2\"2", "\r\n", NULL, 0 },
	};
	struct cx4i_buf in = octets_of(10);
	struct counting c;
	cx4_error e;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		memset(&c, 0, sizeof(c));
		cx4i_err_init(&e);
		is_int(write_out(&bad[i], cx4i_buf_slice(&in), 10, &c, &e),
		    CX4_E_USAGE, "a type with %s", bad[i].name);
		is_int(e.code, CX4_E_USAGE, "as recorded");
		is_int(c.calls, 0, "and nothing is written");
		sink_free(&c.sink);
		cx4i_err_clear(&e);
	}
	cx4i_buf_free(&in);
}

int
main(void)
{
	test_sink_write();
	test_sink_end();
	test_no_sink();
	test_shapes();
	test_gathered();
	test_empty();
	test_refused();
	test_bad_types();
	return done_testing();
}
