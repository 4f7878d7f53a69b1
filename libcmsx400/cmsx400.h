/*
 * cmsx400.h - S/MIME protection of X.400 content (RFC 3854, RFC 3855).
 *
 * Conventions
 *
 * Objects. Every object is opaque. What a `_new` function returns belongs to
 * the caller, who frees it with the matching `_free`; `_free` takes the
 * address of the pointer, accepts NULL and sets the pointer to NULL. What an
 * accessor returns is borrowed: it lives until its object changes or dies.
 * `_add` and `_set` functions copy, or take a reference of their own; a
 * buffer may be reused as soon as the call returns.
 *
 * Returns. Functions that return int return CX4_OK (0) or a CX4_E_ code. A
 * setter that fails leaves its object as it was. A reader or writer keeps
 * its first error from push and finish; from then on both return that code
 * and do nothing, and freeing it still works. Readers, writers and
 * cx4_id_new answer NULL where an object, a text or octets are needed with
 * CX4_E_USAGE. Constructors return NULL for that and for lack of memory,
 * cx4_ctx_new also where the running OpenSSL is older than 3.0.8,
 * cx4_policy_new also for a name that is none.
 *
 * Threads. A cx4_ctx, a cx4_policy and a cx4_id freeze when they are first
 * used by a reader or writer (a setter then returns CX4_E_STATE) and may
 * from then on be shared between threads. A reader or writer belongs to one
 * thread at a time. The library has no globals, never prints, exits, raises
 * signals or reads the environment, and leaves the OpenSSL error queue as it
 * found it.
 *
 * Text. All text is UTF-8 and ends with NUL. Text that comes from a message
 * is escaped: control characters and octets that are not UTF-8 appear as
 * \xHH. Lengths of content are uint64_t octets, lengths of buffers size_t
 * octets. Times are seconds since 1970-01-01T00:00:00Z.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CMSX400_H
#define CMSX400_H

#include <stddef.h>
#include <stdint.h>

#include "cmsx400_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CX4_API __attribute__((visibility("default")))
#else
#define CX4_API
#endif

/* ------------------------------------------------------------------ version */

#define CX4_VERSION_MAJOR 0
#define CX4_VERSION_MINOR 1
#define CX4_VERSION_PATCH 0
#define CX4_VERSION_STRING "0.1.0"

/* The version of the library that is running, like "0.1.0". */
CX4_API const char *cx4_version(void);

/* ------------------------------------------------------------------- codes */

/*
 * The entry of a code (an error or a warning) in the table of codes.
 * Returns NULL for a code that does not exist.
 */
CX4_API const char *cx4_code_name(int code);	/* stable, like "digest" */
CX4_API const char *cx4_code_text(int code);	/* what it means */
CX4_API const char *cx4_code_advice(int code);	/* what to do */

/* The outcome that a code leads to; CX4_CLASS_USAGE for an unknown code. */
CX4_API enum cx4_class cx4_code_class(int code);

/*
 * Walk over all codes: give 0 to get the first, then the last result.
 * Returns 0 after the last one.
 */
CX4_API int cx4_code_next(int code);

/* ------------------------------------------------------------------- error */

typedef struct cx4_error cx4_error;

CX4_API int cx4_error_code(const cx4_error *);
/* One line: what, where, and the clause that was broken. */
CX4_API const char *cx4_error_text(const cx4_error *);
/* Nesting layer, 0 the outermost; -1 if the error concerns no layer. */
CX4_API int cx4_error_layer(const cx4_error *);
/* Octet in that layer's encoding; UINT64_MAX if not known or not told. */
CX4_API uint64_t cx4_error_offset(const cx4_error *);
/* The reasons that OpenSSL gave, one a line; NULL if none. */
CX4_API const char *cx4_error_causes(const cx4_error *);

/* ----------------------------------------------------------------- context */

typedef struct cx4_ctx cx4_ctx;

enum cx4_level {
	CX4_LOG_DEBUG = 0,
	CX4_LOG_INFO = 1,
	CX4_LOG_WARNING = 2
};

