/* What a test tells the browser to do, and asks about its page. */
#include "harness/browser.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "harness/ask.h"
#include "harness/browser_inside.h"

#define SCRIPT_BODY "{\"script\":%s,\"args\":[]}"

static struct str kept(struct browser *browser, struct str s)
{
    struct str copy;
    if (str_copy(browser->t->arena, s, &copy))
        browser_fail(browser, "keeping what was read", STR("no memory"));
    return copy;
}

/* How it looks at pages */

void browser_set_width(struct browser *browser, int width)
{
    arena_clear(&browser->scratch);
    browser_command(browser, "Emulation.setDeviceMetricsOverride",
                    "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":false}", width,
                    BROWSER_HEIGHT);
}

void browser_set_dark(struct browser *browser, bool dark)
{
    arena_clear(&browser->scratch);
    browser->scheme = dark ? "dark" : "light";
    browser_show_media(browser);
}

void browser_set_language(struct browser *browser, const char *language)
{
    arena_clear(&browser->scratch);
    browser->language = language;
    browser_command(browser, "Network.enable", "{}");
    browser_command(browser, "Network.setExtraHTTPHeaders",
                    "{\"headers\":{\"Accept-Language\":\"%s\"}}", language);
}

void browser_set_scripts(struct browser *browser, bool on)
{
    arena_clear(&browser->scratch);
    browser_command(browser, "Emulation.setScriptExecutionDisabled", "{\"value\":%s}",
                    on ? "false" : "true");
}

/* What it does */

void browser_go(struct browser *browser, const char *url)
{
    arena_clear(&browser->scratch);
    browser_order(browser, "POST /url", "{\"url\":%s}", browser_quote(browser, str_from(url)));
}

void browser_back(struct browser *browser)
{
    arena_clear(&browser->scratch);
    browser_order(browser, "POST /back", "{}");
}

/* WebDriver's name for the element, in an object with one member of an odd name. */
static struct str find(struct browser *browser, const char *css)
{
    const struct json *element = browser_order(browser, "POST /element",
                                               "{\"using\":\"css selector\",\"value\":%s}",
                                               browser_quote(browser, str_from(css)));
    struct str id;
    if (element->kind != JSON_OBJECT || json_str(element->first, &id))
        browser_fail(browser, css, STR("it has no name"));
    return id;
}

void browser_click(struct browser *browser, const char *css)
{
    arena_clear(&browser->scratch);
    struct str id = find(browser, css);
    browser_order(
        browser, browser_format(browser, "POST /element/" STR_FMT "/click", STR_ARG(id)).ptr, "{}");
}

void browser_type(struct browser *browser, const char *css, const char *words)
{
    arena_clear(&browser->scratch);
    struct str id = find(browser, css);
    browser_order(browser,
                  browser_format(browser, "POST /element/" STR_FMT "/value", STR_ARG(id)).ptr,
                  "{\"text\":%s}", browser_quote(browser, str_from(words)));
}

/* The character that stands first: its bytes. */
static size_t character_len(struct str s)
{
    size_t len = 1;
    while (len < s.len && ((unsigned char)s.ptr[len] & 0xC0) == 0x80)
        len++;
    return len;
}

void browser_keys(struct browser *browser, const char *keys)
{
    arena_clear(&browser->scratch);
    struct buf body;
    buf_init(&body, &browser->scratch, ORDER_MAX);
    buf_add(&body, STR("{\"actions\":[{\"type\":\"key\",\"id\":\"keyboard\",\"actions\":["));
    const char *comma = "";
    for (struct str rest = str_from(keys); rest.len;) {
        struct str key = str_slice(rest, 0, character_len(rest));
        const char *quoted = browser_quote(browser, key);
        buf_addf(&body, "%s{\"type\":\"keyDown\",\"value\":%s}", comma, quoted);
        if (!str_equal(key, STR(KEY_SHIFT)) && !str_equal(key, STR(KEY_CONTROL)))
            buf_addf(&body, ",{\"type\":\"keyUp\",\"value\":%s}", quoted);
        rest = str_slice(rest, key.len, rest.len);
        comma = ",";
    }
    buf_add(&body, STR("]}]}"));
    if (buf_err(&body))
        browser_fail(browser, "typing", STR("too many keys"));
    browser_order(browser, "POST /actions", STR_FMT, STR_ARG(buf_str(&body)));
    browser_order(browser, "DELETE /actions", "%s", "");
}

/* What it sees */

static struct str as_text(struct browser *browser, const struct json *value)
{
    struct str said;
    if (json_str(value, &said) == ERR_OK)
        return kept(browser, said);
    struct buf out;
    buf_init(&out, browser->t->arena, ORDER_MAX);
    json_write(&out, value);
    if (buf_err(&out))
        browser_fail(browser, "reading what a script returned", STR("it is too long"));
    return buf_str(&out);
}

static struct str run_script(struct browser *browser, const char *javascript)
{
    return as_text(browser, browser_order(browser, "POST /execute/sync", SCRIPT_BODY,
                                          browser_quote(browser, str_from(javascript))));
}

