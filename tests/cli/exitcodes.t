#!/bin/sh
# exitcodes.t - every exit code, from a real case.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# 8 (label) has nothing that leads to it yet.

messages
content mallory
must "$cms" certs-only --cert "$pki/alice-cert.pem" -o certs.der
flip signed.der damaged.der -1
must "$cms" sign --signer "$pki/mallory.pem" --allow-originator-mismatch \
    --content-type p22 -i alice.p22 -o mismatch.der -q
must "$cms" sign --signer "$pki/expired.pem" --content-type p22 \
    -i alice.p22 -o expired.der -q

# case CODE NAME RESULT WHAT COMMAND ...: exit CODE; the report agrees.
case_of()
{
	case_code=$1 case_name=$2 case_result=$3 case_what=$4
	shift 4
	rm -f r.json
	expect_exit "$case_code" "$case_code: $case_what" "$@" \
	    --report r.json
	json_is r.json exit "$case_code" "$case_code: the report agrees"
	json_is r.json result "$case_result" \
	    "$case_code: the result is $case_result"
	"$cms" explain "$(json r.json code)" >out 2>err
	[ "$case_code" -eq 0 ] || expect_stdout \
	    "exit $case_code: " "$case_code: explain knows $(
	    json r.json code) ($case_name)"
}

case_of 0 ok ok 'a good message' open_it -i triple.der -o x.out
case_of 1 usage error 'an unknown option' open_it --nonsense -i triple.der \
    -o n.out
case_of 2 io error 'no such input' open_it -i missing -o n.out
case_of 2 io error 'no such directory' open_it -i signed.der -o no/n.out
case_of 2 io error 'no such key file' "$cms" open --key missing.pem \
    -i triple.der -o n.out
case_of 3 build error 'a digest that the policy forbids' sign_it \
    --digest sha1 -i alice.p22 -o n.out
case_of 3 build error 'an originator that is not the signer' "$cms" sign \
    --signer "$pki/mallory.pem" --content-type p22 -i alice.p22 -o n.out
case_of 4 crypto rejected 'a damaged signature' open_it -i damaged.der \
    -o n.out
case_of 4 crypto rejected 'certificates only' open_it -i certs.der -o n.out
case_of 4 crypto rejected 'no signature where one is required' open_it \
    --require-signature -i encrypted.der -o n.out
case_of 5 malformed error 'no CMS' open_it -i alice.p22 -o n.out
head -c 1000 triple.der >cut.der
case_of 5 malformed error 'a message cut short' open_it -i cut.der -o n.out
case_of 6 path rejected 'an expired certificate' open_it -i expired.der \
    -o n.out
case_of 6 path rejected 'no trust' "$cms" open -i signed.der -o n.out
case_of 7 originator rejected 'another originator' open_it \
    -i mismatch.der -o n.out
case_of 9 limit error 'too many layers' open_it --max-depth 2 \
    -i triple.der -o n.out
case_of 10 no-key error 'encrypted for others' "$cms" open \
    --key "$pki/dave.pem" -i encrypted.der -o n.out
case_of 75 tempfail error 'no revocation list to be had' open_it \
    --revocation crl -i signed.der -o n.out
expect_exit 7 '7: addresses that differ' "$cms" address compare \
    'C=NO;A=x;S=a' 'C=NO;A=x;S=b'

# When several apply, the first of 1, 2, 9, 5, 10, 4, 75, 6, 8, 7.
must "$cms" sign --signer "$pki/alice.pem" -i expired.der -o both.der -q
flip both.der both-damaged.der -1
case_of 4 crypto rejected 'damaged outside, expired inside: 4 before 6' \
    open_it -i both-damaged.der -o n.out
must "$cms" sign --signer "$pki/expired.pem" -i mismatch.der \
    -o both.der -q
case_of 6 path rejected 'expired outside, mismatch inside: 6 before 7' \
    open_it -i both.der -o n.out
must "$cms" sign --signer "$pki/expired.pem" -i encrypted.der -o both.der -q
case_of 10 no-key error 'expired outside, no key inside: 10 before 6' \
    "$cms" open --trust "$pki/ca.pem" -i both.der -o n.out
flip both.der both-damaged.der -1
case_of 10 no-key error 'damaged outside, no key inside: 10 before 4' \
    "$cms" open --trust "$pki/ca.pem" -i both-damaged.der -o n.out
case_of 75 tempfail error 'no list, mismatch: 75 before 7' \
    open_it --revocation crl -i mismatch.der -o n.out
case_of 4 crypto rejected 'no list, damaged: 4 before 75' \
    open_it --revocation crl -i damaged.der -o n.out
nothing_at n.out 'no failure left an output'

done_testing
