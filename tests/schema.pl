#!/usr/bin/perl
# schema.pl SCHEMA FILE ... - check JSON documents against a JSON Schema.
#
# Needs nothing but the core modules of perl. Knows the keywords that the
# schemas of this project use, and fails on any other, so that nothing that
# a schema says is passed over: $ref (to #/...), type, enum, required,
# properties, additionalProperties (false), items, pattern, minimum, anyOf
# and oneOf. Prints what is wrong, one line each; exit 0 if nothing is.
#
# SPDX-License-Identifier: ISC

use strict;
use warnings;
use B ();
use JSON::PP ();

my $json = JSON::PP->new->utf8;
my ($root, @found);

# What a value is. A number in JSON is a perl scalar that has no string.
sub type_of
{
	my ($v) = @_;

	return 'null' if !defined $v;
	return 'boolean' if JSON::PP::is_bool($v);
	return 'array' if ref $v eq 'ARRAY';
	return 'object' if ref $v eq 'HASH';
	return 'string' if B::svref_2object(\$v)->FLAGS & B::SVf_POK;
	return $v == int $v ? 'integer' : 'number';
}

sub is_type
{
	my ($v, $want) = @_;
	my $is = type_of($v);

	return $is eq $want || ($want eq 'number' && $is eq 'integer');
}

sub complain
{
	my ($at, $text) = @_;

	push @found, ($at eq '' ? '/' : $at) . ": $text";
}

sub resolve
{
	my ($ref) = @_;
	my $s = $root;

	die "\$ref $ref is not in this schema\n" if $ref !~ s{^#/}{};
	for my $step (split m{/}, $ref) {
		$s = $s->{$step} or die "\$ref: there is no $step\n";
	}
	return $s;
}

# 1 if `v` fits; what was found about it is forgotten.
sub fits
{
	my ($s, $v) = @_;
	my $before = @found;

	validate($s, $v, '');
	my $good = @found == $before;
	$#found = $before - 1;
	return $good;
}

sub show
{
	my ($v) = @_;

	return JSON::PP->new->allow_nonref->canonical->encode($v);
}

my %silent = map { $_ => 1 } qw($schema $id $defs title description);

my %keyword = (
	'$ref' => sub {
		my ($arg, $v, $at) = @_;
		validate(resolve($arg), $v, $at);
	},
	type => sub {
		my ($arg, $v, $at) = @_;
		my @types = ref $arg ? @$arg : $arg;
		complain($at, 'is ' . type_of($v) . ", not @types")
		    if !grep { is_type($v, $_) } @types;
	},
	enum => sub {
		my ($arg, $v, $at) = @_;
		my $is = show($v);
		complain($at, "$is is not one of " . show($arg))
		    if !grep { show($_) eq $is } @$arg;
	},
	required => sub {
		my ($arg, $v, $at) = @_;
		return if ref $v ne 'HASH';
		exists $v->{$_} or complain($at, "$_ is missing") for @$arg;
	},
	properties => sub {
		my ($arg, $v, $at) = @_;
		return if ref $v ne 'HASH';
		for my $name (sort keys %$arg) {
			validate($arg->{$name}, $v->{$name}, "$at/$name")
			    if exists $v->{$name};
		}
	},
	additionalProperties => sub {
		my ($arg, $v, $at, $s) = @_;
		return if ref $v ne 'HASH' || $arg;
		exists $s->{properties}{$_} or complain($at, "has $_ too")
		    for sort keys %$v;
	},
	items => sub {
		my ($arg, $v, $at) = @_;
		return if ref $v ne 'ARRAY';
		validate($arg, $v->[$_], "$at/$_") for 0 .. $#$v;
	},
	pattern => sub {
		my ($arg, $v, $at) = @_;
		complain($at, show($v) . " does not match $arg")
		    if is_type($v, 'string') && $v !~ /$arg/;
	},
	minimum => sub {
		my ($arg, $v, $at) = @_;
		complain($at, "$v is less than $arg")
		    if is_type($v, 'number') && $v < $arg;
	},
	anyOf => sub {
		my ($arg, $v, $at) = @_;
		complain($at, show($v) . ' fits none of anyOf')
		    if !grep { fits($_, $v) } @$arg;
	},
	oneOf => sub {
		my ($arg, $v, $at) = @_;
		my $n = grep { fits($_, $v) } @$arg;
		complain($at, show($v) . " fits $n of oneOf") if $n != 1;
	},
);

sub validate
{
	my ($s, $v, $at) = @_;

	for my $name (sort keys %$s) {
		next if $silent{$name};
		my $f = $keyword{$name} or die "unknown keyword $name\n";
		$f->($s->{$name}, $v, $at, $s);
	}
}

sub read_json
{
	my ($path) = @_;

	open my $f, '<:raw', $path or die "$path: $!\n";
	local $/;
	my $text = <$f>;
	my $v = eval { $json->decode($text) };
	die "$path: $@" if $@;
	return $v;
}

die "usage: schema.pl SCHEMA FILE ...\n" if @ARGV < 2;
$root = read_json(shift @ARGV);
my $bad = 0;
for my $path (@ARGV) {
	@found = ();
	validate($root, read_json($path), '');
	print "$path: $_\n" for @found;
	$bad ||= @found > 0;
}
exit $bad;
