/*
 * t_shell.c - the ContentInfo around a CMS value, put on and taken off.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/message/shell.h"
#include "octets.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What came down, and what was said at the start. */
struct down {
	struct cx4i_buf octets;
	int starts;
	char type[CX4I_OID_TEXT];
	uint64_t length;
	int refuse_start;
	int refuse_octets;
};

static int
take(void *arg, const uint8_t *data, size_t len)
{
	struct down *d = arg;

	if (d->refuse_octets)
		return CX4_E_IO_WRITE;
	return cx4i_buf_add(&d->octets, data, len) == 0 ? CX4_OK :
	    CX4_E_NOMEM;
}

static int
start(void *arg, const char *oid, uint64_t len)
{
	struct down *d = arg;

	d->starts++;
	snprintf(d->type, sizeof(d->type), "%s", oid);
	d->length = len;
	return d->refuse_start ? CX4_E_FORBIDDEN_TYPE : CX4_OK;
}

/* Push in two parts, the second octet by octet if `fine`. */
static int
run_on(struct cx4i_slice in, size_t cut, int fine, struct down *d)
{
	struct cx4i_slice part;
	struct cx4i_shell_on s;
	size_t n, at;
	int r = CX4_OK;

	cx4i_shell_on_init(&s, CX4I_OID_SIGNED_DATA, take, d);
	for (at = 0; at < in.len && r == CX4_OK; at += n) {
		n = at < cut ? cut : fine ? 1 : in.len - at;
		part = exact_copy(in.data + at, n);
		r = cx4i_shell_on_push(&s, part.data, n, NULL);
		free((void *)(uintptr_t)part.data);
	}
	return r == CX4_OK ? cx4i_shell_on_finish(&s, NULL) : r;
}

static int
run_off(struct cx4i_slice in, size_t cut, int fine, struct down *d)
{
	struct cx4i_slice part;
	struct cx4i_shell_off s;
	size_t n, at;
	int r = CX4_OK;

	cx4i_shell_off_init(&s, start, take, d);
	for (at = 0; at < in.len && r == CX4_OK; at += n) {
		n = at < cut ? cut : fine ? 1 : in.len - at;
		part = exact_copy(in.data + at, n);
		r = cx4i_shell_off_push(&s, part.data, n, NULL);
		free((void *)(uintptr_t)part.data);
	}
	return r == CX4_OK ? cx4i_shell_off_finish(&s, NULL) : r;
}

#define SIGNED "06092a864886f70d010702"
#define SIGNED_TEXT "1.2.840.113549.1.7.2"
#define ENVELOPED "06092a864886f70d010703"

