/* Makes a database with all rooms' tables, and the shop's goods in it. */
#include "place.h"

#include <inttypes.h>
#include <string.h>

#include "app/wiring.h"
#include "base/buf.h"
#include "ports/db/migrate.h"

enum { STATEMENT_MAX = 4096 };

struct db *shop_place_open_db(struct shop_place *place, struct ctx *ctx)
{
    struct test *t = place->t;
    struct db *db = NULL;
    struct db_options options = {.url = str_from(place->fixture.url),
                                 .schemas = wiring_schemas,
                                 .counters = &place->counters};
    enum err err = db_open(ctx, &options, &db);
    test_note(t, "%s: %s", place->fixture.engine->name, ctx->err.operator);
    REQUIRE(err == ERR_OK);
    return db;
}

static void add_locations(struct shop_place *place)
{
    for (int n = 1; n <= 2; n++)
        shop_place_do(place,
                      "INSERT INTO shop_location (id, name, position, country, postcode, city, "
                      "street) VALUES ('" STR_FMT "', 'Store', %d, 'DE', '', '', '')",
                      STR_ARG(shop_place_id(place, "loc", n)), n);
    shop_place_do(place,
                  "INSERT INTO shop_category (id, parent, slug, name, words, position, picture) "
                  "VALUES ('" STR_FMT "', NULL, 'all', 'All', '', 1, '')",
                  STR_ARG(shop_place_id(place, "cat", 1)));
}

void shop_place_open(struct test *t, const struct engine *engine, struct shop_place *place)
{
    memset(place, 0, sizeof *place);
    place->t = t;
    place->ctx = t->ctx;
    arena_init(&place->queries, TEST_ARENA_MAX);
    place->fixture.engine = engine;
    worker_init(&place->fixture.worker, t);
    engine->start(t, &place->fixture);
    place->db = shop_place_open_db(place, t->ctx);
    struct migrate_plan *plan = ARENA_NEW(t->arena, struct migrate_plan);
    REQUIRE(plan);
    CHECK_ERR(migrate_run(place->db, t->ctx, plan), ERR_OK);
    add_locations(place);
}

void shop_place_close(struct shop_place *place)
{
    db_close(place->db);
    if (place->fixture.engine->stop)
        place->fixture.engine->stop(&place->fixture);
    worker_release(&place->fixture.worker);
    arena_release(&place->queries);
}

void shop_place_ctx(struct shop_place *place, struct shop_place_worker *worker)
{
    memset(worker, 0, sizeof *worker);
    arena_init(&worker->arena, TEST_ARENA_MAX);
    worker->rand = rand_system();
    worker->id_rand = rand_system();
    id_source_init(&worker->ids, place->ctx->clock, &worker->id_rand);
    worker->ctx = (struct ctx){.arena = &worker->arena,
                               .clock = place->ctx->clock,
                               .rand = &worker->rand,
                               .ids = &worker->ids,
                               .log = place->ctx->log};
}

void shop_place_ctx_end(struct shop_place_worker *worker)
{
    id_source_release(&worker->ids);
    arena_release(&worker->arena);
}

struct str shop_place_id(struct shop_place *place, const char *prefix, int64_t n)
{
    struct test *t = place->t;
    char *text = arena_alloc(t->arena, ID_TEXT_MAX);
    REQUIRE(text != NULL);
    id_format((struct id){.low = (uint64_t)n}, prefix, text);
    return str_from(text);
}

