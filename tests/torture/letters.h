/* Writers of messages who do not give up, and the books of what they were told.
 *
 *     struct letters letters;
 *     letters_begin(t, &letters, service.port, 8);
 *     …                                               the program is killed, and started again
 *     letters_end(t, &letters);                       each message is acknowledged by now
 *     letters_check(t, &letters, &service);                     and is there once, with its words
 *
 * A writer sends a form until it is told which message it became, each time with the same form id,
 * and then the next. Every other writer takes a new connection each time. */
#ifndef STOA_TESTS_TORTURE_LETTERS_H
#define STOA_TESTS_TORTURE_LETTERS_H

#include <pthread.h>

#include "base/id.h"
#include "harness/somebody.h"
#include "harness/test.h"
#include "web/client.h"

enum {
    WRITERS_MAX = 16,
    LETTERS_EACH_MAX = 20000,
    LETTER_TRIES_MAX = 5000, /* of one, with a pause between two */
};

struct letter_writer {
    pthread_t thread;
    struct letters *letters;
    int number;
    bool comes_anew;
    int64_t count;    /* of those that were acknowledged */
    int64_t repeated; /* sent again: the connection broke, or a 5xx came */
    int64_t refused;  /* connections that were not taken */
    int64_t wrong;    /* answers that are neither */
    char (*ids)[ID_TEXT_MAX];
    struct client client;
};

struct letters {
    int port, writer_count, pause_ms; /* between two of one writer */
    _Atomic bool over;
    struct letter_writer *writers;
    int64_t count, repeated, refused, wrong; /* of all, once it has ended */
};

void letters_begin(struct test *t, struct letters *letters, int port, int writers, int pause_ms);
void letters_end(struct test *t, struct letters *letters);
void letters_check(struct test *t, const struct letters *letters, const struct service *service);

#endif
