/* What waits for a second factor: made, answered, and over after some wrong answers. */
#include "guard/factor.h"

enum err challenge_prepare(struct ctx *ctx, struct challenge *challenge)
{
    char *bytes = arena_bytes(ctx->arena, WEBAUTHN_CHALLENGE_SIZE);
    if (!bytes)
        return err_memory(&ctx->err);
    rand_fill(ctx->rand, bytes, WEBAUTHN_CHALLENGE_SIZE);
    challenge->secret = str_make(bytes, WEBAUTHN_CHALLENGE_SIZE);
    return ERR_OK;
}

enum err challenge_write(struct tx *tx, const struct challenge *challenge)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(challenge_prune(tx, now_us));
    return challenge_set(tx, challenge->id, challenge->person, str_from(challenge->purpose),
                         challenge->secret, challenge->next, now_us + CHALLENGE_US);
}

enum err challenge_read(struct tx *tx, struct challenge *challenge)
{
    struct challenge_find_row row;
    TRY(challenge_find(tx, challenge->id, str_from(challenge->purpose),
                       clock_now_us(tx->ctx->clock), &row));
    challenge->person = row.person;
    challenge->secret = row.secret;
    challenge->next = row.next;
    challenge->failures = row.failures;
    return ERR_OK;
}

enum err challenge_take(struct tx *tx, const struct challenge *challenge)
{
    int64_t changed = 0;
    TRY(challenge_end(tx, challenge->id, &changed));
    return changed ? ERR_OK
                   : err_fail(&tx->ctx->err, ERR_CONFLICT, "That was answered already.",
                              "the challenge is gone");
}

enum err challenge_miss(struct tx *tx, const struct challenge *challenge)
{
    int64_t changed = 0;
    if (challenge->failures + 1 >= CHALLENGE_FAILURES_MAX)
        return challenge_end(tx, challenge->id, &changed);
    return challenge_fail(tx, challenge->id);
}

enum err challenge_refuse(struct request *request, const struct challenge *challenge,
                          const char *field, ui_say *words)
{
    struct str said = ui_words(request, words);
    if (challenge->failures + 1 >= CHALLENGE_FAILURES_MAX)
        return err_fail(&request->ctx->err, ERR_RATE,
                        "That was wrong too often. Begin anew, with your password.",
                        "%d wrong answers", CHALLENGE_FAILURES_MAX);
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(said));
}
