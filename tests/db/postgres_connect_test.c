/* Connections to PostgreSQL: readers that are shared, addresses, servers that are away. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "harness/test.h"
#include "ports/db/db_inside.h"
#include "postgres_help.h"

enum { READERS = DB_READERS_MAX, OVERTAKEN_TIMES = 1000, AWAY_MS = 200, READS_MAX = 20 };

/* Holds its reader until all the others have theirs. */
static enum err meet(struct tx *tx, void *arg)
{
    int64_t count = 0;
    TRY(pg_count(tx, &count));
    pthread_barrier_wait(arg);
    return ERR_OK;
}

struct meeting {
    struct pg *pg;
    db_fn *fn;
    void *arg;
    struct ctx ctx;
    struct arena arena;
    pthread_t thread;
    enum err err;
};

static void *read_and_meet(void *arg)
{
    struct meeting *meeting = arg;
    meeting->err = db_read(meeting->pg->db, &meeting->ctx, meeting->fn, meeting->arg);
    return NULL;
}

static void meeting_start(struct test *t, struct pg *pg, struct meeting *meeting, db_fn *fn,
                          void *arg)
{
    *meeting = (struct meeting){.pg = pg, .fn = fn, .arg = arg};
    arena_init(&meeting->arena, PG_MEMORY_MAX);
    meeting->ctx = (struct ctx){.arena = &meeting->arena, .clock = &pg->clock};
    REQUIRE(pthread_create(&meeting->thread, NULL, read_and_meet, meeting) == 0);
}

static void meeting_join(struct test *t, struct meeting *meeting)
{
    pthread_join(meeting->thread, NULL);
    test_note(t, "%s", meeting->ctx.err.operator);
    CHECK_ERR(meeting->err, ERR_OK);
    arena_release(&meeting->arena);
}

static void connect_all_readers(struct test *t, struct pg *pg)
{
    struct meeting meetings[READERS];
    pthread_barrier_t all;
    REQUIRE(pthread_barrier_init(&all, NULL, READERS) == 0);
    for (int i = 0; i < READERS; i++)
        meeting_start(t, pg, &meetings[i], meet, &all);
    for (int i = 0; i < READERS; i++)
        meeting_join(t, &meetings[i]);
    pthread_barrier_destroy(&all);
}

/* Each time that a reader comes back, somebody else was quicker. */
TEST(postgres_who_waits_for_a_reader_and_is_overtaken_waits_on)
{
    struct pg pg;
    struct meeting meetings[READERS], last;
    pthread_barrier_t all;
    int64_t count = -1;
    pg_open(t, "postgres/overtaken", &pg);
    REQUIRE(pthread_barrier_init(&all, NULL, READERS + 1) == 0);
    for (int i = 0; i < READERS; i++)
        meeting_start(t, &pg, &meetings[i], meet, &all);
    for (bool all_out = false; !all_out; pg_pause_ms(1)) {
        pthread_mutex_lock(&pg.db->lock);
        all_out = pg.db->reader_count == READERS && !pg.db->idle_count;
        pthread_mutex_unlock(&pg.db->lock);
    }
    meeting_start(t, &pg, &last, pg_count, &count);
    for (int i = 0; i < OVERTAKEN_TIMES; i++) {
        pg_pause_ms(1);
        pthread_cond_broadcast(&pg.db->freed);
    }
    pthread_barrier_wait(&all);
    for (int i = 0; i < READERS; i++)
        meeting_join(t, &meetings[i]);
    meeting_join(t, &last);
    CHECK_INT(count, 0);
    pthread_barrier_destroy(&all);
    pg_close(&pg);
}

TEST(postgres_a_restart_with_all_readers_idle_is_not_noticed)
{
    struct pg pg;
    int64_t count = -1;
    pg_open(t, "postgres/idle", &pg);
    connect_all_readers(t, &pg);
    postgres_kill(&pg.server);
    REQUIRE(postgres_restart(t->ctx, &pg.server) == ERR_OK);
    CHECK_ERR(db_read(pg.db, t->ctx, pg_count, &count), ERR_OK);
    CHECK_INT(count, 0);
    pg_close(&pg);
}

