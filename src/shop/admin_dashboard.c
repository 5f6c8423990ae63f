/* The dashboard: how the shop fares, the last 30 days against the 30 before. */
#include "shop/admin_dashboard.h"

#include <math.h>

#include "base/clock.h"
#include "draw/chart.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/admin_stock.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "text/date.h"
#include "text/number.h"

enum {
    DAYS = 30,
    ALL_DAYS = 2 * DAYS, /* those before, and the last ones */
    LATE_DAYS = 2,
    BEST_ROWS = 8,
    LATE_ROWS = 6,
    SOON_ROWS = 8,
    STATES_MAX = 8,
    CHART_BYTES_MAX = 64 << 10,
    CHART_WIDTH = 440, /* about as wide as it stands there: its words keep their size */
    CHART_HEIGHT = 220,
    WORDS_MAX = 128,
};

/* Days are those of UTC; the first is ALL_DAYS - 1 before today. */
struct look {
    struct str currency;
    int64_t now_us, begins_us;
    struct admin_sales_days_rows days;
    struct admin_sales_best_rows best;
    struct admin_sales_late_rows late;
    struct admin_sales_late_count_row late_count;
    struct admin_sales_soon_rows soon;
    struct admin_order_open_rows open;
};

static enum err read_all(struct tx *tx, void *arg)
{
    struct look *look = arg;
    int64_t late_us = look->now_us - LATE_DAYS * DAY_US;
    TRY(admin_sales_days(tx, look->begins_us, look->now_us + 1, look->currency, ALL_DAYS,
                         &look->days));
    TRY(admin_sales_best(tx, look->begins_us + DAYS * DAY_US, look->currency, BEST_ROWS,
                         &look->best));
    TRY(admin_sales_late(tx, late_us, LATE_ROWS, &look->late));
    TRY(admin_sales_late_count(tx, late_us, &look->late_count));
    TRY(admin_sales_soon(tx, ADMIN_STOCK_FEW, SOON_ROWS, &look->soon));
    return admin_order_open(tx, STATES_MAX, &look->open);
}

/* The charts. */

/* A value a day: of the days before, then of the last ones. */
struct curve {
    double values[ALL_DAYS];
};

static void fill_curves(const struct look *look, const struct currency *currency,
                        struct curve *orders, struct curve *revenue)
{
    const double unit = pow(10, currency->digits);
    *orders = *revenue = (struct curve){0};
    for (size_t i = 0; i < look->days.count; i++) {
        const struct admin_sales_days_row *row = &look->days.rows[i];
        if (row->day < 0 || row->day >= ALL_DAYS)
            continue;
        orders->values[row->day] = (double)row->count;
        revenue->values[row->day] = (double)row->gross_minor / unit;
    }
}

static void write_number(struct buf *out, double value, const void *arg)
{
    text_int(out, arg, llround(value));
}

static struct str day_words(const struct request *request, int64_t day_us)
{
    struct buf out;
    struct civil civil = civil_from_us(day_us);
    buf_init(&out, request->ctx->arena, WORDS_MAX);
    text_date(&out, request->ctx->language, &civil, DATE_NUMERIC);
    return buf_str(&out);
}

static struct html draw(const struct request *request, const struct look *look, const char *id,
                        struct str title, const struct curve *curve)
{
    struct buf svg;
    struct str labels[DAYS];
    for (int i = 0; i < DAYS; i++)
        labels[i] = day_words(request, look->begins_us + (DAYS + i) * DAY_US);
    struct chart chart = {.kind = CHART_LINE,
                          .id = id,
                          .title = title,
                          .labels = labels,
                          .count = DAYS,
                          .series = {{ui_words(request, text_admin_days_now), curve->values + DAYS},
                                     {ui_words(request, text_admin_days_before), curve->values}},
                          .width = CHART_WIDTH,
                          .height = CHART_HEIGHT,
                          .right_to_left = request->ctx->language->right_to_left,
                          .number = write_number,
                          .number_arg = request->ctx->language};
    buf_init(&svg, request->ctx->arena, CHART_BYTES_MAX);
    chart_write(&svg, &chart);
    return (struct html){buf_str(&svg)};
}

