/* Signs by HMAC-SHA256 under a key of the day, the region and the service. */
#include "ports/http/sigv4.h"

#include <openssl/sha.h>
#include <sodium.h>

#include "base/buf.h"

enum { KEY_SIZE = crypto_auth_hmacsha256_BYTES, WORDS_MAX = 4 * SIGV4_TEXT_MAX };

/* Of the two libraries' this one uses the processor's own instructions: four times as fast. It may
 * not be there (app/late.c). */
void sigv4_hash(struct str bytes, char hex[SIGV4_HEX])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    const unsigned char *from = (const unsigned char *)bytes.ptr;
    if (!SHA256(from, bytes.len, hash))
        crypto_hash_sha256(hash, from, bytes.len);
    sodium_bin2hex(hex, SIGV4_HEX, hash, sizeof hash);
}

static void mac(struct str key, struct str text, unsigned char out[KEY_SIZE])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.ptr, text.len);
    crypto_auth_hmacsha256_final(&state, out);
}

enum err sigv4_sign(struct ctx *ctx, const struct sigv4 *scope, struct str secret, struct str asked,
                    char signature[SIGV4_HEX])
{
    char asked_hash[SIGV4_HEX], begin_bytes[SIGV4_TEXT_MAX], text_bytes[WORDS_MAX];
    unsigned char key[KEY_SIZE];
    struct str day = str_slice(scope->time, 0, SIGV4_DAY_LEN);
    const struct str key_str = {(const char *)key, sizeof key};
    struct buf begin, text;
    sigv4_hash(asked, asked_hash);
    buf_init_fixed(&begin, begin_bytes, sizeof begin_bytes);
    buf_add(&begin, STR("AWS4"));
    buf_add(&begin, secret);
    buf_init_fixed(&text, text_bytes, sizeof text_bytes);
    buf_addf(&text,
             SIGV4_ALGORITHM "\n" STR_FMT "\n" STR_FMT "/" STR_FMT "/" STR_FMT "/" SIGV4_END "\n%s",
             STR_ARG(scope->time), STR_ARG(day), STR_ARG(scope->region), STR_ARG(scope->service),
             asked_hash);
    bool fits = !buf_err(&begin) && !buf_err(&text);
    if (fits) {
        mac(buf_str(&begin), day, key);
        mac(key_str, scope->region, key);
        mac(key_str, scope->service, key);
        mac(key_str, STR(SIGV4_END), key);
        mac(key_str, buf_str(&text), key);
        sodium_bin2hex(signature, SIGV4_HEX, key, sizeof key);
    }
    sodium_memzero(begin_bytes, sizeof begin_bytes);
    sodium_memzero(key, sizeof key);
    return fits ? ERR_OK
                : err_fail(&ctx->err, ERR_LIMIT, "The signature's words are too long.",
                           "a scope or a secret of more than %d bytes", SIGV4_TEXT_MAX);
}
