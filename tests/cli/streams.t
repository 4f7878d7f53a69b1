#!/bin/sh
# streams.t - what goes where: product, report, text.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages

# ----------------------------------------------------------- product and text

expect_exit 0 'from standard input to standard output' sh -c \
    "'$cms' verify --trust '$pki/ca.pem' <signed.der"
same out alice.p22 'the product and nothing else'
check 'text for people goes to standard error' grep -q 'CN=alice' err
expect_exit 0 'a verb with -o' verify_it -i signed.der -o v.out
check 'leaves standard output alone' test ! -s out
size=$(($(wc -c <signed.der) - 66))
expect_exit 4 'a failure' sh -c "{ head -c $size signed.der
    head -c 66 /dev/zero; } | '$cms' verify --trust '$pki/ca.pem'"
check 'nothing on standard output before success' test ! -s out
expect_exit 0 '--quiet' verify_it --quiet -i signed.der -o v.out
check 'says nothing' test ! -s err
expect_exit 0 '--quiet with a warning' "$cms" open --key "$pki/bob.pem" \
    --quiet -i encrypted.der -o v.out
check 'says nothing either' test ! -s err
expect_exit 5 '--quiet with an error' verify_it --quiet -i alice.p22
expect_reason
check 'is one line' test "$(wc -l <err)" -eq 1
expect_exit 0 '--verbose' verify_it --verbose -i signed.der -o v.out
verify_it -i signed.der -o v.out 2>plain.err
check 'says more' test "$(wc -c <err)" -gt "$(wc -c <plain.err)"
expect_exit 0 'every line of text says who speaks' verify_it \
    -i signed.der -o v.out
refute 'no other line' grep -v '^cmsx400: ' err

# ------------------------------------------------------------------ the report

for verb in sign_it encrypt_it; do
	expect_usage "$verb: --json, and the product on standard output" \
	    $verb --json -i alice.p22
	expect_usage "$verb: the same with --report -" \
	    $verb --report - -i alice.p22
	expect_usage "$verb: the same with -o -" \
	    $verb --json -i alice.p22 -o -
done
expect_usage 'open: --json, and the product on standard output' open_it \
    --json -i triple.der
for option in --json '--report=-'; do
	expect_exit 0 "$option, and the product in a file" open_it $option \
	    -i triple.der -o v.out
	cp out r.json
	json_is r.json result ok "$option: JSON on standard output"
	same v.out alice.p22 "$option: the product in the file"
done
expect_exit 0 '--json and --report FILE' open_it --json --report f.json \
    -i triple.der -o v.out
same out f.json 'the report goes to both'

rm -f f.json
expect_exit 4 '--report of a failure' open_it --require-signature \
    -i encrypted.der -o n.out --report f.json
json_is f.json exit 4 'is written'
rm -f f.json
expect_usage '--report of a usage error' open_it --nonsense --report f.json
json_is f.json exit 1 'is written'
json_is f.json code usage 'and says so'
rm -f f.json
expect_usage '--report of a bad value' open_it --max-depth x \
    -i triple.der --report f.json
json_is f.json exit 1 'is written'
rm -f f.json
expect_exit 2 '--report of an input that is not there' open_it \
    -i missing -o n.out --report f.json
json_is f.json exit 2 'is written'
json_is f.json input/name missing 'and names the input'
json_is f.json input/octets null 'of which nothing was read'
expect_exit 2 '--json of an input that is not there' open_it --json \
    -i missing -o n.out
cp out f.json
json_is f.json exit 2 'is written'
expect_usage '--out and --report in the same file' open_it -i triple.der \
    -o same.out --report same.out
nothing_at same.out
cp triple.der victim.der
expect_usage '--report on the input' open_it -i victim.der -o v.out \
    --report victim.der
same victim.der triple.der 'leaves the input alone'
expect_exit 2 '--report that cannot be written' open_it -i triple.der \
    -o n.out --report no/such/dir.json
nothing_at n.out 'leaves no product'

# ------------------------------------------------------------------ a terminal

# terminal COMMAND: with standard output on a terminal of its own.
if command -v script >/dev/null &&
    script -qec true /dev/null >log 2>&1 </dev/null; then
	expect_exit 1 'binary to a terminal' script -qec \
	    "'$cms' verify --trust '$pki/ca.pem' -i signed.der 2>tty.err" \
	    typescript
	check 'is refused' grep -q 'terminal' tty.err
	refute 'and does not come' grep -aq 'Test message' typescript
	expect_exit 0 'text to a terminal' script -qec \
	    "'$cms' sign --signer '$pki/alice.pem' --content-type p22 --pem \
	    -i alice.p22 2>/dev/null" typescript
	check 'comes' grep -q 'BEGIN CMS' typescript
	expect_exit 0 'a pipe is no terminal' script -qec \
	    "'$cms' verify --trust '$pki/ca.pem' -i signed.der 2>/dev/null |
	    cat >tty.out" typescript
	same tty.out alice.p22 'and gets the product'
else
	skip 'binary to a terminal' 'script(1) is missing'
fi

# -------------------------------------------------------------------- progress

expect_exit 0 '--progress=always' verify_it --progress=always \
    -i signed.der -o v.out
check 'is on standard error' grep -q 'KiB' err
expect_exit 0 '--progress never' verify_it --progress never \
    -i signed.der -o v.out
refute 'is not' grep -q 'KiB' err
expect_exit 0 '--progress auto' verify_it --progress auto -i signed.der \
    -o v.out
refute 'is not, where there is no terminal' grep -q 'KiB' err

# ----------------------------------------------------------- the form of input

openssl cms -cmsout -inform DER -in signed.der -outform PEM -out cms.pem
sed 's/CMS/PKCS7/' cms.pem >pkcs7.pem
must "$cms" wrap -i signed.der -o s.eml
{
	echo 'some words in front'
	cat cms.pem
} >words.pem
"$cms" sign --signer "$pki/alice.pem" --content-type p22 -q <alice.p22 \
    >redirected.der
cat alice.p22 | "$cms" sign --signer "$pki/alice.pem" --content-type p22 -q \
    >s.ber
for pair in signed.der:der s.ber:ber cms.pem:pem pkcs7.pem:pem \
    words.pem:pem s.eml:mime redirected.der:der; do
	file=${pair%:*}
	rm -f form.out
	expect_exit 0 "$file is detected" open_it -i "$file" -o form.out \
	    --report form.json
	same form.out alice.p22 "$file gives the content"
	json_is form.json input/encoding "${pair#*:}" "$file is ${pair#*:}"
done
expect_exit 0 'octet by octet through a pipe' sh -c \
    "dd if=s.eml bs=1 2>/dev/null | '$cms' open --trust '$pki/ca.pem' -q"
same out alice.p22 'gives the content'

# A closed stream is not taken by a file that is opened.
expect_exit 0 'standard error closed' sh -c \
    "'$cms' verify --trust '$pki/ca.pem' -i signed.der -o closed.out 2>&-"
same closed.out alice.p22 'the output holds the product only'
expect_exit 2 'standard output closed' sh -c \
    "'$cms' verify --trust '$pki/ca.pem' -i signed.der >&-"
expect_exit 2 'standard input closed' sh -c \
    "'$cms' verify --trust '$pki/ca.pem' -o n.out <&-"
nothing_at n.out

done_testing
