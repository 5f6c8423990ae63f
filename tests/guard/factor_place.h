/* Somebody of a place with a password and second factors, and what they do with them.
 *
 *     struct owner owner;
 *     owner_open(t, "support", &owner);
 *     owner_add_app(&owner);
 *     owner_enter(&owner);                                      the password was right
 *     CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_OK);
 *     CHECK(owner_is_in(&owner)); */
#ifndef STOA_TESTS_FACTOR_PLACE_H
#define STOA_TESTS_FACTOR_PLACE_H

#include "authenticator.h"
#include "guard/second.h"
#include "place.h"

#define OWNER_PASSWORD "correct horse battery"

struct owner {
    struct place place;
    struct totp totp;
    struct authenticator key;
    char second[SECRET_TEXT];  /* the cookie of who is asked */
    char session[SECRET_TEXT]; /* of who is in; empty while nobody is */
    struct str recovery;       /* the page with the codes */
};

void owner_open(struct test *t, const char *role, struct owner *owner);
void owner_close(struct owner *owner);

/* Signs in by password: with a second factor that is the cookie `second`, else a session. */
enum err owner_enter(struct owner *owner);

/* On the pages of the account, in the session. */
void owner_add_app(struct owner *owner);
enum err owner_add_passkey(struct owner *owner, struct str challenge);
enum err owner_begin(struct owner *owner, int64_t kind, const char *password);
enum err owner_remove(struct owner *owner, const char *factor);
struct factors owner_factors(struct owner *owner);

/* The secret of what waits under that id, which is the session's or the cookie's. */
struct str owner_challenge(struct owner *owner, const char *purpose);

/* What the app shows so many seconds from now. */
struct str owner_shows(struct owner *owner, int64_t after_s);

/* Answers. Whether they are in then, owner_is_in says. */
enum err owner_code(struct owner *owner, struct str code);
enum err owner_sign(struct owner *owner, struct webauthn_answer answer);
bool owner_is_in(struct owner *owner);

/* Signs in by password alone, and is not in then but asked. */
bool owner_is_asked(struct owner *owner);
void owner_turn(struct owner *owner); /* the clock, to the app's next code */

#endif
