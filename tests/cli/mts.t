#!/bin/sh
# mts.t - mts: what the P1 envelope says (RFC 3855).
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
must "$cms" certs-only --cert "$pki/alice-cert.pem" -o certs.der
must "$cms" protect --layers sign,encrypt --signer "$pki/alice.pem" \
    --to "$pki/bob-cert.pem" --content-type p22 -i alice.p22 -o se.der -q

eit=1.2.840.113549.1.9.16.10

# told FILE EIT: content type id-ct-contentInfo, and the EIT.
told()
{
	expect_exit 0 "mts $1" "$cms" mts -i "$1"
	expect_stdout '^content-type: 1\.2\.840\.113549\.1\.9\.16\.1\.6\>'
	expect_stdout "^encoded-information-type: $eit\\.$2\\>"
}

told signed.der 6
told encrypted.der 5
told triple.der 6
told certs.der 3
must "$cms" wrap -i signed.der -o signed.eml
expect_exit 0 'in a MIME wrapper' "$cms" mts -i signed.eml
expect_stdout '^content-type: 1\.2\.840\.113549\.1\.7\.1\>' \
    'the content type is id-data'
expect_exit 0 '--json' "$cms" mts --json -i signed.der
cp out r.json
json_is r.json mts/contentType/oid 1.2.840.113549.1.9.16.1.6
json_is r.json mts/eits '[1]'
json_is r.json mts/eits/0/oid $eit.6
json_is r.json mts/smimeType signed-x400
json_is r.json command mts
expect_exit 3 'what cannot be seen without a key' "$cms" mts -i se.der
expect_stderr '--smime-type' 'asks for --smime-type'
expect_exit 3 'in JSON too' "$cms" mts --json -i se.der
cp out r.json
json_is r.json code smime-type
expect_exit 0 '--smime-type' "$cms" mts --smime-type signed-x400 -i se.der
expect_stdout "^encoded-information-type: $eit\\.6\\>"
expect_exit 0 '--smime-type with --json' "$cms" mts --json \
    --smime-type enveloped-x400 -i se.der
cp out r.json
json_is r.json mts/eits/0/oid $eit.5
expect_usage 'a smime-type without EIT' "$cms" mts --smime-type nothing \
    -i se.der
expect_exit 0 '--report' "$cms" mts -i signed.der --report f.json
json_is f.json mts/eits/0/oid $eit.6
expect_exit 0 'standard input' sh -c "'$cms' mts <signed.der"
expect_exit 5 'no CMS' "$cms" mts -i alice.p22
expect_usage '--key has no meaning' "$cms" mts --key "$pki/bob.pem" \
    -i se.der

done_testing
