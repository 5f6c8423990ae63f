/* What people do in the shop, from its front page until the parcel is on its way. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "browser/checks.h"
#include "browser/picture.h"
#include "browser/site.h"
#include "harness/somebody.h"

enum { SMALL = 390, LARGE = 1280 };

#define PLACE ".checkout button[value=order]"

/* Pictures are taken into the folder that $DOCS_PICTURES names; without it there are none. */
static const struct picture {
    const char *page;
    int width;
} pictures[] = {
    {"shop_home", LARGE},    {"shop_home", SMALL},     {"shop_product", LARGE},
    {"shop_product", SMALL}, {"shop_checkout", LARGE}, {"shop_dashboard", LARGE},
    {"shop_order", LARGE},
};

static void take_picture(struct site *site, const char *page, int width)
{
    const char *folder = getenv("DOCS_PICTURES");
    bool is_english = str_equal(str_from(site->browser.language), STR("en"));
    char path[PATH_MAX];
    for (size_t i = 0; folder && is_english && i < sizeof pictures / sizeof *pictures; i++) {
        if (pictures[i].width != width || !str_equal(str_from(pictures[i].page), str_from(page)))
            continue;
        snprintf(path, sizeof path, "%s/%s-%d.png", folder, page, width);
        picture_save(&site->browser, path);
    }
}

/* The page at both widths, without a round by keyboard: lists of goods have too many links. */
static void look_at(struct site *site, const struct site_page *page, const char *language)
{
    static const int widths[] = {LARGE, SMALL};
    struct test *t = site->t;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        test_note(t, "%s, %d px, %s", page->name, widths[i], language);
        browser_set_width(&site->browser, widths[i]);
        take_picture(site, page->name, widths[i]);
        CHECK_STR(checks_look(&site->browser, language), "");
    }
    CHECK_STR(browser_console(&site->browser), "");
}

static void look_at_shop(struct test *t, const char *folder, const char *language)
{
    struct site site;
    site_open_shop(t, folder, LARGE, &site);
    browser_set_language(&site.browser, language);
    checks_load(&site.browser);
    picture_load(&site.browser);
    for (const struct site_page *page = shop_pages; page->name; page++) {
        site_visit(&site, page);
        look_at(&site, page, language);
    }
    site_close(&site);
}

TEST(shop_pages_on_both_screens)
{
    look_at_shop(t, "browser/shop_pages", "en");
}

TEST(shop_pages_on_both_screens_in_arabic)
{
    look_at_shop(t, "browser/shop_pages_ar", "ar");
}

/* Who sits at the browser from now on: nobody, where the cookie says nothing. */
static void become(struct site *site, const char *cookie)
{
    char script[SOMEBODY_COOKIE_MAX + 64];
    snprintf(script, sizeof script, "document.cookie = '%s; path=/'", cookie);
    browser_script(&site->browser, script);
}

/* A category, one of its filters, a product, another size. On a large screen the filters are there
 * from the beginning, for people if not for the driver, which does not click them. */
static void fill_cart(struct site *site, int width)
{
    struct test *t = site->t;
    struct browser *browser = &site->browser;
    site_go(site, "/");
    browser_follow(browser, ".tiles a[href='/c/textiles']");
    if (width == SMALL)
        browser_click(browser, ".filters summary");
    browser_script(browser,
                   "document.querySelector(\"[name=is][value='Material=Linen']\").focus()");
    browser_keys(browser, " ");
    browser_follow(browser, ".sorting button");
    CHECK_STR(browser_script(browser, "return document.querySelectorAll('.products li').length"),
              "4");
    browser_follow(browser, "a[href='/p/towel-in-linen']");
    browser_follow(browser, ".option-value:not([aria-current])");
    browser_follow(browser, ".cart-put button");
    CHECK_STR(browser_text(browser, ".cart-line h2"), "Towel in linen");
    CHECK(str_find(browser_text(browser, ".cart-line .soft"), STR("Bath")) != STR_NONE);
    browser_follow(browser, "main a[href='/checkout']");
}

/* The first way to send and to pay are chosen already. */
static void order(struct site *site, const char *email)
{
    struct browser *browser = &site->browser;
    if (email)
        browser_type(browser, "#email", email);
    browser_type(browser, "#name", "Ada Lovelace");
    browser_type(browser, "#street", "Torstraße 12");
    browser_type(browser, "#postcode", "10119");
    browser_type(browser, "#city", "Berlin");
    browser_click(browser, "#terms");
    browser_follow(browser, PLACE);
}

