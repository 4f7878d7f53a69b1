#!/bin/sh
# sign.t - sign: every option of the verb.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages

# ------------------------------------------------------- what it must be given

expect_usage 'without --signer' "$cms" sign --content-type p22 -i alice.p22
expect_usage 'X.400 content without --content-type' \
    "$cms" sign --signer "$pki/alice.pem" -i alice.p22
expect_stderr '--content-type'

# --------------------------------------------------------------- the message

expect_exit 0 'sign from a file to a file' sign_it -i alice.p22 -o a.der
nothing_at out 'nothing on standard output' || true
