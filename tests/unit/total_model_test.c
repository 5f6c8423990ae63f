/* Thousands of carts from a seed: what must hold of each, shuffled, and beside a second, slow model
 * that lays every piece on the table. */
#include <stdlib.h>

#include "harness/test.h"
#include "shop/total.h"
#include "unit/total_books.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { CARTS = 4000 };

static struct total_cart *any_cart(struct test *t)
{
    uint8_t bytes[TOTAL_BOOKS_BYTES];
    rand_fill(t->ctx->rand, bytes, sizeof bytes);
    return total_books_cart(t->arena, bytes, sizeof bytes);
}

static struct total *compute(struct test *t, const struct total_cart *cart)
{
    struct total *total = NULL;
    REQUIRE(total_compute(t->ctx, cart, &total) == ERR_OK);
    return total;
}

TEST(total_books_hold_for_any_cart)
{
    int64_t discounted = 0, shipped = 0, taxed = 0, treated = 0;
    for (int i = 0; i < CARTS; i++) {
        struct arena_mark mark = arena_mark(t->arena);
        struct total_cart *cart = any_cart(t);
        struct total *total = compute(t, cart);
        const char *broken = total_books_audit(cart, total);
        test_note(t, "cart %d", i);
        CHECK_TEXT(broken ? broken : "", "");
        discounted += total->all.off_minor > 0;
        shipped += total->shipping.gross_minor > 0;
        taxed += total->all.tax_minor > 0;
        treated += total->treatment != TOTAL_TAXED;
        arena_rewind(t->arena, mark);
    }
    /* The carts are of every kind. */
    CHECK(discounted > CARTS / 4 && shipped > CARTS / 8);
    CHECK(taxed > CARTS / 4 && treated > CARTS / 10);
}

TEST(total_refunds_in_any_parts_make_the_whole)
{
    for (int i = 0; i < CARTS; i++) {
        uint8_t bytes[256];
        struct arena_mark mark = arena_mark(t->arena);
        struct total_cart *cart = any_cart(t);
        struct total *total = compute(t, cart);
        rand_fill(t->ctx->rand, bytes, sizeof bytes);
        const char *broken = total_books_refunds(t->ctx, cart, total, bytes, sizeof bytes);
        test_note(t, "cart %d", i);
        CHECK_TEXT(broken ? broken : "", "");
        arena_rewind(t->arena, mark);
    }
}

/* A copy of an array in another order; `places` says where each went. */
static void *shuffle(struct test *t, const void *array, size_t count, size_t size, size_t *places)
{
    char *copy = arena_array(t->arena, count, size);
    REQUIRE(copy);
    for (size_t i = 0; i < count; i++)
        places[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t k = rand_below(t->ctx->rand, i), kept = places[i - 1];
        places[i - 1] = places[k];
        places[k] = kept;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < size; k++)
            copy[places[i] * size + k] = ((const char *)array)[i * size + k];
    return copy;
}

/* Where the lines, promotions, rates and methods of a cart went. */
struct shuffled {
    struct total_cart cart;
    struct total_tax tax;
    struct total_shipping shipping;
    size_t lines[TOTAL_BOOKS_LINES], promotions[TOTAL_BOOKS_PROMOTIONS];
    size_t rates[32], methods[8], zones[8];
};

static void shuffle_cart(struct test *t, const struct total_cart *cart, struct shuffled *s)
{
    s->cart = *cart;
    s->cart.lines = shuffle(t, cart->lines, cart->line_count, sizeof *cart->lines, s->lines);
    s->cart.promotions = shuffle(t, cart->promotions, cart->promotion_count,
                                 sizeof *cart->promotions, s->promotions);
    if (cart->tax) {
        s->tax = *cart->tax;
        s->cart.tax = &s->tax;
        s->tax.rates = shuffle(t, s->tax.rates, s->tax.rate_count, sizeof *s->tax.rates, s->rates);
    }
    if (cart->shipping) {
        s->shipping = *cart->shipping;
        s->cart.shipping = &s->shipping;
        s->shipping.zones = shuffle(t, s->shipping.zones, s->shipping.zone_count,
                                    sizeof *s->shipping.zones, s->zones);
        s->shipping.methods = shuffle(t, s->shipping.methods, s->shipping.method_count,
                                      sizeof *s->shipping.methods, s->methods);
    }
}

