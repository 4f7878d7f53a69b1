/*
 * output.h - the last stage of a writer: binary, PEM or MIME, to the sink.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_OUTPUT_H
#define CX4I_OUTPUT_H

#include "../encoding/mime.h"
#include "../encoding/pem.h"
#include "sink.h"

/*
 * Small writes are gathered: heads of layers are made of many, and a sink
 * is a system call away.
 */
#define CX4I_OUTPUT_BUFFER 32768

struct cx4i_output {
	struct cx4i_sink *sink;
	cx4_error *err;
	struct cx4i_mime_out *mime;
	struct cx4i_pem_out *pem;
	uint8_t buffer[CX4I_OUTPUT_BUFFER];
	size_t used;
};

void cx4i_output_init(struct cx4i_output *, struct cx4i_sink *, cx4_error *);
void cx4i_output_free(struct cx4i_output *);
/* Choose the form, before the first octet; CX4_OK or CX4_E_NOMEM. */
int cx4i_output_pem(struct cx4i_output *);
int cx4i_output_mime(struct cx4i_output *, const char *smime_type,
    const char *eol);
int cx4i_output_content(struct cx4i_output *, const char *content_type,
    const char *eol);
/* A cx4i_push_fn; `arg` is the output. */
int cx4i_output_push(void *arg, const uint8_t *, size_t);
int cx4i_output_finish(struct cx4i_output *);

#endif
