/* Matches one pattern with an event, field by field down the event's tree. */
#include "flow/pattern_inside.h"

static bool all_absent(const struct pattern_field *fields, size_t count)
{
    size_t absent = 0;
    while (absent < count && fields[absent].absent)
        absent++;
    return absent == count;
}

/* Fields that only ask for absence chose no element: then all must be without. */
static bool array_holds(const struct pattern_field *fields, size_t count, size_t depth,
                        const struct json *array)
{
    bool each = all_absent(fields, count);
    for (const struct json *element = array->first; element; element = element->next)
        if (pattern_fields_hold(fields, count, depth, element) != each)
            return !each;
    return each;
}

static bool leaf_holds(const struct pattern_field *field, const struct json *value)
{
    bool present = value && value->kind != JSON_OBJECT;
    if (field->absent || !present)
        return field->absent && !present;
    for (size_t i = 0; i < field->check_count; i++)
        if (pattern_check_holds(&field->checks[i], value))
            return true;
    return false;
}

static const struct json *find_member(const struct json *value, struct str name)
{
    if (!value || value->kind != JSON_OBJECT)
        return NULL;
    for (const struct json *member = value->first; member; member = member->next)
        if (str_equal(member->name, name))
            return member;
    return NULL;
}

/* How many of the fields have the first one's name at this depth. */
static size_t count_same(const struct pattern_field *fields, size_t count, size_t depth)
{
    size_t same = 1;
    while (same < count && str_equal(fields[same].names[depth], fields->names[depth]))
        same++;
    return same;
}

bool pattern_fields_hold(const struct pattern_field *fields, size_t count, size_t depth,
                         const struct json *value)
{
    size_t i = 0, same;
    if (value && value->kind == JSON_ARRAY)
        return array_holds(fields, count, depth, value);
    for (; i < count && fields[i].depth == depth; i++)
        if (!leaf_holds(&fields[i], value))
            return false;
    for (; i < count; i += same) {
        same = count_same(fields + i, count - i, depth);
        if (!pattern_fields_hold(fields + i, same, depth + 1,
                                 find_member(value, fields[i].names[depth])))
            return false;
    }
    return true;
}

bool pattern_matches(const struct pattern *pattern, const struct json *event)
{
    if (event->kind != JSON_OBJECT)
        return false;
    for (size_t i = 0; i < pattern->way_count; i++)
        if (pattern_fields_hold(pattern->ways[i].fields, pattern->ways[i].field_count, 0, event))
            return true;
    return false;
}
