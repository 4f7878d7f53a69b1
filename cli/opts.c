/*
 * opts.c - the table of options, and the parser that it drives.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "opts.h"

static const struct opt_def defs[] = {
	{ OPT_IN, 'i', OPT_ONE, "in", "FILE",
	    "read FILE (default: standard input)" },
	{ OPT_OUT, 'o', OPT_ONE, "out", "FILE",
	    "write FILE (default: standard output)" },
	{ OPT_REPORT, 0, OPT_ONE, "report", "FILE",
	    "write the JSON report to FILE in every outcome" },
	{ OPT_JSON, 0, OPT_FLAG, "json", NULL,
	    "write JSON to standard output" },
	{ OPT_PROGRESS, 0, OPT_ONE, "progress", "auto|always|never",
	    "show progress on standard error" },
	{ OPT_QUIET, 'q', OPT_FLAG, "quiet", NULL,
	    "only errors on standard error" },
	{ OPT_VERBOSE, 'v', OPT_FLAG, "verbose", NULL,
	    "more on standard error" },
	{ OPT_HELP, 'h', OPT_FLAG, "help", NULL, "show this help" },
	{ OPT_SIGNER, 0, OPT_MANY, "signer", "ID",
	    "sign as ID: PEM (certificate, chain, key) or PKCS#12" },
	{ OPT_SIGNER_KEY, 0, OPT_MANY, "key", "FILE",
	    "private key of the n-th --signer, kept apart" },
	{ OPT_TO, 0, OPT_MANY, "to", "CERT", "encrypt for CERT" },
	{ OPT_ORIGINATOR, 0, OPT_ONE, "originator", "CERT",
	    "the originator's encryption certificate" },
	{ OPT_NO_ORIGINATOR_COPY, 0, OPT_FLAG, "no-originator-copy", NULL,
	    "no copy of the content key for the originator" },
	{ OPT_CONTENT_TYPE, 0, OPT_ONE, "content-type", "TYPE",
	    "p2, p22, p35, p772, 2, 22, 35 or a dotted OID" },
	{ OPT_LAYERS, 0, OPT_ONE, "layers", "LIST",
	    "layers from the innermost, like sign,encrypt,sign" },
	{ OPT_CERT, 0, OPT_MANY, "cert", "FILE",
	    "certificates to put into the signed layers" },
	{ OPT_PASSIN, 0, OPT_MANY, "passin", "SOURCE",
	    "pass phrase: env:NAME, file:PATH, fd:N or prompt" },
	{ OPT_DIGEST, 0, OPT_ONE, "digest", "NAME",
	    "sha1, sha256, sha384 or sha512" },
	{ OPT_CIPHER, 0, OPT_ONE, "cipher", "NAME",
	    "auto, des-ede3-cbc, aes-128-cbc, aes-192-cbc or aes-256-cbc" },
	{ OPT_RSA_PSS, 0, OPT_FLAG, "rsa-pss", NULL,
	    "RSASSA-PSS instead of PKCS #1 v1.5" },
	{ OPT_RSA_OAEP, 0, OPT_FLAG, "rsa-oaep", NULL,
	    "RSAES-OAEP instead of PKCS #1 v1.5" },
	{ OPT_SID, 0, OPT_ONE, "sid", "issuer-serial|ski",
	    "how certificates are named" },
	{ OPT_NO_CERTS, 0, OPT_FLAG, "no-certs", NULL,
	    "no certificates in the message" },
	{ OPT_SIGNING_TIME, 0, OPT_ONE, "signing-time", "TIME",
	    "signingTime (RFC 3339; default: now)" },
	{ OPT_POLICY, 0, OPT_ONE, "policy", "NAME|FILE",
	    "modern (default), rfc3854, strict, or a policy file" },
	{ OPT_WRAP, 0, OPT_FLAG, "wrap", NULL, "put the MIME wrapper on" },
	{ OPT_NO_WRAP, 0, OPT_FLAG, "no-wrap", NULL,
	    "no MIME wrapper (default)" },
	{ OPT_PEM, 0, OPT_FLAG, "pem", NULL, "write PEM" },
	{ OPT_DER, 0, OPT_FLAG, "der", NULL, "insist on DER" },
	{ OPT_LF, 0, OPT_FLAG, "lf", NULL,
	    "lines of the MIME wrapper end in LF, not CR LF" },
	{ OPT_SMIME_TYPE, 0, OPT_ONE, "smime-type", "TYPE",
	    "the smime-type, where it cannot be seen" },
	{ OPT_KEY, 0, OPT_MANY, "key", "ID",
	    "decrypt with ID: PEM or PKCS#12" },
	{ OPT_TRUST, 0, OPT_MANY, "trust", "FILE|DIR", "trust anchors" },
	{ OPT_CERTS, 0, OPT_MANY, "certs", "FILE",
	    "further certificates" },
	{ OPT_CRL, 0, OPT_MANY, "crl", "FILE", "revocation lists" },
	{ OPT_REVOCATION, 0, OPT_ONE, "revocation", "off|crl",
	    "check certificates against revocation lists (default: off)" },
	{ OPT_REVOCATION_SOFT, 0, OPT_FLAG, "revocation-soft", NULL,
	    "a status that is not known is a warning" },
	{ OPT_AT, 0, OPT_ONE, "at", "TIME",
	    "judge certificates at TIME (RFC 3339; default: now)" },
	{ OPT_MAX_DEPTH, 0, OPT_ONE, "max-depth", "N",
	    "at most N nested layers (default 16, at most 64)" },
	{ OPT_MAX_OCTETS, 0, OPT_ONE, "max-octets", "N",
	    "at most N octets of input" },
	{ OPT_REQUIRE_SIGNERS, 0, OPT_ONE, "require-signers", "all|any",
	    "which signatures must be good (default: all)" },
	{ OPT_REQUIRE_SIGNATURE, 0, OPT_FLAG, "require-signature", NULL,
	    "refuse a message without any signed layer" },
	{ OPT_ALLOW_ORIGINATOR_MISMATCH, 0, OPT_FLAG,
	    "allow-originator-mismatch", NULL,
	    "an originator other than the signer is a warning" },
	{ OPT_REQUIRE_ORIGINATOR_MATCH, 0, OPT_FLAG,
	    "require-originator-match", NULL,
	    "refuse an originator that cannot be compared" },
	{ OPT_INSECURE_RELEASE, 0, OPT_FLAG, "insecure-release", NULL,
	    "give the content although the message failed" },
	{ OPT_INSECURE_DETAILS, 0, OPT_FLAG, "insecure-details", NULL,
	    "tell the exact cause inside decrypted octets" },
	{ OPT_BARE, 0, OPT_FLAG, "bare", NULL,
	    "give an inner CMS value without ContentInfo" },
	{ OPT_FROM, 0, OPT_ONE, "from", "ADDRESS", "the originator" },
	{ OPT_TO_USER, 0, OPT_MANY, "to", "ADDRESS", "a recipient" },
	{ OPT_SUBJECT, 0, OPT_ONE, "subject", "TEXT", "the subject" },
	{ OPT_TEXT, 0, OPT_ONE, "text", "TEXT",
	    "the text (default: read the input)" },
	{ OPT_FORM, 0, OPT_ONE, "form", "f401|mixer",
	    "the text form of addresses (default: f401)" },
	{ OPT_OPENSSL_CONFIG, 0, OPT_FLAG, "openssl-config", NULL,
	    "write a subjectAltName line for an OpenSSL configuration" },
	{ OPT_CSR_KEY, 0, OPT_ONE, "key", "FILE",
	    "the private key, PEM or DER" },
	{ OPT_CSR_SUBJECT, 0, OPT_ONE, "subject", "NAME",
	    "/C=NO/CN=bob or CN=bob,C=NO (RFC 4514)" },
	{ OPT_X400, 0, OPT_MANY, "x400", "ADDRESS",
	    "an X.400 address of the subject" },
};

#define N_DEFS (sizeof(defs) / sizeof(defs[0]))

/* Names that other tools use for the same thing. */
static const struct {
	const char *alias;
	const char *name;
} aliases[] = {
	{ "recip", "to" },
	{ "md", "digest" },
	{ "CAfile", "trust" },
	{ "inkey", "key" },
	{ "config", "openssl-config" },
};

