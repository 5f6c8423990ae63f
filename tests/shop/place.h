/* A database with the tables of all rooms, on each engine, and what the shop's tests put there.
 *
 *     struct shop_place place;
 *     for (const struct engine *engine = engines; engine->name; engine++) {
 *         shop_place_open(t, engine, &place);
 *         shop_place_variant(&place, 1, 20);                     var_…1, 20 of them at loc_…1
 *         CHECK_ERR(db_write(place.db, place.ctx, sell, &arg), ERR_OK);
 *         CHECK_INT(shop_place_number(&place, "SELECT SUM(sold) FROM shop_stock"), 1);
 *         shop_place_close(&place);
 *     }
 *
 * Its clock is the test's, turned by hand; shop_place_ctx makes another context for a thread. */
#ifndef STOA_TESTS_SHOP_PLACE_H
#define STOA_TESTS_SHOP_PLACE_H

#include "engines.h"

struct shop_place {
    struct fixture fixture; /* without its database */
    struct counter_registry counters;
    struct db *db;
    struct ctx *ctx; /* the test's */
    struct test *t;
    struct arena queries; /* statements keep their place as long as the database knows them */
};

void shop_place_open(struct test *t, const struct engine *engine, struct shop_place *place);
void shop_place_close(struct shop_place *place);

/* The database opened once more, as another process would. */
struct db *shop_place_open_db(struct shop_place *place, struct ctx *ctx);

/* A context for a thread of its own: on the test's clock, with chance and ids of its own. */
struct shop_place_worker {
    struct ctx ctx;
    struct arena arena;
    struct rand rand, id_rand;
    struct id_source ids;
};

void shop_place_ctx(struct shop_place *place, struct shop_place_worker *worker);
void shop_place_ctx_end(struct shop_place_worker *worker);

/* The id of the n-th thing of a kind: "var_" and the number in 26 digits. In t->arena. */
struct str shop_place_id(struct shop_place *place, const char *prefix, int64_t n);

/* Variant n of product n, 10.00 each; `free` < 0: without a row of stock. The location of a variant
 * is number 1, there from the start with number 2; both have room for more by stock.h. */
void shop_place_variant(struct shop_place *place, int64_t n, int64_t free);

/* One statement that both engines take; what a SELECT of one number gives, and 0 for
 * a null. */
void shop_place_do(struct shop_place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int64_t shop_place_number(struct shop_place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
