/* Makes the demo company's customers, and what they bought in the last ninety days. */
#include <string.h>

#include "shop/demo_inside.h"
#include "shop/order_inside.h"

enum {
    ORDERS_A_DAY = 6, /* and up to so many more, and more as the shop grows */
    GROWTH_DAYS = 15, /* one order a day more after so many days */
    SUNDAY = 7,
    CODE_DIGITS = 8,
    OPENS_H = 7,
    OPEN_S = 15 * 3600,
    HUNDRED = 100,
    CANCELLED_PERCENT = 4,
    REVIEWED_PERCENT = 20,        /* of the last two days */
    INVITED_DAYS = 3 * DEMO_DAYS, /* the oldest account */
    HOME_WAY = 0,
    ABROAD_WAY = 1,
};

/* Rules. */

static enum err set_rates(struct demo *demo)
{
    for (; demo_rates[demo->rate_count].name; demo->rate_count++)
        ;
    demo->rates = ARENA_ARRAY(demo->ctx->arena, demo->rate_count, struct total_rate);
    demo->rate_ids = ARENA_ARRAY(demo->ctx->arena, demo->rate_count, struct str);
    if (!demo->rates || !demo->rate_ids)
        return err_memory(&demo->ctx->err);
    for (size_t i = 0; i < demo->rate_count; i++) {
        const struct demo_rate *is = &demo_rates[i];
        demo->rates[i] = (struct total_rate){
            .area = {str_from(is->country), str_from(is->state), str_from(is->postcode)},
            .tax_class = str_from(is->tax_class),
            .step = is->step,
            .rate_ppm = is->rate_ppm};
        TRY(demo_make_id(demo, "tax", demo->now_us, &demo->rates[i].id, &demo->rate_ids[i]));
    }
    return ERR_OK;
}

static enum err set_methods(struct demo *demo)
{
    for (size_t i = 0; i < DEMO_METHODS; i++) {
        demo->methods[i] = (struct total_method){.bands = demo_ways[i].bands,
                                                 .band_count = sizeof demo_ways[i].bands /
                                                               sizeof *demo_ways[i].bands};
        TRY(demo_make_id(demo, "shp", demo->now_us, &demo->methods[i].id, &demo->method_ids[i]));
    }
    return ERR_OK;
}

static enum err set_promotions(struct demo *demo)
{
    for (size_t i = 0; i < DEMO_PROMOTIONS; i++) {
        const struct demo_offer *offer = &demo_offers[i];
        struct total_promotion *promotion = &demo->promotions[i];
        *promotion = offer->terms;
        promotion->code = str_from(offer->code);
        promotion->currency = offer->has_currency ? demo->currency : NULL;
        for (size_t k = 0; offer->shelf && k < demo->made.categories; k++)
            if (strcmp(demo->categories[k].shelf->slug, offer->shelf) == 0) {
                demo->promotion_marks[i] = demo->categories[k].is.id;
                promotion->on = (struct total_ids){&demo->promotion_marks[i], 1};
            }
        TRY(demo_make_id(demo, "prm", demo->now_us, &promotion->id, &demo->promotion_ids[i]));
    }
    return ERR_OK;
}

enum err demo_set_rules(struct demo *demo)
{
    struct id id;
    for (size_t i = 0; i < DEMO_LOCATIONS; i++)
        TRY(demo_make_id(demo, "loc", demo->now_us, &id, &demo->locations[i]));
    TRY(set_rates(demo));
    TRY(set_methods(demo));
    return set_promotions(demo);
}

/* Customers. */

static struct str pick_any(struct demo *demo, const char *list)
{
    return demo_pick(list, '|', demo_below(demo, demo_count(list, '|')));
}

/* A number stands before a street's name in French, and behind it elsewhere. */
static enum err name_street(struct demo *demo, struct demo_customer *customer)
{
    struct str street = pick_any(demo, customer->place->streets);
    long long number = demo_from_to(demo, 1, HUNDRED);
    if (strcmp(customer->place->country, "FR") == 0)
        return demo_text(demo, &customer->street, "%lld " STR_FMT, number, STR_ARG(street));
    return demo_text(demo, &customer->street, STR_FMT " %lld", STR_ARG(street), number);
}

