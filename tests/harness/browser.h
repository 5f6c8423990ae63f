/* A real browser: Debian's Chromium without a window, told what to do through its driver (W3C
 * WebDriver).
 *
 *     struct browser browser;
 *     browser_open(t, test_folder(t, "browser/contact"), 390, &browser);
 *     browser_go(&browser, "http://127.0.0.1:8080/contact");
 *     browser_type(&browser, "#name", "Ada");
 *     browser_keys(&browser, KEY_TAB "ada@example.com" KEY_ENTER);
 *     CHECK(browser_wait(&browser, "document.querySelector('.summary')"));
 *     CHECK_STR(browser_console(&browser), "");
 *     browser_close(&browser);
 *
 * The driver, the browser and its profile belong to the test: they live in its folder, and end when
 * the test does, however it ends. What the browser cannot do (there is no such element, it is
 * hidden) stops the test and says why. Every wait has a limit. A str that is returned lives as long
 * as the test. Motion is reduced, so that nothing is measured halfway. */
#ifndef STOA_TESTS_BROWSER_H
#define STOA_TESTS_BROWSER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/str.h"

struct test;

enum {
    BROWSER_START_S = 30,
    BROWSER_PAGE_LOAD_MS = 20000,
    BROWSER_SCRIPT_MS = 20000,
    BROWSER_WAIT_MS = 15000,
    BROWSER_HEIGHT = 844, /* of the window */
};

/* Keys that are no letters, to be written between those that are. Shift and control are held until
 * the last of the others. */
#define KEY_TAB     "\xEE\x80\x84"
#define KEY_ENTER   "\xEE\x80\x87"
#define KEY_SHIFT   "\xEE\x80\x88"
#define KEY_CONTROL "\xEE\x80\x89"

struct browser {
    struct test *t;
    const char *folder;
    pid_t driver;
    int port;                      /* the driver's */
    const char *session;           /* the path of what is told to it */
    const char *language, *scheme; /* what pages are asked for in */
    struct arena scratch;          /* of one order to the driver */
};

void browser_open(struct test *t, const char *folder, int width, struct browser *browser);
void browser_close(struct browser *browser);

/* How it looks at pages from now on. */
void browser_set_width(struct browser *browser, int width);
void browser_set_dark(struct browser *browser, bool dark);
void browser_set_language(struct browser *browser, const char *language); /* Accept-Language */
void browser_set_scripts(struct browser *browser, bool on); /* those of pages; ours still run */

/* Goes where an address, a link or a form's button leads, and returns when that page is there. */
void browser_go(struct browser *browser, const char *url);
void browser_follow(struct browser *browser, const char *css);
void browser_back(struct browser *browser);

void browser_click(struct browser *browser, const char *css); /* what stays on the page */
void browser_type(struct browser *browser, const char *css, const char *text); /* behind its own */
void browser_keys(struct browser *browser, const char *keys); /* to whatever has the focus */

/* Of the first element that matches; one that has no such attribute, or no value, gives "". */
struct str browser_text(struct browser *browser, const char *css);
struct str browser_value(struct browser *browser, const char *css);
struct str browser_attribute(struct browser *browser, const char *css, const char *name);

/* Runs the body of a function in the page, whatever its policy says about scripts, and gives what
 * it returns (or what its promise becomes): a string as it is, all else as JSON. */
struct str browser_script(struct browser *browser, const char *javascript);
void browser_script_always(struct browser *browser, struct str javascript); /* in each new page */

/* Until the expression is truthy. False after BROWSER_WAIT_MS: the note says what did not come, and
 * the folder holds a picture of what was there instead. */
bool browser_wait(struct browser *browser, const char *expression);

/* What the console was told since it was asked last: mistakes of scripts, breaches of the policy,
 * files that were not there. The page's own status is no news. */
struct str browser_console(struct browser *browser);

/* The whole page, however long, as a PNG in base64; and what writes such bytes to a file. */
struct str browser_capture(struct browser *browser);
void browser_save(struct browser *browser, struct str base64, const char *path);

#endif
