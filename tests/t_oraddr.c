/*
 * t_oraddr.c - O/R addresses: text, encoding, comparison.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../libcmsx400/cmsx400.h"
#include "octets.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DAMAGE_ROUNDS 20000

static cx4_ctx *ctx;

static cx4_address *
from_text(const char *text)
{
	char why[200];
	cx4_address *a;

	if (cx4_address_from_text(ctx, text, &a, why, sizeof(why)) != CX4_OK)
		note("%s: %s", text, why);
	return a;
}

static cx4_address *
from_hex(const char *hex)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	cx4_address *a;
	char why[200];

	add_hex(&b, hex);
	if (cx4_address_from_ber(ctx, b.data, b.len, &a, why, sizeof(why)) !=
	    CX4_OK)
		note("%s: %s", hex, why);
	cx4i_buf_free(&b);
	return a;
}

/* ------------------------------------------------------------ text and DER */

static const struct text_case {
	const char *text;
	const char *f401;
	const char *mixer;
	const char *der;	/* NULL: not looked at */
} texts[] = {
	/* The address that this project was built around. */
	{ "C=NO;A=telemax;P=mil;O=ffi;OU1=x;S=Eggen;G=Anders",
	    "G=Anders; S=Eggen; O=ffi; OU1=x; P=mil; A=telemax; C=NO",
	    "/G=Anders/S=Eggen/OU=x/O=ffi/PRMD=mil/ADMD=telemax/C=NO/",
	    "3035 3033 6104 1302 4e4f 6209 1307 74656c656d6178 a205 1303 "
	    "6d696c 8303 666669 a50f 8005 456767656e 8106 416e64657273 a603 "
	    "1301 78" },
	/* RFC 1685. */
	{ "X.400: G=john; S=smith; O=a bank ltd; P=abl; A=snomail; C=aq",
	    "G=john; S=smith; O=a bank ltd; P=abl; A=snomail; C=aq",
	    "/G=john/S=smith/O=a bank ltd/PRMD=abl/ADMD=snomail/C=aq/", NULL },
	{ "DDA:RFC-822=fred(a)widget.co.uk; O=gateway; P=abc; C=gb",
	    "O=gateway; DDA:RFC-822=fred(a)widget.co.uk; P=abc; C=gb",
	    "/RFC-822=fred(a)widget.co.uk/O=gateway/PRMD=abc/ADMD= /C=gb/",
	    NULL },
	{ "g=per;s=hansen;o=teledir;ou1=forskning;p=tele;a=telemax;c=no",
	    "G=per; S=hansen; O=teledir; OU1=forskning; P=tele; A=telemax; "
	    "C=no",
	    "/G=per/S=hansen/OU=forskning/O=teledir/PRMD=tele/ADMD=telemax"
	    "/C=no/", NULL },
	{ "/g=per/s=hansen/o=teledir/ou1=forskning/p=tele/a=telemax/c=no",
	    "G=per; S=hansen; O=teledir; OU1=forskning; P=tele; A=telemax; "
	    "C=no",
	    "/G=per/S=hansen/OU=forskning/O=teledir/PRMD=tele/ADMD=telemax"
	    "/C=no/", NULL },
	{ "X.400:  C=no; ADMD=; PRMD=uninett; O=uninett; S=alvestrand;\n"
	    "   G=harald",
	    "G=harald; S=alvestrand; O=uninett; P=uninett; C=no",
	    "/G=harald/S=alvestrand/O=uninett/PRMD=uninett/ADMD= /C=no/",
	    NULL },
	{ "G=John; S=Smith; O=A Bank Ltd; OU1=IT Dept; OU2=MSG Group; P=ABL; "
	    "A=Snomail; C=AQ",
	    "G=John; S=Smith; O=A Bank Ltd; OU1=IT Dept; OU2=MSG Group; "
	    "P=ABL; A=Snomail; C=AQ",
	    "/G=John/S=Smith/OU=MSG Group/OU=IT Dept/O=A Bank Ltd/PRMD=ABL"
	    "/ADMD=Snomail/C=AQ/", NULL },
	/* RFC 2156. */
	{ "/CN=yen*{165}/", "CN=yen*\xc2\xa5", "/CN=yen*{165}/",
	    "301a 3000 3116 3008 8001 02 a103 1401 a5 300a 8001 01 a105 1303 "
	    "79656e" },
	{ "/PD-ADDRESS=The Dome|The Square|Richmond|England/",
	    "PD-A1=The Dome; PD-A2=The Square; PD-A3=Richmond; "
	    "PD-A4=England",
	    "/PD-ADDRESS=The Dome|The Square|Richmond|England/", NULL },
	{ "/I=J/S=Linnimouth/GQ=5/OU=Marketing/O=Widget/ADMD=BTT/C=TC/",
	    "I=J; S=Linnimouth; Q=5; O=Widget; OU1=Marketing; A=BTT; C=TC",
	    "/I=J/S=Linnimouth/GQ=5/OU=Marketing/O=Widget/ADMD=BTT/C=TC/",
	    NULL },
	{ "/PN=Marshall.M.T.Rose/C=US/ADMD=a/", "G=Marshall; I=MT; S=Rose; "
	    "A=a; C=US", "/G=Marshall/I=MT/S=Rose/ADMD=a/C=US/", NULL },
	{ "/PN=Marshall.Rose/", "G=Marshall; S=Rose",
	    "/G=Marshall/S=Rose/", NULL },
	{ "/PN=M.T.Rose/", "I=MT; S=Rose", "/I=MT/S=Rose/", NULL },
	{ "/PN=Duval/DD.Title=Manager/", "S=Duval; DDA:Title=Manager",
	    "/DD.Title=Manager/S=Duval/", NULL },
	{ "S=Support; O=sales;  A=Master400; C=it;",
	    "S=Support; O=sales; A=Master400; C=it",
	    "/S=Support/O=sales/ADMD=Master400/C=it/", NULL },
	{ "/DD.cap=20100/DD.ph1=Via Larga 11/DD.city=Milano/S=Rossi/",
	    "S=Rossi; DDA:city=Milano; DDA:ph1=Via Larga 11; DDA:cap=20100",
	    "/DD.cap=20100/DD.ph1=Via Larga 11/DD.city=Milano/S=Rossi/",
	    NULL },
	{ "/RFC-822=jj(a)seismo.css.gov/PRMD=AC/ADMD=BT/C=GB/",
	    "DDA:RFC-822=jj(a)seismo.css.gov; P=AC; A=BT; C=GB",
	    "/RFC-822=jj(a)seismo.css.gov/PRMD=AC/ADMD=BT/C=GB/", NULL },
	{ "/PRMD=uk.ac/ADMD= /C=gb/", "P=uk.ac; C=gb",
	    "/PRMD=uk.ac/ADMD= /C=gb/", NULL },
	{ "/PRMD=HMG/ADMD=GOLD 400/C=GB/", "P=HMG; A=GOLD 400; C=GB",
	    "/PRMD=HMG/ADMD=GOLD 400/C=GB/", NULL },
	{ "/RFC-822=H.Hildegard(a)bbn.com/OU=cs/O=ucl/PRMD=uk.ac/ADMD=gold "
	    "400/C=gb/", "O=ucl; OU1=cs; DDA:RFC-822=H.Hildegard(a)bbn.com; "
	    "P=uk.ac; A=gold 400; C=gb",
	    "/RFC-822=H.Hildegard(a)bbn.com/OU=cs/O=ucl/PRMD=uk.ac/ADMD=gold "
	    "400/C=gb/", NULL },
	{ "/ADMD=Foo/C=GB/", "A=Foo; C=GB", "/ADMD=Foo/C=GB/", NULL },
	/* RFC 2156 section 4.3.3: the last OU is the most significant. */
	{ "/S=x/OU=Group/OU=Dept/O=Org/PRMD=P/ADMD=A/C=GB/",
	    "S=x; O=Org; OU1=Dept; OU2=Group; P=P; A=A; C=GB",
	    "/S=x/OU=Group/OU=Dept/O=Org/PRMD=P/ADMD=A/C=GB/", NULL },
	/* AMHS, as Isode writes it. */
	{ "/CN=VVTSMHSA/OU=VVTS/O=VVTS/PRMD=VIETNAM/ADMD=ICAO/C=XX/",
	    "CN=VVTSMHSA; O=VVTS; OU1=VVTS; P=VIETNAM; A=ICAO; C=XX",
	    "/CN=VVTSMHSA/OU=VVTS/O=VVTS/PRMD=VIETNAM/ADMD=ICAO/C=XX/",
	    NULL },
	/* Numeric where there are only digits, RFC 2156 section 4.1.1. */
	{ "C=242;A=0;P=42", "P=42; A=0; C=242", "/PRMD=42/ADMD=0/C=242/",
	    "3014 3012 6105 1203 323432 6203 1201 30 a204 1202 3432" },
	{ "C=NO;P=4 2", "P=4 2; C=NO", "/PRMD=4 2/ADMD= /C=NO/",
	    "3014 3012 6104 1302 4e4f 6203 1301 20 a205 1303 342032" },
	/* The single space of the ADMD. */
	{ "C=NO;A=;P=x", "P=x; C=NO", "/PRMD=x/ADMD= /C=NO/", NULL },
	{ "C=NO;A= ;P=x", "P=x; C=NO", "/PRMD=x/ADMD= /C=NO/", NULL },
	{ "A=", "A= ", "/ADMD= /", "3007 3005 6203 1301 20" },
	{ "O=x", "O=x", "/O=x/", "3005 3003 8301 78" },
	{ "P=x", "P=x", "/PRMD=x/ADMD= /", NULL },
	/* Escapes. */
	{ "DDA:a==b=c=d;DDA:x=y", "DDA:a==b=c=d; DDA:x=y",
	    "/DD.x=y/DD.a$=b=c$=d/", NULL },
	{ "O=a/b;C=NO", "O=a/b; C=NO", "/O=a$/b/ADMD= /C=NO/", NULL },
	{ "/O=a$/b/C=NO/", "O=a/b; C=NO", "/O=a$/b/ADMD= /C=NO/", NULL },
	{ "/O=a//b/C=NO", "O=a/b; C=NO", "/O=a$/b/ADMD= /C=NO/", NULL },
	{ "O=a/b", "O=a/b", "/O=a$/b/", NULL },
	{ "S=a/C=NO", "S=a; C=NO", "/S=a/ADMD= /C=NO/", NULL },
	{ ";S=a;C=NO;", "S=a; C=NO", "/S=a/ADMD= /C=NO/", NULL },
	{ "/S=a;C=NO/", "S=a; C=NO", "/S=a/ADMD= /C=NO/", NULL },
	{ "O=a=b", "O=a=b", "/O=a$=b/", NULL },
	{ "  s = Eggen  ;  c = no ", "S=Eggen; C=no", "/S=Eggen/ADMD= /C=no/",
	    NULL },
	/* Teletex and universal forms. */
	{ "S=M\xc3\xbcller;G=Hans", "G=Hans; S=M\xc3\xbcller",
	    "/G=Hans/S=*M{200}uller/",
	    "301c 3000 3118 3016 8001 04 a111 310f 8007 4dc8756c6c6572 8104 "
	    "48616e73" },
	{ "S=Mueller*M\xc3\xbcller", "S=Mueller*M\xc3\xbcller",
	    "/S=Mueller*M{200}uller/", NULL },
	{ "S=*abc", "S=abc", "/S=abc/", NULL },
	{ "S=abc*abc", "S=abc", "/S=abc/", NULL },
	{ "S=a;G=R\xc3\xa9mi", "G=R\xc3\xa9mi; S=a", "/G=*R{194}emi/S=a/",
	    NULL },
	{ "O=a{013010}b", "O=a{013}{010}b", "/O=*a{013}{010}b/", NULL },
	{ "O=a{255}b", "O=a{255}b", "/O=*a{255}b/", NULL },
	{ "O=\xd0\x96\xd1\x83\xd0\xba", "O=\xd0\x96\xd1\x83\xd0\xba",
	    "/O=*\xd0\x96\xd1\x83\xd0\xba/",
	    "3015 3000 3111 300f 8001 19 a10a 3108 1e06 04160443043a" },
	{ "O=Zhuk*\xd0\x96\xd1\x83\xd0\xba", "O=Zhuk*\xd0\x96\xd1\x83\xd0\xba",
	    "/O=Zhuk*\xd0\x96\xd1\x83\xd0\xba/", NULL },
	{ "S=\xd0\x96;G=Ivan", "G=Ivan; S=\xd0\x96", "/G=Ivan/S=*\xd0\x96/",
	    NULL },
	{ "CN=\xf0\x9f\x90\xa7", "CN=\xf0\x9f\x90\xa7",
	    "/CN=*\xf0\x9f\x90\xa7/", NULL },
	{ "OU1=\xc3\x96;OU2=b", "OU1=\xc3\x96; OU2=b", "/OU=b/OU=*{200}O/",
	    NULL },
	{ "OU1=a*\xc3\x84;OU2=b", "OU1=a*\xc3\x84; OU2=b",
	    "/OU=b/OU=a*{200}A/", NULL },
	{ "OU1=\xc3\x96;OU2=\xd0\x96", "OU1=\xc3\x96; OU2=\xd0\x96",
	    "/OU=*\xd0\x96/OU=*\xc3\x96/", NULL },
	{ "DDA:t=v*\xc3\xbc", "DDA:t=v*\xc3\xbc", "/DD.t=v*{200}u/", NULL },
	{ "DDA:t=\xc3\xbc;DDA:u=v", "DDA:t=\xc3\xbc; DDA:u=v",
	    "/DD.u=v/DD.t=*{200}u/", NULL },
	{ "DDA:t=\xd0\x96", "DDA:t=\xd0\x96", "/DD.t=*\xd0\x96/", NULL },
	/* All other attributes. */
	{ "X.121=23432500137;T-ID=abc;T-TY=ia5;C=GB",
	    "X.121=23432500137; T-ID=abc; T-TY=ia5; C=GB",
	    "/X121=23432500137/T-ID=abc/T-TY=ia5/ADMD= /C=GB/", NULL },
	{ "N-ID=123 4;C=GB;A=BT", "N-ID=123 4; A=BT; C=GB",
	    "/UA-ID=123 4/ADMD=BT/C=GB/", NULL },
	{ "/UA-ID=9/NET-NUM=4712345678/NET-SUB=12/T-TY=(9)/",
	    "T-TY=(9); N-ID=9; ISDN=4712345678; NET-SUB=12",
	    "/T-TY=(9)/UA-ID=9/NET-NUM=4712345678/NET-SUB=12/", NULL },
	{ "E.164=47;T-TY=256", "T-TY=(256); ISDN=47", "/T-TY=(256)/NET-NUM=47/",
	    NULL },
	{ "PSAP=a00ca30a31080402030404020102",
	    "PSAP=A00CA30A31080402010204020304",
	    "/NET-PSAP=A00CA30A31080402010204020304/",
	    "3019 3000 3115 3013 8001 16 a10e a00c a30a 3108 0402 0102 0402 "
	    "0304" },
	{ "PD-PN=a;PD-EA=b;PD-ED=c;PD-OFN=d;PD-OF=e;PD-O=f;PD-S=g;PD-U=h;"
	    "PD-L=i;PD-R=j;PD-B=k;PD-PC=0123;PD-SN=l;PD-C=NO",
	    "PD-SN=l; PD-C=NO; PD-PC=0123; PD-OF=e; PD-OFN=d; PD-EA=b; "
	    "PD-PN=a; PD-O=f; PD-ED=c; PD-S=g; PD-B=k; PD-R=j; PD-U=h; "
	    "PD-L=i",
	    "/PD-SERVICE=l/PD-C=NO/PD-CODE=0123/PD-OFFICE=e/PD-OFFICE-NUM=d"
	    "/PD-EXT-ADDRESS=b/PD-PN=a/PD-O=f/PD-EXT-DELIVERY=c/PD-STREET=g"
	    "/PD-BOX=k/PD-RESTANTE=j/PD-UNIQUE=h/PD-LOCAL=i/", NULL },
	{ "PD-OFFICE NUMBER=7", "PD-OFN=7", "/PD-OFFICE-NUM=7/", NULL },
	{ "PD-S=g*\xc3\xb8", "PD-S=g*\xc3\xb8", "/PD-STREET=g*{249}/",
	    "3013 3000 310f 300d 8001 11 a108 3106 1301 67 1401 f9" },
	{ "PD-A=x|y*z{013010}w", "PD-A=x|y*z{013}{010}w",
	    "/PD-ADDRESS=x|y*z{013}{010}w/",
	    /* DER: SEQUENCE 16 stands before TeletexString 20. */
	    "301b 3000 3117 3015 8001 10 a110 310e 3006 1301 78 1301 79 "
	    "1404 7a0d0a77" },
	{ "PD-S=\xd0\x96;PD-A=\xd0\x96", "PD-A=\xd0\x96; PD-S=\xd0\x96",
	    "/PD-ADDRESS=*\xd0\x96/PD-STREET=*\xd0\x96/", NULL },
	{ "DD1.b=2;DD2.a=1", "DDA:b=2; DDA:a=1", "/DD.a=1/DD.b=2/", NULL },
	{ "DD:b=2;DDA.a=1", "DDA:a=1; DDA:b=2", "/DD.b=2/DD.a=1/", NULL },
};

