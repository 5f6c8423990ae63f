/* What the program has of the outside beside the database: opened before it serves, closed behind.
 *
 *     enum err err = outside_open(app, &counters, &ports);
 *     …
 *     outside_close(&ports);                              whatever of it was opened */
#ifndef STOA_APP_OUTSIDE_H
#define STOA_APP_OUTSIDE_H

#include "app/app.h"
#include "base/counter.h"
#include "web/request.h"

/* ERR_INPUT, with the setting's name as the field, for a setting that cannot be. */
enum err outside_open(struct app *app, struct counter_registry *counters, struct ports *ports);
void outside_close(struct ports *ports);

#endif
