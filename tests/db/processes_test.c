/* Several processes on one database, and processes that are killed: nothing is lost, and nobody
 * waits for ever. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "engines.h"
#include "harness/folder.h"
#include "ports/db/backup.h"
#include "ports/db/sqlite_inside.h"
#include "proof.h"

enum {
    KILLS = 40, /* of one database, and where TORTURE_KILLS does not say more */
    KILL_AFTER_MS_MAX = 60,
    PROCESSES_MAX = 3,
    TOGETHER_MS = 2500,
    SECONDS_MAX = 64,
    BUSY_SALES = 100, /* in a second: nobody was held up by the machine then */
    SALES_MAX = 1 << 18,
    SHORT_MS = 200, /* a deadline that passes */
};

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static struct said *new_said(struct test *t)
{
    struct said *said = ARENA_NEW(t->arena, struct said);
    REQUIRE(said != NULL);
    return said;
}

static const char *number_text(struct test *t, int number)
{
    char *text = arena_alloc(t->arena, 16);
    REQUIRE(text != NULL);
    snprintf(text, 16, "%d", number);
    return text;
}

static pid_t start_seller(struct test *t, const char *url, int seller, const char *said)
{
    return writer_start(t, (const char *[]){"sell", url, number_text(t, seller), "4", "0", NULL},
                        said);
}

static void check_books(struct test *t, const char *url, const struct said *said)
{
    const char *wrong = books_wrong(t, url, said);
    test_note(t, "%s", wrong ? wrong : "");
    CHECK(!wrong);
    test_note(t, "%s", "");
}

/* Two at a time, so that one is killed while the other waits for the turn, or has it. */
static void kill_two(struct test *t, const char *folder, int seller, struct said *said)
{
    const char *url = database_in(t, folder);
    const char *said_path[] = {path_in(t, folder, "said.0"), path_in(t, folder, "said.1")};
    pid_t writer[2];
    for (int i = 0; i < 2; i++) {
        file_empty(t, said_path[i]); /* it may be killed before it could make one */
        writer[i] = start_seller(t, url, seller + i, said_path[i]);
    }
    for (int i = 0; i < 2; i++) {
        pause_ms(5 + (int64_t)rand_below(t->ctx->rand, KILL_AFTER_MS_MAX));
        CHECK_INT(writer_kill(writer[i]), SIGKILL);
    }
    for (int i = 0; i < 2; i++)
        said_take(t, said, seller + i, file_text(t, said_path[i]));
    check_books(t, url, said);
}

/* A database for so many kills: it grows, and each look through it takes longer. */
static int64_t kill_some(struct test *t, int64_t kills)
{
    const char *folder = test_folder(t, "db/kills");
    struct said *said = new_said(t);
    writer_run(t, (const char *[]){"tables", database_in(t, folder), NULL},
               path_in(t, folder, "said.0"));
    for (int seller = 1; seller <= kills && t->failures == 0; seller += 2) {
        struct arena_mark mark = arena_mark(t->arena);
        kill_two(t, folder, seller, said);
        arena_rewind(t->arena, mark);
    }
    return said->sales;
}

TEST(processes_that_are_killed_lose_no_sale)
{
    int64_t kills = proof_count("TORTURE_KILLS", KILLS), sales = 0;
    alarm((unsigned)(TEST_DEADLINE_S + kills));
    for (int64_t done = 0; done < kills && t->failures == 0; done += KILLS) {
        struct arena_mark mark = arena_mark(t->arena);
        sales += kill_some(t, KILLS);
        arena_rewind(t->arena, mark);
    }
    CHECK(sales > kills);
    printf("# %" PRId64 " kills, %" PRId64 " sales\n", kills, sales);
}

TEST(processes_that_assert_lose_no_sale_of_a_neighbour)
{
    const char *folder = test_folder(t, "db/assert"), *url = database_in(t, folder);
    const char *said_path = path_in(t, folder, "said");
    struct said *said = new_said(t);
    writer_run(t, (const char *[]){"tables", url, NULL}, said_path);
    pid_t writer = writer_start(t, (const char *[]){"break", url, "1", "8", "25", NULL}, said_path);
    CHECK_INT(writer_wait(writer), SIGABRT);
    said_take(t, said, 1, file_text(t, said_path));
    CHECK_INT(said->last[1][0], 24);
    check_books(t, url, said);
}

