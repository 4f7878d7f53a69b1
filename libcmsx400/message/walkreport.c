/*
 * walkreport.c - the whole report in the order of its schema: the layout
 * of "cmsx400/1" is what stands here.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../encoding/oid.h"
#include "report.h"

/* The walk so far: a value other than 0 ends it. */
struct walk {
	const struct cx4_visitor *v;
	void *arg;
	int stopped;
};

static void
begin(struct walk *w, const char *name, int is_array)
{
	if (!w->stopped)
		w->stopped = w->v->begin(w->arg, name, is_array);
}

static void
end(struct walk *w)
{
	if (!w->stopped)
		w->stopped = w->v->end(w->arg);
}

/* NULL and "" both become null. */
static void
string(struct walk *w, const char *name, const char *value)
{
	if (value != NULL && *value == '\0')
		value = NULL;
	if (!w->stopped)
		w->stopped = w->v->string(w->arg, name, value);
}

static void
number(struct walk *w, const char *name, uint64_t value)
{
	if (!w->stopped)
		w->stopped = w->v->number(w->arg, name, value);
}

static void
boolean(struct walk *w, const char *name, int value)
{
	if (!w->stopped)
		w->stopped = w->v->boolean(w->arg, name, value);
}

static void
strings(struct walk *w, const char *name, char *const *list, size_t count)
{
	size_t i;

	begin(w, name, 1);
	for (i = 0; i < count; i++)
		string(w, NULL, list[i]);
	end(w);
}

/* { "oid", "name" }, or null. */
static void
oid(struct walk *w, const char *name, const char *dotted)
{
	if (dotted == NULL || *dotted == '\0') {
		string(w, name, NULL);
		return;
	}
	begin(w, name, 0);
	string(w, "oid", dotted);
	string(w, "name", cx4i_oid_name(cx4i_oid_find_text(dotted)));
	end(w);
}

static void
time_of(struct walk *w, const char *name, int64_t when)
{
	char text[CX4I_TIME_TEXT];

	cx4i_time_text(when, text);
	string(w, name, text);
}

static const char *
verdict_name(enum cx4_verdict v)
{
	static const char *const names[] = {
		"not-checked", "valid", "invalid", "absent", "unsupported",
		"no-certificate", "unknown"
	};

	return (unsigned int)v < sizeof(names) / sizeof(names[0]) ?
	    names[v] : "not-checked";
}

static void
verdicts(struct walk *w, const struct cx4i_signer_info *s)
{
	static const char *const names[CX4_CHECK_MAX_] = {
		"signature", "messageDigest", "contentType", "attributes",
		"signingCertificate", "path", "revocation", "strength"
	};
	int i;

	begin(w, "verdicts", 0);
	for (i = 0; i < CX4_CHECK_MAX_; i++)
		string(w, names[i], verdict_name(s->verdicts[i]));
	end(w);
}

static void
certificate(struct walk *w, const struct cx4i_signer_info *s)
{
	if (s->cert == NULL) {
		string(w, "certificate", NULL);
		return;
	}
	begin(w, "certificate", 0);
	string(w, "subject", s->subject);
	string(w, "issuer", s->issuer);
	string(w, "serial", s->serial);
	string(w, "sha256", s->fingerprint);
	end(w);
}

static void
attributes(struct walk *w, const struct cx4i_signer_info *s)
{
	begin(w, "attributes", 0);
	if (s->has_signing_time)
		time_of(w, "signingTime", s->signing_time);
	else
		string(w, "signingTime", NULL);
	if (s->has_capabilities)
		strings(w, "sMIMECapabilities", s->capabilities,
		    s->capabilities_count);
	else
		string(w, "sMIMECapabilities", NULL);
	string(w, "sMIMEEncryptionKeyPreference", s->key_preference);
	oid(w, "contentHints", s->hint);
	strings(w, "unknown", s->unknown, s->unknown_count);
	strings(w, "unsigned", s->unsigned_attrs, s->unsigned_count);
	end(w);
}

static void
error(struct walk *w, const char *name, const cx4_error *e)
{
	if (e == NULL || e->code == CX4_OK) {
		string(w, name, NULL);
		return;
	}
	begin(w, name, 0);
	string(w, "code", cx4_code_name(e->code));
	string(w, "text", e->text);
	if (e->layer >= 0)
		number(w, "layer", (uint64_t)e->layer);
	else
		string(w, "layer", NULL);
	if (e->offset != CX4I_NO_OFFSET)
		number(w, "offset", e->offset);
	else
		string(w, "offset", NULL);
	end(w);
}

static void
signer(struct walk *w, const struct cx4i_signer_info *s)
{
	begin(w, NULL, 0);
	string(w, "sid", s->sid);
	string(w, "digest", s->digest);
	string(w, "signature", s->signature);
	certificate(w, s);
	verdicts(w, s);
	attributes(w, s);
	strings(w, "x400", s->x400, s->x400_count);
	error(w, "error", &s->err);
	end(w);
}

static void
recipient(struct walk *w, const struct cx4i_recipient_info *r)
{
	begin(w, NULL, 0);
	string(w, "type", r->type);
	string(w, "rid", r->rid);
	boolean(w, "used", r->used);
	end(w);
}

