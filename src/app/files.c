/* Opens the store of objects that the settings name. */
#include "app/files.h"

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

enum err files_open(struct app *app, struct objects **objects)
{
    struct objects_options options = {.url = {0}};
    TRY(locate(app, &options.url));
    return objects_open(&app->ctx, &options, objects);
}
