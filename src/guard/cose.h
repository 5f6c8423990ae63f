/* Public keys of passkeys as COSE writes them (RFC 9053), and the signatures they check.
 *
 *     struct str rest = data;
 *     struct cose_key key;
 *     TRY(cose_read(ctx, &rest, &key));                     refused unless it is a key we can use
 *     TRY(cose_verify(ctx, &key, message, signature));      ERR_OK: the signature is right
 *
 * Three algorithms are taken: ES256, which nearly all authenticators have, EdDSA with Ed25519, and
 * RS256 with 2048 to 4096 bits, which older Windows machines have. key.bytes is what is stored, and
 * is read again by cose_read. The texts point into what was read. */
#ifndef STOA_GUARD_COSE_H
#define STOA_GUARD_COSE_H

#include "base/ctx.h"
#include "base/str.h"

enum { COSE_ES256 = -7, COSE_EDDSA = -8, COSE_RS256 = -257 };

enum {
    COSE_KEY_MAX = 1024,      /* bytes of one key */
    COSE_SIGNATURE_MAX = 512, /* bytes: RSA with 4096 bits */
};

struct cose_key {
    int64_t algorithm;
    struct str bytes;         /* the key as it was written */
    struct str first, second; /* x and y of ES256, x of EdDSA, n and e of RS256 */
};

/* Takes a key off the front of `rest`. ERR_INPUT or ERR_LIMIT for what is none, or one that is not
 * taken here; ERR_MEMORY. */
enum err cose_read(struct ctx *ctx, struct str *rest, struct cose_key *key);

/* ERR_INPUT where the signature is wrong; ERR_MEMORY. */
enum err cose_verify(struct ctx *ctx, const struct cose_key *key, struct str message,
                     struct str signature);

#endif
