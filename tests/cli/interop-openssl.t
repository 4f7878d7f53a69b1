#!/bin/sh
# interop-openssl.t - both ways with the openssl cms command.
#
# What cmsx400 writes is opened by openssl and compared with the content, and
# the other way round. The command has no way to write an EnvelopedData with
# another contentType than id-data, which RFC 3854 section 3.3 forbids for
# X.400 content: its plain ones are opened as the id-data they say they are,
# and for layers inside, the one octet that differs is patched. Layers are
# nested bare with a few octets of header made here, so that nothing of
# cmsx400 stands between openssl and the message.
#
# SPDX-License-Identifier: ISC

set -u

cms=$CMSX400
pki=$CX4_PKI
cd "$CX4_TMP" || exit 1
count=0
data=1.2.840.113549.1.7.1
p22=2.6.1.10.1

# ------------------------------------------------------------------ harness

# check NAME COMMAND [ARGUMENT ...]: the command must succeed.
check()
{
	check_name=$1
	shift
	count=$((count + 1))
	if "$@" >log 2>&1; then
		echo "ok $count - $check_name"
	else
		echo "not ok $count - $check_name"
		sed 's/^/# /' log
	fi
}

skip()
{
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# The certificate of $1 as a recipient.
cert()
{
	echo "$pki/$1-cert.pem"
}

# Content whose originator is $1, and large content that nobody can read:
# what is in it must not matter, and it crosses every buffer on the way.
content()
{
	$cms content new --content-type p22 --from "$(cat "$pki/$1.addr")" \
	    --to "$(cat "$pki/bob.addr")" --subject 'Interoperability' \
	    --text 'line one
line two' -o "$1.p22"
}

for who in alice carol dave; do
	content $who || exit 1
done
i=0
while [ $i -lt 8 ]; do
	cat "$pki/chain.pem" "$pki/alice.pem"
	printf '\000\377\r\n\n'
	i=$((i + 1))
done >large

# The message of openssl made from file $1 in form $2, with what follows.
theirs_verify()
{
	in=$1 form=$2 content=$3
	shift 3
	rm -f theirs.out
	openssl cms -verify -binary -inform "$form" -in "$in" \
	    -CAfile "$pki/ca.pem" "$@" -out theirs.out &&
	    cmp theirs.out "$content"
}

ours_open()
{
	in=$1 content=$2
	shift 2
	rm -f ours.out
	$cms open --trust "$pki/ca.pem" -i "$in" -o ours.out \
	    --report report.json "$@" && cmp ours.out "$content"
}

# The report of the last message holds $1.
reported()
{
	grep -q -- "$1" report.json || { cat report.json; return 1; }
}

# The dump of message $1 (form $2) by openssl holds $3.
dumped()
{
	openssl cms -cmsout -print -noout -inform "$2" -in "$1" >dump || return
	grep -q -- "$3" dump || { cat dump; return 1; }
}

# ------------------------------------------------------------- ours, signed

ours_sign()
{
	user=$1 form=$2 content=$3
	shift 3
	rm -f message
	case $form in
	der)	$cms sign --signer "$pki/$user.pem" --content-type p22 --der \
		    "$@" -i "$content" -o message ;;
	ber)	# shellcheck disable=SC2002 # a pipe has no length
		cat "$content" | $cms sign --signer "$pki/$user.pem" \
		    --content-type p22 "$@" >message ;;
	pem)	$cms sign --signer "$pki/$user.pem" --content-type p22 --pem \
		    "$@" -i "$content" -o message ;;
	mime)	$cms sign --signer "$pki/$user.pem" --content-type p22 --wrap \
		    "$@" -i "$content" -o message ;;
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
	LC_ALL=C sed 's/Interoperability/interoperability/' message >altered
	! cmp message altered && theirs_verify message DER alice.p22 &&
	    ! theirs_verify altered DER alice.p22
}
check 'ours signed: openssl refuses an altered copy' ours_altered

ours_certs_only()
{
	$cms certs-only --cert "$pki/alice-cert.pem" --cert "$pki/int.pem" \
	    -o message || return
	openssl pkcs7 -inform DER -in message -print_certs -out list &&
	    [ "$(grep -c 'BEGIN CERT' list)" -eq 2 ]
}
if $cms certs-only --help >log 2>&1; then
	check 'ours certs-only: openssl lists the certificates' ours_certs_only
else
	skip 'ours certs-only' 'this build has no certs-only'
fi

# ----------------------------------------------------------- theirs, signed

