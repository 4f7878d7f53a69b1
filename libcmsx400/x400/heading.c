/*
 * heading.c - the heading of X.400 content, read from the front of a stream.
 *
 * Reads the InformationObject of X.420 (P2, P22; P772 has the same heading,
 * STANAG 4406) and of X.435 (P35), message or notification. The heading of a
 * message is captured and walked as soon as it is whole; of an IPN, a SET
 * that may hold a returned message of any size, only the small members are
 * held, and of an EDIN the common fields.
 *
 * What has to be right: the tags on the way to the originator, that no
 * member occurs twice (which originator would count?), and the originator's
 * O/R address. Not checked: the body, the values of other members, the order
 * in X.435's SEQUENCEs, and upper bounds. A subject or recipient that cannot
 * be read is shown as nothing; it decides nothing.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../encoding/ber.h"
#include "../encoding/oid.h"
#include "../encoding/tlv.h"
#include "chars.h"
#include "heading.h"

#define TEXT_MAX 2048		/* octets of a text that are shown */
#define KEEP_FIRST 16		/* recipients there is room for at first */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define CLASS(ident) ((ident) >> 6)

enum family { IPMS, EDIMS };

struct recipient {
	char *text;
	const char *kind;
};

/* Where the octets that matter are in one kind of InformationObject. */
struct form {
	enum family family;
	uint8_t outer;		/* identifier of the InformationObject */
	unsigned int level;	/* depth of the elements held */
	uint8_t ident;		/* the one element held; 0: see `members` */
	const uint8_t *members;	/* ... or those of the object itself */
	size_t count;
	int (*read)(struct cx4i_heading *, struct cx4i_slice);
};

struct cx4i_heading {
	cx4_ctx *ctx;
	enum family family;
	enum cx4i_heading_state state;
	int code;		/* CX4_OK or CX4_E_NOMEM */
	const struct form *form;
	struct cx4i_ber ber;
	struct cx4i_buf held;
	cx4_address *originator;
	char *originator_name;
	char *subject;
	char *message_id;
	struct recipient *recipients;
	size_t kept;		/* recipients that are held */
	size_t room;
	size_t count;		/* recipients that were met */
};

static int
same_tag(uint8_t ident, uint8_t other, uint32_t number)
{
	return CLASS(ident) == CLASS(other) && (ident & 0x1fu) == number;
}

static int
is_there(const struct cx4i_tlv *e)
{
	return e->whole.data != NULL;
}

/*
 * The members of a SET that are wanted, in the order of `want`; one that is
 * not there has no whole.data. A primitive type in `want` is a string, which
 * may be constructed. CX4_E_CONTENT if malformed or if a tag occurs twice.
 */
static int
pick(struct cx4i_slice set, const uint8_t *want, size_t count,
    struct cx4i_tlv *found)
{
	uint32_t seen[4] = { 0, 0, 0, 0 }, bit;
	struct cx4i_tlv e;
	size_t i;
	int got;

	memset(found, 0, count * sizeof(*found));
	while ((got = cx4i_tlv_next(&set, &e)) == 1) {
		if (e.number > 31)
			continue;
		bit = (uint32_t)1 << e.number;
		if (seen[CLASS(e.ident)] & bit)
			return CX4_E_CONTENT;
		seen[CLASS(e.ident)] |= bit;
		for (i = 0; i < count; i++)
			if (same_tag(want[i], e.ident, e.number))
				break;
		if (i == count)
			continue;
		/* Also refuses a small number in the form for large ones. */
		if (e.ident != want[i] &&
		    e.ident != (want[i] | CX4I_CONSTRUCTED))
			return CX4_E_CONTENT;
		found[i] = e;
	}
	return got == 0 ? CX4_OK : CX4_E_CONTENT;
}

/*
 * Append a character as UTF-8. An octet that is none in its string type
 * goes in as it is: some senders put UTF-8 where T.61 belongs.
 */
static int
add_char(struct cx4i_buf *out, uint8_t kind, uint32_t code)
{
	uint8_t utf8[4];

	if (code & CX4I_NO_CHAR) {
		if (kind != CX4I_BMP_STRING && kind != CX4I_UNIVERSAL_STRING)
			return cx4i_buf_add_byte(out, (uint8_t)code);
		code = 0xfffd;
	}
	return cx4i_buf_add(out, utf8, cx4i_utf8_put(utf8, code));
}

