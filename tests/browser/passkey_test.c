/* Passkeys in a real browser, with an authenticator of its own that holds real keys. */
#include <stdio.h>
#include <stdlib.h>

#include "browser/site.h"
#include "harness/app_code.h"
#include "harness/browser_inside.h"

enum { SMALL = 390, LARGE = 1280, URL_MAX = 256 };

/* By its name: no passkey is made for an address. */
static void go(struct site *site, const char *path)
{
    char url[URL_MAX];
    snprintf(url, sizeof url, "http://localhost:%d%s", site->service.port, path);
    browser_go(&site->browser, url);
}

static void add_authenticator(struct site *site)
{
    browser_order(&site->browser, "POST /webauthn/authenticator", "%s",
                  "{\"protocol\":\"ctap2\",\"transport\":\"usb\",\"hasResidentKey\":false,"
                  "\"hasUserVerification\":true,\"isUserVerified\":true}");
}

static void enter(struct site *site)
{
    struct browser *browser = &site->browser;
    go(site, "/sign-in");
    browser_type(browser, "#email", "grace@stoa.example");
    browser_type(browser, "#password", "one of my own");
    browser_follow(browser, "form.form button");
}

/* Pictures go beside the tests' own, where $DOCS_PICTURES says so. */
static void picture(struct site *site, const char *name, int width)
{
    const char *folder = getenv("DOCS_PICTURES");
    char path[URL_MAX];
    if (!folder)
        return;
    browser_set_width(&site->browser, width);
    snprintf(path, sizeof path, "%s/%s-%d.png", folder, name, width);
    browser_save(&site->browser, browser_capture(&site->browser), path);
}

static void pictures(struct site *site, const char *name)
{
    picture(site, name, SMALL);
    picture(site, name, LARGE);
}

static void begin(struct site *site, const char *kind)
{
    char css[URL_MAX];
    go(site, "/account/second");
    browser_type(&site->browser, "#password", "one of my own");
    snprintf(css, sizeof css, "button[value=%s]", kind);
    browser_follow(&site->browser, css);
}

TEST(a_passkey_is_made_and_signs_in)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/passkey", LARGE, &site);
    add_authenticator(&site);
    enter(&site);
    begin(&site, "passkey");
    CHECK(browser_wait(browser, "document.querySelector('[data-without]').hidden"));
    pictures(&site, "passkey_new");
    browser_type(browser, "#name", "Key on my ring");
    browser_click(browser, "[data-ask]");
    REQUIRE(browser_wait(browser, "document.querySelectorAll('.recovery code').length === 10"));
    pictures(&site, "recovery");
    browser_follow(browser, "main a.button");
    CHECK_STR(browser_text(browser, ".items h2"), "Key on my ring");
    pictures(&site, "factors");

    enter(&site);
    REQUIRE(browser_wait(browser, "location.pathname === '/sign-in/second'"));
    pictures(&site, "second");
    browser_click(browser, "[data-ask]");
    REQUIRE(browser_wait(browser, "location.pathname === '/account'"));
    enter(&site);
    browser_script(browser, "document.querySelector('[data-challenge]').dataset.challenge = "
                            "'A'.repeat(43)");
    browser_click(browser, "[data-ask]"); /* what signs for another challenge is refused */
    REQUIRE(browser_wait(browser, "document.querySelector('.summary')"));
    CHECK_STR(browser_script(browser, "return location.pathname"), "/sign-in/passkey");
    CHECK_STR(browser_console(browser), "");
    browser_click(browser, "[data-ask]");
    REQUIRE(browser_wait(browser, "location.pathname === '/account'"));

    go(&site, "/account/second");
    browser_follow(browser, ".items button");
    CHECK(browser_wait(browser, "!document.querySelector('.items')"));
    site_close(&site);
}

TEST(an_app_is_added_by_its_code)
{
    struct site site;
    struct browser *browser = &site.browser;
    char code[APP_CODE_SIZE];
    site_open(t, "browser/app", SMALL, &site);
    enter(&site);
    begin(&site, "app");
    pictures(&site, "app");
    REQUIRE(app_code(browser_text(browser, "main code"), time(NULL), code));
    browser_type(browser, "#code", code);
    browser_follow(browser, "form.form button");
    REQUIRE(browser_wait(browser, "document.querySelectorAll('.recovery code').length === 10"));
    struct str recovery = browser_text(browser, ".recovery code");
    char typed[64];
    snprintf(typed, sizeof typed, STR_FMT, STR_ARG(recovery));
    enter(&site);
    REQUIRE(browser_wait(browser, "location.pathname === '/sign-in/second'"));
    browser_type(browser, "#code", typed);
    browser_follow(browser, "form.form button");
    REQUIRE(browser_wait(browser, "location.pathname === '/account'"));
    site_close(&site);
}
