/*
 * detached.h - the little of a message that OpenSSL's CMS gets to see.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef CX4I_DETACHED_H
#define CX4I_DETACHED_H

#include <openssl/cms.h>

#include "../base/ctx.h"
#include "../encoding/der.h"

/*
 * A ContentInfo without content, from its encoding; `d` is freed. The
 * caller's; NULL if it is none or memory is short.
 */
CMS_ContentInfo *cx4i_detached(const cx4_ctx *, struct cx4i_der *d);

#endif
