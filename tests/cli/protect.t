#!/bin/sh
# protect.t - protect: any nesting of layers.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

content alice

protect_it()
{
	"$cms" protect --signer "$pki/alice.pem" --to "$pki/bob-cert.pem" \
	    --content-type p22 -i alice.p22 "$@"
}

# nest LIST WORD ...: the layers made from LIST, outermost first.
nest()
{
	nest_list=$1
	shift
	expect_exit 0 "--layers $nest_list" protect_it \
	    --layers "$nest_list" -o n.der
	rm -f n.out
	expect_exit 0 "$nest_list opens" open_it -i n.der -o n.out \
	    --report n.json
	same n.out alice.p22 "$nest_list gives the content"
	json_is n.json layers "[$#]"
	nest_i=0
	for nest_type in "$@"; do
		json_is n.json layers/$nest_i/type "$nest_type"
		nest_i=$((nest_i + 1))
	done
}

nest sign,encrypt envelopedData signedData
nest encrypt,sign signedData envelopedData
nest sign,encrypt,sign signedData envelopedData signedData
nest encrypt,encrypt,sign,sign signedData signedData envelopedData \
    envelopedData

expect_exit 0 'one signed layer' "$cms" protect --layers sign \
    --signer "$pki/alice.pem" --content-type p22 -i alice.p22 -o s.der
expect_exit 0 'as sign makes it' verify_it -i s.der -o s.out
same s.out alice.p22 'with the content in it'
expect_exit 0 'one encrypted layer' "$cms" protect --layers encrypt \
    --to "$pki/bob-cert.pem" --originator "$pki/alice-cert.pem" \
    --content-type p22 -i alice.p22 -o e.der
expect_usage 'an encrypted layer needs --to' "$cms" protect \
    --layers encrypt --no-originator-copy --content-type p22 -i alice.p22
expect_usage 'a signed layer needs --signer' "$cms" protect --layers sign \
    --content-type p22 -i alice.p22
expect_usage 'without --layers' protect_it
expect_usage 'a layer that is not known' protect_it --layers sign,compress
expect_usage 'an empty layer' protect_it --layers sign,
expect_usage 'no layer' protect_it --layers ''
expect_usage '--signer for encrypted layers only' "$cms" protect \
    --layers encrypt --to "$pki/bob-cert.pem" --no-originator-copy \
    --signer "$pki/alice.pem" --content-type p22 -i alice.p22
expect_usage '--to for signed layers only' "$cms" protect --layers sign \
    --to "$pki/bob-cert.pem" --signer "$pki/alice.pem" --content-type p22 \
    -i alice.p22
expect_exit 0 'around a ContentInfo without --content-type' "$cms" protect \
    --layers encrypt --to "$pki/bob-cert.pem" --no-originator-copy \
    -i s.der -o se.der
expect_exit 0 'it opens' open_it -i se.der -o se.out --report se.json
same se.out alice.p22 'down to the content'
json_is se.json layers/1/form bare

# 16 layers are what a reader accepts unless it is told otherwise.
list=sign
i=1
while [ $i -lt 16 ]; do
	list=$list,sign
	i=$((i + 1))
done
expect_exit 0 '16 layers' "$cms" protect --layers $list \
    --signer "$pki/alice.pem" --content-type p22 -i alice.p22 -o 16.der
expect_exit 0 '16 layers are opened' verify_it -q -i 16.der -o 16.out
same 16.out alice.p22 'and give the content'
expect_exit 9 '17 layers are not made' "$cms" protect --layers $list,sign \
    --signer "$pki/alice.pem" --content-type p22 -i alice.p22 -o no.der
nothing_at no.der
must "$cms" sign --signer "$pki/alice.pem" -i 16.der -o 17.der
expect_exit 9 '17 layers are refused' verify_it -q -i 17.der -o 17.out
nothing_at 17.out
expect_exit 0 'unless --max-depth says so' verify_it -q --max-depth 17 \
    -i 17.der -o 17.out

done_testing
