/*
 * layer_in.h - reading layers: a stage takes the octets of one encoding,
 * looks into it, and pushes its content to the next stage.
 *
 * A stage that fails says so once and is pushed no more; the layer around
 * it reads on to its own end, so that its own verdict is complete and the
 * same work is done whatever is wrong inside.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_LAYER_IN_H
#define CX4I_LAYER_IN_H

#include "../encoding/walk.h"
#include "ident.h"
#include "info.h"

struct cx4i_stage;

struct cx4i_stage_ops {
	int (*push)(struct cx4i_stage *, const uint8_t *, size_t);
	/* No more octets come. Called once, unless push failed. */
	int (*finish)(struct cx4i_stage *);
	void (*free)(struct cx4i_stage *);
};

struct cx4i_stage {
	const struct cx4i_stage_ops *ops;
};

/* What the layers of one message share; made by the reader. */
struct cx4i_reading {
	cx4_ctx *ctx;
	const cx4_policy *policy;
	const char *message;		/* the caller's name for it */
	cx4_id **ids;			/* certificates, with or without keys */
	size_t id_count;
	int verify;			/* 0: only look */
	int decrypt;			/* an own key is expected */
	X509_STORE *store;		/* the policy's anchors */
	struct cx4i_warnings *warnings;
	/*
	 * The stage for the content of a layer, or NULL: nobody wants it.
	 * CX4_OK or the code of a failure of the layer to be opened.
	 */
	int (*open_content)(struct cx4i_reading *, struct cx4i_layer_info *,
	    struct cx4i_stage **);
};

/* One structure inside the shell: SignedData or EnvelopedData. */
struct cx4i_layer_in;

struct cx4i_body_ops {
	enum cx4_layer_type type;
	const struct cx4i_field *fields;
	size_t count;
	/* Allocate l->body; CX4_OK or CX4_E_NOMEM. */
	int (*open)(struct cx4i_layer_in *l);
	int (*enter)(struct cx4i_layer_in *l, int id,
	    const struct cx4i_ber_event *);
	int (*field)(struct cx4i_layer_in *l, int id, struct cx4i_slice);
	int (*octets)(struct cx4i_layer_in *l, const uint8_t *, size_t);
	int (*leave)(struct cx4i_layer_in *l, int id);
	/* The structure is complete: judge it. */
	int (*finish)(struct cx4i_layer_in *l);
	void (*free)(struct cx4i_layer_in *l);
};

struct cx4i_layer_in {
	struct cx4i_stage stage;
	struct cx4i_reading *reading;
	struct cx4i_layer_info *info;
	struct cx4i_walker walker;
	enum cx4i_oid expected;		/* CX4I_OID_UNKNOWN: outermost */
	int started;			/* ContentInfo or bare is decided */
	int complete;			/* the structure has ended */
	const struct cx4i_body_ops *body_ops;
	void *body;
	struct cx4i_stage *inner;
	int inner_dead;			/* failed or finished */
};

extern const struct cx4i_body_ops cx4i_signed_in;
extern const struct cx4i_body_ops cx4i_enveloped_in;
extern const struct cx4i_body_ops cx4i_auth_enveloped_in;

/*
 * A stage that reads a layer: one of this content type, bare or in a
 * ContentInfo; or for CX4I_OID_UNKNOWN the outermost ContentInfo. `info`
 * is filled and must outlive the stage. NULL: no memory.
 */
struct cx4i_stage *cx4i_layer_in_new(struct cx4i_reading *,
    struct cx4i_layer_info *, enum cx4i_oid expected);

/* For the bodies: the content begins, flows, and ends. */
int cx4i_layer_open_content(struct cx4i_layer_in *);
int cx4i_layer_give(struct cx4i_layer_in *, const uint8_t *, size_t);
int cx4i_layer_end_content(struct cx4i_layer_in *);

/* For the bodies: take an eContentType or contentType field. */
int cx4i_layer_set_type(struct cx4i_layer_in *, struct cx4i_slice whole);
/* ... and a version field. */
int cx4i_layer_set_version(struct cx4i_layer_in *, struct cx4i_slice whole);

/* 1 for codes that stop the whole message: no memory, output failed. */
int cx4i_is_fatal(int code);

#endif
