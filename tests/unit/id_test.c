/* Tests of ids: their order, whatever the clock does, and their one spelling. */
#include "base/id.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void fill_with_ones(struct rand *rand, void *bytes, size_t size)
{
    (void)rand;
    memset(bytes, 0xff, size);
}

TEST(id_tells_when_it_was_made)
{
    t->clock.now_us = FAKE_NOW_US + 123456;
    CHECK_INT(id_time_us(id_new(t->ctx->ids)), FAKE_NOW_US + 123000);
}

TEST(id_is_later_within_the_same_millisecond)
{
    struct id last = id_new(t->ctx->ids);
    for (int i = 0; i < 1000; i++) {
        struct id id = id_new(t->ctx->ids);
        CHECK(id_compare(last, id) < 0);
        last = id;
    }
}

TEST(id_is_not_guessed_from_its_neighbours)
{
    struct id before = id_new(t->ctx->ids), gap[3];
    for (size_t i = 0; i < 3; i++) {
        struct id id = id_new(t->ctx->ids);
        gap[i] = (struct id){id.high - before.high - (id.low < before.low), id.low - before.low};
        CHECK(gap[i].high > 0 || gap[i].low > UINT32_MAX); /* one in a billion is smaller */
        before = id;
    }
    CHECK(id_compare(gap[0], gap[1]) != 0 && id_compare(gap[1], gap[2]) != 0);
}

TEST(id_is_later_when_the_clock_goes_back)
{
    struct id first = id_new(t->ctx->ids);
    t->clock.now_us -= 365 * DAY_US;
    struct id second = id_new(t->ctx->ids);
    CHECK(id_compare(first, second) < 0);
    t->clock.now_us = -5 * DAY_US;
    struct id third = id_new(t->ctx->ids);
    CHECK(id_compare(second, third) < 0);
    t->clock.now_us = FAKE_NOW_US + 1000;
    struct id fourth = id_new(t->ctx->ids);
    CHECK(id_compare(third, fourth) < 0);
    CHECK_INT(id_time_us(fourth), FAKE_NOW_US + 1000);
}

TEST(id_knows_no_time_before_1970)
{
    t->clock.now_us = -DAY_US;
    struct id first = id_new(t->ctx->ids), second = id_new(t->ctx->ids);
    CHECK_INT(id_time_us(first), 0);
    CHECK(id_compare(first, second) < 0);
}

TEST(id_carries_into_the_time_when_its_chance_runs_over)
{
    struct rand ones = {.fill = fill_with_ones};
    struct id_source source;
    id_source_init(&source, t->ctx->clock, &ones);
    struct id first = id_new(&source), second = id_new(&source);
    CHECK(first.low == UINT64_MAX);
    CHECK(second.low == (UINT64_MAX >> 2)); /* the step that ones give, past the end */
    CHECK(id_compare(first, second) < 0);
    CHECK_INT(id_time_us(second), FAKE_NOW_US + 1000);
    fake_clock_turn(&t->clock, 1000); /* the clock catches up: still in order */
    CHECK(id_compare(second, id_new(&source)) < 0);
    id_source_release(&source);
}

/* A clock that goes ahead and back from one reading to the next. */
struct restless_clock {
    struct clock clock;
    uint64_t readings; /* the source reads it under its lock */
};

static int64_t restless_now(struct clock *clock)
{
    uint64_t readings = ((struct restless_clock *)clock)->readings++;
    return FAKE_NOW_US + (int64_t)(readings * 7919 % 13) * 1000 + (int64_t)readings / 10;
}

enum { THREADS = 8, IDS_A_THREAD = 2000, ALL_IDS = THREADS * IDS_A_THREAD };

struct maker {
    pthread_t thread;
    struct id_source *source;
    struct id *ids;
};

static void *make_ids(void *arg)
{
    struct maker *maker = arg;
    for (size_t i = 0; i < IDS_A_THREAD; i++)
        maker->ids[i] = id_new(maker->source);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    return id_compare(*(const struct id *)a, *(const struct id *)b);
}

