/*
 * cmd_protect.c - sign, encrypt, triple, protect, certs-only: names for
 * lists of layers, made by one engine.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "keys.h"
#include "passphrase.h"
#include "policy.h"
#include "report.h"
#include "summary.h"
#include "value.h"
#include "verbs.h"

#define LAYERS_MAX 64

/* What a verb makes, and what it was given for it. */
struct job {
	enum cx4_layer_type layers[LAYERS_MAX];	/* innermost first */
	size_t n_layers;
	int signs;
	int encrypts;
	int certs_only;
	unsigned int options;
	enum cx4_digest digest;
	enum cx4_cipher cipher;
	int has_time;
	int64_t signing_time;
	struct ids signers;
	struct ids recipients;
	struct ids certs;
	cx4_id *originator;	/* --originator */
	cx4_policy *policy;
};

static const struct keyword layer_names[] = {
	{ "sign", CX4_LAYER_SIGNED },
	{ "encrypt", CX4_LAYER_ENVELOPED },
	{ NULL, 0 }
};

static const struct keyword digests[] = {
	{ "sha1", CX4_DIGEST_SHA1 },
	{ "sha256", CX4_DIGEST_SHA256 },
	{ "sha384", CX4_DIGEST_SHA384 },
	{ "sha512", CX4_DIGEST_SHA512 },
	{ NULL, 0 }
};

static const struct keyword ciphers[] = {
	{ "auto", CX4_CIPHER_AUTO },
	{ "des-ede3-cbc", CX4_CIPHER_DES_EDE3_CBC },
	{ "aes-128-cbc", CX4_CIPHER_AES_128_CBC },
	{ "aes-192-cbc", CX4_CIPHER_AES_192_CBC },
	{ "aes-256-cbc", CX4_CIPHER_AES_256_CBC },
	{ "aes-128-gcm", CX4_CIPHER_AES_128_GCM },
	{ "aes-192-gcm", CX4_CIPHER_AES_192_GCM },
	{ "aes-256-gcm", CX4_CIPHER_AES_256_GCM },
	{ NULL, 0 }
};

static const struct keyword sids[] = {
	{ "issuer-serial", 0 },
	{ "ski", CX4_WRITE_SKI },
	{ NULL, 0 }
};

static const struct {
	enum opt_id id;
	unsigned int option;
} write_flags[] = {
	{ OPT_NO_CERTS, CX4_WRITE_NO_CERTS },
	{ OPT_NO_ORIGINATOR_COPY, CX4_WRITE_NO_ORIGINATOR_COPY },
	{ OPT_DER, CX4_WRITE_DER },
	{ OPT_WRAP, CX4_WRITE_MIME },
	{ OPT_PEM, CX4_WRITE_PEM },
	{ OPT_RSA_PSS, CX4_WRITE_RSA_PSS },
	{ OPT_RSA_OAEP, CX4_WRITE_RSA_OAEP },
	{ OPT_LF, CX4_WRITE_LF },
};

#define N_WRITE_FLAGS (sizeof(write_flags) / sizeof(write_flags[0]))

/* ------------------------------------------------- what was asked for */

static int
add_layer(struct run *run, struct job *job, const char *name, size_t len)
{
	const struct keyword *k;

	for (k = layer_names; k->name != NULL; k++)
		if (strlen(k->name) == len && memcmp(k->name, name, len) == 0)
			break;
	if (k->name == NULL)
		return run_usage(run, "a layer is sign or encrypt, not "
		    "\"%.*s\"", (int)(len > 60 ? 60 : len), name);
	if (job->n_layers == LAYERS_MAX)
		return run_usage(run, "at most %d layers", LAYERS_MAX);
	job->layers[job->n_layers++] = (enum cx4_layer_type)k->value;
	job->signs |= k->value == CX4_LAYER_SIGNED;
	job->encrypts |= k->value == CX4_LAYER_ENVELOPED;
	return CX4_OK;
}

static int
parse_layers(struct run *run, struct job *job, const char *list)
{
	size_t len;
	int code;

	for (;;) {
		len = strcspn(list, ",");
		code = add_layer(run, job, list, len);
		if (code != CX4_OK || list[len] == '\0')
			return code;
		list += len + 1;
	}
}

