/* What an open database is made of. Private to ports/db: db.c, migrate.c and db_backup.c share it.
 *
 *     TRY(db_open_engine(ctx, options, &driver, &engine));
 *     enum err err = driver->restore(engine, ctx, path);
 *     driver->close(engine); */
#ifndef STOA_PORTS_DB_DB_INSIDE_H
#define STOA_PORTS_DB_DB_INSIDE_H

#include "base/histogram.h"
#include "base/thread.h"
#include "ports/db/db_slow.h"
#include "ports/db/driver.h"
#include "ports/db/funnel.h"

struct db {
    const struct db_driver *driver;
    struct db_engine *engine;
    struct funnel *funnel; /* NULL for who only looks */
    const struct schema *const *schemas;
    struct db_slow slow;
    struct histogram reads;
    struct histogram_cells read_cells;

    pthread_mutex_t lock;
    pthread_cond_t freed;                       /* a reader is idle, or may be connected */
    struct db_connection *idle[DB_READERS_MAX]; /* the newest last, so that few stay warm */
    size_t idle_count, reader_count;            /* under the lock */
};

/* What a transaction of this database is measured by. */
static inline struct db_slow *db_slow_of(struct db *db)
{
    return db->slow.limit_us ? &db->slow : NULL;
}

/* Finds the URL's driver and opens its engine, connecting nobody. */
enum err db_open_engine(struct ctx *ctx, const struct db_options *options,
                        const struct db_driver **driver, struct db_engine **engine);

#endif
