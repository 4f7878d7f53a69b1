/*
 * mime.c - one MIME entity, read and written as a stream.
 *
 * RFC 3851 section 3.2 (application/pkcs7-mime) and section 3.9 (which
 * messages are S/MIME), RFC 3854 section 3.2.1, 3.3.1 and 3.5, RFC 2045
 * section 6 (transfer encodings).
 *
 * It does not check that smime-type fits what is inside, does not look into
 * multipart entities, and does not need MIME-Version, which a bare entity
 * does not have.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "mime.h"
#include "mimehdr.h"
#include "qp.h"

#define HEADER_LIMIT ((size_t)64 * 1024)
#define HEADER_LINES 1000

enum encoding {
	AS_IS = 0,
	BASE64,
	QUOTED_PRINTABLE
};

enum line {
	LINE_EMPTY = 0,
	LINE_CR,			/* CR and nothing before it */
	LINE_TEXT
};

struct cx4i_mime_in {
	struct cx4i_mime_info info;
	int code;			/* the first error */
	int in_body;
	int finished;
	enum line line;
	unsigned int lines;
	struct cx4i_buf header;
	enum encoding encoding;
	union {
		struct cx4i_b64_in b64;
		struct cx4i_qp_in qp;
	} in;
	struct cx4i_block block;
};

struct cx4i_mime_out {
	int code;
	int begun;
	int finished;
	int is_content;
	const char *eol;
	char parameter[128];
	struct cx4i_b64_out b64;
	struct cx4i_block block;
};

static const struct {
	const char *name;
	enum cx4i_mime_kind kind;
} types[] = {
	{ "application/pkcs7-mime", CX4I_MIME_PKCS7 },
	{ "application/x-pkcs7-mime", CX4I_MIME_PKCS7 },
	{ "application/x400-content", CX4I_MIME_X400 }
};

static const struct {
	const char *name;
	enum encoding encoding;
} encodings[] = {
	{ "base64", BASE64 },
	{ "quoted-printable", QUOTED_PRINTABLE },
	{ "7bit", AS_IS },
	{ "8bit", AS_IS },
	{ "binary", AS_IS }
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
to_lower(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + ('a' - 'A'));
}

/* 1*DIGIT *("." 1*DIGIT), RFC 3854 section 3.5. */
static int
is_content_type(const char *s)
{
	for (;;) {
		if (*s < '0' || *s > '9')
			return 0;
		while (*s >= '0' && *s <= '9')
			s++;
		if (*s == '\0')
			return 1;
		if (*s++ != '.')
			return 0;
	}
}

struct cx4i_mime_in *
cx4i_mime_in_new(cx4i_push_fn *push, void *arg)
{
	struct cx4i_mime_in *m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	cx4i_block_init(&m->block, push, arg);
	return m;
}

void
cx4i_mime_in_free(struct cx4i_mime_in **mp)
{
	if (mp == NULL || *mp == NULL)
		return;
	cx4i_buf_free(&(*mp)->header);
	OPENSSL_cleanse(*mp, sizeof(**mp));
	free(*mp);
	*mp = NULL;
}

const struct cx4i_mime_info *
cx4i_mime_in_info(const struct cx4i_mime_in *m)
{
	return &m->info;
}

/* RFC 3851 section 3.9: a name that ends in .p7m, .p7c, .p7z or .p7s. */
static int
has_suffix(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && memcmp(name + len - 4, ".p7", 3) == 0 &&
	    strchr("mczs", name[len - 1]) != NULL;
}

/* The name is in Content-Type, or in Content-Disposition. */
static int
is_named_pkcs7(const struct cx4i_value *type, const struct cx4i_field *field)
{
	struct cx4i_value disposition;
	char name[512];

	if (cx4i_value_param(type, "name", name, sizeof(name)) == 1) {
		to_lower(name);
		if (has_suffix(name))
			return 1;
	}
	if (field->data == NULL || cx4i_value_read(field, 0, &disposition) != 0)
		return 0;
	if (cx4i_value_param(&disposition, "filename", name,
	    sizeof(name)) != 1)
		return 0;
	to_lower(name);
	return has_suffix(name);
}

