/* Mail: one message to one person, sent or kept by what MAIL_URL names.
 *
 *     struct mail mail = {.id = id_new(ctx->ids),
 *                         .to = {.name = STR("Ada"), .address = STR("ada@example.com")},
 *                         .subject = STR("Your order is on its way"),
 *                         .text = text};
 *     TRY(mail_send(ports->mail, ctx, &mail));
 *
 *     outbox:              each mail is a file in the data folder's outbox
 *     outbox:FOLDER        in another folder
 *     smtp://user:password@host:587?tls=required|opportunistic|no
 *     smtps://user:password@host:465              both: &ca=FILE for authorities of one's own
 *
 * A mail is composed as MIME of its id and its fields alone: sending the same again is the same
 * bytes, with the same Message-ID, so that a reader who gets it twice sees it once. Every field is
 * checked; nothing that is put into one can become a header of its own.
 *
 * mail_send tries again by itself, MAIL_TRIES times within the context's deadline, where the
 * server said that it is passing (4xx) or did not answer. It never does after the mail was handed
 * over and the answer to that was lost: the server may have taken it. The code says what to do:
 *
 *     ERR_INPUT    a field is wrong, or the server refuses this address; the field is named
 *     ERR_BUSY     it was not sent; later it may be (a queue tries the same mail again)
 *     ERR_TIMEOUT  it was not sent in time; later it may be
 *     ERR_IO       the answer was lost: it may have been sent. Only who may send twice tries again
 *     ERR_PEER     it was not sent: the server refuses it, or the login or a certificate is wrong.
 *                  The operator's words are the server's
 *
 * Any thread may send. */
#ifndef STOA_PORTS_MAIL_MAIL_H
#define STOA_PORTS_MAIL_MAIL_H

#include "base/buf.h"
#include "base/counter.h"
#include "base/ctx.h"
#include "base/id.h"
#include "base/str.h"

enum {
    MAIL_ADDRESS_MAX = 254,
    MAIL_NAME_MAX = 200,    /* bytes of a person's or a file's name */
    MAIL_SUBJECT_MAX = 500, /* bytes */
    MAIL_TEXT_MAX = 2 << 20,
    MAIL_ATTACHMENTS_MAX = 20,
    MAIL_BYTES_MAX = 20 << 20, /* the attachments together */
    MAIL_COMPOSED_MAX = 32 << 20,
    MAIL_TRIES = 3,
    MAIL_PAUSE_MS = 500,     /* before the second try; doubles */
    MAIL_TIMEOUT_MS = 60000, /* of one try, where the context has no deadline */
    MAIL_CONNECT_MS = 15000, /* of that, until there is a connection */
    MAIL_PAGE_MAX = 100,     /* of the outbox's list */
};

struct mailer;

struct mail_address {
    struct str name; /* may be empty */
    struct str address;
};

struct mail_attachment {
    struct str name; /* "invoice.pdf" */
    struct str type; /* "application/pdf" */
    struct str bytes;
};

struct mail {
    struct id id; /* of this mail for ever: its Message-ID, and its date */
    struct mail_address to;
    struct mail_address reply_to; /* an empty address: none */
    struct str subject;
    struct str text;             /* for every reader; not empty */
    struct str html;             /* the same for those who like it; may be empty */
    struct str language;         /* "de"; may be empty */
    struct str list_unsubscribe; /* an https: URL that one POST unsubscribes at; may be empty */
    const struct mail_attachment *attachments;
    size_t attachment_count;
};

struct mailer_options {
    struct str url;
    struct str folder;   /* the data folder, which is there */
    struct str from;     /* "Stoa <shop@example.com>", or the address alone */
    struct str password; /* where the URL names a user and no password; may be empty */
    struct counter_registry *counters; /* may be NULL; outlives the mailer */
    bool only_looks; /* outbox: makes no folder, ERR_MISSING where there is none; for mail_reach */
};

/* Everything is copied. ERR_INPUT names the setting that is wrong. */
enum err mail_open(struct ctx *ctx, const struct mailer_options *options, struct mailer **opened);
void mail_close(struct mailer *mailer); /* NULL is fine */

/* Whether the server answers, speaks TLS as the URL wants it and takes our login; of an outbox,
 * whether mails can be put in it. For who looks after it; sends nothing, and tries once. */
enum err mail_reach(struct mailer *mailer, struct ctx *ctx);

enum err mail_send(struct mailer *mailer, struct ctx *ctx, const struct mail *mail);

/* What is sent, whole: headers and body, lines ended by CR LF. */
enum err mail_compose(struct ctx *ctx, const struct mail *mail, const struct mail_address *from,
                      struct buf *out);

/* What mail_compose checks first. Texts are UTF-8; those of headers hold no controls. */
enum err mail_check(struct ctx *ctx, const struct mail *mail);
bool mail_is_address(struct str address); /* "ada@example.com", in ASCII */

/* Reads "Ada <ada@example.com>" or "ada@example.com"; false where it is neither. */
bool mail_read_address(struct str text, struct mail_address *address);

/* A composed mail taken apart for who looks at it, in the context's arena: its head as it is, and
 * its text as people read it. Nothing of it is trusted: it is for a page that escapes it. */
struct mail_view {
    struct str head, subject, text;
    bool has_html; /* which is not shown */
};

enum err mail_view(struct ctx *ctx, struct str composed, struct mail_view *view);

/* Since it was opened: taken by the server or the folder, failed, and those that a thread is
 * sending just now. `keeps`: mail_list and mail_read find what was sent. */
struct mail_counts {
    int64_t sent, failed, under_way;
    bool keeps;
};

struct mail_counts mail_count(const struct mailer *mailer);

/* What the outbox keeps, newest first. Another driver keeps nothing: ERR_MISSING. */
struct mail_row {
    char id[ID_TEXT_MAX]; /* "mail_01K…" */
    int64_t sent_us;
    int64_t bytes;
    struct str to, subject; /* in the context's arena */
};

/* At most `room` rows (and MAIL_PAGE_MAX) older than the id `before`, which may be empty. */
enum err mail_list(struct mailer *mailer, struct ctx *ctx, struct str before,
                   struct mail_row rows[], size_t room, size_t *count);

/* The composed mail, in the context's arena. ERR_MISSING where there is none of that id. */
enum err mail_read(struct mailer *mailer, struct ctx *ctx, struct str id, struct str *composed);

#endif
