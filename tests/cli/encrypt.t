#!/bin/sh
# encrypt.t - encrypt: the options of the verb.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

content alice

seen()
{
	must "$cms" inspect --json -i "$1" --report report.json -q
	json_is report.json "$2" "$3" "$4"
}

# opened FILE USER: the user can read it, and it is the content.
opened()
{
	rm -f content.out
	"$cms" open --key "$pki/$2.pem" -i "$1" -o content.out >log 2>&1
	same content.out alice.p22 "$2 opens $1"
}

# -------------------------------------------------------------- what it needs

expect_usage 'without --to' "$cms" encrypt \
    --originator "$pki/alice-cert.pem" --content-type p22 -i alice.p22
expect_usage 'neither --originator nor --no-originator-copy' "$cms" encrypt \
    --to "$pki/bob-cert.pem" --content-type p22 -i alice.p22
expect_stderr '--no-originator-copy'
expect_usage 'both of them' encrypt_it --no-originator-copy -i alice.p22
expect_usage 'X.400 content without --content-type' "$cms" encrypt \
    --to "$pki/bob-cert.pem" --originator "$pki/alice-cert.pem" \
    -i alice.p22
expect_exit 2 'a certificate that is not there' "$cms" encrypt \
    --to missing.pem --no-originator-copy --content-type p22 -i alice.p22
expect_exit 3 'a certificate that cannot receive' "$cms" encrypt \
    --to "$pki/noencrypt-cert.pem" --no-originator-copy \
    --content-type p22 -i alice.p22
expect_exit 3 'an originator that cannot receive' "$cms" encrypt \
    --to "$pki/bob-cert.pem" --originator "$pki/noencrypt-cert.pem" \
    --content-type p22 -i alice.p22

# --------------------------------------------------------------- the message

expect_exit 0 'encrypt' encrypt_it -i alice.p22 -o plain.der
opened plain.der bob
opened plain.der alice
seen plain.der layers/0/type envelopedData 'it is an EnvelopedData'
seen plain.der layers/0/contentType/oid 2.6.1.10.1 \
    'whose contentType is P22, not id-data'
seen plain.der layers/0/recipients '[2]' 'bob and the originator'
seen plain.der layers/0/cipher aes-256-cbc 'modern takes aes-256-cbc'
expect_exit 10 'nobody else opens it' "$cms" open --key "$pki/dave.pem" \
    -i plain.der -o other.out
nothing_at other.out
expect_exit 0 '--no-originator-copy' "$cms" encrypt \
    --to "$pki/bob-cert.pem" --no-originator-copy --content-type p22 \
    -i alice.p22 -o no-copy.der
seen no-copy.der layers/0/recipients '[1]' 'leaves the originator out'
opened no-copy.der bob
expect_exit 0 'several --to' encrypt_it --to "$pki/carol-cert.pem" \
    --to "$pki/dave-cert.pem" -i alice.p22 -o many.der
seen many.der layers/0/recipients '[4]' 'one RecipientInfo each'
for user in alice bob carol dave; do
	opened many.der $user
done
seen many.der layers/0/recipients/0/type ktri 'key transport for RSA'
seen many.der layers/0/recipients/2/type kari 'key agreement for EC'

# ----------------------------------------------------------------- algorithms

for cipher in aes-128-cbc aes-192-cbc aes-256-cbc; do
	expect_exit 0 "--cipher $cipher" encrypt_it --cipher $cipher \
	    -i alice.p22 -o cipher.der
	seen cipher.der layers/0/cipher $cipher "$cipher is used"
	opened cipher.der bob
done
expect_exit 0 '--cipher auto' encrypt_it --cipher auto -i alice.p22 \
    -o auto.der
seen auto.der layers/0/cipher aes-256-cbc 'is the one of the policy'
expect_exit 0 'auto under rfc3854' encrypt_it --policy rfc3854 \
    -i alice.p22 -o tdes.der
seen tdes.der layers/0/cipher des-ede3-cbc 'is des-ede3-cbc'
opened tdes.der bob
expect_exit 0 '--cipher des-ede3-cbc' encrypt_it --policy rfc3854 \
    --cipher des-ede3-cbc -i alice.p22 -o tdes2.der
expect_exit 3 'a cipher that the policy forbids' encrypt_it \
    --policy strict --cipher aes-128-cbc -i alice.p22
expect_usage 'a cipher that is not known' encrypt_it --cipher rot13 \
    -i alice.p22
expect_exit 0 '--rsa-oaep' encrypt_it --rsa-oaep -i alice.p22 -o oaep.der
opened oaep.der bob
check 'id-RSAES-OAEP is used' sh -c \
    "openssl asn1parse -inform DER -in oaep.der | grep -i rsaesOaep"
expect_exit 0 '--sid ski' encrypt_it --sid ski -i alice.p22 -o ski.der
opened ski.der bob

# ------------------------------------------------------------------- the form

expect_exit 0 'a ContentInfo without --content-type' "$cms" encrypt \
    --to "$pki/bob-cert.pem" --no-originator-copy -i plain.der -o nested.der
seen nested.der layers/0/contentType/oid 1.2.840.113549.1.7.3 \
    'is nested under its own type'
opened nested.der bob
expect_exit 0 '--pem' encrypt_it --pem -i alice.p22 -o m.pem
opened m.pem bob
expect_exit 0 '--wrap' encrypt_it --wrap -i alice.p22 -o m.eml
check 'smime-type is enveloped-x400' \
    grep -q 'smime-type=enveloped-x400' m.eml
opened m.eml bob
expect_exit 0 'from a pipe' sh -c "cat alice.p22 | '$cms' encrypt \
    --to '$pki/bob-cert.pem' --no-originator-copy --content-type p22 \
    -o pipe.ber"
seen pipe.ber input/encoding ber 'indefinite lengths'
opened pipe.ber bob
expect_exit 0 '--der' encrypt_it --der -i alice.p22 -o der.der
seen der.der input/encoding der 'definite lengths'
expect_exit 9 '--max-octets' encrypt_it --max-octets 100 -i alice.p22

# -------------------------------------------------- what belongs to signatures

for option in --digest=sha256 --signing-time=2024-01-01T00:00:00Z \
    --rsa-pss --no-certs "--signer=$pki/alice.pem" \
    --allow-originator-mismatch; do
	expect_usage "${option%%=*} has no meaning" encrypt_it "$option" \
	    -i alice.p22
done

done_testing