/* Addresses. */

TEST(postgres_the_host_that_can_be_written_to_is_found)
{
    struct pg pg;
    struct db *db;
    char url[256];
    int64_t number = 1;
    pg_open(t, "postgres/hosts", &pg);
    snprintf(url, sizeof url, "postgres://stoa@127.0.0.1:1,127.0.0.1:%d/stoa", pg.server.port);
    struct db_options options = {.url = str_from(url)};
    REQUIRE(db_open(t->ctx, &options, &db) == ERR_OK);
    CHECK_ERR(db_write(db, t->ctx, pg_add_number, &number), ERR_OK);
    db_close(db);
    pg_close(&pg);
}

TEST(postgres_addresses_that_cannot_be)
{
    struct clock clock = clock_system();
    struct db_engine *engine = NULL;
    struct db_connection *connection = NULL;
    struct db_options options = {.url = STR("postgres://stoa@127.0.0.1:port/stoa?nonsense=1")};
    t->ctx->clock = &clock;
    CHECK_ERR(db_postgres.open(t->ctx, &options, &engine), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "DATABASE_URL");
    options.url = STR("postgres://stoa:secret%zz@127.0.0.1/stoa");
    CHECK_ERR(db_postgres.open(t->ctx, &options, &engine), ERR_INPUT);
    CHECK(!strstr(t->ctx->err.operator, "secret") && !strstr(t->ctx->err.user, "secret"));
    CHECK(str_find(test_log(t), STR("secret")) == STR_NONE);
    options.url = STR("postgres://stoa:secret@127.0.0.1:1/stoa");
    REQUIRE(db_postgres.open(t->ctx, &options, &engine) == ERR_OK);
    CHECK_ERR(db_postgres.connect(engine, t->ctx, DB_READER, &connection), ERR_PEER);
    CHECK(!strstr(t->ctx->err.operator, "secret"));
    db_postgres.close(engine);
}

/* A server that is away. */

/* More than one, for a machine that starts the server slowly. */
static void *read_on(void *arg)
{
    struct pg_caller *caller = arg;
    int64_t count = 0;
    caller->err = ERR_PEER;
    for (int i = 0; i < READS_MAX && caller->err == ERR_PEER; i++)
        caller->err = db_read(caller->pg->db, &caller->ctx, pg_count, &count);
    return NULL;
}

TEST(postgres_a_read_waits_for_a_server_that_starts_again)
{
    struct pg pg;
    struct pg_caller reader = {.err = ERR_OK};
    pg_open(t, "postgres/away", &pg);
    postgres_stop(&pg.server);
    pg_callers_start(t, &pg, &reader, 1, read_on);
    pg_pause_ms(AWAY_MS);
    REQUIRE(postgres_restart(t->ctx, &pg.server) == ERR_OK);
    pg_callers_join(&reader, 1);
    test_note(t, "%s", reader.ctx.err.operator);
    CHECK_ERR(reader.err, ERR_OK);
    CHECK_ERR(reader.ctx.err.code, ERR_OK);
    pg_close(&pg);
}

TEST(postgres_a_read_gives_up_on_a_server_that_stays_away)
{
    struct pg pg;
    int64_t count = -1, begun_us;
    pg_open(t, "postgres/gone", &pg);
    postgres_stop(&pg.server);
    CHECK_ERR(db_read(pg.db, t->ctx, pg_count, &count), ERR_PEER);
    begun_us = clock_tick_us(t->ctx->clock);
    t->ctx->deadline_us = begun_us + PG_TIMEOUT_US;
    CHECK_ERR(db_read(pg.db, t->ctx, pg_count, &count), ERR_TIMEOUT);
    CHECK(clock_tick_us(t->ctx->clock) - begun_us >= PG_TIMEOUT_US);
    t->ctx->deadline_us = 0;
    pg_close(&pg);
}
