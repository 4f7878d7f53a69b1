/*
 * gcmaad.c - additional authenticated data that arrives after the ciphertext.
 *
 * In AuthEnvelopedData the authenticated attributes follow the content (RFC
 * 5083 section 2.1), but GCM takes additional data first. The tag is
 *
 *	E(J0) xor GHASH(A, C),  GHASH = sum over blocks of X_i H^(m+1-i)
 *
 * and GHASH is linear (NIST SP 800-38D section 6.4): what the blocks of A
 * and the length of A add to it can be added afterwards, which is to say
 * taken out of the expected tag. That needs H = E(0), which no call gives;
 * but two tags of the same context that differ in one block of additional
 * data differ by that block times H^2, and in this field every element has
 * one square root.
 *
 * Arithmetic is without branches on secrets. It is slow (a microsecond a
 * block), and there are few blocks: attributes, not content.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include <openssl/crypto.h>

#include "gcmaad.h"

/* An element of GF(2^128) in GCM's order: the first bit is x^0. */
struct element {
	uint64_t high, low;
};

static struct element
load(const uint8_t b[CX4I_GCM_BLOCK])
{
	struct element e = { 0, 0 };
	int i;

	for (i = 0; i < 8; i++) {
		e.high = e.high << 8 | b[i];
		e.low = e.low << 8 | b[i + 8];
	}
	return e;
}

static void
store(struct element e, uint8_t b[CX4I_GCM_BLOCK])
{
	int i;

	for (i = 7; i >= 0; i--) {
		b[i] = (uint8_t)e.high;
		b[i + 8] = (uint8_t)e.low;
		e.high >>= 8;
		e.low >>= 8;
	}
}

static struct element
add(struct element a, struct element b)
{
	a.high ^= b.high;
	a.low ^= b.low;
	return a;
}

/* SP 800-38D section 6.3, with masks in place of branches. */
static struct element
multiply(struct element x, struct element y)
{
	struct element z = { 0, 0 };
	uint64_t take, carry;
	int i;

	for (i = 0; i < 128; i++) {
		take = 0 - (x.high >> 63);
		z.high ^= y.high & take;
		z.low ^= y.low & take;
		x.high = x.high << 1 | x.low >> 63;
		x.low <<= 1;
		carry = 0 - (y.low & 1);
		y.low = y.low >> 1 | y.high << 63;
		y.high = (y.high >> 1) ^ (carry & 0xe100000000000000);
	}
	return z;
}

static struct element
power(struct element x, uint64_t n)
{
	struct element z = { (uint64_t)1 << 63, 0 };

	/* n is the number of blocks, which everybody can see. */
	for (; n > 0; n >>= 1) {
		if (n & 1)
			z = multiply(z, x);
		x = multiply(x, x);
	}
	return z;
}

/* x^(2^127), whose square is x^(2^128) = x. */
static struct element
square_root(struct element x)
{
	int i;

	for (i = 0; i < 127; i++)
		x = multiply(x, x);
	return x;
}

/* The tag over one block of additional data and nothing else. */
static int
tag_of_block(EVP_CIPHER_CTX *ctx, const uint8_t block[CX4I_GCM_BLOCK],
    struct element *tag)
{
	static const uint8_t iv[12];
	uint8_t out[CX4I_GCM_BLOCK];
	int n;

	if (EVP_CipherInit_ex(ctx, NULL, NULL, NULL, iv, 1) <= 0 ||
	    EVP_EncryptUpdate(ctx, NULL, &n, block, CX4I_GCM_BLOCK) <= 0 ||
	    EVP_EncryptFinal_ex(ctx, out, &n) <= 0 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, CX4I_GCM_BLOCK,
	    out) <= 0)
		return -1;
	*tag = load(out);
	OPENSSL_cleanse(out, sizeof(out));
	return 0;
}

static int
find_h(EVP_CIPHER_CTX *ctx, struct element *h)
{
	uint8_t block[CX4I_GCM_BLOCK] = { 0 };
	struct element a, b;

	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL) <= 0 ||
	    tag_of_block(ctx, block, &a) != 0)
		return -1;
	block[0] = 0x80;	/* one */
	if (tag_of_block(ctx, block, &b) != 0)
		return -1;
	*h = square_root(add(a, b));
	return 0;
}

int
cx4i_gcm_fold_aad(EVP_CIPHER_CTX *keyed, const uint8_t *aad, size_t aad_len,
    uint64_t cipher_len, uint8_t *tag, size_t tag_len)
{
	struct element h, sum = { 0, 0 }, length = { (uint64_t)aad_len * 8, 0 };
	uint8_t block[CX4I_GCM_BLOCK];
	size_t i, n;

	if (tag_len > CX4I_GCM_BLOCK || find_h(keyed, &h) != 0)
		return -1;
	for (; aad_len > 0; aad += n, aad_len -= n) {
		n = aad_len < sizeof(block) ? aad_len : sizeof(block);
		memset(block, 0, sizeof(block));
		memcpy(block, aad, n);
		sum = multiply(add(sum, load(block)), h);
	}
	/* Past the blocks of ciphertext, and the block of lengths. */
	sum = multiply(sum, power(h, cipher_len / CX4I_GCM_BLOCK +
	    (cipher_len % CX4I_GCM_BLOCK != 0) + 1));
	sum = add(sum, multiply(length, h));
	store(sum, block);
	for (i = 0; i < tag_len; i++)
		tag[i] ^= block[i];
	OPENSSL_cleanse(block, sizeof(block));
	OPENSSL_cleanse(&h, sizeof(h));
	OPENSSL_cleanse(&sum, sizeof(sum));
	return 0;
}
