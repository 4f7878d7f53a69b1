/*
 * policyfile.h - reading a policy from a file.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_POLICYFILE_H
#define CLI_POLICYFILE_H

#include "run.h"

/*
 * Make a policy of JSON text; `path` is for errors only. *policy belongs to
 * the caller, and is NULL on failure.
 */
int policyfile_parse(struct run *, const char *path, const char *text,
    size_t len, cx4_policy **policy);

#endif
