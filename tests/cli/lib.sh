# lib.sh - what the tests of the command share; sourced, prints TAP.
#
# A test begins with
#
#	. "${0%/*}/lib.sh"
#
# which leaves it in its own empty directory, with $cms (the command), $pki
# (the test users, see pki.sh) and $top (the source tree), and ends with
# done_testing. A command that is tested leaves its standard output in the
# file `out` and its standard error in the file `err`.
#
# SPDX-License-Identifier: ISC

# shellcheck shell=sh
# shellcheck disable=SC2034 # the variables are for those who source this

set -u
umask 022

cms=$CMSX400
pki=$CX4_PKI
top=$(cd "${0%/*}/../.." && pwd)
count=0
failures=0
LC_ALL=C
export LC_ALL
unset TMPDIR XDG_CONFIG_HOME XDG_DATA_HOME
cd "$CX4_TMP" || exit 1

# ---------------------------------------------------------------- verdicts

pass()
{
	count=$((count + 1))
	echo "ok $count - $1"
}

# flunk NAME [LINE ...]
flunk()
{
	count=$((count + 1))
	failures=$((failures + 1))
	echo "not ok $count - $1"
	shift
	for line in "$@"; do
		printf '%s\n' "$line" | sed 's/^/# /'
	done
}

skip()
{
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# check NAME COMMAND [ARGUMENT ...]: the command, often test, must succeed.
check()
{
	check_name=$1
	shift
	if "$@" >log 2>&1; then
		pass "$check_name"
	else
		flunk "$check_name" "failed: $*" "$(head -n 20 log)"
	fi
}

# refute NAME COMMAND [ARGUMENT ...]: the command must fail.
refute()
{
	check_name=$1
	shift
	if "$@" >log 2>&1; then
		flunk "$check_name" "succeeded: $*"
	else
		pass "$check_name"
	fi
}

# What must be there before anything can be tested.
must()
{
	"$@" >log 2>&1 && return
	sed 's/^/# /' log
	echo "Bail out! $*"
	exit 1
}

done_testing()
{
	echo "1..$count"
	[ $failures -eq 0 ]
	exit
}

# ------------------------------------------------------------- the command

# expect_exit CODE NAME COMMAND [ARGUMENT ...]
expect_exit()
{
	expect_want=$1 expect_name=$2
	shift 2
	expect_got=0
	"$@" >out 2>err || expect_got=$?
	if [ $expect_got -eq "$expect_want" ]; then
		pass "$expect_name"
	else
		flunk "$expect_name" "exit $expect_got, not $expect_want: $*" \
		    "$(head -n 5 err)"
	fi
}

# expect_usage NAME COMMAND [ARGUMENT ...]: exit 1, and it is told why.
expect_usage()
{
	expect_name=$1
	shift
	expect_got=0
	"$@" >out 2>err || expect_got=$?
	if [ $expect_got -eq 1 ] && [ ! -s out ] &&
	    grep -q '^cmsx400: error: ' err; then
		pass "$expect_name"
	else
		flunk "$expect_name" "exit $expect_got, not 1: $*" \
		    "$(head -n 5 err)" "$(head -c 200 out | tr -cd ' -~')"
	fi
}

# What the last command said matches an extended regular expression.
expect_stderr()
{
	if grep -E -q -e "$1" err; then
		pass "${2:-$expect_name: says /$1/}"
	else
		flunk "${2:-$expect_name: says /$1/}" "$(cat err)"
	fi
}

expect_stdout()
{
	if grep -E -q -e "$1" out; then
		pass "${2:-$expect_name: prints /$1/}"
	else
		flunk "${2:-$expect_name: prints /$1/}" "$(head -n 40 out)"
	fi
}

# One line says what is wrong.
expect_reason()
{
	if [ "$(grep -c '^cmsx400: error: .' err)" -eq 1 ]; then
		pass "$expect_name: one line of reason"
	else
		flunk "$expect_name: one line of reason" "$(cat err)"
	fi
}

# same FILE FILE [NAME]
same()
{
	if cmp "$1" "$2" >log 2>&1; then
		pass "${3:-$1 is equal to $2}"
	else
		flunk "${3:-$1 is equal to $2}" "$(cat log)"
	fi
}

# Neither the file nor a temporary one beside it is there.
nothing_at()
{
	dir=.
	case $1 in
	*/*)	dir=${1%/*} ;;
	esac
	left=$(find "$dir" -maxdepth 1 -name '.*.cmsx400-*')
	if [ -e "$1" ] || [ -n "$left" ]; then
		flunk "${2:-no $1 and no temporary file is left}" \
		    "$(ls -la "$dir")"
	else
		pass "${2:-no $1 and no temporary file is left}"
	fi
}

# -------------------------------------------------------------------- JSON

# json FILE PATH: the value at a path like layers/0/type. An array or object
# is shown as its number of members in brackets.
json()
{
	perl -MJSON::PP -e '
		my ($file, $path) = @ARGV;
		open my $f, "<", $file or die "$file: $!\n";
		local $/;
		my $v = decode_json(<$f>);
		for my $step (split m{/}, $path) {
			if (ref $v eq "ARRAY" && $step =~ /^\d+$/ &&
			    $step < @$v) {
				$v = $v->[$step];
			} elsif (ref $v eq "HASH" && exists $v->{$step}) {
				$v = $v->{$step};
			} else {
				print "(missing)\n";
				exit;
			}
		}
		binmode STDOUT, ":utf8";
		print !defined $v ? "null" : JSON::PP::is_bool($v) ?
		    ($v ? "true" : "false") : ref $v eq "ARRAY" ?
		    "[" . @$v . "]" : ref $v eq "HASH" ?
		    "{" . keys(%$v) . "}" : $v, "\n";
	' "$1" "$2" 2>&1
}

# json_is FILE PATH VALUE [NAME]
json_is()
{
	json_got=$(json "$1" "$2")
	if [ "$json_got" = "$3" ]; then
		pass "${4:-$1: $2 is $3}"
	else
		flunk "${4:-$1: $2 is $3}" "$2 is $json_got"
	fi
}

# warned FILE CODE [NAME]: the report has a warning of that code.
warned()
{
	if has_warning "$1" "$2"; then
		pass "${3:-$1: warning $2}"
	else
		flunk "${3:-$1: warning $2}" "$(cat "$1")"
	fi
}

has_warning()
{
	perl -MJSON::PP -e '
		open my $f, "<", $ARGV[0] or die;
		local $/;
		my $r = decode_json(<$f>);
		exit !grep { $_->{code} eq $ARGV[1] } @{$r->{warnings}};
	' "$1" "$2"
}

# ---------------------------------------------------------------- material

# content USER [OPTION ...]: USER.p22, a message from that user to bob.
content()
{
	content_user=$1
	shift
	must "$cms" content new --content-type p22 \
	    --from "$(cat "$pki/$content_user.addr")" \
	    --to "$(cat "$pki/bob.addr")" --subject 'Test message' \
	    --text 'a line of text' -o "$content_user.p22" "$@"
}

# Alice's message: signed.der, encrypted.der (for bob) and triple.der.
messages()
{
	content alice
	must "$cms" sign --signer "$pki/alice.pem" --content-type p22 \
	    -i alice.p22 -o signed.der
	must "$cms" encrypt --to "$pki/bob-cert.pem" \
	    --originator "$pki/alice-cert.pem" --content-type p22 \
	    -i alice.p22 -o encrypted.der
	must "$cms" triple --signer "$pki/alice.pem" \
	    --to "$pki/bob-cert.pem" --content-type p22 \
	    -i alice.p22 -o triple.der
}

# open_it ARGUMENT ...: as bob, who trusts the root.
open_it()
{
	"$cms" open --key "$pki/bob.pem" --trust "$pki/ca.pem" "$@"
}

verify_it()
{
	"$cms" verify --trust "$pki/ca.pem" "$@"
}

# sign_it ARGUMENT ...: as alice, P22.
sign_it()
{
	"$cms" sign --signer "$pki/alice.pem" --content-type p22 "$@"
}

# encrypt_it ARGUMENT ...: from alice to bob, P22.
encrypt_it()
{
	"$cms" encrypt --to "$pki/bob-cert.pem" \
	    --originator "$pki/alice-cert.pem" --content-type p22 "$@"
}

# patch FILE NEW OLD-HEX NEW-HEX [N]: FILE with the n-th occurrence (1 if not
# given, "last") of some octets replaced by as many others.
patch_octets()
{
	perl -e '
		my ($in, $out, $old, $new, $n) = @ARGV;
		open my $f, "<:raw", $in or die "$in: $!\n";
		local $/;
		my $d = <$f>;
		my ($from, $to) = map { pack "H*", $_ } $old, $new;
		die "lengths differ\n" if length $from != length $to;
		my $at = -1;
		if ($n eq "last") {
			$at = rindex $d, $from;
		} else {
			$at = index $d, $from, $at + 1 for 1 .. $n;
		}
		die "not found: $old\n" if $at < 0;
		substr($d, $at, length $to) = $to;
		open my $o, ">:raw", $out or die "$out: $!\n";
		print $o $d;
		close $o or die;
	' "$1" "$2" "$3" "$4" "${5:-1}"
}

# flip FILE NEW OFFSET: FILE with one bit changed; negative: from the end.
flip()
{
	perl -e '
		my ($in, $out, $at) = @ARGV;
		open my $f, "<:raw", $in or die "$in: $!\n";
		local $/;
		my $d = <$f>;
		substr($d, $at, 1) = chr(ord(substr $d, $at, 1) ^ 1);
		open my $o, ">:raw", $out or die "$out: $!\n";
		print $o $d;
		close $o or die;
	' "$1" "$2" "$3"
}
