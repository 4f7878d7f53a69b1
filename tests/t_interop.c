/*
 * t_interop.c - both ways with OpenSSL's CMS functions, where its command
 * cannot do the job: EnvelopedData with an X.400 contentType (RFC 3854
 * section 3.3), any nesting of bare layers (section 3.4.1), and BER in all
 * the forms that X.690 section 8 allows.
 *
 * Layers are words as in sample.h, "S:alice E:bob,carol S:dave". A layer of
 * OpenSSL is built with its own calls alone, and a layer of ours is opened
 * with its own calls alone; between two layers only the ContentInfo is taken
 * off or put on. OpenSSL does not compare eContentType with the signed
 * attribute, so that is done here.
 *
 * SPDX-License-Identifier: ISC
 */
#include <openssl/cms.h>
#include <openssl/err.h>

#include "sample.h"
#include "tap.h"

#define P2 "2.6.1.10.0"
#define P35 "2.6.7.10.0"
#define P772 "1.3.26.0.4406.0.4.1"

#define MAX_LAYERS 8

static struct cx4i_slice
all_of(const struct cx4i_buf *b)
{
	return cx4i_buf_slice(b);
}

static BIO *
bio_on(struct cx4i_slice s)
{
	BIO *in = BIO_new_mem_buf(s.data, (int)s.len);

	need(in != NULL, "BIO");
	return in;
}

static struct cx4i_buf
take_bio(BIO *out)
{
	struct cx4i_buf b = { NULL, 0, 0 };
	char *p = NULL;
	long n = BIO_get_mem_data(out, &p);

	if (n > 0)
		need(cx4i_buf_add(&b, p, (size_t)n) == 0, "memory");
	BIO_free(out);
	return b;
}

/* --------------------------------------------------------- layers as words */

struct layer {
	char kind;
	char names[64];
};

static size_t
parse_layers(const char *text, struct layer list[MAX_LAYERS])
{
	size_t n, count = 0;

	while (*(text += strspn(text, " ")) != '\0') {
		n = strcspn(text, " ");
		need(count < MAX_LAYERS && n > 2 && n < 64 && text[1] == ':',
		    "layers");
		list[count].kind = text[0];
		memcpy(list[count].names, text + 2, n - 2);
		list[count++].names[n - 2] = '\0';
		text += n;
	}
	return count;
}

static const char *
type_of(const struct layer *l)
{
	return l->kind == 'S' ? OID_SIGNED : OID_ENVELOPED;
}

/* ------------------------------------------------------- BER out of DER */

/* How a layer is written before the next one goes around it. */
enum {
	STREAM = 1 << 0,	/* OpenSSL's own indefinite lengths */
	WRAPPED = 1 << 1,	/* inner layers keep their ContentInfo */
	INDEFINITE = 1 << 2,	/* every length outside signed parts */
	LONG_FORM = 1 << 3,	/* lengths in more octets than needed */
	SEGMENTS = 1 << 4	/* strings in pieces of odd sizes */
};

struct recode {
	struct cx4i_buf out;
	unsigned int how;
	uint64_t random;
};

static void
put(struct recode *r, const void *data, size_t len)
{
	need(cx4i_buf_add(&r->out, data, len) == 0, "memory");
}

static void
put_octet(struct recode *r, uint8_t octet)
{
	put(r, &octet, 1);
}

static uint32_t
pick(struct recode *r, uint32_t below)
{
	r->random = r->random * UINT64_C(6364136223846793005) + 1442695041;
	return (uint32_t)(r->random >> 40) % below;
}

static void
put_length(struct recode *r, size_t len)
{
	int i, n = 0;

	while (n < 8 && len >> (8 * n) != 0)
		n++;
	if (r->how & LONG_FORM)
		n = n < 5 ? n + 1 + (int)pick(r, 3) : 8;
	else if (len < 128)
		n = 0;
	if (n == 0) {
		put_octet(r, (uint8_t)len);
		return;
	}
	put_octet(r, (uint8_t)(0x80 | n));
	for (i = n; i-- > 0;)
		put_octet(r, (uint8_t)(len >> (8 * i)));
}

