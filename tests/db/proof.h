/* Runs the writers of the proofs (samples/writer.c) and looks through what they left behind.
 *
 *     const char *words[] = {"sell", url, "1", "4", "0", NULL};
 *     pid_t writer = writer_start(t, words, said_path);
 *     …
 *     CHECK_INT(writer_kill(writer), SIGKILL);
 *     said_take(t, &said, 1, file_text(t, said_path));
 *     const char *wrong = books_wrong(t, url, &said);       NULL: all is well
 *
 * The books are well where the engine finds nothing, stock is free or held or sold as the sales
 * say, money in is what was paid, every acknowledged sale is there, and beyond those at most the
 * one of each thread that was under way. */
#ifndef STOA_TESTS_DB_PROOF_H
#define STOA_TESTS_DB_PROOF_H

#include <sys/types.h>

#include "harness/test.h"

enum { SELLERS_MAX = 64, SELLER_THREADS_MAX = 8 };

/* The last sale that each thread was told is safe. */
struct said {
    int64_t last[SELLERS_MAX][SELLER_THREADS_MAX];
    int64_t sales; /* in all */
    bool exact;    /* nothing may be there beyond */
};

struct str file_text(struct test *t, const char *path);
void file_empty(struct test *t, const char *path); /* makes it, or empties it */

const char *path_in(struct test *t, const char *folder, const char *name);

/* "sqlite:FOLDER/stoa.db" */
const char *database_in(struct test *t, const char *folder);

/* Starts the writer with these words; it says what is safe into the file. */
pid_t writer_start(struct test *t, const char *const words[], const char *said);

/* The signal that ended it, or 0 where it ended well by itself, or -1. */
int writer_wait(pid_t writer);
int writer_kill(pid_t writer);

/* Runs it to its end, which must be a good one. */
void writer_run(struct test *t, const char *const words[], const char *said);

/* One acknowledgement, as the writer says it. */
struct said_line {
    int64_t thread, number, position, begun_us, ended_us;
};

/* Takes a line off the text. A line that a kill cut off was not said. */
bool said_next(struct str *text, struct said_line *line);

/* Adds what a seller said. */
void said_take(struct test *t, struct said *said, int seller, struct str text);

const char *books_wrong(struct test *t, const char *url, const struct said *said);

/* A number from the environment, for runs that are longer than usual. */
int64_t proof_count(const char *variable, int64_t usual);

#endif
