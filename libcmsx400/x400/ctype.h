/*
 * ctype.h - the X.400 content types: name, integer in P1, OID in CMS.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_CTYPE_H
#define CX4I_CTYPE_H

#include "../cmsx400.h"

/* 1 if the dotted OID is an X.400 content type (p2, p22, p35, p772 ...). */
int cx4i_ctype_is_x400(const char *oid);
/*
 * The smime-type of the innermost protection (RFC 3854 section 3.4.1,
 * RFC 3855 section 2.5): "signed-x400", "enveloped-x400", "signed-data",
 * "enveloped-data", "certs-only", "signed-receipt". The OID is that of the
 * content of the innermost layer, NULL for a SignedData without content;
 * the result is NULL if there is no smime-type for it.
 */
const char *cx4i_smime_type(int is_signed, const char *content_type_oid);

/* 1 if equal but for the case of ASCII letters, in every locale. */
int cx4i_same_text(const char *, const char *);

#endif
