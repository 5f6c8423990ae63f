/* What sends or keeps a mail for the port. Private to ports/mail: a driver fills this table, mail.c
 * calls it.
 *
 *     TRY(driver->open(ctx, &place, &carrier));
 *     enum err err = driver->send(carrier, ctx, &letter);
 *     driver->close(carrier); */
#ifndef STOA_PORTS_MAIL_DRIVER_H
#define STOA_PORTS_MAIL_DRIVER_H

#include "ports/mail/mail.h"

struct mail_carrier;

/* A mail that was checked and composed. */
struct mail_letter {
    const char *id; /* "mail_01K…" */
    const char *from, *to;
    struct str composed;
};

struct mail_driver {
    const char *scheme; /* "smtp" */

    enum err (*open)(struct ctx *ctx, const struct mailer_options *options,
                     struct mail_carrier **carrier);
    void (*close)(struct mail_carrier *carrier);
    enum err (*send)(struct mail_carrier *carrier, struct ctx *ctx,
                     const struct mail_letter *letter);
    enum err (*reach)(struct mail_carrier *carrier, struct ctx *ctx, const char *from);

    /* NULL where nothing is kept. */
    enum err (*list)(struct mail_carrier *carrier, struct ctx *ctx, struct str before,
                     struct mail_row rows[], size_t room, size_t *count);
    enum err (*read)(struct mail_carrier *carrier, struct ctx *ctx, const char *id,
                     struct str *composed);
};

/* The drivers of this program; ends with NULL. Defined by who wires it. */
extern const struct mail_driver *const mail_drivers[];

extern const struct mail_driver mail_outbox, mail_smtp, mail_smtps;

#endif
