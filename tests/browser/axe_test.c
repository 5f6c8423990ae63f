/* Each page through the eyes of axe-core: contrast, roles, names, order, and some ninety more. */
#include <stdlib.h>

#include "browser/checks.h"
#include "browser/site.h"
#include "harness/folder.h"

enum { SMALL = 390, LARGE = 1280 };

/* A violation is said with its rule, its place and what is missing. */
static const char run_axe[] =
    "return axe.run(document, { resultTypes: ['violations'] }).then(({ violations, passes }) =>"
    "  !passes.length ? 'axe looked at nothing' :"
    "  violations.flatMap(({ id, nodes }) => nodes.map((node) =>"
    "    `${id} at ${node.target}: ${node.failureSummary.replace(/\\s+/g, ' ')}`)).join('; '));";

/* $AXE is axe-core's script, which axe.sh fetches. */
static void load_axe(struct browser *browser)
{
    struct test *t = browser->t;
    const char *path = getenv("AXE");
    test_note(t, "AXE names no script; tests/browser/axe.sh does");
    REQUIRE(path);
    checks_load_file(browser, path);
}

static void look_at_each(struct site *site, const struct site_page *pages, int width,
                         const char *language)
{
    struct test *t = site->t;
    browser_set_language(&site->browser, language);
    load_axe(&site->browser);
    for (const struct site_page *page = pages; page->name; page++) {
        site_visit(site, page);
        for (int dark = 0; dark <= 1; dark++) {
            browser_set_dark(&site->browser, dark);
            test_note(t, "%s, %d px, %s, %s", page->name, width, language, dark ? "dark" : "light");
            CHECK_STR(browser_script(&site->browser, run_axe), "");
        }
        CHECK_STR(browser_console(&site->browser), "");
    }
    site_close(site);
}

static void look_at_all(struct test *t, const char *folder, int width, const char *language)
{
    struct site site;
    site_open(t, folder, width, &site);
    look_at_each(&site, site_pages, width, language);
}

static void look_at_shop(struct test *t, const char *folder, int width, const char *language)
{
    struct site site;
    site_open_shop(t, folder, width, &site);
    look_at_each(&site, shop_pages, width, language);
}

/* An eye that never complains sees nothing. */
TEST(axe_finds_what_is_wrong)
{
    static const char *const rules[] = {"color-contrast", "label", "image-alt", "document-title"};
    struct browser browser;
    browser_open(t, test_folder(t, "browser/axe_wrong"), LARGE, &browser);
    load_axe(&browser);
    checks_go_sample(&browser, "bad.html");
    struct str said = browser_script(&browser, run_axe);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        test_note(t, "%s in " STR_FMT, rules[i], STR_ARG(said));
        CHECK(str_find(said, str_from(rules[i])) != STR_NONE);
    }
    browser_close(&browser);
}

TEST(axe_on_a_small_screen)
{
    look_at_all(t, "browser/axe_small", SMALL, "en");
}

TEST(axe_on_a_large_screen)
{
    look_at_all(t, "browser/axe_large", LARGE, "en");
}

TEST(axe_on_a_small_screen_in_arabic)
{
    look_at_all(t, "browser/axe_small_ar", SMALL, "ar");
}

TEST(axe_on_a_large_screen_in_arabic)
{
    look_at_all(t, "browser/axe_large_ar", LARGE, "ar");
}

TEST(axe_in_the_shop_on_a_small_screen)
{
    look_at_shop(t, "browser/axe_shop_small", SMALL, "en");
}

TEST(axe_in_the_shop_on_a_large_screen_in_arabic)
{
    look_at_shop(t, "browser/axe_shop_large_ar", LARGE, "ar");
}
