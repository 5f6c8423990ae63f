/* What every page must be: checks.js, put into the pages of a browser.
 *
 *     checks_load(&browser);
 *     checks_go_sample(&browser, "good.html");
 *     CHECK_STR(checks_say(&browser, "en"), ""); */
#ifndef STOA_TESTS_CHECKS_H
#define STOA_TESTS_CHECKS_H

#include "harness/browser.h"

/* Into each page that is gone to from now on; any other script's file too. */
void checks_load(struct browser *browser);
void checks_load_file(struct browser *browser, const char *path);

/* Goes to one of tests/browser/samples. */
void checks_go_sample(struct browser *browser, const char *name);

/* All complaints about the page, which is meant to be in that language, in one line. */
struct str checks_look(struct browser *browser, const char *language);

/* As checks_look, and goes around the page by keyboard: the focus is somewhere else afterwards. */
struct str checks_say(struct browser *browser, const char *language);

#endif
