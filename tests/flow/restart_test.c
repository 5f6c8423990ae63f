/* PostgreSQL is restarted under processes that send and apply, in each way in which it can be; and
 * how often they are in each other's way. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "harness/folder.h"
#include "harness/postgres.h"
#include "ledger.h"

enum {
    RESTARTS = 6,
    PROCESSES = 3,
    AWAY_MS = 300, /* every other time it stays away for a while */
    LOAD_MS = 250,
    TOGETHER_MS = 1500,
};

/* As an operator does: SIGINT is fast, SIGQUIT is at once and recovers at the start. */
static void restart(struct test *t, struct postgres *server, int how, int64_t away_ms)
{
    REQUIRE(kill(server->pid, how) == 0);
    REQUIRE(waitpid(server->pid, NULL, 0) == server->pid);
    server->pid = 0;
    ledger_pause_us(away_ms * 1000);
    REQUIRE(postgres_restart(t->ctx, server) == ERR_OK);
}

static void check_ways(struct test *t, const struct ledger *ledger)
{
    for (int i = 0; i < BOOKS_WAYS; i++)
        CHECK(ledger->found.ways[i] > 0);
}

TEST(restarts_of_postgres_lose_and_double_no_message)
{
    static const int ways[] = {SIGINT, SIGQUIT};
    struct postgres server;
    struct ledger *ledger = ARENA_NEW(t->arena, struct ledger);
    REQUIRE(ledger);
    REQUIRE(postgres_start(t->ctx, test_folder(t, "flow/pg_restart"), true, &server) == ERR_OK);
    ledger_open(t, test_folder(t, "flow/pg_restart_said"), server.url, ledger);
    for (int i = 0; i < PROCESSES; i++)
        ledger_start(ledger, i);
    for (int i = 0; i < RESTARTS; i++) {
        CHECK(ledger_moves(ledger));
        ledger_pause_us(LOAD_MS * INT64_C(1000));
        restart(t, &server, ways[i % 2], i % 4 < 2 ? 0 : AWAY_MS);
    }
    CHECK(ledger_moves(ledger));
    ledger_judge(ledger);
    check_ways(t, ledger);
    printf("# %d restarts: %" PRId64 " sent, %" PRId64 " applied, each once\n", RESTARTS,
           ledger->found.sent, ledger->found.applied);
    postgres_stop(&server);
}

/* All on the same queues: what docs/flow/queue.md says of writes that run again. */
static void work_together(struct test *t, const struct postgres *server, int processes)
{
    struct ledger *ledger = ARENA_NEW(t->arena, struct ledger);
    int64_t commits = 0, retries = 0;
    REQUIRE(ledger && postgres_sql(t->ctx, server,
                                   "SET client_min_messages = error; DROP SCHEMA public CASCADE; "
                                   "CREATE SCHEMA public",
                                   NULL) == ERR_OK);
    ledger_open_with_boards(t, test_folder(t, "flow/pg_together_said"), server->url, ledger);
    for (int i = 0; i < processes; i++)
        ledger_start(ledger, i);
    for (int i = 0; i < processes; i++)
        ledger_await_said(ledger, i);
    ledger_pause_us(TOGETHER_MS * INT64_C(1000));
    for (int i = 0; i < processes; i++) {
        commits += atomic_load(&ledger->boards[i]->commits);
        retries += atomic_load(&ledger->boards[i]->retries);
    }
    ledger_judge(ledger);
    check_ways(t, ledger);
    CHECK(commits > 0);
    printf("# %d processes: %" PRId64 " writes, %" PRId64 " of them run again (%.1f of 100)\n",
           processes, commits, retries, 100.0 * (double)retries / (double)(commits ? commits : 1));
}

TEST(processes_in_each_others_way_on_postgres_run_again_and_do_it_once)
{
    struct postgres server;
    REQUIRE(postgres_start(t->ctx, test_folder(t, "flow/pg_together"), true, &server) == ERR_OK);
    for (int processes = 1; processes <= LEDGER_PROCESSES_MAX; processes++)
        work_together(t, &server, processes);
    postgres_stop(&server);
}
