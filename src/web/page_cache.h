/* Kept pages: an answer that all readers share, sent again without asking anybody.
 *
 *     uint64_t drops = page_cache_drops(cache);
 *     const struct kept_page *page = page_cache_find(cache, key, tick_us, &render);
 *     if (render)
 *         …                                     make it, then page_cache_keep with those drops
 *     if (page)
 *         page_cache_done(cache, page);         once it was sent
 *
 * For routes with `cache N`, where the request has neither cookies nor an Authorization. The key is
 * the path, the query, the language and whether it is compressed. One request renders what is too
 * old; the others are given the old one meanwhile. Where there is none each renders its own.
 * Bounded in bytes; what was used least lately goes first. A kept page is counted by its readers,
 * and freed by the last. Any thread may call. */
#ifndef STOA_WEB_PAGE_CACHE_H
#define STOA_WEB_PAGE_CACHE_H

#include "base/ctx.h"

enum {
    PAGE_CACHE_MAX = 64 << 20,     /* bytes of all */
    PAGE_CACHE_PAGE_MAX = 1 << 20, /* of one, key and head included; a larger one is not kept */
    PAGE_CACHE_RENDER_MS = 10000,  /* who was told to render one and has not by then, never will */
};

struct page_cache;

/* One kept answer. */
struct kept_page {
    struct str head; /* status line and headers, but for Date and Connection */
    struct str body;
    struct str etag;
    int64_t until_us; /* by the ticking clock */
    uint64_t drops;   /* page_cache_drops as of before it was made */
};

/* Its memory is its own, up to size_max; ctx is asked for chance alone. */
enum err page_cache_open(struct ctx *ctx, size_t size_max, struct page_cache **cache);
void page_cache_close(struct page_cache *cache);

/* The page under that key, held until page_cache_done; NULL where there is none. `*render` tells
 * the caller to make it anew: it is missing, or too old and nobody else makes it. Costs a hash of
 * the key and a moment under the lock. */
const struct kept_page *page_cache_find(struct page_cache *cache, struct str key, int64_t tick_us,
                                        bool *render);
void page_cache_done(struct page_cache *cache, const struct kept_page *page);

/* How often anything was dropped. */
uint64_t page_cache_drops(struct page_cache *cache);

/* Copies it in. It is simply not kept where there is no memory, or where something was dropped
 * since it began to be made: it may show what is no longer so. */
void page_cache_keep(struct page_cache *cache, struct str key, const struct kept_page *page);

/* Forgets every page whose path begins so: what it shows has changed. */
void page_cache_drop(struct page_cache *cache, struct str path);

#endif
