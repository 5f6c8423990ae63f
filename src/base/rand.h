/* Chance: bytes that nobody can guess, from the kernel.
 *
 *     struct rand rand = rand_system();
 *     uint64_t token[2];
 *     rand_fill(&rand, token, sizeof token);
 *     size_t winner = rand_below(&rand, entries);         without bias
 *
 * Who needs chance takes it from the context, so that a test can repeat it (tests/harness/fakes.h).
 * One thread at a time, and never on both sides of a fork, which would hand out the same bytes.
 * Costs one getrandom(2) for every RAND_BUFFER bytes. */
#ifndef STOA_BASE_RAND_H
#define STOA_BASE_RAND_H

#include <stddef.h>
#include <stdint.h>

enum { RAND_BUFFER = 256 };

struct rand {
    void (*fill)(struct rand *rand, void *bytes, size_t size);
    size_t left; /* bytes of `buffer` that were not given out, at its end */
    unsigned char buffer[RAND_BUFFER];
};

struct rand rand_system(void);
void rand_fill(struct rand *rand, void *bytes, size_t size);
uint64_t rand_u64(struct rand *rand);
uint64_t rand_below(struct rand *rand, uint64_t bound); /* 0..bound-1; bound is not 0 */

#endif