/* Options that belong to layers which are not made. */
static int
check_layer_options(struct run *run, const struct job *job)
{
	static const enum opt_id signing[] = {
		OPT_SIGNER, OPT_SIGNER_KEY, OPT_DIGEST, OPT_RSA_PSS,
		OPT_NO_CERTS, OPT_SIGNING_TIME, OPT_CERT,
		OPT_ALLOW_ORIGINATOR_MISMATCH, OPT_END
	};
	static const enum opt_id encrypting[] = {
		OPT_TO, OPT_CIPHER, OPT_RSA_OAEP, OPT_NO_ORIGINATOR_COPY,
		OPT_END
	};
	const enum opt_id *id;

	for (id = signing; !job->signs && *id != OPT_END; id++)
		if (run_has(run, *id))
			return run_usage(run, "option --%s has no meaning "
			    "without a signed layer", opts_def(*id)->name);
	for (id = encrypting; !job->encrypts && *id != OPT_END; id++)
		if (run_has(run, *id))
			return run_usage(run, "option --%s has no meaning "
			    "without an encrypted layer",
			    opts_def(*id)->name);
	return CX4_OK;
}

static int
check_originator(struct run *run, const struct job *job)
{
	if (!job->encrypts || job->signs)
		return CX4_OK;
	if (run_has(run, OPT_ORIGINATOR))
		return run_exclude(run, OPT_ORIGINATOR,
		    OPT_NO_ORIGINATOR_COPY);
	if (run_has(run, OPT_NO_ORIGINATOR_COPY))
		return CX4_OK;
	run_usage(run, "give --originator CERT or --no-originator-copy");
	run_hint(run, "the originator's copy lets the sender read the "
	    "message again (RFC 3854 section 3.3.1)");
	return CX4_E_USAGE;
}

static int
check_parties(struct run *run, const struct job *job)
{
	size_t signers = opts_count(&run->opts, OPT_SIGNER);
	int code;

	if (job->signs && !job->certs_only &&
	    (code = run_need(run, OPT_SIGNER)) != CX4_OK)
		return code;
	if (job->encrypts && (code = run_need(run, OPT_TO)) != CX4_OK)
		return code;
	if (job->certs_only && (code = run_need(run, OPT_CERT)) != CX4_OK)
		return code;
	if (opts_count(&run->opts, OPT_SIGNER_KEY) > signers)
		return run_usage(run, "more --key than --signer");
	return check_originator(run, job);
}

static int
parse_cipher(struct run *run, struct job *job)
{
	const char *name = run_get(run, OPT_CIPHER);
	const struct keyword *k;
	char choices[160];

	if (name == NULL)
		return CX4_OK;
	if ((k = value_keyword(ciphers, name)) != NULL) {
		job->cipher = (enum cx4_cipher)k->value;
		return CX4_OK;
	}
	value_choices(ciphers, choices, sizeof(choices));
	return run_usage(run, "--cipher is %s, not \"%.60s\"", choices,
	    name);
}

static int
parse_signing(struct run *run, struct job *job)
{
	const char *digest = run_get(run, OPT_DIGEST);
	const char *sid = run_get(run, OPT_SID);
	const char *time = run_get(run, OPT_SIGNING_TIME);
	const struct keyword *k;

	if (digest != NULL) {
		if ((k = value_keyword(digests, digest)) == NULL)
			return run_usage(run, "--digest is sha1, sha256, "
			    "sha384 or sha512, not \"%.60s\"", digest);
		job->digest = (enum cx4_digest)k->value;
	}
	if (sid != NULL) {
		if ((k = value_keyword(sids, sid)) == NULL)
			return run_usage(run, "--sid is issuer-serial or "
			    "ski, not \"%.60s\"", sid);
		job->options |= (unsigned int)k->value;
	}
	if (time == NULL)
		return CX4_OK;
	job->has_time = 1;
	if (value_time(time, &job->signing_time) != 0)
		return run_usage(run, "--signing-time is a time like "
		    "2026-01-31T12:00:00Z, not \"%.60s\"", time);
	return CX4_OK;
}