static enum err invite(struct demo *demo, struct demo_customer *customer, size_t number)
{
    size_t places = 0;
    struct id id;
    struct str first, last, email, city;
    for (; demo_places[places].country; places++)
        ;
    /* Half of them live where the shop is. */
    size_t place = demo_below(demo, 2) ? 0 : demo_below(demo, places);
    *customer = (struct demo_customer){.place = &demo_places[place],
                                       .has_account = demo_below(demo, 10) < 7};
    customer->made_us = demo->now_us - demo_from_to(demo, DEMO_DAYS, INVITED_DAYS) * DAY_US;
    first = pick_any(demo, customer->place->first);
    last = pick_any(demo, customer->place->last);
    city = pick_any(demo, customer->place->cities);
    (void)str_cut(&city, ' ', &customer->postcode);
    customer->city = city;
    TRY(demo_make_id(demo, "cus", customer->made_us, &id, &customer->id));
    TRY(demo_text(demo, &customer->name, STR_FMT " " STR_FMT, STR_ARG(first), STR_ARG(last)));
    TRY(demo_plain(demo, customer->name, '.', &email));
    TRY(demo_text(demo, &customer->email, STR_FMT ".%zu@example.com", STR_ARG(email), number));
    return name_street(demo, customer);
}

enum err demo_invite(struct demo *demo)
{
    demo->customers = ARENA_ARRAY(demo->ctx->arena, DEMO_CUSTOMERS, struct demo_customer);
    if (!demo->customers)
        return err_memory(&demo->ctx->err);
    for (size_t i = 0; i < DEMO_CUSTOMERS; i++) {
        TRY(invite(demo, &demo->customers[i], i + 1));
        demo->made.customers += demo->customers[i].has_account;
    }
    return ERR_OK;
}

/* What lies in a basket. The smaller of two numbers: some things sell better than others. */

static struct demo_variant *pick_variant(struct demo *demo)
{
    uint64_t one = demo_below(demo, demo->made.products),
             other = demo_below(demo, demo->made.products);
    /* A stride that is prime to their count spreads the best sellers over all shelves. */
    size_t place = (size_t)((one < other ? one : other) * 97 % demo->made.products);
    struct demo_product *product = &demo->products[place];
    return &product->variants[demo_below(demo, product->variant_count)];
}

static void fill_basket(struct demo *demo, struct demo_order *order)
{
    size_t wanted = 1 + demo_below(demo, DEMO_LINES_MAX);
    for (size_t tries = 0; tries < wanted || !order->line_count; tries++) {
        struct demo_variant *variant = pick_variant(demo);
        bool known = variant->product->box != NULL; /* what it holds is sold by itself */
        for (size_t i = 0; i < order->line_count; i++)
            known = known || order->lines[i].variant == variant;
        int64_t most = variant->price_minor < 1000 ? 4 : 2;
        int64_t quantity = demo_from_to(demo, 1, most);
        if (!known)
            order->lines[order->line_count++] = (struct demo_line){.variant = variant,
                                                                   .quantity = quantity};
    }
}

/* Totals. */

static void take_total(struct demo_order *order, const struct total *total)
{
    for (size_t i = 0; i < order->line_count; i++) {
        order->lines[i].off_minor = total->lines[i].off_minor;
        order->lines[i].tax_minor = total->lines[i].tax_minor;
        order->lines[i].gross_minor = total->lines[i].gross_minor;
    }
    for (size_t i = 0; i < DEMO_PROMOTIONS; i++)
        order->uses[i] = total->notes[i].reason == TOTAL_APPLIED;
    order->goods_minor = total->all.goods_minor - total->shipping.goods_minor;
    order->off_minor = total->all.off_minor - total->shipping.off_minor;
    order->shipping_minor = total->shipping.goods_minor - total->shipping.off_minor;
    order->tax_minor = total->all.tax_minor;
    order->gross_minor = total->all.gross_minor;
}

