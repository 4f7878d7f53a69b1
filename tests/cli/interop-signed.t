#!/bin/sh
# interop-signed.t - SignedData, both ways with the openssl cms command.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/interop.sh
. "${0%/*}/interop.sh"

# ------------------------------------------------------------- ours, signed

ours_sign()
{
	user=$1 form=$2 content=$3
	shift 3
	rm -f message
	set -- sign --signer "$pki/$user.pem" --content-type p22 "$@"
	case $form in
	ber)	# shellcheck disable=SC2002 # a pipe has no length
		cat "$content" | "$cms" "$@" >message ;;
	der)	"$cms" "$@" --der -i "$content" -o message ;;
	pem)	"$cms" "$@" --pem -i "$content" -o message ;;
	mime)	"$cms" "$@" --wrap -i "$content" -o message ;;
	esac
}

# ours_signed USER FORM OPENSSL-FORM [OPTION ...]
ours_signed()
{
	user=$1 form=$2 inform=$3
	shift 3
	ours_sign "$user" "$form" "$user.p22" "$@" &&
	    theirs_verify message "$inform" "$user.p22" &&
	    dumped message "$inform" "eContentType: .*($p22)"
}

for who in alice carol dave; do
	for digest in sha256 sha384 sha512; do
		check "ours signed: $who, $digest" \
		    ours_signed $who der DER --digest $digest
	done
	check "ours signed: $who, sha1 under rfc3854" \
	    ours_signed $who der DER --digest sha1 --policy rfc3854
	check "ours signed: $who, BER from a pipe" ours_signed $who ber DER
	check "ours signed: $who, PEM" ours_signed $who pem PEM
	check "ours signed: $who, MIME" ours_signed $who mime SMIME
	check "ours signed: $who, named by key identifier" \
	    ours_signed $who der DER --sid ski
done
for digest in sha256 sha384 sha512; do
	check "ours signed: RSASSA-PSS, $digest" \
	    ours_signed alice der DER --rsa-pss --digest $digest
done
check 'ours signed: RSASSA-PSS, sha1 under rfc3854' \
    ours_signed alice der DER --rsa-pss --digest sha1 --policy rfc3854
check 'ours signed: RSASSA-PSS, BER from a pipe' \
    ours_signed alice ber DER --rsa-pss

ours_two_signers()
{
	ours_sign alice der alice.p22 --signer "$pki/carol.pem" \
	    --allow-originator-mismatch &&
	    theirs_verify message DER alice.p22 &&
	    [ "$(openssl cms -cmsout -print -noout -inform DER \
	    -in message | grep -c '^ *signedAttrs:')" -eq 2 ]
}
check 'ours signed: two signers' ours_two_signers

ours_no_certs()
{
	ours_sign alice der alice.p22 --no-certs &&
	    ! theirs_verify message DER alice.p22 &&
	    theirs_verify message DER alice.p22 -CAfile "$pki/chain.pem" \
	    -certfile "$pki/alice-cert.pem"
}
check 'ours signed: without certificates' ours_no_certs

ours_cades()
{
	ours_sign alice der alice.p22 "$@" &&
	    theirs_verify message DER alice.p22 -cades
}
check 'ours signed: signingCertificateV2 satisfies -cades' ours_cades
check 'ours signed: signingCertificate satisfies -cades' \
    ours_cades --digest sha1 --policy rfc3854

ours_large()
{
	ours_sign alice "$1" large && theirs_verify message DER large
}
check 'ours signed: large content, DER' ours_large der
check 'ours signed: large content, BER' ours_large ber

# DER stays as it is when openssl decodes it and encodes it again.
ours_is_der()
{
	ours_sign alice der alice.p22 --signer "$pki/dave.pem" \
	    --allow-originator-mismatch &&
	    openssl cms -cmsout -inform DER -in message -outform DER \
	    -out again && cmp message again
}
check 'ours signed: openssl encodes it to the same octets' ours_is_der

ours_altered()
{
	ours_sign alice der alice.p22 || return
	# The subject is in the content and nowhere else.
	LC_ALL=C sed 's/Test message/test message/' message >altered
	! cmp message altered && theirs_verify message DER alice.p22 &&
	    ! theirs_verify altered DER alice.p22
}
check 'ours signed: openssl refuses an altered copy' ours_altered

ours_certs_only()
{
	"$cms" certs-only --cert "$pki/alice-cert.pem" --cert "$pki/int.pem" \
	    -o message || return
	openssl pkcs7 -inform DER -in message -print_certs -out list &&
	    [ "$(grep -c 'BEGIN CERT' list)" -eq 2 ]
}
check 'ours certs-only: openssl lists the certificates' ours_certs_only

# ----------------------------------------------------------- theirs, signed

theirs_signed()
{
	user=$1
	shift
	theirs_sign "$user" "$user.p22" -certfile "$pki/int.pem" "$@" &&
	    ours_open message "$user.p22" &&
	    reported '"originatorCheck": *"match"'
}

for who in alice carol dave; do
	for digest in sha256 sha384 sha512; do
		check "theirs signed: $who, $digest" \
		    theirs_signed $who -md $digest
	done
	check "theirs signed: $who, -stream" theirs_signed $who -stream
	check "theirs signed: $who, -cades" theirs_signed $who -cades
	check "theirs signed: $who, -keyid" theirs_signed $who -keyid
	check "theirs signed: $who, -nosmimecap" \
	    theirs_signed $who -nosmimecap
done
pss='-keyopt rsa_padding_mode:pss'
for digest in sha256 sha384 sha512; do
	check "theirs signed: RSASSA-PSS, $digest, salt as it comes" \
	    theirs_signed alice $pss -md $digest
	check "theirs signed: RSASSA-PSS, $digest, salt of the digest" \
	    theirs_signed alice $pss -keyopt rsa_pss_saltlen:-1 -md $digest
