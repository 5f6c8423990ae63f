/* Opens and closes the ports to the outside, as the settings have them. */
#include "app/outside.h"

#include "app/files.h"
#include "app/mailing.h"
#include "app/secret.h"
#include "ports/cache/cache.h"
#include "ports/http/client.h"
#include "ports/sms/sms.h"

static enum err open_http(struct app *app, struct counter_registry *counters, struct ports *ports)
{
    struct http_client_options options = {.counters = counters};
    TRY(address_nets_parse(&app->ctx, "OUTBOUND_ALLOWED", app->settings.outbound_allowed,
                           &options.allowed));
    return http_client_open(&app->ctx, &options, &ports->http);
}

static enum err open_cache(struct app *app, struct counter_registry *counters, struct ports *ports)
{
    struct cache_options options = {.url = app->settings.cache_url, .counters = counters};
    return cache_open(&app->ctx, &options, &ports->cache);
}

static enum err open_sms(struct app *app, struct ports *ports)
{
    struct sms_options options = {.url = app->settings.sms_url,
                                  .folder = app->settings.stoa_data,
                                  .from = app->settings.sms_from,
                                  .http = ports->http};
    enum err err = secrets_get(ports->secrets, &app->ctx, "sms_password", &options.password);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&app->ctx.err);
    return sms_open(&app->ctx, &options, &ports->sms);
}

enum err outside_open(struct app *app, struct counter_registry *counters, struct ports *ports)
{
    TRY(secret_open(app, &ports->secrets));
    TRY(open_cache(app, counters, ports));
    TRY(mailing_open(app, ports->secrets, counters, &ports->mail));
    TRY(open_http(app, counters, ports));
    TRY(open_sms(app, ports));
    return files_open(app, ports);
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
