/* What both engines must do alike, asked through db.h alone. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "engines.h"

enum { THREADS = 64, ROUNDS = 20, STACK = 256 << 10 };

#define SAME(text) \
    {              \
        text, text \
    }

static const char *const tables[][2] = {
    {"CREATE TABLE kind (id INTEGER PRIMARY KEY, n INTEGER, yes INTEGER, x REAL, words TEXT, "
     "raw BLOB) STRICT",
     "CREATE TABLE kind (id bigint PRIMARY KEY, n bigint, yes boolean, x double precision, "
     "words text COLLATE \"C\", raw bytea)"},
    {"CREATE TABLE stock (id INTEGER PRIMARY KEY, free INTEGER NOT NULL CHECK (free >= 0), "
     "label TEXT NOT NULL UNIQUE) STRICT",
     "CREATE TABLE stock (id bigint PRIMARY KEY, free bigint NOT NULL CHECK (free >= 0), "
     "label text COLLATE \"C\" NOT NULL UNIQUE)"},
    {"CREATE TABLE sale (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL REFERENCES stock) STRICT",
     "CREATE TABLE sale (id bigint PRIMARY KEY, stock bigint NOT NULL REFERENCES stock)"},
    SAME("INSERT INTO stock (id, free, label) VALUES (1, 1000, 'one')"),
    SAME("INSERT INTO stock (id, free, label) VALUES (2, 0, 'two')"),
    {NULL, NULL},
};

static const enum db_type ints[] = {DB_INT, DB_INT, DB_INT};
static const enum db_type kinds[] = {DB_INT, DB_INT, DB_BOOL, DB_REAL, DB_TEXT, DB_BLOB};
static const enum db_type stock_types[] = {DB_INT, DB_INT, DB_TEXT};

static const struct query kind_add = {
    .name = "kind_add",
    .sqlite = "INSERT INTO kind (id, n, yes, x, words, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    .postgres = "INSERT INTO kind (id, n, yes, x, words, raw) VALUES ($1, $2, $3, $4, $5, $6)",
    .param_types = kinds,
    .param_count = 6,
    .writes = true,
};

static const struct query kind_find = {
    .name = "kind_find",
    .sqlite = "SELECT id, n, yes, x, words, raw FROM kind WHERE id = ?1",
    .postgres = "SELECT id, n, yes, x, words, raw FROM kind WHERE id = $1",
    .param_types = kinds,
    .param_count = 1,
    .column_types = kinds,
    .column_count = 6,
};

static const struct query stock_add = {
    .name = "stock_add",
    .sqlite = "INSERT INTO stock (id, free, label) VALUES (?1, ?2, ?3)",
    .postgres = "INSERT INTO stock (id, free, label) VALUES ($1, $2, $3)",
    .param_types = stock_types,
    .param_count = 3,
    .writes = true,
};

static const struct query stock_find = {
    .name = "stock_find",
    .sqlite = "SELECT free FROM stock WHERE id = ?1",
    .postgres = "SELECT free FROM stock WHERE id = $1",
    .param_types = ints,
    .param_count = 1,
    .column_types = ints,
    .column_count = 1,
};

static const struct query stock_sum = {
    .name = "stock_sum",
    .sqlite = "SELECT SUM(free) FROM stock",
    .postgres = "SELECT CAST(SUM(free) AS bigint) FROM stock",
    .column_types = ints,
    .column_count = 1,
};

static const struct query stock_set = {
    .name = "stock_set",
    .sqlite = "UPDATE stock SET free = ?2 WHERE id = ?1",
    .postgres = "UPDATE stock SET free = $2 WHERE id = $1",
    .param_types = ints,
    .param_count = 2,
    .writes = true,
};

static const struct query sale_add = {
    .name = "sale_add",
    .sqlite = "INSERT INTO sale (id, stock) VALUES (?1, ?2)",
    .postgres = "INSERT INTO sale (id, stock) VALUES ($1, $2)",
    .param_types = ints,
    .param_count = 2,
    .writes = true,
};

static const struct query sale_count = {
    .name = "sale_count",
    .sqlite = "SELECT COUNT(*) FROM sale",
    .postgres = "SELECT COUNT(*) FROM sale",
    .column_types = ints,
    .column_count = 1,
};

/* Runs for minutes unless it is stopped, and changes something as well. */
static const struct query endless = {
    .name = "endless",
    .sqlite = "UPDATE stock SET free = free + (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
              "SELECT i + 1 FROM n WHERE i < 10000000000) SELECT COUNT(*) FROM n)",
    .postgres = "UPDATE stock SET free = free + (SELECT COUNT(*) FROM pg_sleep(600))",
    .writes = true,
};

