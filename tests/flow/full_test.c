/* The disk becomes full while processes send and apply: what is sent then is refused with a clear
 * error, nothing that was accepted is lost, and all go on once there is room. */
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "act.h"
#include "disk.h"
#include "harness/folder.h"
#include "ledger.h"

enum {
    TIMES = 3,
    PROCESSES = 2,
    REFUSED = 20, /* sends, before there is room again */
    AWAIT_MAX = 1500,
    SMALL = 4096,
    PATH_BYTES = 512,
};

static void limit_files(struct ledger *ledger, rlim_t bytes)
{
    struct test *t = ledger->t;
    struct rlimit limit = {bytes, RLIM_INFINITY};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    for (int i = 0; i < PROCESSES; i++)
        REQUIRE(prlimit(ledger->pids[i], RLIMIT_FSIZE, &limit, NULL) == 0);
}

/* What makes it full and gives room again on an engine. */
struct fullness {
    struct disk disk;
    struct ledger *ledger;
    struct postgres server; /* of PostgreSQL */
    void (*set)(struct fullness *fullness, bool full);
};

static void set_file(struct fullness *fullness, bool full)
{
    if (!fullness->disk.mounted)
        limit_files(fullness->ledger, full ? SMALL : RLIM_INFINITY);
    else if (full)
        disk_fill(&fullness->disk);
    else
        disk_free(&fullness->disk);
}

static void set_server(struct fullness *fullness, bool full)
{
    static const char trigger[] =
        "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file: No space left on device'"
        " USING ERRCODE = '53100'; END $$;"
        "CREATE TRIGGER no_room BEFORE INSERT ON flow_message EXECUTE FUNCTION no_room()";
    struct test *t = fullness->disk.t;
    if (fullness->disk.mounted)
        set_file(fullness, full);
    else
        REQUIRE(postgres_sql(t->ctx, &fullness->server,
                             full ? trigger : "DROP TRIGGER no_room ON flow_message",
                             NULL) == ERR_OK);
}

/* Senders that wait for those that apply would never be. */
static void press(struct ledger *ledger, bool presses)
{
    for (int i = 0; i < PROCESSES; i++)
        atomic_store(&ledger->boards[i]->presses, presses);
}

static bool is_refused(struct ledger *ledger)
{
    int64_t from[PROCESSES];
    bool all = false;
    for (int i = 0; i < PROCESSES; i++)
        from[i] = atomic_load(&ledger->boards[i]->refused) + REFUSED;
    for (int i = 0; i < AWAIT_MAX && !all; i++, ledger_pause_us(SECOND_US / 50)) {
        all = true;
        for (int k = 0; k < PROCESSES; k++)
            all &= atomic_load(&ledger->boards[k]->refused) >= from[k];
    }
    return all;
}

/* In the words of who sends. */
static void check_words(struct fullness *fullness)
{
    struct test *t = fullness->disk.t;
    struct worker worker;
    struct db *db = NULL;
    struct rand rand = rand_system();
    struct db_options options = {.url = str_from(fullness->ledger->url)};
    worker_init(&worker, t);
    worker.ctx.rand = &rand;
    worker.ctx.ids = t->ctx->ids;
    REQUIRE(db_open(&worker.ctx, &options, &db) == ERR_OK);
    enum err err = ERR_OK;
    for (int64_t i = 1; i < AWAIT_MAX && !err; i++) { /* some room there may be within the files */
        struct books_line line = {.who = LEDGER_WHO_MAX, .number = i};
        err = db_write(db, &worker.ctx, books_send, &line);
    }
    CHECK_ERR(err, ERR_IO);
    CHECK(!fullness->disk.mounted || strstr(worker.ctx.err.user, "The disk is full."));
    db_close(db);
    worker_release(&worker);
}

static void fill_again_and_again(struct fullness *fullness)
{
    struct test *t = fullness->disk.t;
    struct ledger *ledger = fullness->ledger;
    for (int i = 0; i < PROCESSES; i++)
        ledger_start(ledger, i);
    for (int i = 0; i < TIMES; i++) {
        CHECK(ledger_moves(ledger));
        fullness->set(fullness, true);
        press(ledger, true);
        CHECK(is_refused(ledger));
        press(ledger, false);
        if (i == 0)
            check_words(fullness);
        if (i == 1) { /* who begins while it is full works later */
            ledger_kill(ledger, 0);
            ledger_start(ledger, 0);
            ledger_pause_us(SECOND_US / 5);
        }
        fullness->set(fullness, false);
    }
    CHECK(ledger_moves(ledger));
    ledger_judge(ledger);
    for (int i = 0; i < BOOKS_WAYS; i++)
        CHECK(ledger->found.ways[i] > 0);
    printf("# %d times on a %s disk: %" PRId64 " sent, %" PRId64 " applied, each once\n", TIMES,
           fullness->disk.mounted ? "small" : "feigned", ledger->found.sent, ledger->found.applied);
}

TEST(full_disk_of_sqlite_loses_no_message)
{
    struct fullness fullness = {.ledger = ARENA_NEW(t->arena, struct ledger), .set = set_file};
    char url[PATH_BYTES];
    REQUIRE(fullness.ledger &&
            sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL) == 0);
    disk_open(t, "flow/full", &fullness.disk);
    snprintf(url, sizeof url, "sqlite:%s/stoa.db", fullness.disk.folder);
    ledger_open_with_boards(t, test_folder(t, "flow/full_said"), url, fullness.ledger);
    fill_again_and_again(&fullness);
}

/* The tables lie on the small disk, the log of the server does not. */
static void use_disk(struct fullness *fullness)
{
    struct test *t = fullness->disk.t;
    char sql[2 * PATH_BYTES];
    const struct passwd *owner = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (!fullness->disk.mounted)
        return;
    REQUIRE(!owner || chown(fullness->disk.folder, owner->pw_uid, owner->pw_gid) == 0);
    snprintf(sql, sizeof sql, "CREATE TABLESPACE small LOCATION '%s'", fullness->disk.folder);
    REQUIRE(postgres_sql(t->ctx, &fullness->server, sql, NULL) == ERR_OK);
    REQUIRE(postgres_sql(t->ctx, &fullness->server,
                         "ALTER DATABASE stoa SET default_tablespace = 'small'", NULL) == ERR_OK);
}

TEST(full_disk_of_postgres_loses_no_message)
{
    struct fullness fullness = {.ledger = ARENA_NEW(t->arena, struct ledger), .set = set_server};
    REQUIRE(fullness.ledger);
    disk_open(t, "flow/pg_full_disk", &fullness.disk);
    REQUIRE(postgres_start(t->ctx, test_folder(t, "flow/pg_full"), false, &fullness.server) ==
            ERR_OK);
    use_disk(&fullness);
    ledger_open_with_boards(t, test_folder(t, "flow/pg_full_said"), fullness.server.url,
                            fullness.ledger);
    fill_again_and_again(&fullness);
    postgres_stop(&fullness.server);
}
