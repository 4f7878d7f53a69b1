/*
 * oid.h - object identifiers: the known ones, and text <-> octets.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_OID_H
#define CX4I_OID_H

#include "../base/buf.h"

#define CX4I_OID_TEXT 256	/* room for the text of an OID that is shown */
#define CX4I_OID_ARCS 128	/* more arcs than this are not shown */

/*
 * X(identifier, dotted text, name in reports)
 * Sources: RFC 5652, RFC 3370, RFC 3565, RFC 5754, RFC 5753, RFC 2634,
 * RFC 5035, RFC 3851, RFC 3855, RFC 7107, RFC 6211, X.420, X.411, X.435,
 * STANAG 4406.
 */
#define CX4I_OIDS(X)							\
X(DATA, "1.2.840.113549.1.7.1", "data")					\
X(SIGNED_DATA, "1.2.840.113549.1.7.2", "signedData")			\
X(ENVELOPED_DATA, "1.2.840.113549.1.7.3", "envelopedData")		\
X(DIGESTED_DATA, "1.2.840.113549.1.7.5", "digestedData")		\
X(ENCRYPTED_DATA, "1.2.840.113549.1.7.6", "encryptedData")		\
X(AUTH_DATA, "1.2.840.113549.1.9.16.1.2", "authData")			\
X(COMPRESSED_DATA, "1.2.840.113549.1.9.16.1.9", "compressedData")	\
X(AUTH_ENVELOPED_DATA, "1.2.840.113549.1.9.16.1.23", "authEnvelopedData") \
X(RECEIPT, "1.2.840.113549.1.9.16.1.1", "receipt")			\
X(CT_CONTENT_INFO, "1.2.840.113549.1.9.16.1.6", "contentInfo")		\
X(P2, "2.6.1.10.0", "p2")						\
X(P22, "2.6.1.10.1", "p22")						\
X(P35, "2.6.7.10.0", "p35")						\
X(P772, "1.3.26.0.4406.0.4.1", "p772")					\
X(CONT_UNIDENTIFIED, "2.6.3.3.0", "unidentified")			\
X(INNER_ENVELOPE, "2.6.3.3.1", "innerEnvelope")				\
X(CONTENT_TYPE, "1.2.840.113549.1.9.3", "contentType")			\
X(MESSAGE_DIGEST, "1.2.840.113549.1.9.4", "messageDigest")		\
X(SIGNING_TIME, "1.2.840.113549.1.9.5", "signingTime")			\
X(COUNTER_SIGNATURE, "1.2.840.113549.1.9.6", "counterSignature")	\
X(SMIME_CAPABILITIES, "1.2.840.113549.1.9.15", "sMIMECapabilities")	\
X(RECEIPT_REQUEST, "1.2.840.113549.1.9.16.2.1", "receiptRequest")	\
X(SECURITY_LABEL, "1.2.840.113549.1.9.16.2.2", "eSSSecurityLabel")	\
X(ML_EXPAND_HISTORY, "1.2.840.113549.1.9.16.2.3", "mlExpansionHistory")	\
X(CONTENT_HINTS, "1.2.840.113549.1.9.16.2.4", "contentHints")		\
X(MSG_SIG_DIGEST, "1.2.840.113549.1.9.16.2.5", "msgSigDigest")		\
X(CONTENT_IDENTIFIER, "1.2.840.113549.1.9.16.2.7", "contentIdentifier")	\
X(EQUIVALENT_LABELS, "1.2.840.113549.1.9.16.2.9", "equivalentLabels")	\
X(CONTENT_REFERENCE, "1.2.840.113549.1.9.16.2.10", "contentReference")	\
X(ENCRYP_KEY_PREF, "1.2.840.113549.1.9.16.2.11",			\
    "sMIMEEncryptionKeyPreference")					\
X(SIGNING_CERTIFICATE, "1.2.840.113549.1.9.16.2.12",			\
    "signingCertificate")						\
X(SIGNING_CERTIFICATE_V2, "1.2.840.113549.1.9.16.2.47",			\
    "signingCertificateV2")						\
