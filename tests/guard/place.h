/* A guard with an empty database, and requests to it.
 *
 *     struct place place;
 *     place_open(t, &place);
 *     place_add(&place, "per_1", "owner");
 *     place_ask(&place, "POST", "Cookie: session=…\r\n", "form_token=…");
 *     CHECK_ERR(guard_identify(&place.request), ERR_OK);
 *     place_close(&place); */
#ifndef STOA_TESTS_GUARD_PLACE_H
#define STOA_TESTS_GUARD_PLACE_H

#include "guard/inside.h"
#include "guard/session.h"
#include "harness/test.h"
#include "web/response.h"

enum { PLACE_TEXT_MAX = 4 << 10, PLACE_TOKEN_MAX = 256, PLACE_PAUSES = 20000 };

struct place {
    struct test *t;
    struct db *db;
    struct rate *rate; /* nothing is limited */
    struct ports ports;
    struct http_head http;
    struct request request;
    struct new_session session; /* place_sign_in's */
    pthread_mutex_t lock;       /* of the letters */
    int letters;
    char to[LETTER_TO_MAX], text[LETTER_TEXT_MAX]; /* of the last one */
};

void place_open(struct test *t, struct place *place);
void place_close(struct place *place);

/* Somebody who may do what the role may; NULL is a customer. */
void place_add(struct place *place, const char *person, const char *role);

/* Waits until so many letters were sent; false where more were. What was sent last stands in
 * place->to and place->text. */
bool place_has_letters(struct place *place, int count);

/* A request as it came in, of which nothing was looked at. `body` is a form. */
void place_ask(struct place *place, const char *method, const char *headers, const char *body);

/* Begins a session; its token is place->session.token. */
void place_sign_in(struct place *place, const char *person);

/* Asks with the cookie of that session, and says who that is. */
const struct guard_who *place_who(struct place *place);

#endif
