/* The command link: gives somebody who has no account one object, or a place for one. */
#include <string.h>

#include "app/commands_table.h"
#include "app/files.h"
#include "app/sandbox.h"
#include "app/secret.h"
#include "ports/http/client.h"
#include "ports/objects/objects.h"
#include "ports/secrets/secrets.h"

enum { LASTS_USUALLY_S = 24 * 3600 };

static enum err make_link(struct app *app, struct objects *objects,
                          const struct arguments *arguments, enum objects_link_use use)
{
    struct str url, site = app->settings.site_url;
    int64_t lasts_s = LASTS_USUALLY_S;
    if (arguments->word_count > 2 &&
        str_to_int(str_from(arguments->words[2]), 1, OBJECTS_LINK_MAX_S, &lasts_s))
        return err_input(&app->ctx.err, "SECONDS", "must be from 1 to %d", OBJECTS_LINK_MAX_S);
    TRY(objects_link(objects, &app->ctx, use, str_from(arguments->words[1]), lasts_s, &url));
    if (str_starts(url, STR("/")))
        buf_add(&app->out, str_ends(site, STR("/")) ? str_slice(site, 0, site.len - 1) : site);
    buf_add(&app->out, url);
    buf_addc(&app->out, '\n');
    return ERR_OK;
}

static enum err with_ports(struct app *app, struct ports *ports, const struct arguments *arguments,
                           enum objects_link_use use)
{
    struct http_client_options options = {.counters = NULL};
    TRY(sandbox_forbid_cores(app));
    TRY(secret_open(app, &ports->secrets));
    TRY(http_client_open(&app->ctx, &options, &ports->http));
    TRY(files_open(app, false, ports));
    return make_link(app, ports->objects, arguments, use);
}

enum err command_link(struct app *app, const struct arguments *arguments)
{
    struct ports ports = {0};
    bool puts = strcmp(arguments->words[0], "put") == 0;
    if (!puts && strcmp(arguments->words[0], "get") != 0)
        return err_input(&app->ctx.err, "link", "usage: stoa link get|put NAME [SECONDS]");
    TRY(app_load_settings(app));
    enum err err = with_ports(app, &ports, arguments, puts ? OBJECTS_LINK_PUT : OBJECTS_LINK_GET);
    if (ports.objects)
        objects_close(ports.objects);
    if (ports.http)
        http_client_close(ports.http);
    if (ports.secrets)
        secrets_close(ports.secrets);
    return err;
}
