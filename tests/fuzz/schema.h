/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON Schema validator for the keywords of docs/output.schema.json. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <json-c/json.h>

/*
 * Aborts, naming the place, when the value does not fit the schema, or when
 * the schema has a keyword that is not known here.
 */
void schema_check(json_object *root, json_object *value);

#endif
