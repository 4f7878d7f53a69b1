#!/bin/sh
# explain.t - explain: what codes mean, and what to do.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

expect_exit 0 'a code by its name' "$cms" explain digest
expect_stdout '^digest \(error 401, exit 4'
expect_stdout 'to do: .'
expect_exit 0 'a code by its number' "$cms" explain 401
expect_stdout '^digest '
expect_exit 0 'a warning' "$cms" explain unsigned
expect_stdout 'warning 2000'
for code in 0 1 2 3 4 5 6 7 8 9 10 75; do
	expect_exit 0 "exit code $code" "$cms" explain $code
	check "exit code $code: something is said" test -s out
done
expect_exit 0 '--json' "$cms" explain --json digest
expect_stdout '"number": 401'
expect_stdout '"advice": "'
expect_exit 0 'all codes' "$cms" explain --json
cp out all.json
check 'every code has a text and an advice' perl -MJSON::PP -e '
	local $/;
	open my $f, "<", "all.json" or die;
	my $list = decode_json(<$f>);
	@$list > 50 or die "only " . @$list;
	for my $c (@$list) {
		length $c->{text} && length $c->{advice} or die $c->{code};
		grep { $_ == $c->{exit} } 0 .. 10, 75 or die $c->{code};
	}'
check 'every number is there once' perl -MJSON::PP -e '
	local $/;
	open my $f, "<", "all.json" or die;
	my %seen;
	$seen{$_->{number}}++ and die $_->{number} for @{decode_json(<$f>)};'
expect_usage 'a code that is not there' "$cms" explain nonsense
expect_usage 'a number that is not there' "$cms" explain 11
expect_usage 'a code that is nearly right' "$cms" explain digests
expect_stderr 'digest' 'the right one is named'
expect_usage 'two codes' "$cms" explain digest signature
expect_exit 0 'the help has the table too' "$cms" help
for name in ok usage io build crypto malformed path originator label limit \
    no-key tempfail; do
	expect_stdout "^ *[0-9]+  $name  *."
done

done_testing