/* The octets of a string, whose segments may be apart (X.690, 8.21). */
static int
add_string(struct cx4i_buf *out, const struct cx4i_tlv *e)
{
	struct cx4i_slice in = e->body;
	struct cx4i_tlv part;

	if ((e->ident & CX4I_CONSTRUCTED) == 0)
		return cx4i_buf_add(out, in.data, in.len);
	while (cx4i_tlv_next(&in, &part) == 1)
		if (cx4i_buf_add(out, part.body.data, part.body.len) != 0)
			return -1;
	return 0;
}

/* An escaped copy, cut to TEXT_MAX octets. */
static int
keep_text(char **out, const void *text, size_t len)
{
	size_t size = TEXT_MAX;

	/* cx4i_escape leaves room for dots and NUL: four octets. */
	if (len < TEXT_MAX / 4 - 1)
		size = 4 * len + 5;
	if ((*out = malloc(size)) == NULL)
		return CX4_E_NOMEM;
	cx4i_escape(*out, size, text, len);
	return CX4_OK;
}

/* The characters of a string, whose type is `kind`, as text. */
static int
take_string(char **out, const struct cx4i_tlv *e, uint8_t kind)
{
	struct cx4i_buf raw = { NULL, 0, 0 }, utf8 = { NULL, 0, 0 };
	struct cx4i_chars in;
	uint32_t c;
	int code = CX4_E_NOMEM;

	if (add_string(&raw, e) != 0)
		goto out;
	in.data = raw.data;
	in.len = raw.len;
	in.kind = kind;
	while (cx4i_char_next(&in, &c) != 0)
		if (add_char(&utf8, kind, c) != 0)
			goto out;
	code = keep_text(out, utf8.data, utf8.len);
out:
	cx4i_buf_free(&raw);
	cx4i_buf_free(&utf8);
	return code;
}

/*
 * X.411: the address in an ORName is semantically absent if the standard
 * attributes are empty and only a directory name may follow.
 */
static int
has_address(struct cx4i_slice orname)
{
	struct cx4i_tlv e;

	if (cx4i_tlv_expect(&orname, CX4I_SEQUENCE, &e) != 0 ||
	    e.body.len != 0)
		return 1;
	return orname.len != 0 && orname.data[0] != CX4I_CONTEXT_C(0);
}

/*
 * The O/R address of an ORName, whatever tag it came under; *a is NULL if
 * it has none.
 */
static int
take_address(struct cx4i_heading *h, const struct cx4i_tlv *orname,
    cx4_address **a)
{
	struct cx4i_buf copy = { NULL, 0, 0 };
	int code = CX4_E_NOMEM;

	*a = NULL;
	if (!has_address(orname->body))
		return CX4_OK;
	if (cx4i_buf_add(&copy, orname->whole.data, orname->whole.len) != 0)
		goto out;
	copy.data[0] = CX4I_APPLICATION_C(0);
	code = cx4_address_from_ber(h->ctx, copy.data, copy.len, a, NULL, 0);
	if (code != CX4_OK && code != CX4_E_NOMEM)
		code = CX4_E_CONTENT;
out:
	cx4i_buf_free(&copy);
	return code;
}

/* ORDescriptor (X.420): the name to compare, and the name to show. */
enum { FORMAL_NAME, FREE_FORM_NAME, DESCRIPTOR_FIELDS };

static int
pick_descriptor(struct cx4i_slice descriptor,
    struct cx4i_tlv found[DESCRIPTOR_FIELDS])
{
	static const uint8_t want[DESCRIPTOR_FIELDS] = {
		CX4I_APPLICATION_C(0), CX4I_CONTEXT(0)
	};

	return pick(descriptor, want, DESCRIPTOR_FIELDS, found);
}

static int
take_originator(struct cx4i_heading *h, const struct cx4i_tlv *descriptor)
{
	struct cx4i_tlv d[DESCRIPTOR_FIELDS];
	int code;

	if (!is_there(descriptor))
		return CX4_OK;
	if ((code = pick_descriptor(descriptor->body, d)) != CX4_OK)
		return code;
	if (is_there(&d[FREE_FORM_NAME]) && (code = take_string(
	    &h->originator_name, &d[FREE_FORM_NAME],
	    CX4I_TELETEX_STRING)) != CX4_OK)
		return code;
	if (!is_there(&d[FORMAL_NAME]))
		return CX4_OK;
	return take_address(h, &d[FORMAL_NAME], &h->originator);
}

/*
 * Text of an ORName, NULL if there is no address or it cannot be read.
 */
