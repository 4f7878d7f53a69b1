/*
 * ipm.c - a simple interpersonal or military message: one heading, one text.
 *
 * Writes the InformationObject of X.420 (P22; P2 is its form of 1984) and of
 * STANAG 4406 (P772) as DER: this-IPM, originator, primary-recipients,
 * subject and an ia5-text body part. In P772 the extension primary-precedence
 * says "routine".
 *
 * Does NOT write other heading fields or body parts, ask for notifications,
 * or check that an address names a user.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "../base/ctx.h"
#include "../base/err.h"
#include "../encoding/der.h"
#include "../encoding/oid.h"
#include "chars.h"

#define UB_SUBJECT 128		/* X.420: ub-subject-field */
#define RANDOM_OCTETS 8
#define ID_SIZE 48		/* ub-local-ipm-identifier is 64 */

#define PRIMARY_PRECEDENCE "1.3.26.0.4406.0.2.0"
#define ROUTINE 1

/* What is written, and what can go wrong but for memory. */
struct job {
	cx4_ctx *ctx;
	enum cx4i_oid type;
	struct cx4i_der der;
	int code;
};

static int
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text > 0x7e)
			return 0;
	return 1;
}

/*
 * ORName: the parts of the ORAddress under [APPLICATION 0]. The addresses
 * of 1984 had no extension attributes (the SET at the end).
 */
static void
put_orname(struct job *j, const cx4_address *a)
{
	struct cx4i_slice in, body;
	unsigned char *der = NULL;
	struct cx4i_tlv e;
	size_t len;

	if (j->code != CX4_OK)
		return;
	if ((j->code = cx4_address_to_der(j->ctx, a, &der, &len)) != CX4_OK)
		return;
	in.data = der;
	in.len = len;
	if (cx4i_tlv_expect(&in, CX4I_SEQUENCE, &e) != 0) {
		j->code = CX4_E_ADDRESS;
		goto out;
	}
	body = e.body;
	cx4i_der_value(&j->der, CX4I_APPLICATION_C(0), body.data, body.len);
	while (j->type == CX4I_OID_P2 && cx4i_tlv_next(&body, &e) == 1)
		if (e.ident == CX4I_SET)
			j->code = CX4_E_CONTENT;
out:
	cx4_free(der);
}

/* A name that no other message of this user has: time and chance. */
static void
put_this_ipm(struct job *j, const cx4_address *user)
{
	unsigned char chance[RANDOM_OCTETS];
	char id[ID_SIZE];
	size_t i, n;

	if (RAND_bytes_ex(j->ctx->libctx, chance, sizeof(chance), 0) != 1) {
		j->code = CX4_E_CRYPTO;
		return;
	}
	n = (size_t)snprintf(id, sizeof(id), "%" PRId64 "-",
	    cx4i_ctx_now(j->ctx));
	for (i = 0; i < sizeof(chance); i++)
		n += (size_t)snprintf(id + n, sizeof(id) - n, "%02X",
		    chance[i]);
	cx4i_der_open(&j->der, CX4I_APPLICATION_C(11));
	if (user != NULL)
		put_orname(j, user);
	cx4i_der_value(&j->der, CX4I_PRINTABLE_STRING, id, n);
	cx4i_der_close_set(&j->der);
}

/* ORDescriptor under [0], as originator and as recipient. */
static void
put_descriptor(struct job *j, const cx4_address *a)
{
	cx4i_der_open(&j->der, CX4I_CONTEXT_C(0));
	put_orname(j, a);
	cx4i_der_close_set(&j->der);
}

static void
put_recipients(struct job *j, const cx4_address *const *recipients,
    size_t count)
{
	size_t i;

	if (count == 0)		/* DEFAULT {} */
		return;
	cx4i_der_open(&j->der, CX4I_CONTEXT_C(2));
	for (i = 0; i < count; i++) {
		cx4i_der_open(&j->der, CX4I_SET);
		put_descriptor(j, recipients[i]);
		cx4i_der_close_set(&j->der);
	}
	cx4i_der_close(&j->der);
}

/* UTF-8 to T.61: 0, or -1 if it is no UTF-8 or T.61 lacks a character. */
static int
to_t61(struct job *j, const char *text, struct cx4i_buf *out)
{
	size_t i, n, count = 0, len = strlen(text);
	const uint8_t *p = (const uint8_t *)text;
	uint8_t t61[2];
	uint32_t c;

	for (i = 0; i < len; i += n) {
		n = cx4i_utf8_next(p + i, len - i, &c);
		if (c < 0x20 || c == 0x7f || ++count > UB_SUBJECT)
			return -1;
		if ((c & CX4I_NO_CHAR) || cx4i_t61_put(t61, c) == 0)
			return -1;
		if (cx4i_buf_add(out, t61, cx4i_t61_put(t61, c)) != 0)
			j->code = CX4_E_NOMEM;
	}
	return 0;
}

