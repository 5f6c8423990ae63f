/* Promotions: what may be taken off a cart, and the account of what was and was not.
 *
 *     struct total_promotion bread = {                       3 loaves for the price of 2
 *         .id = id, .effect = TOTAL_BUY_GET, .value = TOTAL_WHOLE, .buy = 2, .get = 1,
 *         .on = {&bread_collection, 1},
 *     };
 *     for (size_t i = 0; i < cart.promotion_count; i++)
 *         if (total->notes[i].reason == TOTAL_APPLIED) …
 *
 * Promotions are on goods: never on gift cards. Those that are not exclusive stack: the one of the
 * highest priority first, of equals the lower id, each on what those before it left; shipping comes
 * after all goods, for what it costs may depend on them. An exclusive one stands alone. Of the
 * stack and of each exclusive one that is taken with which the customer pays least before tax; of
 * equals the stack, then the exclusive ones by priority and id.
 *
 * A percentage, or an amount off all, is worked out and rounded once over all lines that it is on,
 * and split among them by what was left of each; so it does not matter how units are spread over
 * lines. Minimums and tiers look at list prices: a promotion never undoes another's minimum. */
#ifndef STOA_SHOP_TOTAL_PROMOTION_H
#define STOA_SHOP_TOTAL_PROMOTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/money.h"

enum {
    TOTAL_WHOLE = 1000000, /* percentages are millionths: 12.5 % is 125000 */
    TOTAL_PROMOTIONS_MAX = 200,
    TOTAL_TIERS_MAX = 50,
    TOTAL_IDS_MAX = 200, /* marks or groups in one list */
};

/* What the value is depends on it. */
enum total_effect {
    TOTAL_PERCENT,  /* millionths of the lines */
    TOTAL_EACH,     /* minor units off each piece */
    TOTAL_ORDER,    /* minor units off all lines together */
    TOTAL_BUY_GET,  /* millionths of the `get` cheapest of every `buy` + `get` pieces */
    TOTAL_SHIPPING, /* millionths of what the chosen method costs; the slot's surcharge stays */
    TOTAL_EFFECTS
};

struct total_ids {
    const struct id *list;
    size_t count;
};

/* From this many pieces, or minor units of goods, on. */
struct total_tier {
    int64_t from, value;
};

/* How often it was used, and may be; a `max` of 0 is no limit. */
struct total_uses {
    int64_t count, max;
};

struct total_promotion {
    struct id id;
    enum total_effect effect;
    int64_t value;
    const struct total_tier *tiers; /* by rising `from`: the last that is reached is the value */
    size_t tier_count;
    bool tiers_by_amount;
    int64_t buy, get, sets_max;      /* TOTAL_BUY_GET: whole sets only; sets_max 0 is no limit */
    struct total_ids get_on;         /* marks of what is got; empty: the same as is bought */
    struct total_ids on;             /* marks of the lines it is on; empty: all */
    struct total_ids not_on;         /* marks that keep a line out */
    struct total_ids groups;         /* of customers; empty: all */
    struct str code;                 /* "": without one. Letters are compared in either case */
    const struct currency *currency; /* in which its amounts are; NULL: it has none */
    int64_t begin_us, end_us;        /* from the first to before the second; 0: open */
    int64_t minimum_quantity, minimum_minor; /* of the lines it is on, at list prices */
    struct total_uses uses, uses_by_customer;
    int priority;
    bool is_exclusive;
};

/* reason, its code for programs and messages, what `wanted` and `had` count */
#define TOTAL_REASON_TABLE(X)                                                  \
    X(TOTAL_APPLIED, "applied")                                                \
    X(TOTAL_OTHER_CURRENCY, "other_currency")                                  \
    X(TOTAL_NOT_BEGUN, "not_begun") /* wanted: when, had: now */               \
    X(TOTAL_ENDED, "ended")         /* the same */                             \
    X(TOTAL_NO_CODE, "no_code")     /* its code was not given */               \
    X(TOTAL_OTHER_GROUP, "other_group")                                        \
    X(TOTAL_USED_UP, "used_up")               /* uses: the most, so far */     \
    X(TOTAL_USED_BY_YOU, "used_by_you")       /* the same, by this customer */ \
    X(TOTAL_NO_LINES, "no_lines")             /* nothing of what it is on */   \
    X(TOTAL_BELOW_QUANTITY, "below_quantity") /* pieces: wanted, had */        \
    X(TOTAL_BELOW_AMOUNT, "below_amount")     /* minor units: wanted, had */   \
    X(TOTAL_BEATEN, "beaten")                 /* `by` saves more */            \
    X(TOTAL_NOTHING_LEFT, "nothing_left")     /* there is nothing to take it of */

enum total_reason {
#define TOTAL_REASON_ENUM(reason, name) reason,
    TOTAL_REASON_TABLE(TOTAL_REASON_ENUM)
#undef TOTAL_REASON_ENUM
};

const char *total_reason_name(enum total_reason reason);

struct total_take {
    size_t line; /* its place in the cart */
    int64_t off_minor;
};

/* What became of one promotion, in the cart's order of them. */
struct total_note {
    const struct total_promotion *promotion;
    enum total_reason reason;
    int64_t wanted, had;              /* what the reason counts */
    const struct total_promotion *by; /* of TOTAL_BEATEN */
    struct total_take *takes;         /* of TOTAL_APPLIED: a row a line that it took of */
    size_t take_count;
    int64_t off_minor;          /* all of it, shipping too */
    int64_t shipping_off_minor; /* of shipping */
};

#endif