static int
orname_text(struct cx4i_heading *h, const struct cx4i_tlv *orname,
    enum cx4_address_form form, char **text)
{
	cx4_address *a = NULL;
	int code;

	*text = NULL;
	if ((code = take_address(h, orname, &a)) == CX4_E_NOMEM)
		return code;
	if (a == NULL)
		return CX4_OK;
	*text = cx4_address_to_text(a, form);
	cx4_address_free(&a);
	return *text != NULL ? CX4_OK : CX4_E_NOMEM;
}

/* A copy of text that is escaped already. */
static int
keep_plain(char **out, const char *text)
{
	size_t size = strlen(text) + 1;

	if ((*out = malloc(size)) == NULL)
		return CX4_E_NOMEM;
	memcpy(*out, text, size);
	return CX4_OK;
}

/* The text of a recipient: its address, else its free-form name, else "". */
static int
recipient_text(struct cx4i_heading *h, const struct cx4i_tlv *formal,
    const struct cx4i_tlv *free_form, char **out)
{
	char *text = NULL;
	int code;

	if (is_there(formal) && (code = orname_text(h, formal, CX4_FORM_F401,
	    &text)) != CX4_OK)
		return code;
	if (text == NULL && free_form != NULL && is_there(free_form))
		return take_string(out, free_form, CX4I_TELETEX_STRING);
	code = keep_plain(out, text != NULL ? text : "");
	cx4_free(text);
	return code;
}

static struct recipient *
next_recipient(struct cx4i_heading *h)
{
	size_t room = h->room != 0 ? 2 * h->room : KEEP_FIRST;
	struct recipient *grown;

	if (h->kept == h->room) {
		grown = realloc(h->recipients, room * sizeof(*grown));
		if (grown == NULL)
			return NULL;
		h->recipients = grown;
		h->room = room;
	}
	return &h->recipients[h->kept];
}

/* Count a recipient, and keep its text if it is one of the first. */
static int
add_recipient(struct cx4i_heading *h, const struct cx4i_tlv *formal,
    const struct cx4i_tlv *free_form, const char *kind)
{
	struct recipient *r;
	int code;

	h->count++;
	if (h->kept == CX4I_HEADING_RECIPIENTS)
		return CX4_OK;
	if ((r = next_recipient(h)) == NULL)
		return CX4_E_NOMEM;
	r->kind = kind;
	if ((code = recipient_text(h, formal, free_form, &r->text)) == CX4_OK)
		h->kept++;
	return code;
}

/* SEQUENCE OF RecipientSpecifier (X.420). */
static int
take_recipients(struct cx4i_heading *h, const struct cx4i_tlv *list,
    const char *kind)
{
	static const uint8_t want[] = { CX4I_CONTEXT_C(0) };
	struct cx4i_slice in = list->body;
	struct cx4i_tlv specifier, who, d[DESCRIPTOR_FIELDS];
	int code, got;

	while ((got = cx4i_tlv_next(&in, &specifier)) == 1) {
		if (specifier.ident != CX4I_SET)
			return CX4_E_CONTENT;
		code = pick(specifier.body, want, COUNT(want), &who);
		if (code != CX4_OK || !is_there(&who))
			return CX4_E_CONTENT;
		if ((code = pick_descriptor(who.body, d)) != CX4_OK)
			return code;
		code = add_recipient(h, &d[FORMAL_NAME], &d[FREE_FORM_NAME],
		    kind);
		if (code != CX4_OK)
			return code;
	}
	return got == 0 ? CX4_OK : CX4_E_CONTENT;
}

/* SEQUENCE OF RecipientsSubField (X.435): the ORName is member [1]. */
static int
take_edi_recipients(struct cx4i_heading *h, const struct cx4i_tlv *list)
{
	static const uint8_t want[] = { CX4I_CONTEXT_C(1) };
	struct cx4i_slice in = list->body;
	struct cx4i_tlv sub, who;
	int code, got;

	while ((got = cx4i_tlv_next(&in, &sub)) == 1) {
		if (sub.ident != CX4I_SEQUENCE)
			return CX4_E_CONTENT;
		code = pick(sub.body, want, COUNT(want), &who);
		if (code != CX4_OK || !is_there(&who))
			return CX4_E_CONTENT;
		code = add_recipient(h, &who, NULL, "primary");
		if (code != CX4_OK)
			return code;
	}
	return got == 0 ? CX4_OK : CX4_E_CONTENT;
}

