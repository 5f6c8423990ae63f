/* The real program for a torture: its routes, each with a request that has a right answer.
 *
 *     struct site site;
 *     site_open(t, "torture/routes", &site);                    serves, with the layer before it
 *     struct site_form form = site_form(&site);
 *     torture_board_arm(site.board, TORTURE_MEMORY, 3);
 *     site_ask(&site, &site_asks[i], &form);                    SITE_RIGHT, SITE_FAILED, …
 *     torture_board_disarm(site.board);
 *
 * A route that is in /openapi.json and not in the table fails the test. */
#ifndef STOA_TESTS_TORTURE_SITE_H
#define STOA_TESTS_TORTURE_SITE_H

#include "base/id.h"
#include "harness/service.h"
#include "harness/somebody.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "web/client.h"

enum { SITE_TEXT_MAX = 512 };

/* An answer is right, or a 5xx, or the connection is closed before it. All else is wrong. */
enum site_answer { SITE_RIGHT, SITE_FAILED, SITE_CLOSED, SITE_WRONG };

/* $FORM, $WORDS, $LETTER (the path of a message that is there), $PUT and $GET (links to an object)
 * stand for what is at hand. */
struct site_ask {
    const char *route; /* as /openapi.json has it; NULL for what is none: an asset, a mistake */
    const char *start; /* method and path */
    const char *headers, *body;
    int status;
    const char *says; /* in its head or its body */
    bool listens;     /* to events */
};

extern const char *const site_kinds[TORTURE_KINDS];

/* The next failure to try: each one at first, then some, unless TORTURE_ALL is set. */
int64_t site_next(int64_t n);

extern const struct site_ask site_asks[]; /* ends with a row without start */

bool site_needs_link(const struct site_ask *ask);
const struct site_ask *site_find(struct str route); /* NULL where there is none */

/* What is written once, however often it is sent. */
struct site_form {
    char id[ID_TEXT_MAX], words[ID_TEXT_MAX];
};

struct site {
    struct test *t;
    struct service service;
    struct torture_board *board;
    struct client client; /* of the last answer */
    char letter[SITE_TEXT_MAX], put[SITE_TEXT_MAX], get[SITE_TEXT_MAX];
    char owner[SOMEBODY_COOKIE_MAX], token[SITE_TEXT_MAX]; /* of who is signed in */
    struct id form;                                        /* the last one */
    char preload[SITE_TEXT_MAX], shared[SITE_TEXT_MAX], asan[SITE_TEXT_MAX];
};

/* Sets everything up without starting the program. */
void site_prepare(struct test *t, const char *folder, struct site *site);

/* Signs the owner in, who then is $OWNER, with the forms' $TOKEN. False where something failed. */
bool site_sign_in(struct site *site);

/* Starts it; a message is there, and the owner is signed in. */
void site_open(struct test *t, const char *folder, struct site *site);

/* Writes the message of site->letter. */
enum site_answer site_write_letter(struct site *site);

/* Lets the doctor look through the data of a program that has ended. */
void site_check_data(struct test *t, const struct service *service);

struct site_form site_form(struct site *site);

/* On a connection of its own. `form` may be NULL where the request has nothing of it. */
enum site_answer site_ask(struct site *site, const struct site_ask *ask,
                          const struct site_form *form);
enum site_answer site_ask_health(struct site *site);

/* How many messages this form became. */
int64_t site_count(struct site *site, const struct site_form *form);

#endif