static bool is_same_part(const struct total_part *a, const struct total_part *b)
{
    return a->goods_minor == b->goods_minor && a->off_minor == b->off_minor &&
           a->change_minor == b->change_minor && a->net_minor == b->net_minor &&
           a->tax_minor == b->tax_minor && a->gross_minor == b->gross_minor &&
           a->rate_count == b->rate_count;
}

static bool is_same_row(const struct total *a, const struct total_tax_row *row)
{
    for (size_t i = 0; i < a->tax_count; i++)
        if (id_compare(a->taxes[i].rate->id, row->rate->id) == 0)
            return a->taxes[i].tax_minor == row->tax_minor &&
                   a->taxes[i].net_minor == row->net_minor;
    return false;
}

static int64_t differences(const struct shuffled *s, const struct total *a, const struct total *b)
{
    int64_t different = !is_same_part(&a->all, &b->all) + !is_same_part(&a->shipping, &b->shipping);
    for (size_t i = 0; i < s->cart.line_count; i++)
        different += !is_same_part(&a->lines[i], &b->lines[s->lines[i]]);
    for (size_t i = 0; i < s->cart.promotion_count; i++)
        different += a->notes[i].reason != b->notes[s->promotions[i]].reason ||
                     a->notes[i].off_minor != b->notes[s->promotions[i]].off_minor;
    different += a->tax_count != b->tax_count;
    for (size_t i = 0; i < a->tax_count; i++)
        different += !is_same_row(b, &a->taxes[i]);
    return different + (a->left_minor != b->left_minor) + (a->quote_count != b->quote_count);
}

TEST(total_does_not_look_at_the_order_of_anything)
{
    int64_t different = 0;
    for (int i = 0; i < CARTS; i++) {
        struct arena_mark mark = arena_mark(t->arena);
        struct total_cart *cart = any_cart(t);
        struct shuffled s = {0};
        shuffle_cart(t, cart, &s);
        different += differences(&s, compute(t, cart), compute(t, &s.cart));
        arena_rewind(t->arena, mark);
    }
    CHECK_INT(different, 0);
}

/* The second model: one promotion at most, one tax a class, and every piece by itself. */
enum { PIECES_MAX = 64, SIMPLE_LINES = 5 };

struct simple {
    struct total_line lines[SIMPLE_LINES];
    struct total_promotion promotion;
    struct total_rate rates[2];
    struct total_tax tax;
    struct total_cart cart;
};

static void simple_init(struct test *t, struct simple *s)
{
    static const struct id mark = {1, 1};
    struct rand *rand = t->ctx->rand;
    size_t count = 1 + rand_below(rand, SIMPLE_LINES);
    *s = (struct simple){0};
    for (size_t i = 0; i < count; i++)
        s->lines[i] = (struct total_line){
            .id = {2, i},
            .quantity = 1 + (int64_t)rand_below(rand, 5),
            .price_minor = (int64_t)rand_below(rand, rand_below(rand, 2) ? 20 : 5000),
            .tax_class = rand_below(rand, 2) ? STR("low") : STR(""),
            .marks = {&mark, rand_below(rand, 3) > 0},
        };
    s->promotion = (struct total_promotion){
        .id = {4, 1},
        .effect = (enum total_effect)rand_below(rand, TOTAL_SHIPPING),
        .value = (int64_t)rand_below(rand, 100) * 10000,
        .buy = 1 + (int64_t)rand_below(rand, 3),
        .get = 1 + (int64_t)rand_below(rand, 2),
        .on = {&mark, rand_below(rand, 2)},
    };
    if (s->promotion.effect == TOTAL_EACH || s->promotion.effect == TOTAL_ORDER)
        s->promotion.value = (int64_t)rand_below(rand, 3000);
    s->rates[0] = (struct total_rate){.id = {3, 1},
                                      .rate_ppm = (int64_t)rand_below(rand, 300) * 1000};
    s->rates[1] = (struct total_rate){
        .id = {3, 2}, .tax_class = STR("low"), .rate_ppm = (int64_t)rand_below(rand, 300) * 1000};
    s->tax = (struct total_tax){
        .rates = s->rates, .rate_count = 2, .is_included = rand_below(rand, 2)};
    s->cart = (struct total_cart){.currency = currency_find(STR("EUR")),
                                  .lines = s->lines,
                                  .line_count = count,
                                  .promotions = &s->promotion,
                                  .promotion_count = 1,
                                  .tax = &s->tax};
}

/* Rounds n ÷ d, neither below 0, by long division and a look at what is left. */
static int64_t rounded(int64_t n, int64_t d)
{
    int64_t whole = n / d, rest = n % d;
    return rest * 2 >= d ? whole + 1 : whole;
}

