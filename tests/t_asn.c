/*
 * t_asn.c - the door to libtasn1: decoding, reading, writing, encoding.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/encoding/asn.h"
#include "tap.h"

#define OCTETS(s) { (const uint8_t *)(s), sizeof(s) - 1 }

struct decode_case {
	const char *name;
	const char *type;
	struct cx4i_slice ber;
	int code;
};

static const struct decode_case decode_cases[] = {
	{ "a capability", "SMIMECapability",
	    OCTETS("\x30\x05\x06\x03\x2a\x03\x04"), CX4_OK },
	{ "an indefinite SET", "PersonalName",
	    OCTETS("\x31\x80\x80\x01S\x81\x01G\x00\x00"), CX4_OK },
	{ "a SET in any order", "PersonalName",
	    OCTETS("\x31\x06\x81\x01G\x80\x01S"), CX4_OK },
	{ "a constructed string", "CommonName",
	    OCTETS("\x33\x06\x13\x01X\x13\x01Y"), CX4_OK },
	{ "an indefinite string", "CommonName",
	    OCTETS("\x33\x80\x13\x01X\x13\x01Y\x00\x00"), CX4_OK },
	{ "a SEQUENCE without its mandatory member", "SMIMECapability",
	    OCTETS("\x30\x03\x02\x01\x05"), CX4_E_ASN1 },
	/* libtasn1 lets these pass: see the head of asn.c. */
	{ "an empty SEQUENCE", "SMIMECapability", OCTETS("\x30\x00"),
	    CX4_OK },
	{ "a SET without its mandatory member", "PersonalName",
	    OCTETS("\x31\x03\x81\x01G"), CX4_OK },
	{ "an empty SET where nothing is mandatory", "ORDescriptor",
	    OCTETS("\x31\x00"), CX4_OK },
	{ "an empty SEQUENCE where nothing is mandatory",
	    "BuiltInStandardAttributes", OCTETS("\x30\x00"), CX4_OK },
	{ "an unknown member", "PersonalName",
	    OCTETS("\x31\x06\x80\x01S\x89\x01X"), CX4_E_ASN1 },
	{ "octets behind", "CommonName", OCTETS("\x13\x01X\x00"), CX4_E_ASN1 },
	{ "a truncated value", "CommonName", OCTETS("\x13\x02X"), CX4_E_ASN1 },
	{ "nothing", "CommonName", OCTETS(""), CX4_E_ASN1 },
	{ "another tag", "CommonName", OCTETS("\x14\x01X"), CX4_E_ASN1 },
	{ "an unknown type", "NoSuchType", OCTETS("\x14\x01X"), CX4_E_ASN1 },
};

static void
test_decode(cx4_ctx *ctx)
{
	const struct decode_case *c;
	struct cx4i_value *v;
	cx4_error e;
	size_t i;
	int code;

	for (i = 0; i < sizeof(decode_cases) / sizeof(decode_cases[0]); i++) {
		c = &decode_cases[i];
		cx4i_err_init(&e);
		code = cx4i_asn_decode(ctx, c->type, c->ber, &v, &e);
		is_int(code, c->code, "decoding %s", c->name);
		ok((v != NULL) == (c->code == CX4_OK), "%s: value", c->name);
		is_int(e.code, c->code, "%s: error object", c->name);
		cx4i_asn_free(&v);
		cx4i_err_clear(&e);
	}
}

static struct cx4i_value *
decode(cx4_ctx *ctx, const char *type, const char *ber, size_t len)
{
	struct cx4i_slice in = { (const uint8_t *)ber, len };
	struct cx4i_value *v;

	is_int(cx4i_asn_decode(ctx, type, in, &v, NULL), CX4_OK, "%s", type);
	return v;
}

