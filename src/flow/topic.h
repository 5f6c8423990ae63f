/* Topics: told once, heard by all who asked to: by mail, by short message, by webhook, in a queue.
 *
 *     TRY(topic_make(tx, STR("orders"), STR("What becomes of orders")));
 *     TRY(topic_subscribe(tx, &(struct topic_subscriber){.topic = STR("orders"),
 *                                                        .channel = TOPIC_WEBHOOK,
 *                                                        .target = STR("https://erp.example/hook"),
 *                                                        .filter = STR("{\"total\": [9]}")}, id));
 *
 *     TRY(topic_tell(tx, &(struct topic_notice){.topic = STR("orders"),   in the business's own
 *                                               .subject = subject,       db_write
 *                                               .words = words,
 *                                               .body = json}));
 *
 * What is told and the rows beside it are one transaction. Then a consumer gives it, once, to each
 * subscriber whose filter, an event pattern (pattern.h), the body matches, and who did not say that
 * they want none of it on this channel (topic_prefer). A queue has it in that same transaction. A
 * mail, a short message and a call of a webhook are a delivery each: tried again after growing
 * pauses TOPIC_TRIES_MAX times, and seen in topic_deliveries with what was answered. Each has an id
 * of its own, which mails carry as their Message-ID and webhooks as webhook-id: who gets one twice
 * can tell.
 *
 * A webhook is a POST of {"type": topic, "timestamp": …, "data": body}, signed as Standard Webhooks
 * has it: webhook-signature is "v1," and the base64 of the HMAC-SHA256 of "id.timestamp.body" under
 * the key that topic_secret tells. Where it goes is bound by the HTTP client: public addresses, and
 * OUTBOUND_ALLOWED. Mails carry a link that ends the subscription, which mail programs know too. */
#ifndef STOA_FLOW_TOPIC_H
#define STOA_FLOW_TOPIC_H

#include "base/id.h"
#include "flow/flow.h"
#include "ports/db/db.h"

enum {
    TOPIC_NAME_MAX = 80, /* letters, digits, - and _ */
    TOPIC_TARGET_MAX = 2000,
    TOPIC_OWNER_MAX = 64,
    TOPIC_SUBJECT_MAX = 200,
    TOPIC_WORDS_MAX = 16 << 10,
    TOPIC_BODY_MAX = 256 << 10,
    TOPIC_ROUND_MAX = 100,  /* subscribers that are given a notice in one transaction */
    TOPIC_TRIES_MAX = 8,    /* of a delivery; some two minutes in all */
    TOPIC_ANSWER_MAX = 500, /* bytes of an answer that are kept */
    TOPIC_SECRET_TEXT = 64, /* "whsec_" and 32 bytes in base64 */
};

enum topic_channel { TOPIC_EMAIL, TOPIC_SMS, TOPIC_WEBHOOK, TOPIC_QUEUE, TOPIC_CHANNELS };

extern const char *const topic_channels[TOPIC_CHANNELS]; /* "email", … */

/* One that is there keeps its name and has its title changed. */
enum err topic_make(struct tx *tx, struct str name, struct str title);

struct topic_subscriber {
    struct str topic;
    enum topic_channel channel;
    struct str target; /* an address, a number, a URL or a queue's name */
    struct str owner;  /* whose it is: the id of a person or a customer; may be empty */
    struct str filter; /* of the body; empty is all */
};

/* ERR_INPUT with the field for what is wrong, ERR_MISSING where there is no such topic or queue.
 * Who is subscribed already has the filter changed, and is told the same id. */
enum err topic_subscribe(struct tx *tx, const struct topic_subscriber *subscriber,
                         char id[ID_TEXT_MAX]);
enum err topic_unsubscribe(struct tx *tx, struct str id); /* ERR_MISSING */

/* Whether an owner wants what a topic tells on a channel; they do until they say otherwise. */
enum err topic_prefer(struct tx *tx, struct str owner, struct str topic, enum topic_channel channel,
                      bool wants);

struct topic_notice {
    struct str topic;
    struct str subject, words; /* for people; words is what a short message says, too */
    struct str html;           /* the words for mails, made by a page; may be empty */
    struct str body;           /* for programs: a JSON object */
    struct str owner;          /* only to subscriptions of this one's; empty is everybody */
};

enum err topic_tell(struct tx *tx, const struct topic_notice *notice);

/* What a delivery became: "waiting", "sent" or "failed". */
struct topic_delivery {
    struct str id, topic, target, state, answer;
    enum topic_channel channel;
    int64_t tries, status, made_us, changed_us; /* status: of HTTP, 0 where there was none */
};

struct topic_deliveries {
    struct topic_delivery *list;
    size_t count;
};

/* The newest first: of one subscription, or with an empty id of all. */
enum err topic_deliveries(struct tx *tx, struct str subscription, struct str before, int64_t limit,
                          struct topic_deliveries *found);
enum err topic_deliver_again(struct tx *tx, struct str delivery); /* ERR_MISSING */

struct secrets;

/* What a webhook's receiver checks signatures with. */
enum err topic_secret(struct secrets *secrets, struct ctx *ctx, struct str subscription,
                      char text[TOPIC_SECRET_TEXT]);

/* Wired as consumers of these queues. */
#define TOPIC_QUEUE_TOLD    "topics"
#define TOPIC_QUEUE_EMAIL   "topics-email"
#define TOPIC_QUEUE_SMS     "topics-sms"
#define TOPIC_QUEUE_WEBHOOK "topics-webhook"

flow_apply_fn topic_fan_out;
flow_act_fn topic_deliver;

#endif
