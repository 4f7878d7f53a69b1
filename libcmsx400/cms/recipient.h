/*
 * recipient.h - RecipientInfos: whom a content key is encrypted for.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_RECIPIENT_H
#define CX4I_RECIPIENT_H

#include <openssl/cms.h>

#include "alg.h"
#include "layer_in.h"

/* The RecipientInfo that one of our keys matches, cut down to that key. */
struct cx4i_match {
	struct cx4i_buf info;		/* a RecipientInfo, empty if none */
	cx4_id *id;			/* borrowed */
	/* The first keyEncryptionAlgorithm for us that is not used, or "". */
	char refused[CX4I_OID_TEXT];
};

/*
 * Look at one RecipientInfo (whole element, as it came): append what is to
 * be reported to `l`, and fill `match` if it is the first for one of the
 * identities whose keyEncryptionAlgorithm is one of ours. Where nothing is
 * to be decrypted none matches. CX4_OK, CX4_E_STRUCTURE or CX4_E_NOMEM.
 */
int cx4i_recipient_look(struct cx4i_reading *, struct cx4i_slice whole,
    struct cx4i_layer_info *l, struct cx4i_match *match);

/*
 * A cipher context that decrypts the content, keyed through the matching
 * RecipientInfo. If the content key cannot be had the context has a random
 * key, so that nothing differs until the end (RFC 3218, CVE-2019-1563).
 * Called between cx4i_queue_enter and cx4i_queue_leave.
 * NULL: no memory, or the library failed.
 */
EVP_CIPHER_CTX *cx4i_recipient_open(struct cx4i_reading *,
    const struct cx4i_match *, const struct cx4i_cipher_alg *,
    struct cx4i_slice cipher_id);

#endif
