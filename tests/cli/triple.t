#!/bin/sh
# triple.t - triple: sign, encrypt, sign.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

content alice
content noencrypt

triple_it()
{
	"$cms" triple --signer "$pki/alice.pem" --to "$pki/bob-cert.pem" \
	    --content-type p22 "$@"
}

expect_exit 0 'triple' triple_it -i alice.p22 -o t.der
expect_exit 0 'open' open_it -i t.der -o c.out --report r.json
same c.out alice.p22 'the content comes back'
json_is r.json layers '[3]'
i=0
for layer in signedData/contentInfo/1.2.840.113549.1.7.3 \
    envelopedData/bare/1.2.840.113549.1.7.2 signedData/bare/2.6.1.10.1; do
	check "layer $i is $layer" test "$(json r.json layers/$i/type)/$(
	    json r.json layers/$i/form)/$(
	    json r.json layers/$i/contentType/oid)" = "$layer"
	i=$((i + 1))
done
json_is r.json layers/1/recipients '[2]' \
    "the signer's certificate gets the originator's copy"
expect_exit 0 'the originator opens it too' "$cms" open \
    --key "$pki/alice.pem" --trust "$pki/ca.pem" -i t.der -o own.out
same own.out alice.p22 'and reads the content'

expect_exit 3 'a signer that cannot receive, and no --originator' \
    "$cms" triple --signer "$pki/noencrypt.pem" --to "$pki/bob-cert.pem" \
    --content-type p22 -i noencrypt.p22 -o no.der
expect_stderr 'hint:.*--originator' 'hints at --originator'
nothing_at no.der
expect_exit 0 '--originator for such a signer' "$cms" triple \
    --signer "$pki/noencrypt.pem" --to "$pki/bob-cert.pem" \
    --originator "$pki/alice-cert.pem" --content-type p22 \
    -i noencrypt.p22 -o other.der
expect_exit 0 '--no-originator-copy for such a signer' "$cms" triple \
    --signer "$pki/noencrypt.pem" --to "$pki/bob-cert.pem" \
    --no-originator-copy --content-type p22 -i noencrypt.p22 -o alone.der
open_it -i alone.der -o alone.out --report r.json -q
json_is r.json layers/1/recipients '[1]' 'makes no copy'
json_is r.json \
    layers/0/signers/0/attributes/sMIMEEncryptionKeyPreference null \
    'the key preference is left out'
expect_exit 0 'several signers' triple_it --signer "$pki/dave.pem" \
    -i alice.p22 -o two.der
expect_exit 0 'they are good' open_it -i two.der -o c.out --report r.json
json_is r.json layers/0/signers '[2]' 'two outside'
json_is r.json layers/2/signers '[2]' 'two inside'
expect_exit 0 '--digest, --cipher, --rsa-pss, --rsa-oaep, --sid' triple_it \
    --digest sha512 --cipher aes-128-cbc --rsa-pss --rsa-oaep --sid ski \
    -i alice.p22 -o o.der
open_it -i o.der -o c.out --report r.json -q
json_is r.json layers/0/signers/0/digest sha512 'the digest outside'
json_is r.json layers/1/cipher aes-128-cbc 'the cipher'
json_is r.json layers/2/signers/0/digest sha512 'the digest inside'
expect_exit 3 'an originator that is not the signer' "$cms" triple \
    --signer "$pki/mallory.pem" --to "$pki/bob-cert.pem" \
    --content-type p22 -i alice.p22
expect_exit 0 'unless it is allowed' "$cms" triple \
    --signer "$pki/mallory.pem" --to "$pki/bob-cert.pem" \
    --allow-originator-mismatch --content-type p22 -i alice.p22 -o m.der
expect_exit 0 '--wrap' triple_it --wrap -i alice.p22 -o m.eml
check 'names the innermost protection' \
    grep -q 'smime-type=signed-x400' m.eml
expect_exit 0 'from a pipe to a pipe' sh -c "cat alice.p22 |
    '$cms' triple --signer '$pki/alice.pem' --to '$pki/bob-cert.pem' \
    --content-type p22 | cat >pipe.ber && '$cms' open \
    --key '$pki/bob.pem' --trust '$pki/ca.pem' -i pipe.ber -o pipe.out"
same pipe.out alice.p22 'and the content comes back'
expect_exit 3 '--der from a pipe' sh -c "cat alice.p22 |
    '$cms' triple --der --signer '$pki/alice.pem' \
    --to '$pki/bob-cert.pem' --content-type p22"
expect_exit 0 '--der from a file' triple_it --der -i alice.p22 -o der.der
expect_usage 'without --signer' "$cms" triple --to "$pki/bob-cert.pem" \
    --content-type p22 -i alice.p22
expect_usage 'without --to' "$cms" triple --signer "$pki/alice.pem" \
    --content-type p22 -i alice.p22

done_testing
