/* Stock: how much of each variant lies where, and the ledger of what became of it.
 *
 *     struct stock_want wants[] = {{.variant = id, .quantity = 2}};
 *     TRY(stock_hold(tx, order, wants, 1));         ERR_CONFLICT: wants[i].lacks is what lacks
 *     TRY(stock_sell(tx, order));                   paid: what was held for it is sold
 *     TRY(stock_release(tx, order));                or not: it is free again
 *     TRY(stock_give_back(tx, order));              what was sold to it is free again
 *
 * Every change is a row of shop_movement and the same change of shop_stock, in the caller's
 * transaction; rows of the ledger never change. What is held for an order is what the ledger says
 * of its cause: so sell, release and give_back do nothing the second time.
 *
 * A want is taken from the first location that has all of it, and else from several, by their
 * position; what is beyond all of them only if the variant may be sold beyond (the rest is then
 * taken of the first, whose `free` goes below zero). A bundle (a variant with parts, and without a
 * row of stock) takes its parts. What is not counted (digital goods, gift cards: a variant without
 * any row of stock and beyond is backorder) is passed over.
 *
 * It never oversells: what is free is read and changed in one serialisable transaction, and the
 * change itself asks again whether there is so much. Rows are changed in the order of their
 * variants. A hold costs a look, an update and a row of the ledger a line. */
#ifndef STOA_SHOP_STOCK_H
#define STOA_SHOP_STOCK_H

#include "ports/db/db.h"

enum { STOCK_QUANTITY_MAX = 1000000000 }; /* pieces of one change */

struct stock_want {
    struct str variant;
    int64_t quantity;
    int64_t lacks; /* filled in with ERR_CONFLICT: so many are not there */
};

/* ERR_MISSING for a variant that is none. Who gets ERR_CONFLICT returns it, so that what was held
 * until then is undone with the transaction, or releases it. */
enum err stock_hold(struct tx *tx, struct str cause, struct stock_want wants[], size_t count);
enum err stock_sell(struct tx *tx, struct str cause);
enum err stock_release(struct tx *tx, struct str cause);
enum err stock_give_back(struct tx *tx, struct str cause);

/* By people, or a delivery: so many more (or less, down to none) are free, or are damaged now.
 * `why` is kept in the ledger. ERR_CONFLICT where there are not so many. */
enum err stock_receive(struct tx *tx, struct str variant, struct str location, int64_t quantity,
                       struct str why);
enum err stock_damage(struct tx *tx, struct str variant, struct str location, int64_t quantity,
                      struct str why);

/* A stocktake: so many were counted, held ones included; the difference is a movement. */
enum err stock_count(struct tx *tx, struct str variant, struct str location, int64_t counted,
                     struct str why);

/* What can be sold of it now, all locations together; INT64_MAX where it is not counted, or may be
 * sold beyond what is there. */
enum err stock_free(struct tx *tx, struct str variant, int64_t *free);

#endif
