/* Passkeys: what a browser sends when one is made and when one signs in, held against what we
 * asked.
 *
 *     struct webauthn_site site = {STR("https://stoa.example"), STR("stoa.example"), false};
 *     TRY(webauthn_register(ctx, &site, challenge, &answer, &passkey));     store the passkey
 *
 *     TRY(webauthn_check(ctx, &site, challenge, &answer, &passkey));        store passkey.uses
 *
 * The challenge is WEBAUTHN_CHALLENGE_SIZE bytes of chance that the caller made for this session
 * and this purpose, and takes away with the first answer. Everything in an answer is a stranger's:
 * each refusal is ERR_INPUT (ERR_LIMIT beyond a limit) with the reason in the operator's words.
 * Refused are another challenge, origin or site, a page within another's, an answer to the other
 * question, a person who was not there (or not verified, where site->verified asks for it), a
 * signature that is wrong, and a passkey that has been copied: its counter must grow, unless it
 * counts nothing. Who made the authenticator is not asked: an attestation is read and not believed.
 * */
#ifndef STOA_GUARD_WEBAUTHN_H
#define STOA_GUARD_WEBAUTHN_H

#include "base/ctx.h"
#include "base/str.h"

enum {
    WEBAUTHN_CHALLENGE_SIZE = 32,
    WEBAUTHN_ID_MIN = 16, /* bytes of a passkey's id, as the standard says */
    WEBAUTHN_ID_MAX = 1023,
    WEBAUTHN_CLIENT_MAX = 8 << 10, /* bytes of the client's data */
    WEBAUTHN_DATA_MAX = 8 << 10,   /* of the authenticator's */
    WEBAUTHN_MADE_MAX = 32 << 10,  /* of the attestation around them */
};

struct webauthn_site {
    struct str
        origin;    /* as browsers write it: "https://stoa.example", a port where it is no preset */
    struct str id; /* the host of it */
    bool verified; /* a PIN, a finger or a face is asked for, not a touch alone */
};

/* What the browser sent, decoded from base64. */
struct webauthn_answer {
    struct str id;
    struct str client; /* clientDataJSON */
    struct str data;   /* attestationObject where one is made, else authenticatorData */
    struct str signature;
};

struct webauthn_passkey {
    struct str id;
    struct str key; /* the public key as COSE */
    int64_t uses;   /* its counter */
    bool synced;    /* its owner has it on several devices */
};

enum err webauthn_register(struct ctx *ctx, const struct webauthn_site *site, struct str challenge,
                           const struct webauthn_answer *answer, struct webauthn_passkey *passkey);

/* The caller found `passkey` by answer->id. Its `uses` and `synced` are set anew. */
enum err webauthn_check(struct ctx *ctx, const struct webauthn_site *site, struct str challenge,
                        const struct webauthn_answer *answer, struct webauthn_passkey *passkey);

#endif
