/*
 * cmsx400_codes.h - every error and warning code, in one table.
 *
 * X(identifier, value, name, class, sentence, what to do)
 *
 * Values are pinned: a released value never changes its meaning. The name is
 * what reports and `cmsx400 explain` use. The class is the outcome that the
 * code leads to (enum cx4_class, equal to the exit codes of the command).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CMSX400_CODES_H
#define CMSX400_CODES_H

/*
 * The outcome of an operation. When several apply, the first of USAGE, IO,
 * LIMIT, MALFORMED, NOKEY, CRYPTO, TEMPFAIL, PATH, LABEL, ORIGINATOR counts.
 */
enum cx4_class {
	CX4_CLASS_OK = 0,
	CX4_CLASS_USAGE = 1,
	CX4_CLASS_IO = 2,
	CX4_CLASS_BUILD = 3,
	CX4_CLASS_CRYPTO = 4,
	CX4_CLASS_MALFORMED = 5,
	CX4_CLASS_PATH = 6,
	CX4_CLASS_ORIGINATOR = 7,
	CX4_CLASS_LABEL = 8,
	CX4_CLASS_LIMIT = 9,
	CX4_CLASS_NOKEY = 10,
	CX4_CLASS_TEMPFAIL = 75
};

#define CX4_ERROR_CODES(X)						\
X(CX4_E_USAGE, 100, "usage", CX4_CLASS_USAGE,				\
    "a parameter is wrong or missing",					\
    "read the text of the error; it names the parameter")		\
X(CX4_E_STATE, 101, "state", CX4_CLASS_USAGE,				\
    "the function may not be called now",				\
    "follow the order of calls given in cmsx400.h")			\
X(CX4_E_IO_READ, 200, "io-read", CX4_CLASS_IO,				\
    "input cannot be read",						\
    "check that the file exists and may be read")			\
X(CX4_E_IO_WRITE, 201, "io-write", CX4_CLASS_IO,			\
    "output cannot be written",						\
    "check the directory, its permissions and the free space")		\
X(CX4_E_IO_KEY, 202, "io-key", CX4_CLASS_IO,				\
    "no usable certificate or private key was found",			\
    "give a PEM or PKCS#12 file with the certificate first, then the "	\
    "key; check the pass phrase")					\
X(CX4_E_POLICY, 300, "policy", CX4_CLASS_BUILD,				\
    "the policy forbids what was asked for",				\
    "choose another algorithm or another policy")			\
X(CX4_E_UNSUPPORTED, 301, "unsupported", CX4_CLASS_BUILD,		\
    "the algorithm or key type cannot be used to build a message",	\
    "choose another algorithm, key or certificate")			\
X(CX4_E_KEY_MISMATCH, 302, "key-mismatch", CX4_CLASS_BUILD,		\
    "the private key does not belong to the certificate",		\
    "pair the key with its own certificate")				\
X(CX4_E_SIGNER_UNFIT, 303, "signer-unfit", CX4_CLASS_BUILD,		\
    "the signer has no private key or may not sign",			\
    "use a certificate whose keyUsage allows digitalSignature or "	\
    "nonRepudiation, with its private key")				\
X(CX4_E_RECIPIENT_UNFIT, 304, "recipient-unfit", CX4_CLASS_BUILD,	\
    "the certificate cannot receive encrypted content",			\
    "use a certificate whose key and keyUsage allow key transport or "	\
    "key agreement")							\
X(CX4_E_ORIGINATOR_COPY, 305, "originator-copy", CX4_CLASS_BUILD,	\
    "no copy of the content key can be made for the originator",	\
    "name the originator's encryption certificate, or switch the copy "	\
    "off by name")							\
X(CX4_E_ORIGINATOR_DIFFERS, 306, "originator-differs", CX4_CLASS_BUILD,	\
    "the originator in the content is not an address of the signer "	\
    "(RFC 3854 section 4.3)",						\
    "sign with the originator's certificate, or allow the mismatch")	\
X(CX4_E_CONTENT_TYPE, 307, "content-type", CX4_CLASS_BUILD,		\
    "the content type has no object identifier",			\
    "give p2, p22, p35, p772, the integer 2, 22 or 35, or a dotted OID") \
X(CX4_E_LENGTH, 308, "length", CX4_CLASS_BUILD,				\
    "the content is not as long as was declared",			\
    "the input changed while it was read: try again")			\
X(CX4_E_SIGNATURE_SIZE, 309, "signature-size", CX4_CLASS_BUILD,		\
    "no signature of the declared length could be made",		\
    "write with indefinite lengths")					\
