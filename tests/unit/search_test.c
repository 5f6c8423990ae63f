/* Tests of the search: beginnings, parts and typing mistakes, what goes first, limits, and failing
 * memory. */
#include "shop/search.h"

#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "harness/torture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MANY = 300 };

static const struct search_text shelf[] = {
    {STR("Rye loaf"), STR("Stone Mill"), STR("Dark and moist, from whole rye.")},
    {STR("Sourdough baguette"), STR("Stone Mill"), STR("A crisp crust, an open crumb.")},
    {STR("Crème brûlée"), STR("Patisserie Rye"), STR("Burnt sugar over cream.")},
    {STR("Roggenbrötchen"), STR("Bäcker Groß"), STR("Six small ones.")},
    {STR("Paracetamol 500 mg"), STR("Apotheca"), STR("Against pain and fever.")},
};

static struct search *fill(struct test *t)
{
    struct search *search = NULL;
    REQUIRE(search_open(t->ctx, &search) == ERR_OK);
    for (size_t i = 0; i < COUNT(shelf); i++) {
        uint32_t number = 0;
        REQUIRE(search_add(t->ctx, search, &shelf[i], &number) == ERR_OK);
        CHECK_INT(number, i);
    }
    return search;
}

/* The numbers found, each a digit. */
static const char *find(struct test *t, const struct search *search, const char *query,
                        struct search_found *found)
{
    struct buf out;
    const char *text = "";
    buf_init(&out, t->arena, 64);
    REQUIRE(search_find(t->ctx, search, str_from(query), found) == ERR_OK);
    for (size_t i = 0; i < found->count; i++)
        buf_add_int(&out, found->rows[i].number);
    REQUIRE(str_cstr(t->arena, buf_str(&out), &text) == ERR_OK);
    return text;
}

TEST(search_finds_words_beginnings_parts_and_mistyped_ones)
{
    static const struct {
        const char *query, *found, *instead;
        bool all;
    } rows[] = {
        {"rye", "02", "", true},
        {"RYE LOAF", "0", "", true},
        {"sour", "1", "", true},
        {"creme", "2", "", true},
        {"brotchen", "3", "", true},
        {"gross", "3", "", true},
        {"paracetmaol", "4", "paracetamol", true},
        {"parasetamoll", "4", "paracetamol", true},
        {"sourdoguh bagette", "1", "sourdough baguette", true},
        {"stone rye", "0", "", true},
        {"stone fever", "104", "", false},
        {"rxe", "", "", false},
        {"zzzzzzzzzz", "", "", false},
        {"", "", "", false},
        {" - ", "", "", false},
    };
    struct search *search = fill(t);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct search_found found;
        test_note(t, "%s", rows[i].query);
        CHECK_TEXT(find(t, search, rows[i].query, &found), rows[i].found);
        CHECK_STR(found.instead, rows[i].instead);
        CHECK(found.all == rows[i].all);
        CHECK_INT(found.total, strlen(rows[i].found));
    }
    search_close(search);
}

TEST(search_puts_names_before_brands_before_words)
{
    static const struct search_text texts[] = {
        {STR("Board"), STR("Nobody"), STR("Made of oak.")},
        {STR("Table"), STR("Oak"), STR("")},
        {STR("Oak chair"), STR(""), STR("")},
        {STR("Oaken stool"), STR(""), STR("")},
    };
    struct search *search = NULL;
    struct search_found found;
    REQUIRE(search_open(t->ctx, &search) == ERR_OK);
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint32_t number = 0;
        REQUIRE(search_add(t->ctx, search, &texts[i], &number) == ERR_OK);
    }
    CHECK_TEXT(find(t, search, "oak", &found), "2310");
    search_close(search);
}

TEST(search_forgets_what_was_dropped)
{
    struct search *search = fill(t);
    struct search_found found;
    search_drop(search, 0);
    CHECK_TEXT(find(t, search, "rye", &found), "2");
    uint32_t number = 0;
    REQUIRE(search_add(t->ctx, search, &shelf[0], &number) == ERR_OK);
    CHECK_INT(number, COUNT(shelf));
    CHECK_TEXT(find(t, search, "rye", &found), "52");
    search_close(search);
}

TEST(search_tells_so_many_and_counts_all)
{
    struct search *search = NULL;
    struct search_found found;
    REQUIRE(search_open(t->ctx, &search) == ERR_OK);
    for (int i = 0; i < SEARCH_ROWS_MAX + MANY; i++) {
        uint32_t number = 0;
        REQUIRE(search_add(t->ctx, search, &shelf[0], &number) == ERR_OK);
    }
    REQUIRE(search_find(t->ctx, search, STR("loaf"), &found) == ERR_OK);
    CHECK_INT(found.count, SEARCH_ROWS_MAX);
    CHECK_INT(found.total, SEARCH_ROWS_MAX + MANY);
    CHECK_INT(found.rows[0].number, SEARCH_ROWS_MAX + MANY - 1);
    search_close(search);
}

static enum err build(struct test *t, void *arg)
{
    struct search *search = NULL;
    struct search_found found = {0};
    (void)arg;
    TRY(search_open(t->ctx, &search));
    enum err err = ERR_OK;
    for (uint32_t i = 0; !err && i < MANY; i++) {
        uint32_t number = 0;
        char name[16];
        struct buf words;
        buf_init_fixed(&words, name, sizeof name);
        buf_addf(&words, "Loaf number%u", i);
        err = search_add(t->ctx, search, &(struct search_text){.name = buf_str(&words)}, &number);
    }
    if (!err)
        err = search_find(t->ctx, search, STR("laof"), &found);
    CHECK(err || found.total == MANY);
    search_close(search);
    return err;
}

TEST(search_survives_failing_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, build, NULL);
}
