/*
 * certaddr.c - the X.400 addresses in a certificate's subjectAltName.
 *
 * RFC 3854 section 4.3, RFC 5280 section 4.2.1.6. OpenSSL keeps an
 * x400Address as its whole element, implicit tag [3] first.
 *
 * SPDX-License-Identifier: ISC
 */
#include <openssl/x509v3.h>

#include "../base/err.h"
#include "../cmsx400_openssl.h"

int
cx4_cert_address(cx4_ctx *ctx, X509 *cert, size_t n, cx4_address **a)
{
	GENERAL_NAMES *names;
	GENERAL_NAME *name;
	int i, r = CX4_OK;

	*a = NULL;
	cx4i_queue_enter();
	names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_X400 || n-- > 0)
			continue;
		r = cx4_address_from_ber(ctx,
		    ASN1_STRING_get0_data(name->d.x400Address),
		    (size_t)ASN1_STRING_length(name->d.x400Address), a,
		    NULL, 0);
		break;
	}
	GENERAL_NAMES_free(names);
	cx4i_queue_leave();
	return r;
}