/*
 * The identifier of a message as RFC 2156 section 4.7.3.2 writes it:
 * local "*" user.
 */
static int
join_id(struct cx4i_heading *h, const struct cx4i_tlv *local,
    const char *user)
{
	struct cx4i_buf raw = { NULL, 0, 0 };
	char *id = NULL;
	size_t n, size;
	int code = CX4_E_NOMEM;

	if (add_string(&raw, local) != 0 ||
	    keep_text(&id, raw.data, raw.len) != CX4_OK)
		goto out;
	n = strlen(id);
	size = n + (user != NULL ? 1 + strlen(user) : 0) + 1;
	if ((h->message_id = malloc(size)) == NULL)
		goto out;
	memcpy(h->message_id, id, n + 1);
	if (user != NULL) {
		h->message_id[n++] = '*';
		memcpy(h->message_id + n, user, size - n);
	}
	code = CX4_OK;
out:
	cx4i_buf_free(&raw);
	free(id);
	return code;
}

/* IPMIdentifier or EDIMIdentifier: a SET of an ORName and a local name. */
static int
take_id(struct cx4i_heading *h, const struct cx4i_tlv *set,
    const uint8_t want[2])
{
	struct cx4i_tlv id[2];
	char *user = NULL;
	int code;

	if (!is_there(set))
		return CX4_E_CONTENT;
	if ((code = pick(set->body, want, 2, id)) != CX4_OK)
		return code;
	if (!is_there(&id[1]))
		return CX4_E_CONTENT;
	if (is_there(&id[0]) && (code = orname_text(h, &id[0],
	    CX4_FORM_MIXER, &user)) != CX4_OK)
		return code;
	code = join_id(h, &id[1], user);
	cx4_free(user);
	return code;
}

static const uint8_t ipm_identifier[2] = {
	CX4I_APPLICATION_C(0), CX4I_PRINTABLE_STRING
};

static const uint8_t edim_identifier[2] = {
	CX4I_CONTEXT_C(0), CX4I_CONTEXT(1)
};

/* [8] EXPLICIT TeletexString, or what senders put in its place. */
static int
take_subject(struct cx4i_heading *h, const struct cx4i_tlv *subject)
{
	static const uint8_t types[] = {
		CX4I_TELETEX_STRING, CX4I_PRINTABLE_STRING, CX4I_IA5_STRING,
		CX4I_UTF8_STRING, CX4I_NUMERIC_STRING, CX4I_BMP_STRING,
		CX4I_UNIVERSAL_STRING, 0x19 /* Graphic */, 0x1a /* Visible */,
		0x1b /* General */
	};
	struct cx4i_slice in = subject->body;
	struct cx4i_tlv text;

	if (!is_there(subject) || cx4i_tlv_next(&in, &text) != 1 ||
	    in.len != 0 || memchr(types, text.ident, sizeof(types)) == NULL)
		return CX4_OK;
	return take_string(&h->subject, &text, text.ident);
}

/* The body of a Heading (X.420). */
static int
read_ipm(struct cx4i_heading *h, struct cx4i_slice members)
{
	static const uint8_t want[] = {
		CX4I_APPLICATION_C(11), CX4I_CONTEXT_C(0), CX4I_CONTEXT_C(2),
		CX4I_CONTEXT_C(3), CX4I_CONTEXT_C(4), CX4I_CONTEXT_C(8)
	};
	static const char *const kinds[] = { "primary", "copy", "blind" };
	struct cx4i_tlv m[COUNT(want)];
	size_t i;
	int code;

	if ((code = pick(members, want, COUNT(want), m)) != CX4_OK ||
	    (code = take_id(h, &m[0], ipm_identifier)) != CX4_OK ||
	    (code = take_originator(h, &m[1])) != CX4_OK ||
	    (code = take_subject(h, &m[5])) != CX4_OK)
		return code;
	for (i = 0; i < COUNT(kinds) && code == CX4_OK; i++)
		if (is_there(&m[2 + i]))
			code = take_recipients(h, &m[2 + i], kinds[i]);
	return code;
}

/* The members of an IPN (X.420) that are held. */
static const uint8_t ipn_members[] = {
	CX4I_APPLICATION_C(11),		/* subject-ipm */
	CX4I_CONTEXT_C(1)		/* ipn-originator */
};

