/*
 * t_heading.c - headings of P2, P22, P772 and P35, in every encoding.
 *
 * Every sample goes in whole and in chunks of several sizes, and the outcome
 * has to be the same.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "../libcmsx400/encoding/ber.h"
#include "../libcmsx400/encoding/der.h"
#include "../libcmsx400/encoding/oid.h"
#include "../libcmsx400/x400/heading.h"
#include "tap.h"

#define P2 "2.6.1.10.0"
#define P22 "2.6.1.10.1"
#define P35 "2.6.7.10.0"
#define P772 "1.3.26.0.4406.0.4.1"

#define EGGEN "S=Eggen; O=Sund; P=norprmd; A=noradmd; C=NO"
#define HANSEN "S=Hansen; O=Sund; P=norprmd; A=noradmd; C=NO"
#define EGGEN_ID "n 1*/S=Eggen/O=Sund/PRMD=norprmd/ADMD=noradmd/C=NO/"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const size_t chunks[] = { 1, 2, 3, 7, 61, 4096 };

/* An element of indefinite length, to be closed with end_of_contents. */
static void
indefinite(struct cx4i_der *d, uint8_t ident)
{
	uint8_t head[2] = { ident, 0x80 };

	cx4i_der_raw(d, head, 2);
}

static void
end_of_contents(struct cx4i_der *d)
{
	cx4i_der_raw(d, "\0\0", 2);
}

static void
put_text(struct cx4i_der *d, uint8_t ident, const char *text)
{
	cx4i_der_value(d, ident, text, strlen(text));
}

static void
put_under(struct cx4i_der *d, uint8_t outer, const char *text)
{
	cx4i_der_open(d, outer);
	put_text(d, CX4I_PRINTABLE_STRING, text);
	cx4i_der_close(d);
}

static void
put_orname(struct cx4i_der *d, uint8_t ident, const char *surname)
{
	cx4i_der_open(d, ident);
	cx4i_der_open(d, CX4I_SEQUENCE);
	put_under(d, CX4I_APPLICATION_C(1), "NO");
	put_under(d, CX4I_APPLICATION_C(2), "noradmd");
	put_under(d, CX4I_CONTEXT_C(2), "norprmd");
	put_text(d, CX4I_CONTEXT(3), "Sund");
	cx4i_der_open(d, CX4I_CONTEXT_C(5));
	put_text(d, CX4I_CONTEXT(0), surname);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
}

static void
put_this_ipm(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_APPLICATION_C(11));
	put_text(d, CX4I_PRINTABLE_STRING, "n 1");
	put_orname(d, CX4I_APPLICATION_C(0), "Eggen");
	cx4i_der_close(d);
}

static void
put_descriptor(struct cx4i_der *d, uint8_t ident, const char *surname,
    const char *free_form)
{
	cx4i_der_open(d, ident);
	if (surname != NULL)
		put_orname(d, CX4I_APPLICATION_C(0), surname);
	if (free_form != NULL)
		put_text(d, CX4I_CONTEXT(0), free_form);
	cx4i_der_close(d);
}

static void
put_originator(struct cx4i_der *d)
{
	put_descriptor(d, CX4I_CONTEXT_C(0), "Eggen", NULL);
}

static void
put_recipient(struct cx4i_der *d, const char *surname, const char *free_form)
{
	cx4i_der_open(d, CX4I_SET);
	put_descriptor(d, CX4I_CONTEXT_C(0), surname, free_form);
	put_text(d, CX4I_CONTEXT(1), "\7\x80");
	cx4i_der_close(d);
}

static void
put_subject(struct cx4i_der *d, uint8_t type, const char *text)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(8));
	put_text(d, type, text);
	cx4i_der_close(d);
}

static void
open_message(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_open(d, CX4I_SET);
}

/* The end of the heading, a body, and the end. */
static void
close_message(struct cx4i_der *d)
{
	cx4i_der_close(d);
	cx4i_der_open(d, CX4I_SEQUENCE);
	put_text(d, CX4I_CONTEXT(14), "body");
	cx4i_der_close(d);
	cx4i_der_close(d);
}

static void
make_plain(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(2));
	put_recipient(d, "Hansen", "Berit Hansen");
	cx4i_der_close(d);
	put_subject(d, CX4I_TELETEX_STRING, "Harbour plans");
	close_message(d);
}

