/*
 * ident.h - identities: a certificate, its chain, perhaps its private key.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_IDENT_H
#define CX4I_IDENT_H

#include <stdatomic.h>

#include <openssl/x509.h>

#include "../base/ctx.h"
#include "../base/err.h"
#include "../encoding/tlv.h"

/* The longest subjectKeyIdentifier that may come in segments. */
#define CX4I_SKI_MAX 128

struct cx4_id {
	atomic_int refs;
	X509 *cert;
	EVP_PKEY *key;		/* NULL: none */
	STACK_OF(X509) *chain;	/* without cert; may be empty */
	struct cx4i_buf der;	/* of cert */
	struct cx4i_slice issuer;	/* into der: the whole Name */
	struct cx4i_slice serial;	/* ... content octets of the INTEGER */
	struct cx4i_slice ski;		/* subjectKeyIdentifier, or empty */
};

cx4_id *cx4i_id_ref(cx4_id *);

/*
 * What identifies a certificate, straight from its octets. 0, or -1 if
 * they are no certificate. The subject key identifier is looked for only
 * by cx4i_cert_ski.
 */
struct cx4i_cert_view {
	struct cx4i_slice issuer;
	struct cx4i_slice serial;
	struct cx4i_slice subject;
};

int cx4i_cert_view(struct cx4i_slice der, struct cx4i_cert_view *);
/* The subjectKeyIdentifier's octets; empty if there is none. */
struct cx4i_slice cx4i_cert_ski(X509 *);

/*
 * Two Names are the same: octet by octet, or by the rules of RFC 5280
 * section 7.1 for senders that re-encode names.
 */
int cx4i_name_equal(struct cx4i_slice, struct cx4i_slice);

/* One line for people: subject, escaped. */
void cx4i_name_text(const X509_NAME *, char *out, size_t size);
/* "issuer, serial 0x..." from raw octets, escaped. */
void cx4i_issuer_serial_text(struct cx4i_slice issuer,
    struct cx4i_slice serial, char *out, size_t size);
/* "key 0x...", for a subject key identifier. */
void cx4i_key_id_text(struct cx4i_slice ski, char *out, size_t size);
void cx4i_hex_text(struct cx4i_slice, char *out, size_t size);

/*
 * Which certificate is meant: SignerIdentifier and RecipientIdentifier are
 * one type (RFC 5652 sections 5.3 and 6.2.1), by issuer and serial number
 * or by subject key identifier.
 */
struct cx4i_sid {
	int by_ski;
	struct cx4i_slice issuer, serial, ski;
};

/*
 * Take one from the front of `in`. A subject key identifier that came in
 * segments is put together in `joined`. 0, or -1 if there is none.
 */
int cx4i_sid_parse(struct cx4i_slice *in, struct cx4i_sid *,
    uint8_t joined[CX4I_SKI_MAX]);
/* ... the IssuerAndSerialNumber of one, from its content octets. */
int cx4i_sid_parse_issuer_serial(struct cx4i_slice body, struct cx4i_sid *);
/* One line for people. */
void cx4i_sid_text(const struct cx4i_sid *, char *out, size_t size);

/* keyUsage, if present, allows this (KU_ bits of x509v3.h). */
int cx4i_cert_allows(X509 *, uint32_t usage);

#endif
