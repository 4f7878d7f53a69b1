#!/bin/sh
# sign.t - sign: the options of the verb.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

content alice
content dave
content carol
now=$(date -u +%Y-%m-%d)

# seen FILE PATH VALUE NAME: as inspect reports it.
seen()
{
	must "$cms" inspect --json -i "$1" --report report.json -q
	json_is report.json "$2" "$3" "$4"
}

# verified FILE [OPTION ...]: opens as what alice signed.
verified()
{
	verified_name="$1 verifies and gives the content back"
	rm -f content.out
	verify_it -i "$@" -o content.out >log 2>&1
	same content.out alice.p22 "$verified_name"
}

# -------------------------------------------------------------- what it needs

expect_usage 'without --signer' "$cms" sign --content-type p22 -i alice.p22
expect_stderr '--signer'
expect_usage 'X.400 content without --content-type' \
    "$cms" sign --signer "$pki/alice.pem" -i alice.p22
expect_stderr '--content-type'
expect_usage 'a content type without OID' \
    "$cms" sign --signer "$pki/alice.pem" --content-type 99 -i alice.p22
expect_stderr 'content-type.*99'
expect_usage 'an argument that is no option' sign_it alice.p22
expect_exit 2 'an input that is not there' sign_it -i missing
expect_exit 2 'a signer that is not there' \
    "$cms" sign --signer missing.pem --content-type p22 -i alice.p22
expect_exit 2 'a signer in a file without certificate' \
    "$cms" sign --signer alice.p22 --content-type p22 -i alice.p22

# --------------------------------------------------------------- the message

expect_exit 0 'sign' sign_it -i alice.p22 -o plain.der
check 'nothing on standard output with -o' test ! -s out
verified plain.der
seen plain.der layers/0/type signedData 'it is a SignedData'
seen plain.der layers/0/form contentInfo 'in a ContentInfo'
seen plain.der layers/0/contentType/oid 2.6.1.10.1 'around P22'
seen plain.der layers/0/signers '[1]' 'with one signer'
seen plain.der layers/0/signers/0/digest sha256 'SHA-256 is the default'
seen plain.der layers/0/certificates 2 'the chain is in it'
seen plain.der input/encoding der 'in DER when the input is a file'
time=$(json report.json layers/0/signers/0/attributes/signingTime)
check 'signingTime is now' test "${time%T*}" = "$now" -o \
    "${time%T*}" = "$(date -u +%Y-%m-%d)"
expect_exit 0 '--in and --out are the long names' \
    sign_it --in alice.p22 --out long.der
verified long.der

# --------------------------------------------------------------- content type

for pair in p2:2.6.1.10.0 p22:2.6.1.10.1 p35:2.6.7.10.0 \
    p772:1.3.26.0.4406.0.4.1 2:2.6.1.10.0 22:2.6.1.10.1 35:2.6.7.10.0 \
    2.6.1.10.1:2.6.1.10.1 1.2.3.4:1.2.3.4; do
	type=${pair%%:*}
	"$cms" sign --signer "$pki/alice.pem" --content-type "$type" \
	    -i alice.p22 -o "type.der" -q 2>err
	seen type.der layers/0/contentType/oid "${pair#*:}" \
	    "--content-type $type"
done
printf 'no heading at all' >any
expect_exit 0 'the octets are not judged by the content type' \
    sign_it -i any -o any.der
expect_stderr 'warning' 'content that cannot be read is a warning'
expect_exit 0 'a ContentInfo without --content-type' \
    "$cms" sign --signer "$pki/alice.pem" -i plain.der -o nested.der
seen nested.der layers/0/contentType/oid 1.2.840.113549.1.7.2 \
    'is nested under its own type'
seen nested.der layers/1/form bare 'bare'
verified nested.der

# -------------------------------------------------------------------- signers

expect_exit 0 'two signers' "$cms" sign --signer "$pki/alice.pem" \
    --signer "$pki/dave.pem" --content-type p22 -i alice.p22 -o two.der
seen two.der layers/0/signers '[2]' 'make two SignerInfos'
verified two.der
expect_exit 0 'an EC signer' "$cms" sign --signer "$pki/carol.pem" \
    --content-type p22 -i carol.p22 -o ec.der
expect_exit 0 '--key holds the key apart' "$cms" sign \
    --signer "$pki/alice-cert.pem" --key "$pki/alice-key.pem" \
    --cert "$pki/int.pem" --content-type p22 -i alice.p22 -o apart.der