static void
check_round(const struct text_case *c, const unsigned char *der, size_t len,
    const char *text)
{
	unsigned char *again = NULL;
	cx4_address *a = from_text(text);
	size_t n = 0;

	if (ok(a != NULL, "\"%s\" is read back", text))
		cx4_address_to_der(ctx, a, &again, &n);
	is_mem(again, n, der, len, "\"%s\" comes back", c->text);
	cx4_free(again);
	cx4_address_free(&a);
}

static void
test_text(const struct text_case *c)
{
	struct cx4i_buf want = { NULL, 0, 0 };
	cx4_address *a = from_text(c->text), *b = NULL;
	unsigned char *der, *again;
	char *text, why[100];
	size_t len, n;

	if (!ok(a != NULL, "\"%s\" is read", c->text))
		return;
	cx4_address_to_der(ctx, a, &der, &len);
	if (c->der != NULL) {
		add_hex(&want, c->der);
		is_mem(der, len, want.data, want.len, "%s: DER", c->text);
		cx4i_buf_free(&want);
	}
	is_int(cx4_address_from_ber(ctx, der, len, &b, why, sizeof(why)),
	    CX4_OK, "%s: DER is read", c->text);
	if (b != NULL) {
		cx4_address_to_der(ctx, b, &again, &n);
		is_mem(again, n, der, len, "%s: DER is canonical", c->text);
		cx4_free(again);
		ok(cx4_address_equal(a, b) && cx4_address_equal(b, a),
		    "%s: equal", c->text);
		text = cx4_address_to_text(b, CX4_FORM_F401);
		is_str(text, c->f401, "%s: F.401", c->text);
		check_round(c, der, len, text);
		cx4_free(text);
		text = cx4_address_to_text(b, CX4_FORM_MIXER);
		is_str(text, c->mixer, "%s: MIXER", c->text);
		check_round(c, der, len, text);
		cx4_free(text);
	}
	cx4_free(der);
	cx4_address_free(&a);
	cx4_address_free(&b);
}