static void open_with_tables(struct test *t, const struct engine *engine, struct fixture *fixture)
{
    fixture_open(t, engine, fixture);
    enum err err = run_statements(fixture->db, &fixture->worker.ctx, tables);
    test_note(t, "%s: %s", engine->name, fixture->worker.ctx.err.operator);
    REQUIRE(err == ERR_OK);
}

static enum err take_int(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    *(int64_t *)into = row[0].number;
    return ERR_OK;
}

static enum err read_stock(struct tx *tx, void *arg)
{
    return tx_query(tx, &stock_find, (struct db_value[]){db_int(1)}, take_int, arg);
}

static enum err count_sales(struct tx *tx, void *arg)
{
    return tx_query(tx, &sale_count, NULL, take_int, arg);
}

static int64_t ask(struct test *t, struct fixture *fixture, db_fn *fn)
{
    int64_t number = -1;
    test_note(t, "%s", fixture->engine->name);
    CHECK_ERR(db_read(fixture->db, &fixture->worker.ctx, fn, &number), ERR_OK);
    return number;
}

/* Values of every kind. */

struct kept {
    struct db_value values[6];
    bool seen;
};

static enum err add_kind(struct tx *tx, void *arg)
{
    return tx_exec(tx, &kind_add, arg, NULL);
}

static enum err keep_row(struct tx *tx, const struct db_value row[], void *into)
{
    struct kept *kept = into;
    memcpy(kept->values, row, sizeof kept->values);
    for (size_t i = 0; i < 6; i++)
        if (row[i].type == DB_TEXT || row[i].type == DB_BLOB)
            TRY(str_copy(tx->ctx->arena, row[i].bytes, &kept->values[i].bytes));
    kept->seen = true;
    return ERR_OK;
}

struct find {
    int64_t id;
    struct kept kept;
};

static enum err find_kind(struct tx *tx, void *arg)
{
    struct find *find = arg;
    return tx_query(tx, &kind_find, (struct db_value[]){db_int(find->id)}, keep_row, &find->kept);
}

static void check_same(struct test *t, const struct db_value *found, const struct db_value *put)
{
    CHECK_INT(found->null, put->null);
    if (put->null)
        return;
    if (put->type == DB_REAL)
        CHECK(found->real >= put->real && found->real <= put->real);
    else if (put->type == DB_TEXT || put->type == DB_BLOB)
        CHECK(str_equal(found->bytes, put->bytes));
    else
        CHECK_INT(found->number, put->number);
}

TEST(db_values_of_every_kind_come_back_as_they_went)
{
    struct db_value rows[][6] = {
        {db_int(0), db_int(INT64_MIN), db_bool(true), db_real(-0.1), db_text(STR("snow \u2603")),
         db_blob(str_make("a\0b\xff", 4))},
        {db_int(1), db_int(INT64_MAX), db_bool(false), db_real(1e308), db_text(STR("")),
         db_blob(STR(""))},
        {db_int(2), db_null(DB_INT), db_null(DB_BOOL), db_null(DB_REAL), db_null(DB_TEXT),
         db_null(DB_BLOB)},
        {db_int(3), db_int(0), db_bool(true), db_real((double)INFINITY), db_text((struct str){0}),
         db_blob((struct str){0})},
    };
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        for (int64_t i = 0; i < 4; i++) {
            struct find find = {.id = i};
            test_note(t, "%s, row %d", engine->name, (int)i);
            CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, add_kind, rows[i]), ERR_OK);
            CHECK_ERR(db_read(fixture.db, &fixture.worker.ctx, find_kind, &find), ERR_OK);
            REQUIRE(find.kept.seen);
            for (size_t k = 0; k < 6; k++)
                check_same(t, &find.kept.values[k], &rows[i][k]);
        }
        fixture_close(&fixture);
    }
}

