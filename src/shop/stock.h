/* Stock: how much of each variant lies where, and the ledger of what became of it.
 *
 *     struct stock_want wants[] = {{.variant = id, .quantity = 2}};
 *     TRY(stock_hold(tx, order, wants, 1));         ERR_CONFLICT: wants[i].short is what lacks
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
 * taken of the first, whose `free` goes below zero). A bundle takes its parts. What is not shipped
 * and not counted (digital goods, gift cards: a variant without any row of stock and beyond is
 * backorder) is passed over.
 *
 * Locks are taken by variant and location, in their order. A hold costs a variant's look, an update
 * and a row of the ledger a line. */
#ifndef STOA_SHOP_STOCK_H
#define STOA_SHOP_STOCK_H

#include "ports/db/db.h"

struct stock_want {
    struct str variant;
    int64_t quantity;
    int64_t lacks; /* filled in with ERR_CONFLICT: so many are not there */
};

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

/* What can be sold of it now, all locations together; INT64_MAX where it is not counted. */
enum err stock_free(struct tx *tx, struct str variant, int64_t *free);

#endif
