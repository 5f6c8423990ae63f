/* Each allocation and each system call fails once, through everything that the database does: the
 * failure is told, nothing leaks, and what is there afterwards is whole. */
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "engines.h"
#include "harness/folder.h"
#include "harness/power_books.h"
#include "harness/torture.h"
#include "ports/db/backup.h"
#include "proof.h"
#include "sample_sql.h"
#include "samples/sales.h"

enum {
    RUNS_MAX = 8000,
    FAILURES_SHOWN = 10,
    FILES_MAX = 64,
    FINDINGS_MAX = 16 << 10,
    SALES = 3,
    SALES_MAX = 1000,
    DISK = 64 << 20,
    DISK_SMALL = 1 << 20
};

/* What a use has at hand: a database of some sales of seller 1, and a backup of seller 2's. */
struct bench {
    struct test *t;
    struct worker worker;
    const char *folder, *ready, *backup, *target;
    struct db_options options;
    struct db *db;
    struct said *said, *other; /* what the database holds, and the backup */
    struct sale sale;          /* the next one */
};

/* Failures strike `run`, and spare `before` and `after`, which says what is wrong. Where the
 * database stays open from run to run it must go on working; else each run begins from the same. */
struct use {
    const char *name;
    bool stays_open;
    void (*before)(struct bench *bench);
    enum err (*run)(struct bench *bench);
    const char *(*after)(struct bench *bench, enum err err);
};

static enum err open_db(struct bench *bench)
{
    return db_open(&bench->worker.ctx, &bench->options, &bench->db);
}

static void before_empty(struct bench *bench)
{
    struct test *t = bench->t;
    REQUIRE(folder_clear(bench->folder) == ERR_OK);
}

static void copy_file(struct test *t, const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    REQUIRE(in >= 0 && out >= 0 && books_copy(in, out) == 0);
    close(in);
    close(out);
}

static void before_ready(struct bench *bench)
{
    static const char *const names[] = {"stoa.db", "stoa.db-wal"};
    struct test *t = bench->t;
    before_empty(bench);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        copy_file(t, path_in(t, bench->ready, names[i]), path_in(t, bench->folder, names[i]));
}

static void before_migrate(struct bench *bench)
{
    struct test *t = bench->t;
    before_empty(bench);
    REQUIRE(open_db(bench) == ERR_OK);
}

static enum err run_open(struct bench *bench)
{
    TRY(open_db(bench));
    db_close(bench->db);
    return ERR_OK;
}

static const char *after_open(struct bench *bench, enum err err)
{
    (void)err;
    if (open_db(bench) || sales_begin(bench->db, &bench->worker.ctx))
        return "it cannot be opened afterwards";
    db_close(bench->db);
    return NULL;
}

static enum err run_migrate(struct bench *bench)
{
    return sales_begin(bench->db, &bench->worker.ctx);
}

static const char *after_migrate(struct bench *bench, enum err err)
{
    (void)err;
    err = run_migrate(bench);
    db_close(bench->db);
    if (err)
        return "the steps that are left cannot be taken";
    struct said *none = ARENA_NEW(bench->t->arena, struct said);
    return none ? books_wrong(bench->t, bench->options.url.ptr, none) : "no memory";
}

static enum err run_sale(struct bench *bench)
{
    return db_write(bench->db, &bench->worker.ctx, sale_make, &bench->sale);
}

static const char *after_sale(struct bench *bench, enum err err)
{
    if (err && run_sale(bench))
        return "the same sale cannot be made afterwards";
    bench->said->last[bench->sale.seller][bench->sale.thread] = bench->sale.number++;
    return NULL;
}

/* The one before, once more. */
static enum err run_conflict(struct bench *bench)
{
    struct sale again = bench->sale;
    again.number--;
    enum err err = db_write(bench->db, &bench->worker.ctx, sale_make, &again);
    return err == ERR_CONFLICT ? ERR_OK : err ? err : ERR_INTERNAL;
}

static enum err read_all(struct tx *tx, void *arg)
{
    const struct bench *bench = arg;
    struct item_page_rows items;
    struct sale_find_row row;
    struct sale first = bench->sale;
    char id[SALE_ID_MAX];
    first.number = 1;
    sale_id(&first, id);
    TRY(sale_find(tx, str_from(id), &row));
    TRY(item_page(tx, NULL, NULL, 10, &items));
    if (items.count != SALES_ITEMS)
        return err_fail(&tx->ctx->err, ERR_INTERNAL, "", "rows are missing");
    return ERR_OK;
}

