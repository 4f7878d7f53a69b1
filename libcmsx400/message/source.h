/*
 * source.h - the input of a reader: DER, PEM or MIME, detected by its first
 * octets.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_SOURCE_H
#define CX4I_SOURCE_H

#include "../encoding/mime.h"
#include "../encoding/pem.h"

enum cx4i_form {
	CX4I_FORM_UNKNOWN = 0,
	CX4I_FORM_BINARY,
	CX4I_FORM_PEM,
	CX4I_FORM_MIME
};

/* The longest first line that is looked at. */
#define CX4I_SOURCE_PEEK 1024

struct cx4i_source {
	cx4i_push_fn *down;
	void *arg;
	enum cx4i_form form;
	struct cx4i_pem_in *pem;
	struct cx4i_mime_in *mime;
	uint8_t peek[CX4I_SOURCE_PEEK];
	size_t peeked;
};

void cx4i_source_init(struct cx4i_source *, cx4i_push_fn *, void *arg);
void cx4i_source_free(struct cx4i_source *);
int cx4i_source_push(struct cx4i_source *, const uint8_t *, size_t,
    cx4_error *);
int cx4i_source_finish(struct cx4i_source *, cx4_error *);

#endif
