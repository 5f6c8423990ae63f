/* The demo company: a whole shop with its goods, customers and ninety days of orders.
 *
 *     struct demo_made made;
 *     TRY(demo_fill(ctx, db, currency_find(STR("EUR")), &made));
 *     … made.products, made.orders: what is there now
 *
 * It fills a shop that has no products and no categories, in one transaction, and is ERR_CONFLICT
 * in any other. At the same hour it makes the same, to the last id, on both engines; an hour later
 * all times are an hour later. So its ids can be guessed: nobody should put real orders beside it.
 *
 * What is sold stands in tables: demo_shelves.c, demo_things_food.c, demo_things_home.c, and
 * demo_parts.c, which names are composed of. */
#ifndef STOA_SHOP_DEMO_H
#define STOA_SHOP_DEMO_H

#include "shop/shop.h"

enum { EAN_DIGITS = 13 };

/* The barcode of a number of up to ten digits, in the range that shops give out themselves: "20",
 * the number, and the digit that checks them. */
void demo_barcode(int64_t number, char barcode[EAN_DIGITS + 1]);

#endif
