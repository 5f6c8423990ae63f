/* The funnel alone, on an engine that does as it is told: what no real one does on demand. */
#include "ports/db/funnel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "harness/test.h"

enum { WRITERS = 5, EVENTS_MAX = 256 };

/* What the engine is told to fail with, each so many times. */
struct db_engine {
    int connects_fail, begins_fail, commits_fail, releases_fail;
    enum err commit_err;
    bool commit_breaks; /* and nobody knows what became of it */
    bool may_retry;
    int connects, begins, commits, rollbacks, rests;
    int64_t position;
    char events[EVENTS_MAX]; /* b(egin) c(ommit) r(ollback) s(avepoint) u(ndo) f(n) */
    size_t event_count;
};

struct db_connection {
    struct db_engine *engine;
    bool broken, open, retry;
};

static void event(struct db_engine *engine, char what)
{
    if (engine->event_count < EVENTS_MAX - 1)
        engine->events[engine->event_count++] = what;
}

static enum err fail(struct ctx *ctx, enum err err)
{
    return err_fail(&ctx->err, err, "No.", "as told");
}

static bool strikes(int *count)
{
    return *count && (*count)-- > 0;
}

static struct db_connection the_connection;

static enum err fake_connect(struct db_engine *engine, struct ctx *ctx, enum db_role role,
                             struct db_connection **connection)
{
    (void)role;
    engine->connects++;
    if (strikes(&engine->connects_fail))
        return fail(ctx, ERR_PEER);
    the_connection = (struct db_connection){.engine = engine};
    *connection = &the_connection;
    return ERR_OK;
}

static void fake_disconnect(struct db_connection *connection)
{
    connection->open = false;
}

static bool fake_is_broken(const struct db_connection *connection)
{
    return connection->broken;
}

static enum err fake_begin(struct db_connection *connection, struct ctx *ctx)
{
    event(connection->engine, 'b');
    connection->engine->begins++;
    connection->retry = false;
    if (strikes(&connection->engine->begins_fail)) {
        connection->retry = true;
        return fail(ctx, ERR_BUSY);
    }
    connection->open = true;
    return ERR_OK;
}

static enum err fake_commit(struct db_connection *connection, struct ctx *ctx, int64_t *position)
{
    struct db_engine *engine = connection->engine;
    event(engine, 'c');
    engine->commits++;
    if (strikes(&engine->commits_fail)) {
        connection->broken = engine->commit_breaks;
        connection->retry = engine->may_retry;
        return fail(ctx, engine->commit_err);
    }
    connection->open = false;
    *position = ++engine->position;
    return ERR_OK;
}

static void fake_rollback(struct db_connection *connection)
{
    event(connection->engine, 'r');
    connection->engine->rollbacks++;
    connection->open = false;
}

static enum err fake_savepoint(struct db_connection *connection, struct ctx *ctx)
{
    (void)ctx;
    event(connection->engine, 's');
    return ERR_OK;
}

static enum err fake_release(struct db_connection *connection, struct ctx *ctx)
{
    return strikes(&connection->engine->releases_fail) ? fail(ctx, ERR_BUSY) : ERR_OK;
}

static enum err fake_undo(struct db_connection *connection, struct ctx *ctx)
{
    (void)ctx;
    event(connection->engine, 'u');
    return ERR_OK;
}

static bool fake_is_open(const struct db_connection *connection)
{
    return connection->open;
}

static void fake_set_careful(struct db_connection *connection, bool careful)
{
    (void)connection, (void)careful;
}

static bool fake_may_retry(const struct db_connection *connection)
{
    return connection->retry;
}

static void fake_rest(struct db_connection *connection, struct ctx *ctx)
{
    (void)ctx;
    connection->engine->rests++;
}

static const struct db_driver fake = {
    .scheme = "fake",
    .connect = fake_connect,
    .disconnect = fake_disconnect,
    .is_broken = fake_is_broken,
    .begin = fake_begin,
    .commit = fake_commit,
    .rollback = fake_rollback,
    .savepoint = fake_savepoint,
    .release = fake_release,
    .undo = fake_undo,
    .is_open = fake_is_open,
    .set_careful = fake_set_careful,
    .may_retry = fake_may_retry,
    .rest = fake_rest,
};

