/*
 * cleanup.h - what must be undone when a signal ends the command: temporary
 * files that are removed, and a terminal whose echo is switched on again.
 *
 * A signal handler has no argument, so this file is the one that keeps
 * state of the process.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_CLEANUP_H
#define CLI_CLEANUP_H

#include <signal.h>
#include <termios.h>

/* Catch SIGINT, SIGTERM and SIGHUP; ignore SIGPIPE and SIGXFSZ. */
void cleanup_install(void);

/*
 * Hold the three signals back between the making of a file and its entry
 * here, and between its rename and its removal from here.
 */
void cleanup_block(sigset_t *old);
void cleanup_unblock(const sigset_t *old);

/* Remember a path to unlink. Returns its slot, or -1 if there is none. */
int cleanup_add(const char *path);
void cleanup_drop(int slot);

/* Remember the terminal's settings; forget them with tty -1. */
void cleanup_tty(int tty, const struct termios *);

#endif
