/* Several processes on one PostgreSQL, which are killed, as the server is: every acknowledged sale
 * is there once, and the books are in balance. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "harness/folder.h"
#include "postgres_help.h"
#include "proof.h"

enum { PROCESSES_MAX = 3, ROUNDS = 7, ROUND_MS = 400, WORD_MAX = 16 };

struct seller {
    pid_t pid;
    int number; /* each process has its own */
    const char *said;
};

struct market {
    struct test *t;
    const char *folder;
    struct postgres server;
    struct seller sellers[PROCESSES_MAX];
    int processes, numbers;
    struct said *said;
    int64_t lost_us;             /* when the server was */
    int64_t calm_us, longest_us; /* the longest wait until then, and of all */
};

static void start_seller(struct market *market, struct seller *seller)
{
    struct test *t = market->t;
    char *number = arena_alloc(t->arena, WORD_MAX);
    REQUIRE(number != NULL);
    seller->number = ++market->numbers;
    snprintf(number, WORD_MAX, "%d", seller->number);
    seller->said = path_in(t, market->folder, number);
    file_empty(t, seller->said);
    const char *const words[] = {"sell-on", market->server.url, number, "4", "0", NULL};
    seller->pid = writer_start(t, words, seller->said);
}

static void take_waits(struct market *market, struct str text)
{
    struct said_line line;
    while (said_next(&text, &line)) {
        int64_t wait_us = line.ended_us - line.begun_us;
        bool calm = !market->lost_us || line.ended_us < market->lost_us;
        if (calm && wait_us > market->calm_us)
            market->calm_us = wait_us;
        if (wait_us > market->longest_us)
            market->longest_us = wait_us;
    }
}

static void kill_seller(struct market *market, const struct seller *seller)
{
    struct test *t = market->t;
    CHECK_INT(writer_kill(seller->pid), SIGKILL);
    struct str text = file_text(t, seller->said);
    said_take(t, market->said, seller->number, text);
    take_waits(market, text);
}

static void kill_server(struct market *market)
{
    struct test *t = market->t;
    struct clock clock = clock_system();
    postgres_kill(&market->server);
    market->lost_us = clock_tick_us(&clock);
    REQUIRE(postgres_restart(t->ctx, &market->server) == ERR_OK);
}

static void sell_together(struct market *market)
{
    for (int i = 0; i < market->processes; i++)
        start_seller(market, &market->sellers[i]);
    for (int round = 0; round < ROUNDS; round++) {
        struct seller *seller = &market->sellers[round % market->processes];
        pg_pause_ms(ROUND_MS);
        if (round == ROUNDS / 2) {
            kill_server(market);
        } else {
            kill_seller(market, seller);
            start_seller(market, seller);
        }
    }
    pg_pause_ms(ROUND_MS);
    for (int i = 0; i < market->processes; i++)
        kill_seller(market, &market->sellers[i]);
}

static void sell(struct test *t, int processes)
{
    struct market market = {.t = t, .processes = processes};
    char name[32];
    snprintf(name, sizeof name, "postgres/processes/%d", processes);
    market.folder = test_folder(t, name);
    market.said = ARENA_NEW(t->arena, struct said);
    REQUIRE(market.said && postgres_start(t->ctx, market.folder, true, &market.server) == ERR_OK);
    writer_run(t, (const char *[]){"tables", market.server.url, NULL},
               path_in(t, market.folder, "said"));
    sell_together(&market);
    const char *wrong = books_wrong(t, market.server.url, market.said);
    test_note(t, "%s", wrong ? wrong : "");
    CHECK(!wrong);
    CHECK(market.said->sales > ROUNDS);
    postgres_stop(&market.server);
    printf("# %d processes, %d of them killed: %" PRId64 " sales; the longest wait %" PRId64
           " ms, with the server killed %" PRId64 " ms\n",
           processes, ROUNDS - 1, market.said->sales, market.calm_us / 1000,
           market.longest_us / 1000);
}

TEST(postgres_two_processes_that_are_killed_lose_no_sale)
{
    sell(t, 2);
}

TEST(postgres_three_processes_that_are_killed_lose_no_sale)
{
    sell(t, 3);
}