/*
 * Receives log lines; never keys, passwords or content. `module` is like
 * "signed", `message` is the caller's id of the message (or NULL).
 */
typedef void cx4_log_fn(void *arg, enum cx4_level level, const char *module,
    const char *message, const char *text);

/* Returns the time now. */
typedef int64_t cx4_clock_fn(void *arg);

/*
 * A context: ASN.1 definitions, clock and log, shared by everything else.
 * It is reference counted: cx4_ctx_free gives back the caller's reference.
 * The first form uses OpenSSL's default library context; for the caller's
 * own see cmsx400_openssl.h.
 */
CX4_API cx4_ctx *cx4_ctx_new(void);
CX4_API void cx4_ctx_free(cx4_ctx **);
CX4_API int cx4_ctx_set_log(cx4_ctx *, cx4_log_fn *, void *arg);
CX4_API int cx4_ctx_set_clock(cx4_ctx *, cx4_clock_fn *, void *arg);

/* ------------------------------------------------------------------ policy */

typedef struct cx4_policy cx4_policy;

enum cx4_limit {
	CX4_LIMIT_DEPTH = 0,	/* nesting layers; default 16, at most 64 */
	CX4_LIMIT_SIGNERS,	/* SignerInfos a layer; default 64 */
	CX4_LIMIT_RECIPIENTS,	/* RecipientInfos a layer; default 10000 */
	CX4_LIMIT_CERTIFICATES,	/* certificates a layer; default 1000 */
	CX4_LIMIT_ATTRIBUTES,	/* attributes (values) a SignerInfo; 256 */
	CX4_LIMIT_HEAD,		/* octets of head or tail; default 8 MiB */
	CX4_LIMIT_OCTETS,	/* octets of input; default UINT64_MAX */
	CX4_LIMIT_MAX_
};

enum cx4_require {
	/*
	 * Every SignerInfo must be good (default), or at least one: then
	 * those that fail are a warning. One that uses an algorithm not
	 * known here is a warning in either case if another is good, and
	 * fails the message if none is.
	 */
	CX4_REQUIRE_ANY_SIGNER = 1 << 0,
	/*
	 * A message without any signed layer fails: with CX4_E_UNSIGNED where
	 * its unencrypted content types show that, whether it can be
	 * decrypted or not; where encryption hides it, with CX4_E_DECRYPT.
	 */
	CX4_REQUIRE_SIGNATURE = 1 << 1,
	/* An originator that cannot be compared fails like a mismatch. */
	CX4_REQUIRE_ORIGINATOR_MATCH = 1 << 2,
	/* A differing originator is a warning (reading and writing). */
	CX4_ALLOW_ORIGINATOR_MISMATCH = 1 << 3,
	/* Certificates are checked against the CRLs of policy and message. */
	CX4_REQUIRE_CRL = 1 << 4,
	/* ... and a status that cannot be found is a warning only. */
	CX4_ALLOW_UNKNOWN_REVOCATION = 1 << 5,
	/* The exact cause of a failure inside decrypted octets is told. */
	CX4_INSECURE_DETAILS = 1 << 6,
	/*
	 * The sink commits what it was given although the message failed, in
	 * whatever way, if the input was read to its end and a content was
	 * found; CX4_W_RELEASED is then among the warnings. What was written
	 * may be damaged, incomplete or forged.
	 */
	CX4_INSECURE_RELEASE = 1 << 7
};

/*
 * A policy by name: "modern" (default for NULL), "rfc3854" or "strict".
 * It says which algorithms may be written and read, holds the limits and
 * the trust anchors. Returns NULL for lack of memory or an unknown name
 * (use cx4_policy_known to tell them apart).
 */
CX4_API cx4_policy *cx4_policy_new(cx4_ctx *, const char *name);
CX4_API void cx4_policy_free(cx4_policy **);
CX4_API int cx4_policy_known(const char *name);	/* 1 or 0 */
CX4_API const char *cx4_policy_name(const cx4_policy *);
/* The n-th built-in name, NULL after the last. */
CX4_API const char *cx4_policy_list(size_t n);