/* A write, its context and its thread. */
struct writer {
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
    struct funnel *funnel;
    struct db_engine *engine;
    pthread_t thread;
    db_fn *fn;
    enum err result;
    int runs;
    _Atomic bool entered, open; /* of one that holds */
};

static enum err note(struct tx *tx, void *arg)
{
    struct writer *writer = arg;
    (void)tx;
    writer->runs++;
    event(writer->engine, 'f');
    return ERR_OK;
}

static enum err fail_it(struct tx *tx, void *arg)
{
    TRY(note(tx, arg));
    return fail(tx->ctx, ERR_CONFLICT);
}

static enum err end_it(struct tx *tx, void *arg)
{
    tx->connection->open = false;
    return note(tx, arg);
}

/* The server went away in the first run. */
static enum err lose_it(struct tx *tx, void *arg)
{
    struct writer *writer = arg;
    TRY(note(tx, arg));
    if (writer->runs > 1)
        return ERR_OK;
    tx->connection->broken = true;
    return fail(tx->ctx, ERR_PEER);
}

static enum err retry_it(struct tx *tx, void *arg)
{
    tx->connection->retry = true;
    TRY(note(tx, arg));
    return fail(tx->ctx, ERR_BUSY);
}

static enum err fail_first(struct tx *tx, void *arg)
{
    struct writer *writer = arg;
    TRY(note(tx, arg));
    return writer->runs == 1 ? fail(tx->ctx, ERR_CONFLICT) : ERR_OK;
}

/* The commit of its own batch fails. */
static enum err strike_commit(struct tx *tx, void *arg)
{
    struct writer *writer = arg;
    writer->engine->commits_fail = 1;
    return note(tx, arg);
}

static enum err hold(struct tx *tx, void *arg)
{
    struct writer *writer = arg;
    atomic_store(&writer->entered, true);
    while (!atomic_load(&writer->open))
        sched_yield();
    return note(tx, arg);
}

static void writer_init(struct test *t, struct writer *writer, db_fn *fn)
{
    *writer = (struct writer){.fn = fn};
    arena_init(&writer->arena, 1 << 20);
    writer->clock = clock_system();
    writer->ctx = (struct ctx){
        .arena = &writer->arena, .clock = &writer->clock, .log = t->ctx->log};
}

static void *write_it(void *arg)
{
    struct writer *writer = arg;
    writer->result = funnel_write(writer->funnel, &writer->ctx, writer->fn, writer);
    return NULL;
}

struct bench {
    struct db_engine engine;
    struct counter_registry counters;
    struct funnel *funnel;
    struct writer own;
};

static void bench_open(struct test *t, struct bench *bench)
{
    bench->counters = (struct counter_registry){.first = NULL};
    writer_init(t, &bench->own, note);
    REQUIRE(funnel_open(&bench->own.ctx, &fake, &bench->engine, &bench->counters, &bench->funnel) ==
            ERR_OK);
}

static void bench_close(struct bench *bench)
{
    funnel_close(bench->funnel);
    arena_release(&bench->own.arena);
}

/* Runs one write alone. */
static enum err write_one(struct bench *bench, db_fn *fn)
{
    bench->own.funnel = bench->funnel;
    bench->own.engine = &bench->engine;
    bench->own.fn = fn;
    bench->own.runs = 0;
    write_it(&bench->own);
    return bench->own.result;
}

static int64_t waiting(const struct bench *bench)
{
    const struct counter *at = counter_first(&bench->counters);
    while (strcmp(at->name, "db_waiting") != 0)
        at = at->next;
    return counter_value(at);
}

