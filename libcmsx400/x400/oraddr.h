/*
 * oraddr.h - an O/R address inside: a list of entries, one for every form
 * of every attribute.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_ORADDR_H
#define CX4I_ORADDR_H

#include "../base/err.h"
#include "../base/buf.h"
#include "../base/ctx.h"
#include "../encoding/tlv.h"
#include "chars.h"

#define CX4I_ADDR_ENTRIES 1024	/* more than this is no address */

enum cx4i_attr {
	CX4I_A_COUNTRY = 0,
	CX4I_A_ADMD,
	CX4I_A_PRMD,
	CX4I_A_ORGANIZATION,
	CX4I_A_UNIT,
	CX4I_A_SURNAME,
	CX4I_A_GIVEN,
	CX4I_A_INITIALS,
	CX4I_A_GENERATION,
	CX4I_A_COMMON_NAME,
	CX4I_A_X121,
	CX4I_A_TERMINAL_ID,
	CX4I_A_TERMINAL_TYPE,
	CX4I_A_USER_ID,
	CX4I_A_NUMBER,
	CX4I_A_SUB_ADDRESS,
	CX4I_A_PSAP,
	CX4I_A_PD_SERVICE,
	CX4I_A_PD_COUNTRY,
	CX4I_A_PD_CODE,
	CX4I_A_PD_OFFICE,
	CX4I_A_PD_OFFICE_NUMBER,
	CX4I_A_PD_EXT_ADDRESS,
	CX4I_A_PD_PERSON,
	CX4I_A_PD_ORGANIZATION,
	CX4I_A_PD_EXT_DELIVERY,
	CX4I_A_PD_ADDRESS,
	CX4I_A_PD_STREET,
	CX4I_A_PD_BOX,
	CX4I_A_PD_RESTANTE,
	CX4I_A_PD_UNIQUE,
	CX4I_A_PD_LOCAL,
	CX4I_A_DDA,
	CX4I_A_UNKNOWN,		/* an extension attribute, as it came */
	CX4I_A_COUNT
};

/* What text may stand for an attribute. */
enum cx4i_syntax {
	CX4I_SYN_COUNTRY,	/* two letters or three digits */
	CX4I_SYN_EITHER,	/* numeric if all digits, else printable */
	CX4I_SYN_NUMERIC,
	CX4I_SYN_PRINTABLE,
	CX4I_SYN_WIDE,		/* printable, teletex, universal */
	CX4I_SYN_LINES,		/* the same, printable in lines */
	CX4I_SYN_TERMINAL,	/* the name or number of a terminal type */
	CX4I_SYN_HEX		/* an encoding in hexadecimal */
};

struct cx4i_attr_info {
	const char *f401;	/* label, RFC 1685 tables F.1 to F.3 */
	const char *mixer;	/* key, RFC 2156 section 4.1.1 */
	const char *also;	/* a further label that is read, or "" */
	uint8_t syntax;
	uint8_t most;		/* values numbered 1 to this, or 0: one */
	uint16_t max;		/* characters, printable and teletex */
	uint16_t max_universal;
};

/* The forms of a value. The value of any is as good as that of another. */
enum cx4i_form {
	CX4I_FORM_PRINTABLE = 0, /* PrintableString or NumericString */
	CX4I_FORM_TELETEX,
	CX4I_FORM_UNIVERSAL
};

struct cx4i_str {
	uint8_t kind;		/* identifier octet of the string type */
	uint8_t *data;
	size_t len;
	uint8_t *language;	/* ISO 639, of a universal form; or NULL */
	size_t language_len;
};

/*
 * UNIT and DDA have `index` 0 and up, the most significant first. The type
 * of a DDA, and the octets of the id of an UNKNOWN, stand in `type`. The
 * lines of a printable PD_ADDRESS are divided by "|". PSAP and UNKNOWN hold
 * the DER of the extension attribute's value.
 */
struct cx4i_entry {
	uint8_t attr;
	uint8_t form;
	unsigned int index;
	struct cx4i_str value;
	struct cx4i_str type;
};

struct cx4_address {
	struct cx4i_entry *entries;
	size_t count;
	size_t room;
};

/* NULL for `attr` that has no label (DDA, UNKNOWN). */
const struct cx4i_attr_info *cx4i_attr_info(unsigned int attr);

cx4_address *cx4i_addr_new(void);
/* Append an entry; NULL: no memory, or there are CX4I_ADDR_ENTRIES. */
struct cx4i_entry *cx4i_addr_add(cx4_address *, unsigned int attr,
    unsigned int index, unsigned int form, uint8_t kind,
    struct cx4i_slice value);
/* Replace a string: 0, or -1 for lack of memory. */
int cx4i_str_set(struct cx4i_str *, uint8_t kind, struct cx4i_slice);
int cx4i_str_set_language(struct cx4i_str *, struct cx4i_slice);
/* Remove the entries from number `first` on, or one. */
void cx4i_addr_cut(cx4_address *, size_t first);
void cx4i_addr_remove(cx4_address *, struct cx4i_entry *);
/* NULL if there is no such entry. */
struct cx4i_entry *cx4i_addr_find(const cx4_address *, unsigned int attr,
    unsigned int index, unsigned int form);
/* 1 if the attribute is there in any form. */
int cx4i_addr_has(const cx4_address *, unsigned int attr, unsigned int index);
/* One more than the highest index of an attribute, 0 if there is none. */
unsigned int cx4i_addr_values(const cx4_address *, unsigned int attr);

static inline struct cx4i_chars
cx4i_str_chars(const struct cx4i_str *s)
{
	struct cx4i_chars c = { s->data, s->len, s->kind };

	return c;
}

/* 1 if there is no character in the string but spaces. */
int cx4i_str_blank(const struct cx4i_str *);
/* 1 if the characters are the same, one by one. */
int cx4i_str_same(const struct cx4i_str *, const struct cx4i_str *);

/* orcode.c: all but the outermost argument checks of cmsx400.h. */
int cx4i_addr_decode(cx4_ctx *, struct cx4i_slice ber, cx4_address *,
    const struct cx4i_why *);
int cx4i_addr_encode(const cx4_address *, struct cx4i_buf *der);
/*
 * The DER of an extended-network-address that is a PSAP address: CX4_OK, or
 * CX4_E_ADDRESS if it is none, or CX4_E_NOMEM.
 */
int cx4i_addr_psap(cx4_ctx *, struct cx4i_slice ber, struct cx4i_buf *der);

#endif
