/* Tests of taxes: worked out by hand per place, kind of price and rounding; exempt customers. */
#include "harness/test.h"
#include "shop/total.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LINES = 3 };

/* Fictional only in that they are few. */
static const struct total_rate rates[] = {
    {.id = {3, 1}, .area = {.country = {"DE", 2}}, .rate_ppm = 190000},
    {.id = {3, 2}, .area = {.country = {"DE", 2}}, .tax_class = {"low", 3}, .rate_ppm = 70000},
    {.id = {3, 3}, .area = {.country = {"DE", 2}, .postcode = {"78266", 5}}, .rate_ppm = 0},
    {.id = {3, 4}, .area = {.country = {"AT", 2}}, .rate_ppm = 200000},
    {.id = {3, 5}, .area = {.country = {"CA", 2}}, .step = 1, .rate_ppm = 50000},
    {.id = {3, 6},
     .area = {.country = {"CA", 2}, .state = {"QC", 2}},
     .step = 2,
     .rate_ppm = 99750},
    {.id = {3, 7},
     .area = {.country = {"CA", 2}, .state = {"PE", 2}},
     .step = 2,
     .rate_ppm = 100000,
     .is_compound = true},
    {.id = {3, 8},
     .area = {.country = {"US", 2}, .state = {"NY", 2}},
     .step = 1,
     .rate_ppm = 40000},
    {.id = {3, 9},
     .area = {.country = {"US", 2}, .state = {"NY", 2}, .postcode = {"100", 3}},
     .step = 2,
     .rate_ppm = 48750},
};

struct row {
    const char *what;
    struct total_region ship_to;
    bool is_included, is_rounded_in_total;
    int64_t prices_minor[LINES], taxes_minor[LINES], tax_minor, gross_minor;
};

#define GERMANY             \
    {                       \
        {"DE", 2}, {"", 0}, \
        {                   \
            "80331", 5      \
        }                   \
    }
#define BUSINGEN            \
    {                       \
        {"de", 2}, {"", 0}, \
        {                   \
            "78 266", 6     \
        }                   \
    }
#define QUEBEC                \
    {                         \
        {"CA", 2}, {"QC", 2}, \
        {                     \
            "H2X 1Y4", 7      \
        }                     \
    }
#define ISLAND                \
    {                         \
        {"CA", 2}, {"PE", 2}, \
        {                     \
            "C1A 4P3", 7      \
        }                     \
    }
#define NEW_YORK              \
    {                         \
        {"US", 2}, {"NY", 2}, \
        {                     \
            "10001", 5        \
        }                     \
    }
#define ALBANY                \
    {                         \
        {"US", 2}, {"NY", 2}, \
        {                     \
            "12203", 5        \
        }                     \
    }
#define NOWHERE             \
    {                       \
        {"ZZ", 2}, {"", 0}, \
        {                   \
            "", 0           \
        }                   \
    }

static struct total *compute(struct test *t, const struct total_cart *cart)
{
    struct total *total = NULL;
    REQUIRE(total_compute(t->ctx, cart, &total) == ERR_OK);
    return total;
}

static const struct row by_hand[] = {
    {"added: 19 % of 10.00", GERMANY, false, false, {1000}, {190}, 190, 1190},
    {"included: 11.90 × 19/119", GERMANY, true, false, {1190}, {190}, 190, 1190},
    {"included: 19.99 × 19/119 = 3.1917", GERMANY, true, false, {1999}, {319}, 319, 1999},
    {"each line: 3 × round(0.1881)", GERMANY, false, false, {99, 99, 99}, {19, 19, 19}, 57, 354},
    {"in total: round(0.5643), the lower ids get the units that are left",
     GERMANY,
     false,
     true,
     {99, 99, 99},
     {19, 19, 18},
     56,
     353},
    {"in total, included: 3 × 0.99 × 19/119 = 0.4742",
     GERMANY,
     true,
     true,
     {99, 99, 99},
     {16, 16, 15},
     47,
     297},
    {"half a cent away from zero: 0.50 × 19 % = 0.095", GERMANY, false, false, {50}, {10}, 10, 60},
    {"a postcode that is an exception", BUSINGEN, true, false, {1190}, {0}, 0, 1190},
    {"5 % and 9.975 % of 100.00: 5.00 and 9.975, each rounded",
     QUEBEC,
     false,
     false,
     {10000},
     {500 + 998},
     1498,
     11498},
    {"5 %, and 10 % of price and tax: 5.00 and 10.50",
     ISLAND,
     false,
     false,
     {10000},
     {500 + 1050},
     1550,
     11550},
    {"the same, included: 115.50", ISLAND, true, false, {11550}, {500 + 1050}, 1550, 11550},
    {"4 % of the state and 4.875 % of the city",
     NEW_YORK,
     false,
     false,
     {10000},
     {400 + 488},
     888,
     10888},
    {"the state alone", ALBANY, false, false, {10000}, {400}, 400, 10400},
    {"no rate is no tax", NOWHERE, true, false, {10000}, {0}, 0, 10000},
};