/* A constructed value of which the contents are known. */
static void
put_constructed(struct recode *r, uint8_t ident, struct cx4i_slice body)
{
	put_octet(r, ident | 0x20);
	if (r->how & INDEFINITE)
		put_octet(r, 0x80);
	else
		put_length(r, body.len);
	put(r, body.data, body.len);
	if (r->how & INDEFINITE)
		put(r, "\0\0", 2);
}

static size_t
segment_size(struct recode *r, size_t left)
{
	static const size_t sizes[] = { 1, 0, 3, 7, 127, 128, 129, 1000, 4099 };
	size_t n = sizes[pick(r, sizeof(sizes) / sizeof(sizes[0]))];

	return n < left ? n : left;
}

/* An OCTET STRING in segments, some of which are segmented themselves. */
static void
put_segments(struct recode *r, uint8_t ident, struct cx4i_slice s, int depth)
{
	struct recode inner = { { NULL, 0, 0 }, r->how, r->random };
	struct cx4i_slice piece;

	while (s.len > 0) {
		piece.data = s.data;
		piece.len = segment_size(&inner, s.len);
		s.data += piece.len;
		s.len -= piece.len;
		if (depth < 2 && pick(&inner, 5) == 0) {
			put_segments(&inner, CX4I_OCTET_STRING, piece,
			    depth + 1);
			continue;
		}
		put_octet(&inner, CX4I_OCTET_STRING);
		put_length(&inner, piece.len);
		put(&inner, piece.data, piece.len);
	}
	r->random = inner.random;
	put_constructed(r, ident, all_of(&inner.out));
	cx4i_buf_free(&inner.out);
}

/*
 * What a signature covers stays as it is. That is a [0] around SEQUENCEs
 * that do not begin with an INTEGER: the signed attributes, which must be
 * DER anyway (RFC 5652 section 5.3), and the certificates.
 */
static int
is_signed_part(const struct cx4i_tlv *t)
{
	struct cx4i_slice in = t->body;
	struct cx4i_tlv child, first;

	if (t->ident != CX4I_CONTEXT_C(0) ||
	    cx4i_tlv_expect(&in, CX4I_SEQUENCE, &child) != 0)
		return 0;
	in = child.body;
	return cx4i_tlv_next(&in, &first) == 1 && first.ident != CX4I_INTEGER;
}

static void
recode_all(struct recode *r, struct cx4i_slice in)
{
	struct recode inner;
	struct cx4i_tlv t;
	int n;

	while ((n = cx4i_tlv_next(&in, &t)) == 1) {
		if (is_signed_part(&t)) {
			put(r, t.whole.data, t.whole.len);
		} else if (t.ident & 0x20) {
			memset(&inner, 0, sizeof(inner));
			inner.how = r->how;
			inner.random = r->random + 1;
			recode_all(&inner, t.body);
			r->random = inner.random;
			put_constructed(r, t.ident, all_of(&inner.out));
			cx4i_buf_free(&inner.out);
		} else if ((r->how & SEGMENTS) &&
		    (t.ident == CX4I_OCTET_STRING ||
		    t.ident == CX4I_CONTEXT(0))) {
			put_segments(r, t.ident, t.body, 0);
		} else {
			put_octet(r, t.ident);
			put_length(r, t.body.len);
			put(r, t.body.data, t.body.len);
		}
	}
	need(n == 0, "no DER to write as BER");
}

/* The same message in other octets; `b` is replaced. */
static void
recode(struct cx4i_buf *b, unsigned int how)
{
	struct recode r = { { NULL, 0, 0 }, how, b->len };

	recode_all(&r, all_of(b));
	cx4i_buf_free(b);
	*b = r.out;
}

/* ------------------------------------------------------- OpenSSL's writing */

struct theirs {
	const char *layers;
	const char *type;		/* NULL: P22 */
	unsigned int how;
	const EVP_MD *md;		/* NULL: SHA-256 */
	const EVP_CIPHER *cipher;	/* NULL: AES-256-CBC */
	unsigned int flags;		/* CMS_USE_KEYID, CMS_CADES ... */
};

static void
add_their_signer(void *arg, const char *name)
{
	void **args = arg;
	const struct theirs *t = args[1];
	X509 *x = cx4_id_cert(who(name));
	EVP_PKEY *key = key_of(name);

	need(CMS_add1_signer(args[0], x, key,
	    t->md != NULL ? t->md : EVP_sha256(), t->flags | CMS_BINARY |
	    CMS_PARTIAL) != NULL, "CMS_add1_signer");
	EVP_PKEY_free(key);
}

