#!/bin/sh
# house.sh - rules of the house that can be searched for. Prints TAP.
#
# SPDX-License-Identifier: ISC

set -u

count=0
failed=0

# rule NAME LINES: holds if there are no offending lines.
rule()
{
	count=$((count + 1))
	if [ -n "$2" ]; then
		failed=$((failed + 1))
		echo "not ok $count - $1"
		printf '%s\n' "$2" | sed 's/^/#   /'
	else
		echo "ok $count - $1"
	fi
}

# The files below DIR... whose name ends in one of the suffixes.
sources()
{
	for dir in "$@"; do
		[ -d "$dir" ] && find "$dir" -name '*.[ch]'
	done | sort
}

library=$(sources libcmsx400)
ours=$(sources libcmsx400 cli store gateway tests fuzz bench examples)
scripts=$(find .ci tests tools examples asn1 -type f \
    \( -name '*.sh' -o -name '*.t' -o -path '.ci/run' \) 2>/dev/null | sort)
if [ -z "$library" ] || [ -z "$scripts" ]; then
	echo 'Bail out! run from the top of the source tree'
	exit 1
fi

# code EXPRESSION FILE...: matching lines of C, comments left out.
code()
{
	expression=$1
	shift
	[ $# -gt 0 ] && awk '
	FNR == 1 { inside = 0 }
	{
		line = $0
		text = ""
		while (line != "") {
			at = index(line, inside ? "*/" : "/*")
			part = at == 0 ? line : substr(line, 1, at - 1)
			if (!inside)
				text = text part
			if (at == 0)
				break
			line = substr(line, at + 2)
			inside = !inside
		}
		print FILENAME ":" FNR ":" text
	}' "$@" | grep -E "^[^:]*:[0-9]*:.*($expression)"
}

# A floor may include itself and those below it; public headers anyone.
upward()
{
	code '# *include *"' "$@" | awk -F : '
	BEGIN {
		rank["base"] = 1
		rank["encoding"] = 2
		rank["x400"] = 3
		rank["cms"] = 4
		rank["message"] = 5
	}
	{
		split($1, from, "/")
		if (!match($3, /"\.\.\/[a-z0-9]+\//) || !(from[2] in rank))
			next
		to = substr($3, RSTART + 4, RLENGTH - 5)
		if (!(to in rank) || rank[to] > rank[from[2]])
			print
	}'
}

wide()
{
	awk '{
		width = 0
		n = index($0, "\t") ? length($0) : 0
		for (i = 1; i <= n; i++)
			width += substr($0, i, 1) == "\t" ? 8 - width % 8 : 1
		if (n == 0)
			width = length($0)
		if (width > 80)
			print FILENAME ":" FNR ": " width " columns"
	}' "$@"
}

# shellcheck disable=SC2086 # lists of files, none with a blank in its name
{
rule 'libtasn1 is called from encoding/asn.c only' \
    "$(code 'libtasn1\.h' $ours | grep -v '^libcmsx400/encoding/asn\.c:')"

rule 'asn1_expand_octet_string is not used' \
    "$(code 'asn1_expand_octet_string' $ours)"

rule 'the library does not print or exit' "$(code \
    '\<(v?f?printf|f?puts|f?putc|putchar|perror|_?exit|abort|assert) *\(' \
    $library)"

rule 'the library leaves environment and locale alone' \
    "$(code '\<((secure_)?getenv|setenv|setlocale|umask) *\(' $library)"

rule 'no function without a bound' "$(code \
    '\<(gets|strcpy|strcat|v?sprintf|strtok|ato[il]|alloca) *\(' $ours)"

rule 'cmsx400.h does not name OpenSSL types' \
    "$(code '\<(X509|EVP_PKEY)\>' libcmsx400/cmsx400.h)"

rule 'the library includes nothing of the command' "$(code \
    '# *include *[<"](jansson|curl|ldap|sqlite|\.\./\.\./)' $library)"

rule 'includes go down: message, cms, x400, encoding, base' \
    "$(upward $library)"

rule 'lines have at most 80 columns' "$(wide $ours $scripts)"

rule 'no blanks at the end of a line' \
    "$(grep -n '[[:blank:]]$' $ours $scripts Makefile)"

# The words are split so that this file does not find itself.
rule 'nothing is left to do' "$(grep -n -w \
    -e 'TO''DO' -e 'FIX''ME' -e 'XX''X' $ours $scripts Makefile)"

rule 'every file names its licence' \
    "$(grep -L 'SPDX-License-Identifier: ISC' $ours $scripts Makefile)"
}

echo "1..$count"
[ $failed -eq 0 ]
