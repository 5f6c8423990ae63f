/* 64 threads that each write until the round is over. */
#include "callers.h"

#include <pthread.h>
#include <stdio.h>

enum { CALLER_MEMORY_MAX = 1 << 20 };

struct caller {
    struct db *db;
    struct clock *clock;
    const struct query *query;
    pthread_t thread;
    int64_t end_us, writes;
    uint64_t chance;
    bool failed;
};

static enum err write_one(struct tx *tx, void *arg)
{
    struct caller *caller = arg;
    struct db_value args[] = {db_int((int64_t)(caller->chance >> 1))};
    return tx_exec(tx, caller->query, args, NULL);
}

/* Xorshift: what is random is the place in the index, not a secret. */
static void roll(struct caller *caller)
{
    caller->chance ^= caller->chance << 13;
    caller->chance ^= caller->chance >> 7;
    caller->chance ^= caller->chance << 17;
}

static void *call(void *arg)
{
    struct caller *caller = arg;
    struct arena arena;
    struct ctx ctx = {.arena = &arena, .clock = caller->clock};
    arena_init(&arena, CALLER_MEMORY_MAX);
    while (!caller->failed && clock_tick_us(ctx.clock) < caller->end_us) {
        roll(caller);
        caller->failed = db_write(caller->db, &ctx, write_one, caller) != ERR_OK;
        caller->writes += !caller->failed;
        arena_clear(&arena);
    }
    if (caller->failed)
        fprintf(stderr, "%s %s\n", ctx.err.user, ctx.err.operator);
    arena_release(&arena);
    return NULL;
}

double callers_rate(struct db *db, const struct query *query, int64_t round_us)
{
    struct caller callers[CALLERS];
    struct clock clock = clock_system();
    int64_t begun_us = clock_tick_us(&clock), writes = 0, started = 0;
    for (; started < CALLERS; started++) {
        callers[started] = (struct caller){
            .db = db,
            .clock = &clock,
            .query = query,
            .end_us = begun_us + round_us,
            .chance = (uint64_t)(begun_us * CALLERS + started + 1),
        };
        if (pthread_create(&callers[started].thread, NULL, call, &callers[started]))
            break;
    }
    bool failed = started < CALLERS;
    for (int64_t i = 0; i < started; i++) {
        pthread_join(callers[i].thread, NULL);
        writes += callers[i].writes;
        failed |= callers[i].failed;
    }
    int64_t passed_us = clock_tick_us(&clock) - begun_us;
    return failed ? 0 : (double)writes * (double)SECOND_US / (double)passed_us;
}
