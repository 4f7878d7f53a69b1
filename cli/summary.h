/*
 * summary.h - what was found, in a few lines on standard error.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "run.h"

/* Who signed, the originator, the warnings. The report may be NULL. */
void summary_show(const struct run *, const cx4_report *);
/* The warnings alone. */
void summary_warnings(const struct run *, const cx4_report *);

#endif