static enum cx4i_mime_kind
find_kind(const struct cx4i_value *type, const struct cx4i_header *h)
{
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (strcmp(type->text, types[i].name) == 0)
			return types[i].kind;
	if (strcmp(type->text, "application/octet-stream") == 0 &&
	    is_named_pkcs7(type, &h->disposition))
		return CX4I_MIME_PKCS7;
	return CX4I_MIME_UNKNOWN;
}

static int
read_parameters(struct cx4i_mime_in *m, const struct cx4i_value *type,
    uint64_t offset, cx4_error *e)
{
	struct cx4i_mime_info *info = &m->info;
	char text[256];
	int found;

	if (cx4i_value_param(type, "smime-type", text, sizeof(text)) < 0)
		return cx4i_fail_at(e, CX4_E_MIME, offset,
		    "the parameter smime-type is malformed");
	to_lower(text);
	cx4i_escape(info->smime_type, sizeof(info->smime_type), text,
	    strlen(text));
	if (info->kind != CX4I_MIME_X400)
		return CX4_OK;
	found = cx4i_value_param(type, "content-type", info->content_type,
	    sizeof(info->content_type));
	if (found == 1 && is_content_type(info->content_type))
		return CX4_OK;
	info->content_type[0] = '\0';
	return cx4i_fail_at(e, CX4_E_MIME, offset, "the parameter "
	    "content-type is %s (RFC 3854 section 3.5)",
	    found == 0 ? "missing" : "malformed");
}

static int
read_encoding(struct cx4i_mime_in *m, const struct cx4i_field *f,
    cx4_error *e)
{
	struct cx4i_value v;
	size_t i;

	/* RFC 2045 section 6.1: what an absent field stands for. */
	v.n_params = 0;
	memcpy(v.text, "7bit", sizeof("7bit"));
	if (f->data != NULL &&
	    (cx4i_value_read(f, 0, &v) != 0 || v.n_params != 0))
		return cx4i_fail_at(e, CX4_E_MIME, f->offset,
		    "Content-Transfer-Encoding is malformed");
	cx4i_escape(m->info.transfer_encoding,
	    sizeof(m->info.transfer_encoding), v.text, strlen(v.text));
	for (i = 0; i < COUNT(encodings); i++)
		if (strcmp(v.text, encodings[i].name) == 0) {
			m->encoding = encodings[i].encoding;
			return CX4_OK;
		}
	return cx4i_fail_at(e, CX4_E_MIME, f->offset,
	    "Content-Transfer-Encoding %s is not known",
	    m->info.transfer_encoding);
}

/* Why an entity of this type is not opened, where more can be said. */
static const char *
refusal(const char *type)
{
	if (strcmp(type, "multipart/signed") == 0)
		return ", which is not used for X.400 content "
		    "(RFC 3854 section 3)";
	return "";
}

static int
read_header(struct cx4i_mime_in *m, cx4_error *e)
{
	struct cx4i_mime_info *info = &m->info;
	struct cx4i_header h;
	struct cx4i_value type;
	int rc;

	rc = cx4i_header_split(m->header.data, m->header.len, &h, e);
	if (rc != CX4_OK)
		return rc;
	if (h.type.data == NULL)
		return cx4i_fail(e, CX4_E_MIME, "there is no Content-Type");
	if (cx4i_value_read(&h.type, 1, &type) != 0)
		return cx4i_fail_at(e, CX4_E_MIME, h.type.offset,
		    "Content-Type is malformed");
	cx4i_escape(info->media_type, sizeof(info->media_type), type.text,
	    strlen(type.text));
	info->kind = find_kind(&type, &h);
	if (info->kind == CX4I_MIME_UNKNOWN) {
		info->complete = 1;
		return cx4i_fail_at(e, CX4_E_MIME, h.type.offset,
		    "its type is %s%s", info->media_type,
		    refusal(info->media_type));
	}
	if ((rc = read_parameters(m, &type, h.type.offset, e)) != CX4_OK ||
	    (rc = read_encoding(m, &h.encoding, e)) != CX4_OK)
		return rc;
	info->complete = 1;
	return CX4_OK;
}

