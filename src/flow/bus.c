/* The bus as a thing of a process: opened, woken, and run by a thread of its own. */
#include "flow/bus.h"

#include <errno.h>
#include <signal.h>

#include "base/log.h"
#include "base/mem.h"
#include "flow/bus_inside.h"

#define SWEEP_EVERY_US MINUTE_US

/* True once it is to end. Who is woken in between does not wait. */
static bool wait(struct bus *bus, int64_t wait_ms)
{
    int64_t until_us = clock_tick_us(bus->ctx.clock) + wait_ms * 1000;
    struct timespec until = {.tv_sec = until_us / SECOND_US,
                             .tv_nsec = until_us % SECOND_US * 1000};
    pthread_mutex_lock(&bus->lock);
    while (!bus->ends && !bus->woken && wait_ms &&
           pthread_cond_timedwait(&bus->wake, &bus->lock, &until) != ETIMEDOUT)
        ;
    bool ends = bus->ends;
    bus->woken = false;
    pthread_mutex_unlock(&bus->lock);
    return ends;
}

/* Some of what is too old; the next time at once where there may be more. */
static void sweep(struct bus *bus, int64_t *next_us)
{
    int64_t forgotten = 0, now_us = clock_tick_us(bus->ctx.clock);
    if (now_us < *next_us)
        return;
    if (bus_sweep(bus, &bus->ctx, &forgotten))
        log_failure_rarely(&bus->ctx, "events could not be forgotten");
    *next_us = now_us + (forgotten < BUS_SWEEP_MAX ? SWEEP_EVERY_US : 0);
}

static void *bus_main(void *arg)
{
    struct bus *bus = arg;
    int64_t busy_us = 0, sweep_us = clock_tick_us(bus->ctx.clock) + SWEEP_EVERY_US, wait_ms;
    do {
        size_t taken = 0;
        arena_clear(&bus->arena);
        err_clear(&bus->ctx.err);
        enum err err = bus_dispatch(bus, &bus->ctx, &taken);
        if (err)
            log_failure_rarely(&bus->ctx, "events wait");
        if (taken)
            busy_us = clock_tick_us(bus->ctx.clock);
        else
            sweep(bus, &sweep_us);
        bool awake = busy_us &&
                     clock_tick_us(bus->ctx.clock) - busy_us < BUS_AWAKE_MS * INT64_C(1000);
        wait_ms = taken ? 0 : awake && !err ? BUS_LOOK_MS : BUS_IDLE_MS;
    } while (!wait(bus, wait_ms));
    return NULL;
}

static void init(struct bus *bus, const struct ctx *ctx)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&bus->wake, &how);
    pthread_condattr_destroy(&how);
    pthread_mutex_init(&bus->lock, NULL);
    pthread_mutex_init(&bus->working, NULL);
    arena_init(&bus->arena, BUS_MEMORY_MAX);
    arena_init(&bus->trees, BUS_MEMORY_MAX);
    arena_init(&bus->now.arena, 0);
    bus->take_max = BUS_TAKE_MAX;
    bus->rand = rand_system();
    bus->ctx = (struct ctx){.arena = &bus->arena,
                            .clock = ctx->clock,
                            .rand = &bus->rand,
                            .ids = ctx->ids,
                            .log = ctx->log};
}

static void count(struct bus *bus, struct counter_registry *counters)
{
    counter_register(counters, &bus->events, COUNTER_TOTAL, "flow_events_total",
                     "Events that the bus took from what is pending.");
    counter_register(counters, &bus->matches, COUNTER_TOTAL, "flow_event_matches_total",
                     "Rules that events matched.");
    counter_register(counters, &bus->deliveries, COUNTER_TOTAL, "flow_event_deliveries_total",
                     "Events put into the targets of rules.");
    counter_register(counters, &bus->lost, COUNTER_TOTAL, "flow_event_lost_total",
                     "Events that a rule's target could not take.");
}

static void release(struct bus *bus)
{
    pthread_cond_destroy(&bus->wake);
    pthread_mutex_destroy(&bus->lock);
    pthread_mutex_destroy(&bus->working);
    arena_release(&bus->arena);
    arena_release(&bus->trees);
    arena_release(&bus->now.arena);
    mem_free(bus);
}

/* Signals are for the main thread. */
static int start(struct bus *bus)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&bus->thread, NULL, bus_main, bus);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

enum err bus_open(struct ctx *ctx, const struct bus_options *options, struct bus **opened)
{
    struct bus *bus = mem_alloc(sizeof *bus);
    if (!bus)
        return err_memory(&ctx->err);
    bus->options = *options;
    init(bus, ctx);
    int failure = options->runs ? start(bus) : 0;
    if (failure) {
        release(bus);
        errno = failure;
        return err_system(&ctx->err, "The bus cannot run.", "starting a thread");
    }
    if (options->counters)
        count(bus, options->counters);
    *opened = bus;
    return ERR_OK;
}

void bus_close(struct bus *bus)
{
    if (!bus)
        return;
    if (bus->options.runs) {
        pthread_mutex_lock(&bus->lock);
        bus->ends = true;
        pthread_cond_signal(&bus->wake);
        pthread_mutex_unlock(&bus->lock);
        pthread_join(bus->thread, NULL);
    }
    if (bus_tally_write(bus, &bus->ctx, true))
        log_failure(&bus->ctx, "what became of the last events was not written");
    release(bus);
}

void bus_wake(struct bus *bus)
{
    pthread_mutex_lock(&bus->lock);
    bus->woken = true;
    pthread_cond_signal(&bus->wake);
    pthread_mutex_unlock(&bus->lock);
}