static void
make_reversed(struct cx4i_der *d)
{
	open_message(d);
	put_subject(d, CX4I_TELETEX_STRING, "Harbour plans");
	cx4i_der_open(d, CX4I_CONTEXT_C(2));
	put_recipient(d, "Hansen", NULL);
	cx4i_der_close(d);
	put_originator(d);
	put_this_ipm(d);
	close_message(d);
}

static void
make_military(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(15));
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_oid_text(d, "1.3.26.0.4406.0.2.0");
	cx4i_der_uint(d, 3);
	cx4i_der_close(d);
	cx4i_der_close(d);
	close_message(d);
}

/* Indefinite lengths wherever BER allows, the tag under an explicit too. */
static void
make_indefinite(struct cx4i_der *d)
{
	indefinite(d, CX4I_CONTEXT_C(0));
	indefinite(d, CX4I_SET);
	indefinite(d, CX4I_CONTEXT_C(8));
	put_text(d, CX4I_TELETEX_STRING, "Harbour plans");
	end_of_contents(d);
	indefinite(d, CX4I_CONTEXT_C(0));
	indefinite(d, CX4I_APPLICATION_C(0));
	indefinite(d, CX4I_SEQUENCE);
	indefinite(d, CX4I_APPLICATION_C(1));
	put_text(d, CX4I_PRINTABLE_STRING, "NO");
	end_of_contents(d);
	put_under(d, CX4I_APPLICATION_C(2), "noradmd");
	put_under(d, CX4I_CONTEXT_C(2), "norprmd");
	put_text(d, CX4I_CONTEXT(3), "Sund");
	indefinite(d, CX4I_CONTEXT_C(5));
	put_text(d, CX4I_CONTEXT(0), "Eggen");
	end_of_contents(d);
	end_of_contents(d);
	end_of_contents(d);
	end_of_contents(d);
	indefinite(d, CX4I_APPLICATION_C(11));
	put_text(d, CX4I_PRINTABLE_STRING, "n 1");
	put_orname(d, CX4I_APPLICATION_C(0), "Eggen");
	end_of_contents(d);
	end_of_contents(d);
	indefinite(d, CX4I_SEQUENCE);
	end_of_contents(d);
	end_of_contents(d);
}

/* Strings in segments: universal ones, and one under an implicit tag. */
static void
make_segments(struct cx4i_der *d)
{
	open_message(d);
	cx4i_der_open(d, CX4I_APPLICATION_C(11));
	put_orname(d, CX4I_APPLICATION_C(0), "Eggen");
	cx4i_der_open(d, CX4I_PRINTABLE_STRING | CX4I_CONSTRUCTED);
	put_text(d, CX4I_OCTET_STRING, "n");
	indefinite(d, CX4I_OCTET_STRING | CX4I_CONSTRUCTED);
	put_text(d, CX4I_OCTET_STRING, " 1");
	end_of_contents(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	put_text(d, CX4I_OCTET_STRING, "Anders ");
	put_text(d, CX4I_OCTET_STRING, "Eggen");
	cx4i_der_close(d);
	put_orname(d, CX4I_APPLICATION_C(0), "Eggen");
	cx4i_der_close(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(8));
	indefinite(d, CX4I_TELETEX_STRING | CX4I_CONSTRUCTED);
	put_text(d, CX4I_TELETEX_STRING, "Harbour");
	put_text(d, CX4I_OCTET_STRING, " plans");
	end_of_contents(d);
	cx4i_der_close(d);
	close_message(d);
}

/* Members that no edition of X.420 has, with tags of three octets. */
static void
make_high_tags(struct cx4i_der *d)
{
	open_message(d);
	cx4i_der_raw(d, "\xbf\x87\x68\x03\x02\x01\x05", 7);
	put_this_ipm(d);
	cx4i_der_raw(d, "\x9f\x87\x68\x01\x00", 5);
	put_originator(d);
	cx4i_der_raw(d, "\xbf\x87\x68\x80\x05\x00\x00\x00", 8);
	close_message(d);
}

static void
make_no_originator(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_subject(d, CX4I_TELETEX_STRING, "Harbour plans");
	close_message(d);
}

static void
make_this_ipm_only(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	close_message(d);
}

static void
make_short_id(struct cx4i_der *d)
{
	open_message(d);
	put_under(d, CX4I_APPLICATION_C(11), "<a.b at c>");
	put_originator(d);
	close_message(d);
}

static void
make_free_form(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_descriptor(d, CX4I_CONTEXT_C(0), NULL, "Anders Eggen");
	close_message(d);
}

/* An ORName with a directory name only: no O/R address (X.411). */
static void
make_directory_name(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_open(d, CX4I_APPLICATION_C(0));
	cx4i_der_value(d, CX4I_SEQUENCE, "", 0);
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_value(d, CX4I_SEQUENCE, "", 0);
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
	close_message(d);
}

static void
make_recipients(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(4));
	put_recipient(d, NULL, NULL);
	cx4i_der_close(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(2));
	put_recipient(d, "Hansen", NULL);
	put_recipient(d, NULL, "Everybody\nelse");
	cx4i_der_close(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(3));
	put_recipient(d, "Eggen", "Anders");
	cx4i_der_close(d);
	close_message(d);
}

