/* Prepared statements that a connection keeps: found by their query, let go by a clock's hand. */
#include <string.h>

#include "base/assert.h"
#include "ports/db/sqlite_inside.h"

static uint16_t *bucket_of(struct sqlite_cache *cache, const struct query *query)
{
    uint64_t hash = (uint64_t)(uintptr_t)query * UINT64_C(0x9e3779b97f4a7c15);
    return &cache->buckets[hash >> 32 & (SQLITE_CACHE_BUCKETS - 1)];
}

static struct sqlite_cached *find(struct sqlite_cache *cache, const struct query *query)
{
    for (uint16_t at = *bucket_of(cache, query); at; at = cache->rows[at - 1].next)
        if (cache->rows[at - 1].query == query)
            return &cache->rows[at - 1];
    return NULL;
}

static void evict(struct sqlite_cache *cache, struct sqlite_cached *row)
{
    uint16_t *link = bucket_of(cache, row->query);
    while (&cache->rows[*link - 1] != row)
        link = &cache->rows[*link - 1].next;
    *link = row->next;
    sqlite3_finalize(row->statement);
    *row = (struct sqlite_cached){0};
}

/* A row that is free: a new one, or that of a statement not used since the hand last came by. NULL
 * where all are busy, after two rounds. */
static struct sqlite_cached *make_room(struct sqlite_cache *cache)
{
    if (cache->count < SQLITE_CACHE_MAX)
        return &cache->rows[cache->count++];
    for (int i = 0; i < 2 * SQLITE_CACHE_MAX; i++) {
        struct sqlite_cached *row = &cache->rows[cache->hand];
        cache->hand = (uint16_t)((cache->hand + 1) % SQLITE_CACHE_MAX);
        if (!row->query)
            return row;
        if (!row->busy && !row->used) {
            evict(cache, row);
            return row;
        }
        row->used = false;
    }
    return NULL;
}

static enum err prepare(struct db_connection *connection, struct ctx *ctx,
                        const struct query *query, sqlite3_stmt **statement)
{
    if (sqlite3_prepare_v3(connection->handle, query->sqlite, -1, SQLITE_PREPARE_PERSISTENT,
                           statement, NULL) != SQLITE_OK)
        return sqlite_fail(connection, ctx, query->name);
    ASSERT(sqlite3_bind_parameter_count(*statement) <= query->param_count);
    return ERR_OK;
}

enum err sqlite_cache_take(struct db_connection *connection, struct ctx *ctx,
                           const struct query *query, sqlite3_stmt **statement)
{
    struct sqlite_cache *cache = &connection->cache;
    struct sqlite_cached *row = find(cache, query);
    if (row && !row->busy) {
        row->used = row->busy = true;
        *statement = row->statement;
        return ERR_OK;
    }
    TRY(prepare(connection, ctx, query, statement));
    struct sqlite_cached *room = row ? NULL : make_room(cache);
    if (!room)
        return ERR_OK;
    uint16_t *bucket = bucket_of(cache, query);
    *room = (struct sqlite_cached){query, *statement, *bucket, true, true};
    *bucket = (uint16_t)(room - cache->rows + 1);
    return ERR_OK;
}

void sqlite_cache_give(struct sqlite_cache *cache, const struct query *query,
                       sqlite3_stmt *statement)
{
    struct sqlite_cached *row = find(cache, query);
    if (!row || row->statement != statement) {
        sqlite3_finalize(statement);
        return;
    }
    sqlite3_reset(statement);
    row->busy = false;
}

void sqlite_cache_clear(struct sqlite_cache *cache)
{
    for (uint16_t i = 0; i < cache->count; i++)
        sqlite3_finalize(cache->rows[i].statement);
    memset(cache, 0, sizeof *cache);
}
