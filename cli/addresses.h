/*
 * addresses.h - O/R addresses from the command line.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_ADDRESSES_H
#define CLI_ADDRESSES_H

#include "run.h"

struct addresses {
	cx4_address **list;
	size_t n;
};

/* From text of either form. *address belongs to the caller. */
int address_read(struct run *, const char *text, cx4_address **address);
/* All values of an option. */
int addresses_read(struct run *, enum opt_id, struct addresses *);
void addresses_free(struct addresses *);

#endif
