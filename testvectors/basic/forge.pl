#!/usr/bin/perl
# forge.pl - make the bad vectors that no tool makes; see ORIGIN.
#
#	forge.pl double-digest KEY.pem <signed.der >bad.der
#	forge.pl no-signer <signed.der >bad.der
#	forge.pl flip OFFSET <in >out
#
# Knows DER with definite lengths, one SignerInfo and SHA-256, which is what
# these vectors have.
#
# SPDX-License-Identifier: ISC

use strict;
use warnings;

sub tlv
{
	my ($tag, $body) = @_;
	my $n = length $body;
	my $len = $n < 128 ? chr $n : pack('N', $n) =~ s/^\0+//r;

	$len = chr(0x80 | length $len) . $len if $n >= 128;
	return chr($tag) . $len . $body;
}

# The elements inside a body, each as [tag, body, whole].
sub elements
{
	my ($in) = @_;
	my (@found, $at);

	for ($at = 0; $at < length $in;) {
		my $start = $at;
		my $tag = ord substr $in, $at++, 1;
		my $len = ord substr $in, $at++, 1;
		if ($len & 0x80) {
			my $n = $len & 0x7f;
			$len = hex unpack 'H*', substr $in, $at, $n;
			$at += $n;
		}
		push @found, [$tag, substr($in, $at, $len),
		    substr($in, $start, $at - $start + $len)];
		$at += $len;
	}
	return @found;
}

sub whole { return join '', map { $_->[2] } @_; }

# SET OF in DER: the encodings in ascending order.
sub set { return join '', sort @_; }

sub sign
{
	my ($key, $attributes) = @_;
	my $file = "forge.$$";

	open my $out, '>:raw', $file or die "$file: $!";
	print $out $attributes;
	close $out or die "$file: $!";
	my $signature = qx(openssl dgst -sha256 -sign '$key' -binary $file);
	unlink $file;
	die "openssl dgst failed" if $?;
	return $signature;
}

# Two messageDigest attributes with the same value, signed as they stand.
sub double_digest
{
	my ($key, @si) = @_;
	my @attributes = map { $_->[2] } elements($si[3][1]);
	my ($digest) = grep { index($_, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04")
	    >= 0 } @attributes;
	my $set = set(@attributes, $digest);

	return tlv(0x30, whole(@si[0 .. 2]) . tlv(0xa0, $set) .
	    $si[4][2] . tlv(0x04, sign($key, tlv(0x31, $set))));
}

binmode STDIN;
binmode STDOUT;
my $in = do { local $/; <STDIN> };
my ($verb, $arg) = @ARGV;

if ($verb eq 'flip') {
	$arg = length($in) + $arg if $arg < 0;
	substr($in, $arg, 1) = chr(0xff ^ ord substr $in, $arg, 1);
	print $in;
	exit;
}
my ($type, $content) = elements((elements($in))[0][1]);
my @sd = elements((elements($content->[1]))[0][1]);
my $signers = pop @sd;
if ($verb eq 'no-signer') {
	$signers = tlv(0x31, '');
} elsif ($verb eq 'double-digest') {
	my @si = elements((elements($signers->[1]))[0][1]);
	$signers = tlv(0x31, double_digest($arg, @si));
} else {
	die "forge.pl: no forgery is called $verb\n";
}
print tlv(0x30, $type->[2] . tlv(0xa0, tlv(0x30, whole(@sd) . $signers)));