TEST(db_refuses_values_that_one_engine_could_not_keep)
{
    struct db_value bad[][6] = {
        {db_int(1), db_int(1), db_bool(true), db_real((double)NAN), db_text(STR("")),
         db_blob(STR(""))},
        {db_int(1), db_int(1), db_bool(true), db_real(0), db_text(str_make("a\0b", 3)),
         db_blob(STR(""))},
        {db_int(1), db_int(1), db_bool(true), db_real(0), db_text(STR("\xff")), db_blob(STR(""))},
    };
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        for (size_t i = 0; i < 3; i++)
            CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, add_kind, bad[i]), ERR_INPUT);
        fixture_close(&fixture);
    }
}

/* Failures. */

struct sale {
    int64_t id, stock;
    enum err fail;    /* what it fails with after its changes */
    bool lasts;       /* runs a statement that does not end */
    bool swallows;    /* passes over the failure of a statement */
    _Atomic int *ran; /* how often, if not NULL */
};

static enum err sell(struct tx *tx, void *arg)
{
    struct sale *sale = arg;
    int64_t free = 0;
    if (sale->ran)
        atomic_fetch_add(sale->ran, 1);
    TRY(tx_query(tx, &stock_find, (struct db_value[]){db_int(1)}, take_int, &free));
    TRY(tx_exec(tx, &stock_set, (struct db_value[]){db_int(1), db_int(free - 1)}, NULL));
    TRY(tx_exec(tx, &sale_add, (struct db_value[]){db_int(sale->id), db_int(sale->stock)}, NULL));
    if (sale->swallows)
        (void)tx_exec(tx, &sale_add, (struct db_value[]){db_int(sale->id), db_int(1)}, NULL);
    if (sale->lasts)
        TRY(tx_exec(tx, &endless, NULL, NULL));
    return sale->fail ? err_fail(&tx->ctx->err, sale->fail, "No.", "as asked") : ERR_OK;
}

TEST(db_undoes_all_that_a_failing_fn_did)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct sale sale = {.id = 1, .stock = 1, .fail = ERR_CONFLICT};
        CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, sell, &sale), ERR_CONFLICT);
        CHECK_TEXT(fixture.worker.ctx.err.operator, "as asked");
        CHECK_INT(ask(t, &fixture, read_stock), 1000);
        CHECK_INT(ask(t, &fixture, count_sales), 0);
        sale.fail = ERR_OK;
        CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, sell, &sale), ERR_OK);
        CHECK_INT(ask(t, &fixture, read_stock), 999);
        CHECK_INT(ask(t, &fixture, count_sales), 1);
        fixture_close(&fixture);
    }
}

static enum err add_stock(struct tx *tx, void *arg)
{
    return tx_exec(tx, &stock_add, arg, NULL);
}

TEST(db_tells_which_constraint_broke)
{
    struct db_value again[] = {db_int(3), db_int(1), db_text(STR("one"))};
    struct db_value same[] = {db_int(1), db_int(1), db_text(STR("three"))};
    struct db_value negative[] = {db_int(3), db_int(-1), db_text(STR("three"))};
    struct db_value nameless[] = {db_int(3), db_int(1), db_null(DB_TEXT)};
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct ctx *ctx = &fixture.worker.ctx;
        struct sale nowhere = {.id = 1, .stock = 77};
        test_note(t, "%s", engine->name);
        CHECK_ERR(db_write(fixture.db, ctx, add_stock, again), ERR_CONFLICT);
        CHECK_TEXT(ctx->err.field, "label");
        CHECK_ERR(db_write(fixture.db, ctx, add_stock, same), ERR_CONFLICT);
        CHECK_TEXT(ctx->err.field, "id");
        CHECK_ERR(db_write(fixture.db, ctx, add_stock, negative), ERR_INPUT);
        CHECK_ERR(db_write(fixture.db, ctx, add_stock, nameless), ERR_INPUT);
        CHECK_ERR(db_write(fixture.db, ctx, sell, &nowhere), ERR_INPUT);
        CHECK_INT(ask(t, &fixture, read_stock), 1000);
        fixture_close(&fixture);
    }
}

/* What failed in the engine may have undone more than the statement. */
TEST(db_does_not_keep_a_write_that_passed_over_a_failure)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct sale sale = {.id = 1, .stock = 1, .swallows = true};
        test_note(t, "%s", engine->name);
        CHECK(db_write(fixture.db, &fixture.worker.ctx, sell, &sale) != ERR_OK);
        CHECK_INT(ask(t, &fixture, read_stock), 1000);
        CHECK_INT(ask(t, &fixture, count_sales), 0);
        fixture_close(&fixture);
    }
}

