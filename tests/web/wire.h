/* Says raw bytes to a server, and listens to what it makes of them.
 *
 *     struct wire_answer answer;
 *     REQUIRE(wire_ask(t, port, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), &answer) == ERR_OK);
 *     CHECK_INT(answer.statuses[0], 200);              of what was asked
 *     CHECK_INT(answer.count, 2);                      of the request that is sent behind it
 *
 * The request behind asks for the connection to be closed, so a server that read the first one to
 * its end, and no further, answers twice. */
#ifndef STOA_TESTS_WIRE_H
#define STOA_TESTS_WIRE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct test;

enum { WIRE_ANSWERS_MAX = 4, WIRE_TEXT_MAX = 64 << 10, WIRE_DEADLINE_S = 20 };

struct wire_answer {
    int statuses[WIRE_ANSWERS_MAX]; /* but 100 Continue; HTTP/0.9 counts as 200 */
    size_t count;
    bool closed;     /* by the server, before the deadline */
    struct str text; /* all that it said, in the test's arena */
};

/* A connection to a port of the loopback, with the deadline on what is read and sent; or -1. */
int wire_connect(int port);

/* ERR_PEER where nobody listens there. */
enum err wire_ask(struct test *t, int port, struct str bytes, struct wire_answer *answer);

/* Asks a server of Stoa every one of the wire cases. What is refused must be so by the recorded
 * status; what is taken may be answered as the server's routes want, but not as a bad request. */
void wire_check_server(struct test *t, int port);

/* What Stoa's readers make of the same: the status that would be refused with, 200 where it is
 * taken, 0 where its end has not come. `*used` is how much was read, `*keep_alive` whether more may
 * follow. */
int wire_read(struct test *t, struct str bytes, size_t *used, bool *keep_alive);

#endif
