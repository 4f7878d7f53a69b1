/*
 * policyfile.c - reading a policy from a file.
 *
 * A JSON object: "base" names the built-in policy that it starts from
 * (default modern); the other keys are limits, with a number, and
 * requirements, with true or false. A key that is not known is refused, so
 * that no requirement is lost to a slip of the pen:
 *
 *	{ "base": "rfc3854", "max-signers": 8, "require-signature": true }
 *
 * SPDX-License-Identifier: ISC
 */
#include <string.h>

#include <jansson.h>

#include "policyfile.h"
#include "value.h"

static const struct keyword requirements[] = {
	{ "require-any-signer", CX4_REQUIRE_ANY_SIGNER },
	{ "require-signature", CX4_REQUIRE_SIGNATURE },
	{ "require-originator-match", CX4_REQUIRE_ORIGINATOR_MATCH },
	{ "allow-originator-mismatch", CX4_ALLOW_ORIGINATOR_MISMATCH },
	{ "require-crl", CX4_REQUIRE_CRL },
	{ "allow-unknown-revocation", CX4_ALLOW_UNKNOWN_REVOCATION },
	{ NULL, 0 }
};

static const struct keyword limits[] = {
	{ "max-depth", CX4_LIMIT_DEPTH },
	{ "max-signers", CX4_LIMIT_SIGNERS },
	{ "max-recipients", CX4_LIMIT_RECIPIENTS },
	{ "max-certificates", CX4_LIMIT_CERTIFICATES },
	{ "max-attributes", CX4_LIMIT_ATTRIBUTES },
	{ "max-head", CX4_LIMIT_HEAD },
	{ "max-octets", CX4_LIMIT_OCTETS },
	{ NULL, 0 }
};

/* CX4_E_USAGE if the key is not known or the value not its kind. */
static int
apply(cx4_policy *policy, const char *key, json_t *value)
{
	const struct keyword *k;

	if ((k = value_keyword(requirements, key)) != NULL) {
		if (!json_is_boolean(value))
			return CX4_E_USAGE;
		return json_is_true(value) ? cx4_policy_require(policy,
		    (unsigned int)k->value) : CX4_OK;
	}
	if ((k = value_keyword(limits, key)) != NULL) {
		if (!json_is_integer(value) || json_integer_value(value) < 1)
			return CX4_E_USAGE;
		return cx4_policy_set_limit(policy, (enum cx4_limit)k->value,
		    (uint64_t)json_integer_value(value));
	}
	return CX4_E_USAGE;
}

/* The name of "base", NULL if it is absent; 0, or -1 if it is no policy. */
static int
find_base(json_t *root, const char **base)
{
	json_t *value = json_object_get(root, "base");

	*base = json_string_value(value);
	if (value == NULL)
		return 0;
	return *base != NULL && cx4_policy_known(*base) ? 0 : -1;
}

static int
apply_all(struct run *run, const char *path, json_t *root,
    cx4_policy *policy)
{
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value) {
		if (strcmp(key, "base") == 0)
			continue;
		if (apply(policy, key, value) != CX4_OK)
			return run_usage(run, "%.200s: \"%.100s\" is not "
			    "understood", path, key);
	}
	return CX4_OK;
}

int
policyfile_parse(struct run *run, const char *path, const char *text,
    size_t len, cx4_policy **policy)
{
	json_error_t error;
	const char *base;
	json_t *root;
	int code;

	*policy = NULL;
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return run_usage(run, "%.200s, line %d: %.150s", path,
		    error.line, error.text);
	if (!json_is_object(root))
		code = run_usage(run, "%.200s is no JSON object", path);
	else if (find_base(root, &base) != 0)
		code = run_usage(run, "%.200s: \"base\" is not understood",
		    path);
	else if ((*policy = cx4_policy_new(run->ctx, base)) == NULL)
		code = run_nomem(run);
	else
		code = apply_all(run, path, root, *policy);
	json_decref(root);
	if (code != CX4_OK)
		cx4_policy_free(policy);
	return code;
}