/* What the processes said, in the order of the positions. */
struct account {
    struct said_line *lines;
    size_t count;
    int64_t begun_us, ended_us;                   /* while all of them sold */
    int64_t a_second[PROCESSES_MAX][SECONDS_MAX]; /* sales */
    int64_t longest_us, batch_us, batches;        /* the longest wait, a usual batch */
};

static void account_add(struct test *t, struct account *account, struct str text)
{
    struct said_line line;
    size_t first = account->count;
    while (account->count < SALES_MAX && said_next(&text, &line))
        account->lines[account->count++] = line;
    REQUIRE(account->count > first);
    int64_t begun_us = account->lines[first].ended_us;
    int64_t ended_us = account->lines[account->count - 1].ended_us;
    account->begun_us = account->begun_us > begun_us ? account->begun_us : begun_us;
    account->ended_us = account->ended_us && account->ended_us < ended_us ? account->ended_us
                                                                          : ended_us;
}

static void account_seconds(struct account *account, int process, struct str text)
{
    struct said_line line;
    while (said_next(&text, &line)) {
        int64_t second = (line.ended_us - account->begun_us) / SECOND_US;
        if (line.ended_us >= account->begun_us && second < SECONDS_MAX)
            account->a_second[process][second]++;
    }
}

static int by_position(const void *a, const void *b)
{
    const struct said_line *one = a, *other = b;
    return (one->position > other->position) - (one->position < other->position);
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* A batch lasts from the first answer of the one before to its own first answer. */
static void account_batches(struct test *t, struct account *account)
{
    int64_t *batches = ARENA_ARRAY(t->arena, account->count, int64_t), last_us = 0, position = 0;
    REQUIRE(batches != NULL);
    qsort(account->lines, account->count, sizeof *account->lines, by_position);
    for (size_t i = 0; i < account->count; i++) {
        const struct said_line *line = &account->lines[i];
        int64_t wait_us = line->ended_us - line->begun_us;
        account->longest_us = wait_us > account->longest_us ? wait_us : account->longest_us;
        if (line->position == position)
            continue;
        if (position)
            batches[account->batches++] = line->ended_us - last_us;
        position = line->position;
        last_us = line->ended_us;
    }
    REQUIRE(account->batches > 0);
    qsort(batches, (size_t)account->batches, sizeof *batches, by_size);
    account->batch_us = batches[account->batches / 2];
}

/* In each whole second in which much was sold everybody sold something. */
static void check_progress(struct test *t, const struct account *account, int processes)
{
    int64_t seconds = (account->ended_us - account->begun_us) / SECOND_US;
    for (int64_t second = 0; second < seconds && second < SECONDS_MAX; second++) {
        int64_t all = 0;
        for (int i = 0; i < processes; i++)
            all += account->a_second[i][second];
        for (int i = 0; i < processes && all >= BUSY_SALES; i++)
            CHECK(account->a_second[i][second] > 0);
    }
}

static void sell_together(struct test *t, int processes)
{
    char name[32];
    struct said *said = new_said(t);
    struct account account = {.lines = ARENA_ARRAY(t->arena, SALES_MAX, struct said_line)};
    REQUIRE(account.lines != NULL);
    snprintf(name, sizeof name, "db/together/%d", processes);
    const char *folder = test_folder(t, name), *url = database_in(t, folder);
    const char *paths[] = {path_in(t, folder, "said.0"), path_in(t, folder, "said.1"),
                           path_in(t, folder, "said.2")};
    pid_t writers[PROCESSES_MAX];
    writer_run(t, (const char *[]){"tables", url, NULL}, paths[0]);
    for (int i = 0; i < processes; i++)
        writers[i] = start_seller(t, url, i + 1, paths[i]);
    pause_ms(TOGETHER_MS);
    for (int i = 0; i < processes; i++)
        CHECK_INT(writer_kill(writers[i]), SIGKILL);
    for (int i = 0; i < processes; i++) {
        struct str text = file_text(t, paths[i]);
        said_take(t, said, i + 1, text);
        account_add(t, &account, text);
    }
    for (int i = 0; i < processes; i++)
        account_seconds(&account, i, file_text(t, paths[i]));
    account_batches(t, &account);
    check_progress(t, &account, processes);
    check_books(t, url, said);
    printf("# %d processes: %" PRId64 " sales, %" PRId64 " batches of usually %.1f ms, "
           "the longest wait %.1f ms\n",
           processes, said->sales, account.batches, (double)account.batch_us / 1e3,
           (double)account.longest_us / 1e3);
}

TEST(processes_write_together_and_none_is_held_up)
{
    for (int processes = 1; processes <= PROCESSES_MAX; processes++) {
        struct arena_mark mark = arena_mark(t->arena);
        sell_together(t, processes);
        arena_rewind(t->arena, mark);
    }
}

/* A process that is stopped while it has the turn. It stops itself twice: before it writes, and
 * within its write. */
struct stopper {
    struct test *t;
    struct fixture fixture; /* what the others have */
    pid_t pid;
};

static enum err stop_within(struct tx *tx, void *arg)
{
    (void)tx, (void)arg;
    raise(SIGSTOP);
    return ERR_OK;
}

static _Noreturn void be_stopper(struct test *t, const char *url, pid_t parent)
{
    struct worker worker;
    struct db *db;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    worker_init(&worker, t);
    if (getppid() != parent ||
        db_open(&worker.ctx, &(struct db_options){.url = str_from(url)}, &db))
        _exit(1);
    raise(SIGSTOP);
    _exit(db_write(db, &worker.ctx, stop_within, NULL) != ERR_OK);
}

static void await_stop(const struct stopper *stopper)
{
    struct test *t = stopper->t;
    int status = 0;
    REQUIRE(waitpid(stopper->pid, &status, WUNTRACED) == stopper->pid);
    REQUIRE(WIFSTOPPED(status));
}

static void stopper_start(struct test *t, struct stopper *stopper, const char *name)
{
    const char *url = database_in(t, test_folder(t, name));
    pid_t parent = getpid();
    *stopper = (struct stopper){.t = t, .fixture.url = url};
    fflush(stdout);
    stopper->pid = fork();
    if (stopper->pid == 0)
        be_stopper(t, url, parent);
    REQUIRE(stopper->pid > 0);
    await_stop(stopper);
    worker_init(&stopper->fixture.worker, t);
    REQUIRE(db_open(&stopper->fixture.worker.ctx, &(struct db_options){.url = str_from(url)},
                    &stopper->fixture.db) == ERR_OK);
}

static enum err do_nothing(struct tx *tx, void *arg)
{
    (void)tx, (void)arg;
    return ERR_OK;
}

/* Lets it go on, and then everybody can. */
static void stopper_end(struct stopper *stopper)
{
    struct test *t = stopper->t;
    struct db *db;
    struct ctx *ctx = &stopper->fixture.worker.ctx;
    struct db_options options = {.url = str_from(stopper->fixture.url)};
    ctx->deadline_us = 0;
    kill(stopper->pid, SIGCONT);
    CHECK_INT(writer_wait(stopper->pid), 0);
    CHECK_ERR(db_write(stopper->fixture.db, ctx, do_nothing, NULL), ERR_OK);
    CHECK_ERR(db_open(ctx, &options, &db), ERR_OK);
    db_close(db);
    db_close(stopper->fixture.db);
    worker_release(&stopper->fixture.worker);
}

static void set_deadline(struct ctx *ctx, int64_t ms)
{
    ctx->deadline_us = clock_tick_us(ctx->clock) + ms * 1000;
}

static void check_lock_is_named(struct test *t, const struct ctx *ctx)
{
    test_note(t, "%s", ctx->err.operator);
    CHECK(str_find(str_from(ctx->err.operator), STR("/stoa.db.lock")) != STR_NONE);
    CHECK(str_find(str_from(ctx->err.operator), STR(" ms ")) != STR_NONE);
    test_note(t, "%s", "");
}

TEST(processes_do_not_wait_for_ever_for_one_that_is_stopped)
{
    struct stopper stopper;
    struct buf findings;
    struct db *db;
    stopper_start(t, &stopper, "db/stopped");
    struct ctx *ctx = &stopper.fixture.worker.ctx;
    struct db_options options = {.url = str_from(stopper.fixture.url)};
    buf_init(&findings, t->arena, TEST_ARENA_MAX);
    kill(stopper.pid, SIGCONT);
    await_stop(&stopper);
    set_deadline(ctx, SHORT_MS);
    CHECK_ERR(db_open(ctx, &options, &db), ERR_BUSY);
    check_lock_is_named(t, ctx);
    set_deadline(ctx, SHORT_MS);
    CHECK_ERR(db_write(stopper.fixture.db, ctx, do_nothing, NULL), ERR_TIMEOUT);
    ctx->deadline_us = 0;
    CHECK_ERR(db_read(stopper.fixture.db, ctx, do_nothing, NULL), ERR_OK); /* as ever */
    CHECK_ERR(db_check(stopper.fixture.db, ctx, &findings), ERR_OK);
    stopper_end(&stopper);
}

/* Lets the other come to the door, and then spoils the batch, so that it runs again alone: behind
 * the other. */
static enum err spoil(struct tx *tx, void *arg)
{
    static const struct query rollback = {.name = "rollback", .sqlite = "ROLLBACK", .writes = true};
    const struct stopper *stopper = arg;
    const struct sqlite_lock *lock = &tx->connection->engine->lock;
    struct flock doors;
    kill(stopper->pid, SIGCONT);
    int fd = open(lock->path, O_RDWR | O_CLOEXEC);
    do {
        pause_ms(1);
        doors = (struct flock){.l_type = F_WRLCK, .l_len = SQLITE_BYTE_TURN};
    } while (fcntl(fd, F_OFD_GETLK, &doors) == 0 && doors.l_type == F_UNLCK);
    close(fd);
    return tx_exec(tx, &rollback, NULL, NULL);
}

TEST(processes_write_alone_does_not_wait_for_ever_for_one_that_is_stopped)
{
    struct stopper stopper;
    stopper_start(t, &stopper, "db/stopped_alone");
    struct ctx *ctx = &stopper.fixture.worker.ctx;
    set_deadline(ctx, 10 * SHORT_MS);
    CHECK_ERR(db_write(stopper.fixture.db, ctx, spoil, &stopper), ERR_BUSY);
    check_lock_is_named(t, ctx);
    await_stop(&stopper);
    stopper_end(&stopper);
}

/* A second at each look at it. */
static int64_t tick_quickly(struct clock *clock)
{
    struct fake_clock *fake = (struct fake_clock *)clock;
    fake_clock_turn(fake, SECOND_US);
    return fake->tick_us;
}

TEST(processes_without_a_deadline_wait_half_a_minute_for_the_turn)
{
    struct sqlite_lock has, waits;
    struct fake_clock clock;
    struct ctx *ctx = t->ctx;
    const char *path = path_in(t, test_folder(t, "db/turn"), "stoa.db");
    fake_clock_init(&clock);
    clock.clock.tick_us = tick_quickly;
    ctx->clock = &clock.clock;
    REQUIRE(sqlite_lock_open(&has, ctx, path, true) == ERR_OK);
    REQUIRE(sqlite_lock_open(&waits, ctx, path, true) == ERR_OK);
    CHECK_ERR(sqlite_lock_take(&has, ctx), ERR_OK);
    CHECK_ERR(sqlite_lock_take(&waits, ctx), ERR_BUSY);
    CHECK(str_find(str_from(ctx->err.operator), STR("waited 30000 ms")) != STR_NONE);
    check_lock_is_named(t, ctx);
    sqlite_lock_give(&has);
    CHECK_ERR(sqlite_lock_take(&waits, ctx), ERR_OK);
    sqlite_lock_give(&waits);
    sqlite_lock_close(&waits);
    sqlite_lock_close(&has);
}