static int
parse_form(struct run *run, struct job *job)
{
	size_t i;
	int code;

	if ((code = run_exclude(run, OPT_WRAP, OPT_NO_WRAP)) != CX4_OK ||
	    (code = run_exclude(run, OPT_WRAP, OPT_PEM)) != CX4_OK)
		return code;
	if (run_has(run, OPT_LF) && !run_has(run, OPT_WRAP))
		return run_usage(run, "--lf needs --wrap");
	for (i = 0; i < N_WRITE_FLAGS; i++)
		if (run_has(run, write_flags[i].id))
			job->options |= write_flags[i].option;
	if (!job->certs_only && !run_has(run, OPT_CONTENT_TYPE))
		job->options |= CX4_WRITE_NEST;
	return CX4_OK;
}

/* Everything that can be said without opening a file. */
static int
parse_job(struct run *run, struct job *job, const char *layers)
{
	int code;

	if ((code = parse_layers(run, job, layers)) != CX4_OK ||
	    (code = check_layer_options(run, job)) != CX4_OK ||
	    (code = check_parties(run, job)) != CX4_OK ||
	    (code = run_check_content_type(run)) != CX4_OK ||
	    (code = policy_check(run)) != CX4_OK ||
	    (code = passphrase_check(run)) != CX4_OK ||
	    (code = parse_signing(run, job)) != CX4_OK ||
	    (code = parse_form(run, job)) != CX4_OK)
		return code;
	return parse_cipher(run, job);
}

/* --------------------------------------------------------- identities */

static int
load_signers(struct run *run, struct job *job)
{
	size_t i;
	int code;

	code = ids_alloc(run, &job->signers,
	    opts_count(&run->opts, OPT_SIGNER));
	for (i = 0; code == CX4_OK && i < job->signers.n; i++)
		code = keys_load_signer(run, i, &job->signers.id[i]);
	return code;
}

static int
load_recipients(struct run *run, struct job *job)
{
	size_t i;
	int code;

	code = ids_alloc(run, &job->recipients,
	    opts_count(&run->opts, OPT_TO));
	for (i = 0; code == CX4_OK && i < job->recipients.n; i++)
		code = keys_load_cert(run, opts_nth(&run->opts, OPT_TO, i),
		    &job->recipients.id[i]);
	if (code == CX4_OK && run_has(run, OPT_ORIGINATOR))
		code = keys_load_cert(run, run_get(run, OPT_ORIGINATOR),
		    &job->originator);
	return code;
}

/* A file may hold many certificates; each becomes one of its own. */
static int
load_certs(struct run *run, struct job *job)
{
	STACK_OF(X509) *certs;
	size_t i;
	int code;

	code = keys_read_all_certs(run, OPT_CERT, &certs);
	if (code != CX4_OK)
		return code;
	code = ids_alloc(run, &job->certs, (size_t)sk_X509_num(certs));
	for (i = 0; code == CX4_OK && i < job->certs.n; i++) {
		code = cx4_id_new_openssl(run->ctx,
		    sk_X509_value(certs, (int)i), NULL, NULL,
		    &job->certs.id[i]);
		if (code != CX4_OK)
			run_fail(run, code, "--cert: %s",
			    cx4_code_text(code));
	}
	sk_X509_pop_free(certs, X509_free);
	return code;
}

/*
 * Whose copy of the content key is kept, and whose certificate the
 * sMIMEEncryptionKeyPreference attribute names: --originator, else the
 * signer if it can receive. Several signers of an unencrypted message have
 * no common preference.
 */
static int
choose_originator(struct run *run, struct job *job, cx4_id **originator)
{
	cx4_id *signer = job->signers.n > 0 ? job->signers.id[0] : NULL;
	const int able = signer != NULL && cx4_id_can_receive(signer);

	*originator = job->originator;
	if (*originator != NULL || signer == NULL)
		return CX4_OK;
	if (able && (job->encrypts || job->signers.n == 1))
		*originator = signer;
	if (able || !job->encrypts || run_has(run, OPT_NO_ORIGINATOR_COPY))
		return CX4_OK;
	run_fail(run, CX4_E_ORIGINATOR_COPY, "%s: the signer's certificate "
	    "cannot receive", cx4_code_text(CX4_E_ORIGINATOR_COPY));
	run_hint(run, "name the originator's encryption certificate with "
	    "--originator, or give --no-originator-copy");
	return CX4_E_ORIGINATOR_COPY;
}

/* --------------------------------------------------------- the writer */

/*
 * The writer keeps its first error, so that what comes after it is without
 * effect and the last call returns it.
 */
