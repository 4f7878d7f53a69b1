#!/bin/sh
# demo.sh - what cmsx400 does, on a message made for it.
#
# Run by `make demo`. Makes an authority and three users, protects a P22
# message three times over, opens it, and shows two forgeries refused. Works
# in a new directory, build/demo. Every step's exit code is checked: the
# first that is not the expected one ends the demonstration with status 1.
#
# SPDX-License-Identifier: ISC

set -eu
umask 077

command=${CMSX400:-build/cmsx400}
case $command in
/*)	;;
*)	command=$PWD/$command ;;
esac
work=${CX4_BUILD:-build}/demo
rm -rf "$work"
mkdir -p "$work"
cd "$work"

cmsx400()
{
	"$command" "$@"
}

heading()
{
	printf '\n== %s\n\n' "$*"
}

say()
{
	printf '   %s\n' "$@"
}

# The words of a command, in quotes where a shell would need them.
show()
{
	line='   $'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_./=,:-]*)
			line="$line '$word'" ;;
		*)	line="$line $word" ;;
		esac
	done
	printf '%s\n' "$line"
}

# expect CODE COMMAND...: run it, indented, and insist on its exit code.
expect()
{
	want=$1
	shift
	show "$@"
	got=0
	"$@" >out.txt 2>&1 || got=$?
	sed 's/^/     /' out.txt
	if [ "$got" -ne "$want" ]; then
		echo "demo.sh: exit code $got instead of $want" >&2
		exit 1
	fi
	[ "$want" -eq 0 ] || say "exit code $got, as it should be"
}

run()
{
	expect 0 "$@"
}

# no FILE: a refused step must leave no output behind.
no()
{
	if [ -e "$1" ]; then
		echo "demo.sh: $1 was written" >&2
		exit 1
	fi
	say "and no file $1"
}

alice='C=NO;A=telemax;P=mil;O=ffi;S=Eggen;G=Anders'
bob='C=NO;A=telemax;P=mil;O=ffi;S=Berg;G=Bob'
mallory='C=NO;A=telemax;P=mil;O=ffi;S=Moe;G=Mallory'

# ------------------------------------------------------------------------

heading 'An authority, made with openssl'

cat >ca.cnf <<'END'
[req]
distinguished_name = dn
[dn]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[user]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
run openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
    -out ca-key.pem
run openssl req -x509 -new -config ca.cnf -extensions authority \
    -subj '/C=NO/O=Demo/CN=Demo CA' -days 30 -key ca-key.pem -out ca.pem

heading 'Three users: cmsx400 makes the requests, with X.400 addresses'

user()
{
	run openssl genpkey -quiet -algorithm RSA \
	    -pkeyopt rsa_keygen_bits:2048 -out "$1-key.pem"
	run cmsx400 cert csr --key "$1-key.pem" --subject "/C=NO/O=Demo/CN=$1" \
	    --x400 "$2" -o "$1.csr"
	run openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem \
	    -days 30 -copy_extensions copy -extfile ca.cnf -extensions user \
	    -out "$1-cert.pem"
	cat "$1-cert.pem" "$1-key.pem" >"$1.pem"
}
user alice "$alice"
user bob "$bob"
user mallory "$mallory"
run cmsx400 cert show alice-cert.pem

heading 'A P22 message from alice to bob'

run cmsx400 content new --content-type p22 --from "$alice" --to "$bob" \
    --subject 'Tide tables' --text 'High water at 06:12.' -o message.p22
run cmsx400 content show --content-type p22 -i message.p22

heading 'Signed, encrypted, signed again, and wrapped in MIME'

run cmsx400 triple --signer alice.pem --to bob-cert.pem \
    --content-type p22 -i message.p22 -o message.der
run cmsx400 wrap -i message.der -o message.eml
say 'The wrapper:'
tr -d '\r' <message.eml | sed -e '/^$/,$d' -e 's/^/     /'

heading 'What anybody on the way can see'

run cmsx400 inspect -i message.eml

heading 'Bob strips the wrapper and opens the message'

run cmsx400 strip -i message.eml -o stripped.der
run cmp stripped.der message.der
run cmsx400 open --key bob.pem --trust ca.pem -i stripped.der \
    -o received.p22 --report report.json
say 'The content is the same, octet for octet:'
run cmp received.p22 message.p22
say 'From the report: the outcome, the verdicts on each signature, the content:'
sed -n -e '/^  "result"/,/^  "exit"/p' -e '/"verdicts"/,/},/p' \
    -e '/^  "content"/,/^  },/p' report.json | sed 's/^/     /'

heading 'A forged originator'

say "Mallory signs alice's message with a certificate of the same authority." \
    'The sending side refuses (RFC 3854 section 4.3):'
expect 3 cmsx400 sign --signer mallory.pem --content-type p22 \
    -i message.p22 -o forged.der
no forged.der
say 'Mallory insists. Every signature is good, and bob is told all the same:'
run cmsx400 triple --signer mallory.pem --to bob-cert.pem \
    --allow-originator-mismatch --content-type p22 \
    -i message.p22 -o forged.der
expect 7 cmsx400 open --key bob.pem --trust ca.pem -i forged.der \
    -o forged.p22
no forged.p22

heading 'A relabelled content type'

say 'A signature covers the content type, in its attributes. Alice signs' \
    'a P22, and on the way eContentType 2.6.1.10.1 becomes 2.6.1.10.0: a P2.'
run cmsx400 sign --signer alice.pem --content-type p22 \
    -i message.p22 -o signed.der
cp signed.der relabelled.der
# The first 06 04 56 01 0A 01 is eContentType; its last octet is changed.
octets=$(od -An -v -tx1 signed.der | tr -d ' \n')
before=${octets%%060456010a01*}
at=$((${#before} / 2 + 5))
say "$ printf '\\000' | dd of=relabelled.der bs=1 conv=notrunc seek=$at"
printf '\000' | dd of=relabelled.der bs=1 conv=notrunc seek=$at 2>dd.txt
say 'OpenSSL does not compare the two:'
run openssl cms -verify -inform DER -in relabelled.der -CAfile ca.pem \
    -out relabelled.p22
say 'cmsx400 does:'
expect 0 cmsx400 verify --trust ca.pem -i signed.der -o signed.p22
expect 4 cmsx400 verify --trust ca.pem -i relabelled.der -o refused.p22
no refused.p22

printf '\n== Done. The files are in %s\n' "$work"