verified apart.der
expect_exit 0 'the n-th --key belongs to the n-th --signer' "$cms" sign \
    --signer "$pki/alice-cert.pem" --signer "$pki/dave-cert.pem" \
    --key "$pki/alice-key.pem" --key "$pki/dave-key.pem" \
    --cert "$pki/int.pem" --content-type p22 -i alice.p22 -o apart2.der
verified apart2.der
expect_exit 3 'a key of another certificate' "$cms" sign \
    --signer "$pki/alice-cert.pem" --key "$pki/bob-key.pem" \
    --content-type p22 -i alice.p22
expect_usage 'more keys than signers' "$cms" sign \
    --signer "$pki/alice.pem" --key "$pki/alice-key.pem" \
    --key "$pki/bob-key.pem" --content-type p22 -i alice.p22
expect_exit 3 'a signer without a key' "$cms" sign \
    --signer "$pki/alice-cert.pem" --content-type p22 -i alice.p22
expect_exit 3 'a certificate that may not sign' "$cms" sign \
    --signer "$pki/nosign.pem" --content-type p22 -i alice.p22

# --------------------------------------------------------------- pass phrases

CX4_TEST_PASS=secret
export CX4_TEST_PASS
printf 'secret\n' >pass
printf 'wrong\n' >wrong
for source in env:CX4_TEST_PASS file:pass fd:3; do
	expect_exit 0 "--passin $source, PEM" "$cms" sign \
	    --signer "$pki/alice-enc.pem" --passin "$source" \
	    --content-type p22 -i alice.p22 -o pass.der 3<pass
done
expect_exit 0 'PKCS#12' "$cms" sign --signer "$pki/alice.p12" \
    --passin file:pass --content-type p22 -i alice.p22 -o p12.der
verified p12.der
expect_exit 2 'a wrong pass phrase' "$cms" sign \
    --signer "$pki/alice-enc.pem" --passin file:wrong --content-type p22 \
    -i alice.p22
expect_exit 2 'no pass phrase for an encrypted key' "$cms" sign \
    --signer "$pki/alice-enc.pem" --content-type p22 -i alice.p22
expect_stderr '--passin'
expect_exit 2 'a pass phrase that is not set' "$cms" sign \
    --signer "$pki/alice-enc.pem" --passin env:CX4_NOT_SET \
    --content-type p22 -i alice.p22
expect_usage 'a pass phrase on the command line' "$cms" sign \
    --signer "$pki/alice-enc.pem" --passin pass:secret --content-type p22 \
    -i alice.p22
refute 'it is not repeated in the message' grep -q secret err

# ----------------------------------------------------------------- algorithms

for digest in sha256 sha384 sha512; do
	expect_exit 0 "--digest $digest" sign_it --digest $digest \
	    -i alice.p22 -o digest.der
	seen digest.der layers/0/signers/0/digest $digest "$digest is used"
done
verified digest.der
expect_exit 3 '--digest sha1 under modern' sign_it --digest sha1 -i alice.p22
expect_exit 0 '--digest sha1 under rfc3854' sign_it --digest sha1 \
    --policy rfc3854 -i alice.p22 -o sha1.der
seen sha1.der layers/0/signers/0/digest sha1 'sha1 is used'
expect_usage '--digest md5' sign_it --digest md5 -i alice.p22
expect_exit 0 '--rsa-pss' sign_it --rsa-pss -i alice.p22 -o pss.der
verified pss.der
check 'RSASSA-PSS is used' sh -c "'$cms' inspect -i pss.der --json |
    grep -i '\"signature\": \".*pss'"

# ------------------------------------------------- how certificates are named

for sid in issuer-serial ski; do
	expect_exit 0 "--sid $sid" sign_it --sid $sid -i alice.p22 \
	    -o sid-$sid.der
	verified sid-$sid.der
done
for sid in issuer-serial ski; do
	must "$cms" inspect --json -q -i sid-$sid.der --report $sid.json
done
ski=$(openssl x509 -in "$pki/alice-cert.pem" -noout \
    -ext subjectKeyIdentifier | tail -n 1 | tr -d ' :' | tr A-F a-f)
check 'issuer-serial is a name and a number' expr \
    "$(json issuer-serial.json layers/0/signers/0/sid)" : '.*CN=.*serial'
check 'ski is the subjectKeyIdentifier' expr \
    "$(json ski.json layers/0/signers/0/sid | tr A-F a-f)" : ".*$ski"
