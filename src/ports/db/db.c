/* The two doors: readers from a pool, writers through the funnel. */
#include "ports/db/db.h"

#include <pthread.h>
#include <time.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/span.h"
#include "ports/db/db_inside.h"
#include "ports/db/pause.h"

enum {
    READER_LOOK_MS = 100,    /* who waits for a reader looks at its deadline this often */
    READER_WAIT_MS = 30000,  /* for a reader, where there is no deadline */
    CONNECTS_MAX = 8,        /* tries, with pauses that double: 1 s in all, as a write has */
    POSITION_LOOKS_MAX = 12, /* for a replica to catch up, with pauses that double: 4 s in all */
};

static const struct histogram_shape reads = {
    .kind = HISTOGRAM_SECONDS,
    .name = "db_read_duration_seconds",
    .help = "Reads, from asking for a reader to their end.",
};

static const struct db_driver *find_driver(struct str url)
{
    struct str scheme;
    if (str_find_char(url, ':') == STR_NONE || !str_cut(&url, ':', &scheme))
        return NULL;
    for (size_t i = 0; db_drivers[i]; i++)
        if (str_equal(scheme, str_from(db_drivers[i]->scheme)))
            return db_drivers[i];
    return NULL;
}

enum err db_open_engine(struct ctx *ctx, const struct db_options *options,
                        const struct db_driver **driver, struct db_engine **engine)
{
    *driver = find_driver(options->url);
    if (!*driver)
        return err_input(&ctx->err, "DATABASE_URL",
                         "must begin with sqlite: or postgres: as in sqlite:var/stoa.db");
    return (*driver)->open(ctx, options, engine);
}

/* The funnel's thread ends what idle readers keep; nobody else has them meanwhile. */
static void let_idle_go(void *arg)
{
    struct db *db = arg;
    pthread_mutex_lock(&db->lock);
    for (size_t i = 0; i < db->idle_count && db->driver->let_go; i++)
        db->driver->let_go(db->idle[i]);
    pthread_mutex_unlock(&db->lock);
}

static enum err open_all(struct db *db, struct ctx *ctx, const struct db_options *options)
{
    TRY(db_open_engine(ctx, options, &db->driver, &db->engine));
    if (options->only_looks)
        return ERR_OK;
    enum err err = funnel_open(ctx, db->driver, db->engine, options->counters, &db->funnel);
    if (err) {
        db->driver->close(db->engine);
    } else {
        funnel_measure(db->funnel, db_slow_of(db));
        funnel_tend(db->funnel, let_idle_go, db);
    }
    if (!err && options->counters)
        histogram_register(options->counters, &db->reads, &reads, &db->read_cells);
    return err;
}

static void pool_init(struct db *db)
{
    pthread_mutex_init(&db->lock, NULL);
    thread_cond_init(&db->freed);
}

static void db_free(struct db *db)
{
    pthread_cond_destroy(&db->freed);
    pthread_mutex_destroy(&db->lock);
    db_slow_release(&db->slow);
    mem_free(db);
}

enum err db_open(struct ctx *ctx, const struct db_options *options, struct db **opened)
{
    struct db *db = mem_alloc(sizeof *db);
    if (!db)
        return err_memory(&ctx->err);
    pool_init(db);
    db_slow_init(&db->slow, options->slow_us);
    db->schemas = options->schemas;
    enum err err = open_all(db, ctx, options);
    if (err)
        db_free(db);
    else
        *opened = db;
    return err;
}

void db_observe(struct db *db, const struct db_observer *observer)
{
    funnel_observe(db->funnel, observer);
}

bool tx_is_far(const struct tx *tx)
{
    return tx->driver->is_far;
}

void tx_note(struct tx *tx, int64_t number)
{
    struct tx_notes *notes = tx->notes;
    if (!notes || notes->count > TX_NOTES_MAX)
        return;
    for (size_t i = 0; i < notes->count; i++)
        if (notes->list[i] == number)
            return;
    if (notes->count < TX_NOTES_MAX)
        notes->list[notes->count] = number;
    notes->count++;
}

