/* What is SQLite's alone: spoilt transactions, the log, the files of backup and restore, and the
 * words where a database cannot be opened. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "engines.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "ports/db/backup.h"

enum { PATH_BYTES = 4096, FINDINGS_MAX = 1 << 16 };

static const enum db_type ints[] = {DB_INT}, texts[] = {DB_TEXT};

#define ASK(called, text)                                                       \
    {                                                                           \
        .name = called, .sqlite = text, .column_types = ints, .column_count = 1 \
    }
#define CHANGE(called, text)                           \
    {                                                  \
        .name = called, .sqlite = text, .writes = true \
    }

static const struct query count_sales = ASK("count_sales", "SELECT COUNT(*) FROM sale");
static const struct query read_sum = ASK("read_sum", "SELECT COALESCE(SUM(n), 0) FROM sums");
static const struct query find_sale = {
    .name = "find_sale",
    .sqlite = "SELECT COUNT(*) FROM sale WHERE id = ?1",
    .param_types = ints,
    .param_count = 1,
    .column_types = ints,
    .column_count = 1,
};
static const struct query add_sum = CHANGE("add_sum", "UPDATE sums SET n = n + 1");
static const struct query add_sale = {
    .name = "add_sale",
    .sqlite = "INSERT INTO sale (id) VALUES (?1)",
    .param_types = ints,
    .param_count = 1,
    .writes = true,
};
static const struct query commit = CHANGE("commit", "COMMIT");
static const struct query rollback = CHANGE("rollback", "ROLLBACK");
static const struct query begin = CHANGE("begin", "BEGIN");
static const struct query release = CHANGE("release", "RELEASE stoa_write");
static const struct query fill = {
    .name = "fill",
    .sqlite = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
              "INSERT INTO filler (words) SELECT ?1 || i FROM n",
    .param_types = texts,
    .param_count = 1,
    .writes = true,
};

static const char *const tables[][2] = {
    {"CREATE TABLE sale (id INTEGER PRIMARY KEY) STRICT", ""},
    {"CREATE TABLE sums (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT", ""},
    {"CREATE TABLE filler (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT", ""},
    {"INSERT INTO sums (id, n) VALUES (1, 0)", ""},
    {NULL, NULL},
};

static void open_with_tables(struct test *t, struct fixture *fixture)
{
    fixture_open(t, engine_sqlite, fixture);
    REQUIRE(run_statements(fixture->db, &fixture->worker.ctx, tables) == ERR_OK);
}

static enum err take_int(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    *(int64_t *)into = row[0].number;
    return ERR_OK;
}

struct books {
    int64_t sales, sum;
};

static enum err read_books(struct tx *tx, void *arg)
{
    struct books *books = arg;
    TRY(tx_query(tx, &count_sales, NULL, take_int, &books->sales));
    return tx_query(tx, &read_sum, NULL, take_int, &books->sum);
}

struct sale {
    int64_t id;
    const struct query *then[3]; /* what it does beyond selling */
};

static enum err sell(struct tx *tx, void *arg)
{
    const struct sale *sale = arg;
    TRY(tx_exec(tx, &add_sum, NULL, NULL));
    TRY(tx_exec(tx, &add_sale, (struct db_value[]){db_int(sale->id)}, NULL));
    for (size_t i = 0; i < 3 && sale->then[i]; i++)
        (void)tx_exec(tx, sale->then[i], NULL, NULL);
    return ERR_OK;
}

static void check_books(struct test *t, struct fixture *fixture, int64_t sales)
{
    struct books books = {-1, -1};
    CHECK_ERR(db_read(fixture->db, &fixture->worker.ctx, read_books, &books), ERR_OK);
    CHECK_INT(books.sales, sales);
    CHECK_INT(books.sum, sales);
}

