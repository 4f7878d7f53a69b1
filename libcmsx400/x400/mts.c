/*
 * mts.c - what the P1 envelope says about a CMS object (RFC 3855).
 *
 * Section 2.2 (content type), section 2.5 (encoded information types).
 *
 * SPDX-License-Identifier: ISC
 */
#include "../encoding/oid.h"
#include "ctype.h"

/* RFC 3855 sections 2.5.1 to 2.5.7: one EIT for one smime-type. */
static const struct {
	const char *smime_type;
	enum cx4i_oid eit;
} eits[] = {
	{ "enveloped-data", CX4I_OID_EIT_ENVELOPED_DATA },
	{ "signed-data", CX4I_OID_EIT_SIGNED_DATA },
	{ "certs-only", CX4I_OID_EIT_CERTS_ONLY },
	{ "signed-receipt", CX4I_OID_EIT_SIGNED_RECEIPT },
	{ "enveloped-x400", CX4I_OID_EIT_ENVELOPED_X400 },
	{ "signed-x400", CX4I_OID_EIT_SIGNED_X400 },
	{ "compressed-data", CX4I_OID_EIT_COMPRESSED_DATA }
};

const char *
cx4_mts_eit(const char *smime_type)
{
	size_t i;

	if (smime_type == NULL)
		return NULL;
	/* Both enveloped-x400 and enveloped-X400 are written. */
	for (i = 0; i < sizeof(eits) / sizeof(eits[0]); i++)
		if (cx4i_same_text(smime_type, eits[i].smime_type))
			return cx4i_oid_text(eits[i].eit);
	return NULL;
}

const char *
cx4_mts_content_type(int mime_wrapped)
{
	return cx4i_oid_text(mime_wrapped ? CX4I_OID_DATA :
	    CX4I_OID_CT_CONTENT_INFO);
}
