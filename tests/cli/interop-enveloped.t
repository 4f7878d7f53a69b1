#!/bin/sh
# interop-enveloped.t - EnvelopedData, both ways with the openssl cms command.
#
# That command has no way to write another contentType than id-data, which
# RFC 3854 section 3.3 forbids for X.400 content: what it makes is opened as
# the id-data that it says it is. t_interop.c does what the command cannot.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/interop.sh
. "${0%/*}/interop.sh"

# ---------------------------------------------------------- ours, enveloped

# Every user in the list $1 decrypts the message of form $2 to content $3.
theirs_decrypt()
{
	for reader in $1; do
		rm -f theirs.out
		openssl cms -decrypt -binary -inform "$2" -in message \
		    -recip "$(cert "$reader")" -inkey "$pki/$reader-key.pem" \
		    -out theirs.out && cmp theirs.out "$3" || return
	done
}

# ours_enveloped "USER ..." OPENSSL-FORM CONTENT [OPTION ...]
ours_enveloped()
{
	readers=$1 form=$2 content=$3
	shift 3
	for reader in $readers; do
		set -- --to "$(cert "$reader")" "$@"
	done
	rm -f message
	"$cms" encrypt --content-type p22 "$@" -i "$content" -o message &&
	    theirs_decrypt "$readers" "$form" "$content" &&
	    dumped message "$form" "contentType: .*($p22)"
}

for who in bob carol dave; do
	for cipher in aes-128-cbc aes-192-cbc aes-256-cbc; do
		check "ours enveloped: $who, $cipher" ours_enveloped $who \
		    DER alice.p22 --no-originator-copy --cipher $cipher
	done
	check "ours enveloped: $who, 3DES under rfc3854" \
	    ours_enveloped $who DER alice.p22 --no-originator-copy \
	    --cipher des-ede3-cbc --policy rfc3854
	check "ours enveloped: $who, PEM" ours_enveloped $who \
	    PEM alice.p22 --no-originator-copy --pem
	check "ours enveloped: $who, MIME" ours_enveloped $who \
	    SMIME alice.p22 --no-originator-copy --wrap
	check "ours enveloped: $who, named by key identifier" \
	    ours_enveloped $who DER alice.p22 --no-originator-copy --sid ski
	check "ours enveloped: $who, large" ours_enveloped $who \
	    DER large --no-originator-copy
done
check 'ours enveloped: OAEP' ours_enveloped bob DER alice.p22 \
    --no-originator-copy --rsa-oaep
check 'ours enveloped: several recipients' \
    ours_enveloped 'bob carol dave eve' DER alice.p22 --no-originator-copy

# The copy for the originator opens with the originator's key.
ours_copy()
{
	ours_enveloped 'bob carol' DER alice.p22 \
	    --originator "$(cert "$1")" && theirs_decrypt "$1" DER alice.p22
}
check 'ours enveloped: copy for the originator, RSA' ours_copy alice
check 'ours enveloped: copy for the originator, ECDH' ours_copy dave

ours_encrypt_pipe()
{
	# shellcheck disable=SC2002 # a pipe has no length
	cat "$1" | "$cms" encrypt --content-type p22 --to "$(cert bob)" \
	    --to "$(cert dave)" --no-originator-copy >message &&
	    theirs_decrypt 'bob dave' DER "$1"
}
check 'ours enveloped: BER from a pipe' ours_encrypt_pipe alice.p22
check 'ours enveloped: large, BER from a pipe' ours_encrypt_pipe large

# -------------------------------------------------------- theirs, enveloped

# Every user in the list $1 decrypts the message to content $2.
ours_decrypt()
{
	for reader in $1; do
		rm -f ours.out
		"$cms" decrypt --key "$pki/$reader.pem" -i message -o ours.out \
		    --report report.json && cmp ours.out "$2" &&
		    reported '"1.2.840.113549.1.7.1"' || return
	done
}

# theirs_enveloped USER [OPTION ...]: -recip comes first, as -keyopt needs.
theirs_enveloped()
{
	user=$1
	shift
	openssl cms -encrypt -binary -in alice.p22 -outform DER \
	    -recip "$(cert "$user")" "$@" -out message &&
	    ours_decrypt "$user" alice.p22 &&
	    ours_open message alice.p22 --key "$pki/$user.pem" &&
	    reported '"unsigned"'
}

for who in bob carol dave; do
	for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des-ede3-cbc; do
		check "theirs enveloped: $who, $cipher" \
		    theirs_enveloped $who -$cipher
		check "theirs enveloped: $who, $cipher, -stream" \
		    theirs_enveloped $who -$cipher -stream
	done
	check "theirs enveloped: $who, -keyid" \
	    theirs_enveloped $who -aes256 -keyid
