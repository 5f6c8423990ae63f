/* SipHash-2-4: two rounds for eight bytes, four at the end. */
#include "base/hash.h"

#include <endian.h>
#include <string.h>

enum { ROUNDS = 2, ROUNDS_LAST = 4 };

struct state {
    uint64_t a, b, c, d;
};

static inline uint64_t turn(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void stir(struct state *s, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        s->a += s->b;
        s->b = turn(s->b, 13) ^ s->a;
        s->a = turn(s->a, 32);
        s->c += s->d;
        s->d = turn(s->d, 16) ^ s->c;
        s->a += s->d;
        s->d = turn(s->d, 21) ^ s->a;
        s->c += s->b;
        s->b = turn(s->b, 17) ^ s->c;
        s->c = turn(s->c, 32);
    }
}

static inline void take(struct state *s, uint64_t word)
{
    s->d ^= word;
    stir(s, ROUNDS);
    s->a ^= word;
}

uint64_t hash_str(const struct hash_key *key, struct str bytes)
{
    /* "somepseudorandomlygeneratedbytes", as its authors chose. */
    struct state s = {
        key->low ^ UINT64_C(0x736f6d6570736575), key->high ^ UINT64_C(0x646f72616e646f6d),
        key->low ^ UINT64_C(0x6c7967656e657261), key->high ^ UINT64_C(0x7465646279746573)};
    size_t at = 0;
    uint64_t word = 0;
    for (; bytes.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, bytes.ptr + at, sizeof word);
        take(&s, le64toh(word));
    }
    word = (uint64_t)bytes.len << 56;
    for (size_t i = 0; at + i < bytes.len; i++)
        word |= (uint64_t)(unsigned char)bytes.ptr[at + i] << (8 * i);
    take(&s, word);
    s.c ^= 0xff;
    stir(&s, ROUNDS_LAST);
    return s.a ^ s.b ^ s.c ^ s.d;
}
