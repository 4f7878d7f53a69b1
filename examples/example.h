/*
 * example.h - what every example needs and none is about: reading a file,
 * giving up.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>

#include <cmsx400.h>

/* Say what failed and leave. */
static inline void
die(const char *what, int code)
{
	fprintf(stderr, "%s: %s\n", what, cx4_code_text(code) != NULL ?
	    cx4_code_text(code) : "failed");
	exit(1);
}

/* All of a stream, at most 16 MiB; the caller frees it. */
static inline unsigned char *
read_stream(FILE *f, const char *name, size_t *len)
{
	const size_t max = 16 * 1024 * 1024;
	unsigned char *data = f != NULL ? malloc(max) : NULL;

	if (data == NULL)
		die(name, CX4_E_IO_READ);
	*len = fread(data, 1, max, f);
	if (ferror(f) || !feof(f))
		die(name, CX4_E_IO_READ);
	return data;
}

static inline unsigned char *
read_file(const char *name, size_t *len)
{
	FILE *f = fopen(name, "rb");
	unsigned char *data = read_stream(f, name, len);

	fclose(f);
	return data;
}

/* An identity from a PEM file: certificate first, then chain and key. */
static inline cx4_id *
read_id(cx4_ctx *ctx, const char *name)
{
	unsigned char *pem;
	cx4_id *id;
	size_t len;
	int code;

	pem = read_file(name, &len);
	code = cx4_id_new(ctx, pem, len, NULL, 0, NULL, NULL, &id);
	free(pem);
	if (code != CX4_OK)
		die(name, code);
	return id;
}

/* A policy that trusts the certificates in a file. */
static inline cx4_policy *
read_trust(cx4_ctx *ctx, const char *name)
{
	cx4_policy *policy = cx4_policy_new(ctx, "modern");
	unsigned char *pem;
	size_t len;
	int code;

	if (policy == NULL)
		die(name, CX4_E_NOMEM);
	pem = read_file(name, &len);
	code = cx4_policy_add_trust(policy, pem, len);
	free(pem);
	if (code != CX4_OK)
		die(name, code);
	return policy;
}

#endif
