/* Opens and closes the ports to the outside, as the settings have them. */
#include "app/outside.h"

#include "app/files.h"
#include "app/mailing.h"
#include "app/secret.h"
#include "ports/cache/cache.h"
#include "ports/http/client.h"
#include "ports/sms/sms.h"

enum err outside_open_http(struct app *app, const struct outside_how *how, struct ports *ports)
{
    struct http_client_options options = {.counters = how->counters};
    TRY(address_nets_parse(&app->ctx, "OUTBOUND_ALLOWED", app->settings.outbound_allowed,
                           &options.allowed));
    return http_client_open(&app->ctx, &options, &ports->http);
}

enum err outside_open_cache(struct app *app, const struct outside_how *how, struct ports *ports)
{
    struct cache_options options = {.url = app->settings.cache_url, .counters = how->counters};
    return cache_open(&app->ctx, &options, &ports->cache);
}

enum err outside_open_sms(struct app *app, const struct outside_how *how, struct ports *ports)
{
    struct sms_options options = {.url = app->settings.sms_url,
                                  .folder = app->settings.stoa_data,
                                  .from = app->settings.sms_from,
                                  .http = ports->http,
                                  .only_looks = how->only_looks};
    enum err err = secrets_get(ports->secrets, &app->ctx, "sms_password", &options.password);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&app->ctx.err);
    return sms_open(&app->ctx, &options, &ports->sms);
}

enum err outside_open_mail(struct app *app, const struct outside_how *how, struct ports *ports)
{
    return mailing_open(app, ports->secrets, how, &ports->mail);
}

enum err outside_open_files(struct app *app, const struct outside_how *how, struct ports *ports)
{
    return files_open(app, how->only_looks, ports);
}

enum err outside_open(struct app *app, struct counter_registry *counters, struct ports *ports)
{
    const struct outside_how how = {.counters = counters};
    TRY(secret_open(app, &ports->secrets));
    TRY(outside_open_cache(app, &how, ports));
    TRY(outside_open_mail(app, &how, ports));
    TRY(outside_open_http(app, &how, ports));
    TRY(outside_open_sms(app, &how, ports));
    return outside_open_files(app, &how, ports);
}

void outside_close(struct ports *ports)
{
    if (ports->objects)
        objects_close(ports->objects);
    sms_close(ports->sms);
    if (ports->http)
        http_client_close(ports->http);
    if (ports->cache)
        cache_close(ports->cache);
    mail_close(ports->mail);
    secrets_close(ports->secrets);
}