/* The value 0 is refused with CX4_E_USAGE, and a depth above 64. */
CX4_API int cx4_policy_set_limit(cx4_policy *, enum cx4_limit, uint64_t);
CX4_API uint64_t cx4_policy_limit(const cx4_policy *, enum cx4_limit);
/* Add requirements (a bit set of enum cx4_require). */
CX4_API int cx4_policy_require(cx4_policy *, unsigned int requirements);
/* The time for which certificate paths are judged; default now. */
CX4_API int cx4_policy_set_time(cx4_policy *, int64_t when);

/*
 * Trust anchors, further certificates and CRLs, from PEM (any number in one
 * buffer) or DER. Return CX4_E_IO_KEY if the buffer holds none.
 */
CX4_API int cx4_policy_add_trust(cx4_policy *, const void *, size_t);
CX4_API int cx4_policy_add_certs(cx4_policy *, const void *, size_t);
CX4_API int cx4_policy_add_crls(cx4_policy *, const void *, size_t);

/* -------------------------------------------------------------- identities */

/* A certificate, the certificates above it and, if known, its private key. */
typedef struct cx4_id cx4_id;

/*
 * Asks for a pass phrase: writes at most `size` octets to `buf` and returns
 * the length, or -1 for none. Called only for encrypted keys.
 */
typedef int cx4_passphrase_fn(void *arg, char *buf, size_t size);

/*
 * Read an identity from PEM (certificate first, then chain and key in any
 * order), DER (a certificate) or PKCS#12. `key`/`key_len` give a private key
 * kept apart (PEM or DER) or NULL/0. Reference counted, frozen at once.
 * Returns CX4_E_IO_KEY, CX4_E_KEY_MISMATCH, CX4_E_USAGE or CX4_E_NOMEM; *id
 * is then NULL.
 */
CX4_API int cx4_id_new(cx4_ctx *, const void *data, size_t len,
    const void *key, size_t key_len, cx4_passphrase_fn *, void *arg,
    cx4_id **id);
CX4_API void cx4_id_free(cx4_id **);
CX4_API int cx4_id_has_key(const cx4_id *);		/* 1 or 0 */
/* 1 if key and keyUsage allow key transport or key agreement, else 0. */
CX4_API int cx4_id_can_receive(const cx4_id *);

/* -------------------------------------------------------------------- sink */

/*
 * Takes output. Octets are provisional until the end function says commit:
 * a signature can be checked only after the last octet. Returns 0, or any
 * other value to stop with CX4_E_IO_WRITE. A reader or writer has one sink
 * or none: setting another gives CX4_E_STATE. Without a sink all is done
 * and judged in the same way, and the octets are dropped.
 */
typedef int cx4_write_fn(void *arg, const void *data, size_t len);

/*
 * Called exactly once if a sink was set, from `finish`, from the first
 * failing call (reading a descriptor that fails included), or from `_free`:
 * commit is 1 if everything asked for was done and verified (or with
 * CX4_INSECURE_RELEASE), else 0 (discard what was written). Returns 0, or
 * any other value if committing failed.
 */
typedef int cx4_end_fn(void *arg, int commit);

/* ------------------------------------------------------------------ report */

/* What was found: layers from the outside in, verdicts, content, warnings. */
typedef struct cx4_report cx4_report;

enum cx4_verdict {
	CX4_V_NOT_CHECKED = 0,
	CX4_V_VALID = 1,
	CX4_V_INVALID = 2,
	CX4_V_ABSENT = 3,		/* nothing to check, and none needed */
	CX4_V_UNSUPPORTED = 4,
	CX4_V_NO_CERTIFICATE = 5,
	CX4_V_UNKNOWN = 6		/* could not be found out */
};

