/* What the files of topics share. Private to them.
 *
 *     TRY(topic_channel_read(text, &channel));
 *     topic_add_payload(&out, id, &notice); */
#ifndef STOA_FLOW_TOPIC_INSIDE_H
#define STOA_FLOW_TOPIC_INSIDE_H

#include "base/buf.h"
#include "flow/flow_sql.h"
#include "flow/topic.h"

struct json;

enum { TOPIC_KEY_SIZE = 32, TOPIC_PAYLOAD_MAX = TOPIC_BODY_MAX + TOPIC_SUBJECT_MAX + 1024 };

const char *topic_queue_of(enum topic_channel channel); /* of what carries it */
enum topic_channel topic_channel_of(struct str text);   /* TOPIC_CHANNELS where it is none */

/* What programs are sent: {"id", "type", "timestamp", "subject", "data"}. */
void topic_add_payload(struct buf *out, struct str id, const struct topic_notice_find_row *notice,
                       const struct json *body);

/* The key of one subscription's signatures, of the newest version. */
enum err topic_key(struct secrets *secrets, struct ctx *ctx, struct str subscription,
                   unsigned char key[TOPIC_KEY_SIZE]);

/* "v1," and the base64 of the HMAC-SHA256 of "id.timestamp.body". */
void topic_sign(struct buf *out, const unsigned char key[TOPIC_KEY_SIZE], struct str id,
                int64_t timestamp_s, struct str body);

#endif