static const struct on {
	const char *name;
	const char *in;
	int code;
	const char *out;	/* NULL: of no matter */
} ons[] = {
	{ "definite", "3003 020101", CX4_OK,
	    "3012 " SIGNED " a005 3003 020101" },
	{ "of 127 octets", "307f 047d 00*125", CX4_OK,
	    "30818f " SIGNED " a08181 307f 047d 00*125" },
	{ "of 128 octets", "308180 047e 00*126", CX4_OK,
	    "308191 " SIGNED " a08183 308180 047e 00*126" },
	{ "of 256 octets", "30820100 0481fd 00*253", CX4_OK,
	    "30820113 " SIGNED " a0820104 30820100 0481fd 00*253" },
	{ "a length longer than it need be", "3083000003 020101", CX4_OK,
	    "3015 " SIGNED " a008 3083000003 020101" },
	{ "indefinite", "3080 020101 0000", CX4_OK,
	    "3080 " SIGNED " a080 3080 020101 0000 00000000" },
	{ "indefinite and empty", "3080 0000", CX4_OK,
	    "3080 " SIGNED " a080 3080 0000 00000000" },
	{ "octets that trail", "3003 020101 000102", CX4_OK,
	    "3012 " SIGNED " a005 3003 020101" },
	{ "octets that trail, indefinite", "3080 0000 05", CX4_OK,
	    "3080 " SIGNED " a080 3080 0000 00000000" },
	{ "a ContentInfo already", "300d " ENVELOPED " a000", CX4_OK,
	    "300d " ENVELOPED " a000" },
	{ "one that is indefinite", "3080 " ENVELOPED " a080 0000 0000",
	    CX4_OK, "3080 " ENVELOPED " a080 0000 0000" },
	{ "one with octets that trail", "300d " ENVELOPED " a000 ff",
	    CX4_OK, "300d " ENVELOPED " a000" },
	/* ends too early */
	{ "nothing", "", CX4_E_TRUNCATED, "" },
	{ "one octet", "30", CX4_E_TRUNCATED, "" },
	{ "a header", "3003", CX4_E_TRUNCATED, "" },
	{ "a part", "3003 0201", CX4_E_TRUNCATED, NULL },
	{ "no end", "3080 020101", CX4_E_TRUNCATED, NULL },
	{ "half an end", "3080 020101 00", CX4_E_TRUNCATED, NULL },
	{ "a part of a ContentInfo", "300d " ENVELOPED, CX4_E_TRUNCATED,
	    NULL },
	/* garbage */
	{ "a bad length", "30ff", CX4_E_BER, "" },
	{ "a bad tag", "1f80", CX4_E_BER, "" },
	{ "zeros", "0000", CX4_E_STRUCTURE, "" },
	{ "text", "48656c6c6f20776f726c64", CX4_E_STRUCTURE, "" },
	{ "an OCTET STRING", "0403 616263", CX4_E_STRUCTURE, "" },
	{ "an element beyond the value", "3003 020201", CX4_E_BER, NULL },
	{ "a bad header inside", "3003 1f8001", CX4_E_BER, NULL },
};

/* What comes out, whole and cut into two anywhere. */
static void
check_on(const struct on *t)
{
	struct cx4i_buf in = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	struct down d;
	size_t cut, wrong = 0;
	int code;

	add_hex(&in, t->in);
	if (t->out != NULL)
		add_hex(&want, t->out);
	memset(&d, 0, sizeof(d));
	is_int(run_on(cx4i_buf_slice(&in), in.len, 0, &d), t->code,
	    "on: %s", t->name);
	if (t->out != NULL)
		is_mem(d.octets.data, d.octets.len, want.data, want.len,
		    "what comes out");
	cx4i_buf_free(&d.octets);
	for (cut = 1; cut <= in.len; cut++) {
		memset(&d, 0, sizeof(d));
		code = run_on(cx4i_buf_slice(&in), cut, cut % 2 != 0, &d);
		wrong += code != t->code || (t->out != NULL &&
		    !cx4i_slice_equal(cx4i_buf_slice(&d.octets),
		    cx4i_buf_slice(&want)));
		cx4i_buf_free(&d.octets);
	}
	is_int(wrong, 0, "the same however it is cut");
	cx4i_buf_free(&in);
	cx4i_buf_free(&want);
}