static void
add_their_recipient(void *arg, const char *name)
{
	void **args = arg;
	const struct theirs *t = args[1];

	need(CMS_add1_recipient_cert(args[0], cx4_id_cert(who(name)),
	    t->flags & CMS_USE_KEYID) != NULL, "CMS_add1_recipient_cert");
}

/* The CA between the user and the trust anchor, in every SignedData. */
static void
add_their_chain(CMS_ContentInfo *cms)
{
	struct cx4i_buf pem = pki_file("int", ".pem");
	BIO *in = bio_on(all_of(&pem));
	X509 *x = PEM_read_bio_X509(in, NULL, NULL, NULL);

	need(x != NULL && CMS_add1_cert(cms, x), "CMS_add1_cert");
	X509_free(x);
	BIO_free(in);
	cx4i_buf_free(&pem);
}

static CMS_ContentInfo *
their_layer(const struct theirs *t, const struct layer *l)
{
	CMS_ContentInfo *cms;
	void *args[2];

	if (l->kind == 'S')
		cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_BINARY |
		    CMS_PARTIAL | CMS_STREAM);
	else
		cms = CMS_EnvelopedData_create(t->cipher != NULL ? t->cipher :
		    EVP_aes_256_cbc());
	need(cms != NULL && CMS_set_detached(cms, 0), "CMS");
	args[0] = cms;
	args[1] = (void *)(uintptr_t)t;
	for_words(l->names, l->kind == 'S' ? add_their_signer :
	    add_their_recipient, args);
	if (l->kind == 'S')
		add_their_chain(cms);
	return cms;
}

/* A ContentInfo of layer `l` around `content` of `type`. */
static struct cx4i_buf
their_info(const struct theirs *t, const struct layer *l, const char *type,
    struct cx4i_slice content)
{
	CMS_ContentInfo *cms = their_layer(t, l);
	ASN1_OBJECT *oid = OBJ_txt2obj(type, 1);
	BIO *in = bio_on(content), *out = BIO_new(BIO_s_mem());
	int ok;

	need(out != NULL && oid != NULL && CMS_set1_eContentType(cms, oid),
	    "CMS_set1_eContentType");
	if (t->how & STREAM)
		ok = i2d_CMS_bio_stream(out, cms, in, CMS_BINARY | CMS_STREAM);
	else
		ok = CMS_final(cms, in, NULL, CMS_BINARY) &&
		    i2d_CMS_bio(out, cms);
	need(ok, "CMS_final");
	ASN1_OBJECT_free(oid);
	BIO_free(in);
	CMS_ContentInfo_free(cms);
	return take_bio(out);
}

/*
 * The header of the element that `s` begins with: its length, and in *len
 * that of the contents, SIZE_MAX if indefinite.
 */
static size_t
header_of(struct cx4i_slice s, size_t *len)
{
	size_t i, n;

	need(s.len >= 2, "a header");
	*len = s.data[1];
	if (s.data[1] < 0x80)
		return 2;
	*len = SIZE_MAX;
	if (s.data[1] == 0x80)
		return 2;
	n = s.data[1] & 0x7f;
	need(s.len >= 2 + n, "a header");
	for (*len = 0, i = 0; i < n; i++)
		*len = *len << 8 | s.data[2 + i];
	return 2 + n;
}

/* The contents of an element that is all there is in `s`. */
static struct cx4i_slice
contents_of(struct cx4i_slice s)
{
	size_t len, n = header_of(s, &len);

	s.data += n;
	s.len -= len == SIZE_MAX ? n + 2 : n;
	need(len == SIZE_MAX || len == s.len, "octets after an element");
	return s;
}

/* The bare value in a ContentInfo, octet for octet, DER or not. */
static struct cx4i_slice
peel(struct cx4i_slice info)
{
	struct cx4i_slice in = contents_of(info);
	size_t len, n = header_of(in, &len);

	need(in.data[0] == CX4I_OID && n + len < in.len, "contentType");
	in.data += n + len;
	in.len -= n + len;
	return contents_of(in);
}

