/* The front page: categories, what is new, and collections. */
#include "shop/catalog.h"
#include "shop/shelf.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

enum { NEW_COUNT = 8, TOP_COUNT = 12, COLLECTIONS_COUNT = 6 };

struct home {
    const struct shop *shop;
    struct catalog_category tops[TOP_COUNT];
    size_t top_count;
    struct catalog_cards cards;
    struct catalog_collection collections[COLLECTIONS_COUNT];
    size_t collection_count;
};

static enum err read_home(struct tx *tx, void *arg)
{
    struct home *home = arg;
    const struct shelf_ask ask = {.limit = NEW_COUNT};
    struct catalog_tree tree;
    struct shelf_found found;
    struct collection_list_rows rows;
    home->top_count = home->collection_count = 0;
    TRY(catalog_tree(tx, &tree));
    for (size_t i = 0; i < tree.count && home->top_count < TOP_COUNT; i++)
        if (tree.rows[i].depth == 1)
            home->tops[home->top_count++] = tree.rows[i];
    TRY(shelf_freshen(tx, home->shop->shelf));
    TRY(shelf_find(tx->ctx, home->shop->shelf, &ask, &found));
    TRY(catalog_cards(tx, home->shop, found.ids, found.count, &home->cards));
    TRY(collection_list(tx, str_from(tx->ctx->language->code), COLLECTIONS_COUNT, &rows));
    for (size_t i = 0; i < rows.count; i++)
        home->collections[home->collection_count++] = (struct catalog_collection){
            .path = catalog_path(tx->ctx->arena, "/collections/", rows.rows[i].slug),
            .name = rows.rows[i].name,
            .words = rows.rows[i].words,
            .picture = catalog_picture(tx->ctx->arena, rows.rows[i].picture)};
    return ERR_OK;
}

enum err home_show(struct request *request)
{
    struct home *home = ARENA_NEW(request->ctx->arena, struct home);
    if (!home)
        return err_memory(&request->ctx->err);
    home->shop = request->room;
    TRY(db_read(request->ports->db, request->ctx, read_home, home));
    struct home_page page = {
        .frame = ui_frame(request, "/"),
        .canonical = catalog_url(request->ctx->arena, request->ports->site_url, STR("/")),
        .categories = home->tops,
        .category_count = home->top_count,
        .cards = &home->cards,
        .collections = home->collections,
        .collection_count = home->collection_count};
    home_page(respond_page(request), &page);
    return ERR_OK;
}
