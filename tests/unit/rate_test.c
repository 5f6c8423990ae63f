/* Tests of src/guard/rate.c. */
#include "guard/rate.h"

#include <pthread.h>
#include <string.h>

#include "harness/torture.h"
#include "unit/asked.h"

enum { THREADS = 4, TAKES = 2000, CROWD = 4 * RATE_BUCKETS };

static const struct rate_limits limits = {.classes = {
                                              [RATE_PAGE] = {600, MINUTE_US},
                                              [RATE_WRITE] = {3, MINUTE_US},
                                              [RATE_API] = {2, MINUTE_US},
                                              [RATE_FREE] = {1, MINUTE_US},
                                              [RATE_SIGN_IN] = {5, HOUR_US},
                                          }};

static struct rate *open_rate(struct test *t, struct counter_registry *counters)
{
    struct rate *rate;
    REQUIRE(rate_open(t->ctx, &limits, counters, &rate) == ERR_OK);
    return rate;
}

TEST(rate_gives_what_there_is_at_once_and_then_evenly)
{
    struct rate *rate = open_rate(t, NULL);
    int64_t now_us = 1000 * SECOND_US;
    for (int i = 0; i < 3; i++) {
        struct rate_verdict verdict = rate_take(rate, RATE_WRITE, STR("a"), now_us);
        CHECK(verdict.allowed && verdict.limited);
        CHECK_INT(verdict.tokens, 3);
        CHECK_INT(verdict.remaining, 2 - i);
        CHECK_INT(verdict.reset_s, 20 * (i + 1));
    }
    struct rate_verdict verdict = rate_take(rate, RATE_WRITE, STR("a"), now_us);
    CHECK(!verdict.allowed && verdict.remaining == 0);
    CHECK_INT(verdict.retry_s, 20);
    CHECK(!rate_take(rate, RATE_WRITE, STR("a"), now_us + 20 * SECOND_US - 1).allowed);
    CHECK(rate_take(rate, RATE_WRITE, STR("a"), now_us + 20 * SECOND_US).allowed);
    CHECK(!rate_take(rate, RATE_WRITE, STR("a"), now_us + 20 * SECOND_US).allowed);
    CHECK_INT(rate_take(rate, RATE_WRITE, STR("a"), now_us + 200 * SECOND_US).remaining, 2);
    rate_close(rate);
}

TEST(rate_keeps_classes_and_keys_apart)
{
    struct rate *rate = open_rate(t, NULL);
    for (int i = 0; i < 4; i++)
        rate_take(rate, RATE_WRITE, STR("a"), 1);
    CHECK(!rate_take(rate, RATE_WRITE, STR("a"), 1).allowed);
    CHECK(rate_take(rate, RATE_WRITE, STR("b"), 1).allowed);
    CHECK(rate_take(rate, RATE_API, STR("a"), 1).allowed);
    for (int i = 0; i < 1000; i++) {
        CHECK(rate_take(rate, RATE_FREE, STR("a"), 1).allowed);
        CHECK(!rate_take(rate, RATE_OF_KEY, STR("a"), 1).limited);
    }
    rate_close(rate);
}

/* Whoever is deep in debt stays so, whoever else comes. */
TEST(rate_forgets_no_debtor_for_a_crowd)
{
    static struct counter_registry counters;
    struct rate *rate = open_rate(t, &counters);
    int64_t now_us = 1000 * SECOND_US;
    for (int i = 0; i < 6; i++)
        rate_take(rate, RATE_SIGN_IN, STR("per_1"), now_us);
    for (int64_t i = 0; i < CROWD; i++) {
        struct str key = str_make((const char *)&i, sizeof i);
        CHECK(rate_take(rate, RATE_PAGE, key, now_us).allowed);
    }
    CHECK(!rate_take(rate, RATE_SIGN_IN, STR("per_1"), now_us).allowed);
    const struct counter *forgiven = counter_first(&counters);
    CHECK_TEXT(forgiven->name, "rate_forgiven_total");
    CHECK(counter_value(forgiven) > CROWD / 2 && counter_value(forgiven) < CROWD);
    CHECK_INT(counter_value(forgiven->next), 2);
    rate_close(rate);
}

struct taker {
    struct rate *rate;
    pthread_t thread;
    int64_t allowed;
};

static void *take_many(void *arg)
{
    struct taker *taker = arg;
    for (int i = 0; i < TAKES; i++)
        taker->allowed += rate_take(taker->rate, RATE_PAGE, STR("a"), 1).allowed;
    return NULL;
}

