/* PostgreSQL that is slow, stands still, is killed, or hands over to a standby. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "postgres_help.h"

static const enum db_type ints[] = {DB_INT, DB_INT}, texts[] = {DB_TEXT, DB_TEXT};

#define CHANGE(called, text, types, count)                                            \
    {                                                                                 \
        .name = called, .postgres = text, .param_types = types, .param_count = count, \
        .writes = true                                                                \
    }

static const struct query add_again = CHANGE(
    "add_again", "INSERT INTO once (n) VALUES ($1) ON CONFLICT DO NOTHING", ints, 1);

static const struct query nap = {.name = "nap",
                                 .postgres = "SELECT CAST(pg_sleep(20) AS text)",
                                 .column_types = texts,
                                 .column_count = 1};

static enum err add_number_again(struct tx *tx, void *arg)
{
    const int64_t *number = arg;
    return tx_exec(tx, &add_again, (struct db_value[]){db_int(*number)}, NULL);
}

/* Slow servers. */

static enum err ignore_row(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx, (void)row, (void)into;
    return ERR_OK;
}

static enum err sleep_long(struct tx *tx, void *arg)
{
    (void)arg;
    return tx_query(tx, &nap, NULL, ignore_row, NULL);
}

TEST(postgres_a_slow_statement_ends_at_the_deadline)
{
    struct pg pg;
    int64_t number = 1, begun_us;
    pg_open(t, "postgres/slow", &pg);
    begun_us = clock_tick_us(t->ctx->clock);
    t->ctx->deadline_us = begun_us + PG_TIMEOUT_US;
    CHECK_ERR(db_read(pg.db, t->ctx, sleep_long, NULL), ERR_TIMEOUT);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + PG_TIMEOUT_US;
    CHECK_ERR(db_write(pg.db, t->ctx, sleep_long, NULL), ERR_TIMEOUT);
    CHECK(clock_tick_us(t->ctx->clock) - begun_us < 5 * SECOND_US);
    t->ctx->deadline_us = 0;
    CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &number), ERR_OK);
    pg_close(&pg);
}

TEST(postgres_a_server_that_stands_still_is_not_waited_for)
{
    struct pg pg;
    int64_t numbers[] = {1, 2}, begun_us;
    pg_open(t, "postgres/still", &pg);
    CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &numbers[0]), ERR_OK);
    postgres_pause(&pg.server);
    begun_us = clock_tick_us(t->ctx->clock);
    t->ctx->deadline_us = begun_us + PG_TIMEOUT_US;
    CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &numbers[1]), ERR_TIMEOUT);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + PG_TIMEOUT_US;
    CHECK_ERR(db_read(pg.db, t->ctx, pg_count, &numbers[1]), ERR_TIMEOUT);
    CHECK(clock_tick_us(t->ctx->clock) - begun_us < 5 * SECOND_US);
    postgres_go_on(&pg.server);
    t->ctx->deadline_us = 0;
    CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &numbers[1]), ERR_OK);
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 2);
    pg_close(&pg);
}

/* Lost servers. */

TEST(postgres_a_restart_between_writes_is_not_noticed)
{
    struct pg pg;
    int64_t number = 1, count;
    pg_open(t, "postgres/restart", &pg);
    for (int round = 0; round < 3; round++) {
        CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &number), ERR_OK);
        CHECK_ERR(db_read(pg.db, t->ctx, pg_count, &count), ERR_OK);
        CHECK_INT(count, number);
        number++;
        postgres_kill(&pg.server);
        REQUIRE(postgres_restart(t->ctx, &pg.server) == ERR_OK);
    }
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 3);
    pg_close(&pg);
}

/* How far the transaction came when the server was lost. */
enum phase { BEFORE_BEGIN, AFTER_BEGIN, AFTER_SENDING, AFTER_ANSWER, PHASES };

static enum err come_to(struct pg_alone *alone, enum phase phase, struct postgres *server)
{
    struct ctx *ctx = alone->tx.ctx;
    int64_t changed, position;
    if (phase == BEFORE_BEGIN)
        postgres_kill(server);
    TRY(db_postgres.begin(alone->connection, ctx));
    if (phase == AFTER_BEGIN)
        postgres_kill(server);
    TRY(pg_alone_add(alone, 1, phase == AFTER_ANSWER ? &changed : NULL));
    postgres_kill(server);
    return db_postgres.commit(alone->connection, ctx, &position);
}

TEST(postgres_a_connection_lost_before_the_commit_may_retry)
{
    struct pg pg;
    struct pg_alone alone;
    pg_open(t, "postgres/phases", &pg);
    for (enum phase phase = BEFORE_BEGIN; phase < PHASES; phase++) {
        test_note(t, "phase %d", phase);
        pg_alone_open(t, &pg.options, DB_WRITER, &alone);
        CHECK_ERR(come_to(&alone, phase, &pg.server), ERR_BUSY);
        CHECK(db_postgres.is_broken(alone.connection));
        CHECK(db_postgres.may_retry(alone.connection));
        CHECK(!db_postgres.is_open(alone.connection));
        db_postgres.rollback(alone.connection);
        CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_BUSY);
        pg_alone_close(&alone);
        REQUIRE(postgres_restart(t->ctx, &pg.server) == ERR_OK);
    }
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 0);
    pg_close(&pg);
}

