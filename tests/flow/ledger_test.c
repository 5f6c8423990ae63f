/* Processes that send and apply are killed, and the power is lost: every message that was accepted
 * is applied exactly once, and those of a group in their order. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/postgres.h"
#include "harness/power.h"
#include "harness/process.h"
#include "ledger.h"

enum {
    KILLS = 200,      /* of an engine, where TORTURE_KILLS does not say more */
    KILLS_EACH = 100, /* of one ledger: the look through it takes longer with each */
    SOON_MS = 20,     /* half of the kills come so soon, while something begins or is mended */
    LATE_MS = 80,
    STOP_EACH = 50, /* kills, before one of the others is stopped for a while */
    STOPPED_MS = BOOKS_VISIBILITY_S * 1000 + 200,
    SERVER_EACH = 25, /* so often it is PostgreSQL itself */
    MS_EACH = 1000,   /* for one kill, at the most */
    CUTS = 8,
    CUT_FIRST = 150, /* changes of the disk before the first cut: the start is others' to prove */
    CUT_STEP = 97,
    CUT_SPAN = 1500,
    CUTS_EACH = 100,
    CUT_S = 10,
    PATH_BYTES = 512,
};

struct totals {
    int64_t kills, sent, applied, ways[BOOKS_WAYS];
};

static void add(struct totals *totals, const struct ledger *ledger, int64_t kills)
{
    totals->kills += kills;
    totals->sent += ledger->found.sent;
    totals->applied += ledger->found.applied;
    for (int i = 0; i < BOOKS_WAYS; i++)
        totals->ways[i] += ledger->found.ways[i];
}

static void say(const char *what, const struct totals *totals)
{
    const int64_t *ways = totals->ways;
    printf("# %" PRId64 " %s: %" PRId64 " sent (%" PRId64 " fifo, %" PRId64 " events), %" PRId64
           " applied, each once\n",
           totals->kills, what, totals->sent, ways[BOOKS_BY_FIFO], ways[BOOKS_BY_EVENT],
           totals->applied);
    fflush(stdout);
}

static void check_ways(struct test *t, const struct totals *totals)
{
    for (int i = 0; i < BOOKS_WAYS; i++)
        CHECK(totals->ways[i] > 0);
}

struct killing {
    struct ledger *ledger;
    struct postgres *server; /* may be NULL */
    struct rand rand;
    int processes, stopped; /* the one that stands still, or -1 */
    int64_t until_us;       /* when it goes on */
};

/* Half of the kills come at any moment, half while much is under way. */
static void pause_a_while(struct killing *killing, int victim)
{
    uint64_t longest_ms = SOON_MS;
    if (rand_below(&killing->rand, 2)) {
        longest_ms = LATE_MS;
        ledger_await_said(killing->ledger, victim);
    }
    ledger_pause_us((int64_t)rand_below(&killing->rand, longest_ms * 1000));
}

static int choose_victim(struct killing *killing)
{
    int victim = (int)rand_below(&killing->rand, (uint64_t)killing->processes);
    return victim == killing->stopped ? (victim + 1) % killing->processes : victim;
}

/* One stands still until what it received is another's, and then goes on. */
static void stop_one(struct killing *killing)
{
    struct clock clock = clock_system();
    if (killing->stopped < 0) {
        killing->stopped = (int)rand_below(&killing->rand, (uint64_t)killing->processes);
        killing->until_us = clock_tick_us(&clock) + STOPPED_MS * INT64_C(1000);
        ledger_signal(killing->ledger, killing->stopped, SIGSTOP);
    }
}

static void let_go_on(struct killing *killing)
{
    struct clock clock = clock_system();
    if (killing->stopped >= 0 && clock_tick_us(&clock) >= killing->until_us) {
        ledger_signal(killing->ledger, killing->stopped, SIGCONT);
        killing->stopped = -1;
    }
}

static void kill_server(struct killing *killing)
{
    struct test *t = killing->ledger->t;
    postgres_kill(killing->server);
    REQUIRE(postgres_restart(t->ctx, killing->server) == ERR_OK);
}

/* Whom and when is drawn by lot. */
static void kill_them(struct ledger *ledger, int processes, int64_t kills, struct postgres *server)
{
    struct killing killing = {.ledger = ledger,
                              .server = server,
                              .rand = rand_system(),
                              .processes = processes,
                              .stopped = -1};
    for (int i = 0; i < processes; i++)
        ledger_start(ledger, i);
    for (int64_t i = 0; i < kills; i++) {
        if (i % STOP_EACH == 0)
            stop_one(&killing);
        int victim = choose_victim(&killing);
        pause_a_while(&killing, victim);
        let_go_on(&killing);
        if (server && i % SERVER_EACH == SERVER_EACH / 2) {
            kill_server(&killing);
            continue;
        }
        ledger_kill(ledger, victim);
        ledger_start(ledger, victim);
    }
    ledger_judge(ledger);
}

