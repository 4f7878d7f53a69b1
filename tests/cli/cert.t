#!/bin/sh
# cert.t - cert show, cert csr.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

alice=$(cat "$pki/alice.addr")
canonical='G=Anders; S=Eggen; O=ffi; P=mil; A=telemax; C=NO'

# ----------------------------------------------------------------------- show

expect_exit 0 'show' "$cms" cert show "$pki/alice-cert.pem"
expect_stdout 'CN=alice' 'the subject'
expect_stdout 'CN=Test authority' 'the issuer'
expect_stdout "$canonical" 'the X.400 address'
expect_stdout 'alice@example.org' 'the mail address'
expect_exit 0 '--json' "$cms" cert show --json "$pki/alice-cert.pem"
cp out r.json
json_is r.json certificates '[1]'
json_is r.json certificates/0/x400/0 "$canonical"
json_is r.json certificates/0/notBefore 2020-01-01T00:00:00Z
json_is r.json certificates/0/notAfter 2049-12-31T23:59:59Z
json_is r.json certificates/0/key/bits 2048
json_is r.json certificates/0/ca false
expect_exit 0 'many in a file' "$cms" cert show --json "$pki/chain.pem"
cp out r.json
json_is r.json certificates '[2]'
json_is r.json certificates/1/ca true
openssl x509 -in "$pki/alice-cert.pem" -outform DER -out a.der
expect_exit 0 'DER' "$cms" cert show a.der
expect_exit 0 'a certificate without X.400 address' "$cms" cert show --json \
    "$pki/eve-cert.pem"
cp out r.json
json_is r.json certificates/0/x400 '[0]'
expect_exit 2 'a file that is not there' "$cms" cert show missing.pem
expect_exit 2 'a file without certificate' "$cms" cert show \
    "$pki/alice-key.pem"
expect_usage 'no file' "$cms" cert show
expect_usage 'cert without a verb' "$cms" cert

# ------------------------------------------------------------------------ csr

csr()
{
	"$cms" cert csr --key "$pki/bob-key.pem" "$@"
}

expect_exit 0 'csr' csr --subject '/C=NO/CN=bob' --x400 "$alice" -o r.csr
check 'its signature is good' openssl req -in r.csr -verify -noout
check 'the subject is the one asked for' sh -c \
    "openssl req -in r.csr -noout -subject | grep 'C *= *NO.*CN *= *bob'"
check 'it has a subjectAltName' sh -c \
    "openssl req -in r.csr -noout -text | grep 'X400Name'"
expect_exit 0 'a subject in the form of RFC 4514' csr \
    --subject 'CN=bob,C=NO' --x400 "$alice" -o s.csr
openssl req -in r.csr -noout -subject -nameopt RFC2253 >r.subject
openssl req -in s.csr -noout -subject -nameopt RFC2253 >s.subject
same r.subject s.subject 'is the same name'
must openssl x509 -req -in r.csr -signkey "$pki/bob-key.pem" \
    -copy_extensions copy -out self.pem
check 'the address survives in a certificate' sh -c \
    "'$cms' cert show self.pem | grep -F '$canonical'"
expect_exit 0 'two addresses' csr --subject /CN=bob --x400 "$alice" \
    --x400 'C=NO;A=x;S=Second' -o two.csr
must openssl x509 -req -in two.csr -signkey "$pki/bob-key.pem" \
    -copy_extensions copy -out two.pem
"$cms" cert show --json two.pem >two.json
json_is two.json certificates/0/x400 '[2]'
expect_exit 0 '--der' csr --der --subject /CN=bob --x400 "$alice" -o d.csr
check 'is DER' openssl req -inform DER -in d.csr -verify -noout
expect_exit 0 'PEM on standard output' csr --subject /CN=bob --x400 "$alice"
expect_stdout '^-----BEGIN CERTIFICATE REQUEST-----'
printf 'secret\n' >pass
openssl pkey -in "$pki/bob-key.pem" -aes256 -passout pass:secret \
    -out enc.pem
expect_exit 0 '--passin' "$cms" cert csr --key enc.pem --passin file:pass \
    --subject /CN=bob --x400 "$alice" -o p.csr
expect_exit 2 'without a pass phrase' "$cms" cert csr --key enc.pem \
    --subject /CN=bob --x400 "$alice" -o n.csr
nothing_at n.csr
expect_exit 0 'an EC key' "$cms" cert csr --key "$pki/carol-key.pem" \
    --subject /CN=carol --x400 "$alice" -o ec.csr
check 'its signature is good too' openssl req -in ec.csr -verify -noout
expect_exit 5 'an address that is none' csr --subject /CN=bob --x400 hello \
    -o n.csr
expect_usage 'without --subject' csr --x400 "$alice"
expect_usage 'without --key' "$cms" cert csr --subject /CN=bob --x400 "$alice"
expect_usage 'a subject that is none' csr --subject bob --x400 "$alice" \
    -o n.csr
nothing_at n.csr

done_testing