static int
begin_body(struct cx4i_mime_in *m, cx4_error *e)
{
	uint64_t offset = m->header.len;
	int rc;

	if ((rc = read_header(m, e)) != CX4_OK)
		return rc;
	if (m->encoding == BASE64)
		cx4i_b64_in_init(&m->in.b64, offset);
	else if (m->encoding == QUOTED_PRINTABLE)
		cx4i_qp_in_init(&m->in.qp, offset);
	cx4i_buf_free(&m->header);
	m->in_body = 1;
	return CX4_OK;
}

/*
 * Look for the empty line in at most the octets that the limit leaves.
 * Returns how many octets belong to the header; *ends tells if it ends.
 */
static int
scan_header(struct cx4i_mime_in *m, const uint8_t *p, size_t *len, int *ends,
    cx4_error *e)
{
	size_t i;

	*ends = 0;
	for (i = 0; i < *len && !*ends; i++) {
		if (m->header.len + i == HEADER_LIMIT ||
		    m->lines == HEADER_LINES)
			return cx4i_fail_at(e, CX4_E_MIME, m->header.len + i,
			    "the header is longer than %d octets or %d lines",
			    (int)HEADER_LIMIT, HEADER_LINES);
		if (p[i] == '\0')
			return cx4i_fail_at(e, CX4_E_MIME, m->header.len + i,
			    "NUL in the header");
		if (p[i] == '\n') {
			*ends = m->line != LINE_TEXT;
			m->line = LINE_EMPTY;
			m->lines++;
		} else if (p[i] == '\r' && m->line == LINE_EMPTY)
			m->line = LINE_CR;
		else
			m->line = LINE_TEXT;
	}
	*len = i;
	return CX4_OK;
}

static int
push_header(struct cx4i_mime_in *m, const uint8_t *p, size_t *len,
    cx4_error *e)
{
	int rc, ends;

	if ((rc = scan_header(m, p, len, &ends, e)) != CX4_OK)
		return rc;
	if (cx4i_buf_add(&m->header, p, *len) != 0)
		return cx4i_fail(e, CX4_E_NOMEM, "MIME header");
	return ends ? begin_body(m, e) : CX4_OK;
}

static int
push_body(struct cx4i_mime_in *m, const uint8_t *p, size_t len, cx4_error *e)
{
	if (len == 0)
		return CX4_OK;
	switch (m->encoding) {
	case BASE64:
		return cx4i_b64_in_push(&m->in.b64, p, len, &m->block, e);
	case QUOTED_PRINTABLE:
		return cx4i_qp_in_push(&m->in.qp, p, len, &m->block, e);
	default:
		return m->block.push(m->block.arg, p, len);
	}
}

int
cx4i_mime_in_push(struct cx4i_mime_in *m, const uint8_t *p, size_t len,
    cx4_error *e)
{
	size_t n = 0;

	if (m->code != CX4_OK)
		return m->code;
	if (m->finished)
		return cx4i_fail(e, CX4_E_STATE, "push after finish");
	if (!m->in_body) {
		n = len;
		m->code = push_header(m, p, &n, e);
	}
	if (m->code == CX4_OK && m->in_body)
		m->code = push_body(m, p + n, len - n, e);
	return m->code;
}

int
cx4i_mime_in_finish(struct cx4i_mime_in *m, cx4_error *e)
{
	if (m->code != CX4_OK || m->finished)
		return m->code;
	m->finished = 1;
	if (!m->in_body)
		m->code = cx4i_fail_at(e, CX4_E_MIME, m->header.len,
		    "the header does not end");
	else if (m->encoding == BASE64)
		m->code = cx4i_b64_in_finish(&m->in.b64, e);
	else if (m->encoding == QUOTED_PRINTABLE)
		m->code = cx4i_qp_in_finish(&m->in.qp, e);
	return m->code;
}

/* Only what cannot end a parameter, a field or the header. */
static int
is_token_text(const char *s)
{
	if (*s == '\0')
		return 0;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s >= 0x7f ||
		    strchr("()<>@,;:\\\"/[]?=", *s) != NULL)
			return 0;
	return 1;
}