/* Runs these together, in this order, in one batch. */
static void write_together(struct test *t, struct bench *bench, struct writer writers[],
                           db_fn *fns[], int count)
{
    struct writer holder;
    writer_init(t, &holder, hold);
    holder.funnel = bench->funnel;
    holder.engine = &bench->engine;
    REQUIRE(pthread_create(&holder.thread, NULL, write_it, &holder) == 0);
    while (!atomic_load(&holder.entered))
        sched_yield();
    for (int i = 0; i < count; i++) {
        writer_init(t, &writers[i], fns[i]);
        writers[i].funnel = bench->funnel;
        writers[i].engine = &bench->engine;
        REQUIRE(pthread_create(&writers[i].thread, NULL, write_it, &writers[i]) == 0);
        while (waiting(bench) < 2 + i)
            sched_yield();
    }
    bench->engine.event_count = 0;
    memset(bench->engine.events, 0, sizeof bench->engine.events);
    atomic_store(&holder.open, true);
    pthread_join(holder.thread, NULL);
    CHECK_ERR(holder.result, ERR_OK);
    for (int i = 0; i < count; i++)
        pthread_join(writers[i].thread, NULL);
    arena_release(&holder.arena);
}

static void release_all(struct writer writers[], int count)
{
    for (int i = 0; i < count; i++)
        arena_release(&writers[i].arena);
}

/* The holder's own "fc" comes first in each of the expected lines of events. */
TEST(funnel_commits_a_batch_once_and_undoes_a_failure_alone)
{
    struct bench bench = {0};
    struct writer writers[3];
    bench_open(t, &bench);
    write_together(t, &bench, writers, (db_fn *[]){note, fail_it, note}, 3);
    CHECK_TEXT(bench.engine.events, "fcbsfsfusfc");
    CHECK_ERR(writers[0].result, ERR_OK);
    CHECK_ERR(writers[1].result, ERR_CONFLICT);
    CHECK_TEXT(writers[1].ctx.err.operator, "as told");
    CHECK_ERR(writers[2].result, ERR_OK);
    CHECK_INT(writers[0].ctx.db_position, 2);
    CHECK_INT(writers[2].ctx.db_position, 2);
    release_all(writers, 3);
    bench_close(&bench);
}

TEST(funnel_does_not_commit_where_all_failed)
{
    struct bench bench = {0};
    struct writer writers[2];
    bench_open(t, &bench);
    write_together(t, &bench, writers, (db_fn *[]){fail_it, fail_it}, 2);
    CHECK_TEXT(bench.engine.events, "fcbsfusfur");
    release_all(writers, 2);
    bench_close(&bench);
}

TEST(funnel_runs_a_spoilt_batch_again_one_by_one)
{
    struct bench bench = {0};
    struct writer writers[3];
    bench_open(t, &bench);
    write_together(t, &bench, writers, (db_fn *[]){note, end_it, note}, 3);
    CHECK_TEXT(bench.engine.events, "fcbsfsfrbsfcbsfrbsfc");
    CHECK_ERR(writers[0].result, ERR_OK);
    CHECK_ERR(writers[1].result, ERR_INTERNAL);
    CHECK_ERR(writers[2].result, ERR_OK);
    CHECK_INT(writers[0].runs, 2);
    CHECK_INT(writers[2].runs, 1);
    CHECK_INT(writers[0].ctx.db_position, 2);
    CHECK_INT(writers[2].ctx.db_position, 3);
    release_all(writers, 3);
    bench_close(&bench);
}

TEST(funnel_runs_a_batch_again_whose_commit_was_refused)
{
    struct bench bench = {.engine = {.commit_err = ERR_BUSY, .may_retry = true}};
    struct writer writers[2];
    bench_open(t, &bench);
    bench.engine.releases_fail = 2; /* the holder's and then its own run alone */
    write_together(t, &bench, writers, (db_fn *[]){note, note}, 2);
    CHECK_ERR(writers[0].result, ERR_OK);
    bench.engine.commits_fail = 2;
    CHECK_ERR(write_one(&bench, note), ERR_OK);
    CHECK_INT(bench.own.runs, 3);
    release_all(writers, 2);
    bench_close(&bench);
}

TEST(funnel_says_when_nobody_knows_what_became_of_a_commit)
{
    struct bench bench = {.engine = {.commit_err = ERR_PEER, .commit_breaks = true}};
    bench_open(t, &bench);
    bench.engine.commits_fail = 1;
    CHECK_ERR(write_one(&bench, note), ERR_PEER);
    CHECK_INT(bench.own.runs, 1);
    CHECK_INT(bench.engine.connects, 1);
    CHECK_ERR(write_one(&bench, note), ERR_OK); /* over another connection */
    CHECK_INT(bench.engine.connects, 2);
    bench_close(&bench);
}

