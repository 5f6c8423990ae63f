/* Tests of promotions: each effect worked out by hand, combinations, and the reasons for a no. */
#include "harness/test.h"
#include "shop/total.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LINES = 3, PROMOTIONS = 3 };

static const struct id a = {1, 1}, b = {1, 2}, groups[] = {{6, 1}, {6, 2}},
                       a_and_b[] = {{1, 1}, {1, 2}};

#define ON_A .on = {&a, 1}
#define ON_B .on = {&b, 1}

/* Lines are on mark a, b or none; amounts off each are expected. */
struct row {
    const char *what;
    struct {
        int64_t quantity, price_minor;
        char mark;
    } lines[LINES];
    struct total_promotion promotions[PROMOTIONS];
    int64_t offs_minor[LINES];
};

static void cart_init(struct total_cart *cart, struct total_line lines[LINES],
                      const struct row *row)
{
    size_t count = 0, promotions = 0;
    for (; count < LINES && row->lines[count].quantity; count++) {
        lines[count] = (struct total_line){.id = {2, count},
                                           .quantity = row->lines[count].quantity,
                                           .price_minor = row->lines[count].price_minor};
        if (row->lines[count].mark != ' ')
            lines[count].marks = (struct total_ids){row->lines[count].mark == 'a' ? &a : &b, 1};
        lines[count].is_gift_card = row->lines[count].mark == 'g';
    }
    while (promotions < PROMOTIONS && row->promotions[promotions].id.high)
        promotions++;
    *cart = (struct total_cart){.currency = currency_find(STR("EUR")),
                                .lines = lines,
                                .line_count = count,
                                .promotions = row->promotions,
                                .promotion_count = promotions};
}

static void check_rows(struct test *t, const struct row rows[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct total_cart cart;
        struct total_line lines[LINES] = {0};
        struct total *total = NULL;
        cart_init(&cart, lines, &rows[i]);
        REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
        for (size_t k = 0; k < cart.line_count; k++) {
            test_note(t, "%s, line %zu", rows[i].what, k);
            CHECK_INT(total->lines[k].off_minor, rows[i].offs_minor[k]);
        }
    }
}

static const struct total_tier by_pieces[] = {{3, 50000}, {5, 100000}, {10, 200000}};
static const struct total_tier by_amount[] = {{5000, 500}, {10000, 1500}};

TEST(total_promotion_effects_as_one_works_them_out_by_hand)
{
    const struct row rows[] = {
        {"10 % of 3 × 0.05 is 0.015: two cents, not three of a cent each",
         {{1, 5, ' '}, {1, 5, ' '}, {1, 5, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_PERCENT, .value = 100000}},
         {1, 1, 0}},
        {"10 % of 25.00 of a alone",
         {{2, 1250, 'a'}, {1, 9999, 'b'}},
         {{.id = {4, 1}, .effect = TOTAL_PERCENT, .value = 100000, ON_A}},
         {250, 0}},
        {"33.3333 % of 10.00 is 3.33333",
         {{1, 1000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_PERCENT, .value = 333333}},
         {333}},
        {"half of 0.01 is half a cent: away from zero",
         {{1, 1, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_PERCENT, .value = 500000}},
         {1}},
        {"2.00 off each of 3, of 1.50 at most",
         {{3, 150, ' '}, {3, 500, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_EACH, .value = 200}},
         {450, 600}},
        {"10.00 off three lines of the same price: 3.34, 3.33, 3.33",
         {{1, 2000, ' '}, {1, 2000, ' '}, {1, 2000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 1000}},
         {334, 333, 333}},
        {"10.00 off 59.97 and 25.00: 7.0578 and 2.9422",
         {{3, 1999, ' '}, {2, 1250, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 1000}},
         {706, 294}},
        {"never more off than there is",
         {{1, 300, ' '}, {1, 200, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 1000}},
         {300, 200}},
        {"a gift card is left alone",
         {{1, 5000, 'g'}, {1, 1000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 9000}},
         {0, 1000}},
        {"4 pieces: the tier of 3, 5 % of 40.00",
         {{4, 1000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_PERCENT, .tiers = by_pieces, .tier_count = 3}},
         {200}},
        {"5 pieces on two lines: 10 % of 50.00",
         {{4, 1000, ' '}, {1, 1000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_PERCENT, .tiers = by_pieces, .tier_count = 3}},
         {400, 100}},
        {"99.99 is below 100.00: 5.00 off",
         {{1, 9999, ' '}},
         {{.id = {4, 1},
           .effect = TOTAL_ORDER,
           .tiers = by_amount,
           .tier_count = 2,
           .tiers_by_amount = true}},
         {500}},
        {"100.00: 15.00 off",
         {{1, 10000, ' '}},
         {{.id = {4, 1},
           .effect = TOTAL_ORDER,
           .tiers = by_amount,
           .tier_count = 2,
           .tiers_by_amount = true}},
         {1500}},
    };
    check_rows(t, rows, COUNT(rows));
}

