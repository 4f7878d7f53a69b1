#!/bin/sh
# examples.t - the example programs do what their heads say, and exit with 1
# when they cannot.
#
# SPDX-License-Identifier: ISC

set -u

bin=$CX4_BUILD/examples
cms=$CMSX400
pki=$CX4_PKI
cd "$CX4_TMP" || exit 1
count=0
bad=0

# check NAME COMMAND...: the command must succeed.
check()
{
	name=$1
	shift
	count=$((count + 1))
	if "$@" >log 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' log
		bad=1
	fi
}

# Exit code exactly 1: neither success nor death by a signal.
fails()
{
	"$@"
	[ $? -eq 1 ]
}


# Nothing with this beginning of a name is left in the directory.
nothing()
{
	for found in "$1"*; do
		[ ! -e "$found" ] || return 1
	done
}

$cms content new --content-type p22 --from "$(cat "$pki/alice.addr")" \
    --to "$(cat "$pki/bob.addr")" --subject Examples --text 'some text' \
    -o content || exit 1

# 01-sign
sign()
{
	"$bin/01-sign" "$@" <content >signed.der
}
check '01-sign signs' sign "$pki/alice.pem" p22
check '... what openssl verifies' openssl cms -verify -inform DER \
    -in signed.der -CAfile "$pki/ca.pem" -out verified
check '... with the content inside' cmp verified content
check '01-sign refuses an unknown type' fails sign "$pki/alice.pem" p99
check '... and a signer without key' fails sign "$pki/alice-cert.pem" p22
check '... and a signer who is not the originator' fails \
    sign "$pki/mallory.pem" p22
check '... and writes nothing then' test ! -s signed.der

# 03-triple
triple()
{
	"$bin/03-triple" "$@" <content >triple.eml
}
check '03-triple protects for two' triple "$pki/alice.pem" p22 \
    "$pki/bob-cert.pem" "$pki/carol-cert.pem"
check '... in a MIME wrapper' grep -q smime-type=signed-x400 triple.eml
for who in alice bob carol; do
	check "... that the command opens for $who" $cms open \
	    --key "$pki/$who.pem" --trust "$pki/ca.pem" -i triple.eml \
	    -o opened
	check '... with the content inside' cmp opened content
done
check '03-triple refuses a recipient who may not receive' fails \
    triple "$pki/alice.pem" p22 "$pki/noencrypt-cert.pem"
triple "$pki/alice.pem" p22 "$pki/bob-cert.pem" 2>log || exit 1

# 02-open
open()
{
	"$bin/02-open" "$@" <triple.eml
}
check '02-open opens' open "$pki/bob.pem" "$pki/ca.pem" out
check '... and gives the content' cmp out content
rm -f out
check '02-open refuses another authority' fails \
    open "$pki/bob.pem" "$pki/other-ca.pem" out
check '... and a stranger' fails open "$pki/eve.pem" "$pki/ca.pem" out
check '... and half a message' fails sh -c \
    'head -c 3000 triple.eml | "$@"' sh \
    "$bin/02-open" "$pki/bob.pem" "$pki/ca.pem" out
check '... and leaves nothing behind' nothing out

# 04-report
report()
{
	"$bin/04-report" <triple.eml >report
}
check '04-report walks' report
check '... over the layers' grep -q '^layers\.-\.cipher = aes-256-cbc$' \
    report
check '... and verifies nothing' grep -q \
    '^layers\.-\.signers\.-\.verdicts\.signature = not-checked$' report
check '04-report refuses what is no message' fails "$bin/04-report" <report

# 05-address
check '05-address knows the same user' "$bin/05-address" \
    'C=NO;A=telemax;P=mil;O=ffi;S=Eggen;G=Anders' \
    '/G=anders/S=EGGEN/O=ffi/PRMD=mil/ADMD=telemax/C=no/'
check '... from another' fails "$bin/05-address" \
    'C=NO;A=telemax;S=Eggen' 'C=NO;A=telemax;S=Berg'
check '... and refuses what is no address' fails "$bin/05-address" \
    'no address'

# 06-gateway
gateway()
{
	want=$1
	shift
	"$bin/06-gateway" "$@" >decision 2>gateway.log
	status=$?
	cat decision gateway.log
	grep -q "^$want (" decision
}
check '06-gateway delivers' gateway deliver \
    "$pki/ca.pem" "$pki/carol.pem" "$pki/bob.pem" <triple.eml
check '... with exit code 0' test "$status" -eq 0
check '... and logs' grep -q 'message-1' gateway.log
check '06-gateway relays what it has no key for' gateway 'relay unopened' \
    "$pki/ca.pem" "$pki/eve.pem" <triple.eml
check '... with exit code 1' test "$status" -eq 1
check '06-gateway refuses another authority' gateway refuse \
    "$pki/other-ca.pem" "$pki/bob.pem" <triple.eml
$cms sign --signer "$pki/mallory.pem" --allow-originator-mismatch \
    --content-type p22 -i content -o forged 2>log || exit 1
check '06-gateway quarantines a forged originator' gateway \
    'quarantine: originator' "$pki/ca.pem" "$pki/bob.pem" <forged

echo "1..$count"
exit $bad
