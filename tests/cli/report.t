#!/bin/sh
# report.t - the JSON report: every key, in every outcome.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

schema=$top/docs/report.schema.json
check_schema=$top/tests/schema.pl

messages
content dave
flip signed.der damaged.der -1
head -c 1500 triple.der >cut.der
must "$cms" certs-only --cert "$pki/alice-cert.pem" -o certs.der
must "$cms" wrap -i triple.der -o triple.eml
must "$cms" sign --signer "$pki/dave.pem" --signer "$pki/expired.pem" \
    --sid ski --content-type p22 -i dave.p22 -o two.der -q
must "$cms" encrypt --to "$pki/carol-cert.pem" --originator \
    "$pki/dave-cert.pem" --content-type p22 -i dave.p22 -o kari.der -q

# ------------------------------------------------------------------ the checker

expect_exit 0 'the schema is JSON' perl -MJSON::PP -e '
	local $/;
	open my $f, "<", $ARGV[0] or die;
	decode_json(<$f>);' "$schema"
open_it -i triple.der -o x.out --report good.json -q
expect_exit 0 'the checker passes a report' perl "$check_schema" "$schema" \
    good.json

# spoilt NAME EXPRESSION: the checker finds what sed spoils.
spoilt()
{
	sed "$2" good.json >bad.json
	expect_exit 1 "the checker finds $1" perl "$check_schema" "$schema" \
	    bad.json
}

spoilt 'a number that is text' 's/"exit": 0/"exit": "0"/'
spoilt 'a key that is missing' '/"subject": "Test/d'
spoilt 'a key too many' 's/"exit": 0/"exit": 0, "extra": 1/'
spoilt 'a word that is not in the list' 's/"form": "bare"/"form": "naked"/'
spoilt 'a time that is none' \
    's/"signingTime": "[0-9]*-/"signingTime": "26-/'
spoilt 'an OID that is none' 's/2\.6\.1\.10\.1/2.6.1.10.x/'
spoilt 'a null that must not be' 's/"used": true/"used": null/'

# ------------------------------------------------------- reports of all sorts

# report CODE NAME COMMAND ...: NAME.json fits the schema.
report()
{
	report_code=$1 report_name=$2
	shift 2
	rm -f "$report_name.json"
	expect_exit "$report_code" "$report_name" "$@" \
	    --report "$report_name.json"
	if [ -e "$report_name.json" ] &&
	    perl "$check_schema" "$schema" "$report_name.json" >log 2>&1
	then
		pass "$report_name: fits the schema"
	else
		flunk "$report_name: fits the schema" "$(cat log)"
	fi
	json_is "$report_name.json" exit "$report_code" \
	    "$report_name: exit is $report_code"
}

report 0 sign sign_it -i alice.p22 -o x.out
report 0 encrypt encrypt_it -i alice.p22 -o x.out
report 0 triple "$cms" triple --signer "$pki/alice.pem" \
    --to "$pki/bob-cert.pem" --content-type p22 -i alice.p22 -o x.out
report 0 protect "$cms" protect --layers sign,encrypt \
    --signer "$pki/alice.pem" --to "$pki/bob-cert.pem" --content-type p22 \
    -i alice.p22 -o x.out
report 0 certs-only "$cms" certs-only --cert "$pki/alice-cert.pem" -o x.out
report 3 sign-policy sign_it --digest sha1 -i alice.p22 -o x.out
report 3 sign-mismatch "$cms" sign --signer "$pki/mallory.pem" \
    --content-type p22 -i alice.p22 -o x.out
report 2 sign-no-key "$cms" sign --signer missing --content-type p22 \
    -i alice.p22 -o x.out
report 0 open-signed open_it -i signed.der -o x.out
report 0 open-encrypted open_it -i encrypted.der -o x.out
report 0 open-triple open_it -i triple.der -o x.out
report 0 open-mime open_it -i triple.eml -o x.out
report 0 open-kari "$cms" open --key "$pki/carol.pem" -i kari.der -o x.out
report 0 open-any open_it --require-signers any -i two.der -o x.out
report 6 open-expired open_it -i two.der -o x.out
report 4 open-damaged open_it -i damaged.der -o x.out
report 4 open-released open_it --insecure-release -i damaged.der -o x.out
report 4 open-certs open_it -i certs.der -o x.out
report 5 open-cut open_it -i cut.der -o x.out
report 5 open-junk open_it -i alice.p22 -o x.out
report 5 open-empty open_it -i /dev/null -o x.out
report 10 open-no-key "$cms" open --key "$pki/dave.pem" \
    --trust "$pki/ca.pem" -i triple.der -o x.out
