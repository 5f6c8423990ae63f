/* The browser itself, and that the checks of pages find what is wrong with one. */
#include <stdio.h>
#include <sys/stat.h>

#include "browser/checks.h"
#include "harness/folder.h"
#include "harness/test.h"

enum { WIDTH = 600, PATH_LEN_MAX = 512, SIGNATURE_LEN = 8 };

TEST(browser_does_what_a_person_does)
{
    struct browser browser;
    browser_open(t, test_folder(t, "browser/person"), WIDTH, &browser);
    checks_go_sample(&browser, "good.html");
    CHECK_STR(browser_text(&browser, "h1"), "A page as it should be");
    CHECK_STR(browser_attribute(&browser, "a", "href"), "?again");
    CHECK_STR(browser_attribute(&browser, "a", "title"), "");
    browser_type(&browser, "#name", "Lovelace");
    CHECK_STR(browser_value(&browser, "#name"), "Ada Lovelace");
    browser_keys(&browser, KEY_CONTROL "a");
    browser_keys(&browser, "جميل" KEY_ENTER);
    CHECK(browser_wait(&browser, "location.search.includes('name=%D8')"));
    browser_follow(&browser, "a");
    CHECK_STR(browser_script(&browser, "return location.search"), "?again");
    browser_click(&browser, "#name");
    CHECK_STR(browser_script(&browser, "return document.activeElement.id"), "name");
    browser_back(&browser);
    CHECK(browser_wait(&browser, "location.search.includes('name=')"));
    browser_keys(&browser, KEY_TAB KEY_TAB KEY_TAB);
    CHECK_STR(browser_script(&browser, "return document.activeElement.localName"), "button");
    browser_keys(&browser, KEY_SHIFT KEY_TAB);
    CHECK_STR(browser_script(&browser, "return document.activeElement.id"), "name");
    CHECK_STR(browser_console(&browser), "");
    browser_close(&browser);
}

TEST(browser_looks_as_it_is_told)
{
    struct browser browser;
    browser_open(t, test_folder(t, "browser/looks"), WIDTH, &browser);
    checks_go_sample(&browser, "good.html");
    const char *ground = "return getComputedStyle(document.body).backgroundColor";
    CHECK_STR(browser_script(&browser, ground), "rgb(255, 255, 255)");
    browser_set_dark(&browser, true);
    CHECK_STR(browser_script(&browser, ground), "rgb(17, 17, 17)");
    CHECK_STR(browser_script(&browser, "return [innerWidth]"), "[600]");
    browser_set_width(&browser, 390);
    CHECK_STR(browser_script(&browser, "return [innerWidth]"), "[390]");
    CHECK_STR(browser_script(&browser, "return getComputedStyle("
                                       "document.querySelector('h1')).fontSize"),
              "20px");
    CHECK(browser_wait(&browser, "document.body.dataset.late"));
    browser_set_scripts(&browser, false);
    checks_go_sample(&browser, "good.html");
    CHECK_STR(browser_text(&browser, "#told"), "");
    browser_set_scripts(&browser, true);
    checks_go_sample(&browser, "good.html");
    CHECK_STR(browser_text(&browser, "#told"), "told by a script");
    browser_close(&browser);
}

TEST(browser_takes_pictures)
{
    struct browser browser;
    const char *folder = test_folder(t, "browser/pictures");
    char path[PATH_LEN_MAX];
    struct stat info;
    browser_open(t, folder, WIDTH, &browser);
    checks_go_sample(&browser, "good.html");
    snprintf(path, sizeof path, "%s/page.png", folder);
    browser_save(&browser, browser_capture(&browser), path);
    CHECK(stat(path, &info) == 0 && info.st_size > 1000);
    FILE *file = fopen(path, "rb");
    char signature[SIGNATURE_LEN] = {0};
    REQUIRE(file);
    CHECK_INT(fread(signature, 1, sizeof signature, file), sizeof signature);
    fclose(file);
    CHECK(str_equal(str_make(signature, sizeof signature), STR("\x89PNG\r\n\x1a\n")));
    browser_close(&browser);
}

/* A check that never complains would pass on every page. */
TEST(checks_find_what_is_wrong)
{
    static const char *const complaints[] = {
        "dir is \"\", not \"ltr\"",
        "lang is \"de\", not \"en\"",
        "it has 0 h1",
        "it has no title",
        "px wide: <p#twin> \"wide\"",
        "<a> \"tiny\" is smaller than 24 px",
        "<input#twin> \"unnamed\" has no label",
        "two elements are #twin",
        "the icon #nothing draws nothing",
        "<a> \"blind\" does not show its focus",
        "<a> \"away\" has the focus outside of the window",
        "Tab does not reach <button#late>",
    };
    struct browser browser;
    browser_open(t, test_folder(t, "browser/wrong"), WIDTH, &browser);
    checks_load(&browser);
    checks_go_sample(&browser, "bad.html");
    struct str said = checks_say(&browser, "en");
    for (size_t i = 0; i < sizeof complaints / sizeof *complaints; i++) {
        test_note(t, "%s in " STR_FMT, complaints[i], STR_ARG(said));
        CHECK(str_find(said, str_from(complaints[i])) != STR_NONE);
    }
    struct str console = browser_console(&browser);
    test_note(t, STR_FMT, STR_ARG(console));
    CHECK(str_find(console, STR("undefined_function is not defined")) != STR_NONE);
    CHECK(str_find(console, STR("Content Security Policy")) != STR_NONE);
    CHECK_STR(browser_console(&browser), "");
    browser_close(&browser);
}

TEST(checks_are_content_with_what_is_right)
{
    struct browser browser;
    browser_open(t, test_folder(t, "browser/right"), WIDTH, &browser);
    checks_load(&browser);
    checks_go_sample(&browser, "good.html");
    CHECK_STR(checks_say(&browser, "en"), "");
    CHECK_STR(browser_console(&browser), "");
    browser_close(&browser);
}
