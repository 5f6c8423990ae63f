/* What a pattern is compiled to, for the files of patterns; others include pattern.h.
 *
 *     for (size_t i = 0; i < way->field_count; i++)
 *         if (!pattern_fields_hold(&way->fields[i], 1, 0, event))
 *             return false;
 *
 * A pattern is a list of ways to match; each is a list of fields that must all hold. */
#ifndef STOA_FLOW_PATTERN_INSIDE_H
#define STOA_FLOW_PATTERN_INSIDE_H

#include "base/address.h"
#include "flow/pattern.h"

enum pattern_verb {
    PATTERN_TEXT,
    PATTERN_NUMBER,
    PATTERN_WORD, /* true, false, null */
    PATTERN_PREFIX,
    PATTERN_SUFFIX,
    PATTERN_WILDCARD,
    PATTERN_CIDR,
    PATTERN_EXISTS,
    PATTERN_NONE_OF
};

/* Numbers from low to high, the ends among them or not. */
struct pattern_range {
    double low, high;
    bool above_low, below_high;
};

/* One entry of a field's list. */
struct pattern_check {
    enum pattern_verb verb;
    bool any_case;
    uint32_t count; /* of pieces, or of checks */
    union {
        struct str text;
        struct pattern_range range;
        enum json_kind word;
        const struct str *pieces; /* what stands between the stars */
        const struct address_nets *nets;
        const struct pattern_check *checks; /* of which none may hold */
    };
};

struct pattern_field {
    const struct str *names; /* the path from the event's root */
    const struct pattern_check *checks;
    uint32_t check_count;
    uint16_t depth; /* names in the path */
    bool absent;    /* instead of checks: there must be no value */
};

/* Fields in the order of their paths, so that those which share a beginning stand together. */
struct pattern_way {
    const struct pattern_field *fields;
    uint32_t field_count;
    bool knotted; /* a path is asked about twice, or goes on behind another */
};

struct pattern {
    struct pattern_way *ways;
    uint32_t way_count;
};

/* Where a pattern is being read: for words about mistakes. */
struct pattern_reader {
    struct ctx *ctx;
    struct str names[PATTERN_DEPTH_MAX];
    uint16_t depth;
};

/* ERR_INPUT, with the path and what would be right. */
enum err pattern_refuse(struct pattern_reader *reader, const char *right);

/* Reads an entry that is not "exists": false. */
enum err pattern_check_read(struct pattern_reader *reader, const struct json *entry,
                            struct pattern_check *check);

/* Of a value that is neither array nor object. */
bool pattern_check_holds(const struct pattern_check *check, const struct json *value);

/* Whether all of these fields hold, whose paths share their first `depth` names; `value` is what
 * the event has there, or NULL. */
bool pattern_fields_hold(const struct pattern_field *fields, size_t count, size_t depth,
                         const struct json *value);

#endif
