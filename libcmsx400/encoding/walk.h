/*
 * walk.h - walking an encoding along a table of its fields, as it streams.
 *
 * A table lists the fields of an ASN.1 structure in order, each with its
 * level of nesting; the walker matches the elements that arrive against it
 * and calls back. Small fields are held whole, an OCTET STRING (primitive
 * or constructed, nested to any form BER allows) flows through.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_WALK_H
#define CX4I_WALK_H

#include "ber.h"

enum cx4i_walk_how {
	CX4I_ENTER,	/* constructed: its fields follow, one level deeper */
	CX4I_HOLD,	/* give the whole element at once */
	CX4I_EACH,	/* SET OF or SEQUENCE OF: give each element whole */
	CX4I_OCTETS	/* OCTET STRING, or implicitly tagged one: stream */
};

struct cx4i_field {
	uint8_t level;
	uint8_t ident;		/* OCTETS: without the constructed bit */
	uint8_t how;		/* enum cx4i_walk_how */
	uint8_t optional;
	int id;			/* for the callbacks */
	const char *name;	/* for errors */
};

struct cx4i_walk_ops {
	/*
	 * Called for every element that begins, before it is matched; may
	 * call cx4i_walk_switch. `level` counts from the table's base.
	 */
	int (*begin)(void *arg, int level, uint8_t ident);
	/* An ENTER, EACH or OCTETS field begins. */
	int (*enter)(void *arg, int id, const struct cx4i_ber_event *);
	/* A HOLD field, or one element of an EACH field. */
	int (*field)(void *arg, int id, struct cx4i_slice whole);
	/* Octets of an OCTETS field. */
	int (*octets)(void *arg, int id, const uint8_t *, size_t);
	/* An ENTER, EACH or OCTETS field has ended. */
	int (*leave)(void *arg, int id);
};

struct cx4i_walker {
	struct cx4i_ber ber;
	const struct cx4i_field *fields;
	size_t count;
	size_t pos;		/* the next field to match */
	unsigned int base;	/* BER depth of level 0 */
	const struct cx4i_walk_ops *ops;
	void *arg;
	struct cx4i_buf hold;
	size_t held;		/* octets held so far, all fields together */
	size_t limit;		/* ... at most */
	size_t at;		/* the field being filled, or NO_FIELD */
	unsigned int at_depth;	/* its BER depth */
};

/* The deepest nesting of segments in a constructed OCTET STRING. */
#define CX4I_STRING_DEPTH 5

void cx4i_walk_init(struct cx4i_walker *, const struct cx4i_walk_ops *,
    void *arg, size_t limit);
void cx4i_walk_free(struct cx4i_walker *);
/*
 * From now on match against this table: its level 0 is at BER depth `base`,
 * and `pos` is the field that is next.
 */
void cx4i_walk_switch(struct cx4i_walker *, const struct cx4i_field *,
    size_t count, unsigned int base, size_t pos);
/*
 * Take octets. CX4_E_BER, CX4_E_STRUCTURE, CX4_E_LIMIT_HEAD, or what a
 * callback returned. Octets that trail the structure are counted in
 * *trailing and ignored.
 */
int cx4i_walk_push(struct cx4i_walker *, const uint8_t *, size_t,
    uint64_t *trailing, cx4_error *);
int cx4i_walk_finish(struct cx4i_walker *, cx4_error *);

#endif