static void
test_get(cx4_ctx *ctx)
{
	static const char pref[] = "\xa0\x16\x30\x10\x31\x0e\x30\x0c\x06\x03"
	    "\x55\x04\x03\x13\x05" "Alice" "\x02\x02\x01\x02";
	static const char address[] = "\x30\x1a\x30\x00\x31\x16\x30\x07\x80"
	    "\x01\x01\xa1\x02\x13\x00\x30\x0b\x80\x02\x01\x00\xa1\x05\x30\x03"
	    "\x02\x01\x05";
	static const char spec[] = "\x31\x06\xa0\x00\x81\x02\x05\xa0";
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_value *v;
	long n;

	v = decode(ctx, "SMIMEEncryptionKeyPreference", pref, sizeof(pref) - 1);
	is_int(cx4i_asn_get(v, "", &b), 1, "a CHOICE is read");
	is_mem(b.data, b.len, "issuerAndSerialNumber", 21, "by name");
	cx4i_asn_get(v, "issuerAndSerialNumber.issuer", &b);
	is_mem(b.data, b.len, pref + 2, 18, "an ANY is read whole");
	is_int(cx4i_asn_get_int(v, "issuerAndSerialNumber.serialNumber", &n),
	    0, "an INTEGER");
	is_int(n, 258, "its value");
	is_int(cx4i_asn_get(v, "subjectAltKeyIdentifier", &b), 0,
	    "the other alternative is absent");
	is_int((int)b.len, 0, "and empty");
	cx4i_asn_free(&v);

	v = decode(ctx, "ORAddress", address, sizeof(address) - 1);
	is_int(cx4i_asn_count(v, "extension-attributes"), 2, "two elements");
	is_int(cx4i_asn_count(v, "built-in-domain-defined-attributes"), 0,
	    "no element in what is absent");
	is_int(cx4i_asn_has(v, "built-in-standard-attributes"), 1,
	    "an empty SEQUENCE is there");
	is_int(cx4i_asn_has(v, "built-in-domain-defined-attributes"), 0,
	    "an absent one is not");
	is_int(cx4i_asn_has(v, "built-in-standard-attributes.personal-name"),
	    0, "nor is a SET in an empty SEQUENCE");
	is_int(cx4i_asn_has(v, "built-in-standard-attributes.country-name"),
	    0, "nor is a CHOICE");
	is_int(cx4i_asn_has(v,
	    "built-in-standard-attributes.organization-name"),
	    0, "nor is a string");
	is_int(cx4i_asn_has(v, "extension-attributes"), 1, "a SET OF is");
	is_int(cx4i_asn_has(v, "extension-attributes.?2"), 1, "an element is");
	is_int(cx4i_asn_has(v, "extension-attributes.?3"), 0, "no third one");
	cx4i_asn_get(v, "extension-attributes.?1.extension-attribute-value",
	    &b);
	is_mem(b.data, b.len, "\x13\x00", 2, "ANY DEFINED BY without its tag");
	cx4i_asn_get_int(v, "extension-attributes.?2.extension-attribute-type",
	    &n);
	is_int(n, 256, "two octets of INTEGER");
	cx4i_asn_free(&v);

	v = decode(ctx, "RecipientSpecifier", spec, sizeof(spec) - 1);
	if (v != NULL) {
		cx4i_asn_get(v, "notification-requests", &b);
		is_mem(b.data, b.len, "\xa0", 1, "octets of a BIT STRING");
	}
	cx4i_asn_free(&v);
	cx4i_buf_free(&b);
}

static void
test_heading(cx4_ctx *ctx)
{
	static const char heading[] = "\x31\x22"
	    "\xa8\x03\x14\x01s"			/* subject first */
	    "\xa5\x0a\x60\x02\x30\x00\x13\x04" "id-2"
	    "\x6b\x08\x60\x02\x30\x00\x13\x02" "id"
	    "\xa0\x05\x80\x03" "Bob";
	struct cx4i_buf b = { NULL, 0, 0 };
	struct cx4i_value *v;

	v = decode(ctx, "IPMHeading", heading, sizeof(heading) - 1);
	if (v != NULL) {
		cx4i_asn_get(v, "subject", &b);
		is_mem(b.data, b.len, "s", 1, "subject");
		cx4i_asn_get(v, "replied-to-IPM.user-relative-identifier", &b);
		is_mem(b.data, b.len, "id-2", 4, "replied-to-IPM");
		is_int(cx4i_asn_has(v, "originator.formal-name"), 0,
		    "no formal name");
		is_int(cx4i_asn_has(v, "originator.free-form-name"), 1,
		    "but a free-form name");
	}
	cx4i_asn_free(&v);
	cx4i_buf_free(&b);
}

