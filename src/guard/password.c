/* Hashes passwords and compares them with their hashes. */
#include "guard/password.h"

#include <errno.h>
#include <sodium.h>

/* Of a password that nobody has, with the parameters of password.h. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$"
                             "HAgIxM6Tluohi9u1duLYbA$KsKTm6gpx3Lw02too0akIcUoVQVdTqHjMA245+uL4RU";

void password_gate_init(struct password_gate *gate)
{
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->freed, NULL);
    gate->running = gate->waiting = 0;
    gate->made = 0;
}

void password_gate_release(struct password_gate *gate)
{
    pthread_cond_destroy(&gate->freed);
    pthread_mutex_destroy(&gate->lock);
}

static enum err gate_enter(struct ctx *ctx, struct password_gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    bool enters = gate->waiting < PASSWORD_WAITING_MAX;
    gate->waiting += enters;
    while (enters && gate->running == PASSWORD_AT_ONCE)
        pthread_cond_wait(&gate->freed, &gate->lock);
    gate->waiting -= enters;
    gate->running += enters;
    gate->made += enters;
    pthread_mutex_unlock(&gate->lock);
    return enters ? ERR_OK
                  : err_fail(&ctx->err, ERR_BUSY, "Too many sign in right now. Try again.",
                             "%d wait for a password to be hashed", PASSWORD_WAITING_MAX);
}

static void gate_leave(struct password_gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->running--;
    pthread_cond_signal(&gate->freed);
    pthread_mutex_unlock(&gate->lock);
}

enum err password_hash(struct ctx *ctx, struct password_gate *gate, struct str password,
                       struct str *hash)
{
    char *text = arena_alloc(ctx->arena, crypto_pwhash_STRBYTES);
    if (!text)
        return err_memory(&ctx->err);
    TRY(gate_enter(ctx, gate));
    int failed = crypto_pwhash_str(text, password.ptr, password.len, PASSWORD_PASSES,
                                   PASSWORD_MEMORY);
    gate_leave(gate);
    *hash = str_from(text);
    return failed ? err_memory(&ctx->err) : ERR_OK;
}

enum err password_check(struct ctx *ctx, struct password_gate *gate, struct str password,
                        struct str hash, enum password_fit *fit)
{
    const char *text = nobody;
    *fit = PASSWORD_WRONG;
    if (hash.len)
        TRY(str_cstr(ctx->arena, hash, &text));
    TRY(gate_enter(ctx, gate));
    errno = 0;
    bool fits = crypto_pwhash_str_verify(text, password.ptr, password.len) == 0;
    bool was_compared = fits || errno == EINVAL;
    gate_leave(gate);
    if (!was_compared)
        return err_memory(&ctx->err);
    if (!fits || !hash.len)
        return ERR_OK;
    bool is_old = crypto_pwhash_str_needs_rehash(text, PASSWORD_PASSES, PASSWORD_MEMORY) != 0;
    *fit = is_old ? PASSWORD_OLD : PASSWORD_RIGHT;
    return ERR_OK;
}