TEST(id_is_unique_and_in_order_over_threads_and_a_restless_clock)
{
    struct restless_clock clock = {.clock = {.now_us = restless_now}};
    struct id_source source;
    id_source_init(&source, &clock.clock, t->ctx->rand);
    struct maker makers[THREADS];
    struct id *ids = ARENA_ARRAY(t->arena, ALL_IDS, struct id);
    REQUIRE(ids);
    for (size_t i = 0; i < THREADS; i++) {
        makers[i] = (struct maker){.source = &source, .ids = ids + i * IDS_A_THREAD};
        REQUIRE(pthread_create(&makers[i].thread, NULL, make_ids, &makers[i]) == 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(makers[i].thread, NULL);
    int64_t wrong = 0, twice = 0;
    for (size_t i = 0; i < THREADS; i++)
        for (size_t k = 1; k < IDS_A_THREAD; k++)
            wrong += id_compare(makers[i].ids[k - 1], makers[i].ids[k]) >= 0;
    CHECK_INT(wrong, 0);
    qsort(ids, ALL_IDS, sizeof *ids, compare);
    for (size_t i = 1; i < ALL_IDS; i++)
        twice += id_compare(ids[i - 1], ids[i]) == 0;
    CHECK_INT(twice, 0);
    id_source_release(&source);
}

TEST(id_format_and_parse_agree)
{
    static const struct {
        struct id id;
        const char *prefix, *text;
    } rows[] = {
        {{0, 0}, "ord", "ord_00000000000000000000000000"},
        {{0, 1}, "ord", "ord_00000000000000000000000001"},
        {{0, 31}, "x", "x_0000000000000000000000000Z"},
        {{0, 32}, "ord", "ord_00000000000000000000000010"},
        {{1, 0}, "ord", "ord_0000000000000G000000000000"},
        {{UINT64_MAX, UINT64_MAX}, "employee", "employee_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[ID_TEXT_MAX];
        struct id id;
        id_format(rows[i].id, rows[i].prefix, text);
        CHECK_TEXT(text, rows[i].text);
        CHECK_ERR(id_parse(str_from(text), rows[i].prefix, &id), ERR_OK);
        CHECK_INT(id_compare(id, rows[i].id), 0);
    }
}

TEST(id_parse_takes_any_case_and_no_look_alikes)
{
    static const struct {
        const char *text;
        enum err err;
    } rows[] = {
        {"ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_OK},
        {"ord_01kah0xvk4a9n3fyj0t8q5rwzc", ERR_OK},
        {"ORD_01kAH0xvk4a9n3fyj0t8q5rwzc", ERR_OK},
        {"ord_81KAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT}, /* more than 128 bits */
        {"ord_Z1KAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT},
        {"ord_O1KAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT}, /* the letter O */
        {"ord_0IKAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT},
        {"ord_0LKAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT},
        {"ord_0UKAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT},
        {"ord_01KAH0XVK4A9N3FYJ0T8Q5RWZ", ERR_INPUT},
        {"ord_01KAH0XVK4A9N3FYJ0T8Q5RWZCC", ERR_INPUT},
        {"ord-01KAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT},
        {"par_01KAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT},
        {"01KAH0XVK4A9N3FYJ0T8Q5RWZC", ERR_INPUT},
        {"ord_01KAH0XVK4A9N3 YJ0T8Q5RWZC", ERR_INPUT},
        {"ord_01KAH0XVK4A9N3-YJ0T8Q5RWZC", ERR_INPUT},
        {"ord_", ERR_INPUT},
        {"ord", ERR_INPUT},
        {"", ERR_INPUT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct id id;
        test_note(t, "%s", rows[i].text);
        CHECK_ERR(id_parse(str_from(rows[i].text), "ord", &id), rows[i].err);
    }
    struct id id;
    CHECK_ERR(id_parse(STR("ord_01KAH0XVK4A9N3FYJ0T8Q5RWZ\0"), "ord", &id), ERR_INPUT);
    CHECK_ERR(id_parse((struct str){0}, "ord", &id), ERR_INPUT);
}

TEST(id_texts_sort_as_ids_do)
{
    char last[ID_TEXT_MAX], text[ID_TEXT_MAX];
    id_format(id_new(t->ctx->ids), "ord", last);
    for (int i = 0; i < 2000; i++) {
        fake_clock_turn(&t->clock, (int64_t)rand_below(t->ctx->rand, 3000));
        id_format(id_new(t->ctx->ids), "ord", text);
        CHECK(strcmp(last, text) < 0);
        memcpy(last, text, sizeof text);
    }
}
