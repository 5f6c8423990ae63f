/* What the files of the SQLite driver share. Private to them.
 *
 *     sqlite.c          engine, connections, transactions, checkpoints
 *     sqlite_lock.c     turns between processes
 *     sqlite_look.c     opening what nothing may be changed in
 *     sqlite_cache.c    prepared statements that are kept
 *     sqlite_kept.c     a reader's transaction that is kept for its next read
 *     sqlite_query.c    binding, rows, changes, scripts
 *     sqlite_err.c      what an engine's code means to a caller
 *     sqlite_backup.c   backup, check and restore */
#ifndef STOA_PORTS_DB_SQLITE_INSIDE_H
#define STOA_PORTS_DB_SQLITE_INSIDE_H

#include <sqlite3.h>
#include <stdatomic.h>

#include "ports/db/driver.h"

enum {
    SQLITE_CACHE_MAX = 256,       /* statements kept by a connection */
    SQLITE_CACHE_BUCKETS = 512,   /* a power of two */
    SQLITE_DEADLINE_STEPS = 1000, /* of its machine, between two looks at the clock */
    SQLITE_PATH_MAX = 4096,
    SQLITE_SUFFIX_MAX = 64, /* of the files beside the database, and a NUL */
};

/* Turns between processes, by locks on bytes of a file beside the database. */
enum sqlite_byte {
    SQLITE_BYTE_DOORS,    /* two, where those stand who wait */
    SQLITE_BYTE_TURN = 2, /* to write */
    SQLITE_BYTE_PRESENCE, /* of all that have the database open */
};

struct sqlite_lock {
    char path[SQLITE_PATH_MAX];
    int fd;                  /* -1 where it is not open */
    _Atomic uint32_t *given; /* in the file: how often each byte was given back */
    bool held;
};

/* Opens the file beside the one of this path, and says for as long as it is open that this process
 * has the database open. Who does not make the file where it is not there keeps nobody out, and may
 * not take turns. */
enum err sqlite_lock_open(struct sqlite_lock *lock, struct ctx *ctx, const char *path, bool makes);
void sqlite_lock_close(struct sqlite_lock *lock);

/* Waits for the turn behind those who wait already, and gives it on. ERR_BUSY where it does not
 * come before the deadline, or within half a minute where there is none. */
enum err sqlite_lock_take(struct sqlite_lock *lock, struct ctx *ctx);
void sqlite_lock_give(struct sqlite_lock *lock);

/* ERR_BUSY where anybody else has the database open. Until the lock is closed, nobody can. */
enum err sqlite_lock_alone(struct sqlite_lock *lock, struct ctx *ctx);

/* Statements by query, found by a hash; the one that was not used for longest, or nearly, goes. */
struct sqlite_cached {
    const struct query *query;
    sqlite3_stmt *statement;
    uint16_t next; /* of its bucket, counted from 1; 0 is none */
    bool used;     /* since the hand came by */
    bool busy;
};

struct sqlite_cache {
    struct sqlite_cached rows[SQLITE_CACHE_MAX];
    uint16_t buckets[SQLITE_CACHE_BUCKETS]; /* counted from 1 */
    uint16_t count, hand;
};

/* A reader's transaction beyond its read, as long as nothing was committed since it began. What was
 * committed last, by any process, is told by the head of the log's index, of which there are two
 * copies (sqlite.org/walformat.html, 2.1). */
enum {
    SQLITE_HEAD_WORDS = 12,
    SQLITE_KEPT_USES_MAX = 256, /* reads of one transaction */
};

struct sqlite_kept {
    const _Atomic uint32_t *heads;    /* in the memory that all processes share; NULL: not found */
    uint32_t seen[SQLITE_HEAD_WORDS]; /* of them, before it began */
    bool comparable;                  /* `seen` was whole */
    bool open;                        /* between two reads */
    int uses;
};

struct db_engine {
    char path[SQLITE_PATH_MAX]; /* absolute */
    int log_pages;
    bool only_looks;
    struct sqlite_lock lock;
};

enum sqlite_control {
    CONTROL_BEGIN,
    CONTROL_BEGIN_WRITE,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVE,
    CONTROL_RELEASE,
    CONTROL_UNDO,
    CONTROL_MOVE,  /* the position, by one */
    CONTROL_PLACE, /* the position */
    CONTROL_COUNT
};

struct db_connection {
    struct db_engine *engine;
    sqlite3 *handle;
    enum db_role role;
    struct ctx *ctx; /* whose statement is running; NULL where none is that may be stopped */
    int code;        /* the last failure's, extended; SQLITE_OK since the last begin */
    bool committing; /* by the driver, not by a statement that should not */
    bool lost;       /* the transaction begun is no longer there */
    bool broken;
    bool scripted;   /* a script ran, which total changes do not count */
    int64_t changes; /* in all, at the begin */
    int wal_pages;   /* in the log, after the last commit */
    int wal_checked; /* in the log, at the last checkpoint */
    struct sqlite_kept kept;
    sqlite3_stmt *control[CONTROL_COUNT];
    struct sqlite_cache cache;
};

/* Finds or prepares. What is found is busy until it is given back; one that is busy already is
 * prepared a second time and not kept. */
enum err sqlite_cache_take(struct db_connection *connection, struct ctx *ctx,
                           const struct query *query, sqlite3_stmt **statement);
void sqlite_cache_give(struct sqlite_cache *cache, const struct query *query,
                       sqlite3_stmt *statement);
void sqlite_cache_clear(struct sqlite_cache *cache);

enum err sqlite_query(struct tx *tx, const struct query *query, const struct db_value args[],
                      tx_row_fn *row, void *into);
enum err sqlite_exec(struct tx *tx, const struct query *query, const struct db_value args[],
                     int64_t *changed);
enum err sqlite_script(struct tx *tx, const char *text);
enum err sqlite_describe(struct tx *tx, const char *table, tx_row_fn *row, void *into);

/* Before a reader begins: true where the transaction that was kept is as new as one begun now. Else
 * there is none any more, and what is committed is looked at. */
bool sqlite_kept_take(struct db_connection *connection);

/* At the end of a read: true where its transaction stays open. */
bool sqlite_kept_keep(struct db_connection *connection);

bool sqlite_keeps(const struct db_connection *connection);
void sqlite_let_go(struct db_connection *connection);

void sqlite_rollback(struct db_connection *connection);

/* Records what a connection's last call failed with. `what` is for the operator. */
enum err sqlite_fail(struct db_connection *connection, struct ctx *ctx, const char *what);
enum err sqlite_fail_at(struct ctx *ctx, sqlite3 *handle, const char *what);

/* A connection with nothing but its safety set: for the database, a backup or a copy. */
enum err sqlite_open_file(struct ctx *ctx, const char *path, int flags, sqlite3 **handle);
enum err sqlite_run(struct ctx *ctx, sqlite3 *handle, const char *text);

/* sqlite_look.c: ERR_MISSING where there is no file; a connection that makes none beside it. */
enum err sqlite_look_for(struct ctx *ctx, const char *path);
enum err sqlite_look_open(struct ctx *ctx, const char *path, sqlite3 **handle);

enum err sqlite_backup(struct db_engine *engine, struct ctx *ctx, const char *path);
enum err sqlite_check(struct db_engine *engine, struct ctx *ctx, struct buf *findings);
enum err sqlite_restore(struct db_engine *engine, struct ctx *ctx, const char *path);

/* Tells the disk which names a file's folder holds. */
enum err sqlite_sync_folder(struct ctx *ctx, const char *path);

#endif