/* Deadlines. */

TEST(db_stops_a_statement_at_the_deadline)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct ctx *ctx = &fixture.worker.ctx;
        struct sale sale = {.id = 1, .stock = 1, .lasts = true};
        ctx->deadline_us = clock_tick_us(ctx->clock) + SECOND_US / 5;
        CHECK_ERR(db_write(fixture.db, ctx, sell, &sale), ERR_TIMEOUT);
        CHECK(clock_tick_us(ctx->clock) >= ctx->deadline_us);
        CHECK_ERR(db_read(fixture.db, ctx, count_sales, &sale), ERR_TIMEOUT);
        ctx->deadline_us = 0;
        CHECK_INT(ask(t, &fixture, read_stock), 1000);
        sale.lasts = false;
        CHECK_ERR(db_write(fixture.db, ctx, sell, &sale), ERR_OK);
        fixture_close(&fixture);
    }
}

/* Holds the writer's thread until it is told to go on. */
struct gate {
    _Atomic bool entered, open;
};

static enum err hold(struct tx *tx, void *arg)
{
    struct gate *gate = arg;
    atomic_store(&gate->entered, true);
    while (!atomic_load(&gate->open))
        sched_yield();
    (void)tx;
    return ERR_OK;
}

/* A thread that writes. */
struct writer {
    struct worker worker;
    struct db *db;
    db_fn *fn;
    void *arg;
    int rounds;
    int64_t wait_us; /* its deadline from its start; 0 is none */
    enum err result;
    pthread_t thread;
};

static void *write_rounds(void *arg)
{
    struct writer *writer = arg;
    if (writer->wait_us)
        writer->worker.ctx.deadline_us = clock_tick_us(&writer->worker.clock) + writer->wait_us;
    for (int i = 0; i < writer->rounds && !writer->result; i++)
        writer->result = db_write(writer->db, &writer->worker.ctx, writer->fn, writer->arg);
    return NULL;
}

static void writer_start(struct test *t, struct writer *writer, struct fixture *fixture, db_fn *fn,
                         void *arg)
{
    pthread_attr_t small;
    worker_init(&writer->worker, t);
    writer->db = fixture->db;
    writer->fn = fn;
    writer->arg = arg;
    writer->rounds = writer->rounds ? writer->rounds : 1;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    REQUIRE(pthread_create(&writer->thread, &small, write_rounds, writer) == 0);
    pthread_attr_destroy(&small);
}

static enum err writer_join(struct writer *writer)
{
    pthread_join(writer->thread, NULL);
    worker_release(&writer->worker);
    return writer->result;
}

static void start_holding(struct test *t, struct writer *holder, struct fixture *fixture,
                          struct gate *gate)
{
    writer_start(t, holder, fixture, hold, gate);
    while (!atomic_load(&gate->entered))
        sched_yield();
}

static void wait_for_waiting(const struct fixture *fixture, int64_t count)
{
    while (fixture_counter(fixture, "db_waiting") < count)
        sched_yield();
}

TEST(db_withdraws_a_write_whose_deadline_passes_in_the_queue)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct gate gate = {0};
        struct writer holder = {0};
        _Atomic int ran = 0;
        struct sale sale = {.id = 1, .stock = 1, .ran = &ran};
        struct ctx *ctx = &fixture.worker.ctx;
        start_holding(t, &holder, &fixture, &gate);
        ctx->deadline_us = clock_tick_us(ctx->clock) + SECOND_US / 20;
        CHECK_ERR(db_write(fixture.db, ctx, sell, &sale), ERR_TIMEOUT);
        atomic_store(&gate.open, true);
        CHECK_ERR(writer_join(&holder), ERR_OK);
        ctx->deadline_us = 0;
        CHECK_INT(atomic_load(&ran), 0);
        CHECK_INT(ask(t, &fixture, count_sales), 0);
        CHECK_INT(fixture_counter(&fixture, "db_waiting"), 0);
        fixture_close(&fixture);
    }
}

/* Company. */

