/* What a test shares with a process of the proofs while it runs: its clock, and what it counted. */
#ifndef STOA_TESTS_FLOW_SAMPLES_BOARD_H
#define STOA_TESTS_FLOW_SAMPLES_BOARD_H

#include <stdatomic.h>
#include <stdint.h>

/* A file that both map; its path is in this variable. */
#define BOARD_VARIABLE "LEDGER_BOARD"

struct board {
    _Atomic int64_t ahead_us;                  /* how far its clock is ahead of the real one */
    _Atomic int64_t commits, retries, refused; /* refused: sends that failed */
    _Atomic bool presses;                      /* senders do not wait for those that apply */
};

#endif
