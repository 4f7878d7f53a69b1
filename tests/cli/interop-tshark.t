#!/bin/sh
# interop-tshark.t - what Wireshark's dissectors make of our messages: they
# know CMS, ESS, X.411 and X.420, and share nothing with OpenSSL or libtasn1.
#
# They open a file that is called *.p7m as CMS and look into the eContentType
# for the dissector of what is inside: a bare layer (RFC 3854 section 3.4.1)
# or an interpersonal message, whose originator they then show.
#
# SPDX-License-Identifier: ISC

command -v tshark >/dev/null 2>&1 || {
	echo '1..0 # SKIP tshark is not installed'
	exit 0
}

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# Nobody's preferences but the built-in ones.
HOME=$PWD
WIRESHARK_CONFIG_DIR=$PWD
export HOME WIRESHARK_CONFIG_DIR

# typed TYPE USER: content of that type, in TYPE.USER.
typed()
{
	must "$cms" content new --content-type "$1" \
	    --from "$(cat "$pki/$2.addr")" --to "$(cat "$pki/bob.addr")" \
	    --subject 'Interoperability' --text 'some text' -o "$1.$2"
}

dissect()
{
	tshark -r "$1" -V >tree 2>errors && [ -s tree ] ||
	    { cat errors; return 1; }
}

# No dissector objects to anything; one that does not exist cannot.
clean()
{
	! grep -i -e malformed -e 'BER error' -e 'dissector bug' \
	    -e 'Expert Info (\(Error\|Warning\)' tree |
	    grep -v 'Expert Info (Warning/Undecoded)'
}

# The tree has a line with each of these.
shows()
{
	for line in "$@"; do
		grep -q -F -- "$line" tree || {
			echo "there is no line with: $line"
			cat tree
			return 1
		}
	done
}

# made CONTENT DER|BER LAYERS [OPTION ...]: message.p7m, from a file or from
# a pipe, dissected without complaint. CONTENT begins with its type.
made()
{
	input=$1 source=$2 layers=$3
	shift 3
	rm -f message.p7m
	set -- protect --layers "$layers" --content-type "${input%.*}" "$@"
	case $source in
	DER)	"$cms" "$@" --der -i "$input" -o message.p7m ;;
	BER)	# shellcheck disable=SC2002 # a pipe has no length
		cat "$input" | "$cms" "$@" >message.p7m ;;
	esac && dissect message.p7m && clean
}

signed()
{
	made "$@" && shows 'contentType: 1.2.840.113549.1.7.2' SignedData
}

enveloped()
{
	made "$@" && shows 'contentType: 1.2.840.113549.1.7.3' EnvelopedData
}

# The heading of the message inside: alice's address as its originator.
originator()
{
	awk '/^ *originator$/ { level = match($0, /[^ ]/); next }
	    level && match($0, /[^ ]/) <= level { level = 0 }
	    level' tree >originator
	grep -q "surname: $1" originator &&
	    grep -q "given-name: $2" originator || { cat tree; return 1; }
}

typed p22 alice
typed p22 carol
typed p22 dave
typed p2 alice
typed p772 alice
bob=$pki/bob-cert.pem

for form in DER BER; do
	check "signed, $form" signed p22.alice $form sign \
	    --signer "$pki/alice.pem"
	check "signed, $form: eContentType" \
	    shows 'eContentType: 2.6.1.10.1' 'InterPersonal Message (1988)'
	check "signed, $form: originator" originator Eggen Anders
	check "signed, $form: attributes" shows id-contentType \
	    id-messageDigest id-signingTime id-smime-capabilities \
	    id-aa-signingCertificateV2 id-encryption-key-preference
	check "signed by carol, $form" signed p22.carol $form sign \
	    --signer "$pki/carol.pem" --sid ski
	check "signed by carol, $form: originator" originator Carlsen Carol
	check "signed by dave, $form" signed p22.dave $form sign \
	    --signer "$pki/dave.pem" --digest sha384
	check "signed by dave, $form: originator" originator Dahl Dave
	check "signed with RSASSA-PSS, $form" signed p22.alice $form sign \
	    --signer "$pki/alice.pem" --rsa-pss --digest sha512
	check "signed, P2, $form" signed p2.alice $form sign \
	    --signer "$pki/alice.pem"
	check "signed, P2, $form: eContentType" \
	    shows 'eContentType: 2.6.1.10.0'
	check "signed, P2, $form: originator" originator Eggen Anders
	check "signed, P772, $form" signed p772.alice $form sign \
	    --signer "$pki/alice.pem"
	check "signed, P772, $form: eContentType" \
	    shows 'eContentType: 1.3.26.0.4406.0.4.1'
	check "signed by two, $form" signed p22.alice $form sign \
	    --signer "$pki/alice.pem" --signer "$pki/dave.pem" \
	    --allow-originator-mismatch

	check "enveloped, $form" enveloped p22.alice $form encrypt \
	    --to "$bob" --originator "$pki/alice-cert.pem"
	check "enveloped, $form: contentType" shows \
	    'contentType: 2.6.1.10.1' 'recipientInfos: 2 items' ktri
	check "enveloped for many, $form" enveloped p22.alice $form encrypt \
	    --to "$bob" --to "$pki/carol-cert.pem" --to "$pki/dave-cert.pem" \
	    --originator "$pki/alice-cert.pem"
	check "enveloped for many, $form: recipients" \
	    shows 'recipientInfos: 4 items' ktri kari
	check "enveloped with OAEP, $form" enveloped p22.alice $form \
	    encrypt --to "$bob" --no-originator-copy --rsa-oaep --sid ski

	check "triple, $form" signed p22.alice $form sign,encrypt,sign \
	    --signer "$pki/alice.pem" --to "$bob"
	check "triple, $form: the layer inside is dissected" shows \
	    'eContentType: 1.2.840.113549.1.7.3' EnvelopedData \
	    'contentType: 1.2.840.113549.1.7.2' recipientInfos
	check "triple, $form: contentHints" shows id-aa-contentHint \
	    '2.6.1.10.1'
	check "signed twice, $form" signed p22.alice $form sign,sign \
	    --signer "$pki/alice.pem"
	check "signed twice, $form: down to the content" shows \
	    'eContentType: 1.2.840.113549.1.7.2' 'eContentType: 2.6.1.10.1'
	check "signed twice, $form: originator" originator Eggen Anders
done

# What these checks are worth: they see into the content.
damaged()
{
	# A heading with a length beyond the end.
	printf '\240\007\061\005\153\171abc' >p22.damaged
	"$cms" sign --content-type p22 --signer "$pki/alice.pem" \
	    -i p22.damaged -o damaged.p7m && dissect damaged.p7m && ! clean
}
check 'content that is no P22 is noticed' damaged

done_testing
