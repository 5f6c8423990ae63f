/* Threads that send, receive and delete until the round is over. */
#include "queue_cycle.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "flow/flow_schema.h"
#include "ports/db/migrate.h"

enum { CYCLE_MEMORY_MAX = 8 << 20 };

struct cycler {
    struct flow *flow;
    struct clock *clock;
    struct id_source *ids;
    size_t batch;
    struct str body;
    pthread_t thread;
    int64_t end_us, messages;
    bool failed;
};

static enum err cycle_once(struct cycler *cycler, struct ctx *ctx)
{
    struct flow_want want = {.max = (int64_t)cycler->batch, .visibility_s = QUEUE_DEFAULT};
    struct queue_sending sendings[QUEUE_BATCH_MAX];
    struct queue_receipt receipts[QUEUE_BATCH_MAX];
    enum err results[QUEUE_BATCH_MAX];
    struct queue_messages got;
    for (size_t i = 0; i < cycler->batch; i++)
        sendings[i] = QUEUE_SENDING(cycler->body);
    TRY(flow_send(cycler->flow, ctx, STR("bench"), sendings, cycler->batch));
    TRY(flow_receive(cycler->flow, ctx, STR("bench"), &want, &got));
    for (size_t i = 0; i < got.count; i++)
        receipts[i] = got.list[i].receipt;
    if (got.count)
        TRY(flow_delete(cycler->flow, ctx, STR("bench"), receipts, got.count, results));
    cycler->messages += (int64_t)got.count;
    return ERR_OK;
}

static void *cycle(void *arg)
{
    struct cycler *cycler = arg;
    struct arena arena;
    struct rand rand = rand_system();
    struct ctx ctx = {.arena = &arena, .clock = cycler->clock, .rand = &rand, .ids = cycler->ids};
    arena_init(&arena, CYCLE_MEMORY_MAX);
    while (!cycler->failed && clock_tick_us(ctx.clock) < cycler->end_us) {
        cycler->failed = cycle_once(cycler, &ctx) != ERR_OK;
        arena_clear(&arena);
    }
    if (cycler->failed)
        fprintf(stderr, "queue: %s %s\n", ctx.err.user, ctx.err.operator);
    arena_release(&arena);
    return NULL;
}

static enum err create(struct tx *tx, void *arg)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    (void)arg;
    options.name = STR("bench");
    return queue_create(tx, &options, &queue);
}

enum err queue_cycle_open(struct db *db, struct ctx *ctx, struct flow **flow)
{
    struct migrate_plan *plan = ARENA_NEW(ctx->arena, struct migrate_plan);
    if (!plan)
        return err_memory(&ctx->err);
    TRY(migrate_run(db, ctx, plan));
    TRY(db_write(db, ctx, create, NULL));
    return flow_open(ctx, &(struct flow_options){.db = db}, flow);
}

double queue_cycle_rate(struct flow *flow, size_t batch, size_t callers, int64_t round_us)
{
    struct cycler cyclers[CYCLE_CALLERS_MAX];
    char body[CYCLE_BODY];
    struct clock clock = clock_system();
    struct rand rand = rand_system();
    struct id_source ids;
    int64_t begun_us = clock_tick_us(&clock), messages = 0;
    size_t started = 0;
    memset(body, 'b', sizeof body);
    id_source_init(&ids, &clock, &rand);
    for (; started < callers; started++) {
        cyclers[started] = (struct cycler){.flow = flow,
                                           .clock = &clock,
                                           .ids = &ids,
                                           .batch = batch,
                                           .body = str_make(body, sizeof body),
                                           .end_us = begun_us + round_us};
        if (pthread_create(&cyclers[started].thread, NULL, cycle, &cyclers[started]))
            break;
    }
    bool failed = started < callers;
    for (size_t i = 0; i < started; i++) {
        pthread_join(cyclers[i].thread, NULL);
        messages += cyclers[i].messages;
        failed |= cyclers[i].failed;
    }
    id_source_release(&ids);
    int64_t passed_us = clock_tick_us(&clock) - begun_us;
    return failed ? 0 : (double)messages * (double)SECOND_US / (double)passed_us;
}
