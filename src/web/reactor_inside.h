/* What the reactor's files share.
 *
 *     reactor_watch(reactor, fd, EPOLLIN, REACTOR_ARRIVAL);      what epoll tells it by
 *
 * All of it is for the reactor's thread alone. */
#ifndef STOA_WEB_REACTOR_INSIDE_H
#define STOA_WEB_REACTOR_INSIDE_H

#include "web/server_inside.h"

/* What is no connection: no index is as large. */
#define REACTOR_WOKEN   UINT64_MAX
#define REACTOR_ARRIVAL (UINT64_MAX - 1)

/* Registers with epoll; `what` comes back with its events. */
bool reactor_watch(struct reactor *reactor, int fd, unsigned events, uint64_t what);

/* Does what can be done for a connection now. It may be gone, or a worker's, afterwards. */
void reactor_serve(struct reactor *reactor, struct connection *connection);

/* Ends a connection at once. */
void reactor_drop(struct reactor *reactor, struct connection *connection);

/* Sets what it waits for, and how long at most. */
void reactor_wait(struct reactor *reactor, struct connection *connection,
                  enum connection_phase phase, int64_t limit_ms);

/* The same, for the reader of an answer. */
void reactor_wait_for_reader(struct reactor *reactor, struct connection *connection);

/* Answers a request that was begun and will not be ended: 408. */
void reactor_give_up(struct reactor *reactor, struct connection *connection);

/* Says 503 in a few fixed words; false where they do not go out at once. */
bool reactor_say_busy(const struct connection *connection);

/* True where more may be waiting. */
bool reactor_accept(struct reactor *reactor);
void reactor_go_on_accepting(struct reactor *reactor);
void reactor_stop_listening(struct reactor *reactor);

/* Acts on the deadlines that have passed. */
void reactor_scan(struct reactor *reactor);

#endif
