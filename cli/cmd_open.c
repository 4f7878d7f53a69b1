/*
 * cmd_open.c - open, verify, decrypt.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "keys.h"
#include "passphrase.h"
#include "policy.h"
#include "reading.h"
#include "verbs.h"

static int
open_message(struct run *run, enum cx4_mode mode)
{
	struct reading reading;
	struct infile in = { .fd = -1 };
	struct outfile *of = NULL;
	int code;

	reading_init(&reading, run, mode);
	if ((code = policy_check(run)) != CX4_OK ||
	    (code = passphrase_check(run)) != CX4_OK ||
	    (code = run_open_in(run, &in, 0)) != CX4_OK ||
	    (code = run_open_out(run, &in, 1, &of)) != CX4_OK ||
	    (code = reading_set_up(&reading)) != CX4_OK)
		goto out;
	if (run_has(run, OPT_BARE))
		cx4_reader_set_bare(reading.reader, 1);
	cx4_reader_set_sink(reading.reader, outfile_write, outfile_end, of);
	code = reading_run(&reading, &in, of);
out:
	/* The reader goes first: it may still end its sink. */
	reading_free(&reading);
	outfile_free(&of);
	infile_close(&in);
	return code;
}

static int
do_open(struct run *run)
{
	return open_message(run, CX4_MODE_OPEN);
}

static int
do_verify(struct run *run)
{
	return open_message(run, CX4_MODE_VERIFY);
}

static int
do_decrypt(struct run *run)
{
	int code = run_need(run, OPT_KEY);

	return code != CX4_OK ? code : open_message(run, CX4_MODE_DECRYPT);
}

#define OPTS_STREAMS	OPT_IN, OPT_OUT
#define OPTS_KEYS	OPT_KEY, OPT_PASSIN
#define OPTS_TRUST	OPT_TRUST, OPT_CRL, OPT_REVOCATION,		\
    OPT_REVOCATION_SOFT, OPT_AT, OPT_REQUIRE_SIGNERS,			\
    OPT_REQUIRE_SIGNATURE, OPT_ALLOW_ORIGINATOR_MISMATCH,		\
    OPT_REQUIRE_ORIGINATOR_MATCH
#define OPTS_INSECURE	OPT_INSECURE_RELEASE, OPT_INSECURE_DETAILS

static const enum opt_id open_options[] = {
	OPTS_STREAMS, OPTS_KEYS, OPT_CERTS, OPTS_TRUST, OPTS_LIMITS,
	OPTS_INSECURE, OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id verify_options[] = {
	OPTS_STREAMS, OPT_CERTS, OPTS_TRUST, OPT_BARE, OPTS_LIMITS,
	OPT_INSECURE_RELEASE, OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id decrypt_options[] = {
	OPTS_STREAMS, OPTS_KEYS, OPT_CERTS, OPT_BARE, OPTS_LIMITS,
	OPTS_INSECURE, OPTS_REPORT, OPTS_COMMON
};

const struct verb verb_open = {
	"open", "--key ID ... --trust FILE ... [-i FILE] [-o FILE]",
	"strip, verify, decrypt and check every layer; give the content",
	open_options, VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_open
};

const struct verb verb_verify = {
	"verify", "--trust FILE ... [-i FILE] [-o FILE]",
	"check signed layers, down to the content or to an encryption",
	verify_options, VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_verify
};

const struct verb verb_decrypt = {
	"decrypt", "--key ID ... [-i FILE] [-o FILE]",
	"remove one encrypted layer", decrypt_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_decrypt
};
