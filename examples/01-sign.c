/*
 * 01-sign.c - sign X.400 content.
 *
 *	01-sign SIGNER.pem p22 <content >message
 *
 * The shortest use of a writer: one layer, one signer, one push. The message
 * is kept in memory until the library says commit.
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "example.h"

struct memory {
	unsigned char *data;
	size_t len;
};

static int
take(void *arg, const void *data, size_t len)
{
	struct memory *m = arg;
	unsigned char *grown = realloc(m->data, m->len + len);

	if (grown == NULL)
		return -1;
	memcpy(grown + m->len, data, len);
	m->data = grown;
	m->len += len;
	return 0;
}

/* Nothing leaves before everything is done: commit is 0 after a failure. */
static int
end(void *arg, int commit)
{
	struct memory *m = arg;

	if (!commit)
		return 0;
	return fwrite(m->data, 1, m->len, stdout) != m->len ||
	    fflush(stdout) != 0;
}

int
main(int argc, char **argv)
{
	struct memory message = { NULL, 0 };
	unsigned char *content;
	cx4_writer *w;
	cx4_ctx *ctx;
	cx4_id *signer;
	size_t len;
	int code;

	if (argc != 3) {
		fprintf(stderr, "usage: 01-sign SIGNER.pem TYPE\n");
		return 1;
	}
	ctx = cx4_ctx_new();
	w = ctx != NULL ? cx4_writer_new(ctx, NULL) : NULL;
	if (w == NULL)
		die("01-sign", CX4_E_NOMEM);
	signer = read_id(ctx, argv[1]);
	content = read_stream(stdin, "standard input", &len);

	if ((code = cx4_writer_set_content_type(w, argv[2])) != CX4_OK ||
	    (code = cx4_writer_add_layer(w, CX4_LAYER_SIGNED)) != CX4_OK ||
	    (code = cx4_writer_add_signer(w, signer)) != CX4_OK ||
	    (code = cx4_writer_set_content_length(w, len)) != CX4_OK ||
	    (code = cx4_writer_set_sink(w, take, end, &message)) != CX4_OK)
		die("01-sign", code);

	/* The writer keeps a failure of push; finish returns it. */
	cx4_writer_push(w, content, len);
	code = cx4_writer_finish(w);
	if (code != CX4_OK)
		fprintf(stderr, "01-sign: %s: %s\n", cx4_code_name(code),
		    cx4_error_text(cx4_writer_error(w)));

	cx4_writer_free(&w);
	cx4_id_free(&signer);
	cx4_ctx_free(&ctx);
	free(content);
	free(message.data);
	return code == CX4_OK ? 0 : 1;
}