TEST(total_tax_as_one_works_it_out_by_hand)
{
    for (size_t i = 0; i < COUNT(by_hand); i++) {
        struct total_tax tax = {.rates = rates,
                                .rate_count = COUNT(rates),
                                .is_included = by_hand[i].is_included,
                                .is_rounded_in_total = by_hand[i].is_rounded_in_total};
        struct total_line lines[LINES] = {0};
        struct total_cart cart = {.currency = currency_find(STR("EUR")),
                                  .lines = lines,
                                  .ship_to = by_hand[i].ship_to,
                                  .tax = &tax};
        for (; cart.line_count < LINES && by_hand[i].prices_minor[cart.line_count];
             cart.line_count++)
            lines[cart.line_count] = (struct total_line){
                .id = {2, cart.line_count},
                .quantity = 1,
                .price_minor = by_hand[i].prices_minor[cart.line_count]};
        struct total *total = compute(t, &cart);
        test_note(t, "%s", by_hand[i].what);
        CHECK_INT(total->all.tax_minor, by_hand[i].tax_minor);
        CHECK_INT(total->all.gross_minor, by_hand[i].gross_minor);
        for (size_t k = 0; k < cart.line_count; k++)
            CHECK_INT(total->lines[k].tax_minor, by_hand[i].taxes_minor[k]);
    }
}

/* 119.00 of a German shop, in prices that include the tax of where it goes, or Germany's. */
static const struct total_region germany = GERMANY, austria = {{"AT", 2}, {"", 0}, {"", 0}},
                                 nowhere = NOWHERE;
static const struct {
    const char *what;
    const struct total_region *ship_to, *included_of;
    struct total_customer customer;
    enum total_treatment treatment;
    int64_t net_minor, tax_minor, change_minor;
} owed[] = {
    {"at home", &germany, NULL, {.is_exempt = false}, TOTAL_TAXED, 10000, 1900, 0},
    {"all pay the same: 119.00 × 20/120",
     &austria,
     NULL,
     {.is_exempt = false},
     TOTAL_TAXED,
     9917,
     1983,
     0},
    {"the net is the same: 100.00 and 20 %",
     &austria,
     &germany,
     {.is_exempt = false},
     TOTAL_TAXED,
     10000,
     2000,
     -100},
    {"abroad, the net is the same",
     &nowhere,
     &germany,
     {.is_exempt = false},
     TOTAL_TAXED,
     10000,
     0,
     1900},
    {"exempt", &germany, NULL, {.is_exempt = true}, TOTAL_EXEMPT, 10000, 0, 1900},
    {"a company in Austria",
     &austria,
     &germany,
     {.vat_country = {"AT", 2}},
     TOTAL_REVERSE_CHARGE,
     10000,
     0,
     1900},
    {"where all pay the same, without Austria's tax",
     &austria,
     NULL,
     {.vat_country = {"at", 2}},
     TOTAL_REVERSE_CHARGE,
     9917,
     0,
     1983},
    {"a company at home", &germany, NULL, {.vat_country = {"DE", 2}}, TOTAL_TAXED, 10000, 1900, 0},
    {"Austria's company fetches it at home",
     &germany,
     NULL,
     {.vat_country = {"AT", 2}},
     TOTAL_TAXED,
     10000,
     1900,
     0},
    {"a German company has it sent to Austria",
     &austria,
     NULL,
     {.vat_country = {"DE", 2}},
     TOTAL_TAXED,
     9917,
     1983,
     0},
    {"an id of no member", &austria, NULL, {.vat_country = {"CH", 2}}, TOTAL_TAXED, 9917, 1983, 0},
};

