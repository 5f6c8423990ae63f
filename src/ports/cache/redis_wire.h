/* One connection to Redis, with an end to every wait. Private to ports/cache.
 *
 *     int fd;
 *     if (redis_wire_open(ctx, &place, until_us, &fd) == ERR_OK &&
 *         redis_wire_ask(ctx, fd, until_us, words, 2, &reply) == ERR_OK)
 *         … reply.text is in ctx->arena
 *
 * `until_us` is by the system's ticking clock, since a socket waits by that. Errors are codes:
 * ERR_TIMEOUT, ERR_PEER where the other side went away or is no Redis, ERR_MEMORY; behind each of
 * them the connection is of no more use. */
#ifndef STOA_PORTS_CACHE_REDIS_WIRE_H
#define STOA_PORTS_CACHE_REDIS_WIRE_H

#include "ports/cache/redis_reply.h"
#include "ports/cache/redis_url.h"

/* Connects, says who we are and chooses the database. */
enum err redis_wire_open(struct ctx *ctx, const struct redis_url *place, int64_t until_us, int *fd);

enum err redis_wire_ask(struct ctx *ctx, int fd, int64_t until_us, const struct str words[],
                        size_t count, struct redis_reply *reply);

#endif