/* A fn that ends the transaction it was given: gen_sql refuses such a statement, and still. */
TEST(sqlite_write_cannot_end_its_transaction)
{
    static const struct query *const ends[][3] = {
        {&rollback},         {&commit},         {&release},
        {&rollback, &begin}, {&commit, &begin}, {&release, &commit},
    };
    struct fixture fixture;
    open_with_tables(t, &fixture);
    struct ctx *ctx = &fixture.worker.ctx;
    for (int64_t i = 0; i < (int64_t)(sizeof ends / sizeof *ends); i++) {
        struct sale good = {.id = i}, bad = {.id = 100 + i};
        memcpy(bad.then, ends[i], sizeof bad.then);
        test_note(t, "way %d", (int)i);
        CHECK(db_write(fixture.db, ctx, sell, &bad) != ERR_OK);
        CHECK_ERR(db_write(fixture.db, ctx, sell, &good), ERR_OK);
        check_books(t, &fixture, i + 1);
    }
    fixture_close(&fixture);
}

static enum err find_id(struct tx *tx, void *arg)
{
    int64_t *id = arg;
    return tx_query(tx, &find_sale, (struct db_value[]){db_int(*id)}, take_int, id);
}

static bool has_sale(struct db *db, struct ctx *ctx, int64_t id)
{
    return db_read(db, ctx, find_id, &id) == ERR_OK && id == 1;
}

static bool has_findings(struct db *db, struct ctx *ctx)
{
    struct buf findings;
    buf_init(&findings, ctx->arena, FINDINGS_MAX);
    return db_check(db, ctx, &findings) != ERR_OK || findings.len > 0;
}

/* The log. */

static enum err fill_one(struct tx *tx, void *arg)
{
    return tx_exec(tx, &fill, arg, NULL);
}

TEST(sqlite_log_does_not_grow_for_ever)
{
    struct fixture fixture;
    struct stat info;
    char words[1001] = "", log[PATH_BYTES];
    memset(words, 'x', sizeof words - 1);
    struct db_value args[] = {db_text(str_from(words))};
    open_with_tables(t, &fixture);
    for (int i = 0; i < 200; i++)
        CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, fill_one, args), ERR_OK);
    snprintf(log, sizeof log, "%s-wal", fixture.url + strlen("sqlite:"));
    REQUIRE(stat(log, &info) == 0);
    CHECK(info.st_size > 0 && info.st_size < 16 << 20); /* 40 MB were written */
    fixture_close(&fixture);
    CHECK(stat(log, &info) == 0); /* nobody copied it on closing */
}

static const struct query limit_pages = {
    .name = "limit_pages",
    .sqlite = "PRAGMA max_page_count = 1",
    .column_types = ints,
    .column_count = 1,
};
static const struct query unlimit_pages = {
    .name = "unlimit_pages",
    .sqlite = "PRAGMA max_page_count = 1000000",
    .column_types = ints,
    .column_count = 1,
};

struct filling {
    const struct query *limit;
    struct db_value words;
    int runs;
};

/* As many pages as there are, and no more: SQLite says the same of a disk that is full. */
static enum err fill_limited(struct tx *tx, void *arg)
{
    struct filling *filling = arg;
    int64_t pages = 0;
    filling->runs++;
    TRY(tx_query_one(tx, filling->limit, NULL, take_int, &pages));
    return tx_exec(tx, &fill, &filling->words, NULL);
}

TEST(sqlite_says_that_the_disk_is_full)
{
    struct fixture fixture;
    char words[1001] = "";
    memset(words, 'x', sizeof words - 1);
    struct filling filling = {.limit = &limit_pages, .words = db_text(str_from(words))};
    open_with_tables(t, &fixture);
    struct ctx *ctx = &fixture.worker.ctx;
    CHECK_ERR(db_write(fixture.db, ctx, fill_limited, &filling), ERR_IO);
    CHECK_TEXT(ctx->err.user, "The disk is full. Nothing was changed.");
    CHECK(str_find(str_from(ctx->err.operator), STR("disk is full")) != STR_NONE);
    CHECK(filling.runs <= 2); /* with the others, and alone */
    filling.limit = &unlimit_pages;
    CHECK_ERR(db_write(fixture.db, ctx, fill_limited, &filling), ERR_OK);
    fixture_close(&fixture);
}