/* ---------------------------------------------------------- refused texts */

static const struct refused {
	const char *text;
	const char *why;
} refusals[] = {
	{ "", "there is no attribute in the text" },
	{ " / ", "there is no attribute in the text" },
	{ "X.400:", "there is no attribute in the text" },
	{ "nonsense", "there is no \"=\" after \"nonsense\"" },
	{ "C=NO;nonsense;A=x", "there is no \"=\" after \"nonsense\"" },
	{ "=x", "there is no label before \"=\"" },
	{ "C=NO;X=1", "there is no label \"X\"" },
	{ "OU5=x", "there is no label \"OU5\"" },
	{ "OU0=x", "there is no label \"OU0\"" },
	{ "PD-A7=x", "there is no label \"PD-A7\"" },
	{ "DD=x", "there is no label \"DD\"" },
	{ "EXT-99=0500", "there is no label \"EXT-99\"" },
	{ "a\x01" "b=x", "there is no label \"a\\x01b\"" },
	{ "O=x;O=y", "O is given twice" },
	{ "OU1=x;OU1=y", "OU1 is given twice" },
	{ "C=NO;c=SE", "c is given twice" },
	{ "A=x;ADMD=y", "ADMD is given twice" },
	{ "S=x;PN=Anders.Eggen", "PN is given twice" },
	{ "OU=x;OU1=y", "OU is given both with and without a number" },
	{ "OU1=x;OU=y", "OU is given both with and without a number" },
	{ "PD-A=x;PD-A1=y", "PD-A is given both with and without a number" },
	{ "OU2=x", "there is OU2 but no OU1" },
	{ "OU1=x;OU4=y", "there is OU4 but no OU2" },
	{ "PD-A1=x;PD-A3=y", "there is PD-A3 but no PD-A2" },
	{ "DD2.a=b", "there is DD2 but no DD1" },
	{ "/OU=a/OU=b/OU=c/OU=d/OU=e/", "there are more than 4 OU" },
	{ "DDA:a=1;DDA:b=2;DDA:c=3;DDA:d=4;DDA:e=5",
	    "there are more than 4 domain-defined attributes" },
	{ "DDA:a=1;DD.b=2", "DD.b: \"DDA:\", \"DD.\" and \"DD1.\" order "
	    "their attributes in different ways and cannot be mixed" },
	{ "G=Anders;C=NO", "G needs a surname (S) beside it" },
	{ "I=A", "I needs a surname (S) beside it" },
	{ "Q=3", "Q needs a surname (S) beside it" },
	{ "NET-SUB=1", "NET-SUB needs a number (ISDN) beside it" },
	{ "ISDN=1;PSAP=a004a3023100", "PSAP and ISDN are one attribute: give "
	    "either" },
	{ "O=", "O has no value" },
	{ "O=;C=NO", "O has no value" },
	{ "O=*", "O has no value" },
	{ "P=;A=x", "P has no value" },
	{ "DDA:=x", "DDA: has no value" },
	{ "DDA:x=", "DDA:x has no value" },
	{ "PD-A=a||b", "PD-A has no value" },
	{ "C=NOR", "C must be two letters (ISO 3166) or three digits "
	    "(X.121)" },
	{ "C=N1", "C must be two letters (ISO 3166) or three digits "
	    "(X.121)" },
	{ "C=24", "C must be two letters (ISO 3166) or three digits "
	    "(X.121)" },
	{ "PD-C=x", "PD-C must be two letters (ISO 3166) or three digits "
	    "(X.121)" },
	{ "O=a@b", "O holds \"@\", which is no PrintableString character" },
	{ "S=a_b", "S holds \"_\", which is no PrintableString character" },
	{ "O=a;;b", "O holds \";\", which is no PrintableString character" },
	{ "A=\xc3\xbc", "A holds \"\xc3\xbc\", which is no PrintableString "
	    "character" },
	{ "A=x*y", "A holds \"*\", which is no PrintableString character" },
	{ "O=a\nb", "O holds \"\\x0A\", which is no PrintableString "
	    "character" },
	{ "O=a\xff", "O holds \"\\xFF\", which is no PrintableString "
	    "character (write {ddd})" },
	{ "O=\xc3\xbc@", "O holds \"@\", which is no PrintableString "
	    "character (write {ddd})" },
	{ "O=x*\xc2\x85", "O holds \"\\xC2\\x85\", which is no "
	    "PrintableString character (write {ddd})" },
	{ "O=a|b", "O holds \"|\", which is no PrintableString character" },
	{ "X.121=12a", "X.121 holds \"a\", which is no digit or space" },
	{ "N-ID=-1", "N-ID holds \"-\", which is no digit or space" },
	{ "O={1}", "O: \"{\" is not followed by three digits for each octet "
	    "and \"}\"" },
	{ "O={123", "O: \"{\" is not followed by three digits for each octet "
	    "and \"}\"" },
	{ "O={}", "O: \"{\" is not followed by three digits for each octet "
	    "and \"}\"" },
	{ "O={256}", "O: {256} is no octet" },
	{ "O={200}\xd0\x96", "O mixes octets of T.61 with characters that "
	    "T.61 does not have" },
	{ "OU1={255};OU2=\xd0\x96", "octets of T.61 and characters that T.61 "
	    "does not have cannot stand in one name or list" },
	{ "T-TY=fax", "T-TY must be tlx, ttx, g3fax, g4fax, ia5, vtx or a "
	    "number" },
	{ "T-TY=257", "T-TY is greater than 256" },
	{ "PSAP=zz", "PSAP must be the encoding of a PSAP address in "
	    "hexadecimal" },
	{ "PSAP=0500", "PSAP must be the encoding of a PSAP address in "
	    "hexadecimal" },
	{ "PSAP=a", "PSAP must be the encoding of a PSAP address in "
	    "hexadecimal" },
};

