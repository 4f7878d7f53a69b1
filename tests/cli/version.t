#!/bin/sh
# version.t - version, help.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

version=$(sed -n 's/^#define CX4_VERSION_STRING "\(.*\)"/\1/p' \
    "$top/libcmsx400/cmsx400.h")

expect_exit 0 'version' "$cms" version
expect_stdout "^cmsx400 $version\$" 'the version of the header'
expect_stdout 'OpenSSL [0-9]' 'what OpenSSL is linked'
expect_stdout '^policies: .*modern.*rfc3854.*strict' 'the policies'
expect_stdout 'AES-256-CBC' 'what it can do'
expect_exit 0 '--json' "$cms" version --json
cp out v.json
json_is v.json version "$version"
json_is v.json library "$version"
json_is v.json policies/0 modern
json_is v.json policies '[3]'
expect_exit 0 '--version' "$cms" --version
expect_stdout "^cmsx400 $version\$" 'the same'
expect_usage 'an argument' "$cms" version now

expect_exit 0 'help' "$cms" help
cp out help
for verb in sign encrypt triple protect certs-only open verify decrypt wrap \
    strip inspect mts explain version; do
	check "help lists $verb" grep -q "^  $verb " help
	expect_exit 0 "help $verb" "$cms" help $verb
	expect_stdout "^usage: cmsx400 $verb " "help $verb shows its usage"
	expect_exit 0 "$verb --help" "$cms" $verb --help
	expect_stdout "^usage: cmsx400 $verb " "$verb --help does too"
done
for verb in 'content show' 'content new' 'address parse' 'address encode' \
    'address compare' 'cert show' 'cert csr'; do
	# shellcheck disable=SC2086 # two words
	expect_exit 0 "help $verb" "$cms" help $verb
	expect_stdout "^usage: cmsx400 $verb " "help $verb shows its usage"
done
expect_usage 'help of a verb that is not there' "$cms" help nonsense
expect_exit 1 'no verb' "$cms"
check 'standard output stays empty' test ! -s out
check 'the help is on standard error' grep -q '^usage: ' err
if [ -c /dev/full ]; then
	expect_exit 2 'help to a full disk' sh -c "'$cms' help >/dev/full"
	expect_exit 2 'version to a full disk' sh -c \
	    "'$cms' version --json >/dev/full"
else
	skip 'help to a full disk' 'no /dev/full'
fi

done_testing
