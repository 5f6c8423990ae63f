/* The database: two doors, one for looking and one for changing.
 *
 *     static enum err sell(struct tx *tx, void *arg)
 *     {
 *         struct sale *sale = arg;
 *         struct item_find_row item;
 *         TRY(item_find(tx, sale->item, &item));              generated from sql/item.sql
 *         if (item.free < sale->quantity)
 *             return err_fail(&tx->ctx->err, ERR_CONFLICT, "Sold out.", "%lld left", …);
 *         return item_take(tx, sale->item, sale->quantity);
 *     }
 *
 *     TRY(db_write(db, ctx, sell, &sale));                    it is on the disk
 *
 * `fn` sees the database as if nothing else ran (serialisable, on every engine). It may run more
 * than once, and on another thread while its caller waits: so it does nothing that a rollback
 * cannot undo. What it allocates from tx->ctx->arena is the caller's when it returns ERR_OK, and
 * is given back before it runs again. An error it returns undoes all that it did, and only that.
 *
 * Writers are gathered: those that wait at the same time are committed together, each in a
 * savepoint of its own (funnel.h). A write costs 1/n of a commit in a batch of n; nobody waits
 * for a batch to fill. */
#ifndef STOA_PORTS_DB_DB_H
#define STOA_PORTS_DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counter.h"
#include "base/ctx.h"
#include "base/str.h"
#include "ports/db/query.h"

struct db;
struct db_slow; /* db_slow.h */

enum {
    DB_READERS_MAX = 8,    /* connections for looking, opened when needed */
    DB_WAITING_MAX = 4096, /* writers waiting at once; more are told ERR_BUSY */
    DB_RUNS_MAX = 8,       /* times that a fn runs before it is told ERR_BUSY */
};

/* A transaction, as a `fn` sees it. */
struct tx {
    struct ctx *ctx;
    struct db_connection *connection;
    const struct db_driver *driver;
    bool writes;
    struct db_slow *slow;   /* what tells of slow queries; NULL where nothing is measured */
    struct tx_notes *notes; /* of a db_write; else NULL */
};

/* What a transaction did, for who waits for it in this process: numbers, each once. */
enum { TX_NOTES_MAX = 8 };

struct tx_notes {
    int64_t list[TX_NOTES_MAX];
    size_t count; /* beyond TX_NOTES_MAX: there were too many, and any number may be among them */
};

/* Notes a number. Once the transaction is durable the observer is told; a db_read has none. */
void tx_note(struct tx *tx, int64_t number);

/* True where the engine is beyond a network, and one statement for ten rows costs it less than ten
 * for one each. Where it is in the process it is the other way round. */
bool tx_is_far(const struct tx *tx);

typedef enum err db_fn(struct tx *tx, void *arg);

struct db_options {
    struct str url; /* "sqlite:var/stoa.db", "postgres://user@host1,host2/name" */
    const struct schema *const *schemas; /* ends with NULL; see schema.h */
    struct counter_registry *counters;   /* may be NULL */
    int64_t slow_us; /* a query that takes so long is logged, and its plan: explain.h; 0 is none */
    int log_pages;   /* SQLite: in its log before they are copied into the file; 0 is 1000 */
    bool only_looks; /* makes and changes nothing, and takes no db_write */
};

/* Opens it. Tables are not made: migrate.h does. ERR_INPUT with the field DATABASE_URL for a URL
 * that cannot be, ERR_IO or ERR_PEER for a database that cannot be reached; for who only looks
 * ERR_MISSING where SQLite's file is not there, and PostgreSQL is reached by the first db_read. */
enum err db_open(struct ctx *ctx, const struct db_options *options, struct db **opened);

/* Waits for those inside, then closes. */
void db_close(struct db *db);

/* Sees one moment of the database, at least as new as ctx->db_position. */
enum err db_read(struct db *db, struct ctx *ctx, db_fn *fn, void *arg);

/* When it returns ERR_OK, the change is durable, and ctx->db_position says where. ERR_TIMEOUT: the
 * deadline passed, and nothing was changed. ERR_PEER: the engine was lost at the moment of the
 * commit, and whether it was changed is unknown: look, or repeat an idempotent change. ERR_IO may
 * be the same, where the disk failed while SQLite synced; the next write that stands undoes it. */
enum err db_write(struct db *db, struct ctx *ctx, db_fn *fn, void *arg);

/* Whom to tell what transactions noted, after they were committed: on the thread that commits, so
 * it does not wait for anything. NULL is nobody; who was told before is told nothing once the next
 * db_write has returned. */
struct db_observer {
    void (*fn)(void *arg, const struct tx_notes *notes);
    void *arg;
};

void db_observe(struct db *db, const struct db_observer *observer);

#endif
