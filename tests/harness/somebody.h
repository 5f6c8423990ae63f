/* Somebody with a role, who is signed in to a service.
 *
 *     char cookie[SOMEBODY_COOKIE_MAX];
 *     REQUIRE(somebody_sign_in(t, &service, "grace", "support", cookie) == ERR_OK);
 *     ask_as(t->ctx, service.port, cookie, "GET /admin/messages", NULL, STR(""), &answer);
 *
 * The command person makes grace@stoa.example; the rest goes by the pages, as people do it: signing
 * in with the password that works once, and choosing another, SOMEBODY_PASSWORD. */
#ifndef STOA_TESTS_SOMEBODY_H
#define STOA_TESTS_SOMEBODY_H

#include "harness/service.h"

enum { SOMEBODY_COOKIE_MAX = 128 };

#define SOMEBODY_PASSWORD "one of my own"

/* `cookie` becomes "session=…". Called again it is a new session of the same person, and the end of
 * the others. */
enum err somebody_sign_in(struct test *t, const struct service *service, const char *name,
                          const char *role, char cookie[SOMEBODY_COOKIE_MAX]);

#endif
