/*
 * heading.h - the heading of X.400 content, read from the front of a stream.
 *
 * The content is opaque to protection: nothing here ever refuses or changes
 * it. Push every content octet; only the heading (at most
 * CX4I_HEADING_LIMIT octets) is held, the rest passes by.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_HEADING_H
#define CX4I_HEADING_H

#include "../base/ctx.h"

#define CX4I_HEADING_LIMIT (256 * 1024)
#define CX4I_HEADING_RECIPIENTS 1000	/* kept for display */

enum cx4i_heading_state {
	CX4I_HEADING_READING = 0,	/* and for good, once memory lacked */
	CX4I_HEADING_READ,		/* understood */
	CX4I_HEADING_NOT_UNDERSTOOD,	/* octets do not fit the type */
	CX4I_HEADING_OTHER_TYPE		/* a type that has no such heading */
};

struct cx4i_heading;

/* content_type is a dotted OID. NULL: no memory. */
struct cx4i_heading *cx4i_heading_new(cx4_ctx *, const char *content_type);
void cx4i_heading_free(struct cx4i_heading **);
/* CX4_OK or CX4_E_NOMEM, and then again: nothing is known of a heading. */
int cx4i_heading_push(struct cx4i_heading *, const uint8_t *, size_t);
int cx4i_heading_finish(struct cx4i_heading *);
enum cx4i_heading_state cx4i_heading_state(const struct cx4i_heading *);

/* The following are complete once the state is READ; texts are escaped. */
/* 1 for a notification (IPN, EDIN, MN). */
int cx4i_heading_is_notification(const struct cx4i_heading *);
/* NULL if the content names no originator with an O/R address. */
const cx4_address *cx4i_heading_originator(const struct cx4i_heading *);
/* The free-form name beside (or instead of) it; never to be compared. */
const char *cx4i_heading_originator_name(const struct cx4i_heading *);
const char *cx4i_heading_subject(const struct cx4i_heading *);	/* or NULL */
/*
 * Local identifier "*" MIXER address (RFC 2156 section 4.7.3.2), or without
 * the last two; of a notification, that of the message it is about.
 */
const char *cx4i_heading_message_id(const struct cx4i_heading *); /* or NULL */
/* How many; only the first CX4I_HEADING_RECIPIENTS are kept. */
size_t cx4i_heading_recipients(const struct cx4i_heading *);
/*
 * F.401 text (or free-form name, or "" if neither can be read); *kind is
 * "primary", "copy" or "blind". NULL for one that is not kept.
 */
const char *cx4i_heading_recipient(const struct cx4i_heading *, size_t n,
    const char **kind);

#endif
