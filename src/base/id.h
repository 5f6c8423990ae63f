/* Ids: unique without asking anybody, sorted by the time they were made, and saying what they are.
 *
 *     struct id id = id_new(ctx->ids);
 *     char text[ID_TEXT_MAX];
 *     id_format(id, "ord", text);                        "ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
 *     if (id_parse(typed, "ord", &id))
 *         return err_input(&ctx->err, "order", "must look like ord_01KAH0…");
 *
 * 48 bits of milliseconds, then 80 of chance; two made in the same millisecond by one source are
 * still in order, also when the clock goes back, and 62 bits of chance apart: nobody guesses an id,
 * whatever others they saw. The 26 letters are Crockford's base 32 in
 * capitals; reading takes any case but no look-alikes. */
#ifndef STOA_BASE_ID_H
#define STOA_BASE_ID_H

#include <pthread.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/rand.h"
#include "base/str.h"

enum { ID_PREFIX_MAX = 8, ID_DIGITS = 26, ID_TEXT_MAX = ID_PREFIX_MAX + 1 + ID_DIGITS + 1 };

struct id {
    uint64_t high, low;
};

/* What ids come from; any thread may ask. */
struct id_source {
    pthread_mutex_t lock;
    struct clock *clock;
    struct rand *rand; /* used under the lock only: give it one of its own */
    struct id last;
};

void id_source_init(struct id_source *source, struct clock *clock, struct rand *rand);
void id_source_release(struct id_source *source);

struct id id_new(struct id_source *source);
int64_t id_time_us(struct id id); /* when it was made, to the millisecond */
int id_compare(struct id a, struct id b);

void id_format(struct id id, const char *prefix, char text[ID_TEXT_MAX]);
enum err id_parse(struct str text, const char *prefix, struct id *id);

#endif
