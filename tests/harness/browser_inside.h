/* How the harness's browser is told things: orders to its driver, in the browser's scratch memory,
 * which each function of browser.h begins by clearing. */
#ifndef STOA_TESTS_BROWSER_INSIDE_H
#define STOA_TESTS_BROWSER_INSIDE_H

#include "base/buf.h"
#include "base/json.h"
#include "harness/browser.h"
#include "harness/test.h"

enum { ORDER_MAX = 4 << 20, PATH_LEN_MAX = 512 };

/* A text in the scratch memory, ended by NUL too. */
struct str browser_format(struct browser *browser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As JSON and as JavaScript have it, quotes and all. */
const char *browser_quote(struct browser *browser, struct str s);

/* Tells the driver "METHOD /path-in-the-session", with a body that is JSON or "", and gives what it
 * answers; NULL, and why, where it could not do it. */
const struct json *browser_try_order(struct browser *browser, const char *what, struct str body,
                                     struct str *why);

/* As browser_try_order, stopping the test where it could not be done. */
const struct json *browser_order(struct browser *browser, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Chromium's own commands, for what WebDriver has no word; the format gives their parameters. */
const struct json *browser_command(struct browser *browser, const char *command, const char *format,
                                   ...) __attribute__((format(printf, 3, 4)));

void browser_show_media(struct browser *browser);
void browser_pause(void); /* between two looks at what is waited for */
_Noreturn void browser_fail(struct browser *browser, const char *doing, struct str why);

#endif
