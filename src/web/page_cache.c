/* Keeps pages in a table of chains and in the order of their use, under one lock that is held for a
 * few steps at a time: pages are copied before it is taken, and freed after. */
#include "web/page_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/mem.h"

enum { CHAINS_MIN = 64, SIZE_PER_CHAIN = 4 << 10 };

struct entry {
    struct kept_page page; /* the first member: done is given its address */
    struct str key;
    uint64_t hash;
    size_t size;
    int64_t render_until_us;  /* somebody makes it anew; 0 is nobody */
    _Atomic uint32_t holders; /* the table is one */
    struct entry *chain;
    struct entry *newer, *older;
    char bytes[];
};

struct page_cache {
    pthread_mutex_t lock;
    struct hash_key hash_key;
    size_t size, size_max;
    _Atomic uint64_t drops; /* changed under the lock */
    struct entry *newest, *oldest;
    size_t mask;
    struct entry *chains[];
};

enum err page_cache_open(struct ctx *ctx, size_t size_max, struct page_cache **cache)
{
    size_t chains = CHAINS_MIN;
    while (chains * SIZE_PER_CHAIN < size_max)
        chains *= 2;
    struct page_cache *made = mem_alloc(sizeof *made + chains * sizeof(struct entry *));
    if (!made)
        return err_memory(&ctx->err);
    ASSERT(pthread_mutex_init(&made->lock, NULL) == 0);
    rand_fill(ctx->rand, &made->hash_key, sizeof made->hash_key);
    made->size_max = size_max;
    made->mask = chains - 1;
    *cache = made;
    return ERR_OK;
}

static void let_go(struct entry *entry)
{
    if (atomic_fetch_sub_explicit(&entry->holders, 1, memory_order_acq_rel) == 1)
        mem_free(entry);
}

void page_cache_close(struct page_cache *cache)
{
    if (!cache)
        return;
    for (struct entry *entry = cache->newest, *older; entry; entry = older) {
        older = entry->older;
        let_go(entry);
    }
    pthread_mutex_destroy(&cache->lock);
    mem_free(cache);
}

/* Where the pointer to an entry stands, or would be put. */
static struct entry **place_of(struct page_cache *cache, uint64_t hash, struct str key)
{
    struct entry **at = &cache->chains[hash & cache->mask];
    while (*at && !((*at)->hash == hash && str_equal((*at)->key, key)))
        at = &(*at)->chain;
    return at;
}

static void order_remove(struct page_cache *cache, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void order_add(struct page_cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

/* Takes the entry out of the table, to the front of `gone`. */
static void take_out(struct page_cache *cache, struct entry **at, struct entry **gone)
{
    struct entry *entry = *at;
    ASSERT(entry);
    *at = entry->chain;
    order_remove(cache, entry);
    cache->size -= entry->size;
    entry->chain = *gone;
    *gone = entry;
}

static void let_all_go(struct entry *gone)
{
    for (struct entry *next; gone; gone = next) {
        next = gone->chain;
        let_go(gone);
    }
}

const struct kept_page *page_cache_find(struct page_cache *cache, struct str key, int64_t tick_us,
                                        bool *render)
{
    uint64_t hash = hash_str(&cache->hash_key, key);
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = *place_of(cache, hash, key);
    *render = !entry || (entry->page.until_us <= tick_us && entry->render_until_us <= tick_us);
    if (entry) {
        if (*render)
            entry->render_until_us = tick_us + PAGE_CACHE_RENDER_MS * INT64_C(1000);
        atomic_fetch_add_explicit(&entry->holders, 1, memory_order_relaxed);
        order_remove(cache, entry);
        order_add(cache, entry);
    }
    pthread_mutex_unlock(&cache->lock);
    return entry ? &entry->page : NULL;
}

void page_cache_done(struct page_cache *cache, const struct kept_page *page)
{
    (void)cache;
    let_go((struct entry *)(uintptr_t)page);
}

uint64_t page_cache_drops(struct page_cache *cache)
{
    return atomic_load(&cache->drops);
}

static struct str put(char **to, struct str text)
{
    struct str copy = {*to, text.len};
    if (text.len)
        memcpy(*to, text.ptr, text.len);
    *to += text.len;
    return copy;
}

/* NULL where it is too large, or there is no memory. */
static struct entry *entry_make(struct str key, const struct kept_page *page)
{
    size_t size = sizeof(struct entry) + key.len + page->head.len + page->body.len + page->etag.len;
    struct entry *entry = size <= PAGE_CACHE_PAGE_MAX ? mem_alloc(size) : NULL;
    if (!entry)
        return NULL;
    char *to = entry->bytes;
    entry->size = size;
    entry->key = put(&to, key);
    entry->page = *page;
    entry->page.head = put(&to, page->head);
    entry->page.body = put(&to, page->body);
    entry->page.etag = put(&to, page->etag);
    atomic_init(&entry->holders, 1);
    return entry;
}

/* Puts the entry in the place of an old one, and makes room for it. */
static void put_in(struct page_cache *cache, struct entry *entry, struct entry **gone)
{
    struct entry **at = place_of(cache, entry->hash, entry->key);
    if (*at)
        take_out(cache, at, gone);
    at = &cache->chains[entry->hash & cache->mask];
    entry->chain = *at;
    *at = entry;
    order_add(cache, entry);
    cache->size += entry->size;
    while (cache->size > cache->size_max)
        take_out(cache, place_of(cache, cache->oldest->hash, cache->oldest->key), gone);
}

void page_cache_keep(struct page_cache *cache, struct str key, const struct kept_page *page)
{
    struct entry *entry = entry_make(key, page), *gone = NULL;
    if (!entry)
        return;
    entry->hash = hash_str(&cache->hash_key, key);
    pthread_mutex_lock(&cache->lock);
    if (page->drops == atomic_load(&cache->drops)) {
        put_in(cache, entry, &gone);
    } else {
        entry->chain = gone;
        gone = entry;
    }
    pthread_mutex_unlock(&cache->lock);
    let_all_go(gone);
}

/* Walks all: changes are rare beside readers, and a few thousand keys are compared in no time. */
void page_cache_drop(struct page_cache *cache, struct str path)
{
    struct entry *gone = NULL, *entry, *older;
    pthread_mutex_lock(&cache->lock);
    atomic_fetch_add(&cache->drops, 1);
    for (entry = cache->newest; entry; entry = older) {
        older = entry->older;
        if (str_starts(entry->key, path))
            take_out(cache, place_of(cache, entry->hash, entry->key), &gone);
    }
    pthread_mutex_unlock(&cache->lock);
    let_all_go(gone);
}
