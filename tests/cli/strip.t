#!/bin/sh
# strip.t - strip: the wrapper goes, the message stays.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
must "$cms" certs-only --cert "$pki/alice-cert.pem" -o certs.der
for form in signed encrypted triple certs; do
	must "$cms" wrap --lf -i $form.der -o $form.eml
	expect_exit 0 "strip $form" "$cms" strip -i $form.eml -o s.der
	same s.der $form.der "$form: the octets that were wrapped"
done
expect_exit 0 'MIME with CR LF' sh -c \
    "sed 's/\$/$(printf '\r')/' signed.eml | '$cms' strip >crlf.der"
same crlf.der signed.der 'gives the same'
openssl cms -cmsout -inform DER -in signed.der -outform PEM -out s.pem
expect_exit 0 'PEM' "$cms" strip -i s.pem -o p.der
same p.der signed.der 'goes too'
expect_exit 0 'DER has no wrapper' "$cms" strip -i signed.der -o d.der
same d.der signed.der 'and is left as it is'
sed 's/PKCS7/CMS/' s.pem >cms.pem
expect_exit 0 'a block labelled CMS' "$cms" strip -i cms.pem -o p.der
expect_exit 0 'a mail header around it' sh -c "{ echo 'From: a@example.org'
    echo 'Subject: x'; cat signed.eml; } | '$cms' strip -o m.der"
same m.der signed.der 'is passed over'

# What the wrapper says.
sed 's/signed-x400/enveloped-x400/' signed.eml >lie.eml
expect_exit 5 'a smime-type that cannot be' "$cms" strip -i lie.eml \
    -o n.der --report lie.json
expect_reason
json_is lie.json code wrapper
nothing_at n.der
must "$cms" protect --layers sign,encrypt --signer "$pki/alice.pem" \
    --to "$pki/bob-cert.pem" --content-type p22 -i alice.p22 -o se.der -q
must "$cms" wrap --lf --smime-type enveloped-x400 -i se.der -o se.eml
expect_exit 0 'one that cannot be judged without keys' "$cms" strip \
    -i se.eml -o se2.der
same se2.der se.der 'is left alone'
sed 's/smime-type=signed-x400;*//' signed.eml >none.eml
expect_exit 0 'no smime-type' "$cms" strip -i none.eml -o none.der
expect_exit 0 '--report' "$cms" strip -i signed.eml -o s.der --report s.json
json_is s.json input/encoding mime
json_is s.json input/mime/smimeType signed-x400
json_is s.json input/mime/type application/pkcs7-mime

# Plain content.
must "$cms" wrap --content-type 22 -i alice.p22 -o plain.eml
expect_exit 0 'application/x400-content' "$cms" strip -i plain.eml \
    -o plain.out --report plain.json
same plain.out alice.p22 'gives the content'
json_is plain.json content/type/oid 2.6.1.10.1 'and its type'

# Damage.
sed 's/^MII/M!I/' signed.eml >bad.eml
expect_exit 5 'damaged base64' "$cms" strip -i bad.eml -o n.der
sed 's/pkcs7-mime/zip/' signed.eml >zip.eml
expect_exit 5 'another media type' "$cms" strip -i zip.eml -o n.der
expect_exit 5 'an empty input' "$cms" strip -i /dev/null -o n.der
expect_exit 5 'no message at all' "$cms" strip -i "$pki/alice.addr" -o n.der
nothing_at n.der
expect_usage '--key has no meaning' "$cms" strip --key "$pki/bob.pem" \
    -i signed.eml

done_testing
