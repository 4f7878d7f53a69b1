/*
 * t_ctype.c - content types by name, integer and OID (RFC 3854 section 3.2),
 * smime-type, and what RFC 3855 asks of the P1 envelope.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "../libcmsx400/x400/ctype.h"
#include "tap.h"

#define P2 "2.6.1.10.0"
#define P22 "2.6.1.10.1"
#define P35 "2.6.7.10.0"
#define P772 "1.3.26.0.4406.0.4.1"
#define DATA "1.2.840.113549.1.7.1"
#define SIGNED "1.2.840.113549.1.7.2"
#define RECEIPT "1.2.840.113549.1.9.16.1.1"
#define EIT "1.2.840.113549.1.9.16.10."

static void
test_text_to_oid(void)
{
	static const struct {
		const char *text;
		const char *oid;	/* NULL: refused */
	} t[] = {
		{ "p2", P2 }, { "2", P2 }, { "P2", P2 },
		{ "p22", P22 }, { "P22", P22 }, { "22", P22 },
		{ "p35", P35 }, { "35", P35 }, { "P35", P35 },
		{ "p772", P772 }, { "P772", P772 },
		{ "0", "2.6.3.3.0" }, { "unidentified", "2.6.3.3.0" },
		{ "innerenvelope", "2.6.3.3.1" },
		{ P2, P2 }, { P772, P772 }, { DATA, DATA },
		{ "1.2.3.4", "1.2.3.4" }, { "2.999.1", "2.999.1" },
		{ "", NULL }, { NULL, NULL }, { "p", NULL }, { "p222", NULL },
		{ "p22 ", NULL }, { " 22", NULL }, { "022", NULL },
		{ "+22", NULL }, { "-1", NULL },
		/* integers without an OID of their own, or unknown */
		{ "1", NULL }, { "40", NULL }, { "772", NULL }, { "3", NULL },
		{ "32767", NULL }, { "data", NULL },
		/* no OIDs */
		{ "2.", NULL }, { ".2", NULL }, { "2..6", NULL },
		{ "3.1.1", NULL }, { "1.40.1", NULL }, { "2.6.01", NULL },
		{ "2.6.1.10.1\n", NULL }, { "2.6.x", NULL }
	};
	char oid[64];
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		is_int(cx4_content_type_oid(t[i].text, oid, sizeof(oid)),
		    t[i].oid != NULL ? CX4_OK : CX4_E_CONTENT_TYPE,
		    "text %zu: code", i);
		is_str(oid, t[i].oid != NULL ? t[i].oid : "",
		    "text %zu: OID", i);
	}
	is_int(cx4_content_type_oid("p22", oid, sizeof(P22)), CX4_OK,
	    "room for the OID");
	is_int(cx4_content_type_oid("p22", oid, sizeof(P22) - 1),
	    CX4_E_CONTENT_TYPE, "no room for the OID");
	is_int(cx4_content_type_oid("p22", oid, 0), CX4_E_CONTENT_TYPE,
	    "no room at all");
}

static void
test_oid(void)
{
	static const struct {
		const char *oid;
		const char *name;
		int integer;
		int is_x400;
	} t[] = {
		{ P2, "p2", 2, 1 }, { P22, "p22", 22, 1 },
		{ P35, "p35", 35, 1 }, { P772, "p772", -1, 1 },
		{ "2.6.3.3.0", "unidentified", 0, 1 },
		{ "2.6.3.3.1", "innerEnvelope", -1, 1 },
		{ DATA, "data", -1, 0 }, { SIGNED, "signedData", -1, 0 },
		{ RECEIPT, "receipt", -1, 0 },
		{ "1.2.840.113549.1.9.16.1.6", "contentInfo", -1, 0 },
		/* known, but no content types */
		{ "2.16.840.1.101.3.4.2.1", NULL, -1, 0 },
		{ EIT "6", NULL, -1, 0 },
		{ "1.2.3.4", NULL, -1, 0 }, { "p22", NULL, -1, 0 },
		{ "22", NULL, -1, 0 }, { "", NULL, -1, 0 },
		{ NULL, NULL, -1, 0 }
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		is_str(cx4_content_type_name(t[i].oid), t[i].name,
		    "OID %zu: name", i);
		is_int(cx4_content_type_integer(t[i].oid), t[i].integer,
		    "OID %zu: integer", i);
		is_int(cx4i_ctype_is_x400(t[i].oid), t[i].is_x400,
		    "OID %zu: X.400", i);
	}
}

static void
test_smime_type(void)
{
	static const struct {
		const char *oid;
		const char *is_signed;
		const char *enveloped;
	} t[] = {
		{ P22, "signed-x400", "enveloped-x400" },
		{ P772, "signed-x400", "enveloped-x400" },
		{ DATA, "signed-data", "enveloped-data" },
		{ RECEIPT, "signed-receipt", NULL },
		{ NULL, "certs-only", NULL },
		{ SIGNED, NULL, NULL }, { "1.2.3.4", NULL, NULL }
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		is_str(cx4i_smime_type(1, t[i].oid), t[i].is_signed,
		    "smime-type %zu: signed", i);
		is_str(cx4i_smime_type(0, t[i].oid), t[i].enveloped,
		    "smime-type %zu: enveloped", i);
	}
}

/* RFC 3855 section 2.5 and 2.2. */
static void
test_mts(void)
{
	static const struct {
		const char *smime_type;
		const char *eit;
	} t[] = {
		{ "enveloped-data", EIT "1" }, { "signed-data", EIT "2" },
		{ "certs-only", EIT "3" }, { "signed-receipt", EIT "4" },
		{ "enveloped-x400", EIT "5" }, { "enveloped-X400", EIT "5" },
		{ "signed-x400", EIT "6" }, { "SIGNED-X400", EIT "6" },
		{ "compressed-data", EIT "7" },
		{ "signed-x40", NULL }, { "signed-x4000", NULL },
		{ "authEnveloped-data", NULL }, { "", NULL }, { NULL, NULL }
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		is_str(cx4_mts_eit(t[i].smime_type), t[i].eit, "EIT %zu", i);
	is_str(cx4_mts_content_type(1), DATA, "P1 type with a wrapper");
	is_str(cx4_mts_content_type(0), "1.2.840.113549.1.9.16.1.6",
	    "P1 type without a wrapper");
}

int
main(void)
{
	test_text_to_oid();
	test_oid();
	test_smime_type();
	test_mts();
	return done_testing();
}