#define N_ALIASES (sizeof(aliases) / sizeof(aliases[0]))

struct parser {
	struct opts *opts;
	const enum opt_id *accepted;
	const char *verb;
	char *why;
	size_t why_size;
	int failed;
};

static void fail(struct parser *, const char *, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

static void
fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	if (p->failed)
		return;
	p->failed = 1;
	va_start(ap, fmt);
	vsnprintf(p->why, p->why_size, fmt, ap);
	va_end(ap);
}

const struct opt_def *
opts_def(enum opt_id id)
{
	size_t i;

	for (i = 0; i < N_DEFS; i++)
		if (defs[i].id == id)
			return &defs[i];
	return NULL;
}

static int
same_name(const char *name, const char *word, size_t len)
{
	return strlen(name) == len && memcmp(name, word, len) == 0;
}

/* The accepted option of that name, NULL if there is none. */
static const struct opt_def *
find_accepted(const enum opt_id *accepted, const char *word, size_t len)
{
	const struct opt_def *d;

	for (; *accepted != OPT_END; accepted++) {
		d = opts_def(*accepted);
		if (d != NULL && same_name(d->name, word, len))
			return d;
	}
	return NULL;
}

static const struct opt_def *
find_long(const struct parser *p, const char *word, size_t len)
{
	const struct opt_def *d = find_accepted(p->accepted, word, len);
	size_t i;

	for (i = 0; d == NULL && i < N_ALIASES; i++)
		if (same_name(aliases[i].alias, word, len))
			d = find_accepted(p->accepted, aliases[i].name,
			    strlen(aliases[i].name));
	return d;
}

