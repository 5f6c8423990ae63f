/* Starts what the contract tests run on. */
#include "engines.h"

#include <string.h>

#include "base/buf.h"
#include "harness/folder.h"

static void start_sqlite(struct test *t, struct fixture *fixture)
{
    struct buf url;
    const char *folder = test_folder(t, "db/sqlite");
    buf_init(&url, t->arena, 4096);
    buf_addf(&url, "sqlite:%s/stoa.db", folder);
    REQUIRE(str_cstr(t->arena, buf_str(&url), &fixture->url) == ERR_OK);
}

static void start_postgres(struct test *t, struct fixture *fixture)
{
    enum err err = postgres_start(&fixture->worker.ctx, test_folder(t, "db/postgres"), false,
                                  &fixture->postgres);
    test_note(t, "%s", fixture->worker.ctx.err.operator);
    REQUIRE(err == ERR_OK);
    fixture->url = fixture->postgres.url;
}

static void stop_postgres(struct fixture *fixture)
{
    postgres_stop(&fixture->postgres);
}

const struct engine engines[] = {
    {"sqlite", start_sqlite, NULL},
    {"postgres", start_postgres, stop_postgres},
    {NULL, NULL, NULL},
};

const struct engine *const engine_sqlite = &engines[0], *const engine_postgres = &engines[1];

void worker_init(struct worker *worker, struct test *t)
{
    arena_init(&worker->arena, WORKER_MEMORY_MAX);
    worker->clock = clock_system();
    worker->ctx = (struct ctx){
        .arena = &worker->arena, .clock = &worker->clock, .log = t->ctx->log};
}

void worker_release(struct worker *worker)
{
    arena_release(&worker->arena);
}

void fixture_open(struct test *t, const struct engine *engine, struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->engine = engine;
    worker_init(&fixture->worker, t);
    engine->start(t, fixture);
    struct db_options options = {.url = str_from(fixture->url), .counters = &fixture->counters};
    enum err err = db_open(&fixture->worker.ctx, &options, &fixture->db);
    test_note(t, "%s: %s", engine->name, fixture->worker.ctx.err.operator);
    REQUIRE(err == ERR_OK);
}

void fixture_close(struct fixture *fixture)
{
    db_close(fixture->db);
    if (fixture->engine->stop)
        fixture->engine->stop(fixture);
    worker_release(&fixture->worker);
}

int64_t fixture_counter(const struct fixture *fixture, const char *name)
{
    for (const struct counter *at = counter_first(&fixture->counters); at; at = at->next)
        if (strcmp(at->name, name) == 0)
            return counter_value(at);
    return -1;
}

struct statements {
    const char *const (*rows)[2];
};

/* Each its own query: the cache of statements knows a query by its place. */
static enum err run_all(struct tx *tx, void *arg)
{
    const char *const(*statements)[2] = ((const struct statements *)arg)->rows;
    for (size_t i = 0; statements[i][0]; i++) {
        struct query *query = ARENA_NEW(tx->ctx->arena, struct query);
        if (!query)
            return err_memory(&tx->ctx->err);
        *query = (struct query){.name = "statement",
                                .sqlite = statements[i][0],
                                .postgres = statements[i][1],
                                .writes = true};
        TRY(tx_exec(tx, query, NULL, NULL));
    }
    return ERR_OK;
}

enum err run_statements(struct db *db, struct ctx *ctx, const char *const statements[][2])
{
    return db_write(db, ctx, run_all, &(struct statements){statements});
}