expect_usage '--sid name' sign_it --sid name -i alice.p22
expect_exit 0 '--no-certs' sign_it --no-certs -i alice.p22 -o no-certs.der
seen no-certs.der layers/0/certificates 0 'no certificate is in it'
verified no-certs.der --certs "$pki/alice-cert.pem" --certs "$pki/int.pem"
expect_exit 0 '--cert' sign_it --cert "$pki/bob-cert.pem" -i alice.p22 \
    -o cert.der
seen cert.der layers/0/certificates 3 'adds a certificate'

# ------------------------------------------------------------------------ time

expect_exit 0 '--signing-time' sign_it \
    --signing-time 2024-02-29T12:30:00+02:00 -i alice.p22 -o time.der
seen time.der layers/0/signers/0/attributes/signingTime \
    2024-02-29T10:30:00Z 'is written, in UTC'
expect_usage 'a time without zone' sign_it \
    --signing-time 2024-02-29T12:30:00 -i alice.p22
expect_usage 'a day that is not there' sign_it \
    --signing-time 2023-02-29T12:30:00Z -i alice.p22

# ------------------------------------------------------------------ originator

expect_exit 3 'an originator that is not the signer' \
    "$cms" sign --signer "$pki/mallory.pem" --content-type p22 -i alice.p22
expect_reason
expect_exit 0 '--allow-originator-mismatch' "$cms" sign \
    --signer "$pki/mallory.pem" --allow-originator-mismatch \
    --content-type p22 -i alice.p22 -o mismatch.der
expect_stderr 'warning.*originator' 'warns'
expect_exit 0 'a certificate without address is only warned of' \
    "$cms" sign --signer "$pki/eve.pem" --content-type p22 -i alice.p22 \
    -o eve.der
expect_stderr 'warning.*originator' 'and that it is'
expect_exit 0 '--originator names the key preference' \
    sign_it --originator "$pki/bob-cert.pem" -i alice.p22 -o preference.der
bob=$(openssl x509 -noout -serial -in "$pki/bob-cert.pem")
must "$cms" inspect --json -q -i preference.der --report p.json
check 'and not the signer' expr "$(json p.json \
    layers/0/signers/0/attributes/sMIMEEncryptionKeyPreference)" : \
    ".*${bob#*=}"

# ------------------------------------------------------------------- the form

expect_exit 0 '--pem' sign_it --pem -i alice.p22 -o m.pem
check 'a block labelled CMS' grep -q '^-----BEGIN CMS-----' m.pem
verified m.pem
expect_exit 0 '--wrap' sign_it --wrap -i alice.p22 -o m.eml
check 'smime-type is signed-x400' grep -q 'smime-type=signed-x400' m.eml
check 'lines end in CR LF' sh -c \
    "[ \"\$(grep -c . m.eml)\" = \"\$(grep -c '$(printf '\r')\$' m.eml)\" ]"
verified m.eml
expect_exit 0 '--wrap --lf' sign_it --wrap --lf -i alice.p22 -o lf.eml
refute 'lines end in LF' grep -q "$(printf '\r')" lf.eml
expect_usage '--lf without --wrap' sign_it --lf -i alice.p22
expect_exit 0 '--no-wrap' sign_it --no-wrap -i alice.p22 -o no-wrap.der
seen no-wrap.der input/mime null 'is the default'
expect_usage '--wrap and --no-wrap' sign_it --wrap --no-wrap -i alice.p22
expect_usage '--wrap and --pem' sign_it --wrap --pem -i alice.p22
expect_exit 0 'from a pipe' sh -c "cat alice.p22 |
    '$cms' sign --signer '$pki/alice.pem' --content-type p22 -o pipe.ber"
seen pipe.ber input/encoding ber 'indefinite lengths'
verified pipe.ber
expect_exit 0 '--der' sign_it --der -i alice.p22 -o der.der
seen der.der input/encoding der 'definite lengths'
expect_exit 3 '--der from a pipe' sh -c "cat alice.p22 |
    '$cms' sign --der --signer '$pki/alice.pem' --content-type p22"

# ------------------------------------------------------------ policy and limit

expect_exit 3 'a weak key under modern' "$cms" sign \
    --signer "$pki/weak.pem" --content-type p22 -i alice.p22
expect_exit 0 'a weak key under rfc3854' "$cms" sign --policy rfc3854 \
    --signer "$pki/weak.pem" --content-type p22 -i alice.p22 -o weak.der
expect_usage 'a policy that is not there' sign_it --policy none -i alice.p22
expect_exit 9 '--max-octets' sign_it --max-octets 100 -i alice.p22
expect_exit 0 '--report' sign_it -i alice.p22 -o r.der --report r.json
json_is r.json command sign
json_is r.json result ok

done_testing
