/* The cache in Redis: a few connections, and pauses that double while it is away. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"
#include "ports/cache/driver.h"
#include "ports/cache/redis_wire.h"

enum { NUMBER_LEN = 24, DOUBLINGS_MAX = 10 };

/* Keys of ours in a Redis that others may use too. */
static const char prefix[] = "stoa:";

/* Counts, and begins the window with the first of them, in one step. */
static const char count_script[] =
    "local c=redis.call('INCRBY',KEYS[1],ARGV[1]) "
    "if redis.call('PTTL',KEYS[1])<0 then c=redis.call('INCRBY',KEYS[1],ARGV[3]) "
    "redis.call('PEXPIRE',KEYS[1],ARGV[2]) end return c";

struct cache_engine {
    struct redis_url place;
    struct cache_engine *local; /* in memory: counts go on there while Redis is away */
    struct counter failures;

    pthread_mutex_t lock;
    pthread_cond_t given;
    int idle[CACHE_REDIS_CONNECTIONS]; /* what follows is under the lock */
    size_t idle_count, open_count;
    int losses;   /* in a row; 0: it is there */
    bool probing; /* one looks whether it is back */
    int64_t away_until_us;
};

/* A command's stay on a connection. */
struct visit {
    struct ctx *ctx;
    int64_t until_us;  /* by the system's ticking clock */
    bool has_all_time; /* its own deadline is not the nearer one */
    int fd;
    bool is_new;
};

static int64_t tick_us(void)
{
    struct clock clock = clock_system();
    return clock_tick_us(&clock);
}

/* The pool. */

static void close_idle(struct cache_engine *engine)
{
    while (engine->idle_count) {
        close(engine->idle[--engine->idle_count]);
        engine->open_count--;
    }
}

/* While it is away, one looks now and then whether it is back; the others do not wait for that.
 * Under the lock. */
static bool may_try(struct cache_engine *engine)
{
    if (!engine->losses)
        return true;
    if (engine->probing || tick_us() < engine->away_until_us)
        return false;
    engine->probing = true;
    return true;
}

/* An idle connection, or the right to open one (fd is -1). Under the lock. */
static bool find(struct cache_engine *engine, struct visit *visit)
{
    visit->fd = -1;
    visit->is_new = !engine->idle_count;
    if (engine->idle_count)
        visit->fd = engine->idle[--engine->idle_count];
    else if (engine->open_count < CACHE_REDIS_CONNECTIONS)
        engine->open_count++;
    else
        return false;
    return true;
}

static enum err take(struct cache_engine *engine, struct visit *visit)
{
    pthread_mutex_lock(&engine->lock);
    bool found = may_try(engine) && find(engine, visit);
    while (!found && !engine->losses &&
           thread_cond_wait(&engine->given, &engine->lock, visit->until_us))
        found = !engine->losses && find(engine, visit);
    pthread_mutex_unlock(&engine->lock);
    return found ? ERR_OK : ERR_BUSY;
}

static void note_gain(struct cache_engine *engine, struct visit *visit)
{
    pthread_mutex_lock(&engine->lock);
    bool is_back = engine->losses > 0;
    engine->losses = 0;
    engine->probing = false;
    engine->idle[engine->idle_count++] = visit->fd;
    pthread_cond_signal(&engine->given);
    pthread_mutex_unlock(&engine->lock);
    if (is_back)
        log_info(visit->ctx, "cache is back", field_text("host", engine->place.host));
}

static int64_t choose_pause_us(struct rand *rand, int losses)
{
    int doublings = losses - 1 < DOUBLINGS_MAX ? losses - 1 : DOUBLINGS_MAX;
    int64_t pause_us = (CACHE_REDIS_PAUSE_MS * INT64_C(1000)) << doublings;
    if (pause_us > CACHE_REDIS_PAUSE_MAX_MS * INT64_C(1000))
        pause_us = CACHE_REDIS_PAUSE_MAX_MS * INT64_C(1000);
    return pause_us / 2 + (int64_t)rand_below(rand, (uint64_t)pause_us / 2);
}

