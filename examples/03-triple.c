/*
 * 03-triple.c - sign, encrypt, sign again, wrap for a mail transport.
 *
 *	03-triple SIGNER.pem p22 RECIPIENT.pem... <content >message.eml
 *
 * Layers are added from the innermost to the outermost. The content comes
 * from a descriptor and its length is not told, so the layers are BER; the
 * message goes to standard output as it is made. That is good for a pipe
 * whose reader looks at the exit code: after a failure what has been written
 * is not to be used.
 *
 * SPDX-License-Identifier: ISC
 */
#include <unistd.h>

#include "example.h"

static int
put(void *arg, const void *data, size_t len)
{
	return fwrite(data, 1, len, arg) != len;
}

static int
end(void *arg, int commit)
{
	return commit ? fflush(arg) : 0;
}

static int
add_signature(cx4_writer *w, cx4_id *signer)
{
	int code = cx4_writer_add_layer(w, CX4_LAYER_SIGNED);

	return code != CX4_OK ? code : cx4_writer_add_signer(w, signer);
}

static int
add_encryption(cx4_writer *w, cx4_ctx *ctx, char **recipients)
{
	int code = cx4_writer_add_layer(w, CX4_LAYER_ENVELOPED);
	cx4_id *id;

	for (; code == CX4_OK && *recipients != NULL; recipients++) {
		id = read_id(ctx, *recipients);
		code = cx4_writer_add_recipient(w, id);
		/* The writer has a reference of its own. */
		cx4_id_free(&id);
	}
	return code;
}

int
main(int argc, char **argv)
{
	cx4_ctx *ctx;
	cx4_id *signer;
	cx4_writer *w;
	int code;

	if (argc < 4) {
		fprintf(stderr,
		    "usage: 03-triple SIGNER.pem TYPE RECIPIENT.pem...\n");
		return 1;
	}
	ctx = cx4_ctx_new();
	w = ctx != NULL ? cx4_writer_new(ctx, NULL) : NULL;
	if (w == NULL)
		die("03-triple", CX4_E_NOMEM);
	signer = read_id(ctx, argv[1]);
	/* RFC 3854 section 3.3.1: a copy of the key for the originator. */
	if ((code = cx4_writer_set_content_type(w, argv[2])) != CX4_OK ||
	    (code = add_signature(w, signer)) != CX4_OK ||
	    (code = add_encryption(w, ctx, argv + 3)) != CX4_OK ||
	    (code = add_signature(w, signer)) != CX4_OK ||
	    (code = cx4_writer_set_originator(w, signer)) != CX4_OK ||
	    (code = cx4_writer_set_options(w, CX4_WRITE_MIME)) != CX4_OK ||
	    (code = cx4_writer_set_sink(w, put, end, stdout)) != CX4_OK)
		die("03-triple", code);

	code = cx4_writer_run_fd(w, STDIN_FILENO);
	if (code != CX4_OK)
		fprintf(stderr, "03-triple: %s: %s\n", cx4_code_name(code),
		    cx4_error_text(cx4_writer_error(w)));
	else
		fprintf(stderr, "smime-type: %s\n",
		    cx4_report_smime_type(cx4_writer_report(w)));

	cx4_writer_free(&w);
	cx4_id_free(&signer);
	cx4_ctx_free(&ctx);
	return code == CX4_OK ? 0 : 1;
}