static void
test_refused(const struct refused *r)
{
	cx4_address *a;
	char why[200], cut[8];

	is_int(cx4_address_from_text(ctx, r->text, &a, why, sizeof(why)),
	    CX4_E_ADDRESS, "\"%s\" is refused", r->text);
	is_str(why, r->why, "\"%s\": reason", r->text);
	ok(a == NULL, "\"%s\": no address", r->text);
	cx4_address_from_text(ctx, r->text, &a, cut, sizeof(cut));
	ok(strlen(cut) < sizeof(cut), "\"%s\": reason is cut", r->text);
	is_int(cx4_address_from_text(ctx, r->text, &a, NULL, 0),
	    CX4_E_ADDRESS, "\"%s\": without a reason", r->text);
}

/* One more character than each attribute may have. */
static const struct bound {
	const char *label;
	int max;
	char letter;
} bounds[] = {
	{ "A", 16, 'x' }, { "P", 16, 'x' }, { "O", 64, 'x' },
	{ "OU1", 32, 'x' }, { "S", 40, 'x' }, { "CN", 64, 'x' },
	{ "X.121", 16, '1' }, { "T-ID", 24, 'x' }, { "N-ID", 32, '1' },
	{ "ISDN", 15, '1' }, { "PD-SN", 16, 'x' }, { "PD-PC", 16, 'x' },
	{ "PD-S", 30, 'x' }, { "PD-A1", 30, 'x' }, { "DDA:t", 128, 'x' },
	{ "S=x;G", 16, 'x' }, { "S=x;I", 5, 'x' }, { "S=x;Q", 3, 'x' },
	{ "ISDN=1;NET-SUB", 40, '1' }
};

