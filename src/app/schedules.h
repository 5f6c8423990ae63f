/* Schedules in this program: those that it declares, and the ticker that sends what is due.
 *
 *     struct schedule_ticker *ticker = NULL;
 *     TRY(schedules_open(app, &counters, db, &ticker));
 *     …
 *     schedule_ticker_close(ticker); */
#ifndef STOA_APP_SCHEDULES_H
#define STOA_APP_SCHEDULES_H

#include "app/app.h"
#include "flow/schedule_ticker.h"

/* The database is migrated, and is closed later. */
enum err schedules_open(struct app *app, struct counter_registry *counters, struct db *db,
                        struct schedule_ticker **ticker);

#endif
