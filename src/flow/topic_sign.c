/* Signatures of webhooks, as Standard Webhooks has them. */
#include <inttypes.h>
#include <sodium.h>

#include "base/base64.h"
#include "flow/topic_inside.h"
#include "ports/secrets/secrets.h"

static const char key_purpose[] = "webhook";

enum err topic_key(struct secrets *secrets, struct ctx *ctx, struct str subscription, int64_t turns,
                   unsigned char key[TOPIC_KEY_SIZE])
{
    uint8_t root[SECRETS_KEY_SIZE];
    char name_bytes[ID_TEXT_MAX + 32];
    struct buf name;
    buf_init_fixed(&name, name_bytes, sizeof name_bytes);
    buf_add(&name, subscription);
    if (turns)
        buf_addf(&name, ".%" PRId64, turns);
    TRY(secrets_key(secrets, ctx, key_purpose, root));
    struct str text = buf_str(&name);
    crypto_auth_hmacsha256(key, (const unsigned char *)text.ptr, text.len, root);
    sodium_memzero(root, sizeof root);
    return ERR_OK;
}

enum err topic_secret(struct secrets *secrets, struct ctx *ctx, struct str subscription,
                      int64_t turns, char text[TOPIC_SECRET_TEXT])
{
    unsigned char key[TOPIC_KEY_SIZE];
    struct buf out;
    TRY(topic_key(secrets, ctx, subscription, turns, key));
    buf_init_fixed(&out, text, TOPIC_SECRET_TEXT);
    buf_add(&out, STR("whsec_"));
    base64_add_padded(&out, str_make((const char *)key, sizeof key));
    buf_addc(&out, '\0');
    sodium_memzero(key, sizeof key);
    return buf_err(&out);
}

void topic_sign(struct buf *out, const unsigned char key[TOPIC_KEY_SIZE], struct str id,
                int64_t timestamp_s, struct str body)
{
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    char head_bytes[ID_TEXT_MAX + 32];
    struct buf head;
    buf_init_fixed(&head, head_bytes, sizeof head_bytes);
    buf_addf(&head, STR_FMT ".%" PRId64 ".", STR_ARG(id), timestamp_s);
    struct str begin = buf_str(&head);
    crypto_auth_hmacsha256_init(&state, key, TOPIC_KEY_SIZE);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)begin.ptr, begin.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.ptr, body.len);
    crypto_auth_hmacsha256_final(&state, hash);
    buf_add(out, STR("v1,"));
    base64_add_padded(out, str_make((const char *)hash, sizeof hash));
}
