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

enum err peers_init(struct peers *peers)
{
    peers->slots = mem_alloc(PEERS_SLOTS * sizeof *peers->slots);
    return peers->slots ? ERR_OK : ERR_MEMORY;
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

static uint32_t home(struct address address)
{
    uint64_t high, low;
    memcpy(&high, address.bytes, sizeof high);
    memcpy(&low, address.bytes + 8, sizeof low);
    uint64_t hash = (high ^ low * UINT64_C(0xff51afd7ed558ccd)) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32) % PEERS_SLOTS;
}

static struct peer *find(struct peers *peers, struct address address)
{
    uint32_t at = home(address);
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
        uint32_t from_home = (at - home(peers->slots[at].address)) % PEERS_SLOTS;
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