TEST(db_commits_together_those_that_wait_together)
{
    struct fixture fixture;
    static struct writer writers[THREADS];
    static struct sale sales[THREADS];
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct gate gate = {0};
        struct writer holder = {0};
        memset(writers, 0, sizeof writers);
        start_holding(t, &holder, &fixture, &gate);
        int64_t batches = fixture_counter(&fixture, "db_batches_total");
        for (int i = 0; i < THREADS; i++) {
            sales[i] = (struct sale){.id = i, .stock = 1};
            writer_start(t, &writers[i], &fixture, sell, &sales[i]);
        }
        wait_for_waiting(&fixture, THREADS + 1);
        atomic_store(&gate.open, true);
        CHECK_ERR(writer_join(&holder), ERR_OK);
        for (int i = 0; i < THREADS; i++)
            CHECK_ERR(writer_join(&writers[i]), ERR_OK);
        batches = fixture_counter(&fixture, "db_batches_total") - batches;
        CHECK(batches == 1 || batches == 2); /* of 60 and of 4, or 59 are in the holder's */
        CHECK_INT(ask(t, &fixture, count_sales), THREADS);
        CHECK_INT(ask(t, &fixture, read_stock), 1000 - THREADS);
        fixture_close(&fixture);
    }
}

/* One of four fails by itself, one of sixteen runs out of time, one of sixteen spoils the batch. */
TEST(db_write_that_goes_wrong_harms_no_neighbour)
{
    struct fixture fixture;
    static struct writer writers[THREADS];
    static struct sale sales[THREADS];
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct gate gate = {0};
        struct writer holder = {0};
        int good = 0;
        memset(writers, 0, sizeof writers);
        start_holding(t, &holder, &fixture, &gate);
        for (int i = 0; i < THREADS; i++) {
            sales[i] = (struct sale){.id = i, .stock = 1};
            sales[i].fail = i % 4 == 1 ? ERR_CONFLICT : ERR_OK;
            sales[i].lasts = i % 16 == 2;
            sales[i].swallows = i % 16 == 6;
            writers[i].wait_us = sales[i].lasts ? 3 * SECOND_US : 0;
            writer_start(t, &writers[i], &fixture, sell, &sales[i]);
        }
        wait_for_waiting(&fixture, THREADS + 1);
        atomic_store(&gate.open, true);
        CHECK_ERR(writer_join(&holder), ERR_OK);
        for (int i = 0; i < THREADS; i++) {
            bool bad = sales[i].fail || sales[i].lasts || sales[i].swallows;
            test_note(t, "%s, write %d", engine->name, i);
            CHECK_INT(writer_join(&writers[i]) != ERR_OK, bad);
            if (sales[i].lasts)
                CHECK_ERR(writers[i].result, ERR_TIMEOUT);
            good += !bad;
        }
        CHECK_INT(ask(t, &fixture, count_sales), good);
        CHECK_INT(ask(t, &fixture, read_stock), 1000 - good);
        fixture_close(&fixture);
    }
}

static enum err take_one(struct tx *tx, void *arg)
{
    int64_t free = 0;
    (void)arg;
    TRY(tx_query(tx, &stock_find, (struct db_value[]){db_int(1)}, take_int, &free));
    if (!free)
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "Sold out.", "none left");
    return tx_exec(tx, &stock_set, (struct db_value[]){db_int(1), db_int(free - 1)}, NULL);
}

TEST(db_write_is_as_if_nothing_else_ran)
{
    struct fixture fixture;
    static struct writer writers[THREADS];
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        memset(writers, 0, sizeof writers);
        int64_t sold_out = 0;
        for (int i = 0; i < THREADS; i++) {
            writers[i].rounds = ROUNDS;
            writer_start(t, &writers[i], &fixture, take_one, NULL);
        }
        for (int i = 0; i < THREADS; i++)
            sold_out += writer_join(&writers[i]) == ERR_CONFLICT;
        test_note(t, "%s", engine->name);
        CHECK_INT(ask(t, &fixture, read_stock), 0); /* 1280 wanted, 1000 were there */
        CHECK(sold_out > 0);
        CHECK_INT(fixture_counter(&fixture, "db_commits_total"), 1000 + 1);
        fixture_close(&fixture);
    }
}

/* Positions and readers. */

TEST(db_reads_are_as_new_as_the_last_write)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        int64_t before = fixture.worker.ctx.db_position;
        for (int i = 0; i < ROUNDS; i++) {
            CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, take_one, NULL), ERR_OK);
            CHECK(fixture.worker.ctx.db_position > before);
            before = fixture.worker.ctx.db_position;
            CHECK_INT(ask(t, &fixture, read_stock), 999 - i);
        }
        fixture_close(&fixture);
    }
}

