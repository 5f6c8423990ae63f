/* The program: what lives as long as the process, made once in main and handed down. */
#ifndef STOA_APP_APP_H
#define STOA_APP_APP_H

#include "app/settings_table.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/log.h"

enum { APP_ARENA_MAX = 64 << 20, APP_OUTPUT_MAX = 8 << 20 };

struct app {
    struct settings settings; /* once app_load_settings was called */
    struct clock clock;
    struct rand rand, id_rand;
    struct id_source ids;
    struct log log;
    struct arena arena;
    struct ctx ctx;          /* of the command that runs */
    struct buf out;          /* what the command says */
    const char *const *argv; /* how the program was started */
};

void app_init(struct app *app);
void app_release(struct app *app);

/* Reads the settings from the environment; the log's level is in force from then on. */
enum err app_load_settings(struct app *app);

/* Makes the data folder where it is not there yet; the settings were loaded. */
enum err app_make_folder(struct app *app);

#endif
