# interop.sh - what the tests with the openssl command share; sourced.
#
# "Ours" is a message that cmsx400 made and openssl opens, "theirs" one the
# other way round.
#
# SPDX-License-Identifier: ISC

# shellcheck shell=sh
# shellcheck disable=SC2034 # the variables are for those who source this

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

p22=2.6.1.10.1

for user in alice carol dave; do
	content $user
done

# Content that nobody can read: what is in it must not matter, and it crosses
# every buffer on the way.
i=0
while [ $i -lt 8 ]; do
	cat "$pki/chain.pem" "$pki/alice.pem"
	printf '\000\377\r\n\n'
	i=$((i + 1))
done >large

# The certificate of $1 as a recipient.
cert()
{
	echo "$pki/$1-cert.pem"
}

# The message of openssl made from file $1 in form $2, with what follows.
theirs_verify()
{
	in=$1 form=$2 content=$3
	shift 3
	rm -f theirs.out
	openssl cms -verify -binary -inform "$form" -in "$in" \
	    -CAfile "$pki/ca.pem" "$@" -out theirs.out &&
	    cmp theirs.out "$content"
}

ours_open()
{
	in=$1 content=$2
	shift 2
	rm -f ours.out
	"$cms" open --trust "$pki/ca.pem" -i "$in" -o ours.out \
	    --report report.json "$@" && cmp ours.out "$content"
}

# The report of the last message holds $1.
reported()
{
	grep -q -- "$1" report.json || { cat report.json; return 1; }
}

# The dump of message $1 (form $2) by openssl holds $3.
dumped()
{
	openssl cms -cmsout -print -noout -inform "$2" -in "$1" >dump || return
	grep -q -- "$3" dump || { cat dump; return 1; }
}

# Content $2 signed by $1 with openssl, to the file message.
theirs_sign()
{
	user=$1 content=$2
	shift 2
	openssl cms -sign -binary -nodetach -econtent_type $p22 \
	    -in "$content" -outform DER -signer "$(cert "$user")" \
	    -inkey "$pki/$user-key.pem" "$@" -out message
}
