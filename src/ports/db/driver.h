/* What an engine does for the port. Private to ports/db: a driver fills this table, db.c and
 * funnel.c call it. Every function may fail, records it in ctx->err, and leaves the connection
 * either usable or broken (is_broken), in which case it is closed and another one opened.
 *
 *     TRY(driver->connect(engine, ctx, DB_READER, &connection));
 *     enum err err = driver->begin(connection, ctx);
 *     …
 *     driver->is_broken(connection) ? driver->disconnect(connection) : keep(connection); */
#ifndef STOA_PORTS_DB_DRIVER_H
#define STOA_PORTS_DB_DRIVER_H

#include "base/buf.h"
#include "ports/db/db.h"

struct db_engine;     /* one a database and process: path, locks, addresses */
struct db_connection; /* one thread at a time */

enum db_role { DB_READER, DB_WRITER };

struct db_driver {
    const char *scheme; /* "sqlite" */
    bool is_far;        /* beyond a network: tx_is_far */

    enum err (*open)(struct ctx *ctx, const struct db_options *options, struct db_engine **engine);
    void (*close)(struct db_engine *engine);

    enum err (*connect)(struct db_engine *engine, struct ctx *ctx, enum db_role role,
                        struct db_connection **connection);
    void (*disconnect)(struct db_connection *connection);
    bool (*is_broken)(const struct db_connection *connection);

    /* A reader's transaction, or a batch of the writer (between processes: waits for its turn).
     * commit tells the position of what it made durable; rollback never fails. */
    enum err (*begin)(struct db_connection *connection, struct ctx *ctx);
    enum err (*commit)(struct db_connection *connection, struct ctx *ctx, int64_t *position);
    void (*rollback)(struct db_connection *connection);

    /* A reader may keep something of a read for its next one, which begin checks. Where it does,
     * let_go is called soon after its last read; both are NULL where none does. */
    bool (*keeps)(const struct db_connection *connection);
    void (*let_go)(struct db_connection *connection);

    /* Around each fn of a batch. ERR_BUSY from release, or from commit, means: nothing of the
     * batch stands, run its fns again one by one. `is_open`: the transaction is still the one
     * begun. */
    enum err (*savepoint)(struct db_connection *connection, struct ctx *ctx);
    enum err (*release)(struct db_connection *connection, struct ctx *ctx);
    enum err (*undo)(struct db_connection *connection, struct ctx *ctx);
    bool (*is_open)(const struct db_connection *connection);

    /* Waits for what was sent ahead of its answer, as commit would; NULL where nothing is. */
    enum err (*settle)(struct db_connection *connection, struct ctx *ctx);

    /* With careful set, exec waits for each answer: a failure is told to the fn that it is of. */
    void (*set_careful)(struct db_connection *connection, bool careful);

    /* True where what failed may succeed when it is run again: a serialisation failure, a
     * deadlock, a lost connection before the commit. */
    bool (*may_retry)(const struct db_connection *connection);

    enum err (*query)(struct tx *tx, const struct query *query, const struct db_value args[],
                      tx_row_fn *row, void *into);
    /* Where is_far: gives the rows with a later answer, at the latest when await or commit has. */
    enum err (*query_later)(struct tx *tx, const struct query *query, const struct db_value args[],
                            tx_row_fn *row, void *into);
    enum err (*await)(struct tx *tx);
    enum err (*exec)(struct tx *tx, const struct query *query, const struct db_value args[],
                     int64_t *changed);
    enum err (*script)(struct tx *tx, const char *text); /* several statements: migrations */

    /* Between batches, when nobody waits, and now and then when somebody always does: SQLite's
     * checkpoint. */
    void (*rest)(struct db_connection *connection, struct ctx *ctx);

    /* True where a reader of this engine is at least as new as `position`; else it is asked again.
     * Asked between transactions. */
    enum err (*has_reached)(struct db_connection *connection, struct ctx *ctx, int64_t position,
                            bool *reached);

    /* stoa backup, check, restore (backup.h). */
    enum err (*backup)(struct db_engine *engine, struct ctx *ctx, const char *path);
    enum err (*check)(struct db_engine *engine, struct ctx *ctx, struct buf *findings);
    enum err (*restore)(struct db_engine *engine, struct ctx *ctx, const char *path);
    /* The columns of a table as the database has them, in their order: each a row of name (text),
     * type (text, the engine's word), null (bool) and key (bool). No row: no such table. */
    enum err (*describe)(struct tx *tx, const char *table, tx_row_fn *row, void *into);
};

extern const struct db_driver db_sqlite, db_postgres;

/* Those that this program has, ended by NULL. Each program defines it: app/wiring.c. */
extern const struct db_driver *const db_drivers[];

#endif
