/*
 * policy.h - the policy of a run, from --policy and the options that add
 * to it: limits, requirements, time, trust anchors, certificates, CRLs.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "run.h"

/*
 * Check the options without opening a file. A usage error comes before
 * any other.
 */
int policy_check(struct run *);
/* *policy belongs to the caller. */
int policy_new(struct run *, cx4_policy **policy);

#endif
