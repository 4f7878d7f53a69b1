#!/bin/sh
# vectors.t - every vector of every manifest in testvectors/ has the outcome
# that its manifest says: exit code, code and warnings in the report, and
# the content, or none. testvectors/README.md tells what the keys mean.
#
# SPDX-License-Identifier: ISC

set -u

exec perl - testvectors/*/manifest.json <<'END'
use strict;
use warnings;
use Cwd 'abs_path';
use Digest::SHA;
use File::Basename;
use JSON::PP;

my @keys = qw(clause code comment content exit id input keys operation
    options sha256 warnings);
my $out = "$ENV{CX4_TMP}/content";
my $report = "$ENV{CX4_TMP}/report.json";
my ($count, $bad) = (0, 0);

sub ok
{
	my ($good, $name, @why) = @_;

	$count++;
	$bad++ unless $good;
	print $good ? '' : 'not ', "ok $count - $name\n";
	print "# $_\n" for $good ? () : @why;
}

sub slurp
{
	my ($file) = @_;

	open my $f, '<:raw', $file or return undef;
	local $/;
	return scalar <$f>;
}

# Run the command with no output to the terminal; its exit code, or -1.
sub run
{
	my @command = @_;
	my $pid = fork // die "fork: $!";

	if ($pid == 0) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', "$ENV{CX4_TMP}/stderr";
		exec @command or exit 127;
	}
	waitpid $pid, 0;
	return $? & 127 ? -1 : $? >> 8;
}

# What is wrong with the outcome of a vector, a line each.
sub outcome
{
	my ($v) = @_;
	my $text = slurp($report) // return 'there is no report';
	my $r = eval { decode_json($text) } // return 'the report is no JSON';
	my $warnings = join ' ', map { $_->{code} } @{$r->{warnings}};
	my @why;

	push @why, "code in the report $r->{code}, not $v->{code}"
	    if $r->{code} ne $v->{code};
	push @why, "exit in the report $r->{exit}, not $v->{exit}"
	    if $r->{exit} != $v->{exit};
	push @why, "warnings '$warnings', not '@{$v->{warnings}}'"
	    if $warnings ne "@{$v->{warnings}}";
	return @why;
}

sub content
{
	my ($dir, $v) = @_;
	my $got = slurp($out);

	return defined $got ? 'content came out' : ()
	    unless defined $v->{content};
	return 'no content came out' unless defined $got;
	my $want = slurp("$dir/$v->{content}") // return "no $v->{content}";
	return $got eq $want ? () : 'other content came out';
}

sub try
{
	my ($dir, $v) = @_;
	my $sum = Digest::SHA->new(256)->addfile("$dir/$v->{input}", 'b');
	my @why;

	return 'the keys of the object are not those of the schema'
	    if join(' ', sort keys %$v) ne "@keys";
	return 'sha256 of the input differs'
	    if $sum->hexdigest ne $v->{sha256};
	unlink $out, $report;
	my $exit = run($ENV{CMSX400}, $v->{operation}, '--in', $v->{input},
	    '--out', $out, '--report', $report,
	    (map { ('--key', $_) } @{$v->{keys}}), @{$v->{options}});
	push @why, "exit code $exit, not $v->{exit}" if $exit != $v->{exit};
	return @why, outcome($v), content('.', $v);
}

die "no manifest\n" unless @ARGV && -e $ARGV[0];
for my $file (map { abs_path($_) } @ARGV) {
	my $dir = dirname($file);
	my $manifest = decode_json(slurp($file));
	my %seen;

	chdir $dir or die "$dir: $!";
	ok($manifest->{schema} eq 'cmsx400-vectors/1',
	    basename($dir) . ': the schema is known');
	for my $v (@{$manifest->{vectors}}) {
		my @why = try($dir, $v);
		push @why, 'the id is there twice' if $seen{$v->{id}}++;
		ok(!@why, basename($dir) . "/$v->{id}", @why);
	}
}
print "1..$count\n";
exit($bad ? 1 : 0);
END