static void
make_escapes(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	put_subject(d, CX4I_TELETEX_STRING, "a\x1b[31m\xc8u\xc0");
	close_message(d);
}

static void
make_bmp(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(8));
	cx4i_der_value(d, CX4I_BMP_STRING,
	    "\0S\0v\0\xe6\0r\x20\xac\xd8\0\0\x1b", 14);
	cx4i_der_close(d);
	close_message(d);
}

static void
make_universal(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(8));
	cx4i_der_value(d, CX4I_UNIVERSAL_STRING,
	    "\0\0\0S\0\1\xf6\0\0\x11\0\0\0", 13);
	cx4i_der_close(d);
	close_message(d);
}

/* What stands where the subject should is no string. */
static void
make_odd_subject(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	put_subject(d, CX4I_INTEGER, "\x01");
	close_message(d);
}

static void
make_ipn(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(1));
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	put_text(d, CX4I_CONTEXT(0), "240101120000Z");
	cx4i_der_close(d);
	put_descriptor(d, CX4I_CONTEXT_C(2), "Eggen", NULL);
	put_descriptor(d, CX4I_CONTEXT_C(1), "Hansen", "Berit");
	put_this_ipm(d);
	cx4i_der_close(d);
}

/* Non-receipt, with a returned message larger than what may be held. */
static void
make_big_ipn(struct cx4i_der *d)
{
	static const char block[1024];
	size_t i;

	indefinite(d, CX4I_CONTEXT_C(1));
	put_this_ipm(d);
	indefinite(d, CX4I_CONTEXT_C(0));
	indefinite(d, CX4I_CONTEXT_C(0));
	for (i = 0; i < 2 * CX4I_HEADING_LIMIT / sizeof(block); i++)
		cx4i_der_value(d, CX4I_OCTET_STRING, block, sizeof(block));
	/* Tags of the wanted members, but too deep to count. */
	put_descriptor(d, CX4I_CONTEXT_C(1), "Eggen", NULL);
	put_this_ipm(d);
	end_of_contents(d);
	end_of_contents(d);
	put_descriptor(d, CX4I_CONTEXT_C(1), "Hansen", NULL);
	end_of_contents(d);
}

static void
make_ipn_no_originator(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(1));
	put_this_ipm(d);
	cx4i_der_close(d);
}

static void
make_ipn_twice(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(1));
	put_this_ipm(d);
	put_descriptor(d, CX4I_CONTEXT_C(1), "Hansen", NULL);
	put_descriptor(d, CX4I_CONTEXT_C(1), "Eggen", NULL);
	cx4i_der_close(d);
}

static void
put_edi_start(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(1));
	put_orname(d, CX4I_CONTEXT_C(0), "Eggen");
	put_text(d, CX4I_CONTEXT(1), "n 1");
	cx4i_der_close(d);
	put_orname(d, CX4I_CONTEXT_C(2), "Eggen");
}

static void
make_edim(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_open(d, CX4I_SEQUENCE);
	put_edi_start(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(3));
	cx4i_der_open(d, CX4I_SEQUENCE);
	put_orname(d, CX4I_CONTEXT_C(1), "Hansen");
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_raw(d, "\xb3\0", 2);
	close_message(d);
}

static void
make_edim_no_originator(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_open(d, CX4I_SEQUENCE);
	cx4i_der_open(d, CX4I_CONTEXT_C(1));
	put_orname(d, CX4I_CONTEXT_C(0), "Eggen");
	put_text(d, CX4I_CONTEXT(1), "n 1");
	cx4i_der_close(d);
	close_message(d);
}

static void
put_edin(struct cx4i_der *d, uint8_t alternative)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(1));
	cx4i_der_open(d, alternative);
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	put_edi_start(d);
	put_orname(d, CX4I_CONTEXT_C(3), "Hansen");
	put_text(d, CX4I_CONTEXT(4), "240101120000Z");
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
}

static void
make_edin(struct cx4i_der *d)
{
	put_edin(d, CX4I_CONTEXT_C(2));
}

