/* Schedules on both engines: put, paused, resumed and deleted; and what is sent when, by a clock
 * that is turned by hand. */
#include "flow/schedule.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "flow/flow_sql.h"
#include "flow/schedule_ticker.h"
#include "harness/torture.h"
#include "place.h"
#include "schedule_place.h"

/* FAKE_NOW_US is 2026-01-15T12:00:00Z. */
static const struct schedule_options hourly = {
    .name = {"count", 5}, .expression = {"@hourly", 7}, .address = {"stock", 5}};

static void sends_at_each_hour(struct test *t, struct flow_place *place)
{
    schedule_place_put(place, &hourly);
    CHECK_STR(schedule_place_run(place), "");
    fake_clock_turn(&t->clock, HOUR_US - 1);
    CHECK_STR(schedule_place_run(place), "");
    fake_clock_turn(&t->clock, 1);
    CHECK_STR(schedule_place_run(place), "13:00");
    CHECK_STR(schedule_place_run(place), "");
    fake_clock_turn(&t->clock, HOUR_US + SCHEDULE_LATE_S * SECOND_US);
    CHECK_STR(schedule_place_run(place), "14:00");
    struct schedule found = schedule_place_find(place, "count");
    CHECK_INT(found.last_us, FAKE_NOW_US + 2 * HOUR_US);
    CHECK_INT(found.due_us, FAKE_NOW_US + 3 * HOUR_US);
    CHECK_INT(found.wake_us, found.due_us);
    CHECK_STR(found.trouble, "");
}

