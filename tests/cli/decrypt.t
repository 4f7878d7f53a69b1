#!/bin/sh
# decrypt.t - decrypt: one encrypted layer, the outermost.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
must "$cms" protect --layers sign,encrypt --signer "$pki/alice.pem" \
    --to "$pki/bob-cert.pem" --content-type p22 -i alice.p22 -o se.der -q
must "$cms" encrypt --to "$pki/bob-cert.pem" --no-originator-copy \
    -i encrypted.der -o ee.der -q

expect_exit 0 'decrypt, without trust' "$cms" decrypt \
    --key "$pki/bob.pem" -i encrypted.der -o e.out --report e.json
same e.out alice.p22 'the content'
json_is e.json layers '[1]'
json_is e.json layers/0/integrity none
expect_exit 0 'a signed message inside' "$cms" decrypt \
    --key "$pki/bob.pem" -i se.der -o inner.der
expect_exit 0 'comes out as a ContentInfo' verify_it -i inner.der -o i.out
same i.out alice.p22 'with the content in it'
expect_exit 0 'an encrypted message inside' "$cms" decrypt \
    --key "$pki/bob.pem" -i ee.der -o one.der
same one.der encrypted.der 'one layer only is opened'
expect_exit 0 '--bare' "$cms" decrypt --bare --key "$pki/bob.pem" \
    -i ee.der -o bare.der
check 'gives the value without its ContentInfo' perl -e '
	local $/;
	open my $a, "<:raw", "encrypted.der" or die;
	open my $b, "<:raw", "bare.der" or die;
	my ($x, $y) = (scalar <$a>, scalar <$b>);
	exit !(length $x > length $y &&
	    substr($x, length($x) - length $y) eq $y);'
expect_exit 10 'another key' "$cms" decrypt --key "$pki/dave.pem" \
    -i encrypted.der -o n.out
nothing_at n.out
expect_exit 5 'a signed layer outside' "$cms" decrypt \
    --key "$pki/bob.pem" -i triple.der -o n.out
nothing_at n.out
flip encrypted.der damaged.der -1
expect_exit 4 'damaged padding' "$cms" decrypt --key "$pki/bob.pem" \
    -i damaged.der -o n.out
expect_reason
nothing_at n.out
expect_usage 'without --key' "$cms" decrypt -i encrypted.der
expect_usage '--trust has no meaning' "$cms" decrypt --key "$pki/bob.pem" \
    --trust "$pki/ca.pem" -i encrypted.der
expect_exit 0 '--insecure-details' "$cms" decrypt --key "$pki/bob.pem" \
    --insecure-details -i encrypted.der -o d.out
expect_exit 0 '--certs for a key alone' "$cms" decrypt \
    --key "$pki/bob-key.pem" --certs "$pki/bob-cert.pem" \
    -i encrypted.der -o d.out
same d.out alice.p22 'gives the content'
expect_exit 9 '--max-octets' "$cms" decrypt --key "$pki/bob.pem" \
    --max-octets 100 -i encrypted.der -o n.out

done_testing
