/* Where the database of this program is, from the settings, for the commands that need one.
 *
 *     struct db_options options;
 *     TRY(database_locate(app, &options));          nothing is made yet
 *     TRY(db_open(&app->ctx, &options, &db)); */
#ifndef STOA_APP_DATABASE_H
#define STOA_APP_DATABASE_H

#include "app/app.h"
#include "ports/db/db.h"

/* Fills in the URL and the rooms; the settings were loaded. "sqlite:stoa.db" is a file in the data
 * folder, and the URL then says so. */
enum err database_locate(struct app *app, struct db_options *options);

/* The path of SQLite's file; empty for another engine. */
struct str database_file(const struct db_options *options);

/* Opens it to be changed; what is not there yet is made. `counters` may be NULL. */
enum err database_open(struct app *app, struct counter_registry *counters, struct db **db);

/* Opens what is there, to look alone: a mistyped name does not become an empty database that is
 * then found to be sound. */
enum err database_open_to_look(struct app *app, struct db **db);

#endif