X(TIME_STAMP_TOKEN, "1.2.840.113549.1.9.16.2.14", "timeStampToken")	\
X(ALGORITHM_PROTECTION, "1.2.840.113549.1.9.52", "cmsAlgorithmProtection") \
X(PREFER_BINARY_INSIDE, "1.2.840.113549.1.9.16.11.1",			\
    "preferBinaryInside")						\
X(SHA1, "1.3.14.3.2.26", "sha1")					\
X(SHA224, "2.16.840.1.101.3.4.2.4", "sha224")				\
X(SHA256, "2.16.840.1.101.3.4.2.1", "sha256")				\
X(SHA384, "2.16.840.1.101.3.4.2.2", "sha384")				\
X(SHA512, "2.16.840.1.101.3.4.2.3", "sha512")				\
X(RSA, "1.2.840.113549.1.1.1", "rsaEncryption")				\
X(SHA1_RSA, "1.2.840.113549.1.1.5", "sha1WithRSAEncryption")		\
X(SHA256_RSA, "1.2.840.113549.1.1.11", "sha256WithRSAEncryption")	\
X(SHA384_RSA, "1.2.840.113549.1.1.12", "sha384WithRSAEncryption")	\
X(SHA512_RSA, "1.2.840.113549.1.1.13", "sha512WithRSAEncryption")	\
X(RSA_OAEP, "1.2.840.113549.1.1.7", "rsaes-oaep")			\
X(MGF1, "1.2.840.113549.1.1.8", "mgf1")					\
X(RSA_PSS, "1.2.840.113549.1.1.10", "rsassa-pss")			\
X(DSA, "1.2.840.10040.4.1", "dsa")					\
X(DSA_SHA1, "1.2.840.10040.4.3", "dsa-with-sha1")			\
X(DSA_SHA256, "2.16.840.1.101.3.4.3.2", "dsa-with-sha256")		\
X(EC_PUBLIC_KEY, "1.2.840.10045.2.1", "ecPublicKey")			\
X(ECDSA_SHA1, "1.2.840.10045.4.1", "ecdsa-with-sha1")			\
X(ECDSA_SHA256, "1.2.840.10045.4.3.2", "ecdsa-with-sha256")		\
X(ECDSA_SHA384, "1.2.840.10045.4.3.3", "ecdsa-with-sha384")		\
X(ECDSA_SHA512, "1.2.840.10045.4.3.4", "ecdsa-with-sha512")		\
X(DH_PUBLIC_NUMBER, "1.2.840.10046.2.1", "dhPublicNumber")		\
X(ECDH_SHA1KDF, "1.3.133.16.840.63.0.2", "dhSinglePass-stdDH-sha1kdf")	\
X(ECDH_SHA256KDF, "1.3.132.1.11.1", "dhSinglePass-stdDH-sha256kdf")	\
X(ECDH_SHA384KDF, "1.3.132.1.11.2", "dhSinglePass-stdDH-sha384kdf")	\
X(ECDH_SHA512KDF, "1.3.132.1.11.3", "dhSinglePass-stdDH-sha512kdf")	\
X(ECDH_SHA224KDF, "1.3.132.1.11.0", "dhSinglePass-stdDH-sha224kdf")	\
X(ECCDH_SHA1KDF, "1.3.133.16.840.63.0.3",				\
    "dhSinglePass-cofactorDH-sha1kdf")					\
X(ECCDH_SHA224KDF, "1.3.132.1.14.0",					\
    "dhSinglePass-cofactorDH-sha224kdf")				\
X(ECCDH_SHA256KDF, "1.3.132.1.14.1",					\
    "dhSinglePass-cofactorDH-sha256kdf")				\
X(ECCDH_SHA384KDF, "1.3.132.1.14.2",					\
    "dhSinglePass-cofactorDH-sha384kdf")				\
X(ECCDH_SHA512KDF, "1.3.132.1.14.3",					\
    "dhSinglePass-cofactorDH-sha512kdf")				\
