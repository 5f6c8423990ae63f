/* One HTTP request to this machine, on a connection of its own.
 *
 *     struct answer answer;
 *     REQUIRE(ask(t->ctx, port, "GET /contact", NULL, STR(""), &answer) == ERR_OK);
 *     CHECK_INT(answer.status, 200);
 *
 * For what is met well-behaved: a driver to be told what to do, a visitor in passing. What is odd
 * about HTTP itself is told as a story. */
#ifndef STOA_TESTS_ASK_H
#define STOA_TESTS_ASK_H

#include "base/ctx.h"
#include "base/str.h"

enum { ASK_PATIENCE_S = 30, ASK_ANSWER_MAX = 24 << 20 };

struct answer {
    int status;
    struct str head, body; /* in the context's arena */
};

/* `what` is method and path; `type` is the body's media type, NULL where there is no body. ERR_IO
 * where nobody answers within ASK_PATIENCE_S, ERR_PEER where it is not HTTP. */
enum err ask(struct ctx *ctx, int port, const char *what, const char *type, struct str body,
             struct answer *answer);

/* The same as somebody: `cookie` is "session=…". */
enum err ask_as(struct ctx *ctx, int port, const char *cookie, const char *what, const char *type,
                struct str body, struct answer *answer);

#endif
