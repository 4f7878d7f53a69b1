/*
 * certtext.c - parts of certificates as text.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/err.h>

#include "certtext.h"

#define NAME_FLAGS ((XN_FLAG_RFC2253 | ASN1_STRFLGS_UTF8_CONVERT) &	\
    ~(unsigned long)ASN1_STRFLGS_ESC_MSB)

int
certtext_name(const X509_NAME *name, char *out, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n = 0, done;

	done = bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0, NAME_FLAGS) >= 0;
	/* Nothing to read: a name without parts. */
	if (done)
		n = BIO_read(bio, out, (int)(size - 1));
	out[n > 0 ? n : 0] = '\0';
	BIO_free(bio);
	ERR_clear_error();
	return done;
}

int
certtext_address(cx4_ctx *ctx, X509 *cert, char *out, size_t size)
{
	cx4_address *address = NULL;
	char *text = NULL;

	if (cx4_cert_address(ctx, cert, 0, &address) == CX4_OK &&
	    address != NULL)
		text = cx4_address_to_text(address, CX4_FORM_F401);
	cx4_address_free(&address);
	if (text == NULL)
		return 0;
	snprintf(out, size, "%s", text);
	cx4_free(text);
	return 1;
}

void
certtext_time(const ASN1_TIME *time, char *out, size_t size)
{
	struct tm tm;

	out[0] = '\0';
	if (ASN1_TIME_to_tm(time, &tm) == 1 &&
	    strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
	ERR_clear_error();
}

void
certtext_hex(const unsigned char *data, size_t len, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len && 2 * i + 2 < size; i++) {
		out[2 * i] = hex[data[i] >> 4];
		out[2 * i + 1] = hex[data[i] & 15];
	}
	out[2 * i] = '\0';
}
