/*
 * reader.h - the inside of a reader.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_READER_H
#define CX4I_READER_H

#include "../cms/layer_in.h"
#include "report.h"
#include "shell.h"
#include "sink.h"
#include "source.h"

struct cx4_reader {
	struct cx4i_reading reading;	/* first: layers call back with it */
	cx4_ctx *ctx;
	cx4_policy *policy;
	enum cx4_mode mode;
	int bare;
	int started;
	int finished;
	char *message;
	char content_type[CX4I_OID_TEXT];	/* CX4_MODE_CONTENT */
	struct cx4i_source source;
	struct cx4i_stage *top;		/* the outermost stage */
	int top_dead;
	struct cx4i_sink sink;
	struct cx4_report report;
	cx4_error err;			/* of the whole */
	int had_content;		/* also if the report was cut */
	uint64_t taken;			/* octets of input */
};

/* The stage that takes the innermost content. */
struct cx4i_stage *cx4i_content_in_new(struct cx4_reader *,
    const char *content_type);
/* The stage that gives a CMS value to the sink without looking inside. */
struct cx4i_stage *cx4i_value_in_new(struct cx4_reader *,
    struct cx4i_layer_info *, enum cx4i_oid type);

/* Reading the input failed: as if a push had failed. Returns the code. */
int cx4i_reader_stop(struct cx4_reader *, int code, const char *why);

/*
 * All is read: look over the layers and fill report.code and the error of
 * the whole (judge.c).
 */
void cx4i_reader_judge(struct cx4_reader *);

#endif
