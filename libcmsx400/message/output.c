/*
 * output.c - the last stage of a writer: binary, PEM or MIME, to the sink.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "output.h"

void
cx4i_output_init(struct cx4i_output *o, struct cx4i_sink *sink, cx4_error *e)
{
	o->sink = sink;
	o->err = e;
	o->mime = NULL;
	o->pem = NULL;
	o->used = 0;
}

void
cx4i_output_free(struct cx4i_output *o)
{
	cx4i_mime_out_free(&o->mime);
	cx4i_pem_out_free(&o->pem);
}

static int
flush(struct cx4i_output *o)
{
	size_t n = o->used;

	o->used = 0;
	return cx4i_sink_write(o->sink, o->buffer, n, o->err);
}

static int
gather(void *arg, const uint8_t *data, size_t len)
{
	struct cx4i_output *o = arg;
	int r;

	if (len > sizeof(o->buffer) - o->used && (r = flush(o)) != CX4_OK)
		return r;
	if (len >= sizeof(o->buffer))
		return cx4i_sink_write(o->sink, data, len, o->err);
	memcpy(o->buffer + o->used, data, len);
	o->used += len;
	return CX4_OK;
}

static int
no_memory(struct cx4i_output *o)
{
	return cx4i_fail(o->err, CX4_E_NOMEM, "%s", "output");
}

int
cx4i_output_pem(struct cx4i_output *o)
{
	o->pem = cx4i_pem_out_new(gather, o);
	return o->pem != NULL ? CX4_OK : no_memory(o);
}

int
cx4i_output_mime(struct cx4i_output *o, const char *smime_type,
    const char *eol)
{
	o->mime = cx4i_mime_out_new(smime_type, eol, gather, o);
	return o->mime != NULL ? CX4_OK : no_memory(o);
}

int
cx4i_output_content(struct cx4i_output *o, const char *content_type,
    const char *eol)
{
	o->mime = cx4i_mime_out_new_content(content_type, eol, gather, o);
	return o->mime != NULL ? CX4_OK : no_memory(o);
}

int
cx4i_output_push(void *arg, const uint8_t *data, size_t len)
{
	struct cx4i_output *o = arg;
	int r;

	if (o->mime != NULL)
		r = cx4i_mime_out_push(o->mime, data, len);
	else if (o->pem != NULL)
		r = cx4i_pem_out_push(o->pem, data, len);
	else
		return gather(o, data, len);
	return r == CX4_OK ? r : cx4i_fail(o->err, r, "%s", "wrapper");
}

int
cx4i_output_finish(struct cx4i_output *o)
{
	int r = CX4_OK;

	if (o->mime != NULL)
		r = cx4i_mime_out_finish(o->mime);
	else if (o->pem != NULL)
		r = cx4i_pem_out_finish(o->pem);
	if (r != CX4_OK)
		return cx4i_fail(o->err, r, "%s", "wrapper");
	return flush(o);
}