static void does_with_missed_runs_as_it_is_told(struct test *t, struct flow_place *place)
{
    static const struct {
        enum schedule_missed missed;
        const char *sent;
    } rows[] = {
        {SCHEDULE_ONCE, "13:00"}, {SCHEDULE_ALL, "13:00 14:00 15:00 16:00"}, {SCHEDULE_SKIP, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct schedule_options options = hourly;
        options.missed = rows[i].missed;
        schedule_place_put(place, &options);
        test_note(t, "%s", schedule_missed_names[options.missed]);
        fake_clock_turn(&t->clock, 4 * HOUR_US + 30 * MINUTE_US);
        CHECK_STR(schedule_place_run(place), rows[i].sent);
        CHECK_INT(schedule_place_find(place, "count").due_us, FAKE_NOW_US + 5 * HOUR_US);
        fake_clock_turn(&t->clock, 30 * MINUTE_US);
        CHECK_STR(schedule_place_run(place), "17:00");
        CHECK_ERR(schedule_place_do(place, schedule_delete, "count"), ERR_OK);
        t->clock.now_us = FAKE_NOW_US;
    }
}

/* A minute is no delay: also what skips is sent then. */
static void skips_only_what_is_late(struct test *t, struct flow_place *place)
{
    struct schedule_options options = hourly;
    options.missed = SCHEDULE_SKIP;
    schedule_place_put(place, &options);
    fake_clock_turn(&t->clock, 3 * HOUR_US + 30 * SECOND_US);
    CHECK_STR(schedule_place_run(place), "15:00");
}

static void pauses_and_goes_on(struct test *t, struct flow_place *place)
{
    schedule_place_put(place, &hourly);
    CHECK_ERR(schedule_place_do(place, schedule_pause, "count"), ERR_OK);
    CHECK_ERR(schedule_place_do(place, schedule_pause, "count"), ERR_OK);
    fake_clock_turn(&t->clock, 5 * HOUR_US);
    schedule_place_put(place, &hourly); /* stays paused */
    CHECK(schedule_place_find(place, "count").paused);
    CHECK_STR(schedule_place_run(place), "");
    CHECK_ERR(schedule_place_do(place, schedule_resume, "count"), ERR_OK);
    CHECK_STR(schedule_place_run(place), "");
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_STR(schedule_place_run(place), "18:00");
    CHECK_ERR(schedule_place_do(place, schedule_resume, "count"), ERR_OK);
    CHECK_ERR(schedule_place_do(place, schedule_pause, "none"), ERR_MISSING);
    CHECK_ERR(schedule_place_do(place, schedule_resume, "none"), ERR_MISSING);
    CHECK_ERR(schedule_place_do(place, schedule_delete, "none"), ERR_MISSING);
}

static void ends_by_itself(struct test *t, struct flow_place *place)
{
    struct schedule_options once = hourly, late = hourly;
    once.expression = STR("at(2026-01-15T13:30:00)");
    once.zone = STR("Europe/Berlin"); /* 12:30 */
    schedule_place_put(place, &once);
    late.name = STR("late");
    late.expression = once.expression;
    late.missed = SCHEDULE_SKIP;
    schedule_place_put(place, &late); /* 13:30 */
    fake_clock_turn(&t->clock, 30 * MINUTE_US);
    CHECK_STR(schedule_place_run(place), "12:30");
    CHECK_INT(schedule_place_count(place), 1);
    fake_clock_turn(&t->clock, 2 * HOUR_US);
    CHECK_STR(schedule_place_run(place), "");
    CHECK_INT(schedule_place_count(place), 0);
    CHECK_ERR(schedule_place_try_put(place, &once), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "expression");
}

/* What stays as it was goes on: a rate counts from when it was first set. */
static void goes_on_when_it_is_put_again(struct test *t, struct flow_place *place)
{
    struct schedule_options rate = hourly;
    rate.expression = STR("rate(10 minutes)");
    fake_clock_turn(&t->clock, 3 * MINUTE_US);
    schedule_place_put(place, &rate);
    fake_clock_turn(&t->clock, 4 * MINUTE_US);
    rate.body = STR("changed");
    schedule_place_put(place, &rate);
    CHECK_INT(schedule_place_find(place, "count").due_us, FAKE_NOW_US + 13 * MINUTE_US);
    CHECK_STR(schedule_place_find(place, "count").is.body, "changed");
    rate.expression = STR("rate(20 minutes)");
    schedule_place_put(place, &rate);
    CHECK_INT(schedule_place_find(place, "count").due_us, FAKE_NOW_US + 27 * MINUTE_US);
}

static void puts_off_by_lot(struct test *t, struct flow_place *place)
{
    struct schedule_options options = hourly;
    struct schedule first;
    int64_t sum_us = 0;
    options.jitter_s = 600;
    schedule_place_put(place, &options);
    first = schedule_place_find(place, "count");
    schedule_place_put(place, &options);
    CHECK_INT(schedule_place_find(place, "count").wake_us, first.wake_us);
    for (int i = 0; i < 20; i++) {
        struct schedule found = schedule_place_find(place, "count");
        int64_t off_us = found.wake_us - found.due_us;
        CHECK(off_us >= 0 && off_us <= 600 * SECOND_US);
        sum_us += off_us;
        t->clock.now_us = found.wake_us - 1;
        CHECK_STR(schedule_place_run(place), "");
        fake_clock_turn(&t->clock, 1);
        CHECK_INT(schedule_place_run(place).len, 5);
    }
    CHECK(sum_us > 20 * 150 * SECOND_US && sum_us < 20 * 450 * SECOND_US);
}

static void passes_over_what_cannot_be_sent(struct test *t, struct flow_place *place)
{
    struct schedule_options lost = hourly, event = hourly;
    lost.name = STR("a-lost");
    lost.address = STR("nowhere");
    event.name = STR("b-event");
    event.to_event = true;
    event.address = STR("no type");
    schedule_place_put(place, &lost);
    schedule_place_put(place, &event);
    schedule_place_put(place, &hourly);
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_STR(schedule_place_run(place), "13:00");
    CHECK_STR(schedule_place_find(place, "a-lost").trouble, "There is no such queue.");
    CHECK_INT(schedule_place_find(place, "a-lost").due_us, FAKE_NOW_US + 2 * HOUR_US);
    CHECK_INT(schedule_place_find(place, "a-lost").last_us, 0);
    CHECK(schedule_place_find(place, "b-event").trouble.len > 0);
    lost.address = STR("stock");
    schedule_place_put(place, &lost);
    CHECK_STR(schedule_place_find(place, "a-lost").trouble, "");
}

static void belongs_to_the_program(struct test *t, struct flow_place *place)
{
    struct schedule_options table[] = {hourly, hourly, {.name = {NULL, 0}}};
    table[1].name = STR("past");
    table[1].expression = STR("at(2020-01-01T00:00:00)");
    CHECK_ERR(schedule_place_declare(place, table), ERR_OK);
    CHECK_ERR(schedule_place_do(place, schedule_delete, "count"), ERR_CONFLICT);
    CHECK_ERR(schedule_place_do(place, schedule_pause, "count"), ERR_OK);
    table[0].expression = STR("@daily");
    CHECK_ERR(schedule_place_declare(place, table), ERR_OK);
    CHECK(schedule_place_find(place, "count").paused);
    CHECK(schedule_place_find(place, "count").declared);
    CHECK_STR(schedule_place_find(place, "count").is.expression, "@daily");
    CHECK_INT(schedule_place_find(place, "past").due_us, 0);
    CHECK_STR(schedule_place_run(place), "");
    CHECK_INT(schedule_place_count(place), 2);
}

static void sends_what_it_is_told(struct test *t, struct flow_place *place)
{
    struct schedule_options options = hourly;
    options.name = STR("told");
    options.body = STR("{\"told\":true}");
    schedule_place_put(place, &hourly);
    schedule_place_put(place, &options);
    CHECK_ERR(schedule_place_do(place, schedule_run_now, "told"), ERR_OK);
    CHECK_STR(schedule_place_bodies(place), "{\"told\":true}\n");
    CHECK_ERR(schedule_place_do(place, schedule_run_now, "count"), ERR_OK);
    CHECK_STR(schedule_place_bodies(place),
              "{\"schedule\":\"count\",\"due\":\"2026-01-15T12:00:00.000000Z\"}\n");
    CHECK_INT(schedule_place_find(place, "told").due_us, FAKE_NOW_US + HOUR_US);
    CHECK_ERR(schedule_place_do(place, schedule_run_now, "none"), ERR_MISSING);
    options.address = STR("stock.fifo");
    schedule_place_put(place, &options);
    CHECK_ERR(schedule_place_do(place, schedule_run_now, "told"), ERR_MISSING);
}

static enum err count_events(struct tx *tx, void *arg)
{
    struct event_row_page_rows rows;
    struct str source = STR("schedule"), type = STR("day.begins");
    TRY(event_row_page(tx, STR("evt_~"), &source, &type, QUEUE_BATCH_MAX, &rows));
    *(int64_t *)arg = (int64_t)rows.count;
    return ERR_OK;
}

static void makes_events(struct test *t, struct flow_place *place)
{
    struct schedule_options options = hourly;
    int64_t before = -1, after = -1;
    options.to_event = true;
    options.address = STR("day.begins");
    schedule_place_put(place, &options);
    CHECK_ERR(db_read(place->db, t->ctx, count_events, &before), ERR_OK);
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_STR(schedule_place_run(place), "");
    CHECK_STR(schedule_place_find(place, "count").trouble, "");
    CHECK_ERR(db_read(place->db, t->ctx, count_events, &after), ERR_OK);
    CHECK_INT(after, before + 1);
}

static void refuses_what_is_wrong(struct test *t, struct flow_place *place)
{
    static char long_text[SCHEDULE_BODY_MAX + 2];
    memset(long_text, 'a', sizeof long_text - 1);
    const struct str longer = str_make(long_text, SCHEDULE_BODY_MAX + 1);
    const struct str address = str_make(long_text, SCHEDULE_ADDRESS_MAX + 1);
    const struct {
        const char *field;
        struct schedule_options options;
    } rows[] = {
        {"name", {.name = STR("")}},
        {"name", {.name = STR("a b")}},
        {"name", {.name = str_make(long_text, SCHEDULE_NAME_MAX + 1)}},
        {"address", {.name = STR("a"), .expression = STR("@daily")}},
        {"address", {.name = STR("a"), .address = address}},
        {"address", {.name = STR("a"), .address = STR("\xff")}},
        {"body", {.name = STR("a"), .address = STR("q"), .body = longer}},
        {"body", {.name = STR("a"), .address = STR("q"), .body = {"\0", 1}}},
        {"jitter", {.name = STR("a"), .address = STR("q"), .jitter_s = -1}},
        {"jitter", {.name = STR("a"), .address = STR("q"), .jitter_s = SCHEDULE_JITTER_MAX_S + 1}},
        {"expression", {.name = STR("a"), .address = STR("q")}},
        {"expression", {.name = STR("a"), .address = STR("q"), .expression = STR("0 0 30 2 *")}},
        {"zone",
         {.name = STR("a"), .address = STR("q"), .expression = STR("@daily"), .zone = STR("x")}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "row %d", (int)i);
        CHECK_ERR(schedule_place_try_put(place, &rows[i].options), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, rows[i].field);
    }
    CHECK_INT(schedule_place_count(place), 0);
}

/* Forward is a long absence; back, runs wait, and are not sent anew. */
static void heeds_a_clock_that_jumps(struct test *t, struct flow_place *place)
{
    schedule_place_put(place, &hourly);
    fake_clock_turn(&t->clock, 1000 * DAY_US);
    CHECK_STR(schedule_place_run(place), "13:00");
    t->clock.now_us -= 2 * HOUR_US;
    CHECK_ERR(schedule_mend(t->ctx, place->db), ERR_OK);
    fake_clock_turn(&t->clock, 3 * HOUR_US - 1);
    CHECK_STR(schedule_place_run(place), "");
    fake_clock_turn(&t->clock, 1);
    CHECK_STR(schedule_place_run(place), "13:00");
    t->clock.now_us = FAKE_NOW_US; /* it was wrong by years */
    CHECK_STR(schedule_place_run(place), "");
    CHECK_ERR(schedule_mend(t->ctx, place->db), ERR_OK);
    CHECK_INT(schedule_place_find(place, "count").due_us, FAKE_NOW_US + HOUR_US);
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_STR(schedule_place_run(place), "13:00");
    fake_clock_turn(&t->clock, 1000 * DAY_US);
    CHECK_STR(schedule_place_run(place), "14:00");
    t->clock.now_us = FAKE_NOW_US;
    schedule_place_put(place, &hourly); /* as a program does that is started anew */
    CHECK_INT(schedule_place_find(place, "count").due_us, FAKE_NOW_US + HOUR_US);
}

static void says_its_next_runs(struct test *t, struct flow_place *place)
{
    struct schedule found;
    int64_t runs_us[3];
    size_t count = 0;
    schedule_place_put(place, &hourly);
    CHECK_ERR(schedule_place_do(place, schedule_pause, "count"), ERR_OK);
    found = schedule_place_find(place, "count");
    CHECK_ERR(schedule_runs(t->ctx, &found, FAKE_NOW_US, runs_us, 3, &count), ERR_OK);
    CHECK_INT(count, 3);
    CHECK_INT(runs_us[2], FAKE_NOW_US + 3 * HOUR_US);
}

TEST(schedules_on_both_engines)
{
    static void (*const parts[])(struct test *, struct flow_place *) = {
        sends_at_each_hour,      does_with_missed_runs_as_it_is_told,
        skips_only_what_is_late, pauses_and_goes_on,
        ends_by_itself,          goes_on_when_it_is_put_again,
        puts_off_by_lot,         passes_over_what_cannot_be_sent,
        sends_what_it_is_told,   makes_events,
        refuses_what_is_wrong,   heeds_a_clock_that_jumps,
        says_its_next_runs,      belongs_to_the_program, /* and stays there */
    };
    struct flow_place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        flow_place_open(t, engine, &place);
        schedule_place_queue(&place);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            t->clock.now_us = FAKE_NOW_US;
            parts[i](t, &place);
            schedule_place_empty(&place);
        }
        flow_place_close(&place);
    }
}