static int
read_ipn(struct cx4i_heading *h, struct cx4i_slice members)
{
	struct cx4i_tlv m[COUNT(ipn_members)];
	int code;

	code = pick(members, ipn_members, COUNT(ipn_members), m);
	if (code != CX4_OK ||
	    (code = take_id(h, &m[0], ipm_identifier)) != CX4_OK)
		return code;
	return take_originator(h, &m[1]);
}

/*
 * The body of a Heading (X.435), or of the CommonFields of an EDIN, where
 * [1] and [2] mean the same and [3] is another recipient.
 */
static int
read_edi(struct cx4i_heading *h, struct cx4i_slice members)
{
	static const uint8_t want[] = {
		CX4I_CONTEXT_C(1), CX4I_CONTEXT_C(2), CX4I_CONTEXT_C(3)
	};
	struct cx4i_tlv m[COUNT(want)];
	int code;

	if ((code = pick(members, want, COUNT(want), m)) != CX4_OK ||
	    (code = take_id(h, &m[0], edim_identifier)) != CX4_OK)
		return code;
	if (is_there(&m[1])) {
		code = take_address(h, &m[1], &h->originator);
		if (code != CX4_OK)
			return code;
	}
	if (!is_there(&m[2]) || cx4i_heading_is_notification(h))
		return CX4_OK;
	return take_edi_recipients(h, &m[2]);
}

static const struct form forms[] = {
	/* IPM ::= [0] SEQUENCE { heading SET, ... } */
	{ IPMS, CX4I_CONTEXT_C(0), 1, CX4I_SET, NULL, 0, read_ipm },
	/* IPN ::= [1] SET { ... } */
	{ IPMS, CX4I_CONTEXT_C(1), 1, 0, ipn_members, COUNT(ipn_members),
	    read_ipn },
	/* EDIM ::= [0] SEQUENCE { heading SEQUENCE, ... } */
	{ EDIMS, CX4I_CONTEXT_C(0), 1, CX4I_SEQUENCE, NULL, 0, read_edi },
	/* EDIN ::= [1] CHOICE { [0..2] SEQUENCE { common [0], ... } } */
	{ EDIMS, CX4I_CONTEXT_C(1), 2, CX4I_CONTEXT_C(0), NULL, 0, read_edi }
};

static void
forget(struct cx4i_heading *h)
{
	size_t i;

	for (i = 0; i < h->kept; i++)
		free(h->recipients[i].text);
	free(h->recipients);
	free(h->originator_name);
	free(h->subject);
	free(h->message_id);
	h->recipients = NULL;
	h->originator_name = h->subject = h->message_id = NULL;
	h->kept = h->room = h->count = 0;
	cx4_address_free(&h->originator);
}

/*
 * The end of looking, for better or worse. Lack of memory says nothing of
 * the content: then there is no state but the code.
 */
static int
settle(struct cx4i_heading *h, int code)
{
	if (code == CX4_E_NOMEM)
		h->code = code;
	else
		h->state = code == CX4_OK ? CX4I_HEADING_READ :
		    CX4I_HEADING_NOT_UNDERSTOOD;
	if (code != CX4_OK)
		forget(h);
	cx4i_buf_free(&h->held);
	return h->code;
}

/* Everything that matters is held: read it. */
static int
read_held(struct cx4i_heading *h)
{
	struct cx4i_slice in = cx4i_buf_slice(&h->held), members;
	struct cx4i_buf plain = { NULL, 0, 0 };
	struct cx4i_tlv e;
	size_t used;
	int code;

	while (in.len > 0) {
		code = cx4i_tlv_definite(in, &plain, &used);
		if (code != CX4_OK)
			goto out;
		in.data += used;
		in.len -= used;
	}
	members = cx4i_buf_slice(&plain);
	if (h->form->ident != 0) {
		if (cx4i_tlv_next(&members, &e) != 1) {
			code = CX4_E_CONTENT;
			goto out;
		}
		members = e.body;
	}
	code = h->form->read(h, members);
out:
	cx4i_buf_free(&plain);
	return settle(h, code);
}

static const struct form *
find_form(enum family family, uint8_t outer)
{
	size_t i;

	for (i = 0; i < COUNT(forms); i++)
		if (forms[i].family == family && forms[i].outer == outer)
			return &forms[i];
	return NULL;
}