enum cx4_check {
	CX4_CHECK_SIGNATURE = 0,	/* over the signed attributes */
	CX4_CHECK_DIGEST,		/* messageDigest against the content */
	CX4_CHECK_CONTENT_TYPE,		/* attribute against eContentType */
	CX4_CHECK_ATTRIBUTES,		/* placing and number of attributes */
	CX4_CHECK_SIGNING_CERTIFICATE,	/* the ESS attribute, if present */
	CX4_CHECK_PATH,			/* certificate path and purpose */
	CX4_CHECK_REVOCATION,
	CX4_CHECK_STRENGTH,		/* against the policy */
	CX4_CHECK_MAX_
};

enum cx4_originator {
	CX4_ORIGINATOR_NOT_CHECKED = 0,
	CX4_ORIGINATOR_MATCH,
	CX4_ORIGINATOR_MISMATCH,
	CX4_ORIGINATOR_NO_ADDRESS,	/* none in the certificate */
	CX4_ORIGINATOR_NONE,		/* none in the content */
	CX4_ORIGINATOR_NOT_UNDERSTOOD	/* content cannot be read */
};

enum cx4_layer_type {
	CX4_LAYER_SIGNED = 1,
	CX4_LAYER_ENVELOPED = 2,
	/*
	 * AuthEnvelopedData (RFC 5083). A writer makes it of an ENVELOPED
	 * layer when the cipher is an authenticated one.
	 */
	CX4_LAYER_AUTH_ENVELOPED = 3
};

/* CX4_OK, or the code that decided the outcome. */
CX4_API int cx4_report_code(const cx4_report *);
CX4_API size_t cx4_report_layers(const cx4_report *);
/* 0 for a layer that does not exist. */
CX4_API enum cx4_layer_type cx4_report_layer_type(const cx4_report *,
    size_t layer);
/* Dotted OID of what the layer says it contains. */
CX4_API const char *cx4_report_layer_content_type(const cx4_report *,
    size_t layer);
CX4_API size_t cx4_report_signers(const cx4_report *, size_t layer);
CX4_API enum cx4_verdict cx4_report_verdict(const cx4_report *, size_t layer,
    size_t signer, enum cx4_check);
CX4_API enum cx4_originator cx4_report_originator_check(const cx4_report *);
/* Dotted OID of the innermost content seen, NULL if none. */
CX4_API const char *cx4_report_content_type(const cx4_report *);
/* The originator's O/R address in the F.401 form, NULL if none. */
CX4_API const char *cx4_report_originator(const cx4_report *);
/* "signed-x400", "enveloped-x400", "certs-only" ..., NULL if not visible. */
CX4_API const char *cx4_report_smime_type(const cx4_report *);
CX4_API size_t cx4_report_warnings(const cx4_report *);
/* Code of the n-th warning; its text and layer (-1: none) if asked for. */
CX4_API int cx4_report_warning(const cx4_report *, size_t n,
    const char **text, int *layer);

/*
 * The whole report, in the order of the published schema. Every function
 * may be called with name NULL inside an array. A value of NULL stands for
 * null. A function that returns other than 0 stops the walk with that value.
 */
struct cx4_visitor {
	int (*begin)(void *arg, const char *name, int is_array);
	int (*end)(void *arg);
	int (*string)(void *arg, const char *name, const char *value);
	int (*number)(void *arg, const char *name, uint64_t value);
	int (*boolean)(void *arg, const char *name, int value);
};

CX4_API int cx4_report_walk(const cx4_report *, const struct cx4_visitor *,
    void *arg);

/* ------------------------------------------------------------------ reader */

/*
 * Opens one message, pushed in chunks of any size:
 *
 *	r = cx4_reader_new(ctx, policy);
 *	cx4_reader_add_id(r, bob);
 *	cx4_reader_set_sink(r, write, end, file);
 *	while ((n = read(fd, buf, sizeof(buf))) > 0)
 *		if (cx4_reader_push(r, buf, n) != CX4_OK)
 *			break;
 *	code = cx4_reader_finish(r);
 *	... cx4_reader_report(r), cx4_reader_error(r) ...
 *	cx4_reader_free(&r);
 *
 * The form of the input (DER, PEM, MIME) is detected. cx4_reader_finish
 * returns CX4_OK only if everything that the mode and the policy ask for is
 * positive. The report is complete in every outcome.
 */
