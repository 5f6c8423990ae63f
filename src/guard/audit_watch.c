/* The thread that writes checkpoints. */
#include "guard/audit_watch.h"

#include "base/beat.h"
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
    struct beat beat;
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

static void *watch_main(void *arg)
{
    struct audit_watch *watch = arg;
    do
        tell(watch);
    while (beat_wait(&watch->beat, watch->every_ms * 1000));
    tell(watch);
    return NULL;
}

static void init(struct audit_watch *watch, const struct ctx *ctx)
{
    arena_init(&watch->arena, WATCH_MEMORY_MAX);
    watch->ctx = (struct ctx){.arena = &watch->arena, .clock = ctx->clock, .log = ctx->log};
}

static void release(struct audit_watch *watch)
{
    arena_release(&watch->arena);
    mem_free(watch);
}

enum err audit_watch_open(struct ctx *ctx, struct db *db, const struct audit_key *key,
                          int64_t every_ms, struct audit_watch **opened)
{
    struct audit_watch *watch = mem_alloc(sizeof *watch);
    if (!watch)
        return err_memory(&ctx->err);
    *watch = (struct audit_watch){.db = db, .key = *key, .every_ms = every_ms};
    init(watch, ctx);
    enum err err = beat_start(&watch->beat, ctx, "audit", watch_main, watch);
    if (err) {
        release(watch);
        return err;
    }
    *opened = watch;
    return ERR_OK;
}

void audit_watch_close(struct audit_watch *watch)
{
    beat_end(&watch->beat);
    release(watch);
}
