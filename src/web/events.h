/* Server-sent events: what happened, told to the pages that are open.
 *
 *     struct channel *channel = events_channel(events, STR("contact"));     at the start
 *     respond_events(request, channel, input->after);                       a handler, to listen
 *     events_publish(ctx, channel, STR("message"), STR("msg_01K…"));        any thread, to tell
 *
 * A channel remembers its last CHANNEL_KEPT events. A reader that comes back says which one it saw
 * last and is given the rest, or "reset" where that is forgotten: it then loads the page anew. One
 * who reads too slowly is let go, and comes back the same way. A listener costs no thread, and no
 * buffer while nothing is under way; publishing costs a copy and one wake of the reactor. */
#ifndef STOA_WEB_EVENTS_H
#define STOA_WEB_EVENTS_H

#include "base/ctx.h"

enum {
    CHANNELS_MAX = 64,
    CHANNEL_KEPT = 128,       /* events */
    EVENT_SIZE_MAX = 4 << 10, /* name and data of one */
    EVENTS_BEAT_S = 15,       /* a comment is sent so often: who left is noticed */
};

struct channel;
struct events;

/* The channel of that name, made when it is first asked for; it lives as long as the server. NULL
 * beyond CHANNELS_MAX, and where there is no memory. */
struct channel *events_channel(struct events *events, struct str name);

/* The data is one line. ERR_LIMIT beyond EVENT_SIZE_MAX, and ERR_MEMORY where there is no memory or
 * no channel: it is not told then. */
enum err events_publish(struct ctx *ctx, struct channel *channel, struct str name, struct str data);

/* The number of the last event, 0 where there is no channel. A page that is made after asking for
 * it misses nothing where its listener begins there: respond_events's `after`. */
int64_t events_last(const struct channel *channel);

#endif