/* The terms are the checkout's to write: it needs no more of the cart than its count. */
static enum err compute(struct demo *demo, struct demo_order *order, const struct total_cart *cart,
                        struct buf *terms)
{
    struct cart lines = {.count = order->line_count};
    struct order_placing placing = {.cart = &lines};
    struct total *total = NULL;
    struct str text;
    TRY(total_compute(demo->ctx, cart, &total));
    take_total(order, total);
    placing.total = total;
    TRY(order_inside_terms(demo->ctx, &placing, &text));
    buf_add(terms, text);
    return buf_err(terms) ? err_memory(&demo->ctx->err) : ERR_OK;
}

static enum err work_out(struct demo *demo, struct demo_order *order, struct str code)
{
    static const struct str home = {"DE", 2};
    struct total_line lines[DEMO_LINES_MAX] = {0};
    struct id marks[DEMO_LINES_MAX][3];
    char text[DEMO_TEXT_MAX * 2];
    struct buf terms;
    bool is_home = str_equal(str_from(order->customer->place->country), home);
    size_t way = is_home ? HOME_WAY : ABROAD_WAY;
    for (size_t i = 0; i < order->line_count; i++) {
        const struct demo_variant *variant = order->lines[i].variant;
        const struct demo_category *category = variant->product->category;
        marks[i][0] = variant->product->is.id;
        marks[i][1] = category->is.id;
        marks[i][2] = category->parent->is.id;
        lines[i] = (struct total_line){.id = variant->mark,
                                       .quantity = order->lines[i].quantity,
                                       .price_minor = variant->price_minor,
                                       .tax_class = variant->product->tax_class,
                                       .marks = {marks[i], 3},
                                       .weight_g = variant->weight_g,
                                       .is_shipped = true};
    }
    struct total_tax tax = {.rates = demo->rates,
                            .rate_count = demo->rate_count,
                            .is_included = true,
                            .home = home,
                            .shipping = TOTAL_SHIPPING_SHARED};
    struct total_shipping shipping = {.methods = &demo->methods[way], .method_count = 1};
    struct total_cart cart = {.currency = demo->currency,
                              .now_us = order->placed_us,
                              .lines = lines,
                              .line_count = order->line_count,
                              .ship_to = {.country = str_from(order->customer->place->country),
                                          .postcode = order->customer->postcode},
                              .codes = &code,
                              .code_count = code.len != 0,
                              .promotions = demo->promotions,
                              .promotion_count = DEMO_PROMOTIONS,
                              .tax = &tax,
                              .shipping = &shipping,
                              .method = demo->methods[way].id};
    struct arena_mark mark = arena_mark(demo->ctx->arena);
    buf_init_fixed(&terms, text, sizeof text);
    enum err err = compute(demo, order, &cart, &terms);
    arena_rewind(demo->ctx->arena, mark);
    TRY(err);
    order->method = demo_ways[way].name;
    return str_copy(demo->ctx->arena, buf_str(&terms), &order->terms) ? err_memory(&demo->ctx->err)
                                                                      : ERR_OK;
}

/* What became of it. */

static const char *pick_payment(struct demo *demo)
{
    static const char *const payments[] = {"test", "test", "test", "test", "test",
                                           "test", "bank", "bank", "cash", "test"};
    return payments[demo_below(demo, sizeof payments / sizeof *payments)];
}

static void settle(struct demo *demo, struct demo_order *order)
{
    bool by_bank = strcmp(order->payment, "bank") == 0;
    uint64_t lot = demo_below(demo, HUNDRED);
    int64_t pay_us = by_bank ? demo_from_to(demo, 8, 40) * HOUR_US
                             : demo_from_to(demo, 20, 200) * SECOND_US;
    int64_t paid_us = order->placed_us + pay_us;
    int64_t shipped_us = paid_us + demo_from_to(demo, 4, 50) * HOUR_US;
    order->score = (int64_t)demo_below(demo, 20);
    if (lot < CANCELLED_PERCENT && order->placed_us + 2 * DAY_US < demo->now_us) {
        order->state = DEMO_CANCELLED;
        order->cancelled_us = order->placed_us + DAY_US;
    } else if (lot >= HUNDRED - REVIEWED_PERCENT && order->placed_us + 2 * DAY_US > demo->now_us) {
        order->state = DEMO_REVIEW;
        order->score = demo_from_to(demo, 60, 85);
    } else if (shipped_us <= demo->now_us) {
        order->state = DEMO_SHIPPED;
        order->shipped_us = shipped_us;
    } else if (paid_us <= demo->now_us) {
        order->state = DEMO_PAID;
    }
    if (order->state == DEMO_SHIPPED || order->state == DEMO_PAID)
        order->paid_us = paid_us;
}

