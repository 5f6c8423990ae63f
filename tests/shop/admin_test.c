/* Barcodes and addresses: what people type, and what is made of it. */
#include "shop/admin_product.h"

#include "harness/test.h"

TEST(admin_knows_a_barcode_by_its_last_digit)
{
    static const struct {
        const char *digits;
        bool is_one;
    } rows[] = {{"4006381333931", true},  {"4006381333932", false},
                {"96385074", true},       {"036000291452", true},
                {"036000291453", false},  {"10614141000415", true},
                {"400638133393", false},  {"", false},
                {"400638133393x", false}, {"00000000", true},
                {"123456789", false},     {"0400638133393100", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].digits);
        CHECK(admin_is_barcode(str_from(rows[i].digits)) == rows[i].is_one);
    }
}

TEST(admin_makes_an_address_of_a_name)
{
    static const struct {
        const char *name, *slug;
    } rows[] = {{"Rye loaf, 1 kg", "rye-loaf-1-kg"},
                {"  --Bread--  ", "bread"},
                {"Caf\xc3\xa9 noir", "caf-noir"},
                {"\xd8\xae\xd8\xa8\xd8\xb2", ""},
                {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str slug = admin_slug(t->arena, str_from(rows[i].name));
        CHECK_STR(slug, rows[i].slug);
        CHECK(admin_is_slug(slug) == (slug.len > 0));
    }
}

TEST(admin_address_of_a_long_name_is_cut)
{
    char name[3 * ADMIN_SLUG_MAX];
    for (size_t i = 0; i < sizeof name; i++)
        name[i] = i % 3 == 2 ? ' ' : 'a';
    struct str slug = admin_slug(t->arena, str_make(name, sizeof name));
    CHECK(slug.len > ADMIN_SLUG_MAX / 2 && slug.len <= ADMIN_SLUG_MAX);
    CHECK(admin_is_slug(slug));
}

TEST(admin_address_has_no_place_for_other_signs)
{
    static const char *const wrong[] = {"", "-", "a-", "-a", "a--b", "A", "a b", "a/b", "a.b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!admin_is_slug(str_from(wrong[i])));
    CHECK(admin_is_slug(STR("a")));
    CHECK(admin_is_slug(STR("rye-loaf-2")));
}
