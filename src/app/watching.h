/* The watch of the program that serves: opened with what it looks at, and asked who may read it.
 *
 *     TRY(watching_open(app, &counters, db, events));
 *     if (watching_may(request, permission)) …          in the program's may()
 *     watching_close();                                 before the server and the database close */
#ifndef STOA_APP_WATCHING_H
#define STOA_APP_WATCHING_H

#include "app/app.h"
#include "watch/trace.h"
#include "watch/watch.h"

/* Reads WATCH_FROM: the settings are loaded. */
enum err watching_load(struct app *app);
enum err watching_open(struct app *app, const struct counter_registry *counters, struct db *db,
                       struct events *events);
void watching_close(void);

/* Where OTLP_URL is set, begins to send traces; `tracer` is NULL where it is not. */
enum err watching_trace(struct app *app, struct counter_registry *counters, struct tracer **tracer);
void watching_end_trace(void); /* once nothing is traced any more */

/* True where the permission is to read what is measured, and one of WATCH_FROM asks. */
bool watching_may(const struct request *request, const char *permission);

#endif
