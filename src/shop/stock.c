/* Moves stock, each change with its row of the ledger. */
#include "shop/stock.h"

#include "shop/shop_sql.h"

enum { LOCATIONS_MAX = 1000, PARTS_MAX = 100, ROWS_MAX = 10000 };

struct change {
    struct str variant, location, cause;
    const char *kind;
    int64_t free, held, sold, damaged;
    int64_t least; /* that may be free then */
};

/* false in `done`: there is not so much, and nothing was changed. */
static enum err change_stock(struct tx *tx, const struct change *is, bool *done)
{
    char id[ID_TEXT_MAX];
    int64_t changed, now_us = clock_now_us(tx->ctx->clock);
    TRY(stock_row_change(tx, is->variant, is->location, is->free, is->held, is->sold, is->damaged,
                         is->least, now_us, &changed));
    *done = changed == 1;
    if (!*done)
        return ERR_OK;
    id_format(id_new(tx->ctx->ids), "mov", id);
    return stock_row_note(tx, is->variant, is->location, str_from(id), str_from(is->kind), is->free,
                          is->held, is->sold, is->damaged, is->cause, now_us);
}

static enum err must_change(struct tx *tx, const struct change *is)
{
    bool done;
    TRY(change_stock(tx, is, &done));
    return done ? ERR_OK
                : err_fail(&tx->ctx->err, ERR_INTERNAL, "The stock is not what it should be.",
                           "%s of " STR_FMT " at " STR_FMT " for " STR_FMT
                           ": the ledger says that it is there",
                           is->kind, STR_ARG(is->variant), STR_ARG(is->location),
                           STR_ARG(is->cause));
}

/* Holding. */

/* Pieces of one variant that a want comes down to: its own, or those of one part of a bundle. */
struct leaf {
    struct str variant;
    int64_t quantity, each; /* each: in one piece of the want */
    struct stock_want *want;
    struct stock_row_look_rows places;
};

struct holding {
    struct str cause;
    struct leaf *leaves;
    size_t count, room;
    bool lacks;
};

static enum err add_leaf(struct tx *tx, struct holding *holding, const struct leaf *leaf)
{
    if (holding->count == holding->room) {
        size_t room = holding->room * 2 + PARTS_MAX;
        struct leaf *leaves = ARENA_ARRAY(tx->ctx->arena, room, struct leaf);
        if (!leaves)
            return err_memory(&tx->ctx->err);
        for (size_t i = 0; i < holding->count; i++)
            leaves[i] = holding->leaves[i];
        holding->leaves = leaves;
        holding->room = room;
    }
    holding->leaves[holding->count++] = *leaf;
    return ERR_OK;
}

static enum err add_parts(struct tx *tx, struct holding *holding, struct stock_want *want,
                          const struct stock_row_parts_rows *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->rows[i].quantity > STOCK_QUANTITY_MAX / want->quantity)
            return err_input(&tx->ctx->err, "quantity", "must be less of a bundle");
        struct leaf leaf = {.variant = parts->rows[i].part,
                            .quantity = want->quantity * parts->rows[i].quantity,
                            .each = parts->rows[i].quantity,
                            .want = want};
        TRY(stock_row_look(tx, leaf.variant, LOCATIONS_MAX, &leaf.places));
        TRY(add_leaf(tx, holding, &leaf));
    }
    return ERR_OK;
}

static enum err add_want(struct tx *tx, struct holding *holding, struct stock_want *want)
{
    struct leaf leaf = {
        .variant = want->variant, .quantity = want->quantity, .each = 1, .want = want};
    struct stock_row_parts_rows parts;
    want->lacks = 0;
    if (want->quantity < 1 || want->quantity > STOCK_QUANTITY_MAX)
        return err_input(&tx->ctx->err, "quantity", "must be from 1 to %d", STOCK_QUANTITY_MAX);
    TRY(stock_row_look(tx, leaf.variant, LOCATIONS_MAX, &leaf.places));
    if (leaf.places.count)
        return add_leaf(tx, holding, &leaf);
    TRY(stock_row_parts(tx, leaf.variant, PARTS_MAX, &parts));
    return parts.count ? add_parts(tx, holding, want, &parts) : add_leaf(tx, holding, &leaf);
}

/* By insertion: what comes from a cart is in order already, most often. */
static void sort_leaves(struct leaf leaves[], size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct leaf leaf = leaves[i];
        size_t place = i;
        for (; place && str_compare(leaves[place - 1].variant, leaf.variant) > 0; place--)
            leaves[place] = leaves[place - 1];
        leaves[place] = leaf;
    }
}

