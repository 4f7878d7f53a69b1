#!/bin/sh
# pki.sh DIR - a certification authority and its users, for tests.
#
# DIR is replaced as a whole, once everything in it is made. It then holds
#
#	ca.pem int.pem	the root and the CA below it, which issues to all users
#	other-ca.pem	a root that has nothing to do with them
#	chain.pem	int.pem and ca.pem
#	NAME.pem	certificate, chain and private key of a user
#	NAME-cert.pem NAME-key.pem	the same, apart
#	NAME.addr	the user's O/R address as text, if it has one
#	alice.p12 alice-enc.pem	alice's PKCS#12 and encrypted key ("secret")
#	crl.pem		CRLs of int and ca, from 2020 to 2049; rita is revoked
#	crl-old.pem	a CRL of int whose nextUpdate was in 2021
#	stamp		made last
#
# Certificates hold from 2020 to 2049, as far as UTCTime goes. The openssl
# command has no words for an x400Address: it gets DER made here.
#
# SPDX-License-Identifier: ISC

set -eu

[ $# -eq 1 ] || { echo 'usage: pki.sh DIR' >&2; exit 1; }
final=$1
dir=$final.new
umask 077
rm -rf "$dir"
mkdir -p "$dir/db"
trap 'rm -rf "$dir"' EXIT

from=20200101000000Z
until=20491231235959Z

# ---------------------------------------------------------------- addresses

# A value in hexadecimal: tag, length, and contents that are hexadecimal too.
tlv()
{
	len=$((${#2} / 2))
	if [ $len -lt 128 ]; then
		printf '%s%02x%s' "$1" $len "$2"
	elif [ $len -lt 256 ]; then
		printf '%s81%02x%s' "$1" $len "$2"
	else
		echo "pki.sh: a value of $len octets is too long" >&2
		exit 1
	fi
}

text()
{
	tlv "$1" "$(printf %s "$2" | od -An -v -tx1 | tr -d ' \n')"
}

# A GeneralName x400Address: [3] IMPLICIT ORAddress (RFC 5280 appendix A.2)
# for C=NO;A=telemax;P=mil;O=ffi;S=$1;G=$2. Country and ADMD have application
# tags around PrintableString (13), the PRMD an explicit [2], and the
# personal name is a SET of [0] surname and [1] given name.
x400address()
{
	standard=$(tlv 61 "$(text 13 NO)")$(tlv 62 "$(text 13 telemax)")
	standard=$standard$(tlv a2 "$(text 13 mil)")$(text 83 ffi)
	standard=$standard$(tlv a5 "$(text 80 "$1")$(text 81 "$2")")
	tlv a3 "$(tlv 30 "$standard")"
}

# The subjectAltName of a user: an address if there is a surname, then a mail
# address, so that a reader must look at more than one name.
altname()
{
	names=
	[ "$2" = - ] || names=$(x400address "$2" "$3")
	tlv 30 "$names$(text 81 "$1@example.org")"
}

# -------------------------------------------------------------- authorities

config()
{
	cat <<-END
	[ca]
	default_ca = this
	[this]
	dir = $dir/db
	database = \$dir/$1.index
	serial = \$dir/$1.serial
	crlnumber = \$dir/$1.crlnumber
	new_certs_dir = \$dir
	certificate = $dir/$1.pem
	private_key = $dir/$1-key.pem
	default_md = sha256
	default_startdate = $from
	default_enddate = $until
	default_crl_days = 30
	crl_extensions = crl
	policy = any
	unique_subject = no
	email_in_dn = no
	[any]
	countryName = optional
	organizationName = optional
	commonName = supplied
	[crl]
	authorityKeyIdentifier = keyid
	[root]
	basicConstraints = critical,CA:TRUE
	keyUsage = critical,keyCertSign,cRLSign
	subjectKeyIdentifier = hash
	[below]
	basicConstraints = critical,CA:TRUE,pathlen:0
	keyUsage = critical,keyCertSign,cRLSign
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	END
}

# What cannot go wrong quietly goes without the chatter of openssl ca.
openssl_ca()
{
	openssl ca -batch -notext "$@" 2>"$dir/log" ||
	    { cat "$dir/log" >&2; exit 1; }
}

# authority NAME CN SECTION ISSUER: ISSUER is NAME for a root.
authority()
{
	config "$1" >"$dir/db/$1.cnf"
	: >"$dir/db/$1.index"
	echo 1000 >"$dir/db/$1.serial"
	echo 01 >"$dir/db/$1.crlnumber"
	openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	    -out "$dir/$1-key.pem"
	openssl req -new -config /dev/null -key "$dir/$1-key.pem" \
	    -subj "/C=NO/O=cmsx400 test/CN=$2" -out "$dir/db/$1.csr"
	self=
	[ "$1" != "$4" ] || self=-selfsign
	openssl_ca -config "$dir/db/$4.cnf" $self -extensions "$3" \
	    -in "$dir/db/$1.csr" -out "$dir/$1.pem"
}

# -------------------------------------------------------------------- users

# The options of genpkey for a key by its short name.
key_options()
{
	case $1 in
	rsa*)	echo "-algorithm RSA -pkeyopt rsa_keygen_bits:${1#rsa}" ;;
	p*)	echo "-algorithm EC -pkeyopt ec_paramgen_curve:P-${1#p}" ;;
	*)	echo "pki.sh: no key is called $1" >&2; exit 1 ;;
	esac
}

# The extensions of user NAME with key usage USAGE, purpose EKU, SURNAME and
# GIVEN name.
extensions()
{
	cat <<-END
	basicConstraints = CA:FALSE
	keyUsage = critical,$2
	extendedKeyUsage = $3
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	subjectAltName = DER:$(altname "$1" "$4" "$5")
	END
}

# request NAME USAGE EKU SURNAME GIVEN: what its authority will sign.
request()
{
	extensions "$@" >"$dir/db/$1.ext"
	[ "$4" = - ] ||
	    echo "C=NO;A=telemax;P=mil;O=ffi;S=$4;G=$5" >"$dir/$1.addr"
	openssl req -new -config /dev/null -key "$dir/$1-key.pem" \
	    -subj "/C=NO/O=cmsx400 test/CN=$1" -out "$dir/db/$1.csr"
}

# user NAME ISSUER USAGE EKU SURNAME GIVEN [option of openssl ca ...]
user()
{
	name=$1 issuer=$2
	request "$1" "$3" "$4" "$5" "$6"
	shift 6
	openssl_ca -config "$dir/db/$issuer.cnf" "$@" \
	    -extfile "$dir/db/$name.ext" \
	    -in "$dir/db/$name.csr" -out "$dir/$name-cert.pem"
	bundle "$name" "$issuer"
}

bundle()
{
	cat "$dir/$1-cert.pem" "$dir/$2.pem" "$dir/$1-key.pem" >"$dir/$1.pem"
}

# A second certificate with the issuer and serial number of user OF, which no
# sane authority makes: openssl ca refuses, openssl x509 does not. 8000 days
# from now keep it valid as long as it matters.
# twin NAME OF USAGE EKU SURNAME GIVEN
twin()
{
	serial=$(openssl x509 -noout -serial -in "$dir/$2-cert.pem")
	request "$1" "$3" "$4" "$5" "$6"
	openssl x509 -req -in "$dir/db/$1.csr" -CA "$dir/int.pem" \
	    -CAkey "$dir/int-key.pem" -set_serial "0x${serial#*=}" \
	    -days 8000 -extfile "$dir/db/$1.ext" \
	    -out "$dir/$1-cert.pem" 2>"$dir/log" ||
	    { cat "$dir/log" >&2; exit 1; }
	bundle "$1" int
}

# Keys first, all at once: RSA is what takes the time.
users='alice:rsa2048 bob:rsa2048 carol:p256 dave:p384 eve:rsa2048
    mallory:rsa2048 rita:rsa2048 expired:rsa2048 wrongeku:rsa2048
    nosign:rsa2048 noencrypt:rsa2048 sha1:rsa2048 weak:rsa1024 twin:rsa2048
    zed:rsa2048'
for pair in $users; do
	# shellcheck disable=SC2046 # the options are words
	openssl genpkey -quiet $(key_options "${pair#*:}") \
	    -out "$dir/${pair%:*}-key.pem" &
done

authority ca 'Test root' root ca
authority int 'Test authority' below ca
authority other-ca 'Other root' root other-ca
cat "$dir/int.pem" "$dir/ca.pem" >"$dir/chain.pem"
wait
for pair in $users; do
	[ -s "$dir/${pair%:*}-key.pem" ] || exit 1
done

rsa=digitalSignature,nonRepudiation,keyEncipherment
ec=digitalSignature,nonRepudiation,keyAgreement
mail=emailProtection
user alice int $rsa $mail Eggen Anders
user bob int $rsa $mail Berg Bob
user carol int $ec $mail Carlsen Carol
user dave int $ec $mail Dahl Dave
user eve int $rsa $mail - -
user mallory int $rsa $mail Berg Bob2
user rita int $rsa $mail Rud Rita
user expired int $rsa $mail Eggen Anders -enddate 20210101000000Z
user wrongeku int $rsa serverAuth Eggen Anders
user nosign int keyEncipherment $mail Eggen Anders
user noencrypt int digitalSignature $mail Eggen Anders
user sha1 int $rsa $mail Eggen Anders -md sha1
user weak int $rsa $mail Eggen Anders
user zed other-ca $rsa $mail Zander Zed
twin twin alice $rsa $mail Tvilling Twin

# ------------------------------------------------------ other forms and CRLs

openssl pkcs12 -export -in "$dir/alice-cert.pem" -inkey "$dir/alice-key.pem" \
    -certfile "$dir/int.pem" -name alice -passout pass:secret \
    -out "$dir/alice.p12"
openssl pkey -in "$dir/alice-key.pem" -aes256 -passout pass:secret \
    -out "$dir/db/alice-enc.pem"
cat "$dir/alice-cert.pem" "$dir/int.pem" "$dir/db/alice-enc.pem" \
    >"$dir/alice-enc.pem"

# openssl ca revokes as of now; a test may judge at an earlier time.
openssl_ca -config "$dir/db/int.cnf" -revoke "$dir/rita-cert.pem" \
    -crl_reason keyCompromise
sed 's/	[0-9]*Z,keyCompromise	/	200102000000Z,keyCompromise	/' \
    "$dir/db/int.index" >"$dir/db/index.new"
mv "$dir/db/index.new" "$dir/db/int.index"
crl()
{
	openssl_ca -config "$dir/db/$1.cnf" -gencrl -crl_lastupdate "$2" \
	    -crl_nextupdate "$3" -out "$dir/db/$1.crl"
	cat "$dir/db/$1.crl"
}
crl int 20200103000000Z 20210101000000Z >"$dir/crl-old.pem"
{
	crl int 20200103000000Z $until
	crl ca 20200103000000Z $until
} >"$dir/crl.pem"

rm -rf "$dir/db" "$dir/log"
: >"$dir/stamp"
rm -rf "$final"
mv "$dir" "$final"
