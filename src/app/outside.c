/* Opens and closes the ports to the outside, as the settings have them. */
#include "app/outside.h"

#include "app/files.h"
#include "app/mailing.h"
#include "app/secret.h"
#include "ports/http/client.h"

static enum err open_http(struct app *app, struct counter_registry *counters, struct ports *ports)
{
    struct http_client_options options = {.counters = counters};
    TRY(address_nets_parse(&app->ctx, "OUTBOUND_ALLOWED", app->settings.outbound_allowed,
                           &options.allowed));
    return http_client_open(&app->ctx, &options, &ports->http);
}

enum err outside_open(struct app *app, struct counter_registry *counters, struct ports *ports)
{
    TRY(secret_open(app, &ports->secrets));
    TRY(mailing_open(app, ports->secrets, &ports->mail));
    TRY(open_http(app, counters, ports));
    return files_open(app, ports);
}

void outside_close(struct ports *ports)
{
    if (ports->objects)
        objects_close(ports->objects);
    if (ports->http)
        http_client_close(ports->http);
    mailer_close(ports->mail);
    secrets_close(ports->secrets);
}
