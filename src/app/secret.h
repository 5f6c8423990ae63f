/* The secrets of this program, from the settings.
 *
 *     struct secrets *secrets;
 *     TRY(secret_open(app, &secrets));                the settings were loaded
 *     secrets_close(secrets); */
#ifndef STOA_APP_SECRET_H
#define STOA_APP_SECRET_H

#include "app/app.h"
#include "ports/secrets/secrets.h"

/* Makes the data folder, and the master key in it, where they are not there yet. */
enum err secret_open(struct app *app, struct secrets **secrets);

/* Makes no key; where there is none yet, what is opened is of this process alone. */
enum err secret_look(struct app *app, struct secrets **secrets);

#endif
