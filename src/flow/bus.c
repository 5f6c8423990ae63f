/* The bus as a thing of a process: opened, woken, and run by a thread of its own. */
#include "flow/bus.h"

#include "base/log.h"
#include "base/mem.h"
#include "flow/bus_inside.h"

#define SWEEP_EVERY_US MINUTE_US

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

/* Begins when it is woken, once its counters are where they are seen. */
static void *bus_main(void *arg)
{
    struct bus *bus = arg;
    int64_t busy_us = 0, sweep_us = clock_tick_us(bus->ctx.clock) + SWEEP_EVERY_US;
    int64_t pause_ms = BUS_IDLE_MS;
    while (beat_wait(&bus->beat, pause_ms * 1000)) {
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
        pause_ms = taken ? 0 : awake && !err ? BUS_LOOK_MS : BUS_IDLE_MS;
    }
    return NULL;
}

static void init(struct bus *bus, const struct ctx *ctx)
{
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
    pthread_mutex_destroy(&bus->working);
    arena_release(&bus->arena);
    arena_release(&bus->trees);
    arena_release(&bus->now.arena);
    mem_free(bus);
}

enum err bus_open(struct ctx *ctx, const struct bus_options *options, struct bus **opened)
{
    struct bus *bus = mem_alloc(sizeof *bus);
    if (!bus)
        return err_memory(&ctx->err);
    bus->options = *options;
    init(bus, ctx);
    enum err err = options->runs ? beat_start(&bus->beat, ctx, "bus", bus_main, bus) : ERR_OK;
    if (err) {
        release(bus);
        return err;
    }
    if (options->counters)
        count(bus, options->counters);
    beat_wake(&bus->beat);
    *opened = bus;
    return ERR_OK;
}

void bus_close(struct bus *bus)
{
    if (!bus)
        return;
    beat_end(&bus->beat);
    if (bus_tally_write(bus, &bus->ctx, true))
        log_failure(&bus->ctx, "what became of the last events was not written");
    release(bus);
}

void bus_wake(struct bus *bus)
{
    beat_wake(&bus->beat);
}
