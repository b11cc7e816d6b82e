/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schema.h"

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

/* The last that did not fit; in "anyOf" that is no fault as yet. */
struct failure {
	const char *place, *keyword;
};

struct context {
	json_object *root;
	const char *place; /* the innermost key */
	struct failure *failure;
};

static bool fits(const struct context *context, json_object *schema,
	json_object *value);

static bool
has_type(json_object *value, const char *type)
{
	static const struct {
		const char *name;
		enum json_type type;
	} types[] = {
		{ "object", json_type_object },
		{ "array", json_type_array },
		{ "string", json_type_string },
		{ "boolean", json_type_boolean },
		{ "integer", json_type_int },
		{ "number", json_type_int },
		{ "number", json_type_double },
		{ "null", json_type_null },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, type) == 0 &&
			json_object_get_type(value) == types[i].type)
			return true;
	return false;
}

static bool
fits_type(json_object *type, json_object *value)
{
	if (json_object_is_type(type, json_type_string))
		return has_type(value, json_object_get_string(type));
	for (size_t i = 0; i < json_object_array_length(type); i++)
		if (has_type(value,
			    json_object_get_string(
				    json_object_array_get_idx(type, i))))
			return true;
	return false;
}

/* "#/$defs/NAME" */
static json_object *
definition(const struct context *context, const char *reference)
{
	json_object *list, *found = NULL;
	const char *name = strrchr(reference, '/');

	PROMISE(name != NULL &&
			json_object_object_get_ex(context->root, "$defs",
				&list) &&
			json_object_object_get_ex(list, name + 1, &found),
		"no definition %s", reference);
	return found;
}

/* Of a string in bytes: never fewer than characters. */
static size_t
count_of(json_object *value)
{
	if (json_object_is_type(value, json_type_array))
		return json_object_array_length(value);
	return (size_t)json_object_get_string_len(value);
}

static bool
fits_property(const struct context *context, json_object *wanted,
	json_object *item)
{
	if (wanted == NULL)
		return true;
	if (!json_object_is_type(wanted, json_type_boolean))
		return fits(context, wanted, item);
	context->failure->place = context->place;
	return json_object_get_boolean(wanted) != 0;
}

static bool
fits_properties(const struct context *context, json_object *schema,
	json_object *value)
{
	json_object *properties = NULL, *names = NULL, *others = NULL;

	json_object_object_get_ex(schema, "properties", &properties);
	json_object_object_get_ex(schema, "propertyNames", &names);
	json_object_object_get_ex(schema, "additionalProperties", &others);
	json_object_object_foreach(value, key, item)
	{
		struct context inner = { context->root, key, context->failure };
		json_object *wanted = others, *name;
		bool good = true;

		if (names != NULL) {
			name = json_object_new_string(key);
			good = fits(&inner, names, name);
			json_object_put(name);
		}
		if (properties != NULL)
			json_object_object_get_ex(properties, key, &wanted);
		if (!good ||
			!fits_property(&inner, wanted ? wanted : others, item))
			return false;
	}
	return true;
}

static bool
has_all(json_object *required, json_object *value)
{
	for (size_t i = 0; i < json_object_array_length(required); i++)
		if (!json_object_object_get_ex(value,
			    json_object_get_string(
				    json_object_array_get_idx(required, i)),
			    NULL))
			return false;
	return true;
}

static bool
fits_one(json_object *list, json_object *value)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (json_object_equal(json_object_array_get_idx(list, i),
			    value))
			return true;
	return false;
}

static bool
fits_any(const struct context *context, json_object *list, json_object *value)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (fits(context, json_object_array_get_idx(list, i), value))
			return true;
	return false;
}

static bool
fits_items(const struct context *context, json_object *schema,
	json_object *value)
{
	for (size_t i = 0; i < json_object_array_length(value); i++)
		if (!fits(context, schema, json_object_array_get_idx(value, i)))
			return false;
	return true;
}

static bool
fits_bound(const char *keyword, json_object *bound, json_object *value)
{
	double limit = json_object_get_double(bound);

	if (strcmp(keyword, "minimum") == 0)
		return json_object_get_double(value) >= limit;
	if (strcmp(keyword, "maximum") == 0)
		return json_object_get_double(value) <= limit;
	if (strncmp(keyword, "max", 3) == 0)
		return (double)count_of(value) <= limit;
	return (double)count_of(value) >= limit;
}

/* What fits_properties() asks for, and what says nothing of a value. */
static bool
is_elsewhere(const char *keyword)
{
	static const char *const words[] = { "$schema", "$id", "$defs", "title",
		"description", "properties", "propertyNames",
		"additionalProperties" };

	for (size_t i = 0; i < sizeof(words) / sizeof(char *); i++)
		if (strcmp(words[i], keyword) == 0)
			return true;
	return false;
}

static bool
fits_keyword(const struct context *context, const char *keyword,
	json_object *wanted, json_object *value)
{
	if (is_elsewhere(keyword))
		return true;
	if (strcmp(keyword, "$ref") == 0)
		return fits(context,
			definition(context, json_object_get_string(wanted)),
			value);
	if (strcmp(keyword, "type") == 0)
		return fits_type(wanted, value);
	if (strcmp(keyword, "required") == 0)
		return has_all(wanted, value);
	if (strcmp(keyword, "enum") == 0)
		return fits_one(wanted, value);
	if (strcmp(keyword, "const") == 0)
		return json_object_equal(wanted, value) != 0;
	if (strcmp(keyword, "anyOf") == 0)
		return fits_any(context, wanted, value);
	if (strcmp(keyword, "items") == 0)
		return fits_items(context, wanted, value);
	PROMISE(strncmp(keyword, "max", 3) == 0 ||
			strncmp(keyword, "min", 3) == 0,
		"%s is no keyword that is known here", keyword);
	return fits_bound(keyword, wanted, value);
}

static bool
fits(const struct context *context, json_object *schema, json_object *value)
{
	json_object_object_foreach(schema, keyword, wanted)
	{
		if (fits_keyword(context, keyword, wanted, value))
			continue;
		context->failure->place = context->place;
		context->failure->keyword = keyword;
		return false;
	}
	return !json_object_is_type(value, json_type_object) ||
		fits_properties(context, schema, value);
}

void
schema_check(json_object *root, json_object *value)
{
	struct failure failure = { "the whole", "a schema" };
	struct context context = { root, "the whole", &failure };

	PROMISE(fits(&context, root, value), "%s: does not fit %s in %s",
		failure.place, failure.keyword,
		json_object_to_json_string(value));
}
