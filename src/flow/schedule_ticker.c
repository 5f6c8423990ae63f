/* The ticker's thread. */
#include "flow/schedule_ticker.h"

#include "base/beat.h"
#include "base/log.h"
#include "base/mem.h"

enum { TICKER_MEMORY_MAX = 8 << 20, TICKER_DEADLINE_S = 30 };

struct schedule_ticker {
    struct schedule_look look;
    struct counter runs, troubles;
    int64_t ahead_us; /* how far the wall's clock is ahead of the other */
    bool mends;       /* the clock was put back, and schedules were not looked at since */
    struct rand rand;
    struct id_source ids;
    struct arena arena;
    struct ctx ctx;
    struct beat beat;
};

/* What went on while nothing ran is not seen: so it looks at the start too. */
static void look_at_clock(struct schedule_ticker *ticker)
{
    int64_t ahead_us = clock_now_us(ticker->ctx.clock) - clock_tick_us(ticker->ctx.clock);
    if (ahead_us < ticker->ahead_us - SCHEDULE_JUMP_S * SECOND_US) {
        log_warn(&ticker->ctx, "clock was put back",
                 field_int("seconds", (ticker->ahead_us - ahead_us) / SECOND_US));
        ticker->mends = true;
    }
    ticker->ahead_us = ahead_us;
    if (ticker->mends && !schedule_mend(&ticker->ctx, ticker->look.db))
        ticker->mends = false;
}

static void look(struct schedule_ticker *ticker)
{
    struct ctx *ctx = &ticker->ctx;
    struct schedule_look *look = &ticker->look;
    arena_clear(&ticker->arena);
    ctx->deadline_us = clock_tick_us(ctx->clock) + TICKER_DEADLINE_S * SECOND_US;
    look_at_clock(ticker);
    look->runs = look->troubles = 0;
    if (schedule_run_due(ctx, look)) {
        log_failure_rarely(ctx, "schedules wait");
        look->more = false;
        look->next_us = CLOCK_MAX_US;
    }
    counter_add(&ticker->runs, look->runs);
    counter_add(&ticker->troubles, look->troubles);
}

static int64_t pause_us(const struct schedule_ticker *ticker)
{
    int64_t left_us = ticker->look.next_us - clock_now_us(ticker->ctx.clock);
    if (ticker->look.more || left_us < 0)
        return 0;
    return left_us < SCHEDULE_LOOK_MS * INT64_C(1000) ? left_us : SCHEDULE_LOOK_MS * INT64_C(1000);
}

/* Begins when it is woken, once its counters are where they are seen. */
static void *ticker_main(void *arg)
{
    struct schedule_ticker *ticker = arg;
    int64_t wait_us = MINUTE_US;
    for (; beat_wait(&ticker->beat, wait_us); wait_us = pause_us(ticker))
        look(ticker);
    return NULL;
}

static void init(struct schedule_ticker *ticker, const struct ctx *ctx)
{
    arena_init(&ticker->arena, TICKER_MEMORY_MAX);
    ticker->rand = rand_system();
    id_source_init(&ticker->ids, ctx->clock, &ticker->rand);
    ticker->ctx = (struct ctx){
        .arena = &ticker->arena, .clock = ctx->clock, .ids = &ticker->ids, .log = ctx->log};
}

static void release(struct schedule_ticker *ticker)
{
    id_source_release(&ticker->ids);
    arena_release(&ticker->arena);
    mem_free(ticker);
}

static void count(struct schedule_ticker *ticker, struct counter_registry *registry)
{
    counter_register(registry, &ticker->runs, COUNTER_TOTAL, "schedule_runs_total",
                     "Runs of schedules that were sent.");
    counter_register(registry, &ticker->troubles, COUNTER_TOTAL, "schedule_troubles_total",
                     "Runs of schedules that could not be sent.");
}

enum err schedule_ticker_open(struct ctx *ctx, const struct schedule_ticker_options *options,
                              struct schedule_ticker **opened)
{
    struct schedule_ticker *ticker = mem_alloc(sizeof *ticker);
    if (!ticker)
        return err_memory(&ctx->err);
    *ticker = (struct schedule_ticker){
        .look = {.db = options->db}, .ahead_us = CLOCK_MIN_US, .mends = true};
    init(ticker, ctx);
    enum err err = beat_start(&ticker->beat, ctx, "schedules", ticker_main, ticker);
    if (err) {
        release(ticker);
        return err;
    }
    count(ticker, options->counters);
    beat_wake(&ticker->beat);
    *opened = ticker;
    return ERR_OK;
}

void schedule_ticker_close(struct schedule_ticker *ticker)
{
    if (!ticker)
        return;
    beat_end(&ticker->beat);
    release(ticker);
}
