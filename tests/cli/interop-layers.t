#!/bin/sh
# interop-layers.t - nested layers, both ways with the openssl cms command.
#
# Inner layers are nested bare (RFC 3854 section 3.4.1), and openssl reads
# and writes nothing but ContentInfo. A few octets of header are made or
# taken off here, so that nothing of cmsx400 stands between openssl and the
# message. In an EnvelopedData that openssl made, the one octet in which
# id-data and id-signedData differ is patched.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/interop.sh
. "${0%/*}/interop.sh"

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

ours_triple()
{
	"$cms" triple --signer "$pki/alice.pem" --to "$(cert bob)" \
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
	    "$cms" verify --trust "$pki/ca.pem" -i message -o message.2 &&
	    openssl cms -decrypt -binary -inform DER -in message.2 \
	    -recip "$(cert bob)" -inkey "$pki/bob-key.pem" -out bare &&
	    "$cms" decrypt --key "$pki/bob.pem" -i message.2 -o message.3 &&
	    unwrap message.3 bare.3 && cmp bare bare.3 &&
	    theirs_verify message.3 DER alice.p22
}
check 'ours triple: verify, decrypt, verify step by step' ours_triple_step

id_data=06092a864886f70d010701
id_signed_data=06092a864886f70d010702

# A triple made by openssl; $1 is how inner layers are nested.
theirs_triple_made()
{
	nest=$1 receiver=$2
	shift 2
	theirs_sign alice alice.p22 -certfile "$pki/int.pem" &&
	    "$nest" message inner &&
	    openssl cms -encrypt -binary -in inner -outform DER "$@" \
	    -out outer "$(cert "$receiver")" &&
	    patch_octets outer message $id_data $id_signed_data &&
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
	    "$cms" encrypt --to "$(cert bob)" --no-originator-copy \
	    -i message -o outer &&
	    openssl cms -decrypt -binary -inform DER -in outer \
	    -recip "$(cert bob)" -inkey "$pki/bob-key.pem" -out bare &&
	    wrap 2 bare >layer && theirs_verify layer DER alice.p22 &&
	    ours_open outer alice.p22 --key "$pki/bob.pem"
}
check 'ours around theirs: encrypted' ours_around_theirs
check 'ours around theirs: encrypted, -stream' ours_around_theirs -stream

done_testing
