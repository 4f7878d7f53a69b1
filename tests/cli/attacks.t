#!/bin/sh
# attacks.t - forged and damaged messages are refused, and why.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

forge=$top/testvectors/basic/forge.pl

messages
content mallory

# refused CODE ERROR NAME COMMAND ...: no output, one line of reason, and the
# report has the error.
refused()
{
	refused_code=$1 refused_error=$2 refused_name=$3
	shift 3
	rm -f n.out n.json
	expect_exit "$refused_code" "$refused_name" "$@" -o n.out \
	    --report n.json
	expect_reason
	json_is n.json error/code "$refused_error" \
	    "$refused_name: $refused_error"
	nothing_at n.out "$refused_name: nothing is given out"
}

# --------------------------------------------------------------- the signature

p22=060456010a01
patch_octets signed.der relabelled.der $p22 060456010a00
refused 4 type-mismatch 'P22 relabelled as P2 after signing' open_it \
    -i relabelled.der
patch_octets signed.der both.der $p22 060456010a00
patch_octets both.der both2.der $p22 060456010a00
refused 4 signature 'and in the signed attribute too' open_it -i both2.der
perl "$forge" no-signer <signed.der >no-signer.der
refused 4 no-signer 'no signer' open_it -i no-signer.der
perl "$forge" double-digest "$pki/alice-key.pem" <signed.der >double.der
rm -f n.out
expect_got=0
open_it -i double.der -o n.out >out 2>err || expect_got=$?
check 'an attribute twice, signed so' test $expect_got -eq 4 -o \
    $expect_got -eq 5
expect_name='an attribute twice'
expect_reason
nothing_at n.out
patch_octets signed.der text.der "$(printf 'a line of text' |
    od -An -tx1 | tr -d ' \n')" "$(printf 'a lime of text' |
    od -An -tx1 | tr -d ' \n')"
refused 4 digest 'another content' open_it -i text.der
flip signed.der signature.der -1
refused 4 signature 'a damaged signature value' open_it -i signature.der
must "$cms" certs-only --cert "$pki/alice-cert.pem" -o certs.der
refused 4 certs-only 'certificates only' open_it -i certs.der

# Two certificates of one name and number: the wrong one is no signer.
must "$cms" sign --signer "$pki/alice.pem" --no-certs --content-type p22 \
    -i alice.p22 -o bare.der -q
rm -f n.out
expect_got=0
open_it --certs "$pki/twin-cert.pem" --certs "$pki/int.pem" -i bare.der \
    -o n.out >out 2>err || expect_got=$?
check 'a certificate put in the place of another' test $expect_got -eq 4
nothing_at n.out

# -------------------------------------------------------------- the originator

must "$cms" sign --signer "$pki/mallory.pem" --allow-originator-mismatch \
    --content-type p22 -i alice.p22 -o mismatch.der -q
refused 7 originator 'an originator that is not the signer' open_it \
    -i mismatch.der
json_is n.json content/originatorCheck mismatch
must "$cms" sign --signer "$pki/alice.pem" -i mismatch.der -o around.der -q
refused 7 originator 'even with a good signature around it' open_it \
    -i around.der
for policy in modern rfc3854; do
	refused 7 originator "under --policy $policy" open_it \
	    --policy $policy -i mismatch.der
done

# ------------------------------------------------------------------ the wrapper

must "$cms" wrap --lf -i signed.der -o signed.eml
sed 's/signed-x400/enveloped-x400/' signed.eml >lie.eml
refused 5 wrapper 'a wrapper that contradicts' "$cms" strip -i lie.eml

# ---------------------------------------------------------------------- damage

for at in 1 20 60 200; do
	flip triple.der bit.der $at
	expect_got=0
	rm -f n.out
	open_it -i bit.der -o n.out >out 2>err || expect_got=$?
	check "one bit at octet $at" test $expect_got -eq 4 -o \
	    $expect_got -eq 5 -o $expect_got -eq 10
	nothing_at n.out "one bit at octet $at: nothing is given out"
done
for n in 1 10 500 2000 5000; do
	head -c $n triple.der >cut.der
	expect_exit 5 "the first $n octets" open_it -i cut.der -o n.out
	nothing_at n.out "the first $n octets: nothing is given out"
done

# ------------------------------------------------------------------- no oracle

# Whatever fails inside octets that were decrypted, without integrity and
# before a signature in there has verified, looks the same from outside: the
# key, the padding, the encoding, the signature. The twin of alice has her
# issuer and serial number, and another key.
to_alice()
{
	"$cms" encrypt --to "$pki/alice-cert.pem" --no-originator-copy -q "$@"
}

must to_alice -i signed.der -o good.der
to_alice -i signature.der -o inner-signature.der
to_alice -i text.der -o inner-digest.der
to_alice -i relabelled.der -o inner-type.der
to_alice -i no-signer.der -o inner-no-signer.der
to_alice -i double.der -o inner-attribute.der
head -c 2000 /dev/zero >junk
to_alice --content-type 1.2.840.113549.1.7.2 -i junk -o inner-junk.der
flip good.der padding.der -17
flip good.der block.der -1
flip good.der first.der -2000

mkdir one
# told NAME MESSAGE KEY: what is said, and reported, of the message.
told()
{
	cp "$2" one/m.der
	told_code=0
	(cd one && "$cms" open --key "$pki/$3.pem" --trust "$pki/ca.pem" \
	    -i m.der -o n.out --report r.json 2>err >out) || told_code=$?
	sed 's/"octets": [0-9]*/"octets": 0/' one/r.json >"$1.told.json"
	cp one/err "$1.told.err"
	check "$1: refused with 4" test $told_code -eq 4
	nothing_at one/n.out "$1: nothing is given out"
}

cp good.der one/m.der
expect_exit 0 'undamaged, it opens' "$cms" open --key "$pki/alice.pem" \
    --trust "$pki/ca.pem" -i one/m.der -o good.out
same good.out alice.p22 'and gives the content'
told wrong-key good.der twin
json_is wrong-key.told.json error/code decrypt
for damage in padding block first inner-signature inner-digest inner-type \
    inner-no-signer inner-attribute inner-junk; do
	told $damage $damage.der alice
	same $damage.told.err wrong-key.told.err \
	    "$damage: the same words as for the wrong key"
	same $damage.told.json wrong-key.told.json \
	    "$damage: the same report as for the wrong key"
done
cp inner-signature.der one/m.der
expect_exit 4 '--insecure-details' "$cms" open --key "$pki/alice.pem" \
    --trust "$pki/ca.pem" --insecure-details -i one/m.der -o n.out \
    --report n.json
json_is n.json error/code signature 'tells the cause'
expect_exit 4 'without it, --verbose does not' "$cms" open \
    --key "$pki/alice.pem" --trust "$pki/ca.pem" --verbose -i one/m.der \
    -o n.out
refute 'tell the cause' grep -q -i signature err

done_testing
