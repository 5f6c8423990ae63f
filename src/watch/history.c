/* Remembers the last hour. */
#include "watch/history.h"

#include <string.h>

#include "watch/vitals.h"

void history_init(struct history *history)
{
    *history = (struct history){.next = 0};
    pthread_mutex_init(&history->lock, NULL);
}

void history_release(struct history *history)
{
    pthread_mutex_destroy(&history->lock);
}

static const struct histogram *find_histogram(const struct counter_registry *registry,
                                              const char *name)
{
    const struct histogram *at = histogram_first(registry);
    while (at && strcmp(at->shape->name, name) != 0)
        at = at->next;
    return at;
}

static int64_t counter_named(const struct counter_registry *registry, const char *name)
{
    const struct counter *at = counter_first(registry);
    while (at && strcmp(at->name, name) != 0)
        at = at->next;
    return at ? counter_value(at) : 0;
}

static void add_up(const struct histogram *histogram, int64_t buckets[HISTOGRAM_BUCKETS])
{
    for (size_t place = 0; histogram && place < histogram_cell_count(histogram); place++)
        for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
            buckets[i] += atomic_load_explicit(&histogram->cells[place].buckets[i],
                                               memory_order_relaxed);
}

static struct history_totals read_totals(const struct counter_registry *registry)
{
    struct history_totals totals = {.errors = counter_named(registry, "web_responses_5xx_total"),
                                    .writes = counter_named(registry, "db_commits_total"),
                                    .processor_us = vitals_processor_us()};
    add_up(find_histogram(registry, "web_request_duration_seconds"), totals.buckets);
    return totals;
}

static struct history_step step_between(const struct history_totals *from,
                                        const struct history_totals *to)
{
    struct history_step step = {.errors = (uint32_t)(to->errors - from->errors),
                                .writes = (uint32_t)(to->writes - from->writes),
                                .processor_us = to->processor_us - from->processor_us};
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        step.buckets[i] = (uint32_t)(to->buckets[i] - from->buckets[i]);
    return step;
}

/* What there was before the first look belongs to no step. */
void history_add(struct history *history, const struct counter_registry *registry,
                 struct clock *clock)
{
    struct history_totals totals = read_totals(registry);
    struct history_step step = step_between(&history->totals, &totals);
    int64_t tick_us = clock_tick_us(clock), before_us = history->tick_us;
    step.at_us = clock_now_us(clock);
    step.took_us = tick_us - before_us;
    step.resident_bytes = vitals_resident_bytes();
    history->totals = totals;
    history->tick_us = tick_us;
    if (!before_us)
        return;
    pthread_mutex_lock(&history->lock);
    history->steps[history->next] = step;
    history->next = (history->next + 1) % HISTORY_STEPS;
    pthread_mutex_unlock(&history->lock);
}

int64_t history_quantile(const int64_t buckets[HISTOGRAM_BUCKETS], int percent)
{
    const int64_t *bounds = histogram_bounds(HISTOGRAM_SECONDS);
    int64_t all = 0, below = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        all += buckets[i];
    int64_t wanted = (all * percent + 99) / 100;
    for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++) {
        int64_t from = i ? bounds[i - 1] : 0;
        if (all && below + buckets[i] >= wanted)
            return from + (bounds[i] - from) * (wanted - below) / buckets[i];
        below += buckets[i];
    }
    return all ? bounds[HISTOGRAM_BOUNDS - 1] : 0;
}

struct gathered {
    int64_t buckets[HISTOGRAM_BUCKETS];
};

static void gather(const struct history_step *step, struct history_point *point,
                   struct gathered *gathered)
{
    point->took_us += step->took_us;
    point->errors += step->errors;
    point->writes += step->writes;
    point->processor_us += step->processor_us;
    point->resident_bytes = step->resident_bytes;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        gathered->buckets[i] += step->buckets[i];
        point->requests += step->buckets[i];
    }
}

static void gather_all(struct history *history, struct history_point points[HISTORY_POINTS],
                       struct gathered gathered[HISTORY_POINTS], int64_t now_us)
{
    pthread_mutex_lock(&history->lock);
    for (size_t i = 0; i < HISTORY_STEPS; i++) { /* the oldest first */
        const struct history_step *step = &history->steps[(history->next + i) % HISTORY_STEPS];
        int64_t back = (now_us - step->at_us) / HISTORY_POINT_US;
        if (step->at_us && step->at_us <= now_us && back < HISTORY_POINTS)
            gather(step, &points[HISTORY_POINTS - 1 - back], &gathered[HISTORY_POINTS - 1 - back]);
    }
    pthread_mutex_unlock(&history->lock);
}

void history_read(struct history *history, struct history_point points[HISTORY_POINTS],
                  int64_t now_us)
{
    struct gathered gathered[HISTORY_POINTS] = {{{0}}};
    for (size_t i = 0; i < HISTORY_POINTS; i++)
        points[i] = (struct history_point){.at_us = now_us - (int64_t)(HISTORY_POINTS - 1 - i) *
                                                                 HISTORY_POINT_US};
    gather_all(history, points, gathered, now_us);
    for (size_t i = 0; i < HISTORY_POINTS; i++) {
        points[i].half_us = history_quantile(gathered[i].buckets, 50);
        points[i].most_us = history_quantile(gathered[i].buckets, 95);
        points[i].slowest_us = history_quantile(gathered[i].buckets, 99);
    }
}
