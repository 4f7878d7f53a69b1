/*
 * cleanup.c - undo on a signal. The handler calls async-signal-safe
 * functions only.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

#define SLOTS 4
#define PATH_SIZE 4096

static char paths[SLOTS][PATH_SIZE];
static volatile sig_atomic_t used[SLOTS];
static struct termios tty_settings;
static volatile sig_atomic_t tty_fd = -1;

static const int fatal[] = { SIGINT, SIGTERM, SIGHUP };

#define N_FATAL (sizeof(fatal) / sizeof(fatal[0]))

/* SA_RESETHAND: the raised signal then ends the process as if uncaught. */
static void
on_signal(int sig)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		if (used[i])
			unlink(paths[i]);
	if (tty_fd != -1)
		tcsetattr((int)tty_fd, TCSANOW, &tty_settings);
	raise(sig);
}

void
cleanup_install(void)
{
	struct sigaction sa, old;
	size_t i;

	memset(&sa, 0, sizeof(sa));
	sigemptyset(&sa.sa_mask);
	for (i = 0; i < N_FATAL; i++)
		sigaddset(&sa.sa_mask, fatal[i]);
	sa.sa_handler = on_signal;
	sa.sa_flags = (int)SA_RESETHAND;
	for (i = 0; i < N_FATAL; i++) {
		/* What nohup or a shell switched off stays off. */
		if (sigaction(fatal[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(fatal[i], &sa, NULL);
	}
	sa.sa_handler = SIG_IGN;
	sa.sa_flags = 0;
	sigaction(SIGPIPE, &sa, NULL);
#ifdef SIGXFSZ
	sigaction(SIGXFSZ, &sa, NULL);
#endif
}

void
cleanup_block(sigset_t *old)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < N_FATAL; i++)
		sigaddset(&set, fatal[i]);
	sigprocmask(SIG_BLOCK, &set, old);
}

void
cleanup_unblock(const sigset_t *old)
{
	sigprocmask(SIG_SETMASK, old, NULL);
}

int
cleanup_add(const char *path)
{
	size_t n = strlen(path) + 1;
	int i;

	if (n > PATH_SIZE)
		return -1;
	for (i = 0; i < SLOTS; i++) {
		if (used[i])
			continue;
		memcpy(paths[i], path, n);
		used[i] = 1;
		return i;
	}
	return -1;
}

void
cleanup_drop(int slot)
{
	if (slot >= 0 && slot < SLOTS)
		used[slot] = 0;
}

void
cleanup_tty(int tty, const struct termios *settings)
{
	sigset_t old;

	cleanup_block(&old);
	if (settings != NULL)
		tty_settings = *settings;
	tty_fd = tty;
	cleanup_unblock(&old);
}