static void
make_edin_unknown(struct cx4i_der *d)
{
	put_edin(d, CX4I_CONTEXT_C(3));
}

static void
make_edin_empty(struct cx4i_der *d)
{
	cx4i_der_raw(d, "\xa1\2\xa0\0", 4);
}

static void
make_two_originators(struct cx4i_der *d)
{
	open_message(d);
	put_originator(d);
	put_this_ipm(d);
	put_descriptor(d, CX4I_CONTEXT_C(0), "Hansen", NULL);
	close_message(d);
}

static void
make_two_names(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	put_orname(d, CX4I_APPLICATION_C(0), "Eggen");
	put_orname(d, CX4I_APPLICATION_C(0), "Hansen");
	cx4i_der_close(d);
	close_message(d);
}

/* The second originator hides behind another form of its tag. */
static void
make_two_forms(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_text(d, CX4I_CONTEXT(0), "x");
	put_originator(d);
	close_message(d);
}

static void
make_long_tag(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	cx4i_der_raw(d, "\xbf\0\0", 3);
	close_message(d);
}

static void
make_two_ids(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_this_ipm(d);
	put_originator(d);
	close_message(d);
}

static void
make_no_id(struct cx4i_der *d)
{
	open_message(d);
	put_originator(d);
	close_message(d);
}

static void
make_no_local_id(struct cx4i_der *d)
{
	open_message(d);
	cx4i_der_open(d, CX4I_APPLICATION_C(11));
	put_orname(d, CX4I_APPLICATION_C(0), "Eggen");
	cx4i_der_close(d);
	close_message(d);
}

static void
make_primitive_originator(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_text(d, CX4I_CONTEXT(0), "Eggen");
	close_message(d);
}

static void
make_bad_address(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	put_text(d, CX4I_CONTEXT(0), "Anders Eggen");
	cx4i_der_open(d, CX4I_APPLICATION_C(0));
	cx4i_der_open(d, CX4I_SEQUENCE);
	put_text(d, CX4I_INTEGER, "\x01");
	cx4i_der_close(d);
	cx4i_der_close(d);
	cx4i_der_close(d);
	close_message(d);
}

static void
make_bad_recipient(struct cx4i_der *d)
{
	open_message(d);
	put_this_ipm(d);
	put_originator(d);
	cx4i_der_open(d, CX4I_CONTEXT_C(2));
	put_orname(d, CX4I_APPLICATION_C(0), "Hansen");
	cx4i_der_close(d);
	close_message(d);
}

static void
make_sequence_heading(struct cx4i_der *d)
{
	cx4i_der_open(d, CX4I_CONTEXT_C(0));
	cx4i_der_open(d, CX4I_SEQUENCE);
	put_this_ipm(d);
	put_originator(d);
	close_message(d);
}

static void
make_no_heading(struct cx4i_der *d)
{
	cx4i_der_raw(d, "\xa0\0", 2);
}

static void
make_mime(struct cx4i_der *d)
{
	static const char text[] = "Content-Type: text/plain\r\n\r\nhi\r\n";

	cx4i_der_raw(d, text, sizeof(text) - 1);
}

static void
make_nothing(struct cx4i_der *d)
{
	cx4i_der_raw(d, "", 0);
}

/* A heading of `size` octets: its last member fills it up. */
static void
make_sized(struct cx4i_der *d, size_t size)
{
	struct cx4i_der in;
	uint8_t *filler = calloc(1, size);
	size_t left;

	cx4i_der_init(&in);
	put_this_ipm(&in);
	put_originator(&in);
	/* Two headers of five octets, for sizes from 64 KiB on. */
	left = size - in.buf.len - 10;
	indefinite(d, CX4I_CONTEXT_C(0));
	cx4i_der_open(d, CX4I_SET);
	cx4i_der_raw(d, in.buf.data, in.buf.len);
	cx4i_der_value(d, CX4I_CONTEXT(20), filler, left);
	cx4i_der_close(d);
	cx4i_der_free(&in);
	free(filler);
	cx4i_der_value(d, CX4I_SEQUENCE, "", 0);
	end_of_contents(d);
}

static void
make_largest(struct cx4i_der *d)
{
	make_sized(d, CX4I_HEADING_LIMIT);
}

static void
make_too_large(struct cx4i_der *d)
{
	make_sized(d, CX4I_HEADING_LIMIT + 1);
}

