/*
 * layer_out.h - writing layers: a layer takes content octets and pushes its
 * own encoding downstream.
 *
 * Order of calls: prepare all layers from the innermost outwards, each
 * learning how long its content will be; begin all from the outermost
 * inwards, so that heads come out in order; push content into the
 * innermost; finish all from the innermost outwards.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_LAYER_OUT_H
#define CX4I_LAYER_OUT_H

#include "../encoding/der.h"
#include "../encoding/mime.h"
#include "alg.h"
#include "ident.h"
#include "info.h"

#define CX4I_UNKNOWN_LENGTH UINT64_MAX

/* What the layers of one message share; made by the writer. */
struct cx4i_writing {
	cx4_ctx *ctx;
	const cx4_policy *policy;
	unsigned int options;		/* CX4_WRITE_ bits */
	const struct cx4i_digest_alg *digest;
	const struct cx4i_cipher_alg *cipher;
	int64_t signing_time;
	cx4_id *originator;		/* NULL: none named */
	cx4_error *err;
};

struct cx4i_layer_out;

struct cx4i_layer_out_ops {
	/* Octets of the whole value, or CX4I_UNKNOWN_LENGTH. */
	int (*prepare)(struct cx4i_layer_out *, uint64_t content_len,
	    uint64_t *len);
	int (*begin)(struct cx4i_layer_out *);
	int (*push)(struct cx4i_layer_out *, const uint8_t *, size_t);
	int (*finish)(struct cx4i_layer_out *);
	/* After prepare: what is in the head and tail, for the report. */
	int (*describe)(struct cx4i_layer_out *, struct cx4i_layer_info *);
	void (*free)(struct cx4i_layer_out *);
};

struct cx4i_layer_out {
	const struct cx4i_layer_out_ops *ops;
	struct cx4i_writing *writing;
	enum cx4_layer_type type;
	char content_type[CX4I_OID_TEXT];	/* dotted OID */
	char hint[CX4I_OID_TEXT];	/* contentHints, or "" */
	int outermost;			/* in a ContentInfo */
	cx4_id **ids;			/* signers, or recipients */
	size_t id_count;
	cx4_id **extra;			/* further certificates */
	size_t extra_count;
	cx4i_push_fn *down;
	void *down_arg;
	void *body;			/* the kind's own */
	/* For indefinite lengths: the segment being filled. */
	int indefinite;
	uint64_t content_len;
	uint64_t taken;
	uint8_t *segment;
	size_t segment_len;
};

/* NULL: no memory. */
struct cx4i_layer_out *cx4i_signed_out_new(struct cx4i_writing *);
struct cx4i_layer_out *cx4i_enveloped_out_new(struct cx4i_writing *);
void cx4i_layer_out_free(struct cx4i_layer_out **);

int cx4i_layer_out_add_id(struct cx4i_layer_out *, cx4_id *);
int cx4i_layer_out_add_extra(struct cx4i_layer_out *, cx4_id *);

/*
 * For the kinds. Push to the neighbour downstream.
 */
int cx4i_layer_down(struct cx4i_layer_out *, const void *, size_t);
/* A header: definite with `len`, or 80 where lengths are indefinite. */
int cx4i_layer_header(struct cx4i_layer_out *, uint8_t ident, uint64_t len);
/* `n` end-of-contents markers, where lengths are indefinite. */
int cx4i_layer_end(struct cx4i_layer_out *, unsigned int n);
/* Content octets: as they are, or cut into segments of one size. */
int cx4i_layer_content(struct cx4i_layer_out *, const uint8_t *, size_t);
int cx4i_layer_content_end(struct cx4i_layer_out *);
/* The ContentInfo around an outermost value of `value_len` octets. */
uint64_t cx4i_layer_shell_size(const struct cx4i_layer_out *,
    uint64_t value_len);
int cx4i_layer_shell_begin(struct cx4i_layer_out *, uint64_t value_len);
int cx4i_layer_shell_end(struct cx4i_layer_out *);

#endif
