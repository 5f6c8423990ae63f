/* Runs the checks of pages within the page, and presses Tab for them. */
#include "browser/checks.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/process.h"
#include "harness/test.h"

enum { TABS_MAX = 1000, SCRIPT_MAX = 256, URL_MAX = 4096 + 8, SAID_MAX = 64 << 10 };

void checks_load_file(struct browser *browser, const char *path)
{
    struct test *t = browser->t;
    struct stat info = {0};
    test_note(t, "reading %s", path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0 && fstat(fd, &info) == 0);
    char *text = arena_bytes(t->arena, (size_t)info.st_size);
    REQUIRE(text && read(fd, text, (size_t)info.st_size) == info.st_size);
    close(fd);
    test_note(t, "%s", "");
    browser_script_always(browser, str_make(text, (size_t)info.st_size));
}

void checks_load(struct browser *browser)
{
    checks_load_file(browser, test_built(browser->t, "tests/browser/checks.js"));
}

void checks_go_sample(struct browser *browser, const char *name)
{
    char path[SCRIPT_MAX], url[URL_MAX];
    snprintf(path, sizeof path, "tests/browser/%s", name);
    snprintf(url, sizeof url, "file://%s", test_built(browser->t, path));
    browser_go(browser, url);
}

static void press_tab(struct browser *browser, int64_t times)
{
    struct test *t = browser->t;
    struct buf keys;
    buf_init(&keys, t->arena, TABS_MAX * sizeof KEY_TAB);
    for (int64_t i = 0; i < times; i++)
        buf_add(&keys, STR(KEY_TAB));
    buf_addc(&keys, '\0');
    REQUIRE(buf_err(&keys) == ERR_OK);
    browser_keys(browser, keys.ptr);
}

struct str checks_look(struct browser *browser, const char *language)
{
    char script[SCRIPT_MAX];
    snprintf(script, sizeof script, "return checks.page('%s').join('; ')", language);
    return browser_script(browser, script);
}

struct str checks_say(struct browser *browser, const char *language)
{
    struct test *t = browser->t;
    int64_t tabs = 0;
    struct buf said;
    buf_init(&said, t->arena, SAID_MAX);
    buf_add(&said, checks_look(browser, language));
    REQUIRE(str_to_int(browser_script(browser, "return checks.walk()"), 1, TABS_MAX, &tabs) ==
            ERR_OK);
    press_tab(browser, tabs);
    struct str walked = browser_script(browser, "return checks.walked().join('; ')");
    buf_add(&said, said.len && walked.len ? STR("; ") : STR(""));
    buf_add(&said, walked);
    REQUIRE(buf_err(&said) == ERR_OK);
    return buf_str(&said);
}
