/*
 * progress.h - how far the work has come, on standard error.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

enum progress_mode {
	PROGRESS_AUTO = 0,	/* on a terminal, after one second */
	PROGRESS_ALWAYS,
	PROGRESS_NEVER
};

struct progress {
	enum progress_mode mode;
	int on_terminal;
	int shown;
	uint64_t total;		/* 0: not known */
	int64_t next;		/* milliseconds, when to show again */
};

void progress_start(struct progress *, enum progress_mode, uint64_t total);
void progress_step(struct progress *, uint64_t done);
void progress_end(struct progress *, uint64_t done);

#endif
