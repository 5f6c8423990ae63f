/* Writes what a field takes as a schema of OpenAPI 3.1, which is JSON Schema's. */
#include "base/assert.h"
#include "base/money.h"
#include "web/decode.h"
#include "web/openapi.h"

enum { PATTERN_MAX = 64 };

void openapi_text(struct json_writer *w, const char *name, const char *text)
{
    json_key(w, str_from(name));
    json_add_str(w, str_from(text));
}

static void add_int(struct json_writer *w, const char *name, int64_t number)
{
    json_key(w, str_from(name));
    json_add_int(w, number);
}

void openapi_object(struct json_writer *w, const char *name)
{
    json_key(w, str_from(name));
    json_begin_object(w);
}

void openapi_array(struct json_writer *w, const char *name)
{
    json_key(w, str_from(name));
    json_begin_array(w);
}

/* Bounds that are none are not told. */
static void add_bounds(struct json_writer *w, const struct route_field *field, const char *least,
                       const char *most)
{
    bool counts = field->kind != ROUTE_INT && field->kind != ROUTE_MONEY;
    if (field->min != (counts ? 0 : INT64_MIN))
        add_int(w, least, field->min);
    if (field->max != INT64_MAX)
        add_int(w, most, field->max);
}

static void add_id(struct json_writer *w, const struct route_field *field)
{
    char bytes[PATTERN_MAX];
    struct buf pattern;
    buf_init_fixed(&pattern, bytes, sizeof bytes);
    buf_addf(&pattern, "^%s_[0-7][0-9A-HJKMNP-TV-Z]{25}$", field->choices);
    openapi_text(w, "type", "string");
    json_key(w, STR("pattern"));
    json_add_str(w, buf_str(&pattern));
}

static void add_choices(struct json_writer *w, const struct route_field *field)
{
    struct str rest = str_from(field->choices), choice;
    openapi_text(w, "type", "string");
    openapi_array(w, "enum");
    while (str_cut(&rest, ' ', &choice))
        json_add_str(w, choice);
    json_end_array(w);
}

/* A decimal where people write it, minor units between programs. */
static void add_money(struct json_writer *w, const struct route_field *field,
                      enum spelling spelling)
{
    char bytes[PATTERN_MAX];
    struct buf pattern;
    const struct currency *currency = currency_find(str_from(field->choices));
    ASSERT(currency || spelling == AS_JSON);
    if (currency)
        openapi_text(w, "x-currency", currency->code);
    if (spelling == AS_JSON) {
        openapi_text(w, "type", "integer");
        openapi_text(w, "format", "int64");
        add_bounds(w, field, "minimum", "maximum");
        return;
    }
    buf_init_fixed(&pattern, bytes, sizeof bytes);
    buf_addf(&pattern, currency->digits ? "^-?[0-9]+([.][0-9]{1,%d})?$" : "^-?[0-9]+$",
             currency->digits);
    openapi_text(w, "type", "string");
    json_key(w, STR("pattern"));
    json_add_str(w, buf_str(&pattern));
}

static bool is_any(const struct route_field *field)
{
    return field->name != NULL;
}

static void add_list(struct json_writer *w, const struct route_field *field)
{
    openapi_text(w, "type", "array");
    add_bounds(w, field, "minItems", "maxItems");
    json_key(w, STR("items"));
    openapi_fields(w, field->fields, is_any, AS_JSON);
}

static void add_type(struct json_writer *w, const struct route_field *field, enum spelling spelling)
{
    switch (field->kind) {
    case ROUTE_TEXT:
    case ROUTE_LINES:
        openapi_text(w, "type", "string");
        add_bounds(w, field, "minLength", "maxLength");
        return;
    case ROUTE_EMAIL:
        openapi_text(w, "type", "string");
        openapi_text(w, "format", "email");
        add_int(w, "maxLength", DECODE_EMAIL_MAX);
        return;
    case ROUTE_ID:
        add_id(w, field);
        return;
    case ROUTE_INT:
        openapi_text(w, "type", "integer");
        openapi_text(w, "format", "int64");
        add_bounds(w, field, "minimum", "maximum");
        return;
    case ROUTE_BOOL:
        openapi_text(w, "type", "boolean");
        return;
    case ROUTE_CHOICE:
        add_choices(w, field);
        return;
    case ROUTE_TIME:
        openapi_text(w, "type", "string");
        openapi_text(w, "format", "date-time");
        return;
    case ROUTE_MONEY:
        add_money(w, field, spelling);
        return;
    case ROUTE_LIST:
        add_list(w, field);
        return;
    }
}

static void add_preset(struct json_writer *w, const struct route_field *field,
                       enum spelling spelling)
{
    struct str preset = str_from(field->preset);
    int64_t number = 0;
    if (!field->preset)
        return;
    json_key(w, STR("default"));
    if (field->kind == ROUTE_BOOL) {
        json_add_bool(w, str_equal(preset, STR("true")));
    } else if (field->kind == ROUTE_INT && !str_to_int(preset, INT64_MIN, INT64_MAX, &number)) {
        json_add_int(w, number);
    } else if (field->kind == ROUTE_MONEY && spelling == AS_JSON) {
        if (money_parse(preset, currency_find(str_from(field->choices)), &number))
            buf_fail(w->out, ERR_INTERNAL);
        json_add_int(w, number);
    } else {
        json_add_str(w, preset);
    }
}

void openapi_schema(struct json_writer *w, const struct route_field *field, enum spelling spelling)
{
    json_begin_object(w);
    add_type(w, field, spelling);
    add_preset(w, field, spelling);
    if (field->help && *field->help)
        openapi_text(w, "description", field->help);
    json_end_object(w);
}

bool openapi_is_required(const struct route_field *field)
{
    if (field->place == ROUTE_OUT)
        return !field->optional;
    if (field->kind == ROUTE_BOOL && field->place != ROUTE_JSON)
        return false;
    return !field->optional && !field->preset && (field->kind != ROUTE_LIST || field->min > 0);
}

void openapi_fields(struct json_writer *w, const struct route_field *fields,
                    bool (*takes)(const struct route_field *field), enum spelling spelling)
{
    size_t required = 0;
    json_begin_object(w);
    openapi_text(w, "type", "object");
    openapi_object(w, "properties");
    for (const struct route_field *field = fields; field->name; field++)
        if (takes(field)) {
            json_key(w, str_from(field->name));
            openapi_schema(w, field, spelling);
            required += openapi_is_required(field);
        }
    json_end_object(w);
    if (required)
        openapi_array(w, "required");
    for (const struct route_field *field = fields; required && field->name; field++)
        if (takes(field) && openapi_is_required(field))
            json_add_str(w, str_from(field->name));
    if (required)
        json_end_array(w);
    if (spelling == AS_JSON && fields->place != ROUTE_OUT) {
        json_key(w, STR("additionalProperties"));
        json_add_bool(w, false);
    }
    json_end_object(w);
}
