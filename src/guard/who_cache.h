/* Who was looked up lately, so that a page costs no read for it.
 *
 *     uint64_t drops = who_cache_drops(cache);
 *     if (!who_cache_find(cache, id, now_us, &known)) {
 *         …                                                     read it
 *         who_cache_keep(cache, &known, now_us, drops);
 *     }
 *     who_cache_drop(cache);                        behind a change of people, roles or sessions
 *
 * Holds WHO_CACHE_ROWS, each for WHO_KEPT_US. What was read before a drop is not kept after it.
 * Any thread may call. */
#ifndef STOA_GUARD_WHO_CACHE_H
#define STOA_GUARD_WHO_CACHE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/id.h"
#include "guard/secret.h"

enum { WHO_CACHE_ROWS = 512, WHO_NAME_MAX = 4 * 80 };

#define WHO_KEPT_US (3 * SECOND_US)

/* A session as it was read. */
struct known {
    char session[SECRET_TEXT], person[ID_TEXT_MAX];
    char name[WHO_NAME_MAX + 1];
    unsigned roles;
    bool must_change;
    int64_t strong_us, over_us; /* when it ends, by whichever limit is first */
};

struct who_cache {
    pthread_mutex_t lock;
    uint64_t drops;
    struct {
        struct known known;
        int64_t until_us; /* 0: empty */
    } * rows;
};

bool who_cache_init(struct who_cache *cache); /* false without memory */
void who_cache_release(struct who_cache *cache);

bool who_cache_find(struct who_cache *cache, struct str session, int64_t tick_us,
                    struct known *known);
void who_cache_keep(struct who_cache *cache, const struct known *known, int64_t tick_us,
                    uint64_t drops);
uint64_t who_cache_drops(struct who_cache *cache);
void who_cache_drop(struct who_cache *cache); /* all of them: changes are rare */

#endif
