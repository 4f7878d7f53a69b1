/*
 * asn.c - the only door to libtasn1: decode and encode values by type name.
 *
 * The definitions come from the table that asn1Parser made of asn1/. They
 * are loaded when a context first needs them and never change afterwards,
 * so that threads may share them without a lock.
 *
 * libtasn1 checks neither SIZE nor the characters of a string. It does not
 * miss a mandatory member of a SET, nor any of an empty SEQUENCE: a caller
 * asks for what must be there. It sorts the members of a SET by class and
 * constructed bit before the tag number, so that a SET of primitive and
 * constructed members is not DER (X.690 section 10.3): such values are built
 * with der.h. asn1_expand_octet_string is never called (CVE-2025-13151).
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libtasn1.h>
#undef ASN1_TYPE	/* an old name of libtasn1's, a type of OpenSSL's */

#include "asn.h"
#include "tlv.h"

#define MODULE "CMSX400."
#define NAME_MAX_ 96		/* of a type, with the module's */

extern const asn1_static_node cx4i_asn1_table[];

struct cx4i_value {
	asn1_node node;
};

static int
code_of(int rc)
{
	if (rc == ASN1_SUCCESS)
		return CX4_OK;
	return rc == ASN1_MEM_ALLOC_ERROR ? CX4_E_NOMEM : CX4_E_ASN1;
}

static int
fail(cx4_error *e, int rc, const char *type)
{
	const char *reason = asn1_strerror(rc);
	int code = code_of(rc);

	return cx4i_fail(e, code, "%s: %s", type,
	    reason != NULL ? reason : "libtasn1 failed");
}

static void
asn_free(struct cx4i_asn *asn)
{
	asn1_delete_structure(&asn->definitions);
	free(asn);
}

static int
asn_load(struct cx4i_asn **pasn)
{
	char text[ASN1_MAX_ERROR_DESCRIPTION_SIZE];
	struct cx4i_asn *asn;
	int rc;

	if ((asn = calloc(1, sizeof(*asn))) == NULL)
		return ASN1_MEM_ALLOC_ERROR;
	asn->free = asn_free;
	rc = asn1_array2tree(cx4i_asn1_table, &asn->definitions, text);
	if (rc != ASN1_SUCCESS) {
		asn_free(asn);
		return rc;
	}
	*pasn = asn;
	return ASN1_SUCCESS;
}

/* The context's definitions; of two threads that load them one gives way. */
static int
definitions(cx4_ctx *ctx, struct cx4i_asn **pasn)
{
	struct cx4i_asn *asn = atomic_load(&ctx->asn), *mine;
	int rc;

	if (asn == NULL) {
		if ((rc = asn_load(&mine)) != ASN1_SUCCESS)
			return rc;
		if (atomic_compare_exchange_strong(&ctx->asn, &asn, mine))
			asn = mine;
		else
			asn_free(mine);
	}
	*pasn = asn;
	return ASN1_SUCCESS;
}

int
cx4i_asn_new(cx4_ctx *ctx, const char *type, struct cx4i_value **pv,
    cx4_error *e)
{
	char name[NAME_MAX_];
	struct cx4i_value *v;
	struct cx4i_asn *asn;
	int n, rc;

	*pv = NULL;
	n = snprintf(name, sizeof(name), MODULE "%s", type);
	if (n < 0 || (size_t)n >= sizeof(name))
		return fail(e, ASN1_ELEMENT_NOT_FOUND, type);
	if ((rc = definitions(ctx, &asn)) != ASN1_SUCCESS)
		return fail(e, rc, type);
	if ((v = calloc(1, sizeof(*v))) == NULL)
		return fail(e, ASN1_MEM_ALLOC_ERROR, type);
	rc = asn1_create_element(asn->definitions, name, &v->node);
	if (rc != ASN1_SUCCESS) {
		cx4i_asn_free(&v);
		return fail(e, rc, type);
	}
	*pv = v;
	return CX4_OK;
}

