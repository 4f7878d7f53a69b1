/*
 * asn.h - the only door to libtasn1: decode and encode values by type name.
 *
 * The types are those of asn1/, one namespace. A path is written as
 * libtasn1 writes it: "built-in-standard-attributes.country-name",
 * "?1" for the first element of a SEQUENCE OF or SET OF, "" for the value.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_ASN_H
#define CX4I_ASN_H

#include "../base/buf.h"
#include "../base/ctx.h"
#include "../base/err.h"

struct cx4i_value;

/*
 * Decode one BER element as `type`. Indefinite lengths and constructed
 * strings, which libtasn1 cannot read, are made definite in a working copy.
 * CX4_E_ASN1 if it does not fit the type or octets trail it, CX4_E_NOMEM
 * as far as libtasn1 tells it apart.
 */
int cx4i_asn_decode(cx4_ctx *, const char *type, struct cx4i_slice ber,
    struct cx4i_value **, cx4_error *);
/* An empty value of `type`, to be filled with cx4i_asn_set. */
int cx4i_asn_new(cx4_ctx *, const char *type, struct cx4i_value **,
    cx4_error *);
void cx4i_asn_free(struct cx4i_value **);

/*
 * Replace `out` by the octets of the element: content octets of strings and
 * INTEGERs, the dotted text of an OBJECT IDENTIFIER, the name of the chosen
 * alternative of a CHOICE, the whole element for an ANY. Returns 1, 0 if
 * the element is absent, -1 for lack of memory.
 */
int cx4i_asn_get(const struct cx4i_value *, const char *path,
    struct cx4i_buf *out);
/* 1 if the element is present. */
int cx4i_asn_has(const struct cx4i_value *, const char *path);
/* Elements of a SEQUENCE OF or SET OF; 0 if absent. */
int cx4i_asn_count(const struct cx4i_value *, const char *path);
/* 0 and the value, or -1 if absent or not that small. */
int cx4i_asn_get_int(const struct cx4i_value *, const char *path, long *);

/*
 * Set an element: octets of a string, dotted text of an OID, the name of a
 * CHOICE's alternative, the DER of an ANY; data NULL removes an OPTIONAL
 * element. "NEW" as data with len 0 appends to a SEQUENCE OF: the new
 * element is "?LAST". CX4_OK, CX4_E_ASN1 or CX4_E_NOMEM.
 */
int cx4i_asn_set(struct cx4i_value *, const char *path, const void *data,
    size_t len);
int cx4i_asn_set_int(struct cx4i_value *, const char *path, long);
/* DER, appended to `out`. */
int cx4i_asn_encode(const struct cx4i_value *, struct cx4i_buf *out,
    cx4_error *);

#endif
