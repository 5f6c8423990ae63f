/* The ticker's thread. */
#include "flow/schedule_ticker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

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
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool ends;
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

/* True once it is to end. */
static bool wait(struct schedule_ticker *ticker)
{
    int64_t until_us = clock_tick_us(ticker->ctx.clock) + pause_us(ticker);
    struct timespec until = {.tv_sec = until_us / SECOND_US,
                             .tv_nsec = until_us % SECOND_US * 1000};
    pthread_mutex_lock(&ticker->lock);
    while (!ticker->ends &&
           pthread_cond_timedwait(&ticker->wake, &ticker->lock, &until) != ETIMEDOUT)
        ;
    bool ends = ticker->ends;
    pthread_mutex_unlock(&ticker->lock);
    return ends;
}

static void *ticker_main(void *arg)
{
    struct schedule_ticker *ticker = arg;
    pthread_mutex_lock(&ticker->lock); /* until its counters are where they are seen */
    pthread_mutex_unlock(&ticker->lock);
    do
        look(ticker);
    while (!wait(ticker));
    return NULL;
}

static void init(struct schedule_ticker *ticker, const struct ctx *ctx)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&ticker->wake, &how);
    pthread_condattr_destroy(&how);
    pthread_mutex_init(&ticker->lock, NULL);
    arena_init(&ticker->arena, TICKER_MEMORY_MAX);
    ticker->rand = rand_system();
    id_source_init(&ticker->ids, ctx->clock, &ticker->rand);
    ticker->ctx = (struct ctx){
        .arena = &ticker->arena, .clock = ctx->clock, .ids = &ticker->ids, .log = ctx->log};
}

static void release(struct schedule_ticker *ticker)
{
    pthread_cond_destroy(&ticker->wake);
    pthread_mutex_destroy(&ticker->lock);
    id_source_release(&ticker->ids);
    arena_release(&ticker->arena);
    mem_free(ticker);
}

/* Signals are for the main thread. */
static int start(struct schedule_ticker *ticker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&ticker->thread, NULL, ticker_main, ticker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
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
    pthread_mutex_lock(&ticker->lock);
    int failure = start(ticker);
    if (!failure)
        count(ticker, options->counters);
    pthread_mutex_unlock(&ticker->lock);
    if (failure) {
        release(ticker);
        errno = failure;
        return err_system(&ctx->err, "Schedules cannot run.", "starting a thread");
    }
    *opened = ticker;
    return ERR_OK;
}

void schedule_ticker_close(struct schedule_ticker *ticker)
{
    if (!ticker)
        return;
    pthread_mutex_lock(&ticker->lock);
    ticker->ends = true;
    pthread_cond_signal(&ticker->wake);
    pthread_mutex_unlock(&ticker->lock);
    pthread_join(ticker->thread, NULL);
    release(ticker);
}
