/*
 * queue.h - OpenSSL's error queue, put aside while OpenSSL empties it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_QUEUE_H
#define CX4I_QUEUE_H

#define CX4I_QUEUE_MAX 16	/* as many as OpenSSL keeps */

struct cx4i_queued {
	unsigned long code;
	int line;
	char *file, *function, *data;	/* NULL: none, or no memory */
};

struct cx4i_queue {
	struct cx4i_queued entries[CX4I_QUEUE_MAX];
	int count;
	int marks;
};

/*
 * Some functions of OpenSSL's CMS clear the whole queue, below any mark.
 * Around them, between cx4i_queue_enter and cx4i_queue_leave: take away what
 * the host has queued, and put it back. What was added since the enter is
 * dropped. The host's marks come back on top of its last entry: OpenSSL does
 * not tell where they were.
 */
void cx4i_queue_save(struct cx4i_queue *);
void cx4i_queue_restore(struct cx4i_queue *);

#endif
