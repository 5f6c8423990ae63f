/* Events: what happened, told in the transaction in which it did.
 *
 *     static enum err place(struct tx *tx, void *arg)
 *     {
 *         TRY(order_add(tx, arg));
 *         return flow_emit(tx, &(struct flow_event){.source = STR("shop"),
 *                                                   .type = STR("order.placed"),
 *                                                   .detail = order_json(arg)});
 *     }
 *
 * Who wants it is the bus's to know (bus.h): who emits names nobody. The order and its event are
 * both there or neither. An event is two rows, of which the small one goes as soon as it went to
 * all who want it; the other stays in the archive for as long as bus.h says.
 *
 * The trace is that of the context's span. What others are given is flow_event_write:
 *
 *     {"id":"evt_01K…","source":"shop","type":"order.placed","time":"2026-11-21T12:00:03.481220Z",
 *      "trace":"00-…","detail":{…}}              and "replay":"rpl_01K…" where it goes out again */
#ifndef STOA_FLOW_FLOW_EVENT_H
#define STOA_FLOW_FLOW_EVENT_H

#include "base/buf.h"
#include "base/id.h"
#include "ports/db/db.h"

enum {
    FLOW_NAME_MAX = 128,         /* of a source and a type: letters, digits, . - _ and : */
    FLOW_DETAIL_MAX = 250 << 10, /* so that the whole is not more than a queue takes */
    FLOW_ENVELOPE_MAX = 5 << 10, /* what is written beside the detail */
    FLOW_NOTE = 0,               /* tx_note of an event; queues have numbers above it */
};

struct flow_event {
    struct str source, type;
    struct str detail;    /* a JSON object */
    char id[ID_TEXT_MAX]; /* filled in */
};

/* ERR_INPUT with the field for what is beyond its limits, or no object. */
enum err flow_emit(struct tx *tx, struct flow_event *event);

/* One that happened, as the archive has it. */
struct flow_event_told {
    struct str id, source, type, detail, trace;
    int64_t made_us;
};

/* Writes it as JSON; `replay` may be empty. */
void flow_event_write(struct buf *out, const struct flow_event_told *event, struct str replay);

#endif
