/* Makes and checks the tokens of forms. */
#include "guard/form_token.h"

#include <sodium.h>

#include "base/assert.h"

static void tag_of(struct str session, const unsigned char salt[FORM_SALT],
                   unsigned char tag[FORM_TAG])
{
    ASSERT(session.len >= crypto_generichash_KEYBYTES_MIN &&
           session.len <= crypto_generichash_KEYBYTES_MAX);
    crypto_generichash(tag, FORM_TAG, salt, FORM_SALT, (const unsigned char *)session.ptr,
                       session.len);
}

void form_token_make(struct rand *rand, struct str session, char text[FORM_TOKEN_TEXT])
{
    unsigned char bytes[FORM_SALT + FORM_TAG];
    rand_fill(rand, bytes, FORM_SALT);
    tag_of(session, bytes, bytes + FORM_SALT);
    sodium_bin2hex(text, FORM_TOKEN_TEXT, bytes, sizeof bytes);
}

bool form_token_fits(struct str session, struct str sent)
{
    unsigned char bytes[FORM_SALT + FORM_TAG], tag[FORM_TAG];
    size_t len = 0;
    if (sent.len != FORM_TOKEN_TEXT - 1 ||
        sodium_hex2bin(bytes, sizeof bytes, sent.ptr, sent.len, NULL, &len, NULL) ||
        len != sizeof bytes)
        return false;
    tag_of(session, bytes, tag);
    return sodium_memcmp(tag, bytes + FORM_SALT, FORM_TAG) == 0;
}
