/* Remembers which queries took long. */
#include "ports/db/db_slow.h"

#include <string.h>

#include "base/log.h"

void db_slow_init(struct db_slow *slow, int64_t limit_us)
{
    *slow = (struct db_slow){.limit_us = limit_us};
    pthread_mutex_init(&slow->lock, NULL);
}

void db_slow_release(struct db_slow *slow)
{
    pthread_mutex_destroy(&slow->lock);
}

/* Those with other filters have the same name. NULL where there are too many. Under the lock. */
static struct slow_query *find(struct db_slow *slow, const struct query *query)
{
    for (size_t i = 0; i < slow->count; i++)
        if (strcmp(slow->list[i].query->name, query->name) == 0)
            return &slow->list[i];
    if (slow->count == SLOW_QUERIES_MAX)
        return NULL;
    slow->list[slow->count] = (struct slow_query){.next_us = INT64_MIN};
    return &slow->list[slow->count++];
}

static void want(struct db_slow *slow, const struct ctx *ctx, const struct query *query)
{
    static const struct trace_id none = {0, 0};
    int64_t now_us = clock_tick_us(ctx->clock);
    pthread_mutex_lock(&slow->lock);
    struct slow_query *one = find(slow, query);
    if (one && now_us >= one->next_us) {
        one->query = query;
        one->next_us = now_us + SLOW_PLAN_US;
        one->trace = ctx->span ? ctx->span->trace : none;
        one->wanted = true;
    }
    pthread_mutex_unlock(&slow->lock);
}

void db_slow_note(struct db_slow *slow, struct ctx *ctx, const struct query *query, int64_t took_us,
                  int64_t rows)
{
    log_warn(ctx, "slow query", field_text("query", query->name), field_int("took_us", took_us),
             field_int("rows", rows));
    want(slow, ctx, query);
}

const struct query *db_slow_next(struct db_slow *slow, struct trace_id *trace)
{
    const struct query *query = NULL;
    pthread_mutex_lock(&slow->lock);
    for (size_t i = 0; !query && i < slow->count; i++) {
        if (!slow->list[i].wanted)
            continue;
        slow->list[i].wanted = false;
        query = slow->list[i].query;
        *trace = slow->list[i].trace;
    }
    pthread_mutex_unlock(&slow->lock);
    return query;
}
