/* A migration of a table that somebody reads for long: who comes later is not held up by it. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "harness/test.h"
#include "ports/db/migrate.h"
#include "postgres_help.h"
#include <libpq-fe.h>

/* The table is held for so long, and a look through it may take less, however slow the machine. */
enum { HELD_MS = 7000, LOOK_MS_MAX = 5000, DEADLINE_US = 4000000, LOOKS_MAX = 500, LOOK_MS = 20 };

static const struct migration steps[] = {
    {1, "once_note", "SELECT 1", "ALTER TABLE once ADD COLUMN note text", 11},
};
static const struct schema schema = {"once", NULL, 0, steps, 1};
static const struct schema *const schemas[] = {&schema, NULL};

/* Somebody who reads the table in a transaction that does not end. */
static PGconn *hold(struct test *t, const struct pg *pg)
{
    PGconn *holder = PQconnectdb(pg->server.url);
    PGresult *result = PQexec(holder, "BEGIN; SELECT count(*) FROM once");
    REQUIRE(PQresultStatus(result) == PGRES_TUPLES_OK);
    PQclear(result);
    return holder;
}

static void open_to_migrate(struct test *t, struct pg *pg, const char *folder)
{
    pg_open(t, folder, pg);
    db_close(pg->db);
    pg->options.schemas = schemas;
    REQUIRE(db_open(t->ctx, &pg->options, &pg->db) == ERR_OK);
}

static void *migrate(void *arg)
{
    struct pg_caller *caller = arg;
    struct migrate_plan *done = ARENA_NEW(&caller->arena, struct migrate_plan);
    caller->err = done ? migrate_run(caller->pg->db, &caller->ctx, done) : ERR_MEMORY;
    atomic_store(caller->stop, true);
    return NULL;
}

TEST(postgres_a_migration_does_not_hold_up_readers_behind_a_long_one)
{
    struct pg pg;
    struct pg_caller migrator = {.err = ERR_OK};
    _Atomic bool migrated = false;
    int64_t count = 0, longest_us = 0, looks = 0, begun_us;
    open_to_migrate(t, &pg, "postgres/migrate");
    PGconn *holder = hold(t, &pg);
    migrator.stop = &migrated;
    begun_us = clock_tick_us(t->ctx->clock);
    pg_callers_start(t, &pg, &migrator, 1, migrate);
    while (clock_tick_us(t->ctx->clock) - begun_us < HELD_MS * INT64_C(1000)) {
        int64_t look_us = clock_tick_us(t->ctx->clock);
        CHECK_ERR(db_read(pg.db, t->ctx, pg_count, &count), ERR_OK);
        look_us = clock_tick_us(t->ctx->clock) - look_us;
        longest_us = look_us > longest_us ? look_us : longest_us;
        looks++;
        pg_pause_ms(5);
    }
    CHECK(!atomic_load(&migrated));
    CHECK(looks > 3);
    CHECK(longest_us < LOOK_MS_MAX * INT64_C(1000));
    PQfinish(holder);
    pg_callers_join(&migrator, 1);
    test_note(t, "%s", migrator.ctx.err.operator);
    CHECK_ERR(migrator.err, ERR_OK);
    CHECK_INT(pg_number(t, &pg, "SELECT count(note) FROM once"), 0);
    pg_close(&pg);
    printf("# %ld looks while a migration waited, the longest took %ld ms\n", (long)looks,
           (long)longest_us / 1000);
}

/* A session that was given up at the deadline ends a moment later. */
static void check_unlocked(struct test *t, struct pg *pg)
{
    int64_t locks = 1;
    for (int i = 0; i < LOOKS_MAX && locks; i++) {
        pg_pause_ms(LOOK_MS);
        locks = pg_number(t, pg,
                          "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                          " AND mode = 'ExclusiveLock'");
    }
    CHECK_INT(locks, 0);
}

TEST(postgres_a_migration_that_waits_in_vain_says_for_what)
{
    struct pg pg;
    struct migrate_plan *done = ARENA_NEW(t->arena, struct migrate_plan);
    open_to_migrate(t, &pg, "postgres/in_vain");
    PGconn *holder = hold(t, &pg);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + DEADLINE_US;
    CHECK_ERR(migrate_run(pg.db, t->ctx, done), ERR_BUSY);
    CHECK_INT(done->count, 0);
    CHECK(strstr(t->ctx->err.operator, "step 1 of once (once_note)"));
    CHECK(strstr(t->ctx->err.operator, "pg_stat_activity"));
    t->ctx->deadline_us = 0;
    check_unlocked(t, &pg);
    PQfinish(holder);
    CHECK_ERR(migrate_run(pg.db, t->ctx, done), ERR_OK);
    CHECK_INT(done->count, 1);
    pg_close(&pg);
}
