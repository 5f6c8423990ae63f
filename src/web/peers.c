/* A hash table of addresses: open addressing, emptied without tombstones. */
#include "web/peers.h"

#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "web/server.h"

_Static_assert((int)PEERS_SLOTS > (int)SERVER_CONNECTIONS_MAX, "there is always a free slot");

struct peer {
    struct address address;
    uint32_t count; /* 0 where the slot is free */
};

enum err peers_init(struct ctx *ctx, struct peers *peers)
{
    rand_fill(ctx->rand, &peers->key, sizeof peers->key);
    peers->slots = mem_alloc(PEERS_SLOTS * sizeof *peers->slots);
    return peers->slots ? ERR_OK : err_memory(&ctx->err);
}

void peers_release(struct peers *peers)
{
    mem_free(peers->slots);
    peers->slots = NULL;
}

static struct address subscriber(struct address address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(address.bytes, mapped, sizeof mapped) != 0)
        memset(address.bytes + 8, 0, 8);
    return address;
}

static uint32_t home(const struct peers *peers, struct address address)
{
    struct str bytes = str_make((const char *)address.bytes, sizeof address.bytes);
    return (uint32_t)hash_str(&peers->key, bytes) % PEERS_SLOTS;
}

static struct peer *find(struct peers *peers, struct address address)
{
    uint32_t at = home(peers, address);
    while (peers->slots[at].count && !address_equal(peers->slots[at].address, address))
        at = (at + 1) % PEERS_SLOTS;
    return &peers->slots[at];
}

bool peers_enter(struct peers *peers, struct address address, int most)
{
    address = subscriber(address);
    struct peer *peer = find(peers, address);
    if (peer->count >= (uint32_t)most)
        return false;
    peer->address = address;
    peer->count++;
    return true;
}

/* Moves what stood behind the freed slot forward, where its own way led over it. */
static void close_gap(struct peers *peers, uint32_t gap)
{
    for (uint32_t at = (gap + 1) % PEERS_SLOTS; peers->slots[at].count;
         at = (at + 1) % PEERS_SLOTS) {
        uint32_t from_home = (at - home(peers, peers->slots[at].address)) % PEERS_SLOTS;
        if (from_home < (at - gap) % PEERS_SLOTS)
            continue;
        peers->slots[gap] = peers->slots[at];
        peers->slots[at].count = 0;
        gap = at;
    }
}

void peers_leave(struct peers *peers, struct address address)
{
    struct peer *peer = find(peers, subscriber(address));
    ASSERT(peer->count > 0);
    if (--peer->count == 0)
        close_gap(peers, (uint32_t)(peer - peers->slots));
}
