/* Tests of the shelf: what is found by category, filters, price and words, in which order, and what
 * could be chosen besides; and failing memory. */
#include "shop/shelf.h"

#include "base/buf.h"
#include "harness/test.h"
#include "harness/torture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define ID(prefix, n) STR(prefix "_0000000000000000000000000" n)

static const struct shelf_pair rye_dark[] = {{STR("Grain"), STR("Rye")},
                                             {STR("Baked"), STR("Dark")}};
static const struct shelf_pair rye_light[] = {{STR("Grain"), STR("Rye")},
                                              {STR("Baked"), STR("Light")}};
static const struct shelf_pair wheat_light[] = {{STR("Grain"), STR("Wheat")},
                                                {STR("Baked"), STR("Light")}};

static const struct shelf_product products[] = {
    {.id = ID("prd", "1"),
     .category = ID("cat", "1"),
     .name = STR("Rye loaf"),
     .names = STR("Roggenbrot"),
     .attributes = rye_dark,
     .attribute_count = 2,
     .price_minor = 450,
     .made_us = 3,
     .listed = true},
    {.id = ID("prd", "2"),
     .category = ID("cat", "1"),
     .name = STR("Baguette"),
     .brand = STR("Old Oven"),
     .attributes = wheat_light,
     .attribute_count = 2,
     .price_minor = 190,
     .made_us = 1,
     .listed = true},
    {.id = ID("prd", "3"),
     .category = ID("cat", "2"),
     .name = STR("Crispbread"),
     .attributes = rye_light,
     .attribute_count = 2,
     .price_minor = 320,
     .made_us = 2,
     .listed = true},
    {.id = ID("prd", "4"),
     .category = ID("cat", "2"),
     .name = STR("Old draft"),
     .price_minor = 100,
     .made_us = 9,
     .listed = false},
};

static const struct str bread = ID("cat", "1"), crisp = ID("cat", "2");

static struct shelf *fill(struct test *t)
{
    struct shelf *shelf = NULL;
    REQUIRE(shelf_open(t->ctx, &shelf) == ERR_OK);
    for (size_t i = 0; i < COUNT(products); i++)
        REQUIRE(shelf_put(t->ctx, shelf, &products[i]) == ERR_OK);
    return shelf;
}

/* The last digit of each id that was found. */
static const char *find(struct test *t, struct shelf *shelf, const struct shelf_ask *ask,
                        struct shelf_found *found)
{
    struct buf out;
    const char *text = "";
    buf_init(&out, t->arena, 64);
    REQUIRE(shelf_find(t->ctx, shelf, ask, found) == ERR_OK);
    for (size_t i = 0; i < found->count; i++)
        buf_addc(&out, found->ids[i].ptr[found->ids[i].len - 1]);
    REQUIRE(str_cstr(t->arena, buf_str(&out), &text) == ERR_OK);
    return text;
}

TEST(shelf_sorts_and_turns_pages)
{
    static const struct str given[] = {ID("prd", "3"), ID("prd", "4"), ID("prd", "1"),
                                       ID("prd", "9")};
    static const struct {
        struct shelf_ask ask;
        const char *found;
        size_t total;
    } rows[] = {
        {{.limit = 9}, "132", 3},
        {{.limit = 9, .sort = SHELF_CHEAPEST}, "231", 3},
        {{.limit = 9, .sort = SHELF_DEAREST}, "132", 3},
        {{.limit = 9, .sort = SHELF_BY_NAME}, "231", 3},
        {{.limit = 2, .sort = SHELF_CHEAPEST}, "23", 3},
        {{.first = 2, .limit = 2, .sort = SHELF_CHEAPEST}, "1", 3},
        {{.first = 4, .limit = 2}, "", 3},
        {{.categories = &bread, .category_count = 1, .limit = 9}, "12", 2},
        {{.categories = &crisp, .category_count = 1, .limit = 9}, "3", 1},
        {{.categories = &given[0], .category_count = 1, .limit = 9}, "", 0},
        {{.among = given, .among_count = 4, .sort = SHELF_AS_GIVEN, .limit = 9}, "31", 2},
        {{.words = STR("old oven"), .sort = SHELF_AS_GIVEN, .limit = 9}, "2", 1},
        {{.words = STR("roggenbort"), .sort = SHELF_AS_GIVEN, .limit = 9}, "1", 1},
        {{.from_minor = 200, .limit = 9}, "13", 2},
        {{.from_minor = 200, .to_minor = 400, .limit = 9}, "3", 1},
    };
    struct shelf *shelf = fill(t);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct shelf_found found;
        test_note(t, "row %zu", i);
        CHECK_TEXT(find(t, shelf, &rows[i].ask, &found), rows[i].found);
        CHECK_INT(found.total, rows[i].total);
    }
    shelf_close(shelf);
}

