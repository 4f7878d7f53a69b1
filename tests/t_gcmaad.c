/*
 * t_gcmaad.c - additional data folded into a GCM tag afterwards gives what
 * GCM gives with the data put in first.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../libcmsx400/cms/gcmaad.h"
#include "octets.h"
#include "tap.h"

struct gcm {
	const EVP_CIPHER *cipher;
	uint8_t key[32], iv[12];
	uint8_t plain[600], sealed[600];
	uint8_t tag[16];
};

static int
seal(struct gcm *g, const uint8_t *aad, size_t aad_len, size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n, ok;

	ok = EVP_EncryptInit_ex(ctx, g->cipher, NULL, g->key, g->iv) &&
	    (aad_len == 0 ||
	    EVP_EncryptUpdate(ctx, NULL, &n, aad, (int)aad_len)) &&
	    EVP_EncryptUpdate(ctx, g->sealed, &n, g->plain, (int)len) &&
	    EVP_EncryptFinal_ex(ctx, g->sealed + n, &n) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, g->tag);
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* Decrypt without additional data, fold it in, and let GCM judge. */
static int
unseal(const struct gcm *g, const uint8_t *aad, size_t aad_len, size_t len,
    size_t tag_len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	EVP_CIPHER_CTX *keyed = EVP_CIPHER_CTX_new();
	uint8_t tag[16], out[616];
	int n, ok;

	memcpy(tag, g->tag, sizeof(tag));
	ok = EVP_DecryptInit_ex(ctx, g->cipher, NULL, g->key, g->iv) &&
	    EVP_CIPHER_CTX_copy(keyed, ctx) &&
	    EVP_DecryptUpdate(ctx, out, &n, g->sealed, (int)len) &&
	    memcmp(out, g->plain, len) == 0 &&
	    cx4i_gcm_fold_aad(keyed, aad, aad_len, len, tag, tag_len) == 0 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)tag_len,
	    tag) && EVP_DecryptFinal_ex(ctx, out, &n) > 0;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_CTX_free(keyed);
	return ok;
}

static void
fill(uint8_t *p, size_t n, uint64_t *seed)
{
	for (; n > 0; n--)
		*p++ = (uint8_t)next_random(seed);
}

int
main(void)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 31, 32, 33, 500 };
	const size_t count = sizeof(sizes) / sizeof(sizes[0]);
	uint8_t aad[600];
	struct gcm g;
	uint64_t seed = 1;
	size_t i, j, k;
	int good = 1, refused = 1;

	memset(&g, 0, sizeof(g));
	for (k = 0; k < 3; k++) {
		g.cipher = k == 0 ? EVP_aes_128_gcm() : k == 1 ?
		    EVP_aes_192_gcm() : EVP_aes_256_gcm();
		for (i = 0; i < count; i++)
			for (j = 0; j < count; j++) {
				fill(g.key, sizeof(g.key), &seed);
				fill(g.iv, sizeof(g.iv), &seed);
				fill(g.plain, sizeof(g.plain), &seed);
				fill(aad, sizeof(aad), &seed);
				good &= seal(&g, aad, sizes[i], sizes[j]) &&
				    unseal(&g, aad, sizes[i], sizes[j], 16) &&
				    unseal(&g, aad, sizes[i], sizes[j], 12);
				aad[0] ^= 1;
				if (sizes[i] > 0)
					refused &= !unseal(&g, aad, sizes[i],
					    sizes[j], 16);
				aad[0] ^= 1;
				refused &= !unseal(&g, aad, sizes[i] + 1,
				    sizes[j], 16);
			}
	}
	ok(good, "what was sealed with data first opens with data last");
	ok(refused, "other data, or more of it, is refused");
	return done_testing();
}
