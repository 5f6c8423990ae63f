/* Compares stock with the sums of its ledger. */
#include "shop/shop.h"

#include "base/log.h"
#include "flow/flow_event.h"
#include "ports/db/db.h"
#include "shop/shop_sql.h"
#include "web/request.h"

enum { ROWS_MAX = 500, TOLD_MAX = 20, EVENT_MAX = 64 };

struct page {
    struct str variant, location; /* behind these */
    struct stock_row_page_rows rows;
    struct stock_row_sums_rows sums;
    bool last;
};

struct audit {
    int64_t rows, wrong;
};

void shop_measure(struct shop *shop, struct counter_registry *counters)
{
    counter_register(counters, &shop->stock_audited, COUNTER_LEVEL, "shop_stock_audited_rows",
                     "Rows of stock that the last audit looked at.");
    counter_register(counters, &shop->stock_wrong, COUNTER_LEVEL, "shop_stock_wrong_rows",
                     "Rows of stock that are not the sum of their ledger.");
}

/* The ledger is read up to the page's last row; behind the last page, to its end. */
static enum err read_page(struct tx *tx, void *arg)
{
    struct page *page = arg;
    TRY(stock_row_page(tx, page->variant, page->location, ROWS_MAX, &page->rows));
    page->last = page->rows.count < ROWS_MAX;
    const struct stock_row_page_row *end = page->last ? NULL
                                                      : &page->rows.rows[page->rows.count - 1];
    return stock_row_sums(tx, page->variant, page->location, end ? &end->variant : NULL,
                          end ? &end->location : NULL, QUERY_ROWS_MAX, &page->sums);
}

static int compare(struct str variant, struct str location, const struct stock_row_sums_row *sums)
{
    int order = str_compare(variant, sums->variant);
    return order ? order : str_compare(location, sums->location);
}

static void tell(struct ctx *ctx, struct audit *audit, struct str variant, struct str location,
                 int64_t free, int64_t said)
{
    if (audit->wrong++ < TOLD_MAX)
        log_error(ctx, "stock is not what its ledger says", field_str("variant", variant),
                  field_str("location", location), field_int("free", free),
                  field_int("ledger", said));
}

static bool agrees(const struct stock_row_page_row *row, const struct stock_row_sums_row *sums)
{
    return row->free == sums->free && row->held == sums->held && row->sold == sums->sold &&
           row->damaged == sums->damaged && row->held >= 0 && row->sold >= 0 && row->damaged >= 0;
}

/* Both are in order. What is in the ledger alone has no row; what has no ledger must be none. */
static void compare_page(struct ctx *ctx, struct audit *audit, const struct page *page)
{
    static const struct stock_row_sums_row none = {.free = 0};
    size_t at = 0;
    for (size_t i = 0; i < page->rows.count; i++) {
        const struct stock_row_page_row *row = &page->rows.rows[i];
        const struct stock_row_sums_row *sums = page->sums.rows;
        for (; at < page->sums.count && compare(row->variant, row->location, &sums[at]) > 0; at++)
            tell(ctx, audit, sums[at].variant, sums[at].location, 0, sums[at].free);
        bool has = at < page->sums.count && compare(row->variant, row->location, &sums[at]) == 0;
        const struct stock_row_sums_row *said = has ? &sums[at++] : &none;
        if (!agrees(row, said))
            tell(ctx, audit, row->variant, row->location, row->free, said->free);
    }
    for (; at < page->sums.count; at++)
        tell(ctx, audit, page->sums.rows[at].variant, page->sums.rows[at].location, 0,
             page->sums.rows[at].free);
    audit->rows += (int64_t)page->rows.count;
}

static enum err emit(struct tx *tx, void *arg)
{
    const struct audit *audit = arg;
    char text[EVENT_MAX];
    struct buf detail;
    buf_init_fixed(&detail, text, sizeof text);
    buf_add(&detail, STR("{\"wrong\":"));
    buf_add_int(&detail, audit->wrong);
    buf_addc(&detail, '}');
    struct flow_event event = {
        .source = STR("shop"), .type = STR("shop.stock.wrong"), .detail = buf_str(&detail)};
    return flow_emit(tx, &event);
}

static void set(struct counter *counter, int64_t value)
{
    counter_add(counter, value - counter_value(counter));
}

/* The place of a page's end is kept while its rows are given back. */
static enum err keep_end(struct page *page, char variant[ID_TEXT_MAX], char location[ID_TEXT_MAX])
{
    const struct stock_row_page_row *end = &page->rows.rows[page->rows.count - 1];
    struct id id;
    TRY(id_parse(end->variant, "var", &id));
    id_format(id, "var", variant);
    TRY(id_parse(end->location, "loc", &id));
    id_format(id, "loc", location);
    page->variant = str_from(variant);
    page->location = str_from(location);
    return ERR_OK;
}

enum err shop_audit(struct ctx *ctx, struct shop *shop, const struct queue_message *message)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    struct db *db = shop->ports->db;
    struct audit audit = {.rows = 0};
    struct page page = {.last = false};
    char variant[ID_TEXT_MAX], location[ID_TEXT_MAX];
    (void)message;
    do {
        TRY(ctx_check_deadline(ctx));
        arena_rewind(ctx->arena, mark);
        TRY(db_read(db, ctx, read_page, &page));
        compare_page(ctx, &audit, &page);
        if (!page.last)
            TRY(keep_end(&page, variant, location));
    } while (!page.last);
    set(&shop->stock_audited, audit.rows);
    set(&shop->stock_wrong, audit.wrong);
    return audit.wrong ? db_write(db, ctx, emit, &audit) : ERR_OK;
}
