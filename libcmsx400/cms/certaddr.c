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
#include "certaddr.h"

/* Decode one; *a is NULL if it is no O/R address. */
static int
decode(cx4_ctx *ctx, const GENERAL_NAME *name, cx4_address **a)
{
	const ASN1_STRING *s = name->d.x400Address;

	return cx4_address_from_ber(ctx, ASN1_STRING_get0_data(s),
	    (size_t)ASN1_STRING_length(s), a, NULL, 0);
}

int
cx4i_cert_addresses(cx4_ctx *ctx, X509 *cert,
    int (*each)(void *arg, const cx4_address *), void *arg)
{
	const GENERAL_NAME *name;
	GENERAL_NAMES *names;
	int i, n = 0, critical = -1, stop = 0, r = CX4_OK;
	cx4_address *a;

	cx4i_queue_enter();
	names = X509_get_ext_d2i(cert, NID_subject_alt_name, &critical, NULL);
	/*
	 * -1: no such extension. One that cannot be decoded, or stands there
	 * twice, counts as one address that cannot be decoded.
	 */
	if (names == NULL && critical != -1)
		each(arg, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names) && !stop &&
	    n < CX4I_MAX_ADDRESSES; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_X400)
			continue;
		n++;
		if ((r = decode(ctx, name, &a)) == CX4_E_NOMEM)
			break;
		r = CX4_OK;
		stop = each(arg, a);
		cx4_address_free(&a);
	}
	GENERAL_NAMES_free(names);
	cx4i_queue_leave();
	return r;
}

/* Which one is wanted, and what was found. */
struct wanted {
	cx4_ctx *ctx;
	size_t n;
	cx4_address **a;
	int code;
};

static int
take_nth(void *arg, const cx4_address *a)
{
	struct wanted *w = arg;
	unsigned char *der;
	size_t len;

	if (w->n-- > 0)
		return 0;
	w->code = a != NULL ? cx4_address_to_der(w->ctx, a, &der, &len) :
	    CX4_E_ADDRESS;
	if (w->code == CX4_OK) {
		w->code = cx4_address_from_ber(w->ctx, der, len, w->a, NULL,
		    0);
		cx4_free(der);
	}
	return 1;
}

int
cx4_cert_address(cx4_ctx *ctx, X509 *cert, size_t n, cx4_address **a)
{
	struct wanted w = { ctx, n, a, CX4_OK };

	int r;

	*a = NULL;
	r = cx4i_cert_addresses(ctx, cert, take_nth, &w);
	return r != CX4_OK ? r : w.code;
}
