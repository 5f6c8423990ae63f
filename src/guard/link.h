/* Links in mails: made for somebody, good once and for a while.
 *
 *     struct link link = {.kind = &link_reset, .person = &row.id};
 *     link_prepare(ctx, &link);
 *     TRY(link_write(tx, &link));                in a db_write's fn
 *     link_send(request, &link, email, name);    behind it
 *
 * What opens one (a reader that looks at links before people do) uses nothing up: that takes a form
 * that is sent. */
#ifndef STOA_GUARD_LINK_H
#define STOA_GUARD_LINK_H

#include "guard/inside.h"

typedef void link_subject(struct buf *out, const struct language *language, struct str site);
typedef void link_text(struct buf *out, const struct language *language, struct str name,
                       struct str site);

struct link_kind {
    const char *purpose; /* "verify"; also its path */
    int64_t good_us;
    const char *path;
    bool goes_bare; /* the mail has the path alone; what is written for it opens nothing */
    link_subject *subject;
    link_text *text;
};

extern const struct link_kind link_verify, link_reset, link_email;
extern const struct link_kind link_invite; /* a reset, the first time */
extern const struct link_kind link_known;  /* to who signs up, but is somebody already */
extern const struct link_kind link_taken;  /* to whose address another wants */
extern const struct link_kind link_nobody; /* written where nobody is, and opens nothing */

struct link {
    const struct link_kind *kind;
    const struct str *person, *email, *name; /* as the row has them; NULL is null */
    const struct language *language;         /* of the mail; NULL is the request's */
    char token[SECRET_TEXT], id[SECRET_TEXT];
};

void link_prepare(struct ctx *ctx, struct link *link);
enum err link_write(struct tx *tx, const struct link *link);

/* To an empty address: the mail is written, and goes nowhere. */
enum err link_send(struct request *request, const struct link *link, struct str email,
                   struct str name);

#endif
