/* The catalogue as it is read: the tree, the cards, and a shelf that sees what changes. */
#include "place.h"

#include "shop/catalog.h"
#include "shop/shelf.h"
#include "text/language.h"

enum { PRODUCTS = 5 };

struct reading {
    struct shop *shop;
    struct catalog_tree tree;
    struct shelf_found found;
    struct catalog_cards cards;
};

static enum err read_all(struct tx *tx, void *arg)
{
    struct reading *reading = arg;
    const struct shelf_ask ask = {.sort = SHELF_CHEAPEST, .limit = PRODUCTS};
    TRY(catalog_tree(tx, &reading->tree));
    TRY(shelf_freshen(tx, reading->shop->shelf));
    TRY(shelf_find(tx->ctx, reading->shop->shelf, &ask, &reading->found));
    return catalog_cards(tx, reading->shop, reading->found.ids, reading->found.count,
                         &reading->cards);
}

static void add_category(struct shop_place *place, int64_t n, int64_t parent, const char *slug)
{
    shop_place_do(place,
                  "INSERT INTO shop_category (id, parent, slug, name, words, position, picture) "
                  "VALUES ('" STR_FMT "', '" STR_FMT "', '%s', '%s', '', 1, 'drawn:loaf:1')",
                  STR_ARG(shop_place_id(place, "cat", n)),
                  STR_ARG(shop_place_id(place, "cat", parent)), slug, slug);
}

static void check_tree(struct test *t, const struct catalog_tree *tree)
{
    struct ui_link crumbs[CATALOG_DEPTH_MAX + 1];
    struct str *ids;
    size_t count = 0;
    REQUIRE(tree->count == 3);
    CHECK_STR(tree->rows[0].path, "/c/all");
    CHECK_STR(tree->rows[1].picture, "/pictures/loaf-1.svg");
    CHECK_STR(tree->rows[2].slug, "rye");
    CHECK_INT(tree->rows[2].depth, 3);
    CHECK(!catalog_find(tree, STR("nothing")));
    REQUIRE(catalog_below(t->ctx, catalog_find(tree, STR("bread")), &ids, &count) == ERR_OK);
    CHECK_INT(count, 2);
    CHECK_INT(catalog_crumbs(tree, catalog_find(tree, STR("rye")), crumbs), 3);
    CHECK_STR(crumbs[0].path, "/c/all");
    CHECK_STR(crumbs[2].path, "/c/rye");
    CHECK_INT(catalog_crumbs(tree, NULL, crumbs), 0);
}

static void look(struct shop_place *place, struct reading *reading)
{
    struct test *t = place->t;
    CHECK_ERR(db_read(place->db, place->ctx, read_all, reading), ERR_OK);
}

static void check_place(struct test *t, struct shop_place *place, struct reading *reading)
{
    add_category(place, 2, 1, "bread");
    add_category(place, 3, 2, "rye");
    for (int64_t n = 1; n <= PRODUCTS; n++)
        shop_place_variant(place, n, n - 1);
    look(place, reading);
    check_tree(t, &reading->tree);
    REQUIRE(reading->cards.count == PRODUCTS);
    CHECK_STR(reading->cards.rows[0].name, "Product 1");
    CHECK(reading->cards.rows[0].sold_out);
    CHECK(!reading->cards.rows[1].sold_out);
    CHECK_INT(reading->cards.rows[1].price_minor, 1000);

    shop_place_do(place, "UPDATE shop_product SET price = 500, changed = 7 WHERE slug = 'p4'");
    shop_place_do(place, "UPDATE shop_product SET state = 'hidden', changed = 7 WHERE slug = 'p1'");
    look(place, reading);
    REQUIRE(reading->cards.count == PRODUCTS - 1);
    CHECK_STR(reading->cards.rows[0].name, "Product 4");
}

TEST(catalog_is_read_and_kept_fresh)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct shop shop = {.currency = currency_find(STR("EUR"))};
        struct reading reading = {.shop = &shop};
        struct shop_place place;
        shop_place_open(t, engine, &place);
        place.ctx->language = &languages[LANGUAGE_EN];
        REQUIRE(shelf_open(t->ctx, &shop.shelf) == ERR_OK);
        check_place(t, &place, &reading);
        shelf_close(shop.shelf);
        shop_place_close(&place);
    }
}

TEST(catalog_paths_are_encoded)
{
    CHECK_STR(catalog_path(t->arena, "/p/", STR("a b/c")), "/p/a%20b%2Fc");
    CHECK_STR(catalog_url(t->arena, STR("https://stoa.example"), STR("/c")),
              "https://stoa.example/c");
    CHECK_STR(catalog_picture(t->arena, STR("drawn:loaf:7")), "/pictures/loaf-7.svg");
    CHECK_STR(catalog_picture(t->arena, STR("../etc")), "");
    CHECK_STR(catalog_picture(t->arena, STR("")), "");
}
