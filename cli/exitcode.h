/*
 * exitcode.h - the exit codes: one table, used by every verb, by the help
 * and by `explain`. The numbers are those of enum cx4_class.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_EXITCODE_H
#define CLI_EXITCODE_H

#include "../libcmsx400/cmsx400.h"

/* X(class, name, meaning) */
#define EXIT_CODES(X)							\
X(CX4_CLASS_OK, "ok", "everything asked for was done and verified")	\
X(CX4_CLASS_USAGE, "usage", "the command line is wrong")		\
X(CX4_CLASS_IO, "io",							\
    "input, key file or output cannot be read or written")		\
X(CX4_CLASS_BUILD, "build",						\
    "the message cannot be built (policy, missing key, unsupported "	\
    "algorithm, originator mismatch)")					\
X(CX4_CLASS_CRYPTO, "crypto",						\
    "signature invalid, digest or tag mismatch, cannot be decrypted, "	\
    "no signer")							\
X(CX4_CLASS_MALFORMED, "malformed",					\
    "not CMS, broken or truncated BER, forbidden structure, "		\
    "contradicting wrapper")						\
X(CX4_CLASS_PATH, "path",						\
    "signature good; certificate path, purpose, revocation or "		\
    "algorithm strength not acceptable")				\
X(CX4_CLASS_ORIGINATOR, "originator",					\
    "signature good; originator address does not match the certificate") \
X(CX4_CLASS_LABEL, "label", "security label or clearance denies")	\
X(CX4_CLASS_LIMIT, "limit", "a resource limit was reached")		\
X(CX4_CLASS_NOKEY, "no-key", "encrypted for others")			\
X(CX4_CLASS_TEMPFAIL, "tempfail",					\
    "a service is unavailable: try again")

#endif