static void
test_bound(const struct bound *b)
{
	char text[200], why[200];
	cx4_address *a;
	int n;

	n = snprintf(text, sizeof(text), "%s=", b->label);
	memset(text + n, b->letter, (size_t)b->max + 1);
	text[n + b->max + 1] = '\0';
	is_int(cx4_address_from_text(ctx, text, &a, why, sizeof(why)),
	    CX4_E_ADDRESS, "%s of %d characters", b->label, b->max + 1);
	ok(strstr(why, "is longer than") != NULL, "%s: %s", b->label, why);
	text[n + b->max] = '\0';
	is_int(cx4_address_from_text(ctx, text, &a, why, sizeof(why)),
	    CX4_OK, "%s of %d characters", b->label, b->max);
	cx4_address_free(&a);
}

static void
test_teletex_bounds(void)
{
	cx4_address *a;

	/* Three characters, six octets of T.61. */
	is_int(cx4_address_from_text(ctx, "S=x;Q=*\xc3\xbc\xc3\xbc\xc3\xbc",
	    &a, NULL, 0), CX4_OK, "a teletex bound counts characters");
	cx4_address_free(&a);
	is_int(cx4_address_from_text(ctx,
	    "S=x;Q=*\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", &a, NULL, 0),
	    CX4_E_ADDRESS, "one too many");
	is_int(cx4_address_from_text(ctx, "DDA:ninechars=x", &a, NULL, 0),
	    CX4_E_ADDRESS, "the type of a DDA has 8 characters at most");
}

