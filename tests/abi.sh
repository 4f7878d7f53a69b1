#!/bin/sh
# abi.sh - what the built library gives and takes. Prints TAP.
#
# Exports against the public headers, names in the static archive, writable
# data, forbidden imports, libraries needed, and each header on its own.
# Looks at $CX4_BUILD (default build); the compiler is $CX4_CC (default cc).
#
# SPDX-License-Identifier: ISC

set -u

build=${CX4_BUILD:-build}
tmp=${CX4_TMP:-build/tmp}
cc=${CX4_CC:-cc}
so=$build/libcmsx400.so
archive=$build/libcmsx400.a
count=0
failed=0
mkdir -p "$tmp" || exit 1

# The test NAME holds if the file has no line; else the lines are shown.
empty()
{
	count=$((count + 1))
	if [ -s "$2" ]; then
		failed=$((failed + 1))
		echo "not ok $count - $1"
		sed 's/^/#   /' "$2"
	else
		echo "ok $count - $1"
	fi
}

# The test NAME holds if the command succeeds in silence.
silent()
{
	name=$1
	shift
	"$@" >"$tmp/out" 2>&1 || echo "exit status $?" >>"$tmp/out"
	empty "$name" "$tmp/out"
}

# Names declared with CX4_API, which the preprocessor turns into visibility.
declared()
{
	for h in cmsx400.h cmsx400_openssl.h; do
		"$cc" -E -P "libcmsx400/$h"
	done | tr '\n' ' ' | tr ';' '\n' | grep 'visibility("default")' |
	    grep -o 'cx4_[a-z0-9_]* *(' | tr -d ' (' | sort -u
}

# Dynamic symbols of the library without their versions.
dynamic()
{
	nm -D "$1" "$so" | awk '$(NF - 1) != "A" { print $NF }' |
	    sed 's/@.*//' | sort -u
}

for f in "$so" "$archive"; do
	[ -f "$f" ] && continue
	echo "Bail out! $f is not built"
	exit 1
done

declared >"$tmp/declared"
dynamic --defined-only >"$tmp/exported"
dynamic --undefined-only >"$tmp/imported"
# An empty list would make every comparison true.
[ -s "$tmp/declared" ] && [ -s "$tmp/imported" ] ||
    echo 'no names found' >"$tmp/none"
empty 'names can be read from headers and library' "$tmp/none"

comm -23 "$tmp/declared" "$tmp/exported" >"$tmp/out"
empty 'what the headers declare is exported' "$tmp/out"
comm -13 "$tmp/declared" "$tmp/exported" >"$tmp/out"
empty 'what is exported is declared in the headers' "$tmp/out"

# A library does not end its host, print, or change and read what is global
# to the process. With fortification printf becomes __printf_chk.
cat >"$tmp/forbidden" <<'END'
_Exit
__assert_fail
_exit
abort
asctime
atexit
ctime
exit
fprintf
fputs
getenv
gmtime
localtime
perror
popen
printf
putchar
puts
raise
rand
random
secure_getenv
setenv
setlocale
sigaction
signal
srand
stderr
stdout
strtok
system
umask
vfprintf
vprintf
END
sed 's/^__\(.*\)_chk$/\1/' "$tmp/imported" | sort -u |
    comm -12 - "$tmp/forbidden" >"$tmp/out" 2>&1
empty 'nothing forbidden is called' "$tmp/out"

nm -g --defined-only "$archive" 2>/dev/null | awk 'NF == 3 { print $3 }' |
    grep -v '^cx4i\{0,1\}_' >"$tmp/out"
empty 'every name in the archive begins with cx4_ or cx4i_' "$tmp/out"

# Tables with pointers live in .data.rel.ro, which is read-only once loaded.
objdump -t "$archive" 2>/dev/null |
    awk '/[ \t]\.t?(data|bss)[ \t]/ && $NF !~ /^\./ { print $NF }
	/\*COM\*/ { print $NF }' >"$tmp/out"
empty 'the library has no writable data' "$tmp/out"

objdump -p "$so" | awk '$1 == "NEEDED" { print $2 }' |
    grep -v -e '^libcrypto\.so' -e '^libtasn1\.so' -e '^libc\.so' >"$tmp/out"
empty 'only libcrypto, libtasn1 and libc are needed' "$tmp/out"

objdump -p "$so" | awk '$1 == "SONAME" { print $2 }' >"$tmp/soname"
echo libcmsx400.so.0 | cmp - "$tmp/soname" >"$tmp/out" 2>&1
empty 'the soname is libcmsx400.so.0' "$tmp/out"

warn='-Wall -Wextra -Wpedantic -Werror -fsyntax-only'
for h in libcmsx400/*.h libcmsx400/*/*.h; do
	# shellcheck disable=SC2086 # the options are words
	silent "$h stands alone as C11" \
	    "$cc" -std=c11 -D_POSIX_C_SOURCE=200809L $warn -x c "$h"
done
for h in libcmsx400/*.h; do
	if command -v g++ >/dev/null; then
		# shellcheck disable=SC2086 # the options are words
		silent "$h stands alone as C++" g++ -std=c++11 $warn -x c++ "$h"
	else
		count=$((count + 1))
		echo "ok $count # SKIP no C++ compiler for $h"
	fi
done

echo "1..$count"
[ $failed -eq 0 ]
