/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_client_init() gives up, and with it all of TLS, when a file can't be
 * loaded that a parameter names. Tried out with Postfix 3.7: a CApath that is
 * not there, and a key file without a certificate file, do no harm.
 */
#include "tls/engine.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A key file is by default the certificate file, and read only with one. */
static const struct engine_file {
	const char *parameter, *certificate;
	const char *want, *missing; /* a text that must stand in it */
} files[] = {
	{ "tls_CAfile", NULL, "-----BEGIN ", "there is no certificate in it" },
	{ "tls_cert_file", NULL, "CERTIFICATE-----",
		"there is no certificate in it" },
	{ "tls_key_file", "tls_cert_file", "PRIVATE KEY-----",
		"there is no private key in it" },
	{ "tls_eccert_file", NULL, "CERTIFICATE-----",
		"there is no certificate in it" },
	{ "tls_eckey_file", "tls_eccert_file", "PRIVATE KEY-----",
		"there is no private key in it" },
	{ "tls_dcert_file", NULL, "CERTIFICATE-----",
		"there is no certificate in it" },
	{ "tls_dkey_file", "tls_dcert_file", "PRIVATE KEY-----",
		"there is no private key in it" },
};
#define FILES (sizeof(files) / sizeof(*files))

const char *const engine_parameters[] = { "tls_CAfile", "tls_CApath",
	"tls_chain_files", "tls_cert_file", "tls_key_file", "tls_eccert_file",
	"tls_eckey_file", "tls_dcert_file", "tls_dkey_file", NULL };

static bool
file_has(FILE *file, const char *text)
{
	char *line = NULL;
	size_t room = 0;
	bool found = false;

	while (!found && getline(&line, &room, file) > 0)
		found = strstr(line, text) != NULL;
	free(line);
	return found;
}

/* What is wrong with it; NULL: nothing that this user can see. */
static const char *
problem_of(const char *path, const struct engine_file *kind)
{
	struct stat status;
	const char *problem = NULL;
	FILE *file;

	if (stat(path, &status) != 0)
		return errno == ENOENT || errno == ENOTDIR
			? "there is no such file"
			: NULL;
	if (S_ISDIR(status.st_mode))
		return "it is a folder, not a file";
	file = S_ISREG(status.st_mode) ? fopen(path, "r") : NULL;
	if (file == NULL)
		return NULL;
	if (!file_has(file, kind->want))
		problem = kind->missing;
	fclose(file);
	return problem;
}

/*
 * The file of a parameter; "" when none is read. postconf expands the default
 * of a key file with main.cf's certificate file, Postfix with master.cf's.
 */
static const char *
file_of(const struct postfix *postfix, const struct policy_client *client,
	const struct engine_file *kind, char **source)
{
	const struct policy_client plain = { "", client->lmtp };
	const char *value =
		policy_parameter(postfix, client, kind->parameter, source);
	const char *certificate, *usual;

	if (kind->certificate == NULL)
		return value;
	certificate =
		policy_parameter(postfix, client, kind->certificate, NULL);
	usual = policy_parameter(postfix, &plain, kind->certificate, NULL);
	if (*certificate == '\0')
		return "";
	if (policy_source_is_service(*source) || strcmp(value, usual) != 0)
		return value;
	free(*source);
	return policy_parameter(postfix, client, kind->certificate, source);
}

int
engine_find_fault(const struct postfix *postfix,
	const struct policy_client *client, struct engine_fault *fault)
{
	const char *chain =
		policy_parameter(postfix, client, "tls_chain_files", NULL);

	*fault = (struct engine_fault){ 0 };
	/* tls/tls_certkey.c: with chain files, none but the first is read. */
	for (size_t i = 0; i < (*chain != '\0' ? 1 : FILES); i++) {
		fault->value =
			file_of(postfix, client, &files[i], &fault->source);
		if (*fault->value != '\0')
			fault->problem = problem_of(fault->value, &files[i]);
		if (fault->problem != NULL)
			return 1;
		engine_fault_release(fault);
	}
	return 0;
}

void
engine_fault_release(struct engine_fault *fault)
{
	free(fault->source);
	*fault = (struct engine_fault){ 0 };
}

char *
engine_fault_sentence(const struct postfix *postfix,
	const struct engine_fault *fault)
{
	bool service = policy_source_is_service(fault->source);
	char *set = policy_source_setting(postfix, fault->source, "FILE");
	char *reload = postfix_reload(postfix);
	char *sentence = sentence_format(
		"%s = %s, set in %s: %s, so that TLS does not start %s: "
		"correct the file, or the value by %s, then run %s",
		fault->source, fault->value, service ? "master.cf" : "main.cf",
		fault->problem,
		service ? "for this service" : "for any destination", set,
		reload);

	free(set);
	free(reload);
	return sentence;
}