typedef struct cx4_reader cx4_reader;

enum cx4_mode {
	/* Every layer: verify, decrypt, check, give the content. */
	CX4_MODE_OPEN = 0,
	/*
	 * Signed layers, down to the content or to the first encryption. No
	 * key is used, here and in STRIP.
	 */
	CX4_MODE_VERIFY,
	/* One EnvelopedData, the outermost layer. */
	CX4_MODE_DECRYPT,
	/*
	 * Look at all layers that can be seen; verify nothing, no sink. With
	 * identities that have keys encrypted layers are looked into as well:
	 * whatever is wrong in there, signatures aside, which are not
	 * verified, is CX4_E_DECRYPT, and the report ends at that layer.
	 */
	CX4_MODE_INSPECT,
	/* Remove the MIME or PEM wrapper and look at the visible layers. */
	CX4_MODE_STRIP,
	/* The input is X.400 content: read its heading, no sink. */
	CX4_MODE_CONTENT
};

CX4_API cx4_reader *cx4_reader_new(cx4_ctx *, cx4_policy *);
CX4_API void cx4_reader_free(cx4_reader **);
/* The following are called before the first push. */
CX4_API int cx4_reader_set_mode(cx4_reader *, enum cx4_mode);
/* The caller's name for the message, for the log. */
CX4_API int cx4_reader_set_message(cx4_reader *, const char *);
CX4_API int cx4_reader_add_id(cx4_reader *, cx4_id *);
CX4_API int cx4_reader_set_sink(cx4_reader *, cx4_write_fn *, cx4_end_fn *,
    void *arg);
/* VERIFY and DECRYPT: give an inner CMS value bare, not as ContentInfo. */
CX4_API int cx4_reader_set_bare(cx4_reader *, int bare);
/* CONTENT: the content type, as for cx4_writer_set_content_type. */
CX4_API int cx4_reader_set_content_type(cx4_reader *, const char *);

CX4_API int cx4_reader_push(cx4_reader *, const void *, size_t);
CX4_API int cx4_reader_finish(cx4_reader *);
/*
 * Read the descriptor to its end, then finish. CX4_E_IO_READ if that fails:
 * the reader keeps it as its error, and the sink aborts.
 */
CX4_API int cx4_reader_run_fd(cx4_reader *, int fd);
/* Complete after finish; borrowed until the reader is freed. */
CX4_API const cx4_report *cx4_reader_report(const cx4_reader *);
CX4_API const cx4_error *cx4_reader_error(const cx4_reader *);

/* ------------------------------------------------------------------ writer */

/*
 * Protects one content. Layers are added from the innermost to the
 * outermost; signers and recipients belong to the layer added last:
 *
 *	w = cx4_writer_new(ctx, policy);
 *	cx4_writer_set_content_type(w, "p22");
 *	cx4_writer_add_layer(w, CX4_LAYER_SIGNED);
 *	cx4_writer_add_signer(w, alice);
 *	cx4_writer_add_layer(w, CX4_LAYER_ENVELOPED);
 *	cx4_writer_add_recipient(w, bob);
 *	cx4_writer_set_originator(w, alice);
 *	cx4_writer_set_content_length(w, size);
 *	cx4_writer_set_sink(w, write, end, file);
 *	... push, finish, report, error, free as for the reader ...
 *
 * With the content length set the output is DER with definite lengths;
 * without it the bulk is BER with indefinite lengths. The octets written do
 * not depend on how the content is cut into pushes.
 */
typedef struct cx4_writer cx4_writer;

enum cx4_digest {
	CX4_DIGEST_AUTO = 0,		/* what the policy prefers */
	CX4_DIGEST_SHA1,
	CX4_DIGEST_SHA256,
	CX4_DIGEST_SHA384,
	CX4_DIGEST_SHA512
};

