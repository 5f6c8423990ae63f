/* The cache in this process: shards with a lock each, bounded bytes, CLOCK eviction.
 *
 * A get is a hash of the key, a reading of the clock, a lock that is nearly always free, a look at
 * a slot or two and one copy, into the caller's arena: on one thread 6 million a second and more
 * for keys of 20 and values of 100 bytes, where an uncontended mutex and the copy alone are 60
 * million (./bench cache). */
#include <pthread.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/settings.h"
#include "ports/cache/driver.h"

enum {
    SHARDS = 32,
    SLOT_BYTES = 256,    /* of the limit there is a slot: with smaller values the slots run out */
    BLOCK_OVERHEAD = 16, /* of an allocation */
    LINE_SIZE = 64,      /* of the processor's cache: two shards never share one */
};

struct entry {
    int64_t fresh_until_us, keep_until_us;
    uint32_t key_len, value_len;
    bool used;    /* since the hand came by */
    char bytes[]; /* the key, the value */
};

struct slot {
    uint64_t hash;
    struct entry *entry; /* NULL: free */
};

struct shard {
    _Alignas(LINE_SIZE) pthread_mutex_t lock;
    struct slot *slots; /* what follows is under the lock */
    size_t count, bytes, hand;
};

struct cache_engine {
    struct hash_key key;
    size_t slot_mask, count_max, bytes_max; /* of a shard */
    struct counter evicted;
    void *block; /* what holds this engine; the shards want their alignment */
    struct shard shards[SHARDS];
};

/* A shard. */

static struct str entry_key(const struct entry *entry)
{
    return str_make(entry->bytes, entry->key_len);
}

static size_t entry_size(size_t key_len, size_t value_len)
{
    return sizeof(struct entry) + key_len + value_len + BLOCK_OVERHEAD;
}

/* The key's slot, or the free one where it would stand. There is always a free one. */
static size_t find(const struct cache_engine *engine, const struct shard *shard, uint64_t hash,
                   struct str key)
{
    size_t at = hash & engine->slot_mask;
    while (shard->slots[at].entry &&
           (shard->slots[at].hash != hash || !str_equal(entry_key(shard->slots[at].entry), key)))
        at = (at + 1) & engine->slot_mask;
    return at;
}

/* Those behind it move up, so that find meets no gap before what it looks for. */
static void close_gap(const struct cache_engine *engine, struct shard *shard, size_t gap)
{
    size_t mask = engine->slot_mask;
    for (size_t at = (gap + 1) & mask; shard->slots[at].entry; at = (at + 1) & mask) {
        size_t home = shard->slots[at].hash & mask;
        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        shard->slots[gap] = shard->slots[at];
        gap = at;
    }
    shard->slots[gap] = (struct slot){0};
}

static void remove_at(const struct cache_engine *engine, struct shard *shard, size_t at)
{
    struct entry *entry = shard->slots[at].entry;
    shard->bytes -= entry_size(entry->key_len, entry->value_len);
    shard->count--;
    mem_free(entry);
    close_gap(engine, shard, at);
}

/* One step of the hand: who was used since it came by last stays once more. */
static void step(struct cache_engine *engine, struct shard *shard, int64_t now_us)
{
    struct entry *entry = shard->slots[shard->hand].entry;
    if (entry && (!entry->used || entry->keep_until_us <= now_us)) {
        remove_at(engine, shard, shard->hand); /* another may stand there now: the hand waits */
        counter_add(&engine->evicted, 1);
        return;
    }
    if (entry)
        entry->used = false;
    shard->hand = (shard->hand + 1) & engine->slot_mask;
}

static void make_room(struct cache_engine *engine, struct shard *shard, size_t size, int64_t now_us)
{
    ASSERT(size <= engine->bytes_max);
    while (shard->bytes + size > engine->bytes_max || shard->count >= engine->count_max)
        step(engine, shard, now_us);
}

/* Shards are told apart by bits that the slots are not found by. */
static struct shard *shard_of(struct cache_engine *engine, uint64_t hash)
{
    return &engine->shards[(hash >> 56) % SHARDS];
}