static struct cx4i_mime_out *
new_out(const char *parameter, const char *eol, int is_content,
    cx4i_push_fn *push, void *arg)
{
	struct cx4i_mime_out *m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	cx4i_block_init(&m->block, push, arg);
	m->is_content = is_content;
	m->eol = eol != NULL && *eol == '\r' ? "\r\n" : "\n";
	if (parameter == NULL || eol == NULL || strcmp(eol, m->eol) != 0 ||
	    strlen(parameter) >= sizeof(m->parameter) ||
	    !(is_content ? is_content_type : is_token_text)(parameter)) {
		m->code = CX4_E_USAGE;
		return m;
	}
	memcpy(m->parameter, parameter, strlen(parameter) + 1);
	cx4i_b64_out_init(&m->b64, CX4I_B64_WIDTH, m->eol);
	return m;
}

struct cx4i_mime_out *
cx4i_mime_out_new(const char *smime_type, const char *eol,
    cx4i_push_fn *push, void *arg)
{
	return new_out(smime_type, eol, 0, push, arg);
}

struct cx4i_mime_out *
cx4i_mime_out_new_content(const char *content_type, const char *eol,
    cx4i_push_fn *push, void *arg)
{
	return new_out(content_type, eol, 1, push, arg);
}

void
cx4i_mime_out_free(struct cx4i_mime_out **mp)
{
	if (mp == NULL || *mp == NULL)
		return;
	OPENSSL_cleanse(*mp, sizeof(**mp));
	free(*mp);
	*mp = NULL;
}

/* RFC 3851 section 3.2.1. */
static const char *
file_name(const char *smime_type)
{
	char type[sizeof(((struct cx4i_mime_out *)NULL)->parameter)];

	memcpy(type, smime_type, sizeof(type));
	to_lower(type);
	if (strcmp(type, "certs-only") == 0)
		return "smime.p7c";
	if (strcmp(type, "compressed-data") == 0)
		return "smime.p7z";
	return "smime.p7m";
}

/* Pieces of the header, NULL at the end; "\n" alone stands for a line end. */
static int
put_pieces(struct cx4i_mime_out *m, const char *const *pieces)
{
	const char *s;
	int rc;

	for (; *pieces != NULL; pieces++) {
		s = strcmp(*pieces, "\n") == 0 ? m->eol : *pieces;
		rc = cx4i_block_add(&m->block, s, strlen(s));
		if (rc != CX4_OK)
			return rc;
	}
	return CX4_OK;
}

static int
put_header(struct cx4i_mime_out *m)
{
	const char *name = file_name(m->parameter);
	const char *const pkcs7[] = {
		"MIME-Version: 1.0", "\n",
		"Content-Type: application/pkcs7-mime; smime-type=",
		m->parameter, ";", "\n", " name=", name, "\n",
		"Content-Transfer-Encoding: base64", "\n",
		"Content-Disposition: attachment; filename=", name, "\n",
		"\n", NULL
	};
	const char *const content[] = {
		"MIME-Version: 1.0", "\n",
		"Content-Type: application/x400-content; content-type=",
		m->parameter, "\n",
		"Content-Transfer-Encoding: base64", "\n",
		"\n", NULL
	};

	m->begun = 1;
	return put_pieces(m, m->is_content ? content : pkcs7);
}

int
cx4i_mime_out_push(struct cx4i_mime_out *m, const uint8_t *p, size_t len)
{
	if (m->code != CX4_OK)
		return m->code;
	if (m->finished)
		return CX4_E_STATE;
	if (!m->begun)
		m->code = put_header(m);
	if (m->code == CX4_OK)
		m->code = cx4i_b64_out_push(&m->b64, p, len, &m->block);
	return m->code;
}

int
cx4i_mime_out_finish(struct cx4i_mime_out *m)
{
	if (m->code != CX4_OK || m->finished)
		return m->code;
	if (!m->begun)
		m->code = put_header(m);
	m->finished = 1;
	if (m->code == CX4_OK)
		m->code = cx4i_b64_out_finish(&m->b64, &m->block);
	if (m->code == CX4_OK)
		m->code = cx4i_block_flush(&m->block);
	return m->code;
}
