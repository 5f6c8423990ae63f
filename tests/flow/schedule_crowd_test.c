/* Many on one table of schedules: two and three processes, which are killed in the middle, and the
 * ticker's thread. Each run is sent once. */
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "flow/schedule_ticker.h"
#include "place.h"
#include "schedule_place.h"

enum { SCHEDULES = 3, RUNS = 60, PROCESSES_MAX = 3, KILLS = 12, MEMORY_MAX = 16 << 20 };

/* A run each minute of the last hour, of each schedule, all of which were missed. */
static void put_backlog(struct test *t, struct flow_place *place)
{
    struct schedule_options options = {.name = STR("a"),
                                       .expression = STR("* * * * *"),
                                       .address = STR("stock"),
                                       .missed = SCHEDULE_ALL};
    static const char *const names[SCHEDULES] = {"a", "b", "c"};
    for (int i = 0; i < SCHEDULES; i++) {
        options.name = str_from(names[i]);
        schedule_place_put(place, &options);
    }
    fake_clock_turn(&t->clock, RUNS * MINUTE_US);
}

/* Runs in a process of its own, with the clock where the parent's stands, until nothing is due. */
static _Noreturn void run_all(struct flow_place *place)
{
    struct test *t = place->t;
    struct arena arena;
    struct rand rand = rand_system(), id_rand = rand_system();
    struct id_source ids;
    arena_init(&arena, MEMORY_MAX);
    id_source_init(&ids, t->ctx->clock, &id_rand);
    struct clock real = clock_system();
    struct ctx ctx = {.arena = &arena, .clock = &real, .rand = &rand, .ids = &ids};
    struct schedule_look look = {.db = flow_place_open_db(place, &ctx)};
    ctx.clock = t->ctx->clock;
    do {
        arena_clear(&arena);
        if (schedule_run_due(&ctx, &look))
            look.more = true; /* others were in the way: again */
    } while (look.more);
    _exit(0);
}

static pid_t start(struct flow_place *place)
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        run_all(place);
    }
    return pid;
}

/* Two or three at a time, of which the first is killed so many times. */
static void run_crowd(struct test *t, struct flow_place *place, int processes, int kills)
{
    pid_t pids[PROCESSES_MAX];
    for (int i = 0; i < processes; i++)
        REQUIRE((pids[i] = start(place)) > 0);
    for (int i = 0; i < kills; i++) {
        int64_t pause_us = 1000 + (int64_t)rand_below(t->ctx->rand, 20000);
        nanosleep(&(struct timespec){.tv_nsec = pause_us * 1000}, NULL);
        int which = i % processes;
        REQUIRE(kill(pids[which], SIGKILL) == 0 && waitpid(pids[which], NULL, 0) == pids[which]);
        REQUIRE((pids[which] = start(place)) > 0);
    }
    for (int i = 0; i < processes; i++) {
        int status = -1;
        CHECK(waitpid(pids[i], &status, 0) == pids[i]);
        CHECK_INT(status, 0);
    }
}

static int64_t count_of(struct str text, struct str part)
{
    int64_t count = 0;
    for (size_t at; (at = str_find(text, part)) != STR_NONE; count++)
        text = str_slice(text, at + part.len, text.len);
    return count;
}

/* Each schedule, each minute, once. */
static void check_each_once(struct test *t, struct flow_place *place)
{
    struct str bodies = schedule_place_bodies(place);
    CHECK_INT(count_of(bodies, STR("\n")), SCHEDULES * RUNS);
    for (int i = 1; i <= RUNS; i++) {
        char due[CLOCK_TEXT_MAX];
        clock_format(FAKE_NOW_US + i * MINUTE_US, due);
        test_note(t, "%s", due);
        CHECK_INT(count_of(bodies, str_from(due)), SCHEDULES);
    }
    CHECK_STR(schedule_place_run(place), "");
}

static void check_crowd(struct test *t, const struct engine *engine, int processes, int kills)
{
    struct flow_place place;
    t->clock.now_us = FAKE_NOW_US;
    flow_place_open(t, engine, &place);
    schedule_place_queue(&place);
    put_backlog(t, &place);
    db_close(place.db);
    run_crowd(t, &place, processes, kills);
    place.db = flow_place_open_db(&place, t->ctx);
    check_each_once(t, &place);
    flow_place_close(&place);
}

TEST(schedules_run_once_on_two_and_three_processes)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        check_crowd(t, engine, 2, 0);
        check_crowd(t, engine, 3, 0);
    }
}

TEST(schedules_run_once_however_often_processes_are_killed)
{
    for (const struct engine *engine = engines; engine->name; engine++)
        check_crowd(t, engine, 2, KILLS);
}

/* A clock that more than one thread looks at. */
struct shared_clock {
    struct clock clock;
    _Atomic int64_t ahead_us; /* of the real one */
};

static int64_t shared_now_us(struct clock *clock)
{
    struct clock real = clock_system();
    return clock_now_us(&real) + atomic_load(&((struct shared_clock *)clock)->ahead_us);
}

static int64_t shared_tick_us(struct clock *clock)
{
    struct clock real = clock_system();
    (void)clock;
    return clock_tick_us(&real);
}

/* Until so many were sent, or long enough. */
static bool wait_for(struct flow_place *place, int64_t count)
{
    enum { PATIENCE_S = 30 };
    int64_t seen = 0;
    for (int i = 0; i < PATIENCE_S * 20 && seen < count; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        seen += count_of(schedule_place_bodies(place), STR("\n"));
    }
    return seen == count;
}

TEST(schedules_are_sent_by_the_ticker)
{
    struct flow_place place;
    struct shared_clock clock = {.clock = {.now_us = shared_now_us, .tick_us = shared_tick_us}};
    struct schedule_ticker *ticker = NULL;
    struct schedule_options hourly = {
        .name = STR("count"), .expression = STR("@hourly"), .address = STR("stock")};
    flow_place_open(t, engine_sqlite, &place);
    t->ctx->clock = &clock.clock;
    schedule_place_queue(&place);
    schedule_place_put(&place, &hourly);
    struct schedule_ticker_options options = {.db = place.db, .counters = &place.counters};
    REQUIRE(schedule_ticker_open(t->ctx, &options, &ticker) == ERR_OK);
    atomic_store(&clock.ahead_us, HOUR_US);
    CHECK(wait_for(&place, 1));
    atomic_store(&clock.ahead_us, 400 * DAY_US);
    CHECK(wait_for(&place, 1));
    atomic_store(&clock.ahead_us, 0); /* it was wrong: it begins anew, and the log says so */
    for (int i = 0; i < 100 && str_find(test_log(t), STR("clock was put back")) == STR_NONE; i++)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    CHECK(str_find(test_log(t), STR("clock was put back")) != STR_NONE);
    for (int i = 0; i < 100 && schedule_place_find(&place, "count").due_us >
                                   clock_now_us(&clock.clock) + HOUR_US;
         i++)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    atomic_store(&clock.ahead_us, HOUR_US);
    CHECK(wait_for(&place, 1));
    schedule_ticker_close(ticker);
    schedule_ticker_close(NULL);
    t->ctx->clock = &t->clock.clock;
    flow_place_close(&place);
}
