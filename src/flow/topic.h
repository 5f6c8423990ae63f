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
    TOPIC_FILTER_MAX = 4 << 10,
    TOPIC_TELL_MAX = 10,         /* subscribers that are given a notice where it is told */
    TOPIC_ROUND_MAX = 100,       /* and in one transaction behind that */
    TOPIC_TRIES_MAX = 8,         /* of a delivery; some eight hours in all */
    TOPIC_SMS_TRIES_MAX = 4,     /* a minute: who reads it later is misled by it */
    TOPIC_FAILURES_MAX = 5,      /* of a webhook in a row; then it is left alone */
    TOPIC_SHUT_S = 60,           /* for so long, and again where it fails then */
    TOPIC_TURN_S = 24 * 60 * 60, /* for so long the secret before signs, too */
    TOPIC_KEPT_DAYS = 30,        /* notices and what became of them */
    TOPIC_SWEEP_MAX = 500,       /* of them that are forgotten at a time */
    TOPIC_WEBHOOK_THREADS = 16,  /* calls at once */
    TOPIC_RECEIVES_MAX = 1000,   /* of a carrier's message: it knows itself when to give up */
    TOPIC_ANSWER_MAX = 500,      /* bytes of an answer that are kept */
    TOPIC_SECRET_TEXT = 64,      /* "whsec_" and 32 bytes in base64 */
};

enum topic_channel { TOPIC_EMAIL, TOPIC_SMS, TOPIC_WEBHOOK, TOPIC_QUEUE, TOPIC_CHANNELS };

extern const char *const topic_channels[TOPIC_CHANNELS]; /* "email", … */

/* One that is there keeps its name and has its title changed. */
enum err topic_make(struct tx *tx, struct str name, struct str title);

struct topic_subscriber {
    struct str topic;
    enum topic_channel channel;
    struct str target;   /* an address, a number, a URL or a queue's name */
    struct str owner;    /* whose it is: the id of a person or a customer; may be empty */
    struct str filter;   /* of the body; empty is all */
    struct str language; /* of mails and short messages: "de"; may be empty */
};

/* ERR_INPUT with the field for what is wrong, ERR_MISSING where there is no such topic or queue.
 * Who is subscribed already has the filter changed, and is told the same id. */
enum err topic_subscribe(struct tx *tx, const struct topic_subscriber *subscriber,
                         char id[ID_TEXT_MAX]);

/* All of them ERR_MISSING where it ended. What is turned off hears nothing; what was on its way to
 * it fails. A secret that is turned is made anew. */
enum err topic_unsubscribe(struct tx *tx, struct str id);
enum err topic_refilter(struct tx *tx, struct str id, struct str filter);
enum err topic_turn_off(struct tx *tx, struct str id, bool off);
enum err topic_turn_secret(struct tx *tx, struct str id, int64_t *turns);
enum err topic_test(struct tx *tx, struct str id); /* tells it {"test": true}, and it alone */

/* Whether an owner wants what a topic tells on a channel; they do until they say otherwise. */
enum err topic_prefer(struct tx *tx, struct str owner, struct str topic, enum topic_channel channel,
                      bool wants);

struct topic_notice {
    struct str topic;
    struct str subject, words; /* for people, where no template has them; may be empty */
    struct str html;           /* the words for mails, made by a page; may be empty */
    struct str body;           /* for programs: a JSON object */
    struct str owner;          /* only to subscriptions of this one's; empty is everybody */
};

enum err topic_tell(struct tx *tx, const struct topic_notice *notice);

/* What a delivery became: "waiting", "sent" or "failed". */
struct topic_delivery {
    struct str id, topic, target, state, answer;
    bool is_sent, is_failed; /* the state once more */
    enum topic_channel channel;
    int64_t tries, status, took_ms, made_us, changed_us; /* status: of HTTP; 0 is none */
};

struct topic_deliveries {
    struct topic_delivery *list;
    size_t count;
};

/* The newest first: of one subscription, or with an empty id of all. */
enum err topic_deliveries(struct tx *tx, struct str subscription, struct str before, int64_t limit,
                          struct topic_deliveries *found);
/* ERR_CONFLICT where it is on its way, ERR_MISSING where what it told is forgotten. */
enum err topic_deliver_again(struct tx *tx, struct str delivery);

/* The newest of those that failed, at most TOPIC_ROUND_MAX: until *count is less than that. */
enum err topic_deliver_all_again(struct tx *tx, struct str subscription, int64_t *count);

/* What is told in a language: a subject and words with {{path.to.field}} of the notice's body,
 * which is nothing where the body has none. */
struct topic_template {
    struct str topic, language, subject, words;
};

/* Where a template is wrong: from 1 on; a line of 0 is nowhere. */
struct topic_place {
    int line, column;
};

struct topic_place topic_template_check(struct str text);
enum err topic_template_set(struct tx *tx, const struct topic_template *template);
enum err topic_template_drop(struct tx *tx, struct str topic, struct str language);

struct json;

/* With the body's values; of one line where `is_line`. */
enum err topic_template_fill(struct ctx *ctx, struct str text, const struct json *body,
                             bool is_line, struct str *filled);

struct secrets;

/* What a webhook's receiver checks signatures with, after so many turns. */
enum err topic_secret(struct secrets *secrets, struct ctx *ctx, struct str subscription,
                      int64_t turns, char text[TOPIC_SECRET_TEXT]);

/* Forgets what is older than it is kept: a bit at a time, until *removed is 0. */
enum err topic_sweep(struct tx *tx, int64_t *removed);

/* How things stand: what waits, and webhooks that fail. */
struct topic_state {
    int64_t waiting_us; /* since when the oldest delivery waits; 0: none does */
    int64_t failing, shut;
};

enum err topic_look(struct tx *tx, struct topic_state *state);

/* Wired as consumers of these queues. */
#define TOPIC_QUEUE_TOLD    "topics"
#define TOPIC_QUEUE_EMAIL   "topics-email"
#define TOPIC_QUEUE_SMS     "topics-sms"
#define TOPIC_QUEUE_WEBHOOK "topics-webhook"

flow_apply_fn topic_fan_out;
flow_carry_fn topic_carry;
flow_note_fn topic_note;

#endif
