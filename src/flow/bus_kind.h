/* The kinds of targets that a rule's events go to, beside queues: topics and webhooks.
 *
 *     .kinds = bus_kinds                                     flow_options, and bus_options
 *     TRY(bus_target_check(tx, &target));                    before a person's rule is set
 *
 * A topic is told what the target's input made of the event, which must be an object: it is the
 * body for programs and the words for people; the subject is the event's type.
 *
 * A webhook is a subscription of the topic BUS_WEBHOOKS that one rule alone tells: signed, tried
 * again, seen and sent once more as topic.h has it. It is made with the first event, or by
 * bus_webhook, and ends with the target; its key is topic_secret's, of its id. */
#ifndef STOA_FLOW_BUS_KIND_H
#define STOA_FLOW_BUS_KIND_H

#include "flow/bus.h"

#define BUS_WEBHOOKS "bus-webhooks"

extern const struct bus_kind bus_kinds[];

/* ERR_MISSING where there is no such queue or topic, ERR_INPUT for a URL that is none. */
enum err bus_target_check(struct tx *tx, const struct bus_target *target);

/* The id of a webhook's subscription, which is made where there is none. */
enum err bus_webhook(struct tx *tx, struct str rule, struct str url, char id[ID_TEXT_MAX]);

/* Ends it; nothing where there is none. */
enum err bus_webhook_end(struct tx *tx, struct str rule, struct str url);

#endif
