#!/bin/sh
# wrap.t - wrap: the MIME wrapper, with the right smime-type.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
must "$cms" certs-only --cert "$pki/alice-cert.pem" -o certs.der
must "$cms" sign --signer "$pki/alice.pem" -i encrypted.der -o es.der -q
must "$cms" protect --layers sign,encrypt --signer "$pki/alice.pem" \
    --to "$pki/bob-cert.pem" --content-type p22 -i alice.p22 -o se.der -q
must "$cms" sign --signer "$pki/alice.pem" --content-type \
    1.2.840.113549.1.7.1 -i alice.p22 -o data.der -q

# wrapped FILE TYPE [OPTION ...]
wrapped()
{
	wrapped_file=$1 wrapped_type=$2
	shift 2
	expect_exit 0 "wrap $wrapped_file $*" "$cms" wrap \
	    -i "$wrapped_file" -o w.eml "$@"
	check "it is $wrapped_type" grep -q "smime-type=$wrapped_type\\>" w.eml
}

# What can be seen without a key.
wrapped signed.der signed-x400
wrapped encrypted.der enveloped-x400
wrapped certs.der certs-only
wrapped triple.der signed-x400
wrapped es.der enveloped-x400
expect_exit 3 'an encrypted signature without a hint' "$cms" wrap \
    -i se.der -o n.eml
expect_stderr '--smime-type' 'asks for --smime-type'
nothing_at n.eml
wrapped se.der signed-x400 --smime-type signed-x400
expect_usage 'a smime-type that is no word' "$cms" wrap -i se.der \
    --smime-type 'x; y'

# The entity.
must "$cms" wrap -i signed.der -o s.eml
check 'application/pkcs7-mime' \
    grep -q '^Content-Type: application/pkcs7-mime' s.eml
check 'in base64' grep -q '^Content-Transfer-Encoding: base64' s.eml
check 'with a file name' grep -q 'filename=smime.p7m' s.eml
check 'no line of more than 76 characters' perl -ne \
    's/\r?\n//; exit 1 if length > 76' s.eml
check 'lines end in CR LF' perl -ne 'exit 1 if !/\r\n\z/' s.eml
expect_exit 0 '--lf' "$cms" wrap --lf -i signed.der -o lf.eml
refute 'lines end in LF' grep -q "$(printf '\r')" lf.eml
expect_exit 0 'the message in it opens' open_it -i s.eml -o s.out
same s.out alice.p22 'and gives the content'
check 'openssl reads it' sh -c "openssl cms -cmsout -inform SMIME \
    -in lf.eml -outform DER -out o.der"
same o.der signed.der 'and finds the message unchanged'

# Other forms of input.
openssl cms -cmsout -inform DER -in signed.der -outform PEM -out s.pem
wrapped s.pem signed-x400
must "$cms" strip -i w.eml -o p.der
same p.der signed.der 'PEM goes, the message stays'
wrapped s.eml signed-x400
must "$cms" strip -i w.eml -o p.der
same p.der signed.der 'one wrapper takes the place of another'
expect_exit 0 'from a pipe' sh -c "cat signed.der | '$cms' wrap >p.eml"
same p.eml s.eml 'is the same as from a file'

# Plain content.
expect_exit 0 '--content-type 22' "$cms" wrap --content-type 22 \
    -i alice.p22 -o plain.eml
check 'application/x400-content' \
    grep -q '^Content-Type: application/x400-content' plain.eml
check 'content-type=22' grep -q 'content-type=22' plain.eml
must "$cms" strip -i plain.eml -o plain.out
same plain.out alice.p22 'strip gives the content back'
expect_exit 5 'plain content without --content-type' "$cms" wrap \
    -i alice.p22 -o n.eml
nothing_at n.eml
expect_usage '--content-type and --smime-type' "$cms" wrap \
    --content-type 22 --smime-type signed-x400 -i alice.p22
expect_exit 5 'a message cut short' sh -c \
    "head -c 500 signed.der | '$cms' wrap -o n.eml"
nothing_at n.eml
expect_exit 9 '--max-octets' "$cms" wrap --max-octets 100 -i signed.der \
    -o n.eml

done_testing
