/*
 * 05-address.c - O/R addresses: text, encoding, comparison.
 *
 *	05-address 'C=NO;A=telemax;P=mil;S=Eggen;G=Anders' [ADDRESS]
 *
 * Shows an address in both text forms and as DER; with a second one, says
 * whether both name the same user. Text of either form is read.
 *
 * SPDX-License-Identifier: ISC
 */
#include "example.h"

static cx4_address *
parse(cx4_ctx *ctx, const char *text)
{
	cx4_address *a;
	char why[256];

	if (cx4_address_from_text(ctx, text, &a, why, sizeof(why)) ==
	    CX4_OK)
		return a;
	fprintf(stderr, "05-address: %s\n", why);
	exit(1);
}

static void
print_text(const char *label, const cx4_address *a,
    enum cx4_address_form form)
{
	char *text = cx4_address_to_text(a, form);

	if (text == NULL)
		die("05-address", CX4_E_NOMEM);
	printf("%s %s\n", label, text);
	cx4_free(text);
}

static void
print_der(cx4_ctx *ctx, const cx4_address *a)
{
	unsigned char *der;
	size_t i, len;
	int code;

	if ((code = cx4_address_to_der(ctx, a, &der, &len)) != CX4_OK)
		die("05-address", code);
	printf("DER  ");
	for (i = 0; i < len; i++)
		printf("%02x", der[i]);
	printf("\n");
	cx4_free(der);
}

/* 1 if the address read back from its DER is the same. */
static int
survives(cx4_ctx *ctx, const cx4_address *a)
{
	cx4_address *back;
	unsigned char *der;
	size_t len;
	int same;

	if (cx4_address_to_der(ctx, a, &der, &len) != CX4_OK)
		return 0;
	same = cx4_address_from_ber(ctx, der, len, &back, NULL, 0) ==
	    CX4_OK && cx4_address_equal(a, back);
	cx4_address_free(&back);
	cx4_free(der);
	return same;
}

int
main(int argc, char **argv)
{
	cx4_address *a, *b = NULL;
	cx4_ctx *ctx;
	int good;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: 05-address ADDRESS [ADDRESS]\n");
		return 1;
	}
	if ((ctx = cx4_ctx_new()) == NULL)
		die("05-address", CX4_E_NOMEM);
	a = parse(ctx, argv[1]);
	print_text("F401 ", a, CX4_FORM_F401);
	print_text("MIXER", a, CX4_FORM_MIXER);
	print_der(ctx, a);
	good = survives(ctx, a);
	if (good && argc == 3) {
		b = parse(ctx, argv[2]);
		good = cx4_address_equal(a, b);
		printf("%s\n", good ? "the same user" : "different users");
	}
	cx4_address_free(&a);
	cx4_address_free(&b);
	cx4_ctx_free(&ctx);
	return good ? 0 : 1;
}