/* No member is large, but there is no end of them. */
static void
make_bomb(struct cx4i_der *d)
{
	size_t i;

	indefinite(d, CX4I_CONTEXT_C(0));
	indefinite(d, CX4I_SET);
	put_this_ipm(d);
	put_originator(d);
	for (i = 0; i < CX4I_HEADING_LIMIT / 2; i++)
		cx4i_der_null(d);
	end_of_contents(d);
	end_of_contents(d);
}

struct sample {
	const char *name;
	const char *type;
	void (*make)(struct cx4i_der *);
	enum cx4i_heading_state state;
	int notification;
	const char *originator;
	const char *originator_name;
	const char *subject;
	const char *id;
	size_t recipients;
	const char *first;	/* recipient */
};

#define READ CX4I_HEADING_READ
#define NOT_UNDERSTOOD CX4I_HEADING_NOT_UNDERSTOOD
#define BAD(name, type, make)						\
{ name, type, make, NOT_UNDERSTOOD, 0, NULL, NULL, NULL, NULL, 0, NULL }
#define BAD_NOTIFICATION(name, type, make)				\
{ name, type, make, NOT_UNDERSTOOD, 1, NULL, NULL, NULL, NULL, 0, NULL }

static const struct sample samples[] = {
	{ "P22", P22, make_plain, READ, 0, EGGEN, NULL, "Harbour plans",
	    EGGEN_ID, 1, HANSEN },
	{ "P2", P2, make_plain, READ, 0, EGGEN, NULL, "Harbour plans",
	    EGGEN_ID, 1, HANSEN },
	{ "P772", P772, make_military, READ, 0, EGGEN, NULL, NULL, EGGEN_ID,
	    0, NULL },
	{ "P35", P35, make_edim, READ, 0, EGGEN, NULL, NULL, EGGEN_ID, 1,
	    HANSEN },
	{ "P35 without originator", P35, make_edim_no_originator, READ, 0,
	    NULL, NULL, NULL, EGGEN_ID, 0, NULL },
	{ "members in reverse order", P22, make_reversed, READ, 0, EGGEN,
	    NULL, "Harbour plans", EGGEN_ID, 1, HANSEN },
	{ "indefinite lengths", P22, make_indefinite, READ, 0, EGGEN, NULL,
	    "Harbour plans", EGGEN_ID, 0, NULL },
	{ "constructed strings", P22, make_segments, READ, 0, EGGEN,
	    "Anders Eggen", "Harbour plans", EGGEN_ID, 0, NULL },
	{ "unknown members with long tags", P22, make_high_tags, READ, 0,
	    EGGEN, NULL, NULL, EGGEN_ID, 0, NULL },
	{ "no originator", P22, make_no_originator, READ, 0, NULL, NULL,
	    "Harbour plans", EGGEN_ID, 0, NULL },
	{ "this-IPM only", P22, make_this_ipm_only, READ, 0, NULL, NULL,
	    NULL, EGGEN_ID, 0, NULL },
	{ "this-IPM without user", P22, make_short_id, READ, 0, EGGEN, NULL,
	    NULL, "<a.b at c>", 0, NULL },
	{ "originator with free-form name only", P22, make_free_form, READ,
	    0, NULL, "Anders Eggen", NULL, EGGEN_ID, 0, NULL },
	{ "originator with directory name only", P22, make_directory_name,
	    READ, 0, NULL, NULL, NULL, EGGEN_ID, 0, NULL },
	{ "recipients of three kinds", P22, make_recipients, READ, 0, EGGEN,
	    NULL, NULL, EGGEN_ID, 4, HANSEN },
	{ "subject with controls and T.61", P22, make_escapes, READ, 0,
	    EGGEN, NULL, "a\\x1B[31m\xc3\xbc\\xC0", EGGEN_ID, 0, NULL },
	{ "subject as BMPString", P22, make_bmp, READ, 0, EGGEN, NULL,
	    "Sv\xc3\xa6r\xe2\x82\xac\xef\xbf\xbd\\x1B", EGGEN_ID, 0, NULL },
	{ "subject as UniversalString", P22, make_universal, READ, 0, EGGEN,
	    NULL, "S\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd",
	    EGGEN_ID, 0, NULL },
	{ "subject that is no string", P22, make_odd_subject, READ, 0, EGGEN,
	    NULL, NULL, EGGEN_ID, 0, NULL },
	{ "notification", P22, make_ipn, READ, 1, HANSEN, "Berit", NULL,
	    EGGEN_ID, 0, NULL },
	{ "military notification", P772, make_ipn, READ, 1, HANSEN, "Berit",
	    NULL, EGGEN_ID, 0, NULL },
	{ "notification without originator", P2, make_ipn_no_originator,
	    READ, 1, NULL, NULL, NULL, EGGEN_ID, 0, NULL },
	{ "notification with a large returned message", P22, make_big_ipn,
	    READ, 1, HANSEN, NULL, NULL, EGGEN_ID, 0, NULL },
	{ "EDI notification", P35, make_edin, READ, 1, EGGEN, NULL, NULL,
	    EGGEN_ID, 0, NULL },
	{ "largest heading", P22, make_largest, READ, 0, EGGEN, NULL, NULL,
	    EGGEN_ID, 0, NULL },
	BAD("heading one octet too large", P22, make_too_large),
	BAD("heading that grows without end", P22, make_bomb),
	BAD("two originators", P22, make_two_originators),
	BAD("two formal names", P22, make_two_names),
	BAD("originator in two forms", P22, make_two_forms),
	BAD("long form of a small tag", P22, make_long_tag),
	BAD("two identifiers", P22, make_two_ids),
	BAD("no identifier", P22, make_no_id),
	BAD("identifier without local part", P22, make_no_local_id),
	BAD("primitive originator", P22, make_primitive_originator),
	BAD("originator that cannot be decoded", P22, make_bad_address),
	BAD("recipient that is no SET", P22, make_bad_recipient),
	BAD("heading that is a SEQUENCE", P22, make_sequence_heading),
	BAD("no heading", P22, make_no_heading),
	BAD("MIME", P22, make_mime),
	BAD("nothing", P22, make_nothing),
	BAD("P22 under the name of P35", P35, make_plain),
	BAD("P35 under the name of P22", P22, make_edim),
	BAD_NOTIFICATION("notification with two originators", P22,
	    make_ipn_twice),
	BAD_NOTIFICATION("EDI notification of an unknown kind", P35,
	    make_edin_unknown),
	BAD_NOTIFICATION("empty EDI notification", P35, make_edin_empty),
	{ "other type", "1.2.840.113549.1.7.1", make_plain,
	    CX4I_HEADING_OTHER_TYPE, 0, NULL, NULL, NULL, NULL, 0, NULL },
	{ "inner envelope", "2.6.3.3.1", make_plain,
	    CX4I_HEADING_OTHER_TYPE, 0, NULL, NULL, NULL, NULL, 0, NULL },
	{ "type that is no OID", "p22", make_plain,
	    CX4I_HEADING_OTHER_TYPE, 0, NULL, NULL, NULL, NULL, 0, NULL }
};