X(CX4_E_DER_IMPOSSIBLE, 310, "der-impossible", CX4_CLASS_BUILD,		\
    "definite lengths need the content length beforehand",		\
    "read from a file, or give the length")				\
X(CX4_E_SMIME_TYPE, 311, "smime-type", CX4_CLASS_BUILD,			\
    "the innermost protection cannot be seen without keys",		\
    "name the smime-type")						\
X(CX4_E_SIGNATURE, 400, "signature", CX4_CLASS_CRYPTO,			\
    "a signature is not valid",						\
    "do not trust the content: ask the sender to send it again")	\
X(CX4_E_DIGEST, 401, "digest", CX4_CLASS_CRYPTO,			\
    "the content is not the content that was signed",			\
    "do not trust the content: ask the sender to send it again")	\
X(CX4_E_TYPE_MISMATCH, 402, "type-mismatch", CX4_CLASS_CRYPTO,		\
    "eContentType differs from the signed content-type attribute "	\
    "(RFC 5652 section 5.3)",						\
    "the content was relabelled after signing: do not trust it")	\
X(CX4_E_ATTRIBUTE, 403, "attribute", CX4_CLASS_CRYPTO,			\
    "an attribute of a SignerInfo breaks the rules for it",		\
    "the sender's software is at fault, or the message was altered")	\
X(CX4_E_SIGNING_CERTIFICATE, 404, "signing-certificate", CX4_CLASS_CRYPTO, \
    "the signingCertificate attribute names another certificate "	\
    "(RFC 2634 section 5, RFC 5035)",					\
    "the certificate was substituted: do not trust the signature")	\
X(CX4_E_NO_SIGNER, 405, "no-signer", CX4_CLASS_CRYPTO,			\
    "the SignedData has no SignerInfo",					\
    "nobody signed this content: do not trust it")			\
X(CX4_E_CERTS_ONLY, 406, "certs-only", CX4_CLASS_CRYPTO,		\
    "certificates only: there is no content and no signature",		\
    "take the certificates with inspect")				\
X(CX4_E_DECRYPT, 407, "decrypt", CX4_CLASS_CRYPTO,			\
    "the content cannot be decrypted, or is damaged inside",		\
    "check that the key is the right one; the cause is not told, "	\
    "because it would help an attacker")				\
X(CX4_E_NO_CERTIFICATE, 408, "no-certificate", CX4_CLASS_CRYPTO,	\
    "the signer's certificate was not found",				\
    "add the signer's certificate")					\
X(CX4_E_ALGORITHM, 409, "algorithm", CX4_CLASS_CRYPTO,			\
    "the message uses an algorithm that is not supported here",		\
    "ask the sender for an algorithm of the policy")			\
X(CX4_E_UNSIGNED, 410, "unsigned", CX4_CLASS_CRYPTO,			\
    "no layer is signed, and a signature was required",			\
    "ask the sender to sign")						\
X(CX4_E_SIGNER_VERSION, 411, "signer-version", CX4_CLASS_CRYPTO,	\
    "the SignerInfo version does not fit its SignerIdentifier "		\
    "(RFC 5652 section 5.3)",						\
    "the sender's software is at fault, or the message was altered")	\
X(CX4_E_CRYPTO, 412, "crypto", CX4_CLASS_CRYPTO,			\
    "the cryptographic library failed",					\
    "see the causes in the error")					\
X(CX4_E_BER, 500, "ber", CX4_CLASS_MALFORMED,				\
    "the octets are not valid BER",					\
    "the message was damaged on its way, or is no CMS message")		\
X(CX4_E_TRUNCATED, 501, "truncated", CX4_CLASS_MALFORMED,		\
    "the message ends too early",					\
    "fetch the whole message again")					\
X(CX4_E_STRUCTURE, 502, "structure", CX4_CLASS_MALFORMED,		\
    "an element is missing, unexpected or of the wrong kind",		\
    "the sender's software is at fault, or the message was damaged")	\
X(CX4_E_NOT_CMS, 503, "not-cms", CX4_CLASS_MALFORMED,			\
    "the input is not a CMS message",					\
    "give a ContentInfo in DER, PEM or MIME form")			\
X(CX4_E_FORBIDDEN_TYPE, 504, "forbidden-type", CX4_CLASS_MALFORMED,	\
    "the CMS content type is not used for X.400 content "		\
    "(RFC 3854 section 2.4)",						\
    "only SignedData and EnvelopedData are opened")			\
X(CX4_E_BASE64, 505, "base64", CX4_CLASS_MALFORMED,			\
    "the base64 text is damaged",					\
    "fetch the whole message again")					\
X(CX4_E_MIME, 506, "mime", CX4_CLASS_MALFORMED,				\
    "the MIME entity is damaged or of a type that cannot be opened",	\
    "give application/pkcs7-mime or application/x400-content")		\