/* ------------------------------------------------------------------- BER */

static const struct ber_case {
	const char *name;
	const char *hex;
	const char *f401;	/* NULL: refused */
} bers[] = {
	{ "ORAddress", "3005 3003 8301 78", "O=x" },
	{ "x400Address", "a305 3003 8301 78", "O=x" },
	{ "ORName", "6005 3003 8301 78", "O=x" },
	{ "ORName with directory-name",
	    "6009 3003 8301 78 a002 3000", "O=x" },
	{ "ORName under [0]", "a009 3003 8301 78 a002 3000", "O=x" },
	{ "ORName under [2]", "a205 3003 8301 78", "O=x" },
	{ "directory-name in an ORAddress", "3009 3003 8301 78 a002 3000",
	    NULL },
	{ "nothing but a directory-name", "6006 3000 a002 3000", NULL },
	{ "an empty ORName", "6002 3000", NULL },
	{ "an ORAddress without anything", "3000", NULL },
	{ "another tag", "3105 3003 8301 78", NULL },
	{ "a primitive tag", "8305 3003 8301 78", NULL },
	{ "octets behind", "3005 3003 8301 78 00", NULL },
	{ "no octets", "", NULL },
	{ "members out of order", "3008 3006 8301 78 8101 79", NULL },
	{ "an unknown member", "3008 3006 8301 78 8901 79", NULL },
	/* Quirks of BER, X.690. */
	{ "indefinite lengths", "3080 3080 8301 78 0000 0000", "O=x" },
	{ "long lengths", "30820009 30820005 83820001 78", "O=x" },
	{ "an indefinite SET",
	    "3080 3080 a580 8001 53 8101 47 0000 0000 0000", "G=G; S=S" },
	{ "a SET in any order", "300a 3008 a506 8101 47 8001 53",
	    "G=G; S=S" },
	{ "a constructed string in another, with a NUL",
	    "300f 300d 610b 3309 1301 4e 3304 1302 4f 00", "C=NO\\x00" },
	{ "a constructed PrintableString",
	    "300c 300a 6108 3306 1301 4e 1301 4f", "C=NO" },
	{ "a constructed implicit string", "300a 3008 a306 0401 78 0401 79",
	    "O=xy" },
	{ "the same, indefinite",
	    "3080 3080 a380 0401 78 0401 79 0000 0000 0000", "O=xy" },
	{ "the same in a name",
	    "300c 300a a508 a006 1301 78 1301 79", "S=xy" },
	{ "the same in a teletex name",
	    "3017 3000 3113 3011 8001 04 a10c 310a a008 1402 78c8 0402 7561",
	    "S=x\xc3\xbc" "a" },
	/* What no text could say, and is carried all the same. */
	{ "control characters", "3007 3005 8303 61000a", "O=a\\x00\\x0A" },
	{ "a star and braces", "3006 3004 8302 2a7b", "O=\\x2A\\x7B" },
	{ "a semicolon", "3006 3004 8302 3b78", "O=;;x" },
	{ "a backslash", "3006 3004 8302 5c78", "O=\\x5Cx" },
	{ "an at sign", "3006 3004 8302 4078", "O=@x" },
	{ "octets beyond ASCII", "3006 3004 8302 c3bc", "O=\\xC3\\xBC" },
	{ "an ADMD of no octets", "300a 3008 6104 1302 4e4f 6200",
	    NULL },
	{ "an empty ADMD", "300c 300a 6104 1302 4e4f 6202 1300", "C=NO" },
	{ "five OU", "3013 3011 a60f 1301 61 1301 62 1301 63 1301 64 1301 65",
	    "OU1=a; OU2=b; OU3=c; OU4=d; OU5=e" },
	{ "a long initial", "300c 300a a508 8001 53 8203 414243",
	    "I=ABC; S=S" },
	{ "no surname", "3007 3005 a503 8101 47", "G=G" },
	{ "an unknown extension",
	    "300e 3000 310a 3008 8001 63 a103 1301 78", "EXT-99=130178" },
	{ "a large id", "300f 3000 310b 3009 8002 0100 a103 1301 78",
	    "EXT-256=130178" },
	{ "a common name that is none",
	    "300e 3000 310a 3008 8001 01 a103 1401 78", "EXT-1=140178" },
	{ "two common names",
	    "3018 3000 3114 3008 8001 01 a103 1301 78 3008 8001 01 a103 1301 "
	    "79", "CN=x; EXT-1=130179" },
	{ "an empty PDSParameter", "300d 3000 3109 3007 8001 11 a102 3100",
	    "EXT-17=3100" },
	{ "half a BMP character",
	    "3010 3000 310c 300a 8001 18 a105 3103 1e01 41",
	    "EXT-24=31031E0141" },
	{ "a language",
	    "3015 3000 3111 300f 8001 18 a10a 3108 1302 6e6f 1e02 00e5",
	    "CN=\xc3\xa5" },
	{ "four octets a character",
	    "3013 3000 310f 300d 8001 18 a108 3106 1c04 0001f427",
	    "CN=\xf0\x9f\x90\xa7" },
	{ "a surrogate", "3011 3000 310d 300b 8001 18 a106 3104 1e02 d800",
	    "CN=\\xD8\\x00" },
	{ "a DDA without value", "3009 3000 3005 3003 1301 78", NULL },
	{ "an empty DDA", "3006 3000 3002 3000", NULL },
	{ "marks that turn text round",
	    "3011 3000 310d 300b 8001 18 a106 3104 1e02 202e",
	    "CN=\\xE2\\x80\\xAE" },
};

