/* The power goes at every change of the disk: what was acknowledged is there, and nothing half. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "engines.h"
#include "harness/folder.h"
#include "harness/power.h"
#include "harness/process.h"
#include "ports/db/backup.h"
#include "ports/db/migrate.h"
#include "proof.h"
#include "samples/sales.h"

enum { CUTS_MAX = 1500, SEEDS = 3, WORDS_MAX = 8, FAILURES_SHOWN = 10 };

static const char few_pages[] = "WRITER_LOG_PAGES=8"; /* the log is copied every few batches */

/* A program run again and again, with the power going one change later each time. */
struct blackout {
    struct power_plan plan;
    const char *url;   /* of plan.root's database */
    const char *ready; /* a folder: what the disk holds at the beginning */
    const char *argv[WORDS_MAX + 2];
    const char *const *environment;
    struct said *said; /* by what was there before */
    /* What is wrong with what the disk holds now; NULL if nothing is. */
    const char *(*judge)(struct test *t, struct blackout *blackout,
                         const struct process_result *result);
    const char *file, *other; /* a judge's */
    int cuts, restores, wrong;
};

static void prepare(struct test *t, struct blackout *blackout, const char *name)
{
    char folder[64];
    snprintf(folder, sizeof folder, "db/power/%s/root", name);
    blackout->plan.root = test_folder(t, folder);
    snprintf(folder, sizeof folder, "db/power/%s/shadow", name);
    blackout->plan.shadow = test_folder(t, folder);
    snprintf(folder, sizeof folder, "db/power/%s/ready", name);
    blackout->ready = test_folder(t, folder);
    blackout->url = database_in(t, blackout->plan.root);
    blackout->said = ARENA_NEW(t->arena, struct said);
    REQUIRE(blackout->said != NULL);
}

static void copy_ready(struct test *t, const struct blackout *blackout)
{
    struct process_result result;
    const char *from = path_in(t, blackout->ready, ".");
    CHECK_ERR(folder_clear(blackout->plan.root), ERR_OK);
    CHECK_ERR(process_run(t, (const char *[]){"/bin/cp", "-r", from, blackout->plan.root, NULL},
                          NULL, &result),
              ERR_OK);
    CHECK_INT(result.status, 0);
}

static void judge_once(struct test *t, struct blackout *blackout,
                       const struct process_result *result, uint64_t seed, bool honest)
{
    enum power_loss loss = seed ? POWER_LOSE_SOME : POWER_LOSE_ALL;
    REQUIRE(power_restore(t, &blackout->plan, loss, seed) == ERR_OK);
    const char *wrong = blackout->judge(t, blackout, result);
    blackout->restores++;
    blackout->wrong += wrong != NULL;
    test_note(t, "cut %" PRId64 ", seed %" PRIu64 ": %s", blackout->plan.cut, seed,
              wrong ? wrong : "");
    if (honest)
        CHECK(!wrong);
    test_note(t, "%s", "");
}

/* Returns false once the program was not cut any more. */
static bool cut_once(struct test *t, struct blackout *blackout, bool honest)
{
    struct process_result result;
    copy_ready(t, blackout);
    REQUIRE(power_run(t, &blackout->plan, blackout->argv, blackout->environment, &result) ==
            ERR_OK);
    test_note(t, "%.*s", STR_ARG(result.err));
    REQUIRE(result.signal == SIGKILL || (result.signal == 0 && result.status == 0));
    for (uint64_t seed = 0; seed <= SEEDS; seed++)
        judge_once(t, blackout, &result, seed, honest);
    return result.signal == SIGKILL;
}

static void black_out(struct test *t, struct blackout *blackout, bool honest)
{
    struct power_plan *plan = &blackout->plan;
    bool cut = true;
    for (plan->cut = 1; cut && plan->cut < CUTS_MAX && t->failures < FAILURES_SHOWN; plan->cut++) {
        struct arena_mark mark = arena_mark(t->arena);
        cut = cut_once(t, blackout, honest);
        blackout->cuts += cut;
        arena_rewind(t->arena, mark);
    }
    CHECK(plan->cut < CUTS_MAX);
    printf("# %d cuts, %d restores, %d wrong\n", blackout->cuts, blackout->restores,
           blackout->wrong);
}