TEST(rate_counts_every_thread)
{
    struct rate *rate = open_rate(t, NULL);
    struct taker takers[THREADS] = {0};
    int64_t allowed = 0;
    for (int i = 0; i < THREADS; i++) {
        takers[i].rate = rate;
        REQUIRE(pthread_create(&takers[i].thread, NULL, take_many, &takers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(takers[i].thread, NULL);
        allowed += takers[i].allowed;
    }
    CHECK_INT(allowed, 600);
    rate_close(rate);
}

static enum err ask_once(struct test *t, struct rate *rate, const char *address,
                         enum route_rate class, struct asked *asked)
{
    static struct route route;
    route = (struct route){.name = "thing_show", .rate = class};
    ask(t, asked, "GET /page HTTP/1.1\r\nHost: a.example\r\n\r\n");
    asked->request.route = &route;
    REQUIRE(address_parse(str_from(address), &asked->request.client) == ERR_OK);
    return rate_admit(rate, &asked->request);
}

TEST(rate_tells_programs_and_refuses_with_a_time)
{
    struct asked asked;
    struct rate *rate = open_rate(t, NULL);
    CHECK_ERR(ask_once(t, rate, "192.0.2.1", RATE_API, &asked), ERR_OK);
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(says(head, "RateLimit-Limit: 2") && says(head, "RateLimit-Remaining: 1") &&
          says(head, "RateLimit-Reset: 30"));
    CHECK_ERR(ask_once(t, rate, "192.0.2.1", RATE_API, &asked), ERR_OK);
    CHECK_ERR(ask_once(t, rate, "192.0.2.1", RATE_API, &asked), ERR_RATE);
    head = finish(t, &asked, ERR_RATE);
    CHECK(says(head, "HTTP/1.1 429 Too Many Requests") && says(head, "Retry-After: 30") &&
          says(head, "RateLimit-Remaining: 0"));
    CHECK_ERR(ask_once(t, rate, "192.0.2.2", RATE_API, &asked), ERR_OK);
    CHECK_ERR(ask_once(t, rate, "192.0.2.1", RATE_PAGE, &asked), ERR_OK);
    CHECK(!says(finish(t, &asked, ERR_OK), "RateLimit"));
    rate_close(rate);
}

/* A form that is refused for what stands in it says what is left as well, and a page once it is
 * refused. */
TEST(rate_tells_forms_and_whoever_is_refused)
{
    static const enum route_rate classes[] = {RATE_WRITE, RATE_SIGN_IN};
    static const char *const left[][2] = {{"RateLimit-Remaining: 2", "RateLimit-Remaining: 1"},
                                          {"RateLimit-Remaining: 4", "RateLimit-Remaining: 3"}};
    struct asked asked;
    struct rate *rate = open_rate(t, NULL);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        CHECK_ERR(ask_once(t, rate, "192.0.2.1", classes[i], &asked), ERR_OK);
        CHECK(says(finish(t, &asked, ERR_OK), left[i][0]));
        CHECK_ERR(ask_once(t, rate, "192.0.2.1", classes[i], &asked), ERR_OK);
        CHECK(says(finish(t, &asked, ERR_INPUT), left[i][1]));
    }
    for (int64_t i = 0; i < limits.classes[RATE_PAGE].tokens; i++)
        CHECK_ERR(ask_once(t, rate, "192.0.2.1", RATE_PAGE, &asked), ERR_OK);
    CHECK_ERR(ask_once(t, rate, "192.0.2.1", RATE_PAGE, &asked), ERR_RATE);
    CHECK(says(finish(t, &asked, ERR_RATE), "RateLimit-Limit: 600"));
    rate_close(rate);
}

/* An IPv6 customer has a network; who sits here is not counted. */
TEST(rate_counts_networks_of_ipv6_and_not_this_machine)
{
    static const struct {
        const char *address;
        enum err err;
    } rows[] = {{"2001:db8:0:1::1", ERR_OK},
                {"2001:db8:0:1:ffff::2", ERR_OK},
                {"2001:db8:0:1::3", ERR_RATE},
                {"2001:db8:0:2::1", ERR_OK},
                {"127.0.0.1", ERR_OK},
                {"127.0.0.1", ERR_OK},
                {"127.0.0.1", ERR_OK},
                {"::1", ERR_OK},
                {"::1", ERR_OK},
                {"::1", ERR_OK}};
    struct asked asked;
    struct rate *rate = open_rate(t, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].address);
        CHECK_ERR(ask_once(t, rate, rows[i].address, RATE_API, &asked), rows[i].err);
    }
    rate_close(rate);
}

static enum err open_and_close(struct test *t, void *arg)
{
    struct rate *rate;
    (void)arg;
    TRY(rate_open(t->ctx, &limits, NULL, &rate));
    rate_close(rate);
    return ERR_OK;
}

TEST(rate_says_where_there_is_no_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, open_and_close, NULL);
}
