/* What a message carries beside its body: attributes, and the sums that SDKs check.
 *
 *     struct sqs_attributes attributes;
 *     TRY(sqs_attributes_read(call, tree, &attributes));          by name, each checked
 *     sqs_attributes_md5(&attributes, md5);
 *     TRY(sqs_attributes_keep(call->ctx, &attributes, trace, &kept));      text, for the queue
 *
 * What is kept with a message is {"attributes":{…},"trace":"…"}, and nothing where it has neither.
 */
#ifndef STOA_FLOW_SQS_SQS_MESSAGE_H
#define STOA_FLOW_SQS_SQS_MESSAGE_H

#include "flow/sqs/sqs_inside.h"

enum { SQS_ATTRIBUTES_MAX = 10, SQS_ATTRIBUTE_NAME_MAX = 256, SQS_MD5_TEXT = 33 };

struct sqs_attribute {
    struct str name, type;
    struct str text;  /* as it is sent: of a binary one in base64 */
    struct str bytes; /* what is meant */
    bool is_binary;
};

struct sqs_attributes {
    struct sqs_attribute list[SQS_ATTRIBUTES_MAX];
    size_t count;
};

void sqs_md5(struct str bytes, char md5[SQS_MD5_TEXT]);

/* `tree` may be NULL, and is not trusted. */
enum err sqs_attributes_read(struct sqs_call *call, const struct json *tree,
                             struct sqs_attributes *attributes);
size_t
sqs_attributes_size(const struct sqs_attributes *attributes); /* that counts as the message */
void sqs_attributes_md5(const struct sqs_attributes *attributes, char md5[SQS_MD5_TEXT]);
void sqs_attributes_write(struct json_writer *w, const struct sqs_attributes *attributes);

/* What the queue keeps, and the same taken apart again: of what another protocol wrote, nothing. */
enum err sqs_kept_write(struct ctx *ctx, const struct sqs_attributes *attributes, struct str trace,
                        struct str *kept);
enum err sqs_kept_read(struct sqs_call *call, struct str kept, struct sqs_attributes *attributes,
                       struct str *trace);

#endif
