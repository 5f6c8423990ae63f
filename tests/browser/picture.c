/* Takes a picture of a page and has it made small within the page. */
#include "browser/picture.h"

#include "base/buf.h"
#include "browser/checks.h"
#include "harness/process.h"
#include "harness/test.h"

enum { SCRIPT_MAX = 4 << 20 };

void picture_load(struct browser *browser)
{
    checks_load_file(browser, test_built(browser->t, "tests/browser/picture.js"));
}

/* Images far below are fetched when somebody comes near: a picture shows them all. */
void picture_save(struct browser *browser, const char *path)
{
    struct test *t = browser->t;
    struct buf script;
    buf_init(&script, t->arena, SCRIPT_MAX);
    browser_script(browser, "document.activeElement.blur(); scrollTo(0, 0);"
                            "for (const image of document.images) image.loading = 'eager';");
    REQUIRE(browser_wait(browser, "[...document.images].every((image) => image.complete)"));
    buf_addf(&script, "return picture.small('" STR_FMT "')%c", STR_ARG(browser_capture(browser)),
             '\0');
    REQUIRE(buf_err(&script) == ERR_OK);
    browser_save(browser, browser_script(browser, script.ptr), path);
}
