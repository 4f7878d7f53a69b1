/*
 * attrs.h - the attributes of a SignerInfo: the rules for them, and making
 * them.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_ATTRS_H
#define CX4I_ATTRS_H

#include "../base/policy.h"
#include "../encoding/der.h"
#include "alg.h"
#include "ident.h"
#include "info.h"

/* One Attribute, as it stands in the definite form of a SignerInfo. */
struct cx4i_attr {
	enum cx4i_oid oid;
	struct cx4i_slice oid_body;
	struct cx4i_slice values;	/* content of the SET OF */
	struct cx4i_slice value;	/* the first value, whole; or empty */
};

/* Take the next Attribute from a SET's content: 1, 0 at the end, or -1. */
int cx4i_attr_next(struct cx4i_slice *set, struct cx4i_attr *);
/* Find one by type: 1 and the attribute, or 0. */
int cx4i_attr_find(struct cx4i_slice set, enum cx4i_oid, struct cx4i_attr *);

/*
 * Check number, place and value types of all attributes (RFC 2634 section
 * 1.3.4, RFC 3851 section 2.5, RFC 5652 section 11) and fill the lists of
 * unknown and unsigned attributes. `limit` is the most that may be there.
 * CX4_OK, CX4_E_ATTRIBUTE, CX4_E_LIMIT_ATTRIBUTES or CX4_E_STRUCTURE.
 */
int cx4i_attrs_check(struct cx4i_slice signed_set,
    struct cx4i_slice unsigned_set, uint64_t limit,
    struct cx4i_signer_info *, cx4_error *);

/* Fill in what the known attributes say: time, capabilities, preference. */
void cx4i_attrs_describe(struct cx4i_slice signed_set,
    struct cx4i_signer_info *);

/* UTCTime or GeneralizedTime of RFC 5652 section 11.3: 0, or -1. */
int cx4i_time_parse(struct cx4i_slice whole, int64_t *when);

/* Making: each adds one Attribute to a SET OF that is open in `d`. */
void cx4i_attr_content_type(struct cx4i_der *d, struct cx4i_slice oid_body);
void cx4i_attr_message_digest(struct cx4i_der *d, const uint8_t *digest,
    size_t len);
void cx4i_attr_signing_time(struct cx4i_der *d, int64_t when);
/* What this policy can decrypt, in order of preference. */
void cx4i_attr_capabilities(struct cx4i_der *d, const cx4_policy *);
void cx4i_attr_key_preference(struct cx4i_der *d, const cx4_id *);
/* RFC 6211: the algorithms of the SignerInfo, whole AlgorithmIdentifiers. */
void cx4i_attr_protection(struct cx4i_der *d, struct cx4i_slice digest,
    struct cx4i_slice signature);

/*
 * 1 if a cmsAlgorithmProtection value names these algorithms, else 0.
 * Absent parameters and NULL are the same.
 */
int cx4i_protection_matches(struct cx4i_slice value,
    const struct cx4i_alg_id *digest, const struct cx4i_alg_id *signature);

#endif
