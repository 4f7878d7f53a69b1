/*
 * oratext.h - what the files that read and write the text of O/R addresses
 * share.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_ORATEXT_H
#define CX4I_ORATEXT_H

#include "oraddr.h"

#define CX4I_LABEL_MAX 64
#define CX4I_LINE_MAX 30	/* of an unformatted postal address */

/* What an error is about, and where its sentence goes. */
struct cx4i_where {
	struct cx4i_why why;
	char label[CX4I_LABEL_MAX];	/* escaped */
};

/* One value taken apart into its forms. */
struct cx4i_variants {
	struct cx4i_buf printable;
	struct cx4i_buf teletex;
	struct cx4i_buf universal;	/* two or four octets a character */
	int has_printable;
	int has_teletex;
	int has_universal;
	uint8_t universal_kind;
};

/* RFC 1685 F.3.2.2: terminal types have names. */
struct cx4i_terminal {
	const char *name;
	const char *number;
};

#define CX4I_TERMINALS 6

extern const struct cx4i_terminal cx4i_terminals[CX4I_TERMINALS];

/* `len` octets are this label, ASCII letters in either case. */
int cx4i_same_label(const char *text, size_t len, const char *label);
int cx4i_all_printable(const struct cx4i_str *);

/* Write a sentence, and return CX4_E_ADDRESS or CX4_E_NOMEM. */
#define CX4I_REFUSE(w, ...) cx4i_why(&(w)->why, CX4_E_ADDRESS, __VA_ARGS__)
int cx4i_no_memory(const struct cx4i_where *);

/*
 * Checks of a value: CX4_OK, or CX4_E_ADDRESS with a sentence. `set` is what
 * the characters should belong to.
 */
int cx4i_check_characters(const struct cx4i_where *, struct cx4i_slice,
    int (*allowed)(uint32_t), const char *set);
int cx4i_check_length(const struct cx4i_where *, size_t len, size_t max);

/*
 * Take [printable]["*" teletex] apart; the caller frees the variants, also
 * after an error. `lines`: "|" divides lines.
 */
int cx4i_read_variants(const struct cx4i_where *, struct cx4i_slice,
    int lines, struct cx4i_variants *);
void cx4i_variants_free(struct cx4i_variants *);
int cx4i_check_variants(const struct cx4i_where *,
    const struct cx4i_variants *, const struct cx4i_attr_info *);
/* Give `a` the forms that `b` has. */
int cx4i_level_variants(const struct cx4i_where *, struct cx4i_variants *a,
    const struct cx4i_variants *b);

/* Write a character of UniversalString: four octets. */
size_t cx4i_put_four(uint8_t out[4], uint32_t code);
/* Four octets a character become two, if all fit; returns the string's kind. */
uint8_t cx4i_narrow(struct cx4i_buf *);

/* Give the lists and names of an address the forms that its type needs. */
int cx4i_complete_lists(const struct cx4i_where *, cx4_address *);

#endif