static struct cx4i_heading *
read_chunks(cx4_ctx *ctx, const char *type, const uint8_t *data, size_t len,
    size_t chunk)
{
	struct cx4i_heading *h = cx4i_heading_new(ctx, type);
	size_t n;

	for (; len > 0; data += n, len -= n) {
		n = len < chunk ? len : chunk;
		if (cx4i_heading_push(h, data, n) != CX4_OK)
			break;
	}
	if (cx4i_heading_finish(h) != CX4_OK)
		cx4i_heading_free(&h);
	return h;
}

static int
same_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

static int
same_originator(cx4_ctx *ctx, const struct cx4i_heading *h, const char *want)
{
	const cx4_address *got = cx4i_heading_originator(h);
	cx4_address *a = NULL;
	int same;

	if (want == NULL || got == NULL)
		return want == NULL && got == NULL;
	same = cx4_address_from_text(ctx, want, &a, NULL, 0) == CX4_OK &&
	    cx4_address_equal(got, a);
	cx4_address_free(&a);
	return same;
}

static int
is_as_expected(cx4_ctx *ctx, const struct cx4i_heading *h,
    const struct sample *s)
{
	return h != NULL && cx4i_heading_state(h) == s->state &&
	    cx4i_heading_is_notification(h) == s->notification &&
	    same_originator(ctx, h, s->originator) &&
	    same_text(cx4i_heading_originator_name(h), s->originator_name) &&
	    same_text(cx4i_heading_subject(h), s->subject) &&
	    same_text(cx4i_heading_message_id(h), s->id) &&
	    cx4i_heading_recipients(h) == s->recipients &&
	    same_text(cx4i_heading_recipient(h, 0, NULL), s->first);
}