/* The whole message, layer by layer from the content outwards. */
static struct cx4i_buf
their_message(const struct theirs *t, struct cx4i_slice content)
{
	struct cx4i_buf info = { NULL, 0, 0 }, next;
	const char *type = t->type != NULL ? t->type : P22;
	struct layer list[MAX_LAYERS];
	struct cx4i_slice inner = content;
	size_t i, n = parse_layers(t->layers, list);

	for (i = 0; i < n; i++) {
		next = their_info(t, &list[i], type, inner);
		if (t->how & (INDEFINITE | LONG_FORM | SEGMENTS))
			recode(&next, t->how);
		cx4i_buf_free(&info);
		info = next;
		type = type_of(&list[i]);
		inner = t->how & WRAPPED ? all_of(&info) :
		    peel(all_of(&info));
	}
	return info;
}

/* ------------------------------------------------------- OpenSSL's reading */

static CMS_ContentInfo *
parse(struct cx4i_slice info)
{
	BIO *in = bio_on(info);
	CMS_ContentInfo *cms = d2i_CMS_bio(in, NULL);

	BIO_free(in);
	return cms;
}

/* eContentType is `type`, and so says the attribute of every signer. */
static int
same_types(CMS_ContentInfo *cms, const char *type)
{
	const ASN1_OBJECT *outer = CMS_get0_eContentType(cms);
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	ASN1_OBJECT *oid = OBJ_txt2obj(type, 1), *inner;
	int i, ok = oid != NULL && OBJ_cmp(outer, oid) == 0;

	for (i = 0; ok && i < sk_CMS_SignerInfo_num(signers); i++) {
		inner = CMS_signed_get0_data_by_OBJ(
		    sk_CMS_SignerInfo_value(signers, i),
		    OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);
		ok = inner != NULL && OBJ_cmp(inner, oid) == 0;
	}
	ASN1_OBJECT_free(oid);
	return ok;
}

/* RFC 3854 section 2.5: what our signers put in, once each. */
static int
attributes_there(CMS_ContentInfo *cms)
{
	static const int wanted[] = {
		NID_pkcs9_signingTime, NID_SMIMECapabilities,
		NID_id_smime_aa_encrypKeyPref,
		NID_id_smime_aa_signingCertificateV2
	};
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	CMS_SignerInfo *si;
	int i, at;
	size_t j;

	for (i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		si = sk_CMS_SignerInfo_value(signers, i);
		for (j = 0; j < sizeof(wanted) / sizeof(wanted[0]); j++) {
			at = CMS_signed_get_attr_by_NID(si, wanted[j], -1);
			if (at < 0 || CMS_signed_get_attr_by_NID(si,
			    wanted[j], at) >= 0)
				return 0;
		}
	}
	return 1;
}

static X509_STORE *
anchors(void)
{
	struct cx4i_buf pem = pki_file("ca", ".pem");
	X509_STORE *store = X509_STORE_new();
	BIO *in = bio_on(all_of(&pem));
	X509 *x = PEM_read_bio_X509(in, NULL, NULL, NULL);

	need(store != NULL && x != NULL && X509_STORE_add_cert(store, x),
	    "anchor");
	X509_free(x);
	BIO_free(in);
	cx4i_buf_free(&pem);
	return store;
}

/* What OpenSSL verifies out of a ContentInfo; 0, or -1 with an empty *out. */
static int
they_verify(struct cx4i_slice info, const char *type, unsigned int flags,
    struct cx4i_buf *out)
{
	CMS_ContentInfo *cms = parse(info);
	X509_STORE *store = anchors();
	BIO *sink = BIO_new(BIO_s_mem());
	int ok;

	ok = cms != NULL && same_types(cms, type) && CMS_verify(cms, NULL,
	    store, NULL, sink, flags | CMS_BINARY) == 1;
	if (ok && (flags & CMS_CADES))
		ok = attributes_there(cms);
	*out = take_bio(sink);
	if (!ok)
		cx4i_buf_free(out);
	X509_STORE_free(store);
	CMS_ContentInfo_free(cms);
	return ok ? 0 : -1;
}

/* The same for what OpenSSL decrypts as user `name`. */
static int
they_decrypt(struct cx4i_slice info, const char *type, const char *name,
    struct cx4i_buf *out)
{
	CMS_ContentInfo *cms = parse(info);
	EVP_PKEY *key = key_of(name);
	BIO *sink = BIO_new(BIO_s_mem());
	int ok;

