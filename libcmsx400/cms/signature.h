/*
 * signature.h - making one SignerInfo (RFC 5652 section 5.3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_SIGNATURE_H
#define CX4I_SIGNATURE_H

#include "layer_out.h"

struct cx4i_signer_out {
	cx4_id *id;			/* borrowed */
	struct cx4i_der attrs;		/* SET OF Attribute, whole */
	size_t digest_at;		/* messageDigest's octets in it */
	size_t signature_len;		/* planned */
};

/*
 * Check that this identity may sign under the policy, and make the signed
 * attributes with a digest of zeros. CX4_OK or the code recorded.
 */
int cx4i_signer_out_init(struct cx4i_signer_out *, struct cx4i_layer_out *,
    cx4_id *);
void cx4i_signer_out_free(struct cx4i_signer_out *);

/*
 * Put the digest in and sign. If `exact` the signature must have the
 * planned length: an ECDSA or DSA signature, whose length varies, is made
 * again until it has. The signature is appended to `out`.
 */
int cx4i_signer_out_sign(struct cx4i_signer_out *, struct cx4i_layer_out *,
    const uint8_t *digest, int exact, struct cx4i_buf *out);

/* Add the SignerInfo with this signature value to `d`. */
int cx4i_signer_out_encode(const struct cx4i_signer_out *,
    struct cx4i_layer_out *, struct cx4i_slice signature,
    struct cx4i_der *d);

/*
 * What will be signed, for the report: a sending agent shows the attributes
 * that it signs (RFC 3854 section 2.5).
 */
void cx4i_signer_out_describe(const struct cx4i_signer_out *,
    struct cx4i_layer_out *, struct cx4i_signer_info *);

#endif