static enum err run_read(struct bench *bench)
{
    return db_read(bench->db, &bench->worker.ctx, read_all, bench);
}

/* With everything cold: connections, statements, pages. */
static enum err run_life(struct bench *bench)
{
    TRY(open_db(bench));
    enum err err = run_sale(bench);
    if (!err)
        err = run_read(bench);
    db_close(bench->db);
    return err;
}

static const char *after_life(struct bench *bench, enum err err)
{
    int64_t *last = &bench->said->last[bench->sale.seller][bench->sale.thread], before = *last;
    if (!err)
        *last = bench->sale.number;
    const char *wrong = books_wrong(bench->t, bench->options.url.ptr, bench->said);
    *last = before;
    return wrong;
}

/* A failure to look is no finding, but for that of the disk. */
static enum err run_check(struct bench *bench)
{
    struct test *t = bench->t;
    struct buf findings;
    char text[FINDINGS_MAX];
    buf_init_fixed(&findings, text, sizeof text);
    TRY(db_check(bench->db, &bench->worker.ctx, &findings));
    if (findings.len)
        CHECK(str_find(buf_str(&findings), STR("unable to get the page")) != STR_NONE);
    return buf_err(&findings);
}

static enum err run_backup(struct bench *bench)
{
    return db_backup(bench->db, &bench->worker.ctx, bench->target);
}

/* Where it fails it may be there all the same, but then it is whole. */
static const char *after_backup(struct bench *bench, enum err err)
{
    const char *restored = test_folder(bench->t, "db/torture/restored");
    const char *url = database_in(bench->t, restored);
    struct db_options options = bench->options;
    options.url = str_from(url);
    if (access(bench->target, F_OK) < 0)
        return err ? NULL : "there is no backup";
    if (db_restore(&bench->worker.ctx, &options, bench->target))
        return "the backup is not whole";
    unlink(bench->target);
    return books_wrong(bench->t, url, bench->said);
}

static enum err run_restore(struct bench *bench)
{
    return db_restore(&bench->worker.ctx, &bench->options, bench->backup);
}

static const char *after_restore(struct bench *bench, enum err err)
{
    glob_t kept;
    const char *wrong = books_wrong(bench->t, bench->options.url.ptr, bench->other);
    const char *names = path_in(bench->t, bench->folder, "stoa.db.before-restore-*");
    if (!wrong && glob(names, 0, NULL, &kept))
        return "the old database was not kept";
    if (!wrong)
        globfree(&kept);
    return wrong && err ? books_wrong(bench->t, bench->options.url.ptr, bench->said) : wrong;
}

static const struct use beginnings[] = {
    {"open", false, before_empty, run_open, after_open},
    {"migrate", false, before_migrate, run_migrate, after_migrate},
    {0},
};

static const struct use works[] = {
    {"life", false, before_ready, run_life, after_life},
    {"sale", true, NULL, run_sale, after_sale},
    {"conflict", true, NULL, run_conflict, NULL},
    {"read", true, NULL, run_read, NULL},
    {"check", true, NULL, run_check, NULL},
    {0},
};

static const struct use copies[] = {
    {"backup", true, NULL, run_backup, after_backup},
    {"restore", false, before_ready, run_restore, after_restore},
    {0},
};

