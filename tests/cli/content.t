#!/bin/sh
# content.t - content show, content new.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

alice=$(cat "$pki/alice.addr")
bob=$(cat "$pki/bob.addr")

new()
{
	"$cms" content new --content-type p22 --from "$alice" --to "$bob" "$@"
}

expect_exit 0 'new' new --subject Hello --text 'a line' -o c.p22
expect_exit 0 'show' "$cms" content show --content-type p22 -i c.p22
expect_stdout 'Hello' 'shows the subject'
expect_stdout 'S=Eggen' 'the originator'
expect_stdout 'S=Berg' 'the recipient'
refute 'not the text' grep -q 'a line' out
expect_exit 0 '--json' "$cms" content show --content-type p22 -i c.p22 --json
cp out r.json
json_is r.json content/subject Hello
json_is r.json content/type/oid 2.6.1.10.1
json_is r.json content/originator \
    'G=Anders; S=Eggen; O=ffi; P=mil; A=telemax; C=NO'
json_is r.json content/recipients/0/address \
    'G=Bob; S=Berg; O=ffi; P=mil; A=telemax; C=NO'
json_is r.json content/octets "$(wc -c <c.p22 | tr -d ' ')"
json_is r.json command 'content show'
expect_exit 0 '--report' "$cms" content show --content-type p22 -i c.p22 \
    --report f.json
json_is f.json content/subject Hello

for type in p2 p22 p772; do
	expect_exit 0 "new --content-type $type" "$cms" content new \
	    --content-type $type --from "$alice" --to "$bob" --text x \
	    -o $type
	expect_exit 0 "show --content-type $type" "$cms" content show \
	    --content-type $type -i $type
	expect_stdout 'S=Eggen' "$type: the originator"
done
expect_exit 0 'several --to' new --to 'C=NO;A=x;S=Third' --text x -o m.p22
"$cms" content show --content-type p22 -i m.p22 --json >r.json
json_is r.json content/recipients '[2]'
expect_exit 0 'the text from standard input' sh -c "printf 'from here' |
    '$cms' content new --content-type p22 --from '$alice' --to '$bob' \
    -o in.p22"
check 'is in the content' grep -q 'from here' in.p22
printf 'from a file' >text
expect_exit 0 'the text from --in' new -i text -o in.p22
check 'is in the content too' grep -q 'from a file' in.p22
check 'openssl sees well-formed BER' openssl asn1parse -inform DER \
    -in c.p22
expect_exit 0 'the product on standard output' sh -c \
    "'$cms' content new --content-type p22 --from '$alice' --to '$bob' \
    --text x >pipe.p22"
expect_exit 0 'content show from standard input' sh -c \
    "'$cms' content show --content-type p22 <pipe.p22"

expect_usage 'new without --content-type' "$cms" content new \
    --from "$alice" --to "$bob" --text x
expect_exit 0 'new without --from' "$cms" content new --content-type p22 \
    --to "$bob" --text x -o anonymous.p22
"$cms" content show --content-type p22 -i anonymous.p22 --json >r.json
json_is r.json content/originator null 'has no originator'
expect_usage '--text and --in' new --text x -i text
expect_usage 'show without --content-type' "$cms" content show -i c.p22
expect_usage 'show of a type that is not known' "$cms" content show \
    --content-type p99 -i c.p22
expect_exit 5 'new with an address that is none' "$cms" content new \
    --content-type p22 --from 'hello' --to "$bob" --text x -o n.p22
nothing_at n.p22
expect_usage 'content without a verb' "$cms" content
expect_usage 'content with another verb' "$cms" content make
expect_usage 'new of P772 without --from' "$cms" content new \
    --content-type p772 --to "$bob" --text x -o n.p22
expect_exit 3 'new of a type that is not made' "$cms" content new \
    --content-type p35 --from "$alice" --to "$bob" --text x -o n.p22
expect_stderr 'p35' 'names the type'
nothing_at n.p22
printf 'no heading at all' >any
expect_exit 5 'show of octets that are no heading' "$cms" content show \
    --content-type p22 -i any
head -c 50 c.p22 >cut.p22
expect_exit 5 'show of content cut short' "$cms" content show \
    --content-type p22 -i cut.p22
expect_reason
expect_exit 0 'show of a type without such a heading' "$cms" content show \
    --content-type 1.2.3.4 -i c.p22
expect_exit 5 'show of nothing' "$cms" content show --content-type p22 \
    -i /dev/null

done_testing
