/*
 * keys.h - identities, certificates and keys from files.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include "../libcmsx400/cmsx400_openssl.h"
#include "run.h"

/* Identities, freed together. */
struct ids {
	cx4_id **id;
	size_t n;
};

void ids_free(struct ids *);
/* Room for `n`, all NULL. */
int ids_alloc(struct run *, struct ids *, size_t n);

/* All certificates of a PEM or DER file. *certs belongs to the caller. */
int keys_read_certs(struct run *, const char *path, STACK_OF(X509) **certs);
/* Those of all files of an option; *certs is empty if it was not given. */
int keys_read_all_certs(struct run *, enum opt_id, STACK_OF(X509) **certs);

/* The n-th --signer, with the n-th --key if there is one. */
int keys_load_signer(struct run *, size_t n, cx4_id **);
/* The first certificate of a file, without a key. */
int keys_load_cert(struct run *, const char *path, cx4_id **);
/*
 * The n-th --key of a verb that decrypts. A key without certificate is
 * paired with one of `certs`.
 */
int keys_load_receiver(struct run *, size_t n, STACK_OF(X509) *certs,
    cx4_id **);
/* All --key options of a verb that decrypts. */
int keys_load_receivers(struct run *, struct ids *);
/* A private key alone. *key belongs to the caller. */
int keys_load_pkey(struct run *, const char *path, EVP_PKEY **key);

#endif
