#!/bin/sh
# usage.t - what the command line refuses: exit 1, nothing done.
#
# SPDX-License-Identifier: ISC

# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

messages

# ---------------------------------------------------------------------- verbs

expect_exit 1 'no verb at all' "$cms"
expect_usage 'a verb that is not known' "$cms" nonsense
expect_usage 'a verb that is nearly right' "$cms" sing
expect_stderr '"sign"' 'the right one is named'
expect_usage 'an empty verb' "$cms" ''
expect_usage 'an option in place of the verb' "$cms" --in x

# -------------------------------------------------------------------- options

expect_usage 'an unknown option' verify_it --nonsense -i signed.der
expect_stderr '--nonsense' 'is named'
expect_usage 'an option that is nearly right' verify_it --trusd x \
    -i signed.der
expect_stderr '--trust' 'the right one is named'
expect_usage 'the beginning of an option' verify_it --tru x -i signed.der
expect_usage 'an option without meaning for the verb' verify_it \
    --cipher aes-128-cbc -i signed.der
expect_stderr 'no meaning' 'it says so'
expect_usage 'an unknown letter' verify_it -x -i signed.der
expect_usage 'an empty option' verify_it --=x -i signed.der
expect_usage 'a missing value' verify_it -i signed.der --out
expect_stderr '--out' 'the option is named'
expect_usage 'a missing value of a letter' verify_it -i
expect_usage 'a single option twice' verify_it -i signed.der -i signed.der
expect_stderr 'twice' 'it says so'
expect_usage 'by letter and by name' verify_it -i signed.der \
    --in signed.der
expect_usage 'a value for an option that takes none' verify_it \
    --quiet=yes -i signed.der
expect_usage 'an argument that no verb asked for' verify_it signed.der
expect_exit 0 'a flag may be repeated' verify_it --quiet --quiet \
    -i signed.der -o q.out

expect_exit 0 '--opt=value' "$cms" verify "--trust=$pki/ca.pem" \
    --in=signed.der --out=v1.out
same v1.out alice.p22 'works as --opt value'
expect_exit 0 '-iFILE' verify_it -isigned.der -ov2.out
same v2.out alice.p22 'works as -i FILE'
expect_exit 0 'an empty value after =' sh -c \
    "'$cms' content new --content-type p22 --to 'C=NO;A=x;S=y' --subject= \
    --text= -o e.p22"
expect_exit 0 '- is standard input and output' sh -c \
    "'$cms' verify --trust '$pki/ca.pem' -i - -o - <signed.der >v3.out"
same v3.out alice.p22 'and nothing else comes'
expect_usage '-- ends the options' "$cms" cert show -- --json \
    "$pki/ca.pem"
expect_exit 0 'what follows -- is an argument' sh -c \
    "cp '$pki/ca.pem' ./--json && '$cms' cert show -- --json"
expect_stdout 'Test root' 'and is read'
expect_exit 0 'options may follow arguments' "$cms" cert show \
    "$pki/ca.pem" --json
expect_stdout '"certificates"' 'and count'

# Nothing is done, and the first thing wrong is told.
expect_usage 'an unknown option beside a good output' sign_it --nonsense \
    -i alice.p22 -o n.der
nothing_at n.der
expect_reason
check 'a hint tells where to look' grep -q 'cmsx400 help sign' err

# --------------------------------------------------------------------- values

for pair in max-depth:0 max-depth:65 max-depth:x max-depth:-1 max-depth: \
    max-octets:0 max-octets:1k max-octets:-5 \
    max-octets:99999999999999999999 at:yesterday at:2026-13-01T00:00:00Z \
    at:2026-01-01 at:2026-01-01T25:00:00Z policy:none require-signers:some \
    revocation:maybe progress:sometimes; do
	expect_usage "--${pair%%:*} '${pair#*:}'" verify_it \
	    "--${pair%%:*}=${pair#*:}" -i signed.der
done
for pair in digest:md5 digest:SHA256 sid:subject signing-time:now \
    cipher:des content-type:p22x layers:sign; do
	case $pair in
	cipher:*)
		expect_usage "--cipher ${pair#*:}" encrypt_it \
		    --cipher "${pair#*:}" -i alice.p22 ;;
	content-type:*)
		expect_usage "--content-type ${pair#*:}" "$cms" sign \
		    --signer "$pki/alice.pem" --content-type "${pair#*:}" \
		    -i alice.p22 ;;
	*)	expect_usage "--${pair%%:*} ${pair#*:}" sign_it \
		    "--${pair%%:*}" "${pair#*:}" -i alice.p22 ;;
	esac
done
expect_usage '--revocation-soft without --revocation' verify_it \
    --revocation-soft -i signed.der
expect_usage '--passin in no form that is known' sign_it --passin secret \
    -i alice.p22
refute 'what may be a pass phrase is not repeated' grep -q secret err

done_testing
