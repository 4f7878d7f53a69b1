/*
 * writer.h - the inside of a writer, as far as others need it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_WRITER_H
#define CX4I_WRITER_H

#include "../cmsx400.h"

/* Reading the content failed: as if a push had failed. Returns the code. */
int cx4i_writer_stop(cx4_writer *, int code, const char *why);

#endif