X(P_SPECIFIED, "1.2.840.113549.1.1.9", "id-pSpecified")			\
X(ESDH, "1.2.840.113549.1.9.16.3.5", "id-alg-ESDH")			\
X(DES3_WRAP, "1.2.840.113549.1.9.16.3.6", "cms3DESwrap")		\
X(AES128_WRAP, "2.16.840.1.101.3.4.1.5", "aes128-wrap")			\
X(AES192_WRAP, "2.16.840.1.101.3.4.1.25", "aes192-wrap")		\
X(AES256_WRAP, "2.16.840.1.101.3.4.1.45", "aes256-wrap")		\
X(DES_EDE3_CBC, "1.2.840.113549.3.7", "des-ede3-cbc")			\
X(RC2_CBC, "1.2.840.113549.3.2", "rc2-cbc")				\
X(AES128_CBC, "2.16.840.1.101.3.4.1.2", "aes-128-cbc")			\
X(AES192_CBC, "2.16.840.1.101.3.4.1.22", "aes-192-cbc")			\
X(AES256_CBC, "2.16.840.1.101.3.4.1.42", "aes-256-cbc")			\
X(AES128_GCM, "2.16.840.1.101.3.4.1.6", "aes-128-gcm")			\
X(AES192_GCM, "2.16.840.1.101.3.4.1.26", "aes-192-gcm")			\
X(AES256_GCM, "2.16.840.1.101.3.4.1.46", "aes-256-gcm")			\
X(EIT_ENVELOPED_DATA, "1.2.840.113549.1.9.16.10.1",			\
    "id-eit-envelopedData")						\
X(EIT_SIGNED_DATA, "1.2.840.113549.1.9.16.10.2", "id-eit-signedData")	\
X(EIT_CERTS_ONLY, "1.2.840.113549.1.9.16.10.3", "id-eit-certsOnly")	\
X(EIT_SIGNED_RECEIPT, "1.2.840.113549.1.9.16.10.4",			\
    "id-eit-signedReceipt")						\
X(EIT_ENVELOPED_X400, "1.2.840.113549.1.9.16.10.5",			\
    "id-eit-envelopedX400")						\
X(EIT_SIGNED_X400, "1.2.840.113549.1.9.16.10.6", "id-eit-signedX400")	\
X(EIT_COMPRESSED_DATA, "1.2.840.113549.1.9.16.10.7",			\
    "id-eit-compressedData")						\
X(SUBJECT_KEY_ID, "2.5.29.14", "subjectKeyIdentifier")			\
X(SUBJECT_ALT_NAME, "2.5.29.17", "subjectAltName")

#define CX4I_OID_ENUM(id, text, name) CX4I_OID_##id,

enum cx4i_oid {
	CX4I_OIDS(CX4I_OID_ENUM)
	CX4I_OID_COUNT,
	CX4I_OID_UNKNOWN = CX4I_OID_COUNT
};

/* The known OID with these content octets (without 06 and length). */
enum cx4i_oid cx4i_oid_find(struct cx4i_slice body);
enum cx4i_oid cx4i_oid_find_text(const char *dotted);
/* Dotted text, and name in reports; NULL for UNKNOWN. */
const char *cx4i_oid_text(enum cx4i_oid);
const char *cx4i_oid_name(enum cx4i_oid);

/*
 * Content octets to dotted text. Always fills `out`: an OID that is
 * malformed or has more than CX4I_OID_ARCS arcs, or does not fit, becomes
 * "malformed" or "too long" (bounded work, CVE-2023-2650). 0, or -1 then.
 */
int cx4i_oid_to_text(struct cx4i_slice body, char *out, size_t size);
/*
 * Dotted text to content octets, appended to `out`. 0, or -1 if it is no
 * OID (at least two arcs, first 0..2, no leading zeros), an arc does not fit
 * in 64 bits, or memory is short: `out` is then unchanged.
 */
int cx4i_oid_from_text(const char *dotted, struct cx4i_buf *out);
/* 1 if dotted text is an OID, by the same rules; needs no memory. */
int cx4i_oid_is_text(const char *dotted);

#endif