static void
show(const struct cx4i_heading *h)
{
	char *text = NULL;

	if (h == NULL) {
		note("no heading");
		return;
	}
	if (cx4i_heading_originator(h) != NULL)
		text = cx4_address_to_text(cx4i_heading_originator(h),
		    CX4_FORM_F401);
	note("state %d, notification %d", (int)cx4i_heading_state(h),
	    cx4i_heading_is_notification(h));
	note("originator %s", text != NULL ? text : "none");
	note("subject %s", cx4i_heading_subject(h) != NULL ?
	    cx4i_heading_subject(h) : "none");
	note("id %s", cx4i_heading_message_id(h) != NULL ?
	    cx4i_heading_message_id(h) : "none");
	note("recipients %zu", cx4i_heading_recipients(h));
	cx4_free(text);
}

static void
try_sample(cx4_ctx *ctx, const struct sample *s)
{
	struct cx4i_der d;
	struct cx4i_heading *h;
	size_t i, bad = 0;

	cx4i_der_init(&d);
	s->make(&d);
	ok(cx4i_der_ok(&d), "%s: made", s->name);
	h = read_chunks(ctx, s->type, d.buf.data, d.buf.len, SIZE_MAX);
	if (!ok(is_as_expected(ctx, h, s), "%s: whole", s->name))
		show(h);
	cx4i_heading_free(&h);
	for (i = 0; i < COUNT(chunks); i++) {
		h = read_chunks(ctx, s->type, d.buf.data, d.buf.len,
		    chunks[i]);
		if (!is_as_expected(ctx, h, s)) {
			note("chunks of %zu", chunks[i]);
			show(h);
			bad++;
		}
		cx4i_heading_free(&h);
	}
	is_int(bad, 0, "%s: in chunks", s->name);
	cx4i_der_free(&d);
}

/* The octets up to the end of the heading: what must be there. */
static size_t
heading_end(const struct cx4i_der *d, unsigned int level)
{
	struct cx4i_ber_event ev;
	struct cx4i_ber r;
	const uint8_t *p = d->buf.data;
	size_t n = d->buf.len;

	cx4i_ber_init(&r);
	do {
		if (cx4i_ber_next(&r, &p, &n, &ev, NULL) != CX4_OK)
			return 0;
	} while (ev.kind != CX4I_BER_END || ev.depth != level);
	return (size_t)ev.offset;
}

static void
try_truncation(cx4_ctx *ctx, const char *name, const char *type,
    void (*make)(struct cx4i_der *), unsigned int level)
{
	struct cx4i_heading *h;
	struct cx4i_der d;
	size_t cut, end, bad = 0;

	cx4i_der_init(&d);
	make(&d);
	end = heading_end(&d, level);
	ok(end > 100 && end <= d.buf.len, "%s: heading of %zu octets", name,
	    end);
	for (cut = 0; cut <= d.buf.len; cut++) {
		h = read_chunks(ctx, type, d.buf.data, cut, 13);
		if (h == NULL || cx4i_heading_state(h) !=
		    (cut < end ? NOT_UNDERSTOOD : READ) ||
		    (cx4i_heading_originator(h) != NULL) != (cut >= end))
			bad++;
		cx4i_heading_free(&h);
	}
	is_int(bad, 0, "%s: cut at every octet", name);
	cx4i_der_free(&d);
}

static void
try_recipients(cx4_ctx *ctx)
{
	static const char *const want[][2] = {
		{ HANSEN, "primary" }, { "Everybody\\x0Aelse", "primary" },
		{ EGGEN, "copy" }, { "", "blind" }
	};
	struct cx4i_heading *h;
	struct cx4i_der d;
	const char *kind;
	size_t i;

	cx4i_der_init(&d);
	make_recipients(&d);
	h = read_chunks(ctx, P22, d.buf.data, d.buf.len, SIZE_MAX);
	for (i = 0; i < COUNT(want); i++) {
		kind = NULL;
		is_str(cx4i_heading_recipient(h, i, &kind), want[i][0],
		    "recipient %zu", i);
		is_str(kind, want[i][1], "kind of recipient %zu", i);
	}
	ok(cx4i_heading_recipient(h, i, &kind) == NULL, "no more recipients");
	cx4i_heading_free(&h);
	cx4i_der_free(&d);
}