theirs_sign()
{
	user=$1 content=$2
	shift 2
	openssl cms -sign -binary -nodetach -econtent_type $p22 \
	    -in "$content" -outform DER -signer "$(cert "$user")" \
	    -inkey "$pki/$user-key.pem" "$@" -out message
}

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
	    -out message && ours_open message large && reported "\"$data\""
}
check 'theirs signed: id-data' theirs_data
check 'theirs signed: id-data without signed attributes' theirs_data -noattr

# --------------------------------------------------------------- the old DSA

# RFC 3854 section 2.2: DSA with SHA-1 MUST be verified. Its key is made with
# fixed parameters sizes of that time; the certificate is issued here.
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
	$cms sign --signer dsa.pem --digest sha1 --policy rfc3854 \
	    --content-type p22 -i alice.p22 -o message &&
	    theirs_verify message DER alice.p22
}

if dsa_user >log 2>&1; then
	check 'theirs signed: DSA, sha1 opens under rfc3854 only' theirs_dsa
	check 'ours signed: DSA, sha1 under rfc3854' ours_dsa
else
	skip 'DSA' 'this openssl makes no DSA keys'
fi

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
	$cms encrypt --content-type p22 "$@" -i "$content" -o message &&
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
	cat "$1" | $cms encrypt --content-type p22 --to "$(cert bob)" \
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
		$cms decrypt --key "$pki/$reader.pem" -i message -o ours.out \
		    --report report.json && cmp ours.out "$2" &&
		    reported "\"$data\"" || return
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
	$cms decrypt --key "$pki/eve.pem" -i message -o ours.out
	[ $? -eq 10 ] && [ ! -e ours.out ]
}
check 'theirs enveloped: for another, exit 10' theirs_for_another

# RFC 3854 section 2.4 lets SignedData and EnvelopedData in, RFC 5083 adds
# AuthEnvelopedData where this build has it.
theirs_gcm()
{
	openssl cms -encrypt -binary -in alice.p22 -outform DER \
	    "-$1" -out message "$(cert bob)" && ours_decrypt bob alice.p22
}
for cipher in aes-128-gcm aes-256-gcm; do
	if $cms encrypt --help 2>&1 | grep -q $cipher; then
		check "theirs, AuthEnvelopedData, $cipher" theirs_gcm $cipher
	else
		skip "theirs, AuthEnvelopedData, $cipher" \
		    'this build has no AuthEnvelopedData'
	fi
done

# ----------------------------------------------------------- layers, nested

# header TAG LENGTH: identifier (in octal) and length octets.
header()
{
	if [ "$2" -lt 128 ]; then
		printf "\\$1\\$(printf %03o "$2")"
	else
		printf "\\$1\\203$(printf '\\%03o' $(($2 >> 16)) \
		    $(($2 >> 8 & 255)) $(($2 & 255)))"
	fi
}

# wrap TYPE FILE: a ContentInfo around the bare value in FILE, on standard
# output. The type is the last arc below 1.2.840.113549.1.7.
wrap()
{
	header 240 $(($(wc -c <"$2"))) >explicit
	cat "$2" >>explicit
	header 060 $((11 + $(wc -c <explicit)))
	printf "\\006\\011\\052\\206\\110\\206\\367\\015\\001\\007\\00$1"
	cat explicit
}