/* 1 if the element that begins is to be held, 0 if not, -1 if it is wrong. */
static int
is_wanted(const struct form *f, const struct cx4i_ber_event *ev)
{
	size_t i;

	if (ev->depth > f->level)
		return 0;
	/* The alternatives of an EDIN. */
	if (ev->depth < f->level)
		return ev->ident >= CX4I_CONTEXT_C(0) &&
		    ev->ident <= CX4I_CONTEXT_C(2) ? 0 : -1;
	if (f->ident != 0)
		return ev->ident == f->ident ? 1 : -1;
	for (i = 0; i < f->count; i++)
		if (same_tag(f->members[i], ev->ident, ev->number))
			return 1;
	return 0;
}

static int
begin(struct cx4i_heading *h, const struct cx4i_ber_event *ev)
{
	int wanted, code;

	if (ev->depth == 0) {
		h->form = find_form(h->family, ev->ident);
		return h->form != NULL ? CX4_OK : settle(h, CX4_E_CONTENT);
	}
	wanted = is_wanted(h->form, ev);
	if (wanted == 0)
		return CX4_OK;
	code = CX4_E_CONTENT;
	if (wanted > 0)
		code = cx4i_ber_capture(&h->ber, ev, &h->held,
		    CX4I_HEADING_LIMIT, NULL);
	return code == CX4_OK ? CX4_OK : settle(h, code);
}

static int
end(struct cx4i_heading *h, const struct cx4i_ber_event *ev)
{
	unsigned int last = h->form->ident != 0 ? h->form->level : 0;

	if (ev->depth > last)
		return CX4_OK;
	/* An EDIN whose alternative is empty, a message without heading. */
	if (ev->depth < last)
		return settle(h, CX4_E_CONTENT);
	return read_held(h);
}

struct cx4i_heading *
cx4i_heading_new(cx4_ctx *ctx, const char *content_type)
{
	struct cx4i_heading *h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return NULL;
	h->ctx = cx4i_ctx_ref(ctx);
	cx4i_ber_init(&h->ber);
	switch (cx4i_oid_find_text(content_type)) {
	case CX4I_OID_P2:
	case CX4I_OID_P22:
	case CX4I_OID_P772:
		h->family = IPMS;
		break;
	case CX4I_OID_P35:
		h->family = EDIMS;
		break;
	default:
		h->state = CX4I_HEADING_OTHER_TYPE;
		break;
	}
	return h;
}

void
cx4i_heading_free(struct cx4i_heading **hp)
{
	struct cx4i_heading *h;

	if (hp == NULL || (h = *hp) == NULL)
		return;
	forget(h);
	cx4i_buf_free(&h->held);
	cx4_ctx_free(&h->ctx);
	free(h);
	*hp = NULL;
}

int
cx4i_heading_push(struct cx4i_heading *h, const uint8_t *p, size_t n)
{
	struct cx4i_ber_event ev;
	int code = h->code;

	while (code == CX4_OK && h->state == CX4I_HEADING_READING) {
		code = cx4i_ber_next(&h->ber, &p, &n, &ev, NULL);
		if (code != CX4_OK)
			code = settle(h, code);
		else if (ev.kind == CX4I_BER_BEGIN)
			code = begin(h, &ev);
		else if (ev.kind == CX4I_BER_END)
			code = end(h, &ev);
		else if (ev.kind == CX4I_BER_MORE)
			break;
	}
	return code;
}

int
cx4i_heading_finish(struct cx4i_heading *h)
{
	if (h->code == CX4_OK && h->state == CX4I_HEADING_READING)
		return settle(h, CX4_E_TRUNCATED);
	return h->code;
}

enum cx4i_heading_state
cx4i_heading_state(const struct cx4i_heading *h)
{
	return h->state;
}

int
cx4i_heading_is_notification(const struct cx4i_heading *h)
{
	return h->form != NULL && h->form->outer == CX4I_CONTEXT_C(1);
}

const cx4_address *
cx4i_heading_originator(const struct cx4i_heading *h)
{
	return h->originator;
}

const char *
cx4i_heading_originator_name(const struct cx4i_heading *h)
{
	return h->originator_name;
}

const char *
cx4i_heading_subject(const struct cx4i_heading *h)
{
	return h->subject;
}

const char *
cx4i_heading_message_id(const struct cx4i_heading *h)
{
	return h->message_id;
}

size_t
cx4i_heading_recipients(const struct cx4i_heading *h)
{
	return h->count;
}

const char *
cx4i_heading_recipient(const struct cx4i_heading *h, size_t n,
    const char **kind)
{
	if (n >= h->kept)
		return NULL;
	if (kind != NULL)
		*kind = h->recipients[n].kind;
	return h->recipients[n].text;
}
