/* Hashes of bytes: short names for long things, that a stranger cannot make collide.
 *
 *     struct hash_key key;
 *     rand_fill(ctx->rand, &key, sizeof key);
 *     bucket = hash_str(&key, path) & mask;
 *
 * SipHash-2-4. With a key that nobody knows it serves tables whose keys strangers choose; with the
 * zero key it names content. It is no signature. About a byte a nanosecond. */
#ifndef STOA_BASE_HASH_H
#define STOA_BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

struct hash_key {
    uint64_t low, high;
};

uint64_t hash_str(const struct hash_key *key, struct str bytes);

#endif
