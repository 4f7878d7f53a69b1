#!/bin/sh
# policy.t - policies, time, revocation, requirements, limits.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
content rita

sign_as()
{
	sign_as=$1
	shift
	must "$cms" sign --signer "$pki/$sign_as.pem" --content-type p22 -q "$@"
}

sign_as rita -i rita.p22 -o rita.der
sign_as expired -i alice.p22 -o expired.der
sign_as wrongeku -i alice.p22 -o wrongeku.der
sign_as weak --policy rfc3854 -i alice.p22 -o weak.der
sign_as alice --policy rfc3854 --digest sha1 -i alice.p22 -o sha1.der
sign_as sha1 -i alice.p22 -o sha1-cert.der
sign_as eve -i alice.p22 -o eve.der
sign_as mallory --allow-originator-mismatch -i alice.p22 -o mismatch.der
must "$cms" encrypt --policy rfc3854 --to "$pki/bob-cert.pem" \
    --no-originator-copy --content-type p22 -i alice.p22 -o tdes.der -q

# judged CODE ERROR NAME ARGUMENT ...: of open.
judged()
{
	judged_code=$1 judged_error=$2 judged_name=$3
	shift 3
	rm -f j.out j.json
	expect_exit "$judged_code" "$judged_name" open_it "$@" -o j.out \
	    --report j.json
	json_is j.json code "$judged_error" "$judged_name: $judged_error"
	if [ "$judged_code" -ne 0 ]; then
		expect_reason
		nothing_at j.out "$judged_name: nothing is given out"
	fi
}

# ------------------------------------------------------------------- policies

judged 6 weak 'modern: a signature with SHA-1' -i sha1.der
judged 6 weak 'strict: a signature with SHA-1' --policy strict -i sha1.der
judged 0 ok 'rfc3854: a signature with SHA-1' --policy rfc3854 -i sha1.der
judged 6 weak 'modern: an RSA key of 1024 bits' -i weak.der
judged 0 ok 'rfc3854: an RSA key of 1024 bits' --policy rfc3854 -i weak.der
judged 6 weak 'modern: a certificate signed with SHA-1' -i sha1-cert.der
judged 0 ok 'rfc3854: a certificate signed with SHA-1' --policy rfc3854 \
    -i sha1-cert.der
judged 0 ok 'modern: triple DES' -i tdes.der
warned j.json weak-cipher 'modern: triple DES is warned of'
judged 0 ok 'rfc3854: triple DES' --policy rfc3854 -i tdes.der
judged 0 ok 'modern: what modern makes' --policy modern -i triple.der
judged 0 ok 'rfc3854: what modern makes' --policy rfc3854 -i triple.der
judged 6 purpose 'a certificate for servers' -i wrongeku.der

# A policy file.
cat >my.policy <<END
{ "require-signature": true, "require-any-signer": false,
  "max-signers": 8, "base": "rfc3854" }
END
judged 0 ok 'a policy file: its base' --policy my.policy -i sha1.der
judged 4 unsigned 'a policy file: a requirement' --policy my.policy \
    -i encrypted.der
echo '{ "max-depth": 2 }' >depth.policy
judged 9 limit-depth 'a policy file: a limit' --policy depth.policy \
    -i triple.der
for text in '{ "base": "none" }' '{ "base": 1 }' '{ "max-depth": "many" }' \
    '{ "max-depth": 65 }' '{ "max-depth": 0 }' '{ "nonsense": true }' \
    '{ "require-signature": 1 }' '[]' '{' \
    '{ "max-depth": 2, "max-depth": 3 }'; do
	echo "$text" >bad.policy
	expect_usage "a policy file: '$text'" open_it --policy bad.policy \
	    -i triple.der
	expect_stderr 'bad.policy' "a policy file: which one, of '$text'"
done
expect_exit 2 'a policy file that is not there' open_it \
    --policy ./missing.policy -i triple.der

# ------------------------------------------------------------------------ time

judged 6 path 'an expired certificate' -i expired.der
judged 0 ok '--at, when it was valid' --at 2020-06-01T00:00:00Z \
    -i expired.der
judged 6 path '--at, before it was' --at 2019-06-01T00:00:00Z -i expired.der
judged 6 path '--at, in another zone, a second late' \
    --at 2021-01-01T02:00:01+02:00 -i expired.der
judged 0 ok '--at, in another zone, in time' \
    --at 2021-01-01T01:59:59+02:00 -i expired.der
judged 6 path '--at, when nothing is valid any more' \
    --at 2060-01-01T00:00:00Z -i signed.der

# ------------------------------------------------------------------ revocation

judged 0 ok 'revocation is not checked by default' -i rita.der
json_is j.json layers/0/signers/0/verdicts/revocation not-checked
judged 0 ok '--revocation off' --revocation off -i rita.der
judged 6 revoked 'a revoked certificate' --revocation crl \
    --crl "$pki/crl.pem" -i rita.der
json_is j.json layers/0/signers/0/verdicts/revocation invalid
judged 0 ok 'a certificate that is not revoked' --revocation crl \
    --crl "$pki/crl.pem" -i signed.der
json_is j.json layers/0/signers/0/verdicts/revocation valid
judged 0 ok 'all layers of a triple' --revocation crl \
    --crl "$pki/crl.pem" -i triple.der
