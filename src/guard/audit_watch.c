/* The thread that writes checkpoints. */
#include "guard/audit_watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "base/log.h"
#include "base/mem.h"

enum { WATCH_MEMORY_MAX = 1 << 20 };

struct audit_watch {
    struct db *db;
    struct audit_key key;
    int64_t every_ms;
    int64_t told; /* the number of the last checkpoint */
    struct arena arena;
    struct ctx ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool ends;
};

struct look {
    const struct audit_key *key;
    struct audit_point end;
};

static enum err find_end(struct tx *tx, void *arg)
{
    struct look *look = arg;
    return audit_end(tx, look->key, &look->end);
}

static void tell(struct audit_watch *watch)
{
    struct ctx *ctx = &watch->ctx;
    struct look look = {.key = &watch->key};
    char text[AUDIT_POINT_MAX];
    arena_clear(&watch->arena);
    if (db_read(watch->db, ctx, find_end, &look)) {
        log_failure(ctx, "audit checkpoint failed");
        return;
    }
    if (look.end.number == watch->told)
        return;
    audit_point_format(&look.end, text);
    log_info(ctx, "audit checkpoint", field_text("point", text));
    watch->told = look.end.number;
}

/* True once it is to end. */
static bool wait(struct audit_watch *watch)
{
    int64_t until_us = clock_tick_us(watch->ctx.clock) + watch->every_ms * 1000;
    struct timespec until = {.tv_sec = until_us / SECOND_US,
                             .tv_nsec = until_us % SECOND_US * 1000};
    pthread_mutex_lock(&watch->lock);
    while (!watch->ends && pthread_cond_timedwait(&watch->wake, &watch->lock, &until) != ETIMEDOUT)
        ;
    bool ends = watch->ends;
    pthread_mutex_unlock(&watch->lock);
    return ends;
}

static void *watch_main(void *arg)
{
    struct audit_watch *watch = arg;
    bool ends;
    do {
        tell(watch);
        ends = wait(watch);
    } while (!ends);
    tell(watch);
    return NULL;
}

static void init(struct audit_watch *watch, const struct ctx *ctx)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->wake, &how);
    pthread_condattr_destroy(&how);
    pthread_mutex_init(&watch->lock, NULL);
    arena_init(&watch->arena, WATCH_MEMORY_MAX);
    watch->ctx = (struct ctx){.arena = &watch->arena, .clock = ctx->clock, .log = ctx->log};
}

static void release(struct audit_watch *watch)
{
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->lock);
    arena_release(&watch->arena);
    mem_free(watch);
}

/* Signals are for the main thread. */
static int start(struct audit_watch *watch)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&watch->thread, NULL, watch_main, watch);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

enum err audit_watch_open(struct ctx *ctx, struct db *db, const struct audit_key *key,
                          int64_t every_ms, struct audit_watch **opened)
{
    struct audit_watch *watch = mem_alloc(sizeof *watch);
    if (!watch)
        return err_memory(&ctx->err);
    *watch = (struct audit_watch){.db = db, .key = *key, .every_ms = every_ms};
    init(watch, ctx);
    int failure = start(watch);
    if (failure) {
        release(watch);
        errno = failure;
        return err_system(&ctx->err, "The audit trail cannot be watched.", "starting a thread");
    }
    *opened = watch;
    return ERR_OK;
}

void audit_watch_close(struct audit_watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    watch->ends = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    release(watch);
}