static void count_pieces(struct demo *demo, const struct demo_order *order)
{
    bool sold = order->paid_us != 0, held = !sold && order->state != DEMO_CANCELLED;
    for (size_t i = 0; i < order->line_count; i++) {
        order->lines[i].variant->sold += sold ? order->lines[i].quantity : 0;
        order->lines[i].variant->held += held ? order->lines[i].quantity : 0;
    }
    for (size_t i = 0; i < DEMO_PROMOTIONS; i++)
        demo->promotion_uses[i] += order->uses[i] && order->state != DEMO_CANCELLED;
    demo->made.lines += order->line_count;
    demo->made.gross_minor += order->gross_minor;
    demo->made.orders++;
}

static enum err draw_code(struct demo *demo, struct demo_order *order)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char code[CODE_DIGITS + 2];
    for (size_t i = 0; i < CODE_DIGITS + 1; i++)
        code[i] = i == CODE_DIGITS / 2 ? '-' : digits[demo_below(demo, sizeof digits - 1)];
    code[CODE_DIGITS + 1] = '\0';
    return demo_text(demo, &order->code, "%s", code);
}

/* A code of one's first order, or now and then the other. */
static struct str pick_code(struct demo *demo, const struct demo_customer *customer)
{
    uint64_t lot = demo_below(demo, HUNDRED);
    if (customer->orders == 0 && lot < 40)
        return str_from(demo_offers[0].code);
    return lot > 92 ? str_from(demo_offers[DEMO_PROMOTIONS - 1].code) : STR("");
}

static enum err take_order(struct demo *demo, int64_t placed_us)
{
    struct demo_order *order = &demo->orders[demo->made.orders];
    struct id id;
    *order = (struct demo_order){.placed_us = placed_us,
                                 .customer = &demo->customers[demo_below(demo, DEMO_CUSTOMERS)],
                                 .payment = pick_payment(demo)};
    struct str code = pick_code(demo, order->customer);
    TRY(demo_make_id(demo, "ord", placed_us, &id, &order->id));
    TRY(demo_make_id(demo, "crt", placed_us, &id, &order->cart));
    TRY(draw_code(demo, order));
    TRY(demo_text(demo, &order->tracking, "00%lld%06lld",
                  (long long)demo_from_to(demo, 340400000, 340499999),
                  (long long)demo_from_to(demo, 0, 999999)));
    fill_basket(demo, order);
    TRY(work_out(demo, order, code));
    settle(demo, order);
    order->customer->orders++;
    count_pieces(demo, order);
    return ERR_OK;
}

static int64_t count_of_day(struct demo *demo, int64_t day_us, int64_t day)
{
    bool is_sunday = civil_from_us(day_us).weekday == SUNDAY;
    int64_t count = demo_from_to(demo, ORDERS_A_DAY / 2, ORDERS_A_DAY + day / GROWTH_DAYS);
    return is_sunday ? count / 2 + 1 : count;
}

/* Those of today that are not placed yet are drawn all the same, and left out. */
enum err demo_take_orders(struct demo *demo)
{
    int64_t today_us = demo->now_us - demo->now_us % DAY_US;
    demo->orders = ARENA_ARRAY(demo->ctx->arena, DEMO_ORDERS_MAX, struct demo_order);
    if (!demo->orders)
        return err_memory(&demo->ctx->err);
    for (int64_t day = 0; day <= DEMO_DAYS; day++) {
        int64_t day_us = today_us - (DEMO_DAYS - day) * DAY_US;
        for (int64_t left = count_of_day(demo, day_us, day); left > 0; left--) {
            int64_t placed_us = day_us + OPENS_H * HOUR_US +
                                demo_from_to(demo, 0, OPEN_S) * SECOND_US;
            if (placed_us < demo->now_us && demo->made.orders < DEMO_ORDERS_MAX)
                TRY(take_order(demo, placed_us));
        }
    }
    return ERR_OK;
}
