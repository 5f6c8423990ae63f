/* What sends or keeps a short message for the port. Private to ports/sms: a driver fills this
 * table, sms.c calls it.
 *
 *     TRY(driver->open(ctx, options, &carrier));
 *     enum err err = driver->send(carrier, ctx, "sms_01K…", &sms);
 *     driver->close(carrier); */
#ifndef STOA_PORTS_SMS_DRIVER_H
#define STOA_PORTS_SMS_DRIVER_H

#include "ports/sms/sms.h"

struct sms_carrier;

struct sms_driver {
    const char *scheme; /* "twilio" */

    enum err (*open)(struct ctx *ctx, const struct sms_options *options,
                     struct sms_carrier **carrier);
    void (*close)(struct sms_carrier *carrier);
    enum err (*send)(struct sms_carrier *carrier, struct ctx *ctx, const char *id,
                     const struct sms *sms);
    enum err (*reach)(struct sms_carrier *carrier, struct ctx *ctx);

    /* NULL where nothing is kept. */
    enum err (*list)(struct sms_carrier *carrier, struct ctx *ctx, struct str before,
                     struct sms_row rows[], size_t room, size_t *count);
};

/* The drivers of this program; ends with NULL. Defined by who wires it. */
extern const struct sms_driver *const sms_drivers[];

extern const struct sms_driver sms_outbox, sms_twilio;

#endif