static const struct opt_def *
find_letter(const struct parser *p, char letter)
{
	const enum opt_id *a;
	const struct opt_def *d;

	for (a = p->accepted; *a != OPT_END; a++) {
		d = opts_def(*a);
		if (d != NULL && d->letter == letter && letter != '\0')
			return d;
	}
	return NULL;
}

static int
is_known(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < N_DEFS; i++)
		if (same_name(defs[i].name, word, len))
			return 1;
	return 0;
}

#define WORD_MAX 32

/* Edits (insert, delete, replace) that make b of a. */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], la = strlen(a), lb = strlen(b);
	size_t i, j, diagonal, above;

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX;
	for (j = 0; j <= lb; j++)
		row[j] = j;
	for (i = 1; i <= la; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			above = row[j];
			row[j] = diagonal + (a[i - 1] != b[j - 1]);
			if (above + 1 < row[j])
				row[j] = above + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			diagonal = above;
		}
	}
	return row[lb];
}

const char *
opts_nearest(const char *word, const char *best, const char *candidate,
    size_t *distance)
{
	size_t d = edit_distance(word, candidate);

	/* A short word is near to everything. */
	if (d > 2 || 2 * d > strlen(word) || (best != NULL && d >= *distance))
		return best;
	*distance = d;
	return candidate;
}

static void
fail_unknown(struct parser *p, const char *word, size_t len)
{
	const char *best = NULL;
	char name[WORD_MAX + 1];
	const enum opt_id *a;
	size_t distance = 0;

	if (is_known(word, len)) {
		fail(p, "%s: option --%.*s has no meaning for this verb",
		    p->verb, (int)len, word);
		return;
	}
	if (len <= WORD_MAX) {
		memcpy(name, word, len);
		name[len] = '\0';
		for (a = p->accepted; *a != OPT_END; a++)
			best = opts_nearest(name, best, opts_def(*a)->name,
			    &distance);
	}
	if (best != NULL)
		fail(p, "%s: unknown option --%.*s (is --%s meant?)", p->verb,
		    (int)len, word, best);
	else
		fail(p, "%s: unknown option --%.*s", p->verb,
		    (int)(len > 200 ? 200 : len), word);
}

static void
take(struct parser *p, const struct opt_def *d, const char *value)
{
	struct opts *o = p->opts;

	if (d->kind == OPT_ONE && opts_has(o, d->id)) {
		fail(p, "%s: option --%s is given twice", p->verb, d->name);
		return;
	}
	o->values[o->n_values].id = d->id;
	o->values[o->n_values].value = value;
	o->n_values++;
}

