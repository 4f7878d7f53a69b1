/*
 * sink.c - the caller's output: octets, then commit or abort, exactly once.
 *
 * SPDX-License-Identifier: ISC
 */
#include "sink.h"

int
cx4i_sink_write(struct cx4i_sink *s, const void *data, size_t len,
    cx4_error *e)
{
	if (s->write == NULL || len == 0)
		return CX4_OK;
	if (s->write(s->arg, data, len) != 0)
		return cx4i_fail(e, CX4_E_IO_WRITE, "%s",
		    "the sink refused octets");
	return CX4_OK;
}

int
cx4i_sink_end(struct cx4i_sink *s, int commit, cx4_error *e)
{
	if (s->ended || s->end == NULL)
		return CX4_OK;
	s->ended = 1;
	if (s->end(s->arg, commit) != 0 && commit)
		return cx4i_fail(e, CX4_E_IO_WRITE, "%s",
		    "the sink could not commit");
	return CX4_OK;
}
