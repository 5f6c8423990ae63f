/* Opens the shop as the settings have it. */
#ifndef STOA_APP_SHOPPING_H
#define STOA_APP_SHOPPING_H

#include "app/app.h"
#include "web/request.h"

/* ERR_INPUT, with the setting's name as the field, for a setting that cannot be. */
enum err shopping_open(struct app *app, const struct ports *ports);
void shopping_close(void);

#endif
