/*
 * addresses.c - O/R addresses from the command line.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "addresses.h"

int
address_read(struct run *run, const char *text, cx4_address **address)
{
	char why[256] = "";
	int code;

	code = cx4_address_from_text(run->ctx, text, address, why,
	    sizeof(why));
	if (code == CX4_OK)
		return CX4_OK;
	return run_fail(run, code, "\"%.300s\": %s", text,
	    why[0] != '\0' ? why : cx4_code_text(code));
}

int
addresses_read(struct run *run, enum opt_id id, struct addresses *a)
{
	size_t i, n = opts_count(&run->opts, id);
	int code = CX4_OK;

	a->n = 0;
	if ((a->list = calloc(n + 1, sizeof(*a->list))) == NULL)
		return run_nomem(run);
	a->n = n;
	for (i = 0; code == CX4_OK && i < n; i++)
		code = address_read(run, opts_nth(&run->opts, id, i),
		    &a->list[i]);
	return code;
}

void
addresses_free(struct addresses *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		cx4_address_free(&a->list[i]);
	free(a->list);
	a->list = NULL;
	a->n = 0;
}