report 9 open-limit open_it --max-octets 50 -i triple.der -o x.out
report 75 open-tempfail open_it --revocation crl -i signed.der -o x.out
report 1 open-usage open_it --nonsense -i signed.der -o x.out
report 1 open-argument open_it what -i signed.der -o x.out
report 2 open-missing open_it -i missing -o x.out
report 2 open-unwritable open_it -i signed.der -o no/such/file
report 0 verify-triple verify_it -i triple.der -o x.out
report 0 decrypt "$cms" decrypt --key "$pki/bob.pem" -i encrypted.der \
    -o x.out
report 0 wrap "$cms" wrap -i triple.der -o x.out
report 0 wrap-plain "$cms" wrap --content-type 22 -i alice.p22 -o x.out
report 0 strip "$cms" strip -i triple.eml -o x.out
report 0 inspect "$cms" inspect -i triple.der
report 0 inspect-key "$cms" inspect --key "$pki/bob.pem" -i triple.der
report 5 inspect-cut "$cms" inspect -i cut.der
report 0 content-show "$cms" content show --content-type p22 -i alice.p22
report 0 mts "$cms" mts -i triple.der

# ------------------------------------------------------------ what stands in it

json_is open-triple.json schema cmsx400/1
json_is open-triple.json command open
json_is open-triple.json input/name triple.der
json_is open-triple.json input/octets "$(wc -c <triple.der | tr -d ' ')"
json_is open-triple.json input/encoding der
json_is open-triple.json input/mime null
json_is open-triple.json layers '[3]'
i=0
for layer in signedData/contentInfo/1.2.840.113549.1.7.3 \
    envelopedData/bare/1.2.840.113549.1.7.2 signedData/bare/2.6.1.10.1; do
	check "layer $i of a triple reads $layer" test "$(
	    json open-triple.json layers/$i/type)/$(
	    json open-triple.json layers/$i/form)/$(
	    json open-triple.json layers/$i/contentType/oid)" = "$layer"
	json_is open-triple.json layers/$i/depth $i
	i=$((i + 1))
done
json_is open-triple.json layers/0/signers/0/certificate/subject \
    'CN=alice,O=cmsx400 test,C=NO'
json_is open-triple.json layers/0/signers/0/x400/0 \
    'G=Anders; S=Eggen; O=ffi; P=mil; A=telemax; C=NO'
fingerprint=$(openssl x509 -in "$pki/alice-cert.pem" -outform DER |
    openssl dgst -sha256 -r | cut -d ' ' -f 1)
json_is open-triple.json layers/2/signers/0/certificate/sha256 "$fingerprint"
json_is open-triple.json layers/1/cipher aes-256-cbc
json_is open-triple.json layers/1/integrity none
json_is open-triple.json content/type/name p22
json_is open-triple.json content/octets "$(wc -c <alice.p22 | tr -d ' ')"
json_is open-triple.json content/originatorCheck match
json_is open-triple.json content/recipients/0/address \
    'G=Bob; S=Berg; O=ffi; P=mil; A=telemax; C=NO'
json_is open-triple.json mts/eits/0/oid 1.2.840.113549.1.9.16.10.6
json_is open-triple.json warnings '[0]'
json_is open-triple.json error null
json_is open-mime.json input/encoding mime
json_is open-mime.json input/mime/smimeType signed-x400
json_is open-mime.json mts/contentType/oid 1.2.840.113549.1.7.1
json_is open-kari.json layers/0/recipients/0/type kari
warned open-encrypted.json unsigned
json_is open-damaged.json error/code signature
json_is open-damaged.json error/layer 0
json_is open-damaged.json layers/0/signers/0/verdicts/signature invalid
json_is open-expired.json layers/0/signers/0/verdicts/path valid
json_is open-expired.json layers/0/signers/1/verdicts/path invalid
json_is open-usage.json layers '[0]'
json_is open-usage.json content null
json_is open-usage.json mts null
json_is open-usage.json code usage
json_is open-usage.json error/code usage
json_is open-missing.json error/code io-read
json_is open-unwritable.json error/code io-write
json_is open-limit.json error/code limit-octets
json_is open-no-key.json error/code no-key
json_is open-no-key.json error/layer 1
json_is verify-triple.json layers '[1]'

# Octets that are no UTF-8 in a name do not make broken JSON.
odd=$(printf 'odd\377name')
cp signed.der "$odd"
report 0 open-odd open_it -i "$odd" -o x.out
check 'every code is one that explain knows' sh -c "
	for code in \$(cat ./*.json | perl -ne \
	    'print \"\$1\n\" while /\"code\": \"([^\"]*)\"/g' |
	    grep -vx ok | sort -u); do
		'$cms' explain \$code >/dev/null || exit 1
	done"

done_testing
