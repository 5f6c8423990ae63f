/* Gives a service's database what a test is about, as SQL that both engines take.
 *
 *     struct buf text;
 *     buf_init(&text, t->arena, SEED_SIZE_MAX);
 *     REQUIRE(seed_read(STORIES "/checkout.sql", &text) == ERR_OK);
 *     buf_addc(&text, '\0');
 *     REQUIRE(seed_run(t, &service, text.ptr, &why) == ERR_OK);
 *
 * The service may run meanwhile: its tables must be there. */
#ifndef STOA_TESTS_SEED_H
#define STOA_TESTS_SEED_H

#include "base/buf.h"
#include "harness/service.h"

enum { SEED_SIZE_MAX = 256 << 10 };

enum err seed_read(const char *path, struct buf *text); /* ERR_MISSING */

/* All of it or nothing; `why` is what the engine said. */
enum err seed_run(struct test *t, const struct service *service, const char *text, struct str *why);

#endif
