/* The context: what one piece of work (a request, a job, a command) carries with it.
 *
 *     enum err order_place(struct ctx *ctx, const struct cart *cart, struct order **order)
 *     {
 *         int64_t now_us = clock_now_us(ctx->clock);
 *         …
 *         return err_input(&ctx->err, "quantity", "must be at least 1");
 *     }
 *
 * It is the first parameter of whatever may allocate, fail, ask the time, or be traced. It belongs
 * to one thread at a time; what is behind its pointers says for itself who may share it. */
#ifndef STOA_BASE_CTX_H
#define STOA_BASE_CTX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/rand.h"

struct language; /* text/language.h */
struct log;      /* base/log.h */
struct span;     /* base/span.h */

struct ctx {
    struct arena *arena; /* lives as long as this work */
    struct clock *clock;
    struct rand *rand;
    struct id_source *ids;
    struct log *log;
    struct span *span;               /* the innermost that is open; NULL where nothing is traced */
    const struct language *language; /* the reader's */
    int64_t deadline_us;             /* by clock_tick_us; 0 is none */
    const _Atomic bool *ends;        /* true: what asks others gives up, at any time; may be NULL */
    int64_t db_us, outside_us;       /* that it spent with the database, and other systems */
    int64_t db_position;             /* of its last write: what it reads is no older; 0 is none */
    bool never_waits;      /* what would wait, for a disk say, is ERR_BUSY where that is said */
    struct err_record err; /* of the last failure */
};

/* ERR_TIMEOUT, recorded, once the deadline has passed or it is told to end: long loops ask now and
 * then. */
enum err ctx_check_deadline(struct ctx *ctx);

/* True once somebody else has said that this work is to end: the program does, say. */
bool ctx_is_to_end(const struct ctx *ctx);

#endif