/* What it failed for may have been its neighbour's, of which nobody knows whether it is there. */
TEST(funnel_runs_what_failed_by_itself_again_where_the_commit_was_lost)
{
    struct bench bench = {.engine = {.commit_err = ERR_PEER, .commit_breaks = true}};
    struct writer writers[4];
    bench_open(t, &bench);
    write_together(t, &bench, writers, (db_fn *[]){strike_commit, fail_first, fail_it, note}, 4);
    CHECK_TEXT(bench.engine.events, "fcbsfsfusfusfcrbsfcbsfr");
    CHECK_ERR(writers[0].result, ERR_PEER);
    CHECK_INT(writers[0].runs, 1);
    CHECK_ERR(writers[1].result, ERR_OK);
    CHECK_INT(writers[1].ctx.db_position, 2);
    CHECK_ERR(writers[2].result, ERR_CONFLICT);
    CHECK_INT(writers[2].runs, 2);
    CHECK_ERR(writers[3].result, ERR_PEER);
    CHECK_INT(writers[3].runs, 1);
    release_all(writers, 4);
    bench_close(&bench);
}

TEST(funnel_connects_again_when_the_connection_is_lost)
{
    struct bench bench = {0};
    bench_open(t, &bench);
    bench.engine.connects_fail = 2;
    CHECK_ERR(write_one(&bench, lose_it), ERR_OK);
    CHECK_INT(bench.own.runs, 2);
    CHECK_INT(bench.engine.connects, 1 + 3);
    bench_close(&bench);
}

/* ERR_PEER is kept for what may have happened. */
TEST(funnel_that_reaches_nobody_says_that_nothing_was_changed)
{
    struct bench bench = {0};
    bench_open(t, &bench);
    bench.engine.connects_fail = 1000;
    CHECK_ERR(write_one(&bench, lose_it), ERR_BUSY);
    CHECK(strstr(bench.own.ctx.err.operator, "nothing was changed"));
    bench.engine.connects_fail = 0;
    CHECK_ERR(write_one(&bench, note), ERR_OK);
    bench_close(&bench);
}

TEST(funnel_gives_up_within_limits)
{
    struct bench bench = {0};
    bench_open(t, &bench);
    CHECK_ERR(write_one(&bench, retry_it), ERR_BUSY);
    CHECK_INT(bench.own.runs, 1 + DB_RUNS_MAX);
    bench.engine.begins_fail = 1000;
    CHECK_ERR(write_one(&bench, note), ERR_BUSY);
    CHECK_INT(bench.own.runs, 0);
    CHECK_INT(1000 - bench.engine.begins_fail, DB_RUNS_MAX);
    bench.engine.begins_fail = 0;
    CHECK_ERR(write_one(&bench, note), ERR_OK);
    CHECK(str_find(test_log(t), STR("\"a write runs again\"")) != STR_NONE);
    bench_close(&bench);
}

TEST(funnel_that_cannot_be_opened_says_so)
{
    struct bench bench = {.engine = {.connects_fail = 1}};
    writer_init(t, &bench.own, note);
    CHECK_ERR(funnel_open(&bench.own.ctx, &fake, &bench.engine, NULL, &bench.funnel), ERR_PEER);
    arena_release(&bench.own.arena);
}

TEST(funnel_rests_when_nobody_waits)
{
    struct bench bench = {0};
    bench_open(t, &bench);
    for (int i = 0; i < WRITERS; i++)
        CHECK_ERR(write_one(&bench, note), ERR_OK);
    CHECK_ERR(write_one(&bench, fail_it), ERR_CONFLICT);
    struct db_engine *engine = &bench.engine;
    bench_close(&bench);
    CHECK(engine->rests >= 1);
}

TEST(funnel_does_not_take_what_is_too_late)
{
    struct bench bench = {0};
    bench_open(t, &bench);
    bench.own.ctx.deadline_us = 1;
    CHECK_ERR(write_one(&bench, note), ERR_TIMEOUT);
    CHECK_INT(bench.own.runs, 0);
    CHECK_INT(waiting(&bench), 0);
    bench_close(&bench);
}
