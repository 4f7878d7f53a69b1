#!/bin/sh
# address.t - address parse, encode, compare.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

text='C=NO;A=telemax;P=mil;O=ffi;S=Eggen;G=Anders'
canonical='G=Anders; S=Eggen; O=ffi; P=mil; A=telemax; C=NO'
mixer='/G=Anders/S=Eggen/O=ffi/PRMD=mil/ADMD=telemax/C=NO/'

# ---------------------------------------------------------------------- parse

expect_exit 0 'parse' "$cms" address parse "$text"
check 'in the form of F.401' test "$(cat out)" = "$canonical"
expect_exit 0 '--form f401' "$cms" address parse --form f401 "$text"
check 'is the same' test "$(cat out)" = "$canonical"
expect_exit 0 '--form mixer' "$cms" address parse --form mixer "$text"
check 'in the form of MIXER' test "$(cat out)" = "$mixer"
expect_exit 0 'text in the form of MIXER' "$cms" address parse "$mixer"
check 'is understood' test "$(cat out)" = "$canonical"
expect_exit 0 '--json' "$cms" address parse --json "$text"
cp out r.json
json_is r.json f401 "$canonical"
json_is r.json mixer "$mixer"
expect_usage '--form x500' "$cms" address parse --form x500 "$text"
expect_exit 5 'text that is no address' "$cms" address parse hello
expect_reason
expect_exit 5 'an attribute that is not known' "$cms" address parse \
    'C=NO;A=x;ZZ=1'
expect_exit 5 'an empty text' "$cms" address parse ''
expect_exit 5 'nothing on standard input' sh -c \
    "'$cms' address parse </dev/null"
expect_usage 'text and --in' "$cms" address parse -i x "$text"
expect_usage 'two texts' "$cms" address parse "$text" "$text"

# --------------------------------------------------------------------- encode

expect_exit 0 'encode' "$cms" address encode -o a.der "$text"
check 'openssl sees well-formed DER' openssl asn1parse -inform DER -in a.der
expect_exit 0 'parse --in' "$cms" address parse -i a.der
check 'gives the text back' test "$(cat out)" = "$canonical"
expect_exit 0 'encode to parse, in a pipe' sh -c \
    "'$cms' address encode '$text' | '$cms' address parse"
check 'gives the text back too' test "$(cat out)" = "$canonical"
expect_exit 0 '--json of DER' "$cms" address parse --json -i a.der
cp out r.json
check 'holds the DER' test "$(json r.json der)" = \
    "$(od -An -v -tx1 a.der | tr -d ' \n')"
"$cms" address encode "$mixer" >b.der
same a.der b.der 'both forms of text encode alike'
expect_exit 0 '--openssl-config' "$cms" address encode --openssl-config \
    "$text"
expect_stdout '^subjectAltName=DER:30' 'is a line for OpenSSL'
{
	echo '[req]'
	echo 'distinguished_name = dn'
	echo '[dn]'
	echo '[ext]'
	cat out
} >req.cnf
check 'that OpenSSL accepts' openssl req -x509 -config req.cnf \
    -extensions ext -key "$pki/alice-key.pem" -subj /CN=x -out c.pem
check 'and that names the address' sh -c "'$cms' cert show c.pem |
    grep -F '$canonical'"
expect_exit 5 'encode of no address' "$cms" address encode -o n.der hello
nothing_at n.der
expect_usage 'encode of nothing' "$cms" address encode

# -------------------------------------------------------------------- compare

expect_exit 0 'compare equal' "$cms" address compare "$text" "$mixer"
expect_stdout '^equal$'
expect_exit 0 'case and blanks do not count' "$cms" address compare \
    "$text" 'c=no; a=TELEMAX; p=Mil; o=FFI; s=EGGEN; g=anders'
expect_exit 7 'compare different' "$cms" address compare "$text" \
    'C=NO;A=telemax;P=mil;O=ffi;S=Berg;G=Bob'
expect_stdout '^different$'
expect_exit 7 'one attribute more' "$cms" address compare "$text" \
    "$text;OU1=x"
expect_exit 0 '--json equal' "$cms" address compare --json "$text" "$text"
expect_stdout '"equal": true'
expect_exit 7 '--json different' "$cms" address compare --json "$text" \
    'C=DE;A=x;S=y'
expect_stdout '"equal": false'
expect_exit 5 'compare with no address' "$cms" address compare "$text" hello
expect_usage 'compare one' "$cms" address compare "$text"
expect_usage 'compare three' "$cms" address compare "$text" "$text" "$text"
expect_usage 'address without a verb' "$cms" address

done_testing
