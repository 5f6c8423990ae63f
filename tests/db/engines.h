/* The engines that every contract test runs on, and what such a test needs.
 *
 *     struct fixture fixture;
 *     for (const struct engine *engine = engines; engine->name; engine++) {
 *         fixture_open(t, engine, &fixture);
 *         CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, add, &arg), ERR_OK);
 *         fixture_close(&fixture);
 *     }
 *
 * A fixture is an empty database, and a worker is who may use it: one a thread. */
#ifndef STOA_TESTS_DB_ENGINES_H
#define STOA_TESTS_DB_ENGINES_H

#include "base/counter.h"
#include "harness/postgres.h"
#include "harness/test.h"
#include "ports/db/db.h"

enum { WORKER_MEMORY_MAX = 1 << 20 };

struct fixture;

struct engine {
    const char *name;
    void (*start)(struct test *t, struct fixture *fixture); /* sets the URL */
    void (*stop)(struct fixture *fixture);                  /* may be NULL */
};

extern const struct engine engines[]; /* ends with a row of NULL */
extern const struct engine *const engine_sqlite, *const engine_postgres;

/* A context of its own, with the real clock: what it waits for happens on other threads. */
struct worker {
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
};

struct fixture {
    const struct engine *engine;
    struct worker worker;
    const char *url;
    struct postgres postgres;
    struct counter_registry counters;
    struct db *db;
};

void worker_init(struct worker *worker, struct test *t);
void worker_release(struct worker *worker);

void fixture_open(struct test *t, const struct engine *engine, struct fixture *fixture);
void fixture_close(struct fixture *fixture);
int64_t fixture_counter(const struct fixture *fixture, const char *name);

/* Runs `statements`, one by one: each of them {SQLite's text, PostgreSQL's}, up to a NULL. */
enum err run_statements(struct db *db, struct ctx *ctx, const char *const statements[][2]);

#endif