void shop_place_variant(struct shop_place *place, int64_t n, int64_t free)
{
    struct str product = shop_place_id(place, "prd", n), variant = shop_place_id(place, "var", n);
    struct str location = shop_place_id(place, "loc", 1);
    int64_t now_us = clock_now_us(place->ctx->clock);
    shop_place_do(place,
                  "INSERT INTO shop_product (id, category, slug, name, words, brand, kind, "
                  "tax_class, state, picture, price, made, changed) VALUES ('" STR_FMT
                  "', '" STR_FMT "', 'p%" PRId64 "', 'Product %" PRId64
                  "', '', '', 'goods', '', 'listed', '', 1000, 0, 0)",
                  STR_ARG(product), STR_ARG(shop_place_id(place, "cat", 1)), n, n);
    shop_place_do(place,
                  "INSERT INTO shop_variant (id, product, position, sku, barcode, first, second, "
                  "third, price, before, weight, shipped, beyond, due) VALUES ('" STR_FMT
                  "', '" STR_FMT "', 1, 'S%" PRId64
                  "', '', '', '', '', 1000, NULL, 100, TRUE, 'never', NULL)",
                  STR_ARG(variant), STR_ARG(product), n);
    if (free < 0)
        return;
    shop_place_do(place,
                  "INSERT INTO shop_stock (variant, location, free, held, sold, damaged, changed) "
                  "VALUES ('" STR_FMT "', '" STR_FMT "', %" PRId64 ", 0, 0, 0, %" PRId64 ")",
                  STR_ARG(variant), STR_ARG(location), free, now_us);
    shop_place_do(place,
                  "INSERT INTO shop_movement (variant, location, id, kind, free, held, sold, "
                  "damaged, cause, made) VALUES ('" STR_FMT "', '" STR_FMT "', '" STR_FMT
                  "', 'receive', %" PRId64 ", 0, 0, 0, 'opening', %" PRId64 ")",
                  STR_ARG(variant), STR_ARG(location), STR_ARG(shop_place_id(place, "mov", n)),
                  free, now_us);
}

/* Each its own query: the cache of statements knows a query by its place. */
__attribute__((format(printf, 3, 0))) static struct query *
make_query(struct shop_place *place, const char *before, const char *format, va_list args,
           const char *behind)
{
    struct test *t = place->t;
    struct query *query = ARENA_NEW(&place->queries, struct query);
    struct buf text;
    buf_init(&text, &place->queries, STATEMENT_MAX);
    buf_add(&text, str_from(before));
    buf_addv(&text, format, args);
    buf_add(&text, str_from(behind));
    REQUIRE(query && str_cstr(&place->queries, buf_str(&text), &query->sqlite) == ERR_OK);
    REQUIRE(buf_err(&text) == ERR_OK);
    query->name = "statement";
    query->postgres = query->sqlite;
    return query;
}

static enum err do_it(struct tx *tx, void *arg)
{
    return tx_exec(tx, arg, NULL, NULL);
}

void shop_place_do(struct shop_place *place, const char *format, ...)
{
    struct test *t = place->t;
    va_list args;
    va_start(args, format);
    struct query *query = make_query(place, "", format, args, "");
    va_end(args);
    query->writes = true;
    enum err err = db_write(place->db, place->ctx, do_it, query);
    test_note(t, "%s: %s", query->sqlite, place->ctx->err.operator);
    REQUIRE(err == ERR_OK);
    test_note(t, "%s", "");
}

struct asked {
    const struct query *query;
    int64_t number;
};

static enum err take_number(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    ((struct asked *)into)->number = row[0].number;
    return ERR_OK;
}

static enum err ask(struct tx *tx, void *arg)
{
    struct asked *asked = arg;
    return tx_query_one(tx, asked->query, NULL, take_number, asked);
}

int64_t shop_place_number(struct shop_place *place, const char *format, ...)
{
    static const enum db_type types[] = {DB_INT};
    struct test *t = place->t;
    va_list args;
    va_start(args, format);
    struct query *query = make_query(place, "SELECT CAST(COALESCE((", format, args,
                                     "), 0) AS bigint) AS number");
    va_end(args);
    query->column_types = types;
    query->column_count = 1;
    struct asked asked = {.query = query};
    enum err err = db_read(place->db, place->ctx, ask, &asked);
    test_note(t, "%s: %s", query->sqlite, place->ctx->err.operator);
    REQUIRE(err == ERR_OK);
    test_note(t, "%s", "");
    return asked.number;
}