static void *write_until_stopped(void *arg)
{
    struct pg_caller *caller = arg;
    for (int64_t i = 0; !atomic_load(caller->stop); i++) {
        int64_t number = caller->n * 1000000 + i;
        enum err err = db_write(caller->pg->db, &caller->ctx, add_number_again, &number);
        if (err)
            i--; /* the same again: it is idempotent */
        else
            caller->acknowledged++;
        arena_clear(&caller->arena);
    }
    return NULL;
}

TEST(postgres_what_was_acknowledged_outlives_kills)
{
    enum { COUNT = 8, KILLS = 4 };
    struct pg pg;
    struct pg_caller callers[COUNT] = {0};
    _Atomic bool stop = false;
    int64_t acknowledged = 0;
    pg_open(t, "postgres/kills", &pg);
    for (int i = 0; i < COUNT; i++)
        callers[i].stop = &stop;
    pg_callers_start(t, &pg, callers, COUNT, write_until_stopped);
    for (int i = 0; i < KILLS; i++) {
        pg_pause_ms(200 + 37 * i);
        postgres_kill(&pg.server);
        REQUIRE(postgres_restart(t->ctx, &pg.server) == ERR_OK);
    }
    pg_pause_ms(200);
    atomic_store(&stop, true);
    pg_callers_join(callers, COUNT);
    for (int i = 0; i < COUNT; i++) {
        char text[128];
        snprintf(text, sizeof text, "SELECT count(*) FROM once WHERE n / 1000000 = %d", i);
        CHECK(callers[i].acknowledged > 0);
        CHECK_INT(pg_number(t, &pg, text), callers[i].acknowledged);
        acknowledged += callers[i].acknowledged;
    }
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), acknowledged);
    pg_close(&pg);
}

/* The connection of a role, by an address that names both servers. */
static void alone_open_at(struct test *t, const char *url, enum db_role role,
                          struct pg_alone *alone)
{
    pg_alone_open(t, &(struct db_options){.url = str_from(url)}, role, alone);
}

TEST(postgres_a_standby_is_read_and_takes_over)
{
    struct pg pg;
    struct postgres standby;
    struct pg_alone writer, reader;
    char url[256];
    bool reached = true;
    int64_t position = 0, begun_us;
    pg_open(t, "postgres/primary", &pg);
    REQUIRE(postgres_start_standby(t->ctx, test_folder(t, "postgres/standby"), &pg.server,
                                   &standby) == ERR_OK);
    snprintf(url, sizeof url,
             "postgres://stoa@127.0.0.1:%d,127.0.0.1:%d/stoa?target_session_attrs=prefer-standby",
             pg.server.port, standby.port);
    alone_open_at(t, url, DB_WRITER, &writer);
    alone_open_at(t, url, DB_READER, &reader);
    CHECK_ERR(db_postgres.begin(writer.connection, t->ctx), ERR_OK);
    CHECK_ERR(pg_alone_add(&writer, 1, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(writer.connection, t->ctx, &position), ERR_OK);
    CHECK_ERR(db_postgres.has_reached(reader.connection, t->ctx, INT64_MAX, &reached), ERR_OK);
    CHECK(!reached);
    begun_us = clock_tick_us(t->ctx->clock);
    while (!reached && clock_tick_us(t->ctx->clock) - begun_us < 10 * SECOND_US)
        CHECK_ERR(db_postgres.has_reached(reader.connection, t->ctx, position, &reached), ERR_OK);
    CHECK(reached);
    CHECK_ERR(db_postgres.begin(reader.connection, t->ctx), ERR_OK);
    CHECK_ERR(pg_count(&reader.tx, &position), ERR_OK);
    CHECK_INT(position, 1);
    CHECK_ERR(db_postgres.commit(reader.connection, t->ctx, &position), ERR_OK);
    postgres_kill(&pg.server);
    CHECK_ERR(postgres_promote(t->ctx, &standby), ERR_OK);
    pg_alone_close(&writer);
    alone_open_at(t, url, DB_WRITER, &writer);
    CHECK_ERR(db_postgres.begin(writer.connection, t->ctx), ERR_OK);
    CHECK_ERR(pg_alone_add(&writer, 2, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(writer.connection, t->ctx, &position), ERR_OK);
    for (int i = 0; i < 2; i++) /* with an answer comes the news that it is the primary now */
        CHECK_ERR(db_postgres.has_reached(reader.connection, t->ctx, INT64_MAX, &reached), ERR_OK);
    CHECK(reached);
    pg_alone_close(&writer);
    pg_alone_close(&reader);
    postgres_stop(&standby);
    pg_close(&pg);
}
