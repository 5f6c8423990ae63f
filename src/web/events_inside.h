/* The reactor's side of events: who listens, and when each is sent what.
 *
 *     if (!events_join(events, connection))        at first, and when its output has gone out
 *         reactor_drop(reactor, connection);
 *     busy = events_walk(events);                  each turn: some of those that are behind
 *
 * All of it is for the reactor's thread. A false means that the listener is to be let go. */
#ifndef STOA_WEB_EVENTS_INSIDE_H
#define STOA_WEB_EVENTS_INSIDE_H

#include "web/connection.h"
#include "web/events.h"

enum { CHANNEL_NAME_MAX = 64 };

enum err events_open(struct ctx *ctx, struct server *server, struct events **opened);
void events_close(struct events *events); /* NULL is fine; nobody listens any more */

bool events_join(struct events *events, struct connection *connection);
void events_leave(struct events *events, struct connection *connection);
bool events_beat(struct events *events, struct connection *connection);

/* True where more are behind than it may tell at once. */
bool events_walk(struct events *events);

/* Lets all listeners go: they come back to whoever serves then. */
void events_end(struct events *events);

#endif
