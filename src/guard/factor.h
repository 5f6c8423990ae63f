/* Second factors of people: what they have, what they show, what waits for it.
 *
 *     struct challenge challenge = {.purpose = "sign_in", .person = id, .next = next};
 *     TRY(challenge_prepare(ctx, &challenge));                 chance
 *     TRY(challenge_write(tx, &challenge));                    in a db_write's fn
 *
 * Who has a second factor and said the right password has no session yet: they have a row of
 * guard_challenge, whose token is in the cookie `second`, and which can do nothing but be answered.
 * It ends after CHALLENGE_FAILURES_MAX wrong answers, after CHALLENGE_US, and with the right one. A
 * factor that is being added waits in a row of the same table that belongs to the session. */
#ifndef STOA_GUARD_FACTOR_H
#define STOA_GUARD_FACTOR_H

#include "guard/guard_sql.h"
#include "guard/inside.h"
#include "guard/recovery.h"
#include "guard/totp.h"
#include "guard/webauthn.h"

enum { CHALLENGE_FAILURES_MAX = 5, PASSKEYS_EACH_MAX = 20 };

#define CHALLENGE_US (10 * MINUTE_US)

/* A row of guard_challenge. */
struct challenge {
    const char *purpose;
    struct str id, person, next;
    struct str secret; /* bytes of chance, or an app's sealed secret */
    int64_t failures;
};

enum err challenge_prepare(struct ctx *ctx, struct challenge *challenge);
enum err challenge_write(struct tx *tx, const struct challenge *challenge);

/* Reads the row by id and purpose. ERR_MISSING where there is none any more. */
enum err challenge_read(struct tx *tx, struct challenge *challenge);

/* It was answered rightly: ERR_CONFLICT where another answer was first. */
enum err challenge_take(struct tx *tx, const struct challenge *challenge);

/* It was answered wrongly; the last time that it may be ends it. */
enum err challenge_miss(struct tx *tx, const struct challenge *challenge);

/* Behind a wrong answer: the field's words, or ERR_RATE where that was the last. */
enum err challenge_refuse(struct request *request, const struct challenge *challenge,
                          const char *field, ui_say *words);

/* What somebody has. */
struct factors {
    bool app;
    int64_t recovery; /* codes that are left */
    struct passkey_of_rows passkeys;
};

enum err factor_read(struct tx *tx, struct str person, struct factors *factors);

static inline bool factor_any(const struct factors *factors)
{
    return factors->app || factors->passkeys.count > 0;
}

/* All that somebody has, taken away: by the operator, for who has lost them. */
enum err factor_end_all(struct tx *tx, struct str person);

/* An app's secret as the database has it: sealed for this person, under secrets' key "totp". */
enum err factor_seal(struct ctx *ctx, struct secrets *secrets, struct str person,
                     const struct totp *totp, struct str *sealed);
enum err factor_open(struct ctx *ctx, struct secrets *secrets, struct str person, struct str sealed,
                     struct totp *totp);

/* The site as browsers name it; false where its address is a number, which passkeys refuse. */
bool factor_site(const struct guard *guard, struct webauthn_site *site);

/* Recovery codes: written in place of the old ones, and shown. */
enum err factor_write_codes(struct tx *tx, struct str person,
                            char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE]);
enum err factor_show_codes(struct request *request, char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE]);

/* What a page's script needs to know of somebody's passkeys, in base64 and parted by spaces. */
enum err factor_passkey_ids(struct ctx *ctx, const struct factors *factors, struct str *ids);
enum err factor_base64(struct ctx *ctx, struct str bytes, struct str *text);

/* What a browser sent of a passkey, out of its base64. */
struct passkey_texts {
    struct str id, client, data, signature;
};
enum err factor_answer(struct ctx *ctx, const struct passkey_texts *texts,
                       struct webauthn_answer *answer);

#endif
