/* Counts failed tries. */
#include "guard/attempt.h"

#include "guard/guard_sql.h"

const struct attempt_limit attempt_account = {.kind = "account",
                                              .free = 5,
                                              .first_us = 15 * SECOND_US,
                                              .most_us = 15 * MINUTE_US,
                                              .kept_us = DAY_US};
const struct attempt_limit attempt_address = {.kind = "address",
                                              .free = 50,
                                              .first_us = 5 * SECOND_US,
                                              .most_us = 15 * MINUTE_US,
                                              .kept_us = HOUR_US};
const struct attempt_limit attempt_second = {.kind = "second",
                                             .free = 5,
                                             .first_us = 15 * SECOND_US,
                                             .most_us = 15 * MINUTE_US,
                                             .kept_us = DAY_US};
const struct attempt_limit attempt_mail = {
    .kind = "mail", .free = 3, .first_us = 10 * MINUTE_US, .most_us = DAY_US, .kept_us = DAY_US};

static int64_t wait_of(const struct attempt_limit *limit, int64_t failures)
{
    int64_t wait_us = limit->first_us;
    if (failures < limit->free)
        return 0;
    for (int64_t i = limit->free; i < failures && wait_us < limit->most_us; i++)
        wait_us *= 2;
    return wait_us < limit->most_us ? wait_us : limit->most_us;
}

static enum err set(struct tx *tx, const struct attempt *attempt, int64_t now_us)
{
    char id[SECRET_TEXT];
    int64_t wait_us = wait_of(attempt->limit, attempt->failures);
    secret_hash_pair(str_from(attempt->limit->kind), attempt->key, id);
    return attempt_set(tx, str_from(id), attempt->failures, now_us + wait_us,
                       now_us + wait_us + attempt->limit->kept_us);
}

enum err attempt_begin(struct tx *tx, struct attempt *attempt)
{
    char id[SECRET_TEXT];
    struct attempt_find_row row = {0};
    int64_t now_us = clock_now_us(tx->ctx->clock);
    secret_hash_pair(str_from(attempt->limit->kind), attempt->key, id);
    enum err err = attempt_find(tx, str_from(id), now_us, &row);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    attempt->must_wait = row.waits_us > now_us;
    attempt->failures = row.failures;
    if (attempt->must_wait)
        return ERR_OK;
    attempt->failures++;
    TRY(attempt_prune(tx, now_us));
    return set(tx, attempt, now_us);
}

enum err attempt_forget_all(struct tx *tx, const struct attempt *attempt)
{
    char id[SECRET_TEXT];
    secret_hash_pair(str_from(attempt->limit->kind), attempt->key, id);
    return attempt_forget(tx, str_from(id));
}

enum err attempt_take_back(struct tx *tx, const struct attempt *attempt)
{
    struct attempt before = *attempt;
    before.failures--;
    return set(tx, &before, clock_now_us(tx->ctx->clock));
}
