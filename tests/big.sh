#!/bin/sh
# big.sh - gigabytes through every streaming operation under a ceiling of
# resident memory: files and pipes, DER and BER, MIME. Prints TAP.
#
# Environment: CMSX400 (the command), CX4_PKI, CX4_TMP, CX4_BIG (octets of
# content, default 5 GiB), CX4_CEILING (KB, default 12288), CC.
# Needs three times the content's size on the disk of CX4_TMP.
#
# SPDX-License-Identifier: ISC

set -u

X=${CMSX400:-build/cmsx400}
PKI=${CX4_PKI:-build/pki}
BIG=${CX4_BIG:-5368709120}
CEILING=${CX4_CEILING:-12288}
DIR=${CX4_TMP:-build/tmp}/big

rm -rf "$DIR"
mkdir -p "$DIR" || exit 1
trap 'rm -rf "$DIR"' EXIT
TMPDIR=$DIR
export TMPDIR

# Not zeros: equal blocks would hide octets that change places.
openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null |
	head -c "$BIG" >"$DIR/content"
${CC:-cc} -O -o "$DIR/maxrss" "$(dirname "$0")/maxrss.c" || exit 1

n=0
failed=0

report() { # STATUS TEXT
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
	fi
}

# run NAME ARG...: the command must succeed below the ceiling.
run() {
	name=$1
	shift
	"$DIR/maxrss" "$DIR/rss" "$X" "$@" --quiet >"$DIR/text"
	status=$?
	rss=$(cat "$DIR/rss")
	[ "$status" -eq 0 ] && [ "$rss" -le "$CEILING" ]
	report $? "$name: exit $status, $rss KB of $CEILING"
}

# same NAME FILE: it is the content, octet by octet.
same() {
	cmp "$DIR/content" "$2"
	report $? "$1: the content is identical"
	rm -f "$2"
}

signer="--signer $PKI/alice.pem --content-type p22"
recipient="--to $PKI/bob-cert.pem --originator $PKI/alice-cert.pem"
opener="--key $PKI/bob.pem --trust $PKI/ca.pem"

# shellcheck disable=SC2086 # the words above are meant to be split
{
	run "sign, file" sign $signer -i "$DIR/content" -o "$DIR/m"
	run "verify, file" verify --trust "$PKI/ca.pem" -i "$DIR/m" \
		-o "$DIR/out"
	same "sign and verify" "$DIR/out"

	run "encrypt, file" encrypt $recipient --content-type p22 \
		-i "$DIR/content" -o "$DIR/m"
	run "decrypt, file" decrypt --key "$PKI/bob.pem" -i "$DIR/m" \
		-o "$DIR/out"
	same "encrypt and decrypt" "$DIR/out"

	run "triple, file" triple $signer $recipient -i "$DIR/content" \
		-o "$DIR/m"
	run "open, file" open $opener -i "$DIR/m" -o "$DIR/out"
	same "triple and open" "$DIR/out"
	run "inspect, file" inspect -i "$DIR/m"

	run "wrap, file" wrap -i "$DIR/m" -o "$DIR/eml"
	rm -f "$DIR/m"
	run "strip, file" strip -i "$DIR/eml" -o "$DIR/m"
	rm -f "$DIR/eml"
	run "open after wrap and strip" open $opener -i "$DIR/m" -o "$DIR/out"
	rm -f "$DIR/m"
	same "wrap and strip" "$DIR/out"

	# Length unknown: indefinite lengths, and output held back.
	mkfifo "$DIR/in" "$DIR/pipe"
	cat "$DIR/content" >"$DIR/in" &
	cat "$DIR/pipe" >"$DIR/m" &
	run "triple, pipe to pipe" triple $signer $recipient -i "$DIR/in" \
		-o "$DIR/pipe"
	wait
	cat "$DIR/m" >"$DIR/in" &
	cat "$DIR/pipe" >"$DIR/out" &
	run "open, pipe to pipe" open $opener -i "$DIR/in" -o "$DIR/pipe"
	wait
	rm -f "$DIR/m"
	same "triple and open by pipe" "$DIR/out"

	cat "$DIR/content" >"$DIR/in" &
	run "triple, wrapped, from a pipe" triple --wrap $signer $recipient \
		-i "$DIR/in" -o "$DIR/eml"
	wait
	run "open, wrapped" open $opener -i "$DIR/eml" -o "$DIR/out"
	rm -f "$DIR/eml"
	same "wrapped" "$DIR/out"
}

echo "1..$n"
exit $failed
