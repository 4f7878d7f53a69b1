#!/bin/sh
# open.t - open: every layer, down to the content.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
"$cms" encrypt --to "$pki/carol-cert.pem" --no-originator-copy \
    --content-type p22 -i alice.p22 -o carol.der -q

# --------------------------------------------------------------- what it does

for form in signed encrypted triple; do
	expect_exit 0 "$form" open_it -i $form.der -o $form.out
	same $form.out alice.p22 "$form: the content, octet by octet"
done
expect_exit 0 'the originator opens what he encrypted' "$cms" open \
    --key "$pki/alice.pem" -i encrypted.der -o own.out
expect_exit 0 'signed only, without a key' "$cms" open \
    --trust "$pki/ca.pem" -i signed.der -o s.out
same s.out alice.p22 'gives the content'
expect_exit 0 'encrypted only, without trust' "$cms" open \
    --key "$pki/bob.pem" -i encrypted.der -o e.out
expect_exit 10 'encrypted, without a key' "$cms" open \
    --trust "$pki/ca.pem" -i triple.der -o n.out
expect_reason
nothing_at n.out
expect_exit 6 'signed, without trust' "$cms" open --key "$pki/bob.pem" \
    -i signed.der -o n.out
nothing_at n.out
expect_stderr '--trust' 'says that trust is missing'
expect_exit 10 "somebody else's key" "$cms" open --key "$pki/dave.pem" \
    --trust "$pki/ca.pem" -i triple.der -o n.out --report n.json
json_is n.json layers/1/recipients '[2]' 'the report lists the recipients'

# ----------------------------------------------------------------------- keys

expect_exit 0 'the second --key fits' "$cms" open --key "$pki/dave.pem" \
    --key "$pki/bob.pem" --trust "$pki/ca.pem" -i triple.der -o k.out
same k.out alice.p22 'and gives the content'
expect_exit 0 'an EC key' "$cms" open --key "$pki/carol.pem" \
    -i carol.der -o k.out
expect_exit 0 'a key paired with a certificate of --certs' "$cms" open \
    --key "$pki/bob-key.pem" --certs "$pki/bob-cert.pem" \
    --trust "$pki/ca.pem" -i triple.der -o k.out
expect_exit 2 'a key without certificate' "$cms" open \
    --key "$pki/bob-key.pem" --trust "$pki/ca.pem" -i triple.der
expect_stderr '--certs'
expect_exit 2 'a certificate without key' "$cms" open \
    --key "$pki/bob-cert.pem" --trust "$pki/ca.pem" -i triple.der
expect_exit 2 'a key file that is not there' "$cms" open \
    --key missing.pem --trust "$pki/ca.pem" -i triple.der
printf 'secret\n' >pass
expect_exit 0 'PKCS#12 and --passin' "$cms" open --key "$pki/alice.p12" \
    --passin file:pass -i encrypted.der -o k.out
expect_exit 0 'an encrypted key and --passin' "$cms" open \
    --key "$pki/alice-enc.pem" --passin file:pass -i encrypted.der -o k.out
same k.out alice.p22 'gives the content'

# ---------------------------------------------------------------------- trust

openssl x509 -in "$pki/ca.pem" -outform DER -out ca.der
expect_exit 0 '--trust in DER' "$cms" open --trust ca.der -i signed.der \
    -o t.out
mkdir anchors
cp "$pki/ca.pem" "$pki/other-ca.pem" anchors
expect_exit 0 '--trust of a directory' "$cms" open --trust anchors \
    -i signed.der -o t.out
expect_exit 0 '--trust twice' "$cms" open --trust "$pki/other-ca.pem" \
    --trust "$pki/ca.pem" -i signed.der -o t.out
expect_exit 6 'another root' "$cms" open --trust "$pki/other-ca.pem" \
    -i signed.der -o n.out
nothing_at n.out
expect_exit 2 'a trust file that is not there' "$cms" open \
    --trust missing.pem -i signed.der
expect_exit 2 'a trust file without certificate' "$cms" open \
    --trust alice.p22 -i signed.der
"$cms" sign --signer "$pki/alice-cert.pem" --key "$pki/alice-key.pem" \
    --no-certs --content-type p22 -i alice.p22 -o bare.der -q
expect_exit 4 'a signer whose certificate is not there' open_it -i bare.der
expect_exit 0 '--certs has it' open_it --certs "$pki/alice-cert.pem" \
    --certs "$pki/int.pem" -i bare.der -o t.out

# ----------------------------------------------------- unsigned, untouched

expect_exit 0 'no signed layer' "$cms" open --key "$pki/bob.pem" \
    -i encrypted.der -o u.out --report u.json
warned u.json unsigned
json_is u.json layers/0/integrity none 'the layer has no integrity'
expect_exit 4 '--require-signature' "$cms" open --key "$pki/bob.pem" \
    --require-signature -i encrypted.der -o n.out
nothing_at n.out
printf 'no heading at all' >any
"$cms" sign --signer "$pki/alice.pem" --content-type p22 -i any -o any.der -q
expect_exit 0 'content that is not understood' open_it -i any.der \
    -o any.out --report any.json
same any.out any 'is carried untouched'
json_is any.json content/originatorCheck not-understood

# ------------------------------------------------------------ what is released

flip signed.der damaged.der -1
expect_exit 4 'a damaged signature' open_it -i damaged.der -o n.out
nothing_at n.out
expect_exit 4 '--insecure-release keeps the exit code' open_it \
    --insecure-release -i damaged.der -o r.out --report r.json
same r.out alice.p22 'gives the content'
json_is r.json result rejected 'keeps the result'
warned r.json released
expect_exit 0 '--insecure-details changes nothing for a good message' \
    open_it --insecure-details -i triple.der -o d.out
expect_usage '--bare has no meaning' open_it --bare -i triple.der

done_testing