#define BUY(bought, got) .id = {4, 1}, .effect = TOTAL_BUY_GET, .buy = (bought), .get = (got)

TEST(total_buy_and_get_as_one_works_it_out_by_hand)
{
    const struct row rows[] = {
        {"3 for 2: one of 3", {{3, 1000, ' '}}, {{BUY(2, 1), .value = TOTAL_WHOLE}}, {1000}},
        {"3 for 2: one of 5, too", {{5, 1000, ' '}}, {{BUY(2, 1), .value = TOTAL_WHOLE}}, {1000}},
        {"3 for 2: two of 6, the cheapest",
         {{2, 1000, ' '}, {3, 500, ' '}, {1, 400, ' '}},
         {{BUY(2, 1), .value = TOTAL_WHOLE}},
         {0, 500, 400}},
        {"3 for 2, once",
         {{2, 1000, ' '}, {3, 500, ' '}, {1, 400, ' '}},
         {{BUY(2, 1), .value = TOTAL_WHOLE, .sets_max = 1}},
         {0, 0, 400}},
        {"2 for 1 at half: 4 pieces of 9.99, half of two is 9.99",
         {{4, 999, ' '}},
         {{BUY(1, 1), .value = 500000}},
         {999}},
        {"sets are whole: 3 is no set of 2 + 2",
         {{3, 100, ' '}},
         {{BUY(2, 2), .value = TOTAL_WHOLE}},
         {0}},
        {"buy 2 of a, get 1 of b",
         {{4, 1000, 'a'}, {3, 300, 'b'}},
         {{BUY(2, 1), ON_A, .get_on = {&b, 1}, .value = TOTAL_WHOLE}},
         {0, 600}},
        {"no b in the cart, none is got",
         {{4, 1000, 'a'}},
         {{BUY(2, 1), ON_A, .get_on = {&b, 1}, .value = TOTAL_WHOLE}},
         {0}},
        {"buy 2 of anything, get 1 of b: one b is bought, or there were no set",
         {{1, 1000, 'a'}, {2, 300, 'b'}},
         {{BUY(2, 1), .get_on = {&b, 1}, .value = TOTAL_WHOLE}},
         {0, 300}},
        {"the cheapest two are a and must be bought: b is got",
         {{2, 100, 'a'}, {1, 500, 'b'}},
         {{BUY(2, 1), ON_A, .get_on = {a_and_b, 2}, .value = TOTAL_WHOLE}},
         {0, 500}},
        {"of equal prices the line of the lower id",
         {{1, 500, ' '}, {1, 500, ' '}, {1, 500, ' '}},
         {{BUY(2, 1), .value = TOTAL_WHOLE}},
         {500, 0, 0}},
    };
    check_rows(t, rows, COUNT(rows));
}

TEST(total_promotions_stack_by_priority_or_stand_alone)
{
    const struct row rows[] = {
        {"10 % and then 5.00: 100.00 less 10.00 less 5.00",
         {{1, 10000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 500},
          {.id = {4, 2}, .effect = TOTAL_PERCENT, .value = 100000, .priority = 1}},
         {1500}},
        {"5.00 and then 10 %: 100.00 less 5.00 less 9.50",
         {{1, 10000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 500},
          {.id = {4, 2}, .effect = TOTAL_PERCENT, .value = 100000}},
         {1450}},
        {"20 % alone saves more than 10 % and 5.00",
         {{1, 10000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 500},
          {.id = {4, 2}, .effect = TOTAL_PERCENT, .value = 100000},
          {.id = {4, 3}, .effect = TOTAL_PERCENT, .value = 200000, .is_exclusive = true}},
         {2000}},
        {"12 % alone saves less",
         {{1, 10000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 500},
          {.id = {4, 2}, .effect = TOTAL_PERCENT, .value = 100000},
          {.id = {4, 3}, .effect = TOTAL_PERCENT, .value = 120000, .is_exclusive = true}},
         {1450}},
        {"a minimum of 100.00 is met at list prices, whatever came before",
         {{1, 10000, ' '}},
         {{.id = {4, 1}, .effect = TOTAL_ORDER, .value = 5000, .priority = 9},
          {.id = {4, 2}, .effect = TOTAL_PERCENT, .value = 100000, .minimum_minor = 10000}},
         {5500}},
        {"3 for 2 after half off a: a is the cheapest now",
         {{1, 1000, 'a'}, {2, 600, 'b'}},
         {{BUY(2, 1), .value = TOTAL_WHOLE},
          {.id = {4, 2}, .effect = TOTAL_PERCENT, .value = 500000, .priority = 1, ON_A}},
         {1000, 0}},
    };
    check_rows(t, rows, COUNT(rows));
}

