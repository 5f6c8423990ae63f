/* Makes what lives as long as the process. */
#include "app/app.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

void app_init(struct app *app)
{
    *app = (struct app){.clock = clock_system(), .rand = rand_system(), .id_rand = rand_system()};
    arena_init(&app->arena, APP_ARENA_MAX);
    buf_init(&app->out, &app->arena, APP_OUTPUT_MAX);
    id_source_init(&app->ids, &app->clock, &app->id_rand);
    log_init(&app->log, STDERR_FILENO, LOG_INFO, &app->clock);
    app->ctx = (struct ctx){.arena = &app->arena,
                            .clock = &app->clock,
                            .rand = &app->rand,
                            .ids = &app->ids,
                            .log = &app->log};
}

void app_release(struct app *app)
{
    id_source_release(&app->ids);
    arena_release(&app->arena);
}

enum err app_load_settings(struct app *app)
{
    TRY(settings_load(&app->ctx, settings_table, SETTINGS_COUNT, settings_environ, NULL,
                      &app->settings));
    app->log.level = (enum log_level)app->settings.log_level;
    return ERR_OK;
}

enum err app_make_folder(struct app *app)
{
    const char *folder;
    TRY(str_cstr(&app->arena, app->settings.stoa_data, &folder));
    if (mkdir(folder, 0700) && errno != EEXIST)
        return err_system(&app->ctx.err, "The data folder cannot be made.", "mkdir %s", folder);
    return ERR_OK;
}
