/* Opens the watch on this program, and says who may read it without signing in. */
#include "app/watching.h"

#include "app/build_info.h"
#include "app/wiring.h"

static struct address_nets watchers; /* the setting */

enum err watching_load(struct app *app)
{
    return address_nets_parse(&app->ctx, "WATCH_FROM", app->settings.watch_from, &watchers);
}

enum err watching_open(struct app *app, const struct counter_registry *counters, struct db *db)
{
    struct watch_options options = {
        .counters = counters, .db = db, .version = BUILD_VERSION, .compiler = BUILD_COMPILER};
    TRY(str_cstr(&app->arena, app->settings.stoa_data, &options.folder));
    return watch_open(&wiring_watch, &app->ctx, &options);
}

void watching_close(void)
{
    watch_close(&wiring_watch);
}

bool watching_may(const struct request *request, const char *permission)
{
    return str_equal(str_from(permission), STR(WATCH_PERMISSION)) &&
           watch_may_read(request, &watchers);
}
