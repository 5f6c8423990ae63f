/* Makes and hashes secrets. */
#include "guard/secret.h"

#include <sodium.h>

void secret_new(struct rand *rand, char text[SECRET_TEXT])
{
    unsigned char bytes[SECRET_BYTES];
    rand_fill(rand, bytes, sizeof bytes);
    sodium_bin2hex(text, SECRET_TEXT, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

void secret_hash(struct str secret, char hash[SECRET_TEXT])
{
    unsigned char bytes[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(bytes, (const unsigned char *)secret.ptr, secret.len);
    sodium_bin2hex(hash, SECRET_TEXT, bytes, sizeof bytes);
}

void secret_hash_pair(struct str kind, struct str secret, char hash[SECRET_TEXT])
{
    static const unsigned char between[1] = {0};
    unsigned char bytes[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)kind.ptr, kind.len);
    crypto_hash_sha256_update(&state, between, sizeof between);
    crypto_hash_sha256_update(&state, (const unsigned char *)secret.ptr, secret.len);
    crypto_hash_sha256_final(&state, bytes);
    sodium_bin2hex(hash, SECRET_TEXT, bytes, sizeof bytes);
}

void secret_word(struct rand *rand, char text[SECRET_WORD_TEXT])
{
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    enum { GROUP = 5 };
    for (size_t i = 0; i < SECRET_WORD_TEXT - 1; i++)
        text[i] = i % (GROUP + 1) == GROUP ? '-' : letters[rand_below(rand, sizeof letters - 1)];
    text[SECRET_WORD_TEXT - 1] = '\0';
}