/* What stood before, and what this seller was told until the power went. */
static const char *judge_sales(struct test *t, struct blackout *blackout,
                               const struct process_result *result)
{
    struct said *said = ARENA_NEW(t->arena, struct said);
    REQUIRE(said != NULL);
    *said = *blackout->said;
    said_take(t, said, 1, result->out);
    return books_wrong(t, blackout->url, said);
}

static void sell(struct test *t, const char *name, struct blackout *blackout, const char *program,
                 const char *way, bool honest)
{
    prepare(t, blackout, name);
    const char *said = path_in(t, blackout->plan.shadow, "said");
    writer_run(t, (const char *[]){"tables", database_in(t, blackout->ready), NULL}, said);
    blackout->judge = judge_sales;
    const char *words[] = {test_built(t, program), way, blackout->url, "1", "4", "6", NULL};
    for (size_t i = 0; words[i]; i++)
        blackout->argv[i] = words[i];
    black_out(t, blackout, honest);
}

TEST(power_lost_at_every_change_loses_no_sale)
{
    struct blackout blackout = {0};
    sell(t, "sales", &blackout, "tests/db/writer", "sell", true);
    CHECK(blackout.cuts > 50);
}

TEST(power_lost_around_a_checkpoint_loses_no_sale)
{
    struct blackout blackout = {.environment = (const char *[]){few_pages, NULL}};
    sell(t, "checkpoint", &blackout, "tests/db/writer", "sell", true);
    CHECK(blackout.cuts > 50);
}

TEST(power_lost_with_a_log_that_has_to_wait_for_a_reader_loses_no_sale)
{
    struct blackout blackout = {.environment = (const char *[]){"WRITER_LOG_PAGES=1", NULL}};
    sell(t, "reader", &blackout, "tests/db/writer", "sell-read", true);
    CHECK(blackout.cuts > 50);
}

/* Where a commit does not reach the disk, the proof must see it. */

TEST(power_lost_on_a_disk_that_lies_is_seen)
{
    struct blackout blackout = {0};
    sell(t, "lies", &blackout, "tests/db/lying_writer", "sell", false);
    CHECK(blackout.wrong > blackout.restores / 4);
}

TEST(power_lost_with_synchronous_off_is_seen)
{
    struct blackout blackout = {0};
    sell(t, "careless", &blackout, "tests/db/careless_writer", "sell", false);
    CHECK(blackout.wrong > blackout.restores / 4);
}

/* A step of the migrations, and what it makes: by their number. */
static const struct query step_state = {
    .name = "step_state",
    .sqlite = "SELECT (SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'sample_%'), "
              "(SELECT COUNT(*) FROM pragma_table_info('sample_item') WHERE name = 'note')",
    .column_types = (const enum db_type[]){DB_INT, DB_INT},
    .column_count = 2,
};

static const int64_t states[][2] = {{0, 0}, {7, 0}, {7, 1}};

enum { STEPS = sizeof states / sizeof *states - 1 };

static enum err take_state(struct tx *tx, const struct db_value row[], void *into)
{
    int64_t *state = into;
    (void)tx;
    state[0] = row[0].number;
    state[1] = row[1].number;
    return ERR_OK;
}

static enum err read_state(struct tx *tx, void *state)
{
    return tx_query_one(tx, &step_state, NULL, take_state, state);
}

static const char *judge_steps(struct test *t, struct db *db, struct ctx *ctx, bool ended)
{
    struct migrate_plan *plan = ARENA_NEW(t->arena, struct migrate_plan);
    int64_t state[2];
    REQUIRE(plan != NULL);
    if (migrate_plan(db, ctx, plan) || db_read(db, ctx, read_state, state))
        return "the steps cannot be read";
    if (ended && plan->count)
        return "a step that was done is not";
    const int64_t *expected = states[STEPS - plan->count];
    if (state[0] != expected[0] || state[1] != expected[1])
        return "a step is half done";
    return sales_begin(db, ctx) ? "the steps that are left cannot be done" : NULL;
}

static const char *judge_migration(struct test *t, struct blackout *blackout,
                                   const struct process_result *result)
{
    struct worker worker;
    struct db *db;
    struct db_options options = {.url = str_from(blackout->url), .schemas = sales_schemas};
    const char *wrong = "the database cannot be opened";
    worker_init(&worker, t);
    if (!db_open(&worker.ctx, &options, &db)) {
        wrong = judge_steps(t, db, &worker.ctx, result->signal == 0);
        db_close(db);
    }
    worker_release(&worker);
    return wrong ? wrong : books_wrong(t, blackout->url, blackout->said);
}

