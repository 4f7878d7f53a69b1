/*
 * queue.c - OpenSSL's error queue, put aside while OpenSSL empties it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "queue.h"

static char *
copy(const char *text)
{
	return text != NULL && *text != '\0' ? strdup(text) : NULL;
}

void
cx4i_queue_save(struct cx4i_queue *q)
{
	const char *file, *function, *data;
	struct cx4i_queued *e;
	unsigned long code;
	int line, flags;

	q->count = 0;
	q->marks = 0;
	if (ERR_peek_error() == 0)
		return;
	ERR_pop_to_mark();
	ERR_set_mark();
	while (ERR_clear_last_mark())
		q->marks++;
	while (q->count < CX4I_QUEUE_MAX && (code = ERR_get_error_all(&file,
	    &line, &function, &data, &flags)) != 0) {
		e = &q->entries[q->count++];
		e->code = code;
		e->line = line;
		e->file = copy(file);
		e->function = copy(function);
		e->data = flags & ERR_TXT_STRING ? copy(data) : NULL;
	}
}

static void
put_back(struct cx4i_queued *e)
{
	ERR_new();
	ERR_set_debug(e->file, e->line, e->function);
	if (e->data != NULL)
		ERR_set_error(ERR_GET_LIB(e->code), ERR_GET_REASON(e->code),
		    "%s", e->data);
	else
		ERR_set_error(ERR_GET_LIB(e->code), ERR_GET_REASON(e->code),
		    NULL);
	free(e->file);
	free(e->function);
	free(e->data);
}

void
cx4i_queue_restore(struct cx4i_queue *q)
{
	int i;

	ERR_clear_error();
	for (i = 0; i < q->count; i++)
		put_back(&q->entries[i]);
	for (i = 0; i < q->marks; i++)
		ERR_set_mark();
	q->count = 0;
	q->marks = 0;
}
