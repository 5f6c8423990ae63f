/* Processes that send and apply (samples/ledger.c), and what must hold whatever became of them.
 *
 *     struct ledger ledger;
 *     ledger_open(t, folder, url, &ledger);                the tables
 *     ledger_start(&ledger, 0);
 *     ledger_start(&ledger, 1);
 *     …
 *     ledger_kill(&ledger, 0);                             kill -9
 *     ledger_judge(&ledger);                               kills all, and applies what is left
 *
 * The books are right where each message and event that was accepted was applied once, those of a
 * group in their order, what a process had said to be safe among them, and each run of the schedule
 * between the first and the last. A test whose books are wrong is never run again.
 *
 * With boards each process has a clock of its own, which is turned by ledger.boards[i]. */
#ifndef STOA_TESTS_FLOW_LEDGER_H
#define STOA_TESTS_FLOW_LEDGER_H

#include <sys/types.h>

#include "harness/test.h"
#include "samples/board.h"
#include "samples/books.h"

enum {
    LEDGER_PROCESSES_MAX = 4,
    LEDGER_WHO_MAX = 4096,
};

struct ledger {
    struct test *t;
    const char *url;
    const char *said[LEDGER_PROCESSES_MAX];
    int64_t said_before[LEDGER_PROCESSES_MAX]; /* bytes, when it was started */
    pid_t pids[LEDGER_PROCESSES_MAX];          /* 0 where none runs */
    struct board *boards[LEDGER_PROCESSES_MAX];
    const char *board_paths[LEDGER_PROCESSES_MAX];
    int starts;                   /* each has a number of its own */
    int64_t last[LEDGER_WHO_MAX]; /* what it said to be safe */
    int64_t disorders;
    struct books_judgement found; /* by ledger_judge */
};

/* `url` must live as long; `folder` is for what the processes say. */
void ledger_open(struct test *t, const char *folder, const char *url, struct ledger *ledger);

/* As ledger_open, with boards. They are closed by ledger_judge. */
void ledger_open_with_boards(struct test *t, const char *folder, const char *url,
                             struct ledger *ledger);

void ledger_start(struct ledger *ledger, int process);
void ledger_kill(struct ledger *ledger, int process);

void ledger_signal(struct ledger *ledger, int process, int number);

/* Until it has said since its start that something is safe, for a second at most. */
void ledger_await_said(struct ledger *ledger, int process);

/* What one said that was not started here. */
void ledger_take_said(struct ledger *ledger, struct str text);

void ledger_judge(struct ledger *ledger);

/* Until something more is sent and applied; false where that takes too long. */
bool ledger_moves(struct ledger *ledger);

int64_t ledger_count(const char *variable, int64_t usual); /* from the environment */
void ledger_pause_us(int64_t us);

#endif