static const struct off {
	const char *name;
	const char *in;
	int code;
	uint64_t length;	/* said at the start */
	const char *type;	/* NULL: it does not start */
	const char *out;	/* NULL: of no matter */
} offs[] = {
	{ "definite", "3012 " SIGNED " a005 3003 020101", CX4_OK, 5,
	    SIGNED_TEXT, "3003 020101" },
	{ "long lengths", "30820015 " SIGNED " a0820006 30820002 0500",
	    CX4_OK, 6, SIGNED_TEXT, "30820002 0500" },
	{ "indefinite", "3080 " SIGNED " a080 3080 020101 0000 00000000",
	    CX4_OK, UINT64_MAX, SIGNED_TEXT, "3080 020101 0000" },
	{ "indefinite outside", "3080 " SIGNED " a080 3003 020101 00000000",
	    CX4_OK, 5, SIGNED_TEXT, "3003 020101" },
	{ "indefinite inside", "3014 " SIGNED " a007 3080 020101 0000",
	    CX4_OK, UINT64_MAX, SIGNED_TEXT, "3080 020101 0000" },
	{ "octets that trail", "3012 " SIGNED " a005 3003 020101 0506",
	    CX4_OK, 5, SIGNED_TEXT, "3003 020101" },
	{ "an empty value", "300f " SIGNED " a002 3000", CX4_OK, 2,
	    SIGNED_TEXT, "3000" },
	{ "another type", "300a 06022a03 a004 3002 0500", CX4_OK, 4, "1.2.3",
	    "3002 0500" },
	{ "an OID of 64 octets",
	    "3046 0640 01*64 a002 3000", CX4_OK, 2, "", "3000" },
	/* ends too early */
	{ "nothing", "", CX4_E_TRUNCATED, 0, NULL, "" },
	{ "one octet", "30", CX4_E_TRUNCATED, 0, NULL, "" },
	{ "a header", "3012", CX4_E_TRUNCATED, 0, NULL, "" },
	{ "half a type", "3012 06092a8648", CX4_E_TRUNCATED, 0, NULL, "" },
	{ "the type", "3012 " SIGNED, CX4_E_TRUNCATED, 0, NULL, "" },
	{ "no value", "3012 " SIGNED " a005", CX4_E_TRUNCATED, 0, NULL, "" },
	{ "half a value", "3012 " SIGNED " a005 3003 02", CX4_E_TRUNCATED,
	    5, SIGNED_TEXT, NULL },
	{ "the ends are missing", "3080 " SIGNED " a080 3003 020101",
	    CX4_E_TRUNCATED, 5, SIGNED_TEXT, NULL },
	{ "one end is missing", "3080 " SIGNED " a080 3003 020101 0000",
	    CX4_E_TRUNCATED, 5, SIGNED_TEXT, NULL },
	{ "more is announced", "3014 " SIGNED " a007 3003 020101",
	    CX4_E_TRUNCATED, 5, SIGNED_TEXT, NULL },
	/* lengths that do not fit */
	{ "[0] is too short", "3012 " SIGNED " a004 3003 020101", CX4_E_BER,
	    5, SIGNED_TEXT, NULL },
	{ "the SEQUENCE is too short", "3011 " SIGNED " a005 3003 020101",
	    CX4_E_BER, 0, NULL, "" },
	{ "a length that nothing can have",
	    "3080 " SIGNED " a080 3088ffffffffffffffff", CX4_E_NOT_CMS, 0,
	    NULL, "" },
	/* no ContentInfo */
	{ "a bare value", "3003 020103", CX4_E_NOT_CMS, 0, NULL, "" },
	{ "a SET", "3112 " SIGNED " a005 3003 020101", CX4_E_NOT_CMS, 0,
	    NULL, "" },
	{ "text", "48656c6c6f", CX4_E_NOT_CMS, 0, NULL, "" },
	{ "a P22", "a00e 3002 0500 3108 0a0100", CX4_E_NOT_CMS, 0, NULL,
	    "" },
	{ "a bad length", "30ff", CX4_E_NOT_CMS, 0, NULL, "" },
	{ "an OID of 65 octets", "3047 0641 01*65 a002 3000", CX4_E_NOT_CMS,
	    0, NULL, "" },
	{ "an OID that is malformed", "3008 0602 2a80 a002 3000",
	    CX4_E_NOT_CMS, 0, NULL, "" },
	{ "an empty OID", "3006 0600 a002 3000", CX4_E_NOT_CMS, 0, NULL,
	    "" },
	{ "[1]", "3012 " SIGNED " a105 3003 020101", CX4_E_NOT_CMS, 0, NULL,
	    "" },
	{ "primitive [0]", "3012 " SIGNED " 8005 3003 020101",
	    CX4_E_NOT_CMS, 0, NULL, "" },
	{ "no SEQUENCE inside", "3012 " SIGNED " a005 0403 020101",
	    CX4_E_NOT_CMS, 0, NULL, "" },
	{ "a bad header in the value", "3012 " SIGNED " a005 3003 1f8001",
	    CX4_E_BER, 5, SIGNED_TEXT, NULL },
};

