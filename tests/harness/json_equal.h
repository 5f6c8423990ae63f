/* Compares JSON trees as strictly as can be: for tests and fuzzers.
 *
 *     CHECK(json_equal(tree, again));
 *
 * Equal are the same kinds, names, characters and spellings of numbers in the same order, with
 * counts that are right. */
#ifndef STOA_TESTS_JSON_EQUAL_H
#define STOA_TESTS_JSON_EQUAL_H

#include "base/json.h"

static inline bool json_equal(const struct json *a, const struct json *b)
{
    if (a->kind != b->kind || a->count != b->count || !str_equal(a->name, b->name))
        return false;
    if (a->kind == JSON_NUMBER || a->kind == JSON_STRING)
        return str_equal(a->text, b->text);
    if (a->kind < JSON_NUMBER)
        return true;
    const struct json *x = a->first, *y = b->first;
    uint32_t count = 0;
    for (; x && y && json_equal(x, y); count++) {
        x = x->next;
        y = y->next;
    }
    return !x && !y && count == a->count;
}

#endif
