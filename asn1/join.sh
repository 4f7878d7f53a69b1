#!/bin/sh
# join.sh - put the modules of asn1/ into one, for asn1Parser.
#
# usage: sh asn1/join.sh OUTFILE FILE.asn ...
#
# libtasn1 knows no IMPORTS: what stands between BEGIN and END of every
# module, without its IMPORTS, becomes one module CMSX400. A name that is
# defined twice, or is too long, stops the build.
#
# SPDX-License-Identifier: ISC
set -eu

if [ $# -lt 2 ]; then
	echo "usage: $0 OUTFILE FILE.asn ..." >&2
	exit 1
fi
out=$1
shift
trap 'rm -f "$out.tmp"' EXIT

awk '
function fail(text) {
	print FILENAME ":" FNR ": " text > "/dev/stderr"
	bad = 1
	exit 1
}
BEGIN {
	print "CMSX400 { }"
	print "DEFINITIONS EXPLICIT TAGS ::="
	print "BEGIN"
}
FNR == 1 {
	if (inside)
		fail("the module before this one has no END")
	modules++
}
!inside { if ($0 == "BEGIN") inside = 1; next }
$0 == "END" { inside = 0; ended++; next }
/^IMPORTS/ { importing = 1 }
importing { if (/;/) importing = 0; next }
/^[A-Z][A-Za-z0-9-]* *::=/ {
	if ($1 in seen)
		fail($1 " is defined twice")
	# CVE-2025-13151: names as long as libtasn1 can hold overflow.
	if (length($1) >= 48)
		fail($1 " is too long")
	seen[$1] = 1
}
{ print }
END {
	if (bad)
		exit 1
	if (inside || modules != ended) {
		print "a module has no BEGIN or END" > "/dev/stderr"
		exit 1
	}
	print "END"
}
' "$@" >"$out.tmp"
mv "$out.tmp" "$out"