/* Two processes, then three, each time with new books, until there were kills enough. */
static void kill_in_rounds(struct test *t, const char *folder, const char *url,
                           void (*clear)(struct test *t, void *arg), struct postgres *server)
{
    struct totals totals = {0};
    int64_t kills = ledger_count("TORTURE_KILLS", KILLS);
    alarm((unsigned)(TEST_DEADLINE_S + kills * MS_EACH / 1000));
    for (int round = 0; totals.kills < kills; round++) {
        struct arena_mark mark = arena_mark(t->arena);
        struct ledger *ledger = ARENA_NEW(t->arena, struct ledger);
        int64_t left = kills - totals.kills;
        REQUIRE(ledger);
        clear(t, server);
        ledger_open(t, test_folder(t, folder), url, ledger);
        kill_them(ledger, 2 + round % 2, left < KILLS_EACH ? left : KILLS_EACH, server);
        add(&totals, ledger, left < KILLS_EACH ? left : KILLS_EACH);
        say("kills", &totals);
        arena_rewind(t->arena, mark);
    }
    check_ways(t, &totals);
}

static void clear_nothing(struct test *t, void *arg)
{
    (void)t, (void)arg; /* the folder is empty */
}

TEST(queue_ledger_is_whole_after_kills_on_sqlite)
{
    char url[PATH_BYTES];
    snprintf(url, sizeof url, "sqlite:%s/stoa.db", test_folder(t, "flow/kills"));
    kill_in_rounds(t, "flow/kills", url, clear_nothing, NULL);
}

static void clear_server(struct test *t, void *arg)
{
    REQUIRE(postgres_sql(t->ctx, arg,
                         "SET client_min_messages = error; DROP SCHEMA public CASCADE; "
                         "CREATE SCHEMA public",
                         NULL) == ERR_OK);
}

TEST(queue_ledger_is_whole_after_kills_on_postgres)
{
    struct postgres server;
    REQUIRE(postgres_start(t->ctx, test_folder(t, "flow/pg_kills"), true, &server) == ERR_OK);
    kill_in_rounds(t, "flow/pg_kills_said", server.url, clear_server, &server);
    postgres_stop(&server);
}

static void cut(struct ledger *ledger, struct power_plan *plan, int64_t at)
{
    struct test *t = ledger->t;
    struct process_result result;
    char number[16];
    snprintf(number, sizeof number, "%d", ++ledger->starts);
    const char *argv[] = {test_built(t, "tests/flow_ledger"), "run", ledger->url, number, NULL};
    plan->cut = CUT_FIRST + at * CUT_STEP % CUT_SPAN;
    REQUIRE(power_run(t, plan, argv, NULL, &result) == ERR_OK);
    CHECK_INT(result.signal, SIGKILL);
    REQUIRE(power_restore(t, plan, at % 2 ? POWER_LOSE_SOME : POWER_LOSE_ALL, (uint64_t)at) ==
            ERR_OK);
    ledger_take_said(ledger, result.out);
    ledger_judge(ledger);
}

TEST(queue_ledger_is_whole_after_lost_power)
{
    struct totals totals = {0};
    char url[PATH_BYTES];
    int64_t cuts = ledger_count("TORTURE_CUTS", CUTS);
    alarm((unsigned)(TEST_DEADLINE_S + cuts * CUT_S));
    while (totals.kills < cuts) {
        struct arena_mark mark = arena_mark(t->arena);
        struct ledger *ledger = ARENA_NEW(t->arena, struct ledger);
        struct power_plan plan = {.root = test_folder(t, "flow/power/root"),
                                  .shadow = test_folder(t, "flow/power/shadow")};
        int64_t until = totals.kills + CUTS_EACH < cuts ? totals.kills + CUTS_EACH : cuts;
        REQUIRE(ledger);
        snprintf(url, sizeof url, "sqlite:%s/stoa.db", plan.root);
        ledger_open(t, test_folder(t, "flow/power/said"), url, ledger);
        for (int64_t i = totals.kills; i < until; i++)
            cut(ledger, &plan, i);
        add(&totals, ledger, until - totals.kills);
        say("losses of power", &totals);
        arena_rewind(t->arena, mark);
    }
    check_ways(t, &totals);
}