static int files_open(void)
{
    int count = 0;
    for (int fd = 0; fd < FILES_MAX; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* Not a mistake of whoever asked. */
static bool is_of_the_machine(enum err err)
{
    return err == ERR_IO || err == ERR_MEMORY || err == ERR_INTERNAL || err == ERR_BUSY;
}

/* The run itself, with the n-th failing, or none where n is 0; true while there was one to fail. */
static bool strike(struct bench *bench, const struct use *use, enum torture_kind kind, int64_t n)
{
    struct test *t = bench->t;
    struct err_record *record = &bench->worker.ctx.err;
    if (use->before)
        use->before(bench);
    if (n)
        torture_arm(kind, n);
    enum err err = use->run(bench);
    bool met = torture_disarm();
    test_note(t, "%s, failure %" PRId64 ": %s", use->name, n, record->operator);
    if (!met)
        CHECK_ERR(err, ERR_OK);
    if (err)
        CHECK(is_of_the_machine(err) && record->code == err &&
              record->operator[0] && record->where);
    const char *wrong = use->after ? use->after(bench, err) : NULL;
    test_note(t, "%s, failure %" PRId64 ": %s", use->name, n, wrong ? wrong : "");
    CHECK(!wrong);
    return met;
}

/* In an arena of its own, so that what is left allocated afterwards is a leak. */
static bool strike_apart(struct bench *bench, const struct use *use, enum torture_kind kind,
                         int64_t n)
{
    struct test *t = bench->t;
    struct arena kept = *t->arena;
    int64_t blocks = torture_live_blocks();
    int files = files_open();
    test_note(t, "%s, failure %" PRId64, use->name, n);
    arena_init(t->arena, TEST_ARENA_MAX);
    worker_init(&bench->worker, t);
    bool met = strike(bench, use, kind, n);
    worker_release(&bench->worker);
    arena_release(t->arena);
    *t->arena = kept;
    if (!use->stays_open) {
        CHECK_INT(torture_live_blocks() - blocks, 0);
        CHECK_INT(files_open() - files, 0);
    }
    return met;
}

static void begin(struct bench *bench, const struct use *use)
{
    struct test *t = bench->t;
    if (!use->stays_open)
        return;
    worker_init(&bench->worker, t);
    before_ready(bench);
    bench->sale.number = SALES + 1;
    REQUIRE(open_db(bench) == ERR_OK);
    worker_release(&bench->worker);
}

static void end(struct bench *bench, const struct use *use)
{
    struct test *t = bench->t;
    if (!use->stays_open)
        return;
    db_close(bench->db);
    const char *wrong = books_wrong(t, bench->options.url.ptr, bench->said);
    test_note(t, "%s: %s", use->name, wrong ? wrong : "");
    CHECK(!wrong);
    bench->said->last[bench->sale.seller][bench->sale.thread] = SALES;
    bench->sale.number = SALES + 1;
}

/* First one run that fails nowhere: what is allocated once, at a first use, is not the use's. */
static void strike_every(struct bench *bench, const struct use *use, enum torture_kind kind)
{
    struct test *t = bench->t;
    struct arena_mark mark = arena_mark(t->arena);
    int64_t blocks = torture_live_blocks(), n = 1;
    int files = files_open();
    begin(bench, use);
    strike_apart(bench, use, kind, 0);
    while (n < RUNS_MAX && t->failures < FAILURES_SHOWN && strike_apart(bench, use, kind, n))
        n++;
    end(bench, use);
    arena_rewind(t->arena, mark);
    CHECK(n > 1 && n < RUNS_MAX);
    CHECK_INT(torture_live_blocks() - blocks, 0);
    CHECK_INT(files_open() - files, 0);
    printf("# %s: %" PRId64 " failures\n", use->name, n - 1);
}

/* A database of some sales, and of seller 2 a backup beside it. */
static void make_sales(struct test *t, const char *folder, int seller, struct said *said)
{
    struct worker worker;
    struct db *db;
    struct sale sale = {.seller = seller};
    struct db_options options = {.url = str_from(database_in(t, folder)), .schemas = sales_schemas};
    worker_init(&worker, t);
    REQUIRE(db_open(&worker.ctx, &options, &db) == ERR_OK);
    REQUIRE(sales_begin(db, &worker.ctx) == ERR_OK);
    for (sale.number = 1; sale.number <= SALES; sale.number++) {
        sale.way = sale_way_of(sale.number);
        REQUIRE(db_write(db, &worker.ctx, sale_make, &sale) == ERR_OK);
    }
    if (seller == 2)
        REQUIRE(db_backup(db, &worker.ctx, path_in(t, folder, "backup")) == ERR_OK);
    db_close(db);
    worker_release(&worker);
    said->last[seller][0] = SALES;
}

/* A disk of its own in memory, which takes rights that there may not be. */
static bool mount_room(const char *folder, int bytes, unsigned long flags)
{
    char options[32];
    snprintf(options, sizeof options, "size=%d", bytes);
    if (!(flags & MS_REMOUNT) &&
        (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0))
        return false;
    return mount("small", folder, "tmpfs", flags, options) == 0;
}

static void torture(struct test *t, enum torture_kind kind, const struct use *uses)
{
    struct bench bench = {.t = t, .sale = {.seller = 1, .way = SALE_PAID}};
    mount_room(test_folder(t, "db/torture"), DISK, 0); /* or slower, on the disk that is there */
    const char *other = test_folder(t, "db/torture/other");
    bench.folder = test_folder(t, "db/torture/folder");
    bench.ready = test_folder(t, "db/torture/ready");
    bench.backup = path_in(t, other, "backup");
    bench.target = path_in(t, other, "target");
    bench.options = (struct db_options){.url = str_from(database_in(t, bench.folder)),
                                        .schemas = sales_schemas};
    bench.said = ARENA_NEW(t->arena, struct said);
    bench.other = ARENA_NEW(t->arena, struct said);
    REQUIRE(bench.said && bench.other);
    make_sales(t, bench.ready, 1, bench.said);
    make_sales(t, other, 2, bench.other);
    bench.sale.number = SALES + 1;
    for (const struct use *use = uses; use->name; use++)
        strike_every(&bench, use, kind);
}

TEST(torture_database_begins_with_each_allocation_failing)
{
    torture(t, TORTURE_MEMORY, beginnings);
}

TEST(torture_database_works_with_each_allocation_failing)
{
    torture(t, TORTURE_MEMORY, works);
}

TEST(torture_database_copies_with_each_allocation_failing)
{
    torture(t, TORTURE_MEMORY, copies);
}

TEST(torture_database_begins_with_each_system_call_failing)
{
    torture(t, TORTURE_SYSTEM, beginnings);
}

TEST(torture_database_works_with_each_system_call_failing)
{
    torture(t, TORTURE_SYSTEM, works);
}

TEST(torture_database_copies_with_each_system_call_failing)
{
    torture(t, TORTURE_SYSTEM, copies);
}

/* So much room and no more: of a disk, or where that cannot be, of each file. */
static void set_room(struct test *t, const char *folder, int bytes, bool *mounted)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct rlimit limit = {(rlim_t)bytes / 4, RLIM_INFINITY};
    if (*mounted)
        REQUIRE(mount_room(folder, bytes, MS_REMOUNT));
    else if (!(*mounted = mount_room(folder, bytes, 0)))
        REQUIRE(sigaction(SIGXFSZ, &ignore, NULL) == 0 && setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

/* Sells until a sale fails, and says with what. */
static enum err fill_up(struct bench *bench)
{
    enum err err = ERR_OK;
    for (int i = 0; i < SALES_MAX && !err; i++) {
        err = run_sale(bench);
        if (!err)
            after_sale(bench, err);
    }
    return err;
}

TEST(torture_database_goes_on_when_a_full_disk_has_room_again)
{
    struct bench bench = {.t = t, .sale = {.seller = 1, .way = SALE_PAID, .number = 1}};
    bool mounted = false;
    bench.folder = test_folder(t, "db/small");
    bench.said = ARENA_NEW(t->arena, struct said);
    REQUIRE(bench.said != NULL);
    set_room(t, bench.folder, DISK_SMALL, &mounted);
    bench.options = (struct db_options){.url = str_from(database_in(t, bench.folder)),
                                        .schemas = sales_schemas};
    worker_init(&bench.worker, t);
    REQUIRE(open_db(&bench) == ERR_OK && run_migrate(&bench) == ERR_OK);
    CHECK_ERR(fill_up(&bench), ERR_IO);
    CHECK(bench.sale.number > SALES);
    CHECK_ERR(run_read(&bench), ERR_OK);
    CHECK_ERR(run_sale(&bench), ERR_IO);
    set_room(t, bench.folder, DISK, &mounted);
    CHECK_ERR(run_sale(&bench), ERR_OK);
    after_sale(&bench, ERR_OK);
    db_close(bench.db);
    worker_release(&bench.worker);
    const char *wrong = books_wrong(t, bench.options.url.ptr, bench.said);
    test_note(t, "%s", wrong ? wrong : "");
    CHECK(!wrong);
    printf("# %" PRId64 " sales on a %s\n", bench.said->last[1][0],
           mounted ? "small disk" : "disk with a limit");
}
