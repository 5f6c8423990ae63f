/* The mailer of this program, from the settings.
 *
 *     struct mailer *mail;
 *     TRY(mailing_open(app, secrets, &how, &mail));         the settings were loaded
 *     mail_close(mail); */
#ifndef STOA_APP_MAILING_H
#define STOA_APP_MAILING_H

#include "app/outside.h"
#include "ports/mail/mail.h"
#include "ports/secrets/secrets.h"

/* The secret mail_password is the password where MAIL_URL names a user and none. */
enum err mailing_open(struct app *app, struct secrets *secrets, const struct outside_how *how,
                      struct mailer **mailer);

#endif
