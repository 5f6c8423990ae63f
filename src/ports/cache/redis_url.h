/* Where Redis is: the parts of redis://user:password@host:6379/0. Private to ports/cache.
 *
 *     struct redis_url place;
 *     TRY(redis_url_read(ctx, url, &place)); */
#ifndef STOA_PORTS_CACHE_REDIS_URL_H
#define STOA_PORTS_CACHE_REDIS_URL_H

#include "base/ctx.h"
#include "base/str.h"

enum { REDIS_URL_PART_MAX = 256, REDIS_PORT = 6379, REDIS_DB_MAX = 9999 };

/* Each ended by NUL; empty where it is not said. */
struct redis_url {
    char user[REDIS_URL_PART_MAX], password[REDIS_URL_PART_MAX];
    char host[REDIS_URL_PART_MAX];
    char port[8], db[8]; /* numbers */
};

/* User and password may be percent-encoded; an IPv6 address stands in brackets. ERR_INPUT with the
 * field CACHE_URL. */
enum err redis_url_read(struct ctx *ctx, struct str url, struct redis_url *parts);

#endif
