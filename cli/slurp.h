/*
 * slurp.h - small files (keys, certificates, addresses) read whole.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_SLURP_H
#define CLI_SLURP_H

#include "run.h"

#define SLURP_LIMIT (64 * 1024 * 1024)

/*
 * Read the file `path`. A NUL that is not counted follows the octets. Free
 * with slurp_free, which wipes.
 */
int slurp(struct run *, const char *path, unsigned char **data, size_t *len);
/* The same for an input that is open. */
int slurp_in(struct run *, struct infile *, unsigned char **data,
    size_t *len);
void slurp_free(unsigned char **data, size_t len);

#endif