TEST(total_promotion_says_why_not)
{
    static const struct {
        struct total_promotion promotion;
        const char *reason;
        int64_t wanted, had;
    } rows[] = {
        {{.value = 100000}, "applied", 0, 0},
        {{.value = 100000, .begin_us = 100, .end_us = 101}, "applied", 0, 0},
        {{.value = 100000, .begin_us = 101}, "not_begun", 101, 100},
        {{.value = 100000, .end_us = 100}, "ended", 100, 100},
        {{.value = 100000, .code = {"WINTER", 6}}, "applied", 0, 0},
        {{.value = 100000, .code = {"summer", 6}}, "no_code", 0, 0},
        {{.value = 100000, .groups = {groups, 2}}, "applied", 0, 0},
        {{.value = 100000, .groups = {groups, 1}}, "other_group", 0, 0},
        {{.value = 100000, .uses = {9, 10}}, "applied", 0, 0},
        {{.value = 100000, .uses = {10, 10}}, "used_up", 10, 10},
        {{.value = 100000, .uses_by_customer = {1, 1}}, "used_by_you", 1, 1},
        {{.value = 100000, ON_B}, "no_lines", 0, 0},
        {{.value = 100000, .not_on = {&a, 1}}, "no_lines", 0, 0},
        {{.value = 100000, .minimum_quantity = 3}, "below_quantity", 3, 2},
        {{.value = 100000, .minimum_minor = 2001}, "below_amount", 2001, 2000},
        {{.tiers = by_pieces, .tier_count = 3}, "below_quantity", 3, 2},
        {{.tiers = by_amount, .tier_count = 2, .tiers_by_amount = true, .effect = TOTAL_ORDER},
         "below_amount",
         5000,
         2000},
        {{.value = 0}, "nothing_left", 0, 0},
        {{.effect = TOTAL_SHIPPING, .value = TOTAL_WHOLE}, "nothing_left", 0, 0},
        {{.value = 1, .is_exclusive = true}, "nothing_left", 0, 0},
    };
    const struct str codes[] = {STR("  winter\n"), STR("WINTR"), STR("")};
    struct total_line line = {.quantity = 2, .price_minor = 1000, .marks = {&a, 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct total *total = NULL;
        struct total_cart cart = {.currency = currency_find(STR("EUR")),
                                  .now_us = 100,
                                  .lines = &line,
                                  .line_count = 1,
                                  .customer.groups = {&groups[1], 1},
                                  .codes = codes,
                                  .code_count = COUNT(codes),
                                  .promotions = &rows[i].promotion,
                                  .promotion_count = 1};
        test_note(t, "row %zu", i);
        REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
        CHECK_TEXT(total_reason_name(total->notes[0].reason), rows[i].reason);
        CHECK_INT(total->notes[0].wanted, rows[i].wanted);
        CHECK_INT(total->notes[0].had, rows[i].had);
        bool known = rows[i].promotion.code.len && rows[i].promotion.code.ptr[0] == 'W';
        CHECK_INT(total->unknown_code_count, known ? 1 : 2);
        CHECK_STR(total->unknown_codes[!known], "WINTR");
    }
}

TEST(total_promotion_in_another_currency_is_not_taken)
{
    struct total_promotion promotion = {.effect = TOTAL_ORDER, .value = 500};
    struct total_line line = {.quantity = 1, .price_minor = 1000};
    struct total_cart cart = {.currency = currency_find(STR("EUR")),
                              .lines = &line,
                              .line_count = 1,
                              .promotions = &promotion,
                              .promotion_count = 1};
    struct total *total = NULL;
    promotion.currency = currency_find(STR("JPY"));
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->notes[0].reason, TOTAL_OTHER_CURRENCY);
    promotion.currency = currency_find(STR("EUR"));
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->notes[0].reason, TOTAL_APPLIED);
    CHECK_INT(total->all.gross_minor, 500);
}

TEST(total_promotion_that_is_beaten_says_by_whom)
{
    const struct total_promotion promotions[] = {
        {.id = {4, 1}, .effect = TOTAL_ORDER, .value = 500},
        {.id = {4, 2}, .effect = TOTAL_ORDER, .value = 900, .is_exclusive = true},
        {.id = {4, 3}, .effect = TOTAL_ORDER, .value = 900, .is_exclusive = true, .priority = 1},
    };
    struct total_line line = {.quantity = 1, .price_minor = 1000};
    struct total_cart cart = {.currency = currency_find(STR("EUR")),
                              .lines = &line,
                              .line_count = 1,
                              .promotions = promotions,
                              .promotion_count = COUNT(promotions)};
    struct total *total = NULL;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->notes[0].reason, TOTAL_BEATEN);
    CHECK_INT(total->notes[1].reason, TOTAL_BEATEN);
    CHECK_INT(total->notes[2].reason, TOTAL_APPLIED);
    CHECK(total->notes[0].by == &promotions[2] && total->notes[1].by == &promotions[2]);
    CHECK_INT(total->notes[0].take_count, 0);
    REQUIRE(total->notes[2].take_count == 1);
    CHECK_INT(total->notes[2].takes[0].off_minor, 900);
}

TEST(total_reasons_have_names)
{
    CHECK_TEXT(total_reason_name(TOTAL_APPLIED), "applied");
    CHECK_TEXT(total_reason_name(TOTAL_NOTHING_LEFT), "nothing_left");
}
