/* Signing in with a second factor: between the right password and the session.
 *
 *     TRY(second_prepare(request, &second, next));           a token
 *     TRY(second_ask(tx, &second, person));                  in a db_write's fn
 *     if (second.is_asked)
 *         return second_hand_out(request, &second);          the cookie, and on to /sign-in/second
 *
 * The cookie is no session: it opens /sign-in/second and nothing else. */
#ifndef STOA_GUARD_SECOND_H
#define STOA_GUARD_SECOND_H

#include "guard/factor.h"

struct second {
    struct challenge challenge;
    char token[SECRET_TEXT], id[SECRET_TEXT];
    bool is_asked;
};

enum err second_prepare(struct request *request, struct second *second, struct str next);

/* Asks who has a second factor; nobody else. */
enum err second_ask(struct tx *tx, struct second *second, struct str person);

enum err second_hand_out(struct request *request, const struct second *second);

#endif