/* Waits a little for a reader to come back. Under the lock. */
static void pool_wait(struct db *db)
{
    struct clock clock = clock_system();
    int64_t until_us = clock_tick_us(&clock) + READER_LOOK_MS * INT64_C(1000);
    (void)thread_cond_wait(&db->freed, &db->lock, until_us);
}

void db_close(struct db *db)
{
    pthread_mutex_lock(&db->lock);
    while (db->idle_count < db->reader_count) /* each reads on for its deadline at most */
        pool_wait(db);
    size_t count = db->idle_count;
    db->idle_count = 0;
    pthread_mutex_unlock(&db->lock);
    for (size_t i = 0; i < count; i++)
        db->driver->disconnect(db->idle[i]);
    if (db->funnel)
        funnel_close(db->funnel);
    db->driver->close(db->engine);
    db_free(db);
}

/* An idle reader, or the right to connect one (*reader is NULL). Under the lock. */
static bool pool_find(struct db *db, struct db_connection **reader)
{
    *reader = NULL;
    if (db->idle_count)
        *reader = db->idle[--db->idle_count];
    else if (db->reader_count < DB_READERS_MAX)
        db->reader_count++;
    else
        return false;
    return true;
}

static enum err pool_find_or_wait(struct db *db, struct ctx *ctx, struct db_connection **reader)
{
    pthread_mutex_lock(&db->lock);
    struct clock clock = clock_system();
    int64_t last_us = clock_tick_us(&clock) + READER_WAIT_MS * INT64_C(1000);
    bool found = pool_find(db, reader);
    while (!found && clock_tick_us(&clock) < last_us && !ctx_check_deadline(ctx)) {
        pool_wait(db); /* others are often quicker: what counts is the time, not the tries */
        found = pool_find(db, reader);
    }
    pthread_mutex_unlock(&db->lock);
    if (found)
        return ERR_OK;
    TRY(ctx_check_deadline(ctx));
    return err_fail(&ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                    "all %d readers are in use", DB_READERS_MAX);
}

static void pool_forget(struct db *db, size_t count)
{
    pthread_mutex_lock(&db->lock);
    db->reader_count -= count;
    pthread_cond_broadcast(&db->freed);
    pthread_mutex_unlock(&db->lock);
}

/* What broke one has most likely broken those that are idle: nobody is to try them one by one. */
static void pool_drop(struct db *db, struct db_connection *broken)
{
    struct db_connection *gone[DB_READERS_MAX] = {broken};
    size_t count = 1;
    pthread_mutex_lock(&db->lock);
    while (db->idle_count)
        gone[count++] = db->idle[--db->idle_count];
    pthread_mutex_unlock(&db->lock);
    for (size_t i = 0; i < count; i++)
        db->driver->disconnect(gone[i]);
    pool_forget(db, count);
}

/* A server that is just starting again, or changing its place, is waited for. Who only looks is
 * told how it is. */
static enum err reader_connect(struct db *db, struct ctx *ctx, struct db_connection **reader)
{
    int most = db->funnel ? CONNECTS_MAX : 1;
    for (int tried = 1;; tried++) {
        enum err err = db->driver->connect(db->engine, ctx, DB_READER, reader);
        if (!err)
            ctx->err.code = ERR_OK;
        if (err != ERR_PEER || tried == most)
            return err;
        log_failure(ctx, "connecting a reader to the database");
        pause_before_retry(ctx, tried + 2);
        TRY(ctx_check_deadline(ctx));
    }
}

static enum err reader_take(struct db *db, struct ctx *ctx, struct db_connection **reader)
{
    TRY(pool_find_or_wait(db, ctx, reader));
    if (*reader)
        return ERR_OK;
    enum err err = reader_connect(db, ctx, reader);
    if (err)
        pool_forget(db, 1);
    return err;
}