/* Backup, check, restore. */

static const char *beside(struct test *t, const struct fixture *fixture, const char *name)
{
    struct buf path;
    const char *out;
    buf_init(&path, t->arena, PATH_BYTES);
    buf_addf(&path, "%s", fixture->url + strlen("sqlite:"));
    buf_rewind(&path, path.len - strlen("stoa.db"));
    buf_addf(&path, "%s", name);
    REQUIRE(str_cstr(t->arena, buf_str(&path), &out) == ERR_OK);
    return out;
}

static void sell_one(struct test *t, struct fixture *fixture, int64_t id)
{
    CHECK_ERR(db_write(fixture->db, &fixture->worker.ctx, sell, &(struct sale){.id = id}), ERR_OK);
}

struct seller {
    struct fixture *fixture;
    struct worker worker;
    _Atomic bool stop;
};

static void *sell_on(void *arg)
{
    struct seller *seller = arg;
    for (int64_t id = 1000; !atomic_load(&seller->stop); id++) {
        struct sale sale = {.id = id};
        if (db_write(seller->fixture->db, &seller->worker.ctx, sell, &sale))
            return seller;
    }
    return NULL;
}

static size_t count_kept(struct test *t, const struct fixture *fixture)
{
    struct process_result result;
    char script[PATH_BYTES];
    snprintf(script, sizeof script, "ls %s.before-restore-* 2>/dev/null | grep -vc -e -wal",
             fixture->url + strlen("sqlite:"));
    CHECK_ERR(process_run(t, (const char *[]){"/bin/sh", "-c", script, NULL}, NULL, &result),
              ERR_OK);
    return result.out.len ? (size_t)(result.out.ptr[0] - '0') : 0;
}

static void reopen(struct test *t, struct fixture *fixture)
{
    struct db_options options = {.url = str_from(fixture->url)};
    REQUIRE(db_open(&fixture->worker.ctx, &options, &fixture->db) == ERR_OK);
}

TEST(sqlite_backup_is_one_moment_and_comes_back)
{
    struct fixture fixture;
    struct seller seller = {.fixture = &fixture};
    pthread_t thread;
    void *failed;
    open_with_tables(t, &fixture);
    struct ctx *ctx = &fixture.worker.ctx;
    struct db_options options = {.url = str_from(fixture.url)};
    const char *path = beside(t, &fixture, "copy");
    sell_one(t, &fixture, 1);
    worker_init(&seller.worker, t);
    REQUIRE(pthread_create(&thread, NULL, sell_on, &seller) == 0);
    CHECK_ERR(db_backup(fixture.db, ctx, path), ERR_OK);
    atomic_store(&seller.stop, true);
    pthread_join(thread, &failed);
    CHECK(!failed);
    CHECK_ERR(db_backup(fixture.db, ctx, path), ERR_INPUT); /* never over another */
    sell_one(t, &fixture, 2);
    CHECK_ERR(db_restore(ctx, &options, path), ERR_BUSY); /* it is open here */
    db_close(fixture.db);
    CHECK_ERR(db_restore(ctx, &options, path), ERR_OK);
    CHECK_INT(count_kept(t, &fixture), 1);
    reopen(t, &fixture);
    struct books books = {0};
    CHECK_ERR(db_read(fixture.db, ctx, read_books, &books), ERR_OK);
    CHECK(books.sales >= 1);
    CHECK_INT(books.sum, books.sales);
    CHECK(!has_sale(fixture.db, ctx, 2));
    CHECK(has_sale(fixture.db, ctx, 1));
    CHECK(!has_findings(fixture.db, ctx));
    sell_one(t, &fixture, 2);
    worker_release(&seller.worker);
    fixture_close(&fixture);
}

