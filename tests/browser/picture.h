/* Pictures of pages for the docs, made small by picture.js.
 *
 *     picture_load(&browser);
 *     site_go(&site, "/about");
 *     picture_save(&browser, "docs/pictures/about-1280.png"); */
#ifndef STOA_TESTS_PICTURE_H
#define STOA_TESTS_PICTURE_H

#include "harness/browser.h"

/* Into each page that is gone to from now on. */
void picture_load(struct browser *browser);

/* The whole page, from its top, with nothing in focus. */
void picture_save(struct browser *browser, const char *path);

#endif