static void
add_layers(struct job *job, cx4_writer *w)
{
	size_t i, j;

	for (i = 0; i < job->n_layers; i++) {
		cx4_writer_add_layer(w, job->layers[i]);
		if (job->layers[i] == CX4_LAYER_SIGNED) {
			for (j = 0; j < job->signers.n; j++)
				cx4_writer_add_signer(w, job->signers.id[j]);
			for (j = 0; j < job->certs.n; j++)
				cx4_writer_add_cert(w, job->certs.id[j]);
			continue;
		}
		for (j = 0; j < job->recipients.n; j++)
			cx4_writer_add_recipient(w, job->recipients.id[j]);
	}
}

static int
set_up(struct run *run, struct job *job, cx4_writer *w,
    const struct infile *in)
{
	cx4_id *originator;
	int code;

	if ((code = choose_originator(run, job, &originator)) != CX4_OK)
		return code;
	if (run->input_name != NULL)
		cx4_writer_set_message(w, run->input_name);
	cx4_writer_set_options(w, job->options);
	if (run_has(run, OPT_CONTENT_TYPE))
		cx4_writer_set_content_type(w,
		    run_get(run, OPT_CONTENT_TYPE));
	if (job->certs_only)
		cx4_writer_set_content_length(w, 0);
	else if (in->length_known)
		cx4_writer_set_content_length(w, in->length);
	if (job->digest != CX4_DIGEST_AUTO)
		cx4_writer_set_digest(w, job->digest);
	if (job->cipher != CX4_CIPHER_AUTO)
		cx4_writer_set_cipher(w, job->cipher);
	if (job->has_time)
		cx4_writer_set_signing_time(w, job->signing_time);
	add_layers(job, w);
	if (originator != NULL)
		cx4_writer_set_originator(w, originator);
	return CX4_OK;
}

static int
push(void *writer, const void *data, size_t len)
{
	return cx4_writer_push(writer, data, len);
}

/*
 * Without --content-type the input must be a ContentInfo. One that is not
 * is most likely X.400 content, whose type cannot be guessed.
 */
static int
explain_nesting(struct run *run, int code)
{
	enum cx4_class class = cx4_code_class(code);

	if (code == CX4_E_NOT_CMS) {
		code = run_usage(run, "option --content-type is required: "
		    "the input is no ContentInfo");
		run_hint(run, "X.400 content does not tell its type: give "
		    "p2, p22, p35, p772, 2, 22, 35 or a dotted OID");
		return code;
	}
	if (class == CX4_CLASS_MALFORMED)
		run_hint(run, "without --content-type the input must be a "
		    "ContentInfo; for X.400 content give --content-type");
	return code;
}

static int
run_writer(struct run *run, struct job *job, struct infile *in,
    struct outfile *of)
{
	cx4_writer *w = cx4_writer_new(run->ctx, job->policy);
	int code, sticky = CX4_OK;

	if (w == NULL)
		return run_nomem(run);
	if ((code = set_up(run, job, w, in)) != CX4_OK)
		goto out;
	sticky = cx4_writer_set_sink(w, outfile_write, outfile_end, of);
	if (sticky == CX4_OK && !job->certs_only)
		sticky = run_pump(run, in, push, w);
	if (run->code != CX4_OK) {
		code = run->code;
		goto out;
	}
	code = cx4_writer_finish(w);
	if (code == CX4_OK)
		code = sticky;
	if (code != CX4_OK && (job->options & CX4_WRITE_NEST))
		code = explain_nesting(run, code);
	if (code != CX4_OK)
		run_fail_library(run, code, cx4_writer_error(w), of);
	report_take(run, cx4_writer_report(w));
	summary_warnings(run, cx4_writer_report(w));
out:
	cx4_writer_free(&w);
	return code;
}

static int
make(struct run *run, struct job *job)
{
	const int text = run_has(run, OPT_PEM) || run_has(run, OPT_WRAP);
	struct infile in = { .fd = -1 };
	struct outfile *of = NULL;
	int code = CX4_OK;

	if (!job->certs_only)
		code = run_open_in(run, &in, 0);
	if (code == CX4_OK)
		code = run_open_out(run, job->certs_only ? NULL : &in, !text,
		    &of);
	if (code == CX4_OK)
		code = policy_new(run, &job->policy);
	if (code == CX4_OK)
		code = load_signers(run, job);
	if (code == CX4_OK)
		code = load_recipients(run, job);
	if (code == CX4_OK)
		code = load_certs(run, job);
	if (code == CX4_OK)
		code = run_writer(run, job, &in, of);
	/* The writer is gone, and with it the last use of the output. */
	outfile_free(&of);
	infile_close(&in);
	return code;
}

