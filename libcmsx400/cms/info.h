/*
 * info.h - what is found out about a layer: the leaves of the report.
 *
 * Verdicts start as "not checked"; the layers fill them in, message/report.c
 * shows them.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_INFO_H
#define CX4I_INFO_H

#include <openssl/x509.h>

#include "../base/ctx.h"
#include "../base/err.h"
#include "../encoding/oid.h"

#define CX4I_TEXT 320		/* room for a name or address shown */

struct cx4i_warning {
	int code;
	int layer;		/* -1: none */
	char text[CX4I_TEXT];
};

/* A growing list of warnings. */
struct cx4i_warnings {
	struct cx4i_warning *list;
	size_t count;
};

/* Lack of memory loses the warning, never the verdict. */
void cx4i_warn(struct cx4i_warnings *, int code, int layer, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

struct cx4i_signer_info {
	char sid[CX4I_TEXT];
	char digest[CX4I_OID_TEXT];
	char signature[CX4I_OID_TEXT];
	enum cx4_verdict verdicts[CX4_CHECK_MAX_];
	cx4_error err;		/* the first thing that is wrong */
	int unsupported;	/* it failed for lack of an algorithm only */
	X509 *cert;		/* the one the verdicts are about, or NULL */
	char subject[CX4I_TEXT];
	char issuer[CX4I_TEXT];
	char serial[80];
	char fingerprint[65];	/* SHA-256 of the certificate */
	char **x400;		/* its X.400 addresses */
	size_t x400_count;
	int has_signing_time;
	int64_t signing_time;
	int has_capabilities;
	char **capabilities;	/* names, in order of preference */
	size_t capabilities_count;
	char key_preference[CX4I_TEXT];	/* "" if absent */
	char hint[CX4I_OID_TEXT];	/* contentHints' type, "" if absent */
	char **unknown;		/* attributes not known here, dotted OIDs */
	size_t unknown_count;
	char **unsigned_attrs;	/* names of the unsigned attributes */
	size_t unsigned_count;
};

struct cx4i_recipient_info {
	const char *type;	/* "ktri", "kari", "kekri", "pwri", "ori" */
	char rid[CX4I_TEXT];
	int used;
};

struct cx4i_layer_info {
	int depth;
	enum cx4_layer_type type;
	int content_info;	/* wrapped in a ContentInfo, else bare */
	int indefinite;
	uint32_t version;
	char content_type[CX4I_OID_TEXT];
	cx4_error err;		/* what is wrong with the layer itself */
	int err_inside;		/* ... or with its content, given unopened */
	uint64_t trailing;	/* octets after its end */
	/* SignedData */
	struct cx4i_signer_info *signers;
	size_t signer_count;
	size_t certificate_count;
	size_t crl_count;
	int certs_only;
	/* EnvelopedData */
	struct cx4i_recipient_info *recipients;
	size_t recipient_count;
	char cipher[CX4I_OID_TEXT];
	int decrypted;		/* a content key is in play */
	int integrity;		/* a tag was verified */
};

void cx4i_layer_info_init(struct cx4i_layer_info *, int depth);
void cx4i_layer_info_free(struct cx4i_layer_info *);

/* 1 for EnvelopedData and AuthEnvelopedData. */
static inline int
cx4i_is_encrypted(enum cx4_layer_type type)
{
	return type == CX4_LAYER_ENVELOPED ||
	    type == CX4_LAYER_AUTH_ENVELOPED;
}

/* The content type that a layer of this type is; UNKNOWN for 0. */
enum cx4i_oid cx4i_layer_oid(enum cx4_layer_type);
/* The layer type of a content type, 0 if it is none that we open. */
enum cx4_layer_type cx4i_layer_type(enum cx4i_oid);

/* Append a copy of `text` to a list of strings: 0, or -1 for no memory. */
int cx4i_list_add(char ***list, size_t *count, const char *text);
void cx4i_list_free(char ***list, size_t *count);

/* Fill in what is shown of the signer's certificate. */
void cx4i_signer_info_cert(cx4_ctx *, struct cx4i_signer_info *, X509 *);

/* 1 if the cryptography of this signer is good (path is another matter). */
int cx4i_signer_verified(const struct cx4i_signer_info *);

#endif