/*
 * Take option `d`, with the value that is attached to it or the next word.
 * Returns the number of further words taken.
 */
static int
take_valued(struct parser *p, const struct opt_def *d, const char *attached,
    const char *next)
{
	if (d->kind == OPT_FLAG) {
		if (attached != NULL)
			fail(p, "%s: option --%s takes no value", p->verb,
			    d->name);
		else
			take(p, d, NULL);
		return 0;
	}
	if (attached != NULL) {
		take(p, d, attached);
		return 0;
	}
	if (next == NULL) {
		fail(p, "%s: option --%s needs a value (%s)", p->verb,
		    d->name, d->metavar);
		return 0;
	}
	take(p, d, next);
	return 1;
}

static int
parse_long(struct parser *p, const char *word, const char *next)
{
	const char *eq = strchr(word, '=');
	size_t len = eq != NULL ? (size_t)(eq - word) : strlen(word);
	const struct opt_def *d = find_long(p, word, len);

	if (d == NULL) {
		fail_unknown(p, word, len);
		return 0;
	}
	return take_valued(p, d, eq != NULL ? eq + 1 : NULL, next);
}

static int
parse_short(struct parser *p, const char *word, const char *next)
{
	const struct opt_def *d = find_letter(p, word[0]);

	if (d == NULL) {
		fail(p, "%s: unknown option -%.100s", p->verb, word);
		return 0;
	}
	return take_valued(p, d, word[1] != '\0' ? word + 1 : NULL, next);
}

int
opts_parse(struct opts *o, const enum opt_id *accepted, const char *verb,
    char *const *argv, char *why, size_t why_size)
{
	struct parser p = { o, accepted, verb, why, why_size, 0 };
	size_t n = 0;
	int only_args = 0;

	memset(o, 0, sizeof(*o));
	while (argv[n] != NULL)
		n++;
	o->values = calloc(n + 1, sizeof(*o->values));
	o->args = calloc(n + 1, sizeof(*o->args));
	if (o->values == NULL || o->args == NULL) {
		opts_free(o);
		return -2;
	}
	for (; *argv != NULL; argv++) {
		if (only_args || argv[0][0] != '-' || argv[0][1] == '\0')
			o->args[o->n_args++] = *argv;
		else if (strcmp(*argv, "--") == 0)
			only_args = 1;
		else if (argv[0][1] == '-')
			argv += parse_long(&p, *argv + 2, argv[1]);
		else
			argv += parse_short(&p, *argv + 1, argv[1]);
	}
	return p.failed ? -1 : 0;
}

void
opts_free(struct opts *o)
{
	free(o->values);
	free(o->args);
	memset(o, 0, sizeof(*o));
}

const char *
opts_nth(const struct opts *o, enum opt_id id, size_t n)
{
	size_t i;

	for (i = 0; i < o->n_values; i++)
		if (o->values[i].id == id && n-- == 0)
			return o->values[i].value;
	return NULL;
}

const char *
opts_get(const struct opts *o, enum opt_id id)
{
	return opts_nth(o, id, 0);
}

size_t
opts_count(const struct opts *o, enum opt_id id)
{
	size_t i, n = 0;

	for (i = 0; i < o->n_values; i++)
		n += o->values[i].id == id;
	return n;
}

int
opts_has(const struct opts *o, enum opt_id id)
{
	return opts_count(o, id) > 0;
}

void
opts_help(FILE *f, const enum opt_id *accepted)
{
	const struct opt_def *d;
	char left[64];
	int n;

	for (; *accepted != OPT_END; accepted++) {
		if ((d = opts_def(*accepted)) == NULL)
			continue;
		n = d->letter != '\0' ? snprintf(left, sizeof(left),
		    "  -%c, --%s", d->letter, d->name) :
		    snprintf(left, sizeof(left), "  --%s", d->name);
		if (n > 0 && (size_t)n < sizeof(left) && d->metavar != NULL)
			n += snprintf(left + n, sizeof(left) - (size_t)n,
			    " %s", d->metavar);
		if (n > 29)
			fprintf(f, "%s\n%-30s%s\n", left, "", d->help);
		else
			fprintf(f, "%-30s%s\n", left, d->help);
	}
}
