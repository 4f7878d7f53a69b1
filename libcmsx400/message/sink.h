/*
 * sink.h - the caller's output: octets, then commit or abort, exactly once.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_SINK_H
#define CX4I_SINK_H

#include "../base/err.h"

struct cx4i_sink {
	cx4_write_fn *write;
	cx4_end_fn *end;
	void *arg;
	int ended;
};

/* CX4_OK or CX4_E_IO_WRITE; without a sink the octets are dropped. */
int cx4i_sink_write(struct cx4i_sink *, const void *, size_t, cx4_error *);
/* The first call counts; CX4_E_IO_WRITE if committing failed. */
int cx4i_sink_end(struct cx4i_sink *, int commit, cx4_error *);

#endif
