/* What came in on a connection: a request's head and small body while they are gathered and used.
 *
 *     struct intake *intake = intake_take(&pool, INTAKE_SIZE);
 *     switch (intake_read(intake)) {                 behind each piece that came
 *     case INTAKE_MORE:  …                          receive more behind intake->bytes + intake->len
 *     case INTAKE_HEAD:  intake->route = …           once: what may the body be?
 *     case INTAKE_WHOLE: …                          intake_body(intake) is the body
 *     case INTAKE_BAD:   …                          intake->status and intake->reason
 *     }
 *     intake_next(intake)                            keeps what is of the request behind it
 *     intake_give(&pool, intake);
 *
 * An intake belongs to a connection only while something of a request is there. The pool counts
 * the bytes of all; beyond INTAKES_MAX there are none, so that strangers who send half of a request
 * each cannot take all memory: the largest that waits for its rest goes then, for a new one. Any
 * thread may take and give. */
#ifndef STOA_WEB_INTAKE_H
#define STOA_WEB_INTAKE_H

#include <pthread.h>

#include "web/http.h"
#include "web/route.h"

enum {
    INTAKE_SIZE = HTTP_HEAD_MAX + (2 << 10), /* of most: holds any head */
    INTAKE_SIZE_MIN = 1 << 10,               /* of a head that is still short, and slow */
    INTAKES_FREE_MAX = 64,                   /* kept for the next request */
    INTAKES_MAX = 64 << 20,                  /* bytes of all */
};

enum intake_state { INTAKE_MORE, INTAKE_HEAD, INTAKE_WHOLE, INTAKE_BAD };

struct intake {
    struct intake *next;       /* in the pool */
    const struct route *route; /* once the head was looked at */
    int64_t begun_us;          /* when it was whole, or called up again, by the tick */
    int64_t parked_us;         /* when it was first put off (later.h); 0 where it was not */
    size_t size, len;          /* of bytes: the room, and what came */
    size_t used;               /* what the request took of them, its body too once that is whole */
    size_t body_len;           /* decoded so far, of a chunked body */
    size_t searched;
    bool has_head, has_body;
    bool continued;  /* was told to go on with its body */
    bool keeps_page; /* what it is answered with is kept for others */
    int status;      /* of INTAKE_BAD */
    const char *reason;
    struct http_chunks chunks;
    struct http_head head;
    char bytes[];
};

struct intake_pool {
    pthread_mutex_t lock;
    struct intake *free;
    size_t free_count;
    size_t taken; /* bytes of those that are out and those that are free */
};

void intake_pool_init(struct intake_pool *pool);
void intake_pool_release(struct intake_pool *pool);

/* One with room for that many bytes; NULL where memory or the limit is at its end. */
struct intake *intake_take(struct intake_pool *pool, size_t size);
void intake_give(struct intake_pool *pool, struct intake *intake); /* NULL is fine */

/* False where more than half of INTAKES_MAX is taken: what can do without does. */
bool intake_pool_has_room(struct intake_pool *pool);

/* Looks at what came. INTAKE_HEAD is said once; afterwards the body is gathered, unless the route
 * streams it. The body is at most body_max of the route, and REQUEST_BODY_MAX: 413. */
enum intake_state intake_read(struct intake *intake);
struct str intake_body(const struct intake *intake);

/* True where no byte more would fit. */
bool intake_is_full(const struct intake *intake);

/* The same in another room: a smaller one for what waits, a larger one for what grows. */
void intake_copy(struct intake *into, const struct intake *from);

void intake_clear(struct intake *intake); /* as if nothing had come */

/* Forgets the request that was answered; false where nothing came behind it. */
bool intake_next(struct intake *intake);

#endif
