/*
 * policy.c - the policy of a run: a built-in one or a file, and what the
 * options add to it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "policy.h"
#include "policyfile.h"
#include "slurp.h"
#include "value.h"

static const struct {
	enum opt_id id;
	unsigned int requirement;
} flags[] = {
	{ OPT_REQUIRE_SIGNATURE, CX4_REQUIRE_SIGNATURE },
	{ OPT_REQUIRE_ORIGINATOR_MATCH, CX4_REQUIRE_ORIGINATOR_MATCH },
	{ OPT_ALLOW_ORIGINATOR_MISMATCH, CX4_ALLOW_ORIGINATOR_MISMATCH },
	{ OPT_REVOCATION_SOFT, CX4_ALLOW_UNKNOWN_REVOCATION },
	{ OPT_INSECURE_RELEASE, CX4_INSECURE_RELEASE },
	{ OPT_INSECURE_DETAILS, CX4_INSECURE_DETAILS },
};

#define N_FLAGS (sizeof(flags) / sizeof(flags[0]))

static const struct keyword signer_modes[] = {
	{ "all", 0 },
	{ "any", CX4_REQUIRE_ANY_SIGNER },
	{ NULL, 0 }
};

/* -1: a later version's */
static const struct keyword revocation_modes[] = {
	{ "off", 0 },
	{ "crl", CX4_REQUIRE_CRL },
	{ "ocsp", -1 },
	{ "any", -1 },
	{ NULL, 0 }
};

static int
check_revocation(struct run *run)
{
	const char *name = run_get(run, OPT_REVOCATION);
	const struct keyword *k;
	int on = 0;

	if (name != NULL) {
		if ((k = value_keyword(revocation_modes, name)) == NULL)
			return run_usage(run, "--revocation is off or crl, "
			    "not \"%.100s\"", name);
		if (k->value < 0)
			return run_usage(run, "--revocation %s is not "
			    "supported by this version: use crl", name);
		on = k->value;
	}
	if (run_has(run, OPT_REVOCATION_SOFT) && !on)
		return run_usage(run,
		    "--revocation-soft needs --revocation crl");
	if (run_has(run, OPT_CRL) && !on && !run->quiet)
		msg_warning("the lists of --crl are not used without "
		    "--revocation crl");
	return CX4_OK;
}

static int
check_limit(struct run *run, enum opt_id id, uint64_t max)
{
	const char *text = run_get(run, id);
	uint64_t n;

	if (text == NULL)
		return CX4_OK;
	if (value_number(text, &n) != 0 || n == 0 || n > max)
		return run_usage(run, "--%s is a number from 1%s, not "
		    "\"%.100s\"", opts_def(id)->name,
		    max == UINT64_MAX ? "" : " to 64", text);
	return CX4_OK;
}

/* A word that is neither a policy nor looks like a file is a mistake. */
static int
check_name(struct run *run)
{
	const char *name = run_get(run, OPT_POLICY);
	struct stat st;

	if (name == NULL || cx4_policy_known(name) ||
	    strchr(name, '/') != NULL || stat(name, &st) == 0)
		return CX4_OK;
	return run_usage(run, "\"%.100s\" is neither a policy (modern, "
	    "rfc3854, strict) nor a file", name);
}

int
policy_check(struct run *run)
{
	const char *at = run_get(run, OPT_AT);
	const char *signers = run_get(run, OPT_REQUIRE_SIGNERS);
	int64_t when;
	int code;

	if ((code = check_name(run)) != CX4_OK ||
	    (code = check_limit(run, OPT_MAX_DEPTH, 64)) != CX4_OK ||
	    (code = check_limit(run, OPT_MAX_OCTETS, UINT64_MAX)) != CX4_OK)
		return code;
	if (at != NULL && (value_time(at, &when) != 0 || when < 0))
		return run_usage(run, "--at is a time like "
		    "2026-01-31T12:00:00Z, not \"%.100s\"", at);
	if (signers != NULL && value_keyword(signer_modes, signers) == NULL)
		return run_usage(run, "--require-signers is all or any, not "
		    "\"%.100s\"", signers);
	return check_revocation(run);
}

static int
base_policy(struct run *run, cx4_policy **policy)
{
	const char *name = run_get(run, OPT_POLICY);
	unsigned char *text;
	size_t len;
	int code;

	if (name == NULL || cx4_policy_known(name)) {
		*policy = cx4_policy_new(run->ctx, name);
		return *policy != NULL ? CX4_OK : run_nomem(run);
	}
	if ((code = slurp(run, name, &text, &len)) != CX4_OK)
		return code;
	code = policyfile_parse(run, name, (const char *)text, len, policy);
	slurp_free(&text, len);
	return code;
}

typedef int add_fn(cx4_policy *, const void *, size_t);