TEST(shelf_counts_what_could_be_chosen)
{
    static const struct shelf_pair chosen[] = {{STR("Grain"), STR("Rye")},
                                               {STR("Grain"), STR("Nothing")}};
    struct shelf *shelf = fill(t);
    struct shelf_found found;
    const struct shelf_ask ask = {.chosen = chosen, .chosen_count = 2, .limit = 9};
    CHECK_TEXT(find(t, shelf, &ask, &found), "13");
    CHECK_INT(found.least_minor, 190);
    CHECK_INT(found.most_minor, 450);
    REQUIRE(found.group_count == 2);
    CHECK_STR(found.groups[0].name, "Grain");
    REQUIRE(found.groups[0].count == 2);
    CHECK_STR(found.groups[0].values[0].value, "Rye");
    CHECK(found.groups[0].values[0].chosen);
    CHECK_INT(found.groups[0].values[0].count, 2);
    CHECK_STR(found.groups[0].values[1].value, "Wheat");
    CHECK_INT(found.groups[0].values[1].count, 1);
    CHECK_STR(found.groups[1].name, "Baked");
    CHECK_INT(found.groups[1].values[0].count, 1);
    CHECK_INT(found.groups[1].values[1].count, 1);
    shelf_close(shelf);
}

TEST(shelf_ands_names_and_ors_values)
{
    static const struct shelf_pair chosen[] = {
        {STR("Grain"), STR("Rye")}, {STR("Grain"), STR("Wheat")}, {STR("Baked"), STR("Light")}};
    struct shelf *shelf = fill(t);
    struct shelf_found found;
    struct shelf_ask ask = {.chosen = chosen, .chosen_count = 3, .limit = 9};
    CHECK_TEXT(find(t, shelf, &ask, &found), "32");
    ask.to_minor = 200;
    CHECK_TEXT(find(t, shelf, &ask, &found), "2");
    shelf_close(shelf);
}

TEST(shelf_takes_changes)
{
    struct shelf *shelf = fill(t);
    struct shelf_found found;
    struct shelf_product product = products[0];
    product.price_minor = 100;
    product.category = crisp;
    product.name = STR("Pumpernickel");
    product.names = STR("");
    REQUIRE(shelf_put(t->ctx, shelf, &product) == ERR_OK);
    const struct shelf_ask ask = {.sort = SHELF_CHEAPEST, .limit = 9};
    CHECK_TEXT(find(t, shelf, &ask, &found), "123");
    const struct shelf_ask old = {.words = STR("loaf"), .limit = 9};
    CHECK_TEXT(find(t, shelf, &old, &found), "");
    const struct shelf_ask now = {.words = STR("pumpernikel"), .limit = 9};
    CHECK_TEXT(find(t, shelf, &now, &found), "1");
    CHECK_STR(found.instead, "pumpernickel");
    product.listed = false;
    REQUIRE(shelf_put(t->ctx, shelf, &product) == ERR_OK);
    CHECK_TEXT(find(t, shelf, &ask, &found), "23");
    shelf_close(shelf);
}

static enum err build(struct test *t, void *arg)
{
    struct shelf *shelf = NULL;
    struct shelf_found found = {0};
    enum err err = ERR_OK;
    (void)arg;
    TRY(shelf_open(t->ctx, &shelf));
    for (size_t i = 0; !err && i < COUNT(products); i++)
        err = shelf_put(t->ctx, shelf, &products[i]);
    const struct shelf_ask ask = {.words = STR("rye"), .limit = 9};
    if (!err)
        err = shelf_find(t->ctx, shelf, &ask, &found);
    CHECK(err || found.total == 1);
    shelf_close(shelf);
    return err;
}

TEST(shelf_survives_failing_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, build, NULL);
}