	ok = cms != NULL && same_types(cms, type) && CMS_decrypt(cms, key,
	    cx4_id_cert(who(name)), NULL, sink, CMS_BINARY) == 1;
	*out = take_bio(sink);
	if (!ok)
		cx4i_buf_free(out);
	EVP_PKEY_free(key);
	CMS_ContentInfo_free(cms);
	return ok ? 0 : -1;
}

struct decrypting {
	struct cx4i_slice info;
	const char *type;
	struct cx4i_buf first;		/* what the first recipient got */
	int good, count;
};

static void
decrypt_as(void *arg, const char *name)
{
	struct decrypting *d = arg;
	struct cx4i_buf out;

	if (they_decrypt(d->info, d->type, name, &out) != 0) {
		note("not decrypted by %s", name);
		d->good = 0;
		return;
	}
	if (d->count++ == 0) {
		d->first = out;
		return;
	}
	if (!cx4i_slice_equal(all_of(&d->first), all_of(&out)))
		d->good = 0;
	cx4i_buf_free(&out);
}

static int
they_decrypt_all(struct cx4i_slice info, const char *type, const char *names,
    struct cx4i_buf *out)
{
	struct decrypting d = { info, type, { NULL, 0, 0 }, 1, 0 };

	for_words(names, decrypt_as, &d);
	*out = d.first;
	return d.good && d.count > 0 ? 0 : -1;
}

/*
 * Open every layer, and every EnvelopedData as each of its recipients.
 * `flags` are CMS_verify's. 0 with the content, or -1.
 */
static int
they_open(const char *layers, const struct cx4i_buf *message,
    unsigned int flags, struct cx4i_buf *content)
{
	struct cx4i_buf info = { NULL, 0, 0 };
	struct layer list[MAX_LAYERS];
	size_t i = parse_layers(layers, list);
	const char *type;
	int r;

	need(cx4i_buf_add(&info, message->data, message->len) == 0, "memory");
	for (;;) {
		type = --i > 0 ? type_of(&list[i - 1]) : P22;
		r = list[i].kind == 'S' ?
		    they_verify(all_of(&info), type, flags, content) :
		    they_decrypt_all(all_of(&info), type, list[i].names,
		    content);
		cx4i_buf_free(&info);
		if (r != 0) {
			note("layer %c:%s fails", list[i].kind, list[i].names);
			return -1;
		}
		if (i == 0)
			return 0;
		info = content_info(type, all_of(content));
		cx4i_buf_free(content);
	}
}

/* ------------------------------------------------------- theirs, by ours */

static struct cx4i_buf small, large;	/* a P22 of alice's, and octets */

static void
check_ours(const struct theirs *t, const struct cx4i_buf *message,
    const struct cx4i_buf *content, size_t chunk, const char *name)
{
	struct opening how = { .ids = "bob carol dave", .chunk = chunk };
	const char *type = t->type != NULL ? t->type : P22;
	struct outcome o;
	char line[80];

	open_message(&how, all_of(message), &o);
	snprintf(line, sizeof(line), "content.type.oid=%s", type);
	if (!is_int(o.code, CX4_OK, "%s: opens in chunks of %zu", name,
	    chunk)) {
		note("%s", o.text);
		outcome_free(&o);
		return;
	}
	is_mem(o.sink.octets.data, o.sink.octets.len, content->data,
	    content->len, "%s: the content", name);
	ok(ended(&o, 1) && says(&o, line), "%s: the type %s", name, type);
	ok(warned(&o, CX4_W_INNER_CONTENTINFO) ==
	    ((t->how & WRAPPED) && strchr(t->layers, ' ') != NULL),
	    "%s: a warning if nested as ContentInfo", name);
	outcome_free(&o);
}