done
check 'theirs signed: RSASSA-PSS, no salt' \
    theirs_signed alice $pss -keyopt rsa_pss_saltlen:0
check 'theirs signed: RSASSA-PSS, MGF1 with sha1' \
    theirs_signed alice $pss -keyopt rsa_mgf1_md:sha1

# SHA-1 is for the policy of 2004 only.
theirs_sha1()
{
	theirs_sign "$1" "$1.p22" -certfile "$pki/int.pem" -md sha1 || return
	ours_open message "$1.p22" --policy rfc3854 || return
	ours_open message "$1.p22"
	[ $? -eq 6 ] && [ ! -e ours.out ]
}
for who in alice carol dave; do
	check "theirs signed: $who, sha1 opens under rfc3854 only" \
	    theirs_sha1 $who
done

theirs_two_signers()
{
	theirs_sign alice alice.p22 -certfile "$pki/int.pem" \
	    -signer "$(cert carol)" -inkey "$pki/carol-key.pem" "$@" &&
	    ours_open message alice.p22 &&
	    [ "$(grep -o '"sid"' report.json | wc -l)" -eq 2 ]
}
check 'theirs signed: two signers' theirs_two_signers
check 'theirs signed: two signers, -stream -keyid' \
    theirs_two_signers -stream -keyid

theirs_resigned()
{
	theirs_sign alice alice.p22 -certfile "$pki/int.pem" &&
	    openssl cms -resign -binary -nodetach -inform DER -in message \
	    -signer "$(cert dave)" -inkey "$pki/dave-key.pem" \
	    -outform DER -out resigned && ours_open resigned alice.p22
}
check 'theirs signed: a second signer added later' theirs_resigned

theirs_form()
{
	openssl cms -sign -binary -nodetach -econtent_type $p22 \
	    -in alice.p22 -signer "$pki/alice.pem" \
	    -certfile "$pki/int.pem" "$@" -out message &&
	    ours_open message alice.p22
}
check 'theirs signed: PEM' theirs_form -outform PEM
check 'theirs signed: PEM, -stream' theirs_form -outform PEM -stream
check 'theirs signed: MIME' theirs_form -outform SMIME
check 'theirs signed: MIME, -stream -crlfeol' \
    theirs_form -outform SMIME -stream -crlfeol

theirs_large()
{
	theirs_sign alice large -certfile "$pki/int.pem" "$@" &&
	    ours_open message large
}
check 'theirs signed: large content, DER' theirs_large
check 'theirs signed: large content, -stream' theirs_large -stream

theirs_no_certs()
{
	theirs_sign alice alice.p22 -nocerts || return
	ours_open message alice.p22 --certs "$pki/alice.pem" || return
	! ours_open message alice.p22 && [ ! -e ours.out ]
}
check 'theirs signed: without certificates' theirs_no_certs

# RFC 5652 section 5.3: without signed attributes only around id-data.
theirs_no_attributes()
{
	theirs_sign alice alice.p22 -certfile "$pki/int.pem" -noattr || return
	! ours_open message alice.p22 && [ ! -e ours.out ]
}
check 'theirs signed: without signed attributes is refused' \
    theirs_no_attributes

# A file of data, as openssl signs it by default, is carried too.
theirs_data()
{
	openssl cms -sign -binary -nodetach -in large -outform DER "$@" \
	    -signer "$pki/alice.pem" -certfile "$pki/int.pem" \
	    -out message && ours_open message large &&
	    reported '"1.2.840.113549.1.7.1"'
}
check 'theirs signed: id-data' theirs_data
check 'theirs signed: id-data without signed attributes' theirs_data -noattr

# --------------------------------------------------------------- the old DSA

# RFC 3854 section 2.2: DSA with SHA-1 MUST be verified. The test users have
# no such key: one of the sizes of that time is made here.
dsa_user()
{
	openssl genpkey -quiet -genparam -algorithm DSA \
	    -pkeyopt dsa_paramgen_bits:1024 -out dsa.param &&
	    openssl genpkey -quiet -paramfile dsa.param -out dsa-key.pem &&
	    openssl req -new -config /dev/null -key dsa-key.pem \
	    -subj '/C=NO/O=cmsx400 test/CN=dsa' -out dsa.csr || return
	printf '%s\n' 'keyUsage = critical,digitalSignature' \
	    'extendedKeyUsage = emailProtection' \
	    'subjectKeyIdentifier = hash' >dsa.ext
	openssl x509 -req -in dsa.csr -CA "$pki/int.pem" \
	    -CAkey "$pki/int-key.pem" -set_serial 77 -days 8000 \
	    -extfile dsa.ext -out dsa-cert.pem &&
	    cat dsa-cert.pem "$pki/int.pem" dsa-key.pem >dsa.pem
}

theirs_dsa()
{
	openssl cms -sign -binary -nodetach -econtent_type $p22 -md sha1 \
	    -in alice.p22 -outform DER -signer dsa-cert.pem \
	    -inkey dsa-key.pem -certfile "$pki/int.pem" -out message &&
	    ours_open message alice.p22 --policy rfc3854 || return
	! ours_open message alice.p22 && [ ! -e ours.out ]
}

ours_dsa()
{
	"$cms" sign --signer dsa.pem --digest sha1 --policy rfc3854 \
	    --content-type p22 -i alice.p22 -o message &&
	    theirs_verify message DER alice.p22
}

must dsa_user
check 'theirs signed: DSA, sha1 opens under rfc3854 only' theirs_dsa
check 'ours signed: DSA, sha1 under rfc3854' ours_dsa

done_testing
