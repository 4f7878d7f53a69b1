/*
 * gcmaad.h - additional authenticated data that arrives after the ciphertext.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_GCMAAD_H
#define CX4I_GCMAAD_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#define CX4I_GCM_BLOCK 16

/*
 * A GCM context has decrypted `cipher_len` octets without additional data;
 * the sender had `aad`. Change `tag` (the sender's, `tag_len` octets) into
 * the tag that the context would compute, so that setting it and calling
 * EVP_DecryptFinal_ex judges the whole. `keyed` is a context with the same
 * key and is used up. 0, or -1 if the library failed.
 */
int cx4i_gcm_fold_aad(EVP_CIPHER_CTX *keyed, const uint8_t *aad,
    size_t aad_len, uint64_t cipher_len, uint8_t *tag, size_t tag_len);

#endif
