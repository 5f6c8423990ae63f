/* What the sample's functions do at the same time is what they do one after another: each against
 * itself, through two funnels on one database, as two processes have them. */
#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "db/sample/sample_sql.h"
#include "engines.h"
#include "samples/sales.h"

enum { FUNNELS = 2, CALLERS = 4, TIMES = 15, TRIES_MAX = 200 };

static enum err sell(struct tx *tx, void *arg)
{
    return sale_make(tx, arg);
}

/* Reads, then writes what follows from it: what READ COMMITTED loses. */
static enum err count_in_note(struct tx *tx, void *arg)
{
    struct item_find_row item;
    struct buf text;
    char bytes[24];
    int64_t count = 0;
    (void)arg;
    TRY(item_find(tx, STR("itm_0000"), &item));
    if (!item.note_null)
        TRY(str_to_int(item.note, 0, INT64_MAX, &count));
    buf_init_fixed(&text, bytes, sizeof bytes);
    buf_add_int(&text, count + 1);
    struct str note = buf_str(&text);
    return item_note(tx, STR("itm_0000"), &note);
}

static enum err deliver(struct tx *tx, void *arg)
{
    const struct sale *sale = arg;
    return item_deliver(tx, STR("itm_new"), STR("new"), STR("new"), SALES_PRICE, sale->number,
                        STR("{}"), true, 1);
}

/* All pay the same sales: each is paid once, and the books have one line of it. */
static enum err pay_once(struct tx *tx, void *arg)
{
    const struct sale *sale = arg;
    struct sale shared = {.number = 3 * sale->number, .way = SALE_HELD};
    char id[SALE_ID_MAX];
    int64_t changed;
    sale_id(&shared, id);
    struct sale_find_row row;
    enum err err = sale_find(tx, str_from(id), &row);
    if (err == ERR_MISSING)
        TRY(sale_make(tx, &shared));
    else
        TRY(err);
    TRY(sale_pay(tx, str_from(id), 1, &changed));
    return changed ? sale_book(tx, str_from(id), 1, SALES_PRICE, NULL) : ERR_OK;
}

static db_fn *const functions[] = {sell, count_in_note, deliver, pay_once};

struct caller {
    struct worker worker;
    struct db *db;
    db_fn *fn;
    int number;
    enum err err;
    pthread_t thread;
};

static void *call(void *arg)
{
    struct caller *caller = arg;
    caller->err = ERR_OK;
    for (int64_t i = 1; i <= TIMES && !caller->err; i++) {
        struct sale sale = {.seller = 1, .thread = caller->number, .number = i};
        sale.way = sale_way_of(i);
        caller->err = ERR_BUSY;
        for (int tried = 0; tried < TRIES_MAX && caller->err == ERR_BUSY; tried++)
            caller->err = db_write(caller->db, &caller->worker.ctx, caller->fn, &sale);
    }
    return NULL;
}

/* What is there in the end, in words. */
static enum err tell(struct tx *tx, void *arg)
{
    struct buf *text = arg;
    struct item_stock_row stock;
    struct item_find_row item;
    struct sale_balance_row books;
    TRY(item_stock(tx, &stock));
    TRY(sale_balance(tx, &books));
    TRY(item_find(tx, STR("itm_0000"), &item));
    buf_clear(text);
    buf_addf(text, "items %lld free %lld held %lld sold %lld money %lld note " STR_FMT,
             (long long)stock.items, (long long)stock.free, (long long)stock.held,
             (long long)stock.sold, (long long)books.amount_minor, STR_ARG(item.note));
    return buf_err(text);
}

static void run_callers(struct test *t, struct db *const dbs[FUNNELS], db_fn *fn, bool together)
{
    static struct caller callers[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.db = dbs[i % FUNNELS], .fn = fn, .number = i};
        worker_init(&callers[i].worker, t);
        if (together)
            REQUIRE(pthread_create(&callers[i].thread, NULL, call, &callers[i]) == 0);
        else
            call(&callers[i]);
    }
    for (int i = 0; i < CALLERS; i++) {
        if (together)
            pthread_join(callers[i].thread, NULL);
        test_note(t, "%s", callers[i].worker.ctx.err.operator);
        CHECK_ERR(callers[i].err, ERR_OK);
        worker_release(&callers[i].worker);
    }
}

/* All functions on a fresh database, and what is there after them. */
static struct str outcome(struct test *t, const struct engine *engine, bool together)
{
    struct fixture fixture;
    struct buf text;
    struct db *dbs[FUNNELS];
    fixture_open(t, engine, &fixture);
    struct db_options options = {.url = str_from(fixture.url), .schemas = sales_schemas};
    for (int i = 0; i < FUNNELS; i++)
        REQUIRE(db_open(&fixture.worker.ctx, &options, &dbs[i]) == ERR_OK);
    CHECK_ERR(sales_begin(dbs[0], &fixture.worker.ctx), ERR_OK);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        run_callers(t, dbs, functions[i], together);
    buf_init(&text, t->arena, 4096);
    CHECK_ERR(db_read(dbs[0], &fixture.worker.ctx, tell, &text), ERR_OK);
    for (int i = 0; i < FUNNELS; i++)
        db_close(dbs[i]);
    fixture_close(&fixture);
    return buf_str(&text);
}

TEST(serial_each_function_against_itself_is_as_one_after_another)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct str expected = outcome(t, engine, false), found = outcome(t, engine, true);
        test_note(t, "%s: " STR_FMT "\n" STR_FMT, engine->name, STR_ARG(found), STR_ARG(expected));
        CHECK(str_equal(found, expected));
        CHECK(str_ends(found, STR("note 60"))); /* CALLERS * TIMES */
    }
}
