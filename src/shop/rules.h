/* The rules of the shop: taxes, shipping methods and promotions, as total.h wants them.
 *
 *     TRY(rules_open(ctx, db, STR("DE"), &shop->rules));      all of them are read
 *     rules_refresh(ctx, shop->rules);                  once a request: read again if it is time
 *
 *     struct rules *rules;                              those that concern one cart
 *     TRY(rules_copy(ctx, shop->rules, STR("AT"), cart->codes, &rules));
 *
 * Every thread shares what was read, which never changes: when it is read again, at most every
 * RULES_KEPT_US, another takes its place. A cart is given a copy in its own context's memory, of
 * the rates of its country, the methods that go there, and the promotions that need no code or one
 * of its own; it stays as it is while its total is worked out and shown. It costs microseconds.
 *
 * A row that cannot be read (its JSON, a value beyond total.h) is logged and left out: it takes
 * the shop down never. The forms of the JSON:
 *
 *     shop_method.bands      [{"weight":0,"goods":0,"quantity":0,"price":490}, …]
 *                            grams, minor units, pieces; a price of -1: not offered
 *     shop_promotion.terms   {"effect":"percent","value":100000,"on":["col_01K…"]}
 *                            the names of struct total_promotion; the effects are percent, each,
 *                            order, buy_get and shipping; marks are ids of products, categories
 *                            and collections; groups are names of audiences; times are
 *                            microseconds; uses_by_customer is the most */
#ifndef STOA_SHOP_RULES_H
#define STOA_SHOP_RULES_H

#include "ports/db/db.h"
#include "shop/total.h"

enum {
    RULES_KEPT_US = 1000000,
    RULES_METHODS_MAX = 200,
    RULES_PROMOTIONS_MAX = 2000, /* those with codes too */
    RULES_CODES_MAX = 10,        /* of a cart */
};

struct shop_rules;

struct rules_method {
    struct str id, name;
    int64_t days_min, days_max;
    bool pickup;
};

struct rules {
    struct total_tax tax;
    struct total_shipping shipping;
    struct total_promotion *promotions;
    size_t promotion_count;

    /* How people read them, in the same order. */
    struct rules_method *methods;
    struct rules_promotion {
        struct str id, name;
    } * names;
    struct str *rates;
};

enum err rules_open(struct ctx *ctx, struct db *db, struct str country, struct shop_rules **opened);
void rules_close(struct shop_rules *rules);

/* Fails nobody: what cannot be read now is logged, and the rules stay as they are. */
void rules_refresh(struct ctx *ctx, struct shop_rules *rules);

/* `codes` has spaces between. */
enum err rules_copy(struct ctx *ctx, struct shop_rules *rules, struct str country, struct str codes,
                    struct rules **copy);

/* Whether a method goes there, and whether a promotion has this code. */
bool rules_send_to(struct shop_rules *rules, struct str country);
bool rules_know_code(struct shop_rules *rules, struct str code);

/* Whether a list with spaces between has a word, in either case: of codes, of countries. */
bool rules_has_word(struct str words, struct str sought);

/* What a mark of a promotion or a group is compared by: of an id the id, of a name a hash. */
struct id rules_mark(struct str name);

/* A row's JSON; ERR_INPUT tells the field. */
enum err rules_read_bands(struct ctx *ctx, struct str json, struct total_method *method);
enum err rules_read_terms(struct ctx *ctx, struct str json, struct total_promotion *promotion);

#endif
