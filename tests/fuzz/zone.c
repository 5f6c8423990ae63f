/* Fuzzes time zones: the spans of what reads meet, and local times are found again. */
#include "base/zone.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ARENA_MAX = 4 << 20, SPANS_MAX = 200 };

static void check_at(const struct zone *zone, int64_t time_us)
{
    int64_t local_us = zone_local_us(zone, time_us), found_us = zone_to_us(zone, local_us);
    ASSERT(found_us <= time_us || local_us == CLOCK_MIN_US);
    ASSERT(zone_local_us(zone, found_us) >= local_us || found_us == CLOCK_MAX_US);
    ASSERT(zone_civil(zone, time_us).month >= 1);
}

static void check_spans(const struct zone *zone, int64_t from_us)
{
    for (int i = 0; i < SPANS_MAX && from_us < CLOCK_MAX_US; i++) {
        struct zone_span span = zone_span_at(zone, from_us);
        ASSERT(span.begin_us <= from_us && span.end_us > from_us);
        ASSERT(zone_span_at(zone, span.end_us - 1).ahead_us == span.ahead_us);
        check_at(zone, from_us);
        check_at(zone, span.end_us - 1);
        from_us = span.end_us;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct zone *zone = NULL;
    arena_init(&arena, ARENA_MAX);
    enum err err = zone_read(&ctx, "zone", str_make((const char *)bytes, size), &zone);
    ASSERT(err == ERR_OK || (err == ERR_INPUT && ctx.err.code == err));
    if (!err) {
        check_spans(zone, CLOCK_MIN_US);
        check_spans(zone, 0);
        check_at(zone, CLOCK_MAX_US);
    }
    arena_release(&arena);
    return 0;
}