void
cx4i_asn_free(struct cx4i_value **pv)
{
	if (pv == NULL || *pv == NULL)
		return;
	asn1_delete_structure(&(*pv)->node);
	free(*pv);
	*pv = NULL;
}

static int
decode_definite(struct cx4i_value *v, struct cx4i_slice der)
{
	int len;

	if (der.len > INT_MAX)
		return ASN1_DER_OVERFLOW;
	len = (int)der.len;
	return asn1_der_decoding2(&v->node, der.data, &len, 0, NULL);
}

int
cx4i_asn_decode(cx4_ctx *ctx, const char *type, struct cx4i_slice ber,
    struct cx4i_value **pv, cx4_error *e)
{
	struct cx4i_buf copy = { NULL, 0, 0 };
	struct cx4i_value *v = NULL;
	size_t used;
	int rc, code;

	*pv = NULL;
	if ((code = cx4i_tlv_definite(ber, &copy, &used)) != CX4_OK) {
		cx4i_fail(e, code, code == CX4_E_NOMEM ? "%s" :
		    "%s: no BER element", type);
		goto out;
	}
	if (used != ber.len) {
		code = cx4i_fail(e, CX4_E_ASN1, "%s: octets follow it", type);
		goto out;
	}
	if ((code = cx4i_asn_new(ctx, type, &v, e)) != CX4_OK)
		goto out;
	rc = decode_definite(v, cx4i_buf_slice(&copy));
	if (rc != ASN1_SUCCESS) {
		code = fail(e, rc, type);
		goto out;
	}
	*pv = v;
	v = NULL;
out:
	cx4i_asn_free(&v);
	cx4i_buf_free(&copy);
	return code;
}

/* libtasn1 hands these out as text and counts the NUL. */
static int
is_text_type(unsigned int etype)
{
	return etype == ASN1_ETYPE_OBJECT_ID || etype == ASN1_ETYPE_CHOICE ||
	    etype == ASN1_ETYPE_BOOLEAN || etype == ASN1_ETYPE_NULL ||
	    etype == ASN1_ETYPE_UTC_TIME ||
	    etype == ASN1_ETYPE_GENERALIZED_TIME;
}

static int
is_list_type(unsigned int etype)
{
	return etype == ASN1_ETYPE_SEQUENCE_OF || etype == ASN1_ETYPE_SET_OF;
}

/* The octets of a value of `len` as libtasn1 counts it. */
static size_t
octets(unsigned int etype, int len)
{
	size_t n = len > 0 ? (size_t)len : 0;

	if (etype == ASN1_ETYPE_BIT_STRING)
		return n / 8 + (n % 8 != 0);
	if (is_text_type(etype) && n > 0)
		return n - 1;
	return n;
}

/* The type of an element, ASN1_ETYPE_INVALID if there is none. */
static unsigned int
type_of(const struct cx4i_value *v, const char *path)
{
	asn1_node_const node = asn1_find_node(v->node, path);
	asn1_data_node_st data;

	if (node == NULL || asn1_read_node_value(node, &data) != ASN1_SUCCESS)
		return ASN1_ETYPE_INVALID;
	return data.type;
}

int
cx4i_asn_get(const struct cx4i_value *v, const char *path,
    struct cx4i_buf *out)
{
	unsigned int etype = type_of(v, path);
	int len = 0, rc;
	uint8_t *p;

	cx4i_buf_reset(out);
	rc = asn1_read_value(v->node, path, NULL, &len);
	if (rc == ASN1_SUCCESS)
		return 1;
	if (rc == ASN1_MEM_ALLOC_ERROR)
		return -1;
	if (rc != ASN1_MEM_ERROR || len <= 0)
		return 0;
	/* libtasn1 counts the bits of a BIT STRING: there is room enough. */
	if ((p = cx4i_buf_extend(out, (size_t)len)) == NULL)
		return -1;
	rc = asn1_read_value(v->node, path, p, &len);
	out->len = rc == ASN1_SUCCESS ? octets(etype, len) : 0;
	if (rc == ASN1_MEM_ALLOC_ERROR)
		return -1;
	return rc == ASN1_SUCCESS;
}

