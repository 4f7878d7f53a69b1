#!/bin/sh
# certs-only.t - certs-only: the degenerate SignedData.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

expect_exit 0 'certs-only' "$cms" certs-only --cert "$pki/alice-cert.pem" \
    --cert "$pki/chain.pem" -o c.der
expect_exit 0 'inspect' "$cms" inspect --json -i c.der
cp out r.json
json_is r.json layers/0/type signedData
json_is r.json layers/0/signers '[0]'
json_is r.json layers/0/certificates 3
check 'openssl finds the certificates' sh -c \
    "openssl pkcs7 -inform DER -in c.der -print_certs -noout |
    grep -q 'CN *= *alice'"
expect_exit 4 'open refuses it' open_it -i c.der -o c.out
expect_reason
expect_stderr 'ertificates only' 'and says that there are certificates only'
nothing_at c.out
expect_exit 4 'verify refuses it' verify_it -i c.der -o c.out
expect_exit 0 '--wrap' "$cms" certs-only --cert "$pki/alice-cert.pem" \
    --wrap -o c.eml
check 'smime-type is certs-only' grep -q 'smime-type=certs-only' c.eml
expect_exit 0 '--pem' "$cms" certs-only --cert "$pki/alice-cert.pem" --pem
expect_stdout '^-----BEGIN CMS-----'
expect_exit 0 '--der' "$cms" certs-only --cert "$pki/alice-cert.pem" \
    --der -o d.der
expect_usage 'without --cert' "$cms" certs-only -o n.der
nothing_at n.der
expect_exit 2 'a file that is not there' "$cms" certs-only \
    --cert missing.pem -o n.der
expect_exit 2 'a file without certificate' "$cms" certs-only \
    --cert "$pki/alice-key.pem" -o n.der
nothing_at n.der
expect_usage '--in has no meaning' "$cms" certs-only -i c.der \
    --cert "$pki/alice-cert.pem"
expect_exit 0 '--report' "$cms" certs-only --cert "$pki/alice-cert.pem" \
    -o d.der --report d.json
json_is d.json command certs-only

done_testing
