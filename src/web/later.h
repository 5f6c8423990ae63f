/* Answers that are given later: who waits for something holds a connection, and no worker.
 *
 *     struct waiter {
 *         struct later later;                            first, or found from it
 *         …                                              what else leave needs
 *     };
 *
 *     static enum err news_read(struct request *request)
 *     {
 *         int64_t until_us = (request->parked_us ? request->parked_us : now_us) + WAIT_US;
 *         if (!news_are_there(request) && now_us < until_us) {
 *             struct waiter *waiter = …;                 not of the request's arena
 *             waiter->later.leave = waiter_leave;
 *             if (later_answer(request, &waiter->later, until_us))
 *                 return waiter_enter(waiter);           the list of those that later_wake is told
 *             …                                          not now: it is still ours
 *         }
 *         return news_add(respond_body(request, …));
 *     }
 *
 * A handler that is to answer later says so and returns ERR_OK; nothing of what it wrote is sent.
 * It is called again, from its very beginning and with the same request, once later_wake was called
 * or the time is over, and answers then, or waits again. What it checked is checked anew; whether
 * it comes too often is not asked again. Each round has a deadline of its own.
 *
 * `leave` is called exactly once for each later_answer that was true, mostly by the reactor: it
 * does not wait for long. From then on later_wake may not be called, and the struct is the
 * handler's to free. `gone`: nobody is there any more, and the handler is not called again; an end
 * of what the other side sends counts as that.
 *
 * When the server drains, all are called again at once, and later_answer is false. So it is where
 * SERVER_PARKED_MAX wait, and where requests take much of the memory that they may. */
#ifndef STOA_WEB_LATER_H
#define STOA_WEB_LATER_H

#include "web/request.h"

struct connection;

struct later {
    void (*leave)(struct later *later, bool gone);
    int64_t until_us; /* this and what follows is filled in */
    struct server *server;
    struct connection *connection;
};

/* False: it is to be answered now. Of a route that is neither inline, quick nor streams. */
bool later_answer(struct request *request, struct later *later, int64_t until_us);

/* Any thread, from later_answer on until it leaves; more than once does no harm. */
void later_wake(struct later *later);

#endif