static enum err hold_at(struct tx *tx, const struct holding *holding, const struct leaf *leaf,
                        struct str location, int64_t quantity, int64_t least)
{
    const struct change change = {.variant = leaf->variant,
                                  .location = location,
                                  .cause = holding->cause,
                                  .kind = "hold",
                                  .free = -quantity,
                                  .held = quantity,
                                  .least = least};
    return must_change(tx, &change);
}

static int64_t positive(int64_t number)
{
    return number > 0 ? number : 0;
}

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void note_lacks(struct holding *holding, const struct leaf *leaf, int64_t lacks)
{
    int64_t wants = (lacks + leaf->each - 1) / leaf->each;
    holding->lacks = true;
    if (wants > leaf->want->lacks)
        leaf->want->lacks = wants;
}

/* What no location has is taken of the first all the same: the first of all where it lies nowhere,
 * as it is ordered beforehand. */
static enum err find_first(struct tx *tx, struct leaf *leaf)
{
    struct stock_row_first_rows first;
    if (leaf->places.count)
        return ERR_OK;
    TRY(stock_row_first(tx, 1, &first));
    if (!first.count)
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "This cannot be ordered now.",
                        "there is no location");
    TRY(stock_row_make(tx, leaf->variant, first.rows[0].location, clock_now_us(tx->ctx->clock)));
    return stock_row_look(tx, leaf->variant, LOCATIONS_MAX, &leaf->places);
}

/* Of several locations, and `beyond` of the first. */
static enum err hold_spread(struct tx *tx, const struct holding *holding, const struct leaf *leaf,
                            int64_t beyond)
{
    int64_t left = leaf->quantity - beyond;
    for (size_t i = 0; i < leaf->places.count && (left || beyond); i++) {
        const struct stock_row_look_row *place = &leaf->places.rows[i];
        int64_t here = least_of(positive(place->free), left);
        left -= here;
        if (here + beyond > 0)
            TRY(hold_at(tx, holding, leaf, place->location, here + beyond, beyond ? INT64_MIN : 0));
        beyond = 0;
    }
    return ERR_OK;
}

static enum err hold_scarce(struct tx *tx, struct holding *holding, struct leaf *leaf)
{
    struct stock_row_beyond_row variant;
    int64_t there = 0;
    for (size_t i = 0; i < leaf->places.count; i++)
        there += positive(leaf->places.rows[i].free);
    if (there >= leaf->quantity)
        return hold_spread(tx, holding, leaf, 0);
    TRY(stock_row_beyond(tx, leaf->variant, &variant));
    if (str_equal(variant.beyond, STR("never"))) {
        note_lacks(holding, leaf, leaf->quantity - there);
        return ERR_OK;
    }
    if (!leaf->places.count && str_equal(variant.beyond, STR("backorder")))
        return ERR_OK; /* it is not counted */
    TRY(find_first(tx, leaf));
    return hold_spread(tx, holding, leaf, leaf->quantity - there);
}

static enum err hold_leaf(struct tx *tx, struct holding *holding, struct leaf *leaf)
{
    for (size_t i = 0; i < leaf->places.count; i++)
        if (leaf->places.rows[i].free >= leaf->quantity)
            return hold_at(tx, holding, leaf, leaf->places.rows[i].location, leaf->quantity, 0);
    return hold_scarce(tx, holding, leaf);
}

enum err stock_hold(struct tx *tx, struct str cause, struct stock_want wants[], size_t count)
{
    struct holding holding = {.cause = cause};
    for (size_t i = 0; i < count; i++)
        TRY(add_want(tx, &holding, &wants[i]));
    sort_leaves(holding.leaves, holding.count);
    for (size_t i = 0; i < holding.count; i++) {
        struct leaf *leaf = &holding.leaves[i];
        if (i && str_equal(leaf->variant, leaf[-1].variant)) /* what was seen is over */
            TRY(stock_row_look(tx, leaf->variant, LOCATIONS_MAX, &leaf->places));
        TRY(hold_leaf(tx, &holding, leaf));
    }
    return holding.lacks ? err_fail(&tx->ctx->err, ERR_CONFLICT, "Not all of it is there any more.",
                                    "some of what " STR_FMT " wants is not free", STR_ARG(cause))
                         : ERR_OK;
}

/* What becomes of what is held for a cause, or was sold to it. */

struct turn {
    const char *kind;
    bool of_sold;
    int free, held, sold; /* what each piece does */
};