/* Takes the place of what the key had; a NULL entry only removes that. Under the lock. */
static void replace(struct cache_engine *engine, struct shard *shard, uint64_t hash, struct str key,
                    struct entry *entry, int64_t now_us)
{
    size_t at = find(engine, shard, hash, key);
    if (shard->slots[at].entry)
        remove_at(engine, shard, at);
    if (!entry)
        return;
    size_t size = entry_size(entry->key_len, entry->value_len);
    make_room(engine, shard, size, now_us);
    shard->slots[find(engine, shard, hash, key)] = (struct slot){hash, entry};
    shard->bytes += size;
    shard->count++;
}

/* The driver. */

static enum err memory_get(struct cache_engine *engine, struct ctx *ctx, struct str key,
                           int64_t now_us, struct cache_item *item)
{
    enum err err = ERR_MISSING;
    uint64_t hash = hash_str(&engine->key, key);
    struct shard *shard = shard_of(engine, hash);
    pthread_mutex_lock(&shard->lock);
    struct entry *entry = shard->slots[find(engine, shard, hash, key)].entry;
    if (entry && entry->keep_until_us > now_us) {
        char *copy = arena_bytes(ctx->arena, entry->value_len);
        err = copy ? ERR_OK : ERR_MEMORY;
        if (copy)
            memcpy(copy, entry->bytes + entry->key_len, entry->value_len);
        item->value = str_make(copy, entry->value_len);
        item->fresh_until_us = entry->fresh_until_us;
        if (!entry->used)
            entry->used = true;
    }
    pthread_mutex_unlock(&shard->lock);
    return err;
}

static struct entry *entry_make(struct str key, const struct cache_item *item)
{
    struct entry *entry = mem_alloc(sizeof *entry + key.len + item->value.len);
    if (!entry)
        return NULL;
    entry->fresh_until_us = item->fresh_until_us;
    entry->keep_until_us = item->keep_until_us;
    entry->key_len = (uint32_t)key.len;
    entry->value_len = (uint32_t)item->value.len;
    memcpy(entry->bytes, key.ptr, key.len);
    if (item->value.len)
        memcpy(entry->bytes + key.len, item->value.ptr, item->value.len);
    return entry;
}

/* What does not fit takes with it what the key had: that is no longer right. */
static enum err memory_put(struct cache_engine *engine, struct ctx *ctx, struct str key,
                           int64_t now_us, const struct cache_item *item)
{
    (void)ctx;
    uint64_t hash = hash_str(&engine->key, key);
    struct shard *shard = shard_of(engine, hash);
    bool fits = entry_size(key.len, item->value.len) <= engine->bytes_max / 3 * 2;
    struct entry *entry = fits ? entry_make(key, item) : NULL;
    pthread_mutex_lock(&shard->lock);
    replace(engine, shard, hash, key, entry, now_us);
    pthread_mutex_unlock(&shard->lock);
    return entry ? ERR_OK : fits ? ERR_MEMORY : ERR_LIMIT;
}

static enum err memory_drop(struct cache_engine *engine, struct ctx *ctx, struct str key)
{
    (void)ctx;
    uint64_t hash = hash_str(&engine->key, key);
    struct shard *shard = shard_of(engine, hash);
    pthread_mutex_lock(&shard->lock);
    replace(engine, shard, hash, key, NULL, 0);
    pthread_mutex_unlock(&shard->lock);
    return ERR_OK;
}

/* Adds where the key has a count that goes on. Under the lock. */
static bool add_to_count(const struct cache_engine *engine, const struct shard *shard,
                         uint64_t hash, struct str key, int64_t now_us, int64_t *count)
{
    struct entry *entry = shard->slots[find(engine, shard, hash, key)].entry;
    int64_t before;
    if (!entry || entry->keep_until_us <= now_us || entry->value_len != sizeof before)
        return false;
    memcpy(&before, entry->bytes + entry->key_len, sizeof before);
    *count += before;
    memcpy(entry->bytes + entry->key_len, count, sizeof *count);
    entry->used = true;
    return true;
}

/* The entry of a count that begins is made outside the lock; one that came meanwhile is added to.
 */
