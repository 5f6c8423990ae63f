/* What people do on the pages, from their first click to the last. */
#include "browser/site.h"

enum { SMALL = 390, LARGE = 1280 };

#define LIST "document.querySelectorAll('#messages .items li')"

/* From the top of the page to the form's first field. */
static void enter_form(struct site *site)
{
    site_go(site, "/contact");
    browser_keys(&site->browser, KEY_TAB KEY_ENTER KEY_TAB);
}

TEST(a_message_is_written_by_keyboard_alone)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/keyboard", SMALL, &site);
    enter_form(&site);
    CHECK_STR(browser_script(browser, "return document.activeElement.id"), "name");
    browser_keys(browser, "Ada Lovelace" KEY_TAB "not an address" KEY_TAB KEY_TAB KEY_ENTER);
    REQUIRE(browser_wait(browser, "document.activeElement.matches('.summary')"));
    CHECK_STR(browser_value(browser, "#name"), "Ada Lovelace");
    CHECK_STR(browser_value(browser, "#email"), "not an address");
    CHECK_STR(browser_attribute(browser, "#name", "aria-invalid"), "");
    CHECK_STR(browser_attribute(browser, "#email", "aria-invalid"), "true");
    CHECK_STR(browser_attribute(browser, "#words", "aria-invalid"), "true");
    CHECK(browser_text(browser, "#email-wrong").len > 0);
    CHECK(browser_text(browser, "#words-wrong").len > 0);
    CHECK_STR(browser_attribute(browser, ".summary a", "href"), "#email");
    CHECK_STR(browser_console(browser), "");

    browser_keys(browser, KEY_TAB KEY_ENTER);
    REQUIRE(browser_wait(browser, "document.activeElement.id === 'email'"));
    browser_keys(browser, KEY_CONTROL "a");
    browser_keys(browser, "ada@example.com" KEY_TAB "A <b>lamp</b>," KEY_ENTER "please." KEY_TAB);
    browser_keys(browser, KEY_ENTER);
    REQUIRE(browser_wait(browser, "document.querySelector('.said')"));
    CHECK_STR(browser_text(browser, "h1"), "Ada Lovelace");
    CHECK_STR(browser_text(browser, ".said"), "A <b>lamp</b>,\nplease.");
    site_close(&site);
}

TEST(everything_works_without_scripts)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/scriptless", SMALL, &site);
    site_fill(&site);
    browser_set_scripts(browser, false);
    site_go(&site, "/contact");
    browser_type(browser, "#name", "Grace");
    browser_type(browser, "#email", "grace@example.com");
    browser_follow(browser, "form.form button");
    CHECK(browser_text(browser, ".summary").len > 0);
    CHECK_STR(browser_value(browser, "#name"), "Grace");
    CHECK_STR(browser_console(browser), "");
    browser_type(browser, "#words", "A lighthouse, if you have one.");
    browser_follow(browser, "form.form button");
    CHECK_STR(browser_text(browser, ".said"), "A lighthouse, if you have one.");

    site_go(&site, "/admin/messages");
    browser_follow(browser, "#older a");
    CHECK_STR(browser_script(browser, "return location.search.includes('before=')"), "true");
    browser_type(browser, "input[name=q]", "lighthouse");
    browser_follow(browser, ".search button");
    CHECK(browser_wait(browser, LIST ".length === 1"));
    CHECK_STR(browser_value(browser, "input[name=q]"), "lighthouse");
    browser_follow(browser, "#messages h2 a");
    CHECK_STR(browser_text(browser, "h1"), "Grace");
    browser_follow(browser, ".languages a[lang=ar]");
    CHECK_STR(browser_attribute(browser, "html", "dir"), "rtl");
    CHECK_STR(browser_text(browser, "h1"), "Grace");
    site_close(&site);
}

TEST(a_dead_letter_goes_back_and_a_queue_is_emptied_without_scripts)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/queues", SMALL, &site);
    site_fill(&site);
    browser_set_scripts(browser, false);
    site_go(&site, "/admin/queues");
    browser_follow(browser, "a[href='/admin/queues/orders-dead']");
    CHECK_STR(browser_text(browser, "h1"), "orders-dead");
    browser_follow(browser, ".items form button");
    CHECK(browser_text(browser, ".notice.good").len > 0);
    CHECK(browser_text(browser, ".empty").len > 0);
    site_go(&site, "/admin/queues/orders");
    CHECK_STR(browser_text(browser, "#counts dd"), "2");
    browser_follow(browser, "a[href$=purge]");
    browser_follow(browser, ".button.danger");
    CHECK(browser_text(browser, ".notice.good").len > 0);
    CHECK_STR(browser_text(browser, "#counts dd"), "0");
    site_close(&site);
}

TEST(a_schedule_is_made_run_and_paused_without_scripts)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/schedules", LARGE, &site);
    site_fill(&site);
    browser_set_scripts(browser, false);
    site_go(&site, "/admin/schedules");
    browser_type(browser, "#name", "tea");
    browser_type(browser, "#expression", "0 16 * * *");
    browser_type(browser, "#address", "nowhere");
    browser_follow(browser, "form.form button");
    CHECK(browser_text(browser, "#address-wrong").len > 0);
    CHECK_STR(browser_value(browser, "#name"), "tea");
    CHECK_STR(browser_console(browser), "");
    browser_click(browser, "#address");
    browser_keys(browser, KEY_CONTROL "a");
    browser_keys(browser, "orders");
    browser_follow(browser, "form.form button");
    CHECK_STR(browser_text(browser, ".items li:last-child h2"), "tea");
    browser_follow(browser, ".items li:last-child button[value=run]");
    CHECK(browser_text(browser, ".notice.good").len > 0);
    browser_follow(browser, ".items li:last-child button[value=pause]");
    CHECK(browser_text(browser, ".items li:last-child .badge").len > 0);
    browser_follow(browser, ".items li:last-child button[value=resume]");
    CHECK(browser_text(browser, ".notice.good").len > 0);
    site_close(&site);
}