static enum err turn_stock(struct tx *tx, struct str cause, const struct turn *turn)
{
    struct stock_row_of_rows rows;
    TRY(stock_row_of(tx, cause, ROWS_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct stock_row_of_row *row = &rows.rows[i];
        int64_t pieces = turn->of_sold ? row->sold : row->held;
        const struct change change = {.variant = row->variant,
                                      .location = row->location,
                                      .cause = cause,
                                      .kind = turn->kind,
                                      .free = turn->free * pieces,
                                      .held = turn->held * pieces,
                                      .sold = turn->sold * pieces,
                                      .least = INT64_MIN};
        if (pieces)
            TRY(must_change(tx, &change));
    }
    return ERR_OK;
}

enum err stock_sell(struct tx *tx, struct str cause)
{
    return turn_stock(tx, cause, &(struct turn){"sell", false, 0, -1, 1});
}

enum err stock_release(struct tx *tx, struct str cause)
{
    return turn_stock(tx, cause, &(struct turn){"release", false, 1, -1, 0});
}

enum err stock_give_back(struct tx *tx, struct str cause)
{
    return turn_stock(tx, cause, &(struct turn){"give_back", true, 1, 0, -1});
}

/* By people. */

static enum err check_quantity(struct ctx *ctx, int64_t quantity, int64_t least)
{
    bool fine = quantity >= least && quantity <= STOCK_QUANTITY_MAX && (quantity || !least);
    return fine
               ? ERR_OK
               : err_input(&ctx->err, "quantity", "must be a number up to %d, and not less than %s",
                           STOCK_QUANTITY_MAX, least ? "as much below 0; not 0 itself" : "0");
}

static enum err change_by_hand(struct tx *tx, const struct change *change)
{
    bool done;
    TRY(stock_row_make(tx, change->variant, change->location, clock_now_us(tx->ctx->clock)));
    TRY(change_stock(tx, change, &done));
    return done ? ERR_OK
                : err_fail(&tx->ctx->err, ERR_CONFLICT, "There are not so many.",
                           "%s of " STR_FMT " at " STR_FMT, change->kind, STR_ARG(change->variant),
                           STR_ARG(change->location));
}

enum err stock_receive(struct tx *tx, struct str variant, struct str location, int64_t quantity,
                       struct str why)
{
    TRY(check_quantity(tx->ctx, quantity, -STOCK_QUANTITY_MAX));
    return change_by_hand(tx, &(struct change){.variant = variant,
                                               .location = location,
                                               .cause = why,
                                               .kind = "receive",
                                               .free = quantity,
                                               .least = quantity > 0 ? INT64_MIN : 0});
}

enum err stock_damage(struct tx *tx, struct str variant, struct str location, int64_t quantity,
                      struct str why)
{
    TRY(check_quantity(tx->ctx, quantity, -STOCK_QUANTITY_MAX));
    return change_by_hand(tx, &(struct change){.variant = variant,
                                               .location = location,
                                               .cause = why,
                                               .kind = "damage",
                                               .free = -quantity,
                                               .damaged = quantity,
                                               .least = quantity > 0 ? 0 : INT64_MIN});
}

enum err stock_count(struct tx *tx, struct str variant, struct str location, int64_t counted,
                     struct str why)
{
    struct stock_row_find_rows rows;
    TRY(check_quantity(tx->ctx, counted, 0));
    TRY(stock_row_find(tx, variant, location, &rows));
    int64_t was = rows.count ? rows.rows[0].free + rows.rows[0].held : 0;
    return change_by_hand(tx, &(struct change){.variant = variant,
                                               .location = location,
                                               .cause = why,
                                               .kind = "count",
                                               .free = counted - was,
                                               .least = INT64_MIN});
}

/* What can be sold. */

static enum err free_of_one(struct tx *tx, struct str variant, int64_t *free)
{
    struct stock_row_beyond_row row;
    struct stock_row_look_rows places;
    TRY(stock_row_beyond(tx, variant, &row));
    *free = INT64_MAX;
    if (!str_equal(row.beyond, STR("never")))
        return ERR_OK;
    TRY(stock_row_look(tx, variant, LOCATIONS_MAX, &places));
    *free = 0;
    for (size_t i = 0; i < places.count; i++)
        *free += positive(places.rows[i].free);
    return ERR_OK;
}

enum err stock_free(struct tx *tx, struct str variant, int64_t *free)
{
    struct stock_row_look_rows places;
    struct stock_row_parts_rows parts;
    TRY(stock_row_look(tx, variant, 1, &places));
    if (places.count)
        return free_of_one(tx, variant, free);
    TRY(stock_row_parts(tx, variant, PARTS_MAX, &parts));
    if (!parts.count)
        return free_of_one(tx, variant, free);
    *free = INT64_MAX;
    for (size_t i = 0; i < parts.count; i++) {
        int64_t of_part;
        TRY(free_of_one(tx, parts.rows[i].part, &of_part));
        if (of_part != INT64_MAX)
            *free = least_of(*free, of_part / parts.rows[i].quantity);
    }
    return ERR_OK;
}
