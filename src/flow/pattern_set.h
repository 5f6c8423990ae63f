/* What a set of patterns is compiled to: places in events, and keys of values that lead to ways.
 *
 *     uint32_t place = pattern_place_find(set, PATTERN_ROOT, STR("source"));
 *     if (place != PATTERN_NONE)
 *         … set->places[place] …
 *
 * A place is a path that some field asks about, or the beginning of one. A key is a hash of a place
 * and a value, or of the beginning of one; two that collide cost a check and no more. */
#ifndef STOA_FLOW_PATTERN_SET_H
#define STOA_FLOW_PATTERN_SET_H

#include <string.h>

#include "flow/pattern_inside.h"

enum { PATTERN_ROOT = 0, PATTERN_PREFIX_MAX = 63 };
#define PATTERN_NONE UINT32_MAX

/* What keys there are for the values of a place. */
enum {
    PATTERN_KEY_TEXT = 1,
    PATTERN_KEY_NUMBER = 2,
    PATTERN_KEY_WORD = 4,
    PATTERN_KEY_PRESENT = 8,
    PATTERN_KEY_PREFIX = 16,
};

struct pattern_place {
    struct str name;
    uint32_t parent;
    bool has_children;
    uint8_t keys;
    uint64_t prefix_lens; /* a bit for each length of which there is a key */
};

/* The ways that a key leads to: count of patterns->leads from first on. */
struct pattern_key {
    uint64_t hash; /* 0 is free */
    uint32_t first, count;
};

struct pattern_keys {
    struct pattern_key *rows;
    uint64_t mask;
};

/* What is asked about a place, by one way or many. */
struct pattern_question {
    const struct pattern_field *field;
    uint32_t place;
    bool keyed; /* each of its checks has a key */
};

struct pattern_set_way {
    const struct pattern_way *way;
    const uint32_t *questions; /* of its fields */
    uint32_t pattern;
};

struct pattern_set {
    struct pattern_set_way *ways;
    uint32_t way_count, pattern_count;
    struct pattern_question *questions;
    uint32_t question_count;
    uint32_t *question_rows; /* by hash; PATTERN_NONE is free */
    uint64_t question_mask;
    struct pattern_place *places;
    uint32_t place_count;
    uint32_t *place_rows; /* places by hash of parent and name; PATTERN_NONE is free */
    uint64_t place_mask;
    struct pattern_keys keys;
    uint32_t *leads;
    uint64_t *always; /* a bit for each way that no value leads to */
};

static inline uint64_t pattern_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

/* Not for keeping strangers from collisions: what stands in the tables are the rules' own words. */
static inline uint64_t pattern_mix_text(uint64_t hash, struct str text)
{
    uint64_t word = 0;
    size_t at = 0;
    for (; text.len - at > sizeof word; at += sizeof word) {
        memcpy(&word, text.ptr + at, sizeof word);
        hash = pattern_mix(hash, word);
    }
    word = 0;
    for (; at < text.len; at++)
        word = word << 8 | (unsigned char)text.ptr[at];
    return pattern_mix(hash, word ^ (uint64_t)text.len << 56);
}

static inline uint64_t pattern_key_hash(uint32_t place, unsigned kind, uint64_t word)
{
    return pattern_mix(pattern_mix(kind, place), word) | 1;
}

static inline uint64_t pattern_key_text(uint32_t place, unsigned kind, struct str text)
{
    return pattern_mix_text(pattern_mix(kind, place), text) | 1;
}

/* -0 is 0. */
static inline uint64_t pattern_mix_double(uint64_t hash, double number)
{
    uint64_t bits = 0;
    number += 0.0;
    memcpy(&bits, &number, sizeof bits);
    return pattern_mix(hash, bits);
}

static inline uint64_t pattern_key_number(uint32_t place, double number)
{
    return pattern_mix_double(pattern_mix(PATTERN_KEY_NUMBER, place), number) | 1;
}

static inline uint32_t pattern_place_find(const struct pattern_set *set, uint32_t parent,
                                          struct str name)
{
    uint64_t row = pattern_mix_text(parent, name) & set->place_mask;
    for (;; row = (row + 1) & set->place_mask) {
        uint32_t place = set->place_rows[row];
        if (place == PATTERN_NONE ||
            (set->places[place].parent == parent && str_equal(set->places[place].name, name)))
            return place;
    }
}

/* Whether two fields say the same of a value, and what such have in common. */
bool pattern_field_same(const struct pattern_field *a, const struct pattern_field *b);
uint64_t pattern_field_hash(uint32_t place, const struct pattern_field *field);

/* The row of a hash, or the free one where it belongs. */
static inline struct pattern_key *pattern_key_find(const struct pattern_keys *keys, uint64_t hash)
{
    uint64_t row = hash >> 32 & keys->mask;
    while (keys->rows[row].hash && keys->rows[row].hash != hash)
        row = (row + 1) & keys->mask;
    return &keys->rows[row];
}

#endif
