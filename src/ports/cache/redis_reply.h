/* What Redis answers (RESP, version 2), as far as this driver asks: one line, a number, bytes, an
 * error. Private to ports/cache.
 *
 *     struct redis_reply reply;
 *     switch (redis_reply_read(bytes, &reply)) {
 *     case REDIS_MORE:  …                    reply.len bytes in all, where it is known; else 0
 *     case REDIS_WHOLE: …                    it is all that was there
 *     case REDIS_BAD:   …                    not Redis, or more than was asked for
 *     } */
#ifndef STOA_PORTS_CACHE_REDIS_REPLY_H
#define STOA_PORTS_CACHE_REDIS_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ports/cache/cache.h"

enum {
    REDIS_LINE_MAX = 1024,                  /* of an error, a state, a number */
    REDIS_BYTES_MAX = CACHE_VALUE_MAX + 64, /* of a value with its time */
    REDIS_REPLY_MAX = REDIS_BYTES_MAX + REDIS_LINE_MAX,
};

enum redis_verdict { REDIS_MORE, REDIS_WHOLE, REDIS_BAD };

struct redis_reply {
    char kind;       /* '+', '-', ':' or '$' */
    bool is_nothing; /* of '$': there is none */
    int64_t number;  /* of ':' */
    struct str text; /* of the others */
    size_t len;
};

enum redis_verdict redis_reply_read(struct str bytes, struct redis_reply *reply);

/* Writes a command of so many words. */
void redis_command_write(struct buf *out, const struct str words[], size_t count);

#endif