X(CX4_E_PEM, 507, "pem", CX4_CLASS_MALFORMED,				\
    "the PEM text is damaged or of another type",			\
    "give a block labelled CMS or PKCS7")				\
X(CX4_E_WRAPPER, 508, "wrapper", CX4_CLASS_MALFORMED,			\
    "the MIME wrapper contradicts the layers inside",			\
    "the wrapper was altered, or made by software at fault")		\
X(CX4_E_ADDRESS, 509, "address", CX4_CLASS_MALFORMED,			\
    "the text or encoding is not an O/R address",			\
    "write it like C=NO;A=telemax;P=mil;S=Eggen")			\
X(CX4_E_CONTENT, 510, "content", CX4_CLASS_MALFORMED,			\
    "the X.400 content cannot be read as its type",			\
    "check the content type")						\
X(CX4_E_ASN1, 511, "asn1", CX4_CLASS_MALFORMED,				\
    "a value does not fit its ASN.1 type",				\
    "the sender's software is at fault, or the message was damaged")	\
X(CX4_E_PATH, 600, "path", CX4_CLASS_PATH,				\
    "the certificate path of a signer is not acceptable",		\
    "add the missing anchor or certificate, or ask the signer for a "	\
    "valid certificate")						\
X(CX4_E_PURPOSE, 601, "purpose", CX4_CLASS_PATH,			\
    "a certificate may not be used for this purpose",			\
    "ask the signer for a certificate for electronic mail")		\
X(CX4_E_REVOKED, 602, "revoked", CX4_CLASS_PATH,			\
    "a certificate is revoked, or its status is not known",		\
    "give current revocation lists")					\
X(CX4_E_WEAK, 603, "weak", CX4_CLASS_PATH,				\
    "the signature is made with an algorithm or key too weak for the "	\
    "policy",								\
    "ask for a stronger signature, or open with --policy rfc3854")	\
X(CX4_E_NO_TRUST, 604, "no-trust", CX4_CLASS_PATH,			\
    "a layer is signed, and no trust anchor was given",			\
    "name the anchor with --trust")					\
X(CX4_E_ORIGINATOR, 700, "originator", CX4_CLASS_ORIGINATOR,		\
    "the originator in the content is not an address of the signer "	\
    "(RFC 3854 section 4.3)",						\
    "compare the two addresses in the report with what you expect")	\
X(CX4_E_ORIGINATOR_UNKNOWN, 701, "originator-unknown",			\
    CX4_CLASS_ORIGINATOR,						\
    "a matching originator was required and cannot be shown",		\
    "the certificate or the content names no X.400 address")		\
X(CX4_E_DIFFERENT, 702, "different", CX4_CLASS_ORIGINATOR,		\
    "the two O/R addresses are different",				\
    "compare them attribute by attribute")				\
X(CX4_E_NOMEM, 900, "no-memory", CX4_CLASS_LIMIT,			\
    "out of memory",							\
    "free memory, or lower the limits of the policy")			\
X(CX4_E_LIMIT_DEPTH, 901, "limit-depth", CX4_CLASS_LIMIT,		\
    "the layers nest too deep",						\
    "raise --max-depth if the sender is trusted")			\
X(CX4_E_LIMIT_SIGNERS, 902, "limit-signers", CX4_CLASS_LIMIT,		\
    "too many SignerInfos",						\
    "raise the limit in the policy if the sender is trusted")		\
X(CX4_E_LIMIT_RECIPIENTS, 903, "limit-recipients", CX4_CLASS_LIMIT,	\
    "too many RecipientInfos",						\
    "raise the limit in the policy if the sender is trusted")		\
X(CX4_E_LIMIT_CERTIFICATES, 904, "limit-certificates", CX4_CLASS_LIMIT,	\
    "too many certificates",						\
    "raise the limit in the policy if the sender is trusted")		\
X(CX4_E_LIMIT_ATTRIBUTES, 905, "limit-attributes", CX4_CLASS_LIMIT,	\
    "too many attributes",						\
    "raise the limit in the policy if the sender is trusted")		\
X(CX4_E_LIMIT_HEAD, 906, "limit-head", CX4_CLASS_LIMIT,			\
    "the part of a layer that must be held in memory is too large",	\
    "raise the limit in the policy if the sender is trusted")		\
X(CX4_E_LIMIT_OCTETS, 907, "limit-octets", CX4_CLASS_LIMIT,		\
    "the message is longer than allowed",				\
    "raise --max-octets if the sender is trusted")			\