static void
check_off(const struct off *t)
{
	struct cx4i_buf in = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	struct down d;
	size_t cut, wrong = 0;
	int code;

	add_hex(&in, t->in);
	if (t->out != NULL)
		add_hex(&want, t->out);
	memset(&d, 0, sizeof(d));
	is_int(run_off(cx4i_buf_slice(&in), in.len, 0, &d), t->code,
	    "off: %s", t->name);
	is_int(d.starts, t->type != NULL, "how often it starts");
	if (t->type != NULL && t->type[0] != '\0')
		is_str(d.type, t->type, "with what type");
	if (t->type != NULL)
		ok(d.length == t->length, "and length");
	if (t->out != NULL)
		is_mem(d.octets.data, d.octets.len, want.data, want.len,
		    "what comes out");
	cx4i_buf_free(&d.octets);
	for (cut = 1; cut <= in.len; cut++) {
		memset(&d, 0, sizeof(d));
		code = run_off(cx4i_buf_slice(&in), cut, cut % 2 != 0, &d);
		wrong += code != t->code || d.starts != (t->type != NULL) ||
		    (t->out != NULL &&
		    !cx4i_slice_equal(cx4i_buf_slice(&d.octets),
		    cx4i_buf_slice(&want)));
		cx4i_buf_free(&d.octets);
	}
	is_int(wrong, 0, "the same however it is cut");
	cx4i_buf_free(&in);
	cx4i_buf_free(&want);
}

/* Put on and taken off again, a value is what it was. */
static void
test_both(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	struct down shell, bare;
	size_t i;

	for (i = 0; i < COUNT(ons); i++) {
		if (ons[i].code != CX4_OK)
			continue;
		cx4i_buf_free(&b);
		add_hex(&b, ons[i].in);
		memset(&shell, 0, sizeof(shell));
		memset(&bare, 0, sizeof(bare));
		run_on(cx4i_buf_slice(&b), b.len, 0, &shell);
		run_off(cx4i_buf_slice(&shell.octets), 3, 0, &bare);
		if (bare.starts == 1 && strcmp(bare.type, SIGNED_TEXT) == 0)
			is_mem(b.data, bare.octets.len, bare.octets.data,
			    bare.octets.len, "on and off: %s", ons[i].name);
		cx4i_buf_free(&shell.octets);
		cx4i_buf_free(&bare.octets);
	}
	cx4i_buf_free(&b);
}

/* What the stage below says is what is returned. */
static void
test_refused(void)
{
	struct cx4i_buf in = { NULL, 0, 0 }, shell = { NULL, 0, 0 };
	struct down d;

	add_hex(&in, "3003 020101");
	add_hex(&shell, "3012 " SIGNED " a005 3003 020101");
	memset(&d, 0, sizeof(d));
	d.refuse_octets = 1;
	is_int(run_on(cx4i_buf_slice(&in), 1, 0, &d), CX4_E_IO_WRITE,
	    "octets refused when putting on");
	is_int(run_off(cx4i_buf_slice(&shell), 1, 0, &d), CX4_E_IO_WRITE,
	    "octets refused when taking off");
	d.refuse_octets = 0;
	d.refuse_start = 1;
	is_int(run_off(cx4i_buf_slice(&shell), 1, 0, &d),
	    CX4_E_FORBIDDEN_TYPE, "the type refused");
	is_int(d.octets.len, 0, "before any octet");
	cx4i_buf_free(&d.octets);
	cx4i_buf_free(&in);
	cx4i_buf_free(&shell);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(ons); i++)
		check_on(&ons[i]);
	for (i = 0; i < COUNT(offs); i++)
		check_off(&offs[i]);
	test_both();
	test_refused();
	return done_testing();
}