static void
test_integers(cx4_ctx *ctx)
{
	static const long values[] = { 0, 1, 127, 128, 255, 256, 65535,
		-1, -128, -129, 2147483647L, -2147483647L - 1 };
	struct cx4i_value *v, *back;
	struct cx4i_buf der = { NULL, 0, 0 };
	size_t i;
	long n;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		cx4i_asn_new(ctx, "TerminalType", &v, NULL);
		is_int(cx4i_asn_set_int(v, "", values[i]), CX4_OK, "set %ld",
		    values[i]);
		cx4i_buf_reset(&der);
		cx4i_asn_encode(v, &der, NULL);
		cx4i_asn_decode(ctx, "TerminalType", cx4i_buf_slice(&der),
		    &back, NULL);
		n = 99;
		ok(back != NULL && cx4i_asn_get_int(back, "", &n) == 0 &&
		    n == values[i], "get %ld", values[i]);
		cx4i_asn_free(&v);
		cx4i_asn_free(&back);
	}
	v = decode(ctx, "TerminalType", "\x02\x09\x01\0\0\0\0\0\0\0\0", 11);
	is_int(cx4i_asn_get_int(v, "", &n), -1, "too large an INTEGER");
	cx4i_asn_free(&v);
	cx4i_buf_free(&der);
}

static void
test_build(cx4_ctx *ctx)
{
	static const char want[] = "\x30\x1a\x30\x18\x30\x16\x04\x02hh\x30\x10"
	    "\x30\x0b\xa4\x09\x30\x07\x31\x05\x30\x03\x06\x01\x2a\x02\x01\x05";
	struct cx4i_buf der = { NULL, 0, 0 };
	struct cx4i_value *v;
	cx4_error e;

	cx4i_err_init(&e);
	cx4i_asn_new(ctx, "SMIMECapability", &v, &e);
	is_int(cx4i_asn_encode(v, &der, &e), CX4_E_ASN1,
	    "an unfilled value is not encoded");
	is_int((int)der.len, 0, "nothing is appended then");
	cx4i_asn_free(&v);
	cx4i_asn_new(ctx, "SigningCertificate", &v, NULL);
	is_int(cx4i_asn_set(v, "certs", "NEW", 0), CX4_OK, "append");
	cx4i_asn_set(v, "certs.?LAST.certHash", "hh", 2);
	cx4i_asn_set(v, "certs.?LAST.issuerSerial.issuer", "NEW", 0);
	cx4i_asn_set(v, "certs.?LAST.issuerSerial.issuer.?LAST",
	    "\xa4\x09\x30\x07\x31\x05\x30\x03\x06\x01\x2a", 11);
	cx4i_asn_set_int(v, "certs.?LAST.issuerSerial.serialNumber", 5);
	is_int(cx4i_asn_set(v, "policies", NULL, 0), CX4_OK, "remove");
	is_int(cx4i_asn_set(v, "nonsense", "x", 1), CX4_E_ASN1, "no element");
	is_int(cx4i_asn_encode(v, &der, NULL), CX4_OK, "encode");
	is_mem(der.data, der.len, want, sizeof(want) - 1, "octets");
	cx4i_asn_free(&v);

	cx4i_buf_reset(&der);
	cx4i_asn_new(ctx, "SMIMECapability", &v, NULL);
	is_int(cx4i_asn_set(v, "capabilityID", "1.2.3.4xyz", 7), CX4_OK,
	    "an OID that is not ended by NUL");
	cx4i_asn_set(v, "parameters", NULL, 0);
	cx4i_asn_encode(v, &der, NULL);
	is_mem(der.data, der.len, "\x30\x05\x06\x03\x2a\x03\x04", 7, "octets");
	cx4i_asn_free(&v);

	cx4i_buf_reset(&der);
	cx4i_asn_new(ctx, "CommonName", &v, NULL);
	is_int(cx4i_asn_set(v, "", "", 0), CX4_OK, "an empty string");
	cx4i_asn_encode(v, &der, NULL);
	is_mem(der.data, der.len, "\x13\x00", 2, "octets");
	cx4i_asn_free(&v);
	cx4i_buf_free(&der);
	cx4i_err_clear(&e);
}

int
main(void)
{
	cx4_ctx *ctx = cx4_ctx_new();

	test_decode(ctx);
	test_get(ctx);
	test_heading(ctx);
	test_integers(ctx);
	test_build(ctx);
	cx4_ctx_free(&ctx);
	return done_testing();
}
