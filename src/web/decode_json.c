/* Turns the members of a JSON object into a route's input, lists within it as well. */
#include <string.h>

#include "base/assert.h"
#include "text/common.h"
#include "web/decode.h"

static void blame_kind(struct decoder *in, const struct route_field *field, const char *kind)
{
    text_error_not_kind(decode_words(in), in->language, str_from(kind));
    decode_blame(in, str_from(field->name));
}

static void set_number(struct decoder *in, const struct route_field *field,
                       const struct json *value, void *into)
{
    int64_t number;
    if (value->kind != JSON_NUMBER) {
        blame_kind(in, field, "integer");
    } else if (json_int(value, &number)) {
        text_error_not_whole(decode_words(in), in->language);
        decode_blame(in, str_from(field->name));
    } else {
        decode_set_number(in, field, number, into);
    }
}

static void set_string(struct decoder *in, const struct route_field *field,
                       const struct json *value, void *into)
{
    struct str text;
    if (json_str(value, &text))
        blame_kind(in, field, "string");
    else if (!str_trim(text).len)
        decode_set_text(in, field, STR(""), into); /* as an empty field of a form */
    else
        decode_set_string(in, field, text, into);
}

/* The struct's rows are read by the handler as what they are; here they are bytes of a known size.
 */
static void set_rows(struct decoder *in, const struct route_field *field, const struct json *value,
                     void *into)
{
    size_t count = value->count;
    char *rows = arena_array(in->ctx->arena, count, field->row_size);
    if (!rows) {
        in->failed = true;
        return;
    }
    struct decoded_row row = {in->row, field->name, 0};
    in->row = &row;
    for (const struct json *item = value->first; item; item = item->next, row.number++)
        decode_set_object(in, field->fields, item, rows + row.number * field->row_size);
    in->row = row.outer;
    struct {
        const void *rows;
        size_t count;
    } list = {rows, count};
    memcpy((char *)into + field->offset, &list, sizeof list);
}

static void set_list(struct decoder *in, const struct route_field *field, const struct json *value,
                     void *into)
{
    if (value->kind != JSON_ARRAY) {
        blame_kind(in, field, "array");
    } else if (value->count < field->min || value->count > field->max) {
        text_error_rows_between(decode_words(in), in->language, field->min, field->max);
        decode_blame(in, str_from(field->name));
    } else {
        set_rows(in, field, value, into);
    }
}

void decode_set_json(struct decoder *in, const struct route_field *field, const struct json *value,
                     void *into)
{
    bool yes;
    if (!value || value->kind == JSON_NULL)
        decode_set_absent(in, field, into);
    else if (field->kind == ROUTE_INT || field->kind == ROUTE_MONEY)
        set_number(in, field, value, into);
    else if (field->kind == ROUTE_LIST)
        set_list(in, field, value, into);
    else if (field->kind != ROUTE_BOOL)
        set_string(in, field, value, into);
    else if (json_bool(value, &yes))
        blame_kind(in, field, "boolean");
    else
        decode_set_bool(field, yes, into);
}

bool decode_is_body(const struct route_field *field)
{
    return field->place == ROUTE_FORM || field->place == ROUTE_JSON;
}

static bool is_known(const struct route_field *fields, struct str name)
{
    for (; fields->name; fields++)
        if (decode_is_body(fields) && str_equal(name, str_from(fields->name)))
            return true;
    return false;
}

void decode_set_object(struct decoder *in, const struct route_field *fields,
                       const struct json *object, void *into)
{
    if (object->kind != JSON_OBJECT) {
        text_error_not_kind(decode_words(in), in->language, STR("object"));
        decode_blame(in, (struct str){0});
        return;
    }
    for (const struct route_field *field = fields; field->name; field++)
        if (decode_is_body(field))
            decode_set_json(in, field, json_get(object, field->name), into);
    for (const struct json *member = object->first; member; member = member->next)
        if (!is_known(fields, member->name)) {
            text_error_unknown_field(decode_words(in), in->language);
            decode_blame(in, member->name);
        }
}