TEST(total_tax_of_those_who_owe_none_or_another)
{
    for (size_t i = 0; i < COUNT(owed); i++) {
        struct total_tax tax = {.rates = rates,
                                .rate_count = COUNT(rates),
                                .is_included = true,
                                .included_of = owed[i].included_of,
                                .home = STR("DE")};
        struct total_line line = {.quantity = 1, .price_minor = 11900};
        struct total_cart cart = {.currency = currency_find(STR("EUR")),
                                  .lines = &line,
                                  .line_count = 1,
                                  .customer = owed[i].customer,
                                  .ship_to = *owed[i].ship_to,
                                  .tax = &tax};
        struct total *total = compute(t, &cart);
        test_note(t, "%s", owed[i].what);
        CHECK_INT(total->treatment, owed[i].treatment);
        CHECK_INT(total->all.net_minor, owed[i].net_minor);
        CHECK_INT(total->all.tax_minor, owed[i].tax_minor);
        CHECK_INT(total->all.change_minor, owed[i].change_minor);
    }
}

static const struct total_band postage = {.price_minor = 1000};
static const struct total_method post = {.id = {7, 1}, .bands = &postage, .band_count = 1};
static const struct total_shipping posted = {.methods = &post, .method_count = 1};

/* 30.00 at 19 % and 10.00 at 7 %, and shipping of 10.00, prices without taxes. */
TEST(total_tax_of_shipping)
{
    static const struct {
        const char *what;
        enum total_shipping_tax shipping;
        struct str shipping_class;
        int64_t tax_minor;
    } rows[] = {
        {"a class of its own: 7 %", TOTAL_SHIPPING_CLASS, {"low", 3}, 70},
        {"a class that has no rate", TOTAL_SHIPPING_CLASS, {"none", 4}, 0},
        {"as the goods that are taxed most: 19 %", TOTAL_SHIPPING_HIGHEST, {"low", 3}, 190},
        {"7.50 at 19 % is 1.425, 2.50 at 7 % is 0.175", TOTAL_SHIPPING_SHARED, {"low", 3}, 161},
    };
    const struct total_line lines[] = {
        {.id = {2, 1}, .quantity = 1, .price_minor = 3000, .is_shipped = true},
        {.id = {2, 2}, .quantity = 1, .price_minor = 1000, .tax_class = STR("low")},
        {.id = {2, 3}, .quantity = 1, .price_minor = 9000, .is_gift_card = true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct total_tax tax = {.rates = rates,
                                .rate_count = COUNT(rates),
                                .shipping = rows[i].shipping,
                                .shipping_class = rows[i].shipping_class};
        struct total_cart cart = {.currency = currency_find(STR("EUR")),
                                  .lines = lines,
                                  .line_count = COUNT(lines),
                                  .ship_to = GERMANY,
                                  .tax = &tax,
                                  .shipping = &posted,
                                  .method = post.id};
        test_note(t, "%s", rows[i].what);
        CHECK_INT(compute(t, &cart)->shipping.tax_minor, rows[i].tax_minor);
    }
}

/* Goods that cost nothing tell nothing of how shipping is taxed: its class does. */
TEST(total_tax_of_shipping_of_free_goods_is_that_of_its_class)
{
    const struct total_line line = {.quantity = 1, .is_shipped = true};
    struct total_tax tax = {.rates = rates,
                            .rate_count = COUNT(rates),
                            .shipping = TOTAL_SHIPPING_SHARED,
                            .shipping_class = STR("low")};
    struct total_cart cart = {.currency = currency_find(STR("EUR")),
                              .lines = &line,
                              .line_count = 1,
                              .ship_to = GERMANY,
                              .tax = &tax,
                              .shipping = &posted,
                              .method = post.id};
    CHECK_INT(compute(t, &cart)->all.tax_minor, 70);
}

TEST(total_tax_has_a_row_a_rate)
{
    const struct total_line lines[] = {
        {.id = {2, 1}, .quantity = 1, .price_minor = 10000},
        {.id = {2, 2}, .quantity = 1, .price_minor = 5000, .tax_class = STR("none")},
    };
    struct total_tax tax = {.rates = rates, .rate_count = COUNT(rates)};
    struct total_cart cart = {.currency = currency_find(STR("CAD")),
                              .lines = lines,
                              .line_count = COUNT(lines),
                              .ship_to = QUEBEC,
                              .tax = &tax};
    struct total *total = compute(t, &cart);
    REQUIRE(total->tax_count == 2);
    CHECK(total->taxes[0].rate == &rates[4] && total->taxes[1].rate == &rates[5]);
    CHECK_INT(total->taxes[0].net_minor, 10000);
    CHECK_INT(total->taxes[0].tax_minor, 500);
    CHECK_INT(total->taxes[1].net_minor, 10000);
    CHECK_INT(total->taxes[1].tax_minor, 998);
    CHECK_INT(total->untaxed_minor, 5000);
    REQUIRE(total->lines[0].rate_count == 2);
    CHECK(total->lines[0].rates[1] == &rates[5]);
    CHECK_INT(total->lines[1].rate_count, 0);
}

/* Eight taxes of 100 % that are in a price of 5 would each round up to 1. */
TEST(total_tax_never_takes_more_than_the_price)
{
    struct total_rate steps[TOTAL_STEPS_MAX + 1] = {0};
    for (size_t i = 0; i < COUNT(steps); i++)
        steps[i] = (struct total_rate){.id = {3, i}, .step = (int)i, .rate_ppm = TOTAL_WHOLE};
    const struct total_line line = {.quantity = 1, .price_minor = 5};
    struct total_tax tax = {.rates = steps, .rate_count = TOTAL_STEPS_MAX, .is_included = true};
    struct total_cart cart = {
        .currency = currency_find(STR("JPY")), .lines = &line, .line_count = 1, .tax = &tax};
    struct total *total = compute(t, &cart);
    CHECK_INT(total->all.tax_minor, 5);
    CHECK_INT(total->all.net_minor, 0);
    tax.rate_count++;
    CHECK_ERR(total_compute(t->ctx, &cart, &total), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "rates");
}

TEST(total_tax_has_so_many_classes)
{
    static const char names[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    struct total_line lines[TOTAL_CLASSES_MAX + 1] = {0};
    struct total_cart cart = {.currency = currency_find(STR("EUR")), .lines = lines};
    struct total *total = NULL;
    for (size_t i = 0; i < COUNT(lines); i++)
        lines[i] = (struct total_line){
            .id = {2, i}, .quantity = 1, .price_minor = 1, .tax_class = str_make(&names[i], 1)};
    cart.line_count = TOTAL_CLASSES_MAX - 1; /* and shipping's */
    CHECK_INT(compute(t, &cart)->untaxed_minor, TOTAL_CLASSES_MAX - 1);
    cart.line_count = COUNT(lines);
    CHECK_ERR(total_compute(t->ctx, &cart, &total), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "tax_class");
}

/* What a tax is added to has the same tax in it. */
TEST(total_tax_added_is_the_tax_included)
{
    int64_t wrong = 0;
    for (int i = 0; i < 20000; i++) {
        struct total_rate rate = {
            .rate_ppm = (int64_t)rand_below(t->ctx->rand, TOTAL_RATE_MAX_PPM + 1)};
        struct total_tax tax = {.rates = &rate, .rate_count = 1};
        struct total_line line = {.quantity = 1,
                                  .price_minor = (int64_t)(rand_u64(t->ctx->rand) >> 26)};
        struct total_cart cart = {
            .currency = currency_find(STR("EUR")), .lines = &line, .line_count = 1, .tax = &tax};
        struct arena_mark mark = arena_mark(t->arena);
        struct total *added = compute(t, &cart);
        line.price_minor = added->all.gross_minor;
        tax.is_included = true;
        struct total *included = compute(t, &cart);
        wrong += included->all.tax_minor != added->all.tax_minor;
        wrong += included->all.net_minor != added->all.net_minor;
        arena_rewind(t->arena, mark);
    }
    CHECK_INT(wrong, 0);
}
