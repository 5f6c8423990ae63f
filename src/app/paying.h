/* How this shop is paid, from the settings: which providers are on.
 *
 *     TRY(paying_open(app, ports));           the ports are open
 *     … wiring_shop.payments …                    those of SHOP_PAYMENTS, in its order */
#ifndef STOA_APP_PAYING_H
#define STOA_APP_PAYING_H

#include "app/app.h"
#include "web/request.h"

/* ERR_INPUT with the field SHOP_PAYMENTS for a word that is no provider, and for stripe without its
 * key. */
enum err paying_open(struct app *app, const struct ports *ports);

#endif
