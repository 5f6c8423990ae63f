/* Each page on a small and a large screen, by day and by night, read from either side. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "browser/checks.h"
#include "browser/picture.h"
#include "browser/site.h"

enum { SMALL = 390, LARGE = 1280, SHARES = 2 };

/* A page may be long; the docs show what tells most. */
static const struct picture {
    const char *page, *language;
    bool dark;
} pictures[] = {
    {"home", "en", false},     {"contact", "en", false},   {"contact_wrong", "en", false},
    {"messages", "en", false}, {"messages", "ar", false},  {"style", "en", false},
    {"style", "en", true},     {"health", "en", false},    {"answer", "en", false},
    {"bus_rule", "en", false}, {"bus_tried", "en", false},
};

static bool same(const char *a, const char *b)
{
    return str_equal(str_from(a), str_from(b));
}

/* Pictures are taken into the folder that $DOCS_PICTURES names; without it there are none. */
static void take_picture(struct site *site, const char *page, int width, bool dark)
{
    const char *folder = getenv("DOCS_PICTURES"), *language = site->browser.language;
    char path[PATH_MAX];
    for (size_t i = 0; folder && i < sizeof pictures / sizeof *pictures; i++) {
        const struct picture *picture = &pictures[i];
        if (!same(picture->page, page) || picture->dark != dark ||
            !same(picture->language, language))
            continue;
        snprintf(path, sizeof path, "%s/%s%s%s-%d.png", folder, page, dark ? "-dark" : "",
                 same(language, "en") ? "" : "-ar", width);
        picture_save(&site->browser, path);
    }
}

static void look_at(struct site *site, const struct site_page *page, int width, bool dark)
{
    struct test *t = site->t;
    test_note(t, "%s, %d px, %s, %s", page->name, width, site->browser.language,
              dark ? "dark" : "light");
    browser_set_dark(&site->browser, dark);
    take_picture(site, page->name, width, dark);
    CHECK_STR(checks_say(&site->browser, site->browser.language), "");
}

/* A share of them: each has the time of a test. */
static void look_at_share(struct test *t, const char *folder, int width, const char *language,
                          size_t share)
{
    struct site site;
    site_open(t, folder, width, &site);
    browser_set_language(&site.browser, language);
    checks_load(&site.browser);
    picture_load(&site.browser);
    for (const struct site_page *page = site_pages; page->name; page++) {
        if ((size_t)(page - site_pages) % SHARES != share)
            continue;
        site_visit(&site, page);
        look_at(&site, page, width, false);
        look_at(&site, page, width, true);
        CHECK_STR(browser_console(&site.browser), "");
    }
    site_close(&site);
}

TEST(pages_on_a_small_screen_first)
{
    look_at_share(t, "browser/small_first", SMALL, "en", 0);
}

TEST(pages_on_a_small_screen_second)
{
    look_at_share(t, "browser/small_second", SMALL, "en", 1);
}

TEST(pages_on_a_small_screen_in_arabic_first)
{
    look_at_share(t, "browser/small_ar_first", SMALL, "ar", 0);
}

TEST(pages_on_a_small_screen_in_arabic_second)
{
    look_at_share(t, "browser/small_ar_second", SMALL, "ar", 1);
}

TEST(pages_on_a_large_screen_first)
{
    look_at_share(t, "browser/large_first", LARGE, "en", 0);
}

TEST(pages_on_a_large_screen_second)
{
    look_at_share(t, "browser/large_second", LARGE, "en", 1);
}

TEST(pages_on_a_large_screen_in_arabic_first)
{
    look_at_share(t, "browser/large_ar_first", LARGE, "ar", 0);
}

TEST(pages_on_a_large_screen_in_arabic_second)
{
    look_at_share(t, "browser/large_ar_second", LARGE, "ar", 1);
}
