/*
 * report.h - the report: what was found, in one object.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_REPORT_H
#define CX4I_REPORT_H

#include "../cms/info.h"
#include "../encoding/mime.h"
#include "../x400/heading.h"

#define CX4I_MAX_LAYERS 65	/* the deepest nesting a policy may allow */

struct cx4_report {
	int code;
	const cx4_error *err;		/* the one that decided; or NULL */
	/* Input */
	uint64_t octets;
	const char *encoding;		/* "der", "ber", "pem", "mime", NULL */
	const struct cx4i_mime_info *mime;	/* NULL: no wrapper */
	int wrapped;			/* a wrapper was written */
	/* Layers from the outside in */
	struct cx4i_layer_info *layers[CX4I_MAX_LAYERS];
	size_t layer_count;
	/* Content */
	int has_content;
	char content_type[CX4I_OID_TEXT];
	uint64_t content_octets;
	struct cx4i_heading *heading;	/* NULL: not looked at */
	char *originator;		/* F.401 text */
	enum cx4_originator originator_check;
	const char *smime_type;		/* of the innermost protection */
	struct cx4i_warnings warnings;
};

void cx4i_report_init(struct cx4_report *);
void cx4i_report_clear(struct cx4_report *);

/* A new layer at the inner end; NULL: no memory, or too many. */
struct cx4i_layer_info *cx4i_report_add_layer(struct cx4_report *);
/* Forget the layers from `depth` on, their warnings and the content. */
void cx4i_report_cut(struct cx4_report *, size_t depth);

/*
 * Work out the smime-type of the innermost protection (RFC 3854 section
 * 3.4.1), as far as layers and contentHints tell.
 */
void cx4i_report_find_smime_type(struct cx4_report *);
/* 1 if every layer is visible, so that smime_type is certain. */
int cx4i_report_is_open(const struct cx4_report *);
/* The innermost signed layer, or NULL. */
struct cx4i_layer_info *cx4i_report_innermost_signed(
    const struct cx4_report *);

/*
 * Compare the content's originator with the addresses of these
 * certificates (RFC 3854 section 4.3); one that matches is enough. CX4_OK
 * or CX4_E_NOMEM.
 */
int cx4i_report_check_originator(cx4_ctx *, struct cx4_report *,
    X509 *const *certs, size_t count);
/* The heading is complete: keep the originator's text. */
int cx4i_report_take_originator(struct cx4_report *);

#endif
