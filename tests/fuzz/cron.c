/* Fuzzes schedule expressions: the runs of what parses come one after the other, in the years there
 * are, and each is found from just before it. */
#include "flow/cron.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ARENA_MAX = 1 << 20, RUNS = 3 };

/* 2026-10-24T12:00:00Z, hours before clocks in Europe are put back. */
static const int64_t begin_us = INT64_C(1792843200) * SECOND_US;

static void check_runs(const struct cron *cron, const struct zone *zone)
{
    int64_t runs_us[RUNS], again_us = 0, after_us = begin_us;
    size_t count = cron_runs(cron, zone, begin_us, runs_us, RUNS);
    for (size_t i = 0; i < count; i++) {
        ASSERT(runs_us[i] > after_us);
        ASSERT(civil_from_us(runs_us[i] - DAY_US).year <= CRON_YEAR_LAST);
        ASSERT(cron_next(cron, zone, runs_us[i] - 1, &again_us) && again_us == runs_us[i]);
        after_us = runs_us[i];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct zone *utc = NULL, *berlin = NULL;
    struct cron cron;
    arena_init(&arena, ARENA_MAX);
    ASSERT(zone_open(&ctx, "zone", STR("UTC"), &utc) == ERR_OK);
    ASSERT(zone_open(&ctx, "zone", STR("Europe/Berlin"), &berlin) == ERR_OK);
    enum err err = cron_parse(&ctx, "expression", str_make((const char *)bytes, size), &cron);
    ASSERT(err == ERR_OK || (err == ERR_INPUT && ctx.err.code == err && ctx.err.user[0]));
    if (!err) {
        check_runs(&cron, utc);
        check_runs(&cron, berlin);
    }
    arena_release(&arena);
    return 0;
}
