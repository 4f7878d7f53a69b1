/*
 * detached.c - the little of a message that OpenSSL's CMS gets to see.
 *
 * SPDX-License-Identifier: ISC
 */
#include <limits.h>

#include "detached.h"

CMS_ContentInfo *
cx4i_detached(const cx4_ctx *ctx, struct cx4i_der *d)
{
	const unsigned char *p = d->buf.data;
	CMS_ContentInfo *cms = NULL;

	if (cx4i_der_ok(d) && d->buf.len <= LONG_MAX &&
	    (cms = CMS_ContentInfo_new_ex(ctx->libctx, ctx->propq)) != NULL)
		d2i_CMS_ContentInfo(&cms, &p, (long)d->buf.len);
	cx4i_der_free(d);
	return cms;
}
