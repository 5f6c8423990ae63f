/* Finds a name that comes twice in an object, without ever taking quadratic time. */
#include "base/json_inside.h"

enum { NAMES_COMPARED_MAX = 16 }; /* above it they are sorted */

static enum err compare_names(const struct json *object, struct str *twice)
{
    for (const struct json *b = object->first; b; b = b->next) {
        for (const struct json *a = object->first; a != b; a = a->next) {
            if (str_equal(a->name, b->name)) {
                *twice = b->name;
                return ERR_INPUT;
            }
        }
    }
    return ERR_OK;
}

/* A name to be sorted by its hash, so that most comparisons need not look at it. */
struct sorted_name {
    uint64_t hash;
    struct str name;
};

static uint64_t hash_name(struct str name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static int compare_sorted(const struct sorted_name *a, const struct sorted_name *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return str_compare(a->name, b->name);
}

/* Merges the sorted from[0..half) and from[half..count) into `to`; equals keep their order. */
static void merge_names(const struct sorted_name *from, size_t half, size_t count,
                        struct sorted_name *to)
{
    size_t left = 0, right = half;
    for (size_t i = 0; i < count; i++) {
        bool take_left = right == count ||
                         (left < half && compare_sorted(&from[left], &from[right]) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* Sorts within `names`, which has room for 2 * count; gives where the result lies. Merging is never
 * quadratic, whatever names a stranger thinks up; a hash table could be made so. */
static struct sorted_name *sort_names(struct sorted_name *names, size_t count)
{
    struct sorted_name *from = names, *to = names + count;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t left = count - at;
            merge_names(from + at, left < run ? left : run, left < 2 * run ? left : 2 * run,
                        to + at);
        }
        struct sorted_name *sorted = to;
        to = from;
        from = sorted;
    }
    return from;
}

static enum err sort_and_compare_names(struct arena *arena, const struct json *object,
                                       struct str *twice)
{
    struct arena_mark mark = arena_mark(arena);
    struct sorted_name *names = ARENA_ARRAY(arena, 2 * (size_t)object->count, struct sorted_name);
    if (!names)
        return ERR_MEMORY;
    size_t i = 0;
    for (const struct json *member = object->first; member; member = member->next)
        names[i++] = (struct sorted_name){hash_name(member->name), member->name};
    names = sort_names(names, object->count);
    enum err err = ERR_OK;
    for (i = 1; i < object->count && !err; i++) {
        if (compare_sorted(&names[i - 1], &names[i]) == 0) {
            *twice = names[i].name;
            err = ERR_INPUT;
        }
    }
    arena_rewind(arena, mark);
    return err;
}

enum err json_find_twice(struct arena *arena, const struct json *object, struct str *twice)
{
    return object->count <= NAMES_COMPARED_MAX ? compare_names(object, twice)
                                               : sort_and_compare_names(arena, object, twice);
}
