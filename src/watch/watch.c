/* The watch's thread, which looks whether all is well. */
#include "watch/watch.h"

#include "base/log.h"
#include "ports/db/explain.h"
#include "web/events.h"

/* What changed is said once. */
static void say(struct watch *watch, unsigned before, unsigned wrong)
{
    for (enum ready_part part = 0; part < READY_COUNT; part++) {
        unsigned bit = 1U << part;
        if (wrong & ~before & bit)
            log_warn(&watch->ctx, "not ready", field_text("part", ready_name(part)),
                     field_text("why", ready_words(part)));
        if (before & ~wrong & bit)
            log_info(&watch->ctx, "ready again", field_text("part", ready_name(part)));
    }
}

static void look(struct watch *watch)
{
    struct ctx quiet = watch->ctx; /* tries that fail are told as one */
    quiet.log = NULL;
    unsigned before = atomic_load(&watch->ready.wrong);
    unsigned wrong = ready_look(&quiet, watch->options.db, watch->options.folder);
    ready_note(&watch->ready, wrong, clock_tick_us(watch->ctx.clock));
    say(watch, before, atomic_load(&watch->ready.wrong));
    watch->ctx.deadline_us = clock_tick_us(watch->ctx.clock) + READY_LOOK_US;
    db_tell_slow(watch->options.db, &watch->ctx);
    arena_clear(&watch->arena);
}

/* Who looks at the page of health is told; that nobody could be is no harm. */
static void remember(struct watch *watch)
{
    struct ctx *ctx = &watch->ctx;
    int64_t now_us = clock_tick_us(ctx->clock);
    if (!watch->options.counters || now_us < watch->step_us)
        return;
    watch->step_us = now_us + HISTORY_STEP_US - READY_LOOK_US / 2;
    history_add(&watch->history, watch->options.counters, ctx->clock);
    if (watch->options.events)
        (void)events_publish(ctx, events_channel(watch->options.events, STR(WATCH_CHANNEL)),
                             STR("step"), STR("new"));
}

static void *watch_main(void *arg)
{
    struct watch *watch = arg;
    while (beat_wait(&watch->beat, READY_LOOK_US)) {
        look(watch);
        remember(watch);
    }
    return NULL;
}

static void release(struct watch *watch)
{
    history_release(&watch->history);
    arena_release(&watch->arena);
}

enum err watch_open(struct watch *watch, struct ctx *ctx, const struct watch_options *options)
{
    *watch = (struct watch){.options = *options, .started_us = clock_now_us(ctx->clock)};
    arena_init(&watch->arena, WATCH_MEMORY_MAX);
    watch->ctx = (struct ctx){.arena = &watch->arena, .clock = ctx->clock, .log = ctx->log};
    ready_init(&watch->ready);
    history_init(&watch->history);
    look(watch);
    remember(watch);
    enum err err = beat_start(&watch->beat, ctx, "watch", watch_main, watch);
    if (err)
        release(watch);
    return err;
}

void watch_close(struct watch *watch)
{
    if (!watch->beat.runs)
        return;
    beat_end(&watch->beat);
    release(watch);
}