# The bare value in the ContentInfo in file $1, to file $2.
unwrap()
{
	at=$(openssl asn1parse -inform DER -in "$1" | awk -F: '
	    found { print $1 + 0; exit }
	    /cont \[ 0 \]/ { found = 1 }') && [ -n "$at" ] &&
	    openssl asn1parse -inform DER -in "$1" -strparse "$at" -noout \
	    -out "$2"
}

# The file $1 as escapes for printf.
octal()
{
	od -An -v -to1 "$1" | tr -d '\n' | sed 's/ /\\/g'
}

# The first id-data in file $1, which in DER is the contentType of an
# EnvelopedData, becomes the type with last arc $2 of the same length.
retype()
{
	octets=$(octal "$1" | sed \
	    "s/\\(\\\\367\\\\015\\\\001\\\\007\\\\00\\)1/\\1$2/")
	printf "$octets" >retyped && ! cmp -s "$1" retyped && mv retyped "$1"
}

ours_triple()
{
	$cms triple --signer "$pki/alice.pem" --to "$(cert bob)" \
	    --to "$(cert dave)" --content-type p22 "$@" -o message
}

# Every layer opened by openssl, the bare inner values wrapped here.
theirs_triple()
{
	for reader in bob dave alice; do
		openssl cms -verify -binary -inform "$1" -in message \
		    -CAfile "$pki/ca.pem" -out bare && wrap 3 bare >layer &&
		    dumped layer DER 'contentType: pkcs7-signedData' &&
		    openssl cms -decrypt -binary -inform DER -in layer \
		    -recip "$(cert $reader)" -inkey "$pki/$reader-key.pem" \
		    -out bare && wrap 2 bare >layer &&
		    dumped layer DER "eContentType: .*($p22)" &&
		    theirs_verify layer DER "$2" || return
	done
}

ours_triple_opened()
{
	ours_triple --der -i "$1" && theirs_triple DER "$1"
}
check 'ours triple: every layer by openssl' ours_triple_opened alice.p22
check 'ours triple: large, every layer by openssl' ours_triple_opened large

ours_triple_pipe()
{
	# shellcheck disable=SC2002 # a pipe has no length
	cat "$1" | ours_triple && theirs_triple DER "$1"
}
check 'ours triple: BER from a pipe' ours_triple_pipe alice.p22
check 'ours triple: large, BER from a pipe' ours_triple_pipe large

ours_triple_form()
{
	form=$1
	shift
	ours_triple "$@" -i alice.p22 && theirs_triple "$form" alice.p22
}
check 'ours triple: PEM' ours_triple_form PEM --pem
check 'ours triple: MIME' ours_triple_form SMIME --wrap
check 'ours triple: MIME with LF' ours_triple_form SMIME --wrap --lf

# What verify and decrypt hand out in between is a ContentInfo.
ours_triple_step()
{
	ours_triple -i alice.p22 &&
	    $cms verify --trust "$pki/ca.pem" -i message -o message.2 &&
	    openssl cms -decrypt -binary -inform DER -in message.2 \
	    -recip "$(cert bob)" -inkey "$pki/bob-key.pem" -out bare &&
	    $cms decrypt --key "$pki/bob.pem" -i message.2 -o message.3 &&
	    unwrap message.3 bare.3 && cmp bare bare.3 &&
	    theirs_verify message.3 DER alice.p22
}
check 'ours triple: verify, decrypt, verify step by step' ours_triple_step

# A triple made by openssl; $1 is how inner layers are nested.
theirs_triple_made()
{
	nest=$1 receiver=$2
	shift 2
	theirs_sign alice alice.p22 -certfile "$pki/int.pem" &&
	    "$nest" message inner &&
	    openssl cms -encrypt -binary -in inner -outform DER "$@" \
	    -out message "$(cert "$receiver")" && retype message 2 &&
	    "$nest" message inner &&
	    openssl cms -sign -binary -nodetach -in inner -outform DER \
	    -econtent_type 1.2.840.113549.1.7.3 -signer "$pki/alice.pem" \
	    -certfile "$pki/int.pem" -out message &&
	    ours_open message alice.p22 --key "$pki/$receiver.pem" &&
	    reported '"originatorCheck": *"match"'
}
for who in bob carol dave; do
	check "theirs triple: nested bare, $who" \
	    theirs_triple_made unwrap $who -aes256
	check "theirs triple: nested as ContentInfo, $who" \
	    theirs_triple_made cp $who -aes128
	check "theirs triple: nested as ContentInfo, $who, warning" \
	    reported '"inner-contentinfo"'
done

# Signed twice: the outer eContentType is id-signedData.
theirs_signed_twice()
{
	nest=$1
	shift
	theirs_sign carol carol.p22 -certfile "$pki/int.pem" "$@" &&
	    "$nest" message inner &&
	    openssl cms -sign -binary -nodetach -in inner -outform DER \
	    -econtent_type 1.2.840.113549.1.7.2 "$@" \
	    -signer "$pki/dave.pem" -certfile "$pki/int.pem" \
	    -out message && ours_open message carol.p22
}
check 'theirs signed twice: nested bare' theirs_signed_twice unwrap
check 'theirs signed twice: nested as ContentInfo' theirs_signed_twice cp
check 'theirs signed twice: nested as ContentInfo, -stream' \
    theirs_signed_twice cp -stream

# cmsx400 nests a ContentInfo of openssl under its own type.
ours_around_theirs()
{
	theirs_sign alice alice.p22 -certfile "$pki/int.pem" "$@" &&
	    $cms encrypt --to "$(cert bob)" --no-originator-copy \
	    -i message -o outer &&
	    openssl cms -decrypt -binary -inform DER -in outer \
	    -recip "$(cert bob)" -inkey "$pki/bob-key.pem" -out bare &&
	    wrap 2 bare >layer && theirs_verify layer DER alice.p22 &&
	    ours_open outer alice.p22 --key "$pki/bob.pem"
}
check 'ours around theirs: encrypted' ours_around_theirs
check 'ours around theirs: encrypted, -stream' ours_around_theirs -stream

echo "1..$count"
