/* Signatures of webhooks, as Stripe has them. */
#include <inttypes.h>
#include <sodium.h>

#include "base/buf.h"
#include "shop/payment_inside.h"

enum { HEAD_MAX = 32, HEADER_PARTS_MAX = 16, HASH = crypto_auth_hmacsha256_BYTES };

_Static_assert(2 * HASH + 1 == PAYMENT_SIGNATURE_HEX, "two digits a byte, and a NUL");

void payment_sign(struct str secret, int64_t time_s, struct str body,
                  char hex[PAYMENT_SIGNATURE_HEX])
{
    crypto_auth_hmacsha256_state state;
    unsigned char hash[HASH];
    char head_bytes[HEAD_MAX];
    struct buf head;
    buf_init_fixed(&head, head_bytes, sizeof head_bytes);
    buf_addf(&head, "%" PRId64 ".", time_s);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.ptr, secret.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.ptr, head.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.ptr, body.len);
    crypto_auth_hmacsha256_final(&state, hash);
    sodium_bin2hex(hex, PAYMENT_SIGNATURE_HEX, hash, sizeof hash);
}

static bool header_time(struct str header, int64_t *time_s)
{
    struct str part;
    for (int i = 0; i < HEADER_PARTS_MAX && str_cut(&header, ',', &part); i++)
        if (str_starts(part, STR("t=")))
            return str_to_int(str_slice(part, 2, part.len), 0, CLOCK_MAX_US / SECOND_US, time_s) ==
                   ERR_OK;
    return false;
}

/* As long as any, it looks at all: who measures it learns nothing. */
static bool header_has(struct str header, const char hex[PAYMENT_SIGNATURE_HEX])
{
    struct str part;
    bool has = false;
    for (int i = 0; i < HEADER_PARTS_MAX && str_cut(&header, ',', &part); i++) {
        struct str signature = str_slice(part, 3, part.len);
        if (str_starts(part, STR("v1=")) && signature.len == PAYMENT_SIGNATURE_HEX - 1)
            has |= sodium_memcmp(signature.ptr, hex, PAYMENT_SIGNATURE_HEX - 1) == 0;
    }
    return has;
}

enum err payment_check_signature(struct ctx *ctx, struct str header, struct str secrets,
                                 struct str body)
{
    int64_t time_s = 0, now_s = clock_now_us(ctx->clock) / SECOND_US;
    struct str secret;
    bool fits = false;
    bool timely = header_time(header, &time_s) && time_s >= now_s - PAYMENT_TOLERANCE_S &&
                  time_s <= now_s + PAYMENT_TOLERANCE_S;
    while (timely && str_cut(&secrets, ' ', &secret)) {
        char hex[PAYMENT_SIGNATURE_HEX];
        payment_sign(secret, time_s, body, hex);
        fits |= secret.len && header_has(header, hex);
    }
    return fits ? ERR_OK
                : err_fail(&ctx->err, ERR_FORBIDDEN, "This is not for you to say.",
                           "a webhook's signature is %s", timely ? "wrong" : "missing or old");
}
