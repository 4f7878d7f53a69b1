/*
 * summary.c - what was found, in a few lines.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "../libcmsx400/cmsx400_openssl.h"
#include "certtext.h"
#include "summary.h"

static const char *const check_names[CX4_CHECK_MAX_] = {
	[CX4_CHECK_SIGNATURE] = "signature",
	[CX4_CHECK_DIGEST] = "digest",
	[CX4_CHECK_CONTENT_TYPE] = "content type",
	[CX4_CHECK_ATTRIBUTES] = "attributes",
	[CX4_CHECK_SIGNING_CERTIFICATE] = "signing certificate",
	[CX4_CHECK_PATH] = "certificate path",
	[CX4_CHECK_REVOCATION] = "revocation",
	[CX4_CHECK_STRENGTH] = "strength",
};

static const char *const verdict_names[] = {
	[CX4_V_NOT_CHECKED] = "not checked",
	[CX4_V_VALID] = "valid",
	[CX4_V_INVALID] = "invalid",
	[CX4_V_ABSENT] = "absent",
	[CX4_V_UNSUPPORTED] = "unsupported",
	[CX4_V_NO_CERTIFICATE] = "no certificate",
	[CX4_V_UNKNOWN] = "unknown",
};

static const char *const originator_names[] = {
	[CX4_ORIGINATOR_NOT_CHECKED] = "not checked",
	[CX4_ORIGINATOR_MATCH] = "is an address of the signer",
	[CX4_ORIGINATOR_MISMATCH] = "is not an address of the signer",
	[CX4_ORIGINATOR_NO_ADDRESS] = "no address in the certificate",
	[CX4_ORIGINATOR_NONE] = "none in the content",
	[CX4_ORIGINATOR_NOT_UNDERSTOOD] = "content not understood",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int
is_bad(enum cx4_verdict v)
{
	return v == CX4_V_INVALID || v == CX4_V_UNSUPPORTED ||
	    v == CX4_V_NO_CERTIFICATE;
}

/* The first check that is not good; the signature itself comes first. */
static void
describe_verdict(const cx4_report *report, size_t layer, size_t signer,
    char *out, size_t size)
{
	enum cx4_verdict v;
	int check;

	for (check = 0; check < CX4_CHECK_MAX_; check++) {
		v = cx4_report_verdict(report, layer, signer,
		    (enum cx4_check)check);
		if (is_bad(v) && (size_t)v < COUNT(verdict_names)) {
			snprintf(out, size, "%s: %s", check_names[check],
			    verdict_names[v]);
			return;
		}
	}
	v = cx4_report_verdict(report, layer, signer, CX4_CHECK_SIGNATURE);
	if (v != CX4_V_VALID) {
		snprintf(out, size, "signature not checked");
		return;
	}
	v = cx4_report_verdict(report, layer, signer, CX4_CHECK_PATH);
	if (v != CX4_V_VALID) {
		snprintf(out, size,
		    "signature valid, certificate path not checked");
		return;
	}
	v = cx4_report_verdict(report, layer, signer, CX4_CHECK_REVOCATION);
	snprintf(out, size, "%s", v == CX4_V_UNKNOWN ?
	    "valid, revocation status unknown" : "valid");
}

static void
show_signer(const struct run *run, const cx4_report *report, size_t layer,
    size_t signer)
{
	X509 *cert = cx4_report_signer_cert(report, layer, signer);
	char verdict[128], name[512], address[512];

	describe_verdict(report, layer, signer, verdict, sizeof(verdict));
	if (cert == NULL) {
		msg_note("layer %zu: signer unknown: %s", layer, verdict);
		return;
	}
	certtext_name(X509_get_subject_name(cert), name, sizeof(name));
	if (certtext_address(run->ctx, cert, address, sizeof(address)))
		msg_note("layer %zu: signed by %s (%s): %s", layer, name,
		    address, verdict);
	else
		msg_note("layer %zu: signed by %s: %s", layer, name, verdict);
}

static void
show_originator(const cx4_report *report)
{
	enum cx4_originator check = cx4_report_originator_check(report);
	const char *address = cx4_report_originator(report);

	if (check == CX4_ORIGINATOR_NOT_CHECKED ||
	    (size_t)check >= COUNT(originator_names))
		return;
	if (address != NULL)
		msg_note("originator %s: %s", address,
		    originator_names[check]);
	else
		msg_note("originator: %s", originator_names[check]);
}

void
summary_warnings(const struct run *run, const cx4_report *report)
{
	const char *text;
	size_t i;
	int code, layer;

	if (report == NULL || run->quiet)
		return;
	for (i = 0; i < cx4_report_warnings(report); i++) {
		code = cx4_report_warning(report, i, &text, &layer);
		/* The usual case of a pipe: no news. */
		if (code == CX4_W_BER && !run->verbose)
			continue;
		if (text == NULL)
			text = cx4_code_text(code);
		if (layer >= 0)
			msg_warning("%s (layer %d)", text, layer);
		else
			msg_warning("%s", text);
	}
}

void
summary_show(const struct run *run, const cx4_report *report)
{
	size_t layer, signer;

	if (report == NULL || run->quiet)
		return;
	for (layer = 0; layer < cx4_report_layers(report); layer++) {
		if (cx4_report_layer_type(report, layer) != CX4_LAYER_SIGNED)
			continue;
		for (signer = 0; signer < cx4_report_signers(report, layer);
		    signer++)
			show_signer(run, report, layer, signer);
	}
	show_originator(report);
	summary_warnings(run, report);
}