done
oaep='-keyopt rsa_padding_mode:oaep'
check 'theirs enveloped: OAEP' theirs_enveloped bob $oaep -aes256
for digest in sha256 sha384 sha512; do
	check "theirs enveloped: OAEP, $digest" theirs_enveloped bob $oaep \
	    -keyopt rsa_oaep_md:$digest -aes256
done
check 'theirs enveloped: OAEP, sha256, MGF1 with sha1' \
    theirs_enveloped bob $oaep -keyopt rsa_oaep_md:sha256 \
    -keyopt rsa_mgf1_md:sha1 -aes256
check 'theirs enveloped: OAEP, a label' theirs_enveloped bob $oaep \
    -keyopt rsa_oaep_label:6c6162656c -aes256
for who in carol dave; do
	for digest in sha1 sha224 sha256 sha384 sha512; do
		check "theirs enveloped: $who, KDF with $digest" \
		    theirs_enveloped $who -keyopt ecdh_kdf_md:$digest -aes256
	done
	for wrap in aes128 aes192 aes256 des3; do
		check "theirs enveloped: $who, wrapped by $wrap" \
		    theirs_enveloped $who -$wrap-wrap -aes256
	done
	check "theirs enveloped: $who, cofactor mode" theirs_enveloped \
	    $who -keyopt ecdh_cofactor_mode:1 -aes256
done

theirs_several()
{
	openssl cms -encrypt -binary -in large -outform DER -aes256 "$@" \
	    -out message "$(cert bob)" "$(cert carol)" "$(cert dave)" &&
	    ours_decrypt 'bob carol dave' large
}
check 'theirs enveloped: several recipients, large' theirs_several
check 'theirs enveloped: several recipients, large, -stream' \
    theirs_several -stream

theirs_enveloped_form()
{
	openssl cms -encrypt -binary -in alice.p22 -aes256 "$@" \
	    -out message "$(cert bob)" && ours_decrypt bob alice.p22
}
check 'theirs enveloped: PEM' theirs_enveloped_form -outform PEM
check 'theirs enveloped: MIME' theirs_enveloped_form -outform SMIME
check 'theirs enveloped: MIME, -stream -crlfeol' \
    theirs_enveloped_form -outform SMIME -stream -crlfeol

# Others than X.400's recipients are passed over (RFC 5652 section 6.2).
theirs_password_too()
{
	theirs_enveloped bob -aes256 -pwri_password secret "$@" &&
	    reported '"pwri"'
}
check 'theirs enveloped: a password recipient too' theirs_password_too

theirs_for_another()
{
	openssl cms -encrypt -binary -in alice.p22 -outform DER -aes256 \
	    -out message "$(cert bob)" || return
	rm -f ours.out
	"$cms" decrypt --key "$pki/eve.pem" -i message -o ours.out
	[ $? -eq 10 ] && [ ! -e ours.out ]
}
check 'theirs enveloped: for another, exit 10' theirs_for_another

# RFC 3854 section 2.3: Diffie-Hellman key agreement, RFC 2631. No request can
# be signed with such a key: the certificate is made around it.
dh_user()
{
	printf '%s\n' 'keyUsage = critical,keyAgreement' \
	    'extendedKeyUsage = emailProtection' \
	    'subjectKeyIdentifier = hash' >dh.ext
	openssl genpkey -quiet -algorithm DHX -pkeyopt dh_rfc5114:3 \
	    -out dh-key.pem &&
	    openssl pkey -in dh-key.pem -pubout -out dh.pub &&
	    openssl x509 -new -subj '/C=NO/O=cmsx400 test/CN=dh' \
	    -force_pubkey dh.pub -CA "$pki/int.pem" \
	    -CAkey "$pki/int-key.pem" -days 8000 -extfile dh.ext \
	    -out dh-cert.pem && cat dh-cert.pem dh-key.pem >dh.pem
}

theirs_dh()
{
	openssl cms -encrypt -binary -in alice.p22 -outform DER "$@" \
	    -out message dh-cert.pem || return
	rm -f ours.out
	"$cms" decrypt --key dh.pem -i message -o ours.out &&
	    cmp ours.out alice.p22
}
must dh_user
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des-ede3-cbc; do
	check "theirs enveloped: Diffie-Hellman, $cipher" theirs_dh -$cipher
done

# RFC 3854 section 2.4 lets SignedData and EnvelopedData in, RFC 5083 adds
# AuthEnvelopedData where this build has it.
theirs_gcm()
{
	openssl cms -encrypt -binary -in alice.p22 -outform DER \
	    "-$1" -out message "$(cert bob)" && ours_decrypt bob alice.p22
}
for cipher in aes-128-gcm aes-256-gcm; do
	if "$cms" encrypt --help 2>&1 | grep -q $cipher; then
		check "theirs, AuthEnvelopedData, $cipher" theirs_gcm $cipher
	else
		skip "theirs, AuthEnvelopedData, $cipher" \
		    'this build has no AuthEnvelopedData'
	fi
done

done_testing