int
cx4i_asn_has(const struct cx4i_value *v, const char *path)
{
	unsigned int etype = type_of(v, path);
	int len = 0, rc;

	if (is_list_type(etype) || etype == ASN1_ETYPE_SEQUENCE ||
	    etype == ASN1_ETYPE_SET)
		return 1;
	rc = asn1_read_value(v->node, path, NULL, &len);
	return rc == ASN1_SUCCESS || rc == ASN1_MEM_ERROR;
}

int
cx4i_asn_count(const struct cx4i_value *v, const char *path)
{
	int n;

	if (asn1_number_of_elements(v->node, path, &n) != ASN1_SUCCESS)
		return 0;
	return n;
}

int
cx4i_asn_get_int(const struct cx4i_value *v, const char *path, long *value)
{
	uint8_t buf[sizeof(long)];
	unsigned long u;
	int len = (int)sizeof(buf), i;

	if (asn1_read_value(v->node, path, buf, &len) != ASN1_SUCCESS ||
	    len <= 0 || (size_t)len > sizeof(buf))
		return -1;
	u = buf[0] & 0x80 ? ULONG_MAX : 0;
	for (i = 0; i < len; i++)
		u = u << 8 | buf[i];
	*value = u <= LONG_MAX ? (long)u : -(long)(ULONG_MAX - u) - 1;
	return 0;
}

/*
 * A string of no octets must reach libtasn1 as "" with length 0, which is
 * also how it asks for the length of text: the copy with a NUL serves both.
 */
static int
write_octets(struct cx4i_value *v, const char *path, const void *data,
    size_t len)
{
	unsigned int etype = type_of(v, path);
	char *copy;
	int n, rc;

	if (len > INT_MAX / 8)
		return ASN1_VALUE_NOT_VALID;
	if (is_list_type(etype))
		return asn1_write_value(v->node, path, "NEW", 1);
	if ((copy = malloc(len + 1)) == NULL)
		return ASN1_MEM_ALLOC_ERROR;
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	n = (int)len;
	if (etype == ASN1_ETYPE_BIT_STRING)
		n *= 8;
	rc = asn1_write_value(v->node, path, copy, n);
	free(copy);
	return rc;
}

int
cx4i_asn_set(struct cx4i_value *v, const char *path, const void *data,
    size_t len)
{
	if (data == NULL)
		return code_of(asn1_write_value(v->node, path, NULL, 0));
	return code_of(write_octets(v, path, data, len));
}

int
cx4i_asn_set_int(struct cx4i_value *v, const char *path, long value)
{
	char text[24];

	/* With length 0 libtasn1 takes an INTEGER as decimal text. */
	snprintf(text, sizeof(text), "%ld", value);
	return code_of(asn1_write_value(v->node, path, text, 0));
}

int
cx4i_asn_encode(const struct cx4i_value *v, struct cx4i_buf *out,
    cx4_error *e)
{
	size_t before = out->len;
	int len = 0, rc;
	uint8_t *p;

	rc = asn1_der_coding(v->node, "", NULL, &len, NULL);
	if (rc != ASN1_MEM_ERROR || len <= 0)
		return fail(e, rc == ASN1_SUCCESS ? ASN1_GENERIC_ERROR : rc,
		    "encoding");
	if ((p = cx4i_buf_extend(out, (size_t)len)) == NULL)
		return fail(e, ASN1_MEM_ALLOC_ERROR, "encoding");
	rc = asn1_der_coding(v->node, "", p, &len, NULL);
	if (rc != ASN1_SUCCESS) {
		out->len = before;
		return fail(e, rc, "encoding");
	}
	return CX4_OK;
}
