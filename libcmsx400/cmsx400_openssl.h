/*
 * cmsx400_openssl.h - the part of the interface that knows OpenSSL's types.
 *
 * The conventions of cmsx400.h hold. OpenSSL objects that are given are
 * referenced, never taken over; OpenSSL objects that are returned are
 * borrowed unless the comment says otherwise.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CMSX400_OPENSSL_H
#define CMSX400_OPENSSL_H

#include <openssl/evp.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include "cmsx400.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A context on the caller's library context (NULL: the default one) and
 * property query (NULL: none), which must outlive it.
 */
CX4_API cx4_ctx *cx4_ctx_new_openssl(OSSL_LIB_CTX *, const char *propq);

/* An identity from OpenSSL objects; key and chain may be NULL. */
CX4_API int cx4_id_new_openssl(cx4_ctx *, X509 *cert, EVP_PKEY *key,
    STACK_OF(X509) *chain, cx4_id **id);
CX4_API X509 *cx4_id_cert(const cx4_id *);

/* The certificate that a signer's verdicts are about; NULL if none. */
CX4_API X509 *cx4_report_signer_cert(const cx4_report *, size_t layer,
    size_t signer);

/*
 * The n-th x400Address in a certificate's subjectAltName (RFC 3854 section
 * 4.3). Returns CX4_OK and *a (the caller's), CX4_OK and NULL after the
 * last, or CX4_E_ADDRESS for one that cannot be decoded.
 */
CX4_API int cx4_cert_address(cx4_ctx *, X509 *, size_t n, cx4_address **a);

/*
 * A PKCS#10 certification request, signed with `key`, whose subjectAltName
 * extension carries `count` X.400 addresses. `subject` is the name in the
 * form /C=NO/CN=bob or CN=bob,C=NO (RFC 4514). *csr belongs to the caller.
 */
CX4_API int cx4_csr_new(cx4_ctx *, EVP_PKEY *key, const char *subject,
    const cx4_address *const *addresses, size_t count, X509_REQ **csr,
    char *why, size_t why_size);

#ifdef __cplusplus
}
#endif

#endif
