/*
 * mime.h - one MIME entity: the S/MIME wrapper around a CMS object or
 * around plain X.400 content (RFC 3854 section 3.5), read and written as a
 * stream.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_MIME_H
#define CX4I_MIME_H

#include "b64.h"

enum cx4i_mime_kind {
	CX4I_MIME_UNKNOWN = 0,
	CX4I_MIME_PKCS7,	/* application/pkcs7-mime, x-pkcs7-mime, or
				 * octet-stream with a name ending in .p7m,
				 * .p7c, .p7z or .p7s (RFC 3851 section 3.9) */
	CX4I_MIME_X400		/* application/x400-content */
};

struct cx4i_mime_info {
	enum cx4i_mime_kind kind;
	int complete;			/* the header has been read */
	char media_type[80];		/* lower case, escaped */
	char smime_type[40];		/* lower case, escaped; "" if absent */
	char content_type[128];		/* parameter of x400-content: digits
					 * and dots, else the entity is
					 * refused */
	char transfer_encoding[24];	/* lower case; "7bit" if absent */
};

/*
 * Reading: a whole RFC 5322 message or a bare entity, CR LF or LF, header
 * fields folded and commented, base64, quoted-printable, 7bit, 8bit or
 * binary. The header is limited to 64 KiB and 1000 lines. An entity of
 * another type is refused when its header ends; the information is then
 * complete and names the type.
 */
struct cx4i_mime_in;

struct cx4i_mime_in *cx4i_mime_in_new(cx4i_push_fn *, void *arg);
void cx4i_mime_in_free(struct cx4i_mime_in **);
/*
 * CX4_E_MIME, CX4_E_BASE64, CX4_E_NOMEM, or what the push function said; the
 * first of them is kept. Offsets count from the first octet of the input.
 */
int cx4i_mime_in_push(struct cx4i_mime_in *, const uint8_t *, size_t,
    cx4_error *);
int cx4i_mime_in_finish(struct cx4i_mime_in *, cx4_error *);
const struct cx4i_mime_info *cx4i_mime_in_info(const struct cx4i_mime_in *);

/*
 * Writing: header with MIME-Version, then base64 lines of 76 characters.
 * `eol` is "\r\n" or "\n". Text that may not stand in the header (other
 * than token characters, or too long) makes push and finish return
 * CX4_E_USAGE; the constructors return NULL for lack of memory alone.
 */
struct cx4i_mime_out;

/*
 * application/pkcs7-mime; smime-type=...; name=smime.p7m, or .p7c for
 * certs-only, .p7z for compressed-data (RFC 3851 section 3.2.1).
 */
struct cx4i_mime_out *cx4i_mime_out_new(const char *smime_type,
    const char *eol, cx4i_push_fn *, void *arg);
/* application/x400-content; content-type=... (integer or dotted OID) */
struct cx4i_mime_out *cx4i_mime_out_new_content(const char *content_type,
    const char *eol, cx4i_push_fn *, void *arg);
void cx4i_mime_out_free(struct cx4i_mime_out **);
/* CX4_E_USAGE, CX4_E_STATE after finish, or what the push function said. */
int cx4i_mime_out_push(struct cx4i_mime_out *, const uint8_t *, size_t);
int cx4i_mime_out_finish(struct cx4i_mime_out *);

#endif