enum cx4_cipher {
	CX4_CIPHER_AUTO = 0,		/* what the policy prefers */
	CX4_CIPHER_DES_EDE3_CBC,
	CX4_CIPHER_AES_128_CBC,
	CX4_CIPHER_AES_192_CBC,
	CX4_CIPHER_AES_256_CBC,
	CX4_CIPHER_AES_128_GCM,		/* ... in AuthEnvelopedData */
	CX4_CIPHER_AES_192_GCM,
	CX4_CIPHER_AES_256_GCM
};

enum cx4_write_option {
	/* SubjectKeyIdentifier instead of issuerAndSerialNumber. */
	CX4_WRITE_SKI = 1 << 0,
	/* No certificates in SignedData. */
	CX4_WRITE_NO_CERTS = 1 << 1,
	/* No copy of the content key for the originator. */
	CX4_WRITE_NO_ORIGINATOR_COPY = 1 << 2,
	/* Insist on definite lengths: CX4_E_DER_IMPOSSIBLE otherwise. */
	CX4_WRITE_DER = 1 << 3,
	/* The MIME wrapper around the result (RFC 3854 section 3.2.1). */
	CX4_WRITE_MIME = 1 << 4,
	/* PEM armour around the result. */
	CX4_WRITE_PEM = 1 << 5,
	/* The input is a ContentInfo, to be nested bare under its type. */
	CX4_WRITE_NEST = 1 << 6,
	/* RSASSA-PSS instead of RSASSA-PKCS1-v1_5. */
	CX4_WRITE_RSA_PSS = 1 << 7,
	/* RSAES-OAEP instead of RSAES-PKCS1-v1_5. */
	CX4_WRITE_RSA_OAEP = 1 << 8,
	/* Lines of the MIME wrapper end in LF, not CR LF. */
	CX4_WRITE_LF = 1 << 9
};

CX4_API cx4_writer *cx4_writer_new(cx4_ctx *, cx4_policy *);
CX4_API void cx4_writer_free(cx4_writer **);
/* The following are called before the first push. */
CX4_API int cx4_writer_set_message(cx4_writer *, const char *);
/*
 * "p2", "p22", "p35", "p772", the integers "2", "22", "35", or a dotted OID.
 * Required unless CX4_WRITE_NEST is set. CX4_E_CONTENT_TYPE if there is no
 * OID for it (RFC 3854 section 3.2).
 */
CX4_API int cx4_writer_set_content_type(cx4_writer *, const char *);
CX4_API int cx4_writer_set_content_length(cx4_writer *, uint64_t);
CX4_API int cx4_writer_set_options(cx4_writer *, unsigned int options);
CX4_API int cx4_writer_set_signing_time(cx4_writer *, int64_t);
CX4_API int cx4_writer_set_digest(cx4_writer *, enum cx4_digest);
CX4_API int cx4_writer_set_cipher(cx4_writer *, enum cx4_cipher);
/* The smime-type of the MIME wrapper, where it is not to be worked out. */
CX4_API int cx4_writer_set_smime_type(cx4_writer *, const char *);
CX4_API int cx4_writer_add_layer(cx4_writer *, enum cx4_layer_type);
CX4_API int cx4_writer_add_signer(cx4_writer *, cx4_id *);
CX4_API int cx4_writer_add_recipient(cx4_writer *, cx4_id *);
/* Further certificates for the SignedData added last. */
CX4_API int cx4_writer_add_cert(cx4_writer *, cx4_id *);
/*
 * Whose copy of the content key is kept (RFC 3854 section 3.3.1) and whose
 * certificate sMIMEEncryptionKeyPreference names. For the whole message.
 */
CX4_API int cx4_writer_set_originator(cx4_writer *, cx4_id *);
CX4_API int cx4_writer_set_sink(cx4_writer *, cx4_write_fn *, cx4_end_fn *,
    void *arg);

CX4_API int cx4_writer_push(cx4_writer *, const void *, size_t);
CX4_API int cx4_writer_finish(cx4_writer *);
/* As cx4_reader_run_fd. */
CX4_API int cx4_writer_run_fd(cx4_writer *, int fd);
CX4_API const cx4_report *cx4_writer_report(const cx4_writer *);
CX4_API const cx4_error *cx4_writer_error(const cx4_writer *);