static enum err memory_count(struct cache_engine *engine, struct ctx *ctx, struct str key,
                             int64_t now_us, const struct cache_step *step, int64_t *count)
{
    (void)ctx;
    uint64_t hash = hash_str(&engine->key, key);
    struct shard *shard = shard_of(engine, hash);
    int64_t until_us = now_us + step->window_ms * 1000, begun = step->first + step->by;
    *count = step->by;
    pthread_mutex_lock(&shard->lock);
    bool added = add_to_count(engine, shard, hash, key, now_us, count);
    pthread_mutex_unlock(&shard->lock);
    if (added)
        return ERR_OK;
    struct str bytes = str_make((const char *)&begun, sizeof begun);
    struct entry *entry = entry_make(key, &(struct cache_item){bytes, until_us, until_us});
    if (!entry)
        return ERR_MEMORY;
    pthread_mutex_lock(&shard->lock);
    if (add_to_count(engine, shard, hash, key, now_us, count)) {
        mem_free(entry);
    } else {
        replace(engine, shard, hash, key, entry, now_us);
        *count = begun;
    }
    pthread_mutex_unlock(&shard->lock);
    return ERR_OK;
}

static enum err read_size(struct ctx *ctx, struct str url, int64_t *size)
{
    struct str rest = str_slice(url, sizeof "memory:" - 1, url.len);
    *size = CACHE_SIZE_PRESET;
    if (!rest.len)
        return ERR_OK;
    if (str_starts(rest, STR("?size=")) &&
        !setting_parse_size(str_slice(rest, sizeof "?size=" - 1, rest.len), size) &&
        *size >= CACHE_SIZE_MIN)
        return ERR_OK;
    return err_input(&ctx->err, "CACHE_URL", "must be memory: or, of 1M or more, memory:?size=64M");
}

static void memory_close(struct cache_engine *engine)
{
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *shard = &engine->shards[i];
        for (size_t at = 0; shard->slots && at <= engine->slot_mask; at++)
            mem_free(shard->slots[at].entry);
        mem_free(shard->slots);
        pthread_mutex_destroy(&shard->lock);
    }
    mem_free(engine->block);
}

/* The slots are part of the limit. */
static void share_out(struct cache_engine *engine, int64_t size)
{
    size_t slots = 64, share = (size_t)size / SHARDS;
    while (slots * 2 * SLOT_BYTES <= share)
        slots *= 2;
    engine->slot_mask = slots - 1;
    engine->count_max = slots / 4 * 3;
    engine->bytes_max = share - slots * sizeof(struct slot);
}

static struct cache_engine *engine_make(void)
{
    char *block = mem_alloc(sizeof(struct cache_engine) + LINE_SIZE);
    if (!block)
        return NULL;
    size_t past = (uintptr_t)block % LINE_SIZE;
    struct cache_engine *engine = (void *)(block + (past ? LINE_SIZE - past : 0));
    engine->block = block;
    return engine;
}

static enum err memory_open(struct ctx *ctx, const struct cache_options *options,
                            struct cache_engine **opened)
{
    int64_t size;
    bool whole = true;
    TRY(read_size(ctx, options->url, &size));
    struct cache_engine *engine = engine_make();
    if (!engine)
        return err_memory(&ctx->err);
    share_out(engine, size);
    rand_fill(ctx->rand, &engine->key, sizeof engine->key);
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&engine->shards[i].lock, NULL);
        engine->shards[i].slots = mem_alloc((engine->slot_mask + 1) * sizeof(struct slot));
        whole = whole && engine->shards[i].slots;
    }
    if (!whole) {
        memory_close(engine);
        return err_memory(&ctx->err);
    }
    if (options->counters)
        counter_register(options->counters, &engine->evicted, COUNTER_TOTAL, "cache_evicted_total",
                         "Values that made room for others.");
    *opened = engine;
    return ERR_OK;
}

const struct cache_driver cache_memory = {.scheme = "memory",
                                          .open = memory_open,
                                          .close = memory_close,
                                          .get = memory_get,
                                          .put = memory_put,
                                          .drop = memory_drop,
                                          .count = memory_count};
