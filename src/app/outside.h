/* What the program has of the outside beside the database: opened before it serves, closed behind.
 *
 *     enum err err = outside_open(app, &counters, &ports);
 *     …
 *     outside_close(&ports);                              whatever of it was opened
 *
 * Who only looks opens one by one, behind the secrets and in the order in which they stand here. */
#ifndef STOA_APP_OUTSIDE_H
#define STOA_APP_OUTSIDE_H

#include "app/app.h"
#include "base/counter.h"
#include "web/request.h"

/* ERR_INPUT, with the setting's name as the field, for a setting that cannot be. */
enum err outside_open(struct app *app, struct counter_registry *counters, struct ports *ports);
void outside_close(struct ports *ports);

struct outside_how {
    struct counter_registry *counters; /* may be NULL */
    bool only_looks; /* makes nothing: ERR_MISSING where a folder is not there yet */
};

enum err outside_open_cache(struct app *app, const struct outside_how *how, struct ports *ports);
enum err outside_open_mail(struct app *app, const struct outside_how *how, struct ports *ports);
enum err outside_open_http(struct app *app, const struct outside_how *how, struct ports *ports);
enum err outside_open_sms(struct app *app, const struct outside_how *how, struct ports *ports);
enum err outside_open_files(struct app *app, const struct outside_how *how, struct ports *ports);

#endif
