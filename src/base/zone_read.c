/* Reads TZif, the form in which tzdata keeps a zone. */
#include <endian.h>
#include <string.h>

#include "base/zone_inside.h"

enum {
    HEADER = 44,
    VERSION_AT = 4,
    COUNTS_AT = 20,
    TYPE_SIZE = 6,
    LEAP_REST = 4, /* what a leap second has beside its time */
    TYPES_MAX = 256,
};

enum { UT_MARKS, STANDARD_MARKS, LEAPS, CHANGES, TYPES, NAME_BYTES, COUNTS };

/* One of the two blocks of a file: the first has times of 4 bytes, the second of 8. */
struct block {
    char version;
    size_t counts[COUNTS], time_size;
    struct str times, kinds, types, rest;
};

static uint32_t read_u32(const char *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    return be32toh(number);
}

static int64_t read_time_s(const struct block *block, size_t i)
{
    const char *at = block->times.ptr + i * block->time_size;
    uint64_t number;
    if (block->time_size == 4)
        return (int32_t)read_u32(at);
    memcpy(&number, at, sizeof number);
    return (int64_t)be64toh(number);
}

static bool take(struct str *rest, size_t size, struct str *taken)
{
    if (rest->len < size)
        return false;
    *taken = str_make(rest->ptr, size);
    *rest = str_make(rest->ptr + size, rest->len - size);
    return true;
}

static bool take_block(struct str *rest, size_t time_size, struct block *block)
{
    struct str header, unread;
    if (!take(rest, HEADER, &header) || !str_starts(header, STR("TZif")))
        return false;
    block->version = header.ptr[VERSION_AT];
    for (size_t i = 0; i < COUNTS; i++) {
        block->counts[i] = read_u32(header.ptr + COUNTS_AT + 4 * i);
        if (block->counts[i] > ZONE_FILE_MAX)
            return false;
    }
    const size_t *counts = block->counts;
    block->time_size = time_size;
    bool whole = take(rest, counts[CHANGES] * time_size, &block->times) &&
                 take(rest, counts[CHANGES], &block->kinds) &&
                 take(rest, counts[TYPES] * TYPE_SIZE, &block->types) &&
                 take(rest, counts[NAME_BYTES], &unread) &&
                 take(rest, counts[LEAPS] * (time_size + LEAP_REST), &unread) &&
                 take(rest, counts[STANDARD_MARKS] + counts[UT_MARKS], &unread);
    block->rest = *rest;
    return whole;
}

/* A change whose time no program meets is held at the edge of those it meets. */
static int64_t held_us(int64_t time_s)
{
    if (time_s < CLOCK_MIN_US / SECOND_US)
        return CLOCK_MIN_US;
    return time_s > CLOCK_MAX_US / SECOND_US ? CLOCK_MAX_US : time_s * SECOND_US;
}

static bool read_type(const struct block *block, size_t type, int *ahead_s)
{
    if (type >= block->counts[TYPES])
        return false;
    *ahead_s = (int32_t)read_u32(block->types.ptr + type * TYPE_SIZE);
    return *ahead_s >= -ZONE_AHEAD_MAX_S && *ahead_s <= ZONE_AHEAD_MAX_S;
}

static bool read_changes(const struct block *block, struct zone *zone)
{
    if (!read_type(block, 0, &zone->first_ahead_s))
        return false;
    for (size_t i = 0; i < zone->count; i++) {
        struct zone_change *change = &zone->changes[i];
        change->at_us = held_us(read_time_s(block, i));
        if ((i > 0 && read_time_s(block, i) <= read_time_s(block, i - 1)) ||
            !read_type(block, (unsigned char)block->kinds.ptr[i], &change->ahead_s))
            return false;
    }
    return true;
}

/* The rule stands behind the second block, between two ends of lines; it may be empty. */
static bool read_rule(struct str rest, struct zone *zone)
{
    struct str rule;
    if (!rest.len || rest.ptr[0] != '\n')
        return false;
    rest = str_slice(rest, 1, rest.len);
    size_t end = str_find_char(rest, '\n');
    if (end == STR_NONE)
        return false;
    rule = str_slice(rest, 0, end);
    zone->has_rule = rule.len > 0;
    return !zone->has_rule || zone_rule_read(rule, &zone->rule);
}

static bool take_newest(struct str bytes, struct block *block, bool *has_rule)
{
    if (!take_block(&bytes, 4, block))
        return false;
    *has_rule = block->version >= '2';
    return block->version == '\0' || (*has_rule && take_block(&bytes, 8, block));
}

enum err zone_read(struct ctx *ctx, const char *field, struct str bytes, struct zone **zone)
{
    struct block block = {.time_size = 0};
    bool has_rule = false;
    if (!take_newest(bytes, &block, &has_rule) || block.counts[TYPES] > TYPES_MAX)
        return err_input(&ctx->err, field, "must be a time zone; its file is damaged");
    if (block.counts[LEAPS] > 0)
        return err_input(&ctx->err, field, "must be a time zone that counts no leap seconds");
    if (block.counts[CHANGES] > ZONE_CHANGES_MAX)
        return err_input(&ctx->err, field, "must be a time zone of at most %d changes",
                         ZONE_CHANGES_MAX);
    struct zone *made = ARENA_NEW(ctx->arena, struct zone);
    struct zone_change *changes = ARENA_ARRAY(ctx->arena, block.counts[CHANGES],
                                              struct zone_change);
    if (!made || !changes)
        return err_memory(&ctx->err);
    *made = (struct zone){.count = block.counts[CHANGES], .changes = changes};
    if (!read_changes(&block, made) || (has_rule && !read_rule(block.rest, made)))
        return err_input(&ctx->err, field, "must be a time zone; its file is damaged");
    *zone = made;
    return ERR_OK;
}
