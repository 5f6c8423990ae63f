/* Lists of products: what their URLs say, and what is read for them. */
#include "shop/listing.h"

#include "base/buf.h"
#include "shop/product.h"
#include "shop/shop_pages.h"
#include "text/number.h"
#include "web/request.h"
#include "web/url.h"

/* In the order of the choice `sort` in routes.tbl. */
static const enum shelf_sort sorts[] = {SHELF_AS_GIVEN, SHELF_NEWEST, SHELF_CHEAPEST, SHELF_DEAREST,
                                        SHELF_BY_NAME};

static const char *const sort_names[] = {"", "new", "cheap", "dear", "name"};

/* What a category shows first. */
enum { SORT_PRESET = 1 };

static int64_t read_price(const struct request *request, const struct listing *listing,
                          struct str typed)
{
    int64_t minor = 0;
    if (typed.len == 0 ||
        text_read_decimal(request->ctx->language, typed, listing->shop->currency->digits, &minor))
        return 0;
    return minor > 0 ? minor : 0;
}

static enum err take_chosen(struct request *request, struct listing *listing)
{
    struct url_pairs pairs = url_pairs(request->ctx->arena, request->head->query);
    struct str name, value;
    while (url_next_pair(&pairs, &name, &value)) {
        struct shelf_pair pair = {0};
        if (!str_equal(name, STR("is")) || listing->ask.chosen_count == SHELF_CHOSEN_MAX)
            continue;
        if (str_cut(&value, '=', &pair.name) && value.ptr) {
            pair.value = value;
            listing->chosen[listing->ask.chosen_count++] = pair;
        }
    }
    listing->ask.chosen = listing->chosen;
    return pairs.err == ERR_MEMORY ? err_memory(&request->ctx->err) : ERR_OK;
}

enum err listing_take(struct request *request, const struct listing_said *said,
                      struct listing **taken)
{
    struct listing *listing = ARENA_NEW(request->ctx->arena, struct listing);
    *taken = listing;
    if (!listing)
        return err_memory(&request->ctx->err);
    listing->shop = request->room;
    listing->path = request->path;
    listing->said = *said;
    if (said->sort == 0 && !said->given)
        listing->said.sort = SORT_PRESET;
    TRY(take_chosen(request, listing));
    struct shelf_ask *ask = &listing->ask;
    ask->from_minor = read_price(request, listing, said->from);
    ask->to_minor = read_price(request, listing, said->to);
    ask->sort = sorts[listing->said.sort];
    ask->first = (size_t)(said->page - 1) * LISTING_PAGE;
    ask->limit = LISTING_PAGE;
    listing->narrowed = ask->chosen_count > 0 || ask->from_minor || ask->to_minor;
    return ERR_OK;
}

static void add_pair(struct buf *url, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    buf_addc(url, str_find_char(buf_str(url), '?') == STR_NONE ? '?' : '&');
    buf_addf(url, "%s=", name);
    url_add_part(url, value);
}

static void add_chosen(struct buf *url, const struct listing *listing)
{
    for (size_t i = 0; i < listing->ask.chosen_count; i++) {
        add_pair(url, "is", listing->chosen[i].name);
        buf_add(url, STR("%3D"));
        url_add_part(url, listing->chosen[i].value);
    }
    add_pair(url, "from", listing->said.from);
    add_pair(url, "to", listing->said.to);
}

/* Page 0 is the list without its filters. */
static struct str url_of(struct ctx *ctx, const struct listing *listing, int64_t page)
{
    struct buf url;
    buf_init(&url, ctx->arena, LISTING_URL_MAX);
    buf_add(&url, listing->path);
    add_pair(&url, "q", listing->words);
    if (listing->said.sort != SORT_PRESET)
        add_pair(&url, "sort", str_from(sort_names[listing->said.sort]));
    if (page > 0)
        add_chosen(&url, listing);
    if (page > 1)
        buf_addf(&url, "%cpage=%d", str_find_char(buf_str(&url), '?') == STR_NONE ? '?' : '&',
                 (int)page);
    return buf_err(&url) ? listing->path : buf_str(&url);
}

enum err listing_read(struct tx *tx, struct listing *listing)
{
    struct ctx *ctx = tx->ctx;
    TRY(shelf_find(ctx, listing->shop->shelf, &listing->ask, &listing->found));
    if (listing->found.count == 0 && listing->said.page > 1)
        return err_fail(&ctx->err, ERR_MISSING, "The list has no such page.", "beyond its end");
    TRY(catalog_cards(tx, listing->shop, listing->found.ids, listing->found.count,
                      &listing->cards));
    size_t pages = (listing->found.total + LISTING_PAGE - 1) / LISTING_PAGE;
    listing->pages = pages < LISTING_PAGES_MAX ? (int64_t)pages : LISTING_PAGES_MAX;
    listing->bare = url_of(ctx, listing, 0);
    if (listing->said.page > 1)
        listing->before = url_of(ctx, listing, listing->said.page - 1);
    if (listing->said.page < listing->pages)
        listing->after = url_of(ctx, listing, listing->said.page + 1);
    return ERR_OK;
}

/* The address without what was chosen, and each page of it by itself. */
static struct str canonical_of(struct request *request, const struct listing *listing)
{
    struct buf path;
    buf_init(&path, request->ctx->arena, CATALOG_PATH_MAX);
    buf_add(&path, listing->path);
    if (listing->said.page > 1)
        buf_addf(&path, "?page=%d", (int)listing->said.page);
    return catalog_url(request->ctx->arena, request->ports->site_url,
                       buf_err(&path) ? listing->path : buf_str(&path));
}

enum err listing_show(struct request *request, enum err err, struct listing *listing)
{
    if (err == ERR_MISSING)
        return catalog_send_on(request);
    TRY(err);
    struct list_page page = {
        .frame = ui_frame(request, listing->searches ? "/search" : "/c"),
        .listing = listing,
    };
    if (!listing->searches) {
        page.canonical = canonical_of(request, listing);
        page.data = product_crumbs_data(request->ctx, request->ports->site_url, listing->crumbs,
                                        listing->crumb_count);
    }
    list_page(respond_page(request), &page);
    return ERR_OK;
}
