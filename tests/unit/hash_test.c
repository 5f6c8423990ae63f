/* Tests of src/base/hash.c. */
#include "base/hash.h"

#include <string.h>

#include "harness/test.h"

/* The vector of the paper: the key and the text count up from 0. */
TEST(hash_is_siphash)
{
    struct hash_key key;
    unsigned char count[16];
    for (unsigned i = 0; i < sizeof count; i++)
        count[i] = (unsigned char)i;
    memcpy(&key, count, sizeof key);
    CHECK(hash_str(&key, str_make((const char *)count, 15)) == UINT64_C(0xa129ca6149be45e5));
    CHECK(hash_str(&key, (struct str){0}) == UINT64_C(0x726fdb47dd0e0e31));
}

TEST(hash_sees_every_byte_the_length_and_the_key)
{
    char text[40] = {0};
    struct hash_key zero = {0}, other = {1, 0};
    uint64_t seen[sizeof text * 2];
    size_t count = 0;
    for (size_t len = 0; len < sizeof text; len++) {
        seen[count++] = hash_str(&zero, str_make(text, len));
        text[len] = 'x';
        seen[count++] = hash_str(&zero, str_make(text, sizeof text));
        text[len] = '\0';
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(seen[i] != seen[k]);
    CHECK(hash_str(&zero, STR("a")) != hash_str(&other, STR("a")));
}
