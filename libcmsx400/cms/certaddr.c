/*
 * certaddr.c - the X.400 addresses of a certificate (RFC 3854 section 4.3,
 * RFC 5280 section 4.2.1.6).
 *
 * Only x400Address in subjectAltName counts. OpenSSL keeps it as the octets
 * of the whole element, with the implicit tag A3.
 *
 * Does NOT look at the subject's distinguished name, where such an address
 * SHOULD NOT be, nor check the certificate.
 *
 * SPDX-License-Identifier: ISC
 */
#include <openssl/x509v3.h>

#include "../base/err.h"
#include "../cmsx400_openssl.h"

/* The n-th GeneralName that is an x400Address, NULL after the last. */
static const ASN1_STRING *
find_address(const GENERAL_NAMES *names, size_t n)
{
	const GENERAL_NAME *name;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_X400 && n-- == 0)
			return name->d.x400Address;
	}
	return NULL;
}

int
cx4_cert_address(cx4_ctx *ctx, X509 *cert, size_t n, cx4_address **a)
{
	const ASN1_STRING *s;
	GENERAL_NAMES *names;
	int code = CX4_OK, critical = -1;

	*a = NULL;
	cx4i_queue_enter();
	names = X509_get_ext_d2i(cert, NID_subject_alt_name, &critical, NULL);
	/*
	 * -1: no such extension. One that cannot be decoded, or stands there
	 * twice, counts as one address that cannot be decoded.
	 */
	if (names == NULL && critical != -1 && n == 0)
		code = CX4_E_ADDRESS;
	if (names != NULL && (s = find_address(names, n)) != NULL)
		code = cx4_address_from_ber(ctx, ASN1_STRING_get0_data(s),
		    (size_t)ASN1_STRING_length(s), a, NULL, 0);
	GENERAL_NAMES_free(names);
	cx4i_queue_leave();
	return code;
}