static bool is_on(const struct simple *s, size_t i)
{
    return s->promotion.on.count == 0 || s->lines[i].marks.count > 0;
}

/* Hands out `minor` unit by unit: each goes to the line that is furthest from its exact share. */
static void hand_out(int64_t minor, const int64_t weights[], size_t count, int64_t offs[])
{
    int64_t sum = 0, given = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    for (size_t i = 0; i < count && sum; i++)
        given += offs[i] = minor * weights[i] / sum;
    for (; sum && given < minor; given++) {
        size_t furthest = 0;
        for (size_t i = 1; i < count; i++)
            if (minor * weights[i] - offs[i] * sum >
                minor * weights[furthest] - offs[furthest] * sum)
                furthest = i;
        offs[furthest]++;
    }
}

struct piece {
    int64_t price_minor;
    size_t line;
};

static int by_price(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    if (x->price_minor != y->price_minor)
        return x->price_minor < y->price_minor ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* All pieces in a row by price: of n whole sets the n × get cheapest are got. */
static void get_pieces(const struct simple *s, int64_t offs[])
{
    struct piece pieces[PIECES_MAX] = {0};
    int64_t count = 0, got[SIMPLE_LINES] = {0};
    for (size_t i = 0; i < s->cart.line_count; i++)
        for (int64_t k = 0; k < s->lines[i].quantity && is_on(s, i); k++)
            pieces[count++] = (struct piece){s->lines[i].price_minor, i};
    qsort(pieces, (size_t)count, sizeof *pieces, by_price);
    int64_t sets = count / (s->promotion.buy + s->promotion.get);
    for (int64_t k = 0; k < sets * s->promotion.get; k++)
        got[pieces[k].line]++;
    for (size_t i = 0; i < s->cart.line_count; i++)
        offs[i] = rounded(got[i] * s->lines[i].price_minor * s->promotion.value, TOTAL_WHOLE);
}

static void model_discount(const struct simple *s, int64_t offs[])
{
    int64_t weights[SIMPLE_LINES] = {0}, sum = 0, value = s->promotion.value;
    for (size_t i = 0; i < s->cart.line_count; i++)
        if (is_on(s, i))
            sum += weights[i] = s->lines[i].quantity * s->lines[i].price_minor;
    if (s->promotion.effect == TOTAL_PERCENT)
        hand_out(rounded(sum * value, TOTAL_WHOLE), weights, s->cart.line_count, offs);
    else if (s->promotion.effect == TOTAL_ORDER)
        hand_out(value < sum ? value : sum, weights, s->cart.line_count, offs);
    else if (s->promotion.effect == TOTAL_BUY_GET)
        get_pieces(s, offs);
    else
        for (size_t i = 0; i < s->cart.line_count; i++)
            for (int64_t k = 0; k < s->lines[i].quantity && is_on(s, i); k++)
                offs[i] += value < s->lines[i].price_minor ? value : s->lines[i].price_minor;
}

static int64_t model_tax(const struct simple *s, size_t i, int64_t minor)
{
    int64_t rate_ppm = s->rates[s->lines[i].tax_class.len > 0].rate_ppm;
    return rounded(minor * rate_ppm, TOTAL_WHOLE + (s->tax.is_included ? rate_ppm : 0));
}

TEST(total_agrees_with_a_model_of_single_pieces)
{
    int64_t wrong_offs = 0, wrong_taxes = 0, effects[TOTAL_EFFECTS] = {0};
    for (int i = 0; i < 5 * CARTS; i++) {
        struct arena_mark mark = arena_mark(t->arena);
        struct simple s;
        int64_t offs[SIMPLE_LINES] = {0};
        simple_init(t, &s);
        struct total *total = compute(t, &s.cart);
        model_discount(&s, offs);
        effects[s.promotion.effect] += total->all.off_minor > 0;
        for (size_t k = 0; k < s.cart.line_count; k++) {
            const struct total_part *part = &total->lines[k];
            wrong_offs += part->off_minor != offs[k];
            wrong_taxes += part->tax_minor != model_tax(&s, k, part->goods_minor - offs[k]);
        }
        arena_rewind(t->arena, mark);
    }
    CHECK_INT(wrong_offs, 0);
    CHECK_INT(wrong_taxes, 0);
    for (size_t i = 0; i < TOTAL_SHIPPING; i++)
        CHECK(effects[i] > CARTS / 2);
}