/* The figures. */

static void compare(const struct request *request, struct admin_sum *figure)
{
    struct buf out;
    if (figure->before <= 0)
        return;
    int64_t percent = llround((double)(figure->now - figure->before) * 100 /
                              (double)figure->before);
    figure->is_up = percent >= 0;
    buf_init(&out, request->ctx->arena, WORDS_MAX);
    text_percent(&out, request->ctx->language, percent < 0 ? -percent : percent, 0);
    figure->change = buf_str(&out);
}

static void sum_up(const struct request *request, const struct look *look, struct admin_sum *orders,
                   struct admin_sum *revenue, struct admin_sum *average)
{
    *orders = *revenue = *average = (struct admin_sum){0};
    for (size_t i = 0; i < look->days.count; i++) {
        const struct admin_sales_days_row *row = &look->days.rows[i];
        bool is_now = row->day >= DAYS;
        *(is_now ? &orders->now : &orders->before) += row->count;
        *(is_now ? &revenue->now : &revenue->before) += row->gross_minor;
    }
    average->now = orders->now ? revenue->now / orders->now : 0;
    average->before = orders->before ? revenue->before / orders->before : 0;
    compare(request, orders);
    compare(request, revenue);
    compare(request, average);
}

static int64_t count_open(const struct look *look, const char *state)
{
    for (size_t i = 0; i < look->open.count; i++)
        if (str_equal(look->open.rows[i].state, str_from(state)))
            return look->open.rows[i].count;
    return 0;
}

static struct str revenue_title(const struct request *request, const struct currency *currency)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, WORDS_MAX);
    text_admin_revenue_a_day(&out, request->ctx->language, str_from(currency->code));
    return buf_str(&out);
}

static void fill_page(struct request *request, const struct look *look,
                      struct admin_dashboard_page *page)
{
    const struct currency *currency = admin_currency(request);
    struct curve orders, revenue;
    fill_curves(look, currency, &orders, &revenue);
    page->frame = ui_frame(request, "/admin/dashboard");
    page->currency = currency;
    page->revenue_title = revenue_title(request, currency);
    page->revenue_chart = draw(request, look, "revenue", page->revenue_title, &revenue);
    page->orders_chart = draw(request, look, "orders", ui_words(request, text_admin_orders_a_day),
                              &orders);
    sum_up(request, look, &page->orders, &page->revenue, &page->average);
    page->to_pay = count_open(look, "placed");
    page->to_check = count_open(look, "review");
    page->to_ship = count_open(look, "paid");
    page->late = &look->late;
    page->late_count = look->late_count.count;
    page->soon = &look->soon;
    page->few = ADMIN_STOCK_FEW;
    page->is_empty = !page->orders.now && !page->orders.before;
}

enum err admin_dashboard(struct request *request)
{
    struct admin_dashboard_page page = {0};
    struct admin_seller sellers[BEST_ROWS];
    struct look look = {.currency = str_from(admin_currency(request)->code),
                        .now_us = clock_now_us(request->ctx->clock)};
    look.begins_us = look.now_us - look.now_us % DAY_US - (ALL_DAYS - 1) * DAY_US;
    TRY(db_read(request->ports->db, request->ctx, read_all, &look));
    for (size_t i = 0; i < look.best.count; i++)
        sellers[i] = (struct admin_seller){&look.best.rows[i],
                                           admin_picture(request, look.best.rows[i].picture)};
    page.sellers = sellers;
    page.seller_count = look.best.count;
    fill_page(request, &look, &page);
    admin_dashboard_page(respond_page(request), &page);
    return ERR_OK;
}
