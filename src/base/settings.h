/* Settings: what the environment may change, as a table that carries its own help.
 *
 *     PORT int 8080 1..65535                            a row of settings.tbl
 *       The port to listen on.
 *     struct settings settings;                         generated: .port is an int64_t
 *     TRY(settings_load(ctx, settings_table, SETTINGS_COUNT, settings_environ, NULL, &settings));
 *
 * A setting's name is the environment's variable. Every value is checked before the program does
 * anything, and a wrong one names the variable and says what would be right. The values of secret
 * ones are never shown. */
#ifndef STOA_BASE_SETTINGS_H
#define STOA_BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ctx.h"

/* How a value is written, and what it becomes in the generated struct. */
enum setting_kind {
    SETTING_TEXT,     /* anything: struct str */
    SETTING_INT,      /* a whole number from min to max: int64_t */
    SETTING_BOOL,     /* yes or no (also true, false, on, off, 1, 0): bool */
    SETTING_SIZE,     /* bytes: 4096, 64K, 16M, 2G: int64_t */
    SETTING_DURATION, /* 250ms, 30s, 5m, 2h, 7d: int64_t of microseconds */
    SETTING_CHOICE,   /* one of `choices`: int64_t, its place among them from 0 */
    SETTING_URL,      /* scheme:rest, the scheme one of `choices`: struct str */
};

struct setting {
    const char *name; /* "STOA_DATA" */
    enum setting_kind kind;
    const char *preset;  /* the value where the environment has none */
    int64_t min, max;    /* of a number, in its unit */
    const char *choices; /* "debug info warn error" */
    bool secret;
    const char *help;
    size_t offset; /* into the generated struct */
};

/* Looks a variable up: its value, or NULL. settings_environ asks the process's environment. */
typedef const char *settings_lookup(void *source, const char *name);
settings_lookup settings_environ;

/* Fills one place or all of the generated struct `into` from the table, the lookup and the presets;
 * an empty value is none. Texts point into what was looked up. The first wrong value fails with
 * ERR_INPUT and the variable's name as the field. */
enum err setting_load(struct ctx *ctx, const struct setting *setting, settings_lookup *lookup,
                      void *source, void *into);
enum err settings_load(struct ctx *ctx, const struct setting table[], size_t count,
                       settings_lookup *lookup, void *source, void *into);

/* Writes what a value must be: "a whole number from 1 to 65535". */
void setting_add_rule(struct buf *out, const struct setting *setting);

/* Writes the value in force as the table would have it written, or "(secret)". */
void setting_show(struct buf *out, const struct setting *setting, const void *settings);

/* Reads one value: sizes and durations are written so elsewhere too. */
enum err setting_parse_size(struct str text, int64_t *bytes);
enum err setting_parse_duration(struct str text, int64_t *duration_us);

#endif
