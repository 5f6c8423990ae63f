/* Readers of pages, each of which must be answered whole.
 *
 *     struct readers *readers = readers_begin(t, &service, 0);
 *     …
 *     readers_end(t, readers);                 fails where one was not
 *
 * Half of them keep their connections, the others take a new one for each page. */
#ifndef STOA_TESTS_TORTURE_READERS_H
#define STOA_TESTS_TORTURE_READERS_H

#include <pthread.h>

#include "harness/somebody.h"
#include "harness/test.h"
#include "web/client.h"

enum { READERS = 4 };

struct readers;

struct reader {
    pthread_t thread;
    const struct readers *readers;
    bool comes_anew;
    int64_t asked, failed;
    char wrong[128]; /* how the last answer that failed began, and what was asked */
    struct client client;
};

struct readers {
    int port, pause_ms; /* between two pages of one reader */
    char cookie[SOMEBODY_COOKIE_MAX];
    _Atomic bool over;
    struct reader each[READERS];
};

struct readers *readers_begin(struct test *t, const struct service *service, int pause_ms);
void readers_end(struct test *t, struct readers *readers);

#endif