TEST(power_lost_while_migrating_leaves_each_step_done_or_not_begun)
{
    struct blackout blackout = {.judge = judge_migration};
    prepare(t, &blackout, "migration");
    blackout.said->exact = true;
    blackout.argv[0] = test_built(t, "tests/db/writer");
    blackout.argv[1] = "tables";
    blackout.argv[2] = blackout.url;
    black_out(t, &blackout, true);
    CHECK(blackout.cuts > 20);
}

/* Makes a database of a seller's sales in a folder, and adds what it said. */
static void make_sales(struct test *t, const char *folder, const char *said_path,
                       const char *seller, const char *count, struct said *said)
{
    int64_t number;
    const char *url = database_in(t, folder);
    REQUIRE(str_to_int(str_from(seller), 1, SELLERS_MAX - 1, &number) == ERR_OK);
    writer_run(t, (const char *[]){"tables", url, NULL}, said_path);
    writer_run(t, (const char *[]){"sell", url, seller, "4", count, NULL}, said_path);
    said_take(t, said, (int)number, file_text(t, said_path));
    REQUIRE(said->sales > 0);
    said->exact = true;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Puts the backup in place somewhere else, and looks through that. */
static const char *judge_backup_file(struct test *t, struct blackout *blackout)
{
    struct worker worker;
    const char *url = database_in(t, blackout->other);
    struct db_options options = {.url = str_from(url), .schemas = sales_schemas};
    REQUIRE(folder_clear(blackout->other) == ERR_OK);
    worker_init(&worker, t);
    enum err err = db_restore(&worker.ctx, &options, blackout->file);
    worker_release(&worker);
    return err ? "the backup is not whole" : books_wrong(t, url, blackout->said);
}

static const char *judge_backup(struct test *t, struct blackout *blackout,
                                const struct process_result *result)
{
    const char *wrong = NULL;
    if (exists(blackout->file))
        wrong = judge_backup_file(t, blackout);
    else if (result->signal == 0)
        wrong = "the backup that was made is not there";
    return wrong ? wrong : books_wrong(t, blackout->url, blackout->said);
}

TEST(power_lost_while_backing_up_leaves_a_whole_backup_or_none)
{
    struct blackout blackout = {.judge = judge_backup};
    prepare(t, &blackout, "backup");
    const char *said = path_in(t, blackout.plan.shadow, "said");
    make_sales(t, blackout.ready, said, "1", "40", blackout.said);
    blackout.file = path_in(t, blackout.plan.root, "backup");
    blackout.other = test_folder(t, "db/power/backup/other");
    const char *words[] = {test_built(t, "tests/db/writer"), "backup", blackout.url, blackout.file};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        blackout.argv[i] = words[i];
    black_out(t, &blackout, true);
    CHECK(blackout.cuts > 20);
}

/* The sales of the backup are seller 2's; of the database, which is `said`'s, seller 1's. */
struct restored {
    struct blackout blackout;
    struct said *said;
};

static const char *judge_restore(struct test *t, struct blackout *blackout,
                                 const struct process_result *result)
{
    const struct restored *restored = (const struct restored *)blackout;
    const char *new = books_wrong(t, blackout->url, restored->said);
    if (!new || result->signal == 0)
        return new;
    return books_wrong(t, blackout->url, blackout->said);
}

TEST(power_lost_while_restoring_leaves_the_old_or_the_new)
{
    struct restored restored = {.blackout = {.judge = judge_restore}};
    struct blackout *blackout = &restored.blackout;
    prepare(t, blackout, "restore");
    restored.said = ARENA_NEW(t->arena, struct said);
    REQUIRE(restored.said != NULL);
    const char *other = test_folder(t, "db/power/restore/other");
    const char *backup = path_in(t, blackout->ready, "backup");
    const char *first = path_in(t, blackout->plan.shadow, "first");
    const char *second = path_in(t, blackout->plan.shadow, "second");
    make_sales(t, blackout->ready, first, "1", "12", blackout->said);
    make_sales(t, other, second, "2", "20", restored.said);
    writer_run(t, (const char *[]){"backup", database_in(t, other), backup, NULL}, first);
    const char *words[] = {test_built(t, "tests/db/writer"), "restore", blackout->url,
                           path_in(t, blackout->plan.root, "backup")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        blackout->argv[i] = words[i];
    black_out(t, blackout, true);
    CHECK(blackout->cuts > 20);
}
