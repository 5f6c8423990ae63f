/* What the proofs write: sales, each of which moves stock and adds lines to the books in one
 * transaction, so that half of one is seen in the sums.
 *
 *     TRY(sales_begin(db, ctx));
 *     struct sale sale = {.seller = 2, .thread = 0, .number = 17, .way = sale_way_of(17)};
 *     TRY(db_write(db, ctx, sale_make, &sale)); */
#ifndef STOA_TESTS_DB_SAMPLES_SALES_H
#define STOA_TESTS_DB_SAMPLES_SALES_H

#include "ports/db/db.h"
#include "ports/db/schema.h"

enum {
    SALES_ITEMS = 4,
    SALES_STOCK = 1000000, /* of each item, at the beginning */
    SALES_PRICE = 250,
    SALES_FEE = 7,
    SALE_ID_MAX = 48,
};

enum sale_way {
    SALE_HELD,
    SALE_PAID,
    SALE_GIVEN_UP, /* fails when all of it is written: nothing of it may stay */
    SALE_BROKEN,   /* an assert fails in the middle */
};

struct sale {
    int seller, thread; /* a process and a thread of it */
    int64_t number;     /* counted by the thread, from 1 */
    enum sale_way way;
};

extern const struct schema *const sales_schemas[];

/* Makes the tables, and the items where there are none. */
enum err sales_begin(struct db *db, struct ctx *ctx);

enum sale_way sale_way_of(int64_t number);

/* "sal_0002_00_00000017": a thread's sales stand in the order of their numbers. */
void sale_id(const struct sale *sale, char id[SALE_ID_MAX]);

enum err sale_make(struct tx *tx, void *arg); /* a sale */

#endif