static int
add_file(struct run *run, cx4_policy *policy, add_fn *add, const char *path)
{
	unsigned char *data;
	size_t len;
	int code;

	if ((code = slurp(run, path, &data, &len)) != CX4_OK)
		return code;
	code = add(policy, data, len);
	slurp_free(&data, len);
	if (code == CX4_E_IO_KEY)
		return run_fail(run, code, "%.300s: nothing usable in it",
		    path);
	if (code != CX4_OK)
		return run_fail(run, code, "%.300s: %s", path,
		    cx4_code_text(code));
	return CX4_OK;
}

/* A file of a directory; one without an anchor does no harm. */
static int
add_entry(struct run *run, cx4_policy *policy, const char *path,
    size_t *added)
{
	unsigned char *data;
	struct stat st;
	size_t len;
	int code;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return CX4_OK;
	if ((code = slurp(run, path, &data, &len)) != CX4_OK)
		return code;
	code = cx4_policy_add_trust(policy, data, len);
	slurp_free(&data, len);
	if (code == CX4_OK)
		(*added)++;
	else if (code == CX4_E_IO_KEY && run->verbose)
		msg_note("%s: no certificate in it", path);
	if (code == CX4_OK || code == CX4_E_IO_KEY)
		return CX4_OK;
	return run_fail(run, code, "%.300s: %s", path, cx4_code_text(code));
}

static int
add_directory(struct run *run, cx4_policy *policy, const char *dir)
{
	char path[4096];
	struct dirent *entry;
	size_t added = 0;
	DIR *d = opendir(dir);
	int n, code = CX4_OK;

	if (d == NULL)
		return run_fail(run, CX4_E_IO_READ, "cannot read %.300s: %s",
		    dir, strerror(errno));
	while (code == CX4_OK && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		n = snprintf(path, sizeof(path), "%s/%s", dir,
		    entry->d_name);
		if (n > 0 && (size_t)n < sizeof(path))
			code = add_entry(run, policy, path, &added);
	}
	closedir(d);
	if (code == CX4_OK && added == 0)
		code = run_fail(run, CX4_E_IO_KEY,
		    "%.300s: no certificate in this directory", dir);
	return code;
}

static int
add_trust(struct run *run, cx4_policy *policy, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_directory(run, policy, path);
	return add_file(run, policy, cx4_policy_add_trust, path);
}

static int
add_files(struct run *run, cx4_policy *policy)
{
	const struct opts *o = &run->opts;
	const char *path;
	size_t i;
	int code = CX4_OK;

	for (i = 0; code == CX4_OK &&
	    (path = opts_nth(o, OPT_TRUST, i)) != NULL; i++)
		code = add_trust(run, policy, path);
	for (i = 0; code == CX4_OK &&
	    (path = opts_nth(o, OPT_CERTS, i)) != NULL; i++)
		code = add_file(run, policy, cx4_policy_add_certs, path);
	for (i = 0; code == CX4_OK &&
	    (path = opts_nth(o, OPT_CRL, i)) != NULL; i++)
		code = add_file(run, policy, cx4_policy_add_crls, path);
	return code;
}

static unsigned int
requirements(const struct run *run)
{
	const char *signers = run_get(run, OPT_REQUIRE_SIGNERS);
	const char *revocation = run_get(run, OPT_REVOCATION);
	unsigned int all = 0;
	size_t i;

	for (i = 0; i < N_FLAGS; i++)
		if (run_has(run, flags[i].id))
			all |= flags[i].requirement;
	if (signers != NULL)
		all |= (unsigned int)value_keyword(signer_modes,
		    signers)->value;
	if (revocation != NULL)
		all |= (unsigned int)value_keyword(revocation_modes,
		    revocation)->value;
	return all;
}

static int
set_limit(struct run *run, cx4_policy *policy, enum opt_id id,
    enum cx4_limit which)
{
	const char *text = run_get(run, id);
	uint64_t n;

	if (text == NULL)
		return CX4_OK;
	if (value_number(text, &n) != 0 ||
	    cx4_policy_set_limit(policy, which, n) != CX4_OK)
		return run_usage(run, "--%s %.100s is out of range",
		    opts_def(id)->name, text);
	return CX4_OK;
}

int
policy_new(struct run *run, cx4_policy **policy)
{
	const char *at = run_get(run, OPT_AT);
	int64_t when;
	int code;

	*policy = NULL;
	if ((code = base_policy(run, policy)) != CX4_OK ||
	    (code = set_limit(run, *policy, OPT_MAX_DEPTH,
	    CX4_LIMIT_DEPTH)) != CX4_OK ||
	    (code = set_limit(run, *policy, OPT_MAX_OCTETS,
	    CX4_LIMIT_OCTETS)) != CX4_OK)
		goto fail;
	if ((code = cx4_policy_require(*policy, requirements(run))) !=
	    CX4_OK || (at != NULL && value_time(at, &when) == 0 &&
	    (code = cx4_policy_set_time(*policy, when)) != CX4_OK)) {
		run_fail(run, code, "%s", cx4_code_text(code));
		goto fail;
	}
	if ((code = add_files(run, *policy)) == CX4_OK)
		return CX4_OK;
fail:
	cx4_policy_free(policy);
	return code;
}
