#!/bin/sh
# verify.t - verify: signed layers, down to the content or a cipher.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
must "$cms" sign --signer "$pki/alice.pem" -i signed.der -o twice.der -q
must "$cms" sign --signer "$pki/alice.pem" --signer "$pki/expired.pem" \
    --content-type p22 -i alice.p22 -o half.der -q

expect_exit 0 'verify' verify_it -i signed.der -o s.out --report s.json
same s.out alice.p22 'the content'
for verdict in signature messageDigest contentType path strength; do
	json_is s.json layers/0/signers/0/verdicts/$verdict valid
done
json_is s.json layers/0/signers/0/verdicts/revocation not-checked
json_is s.json content/originatorCheck match
expect_exit 0 'two signed layers' verify_it -i twice.der -o t.out
same t.out alice.p22 'go down to the content'

# ---------------------------------------------------------- an encrypted layer

expect_exit 0 'the outer signature of a triple' verify_it -i triple.der \
    -o inner.der --report r.json
json_is r.json layers '[1]' 'is the layer that is judged'
expect_exit 0 'what comes out is a ContentInfo' "$cms" decrypt \
    --key "$pki/bob.pem" -i inner.der -o inner2.der
expect_exit 0 'and so on, verb after verb' verify_it -i inner2.der -o p.out
same p.out alice.p22 'down to the content'
expect_exit 0 '--bare' verify_it --bare -i triple.der -o bare.der
refute 'leaves out the ContentInfo' cmp -s bare.der inner.der
check 'and nothing else' perl -e '
	local $/;
	open my $a, "<:raw", "inner.der" or die;
	open my $b, "<:raw", "bare.der" or die;
	my ($x, $y) = (scalar <$a>, scalar <$b>);
	exit !(length $y && length $x > length $y && index($x, $y) > 0);'
expect_exit 0 'in a pipe' sh -c "'$cms' verify --trust '$pki/ca.pem' -q \
    -i triple.der | '$cms' decrypt --key '$pki/bob.pem' -q |
    '$cms' verify --trust '$pki/ca.pem' -q >pipe.out"
same pipe.out alice.p22 'the verbs fit together'

# ------------------------------------------------------------------- not good

flip signed.der damaged.der -1
expect_exit 4 'a damaged signature' verify_it -i damaged.der -o n.out
expect_reason
nothing_at n.out
expect_exit 4 '--insecure-release' verify_it --insecure-release \
    -i damaged.der -o r.out
same r.out alice.p22 'gives the content all the same'
expect_exit 6 'no trust' "$cms" verify -i signed.der -o n.out
expect_exit 6 'one of two signers is not good' verify_it -i half.der \
    -o n.out
nothing_at n.out
expect_exit 0 '--require-signers any' verify_it --require-signers any \
    -i half.der -o h.out --report h.json
same h.out alice.p22 'one good signer is enough'
warned h.json signer-failed
expect_exit 6 '--require-signers all' verify_it --require-signers all \
    -i half.der
expect_usage '--require-signers one' verify_it --require-signers one \
    -i half.der
expect_usage '--key has no meaning' verify_it --key "$pki/bob.pem" \
    -i signed.der
expect_usage '--insecure-details has no meaning' verify_it \
    --insecure-details -i signed.der
expect_exit 5 'no CMS' verify_it -i alice.p22 -o n.out
expect_exit 5 'nothing at all' verify_it -i /dev/null -o n.out
nothing_at n.out

done_testing