static void
test_ber(const struct ber_case *c)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	cx4_address *a, *again;
	unsigned char *der;
	char why[200], *text;
	size_t len;
	int code;

	add_hex(&b, c->hex);
	code = cx4_address_from_ber(ctx, b.data, b.len, &a, why, sizeof(why));
	is_int(code, c->f401 != NULL ? CX4_OK : CX4_E_ADDRESS, "%s", c->name);
	ok((a != NULL) == (c->f401 != NULL), "%s: address", c->name);
	ok((*why != '\0') == (c->f401 == NULL), "%s: %s", c->name, why);
	cx4i_buf_free(&b);
	if (a == NULL)
		return;
	text = cx4_address_to_text(a, CX4_FORM_F401);
	is_str(text, c->f401, "%s: text", c->name);
	cx4_free(text);
	cx4_address_to_der(ctx, a, &der, &len);
	is_int(cx4_address_from_ber(ctx, der, len, &again, NULL, 0), CX4_OK,
	    "%s: DER is read", c->name);
	if (strstr(c->f401, "EXT-") != NULL)
		ok(!cx4_address_equal(a, again), "%s: equals nothing",
		    c->name);
	else
		ok(cx4_address_equal(a, again), "%s: equal", c->name);
	cx4_free(der);
	cx4_address_free(&a);
	cx4_address_free(&again);
}

/* ------------------------------------------------------------ comparison */

static const struct pair {
	const char *a, *b;	/* text, or hexadecimal after "#" */
	int equal;
} pairs[] = {
	/* Case, spaces, order. */
	{ "C=NO;A=Telemax;S=Eggen", "c=no;a=TELEMAX;s=eggen", 1 },
	{ "O=a  bank   ltd", "/O=a bank ltd/", 1 },
	{ "#30083006 8304 20612020", "O=a", 1 },
	{ "O=a b", "O=ab", 0 },
	{ "C=NO;O=x;S=y", "S=y;O=x;C=NO", 1 },
	{ "OU1=a;OU2=b", "OU1=b;OU2=a", 0 },
	{ "OU1=a;OU2=b", "OU2=b;OU1=a", 1 },
	{ "OU1=a;OU2=b", "/OU=b/OU=a/", 1 },
	{ "DDA:a=1;DDA:b=2", "DDA:b=2;DDA:a=1", 0 },
	{ "DDA:Type=Value", "DDA:TYPE=VALUE", 1 },
	{ "DDA:a=1", "DDA:b=1", 0 },
	{ "DDA:a=1", "DDA:a=2", 0 },
	/* One side has more. */
	{ "C=NO;A=x;P=y", "C=NO;A=x;P=y;S=Eggen", 0 },
	{ "C=NO;A=x;P=y;S=Eggen", "C=NO;A=x;P=y", 0 },
	{ "S=x", "S=x;G=y", 0 },
	{ "CN=x", "CN=x;T-TY=ia5", 0 },
	{ "DDA:a=1", "DDA:a=1;DDA:b=2", 0 },
	{ "O=x", "OU1=x", 0 },
	/* ADMD. */
	{ "C=NO;P=x", "C=NO;P=x;A=", 1 },
	{ "#30093007 a205 1303 616263", "P=abc", 1 },
	{ "#300d300b 6202 1300 a205 1303 616263", "P=abc", 1 },
	{ "#300f300d 6204 1302 2020 a205 1303 616263", "P=abc", 1 },
	{ "C=NO;P=x;A=0", "C=NO;P=x;A=", 0 },
	{ "C=NO;P=x;A=0", "C=NO;P=x;A=0", 1 },
	{ "C=NO;P=x;A=y", "C=NO;P=x", 0 },
	/* Numeric and printable. */
	{ "#30083006 a204 1302 3432", "#30083006 a204 1202 3432", 1 },
	{ "#30093007 6105 1303 323432", "C=242;A=", 1 },
	{ "C=242", "C=NO", 0 },
	{ "PD-PC=1", "#300e3000310a30088001 09a103 1301 31", 1 },
	/* Printable, teletex, universal. */
	{ "S=Mueller*M\xc3\xbcller", "S=Mueller", 1 },
	{ "S=Mueller*M\xc3\xbcller", "S=M\xc3\xbcller", 1 },
	{ "S=Mueller*M\xc3\xbcller", "S=M\xc3\x9cLLER", 1 },
	{ "S=Mueller", "S=M\xc3\xbcller", 0 },
	{ "CN=abc", "#3010 3000 310c 300a 8001 02 a105 1403 414243", 1 },
	{ "CN=ab", "#3013 3000 310f 300d 8001 18 a108 3106 1e04 00410062", 1 },
	{ "CN=\xc3\xa5", "#3011 3000 310d 300b 8001 18 a106 3104 1e02 00c5",
	    1 },
	{ "#3015 3000 3111 300f 8001 18 a10a 3108 1302 6e6f 1e02 00e5",
	    "CN=\xc3\xa5", 1 },
	{ "CN=\xd0\x96", "CN=\xd0\xb6", 1 },
	{ "O={255}", "O={254}", 0 },
	{ "O={255}", "O={255}", 1 },
	/* Directory name, unknown extensions, PSAP. */
	{ "#6009 3003 8301 78 a002 3000", "O=x", 1 },
	{ "#3011 3003 8301 78 310a 3008 8001 63 a103 1301 78", "O=x", 0 },
	{ "PSAP=a00ca30a31080402030404020102",
	    "PSAP=a00ca30a31080402010204020304", 1 },
	{ "PSAP=a00ca30a31080402030404020102",
	    "PSAP=a00ca30a31080402010204020305", 0 },
	{ "PD-A1=a;PD-A2=b", "PD-A=A|B", 1 },
	{ "PD-A1=a;PD-A2=b", "PD-A1=a", 0 },
	{ "T-TY=ia5", "T-TY=7", 1 },
	{ "T-TY=ia5", "T-TY=8", 0 },
};

