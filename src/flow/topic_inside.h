/* What the files of topics share. Private to them.
 *
 *     struct topic_round round = {.notice_id = id, .notice = notice, .body = tree};
 *     TRY(topic_give_round(tx, &round, TOPIC_ROUND_MAX));
 *     topic_add_payload(&out, id, &round.notice, round.body); */
#ifndef STOA_FLOW_TOPIC_INSIDE_H
#define STOA_FLOW_TOPIC_INSIDE_H

#include "base/buf.h"
#include "flow/flow_sql.h"
#include "flow/topic.h"

struct json;
struct http_client_answer;

enum { TOPIC_KEY_SIZE = 32, TOPIC_PAYLOAD_MAX = TOPIC_BODY_MAX + TOPIC_SUBJECT_MAX + 1024 };

const char *topic_queue_of(enum topic_channel channel); /* of what carries it */
enum topic_channel topic_channel_of(struct str text);   /* TOPIC_CHANNELS where it is none */

/* What programs are sent: {"id", "type", "timestamp", "subject", "data"}. */
struct topic_payload {
    struct str id, topic, subject;
    int64_t made_us;
    const struct json *body;
};

void topic_add_payload(struct buf *out, const struct topic_payload *payload);

/* A place in the order of a topic's subscribers, and what they are given from there on. */
struct topic_round {
    struct topic_payload payload; /* with the notice's id */
    struct str owner;
    struct {
        struct str channel, target, owner;
    } from;
};

/* Gives it to so many subscribers, and leaves the rest to topic_fan_out. */
enum err topic_give_round(struct tx *tx, const struct topic_round *round, int64_t limit);

/* The key of one subscription's signatures after so many turns. */
enum err topic_key(struct secrets *secrets, struct ctx *ctx, struct str subscription, int64_t turns,
                   unsigned char key[TOPIC_KEY_SIZE]);

/* "v1," and the base64 of the HMAC-SHA256 of "id.timestamp.body". */
void topic_sign(struct buf *out, const unsigned char key[TOPIC_KEY_SIZE], struct str id,
                int64_t timestamp_s, struct str body);

/* A delivery that is carried, and what came of it. */
struct topic_carrying {
    struct str id; /* "dlv_…" */
    struct topic_delivery_load_row is;
    const char *state;
    struct str answer;
    int64_t status, took_ms;
    bool tried; /* it was, and not only looked at */
};

typedef enum err topic_carry_fn(struct ctx *ctx, const struct ports *ports,
                                struct topic_carrying *carrying);
topic_carry_fn topic_carry_mail, topic_carry_sms, topic_carry_webhook;

/* A notice as somebody reads it: by a template where the topic has one, else as it was told. */
struct topic_words {
    struct str subject, words;
    bool by_template;
};

enum err topic_words_make(struct ctx *ctx, const struct ports *ports,
                          const struct topic_delivery_load_row *is, struct topic_words *words);

#endif
