/* The writer funnel: a queue of writes, and the thread that commits them together. */
#include "ports/db/funnel.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/histogram.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/span.h"
#include "base/thread.h"
#include "ports/db/pause.h"

enum {
    FUNNEL_CONNECTS_MAX = 8,     /* tries, with pauses that double: 2.5 s in all */
    FUNNEL_REST_BATCHES = 16,    /* batches without a rest, where somebody always waits */
    FUNNEL_MEMORY_MAX = 1 << 20, /* for what the driver needs between writes */
    FUNNEL_LOOK_US = 1000000,    /* a waiter's deadline is looked at this often at least */
};

/* What a waiter sleeps on. */
enum { WRITE_PENDING, WRITE_SLEEPING, WRITE_DONE };

/* One db_write, on the stack of its caller. */
struct write {
    struct write *next, *before; /* in the queue; under the lock */
    bool taken;                  /* off the queue by the thread; under the lock */
    struct ctx *ctx;
    db_fn *fn;
    void *arg;
    struct arena_mark mark;
    struct tx_notes notes;
    int runs;
    int64_t begun_us, wait_us, commit_us, batch; /* how it was spent, where it went with others */
    enum err result;
    _Atomic uint32_t state;
};

struct funnel {
    const struct db_driver *driver;
    struct db_engine *engine;
    struct db_connection *connection; /* NULL while there is none */
    struct ctx ctx;                   /* the thread's own, for what is of no single write */
    struct arena arena;
    struct write *batch[FUNNEL_BATCH_MAX];
    size_t count;
    int batches_unrested;
    struct counter commits, batches, retries, waiting;
    int64_t commit_us; /* of the batch: how long its commit took */
    struct db_slow *slow;
    const struct db_observer *_Atomic observer;
    struct histogram writes, syncs, sizes;
    struct histogram_cells write_cells, sync_cells, size_cells;

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct write *first, *last; /* the queue; under the lock */
    size_t length;
    bool closing;
    void (*tend)(void *arg);
    void *tend_arg;
    _Atomic bool asked;
};

/* The queue. */

static void queue_add(struct funnel *funnel, struct write *write)
{
    write->before = funnel->last;
    *(funnel->last ? &funnel->last->next : &funnel->first) = write;
    funnel->last = write;
    funnel->length++;
}

static void queue_remove(struct funnel *funnel, struct write *write)
{
    *(write->before ? &write->before->next : &funnel->first) = write->next;
    *(write->next ? &write->next->before : &funnel->last) = write->before;
    funnel->length--;
}

/* What is asked for from now on is asked anew. */
static void tend_now(struct funnel *funnel)
{
    atomic_store(&funnel->asked, false);
    pthread_mutex_lock(&funnel->lock);
    void (*tend)(void *arg) = funnel->tend;
    pthread_mutex_unlock(&funnel->lock);
    if (tend)
        tend(funnel->tend_arg);
}

/* Under the lock, which is not held while it tends. */
static void queue_wait_and_tend(struct funnel *funnel)
{
    struct clock clock = clock_system();
    int64_t until_us = clock_tick_us(&clock) + FUNNEL_TEND_MS * INT64_C(1000);
    if (thread_cond_wait(&funnel->filled, &funnel->lock, until_us))
        return;
    pthread_mutex_unlock(&funnel->lock);
    tend_now(funnel);
    pthread_mutex_lock(&funnel->lock);
}

static bool queue_wait(struct funnel *funnel)
{
    pthread_mutex_lock(&funnel->lock);
    while (!funnel->first && !funnel->closing)
        if (atomic_load(&funnel->asked))
            queue_wait_and_tend(funnel);
        else
            pthread_cond_wait(&funnel->filled, &funnel->lock);
    bool filled = funnel->first != NULL;
    pthread_mutex_unlock(&funnel->lock);
    return filled;
}

