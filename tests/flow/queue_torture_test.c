/* Each allocation and each system call fails once while messages are sent, received, failed and
 * deleted: the failure is told, nothing leaks, and no message that was accepted is gone. */
#include "act.h"
#include "harness/torture.h"

struct strike {
    struct flow_place *place;
    const struct queue *queue;
    struct db *db;
    struct queue_messages got;
    int64_t sent, tried; /* accepted, and tried to be deleted */
};

static enum err send(struct tx *tx, void *arg)
{
    struct strike *strike = arg;
    return queue_put(tx, strike->queue, STR("body"));
}

static enum err receive(struct tx *tx, void *arg)
{
    struct strike *strike = arg;
    struct queue_want want = {.max = 2, .visibility_s = QUEUE_DEFAULT};
    return queue_receive(tx, strike->queue, &want, &strike->got);
}

static enum err fail(struct tx *tx, void *arg)
{
    struct strike *strike = arg;
    return queue_fail(tx, strike->queue, &strike->got.list[1], STR("why"), STR(""));
}

static enum err end(struct tx *tx, void *arg)
{
    struct strike *strike = arg;
    return queue_delete(tx, strike->queue, &strike->got.list[0].receipt);
}

static enum err send_one(struct strike *strike, struct ctx *ctx)
{
    TRY(db_write(strike->db, ctx, send, strike));
    strike->sent++;
    return ERR_OK;
}

static enum err work(struct strike *strike, struct ctx *ctx)
{
    strike->got = (struct queue_messages){0};
    TRY(send_one(strike, ctx));
    TRY(send_one(strike, ctx));
    TRY(db_write(strike->db, ctx, receive, strike));
    if (strike->got.count == 2)
        TRY(db_write(strike->db, ctx, fail, strike));
    strike->tried += strike->got.count > 0;
    return strike->got.count ? db_write(strike->db, ctx, end, strike) : ERR_OK;
}

static enum err open_and_work(struct test *t, void *arg)
{
    struct strike *strike = arg;
    struct db_options options = {.url = str_from(strike->place->fixture.url)};
    TRY(db_open(t->ctx, &options, &strike->db));
    enum err err = work(strike, t->ctx);
    db_close(strike->db);
    return err;
}

static void strike_each(struct test *t, enum torture_kind kind)
{
    struct flow_place place;
    struct act act;
    flow_place_open(t, engine_sqlite, &place);
    act_open(t, &place, "a", &act);
    struct queue queue = act.queue;
    queue.is.name = STR("a");
    queue.is.dead = queue.is.labels = STR("");
    struct strike strike = {.place = &place, .queue = &queue};
    db_close(place.db); /* each run has a database of its own to leave nothing behind of */
    TORTURE_EVERY(t, kind, open_and_work, &strike);
    place.db = flow_place_open_db(&place, t->ctx);
    act.queue = queue;
    const struct queue_counts *counts = act_count(&act);
    int64_t there = counts->visible + counts->in_flight + counts->delayed;
    CHECK(strike.sent > 10);
    CHECK(there >= strike.sent - strike.tried);
    flow_place_close(&place);
}

TEST(queue_survives_each_failing_allocation)
{
    strike_each(t, TORTURE_MEMORY);
}

TEST(queue_survives_each_failing_system_call)
{
    strike_each(t, TORTURE_SYSTEM);
}
