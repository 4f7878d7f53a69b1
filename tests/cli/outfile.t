#!/bin/sh
# outfile.t - an output appears whole, or not at all.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages
must "$cms" wrap --lf -i signed.der -o s.eml
flip signed.der damaged.der -1
echo 'what was there before' >before
mkdir d

mode_of()
{
	# shellcheck disable=SC2012 # one name, made here
	ls -l "$1" | cut -c 1-10
}

temporaries()
{
	find "$1" -name '.*.cmsx400-*'
}

# ------------------------------------------------------------------ on success

expect_exit 0 'a new file' verify_it -i signed.der -o d/new
same d/new alice.p22 'holds the product'
check 'is for its owner only' test "$(mode_of d/new)" = -rw-------
check 'no temporary file is left' test -z "$(temporaries d)"
cp before d/old
chmod 644 d/old
expect_exit 0 'an existing file' verify_it -i signed.der -o d/old
same d/old alice.p22 'is replaced'
check 'and is for its owner only' test "$(mode_of d/old)" = -rw-------
cp before d/linked
ln d/linked d/hard
expect_exit 0 'a file with two names' verify_it -i signed.der -o d/linked
same d/hard before 'the other name keeps the old content'
expect_exit 0 'a name in the current directory' verify_it -i signed.der \
    -o here
same here alice.p22 'works'
name=$(printf '%0250d' 0)
expect_exit 0 'a name nearly as long as can be' verify_it -i signed.der \
    -o "d/$name"
same "d/$name" alice.p22 'works too'

# ------------------------------------------------------------------ on failure

# fails CODE WHAT COMMAND ...: neither a new nor an old file is touched.
fails()
{
	fails_code=$1 fails_what=$2
	shift 2
	rm -rf f
	mkdir f
	expect_exit "$fails_code" "$fails_what" "$@" -o f/new
	check "$fails_what: no file at all" test -z "$(ls -A f)"
	cp before f/old
	"$@" -o f/old >log 2>&1
	same f/old before "$fails_what: an existing file keeps its content"
	check "$fails_what: and is alone" test "$(ls -A f)" = old
}

fails 1 'a usage error' verify_it --nonsense -i signed.der
fails 2 'no input' verify_it -i missing
fails 2 'no key file' "$cms" open --key missing -i triple.der
fails 3 'a policy that forbids' sign_it --digest sha1 -i alice.p22
fails 4 'a damaged signature' verify_it -i damaged.der
fails 5 'no CMS' verify_it -i alice.p22
head -c 1500 signed.der >cut.der
fails 5 'a message cut short' verify_it -i cut.der
fails 6 'no trust' "$cms" verify -i signed.der
fails 9 'a limit' verify_it --max-octets 10 -i signed.der
fails 10 'no key' "$cms" open --key "$pki/dave.pem" -i encrypted.der
fails 75 'no revocation list' verify_it --revocation crl -i signed.der
fails 5 'a wrapper that contradicts' sh -c "sed 's/signed-x/enveloped-x/' \
    s.eml | '$cms' strip \"\$@\"" sh
fails 3 'a smime-type that cannot be seen' sh -c "'$cms' encrypt \
    --to '$pki/bob-cert.pem' --no-originator-copy -i signed.der -q |
    '$cms' wrap \"\$@\"" sh

# ---------------------------------------------------------------- other outputs

mkdir l
cp before l/target
ln -s target l/link
expect_exit 0 'a symbolic link' verify_it -i signed.der -o l/link
check 'stays a link' test -h l/link
same l/target alice.p22 'and its target is replaced'
ln -s new-target l/dangling
expect_exit 0 'a link to nothing' verify_it -i signed.der -o l/dangling
same l/new-target alice.p22 'makes its target'
ln -s loop l/loop
expect_exit 2 'a link to itself' verify_it -i signed.der -o l/loop
expect_exit 0 '/dev/null' verify_it -i signed.der -o /dev/null
check 'is still a device' test -c /dev/null
mkfifo fifo
timeout 60 cat fifo >from-fifo &
reader=$!
expect_exit 0 'a FIFO' verify_it -i signed.der -o fifo
wait $reader
same from-fifo alice.p22 'is written like a pipe'
check 'and is still a FIFO' test -p fifo
timeout 60 cat fifo >from-fifo &
reader=$!
expect_exit 4 'a FIFO, and a failure' verify_it -i damaged.der -o fifo
wait $reader
check 'gets nothing' test ! -s from-fifo
expect_exit 0 '/dev/stdout, a file' sh -c "'$cms' verify \
    --trust '$pki/ca.pem' -i signed.der -o /dev/stdout >dev.out"
