/* The service with a browser before it, and the pages that it has.
 *
 *     struct site site;
 *     site_open(t, "browser/contact", 390, &site);
 *     site_go(&site, "/contact");
 *     browser_follow(&site.browser, "form.form button");
 *     site_write(&site, "Ada", "What another visitor writes meanwhile.");
 *     site_close(&site);
 *
 * The console is asked at the close: what scripts or the policy complained of fails the test. Of a
 * page whose status is an error (a form that comes back) it has to be asked while one is there. */
#ifndef STOA_TESTS_SITE_H
#define STOA_TESTS_SITE_H

#include "harness/browser.h"
#include "harness/service.h"
#include "harness/somebody.h"
#include "harness/test.h"

enum { SITE_PATH_MAX = 256, SITE_MESSAGES = 30 };

struct site {
    struct test *t;
    struct service service;
    struct browser browser;
    char message[SITE_PATH_MAX];      /* the path of what was written last */
    char subscription[SITE_PATH_MAX]; /* the path at which it ends */
    char cookie[SOMEBODY_COOKIE_MAX]; /* of who sits at the browser */
    bool is_full;
};

void site_open(struct test *t, const char *folder, int width, struct site *site);
/* The same with the demo company's shop. */
void site_open_shop(struct test *t, const char *folder, int width, struct site *site);
void site_close(struct site *site);

void site_go(struct site *site, const char *path);

/* Another visitor writes, without a browser. */
void site_write(struct site *site, const char *name, const char *words);
/* SITE_MESSAGES times, and into queues; no more when called again. */
void site_fill(struct site *site);

/* The pages there are, in an order in which they can be visited: the empty list comes before what
 * fills it. A row without a name ends them. */
struct site_page {
    const char *name, *path; /* NULL: the message that was written last */
    bool is_full;            /* it shows what visitors wrote */
    bool of_subscription;    /* NULL: how somebody unsubscribes */
    const char *script;      /* what is done there first: forms are filled in */
    const char *follow;      /* there, to arrive at what is meant */
    const char *then;        /* and from there */
    const char *shows;       /* what is on it then */
};

extern const struct site_page site_pages[];
extern const struct site_page shop_pages[]; /* of the demo company's shop, each once */

void site_visit(struct site *site, const struct site_page *page);

#endif