/* The page stays as it is but for the list: what was typed elsewhere stays too. */
TEST(the_list_updates_while_somebody_writes)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/live", LARGE, &site);
    site_go(&site, "/admin/messages");
    REQUIRE(browser_wait(browser, "document.querySelector('#messages .empty')"));
    browser_script(browser, "window.same_page = true");
    site_write(&site, "Ada", "The first message.");
    CHECK(browser_wait(browser, LIST ".length === 1"));
    CHECK(browser_wait(browser, LIST "[0].innerText.includes('The first message.')"));
    browser_type(browser, "input[name=q]", "second");
    CHECK(browser_wait(browser, LIST ".length === 0"));
    site_write(&site, "Grace", "The second message.");
    CHECK(browser_wait(browser, LIST ".length === 1"));
    CHECK_STR(browser_text(browser, "#messages h2"), "Grace");
    CHECK_STR(browser_value(browser, "input[name=q]"), "second");
    CHECK_STR(browser_script(browser, "return window.same_page"), "true");
    site_close(&site);
}

TEST(the_list_is_searched_as_one_types)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/search", LARGE, &site);
    site_fill(&site);
    site_write(&site, "Grace", "A lighthouse, if you have one.");
    site_go(&site, "/admin/messages");
    REQUIRE(browser_wait(browser, LIST ".length > 1"));
    browser_script(browser, "window.same_page = true");
    browser_click(browser, "input[name=q]");
    browser_keys(browser, "LightHouse");
    CHECK(browser_wait(browser, LIST ".length === 1"));
    CHECK_STR(browser_text(browser, "#messages h2"), "Grace");
    CHECK(browser_wait(browser, "location.search === '?q=LightHouse'"));
    CHECK_STR(browser_script(browser, "return document.activeElement.name"), "q");
    browser_keys(browser, " nowhere");
    CHECK(browser_wait(browser, "document.querySelector('#messages .empty')"));
    browser_keys(browser, KEY_CONTROL "a");
    browser_keys(browser, "lamp");
    CHECK(browser_wait(browser, LIST ".length > 1"));
    CHECK(browser_wait(browser, "!document.querySelector('#messages').innerText"
                                ".includes('lighthouse')"));
    CHECK_STR(browser_script(browser, "return window.same_page"), "true");
    site_close(&site);
}

TEST(a_language_that_was_chosen_stays)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/language", SMALL, &site);
    browser_set_language(browser, "de");
    site_go(&site, "/admin/messages?q=lamp");
    CHECK_STR(browser_attribute(browser, "html", "lang"), "de");
    browser_follow(browser, ".languages a[lang=ar]");
    CHECK_STR(browser_attribute(browser, "html", "lang"), "ar");
    CHECK_STR(browser_attribute(browser, "html", "dir"), "rtl");
    CHECK_STR(browser_script(browser, "return location.pathname + location.search"),
              "/admin/messages?q=lamp");
    site_go(&site, "/contact");
    CHECK_STR(browser_attribute(browser, "html", "lang"), "ar");
    browser_follow(browser, ".languages a[lang=en]");
    CHECK_STR(browser_attribute(browser, "html", "lang"), "en");
    CHECK_STR(browser_attribute(browser, "html", "dir"), "ltr");
    site_close(&site);
}

TEST(the_way_back_leads_back)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/back", LARGE, &site);
    site_fill(&site);
    site_go(&site, "/admin/messages?q=lamp");
    browser_follow(browser, "#messages h2 a");
    CHECK(browser_text(browser, ".said").len > 0);
    browser_back(browser);
    CHECK(browser_wait(browser, "location.search === '?q=lamp'"));
    CHECK(browser_wait(browser, LIST ".length > 1"));
    CHECK_STR(browser_value(browser, "input[name=q]"), "lamp");

    /* Back at a form that was sent, it can be sent again. */
    site_go(&site, "/contact");
    browser_type(browser, "#name", "Ada");
    browser_type(browser, "#email", "ada@example.com");
    browser_type(browser, "#words", "Once.");
    browser_follow(browser, "form.form button");
    CHECK(browser_text(browser, ".said").len > 0);
    browser_back(browser);
    REQUIRE(browser_wait(browser, "location.pathname === '/contact' && "
                                  "document.querySelector('#words')?.value === 'Once.'"));
    browser_follow(browser, "form.form button");
    CHECK_STR(browser_text(browser, ".said"), "Once.");
    site_close(&site);
}

TEST(a_form_that_is_sent_twice_is_one_message)
{
    struct site site;
    struct browser *browser = &site.browser;
    site_open(t, "browser/twice", SMALL, &site);
    site_go(&site, "/contact");
    browser_type(browser, "#name", "Ada");
    browser_type(browser, "#email", "ada@example.com");
    browser_type(browser, "#words", "Once, and impatiently.");
    browser_script(browser, "const button = document.querySelector('form.form button');"
                            "button.click(); button.click(); button.click();");
    REQUIRE(browser_wait(browser, "document.querySelector('.said')"));
    site_go(&site, "/admin/messages");
    CHECK(browser_wait(browser, LIST ".length === 1"));
    site_close(&site);
}