static void buy_as_guest(struct test *t, const char *folder, int width)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open_shop(t, folder, width, &site);
    become(&site, "session=");
    browser_set_scripts(browser, false);
    fill_cart(&site, width);
    browser_follow(browser, PLACE);
    CHECK(browser_text(browser, ".summary").len > 0);
    CHECK_STR(browser_console(browser), "");
    order(&site, "ada@stoa.example");
    CHECK_STR(browser_text(browser, "h1 + p .badge"), "Paid");
    CHECK_STR(browser_text(browser, ".cart-line h3"), "Towel in linen, Bath, Sand");
    site_go(&site, "/cart");
    CHECK(browser_text(browser, ".empty").len > 0);
    site_close(&site);
}

TEST(a_guest_buys_on_a_small_screen_without_scripts)
{
    buy_as_guest(t, "browser/shop_guest_small", SMALL);
}

TEST(a_guest_buys_on_a_large_screen_without_scripts)
{
    buy_as_guest(t, "browser/shop_guest_large", LARGE);
}

TEST(a_payment_that_the_bank_declines_is_tried_again)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open_shop(t, "browser/shop_challenge", SMALL, &site);
    become(&site, "session=");
    fill_cart(&site, SMALL);
    order(&site, "ada+challenge@stoa.example");
    browser_follow(browser, "button[value=decline]");
    CHECK(browser_text(browser, ".notice.bad").len > 0);
    CHECK_STR(browser_text(browser, "h1 + p .badge"), "Waits to be paid");
    browser_follow(browser, "form[action$=pay] button");
    browser_follow(browser, "button[value=approve]");
    CHECK_STR(browser_text(browser, "h1 + p .badge"), "Paid");
    site_close(&site);
}

TEST(a_customer_buys_and_finds_the_order_again)
{
    struct site site;
    struct browser *browser = &site.browser;
    char cookie[SOMEBODY_COOKIE_MAX], code[64];
    site_open_shop(t, "browser/shop_customer", LARGE, &site);
    REQUIRE(somebody_sign_in(t, &site.service, "ada", "customer", cookie) == ERR_OK);
    become(&site, cookie);
    fill_cart(&site, LARGE);
    CHECK_STR(browser_value(browser, "#email"), "ada@stoa.example");
    order(&site, NULL);
    snprintf(code, sizeof code, STR_FMT, STR_ARG(browser_text(browser, "h1")));
    site_go(&site, "/account");
    browser_follow(browser, "a[href='/account/orders']");
    browser_follow(browser, "main tbody th a");
    CHECK_STR(browser_text(browser, "h1"), code);
    CHECK_STR(browser_text(browser, "h1 + p .badge"), "Paid");
    site_close(&site);
}

TEST(an_order_is_sent_from_the_console)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open_shop(t, "browser/shop_console", LARGE, &site);
    site_go(&site, "/admin/dashboard");
    browser_follow(browser, "a[href='/admin/orders?state=paid']");
    browser_follow(browser, "main tbody th a");
    browser_type(browser, "#tracking", "JD014600003SE");
    browser_follow(browser, "form[action$=ship] button");
    CHECK(browser_text(browser, ".notice.good").len > 0);
    CHECK_STR(browser_text(browser, "h1 + .badge"), "Shipped");
    CHECK(str_find(browser_text(browser, ".facts"), STR("JD014600003SE")) != STR_NONE);
    site_close(&site);
}

TEST(a_product_is_made_in_the_console)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open_shop(t, "browser/shop_product", SMALL, &site);
    site_go(&site, "/admin/products");
    browser_follow(browser, "a[href='/admin/products/new']");
    browser_type(browser, "#name", "Lamp with a green shade");
    browser_type(browser, "#picture", "drawn:lamp:3");
    browser_follow(browser, "form.form button");
    CHECK_STR(browser_text(browser, "h1"), "Lamp with a green shade");
    browser_follow(browser, "a[href$='/variants/new']");
    browser_type(browser, "#sku", "LAMP-1");
    browser_type(browser, "#price", "49.00");
    browser_follow(browser, "form.form button");
    CHECK_STR(browser_text(browser, "main tbody th"), "LAMP-1");
    browser_script(browser, "document.getElementById('state').value = 'listed'");
    browser_follow(browser, "form.form button");
    site_go(&site, "/p/lamp-with-a-green-shade");
    CHECK_STR(browser_text(browser, "h1"), "Lamp with a green shade");
    site_close(&site);
}