static enum err move_one(struct tx *tx, void *arg)
{
    int64_t one = 0, two = 0;
    (void)arg;
    TRY(tx_query(tx, &stock_find, (struct db_value[]){db_int(1)}, take_int, &one));
    TRY(tx_query(tx, &stock_find, (struct db_value[]){db_int(2)}, take_int, &two));
    TRY(tx_exec(tx, &stock_set, (struct db_value[]){db_int(1), db_int(one - 1)}, NULL));
    return tx_exec(tx, &stock_set, (struct db_value[]){db_int(2), db_int(two + 1)}, NULL);
}

static enum err read_sum(struct tx *tx, void *arg)
{
    return tx_query(tx, &stock_sum, NULL, take_int, arg);
}

/* Sees the same twice, and never half of a write. */
static enum err look(struct tx *tx, void *arg)
{
    int64_t one[2] = {0}, sum = 0;
    (void)arg;
    TRY(read_stock(tx, &one[0]));
    TRY(read_sum(tx, &sum));
    TRY(read_stock(tx, &one[1]));
    return sum == 1000 && one[0] == one[1]
               ? ERR_OK
               : err_fail(&tx->ctx->err, ERR_INTERNAL, "No.", "saw half a write");
}

struct reader {
    struct worker worker;
    struct db *db;
    enum err result;
    pthread_t thread;
    _Atomic bool *stop;
    int reads;
};

static void *read_rounds(void *arg)
{
    struct reader *reader = arg;
    while (!reader->result && (!atomic_load(reader->stop) || reader->reads < ROUNDS)) {
        reader->result = db_read(reader->db, &reader->worker.ctx, look, NULL);
        reader->reads++;
    }
    return NULL;
}

TEST(db_readers_see_whole_writes_while_others_write)
{
    struct fixture fixture;
    static struct writer writers[8];
    static struct reader readers[2 * DB_READERS_MAX];
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        _Atomic bool stop = false;
        memset(writers, 0, sizeof writers);
        memset(readers, 0, sizeof readers);
        for (int i = 0; i < 2 * DB_READERS_MAX; i++) {
            worker_init(&readers[i].worker, t);
            readers[i].db = fixture.db;
            readers[i].stop = &stop;
            REQUIRE(pthread_create(&readers[i].thread, NULL, read_rounds, &readers[i]) == 0);
        }
        for (int i = 0; i < 8; i++) {
            writers[i].rounds = ROUNDS;
            writer_start(t, &writers[i], &fixture, move_one, NULL);
        }
        for (int i = 0; i < 8; i++)
            CHECK_ERR(writer_join(&writers[i]), ERR_OK);
        atomic_store(&stop, true);
        for (int i = 0; i < 2 * DB_READERS_MAX; i++) {
            pthread_join(readers[i].thread, NULL);
            test_note(t, "%s: %s", engine->name, readers[i].worker.ctx.err.operator);
            CHECK_ERR(readers[i].result, ERR_OK);
            worker_release(&readers[i].worker);
        }
        CHECK_INT(ask(t, &fixture, read_stock), 1000 - 8 * ROUNDS);
        fixture_close(&fixture);
    }
}

/* Limits. */

TEST(db_write_is_told_busy_when_too_many_wait)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct gate gate = {0};
        int64_t sales = 0; /* all of them tell it on the one writer's thread */
        struct writer holder = {0}, *waiting = mem_alloc(DB_WAITING_MAX * sizeof *waiting);
        REQUIRE(waiting);
        start_holding(t, &holder, &fixture, &gate);
        for (int i = 0; i < DB_WAITING_MAX; i++)
            writer_start(t, &waiting[i], &fixture, count_sales, &sales);
        wait_for_waiting(&fixture, DB_WAITING_MAX + 1);
        CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, take_one, NULL), ERR_BUSY);
        atomic_store(&gate.open, true);
        CHECK_ERR(writer_join(&holder), ERR_OK);
        for (int i = 0; i < DB_WAITING_MAX; i++)
            REQUIRE(writer_join(&waiting[i]) == ERR_OK);
        CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, take_one, NULL), ERR_OK);
        mem_free(waiting);
        fixture_close(&fixture);
    }
}

