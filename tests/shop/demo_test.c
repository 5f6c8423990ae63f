/* The demo company: the same each time on both engines, its totals and its stock in balance. */
#include "shop/demo.h"

#include "base/hash.h"
#include "harness/torture.h"
#include "place.h"
#include "shop/shop_sql.h"

enum { PRODUCTS_MIN = 300, CATEGORIES_MIN = 40, IDS_MAX = 1000 };

/* What must be the same each time. */
struct sight {
    struct demo_made made;
    int64_t numbers[9];
    uint64_t ids; /* a hash of the products' */
};

static enum err look_at_ids(struct tx *tx, void *arg)
{
    struct sight *sight = arg;
    struct demo_products_rows rows;
    TRY(demo_products(tx, IDS_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        sight->ids = hash_str(&(struct hash_key){sight->ids, 1}, rows.rows[i].id);
    return ERR_OK;
}

static void look(struct shop_place *place, struct sight *sight)
{
    struct test *t = place->t;
    static const char *const questions[] = {
        "SELECT COUNT(*) FROM shop_translation", "SELECT SUM(price) FROM shop_variant",
        "SELECT SUM(free) FROM shop_stock",      "SELECT SUM(sold) FROM shop_stock",
        "SELECT COUNT(*) FROM shop_movement",    "SELECT SUM(placed / 1000000) FROM shop_order",
        "SELECT SUM(used) FROM shop_promotion",  "SELECT COUNT(*) FROM shop_order_note",
        "SELECT COUNT(*) FROM shop_part",
    };
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        sight->numbers[i] = shop_place_number(place, "%s", questions[i]);
    CHECK_ERR(db_read(place->db, place->ctx, look_at_ids, sight), ERR_OK);
}

static void check_none(struct shop_place *place, const char *question)
{
    struct test *t = place->t;
    test_note(t, "%s", question);
    CHECK_INT(shop_place_number(place, "%s", question), 0);
}

static void check_books(struct shop_place *place)
{
    check_none(place, "SELECT COUNT(*) FROM shop_order AS o WHERE gross <> shipping + (SELECT "
                      "SUM(gross) FROM shop_order_line AS l WHERE l.order_id = o.id)");
    check_none(place, "SELECT COUNT(*) FROM shop_order AS o WHERE goods - off <> (SELECT "
                      "SUM(price * quantity - off) FROM shop_order_line AS l "
                      "WHERE l.order_id = o.id)");
    check_none(place, "SELECT COUNT(*) FROM shop_order AS o WHERE captured <> (SELECT "
                      "SUM(captured) FROM shop_payment AS p WHERE p.order_id = o.id)");
    check_none(place, "SELECT COUNT(*) FROM shop_order WHERE state IN ('paid', 'shipped') AND "
                      "captured <> gross");
    check_none(place, "SELECT COUNT(*) FROM shop_promotion AS p WHERE used <> (SELECT COUNT(*) "
                      "FROM shop_promotion_use AS u WHERE u.promotion = p.id)");
    check_none(place, "SELECT COUNT(*) FROM shop_stock WHERE free < 0 OR held < 0 OR sold < 0");
    check_none(place, "SELECT COUNT(*) FROM (SELECT variant, location, free, held, sold FROM "
                      "shop_stock WHERE free + held + sold <> 0 EXCEPT SELECT variant, location, "
                      "SUM(free), SUM(held), SUM(sold) FROM shop_movement "
                      "GROUP BY variant, location) AS x");
}

static void check_words(struct shop_place *place)
{
    check_none(place, "SELECT COUNT(*) FROM shop_product AS p WHERE 4 <> (SELECT COUNT(*) FROM "
                      "shop_translation AS t WHERE t.thing = p.id AND t.name <> '' AND "
                      "t.words <> '')");
    check_none(place, "SELECT COUNT(*) FROM shop_category AS c WHERE 4 <> (SELECT COUNT(*) FROM "
                      "shop_translation AS t WHERE t.thing = c.id AND t.name <> '' AND "
                      "t.words <> '')");
    check_none(place, "SELECT COUNT(*) - COUNT(DISTINCT name) FROM shop_product");
    check_none(place, "SELECT COUNT(*) - COUNT(DISTINCT picture) FROM shop_product");
    check_none(place, "SELECT COUNT(*) - COUNT(DISTINCT barcode) FROM shop_variant");
    check_none(place, "SELECT COUNT(*) FROM shop_product AS p WHERE price <> (SELECT MIN(price) "
                      "FROM shop_variant AS v WHERE v.product = p.id)");
}

static void fill(struct test *t, const struct engine *engine, struct sight *sight)
{
    struct shop_place place;
    const struct currency *euro = currency_find(STR("EUR"));
    shop_place_open(t, engine, &place);
    shop_place_do(&place, "DELETE FROM shop_category");
    CHECK_ERR(demo_fill(place.ctx, place.db, euro, &sight->made), ERR_OK);
    look(&place, sight);
    check_books(&place);
    check_words(&place);
    CHECK_ERR(demo_fill(place.ctx, place.db, euro, &(struct demo_made){0}), ERR_CONFLICT);
    shop_place_close(&place);
}

TEST(demo_is_the_same_each_time_on_each_engine)
{
    struct sight first = {0};
    fill(t, &engines[0], &first);
    CHECK(first.made.products >= PRODUCTS_MIN && first.made.categories >= CATEGORIES_MIN);
    CHECK(first.made.orders > 300 && first.made.customers > 50 && first.made.gross_minor > 0);
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct sight again = {0};
        fill(t, engine, &again);
        CHECK_INT(again.made.orders, first.made.orders);
        CHECK_INT(again.made.lines, first.made.lines);
        CHECK_INT(again.made.gross_minor, first.made.gross_minor);
        for (size_t i = 0; i < sizeof first.numbers / sizeof *first.numbers; i++)
            CHECK_INT(again.numbers[i], first.numbers[i]);
        CHECK(again.ids == first.ids);
    }
}

/* Without memory, wherever that is, nothing is there. */
TEST(demo_is_there_whole_or_not_at_all)
{
    static const int64_t places[] = {1, 3, 5, 8, 13, 50, 200, 1000};
    struct shop_place place;
    struct demo_made made;
    int failures = 0;
    const struct currency *euro = currency_find(STR("EUR"));
    shop_place_open(t, &engines[0], &place);
    shop_place_do(&place, "DELETE FROM shop_category");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        torture_arm(TORTURE_MEMORY, places[i]);
        enum err err = demo_fill(place.ctx, place.db, euro, &made);
        (void)torture_disarm();
        if (!err)
            break;
        failures++;
        CHECK_ERR(err, ERR_MEMORY);
        CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM shop_product"), 0);
        CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM shop_order_line"), 0);
    }
    CHECK(failures > 0);
    shop_place_close(&place);
}

TEST(demo_fills_only_an_empty_shop)
{
    struct shop_place place;
    struct demo_made made;
    shop_place_open(t, &engines[0], &place);
    CHECK_ERR(demo_fill(place.ctx, place.db, currency_find(STR("EUR")), &made), ERR_CONFLICT);
    CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM shop_tax_rate"), 0);
    shop_place_close(&place);
}

TEST(demo_barcodes_check)
{
    char barcode[EAN_DIGITS + 1];
    demo_barcode(1234567890, barcode);
    CHECK_STR(str_from(barcode), "2012345678903");
    demo_barcode(0, barcode);
    CHECK_STR(str_from(barcode), "2000000000008");
    for (int64_t number = 1; number < 10000000000; number = number * 7 + 3) {
        int sum = 0;
        demo_barcode(number, barcode);
        CHECK_INT(str_from(barcode).len, EAN_DIGITS);
        for (int i = 0; i < EAN_DIGITS; i++)
            sum += (barcode[i] - '0') * (i % 2 ? 3 : 1);
        CHECK_INT(sum % 10, 0);
    }
}