static void
try_many_recipients(cx4_ctx *ctx)
{
	struct cx4i_heading *h;
	struct cx4i_der d;
	size_t i;

	cx4i_der_init(&d);
	open_message(&d);
	put_this_ipm(&d);
	put_originator(&d);
	cx4i_der_open(&d, CX4I_CONTEXT_C(2));
	for (i = 0; i < CX4I_HEADING_RECIPIENTS + 500; i++)
		put_recipient(&d, "Hansen", NULL);
	cx4i_der_close(&d);
	close_message(&d);
	h = read_chunks(ctx, P22, d.buf.data, d.buf.len, 1000);
	is_int(cx4i_heading_state(h), READ, "many recipients");
	is_int(cx4i_heading_recipients(h), CX4I_HEADING_RECIPIENTS + 500,
	    "all are counted");
	is_str(cx4i_heading_recipient(h, CX4I_HEADING_RECIPIENTS - 1, NULL),
	    HANSEN, "the last one kept");
	ok(cx4i_heading_recipient(h, CX4I_HEADING_RECIPIENTS, NULL) == NULL,
	    "the first one not kept");
	cx4i_heading_free(&h);
	cx4i_der_free(&d);
}

/* What follows the heading is neither looked at nor held. */
static void
try_body(cx4_ctx *ctx)
{
	static const uint8_t junk[65536];
	struct cx4i_heading *h;
	struct cx4i_der d;
	size_t i, bad = 0;

	cx4i_der_init(&d);
	make_plain(&d);
	h = cx4i_heading_new(ctx, P22);
	cx4i_heading_push(h, d.buf.data, heading_end(&d, 1));
	is_int(cx4i_heading_state(h), READ, "read when the heading is whole");
	for (i = 0; i < 65536; i++)
		bad += cx4i_heading_push(h, junk, sizeof(junk)) != CX4_OK;
	is_int(bad, 0, "4 GiB of body pass by");
	is_int(cx4i_heading_finish(h), CX4_OK, "finish");
	is_int(cx4i_heading_state(h), READ, "still read");
	is_str(cx4i_heading_subject(h), "Harbour plans", "still the subject");
	cx4i_heading_free(&h);
	cx4i_der_free(&d);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/*
 * Random damage: no fault, an end in any case, and an originator only where
 * the heading counts as read.
 */
static void
try_damage(cx4_ctx *ctx)
{
	static const struct {
		const char *type;
		void (*make)(struct cx4i_der *);
	} victims[] = {
		{ P22, make_plain }, { P22, make_indefinite },
		{ P22, make_segments }, { P22, make_recipients },
		{ P772, make_military }, { P22, make_ipn },
		{ P35, make_edim }, { P35, make_edin }, { P22, make_bmp }
	};
	struct cx4i_heading *h;
	struct cx4i_der d;
	uint32_t seed = 0x400;
	size_t round, i, hits, bad = 0, read = 0, refused = 0;

	for (round = 0; round < 20000; round++) {
		cx4i_der_init(&d);
		victims[round % COUNT(victims)].make(&d);
		hits = 1 + next_random(&seed) % 4;
		for (i = 0; i < hits; i++)
			d.buf.data[next_random(&seed) % d.buf.len] =
			    (uint8_t)next_random(&seed);
		h = read_chunks(ctx, victims[round % COUNT(victims)].type,
		    d.buf.data, d.buf.len, 1 + next_random(&seed) % 64);
		if (h == NULL || cx4i_heading_state(h) == CX4I_HEADING_READING)
			bad++;
		else if (cx4i_heading_state(h) == READ)
			read++;
		else if (cx4i_heading_originator(h) != NULL ||
		    cx4i_heading_recipients(h) != 0 ||
		    cx4i_heading_message_id(h) != NULL)
			bad++;
		else
			refused++;
		cx4i_heading_free(&h);
		cx4i_der_free(&d);
	}
	is_int(bad, 0, "20000 damaged headings");
	ok(read > 1000 && refused > 1000, "some are read, some are not");
	note("%zu read, %zu not understood", read, refused);
}

int
main(void)
{
	cx4_ctx *ctx = cx4_ctx_new();
	struct cx4i_heading *h = NULL;
	size_t i;

	for (i = 0; i < COUNT(samples); i++)
		try_sample(ctx, &samples[i]);
	try_truncation(ctx, "P22", P22, make_plain, 1);
	try_truncation(ctx, "P22 of indefinite length", P22, make_indefinite,
	    1);
	try_truncation(ctx, "notification", P22, make_ipn, 0);
	try_truncation(ctx, "P35", P35, make_edim, 1);
	try_truncation(ctx, "EDI notification", P35, make_edin, 2);
	try_recipients(ctx);
	try_many_recipients(ctx);
	try_body(ctx);
	try_damage(ctx);
	cx4i_heading_free(&h);
	cx4i_heading_free(NULL);
	ok(h == NULL, "nothing is freed without fault");
	cx4_ctx_free(&ctx);
	return done_testing();
}