enum { QUERIES = 700 };

static enum err run_many(struct tx *tx, void *arg)
{
    const struct query *queries = arg;
    for (int round = 0; round < 2; round++)
        for (int64_t i = 0; i < QUERIES; i++) {
            int64_t number = -1;
            TRY(tx_query(tx, &queries[i], (struct db_value[]){db_int(i)}, take_int, &number));
            if (number != i)
                return err_fail(&tx->ctx->err, ERR_INTERNAL, "No.", "another's statement");
        }
    return ERR_OK;
}

TEST(db_keeps_apart_more_statements_than_it_keeps)
{
    struct fixture fixture;
    struct query *queries = ARENA_ARRAY(t->arena, QUERIES, struct query);
    REQUIRE(queries);
    for (int i = 0; i < QUERIES; i++)
        queries[i] = (struct query){.name = "many",
                                    .sqlite = "SELECT ?1",
                                    .postgres = "SELECT CAST($1 AS bigint)",
                                    .param_types = ints,
                                    .param_count = 1,
                                    .column_types = ints,
                                    .column_count = 1};
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct ctx *ctx = &fixture.worker.ctx;
        test_note(t, "%s", engine->name);
        CHECK_ERR(db_read(fixture.db, ctx, run_many, queries), ERR_OK);
        CHECK_ERR(db_write(fixture.db, ctx, run_many, queries), ERR_OK);
        fixture_close(&fixture);
    }
}

/* A row's function may ask the same again: each has a statement of its own. */
static enum err ask_within(struct tx *tx, const struct db_value row[], void *into)
{
    struct db_value args[] = {db_int(2)};
    (void)row;
    return tx_query(tx, &stock_find, args, take_int, into);
}

static enum err nest(struct tx *tx, void *arg)
{
    return tx_query(tx, &stock_find, (struct db_value[]){db_int(1)}, ask_within, arg);
}

TEST(db_query_may_run_within_itself)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        CHECK_INT(ask(t, &fixture, nest), 0);
        CHECK_INT(ask(t, &fixture, nest), 0);
        fixture_close(&fixture);
    }
}

/* Takes more than half of the memory there is: a second time it needs the first's. */
struct hungry {
    struct sale sale;
    int runs;
};

static enum err eat(struct tx *tx, void *arg)
{
    struct hungry *hungry = arg;
    hungry->runs++;
    if (!arena_bytes(tx->ctx->arena, WORKER_MEMORY_MAX / 8 * 5))
        return err_memory(&tx->ctx->err);
    return sell(tx, &hungry->sale);
}

TEST(db_gives_memory_back_before_a_fn_runs_again)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_with_tables(t, engine, &fixture);
        struct gate gate = {0};
        struct writer holder = {0}, spoiler = {0}, eater = {0};
        struct hungry hungry = {.sale = {.id = 1, .stock = 1}};
        struct sale spoilt = {.id = 2, .stock = 1, .swallows = true};
        start_holding(t, &holder, &fixture, &gate);
        writer_start(t, &eater, &fixture, eat, &hungry);
        wait_for_waiting(&fixture, 2);
        writer_start(t, &spoiler, &fixture, sell, &spoilt);
        wait_for_waiting(&fixture, 3);
        atomic_store(&gate.open, true);
        CHECK_ERR(writer_join(&holder), ERR_OK);
        CHECK(writer_join(&spoiler) != ERR_OK);
        CHECK_ERR(writer_join(&eater), ERR_OK);
        test_note(t, "%s", engine->name);
        CHECK_INT(hungry.runs, 2);
        CHECK_INT(ask(t, &fixture, count_sales), 1);
        fixture_close(&fixture);
    }
}

TEST(db_url_that_cannot_be_is_refused)
{
    static const char *const urls[] = {"",        "stoa.db",         "oracle:x",
                                       "sqlite:", "sqlite::memory:", "sqlite:folder/"};
    struct worker worker;
    struct db *db;
    worker_init(&worker, t);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct db_options options = {.url = str_from(urls[i])};
        test_note(t, "%s", urls[i]);
        CHECK_ERR(db_open(&worker.ctx, &options, &db), ERR_INPUT);
        CHECK_TEXT(worker.ctx.err.field, "DATABASE_URL");
    }
    worker_release(&worker);
}
