/* Hands out bytes from a buffer that its source refills. */
#include "base/rand.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/assert.h"

/* Without chance there are no secrets: a kernel that refuses it leaves nothing to go on with. */
static void fill_from_kernel(struct rand *rand, void *bytes, size_t size)
{
    (void)rand;
    for (char *at = bytes; size > 0;) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        ASSERT(got > 0);
        at += got;
        size -= (size_t)got;
    }
}

struct rand rand_system(void)
{
    return (struct rand){.fill = fill_from_kernel};
}

/* What is handed out is wiped here: it may become a key, and must then be in one place only. */
void rand_fill(struct rand *rand, void *bytes, size_t size)
{
    for (char *at = bytes; size > 0;) {
        if (rand->left == 0) {
            rand->fill(rand, rand->buffer, RAND_BUFFER);
            rand->left = RAND_BUFFER;
        }
        size_t part = size < rand->left ? size : rand->left;
        unsigned char *from = rand->buffer + RAND_BUFFER - rand->left;
        memcpy(at, from, part);
        explicit_bzero(from, part);
        rand->left -= part;
        at += part;
        size -= part;
    }
}

uint64_t rand_u64(struct rand *rand)
{
    uint64_t number;
    rand_fill(rand, &number, sizeof number);
    return number;
}

/* The high half of a product spreads 2^64 numbers over `bound` places. Those low halves that would
 * give some places one number more than others are drawn again: fewer than half of all draws. */
uint64_t rand_below(struct rand *rand, uint64_t bound)
{
    ASSERT(bound > 0);
    uint64_t uneven = (0 - bound) % bound; /* 2^64 % bound */
    unsigned __int128 product;
    do
        product = (unsigned __int128)rand_u64(rand) * bound;
    while ((uint64_t)product < uneven);
    return (uint64_t)(product >> 64);
}