static bool queue_is_empty(struct funnel *funnel)
{
    pthread_mutex_lock(&funnel->lock);
    bool empty = !funnel->first;
    pthread_mutex_unlock(&funnel->lock);
    return empty;
}

/* Those that wait come behind those that the batch has. */
static void batch_take(struct funnel *funnel)
{
    int64_t now_us = clock_tick_us(funnel->ctx.clock);
    pthread_mutex_lock(&funnel->lock);
    for (; funnel->count < FUNNEL_BATCH_MAX && funnel->first; funnel->count++) {
        struct write *write = funnel->first;
        queue_remove(funnel, write);
        write->taken = true;
        write->wait_us = now_us - write->begun_us;
        funnel->batch[funnel->count] = write;
    }
    pthread_mutex_unlock(&funnel->lock);
}

/* Waiting and waking: a futex a write. */

static void futex_wait(_Atomic uint32_t *word, uint32_t value, int64_t limit_us)
{
    struct timespec limit = {.tv_sec = limit_us / SECOND_US,
                             .tv_nsec = limit_us % SECOND_US * 1000};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &limit, NULL, 0);
}

static void write_finish(struct funnel *funnel, struct write *write, enum err result)
{
    const struct db_observer *observer = write->notes.count ? atomic_load(&funnel->observer) : NULL;
    if (!result && observer)
        observer->fn(observer->arg, &write->notes);
    write->result = result;
    counter_add(&funnel->waiting, -1);
    if (atomic_exchange(&write->state, WRITE_DONE) == WRITE_SLEEPING)
        syscall(SYS_futex, &write->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Sleeps until it is done, or there is a deadline to look at. */
static bool write_sleep(struct write *write)
{
    const struct ctx *ctx = write->ctx;
    uint32_t state = WRITE_PENDING;
    atomic_compare_exchange_strong(&write->state, &state, WRITE_SLEEPING);
    if (state == WRITE_DONE)
        return true;
    int64_t limit_us = FUNNEL_LOOK_US;
    if (ctx->deadline_us) {
        int64_t left_us = ctx->deadline_us - clock_tick_us(ctx->clock);
        limit_us = left_us < limit_us ? (left_us > 0 ? left_us : 0) : limit_us;
    }
    futex_wait(&write->state, WRITE_SLEEPING, limit_us);
    return atomic_load(&write->state) == WRITE_DONE;
}

/* Once the thread has taken it, only the thread can say how it ended. */
static bool write_withdraw(struct funnel *funnel, struct write *write)
{
    pthread_mutex_lock(&funnel->lock);
    bool waits = !write->taken;
    if (waits)
        queue_remove(funnel, write);
    pthread_mutex_unlock(&funnel->lock);
    if (waits)
        counter_add(&funnel->waiting, -1);
    return waits;
}

static bool is_late(const struct ctx *ctx)
{
    return ctx->deadline_us && clock_tick_us(ctx->clock) >= ctx->deadline_us;
}

static enum err write_wait(struct funnel *funnel, struct write *write)
{
    while (!write_sleep(write)) { /* each round sleeps; a taken one ends with its batch */
        bool late = is_late(write->ctx);
        if (late && write_withdraw(funnel, write))
            return ctx_check_deadline(write->ctx);
        if (late)
            while (atomic_load(&write->state) != WRITE_DONE)
                futex_wait(&write->state, WRITE_SLEEPING, FUNNEL_LOOK_US);
    }
    return write->result;
}

/* The thread's side: connection, batches, and writes alone. */

static bool is_lost(const struct funnel *funnel)
{
    return !funnel->connection || funnel->driver->is_broken(funnel->connection);
}

static void let_go(struct funnel *funnel)
{
    if (funnel->connection)
        funnel->driver->disconnect(funnel->connection);
    funnel->connection = NULL;
}

static enum err connect_again(struct funnel *funnel, struct ctx *ctx)
{
    enum err err = ERR_OK;
    if (!is_lost(funnel))
        return ERR_OK;
    let_go(funnel);
    for (int tried = 0; tried < FUNNEL_CONNECTS_MAX; tried++) {
        err = funnel->driver->connect(funnel->engine, ctx, DB_WRITER, &funnel->connection);
        if (!err || is_late(ctx))
            break;
        log_failure(ctx, "connecting to the database again");
        pause_before_retry(ctx, tried + 2);
    }
    if (err != ERR_PEER)
        return err;
    TRY(ctx_check_deadline(ctx));
    return err_fail(&ctx->err, ERR_BUSY, "The database cannot be reached. Please try again.",
                    "nothing was changed: %s", ctx->err.operator);
}

static enum err begin(struct funnel *funnel, struct ctx *ctx, bool careful)
{
    for (int runs = 1;; runs++) {
        TRY(connect_again(funnel, ctx));
        funnel->driver->set_careful(funnel->connection, careful);
        enum err err = funnel->driver->begin(funnel->connection, ctx);
        if (!err)
            return ERR_OK;
        bool again = is_lost(funnel) || funnel->driver->may_retry(funnel->connection);
        funnel->driver->rollback(funnel->connection);
        if (!again || runs == DB_RUNS_MAX)
            return err;
        pause_before_retry(ctx, runs);
    }
}

/* Whatever it did can be undone by the savepoint. */
static bool is_whole(const struct funnel *funnel)
{
    return !is_lost(funnel) && funnel->driver->is_open(funnel->connection) &&
           !funnel->driver->may_retry(funnel->connection);
}

static enum err run_fn(struct funnel *funnel, struct write *write)
{
    struct tx tx = {write->ctx, funnel->connection, funnel->driver,
                    true,       funnel->slow,       &write->notes};
    TRY(ctx_check_deadline(write->ctx));
    if (write->runs++)
        arena_rewind(write->ctx->arena, write->mark);
    err_clear(&write->ctx->err);
    write->notes.count = 0;
    return write->fn(&tx, write->arg);
}

/* False where the batch is spoilt; else write->result says how it ended, if the batch stands. */
static bool run_in_batch(struct funnel *funnel, struct write *write)
{
    const struct db_driver *driver = funnel->driver;
    write->result = driver->savepoint(funnel->connection, write->ctx);
    if (write->result)
        return is_whole(funnel);
    write->result = run_fn(funnel, write);
    if (!is_whole(funnel))
        return false;
    if (!write->result)
        return driver->release(funnel->connection, write->ctx) == ERR_OK;
    struct err_record err = write->ctx->err;
    bool undone = driver->undo(funnel->connection, write->ctx) == ERR_OK;
    write->ctx->err = err;
    return undone;
}

/* `ended`: the fn itself ended well. */
static enum err run_in_own(struct funnel *funnel, struct write *write, bool *ended)
{
    const struct db_driver *driver = funnel->driver;
    TRY(driver->savepoint(funnel->connection, write->ctx));
    TRY(run_fn(funnel, write));
    *ended = true;
    if (!driver->is_open(funnel->connection))
        return err_fail(&write->ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                        "a write ended the transaction it was given");
    return driver->release(funnel->connection, write->ctx);
}

/* The transaction of a write alone, up to its end. `again`: it may succeed when run again. */
static enum err run_alone_once(struct funnel *funnel, struct write *write, bool *again)
{
    const struct db_driver *driver = funnel->driver;
    int64_t position = 0;
    bool ended = false;
    *again = false;
    TRY(ctx_check_deadline(write->ctx));
    TRY(begin(funnel, write->ctx, true));
    enum err err = run_in_own(funnel, write, &ended);
    bool committing = !err;
    if (committing)
        err = driver->commit(funnel->connection, write->ctx, &position);
    if (!err) {
        write->ctx->db_position = position;
        return ERR_OK;
    }
    *again = driver->may_retry(funnel->connection) ||
             (!committing && driver->is_broken(funnel->connection)) || (ended && err == ERR_BUSY);
    driver->rollback(funnel->connection);
    return err;
}

static enum err run_alone(struct funnel *funnel, struct write *write)
{
    bool again = true;
    enum err err = ERR_OK;
    for (int tried = 0; tried < DB_RUNS_MAX; tried++) {
        if (tried)
            pause_before_retry(write->ctx, tried);
        err = run_alone_once(funnel, write, &again);
        if (!again)
            return err;
        TRY(ctx_check_deadline(write->ctx));
        counter_add(&funnel->retries, 1);
        log_warn(write->ctx, "a write runs again", field_int("runs", write->runs),
                 field_text("after", write->ctx->err.operator));
    }
    return err_fail(&write->ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                    "given up after %d runs: %s", DB_RUNS_MAX, write->ctx->err.operator);
}

static void batch_finish_alone(struct funnel *funnel)
{
    for (size_t i = 0; i < funnel->count; i++) {
        struct write *write = funnel->batch[i];
        enum err err = run_alone(funnel, write);
        counter_add(&funnel->commits, !err);
        write_finish(funnel, write, err);
    }
}

static void batch_finish(struct funnel *funnel, int64_t position)
{
    for (size_t i = 0; i < funnel->count; i++) {
        struct write *write = funnel->batch[i];
        if (!write->result) {
            write->ctx->db_position = position;
            counter_add(&funnel->commits, 1);
        }
        write->commit_us = funnel->commit_us;
        write->batch = (int64_t)funnel->count;
        write_finish(funnel, write, write->result);
    }
}

/* Who comes while answers are waited for is in the batch. True if each ran and the transaction is
 * whole; `kept` of them are to be committed. */
static bool batch_run(struct funnel *funnel, size_t *kept)
{
    const struct db_driver *driver = funnel->driver;
    *kept = 0;
    for (size_t i = 0; i < funnel->count; i++) {
        if (!run_in_batch(funnel, funnel->batch[i]))
            return false;
        *kept += funnel->batch[i]->result == ERR_OK;
        if (i + 1 == funnel->count && driver->settle) {
            if (driver->settle(funnel->connection, &funnel->ctx))
                return false;
            batch_take(funnel);
        }
    }
    return true;
}

static void batch_again(struct funnel *funnel)
{
    counter_add(&funnel->retries, (int64_t)funnel->count);
    log_warn(funnel->batch[0]->ctx, "a batch is run again, one by one",
             field_int("writes", (int64_t)funnel->count));
    batch_finish_alone(funnel);
}

/* Those that nothing else was wrong with get the failure that the thread's own context holds. What
 * failed by itself changed nothing, and may have seen what now is not there: it runs again. */
static void batch_fail(struct funnel *funnel, enum err err)
{
    size_t left = 0;
    for (size_t i = 0; i < funnel->count; i++) {
        struct write *write = funnel->batch[i];
        if (write->result) {
            funnel->batch[left++] = write;
            continue;
        }
        write->ctx->err = funnel->ctx.err;
        write_finish(funnel, write, err);
    }
    funnel->count = left;
    if (left)
        batch_again(funnel);
}

static enum err commit_measured(struct funnel *funnel, int64_t *position)
{
    struct ctx *ctx = &funnel->ctx;
    int64_t begun_us = clock_tick_us(ctx->clock);
    enum err err = funnel->driver->commit(funnel->connection, ctx, position);
    funnel->commit_us = clock_tick_us(ctx->clock) - begun_us;
    histogram_observe(&funnel->syncs, 0, funnel->commit_us);
    return err;
}

/* What failed by itself is told so only once the batch stands: it may have seen its neighbours'. */
static void batch_commit(struct funnel *funnel, size_t kept)
{
    const struct db_driver *driver = funnel->driver;
    int64_t position = 0;
    enum err err = kept ? commit_measured(funnel, &position) : ERR_OK;
    bool unknown = err && is_lost(funnel) && !driver->may_retry(funnel->connection);
    if (err || !kept)
        driver->rollback(funnel->connection);
    if (!err)
        batch_finish(funnel, position);
    else if (unknown)
        batch_fail(funnel, err);
    else
        batch_again(funnel);
}

/* Between processes it waits in begin; whoever comes meanwhile is in the batch. */
static void batch_do(struct funnel *funnel)
{
    size_t kept;
    enum err err = begin(funnel, &funnel->ctx, false);
    funnel->count = 0;
    batch_take(funnel);
    counter_add(&funnel->batches, 1);
    bool ran = !err && batch_run(funnel, &kept);
    histogram_observe(&funnel->sizes, 0, (int64_t)funnel->count);
    if (err) {
        log_failure(&funnel->ctx, "writes cannot begin");
        batch_fail(funnel, err);
    } else if (ran) {
        batch_commit(funnel, kept);
    } else {
        funnel->driver->rollback(funnel->connection);
        batch_again(funnel);
    }
}

static void rest(struct funnel *funnel)
{
    if (!queue_is_empty(funnel) && ++funnel->batches_unrested < FUNNEL_REST_BATCHES)
        return;
    funnel->batches_unrested = 0;
    tend_now(funnel);
    if (!is_lost(funnel))
        funnel->driver->rest(funnel->connection, &funnel->ctx);
}

static void *funnel_main(void *arg)
{
    struct funnel *funnel = arg;
    while (queue_wait(funnel)) {
        batch_do(funnel);
        rest(funnel);
        err_clear(&funnel->ctx.err);
        arena_clear(&funnel->arena);
    }
    return NULL;
}

/* The doors. */

static const struct histogram_shape
    writes = {.kind = HISTOGRAM_SECONDS,
              .name = "db_write_duration_seconds",
              .help = "Writes, from asking to being durable."},
    syncs = {.kind = HISTOGRAM_SECONDS,
             .name = "db_commit_duration_seconds",
             .help = "Commits of a batch, which is when it becomes durable."},
    sizes = {.kind = HISTOGRAM_COUNT,
             .name = "db_batch_writes",
             .help = "Writes that were gathered in one transaction."};

static void count(struct funnel *funnel, struct counter_registry *counters)
{
    histogram_register(counters, &funnel->writes, &writes, &funnel->write_cells);
    histogram_register(counters, &funnel->syncs, &syncs, &funnel->sync_cells);
    histogram_register(counters, &funnel->sizes, &sizes, &funnel->size_cells);
    counter_register(counters, &funnel->commits, COUNTER_TOTAL, "db_commits_total",
                     "Writes that were committed.");
    counter_register(counters, &funnel->batches, COUNTER_TOTAL, "db_batches_total",
                     "Transactions they were gathered in.");
    counter_register(counters, &funnel->retries, COUNTER_TOTAL, "db_retries_total",
                     "Writes that were run again.");
    counter_register(counters, &funnel->waiting, COUNTER_LEVEL, "db_waiting",
                     "Writes that wait or run.");
}

static void funnel_free(struct funnel *funnel)
{
    let_go(funnel);
    arena_release(&funnel->arena);
    pthread_cond_destroy(&funnel->filled);
    pthread_mutex_destroy(&funnel->lock);
    mem_free(funnel);
}

enum err funnel_open(struct ctx *ctx, const struct db_driver *driver, struct db_engine *engine,
                     struct counter_registry *counters, struct funnel **opened)
{
    struct funnel *funnel = mem_alloc(sizeof *funnel);
    if (!funnel)
        return err_memory(&ctx->err);
    funnel->driver = driver;
    funnel->engine = engine;
    funnel->ctx = (struct ctx){.arena = &funnel->arena, .clock = ctx->clock, .log = ctx->log};
    arena_init(&funnel->arena, FUNNEL_MEMORY_MAX);
    pthread_mutex_init(&funnel->lock, NULL);
    thread_cond_init(&funnel->filled);
    enum err err = driver->connect(engine, ctx, DB_WRITER, &funnel->connection);
    if (!err && !thread_start(&funnel->thread, "writer", funnel_main, funnel))
        err = err_system(&ctx->err, "The database cannot be opened.", "starting the writer");
    if (err) {
        funnel_free(funnel);
        return err;
    }
    if (counters)
        count(funnel, counters);
    *opened = funnel;
    return ERR_OK;
}

void funnel_measure(struct funnel *funnel, struct db_slow *slow)
{
    funnel->slow = slow;
}

void funnel_tend(struct funnel *funnel, void (*tend)(void *arg), void *arg)
{
    pthread_mutex_lock(&funnel->lock);
    funnel->tend = tend;
    funnel->tend_arg = arg;
    pthread_mutex_unlock(&funnel->lock);
}

void funnel_ask(struct funnel *funnel)
{
    if (atomic_load(&funnel->asked) || atomic_exchange(&funnel->asked, true))
        return;
    pthread_mutex_lock(&funnel->lock);
    pthread_cond_signal(&funnel->filled);
    pthread_mutex_unlock(&funnel->lock);
}

void funnel_observe(struct funnel *funnel, const struct db_observer *observer)
{
    atomic_store(&funnel->observer, observer);
}

void funnel_close(struct funnel *funnel)
{
    pthread_mutex_lock(&funnel->lock);
    funnel->closing = true;
    pthread_cond_signal(&funnel->filled);
    pthread_mutex_unlock(&funnel->lock);
    pthread_join(funnel->thread, NULL);
    funnel_free(funnel);
}

static enum err queue_enter(struct funnel *funnel, struct write *write)
{
    ASSERT(!pthread_equal(pthread_self(), funnel->thread)); /* a fn that writes waits for itself */
    pthread_mutex_lock(&funnel->lock);
    ASSERT(!funnel->closing);
    bool room = funnel->length < DB_WAITING_MAX;
    if (room)
        queue_add(funnel, write);
    if (room && funnel->length == 1)
        pthread_cond_signal(&funnel->filled);
    pthread_mutex_unlock(&funnel->lock);
    if (room)
        return ERR_OK;
    return err_fail(&write->ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                    "%d writes are waiting", DB_WAITING_MAX);
}

static enum err enter_and_wait(struct funnel *funnel, struct write *write)
{
    struct ctx *ctx = write->ctx;
    write->begun_us = clock_tick_us(ctx->clock);
    counter_add(&funnel->waiting, 1);
    enum err err = queue_enter(funnel, write);
    if (err) {
        counter_add(&funnel->waiting, -1);
        return err;
    }
    err = write_wait(funnel, write);
    int64_t took_us = clock_tick_us(ctx->clock) - write->begun_us;
    ctx->db_us += took_us;
    histogram_observe(&funnel->writes, 0, took_us);
    return err;
}

enum err funnel_write(struct funnel *funnel, struct ctx *ctx, db_fn *fn, void *arg)
{
    struct write write = {.ctx = ctx, .fn = fn, .arg = arg, .mark = arena_mark(ctx->arena)};
    struct span span;
    TRY(ctx_check_deadline(ctx));
    if (!ctx->span)
        return enter_and_wait(funnel, &write);
    span_begin(ctx, &span, "db.write");
    enum err err = enter_and_wait(funnel, &write);
    if (write.batch) {
        span_set(&span, field_int("wait_us", write.wait_us));
        span_set(&span, field_int("commit_us", write.commit_us));
        span_set(&span, field_int("batch", write.batch));
    }
    span_fail(&span, err);
    span_end(ctx, &span);
    return err;
}