X(CX4_E_NO_KEY, 1000, "no-key", CX4_CLASS_NOKEY,			\
    "the message is encrypted for others",				\
    "give the key of one of the recipients listed in the report")	\
X(CX4_E_TEMPFAIL, 1100, "tempfail", CX4_CLASS_TEMPFAIL,			\
    "a service is not available now",					\
    "try again later")

#define CX4_WARNING_CODES(X)						\
X(CX4_W_UNSIGNED, 2000, "unsigned", CX4_CLASS_OK,			\
    "no layer is signed: the sender is not known",			\
    "ask for signed messages, or use --require-signature")		\
X(CX4_W_NO_INTEGRITY, 2001, "no-integrity", CX4_CLASS_OK,		\
    "the content was encrypted without integrity and not signed "	\
    "inside: it may have been altered (RFC 3854 section 3.3)",		\
    "do not act on it unless it is confirmed in another way")		\
X(CX4_W_TRAILING, 2002, "trailing-octets", CX4_CLASS_OK,		\
    "octets follow the end of a layer; they are ignored",		\
    "none, if the transport adds padding")				\
X(CX4_W_WEAK_CIPHER, 2003, "weak-cipher", CX4_CLASS_OK,			\
    "the content-encryption algorithm is weak",				\
    "ask the sender for AES")						\
X(CX4_W_SMIME_TYPE, 2004, "smime-type", CX4_CLASS_OK,			\
    "the smime-type does not name the innermost protection "		\
    "(RFC 3854 section 3.4.1)",						\
    "none; the layers inside count")					\
X(CX4_W_INNER_CONTENTINFO, 2005, "inner-contentinfo", CX4_CLASS_OK,	\
    "an inner layer is wrapped in a ContentInfo "			\
    "(RFC 3854 section 3.4.1)",						\
    "none; the sender's software should nest it bare")			\
X(CX4_W_UNKNOWN_ATTRIBUTE, 2006, "unknown-attribute", CX4_CLASS_OK,	\
    "a signer signed an attribute that is not known here",		\
    "look at it with inspect")						\
X(CX4_W_ORIGINATOR, 2007, "originator", CX4_CLASS_OK,			\
    "the originator in the content is not an address of the signer",	\
    "compare the two addresses in the report with what you expect")	\
X(CX4_W_ORIGINATOR_ABSENT, 2008, "originator-absent", CX4_CLASS_OK,	\
    "the originator cannot be compared with the signer: the content "	\
    "or the certificate names none",					\
    "use --require-originator-match where this must not happen")	\
X(CX4_W_CONTENT, 2009, "content", CX4_CLASS_OK,				\
    "the content cannot be read as its type; it is carried untouched",	\
    "check the content type")						\
X(CX4_W_SIGNER_UNSUPPORTED, 2010, "signer-unsupported", CX4_CLASS_OK,	\
    "one signature uses an algorithm that is not supported here",	\
    "none; another signature of the layer is good")			\
X(CX4_W_RELEASED, 2011, "released", CX4_CLASS_OK,			\
    "the content of a message that failed was released on request",	\
    "do not trust it")							\
X(CX4_W_VERSION, 2012, "version", CX4_CLASS_OK,				\
    "a CMS version number is not the one that RFC 5652 computes",	\
    "none; the sender's software is at fault")				\
X(CX4_W_BER, 2013, "indefinite", CX4_CLASS_OK,				\
    "the message was written with indefinite lengths",			\
    "give the content length beforehand if DER is wanted")		\
X(CX4_W_SIGNER_FAILED, 2014, "signer-failed", CX4_CLASS_OK,		\
    "one signature is not good; another signature of the layer is",	\
    "use --require-signers all where every signature must be good")	\
X(CX4_W_HINT, 2015, "content-hints", CX4_CLASS_OK,			\
    "contentHints names another type than the content has",		\
    "none; the type inside counts")					\
X(CX4_W_AUTH_ATTRS, 2017, "auth-attributes", CX4_CLASS_OK,		\
    "the content type of an AuthEnvelopedData is not authenticated "	\
    "(RFC 5083 section 2.1)",						\
    "none, if the content is signed; else ask the sender for authAttrs") \
X(CX4_W_CRL, 2016, "revocation-unknown", CX4_CLASS_OK,			\
    "the revocation status of a certificate is not known",		\
    "give current revocation lists")

#define CX4_AS_ENUM(id, value, name, class, text, todo) id = value,

/* What functions return: CX4_OK, or one of the CX4_E_ codes. */
enum cx4_code {
	CX4_OK = 0,
	CX4_ERROR_CODES(CX4_AS_ENUM)
	CX4_WARNING_CODES(CX4_AS_ENUM)
	CX4_CODE_MAX
};

#endif
