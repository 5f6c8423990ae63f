/* A PostgreSQL of a test's own, with some tables, a database opened on it, and those who use it.
 *
 *     struct pg pg;
 *     int64_t number = 1;
 *     pg_open(t, "postgres/values", &pg);                  the folder is the test's alone
 *     CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &number), ERR_OK);
 *     CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 1);
 *     pg_close(&pg);
 *
 * t->ctx has the real clock from then on: what is waited for happens elsewhere. */
#ifndef STOA_TESTS_DB_POSTGRES_HELP_H
#define STOA_TESTS_DB_POSTGRES_HELP_H

#include <pthread.h>
#include <stdatomic.h>

#include "harness/postgres.h"
#include "ports/db/driver.h"

struct test;

enum { PG_MEMORY_MAX = 16 << 20, PG_TIMEOUT_US = 300000 };

struct pg {
    struct postgres server;
    struct clock clock;
    struct db_options options;
    struct db *db;
};

void pg_open(struct test *t, const char *folder, struct pg *pg);
void pg_close(struct pg *pg);

/* The number that a statement says, asked outside of what is tested. */
int64_t pg_number(struct test *t, struct pg *pg, const char *text);

void pg_pause_ms(int wait_ms);

/* Table once (n bigint UNIQUE): one number more, one that is there already is ERR_CONFLICT, and how
 * many there are. Each for an int64_t. */
extern const struct query pg_add_once;
enum err pg_add_number(struct tx *tx, void *arg);
enum err pg_count(struct tx *tx, void *arg);
enum err pg_take_int(struct tx *tx, const struct db_value row[], void *into);

/* One of many callers, on a thread of its own. */
struct pg_caller {
    struct pg *pg;
    struct ctx ctx;
    struct arena arena;
    pthread_t thread;
    int64_t n;        /* from 0 */
    const char *path; /* of a backup */
    enum err err;
    _Atomic bool *stop;
    int64_t acknowledged;
};

void pg_callers_start(struct test *t, struct pg *pg, struct pg_caller callers[], size_t count,
                      void *(*body)(void *));
void pg_callers_join(struct pg_caller callers[], size_t count);

/* The driver by itself, to stop it between two calls. */
struct pg_alone {
    struct db_engine *engine;
    struct db_connection *connection;
    struct tx tx;
};

void pg_alone_open(struct test *t, const struct db_options *options, enum db_role role,
                   struct pg_alone *alone);
void pg_alone_close(struct pg_alone *alone);

/* One fn of a batch that adds a number; with `changed` its failure is told at once. */
enum err pg_alone_add(struct pg_alone *alone, int64_t number, int64_t *changed);

#endif
