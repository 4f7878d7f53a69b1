#!/bin/sh
# inspect.t - inspect: everything is shown, nothing verified.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
flip signed.der damaged.der -1

expect_exit 0 'inspect' "$cms" inspect -i signed.der
expect_stdout 'othing .*verified' 'says that nothing is verified'
for word in signedData sha256 'CN=alice' 'S=Eggen' 'Test message' \
    signingTime; do
	expect_stdout "$word" "shows $word"
done
expect_exit 0 'a damaged signature' "$cms" inspect -i damaged.der
expect_exit 0 'without a key' "$cms" inspect -i triple.der --json
cp out r.json
json_is r.json layers '[2]' 'two layers are seen'
json_is r.json content null 'and no content'
json_is r.json layers/1/recipients '[2]' 'and the recipients'
json_is r.json layers/1/recipients/1/used false 'of which none is used'
json_is r.json command inspect
expect_exit 0 'with a key' "$cms" inspect -i triple.der \
    --key "$pki/bob.pem" --json
cp out r.json
json_is r.json layers '[3]' 'three layers are seen'
json_is r.json layers/1/recipients/1/used true 'and which key it was'
json_is r.json content/subject 'Test message' 'the heading'
json_is r.json content/originator \
    'G=Anders; S=Eggen; O=ffi; P=mil; A=telemax; C=NO' 'the originator'
json_is r.json content/recipients/0/kind primary 'the recipients'
for verdict in signature path contentType strength; do
	json_is r.json layers/2/signers/0/verdicts/$verdict not-checked
done
json_is r.json content/originatorCheck not-checked
expect_exit 0 '--key with a pass phrase' sh -c "echo secret |
    '$cms' inspect --key '$pki/alice.p12' --passin fd:0 -i encrypted.der \
    --json"
expect_stdout '"used": true' 'opens'
expect_exit 0 '--certs for a key alone' "$cms" inspect \
    --key "$pki/bob-key.pem" --certs "$pki/bob-cert.pem" \
    -i encrypted.der --json
expect_stdout 'Test message' 'opens too'
expect_exit 0 'standard input' sh -c "'$cms' inspect <signed.der"
expect_exit 0 '--report' "$cms" inspect -i signed.der --report f.json
json_is f.json layers '[1]'
expect_exit 0 '--json and --report' "$cms" inspect -i signed.der --json \
    --report g.json
same out g.json 'the same report in both'
expect_exit 5 'no CMS' "$cms" inspect -i alice.p22
expect_exit 5 'a message cut short' sh -c \
    "head -c 900 triple.der | '$cms' inspect --json"
cp out cut.json
json_is cut.json result error 'JSON even then'
json_is cut.json layers/0/type signedData 'with what was seen'
expect_exit 9 '--max-depth' "$cms" inspect --max-depth 1 -i triple.der
expect_usage '--trust has no meaning' "$cms" inspect \
    --trust "$pki/ca.pem" -i signed.der
expect_usage '--out has no meaning' "$cms" inspect -o x -i signed.der

# Text that would drive a terminal, from a certificate and from a heading.
escape=$(printf '\033')
openssl req -x509 -newkey rsa:2048 -nodes -keyout evil-key.pem \
    -subj "/CN=evil${escape}[31m" -days 1 -utf8 -out evil-cert.pem 2>log
cat evil-cert.pem evil-key.pem >evil.pem
must "$cms" sign --signer evil.pem --content-type p22 -i alice.p22 \
    -o evil.der -q
expect_exit 0 'control characters in a name' "$cms" inspect -i evil.der
expect_stdout 'evil' 'the name is shown'
refute 'escaped' grep -q "$escape" out

done_testing