static void
put_subject(struct job *j, const char *subject)
{
	struct cx4i_buf t61 = { NULL, 0, 0 };

	if (subject == NULL)
		return;
	if (to_t61(j, subject, &t61) != 0)
		j->code = CX4_E_CONTENT;
	cx4i_der_open(&j->der, CX4I_CONTEXT_C(8));
	cx4i_der_value(&j->der, CX4I_TELETEX_STRING, t61.data, t61.len);
	cx4i_der_close(&j->der);
	cx4i_buf_free(&t61);
}

/*
 * extensions [15] SET OF SEQUENCE { type OBJECT IDENTIFIER, value }: the
 * precedence is an INTEGER.
 */
static void
put_precedence(struct job *j)
{
	if (j->type != CX4I_OID_P772)
		return;
	cx4i_der_open(&j->der, CX4I_CONTEXT_C(15));
	cx4i_der_open(&j->der, CX4I_SEQUENCE);
	cx4i_der_oid_text(&j->der, PRIMARY_PRECEDENCE);
	cx4i_der_uint(&j->der, ROUTINE);
	cx4i_der_close(&j->der);
	cx4i_der_close_set_of(&j->der);
}

/* Lines of a text end in CR LF, whatever they ended in. */
static int
add_lines(struct cx4i_buf *out, const char *text)
{
	const char *p;

	for (p = text; *p != '\0'; p++) {
		if (*p == '\n' && (p == text || p[-1] != '\r') &&
		    cx4i_buf_add_byte(out, '\r') != 0)
			return -1;
		if (cx4i_buf_add_byte(out, (uint8_t)*p) != 0)
			return -1;
	}
	return 0;
}

/* ia5-text [0] SEQUENCE { parameters SET {}, data IA5String } */
static void
put_body(struct job *j, const char *text)
{
	struct cx4i_buf lines = { NULL, 0, 0 };

	cx4i_der_open(&j->der, CX4I_SEQUENCE);
	if (text == NULL)
		goto out;
	if (!is_ascii(text))
		j->code = CX4_E_CONTENT;
	else if (add_lines(&lines, text) != 0)
		j->code = CX4_E_NOMEM;
	cx4i_der_open(&j->der, CX4I_CONTEXT_C(0));
	cx4i_der_value(&j->der, CX4I_SET, "", 0);
	cx4i_der_value(&j->der, CX4I_IA5_STRING, lines.data, lines.len);
	cx4i_der_close(&j->der);
out:
	cx4i_der_close(&j->der);
	cx4i_buf_free(&lines);
}

static int
find_type(const char *text, enum cx4i_oid *type)
{
	char oid[CX4I_OID_TEXT];
	int code;

	if ((code = cx4_content_type_oid(text, oid, sizeof(oid))) != CX4_OK)
		return code;
	*type = cx4i_oid_find_text(oid);
	switch (*type) {
	case CX4I_OID_P2:
	case CX4I_OID_P22:
	case CX4I_OID_P772:
		return CX4_OK;
	default:
		return CX4_E_CONTENT_TYPE;
	}
}

/* STANAG 4406: in a military message this-IPM names the user. */
static int
is_usable(enum cx4i_oid type, const cx4_address *originator,
    const cx4_address *const *recipients, size_t count)
{
	size_t i;

	if (type == CX4I_OID_P772 && originator == NULL)
		return 0;
	if (count > 0 && recipients == NULL)
		return 0;
	for (i = 0; i < count; i++)
		if (recipients[i] == NULL)
			return 0;
	return 1;
}

int
cx4_content_new(cx4_ctx *ctx, const char *content_type,
    const cx4_address *originator, const cx4_address *const *recipients,
    size_t count, const char *subject, const char *text, unsigned char **der,
    size_t *len)
{
	struct job j;

	*der = NULL;
	*len = 0;
	memset(&j, 0, sizeof(j));
	j.ctx = ctx;
	if ((j.code = find_type(content_type, &j.type)) != CX4_OK)
		return j.code;
	if (!is_usable(j.type, originator, recipients, count))
		return CX4_E_USAGE;
	cx4i_queue_enter();
	cx4i_der_init(&j.der);
	cx4i_der_open(&j.der, CX4I_CONTEXT_C(0));
	cx4i_der_open(&j.der, CX4I_SET);
	put_this_ipm(&j, originator);
	if (originator != NULL)
		put_descriptor(&j, originator);
	put_recipients(&j, recipients, count);
	put_subject(&j, subject);
	put_precedence(&j);
	cx4i_der_close_set(&j.der);
	put_body(&j, text);
	cx4i_der_close(&j.der);
	if (j.code == CX4_OK && !cx4i_der_ok(&j.der))
		j.code = CX4_E_NOMEM;
	if (j.code == CX4_OK) {
		*der = j.der.buf.data;
		*len = j.der.buf.len;
		memset(&j.der.buf, 0, sizeof(j.der.buf));
	}
	cx4i_der_free(&j.der);
	cx4i_queue_leave();
	return j.code;
}