/* Build, make sure that OpenSSL reads it too, and open. */
static void
check_theirs(const struct theirs *t, const struct cx4i_buf *content)
{
	struct cx4i_buf message = their_message(t, all_of(content)), again;
	char name[160];

	snprintf(name, sizeof(name), "theirs %s%s%s%s%s%s, %zu octets",
	    t->layers, t->how & STREAM ? " stream" : "",
	    t->how & WRAPPED ? " wrapped" : "",
	    t->how & INDEFINITE ? " indefinite" : "",
	    t->how & LONG_FORM ? " long-form" : "",
	    t->how & SEGMENTS ? " segments" : "", content->len);
	if (!(t->how & WRAPPED) && t->type == NULL) {
		ok(they_open(t->layers, &message, 0, &again) == 0,
		    "%s: OpenSSL reads it", name);
		cx4i_buf_free(&again);
	}
	check_ours(t, &message, content, 0, name);
	check_ours(t, &message, content, content->len > 4096 ? 4093 : 1,
	    name);
	cx4i_buf_free(&message);
}

static const char *const nestings[] = {
	"S:alice", "E:bob", "E:carol", "E:dave", "E:bob,carol,dave",
	"S:alice E:bob", "E:carol S:alice", "S:alice S:carol",
	"E:dave E:bob", "S:alice E:bob S:alice", "S:alice E:carol S:dave",
	"S:alice E:dave S:carol", "S:alice,carol E:bob,carol,dave S:alice",
	"S:alice E:bob E:carol S:dave", "E:bob S:alice E:carol",
	"S:alice S:carol S:dave E:bob E:carol E:dave"
};

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
test_nestings(void)
{
	static const unsigned int hows[] = { 0, STREAM, WRAPPED,
		STREAM | WRAPPED };
	struct theirs t;
	size_t i, j;

	for (i = 0; i < N(nestings); i++)
		for (j = 0; j < N(hows); j++) {
			memset(&t, 0, sizeof(t));
			t.layers = nestings[i];
			t.how = hows[j];
			check_theirs(&t, &small);
		}
}

static void
test_ber(void)
{
	static const unsigned int hows[] = { INDEFINITE, LONG_FORM, SEGMENTS,
		INDEFINITE | SEGMENTS, LONG_FORM | SEGMENTS,
		INDEFINITE | LONG_FORM | SEGMENTS | WRAPPED };
	struct theirs t;
	size_t i, j;

	for (i = 0; i < N(nestings); i++)
		for (j = 0; j < N(hows); j++) {
			memset(&t, 0, sizeof(t));
			t.layers = nestings[i];
			t.how = hows[j];
			t.flags = (i + j) % 2 == 0 ? CMS_USE_KEYID : 0;
			check_theirs(&t, (i + j) % 4 < 2 ? &large : &small);
		}
}

/* The contentType that the command cannot set, for every type of X.400. */
static void
test_types(void)
{
	static const char *const types[] = { P2, P22, P35, P772, OID_DATA,
		"1.3.6.1.4.1.99999.1" };
	struct theirs t;
	size_t i;

	for (i = 0; i < N(types); i++) {
		memset(&t, 0, sizeof(t));
		t.type = types[i];
		t.layers = "E:bob,carol";
		check_theirs(&t, &large);
		t.layers = "S:alice E:dave S:alice";
		t.how = STREAM;
		check_theirs(&t, &large);
	}
}

static void
test_algorithms(void)
{
	const EVP_CIPHER *ciphers[] = { EVP_aes_128_cbc(), EVP_aes_192_cbc(),
		EVP_aes_256_cbc(), EVP_des_ede3_cbc() };
	const EVP_MD *digests[] = { EVP_sha256(), EVP_sha384(), EVP_sha512() };
	static const unsigned int flags[] = { 0, CMS_USE_KEYID, CMS_CADES,
		CMS_NOSMIMECAP };
	struct theirs t;
	size_t i;

	for (i = 0; i < 12; i++) {
		memset(&t, 0, sizeof(t));
		t.layers = "S:alice,dave E:bob,carol S:alice";
		t.cipher = ciphers[i % N(ciphers)];
		t.md = digests[i % N(digests)];
		t.flags = flags[(i / 3) % N(flags)];
		t.how = i % 2 == 0 ? STREAM : 0;
		check_theirs(&t, i % 4 == 3 ? &large : &small);
	}
}

/*
 * OpenSSL is content with an eContentType that nobody signed; we are not
 * (RFC 5652 section 5.3, RFC 3854 section 3.2). Only the last arc differs.
 */
