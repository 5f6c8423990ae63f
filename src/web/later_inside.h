/* The server's side of answers that are given later.
 *
 *     if (later_park(desk, err)) …                       a worker: the connection waits
 *     switch (later_look(reactor, connection)) …         the reactor, whenever it looks at one
 *     later_take_called(reactor);                        each turn: those that were woken
 *
 * A connection that waits is the reactor's. later_wake puts it in a list of its own, whoever has it
 * by then; one that is to be closed while it stands there is closed when its turn comes. */
#ifndef STOA_WEB_LATER_INSIDE_H
#define STOA_WEB_LATER_INSIDE_H

#include "web/later.h"
#include "web/reactor.h"

/* True where the handler said that it answers later: there is nothing to send. */
bool later_park(struct desk *desk, enum err err);

/* WAITS: nothing came. DUE: it is to be handled again. GONE: it is to be dropped. */
enum later_state { LATER_WAITS, LATER_DUE, LATER_GONE };
enum later_state later_look(struct reactor *reactor, struct connection *connection);

/* Tells the handler's side that nobody waits any more; nothing where none does. */
void later_end(struct server *server, struct connection *connection, bool gone);

void later_take_called(struct reactor *reactor);

/* Looks at all of them: when the server drains. Ends all: when it is closed. */
void later_look_at_all(struct reactor *reactor);
void later_end_all(struct server *server);

#endif
