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
#define P35 "2.6.7.10.1"
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
		n = n < 5 ? n + 1 + (int)pick(r, 3) : n;
	else if (len < 128)
		n = 0;
	if (n == 0) {
		put_octet(r, (uint8_t)len);
		return;
	}
	put_octet(r, (uint8_t)(0x80 | n));
	for (i = n; i-- > 0;)
		put_octet(r, i < 8 ? (uint8_t)(len >> (8 * i)) : 0);
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

/* The whole message, layer by layer from the content outwards. */
static struct cx4i_buf
their_message(const struct theirs *t, struct cx4i_slice content)
{
	struct cx4i_buf info = { NULL, 0, 0 }, next;
	struct layer list[MAX_LAYERS];
	size_t i, n = parse_layers(t->layers, list);
	const char *type = t->type != NULL ? t->type : P22;
	struct cx4i_slice inner = content;

	for (i = 0; i < n; i++) {
		next = their_info(t, &list[i], type, inner);
		if (t->how & (INDEFINITE | LONG_FORM | SEGMENTS))
			recode(&next, t->how);
		cx4i_buf_free(&info);
		info = next;
		type = type_of(&list[i]);
		if (i + 1 == n)
			break;
		if (t->how & WRAPPED) {
			inner = all_of(&info);
			continue;
		}
		if (t->how & (STREAM | INDEFINITE | LONG_FORM)) {
			struct cx4i_tlv ci, oid, explicit;
			struct cx4i_slice in = all_of(&info);

			need(cx4i_tlv_expect(&in, CX4I_SEQUENCE, &ci) == 0,
			    "ContentInfo");
			in = ci.body;
			need(cx4i_tlv_expect(&in, CX4I_OID, &oid) == 0 &&
			    cx4i_tlv_expect(&in, CX4I_CONTEXT_C(0),
			    &explicit) == 0, "ContentInfo");
			inner = explicit.body;
		} else {
			inner = bare_value(all_of(&info), type);
		}
	}
	return info;
}
