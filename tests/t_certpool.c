/*
 * t_certpool.c - finding the certificates that a SignerIdentifier means.
 *
 * SPDX-License-Identifier: ISC
 */
#include "../libcmsx400/cms/certpool.h"
#include "sample.h"
#include "tap.h"

static struct cx4i_slice
der_of(const char *name)
{
	return cx4i_buf_slice(&who(name)->der);
}

static size_t
find(struct cx4i_pool *pool, const char *name, int by_ski, X509 **found)
{
	const cx4_id *id = who(name);
	struct cx4i_sid sid = { by_ski, id->issuer, id->serial, id->ski };

	return cx4i_pool_find(pool, &sid, found);
}

/* The issuer's name again, its strings in another type and case. */
static struct cx4i_buf
reencoded(struct cx4i_slice name)
{
	const unsigned char *p = name.data;
	X509_NAME *from = d2i_X509_NAME(NULL, &p, (long)name.len), *to;
	struct cx4i_buf out = { NULL, 0, 0 };
	unsigned char *der = NULL;
	X509_NAME_ENTRY *e;
	ASN1_STRING *s;
	int i, n;

	to = X509_NAME_new();
	for (i = 0; i < X509_NAME_entry_count(from); i++) {
		e = X509_NAME_get_entry(from, i);
		s = X509_NAME_ENTRY_get_data(e);
		need(X509_NAME_add_entry_by_OBJ(to,
		    X509_NAME_ENTRY_get_object(e), V_ASN1_PRINTABLESTRING,
		    ASN1_STRING_get0_data(s), ASN1_STRING_length(s), -1, 0),
		    "entry");
	}
	n = i2d_X509_NAME(to, &der);
	need(n > 0 && cx4i_buf_add(&out, der, (size_t)n) == 0, "name");
	OPENSSL_free(der);
	X509_NAME_free(from);
	X509_NAME_free(to);
	return out;
}

static void
test_find(const struct cx4i_reading *reading)
{
	struct cx4i_slice certs[] = {
		der_of("bob"), der_of("twin"), der_of("alice"),
		{ (const uint8_t *)"\x30\x03\x02\x01\x01", 5 }
	};
	struct cx4i_sid nobody = { 1, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	X509 *found[CX4I_CANDIDATES];
	struct cx4i_pool pool;
	struct cx4i_buf name;
	struct cx4i_sid sid = nobody;
	STACK_OF(X509) *all;

	need(cx4i_pool_init(&pool, reading, certs, 4) == 0, "pool");
	is_int(find(&pool, "bob", 0, found), 1, "bob by issuer and serial");
	ok(X509_cmp(found[0], who("bob")->cert) == 0, "and it is he");
	is_int(find(&pool, "bob", 1, found), 1, "bob by key");
	is_int(find(&pool, "alice", 0, found), 2,
	    "alice and her twin have one number");
	ok(X509_cmp(found[0], who("twin")->cert) == 0 &&
	    X509_cmp(found[1], who("alice")->cert) == 0,
	    "in the order of the message");
	is_int(find(&pool, "carol", 0, found), 0, "carol is not there");
	is_int(find(&pool, "carol", 1, found), 0, "by key neither");
	is_int(find(&pool, "dave", 0, found), 1, "dave is an identity");
	is_int(cx4i_pool_find(&pool, &nobody, found), 0,
	    "an empty key identifier means nobody");
	name = reencoded(who("bob")->issuer);
	sid.by_ski = 0;
	sid.issuer = cx4i_buf_slice(&name);
	sid.serial = who("bob")->serial;
	ok(!cx4i_slice_equal(sid.issuer, who("bob")->issuer),
	    "a name encoded otherwise");
	is_int(cx4i_pool_find(&pool, &sid, found), 1, "is the same name");
	cx4i_buf_free(&name);
	all = cx4i_pool_all(&pool);
	is_int(sk_X509_num(all), 4, "all but the unreadable one");
	sk_X509_pop_free(all, X509_free);
	cx4i_pool_free(&pool);
}

static void
test_bounds(const struct cx4i_reading *reading)
{
	struct cx4i_slice certs[CX4I_CANDIDATES + 5];
	X509 *found[CX4I_CANDIDATES];
	struct cx4i_pool pool;
	size_t i;

	for (i = 0; i < CX4I_CANDIDATES + 5; i++)
		certs[i] = der_of("bob");
	need(cx4i_pool_init(&pool, reading, certs, i) == 0, "pool");
	is_int(find(&pool, "bob", 0, found), CX4I_CANDIDATES,
	    "no more candidates than are tried");
	is_int(find(&pool, "bob", 1, found), CX4I_CANDIDATES, "by key too");
	cx4i_pool_free(&pool);
}

int
main(void)
{
	cx4_policy *policy = cx4_policy_new(ctx(), NULL);
	cx4_id *ids[] = { who("dave") };
	struct cx4i_reading reading;

	memset(&reading, 0, sizeof(reading));
	reading.ctx = ctx();
	reading.policy = policy;
	reading.ids = ids;
	reading.id_count = 1;
	test_find(&reading);
	test_bounds(&reading);
	cx4_policy_free(&policy);
	sample_end();
	return done_testing();
}
