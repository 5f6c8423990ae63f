/* Passwords: argon2id, some at a time.
 *
 *     TRY(password_hash(ctx, &guard->passwords, typed, &hash));
 *     TRY(password_check(ctx, &guard->passwords, typed, row.password, &fit));
 *
 * A hash takes PASSWORD_MEMORY and some 30 ms of a processor; so only PASSWORD_AT_ONCE are made at
 * a time, and the others wait. The parameters stand in the hash itself: one
 * made with others still fits, and says so, to be made anew. */
#ifndef STOA_GUARD_PASSWORD_H
#define STOA_GUARD_PASSWORD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/str.h"

enum {
    PASSWORD_MEMORY = 19 << 20, /* bytes, as OWASP has it with two passes */
    PASSWORD_PASSES = 2,
    PASSWORD_AT_ONCE = 2,
    PASSWORD_WAITING_MAX = 64, /* a second's worth; more are told ERR_BUSY */
    PASSWORD_LEN_MIN = 10,     /* characters; the routes say it too */
};

struct password_gate {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int running, waiting;
    int64_t made; /* computations until now */
};

enum password_fit {
    PASSWORD_WRONG,
    PASSWORD_RIGHT,
    PASSWORD_OLD, /* right, and to be hashed anew */
};

void password_gate_init(struct password_gate *gate);
void password_gate_release(struct password_gate *gate);

enum err password_hash(struct ctx *ctx, struct password_gate *gate, struct str password,
                       struct str *hash);

/* An empty hash is nobody's: nothing fits, and it takes as long. */
enum err password_check(struct ctx *ctx, struct password_gate *gate, struct str password,
                        struct str hash, enum password_fit *fit);

#endif
