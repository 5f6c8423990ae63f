/* Keeps who was looked up for some seconds. */
#include "guard/who_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* An id is a hash in hex: any of its digits are chance. */
static size_t row_of(const char *session)
{
    size_t row = 0;
    for (int i = 0; i < 4; i++)
        row = row << 4 | (size_t)(session[i] <= '9' ? session[i] - '0' : session[i] - 'a' + 10);
    return row % WHO_CACHE_ROWS;
}

bool who_cache_init(struct who_cache *cache)
{
    *cache = (struct who_cache){.rows = mem_alloc(WHO_CACHE_ROWS * sizeof *cache->rows)};
    if (cache->rows)
        pthread_mutex_init(&cache->lock, NULL);
    return cache->rows;
}

void who_cache_release(struct who_cache *cache)
{
    if (cache->rows)
        pthread_mutex_destroy(&cache->lock);
    mem_free(cache->rows);
}

bool who_cache_find(struct who_cache *cache, struct str session, int64_t tick_us,
                    struct known *known)
{
    size_t row = row_of(session.ptr);
    pthread_mutex_lock(&cache->lock);
    bool found = cache->rows[row].until_us > tick_us &&
                 str_equal(session, str_from(cache->rows[row].known.session));
    if (found)
        *known = cache->rows[row].known;
    pthread_mutex_unlock(&cache->lock);
    return found;
}

void who_cache_keep(struct who_cache *cache, const struct known *known, int64_t tick_us,
                    uint64_t drops)
{
    size_t row = row_of(known->session);
    pthread_mutex_lock(&cache->lock);
    if (cache->drops == drops) {
        cache->rows[row].known = *known;
        cache->rows[row].until_us = tick_us + WHO_KEPT_US;
    }
    pthread_mutex_unlock(&cache->lock);
}

uint64_t who_cache_drops(struct who_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    uint64_t drops = cache->drops;
    pthread_mutex_unlock(&cache->lock);
    return drops;
}

void who_cache_drop(struct who_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    cache->drops++;
    for (size_t i = 0; i < WHO_CACHE_ROWS; i++)
        cache->rows[i].until_us = 0;
    pthread_mutex_unlock(&cache->lock);
}
