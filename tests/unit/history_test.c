/* Tests of the last hour: what ends in which point, and the quantiles. */
#include "watch/history.h"

#include "harness/test.h"

static const char *const classes[] = {"2xx", "5xx"};
static const struct histogram_shape shape = {
    HISTOGRAM_SECONDS, "web_request_duration_seconds", "Requests.", "class", classes, 2};

/* A program that answers. */
struct answering {
    struct counter_registry registry;
    struct counter errors, writes;
    struct histogram requests;
    struct histogram_cells cells[2];
};

static void begin(struct answering *answering)
{
    *answering = (struct answering){.registry.first = NULL};
    counter_register(&answering->registry, &answering->errors, COUNTER_TOTAL,
                     "web_responses_5xx_total", "Errors.");
    counter_register(&answering->registry, &answering->writes, COUNTER_TOTAL, "db_commits_total",
                     "Writes.");
    histogram_register(&answering->registry, &answering->requests, &shape, answering->cells);
}

static void step(struct test *t, struct history *history, const struct answering *answering)
{
    fake_clock_turn(&t->clock, HISTORY_STEP_US);
    history_add(history, &answering->registry, t->ctx->clock);
}

TEST(history_gathers_steps_into_points)
{
    struct answering answering;
    struct history history;
    struct history_point points[HISTORY_POINTS];
    begin(&answering);
    history_init(&history);
    histogram_observe(&answering.requests, 0, 700); /* before the first look: of no step */
    step(t, &history, &answering);
    for (int i = 0; i < 3; i++) {
        histogram_observe(&answering.requests, 0, 700);
        histogram_observe(&answering.requests, 1, 90000);
        counter_add(&answering.errors, 1);
        counter_add(&answering.writes, 5);
        step(t, &history, &answering);
    }
    history_read(&history, points, t->clock.now_us);
    const struct history_point *now = &points[HISTORY_POINTS - 1];
    CHECK_INT(now->requests, 6);
    CHECK_INT(now->errors, 3);
    CHECK_INT(now->writes, 15);
    CHECK_INT(now->took_us, 3 * HISTORY_STEP_US);
    CHECK_INT(now->at_us, t->clock.now_us);
    CHECK(now->resident_bytes > 0);
    CHECK(now->half_us > 500 && now->half_us <= 1000);
    CHECK(now->slowest_us > 50000 && now->slowest_us <= 100000);
    CHECK_INT(points[HISTORY_POINTS - 2].took_us, 0);
    history_release(&history);
}

TEST(history_forgets_what_is_older_than_an_hour)
{
    struct answering answering;
    struct history history;
    struct history_point points[HISTORY_POINTS];
    int64_t requests = 0;
    begin(&answering);
    history_init(&history);
    step(t, &history, &answering);
    for (int i = 0; i < 2 * HISTORY_STEPS; i++) {
        histogram_observe(&answering.requests, 0, 700);
        step(t, &history, &answering);
    }
    history_read(&history, points, t->clock.now_us);
    for (size_t i = 0; i < HISTORY_POINTS; i++) {
        requests += points[i].requests;
        CHECK_INT(points[i].took_us, HISTORY_POINT_US);
    }
    CHECK_INT(requests, HISTORY_POINTS * HISTORY_POINT_US / HISTORY_STEP_US);
    fake_clock_turn(&t->clock, 2 * HOUR_US);
    history_read(&history, points, t->clock.now_us);
    for (size_t i = 0; i < HISTORY_POINTS; i++)
        CHECK_INT(points[i].took_us, 0);
    history_release(&history);
}

TEST(history_reads_quantiles_off_the_buckets)
{
    int64_t buckets[HISTOGRAM_BUCKETS] = {0};
    const int64_t *bounds = histogram_bounds(HISTOGRAM_SECONDS);
    CHECK_INT(history_quantile(buckets, 50), 0);
    buckets[1] = 100;
    CHECK_INT(history_quantile(buckets, 50), (bounds[0] + bounds[1]) / 2);
    CHECK_INT(history_quantile(buckets, 99), bounds[0] + (bounds[1] - bounds[0]) * 99 / 100);
    buckets[HISTOGRAM_BOUNDS] = 100;
    CHECK_INT(history_quantile(buckets, 99), bounds[HISTOGRAM_BOUNDS - 1]);
    CHECK_INT(history_quantile(buckets, 50), bounds[1]);
}