static cx4_address *
either(const char *s)
{
	return *s == '#' ? from_hex(s + 1) : from_text(s);
}

static void
test_pair(const struct pair *p)
{
	cx4_address *a = either(p->a), *b = either(p->b);

	if (ok(a != NULL && b != NULL, "%s, %s", p->a, p->b)) {
		is_int(cx4_address_equal(a, b), p->equal, "\"%s\", \"%s\"",
		    p->a, p->b);
		is_int(cx4_address_equal(b, a), p->equal, "\"%s\", \"%s\"",
		    p->b, p->a);
	}
	cx4_address_free(&a);
	cx4_address_free(&b);
}

/* ---------------------------------------------------------------- damage */

static const char everything[] =
    "G=Anders*\xc3\x85nders;S=Eggen;I=A;Q=2;CN=x*\xc3\xb8;O=ffi*\xd0\x96;"
    "OU1=a*\xc3\xa9;OU2=b;DDA:t=v;DDA:u=w*\xc3\xbc;P=mil;A=telemax;C=NO;"
    "X.121=12;T-ID=t;N-ID=5;ISDN=47;NET-SUB=1;T-TY=ia5;PD-SN=s;PD-C=NO;"
    "PD-PC=12;PD-S=s*\xc3\xa6;PD-A=l1|l2*l{013010};PD-U=\xd0\x96";

static void
read_copy(const unsigned char *der, size_t len, int *code)
{
	struct cx4i_slice in = exact_copy(der, len);
	unsigned char *again;
	cx4_address *a;
	char *text;
	size_t n;

	*code = cx4_address_from_ber(ctx, in.data, in.len, &a, NULL, 0);
	if (a != NULL) {
		text = cx4_address_to_text(a, CX4_FORM_F401);
		cx4_free(text);
		text = cx4_address_to_text(a, CX4_FORM_MIXER);
		cx4_free(text);
		cx4_address_to_der(ctx, a, &again, &n);
		cx4_free(again);
		cx4_address_equal(a, a);
	}
	cx4_address_free(&a);
	free((void *)(uintptr_t)in.data);
}

static void
test_damage(void)
{
	cx4_address *a = from_text(everything);
	unsigned char *der, octet;
	uint32_t seed = 20040701;
	int code, i, bad = 0, damaged = 0;
	size_t len, n;

	if (!ok(a != NULL, "an address of many attributes"))
		return;
	cx4_address_to_der(ctx, a, &der, &len);
	for (n = 0; n < len; n++) {
		read_copy(der, n, &code);
		bad += code != CX4_E_ADDRESS;
	}
	is_int(bad, 0, "every truncation is refused");
	for (i = 0; i < DAMAGE_ROUNDS; i++) {
		seed = seed * 1664525 + 1013904223;
		n = (seed >> 8) % len;
		octet = der[n];
		der[n] = (unsigned char)(seed >> 24);
		read_copy(der, len, &code);
		der[n] = octet;
		damaged += code != CX4_OK;
		bad += code != CX4_OK && code != CX4_E_ADDRESS;
	}
	is_int(bad, 0, "damage is refused or carried");
	ok(damaged > DAMAGE_ROUNDS / 10, "%d of %d were refused", damaged,
	    DAMAGE_ROUNDS);
	cx4_free(der);
	cx4_address_free(&a);
}

static void
test_text_damage(void)
{
	static const char letters[] = "/;=$*{}|:. \x01\x80\xc3\xff" "aA0";
	char text[sizeof(everything)];
	uint32_t seed = 42;
	int i, code, bad = 0;
	cx4_address *a;
	size_t n;

	for (i = 0; i < DAMAGE_ROUNDS; i++) {
		memcpy(text, everything, sizeof(text));
		seed = seed * 1664525 + 1013904223;
		n = (seed >> 8) % (sizeof(text) - 1);
		text[n] = letters[(seed >> 3) % (sizeof(letters) - 1)];
		if (i % 3 == 0)
			text[(seed >> 16) % (sizeof(text) - 1)] = '\0';
		code = cx4_address_from_text(ctx, text, &a, NULL, 0);
		bad += code != CX4_OK && code != CX4_E_ADDRESS;
		bad += (a != NULL) != (code == CX4_OK);
		cx4_address_free(&a);
	}
	is_int(bad, 0, "damaged text is refused or read");
}

/* Far more values than an address can have. */
static void
test_many(void)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	cx4_address *a;
	char why[200];

	add_hex(&b, "30820cec 30820ce8 a6820ce4");
	while (b.len < 12 + 3300)
		add_hex(&b, "130178");
	is_int(cx4_address_from_ber(ctx, b.data, b.len, &a, why, sizeof(why)),
	    CX4_E_ADDRESS, "eleven hundred OU");
	is_str(why, "there are too many attributes", "reason");
	cx4_address_free(&a);
	cx4i_buf_free(&b);
}

int
main(void)
{
	cx4_address *none = NULL;
	size_t i;

	ctx = cx4_ctx_new();
	for (i = 0; i < COUNT(texts); i++)
		test_text(&texts[i]);
	for (i = 0; i < COUNT(refusals); i++)
		test_refused(&refusals[i]);
	for (i = 0; i < COUNT(bounds); i++)
		test_bound(&bounds[i]);
	test_teletex_bounds();
	for (i = 0; i < COUNT(bers); i++)
		test_ber(&bers[i]);
	for (i = 0; i < COUNT(pairs); i++)
		test_pair(&pairs[i]);
	test_damage();
	test_text_damage();
	test_many();
	cx4_address_free(&none);
	cx4_address_free(NULL);
	cx4_ctx_free(&ctx);
	return done_testing();
}