static void
test_relabelled(void)
{
	static const char p22[] = "\x06\x04\x56\x01\x0a\x01";
	struct theirs t = { .layers = "S:alice" };
	struct cx4i_buf message = their_message(&t, all_of(&small));
	struct opening how = { .ids = "bob" };
	CMS_ContentInfo *cms;
	X509_STORE *store = anchors();
	struct outcome o;
	size_t i;

	for (i = 0; i + 6 < message.len; i++)
		if (memcmp(message.data + i, p22, 6) == 0)
			break;
	message.data[i + 5] = 0;
	cms = parse(all_of(&message));
	ok(cms != NULL && CMS_verify(cms, NULL, store, NULL, NULL,
	    CMS_BINARY) == 1, "relabelled: OpenSSL verifies it");
	is_int(open_message(&how, all_of(&message), &o), CX4_E_TYPE_MISMATCH,
	    "relabelled: refused");
	ok(ended(&o, 0), "relabelled: nothing is released");
	outcome_free(&o);
	CMS_ContentInfo_free(cms);
	X509_STORE_free(store);
	cx4i_buf_free(&message);
}

/* ------------------------------------------------------- ours, by theirs */

static void
check_written(const struct writing *m, const struct cx4i_buf *content,
    unsigned int flags)
{
	struct cx4i_buf written = message(m, all_of(content)), got;

	if (!ok(they_open(m->layers, &written, flags, &got) == 0,
	    "ours %s, options %x%s, %zu octets: OpenSSL opens it", m->layers,
	    m->options, m->unknown_length ? ", BER" : "", content->len))
		ERR_print_errors_fp(stdout);
	is_mem(got.data, got.len, content->data, content->len,
	    "ours %s: the content", m->layers);
	cx4i_buf_free(&got);
	cx4i_buf_free(&written);
}

static void
test_written(void)
{
	static const unsigned int options[] = { 0, CX4_WRITE_SKI,
		CX4_WRITE_RSA_PSS | CX4_WRITE_RSA_OAEP };
	struct writing m;
	size_t i, j, k;

	for (i = 0; i < N(nestings); i++)
		for (j = 0; j < N(options); j++)
			for (k = 0; k < 2; k++) {
				memset(&m, 0, sizeof(m));
				m.layers = nestings[i];
				m.options = options[j];
				m.require = CX4_ALLOW_ORIGINATOR_MISMATCH;
				m.unknown_length = k == 1;
				check_written(&m, (i + j + k) % 2 == 0 ?
				    &large : &small, CMS_CADES);
			}
}

/* RFC 3854 section 3.3.1: the copy for the originator opens too. */
static void
test_copy(void)
{
	static const char *const originators[] = { "alice", "carol", "dave" };
	struct writing m = { .layers = "E:bob" };
	struct cx4i_buf written, got;
	size_t i;

	for (i = 0; i < N(originators); i++) {
		m.originator = originators[i];
		written = message(&m, all_of(&small));
		ok(they_decrypt(all_of(&written), P22, originators[i],
		    &got) == 0, "the copy of %s: OpenSSL decrypts it",
		    originators[i]);
		is_mem(got.data, got.len, small.data, small.len,
		    "the copy of %s: the content", originators[i]);
		cx4i_buf_free(&got);
		cx4i_buf_free(&written);
	}
}

static void
test_written_algorithms(void)
{
	struct writing m;
	int digest, cipher;

	for (digest = CX4_DIGEST_SHA1; digest <= CX4_DIGEST_SHA512; digest++)
		for (cipher = CX4_CIPHER_DES_EDE3_CBC;
		    cipher <= CX4_CIPHER_AES_256_CBC; cipher++) {
			memset(&m, 0, sizeof(m));
			m.layers = "S:alice E:bob,carol,dave S:alice";
			m.policy = "rfc3854";
			m.digest = (enum cx4_digest)digest;
			m.cipher = (enum cx4_cipher)cipher;
			/* SHA-1 has signingCertificate of version 1. */
			check_written(&m, &small,
			    digest != CX4_DIGEST_SHA1 ? CMS_CADES : 0);
		}
}

int
main(void)
{
	small = p22_from("alice", "line one\nline two\n");
	large = octets_of(100003);
	test_nestings();
	test_ber();
	test_types();
	test_algorithms();
	test_relabelled();
	test_written();
	test_copy();
	test_written_algorithms();
	cx4i_buf_free(&small);
	cx4i_buf_free(&large);
	sample_end();
	return done_testing();
}
