/* Fails the n-th allocation or the n-th system call, for every n.
 *
 *     static enum err place(struct test *t, void *arg) { … }
 *
 *     TORTURE_EVERY(t, TORTURE_MEMORY, place, NULL);
 *
 * runs `place` with the first allocation failing, then the second, and so on until a run in which
 * none was left to fail; that last run must succeed. A run whose failure was met must say so with
 * an error or come out whole by another way: `place` CHECKs what must hold in either case. Each run
 * has t->arena to itself, empty, and leaves no block allocated and no file open that was not
 * before.
 *
 * The layer (torture_layer.c) stands before libc's functions. It is linked into test programs, and
 * built as <build>/tests/libtorture.so to be preloaded into any other, which these steer:
 *
 *     TORTURE=memory:17           fail the 17th allocation (memory) or system call (system)
 *     TORTURE=memory:17+          and all that follow
 *     TORTURE_REPORT=file         at exit, write how many there were: "memory 212\nsystem 80\n"
 *
 *     TORTURE_BOARD=file          steered while it runs, by a test that has opened the same board
 *
 * A preloaded program is counted from just before its main; what it starts is tortured likewise. A
 * call fails with what it can really fail with: ENOSPC for a write, EIO for an fsync, EMFILE for an
 * open … (torture_calls.h). What libc calls within itself (fopen's open) is not seen. */
#ifndef STOA_TESTS_TORTURE_H
#define STOA_TESTS_TORTURE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct test;

enum torture_kind { TORTURE_MEMORY, TORTURE_SYSTEM, TORTURE_KINDS };

/* A loop that fails by itself would run for ever. */
enum { TORTURE_RUNS_MAX = 10000, TORTURE_NAME_MAX = 32 };

/* From now on the n-th of its kind in this process fails (n from 1), once. */
void torture_arm(enum torture_kind kind, int64_t n);

/* Stops failing. True if the n-th came. */
bool torture_disarm(void);

/* Since the process began. */
int64_t torture_count(enum torture_kind kind);
int64_t torture_live_blocks(void); /* allocated and not yet freed */

/* What the layer counts and obeys, in memory that another process can share:
 *
 *     struct torture_board *board = torture_board_open(t, path);      and TORTURE_BOARD=path
 *     torture_board_arm(board, TORTURE_SYSTEM, 3);                    the third from now on
 *     …
 *     bool met = torture_board_disarm(board);
 *
 * A board that is armed before the program starts strikes the n-th since its main. */
struct torture_state {
    _Atomic int64_t count, strike_at; /* 0: never */
    atomic_bool onwards, met;
    char struck[TORTURE_NAME_MAX]; /* the function that failed last */
};

struct torture_board {
    struct torture_state kinds[TORTURE_KINDS];
};

/* Makes the file. It stays mapped as long as the test runs. */
struct torture_board *torture_board_open(struct test *t, const char *path);
void torture_board_arm(struct torture_board *board, enum torture_kind kind, int64_t n);
bool torture_board_disarm(struct torture_board *board);

typedef enum err torture_body(struct test *t, void *arg);

/* Returns how many failures were tried: 0 would mean that nothing was tested, and fails. */
int64_t torture_every(struct test *t, enum torture_kind kind, torture_body *body, void *arg,
                      const char *file, int line);
#define TORTURE_EVERY(t, kind, body, arg) torture_every(t, kind, body, arg, __FILE__, __LINE__)

#endif
