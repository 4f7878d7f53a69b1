/*
 * csr.c - a certification request (PKCS#10, RFC 2986) with X.400 addresses.
 *
 * The addresses stand as x400Address in a subjectAltName extension (RFC 3854
 * section 4.3, RFC 5280 section 4.2.1.6) in the extensionRequest attribute.
 * OpenSSL has no text syntax for them, so the extension is built here.
 *
 * Does NOT read values in hexadecimal (#...) in a subject in the form of RFC
 * 4514, nor quoted values (RFC 2253), nor several values of one RDN in the
 * form with slashes.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "../base/ctx.h"
#include "../base/err.h"
#include "../cmsx400_openssl.h"
#include "../encoding/der.h"

#define TYPE_MAX_ 64
#define AVAS_MAX 32

/* One type=value of the subject. */
struct ava {
	char type[TYPE_MAX_];
	struct cx4i_buf value;
	int joined;		/* in one RDN with that before it */
};

struct subject {
	struct ava avas[AVAS_MAX];
	int count;
};

static int
no_memory(const struct cx4i_why *why)
{
	return cx4i_why(why, CX4_E_NOMEM, "out of memory");
}

/* OpenSSL failed: was it for lack of memory? */
static int
lacked_memory(void)
{
	return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
}

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;
	int n;

	if (at == NULL)
		return -1;
	n = (int)(at - digits);
	return n > 15 ? n - 6 : n;
}

/* One character of a value; RFC 4514 section 2.4 for what follows "\". */
static size_t
unescape(const char *p, uint8_t *octet)
{
	*octet = (uint8_t)p[0];
	if (p[0] != '\\' || p[1] == '\0')
		return 1;
	*octet = (uint8_t)p[1];
	if (hex(p[1]) < 0 || hex(p[2]) < 0)
		return 2;
	*octet = (uint8_t)(hex(p[1]) << 4 | hex(p[2]));
	return 3;
}

static int
read_type(struct ava *ava, const char **p, const struct cx4i_why *why)
{
	size_t n;

	*p += strspn(*p, " ");
	n = strcspn(*p, "=/,+");
	if (n == 0 || n >= sizeof(ava->type) || (*p)[n] != '=')
		return cx4i_why(why, CX4_E_USAGE, "the subject must be written "
		    "like /C=NO/CN=bob or CN=bob,C=NO");
	memcpy(ava->type, *p, n);
	ava->type[n] = '\0';
	*p += n + 1;
	while (n > 0 && ava->type[n - 1] == ' ')
		ava->type[--n] = '\0';
	return CX4_OK;
}

/* The value up to a delimiter; spaces at its end go unless escaped. */
static int
read_value(struct ava *ava, const char **p, const char *delimiters,
    const struct cx4i_why *why)
{
	size_t keep = 0, n;
	uint8_t octet;

	*p += strspn(*p, " ");
	while (**p != '\0' && strchr(delimiters, **p) == NULL) {
		n = unescape(*p, &octet);
		if (cx4i_buf_add_byte(&ava->value, octet) != 0)
			return no_memory(why);
		*p += n;
		if (n > 1 || octet != ' ')
			keep = ava->value.len;
	}
	ava->value.len = keep;
	if (keep == 0)
		return cx4i_why(why, CX4_E_USAGE,
		    "%s has no value in the subject", ava->type);
	return CX4_OK;
}

static int
read_subject(struct subject *s, const char *text, const struct cx4i_why *why)
{
	int slashes = *text == '/', joined = 0, code;
	const char *p = text + slashes;
	struct ava *ava;

	do {
		if (s->count == AVAS_MAX)
			return cx4i_why(why, CX4_E_USAGE, "the subject has too "
			    "many parts");
		ava = &s->avas[s->count++];
		ava->joined = joined;
		if ((code = read_type(ava, &p, why)) != CX4_OK)
			return code;
		code = read_value(ava, &p, slashes ? "/" : ",+", why);
		if (code != CX4_OK)
			return code;
		joined = *p == '+' && !slashes;
	} while (*p != '\0' && *++p != '\0');
	return CX4_OK;
}

static void
free_subject(struct subject *s)
{
	while (s->count > 0)
		cx4i_buf_free(&s->avas[--s->count].value);
}

static int
add_ava(X509_NAME *name, const struct ava *ava, int joined,
    const struct cx4i_why *why)
{
	if (ava->value.len <= INT_MAX && X509_NAME_add_entry_by_txt(name,
	    ava->type, MBSTRING_UTF8, ava->value.data, (int)ava->value.len,
	    -1, joined ? -1 : 0) == 1)
		return CX4_OK;
	if (lacked_memory())
		return no_memory(why);
	return cx4i_why(why, CX4_E_USAGE, "%s is no attribute of a name, or "
	    "its value does not fit it", ava->type);
}