/* What one connection met the others will meet as well. */
static void note_loss(struct cache_engine *engine, struct visit *visit, enum err err)
{
    counter_add(&engine->failures, 1);
    pthread_mutex_lock(&engine->lock);
    bool was_there = engine->losses++ == 0;
    engine->probing = false;
    engine->away_until_us = tick_us() + choose_pause_us(visit->ctx->rand, engine->losses);
    engine->open_count--;
    close_idle(engine);
    pthread_cond_broadcast(&engine->given);
    pthread_mutex_unlock(&engine->lock);
    if (was_there)
        log_warn(visit->ctx, "cache is away", field_text("host", engine->place.host),
                 field_text("why", err_name(err)));
}

/* It says nothing of Redis: the caller was in a hurry, or a kept connection was gone, which it is
 * when Redis was started again. */
static void note_nothing(struct cache_engine *engine, bool others_too)
{
    pthread_mutex_lock(&engine->lock);
    engine->probing = false;
    engine->open_count--;
    if (others_too)
        close_idle(engine);
    pthread_cond_broadcast(&engine->given);
    pthread_mutex_unlock(&engine->lock);
}

/* Commands. */

/* ERR_CONFLICT: a kept connection was gone, and it is to be tried once more. */
static enum err note_failure(struct cache_engine *engine, struct visit *visit, enum err err)
{
    bool was_gone = err == ERR_PEER && !visit->is_new;
    if (was_gone || err == ERR_MEMORY || (err == ERR_TIMEOUT && !visit->has_all_time))
        note_nothing(engine, was_gone);
    else
        note_loss(engine, visit, err);
    return was_gone ? ERR_CONFLICT : err;
}

static enum err ask_once(struct cache_engine *engine, struct visit *visit, const struct str words[],
                         size_t count, struct redis_reply *reply)
{
    TRY(take(engine, visit));
    enum err err = ERR_OK;
    if (visit->is_new)
        err = redis_wire_open(visit->ctx, &engine->place, visit->until_us, &visit->fd);
    if (err)
        return note_failure(engine, visit, err);
    err = redis_wire_ask(visit->ctx, visit->fd, visit->until_us, words, count, reply);
    if (err) {
        close(visit->fd);
        return note_failure(engine, visit, err);
    }
    note_gain(engine, visit);
    return ERR_OK;
}

static struct visit begin_visit(struct ctx *ctx)
{
    int64_t most_us = CACHE_REDIS_COMMAND_MS * INT64_C(1000);
    int64_t left_us = ctx->deadline_us - clock_tick_us(ctx->clock);
    bool has_all_time = !ctx->deadline_us || left_us >= most_us;
    return (struct visit){.ctx = ctx,
                          .until_us = tick_us() + (has_all_time ? most_us : left_us),
                          .has_all_time = has_all_time,
                          .fd = -1};
}

/* An error that Redis tells (it is loading, it is full) is a reply: the connection is fine. */
static enum err ask(struct cache_engine *engine, struct ctx *ctx, const struct str words[],
                    size_t count, struct redis_reply *reply)
{
    struct visit visit = begin_visit(ctx);
    *reply = (struct redis_reply){.kind = '-'};
    enum err err = ask_once(engine, &visit, words, count, reply);
    if (err == ERR_CONFLICT)
        err = ask_once(engine, &visit, words, count, reply);
    TRY(err);
    if (reply->kind != '-')
        return ERR_OK;
    counter_add(&engine->failures, 1);
    return ERR_PEER;
}

/* The driver. */

struct full_key {
    char bytes[sizeof prefix + CACHE_KEY_MAX];
};

static struct str make_key(struct full_key *full, struct str key)
{
    size_t len = sizeof prefix - 1;
    ASSERT(key.len <= CACHE_KEY_MAX);
    memcpy(full->bytes, prefix, len);
    memcpy(full->bytes + len, key.ptr, key.len);
    return str_make(full->bytes, len + key.len);
}

static struct str make_number(char text[NUMBER_LEN], int64_t number)
{
    return str_make(text, (size_t)snprintf(text, NUMBER_LEN, "%" PRId64, number));
}

/* A value stands behind its time: eight bytes, as this machine has them in memory. Never more is
 * asked for than can be taken, whoever wrote it. */