/* The file cannot grow: nothing is sent and nothing moves; and then it is sent once. */
TEST(schedules_wait_while_the_disk_is_full)
{
    struct flow_place place;
    struct rlimit before = {.rlim_cur = 0}, full = {.rlim_cur = 4096};
    flow_place_open(t, engine_sqlite, &place);
    schedule_place_queue(&place);
    schedule_place_put(&place, &hourly);
    fake_clock_turn(&t->clock, HOUR_US);
    REQUIRE(sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL) == 0 &&
            getrlimit(RLIMIT_FSIZE, &before) == 0);
    full.rlim_max = before.rlim_max;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &full) == 0);
    struct schedule_look look = {.db = place.db};
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(schedule_run_due(t->ctx, &look), ERR_IO);
        CHECK(!look.more);
    }
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK_INT(schedule_place_find(&place, "count").last_us, 0);
    CHECK_STR(schedule_place_run(&place), "13:00");
    CHECK_STR(schedule_place_run(&place), "");
    flow_place_close(&place);
}

static enum err run_hour(struct test *t, void *arg)
{
    struct flow_place *place = arg;
    struct schedule_look look = {.db = place->db};
    TRY(schedule_run_due(t->ctx, &look));
    CHECK_INT(look.troubles, 0);
    return ERR_OK;
}

TEST(schedules_survive_failing_memory)
{
    struct flow_place place;
    flow_place_open(t, engine_sqlite, &place);
    schedule_place_queue(&place);
    schedule_place_put(&place, &hourly);
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_STR(schedule_place_run(&place), "13:00");
    fake_clock_turn(&t->clock, HOUR_US);
    TORTURE_EVERY(t, TORTURE_MEMORY, run_hour, &place);
    CHECK_STR(schedule_place_run(&place), "14:00");
    flow_place_close(&place);
}
