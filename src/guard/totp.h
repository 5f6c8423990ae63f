/* Codes of authenticator apps: RFC 6238 with SHA-1, six digits, a new one every 30 seconds.
 *
 *     struct totp totp;
 *     totp_make(&totp, ctx->rand);
 *     totp_add_uri(&uri, &totp, STR("Stoa"), mail);             for the QR code
 *     totp_add_secret(&text, &totp);                            "JBSW Y3DP …", to be typed
 *
 *     TRY(totp_check(ctx, &totp, typed, &right));
 *     if (right)                                                keep totp.last_step with the secret
 *
 * A code is right for its own 30 seconds, the 30 before and the 30 after, and once: a step that is
 * not later than last_step is refused. So the caller writes last_step in the transaction that the
 * code opens, and only over a lower one. Guesses are one in 333,333; the caller counts them. */
#ifndef STOA_GUARD_TOTP_H
#define STOA_GUARD_TOTP_H

#include "base/buf.h"
#include "base/ctx.h"

enum {
    TOTP_SECRET_SIZE = 20, /* what RFC 4226 asks for */
    TOTP_DIGITS = 6,
    TOTP_PERIOD_S = 30,
    TOTP_WINDOW = 1, /* steps that a clock may be off */
};

struct totp {
    unsigned char secret[TOTP_SECRET_SIZE];
    int64_t last_step; /* of the last code that was taken; 0 before the first */
};

void totp_make(struct totp *totp, struct rand *rand);

/* The code of a step, which is the time in units of TOTP_PERIOD_S. ERR_MEMORY. */
enum err totp_code(struct ctx *ctx, const struct totp *totp, int64_t step, int *code);

/* Whether the text is a right code now; spaces in it do not count. If so, moves last_step on. */
enum err totp_check(struct ctx *ctx, struct totp *totp, struct str typed, bool *right);

/* The secret in base32, in groups of four. */
void totp_add_secret(struct buf *out, const struct totp *totp);

/* otpauth://totp/… as authenticator apps read it. */
void totp_add_uri(struct buf *out, const struct totp *totp, struct str issuer, struct str account);

#endif
