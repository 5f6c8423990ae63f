/* Codes of authenticator apps. */
#include "guard/totp.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "web/url.h"

enum { CODES = 1000000, MAC_SIZE = 20, GROUP = 4 };

void totp_make(struct totp *totp, struct rand *rand)
{
    rand_fill(rand, totp->secret, sizeof totp->secret);
    totp->last_step = 0;
}

enum err totp_code(struct ctx *ctx, const struct totp *totp, int64_t step, int *code)
{
    unsigned char message[8], mac[MAC_SIZE] = {0};
    for (int i = 0; i < 8; i++)
        message[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i) & 0xff);
    if (!HMAC(EVP_sha1(), totp->secret, sizeof totp->secret, message, sizeof message, mac, NULL)) {
        ERR_clear_error();
        return err_memory(&ctx->err);
    }
    size_t at = mac[MAC_SIZE - 1] & 15;
    uint32_t number = (uint32_t)(mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 |
                      (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    *code = (int)(number % CODES);
    return ERR_OK;
}

/* -1 for what is no code. */
static int code_of(struct str typed)
{
    int code = 0, digits = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.ptr[i];
        if (c == ' ')
            continue;
        if (c < '0' || c > '9' || ++digits > TOTP_DIGITS)
            return -1;
        code = code * 10 + (c - '0');
    }
    return digits == TOTP_DIGITS ? code : -1;
}

/* Every step of the window is computed, whichever is right: the time that it takes tells nothing.
 * */
enum err totp_check(struct ctx *ctx, struct totp *totp, struct str typed, bool *right)
{
    int64_t now = clock_now_us(ctx->clock) / (TOTP_PERIOD_S * SECOND_US), found = 0;
    int code = code_of(typed);
    *right = false;
    for (int64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
        int expected;
        TRY(totp_code(ctx, totp, step, &expected));
        if (expected == code && step > totp->last_step && found == 0)
            found = step;
    }
    if (found > 0) {
        totp->last_step = found;
        *right = true;
    }
    return ERR_OK;
}

/* 20 bytes are 32 characters exactly: nothing is padded. */
static void add_base32(struct buf *out, const struct totp *totp, bool grouped)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t held = 0, bits = 0, count = 0;
    for (size_t i = 0; i < TOTP_SECRET_SIZE; i++) {
        held = held << 8 | totp->secret[i];
        for (bits += 8; bits >= 5; bits -= 5) {
            if (grouped && count > 0 && count % GROUP == 0)
                buf_addc(out, ' ');
            buf_addc(out, alphabet[held >> (bits - 5) & 31]);
            count++;
        }
    }
}

void totp_add_secret(struct buf *out, const struct totp *totp)
{
    add_base32(out, totp, true);
}

void totp_add_uri(struct buf *out, const struct totp *totp, struct str issuer, struct str account)
{
    buf_add(out, STR("otpauth://totp/"));
    url_add_part(out, issuer);
    buf_addc(out, ':');
    url_add_part(out, account);
    buf_add(out, STR("?secret="));
    add_base32(out, totp, false);
    buf_add(out, STR("&issuer="));
    url_add_part(out, issuer);
    buf_addf(out, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_PERIOD_S);
}