struct str browser_script(struct browser *browser, const char *javascript)
{
    arena_clear(&browser->scratch);
    return run_script(browser, javascript);
}

void browser_script_always(struct browser *browser, struct str javascript)
{
    arena_clear(&browser->scratch);
    browser_command(browser, "Page.addScriptToEvaluateOnNewDocument", "{\"source\":%s}",
                    browser_quote(browser, javascript));
}

/* An expression over the first element that matches, called e. */
static struct str ask_element(struct browser *browser, const char *css, const char *expression)
{
    arena_clear(&browser->scratch);
    find(browser, css);
    const char *quoted = browser_quote(browser, str_from(css));
    return run_script(
        browser, browser_format(browser, "const e = document.querySelector(%s); return %s ?? '';",
                                quoted, expression)
                     .ptr);
}

struct str browser_text(struct browser *browser, const char *css)
{
    return ask_element(browser, css, "e.innerText");
}

struct str browser_value(struct browser *browser, const char *css)
{
    return ask_element(browser, css, "e.value");
}

struct str browser_attribute(struct browser *browser, const char *css, const char *name)
{
    char expression[PATH_LEN_MAX];
    snprintf(expression, sizeof expression, "e.getAttribute('%s')", name);
    return ask_element(browser, css, expression);
}

/* What fails while a page goes and the next one comes is asked again. */
bool browser_wait(struct browser *browser, const char *expression)
{
    char picture[PATH_LEN_MAX];
    struct clock clock = clock_system();
    int64_t end_us = clock_tick_us(&clock) + BROWSER_WAIT_MS * INT64_C(1000);
    struct str why = {0};
    while (clock_tick_us(&clock) < end_us) {
        arena_clear(&browser->scratch);
        const char *script = browser_quote(
            browser, browser_format(browser, "return Boolean(%s);", expression));
        const struct json *value = browser_try_order(
            browser, "POST /execute/sync", browser_format(browser, SCRIPT_BODY, script), &why);
        if (value && value->kind == JSON_TRUE)
            return true;
        browser_pause();
    }
    snprintf(picture, sizeof picture, "%s/waited.png", browser->folder);
    browser_save(browser, browser_capture(browser), picture);
    test_note(browser->t, "waited in vain for %s; see %s", expression, picture);
    return false;
}

/* A click is done before the page that it asks for is there; the old one bears a mark. */
void browser_follow(struct browser *browser, const char *css)
{
    browser_script(browser, "window.is_left = true");
    browser_click(browser, css);
    if (!browser_wait(browser, "!window.is_left && document.readyState === 'complete'"))
        browser_fail(browser, css, STR("it leads to no other page"));
}

struct str browser_console(struct browser *browser)
{
    struct buf said;
    buf_init(&said, browser->t->arena, ORDER_MAX);
    struct str page = browser_script(browser, "return location.href.split('#')[0];");
    arena_clear(&browser->scratch);
    page = browser_format(browser, STR_FMT " - Failed to load resource", STR_ARG(page));
    const struct json *log = browser_order(browser, "POST /se/log", "{\"type\":\"browser\"}");
    for (const struct json *entry = log->first; entry; entry = entry->next) {
        struct str message = {0};
        if (json_str(json_get(entry, "message"), &message) || str_starts(message, page))
            continue;
        buf_addf(&said, "%s" STR_FMT, said.len ? "; " : "", STR_ARG(message));
    }
    if (buf_err(&said))
        browser_fail(browser, "reading the console", STR("it is too long"));
    return buf_str(&said);
}

/* Pictures */

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static enum err decode_base64(struct str coded, struct buf *bytes)
{
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; i < coded.len && coded.ptr[i] != '='; i++) {
        int digit = base64_digit(coded.ptr[i]);
        if (digit < 0)
            return ERR_INPUT;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            buf_addc(bytes, (char)(bits >> count & 0xFF));
        }
    }
    return buf_err(bytes);
}

struct str browser_capture(struct browser *browser)
{
    struct str page = browser_script(
        browser, "const { clientWidth, scrollHeight } = document.documentElement;"
                 "return { x: 0, y: 0, width: clientWidth, height: scrollHeight, scale: 1 };");
    struct str png;
    arena_clear(&browser->scratch);
    const struct json *picture = browser_command(
        browser, "Page.captureScreenshot", "{\"captureBeyondViewport\":true,\"clip\":" STR_FMT "}",
        STR_ARG(page));
    if (json_str(json_get(picture, "data"), &png))
        browser_fail(browser, "taking a picture", STR("there is none"));
    return kept(browser, png);
}

void browser_save(struct browser *browser, struct str base64, const char *path)
{
    struct buf bytes;
    arena_clear(&browser->scratch);
    buf_init(&bytes, &browser->scratch, ASK_ANSWER_MAX);
    if (decode_base64(base64, &bytes))
        browser_fail(browser, path, STR("this is no base64"));
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool written = fd >= 0 && io_write_all(fd, buf_str(&bytes));
    if (fd >= 0)
        close(fd);
    if (!written)
        browser_fail(browser, path, str_from(strerrordesc_np(errno)));
}
