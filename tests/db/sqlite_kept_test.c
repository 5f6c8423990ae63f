/* A reader's transaction that is kept for its next read: nobody sees what is old because of it, and
 * nobody waits for it. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <time.h>

#include "engines.h"
#include "ports/db/sqlite_inside.h"

enum {
    TURNS = 100,
    READS = SQLITE_KEPT_USES_MAX + 20,
    READERS = 4,
    WRITES = 200,
    TRIES_MAX = 1000, /* of 10 ms, for what comes at once on a quiet machine */
};

static const enum db_type ints[] = {DB_INT};
static const struct query read_sum = {
    .name = "read_sum", .sqlite = "SELECT n FROM sums", .column_types = ints, .column_count = 1};
static const struct query add_sum = {
    .name = "add_sum", .sqlite = "UPDATE sums SET n = n + 1", .writes = true};
static const struct query add_column = {
    .name = "add_column", .sqlite = "ALTER TABLE sums ADD COLUMN more INTEGER", .writes = true};

static const char *const tables[][2] = {
    {"CREATE TABLE sums (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT", ""},
    {"INSERT INTO sums (id, n) VALUES (1, 0)", ""},
    {NULL, NULL},
};

static enum err take_int(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    *(int64_t *)into = row[0].number;
    return ERR_OK;
}

static enum err look(struct tx *tx, void *arg)
{
    return tx_query(tx, &read_sum, NULL, take_int, arg);
}

static enum err change(struct tx *tx, void *arg)
{
    return tx_exec(tx, arg, NULL, NULL);
}

static enum err add(struct db *db, struct ctx *ctx)
{
    return db_write(db, ctx, change, (void *)(uintptr_t)&add_sum);
}

static int64_t sum_of(struct test *t, struct db *db, struct ctx *ctx)
{
    int64_t sum = -1;
    CHECK_ERR(db_read(db, ctx, look, &sum), ERR_OK);
    return sum;
}

/* Two who have it open, as two processes have. */
struct pair {
    struct fixture fixture;
    struct db *other;
};

static void pair_open(struct test *t, struct pair *pair)
{
    struct ctx *ctx = &pair->fixture.worker.ctx;
    fixture_open(t, engine_sqlite, &pair->fixture);
    REQUIRE(run_statements(pair->fixture.db, ctx, tables) == ERR_OK);
    const struct db_options options = {.url = str_from(pair->fixture.url)};
    REQUIRE(db_open(ctx, &options, &pair->other) == ERR_OK);
}

static void pair_close(struct pair *pair)
{
    db_close(pair->other);
    fixture_close(&pair->fixture);
}

TEST(sqlite_kept_read_sees_at_once_what_anybody_commits)
{
    struct pair pair;
    pair_open(t, &pair);
    struct ctx *ctx = &pair.fixture.worker.ctx;
    struct db *dbs[] = {pair.fixture.db, pair.other};
    for (int64_t i = 0; i < TURNS; i++) {
        CHECK_INT(sum_of(t, dbs[0], ctx), i);
        CHECK_INT(sum_of(t, dbs[1], ctx), i);
        CHECK_ERR(add(dbs[i % 2], ctx), ERR_OK);
    }
    CHECK_ERR(db_write(dbs[1], ctx, change, (void *)(uintptr_t)&add_column), ERR_OK);
    for (int i = 0; i < READS; i++)
        CHECK_INT(sum_of(t, dbs[0], ctx), TURNS);
    pair_close(&pair);
}

struct reader {
    struct test *t;
    struct db *db;
    const _Atomic int64_t *written;
    struct worker worker;
    pthread_t thread;
    int64_t behind; /* reads that did not see what was written before they began */
};

static void *read_on(void *arg)
{
    struct reader *reader = arg;
    int64_t before = 0;
    while (before < WRITES) {
        int64_t sum = -1;
        before = atomic_load(reader->written);
        reader->behind += db_read(reader->db, &reader->worker.ctx, look, &sum) || sum < before;
    }
    return NULL;
}

TEST(sqlite_kept_read_of_many_threads_is_never_old)
{
    struct pair pair;
    pair_open(t, &pair);
    struct ctx *ctx = &pair.fixture.worker.ctx;
    struct db *dbs[] = {pair.fixture.db, pair.other};
    static _Atomic int64_t written;
    static struct reader readers[READERS];
    atomic_store(&written, 0);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.t = t, .db = dbs[i % 2], .written = &written};
        worker_init(&readers[i].worker, t);
        REQUIRE(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]) == 0);
    }
    for (int i = 0; i < WRITES; i++) {
        CHECK_ERR(add(dbs[i % 2], ctx), ERR_OK);
        atomic_fetch_add(&written, 1);
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        CHECK_INT(readers[i].behind, 0);
        worker_release(&readers[i].worker);
    }
    pair_close(&pair);
}

/* Emptying the log waits for every reader that is in it. */
TEST(sqlite_kept_read_ends_when_no_other_comes)
{
    struct pair pair;
    pair_open(t, &pair);
    struct ctx *ctx = &pair.fixture.worker.ctx;
    sqlite3 *tool = NULL;
    REQUIRE(sqlite_open_file(ctx, pair.fixture.url + sizeof "sqlite:" - 1, SQLITE_OPEN_READWRITE,
                             &tool) == ERR_OK);
    for (int i = 0; i < 2; i++) { /* the first read only finds out where to look */
        CHECK_INT(sum_of(t, pair.fixture.db, ctx), 0);
        CHECK_INT(sum_of(t, pair.other, ctx), 0);
    }
    int result = SQLITE_BUSY;
    for (int i = 0; i < TRIES_MAX && result != SQLITE_OK; i++) {
        result = sqlite3_wal_checkpoint_v2(tool, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    CHECK_INT(result, SQLITE_OK);
    CHECK_INT(sum_of(t, pair.fixture.db, ctx), 0);
    sqlite3_close(tool);
    pair_close(&pair);
}