static void
signed_part(struct walk *w, const struct cx4i_layer_info *l)
{
	size_t i;

	if (l->type != CX4_LAYER_SIGNED) {
		string(w, "signers", NULL);
		string(w, "certificates", NULL);
		return;
	}
	begin(w, "signers", 1);
	for (i = 0; i < l->signer_count; i++)
		signer(w, &l->signers[i]);
	end(w);
	number(w, "certificates", l->certificate_count);
}

static void
enveloped_part(struct walk *w, const struct cx4i_layer_info *l)
{
	size_t i;

	if (!cx4i_is_encrypted(l->type)) {
		string(w, "recipients", NULL);
		string(w, "cipher", NULL);
		string(w, "integrity", NULL);
		return;
	}
	begin(w, "recipients", 1);
	for (i = 0; i < l->recipient_count; i++)
		recipient(w, &l->recipients[i]);
	end(w);
	string(w, "cipher", l->cipher);
	string(w, "integrity", l->integrity ? "tag" : "none");
}

static void
layer(struct walk *w, const struct cx4i_layer_info *l)
{
	static const char *const types[] = {
		NULL, "signedData", "envelopedData", "authEnvelopedData"
	};

	begin(w, NULL, 0);
	number(w, "depth", (uint64_t)l->depth);
	string(w, "type", types[l->type]);
	string(w, "form", l->content_info ? "contentInfo" : "bare");
	oid(w, "contentType", l->content_type);
	signed_part(w, l);
	enveloped_part(w, l);
	error(w, "error", &l->err);
	end(w);
}

static void
input(struct walk *w, const cx4_report *r)
{
	begin(w, "input", 0);
	number(w, "octets", r->octets);
	string(w, "encoding", r->encoding);
	if (r->mime != NULL && r->mime->complete) {
		begin(w, "mime", 0);
		string(w, "type", r->mime->media_type);
		string(w, "smimeType", r->mime->smime_type);
		end(w);
	} else {
		string(w, "mime", NULL);
	}
	end(w);
}

static const char *
originator_name(enum cx4_originator o)
{
	static const char *const names[] = {
		"not-checked", "match", "mismatch",
		"no-address-in-certificate", "no-originator",
		"not-understood"
	};

	return names[o];
}

static void
recipients(struct walk *w, const struct cx4i_heading *h)
{
	const char *text, *kind;
	size_t i, n = cx4i_heading_recipients(h);

	begin(w, "recipients", 1);
	for (i = 0; i < n; i++) {
		text = cx4i_heading_recipient(h, i, &kind);
		if (text == NULL)
			break;
		begin(w, NULL, 0);
		string(w, "kind", kind);
		string(w, "address", text);
		end(w);
	}
	end(w);
}

static void
content(struct walk *w, const cx4_report *r)
{
	const struct cx4i_heading *h = r->heading;
	int readable = h != NULL &&
	    cx4i_heading_state(h) == CX4I_HEADING_READ;

	if (!r->has_content) {
		string(w, "content", NULL);
		return;
	}
	begin(w, "content", 0);
	oid(w, "type", r->content_type);
	number(w, "octets", r->content_octets);
	string(w, "originator", r->originator);
	string(w, "originatorCheck", originator_name(r->originator_check));
	string(w, "subject", readable ? cx4i_heading_subject(h) : NULL);
	string(w, "messageId", readable ? cx4i_heading_message_id(h) : NULL);
	if (readable)
		recipients(w, h);
	else
		string(w, "recipients", NULL);
	end(w);
}

/* RFC 3855 sections 2.2 and 2.5. */
static void
mts(struct walk *w, const cx4_report *r)
{
	const char *eit;

	if (r->layer_count == 0 || r->layers[0]->type == 0) {
		string(w, "mts", NULL);
		return;
	}
	begin(w, "mts", 0);
	oid(w, "contentType", cx4_mts_content_type(r->mime != NULL ||
	    r->wrapped));
	begin(w, "eits", 1);
	eit = r->smime_type != NULL ? cx4_mts_eit(r->smime_type) : NULL;
	if (eit != NULL)
		oid(w, NULL, eit);
	end(w);
	string(w, "smimeType", r->smime_type);
	end(w);
}

static void
warnings(struct walk *w, const cx4_report *r)
{
	const struct cx4i_warning *warning;
	size_t i;

	begin(w, "warnings", 1);
	for (i = 0; i < r->warnings.count; i++) {
		warning = &r->warnings.list[i];
		begin(w, NULL, 0);
		string(w, "code", cx4_code_name(warning->code));
		if (warning->layer >= 0)
			number(w, "layer", (uint64_t)warning->layer);
		else
			string(w, "layer", NULL);
		string(w, "text", warning->text);
		end(w);
	}
	end(w);
}

int
cx4_report_walk(const cx4_report *r, const struct cx4_visitor *v, void *arg)
{
	struct walk w = { v, arg, 0 };
	size_t i;

	begin(&w, NULL, 0);
	input(&w, r);
	begin(&w, "layers", 1);
	for (i = 0; i < r->layer_count; i++)
		if (r->layers[i]->type != 0)
			layer(&w, r->layers[i]);
	end(&w);
	content(&w, r);
	mts(&w, r);
	warnings(&w, r);
	error(&w, "error", r->err);
	end(&w);
	return w.stopped;
}
