/*
 * progress.c - how far the work has come.
 *
 * On a terminal one line is written over and over and removed at the end;
 * elsewhere (--progress=always) there is a line every second.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define FIRST_AFTER 1000
#define REDRAW_EVERY 200
#define LINE_EVERY 1000

static int64_t
milliseconds(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
progress_start(struct progress *p, enum progress_mode mode, uint64_t total)
{
	memset(p, 0, sizeof(*p));
	p->mode = mode;
	p->on_terminal = isatty(STDERR_FILENO);
	p->total = total;
	if (mode == PROGRESS_AUTO && !p->on_terminal)
		p->mode = PROGRESS_NEVER;
	if (p->mode != PROGRESS_NEVER)
		p->next = milliseconds() + FIRST_AFTER;
}

static void
show(struct progress *p, uint64_t done)
{
	char text[96];
	int n;

	n = snprintf(text, sizeof(text), "cmsx400: %" PRIu64 " KiB",
	    done / 1024);
	if (p->total > 0 && n > 0)
		snprintf(text + n, sizeof(text) - (size_t)n,
		    " of %" PRIu64 " KiB (%d %%)", p->total / 1024,
		    (int)(100.0 * (double)done / (double)p->total));
	fprintf(stderr, p->on_terminal ? "\r%s\033[K" : "%s\n", text);
	fflush(stderr);
	p->shown = 1;
}

void
progress_step(struct progress *p, uint64_t done)
{
	int64_t now;

	if (p->mode == PROGRESS_NEVER || (now = milliseconds()) < p->next)
		return;
	p->next = now + (p->on_terminal ? REDRAW_EVERY : LINE_EVERY);
	show(p, done);
}

void
progress_end(struct progress *p, uint64_t done)
{
	if (p->mode == PROGRESS_ALWAYS)
		show(p, done);
	if (p->on_terminal && p->shown)
		fputs(p->mode == PROGRESS_ALWAYS ? "\n" : "\r\033[K", stderr);
	p->mode = PROGRESS_NEVER;
}
