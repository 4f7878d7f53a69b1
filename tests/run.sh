#!/bin/sh
# run.sh TEST - run one test for prove, in a temporary directory of its own.
#
# TEST is a program or a shell script. CX4_TMP, which all tests share, becomes
# an empty directory below it; it is kept if the test failed, and the output
# beside it. What failed goes to standard error too, for prove shows only
# numbers. A test that hangs is ended after CX4_TIMEOUT seconds (300).
#
# SPDX-License-Identifier: ISC

set -u

name=${1##*/}
CX4_TMP=${CX4_TMP:-build/tmp}/$name.tmp
export CX4_TMP
output=${CX4_TMP%.tmp}.out
rm -rf "$CX4_TMP"
mkdir -p "$CX4_TMP" || exit 1

interpreter=
case $name in
*.t | *.sh)
	interpreter='sh'
	read -r first <"$1"
	case $first in
	'#!'*bash*)
		interpreter='bash' ;;
	esac ;;
esac

timeout "${CX4_TIMEOUT:-300}" $interpreter "$@" >"$output"
status=$?
[ $status -ne 124 ] ||
    echo "# ended after ${CX4_TIMEOUT:-300} seconds" >>"$output"
cat "$output"
if [ $status -ne 0 ] || grep -q '^not ok' "$output"; then
	{
		echo "# $1: exit status $status"
		awk '/^(not )?ok/ { show = /^not/ } show' "$output"
	} >&2
else
	rm -rf "$CX4_TMP" "$output"
fi
exit $status
