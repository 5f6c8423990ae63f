/* Asking a JSON tree for what it holds. */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct json *json_get(const struct json *object, const char *name)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    struct str wanted = str_from(name);
    struct json *member = object->first;
    while (member && !str_equal(member->name, wanted))
        member = member->next;
    return member;
}

enum err json_int(const struct json *value, int64_t *number)
{
    if (!value || value->kind != JSON_NUMBER)
        return ERR_INPUT;
    if (str_equal(value->text, STR("-0"))) {
        *number = 0;
        return ERR_OK;
    }
    return str_to_int(value->text, INT64_MIN, INT64_MAX, number);
}

enum err json_real(const struct json *value, double *number)
{
    char text[JSON_REAL_LEN_MAX + 1];
    if (!value || value->kind != JSON_NUMBER || value->text.len > JSON_REAL_LEN_MAX)
        return ERR_INPUT;
    memcpy(text, value->text.ptr, value->text.len);
    text[value->text.len] = '\0';
    char *end;
    double nearest = strtod(text, &end);
    ASSERT(*end == '\0'); /* else somebody set a locale whose decimal point is no point */
    if (!isfinite(nearest))
        return ERR_INPUT;
    *number = nearest;
    return ERR_OK;
}

enum err json_str(const struct json *value, struct str *text)
{
    if (!value || value->kind != JSON_STRING)
        return ERR_INPUT;
    *text = value->text;
    return ERR_OK;
}

enum err json_bool(const struct json *value, bool *yes)
{
    if (!value || (value->kind != JSON_TRUE && value->kind != JSON_FALSE))
        return ERR_INPUT;
    *yes = value->kind == JSON_TRUE;
    return ERR_OK;
}