judged 75 tempfail 'no list' --revocation crl -i signed.der
json_is j.json layers/0/signers/0/verdicts/revocation unknown
judged 75 tempfail 'a list that is too old' --revocation crl \
    --crl "$pki/crl-old.pem" -i signed.der
judged 0 ok 'no list, --revocation-soft' --revocation crl \
    --revocation-soft -i signed.der
warned j.json revocation-unknown
judged 0 ok 'a list that is too old, --revocation-soft' --revocation crl \
    --revocation-soft --crl "$pki/crl-old.pem" -i signed.der
warned j.json revocation-unknown
judged 6 revoked 'revoked is revoked, --revocation-soft' --revocation crl \
    --revocation-soft --crl "$pki/crl.pem" -i rita.der
# The list of the root alone, and that of the authority alone.
perl -e '
	local $/;
	open my $f, "<", $ARGV[0] or die;
	my @crl = <$f> =~ /(-----BEGIN.*?-----END[^\n]*\n)/gs;
	for (0, 1) {
		open my $o, ">", "crl-$_.pem" or die;
		print $o $crl[$_];
	}' "$pki/crl.pem"
for i in 0 1; do
	judged 75 tempfail "one list of two ($i): every certificate counts" \
	    --revocation crl --crl crl-$i.pem -i signed.der
done
judged 0 ok '--crl twice' --revocation crl --crl crl-0.pem --crl crl-1.pem \
    -i signed.der
expect_exit 2 'a list that is not there' open_it --revocation crl \
    --crl missing.pem -i signed.der
expect_exit 2 'a list that is none' open_it --revocation crl \
    --crl "$pki/ca.pem" -i signed.der
expect_exit 0 '--crl without --revocation' open_it --crl "$pki/crl.pem" \
    -i rita.der -o x.out
expect_stderr 'warning.*--revocation' 'is warned of'

# ---------------------------------------------------------------- requirements

judged 0 ok 'no signed layer' -i encrypted.der
warned j.json unsigned
judged 4 unsigned '--require-signature' --require-signature -i encrypted.der
judged 0 ok '--require-signature, and there is one' --require-signature \
    -i triple.der
judged 0 ok 'a certificate without address' -i eve.der
warned j.json originator-absent
json_is j.json content/originatorCheck no-address-in-certificate
judged 7 originator-unknown '--require-originator-match, no address' \
    --require-originator-match -i eve.der
printf 'no heading at all' >any
must "$cms" sign --signer "$pki/alice.pem" --content-type p22 -i any \
    -o any.der -q
judged 7 originator-unknown '--require-originator-match, not understood' \
    --require-originator-match -i any.der
judged 0 ok '--require-originator-match, and it does' \
    --require-originator-match -i triple.der
judged 7 originator 'another originator' -i mismatch.der
judged 7 originator 'another originator, rfc3854' --policy rfc3854 \
    -i mismatch.der
judged 0 ok '--allow-originator-mismatch' --allow-originator-mismatch \
    -i mismatch.der
warned j.json originator
must "$cms" sign --signer "$pki/eve.pem" --signer "$pki/alice.pem" \
    --content-type p22 -i alice.p22 -o two.der -q
judged 0 ok 'of several signers one must match' \
    --require-originator-match -i two.der
must "$cms" sign --signer "$pki/alice.pem" --signer "$pki/expired.pem" \
    --content-type p22 -i alice.p22 -o half.der -q
judged 6 path '--require-signers all' --require-signers all -i half.der
judged 0 ok '--require-signers any' --require-signers any -i half.der
must "$cms" sign --signer "$pki/expired.pem" --content-type p22 \
    -i alice.p22 -o none.der -q
judged 6 path '--require-signers any, and none is good' \
    --require-signers any -i none.der

# ---------------------------------------------------------------------- limits

judged 0 ok '--max-depth as deep as it is' --max-depth 3 -i triple.der
judged 9 limit-depth '--max-depth less' --max-depth 2 -i triple.der
size=$(wc -c <triple.der | tr -d ' ')
judged 0 ok '--max-octets as long as it is' --max-octets "$size" \
    -i triple.der
judged 9 limit-octets '--max-octets less' --max-octets $((size - 1)) \
    -i triple.der
for limit in signers:two certificates:signed recipients:encrypted; do
	echo "{ \"max-${limit%:*}\": 1 }" >limit.policy
	judged 9 "limit-${limit%:*}" "max-${limit%:*} in a policy file" \
	    --policy limit.policy -i "${limit#*:}.der"
done

# ----------------------------------------------------------- what may be made

expect_exit 3 'strict does not make what has no integrity' encrypt_it \
    --policy strict --cipher aes-256-cbc -i alice.p22 -o n.out
expect_exit 3 'modern does not sign with SHA-1' sign_it --digest sha1 \
    -i alice.p22 -o n.out
expect_exit 0 'rfc3854 signs with SHA-1 by itself' sign_it \
    --policy rfc3854 -i alice.p22 -o sha1.out
"$cms" inspect --json -i sha1.out >r.json
json_is r.json layers/0/signers/0/digest sha1
nothing_at n.out

done_testing
