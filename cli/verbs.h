/*
 * verbs.h - every verb, and the groups of options that several share.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "run.h"

#define OPTS_COMMON	OPT_QUIET, OPT_VERBOSE, OPT_HELP, OPT_END
#define OPTS_REPORT	OPT_REPORT, OPT_JSON, OPT_PROGRESS
#define OPTS_LIMITS	OPT_POLICY, OPT_MAX_DEPTH, OPT_MAX_OCTETS

extern const struct verb verb_sign, verb_encrypt, verb_triple, verb_protect,
    verb_certs_only, verb_open, verb_verify, verb_decrypt, verb_wrap,
    verb_strip, verb_inspect, verb_mts, verb_content_show, verb_content_new,
    verb_address_parse, verb_address_encode, verb_address_compare,
    verb_cert_show, verb_cert_csr, verb_explain, verb_version;

#endif