static int
protect(struct run *run, const char *layers, int certs_only)
{
	struct job job;
	int code;

	memset(&job, 0, sizeof(job));
	job.certs_only = certs_only;
	if ((code = parse_job(run, &job, layers)) == CX4_OK)
		code = make(run, &job);
	ids_free(&job.signers);
	ids_free(&job.recipients);
	ids_free(&job.certs);
	cx4_id_free(&job.originator);
	cx4_policy_free(&job.policy);
	return code;
}

/* ---------------------------------------------------------- the verbs */

#define OPTS_MAKE	OPT_IN, OPT_OUT, OPT_CONTENT_TYPE
#define OPTS_SIGNING	OPT_SIGNER, OPT_SIGNER_KEY, OPT_PASSIN, OPT_DIGEST, \
    OPT_RSA_PSS, OPT_NO_CERTS, OPT_CERT, OPT_SIGNING_TIME,		\
    OPT_ALLOW_ORIGINATOR_MISMATCH
#define OPTS_ENCRYPTING	OPT_TO, OPT_CIPHER, OPT_RSA_OAEP,		\
    OPT_NO_ORIGINATOR_COPY
#define OPTS_FORM	OPT_ORIGINATOR, OPT_SID, OPT_WRAP, OPT_NO_WRAP,	\
    OPT_LF, OPT_PEM, OPT_DER, OPT_POLICY, OPT_MAX_OCTETS

static const enum opt_id sign_options[] = {
	OPTS_MAKE, OPTS_SIGNING, OPTS_FORM, OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id encrypt_options[] = {
	OPTS_MAKE, OPTS_ENCRYPTING, OPTS_FORM, OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id triple_options[] = {
	OPTS_MAKE, OPTS_SIGNING, OPTS_ENCRYPTING, OPTS_FORM, OPTS_REPORT,
	OPTS_COMMON
};

static const enum opt_id protect_options[] = {
	OPT_LAYERS, OPTS_MAKE, OPTS_SIGNING, OPTS_ENCRYPTING, OPTS_FORM,
	OPTS_REPORT, OPTS_COMMON
};

static const enum opt_id certs_only_options[] = {
	OPT_CERT, OPT_OUT, OPT_WRAP, OPT_NO_WRAP, OPT_LF, OPT_PEM, OPT_DER,
	OPT_POLICY, OPTS_REPORT, OPTS_COMMON
};

static int
do_sign(struct run *run)
{
	return protect(run, "sign", 0);
}

static int
do_encrypt(struct run *run)
{
	return protect(run, "encrypt", 0);
}

static int
do_triple(struct run *run)
{
	return protect(run, "sign,encrypt,sign", 0);
}

static int
do_protect(struct run *run)
{
	int code = run_need(run, OPT_LAYERS);

	return code != CX4_OK ? code :
	    protect(run, run_get(run, OPT_LAYERS), 0);
}

static int
do_certs_only(struct run *run)
{
	return protect(run, "sign", 1);
}

const struct verb verb_sign = {
	"sign", "--signer ID ... --content-type TYPE [-i FILE] [-o FILE]",
	"sign X.400 content", sign_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_sign
};

const struct verb verb_encrypt = {
	"encrypt", "--to CERT ... --originator CERT --content-type TYPE "
	"[-i FILE] [-o FILE]",
	"encrypt X.400 content", encrypt_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_encrypt
};

const struct verb verb_triple = {
	"triple", "--signer ID ... --to CERT ... --content-type TYPE "
	"[-i FILE] [-o FILE]",
	"sign, encrypt and sign again", triple_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_triple
};

const struct verb verb_protect = {
	"protect", "--layers LIST --content-type TYPE [-i FILE] [-o FILE]",
	"any nesting of layers", protect_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_protect
};

const struct verb verb_certs_only = {
	"certs-only", "--cert FILE ... [-o FILE]",
	"a message that carries certificates only", certs_only_options,
	VERB_PRODUCT | VERB_MESSAGE, 0, 0, do_certs_only
};
