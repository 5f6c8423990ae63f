/* Failed tries: after some that are free, the next one counts only after a while, which grows.
 *
 *     struct attempt attempt = {.limit = &attempt_account, .key = email};
 *     TRY(attempt_begin(tx, &attempt));              it counts as failed until it is known better
 *     if (attempt.must_wait)
 *         …                                          the same answer as to a wrong password
 *     TRY(attempt_forget_all(tx, &attempt));
 *
 * What was tried is kept as a hash, whether it exists or not, and forgotten some time after the
 * last failure. A try is counted before its password is looked at, so that a hundred at the same
 * moment are a hundred tries. */
#ifndef STOA_GUARD_ATTEMPT_H
#define STOA_GUARD_ATTEMPT_H

#include "guard/secret.h"
#include "ports/db/db.h"

struct attempt_limit {
    const char *kind;
    int free;                  /* failures without a wait */
    int64_t first_us, most_us; /* the wait behind the last free one; it doubles up to the most */
    int64_t kept_us;           /* since the last failure */
};

extern const struct attempt_limit attempt_account; /* tries for one e-mail address */
extern const struct attempt_limit attempt_address; /* tries from one network address */
extern const struct attempt_limit attempt_mail;    /* mails to one e-mail address */
extern const struct attempt_limit
    attempt_second; /* second factors of somebody whose password was right */

struct attempt {
    const struct attempt_limit *limit;
    struct str key;
    bool must_wait; /* it does not count */
    int64_t failures;
};

enum err attempt_begin(struct tx *tx, struct attempt *attempt);

/* It was right: the account's failures are forgotten. */
enum err attempt_forget_all(struct tx *tx, const struct attempt *attempt);

/* It was right: of an address only this one is taken back, or who has one account could go on
 * guessing at others. */
enum err attempt_take_back(struct tx *tx, const struct attempt *attempt);

#endif
