/* Mails that wait: one thread sends them, so that nobody can tell by the time an answer takes
 * whether one was written.
 *
 *     TRY(letter_box_open(ctx, &box, send, arg, log));
 *     letter_post(ctx, &box, &(struct guard_letter){.to = email, …});
 *     letter_box_close(&box);                    those that wait are sent first
 *
 * They wait in memory: the links in them are secrets, and are nowhere at rest. One that a crash
 * takes along is asked for again. Beyond LETTERS_MAX, and where sending fails, the log is told, not
 * to whom. */
#ifndef STOA_GUARD_LETTER_H
#define STOA_GUARD_LETTER_H

#include "base/thread.h"
#include "guard/guard.h"

enum {
    LETTERS_MAX = 256,
    LETTER_TO_MAX = 256,
    LETTER_SUBJECT_MAX = 256,
    LETTER_TEXT_MAX = 2048,
    LETTER_ARENA_MAX = 1 << 20,
};

struct waiting_letter;

struct letter_box {
    guard_send *send;
    void *arg;
    struct log *log;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct waiting_letter *first, *last;
    size_t count;
    bool closing;
    pthread_t thread;
};

enum err letter_box_open(struct ctx *ctx, struct letter_box *box, guard_send *send, void *arg,
                         struct log *log);
void letter_box_close(struct letter_box *box);

/* To an empty address goes nothing, and takes as long. */
void letter_post(struct ctx *ctx, struct letter_box *box, const struct guard_letter *letter);

/* How many wait. */
size_t letter_count(struct letter_box *box);

#endif