static void reader_give(struct db *db, struct db_connection *reader)
{
    if (db->driver->is_broken(reader)) {
        pool_drop(db, reader);
        return;
    }
    bool keeps = db->driver->keeps && db->driver->keeps(reader);
    pthread_mutex_lock(&db->lock);
    db->idle[db->idle_count++] = reader;
    pthread_cond_signal(&db->freed);
    pthread_mutex_unlock(&db->lock);
    if (keeps)
        funnel_ask(db->funnel);
}

static enum err wait_for_position(struct db *db, struct ctx *ctx, struct db_connection *reader)
{
    bool reached = !ctx->db_position;
    for (int looks = 0; !reached; looks++) {
        TRY(ctx_check_deadline(ctx));
        if (looks == POSITION_LOOKS_MAX)
            return err_fail(&ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                            "a reader has not reached the position of this work's last write");
        if (looks)
            pause_before_retry(ctx, looks - 1);
        TRY(db->driver->has_reached(reader, ctx, ctx->db_position, &reached));
    }
    return ERR_OK;
}

/* One transaction of a reader. */
static enum err read_once(struct db *db, struct ctx *ctx, struct db_connection *reader, db_fn *fn,
                          void *arg)
{
    struct tx tx = {ctx, reader, db->driver, false, db_slow_of(db), NULL};
    int64_t position;
    TRY(wait_for_position(db, ctx, reader));
    enum err err = db->driver->begin(reader, ctx);
    if (!err)
        err = fn(&tx, arg);
    if (!err)
        err = db->driver->commit(reader, ctx, &position);
    if (err)
        db->driver->rollback(reader);
    return err;
}

/* `again`: it may succeed when it is run again, perhaps by another reader. */
static enum err take_and_read(struct db *db, struct ctx *ctx, db_fn *fn, void *arg, bool *again)
{
    struct db_connection *reader;
    *again = false;
    TRY(reader_take(db, ctx, &reader));
    enum err err = read_once(db, ctx, reader, fn, arg);
    *again = err && (db->driver->may_retry(reader) || db->driver->is_broken(reader));
    reader_give(db, reader);
    return err;
}

static enum err read_again(struct db *db, struct ctx *ctx, db_fn *fn, void *arg)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    enum err err = ERR_OK;
    bool again = true;
    for (int runs = 0; runs < DB_RUNS_MAX; runs++) {
        if (runs) {
            log_warn(ctx, "a read runs again", field_int("runs", runs),
                     field_text("after", ctx->err.operator));
            pause_before_retry(ctx, runs);
            arena_rewind(ctx->arena, mark);
        }
        TRY(ctx_check_deadline(ctx));
        ctx->err.code = ERR_OK;
        err = take_and_read(db, ctx, fn, arg, &again);
        if (!again)
            break;
    }
    return err;
}

static enum err read_measured(struct db *db, struct ctx *ctx, db_fn *fn, void *arg)
{
    int64_t begun_us = clock_tick_us(ctx->clock);
    enum err err = read_again(db, ctx, fn, arg);
    int64_t took_us = clock_tick_us(ctx->clock) - begun_us;
    ctx->db_us += took_us;
    histogram_observe(&db->reads, 0, took_us);
    return err;
}

enum err db_read(struct db *db, struct ctx *ctx, db_fn *fn, void *arg)
{
    struct span span;
    if (!ctx->span)
        return read_measured(db, ctx, fn, arg);
    span_begin(ctx, &span, "db.read");
    enum err err = read_measured(db, ctx, fn, arg);
    span_fail(&span, err);
    span_end(ctx, &span);
    return err;
}

enum err db_write(struct db *db, struct ctx *ctx, db_fn *fn, void *arg)
{
    ASSERT(db->funnel); /* who only looks has none */
    return funnel_write(db->funnel, ctx, fn, arg);
}