/* RFC 4514 section 2.1 writes the last RDN first; slashes keep the order. */
static int
set_subject(X509_REQ *req, const char *text, const struct cx4i_why *why)
{
	struct subject s = { .count = 0 };
	X509_NAME *name = X509_REQ_get_subject_name(req);
	int code, first, last, i;

	code = read_subject(&s, text, why);
	if (*text == '/') {
		for (i = 0; i < s.count && code == CX4_OK; i++)
			code = add_ava(name, &s.avas[i], 0, why);
		free_subject(&s);
		return code;
	}
	for (last = s.count; last > 0 && code == CX4_OK; last = first) {
		first = last - 1;
		while (s.avas[first].joined)
			first--;
		for (i = first; i < last && code == CX4_OK; i++)
			code = add_ava(name, &s.avas[i], i > first, why);
	}
	free_subject(&s);
	return code;
}

/* GeneralNames: each an ORAddress under [3] instead of SEQUENCE. */
static int
build_names(cx4_ctx *ctx, const cx4_address *const *addresses, size_t count,
    struct cx4i_der *der)
{
	unsigned char *one;
	size_t len, i;

	cx4i_der_open(der, CX4I_SEQUENCE);
	for (i = 0; i < count; i++) {
		/* Writing one fails for lack of memory only. */
		if (cx4_address_to_der(ctx, addresses[i], &one, &len) !=
		    CX4_OK)
			return -1;
		one[0] = CX4I_CONTEXT_C(3);
		cx4i_der_raw(der, one, len);
		cx4_free(one);
	}
	cx4i_der_close(der);
	return cx4i_der_ok(der) ? 0 : -1;
}

static int
add_extension(X509_REQ *req, const struct cx4i_buf *names)
{
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	STACK_OF(X509_EXTENSION) *list = sk_X509_EXTENSION_new_null();
	X509_EXTENSION *extension = NULL;
	int ok = 0;

	if (octets == NULL || list == NULL || names->len > INT_MAX ||
	    ASN1_OCTET_STRING_set(octets, names->data,
	    (int)names->len) != 1)
		goto out;
	extension = X509_EXTENSION_create_by_NID(NULL, NID_subject_alt_name,
	    0, octets);
	if (extension == NULL || sk_X509_EXTENSION_push(list, extension) <= 0)
		goto out;
	ok = X509_REQ_add_extensions(req, list) == 1;
out:
	sk_X509_EXTENSION_free(list);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(octets);
	return ok ? 0 : -1;
}

static int
add_addresses(cx4_ctx *ctx, X509_REQ *req,
    const cx4_address *const *addresses, size_t count,
    const struct cx4i_why *why)
{
	struct cx4i_der der;
	int code = CX4_OK;

	cx4i_der_init(&der);
	if (build_names(ctx, addresses, count, &der) != 0)
		code = no_memory(why);
	else if (add_extension(req, &der.buf) != 0)
		code = lacked_memory() ? no_memory(why) :
		    cx4i_why(why, CX4_E_CRYPTO, "OpenSSL cannot put the "
		    "addresses into the request");
	cx4i_der_free(&der);
	return code;
}

/* EdDSA takes no digest of its own: RFC 8410 section 7. */
static int
sign(const cx4_ctx *ctx, X509_REQ *req, EVP_PKEY *key,
    const struct cx4i_why *why)
{
	EVP_MD *md = NULL;
	int ok;

	if (!EVP_PKEY_is_a(key, "ED25519") && !EVP_PKEY_is_a(key, "ED448")) {
		md = EVP_MD_fetch(ctx->libctx, "SHA256", ctx->propq);
		if (md == NULL)
			return lacked_memory() ? no_memory(why) :
			    cx4i_why(why, CX4_E_UNSUPPORTED, "OpenSSL has no "
			    "SHA-256 here");
	}
	ok = X509_REQ_sign(req, key, md) > 0;
	EVP_MD_free(md);
	if (ok)
		return CX4_OK;
	return lacked_memory() ? no_memory(why) :
	    cx4i_why(why, CX4_E_UNSUPPORTED, "the key cannot sign");
}

static int
fill(X509_REQ *req, EVP_PKEY *key, const char *subject,
    const struct cx4i_why *why)
{
	if (X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1)
		return no_memory(why);
	if (X509_REQ_set_pubkey(req, key) != 1)
		return lacked_memory() ? no_memory(why) :
		    cx4i_why(why, CX4_E_UNSUPPORTED, "the key cannot be put "
		    "into a request");
	return set_subject(req, subject, why);
}

int
cx4_csr_new(cx4_ctx *ctx, EVP_PKEY *key, const char *subject,
    const cx4_address *const *addresses, size_t count, X509_REQ **csr,
    char *why, size_t why_size)
{
	struct cx4i_why out = { why, why_size };
	X509_REQ *req = NULL;
	int code;

	*csr = NULL;
	cx4i_why(&out, CX4_OK, "%s", "");
	if (count == 0)
		return cx4i_why(&out, CX4_E_USAGE, "no X.400 address is given");
	cx4i_queue_enter();
	if ((req = X509_REQ_new_ex(ctx->libctx, ctx->propq)) == NULL) {
		code = no_memory(&out);
		goto out;
	}
	if ((code = fill(req, key, subject, &out)) != CX4_OK)
		goto out;
	code = add_addresses(ctx, req, addresses, count, &out);
	if (code != CX4_OK ||
	    (code = sign(ctx, req, key, &out)) != CX4_OK)
		goto out;
	*csr = req;
	req = NULL;
out:
	X509_REQ_free(req);
	cx4i_queue_leave();
	return code;
}
