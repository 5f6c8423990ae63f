/* Opens the mailer that the settings name. */
#include "app/mailing.h"

enum err mailing_open(struct app *app, struct secrets *secrets, const struct outside_how *how,
                      struct mailer **mailer)
{
    struct mailer_options options = {.url = app->settings.mail_url,
                                     .folder = app->settings.stoa_data,
                                     .from = app->settings.mail_from,
                                     .counters = how->counters,
                                     .only_looks = how->only_looks};
    TRY(app_make_folder(app));
    enum err err = secrets_get(secrets, &app->ctx, "mail_password", &options.password);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&app->ctx.err);
    return mail_open(&app->ctx, &options, mailer);
}
