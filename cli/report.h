/*
 * report.h - the JSON report on a message, and JSON as text for people.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "run.h"

/*
 * Take what the library found, if anyone will want to see it. The report
 * may be NULL.
 */
int report_take(struct run *, const cx4_report *);

/*
 * The whole object of schema cmsx400/1, for any outcome. NULL: no memory.
 * The caller gives it back with json_decref.
 */
json_t *report_object(const struct run *);

/* --report FILE: opened before work begins, written at its end. */
int report_open(struct run *, struct outfile **);
int report_write(struct run *, struct outfile *);

/* An object as indented text; what is null or empty is left out. */
void report_text(FILE *, json_t *);

#endif
