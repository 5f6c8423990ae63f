/* API keys: what a program signs in with, in place of a person.
 *
 *     struct key_new made = {.person = person, .name = name, .scopes = STR("messages.read")};
 *     key_prepare(ctx, &made);
 *     TRY(key_add(tx, &made));                              and made.token is shown, once
 *
 *     TRY(key_find(tx, key_token(request), &key));          Authorization: Bearer stoa_sk_…
 *     if (key_has(&key, "messages.read"))
 *
 * A token is KEY_PREFIX, KEY_CHANCE letters and digits of chance (238 bits), and a CRC-32 of what
 * stands before it in six more: stoa_sk_[0-9A-Za-z]{46} finds one that leaked, and the CRC says
 * without asking anybody that it is one, and not a slip of the pen. The database has its SHA-256
 * alone, by which it is found: whoever guesses learns nothing from how long that takes.
 *
 * A key may what its scopes say, and only as long as its maker may it too: that is guard_may's. It
 * carries no cookie, so what it sends needs no form token. */
#ifndef STOA_GUARD_KEY_H
#define STOA_GUARD_KEY_H

#include "guard/secret.h"
#include "ports/db/db.h"
#include "web/request.h"

#define KEY_PREFIX "stoa_sk_"

enum {
    KEY_CHANCE = 40,
    KEY_CHECK = 6,
    KEY_LEN = sizeof KEY_PREFIX - 1 + KEY_CHANCE + KEY_CHECK,
    KEY_TEXT = KEY_LEN + 1,
    KEY_SCOPES_MAX = 16,  /* permissions of one key */
    KEY_EACH_MAX = 50,    /* keys of one person, those that were revoked included */
    KEY_USED_MINUTES = 60 /* so often at most it is written that a key was used */
};

/* One that is to be made: person, name, scopes and expires_us are the caller's to set. */
struct key_new {
    char id[ID_TEXT_MAX];
    char token[KEY_TEXT];
    struct str person, name, scopes;
    int64_t expires_us; /* 0 is never */
    int64_t signs;      /* the version of what its secret is derived from (aws.h); 0: it has none */
};

void key_prepare(struct ctx *ctx, struct key_new *key);

/* ERR_LIMIT where the person has KEY_EACH_MAX. */
enum err key_add(struct tx *tx, const struct key_new *key);

struct key {
    struct str id, person, scopes;
    uint32_t signs; /* 0 where it has no secret to sign with */
    bool is_stale;  /* key_note is due */
};

/* True for what was once a token, or might have been. */
bool key_is_token(struct str token);

/* What stands behind "Bearer" in Authorization; empty where there is no such header. */
struct str key_token(const struct request *request);

/* ERR_SIGNED_OUT for a token that is none, is not known, was revoked, or has expired: the operator
 * is told which. */
enum err key_find(struct tx *tx, struct str token, struct key *key);

/* The same, of the access key id that signed; ERR_SIGNED_OUT also for a key that has no secret. */
enum err key_find_signing(struct tx *tx, struct str id, struct key *key);

/* `permission` may be several, as a route's: "a|b" is one of them. */
bool key_has(const struct key *key, const char *permission);

/* Writes that it was used. */
enum err key_note(struct tx *tx, const struct key *key);

/* ERR_MISSING where that person has no such key that is in force. */
enum err key_revoke(struct tx *tx, struct str id, struct str person);

#endif
