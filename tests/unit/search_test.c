/* Tests of the search: words, typing mistakes, what goes first, limits, failing memory, and a
 * comparison of the distance with the plain table of it. */
#include "shop/search.h"

#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "shop/word.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { RANDOM_WORDS = 2000, RANDOM_LEN = 12, MANY = 300, TABLE = 16 };

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

TEST(word_next_leaves_capitals_and_accents_out)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"Crème BRÛLÉE", "creme brulee "},
        {"don't-stop", "dont stop "},
        {"Groß, Øl & Łódź", "gross ol lodz "},
        {"", ""},
        {" ... ", ""},
        {"ΑΒΓ Хлеб", "αβγ хлеб "},
        {"خُبْز، أرز", "خبز ارز "},
        {"a\xff"
         "b\xe2\x82",
         "a b "},
        {"0123456789012345678901234567890123456789", "01234567890123456789012345678901 "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str rest = str_from(rows[i].text);
        struct word word;
        struct buf out;
        buf_init(&out, t->arena, 256);
        while (word_next(&rest, &word)) {
            buf_add(&out, str_make(word.text, word.len));
            buf_addc(&out, ' ');
        }
        CHECK_STR(buf_str(&out), rows[i].words);
    }
}

/* The table of distances, as it is taught: with two neighbours swapped as one mistake. */
static int distance_by_table(struct str a, struct str b)
{
    int table[TABLE][TABLE] = {{0}};
    for (size_t i = 0; i <= a.len; i++)
        for (size_t j = 0; j <= b.len; j++) {
            int best = (int)(i + j);
            if (i > 0 && j > 0) {
                bool same = a.ptr[i - 1] == b.ptr[j - 1];
                int left = table[i - 1][j] + 1, up = table[i][j - 1] + 1;
                best = table[i - 1][j - 1] + !same;
                best = left < best ? left : best;
                best = up < best ? up : best;
                if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
                    a.ptr[i - 2] == b.ptr[j - 1] && table[i - 2][j - 2] + 1 < best)
                    best = table[i - 2][j - 2] + 1;
            }
            table[i][j] = best;
        }
    return table[a.len][b.len];
}

static struct str random_word(struct test *t, char text[RANDOM_LEN])
{
    size_t len = (size_t)rand_below(t->ctx->rand, RANDOM_LEN + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)('a' + rand_below(t->ctx->rand, 3));
    return str_make(text, len);
}

TEST(word_distance_is_that_of_the_table)
{
    for (int i = 0; i < RANDOM_WORDS; i++) {
        char first[RANDOM_LEN], second[RANDOM_LEN];
        struct str a = random_word(t, first), b = random_word(t, second);
        struct word_pattern pattern;
        word_pattern(&pattern, a);
        test_note(t, STR_FMT " and " STR_FMT, STR_ARG(a), STR_ARG(b));
        CHECK_INT(word_distance(&pattern, b), distance_by_table(a, b));
    }
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
    struct search_found found;
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