static enum err redis_get(struct cache_engine *engine, struct ctx *ctx, struct str key,
                          int64_t at_us, struct cache_item *item)
{
    struct full_key full;
    struct redis_reply reply;
    char last[NUMBER_LEN];
    (void)at_us;
    const struct str words[] = {
        STR("GETRANGE"), make_key(&full, key), STR("0"),
        make_number(last, (int64_t)sizeof item->fresh_until_us + CACHE_VALUE_MAX - 1)};
    TRY(ask(engine, ctx, words, 4, &reply));
    if (reply.kind != '$' || reply.text.len < sizeof item->fresh_until_us)
        return ERR_MISSING;
    memcpy(&item->fresh_until_us, reply.text.ptr, sizeof item->fresh_until_us);
    item->value = str_slice(reply.text, sizeof item->fresh_until_us, reply.text.len);
    return ERR_OK;
}

static enum err redis_put(struct cache_engine *engine, struct ctx *ctx, struct str key,
                          int64_t at_us, const struct cache_item *item)
{
    struct full_key full;
    struct redis_reply reply;
    struct buf bytes;
    char ttl[NUMBER_LEN];
    struct arena_mark mark = arena_mark(ctx->arena);
    buf_init(&bytes, ctx->arena, REDIS_BYTES_MAX);
    buf_add(&bytes, str_make((const char *)&item->fresh_until_us, sizeof item->fresh_until_us));
    buf_add(&bytes, item->value);
    const struct str words[] = {STR("SET"), make_key(&full, key), buf_str(&bytes), STR("PX"),
                                make_number(ttl, (item->keep_until_us - at_us) / 1000)};
    enum err err = buf_err(&bytes) ? ERR_MEMORY : ask(engine, ctx, words, 5, &reply);
    arena_rewind(ctx->arena, mark);
    return err;
}

static enum err redis_drop(struct cache_engine *engine, struct ctx *ctx, struct str key)
{
    struct full_key full;
    struct redis_reply reply;
    const struct str words[] = {STR("DEL"), make_key(&full, key)};
    return ask(engine, ctx, words, 2, &reply);
}

static enum err redis_count(struct cache_engine *engine, struct ctx *ctx, struct str key,
                            int64_t at_us, const struct cache_step *step, int64_t *count)
{
    struct full_key full;
    struct redis_reply reply;
    char more[NUMBER_LEN], window[NUMBER_LEN], first[NUMBER_LEN];
    const struct str words[] = {STR("EVAL"),
                                str_from(count_script),
                                STR("1"),
                                make_key(&full, key),
                                make_number(more, step->by),
                                make_number(window, step->window_ms),
                                make_number(first, step->first)};
    if (ask(engine, ctx, words, 7, &reply) || reply.kind != ':')
        return cache_memory.count(engine->local, ctx, key, at_us, step, count);
    *count = reply.number;
    return ERR_OK;
}

static void redis_close(struct cache_engine *engine)
{
    close_idle(engine);
    ASSERT(!engine->open_count);
    cache_memory.close(engine->local);
    pthread_cond_destroy(&engine->given);
    pthread_mutex_destroy(&engine->lock);
    mem_free(engine);
}

static enum err redis_open(struct ctx *ctx, const struct cache_options *options,
                           struct cache_engine **opened)
{
    struct cache_engine *engine = mem_alloc(sizeof *engine);
    if (!engine)
        return err_memory(&ctx->err);
    enum err err = redis_url_read(ctx, options->url, &engine->place);
    if (!err)
        err = cache_memory.open(ctx, &(struct cache_options){.url = STR("memory:?size=1M")},
                                &engine->local);
    if (err) {
        mem_free(engine);
        return err;
    }
    pthread_mutex_init(&engine->lock, NULL);
    thread_cond_init(&engine->given);
    if (options->counters)
        counter_register(options->counters, &engine->failures, COUNTER_TOTAL,
                         "cache_failures_total", "Commands that Redis did not carry out.");
    *opened = engine;
    return ERR_OK;
}

const struct cache_driver cache_redis = {.scheme = "redis",
                                         .open = redis_open,
                                         .close = redis_close,
                                         .get = redis_get,
                                         .put = redis_put,
                                         .drop = redis_drop,
                                         .count = redis_count};