static void damage(struct test *t, const char *path, off_t at)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    REQUIRE(fd >= 0 && pwrite(fd, "damage damage damage damage damage", 34, at) == 34);
    close(fd);
}

TEST(sqlite_restore_touches_nothing_for_a_bad_backup)
{
    struct fixture fixture;
    open_with_tables(t, &fixture);
    struct ctx *ctx = &fixture.worker.ctx;
    struct db_options options = {.url = str_from(fixture.url)};
    const char *path = beside(t, &fixture, "copy");
    sell_one(t, &fixture, 1);
    CHECK_ERR(db_backup(fixture.db, ctx, path), ERR_OK);
    db_close(fixture.db);
    CHECK(db_restore(ctx, &options, beside(t, &fixture, "nothing")) != ERR_OK);
    damage(t, path, 4096);
    CHECK_ERR(db_restore(ctx, &options, path), ERR_INPUT);
    damage(t, path, 0);
    CHECK(db_restore(ctx, &options, path) != ERR_OK);
    CHECK_INT(count_kept(t, &fixture), 0);
    reopen(t, &fixture);
    check_books(t, &fixture, 1);
    fixture_close(&fixture);
}

TEST(sqlite_check_finds_damage_and_lost_references)
{
    static const char *const broken[][2] = {
        {"CREATE TABLE of (sale INTEGER NOT NULL REFERENCES sale) STRICT", ""},
        {NULL, NULL},
    };
    struct fixture fixture;
    struct buf findings;
    struct process_result result;
    open_with_tables(t, &fixture);
    struct ctx *ctx = &fixture.worker.ctx;
    const char *path = fixture.url + strlen("sqlite:");
    CHECK(!has_findings(fixture.db, ctx));
    CHECK_ERR(run_statements(fixture.db, ctx, broken), ERR_OK);
    const char *argv[] = {"/usr/bin/sqlite3", path, "INSERT INTO of (sale) VALUES (99)", NULL};
    CHECK_ERR(process_run(t, argv, NULL, &result), ERR_OK);
    buf_init(&findings, t->arena, FINDINGS_MAX);
    CHECK_ERR(db_check(fixture.db, ctx, &findings), ERR_OK);
    CHECK(str_find(buf_str(&findings), STR("leads nowhere: of row 1 to sale")) != STR_NONE);
    fixture_close(&fixture);
}

/* Words for what a person can mend. */

static void check_refused(struct test *t, const char *url, enum err err, const char *words)
{
    struct worker worker;
    struct db *db;
    worker_init(&worker, t);
    struct db_options options = {.url = str_from(url)};
    CHECK_ERR(db_open(&worker.ctx, &options, &db), err);
    CHECK_TEXT(worker.ctx.err.user, words);
    worker_release(&worker);
}

TEST(sqlite_says_why_it_cannot_open)
{
    const char *folder = test_folder(t, "db/refused");
    char path[PATH_BYTES], url[PATH_BYTES + 16];
    snprintf(path, sizeof path, "%s/text.db", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (int i = 0; i < 100; i++)
        CHECK(write(fd, "This is no database at all. ", 28) == 28);
    close(fd);
    snprintf(url, sizeof url, "sqlite:%s", path);
    check_refused(t, url, ERR_IO, "The file is no database, or one of a newer format.");
    snprintf(url, sizeof url, "sqlite:%s/no/such/folder/stoa.db", folder);
    check_refused(t, url, ERR_IO, "The folder of the database cannot be made.");
    snprintf(url, sizeof url, "sqlite:%s", folder);
    check_refused(t, url, ERR_IO, "The database cannot be opened.");
    snprintf(url, sizeof url, "sqlite:%s/new/stoa.db", folder);
    struct worker worker;
    struct db *db;
    worker_init(&worker, t);
    CHECK_ERR(db_open(&worker.ctx, &(struct db_options){.url = str_from(url)}, &db), ERR_OK);
    db_close(db);
    worker_release(&worker);
}
