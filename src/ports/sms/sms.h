/* Short messages: one text to one telephone, sent or kept by what SMS_URL names.
 *
 *     struct sms sms = {.id = id_new(ctx->ids), .to = STR("+4915112345678"), .text = text};
 *     TRY(sms_send(ports->sms, ctx, &sms));
 *
 *     outbox:              each is a file in the data folder's folder "texts"
 *     outbox:FOLDER        in another folder
 *     twilio://ACCOUNT@api.twilio.com       Twilio's Messages API, or another host that speaks it;
 *                                           ?tls=no is for one on this machine
 *
 * The secret sms_password is the account's token. The code says what to do:
 *
 *     ERR_INPUT    the number or the text is wrong, or the provider refuses this number
 *     ERR_BUSY     it was not sent; later it may be
 *     ERR_IO       the answer was lost: it may have been sent. Only who may send twice tries again
 *     ERR_PEER     the provider refuses it and sent nothing; the operator is told its words
 *
 * Any thread may send. */
#ifndef STOA_PORTS_SMS_SMS_H
#define STOA_PORTS_SMS_SMS_H

#include "base/ctx.h"
#include "base/id.h"
#include "base/str.h"

enum {
    SMS_TEXT_MAX = 1600, /* characters */
    SMS_DIGITS_MIN = 7,
    SMS_DIGITS_MAX = 15, /* E.164 */
    SMS_SENDER_MAX = 11, /* letters and digits of a sender that is no number */
    SMS_PAGE_MAX = 100,  /* of the outbox's list */
};

struct http_client;
struct sms_sender; /* opened once a process */

struct sms {
    struct id id;
    struct str to;   /* "+4915112345678" */
    struct str text; /* UTF-8 */
};

struct sms_options {
    struct str url;
    struct str folder;   /* the data folder, which is there */
    struct str from;     /* a number, or a name of letters and digits */
    struct str password; /* may be empty */
    struct http_client *http;
    bool only_looks; /* outbox: makes no folder, ERR_MISSING where there is none; for sms_reach */
};

/* Everything is copied; the client outlives it. ERR_INPUT names the setting that is wrong. */
enum err sms_open(struct ctx *ctx, const struct sms_options *options, struct sms_sender **opened);
void sms_close(struct sms_sender *sender); /* NULL is fine */

/* Whether the provider answers and knows our account; of an outbox, whether messages can be put in
 * it. For who looks after it; sends nothing. */
enum err sms_reach(struct sms_sender *sender, struct ctx *ctx);

enum err sms_send(struct sms_sender *sender, struct ctx *ctx, const struct sms *sms);

bool sms_is_number(struct str text); /* "+4915112345678" */

/* What the outbox keeps, newest first. Another driver keeps nothing: ERR_MISSING. */
struct sms_row {
    char id[ID_TEXT_MAX]; /* "sms_01K…" */
    int64_t sent_us;
    struct str to, text; /* in the context's arena */
};

/* At most `room` rows (and SMS_PAGE_MAX) older than the id `before`, which may be empty. */
enum err sms_list(struct sms_sender *sender, struct ctx *ctx, struct str before,
                  struct sms_row rows[], size_t room, size_t *count);

#endif
