/* Tests of counters and their registry. */
#include "base/counter.h"

#include <pthread.h>

#include "base/counter_table.h"
#include "harness/test.h"
#include "harness/torture.h"

TEST(counter_begins_at_zero_and_counts)
{
    struct counter_registry registry = {.first = NULL};
    struct counter hits = {.value = 99}, depth;
    CHECK(!counter_first(&registry));
    counter_register(&registry, &hits, COUNTER_TOTAL, "hits_total", "Hits.");
    counter_register(&registry, &depth, COUNTER_LEVEL, "depth_jobs", "Waiting.");
    CHECK_INT(counter_value(&hits), 0);
    counter_add(&hits, 1);
    counter_add(&hits, 41);
    counter_add(&depth, 3);
    counter_add(&depth, -1);
    CHECK_INT(counter_value(&hits), 42);
    CHECK_INT(counter_value(&depth), 2);
}

TEST(counter_registry_gives_the_newest_first)
{
    struct counter_registry registry = {.first = NULL};
    struct counter one, two;
    counter_register(&registry, &one, COUNTER_TOTAL, "one_total", "One.");
    counter_register(&registry, &two, COUNTER_LEVEL, "two_bytes", "Two.");
    const struct counter *first = counter_first(&registry);
    REQUIRE(first == &two);
    CHECK_TEXT(first->name, "two_bytes");
    CHECK_TEXT(first->help, "Two.");
    CHECK_INT(first->kind, COUNTER_LEVEL);
    CHECK(first->next == &one);
    CHECK(!one.next);
}

enum { THREADS = 4, COUNTERS_A_THREAD = 200, ADDITIONS = 20000 };

struct worker {
    pthread_t thread;
    struct counter_registry *registry;
    struct counter *shared;
    struct counter own[COUNTERS_A_THREAD];
    int64_t seen; /* counters met while walking */
};

static void *work(void *arg)
{
    struct worker *worker = arg;
    for (size_t i = 0; i < COUNTERS_A_THREAD; i++) {
        counter_register(worker->registry, &worker->own[i], COUNTER_TOTAL, "own_total", "Own.");
        for (const struct counter *at = counter_first(worker->registry); at; at = at->next)
            worker->seen += at->name[0] == 'o' || at->name[0] == 's';
    }
    for (int i = 0; i < ADDITIONS; i++)
        counter_add(worker->shared, 1);
    return NULL;
}

TEST(counter_loses_nothing_between_threads)
{
    struct counter_registry registry = {.first = NULL};
    struct counter shared;
    counter_register(&registry, &shared, COUNTER_TOTAL, "shared_total", "Shared.");
    struct worker *workers = ARENA_ARRAY(t->arena, THREADS, struct worker);
    REQUIRE(workers);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].registry = &registry;
        workers[i].shared = &shared;
        REQUIRE(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    int64_t registered = 0;
    for (const struct counter *at = counter_first(&registry); at; at = at->next)
        registered++;
    CHECK_INT(registered, 1 + THREADS * COUNTERS_A_THREAD);
    CHECK_INT(counter_value(&shared), THREADS * ADDITIONS);
    for (size_t i = 0; i < THREADS; i++)
        CHECK(workers[i].seen >= COUNTERS_A_THREAD * (COUNTERS_A_THREAD + 1) / 2);
}

TEST(counter_table_has_a_row_a_thing_until_the_others_share_one)
{
    static const struct counter_column columns[] = {{COUNTER_LEVEL, "depth", "Depth."},
                                                    {COUNTER_TOTAL, "sent_total", "Sent."}};
    struct counter_registry registry = {.first = NULL};
    struct counter_table table;
    REQUIRE(counter_table_open(t->ctx, &table, "queue", columns, 2, 3) == ERR_OK);
    counter_table_register(&registry, &table);
    CHECK(counter_table_first(&registry) == &table);
    CHECK_INT(counter_table_row(&table, STR("a")), 0);
    CHECK_INT(counter_table_row(&table, STR("b")), 1);
    CHECK_INT(counter_table_row(&table, STR("a")), 0);
    CHECK_INT(counter_table_row(&table, STR("c")), 2);
    CHECK_INT(counter_table_row(&table, STR("d")), 2);
    CHECK_TEXT(table.values[2], COUNTER_OTHERS);
    counter_table_add(&table, 1, 1, 40);
    counter_table_add(&table, 1, 1, 2);
    counter_table_set(&table, 1, 0, -7);
    CHECK_INT(counter_table_value(&table, 1, 1), 42);
    CHECK_INT(counter_table_value(&table, 1, 0), -7);
    CHECK_INT(counter_table_value(&table, 0, 1), 0);
    counter_table_close(&table);
}

static enum err open_table(struct test *t, void *arg)
{
    static const struct counter_column column = {COUNTER_LEVEL, "depth", "Depth."};
    struct counter_table table;
    (void)arg;
    TRY(counter_table_open(t->ctx, &table, "queue", &column, 1, 3));
    counter_table_close(&table);
    return ERR_OK;
}

TEST(counter_table_without_memory_is_none)
{
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, open_table, NULL) > 0);
}
