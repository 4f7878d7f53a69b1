/*
 * info.c - what is found out about a layer: the leaves of the report.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certaddr.h"
#include "ident.h"
#include "info.h"

void
cx4i_warn(struct cx4i_warnings *w, int code, int layer, const char *fmt, ...)
{
	struct cx4i_warning *grown;
	va_list ap;
	size_t left;
	int n, more;

	grown = realloc(w->list, (w->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return;
	w->list = grown;
	grown += w->count++;
	grown->code = code;
	grown->layer = layer;
	n = snprintf(grown->text, sizeof(grown->text), "%s",
	    cx4_code_text(code));
	if (fmt[0] == '\0' || n < 0 || (size_t)n + 3 > sizeof(grown->text))
		return;
	left = sizeof(grown->text) - (size_t)n - 2;
	va_start(ap, fmt);
	more = vsnprintf(grown->text + n + 2, left, fmt, ap);
	va_end(ap);
	if (more <= 0)
		return;
	memcpy(grown->text + n, ": ", 2);
	if ((size_t)more >= left)
		cx4i_trim_utf8(grown->text);
}

enum cx4i_oid
cx4i_layer_oid(enum cx4_layer_type type)
{
	switch (type) {
	case CX4_LAYER_SIGNED:
		return CX4I_OID_SIGNED_DATA;
	case CX4_LAYER_ENVELOPED:
		return CX4I_OID_ENVELOPED_DATA;
	case CX4_LAYER_AUTH_ENVELOPED:
		return CX4I_OID_AUTH_ENVELOPED_DATA;
	default:
		return CX4I_OID_UNKNOWN;
	}
}

enum cx4_layer_type
cx4i_layer_type(enum cx4i_oid oid)
{
	enum cx4_layer_type type;

	for (type = CX4_LAYER_SIGNED; type <= CX4_LAYER_AUTH_ENVELOPED;
	    type++)
		if (cx4i_layer_oid(type) == oid)
			return type;
	return (enum cx4_layer_type)0;
}

int
cx4i_list_add(char ***list, size_t *count, const char *text)
{
	char **grown = realloc(*list, (*count + 1) * sizeof(*grown));

	if (grown == NULL)
		return -1;
	*list = grown;
	if ((grown[*count] = strdup(text)) == NULL)
		return -1;
	(*count)++;
	return 0;
}

void
cx4i_list_free(char ***list, size_t *count)
{
	size_t i;

	for (i = 0; i < *count; i++)
		free((*list)[i]);
	free(*list);
	*list = NULL;
	*count = 0;
}

void
cx4i_layer_info_init(struct cx4i_layer_info *l, int depth)
{
	memset(l, 0, sizeof(*l));
	l->depth = depth;
	cx4i_err_init(&l->err);
	l->err.layer = depth;
}

static void
signer_info_free(struct cx4i_signer_info *s)
{
	cx4i_err_clear(&s->err);
	X509_free(s->cert);
	cx4i_list_free(&s->x400, &s->x400_count);
	cx4i_list_free(&s->capabilities, &s->capabilities_count);
	cx4i_list_free(&s->unknown, &s->unknown_count);
	cx4i_list_free(&s->unsigned_attrs, &s->unsigned_count);
}

void
cx4i_layer_info_free(struct cx4i_layer_info *l)
{
	size_t i;

	for (i = 0; i < l->signer_count; i++)
		signer_info_free(&l->signers[i]);
	free(l->signers);
	free(l->recipients);
	cx4i_err_clear(&l->err);
	memset(l, 0, sizeof(*l));
}

static int
add_address(void *arg, const cx4_address *a)
{
	struct cx4i_signer_info *s = arg;
	char *text;

	text = a != NULL ? cx4_address_to_text(a, CX4_FORM_F401) : NULL;
	cx4i_list_add(&s->x400, &s->x400_count,
	    text != NULL ? text : "unreadable address");
	cx4_free(text);
	return 0;
}

void
cx4i_signer_info_cert(cx4_ctx *ctx, struct cx4i_signer_info *s, X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	unsigned char md[EVP_MAX_MD_SIZE];
	struct cx4i_slice octets;
	unsigned int n = 0;

	X509_up_ref(cert);
	X509_free(s->cert);
	s->cert = cert;
	cx4i_name_text(X509_get_subject_name(cert), s->subject,
	    sizeof(s->subject));
	cx4i_name_text(X509_get_issuer_name(cert), s->issuer,
	    sizeof(s->issuer));
	octets.data = ASN1_STRING_get0_data(serial);
	octets.len = (size_t)ASN1_STRING_length(serial);
	cx4i_hex_text(octets, s->serial, sizeof(s->serial));
	if (X509_digest(cert, EVP_sha256(), md, &n)) {
		octets.data = md;
		octets.len = n;
		cx4i_hex_text(octets, s->fingerprint, sizeof(s->fingerprint));
	}
	cx4i_list_free(&s->x400, &s->x400_count);
	cx4i_cert_addresses(ctx, cert, add_address, s);
}

int
cx4i_signer_verified(const struct cx4i_signer_info *s)
{
	static const enum cx4_check needed[] = {
		CX4_CHECK_SIGNATURE, CX4_CHECK_DIGEST, CX4_CHECK_CONTENT_TYPE,
		CX4_CHECK_ATTRIBUTES, CX4_CHECK_SIGNING_CERTIFICATE
	};
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (s->verdicts[needed[i]] == CX4_V_VALID)
			continue;
		/* Absent is good where the standard leaves it out. */
		if (s->verdicts[needed[i]] != CX4_V_ABSENT)
			return 0;
	}
	return s->verdicts[CX4_CHECK_SIGNATURE] == CX4_V_VALID;
}