same dev.out alice.p22 'is written'
expect_exit 2 'a directory' verify_it -i signed.der -o d
expect_exit 2 'a directory that is not there' verify_it -i signed.der \
    -o no/such/file
expect_exit 2 'a name that ends in a slash' verify_it -i signed.der -o no/
if [ -c /dev/full ]; then
	expect_exit 2 'a full disk' verify_it -i signed.der -o /dev/full
	expect_reason
	expect_exit 2 'a full disk behind standard output' sh -c \
	    "'$cms' verify --trust '$pki/ca.pem' -i signed.der >/dev/full"
	expect_exit 2 'a full disk for the report' verify_it -i signed.der \
	    -o d/report-full --report /dev/full
else
	skip 'a full disk' 'no /dev/full'
fi
expect_exit 2 'a reader that is gone' sh -c "mkfifo gone
    exec 3<>gone 4>gone 3<&-
    '$cms' verify --trust '$pki/ca.pem' -i signed.der >&4"
if [ "$(id -u)" -eq 0 ]; then
	skip 'a directory that cannot be written' 'run as root'
else
	mkdir locked
	chmod 500 locked
	expect_exit 2 'a directory that cannot be written' verify_it \
	    -i signed.der -o locked/x
	chmod 700 locked
fi

# ------------------------------------------------------------ output and input

cp signed.der io.der
expect_usage 'output equal to input' verify_it -i io.der -o io.der
same io.der signed.der 'the input keeps its content'
ln -s io.der io.link
expect_usage 'through a symbolic link' verify_it -i io.der -o io.link
expect_usage 'by another path' verify_it -i io.der -o "$PWD/./io.der"
ln io.der io.hard
expect_usage 'through a hard link' verify_it -i io.der -o io.hard
expect_usage 'redirected' sh -c "'$cms' verify --trust '$pki/ca.pem' \
    <io.der -o io.der"
expect_exit 1 'appended to' sh -c "'$cms' verify --trust '$pki/ca.pem' \
    -i io.der >>io.der"
same io.der signed.der 'the input has its content still'

# ------------------------------------------------------------------ a signal

# The command has read half of its input and waits for more: the temporary
# file is there. It must not be there afterwards.
for signal in TERM INT HUP; do
	rm -rf k slow
	mkdir k
	cp before k/old
	mkfifo slow
	# A shell that runs commands in the background ignores SIGINT there.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$cms" sign \
	    --signer "$pki/alice.pem" --content-type p22 -q -i slow \
	    -o k/old 2>err &
	pid=$!
	exec 3>slow
	cat alice.p22 >&3
	tries=0
	while [ -z "$(temporaries k)" ] && [ $tries -lt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	check "SIG$signal: a temporary file was there" test -n \
	    "$(temporaries k)"
	kill -s $signal $pid
	wait $pid 2>log
	code=$?
	exec 3>&-
	check "SIG$signal: the command was ended by it" test $code -gt 128
	check "SIG$signal: no temporary file is left" test -z \
	    "$(temporaries k)"
	same k/old before "SIG$signal: the file keeps its content"
done

# ------------------------------------------------------- what a pipe is held in

# More than is held in memory goes to a nameless file in TMPDIR.
mkdir t
i=0
while [ $i -lt 400 ]; do
	cat "$pki/alice.pem" "$pki/bob.pem"
	i=$((i + 1))
done >large
sign_it -i large -o large.der -q 2>log
TMPDIR=$PWD/t
export TMPDIR
expect_exit 0 'a large product to a pipe' sh -c "'$cms' verify \
    --trust '$pki/ca.pem' -q -i large.der | cat >large.out"
same large.out large 'arrives whole'
flip large.der large-bad.der -1
expect_exit 4 'a large product of a failure' sh -c "'$cms' verify \
    --trust '$pki/ca.pem' -q -i large-bad.der >large.out"
check 'does not come at all' test ! -s large.out
check 'nothing is left in TMPDIR' test -z "$(ls -A t)"

done_testing
