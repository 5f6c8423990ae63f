/* Opens the store of objects that the settings name. */
#include "app/files.h"

#include "ports/secrets/secrets.h"

static const char scheme[] = "dir:";

static enum err locate(struct app *app, struct str *url)
{
    struct buf located;
    *url = app->settings.objects_url;
    struct str folder = str_slice(*url, sizeof scheme - 1, url->len);
    if (!str_starts(*url, str_from(scheme)) || !folder.len || folder.ptr[0] == '/')
        return ERR_OK;
    buf_init(&located, &app->arena, APP_OUTPUT_MAX);
    buf_addf(&located, "%s" STR_FMT "/" STR_FMT, scheme, STR_ARG(app->settings.stoa_data),
             STR_ARG(folder));
    *url = buf_str(&located);
    return buf_err(&located) ? err_memory(&app->ctx.err) : ERR_OK;
}

/* One a version, the newest last. */
static enum err seal_keys(struct app *app, struct secrets *secrets, struct objects_options *options)
{
    static const char purpose[] = "objects";
    uint32_t newest = secrets_newest(secrets, purpose);
    if (newest > OBJECTS_KEYS_MAX)
        return err_fail(&app->ctx.err, ERR_LIMIT, "There are too many keys for files.",
                        "the purpose objects has %u keys; at most %d can be used", newest,
                        OBJECTS_KEYS_MAX);
    unsigned char(*keys)[OBJECTS_KEY_BYTES] = arena_array(&app->arena, newest, OBJECTS_KEY_BYTES);
    if (!keys)
        return err_memory(&app->ctx.err);
    for (uint32_t i = 0; i < newest; i++)
        TRY(secrets_key_version(secrets, &app->ctx, purpose, i + 1, keys[i]));
    options->seal_keys = (const unsigned char(*)[OBJECTS_KEY_BYTES])keys;
    options->seal_key_count = newest;
    return ERR_OK;
}

enum err files_open(struct app *app, bool only_looks, struct ports *ports)
{
    unsigned char link_key[OBJECTS_KEY_BYTES];
    struct objects_options options = {.http = ports->http,
                                      .link_key = link_key,
                                      .link_base = STR("/objects/"),
                                      .only_looks = only_looks};
    TRY(locate(app, &options.url));
    TRY(seal_keys(app, ports->secrets, &options));
    TRY(secrets_key(ports->secrets, &app->ctx, "objects_link", link_key));
    return objects_open(&app->ctx, &options, &ports->objects);
}
