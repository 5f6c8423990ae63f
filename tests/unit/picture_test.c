/* Pictures: each kind, whatever the seed, is a drawing of its own that a reader of XML takes. */
#include "shop/picture.h"

#include "base/hash.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/objects/xml.h"

enum { SEEDS = 40, KINDS_MIN = 70 };

static const struct picture_kind *const tables[] = {picture_food, picture_goods, NULL};

static struct str draw(struct test *t, const char *kind, int seed)
{
    char text[64];
    struct buf key, svg;
    buf_init_fixed(&key, text, sizeof text);
    buf_addf(&key, "drawn:%s:%d", kind, seed);
    buf_init(&svg, t->arena, PICTURE_MAX);
    CHECK(!picture_draw(&svg, buf_str(&key)));
    return buf_str(&svg);
}

static void check_kind(struct test *t, const struct picture_kind *kind)
{
    static const struct hash_key none = {0};
    uint64_t seen[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
        struct str svg = draw(t, kind->name, seed);
        seen[seed] = hash_str(&none, svg);
        for (int i = 0; i < seed; i++)
            CHECK(seen[i] != seen[seed]);
        CHECK(str_equal(svg, draw(t, kind->name, seed)));
        CHECK(str_find(svg, STR("<text")) == STR_NONE && str_find(svg, STR("[")) == STR_NONE);
        CHECK(str_find(svg, STR("{")) == STR_NONE && str_find(svg, STR("@")) == STR_NONE);
    }
}

TEST(picture_of_each_kind_is_another_for_each_seed)
{
    int kinds = 0;
    for (size_t i = 0; tables[i]; i++)
        for (const struct picture_kind *kind = tables[i]; kind->name; kind++, kinds++)
            check_kind(t, kind);
    CHECK(kinds >= KINDS_MIN);
}

TEST(picture_is_well_formed)
{
    for (size_t i = 0; tables[i]; i++)
        for (const struct picture_kind *kind = tables[i]; kind->name; kind++)
            for (int seed = 0; seed < 10; seed++) {
                struct xml xml = {.rest = draw(t, kind->name, seed), .arena = t->arena};
                enum xml_event event;
                while (xml_next(&xml, &event))
                    CHECK(event != XML_TEXT);
                CHECK(!xml.err && xml.ended);
            }
}

/* All palettes come up, one after the other. */
TEST(picture_takes_the_palette_of_its_seed)
{
    const struct picture_kind *apple = picture_find_kind(STR("apple"));
    REQUIRE(apple && picture_palettes(apple) > 2);
    CHECK(str_find(draw(t, "apple", 0), str_make(apple->palettes, 6)) != STR_NONE);
    CHECK(str_find(draw(t, "apple", 1), str_make(apple->palettes, 6)) == STR_NONE);
    CHECK(str_find(draw(t, "apple", (int)picture_palettes(apple)), str_make(apple->palettes, 6)) !=
          STR_NONE);
}

TEST(picture_of_what_is_no_drawing_is_missing)
{
    static const char *const keys[] = {
        "",         "drawn:",        "drawn:loaf",    "drawn:loaf:",        "drawn:loaf:-1",
        "loaf:1",   "drawn:moon:1",  "drawn:loaf:1 ", "drawn:loaf:1000000", "drawn:loaf:01",
        "drawn::1", "shop/loaf.jpg", "drawn:Loaf:1",  "drawn:loaf:1:2",     "drawn:loaf:1e3",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct buf out;
        buf_init(&out, t->arena, PICTURE_MAX);
        CHECK(picture_draw(&out, str_from(keys[i])) == ERR_MISSING);
        picture_add_path(&out, str_from(keys[i]));
        CHECK_INT(out.len, 0);
    }
}

TEST(picture_has_a_path)
{
    struct buf out;
    buf_init(&out, t->arena, 64);
    picture_add_path(&out, STR("drawn:loaf:7"));
    CHECK_STR(buf_str(&out), "/pictures/loaf-7.svg");
}

static enum err draw_once(struct test *t, void *arg)
{
    struct buf svg;
    (void)arg;
    buf_init(&svg, t->arena, PICTURE_MAX);
    return picture_draw(&svg, STR("drawn:toy:3"));
}

TEST(picture_without_memory_says_so)
{
    struct buf svg;
    char small[100];
    TORTURE_EVERY(t, TORTURE_MEMORY, draw_once, NULL);
    buf_init_fixed(&svg, small, sizeof small);
    CHECK(picture_draw(&svg, STR("drawn:toy:3")) == ERR_LIMIT);
}
