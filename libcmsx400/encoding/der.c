/*
 * der.c - writing DER: X.690 sections 8.1, 10.3 and 11.6.
 *
 * Does NOT check that what is put in as encoded is DER, or fits the
 * identifier it is put under.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "der.h"
#include "oid.h"

#define DAY 86400
#define DAYS_TO_1970 719528		/* from 1 January of the year 0 */
#define YEAR_0 (-(int64_t)DAYS_TO_1970 * DAY)
#define YEAR_10000 INT64_C(253402300800)

void
cx4i_der_init(struct cx4i_der *d)
{
	memset(d, 0, sizeof(*d));
}

void
cx4i_der_free(struct cx4i_der *d)
{
	cx4i_buf_free(&d->buf);
	cx4i_der_init(d);
}

int
cx4i_der_ok(const struct cx4i_der *d)
{
	return !d->failed && d->depth == 0;
}

void
cx4i_der_raw(struct cx4i_der *d, const void *data, size_t len)
{
	if (!d->failed && cx4i_buf_add(&d->buf, data, len) != 0)
		d->failed = 1;
}

void
cx4i_der_slice(struct cx4i_der *d, struct cx4i_slice s)
{
	cx4i_der_raw(d, s.data, s.len);
}

void
cx4i_der_value(struct cx4i_der *d, uint8_t ident, const void *data,
    size_t len)
{
	uint8_t header[CX4I_DER_HEADER];

	cx4i_der_raw(d, header, cx4i_der_header(header, ident, len));
	cx4i_der_raw(d, data, len);
}

void
cx4i_der_open(struct cx4i_der *d, uint8_t ident)
{
	if (d->depth == CX4I_DER_DEPTH)
		d->failed = 1;
	cx4i_der_raw(d, &ident, 1);
	if (!d->failed)
		d->start[d->depth++] = d->buf.len;
}

/* The content of the innermost open element. */
static struct cx4i_slice
content(const struct cx4i_der *d)
{
	size_t start = d->start[d->depth - 1];
	struct cx4i_slice s = { d->buf.data + start, d->buf.len - start };

	return s;
}

void
cx4i_der_close(struct cx4i_der *d)
{
	uint8_t header[CX4I_DER_HEADER], *at;
	size_t len, n;

	if (d->depth == 0)
		d->failed = 1;
	if (d->failed)
		return;
	len = content(d).len;
	/* The identifier is there already: only the length goes in. */
	n = cx4i_der_header(header, 0, len) - 1;
	if (cx4i_buf_extend(&d->buf, n) == NULL) {
		d->failed = 1;
		return;
	}
	at = d->buf.data + d->start[--d->depth];
	memmove(at + n, at, len);
	memcpy(at, header + 1, n);
}

/* X.690 section 11.6. No encoding begins with another: no need to pad. */
static int
by_octets(const void *va, const void *vb)
{
	const struct cx4i_tlv *a = va, *b = vb;
	size_t n = a->whole.len < b->whole.len ? a->whole.len : b->whole.len;
	int diff = memcmp(a->whole.data, b->whole.data, n);

	if (diff != 0)
		return diff;
	return (a->whole.len > b->whole.len) - (a->whole.len < b->whole.len);
}

/* X.690 section 10.3, X.680 section 8.6: class, then number. */
static int
by_tag(const void *va, const void *vb)
{
	const struct cx4i_tlv *a = va, *b = vb;
	int class_a = a->ident & 0xc0, class_b = b->ident & 0xc0;

	if (class_a != class_b)
		return class_a - class_b;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	/* No SET has a tag twice; leave such as they stood. */
	return (a->whole.data > b->whole.data) -
	    (a->whole.data < b->whole.data);
}

static int
sort_content(struct cx4i_slice s, uint8_t *out,
    int (*order)(const void *, const void *))
{
	struct cx4i_slice rest = s;
	struct cx4i_tlv *all;
	long i, n = cx4i_tlv_count(s);

	if (n < 0 || (all = calloc((size_t)n + 1, sizeof(*all))) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		cx4i_tlv_next(&rest, &all[i]);
	qsort(all, (size_t)n, sizeof(*all), order);
	for (i = 0; i < n; i++) {
		memcpy(out, all[i].whole.data, all[i].whole.len);
		out += all[i].whole.len;
	}
	free(all);
	return 0;
}

static void
close_sorted(struct cx4i_der *d, int (*order)(const void *, const void *))
{
	struct cx4i_buf copy = { NULL, 0, 0 };

	if (d->depth == 0)
		d->failed = 1;
	if (!d->failed && content(d).len > 0) {
		if (cx4i_buf_add(&copy, content(d).data,
		    content(d).len) != 0 ||
		    sort_content(cx4i_buf_slice(&copy),
		    d->buf.data + d->start[d->depth - 1], order) != 0)
			d->failed = 1;
		cx4i_buf_free(&copy);
	}
	cx4i_der_close(d);
}

void
cx4i_der_close_set_of(struct cx4i_der *d)
{
	close_sorted(d, by_octets);
}

void
cx4i_der_close_set(struct cx4i_der *d)
{
	close_sorted(d, by_tag);
}

void
cx4i_der_uint(struct cx4i_der *d, uint64_t value)
{
	uint8_t octets[9];
	size_t i = sizeof(octets);

	do {
		octets[--i] = (uint8_t)value;
		value >>= 8;
	} while (value > 0);
	if (octets[i] & 0x80)
		octets[--i] = 0;
	cx4i_der_value(d, CX4I_INTEGER, octets + i, sizeof(octets) - i);
}

void
cx4i_der_null(struct cx4i_der *d)
{
	cx4i_der_value(d, CX4I_NULL, NULL, 0);
}

void
cx4i_der_oid(struct cx4i_der *d, struct cx4i_slice body)
{
	if (body.len == 0)
		d->failed = 1;
	cx4i_der_value(d, CX4I_OID, body.data, body.len);
}

void
cx4i_der_oid_text(struct cx4i_der *d, const char *dotted)
{
	struct cx4i_buf body = { NULL, 0, 0 };

	if (cx4i_oid_from_text(dotted, &body) != 0)
		d->failed = 1;
	else
		cx4i_der_oid(d, cx4i_buf_slice(&body));
	cx4i_buf_free(&body);
}

/* YYYYMMDDHHMMSSZ. Not gmtime: it may look into the environment. */
static void
time_text(int64_t when, char *out, size_t size)
{
	int64_t days = when / DAY, rest = when % DAY, year;
	int month, day;

	if (rest < 0) {
		rest += DAY;
		days--;
	}
	cx4i_civil_from_days(days, &year, &month, &day);
	snprintf(out, size, "%04d%02d%02d%02d%02d%02dZ", (int)year, month,
	    day, (int)(rest / 3600), (int)(rest / 60 % 60),
	    (int)(rest % 60));
}

void
cx4i_der_time(struct cx4i_der *d, int64_t when)
{
	char text[80];

	if (when < YEAR_0 || when >= YEAR_10000) {
		d->failed = 1;
		return;
	}
	time_text(when, text, sizeof(text));
	if (strcmp(text, "1950") >= 0 && strcmp(text, "2050") < 0)
		cx4i_der_value(d, CX4I_UTC_TIME, text + 2, strlen(text + 2));
	else
		cx4i_der_value(d, CX4I_GENERALIZED_TIME, text, strlen(text));
}
