/* Carts for the shop's tests, and what is done with them.
 *
 *     struct cart_place cart;
 *     const struct stock_want wants[] = {{.variant = shop_place_id(&place, "var", 1),
 *                                         .quantity = 2}};
 *     cart_place_fill(&place, &cart, wants, 1);                a cart of its own, all at 10.00
 *     CHECK_ERR(db_write(place.db, place.ctx, order_place, &cart.placing), ERR_OK);
 *     CHECK_ERR(cart_place_pay(&place, cart.placing.id, "pay_1", 2000, &refund), ERR_OK);
 *
 * What is in it is in t->arena, and is good until the test ends. */
#ifndef STOA_TESTS_SHOP_CART_PLACE_H
#define STOA_TESTS_SHOP_CART_PLACE_H

#include "place.h"
#include "shop/order.h"
#include "shop/shop.h"
#include "shop/stock.h"

struct cart_place {
    struct shop shop;
    struct cart cart;
    struct total_cart total_cart;
    struct total *total;
    struct order_placing placing;
};

void cart_place_fill(struct shop_place *place, struct cart_place *cart,
                     const struct stock_want wants[], size_t count);

/* The rows of a struct cart. */
enum err cart_place_keep(struct tx *tx, void *arg);

/* The promotion number n of the database, 1.00 off, is on it. */
void cart_place_promote(struct shop_place *place, struct cart_place *cart, int64_t n);

enum err cart_place_order(struct shop_place *place, struct cart_place *cart);
enum err cart_place_pay(struct shop_place *place, const char *order, const char *payment,
                        int64_t captured_minor, bool *refund);
enum err cart_place_cancel(struct shop_place *place, const char *order);
enum err cart_place_ship(struct shop_place *place, const char *order);
enum err cart_place_expire(struct shop_place *place, bool *more);

/* Any of the functions of stock.h that change stock by hand. */
typedef enum err cart_place_by_hand_fn(struct tx *tx, struct str variant, struct str location,
                                       int64_t quantity, struct str why);
enum err cart_place_by_hand(struct shop_place *place, cart_place_by_hand_fn *fn, int64_t variant,
                            int64_t location, int64_t quantity);

/* True where each row of stock is the sum of its ledger, and none of it below zero but `free`. */
bool cart_place_books_agree(struct shop_place *place);

#endif
