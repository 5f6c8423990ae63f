/* How many connections each address has.
 *
 *     if (!peers_enter(&peers, address, most))      …  it has as many as it may
 *     peers_leave(&peers, address);
 *
 * An IPv6 address counts by its first 64 bits, which is what one subscriber has. One thread. */
#ifndef STOA_WEB_PEERS_H
#define STOA_WEB_PEERS_H

#include "base/address.h"
#include "base/hash.h"

enum { PEERS_SLOTS = 1 << 15 }; /* more than there are connections: it is never full */

struct peer;

struct peers {
    struct peer *slots;
    struct hash_key key; /* so that nobody can choose addresses that meet in one place */
};

enum err peers_init(struct ctx *ctx, struct peers *peers);
void peers_release(struct peers *peers);

bool peers_enter(struct peers *peers, struct address address, int most);
void peers_leave(struct peers *peers, struct address address);

#endif