/* ----------------------------------------------------------- O/R addresses */

/* An ORAddress (X.411, RFC 5280 appendix A.1). */
typedef struct cx4_address cx4_address;

enum cx4_address_form {
	CX4_FORM_F401 = 0,	/* G=Anders; S=Eggen; ... (RFC 1685) */
	CX4_FORM_MIXER		/* /G=Anders/S=Eggen/.../ (RFC 2156) */
};

/*
 * Read text of either form (decided by its first delimiter and labels).
 * On error returns CX4_E_ADDRESS, *a is NULL, and if `why` is not NULL a
 * sentence (at most why_size octets with its NUL) says what and where.
 */
CX4_API int cx4_address_from_text(cx4_ctx *, const char *text,
    cx4_address **a, char *why, size_t why_size);
/* Read BER: an ORAddress (tag 30), x400Address (A3) or ORName (60). */
CX4_API int cx4_address_from_ber(cx4_ctx *, const void *, size_t,
    cx4_address **a, char *why, size_t why_size);
CX4_API void cx4_address_free(cx4_address **);
/* Text in `form`; the caller frees it with cx4_free. NULL: no memory. */
CX4_API char *cx4_address_to_text(const cx4_address *, enum cx4_address_form);
/* DER of the ORAddress; the caller frees *der with cx4_free. */
CX4_API int cx4_address_to_der(cx4_ctx *, const cx4_address *,
    unsigned char **der, size_t *len);
/* 1 if both name the same user by the rules of X.402, else 0. */
CX4_API int cx4_address_equal(const cx4_address *, const cx4_address *);

/* Free what a function of this library said to free with it. */
CX4_API void cx4_free(void *);

/* ---------------------------------------------------- content types, X.400 */

/*
 * The dotted OID of a content type given as for cx4_writer_set_content_type.
 * Writes at most `size` octets with the NUL; CX4_E_CONTENT_TYPE if unknown.
 */
CX4_API int cx4_content_type_oid(const char *text, char *oid, size_t size);
/* Its short name ("p22", "signedData" ...), NULL if it has none. */
CX4_API const char *cx4_content_type_name(const char *oid);
/* Its integer in the P1 envelope, -1 if it has none. */
CX4_API int cx4_content_type_integer(const char *oid);

/*
 * Make a simple message, to try things out with: a P22 (X.420), a P2 (its
 * form of 1984) or a P772 (STANAG 4406, precedence "routine"), as DER. The
 * heading has this-IPM with a fresh identifier, originator, primary
 * recipients and subject; the body is one ia5-text part.
 *
 * `content_type` is "p2", "p22" or "p772", or their integer or OID. The
 * originator may be NULL (not in a P772: the identifier needs it), subject
 * and text too; then they are left out. `recipients` has `count` addresses,
 * 0 for none. The subject has at most 128 characters of those in T.61, the
 * text is ASCII; its lines end in LF or CR LF and are written with CR LF.
 *
 * The caller frees *der with cx4_free; on error it is NULL. Returns
 * CX4_E_CONTENT_TYPE for a type that is none of the three, CX4_E_USAGE for
 * an address that is missing, CX4_E_CONTENT for a subject or text that
 * cannot be written so and for an address with extension attributes in a P2,
 * and CX4_E_CRYPTO if there are no random numbers.
 */
CX4_API int cx4_content_new(cx4_ctx *, const char *content_type,
    const cx4_address *originator, const cx4_address *const *recipients,
    size_t count, const char *subject, const char *text,
    unsigned char **der, size_t *len);

/*
 * RFC 3855 section 2.5: the OID of the encoded information type for an
 * smime-type, NULL if there is none.
 */
CX4_API const char *cx4_mts_eit(const char *smime_type);
/* Section 2.2: the P1 content type of an object with or without wrapper. */
CX4_API const char *cx4_mts_content_type(int mime_wrapped);

#ifdef __cplusplus
}
#endif

#endif
