/* The table of languages, their plurals, and which language a header asks for. */
#include "text/language.h"

#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "text/accept.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(language_table_is_whole)
{
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        const struct language *language = &languages[i];
        test_note(t, "language %zu", i);
        REQUIRE(language->code && language->name && language->plural && language->time);
        CHECK(language_find(str_from(language->code)) == language);
        CHECK(str_is_utf8(str_from(language->name)));
        CHECK(language->decimal && language->group && language->minus && language->percent);
        CHECK(language->money_mark && language->list_two && language->list_middle);
        CHECK(language->list_last && language->group_min >= 1);
        for (size_t k = 0; k < COUNT(language->months); k++)
            CHECK(language->months[k] && language->months_short[k]);
        for (size_t k = 0; k < COUNT(language->weekdays); k++)
            CHECK(language->weekdays[k] && language->weekdays_short[k]);
        for (size_t k = 0; k < DATE_WIDTH_COUNT; k++)
            CHECK(language->dates[k] && language->date_time[k]);
    }
    CHECK_TEXT(language_direction(&languages[LANGUAGE_AR]), "rtl");
    CHECK_TEXT(language_direction(&languages[LANGUAGE_FR]), "ltr");
}

TEST(language_find_goes_by_the_first_part)
{
    static const struct {
        const char *tag;
        int language; /* -1: none */
    } rows[] = {
        {"en", LANGUAGE_EN},
        {"de-AT", LANGUAGE_DE},
        {"DE-at", LANGUAGE_DE},
        {"ar-AE", LANGUAGE_AR},
        {"es-419", LANGUAGE_ES},
        {"fr-Latn-CA-x-a", LANGUAGE_FR},
        {"e", -1},
        {"eng", -1},
        {"", -1},
        {"-en", -1},
        {"it", -1},
        {"en_GB", -1},
        {"*", -1},
        {" en", -1},
        {"de-", LANGUAGE_DE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct language *found = language_find(str_from(rows[i].tag));
        test_note(t, "tag \"%s\"", rows[i].tag);
        CHECK_INT(found ? found - languages : -1, rows[i].language);
    }
    CHECK(!language_find((struct str){0}));
    CHECK(!language_find(STR("en\0-GB")));
}

TEST(language_negotiate_takes_the_best_liked)
{
    static const struct {
        const char *header;
        int language;
    } rows[] = {
        {"", LANGUAGE_EN},
        {"de", LANGUAGE_DE},
        {"de-CH, fr;q=0.9", LANGUAGE_DE},
        {"fr;q=0.8, es;q=0.9", LANGUAGE_ES},
        {"fr;q=0.8,es;q=0.8", LANGUAGE_FR},
        {"es;q=0.8,fr;q=0.8", LANGUAGE_ES},
        {"it, nl;q=0.9, ar;q=0.1", LANGUAGE_AR},
        {"it, nl", LANGUAGE_EN},
        {"it, *;q=0.5", LANGUAGE_EN},
        {"en;q=0, *", LANGUAGE_DE},
        {"en;q=0, de;q=0, *;q=0.001", LANGUAGE_FR},
        {"*, fr", LANGUAGE_FR},
        {"*;q=0.9, fr;q=0.1", LANGUAGE_EN},
        {"en;q=0", LANGUAGE_EN},
        {"*;q=0", LANGUAGE_EN},
        {"de-AT;q=0.3, fr;q=0.5, de;q=0.7", LANGUAGE_DE},
        {"de-AT;q=0.7, fr;q=0.5, de;q=0.3", LANGUAGE_DE},
        {" \tde ; q=0.7 ,\tfr ; Q=0.8 ", LANGUAGE_FR},
        {",,,de", LANGUAGE_DE},
        {"de;q=1.000, fr;q=1.", LANGUAGE_DE},
        {"de;q=0.999, fr;q=1.", LANGUAGE_FR},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_note(t, "header \"%s\"", rows[i].header);
        CHECK_INT(language_negotiate(str_from(rows[i].header)) - languages, rows[i].language);
    }
    CHECK_INT(language_negotiate((struct str){0}) - languages, LANGUAGE_EN);
}

/* Each of these is malformed, so the French behind it is what counts. */
TEST(language_negotiate_skips_what_is_malformed)
{
    static const char *const parts[] = {
        "de;q=1.001", "de;q=2",   "de;q=-1", "de;q=0.1234", "de;q=",      "de;q",     "de;",
        "de;q=1;q=1", "de;r=1",   "de;q=.5", "de;q=0x1",    "de;q=1.0.0", "de;q=1e0", "de de",
        "de\x01",     "\xff\xfe", "de;q= 1", "de;q=NaN",    ";q=1",       ";",        "de;q=+1",
        "de;q=٠.٩",   "de_AT",    "de;q=10", "de;q=00.5",
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        struct buf header;
        buf_init(&header, t->arena, 100);
        buf_addf(&header, "%s,fr;q=0.001", parts[i]);
        REQUIRE(!buf_err(&header));
        test_note(t, "part \"%s\"", parts[i]);
        CHECK_INT(language_negotiate(buf_str(&header)) - languages, LANGUAGE_FR);
    }
}

TEST(language_negotiate_reads_a_bounded_number_of_parts)
{
    struct buf header;
    buf_init(&header, t->arena, 1 << 20);
    for (int i = 0; i < ACCEPT_PARTS_MAX - 1; i++)
        buf_add(&header, STR("xx;q=1,"));
    size_t before_last = header.len;
    buf_add(&header, STR("es;q=0.1"));
    CHECK_INT(language_negotiate(buf_str(&header)) - languages, LANGUAGE_ES);
    header.len = before_last;
    buf_add(&header, STR("xx,es"));
    CHECK_INT(language_negotiate(buf_str(&header)) - languages, LANGUAGE_EN);
    while (header.len < 900000)
        buf_add(&header, STR(",de;q=0.5"));
    CHECK_INT(language_negotiate(buf_str(&header)) - languages, LANGUAGE_EN);
}

/* The categories as one reads them in CLDR, written another way than the code has them. */
static const char *expected_plural(size_t language, uint64_t n)
{
    const char *million = n > 0 && n % 1000 == 0 && n / 1000 % 1000 == 0 ? "many" : "other";
    switch (language) {
    case LANGUAGE_FR:
        return n < 2 ? "one" : million;
    case LANGUAGE_ES:
        return n == 1 ? "one" : million;
    case LANGUAGE_AR: {
        static const char *const small[] = {"zero", "one", "two"};
        uint64_t tail = n - n / 100 * 100;
        if (n < 3)
            return small[n];
        return tail < 3 ? "other" : tail < 11 ? "few" : "many";
    }
    default:
        return n == 1 ? "one" : "other";
    }
}

TEST(plurals_are_right_and_declared)
{
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        unsigned seen = 0;
        int wrong = 0;
        for (uint64_t n = 0; n <= 1000000; n += n < 2000 || n > 999000 ? 1 : 37) {
            enum plural plural = languages[i].plural(n);
            seen |= 1u << plural;
            wrong += strcmp(plural_name(plural), expected_plural(i, n)) != 0;
        }
        test_note(t, "language %s", languages[i].code);
        CHECK_INT(wrong, 0);
        CHECK_INT(seen, languages[i].plurals);
        CHECK_TEXT(plural_name(languages[i].plural(UINT64_MAX)), expected_plural(i, UINT64_MAX));
    }
}
