/* The SQLite driver: one file in WAL mode, one writer at a time, readers that wait for nobody.
 *
 * The log grows until it is copied into the file (the checkpoint). Two that copy at once can harm
 * it (SQLite before 3.51.3), so only a writer copies, within its turn, and none does on closing. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/mem.h"
#include "ports/db/sqlite_inside.h"

enum {
    LOG_PAGES = 1000, /* new ones in the log before they are copied */
    SQLITE_MEMORY_MAX =
        64 << 20,        /* of all connections: a reader that has its pages does not ask the
                                   * system for them again; beyond it takes the place of its own */
    LOG_CUT_FACTOR = 64, /* times that many in the log before it is emptied */
};

static const struct {
    int option, value;
} safety[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
};

static const char *const pragmas[] = {
    [DB_READER] = "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
                  "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0;"
                  "PRAGMA query_only = ON",
    [DB_WRITER] = "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
                  "PRAGMA cache_size = -8192;"
                  "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;"
                  "CREATE TABLE IF NOT EXISTS stoa_position ("
                  "one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;"
                  "INSERT INTO stoa_position SELECT 1, 0 WHERE NOT EXISTS "
                  "(SELECT 1 FROM stoa_position)",
};

static const struct {
    const char *text;
    bool writer; /* a reader has no use for it */
} controls[] = {
    [CONTROL_BEGIN] = {"BEGIN", false},
    [CONTROL_BEGIN_WRITE] = {"BEGIN IMMEDIATE", true},
    [CONTROL_COMMIT] = {"COMMIT", false},
    [CONTROL_ROLLBACK] = {"ROLLBACK", false},
    [CONTROL_SAVE] = {"SAVEPOINT stoa_write", true},
    [CONTROL_RELEASE] = {"RELEASE stoa_write", true},
    [CONTROL_UNDO] = {"ROLLBACK TO stoa_write", true},
    [CONTROL_MOVE] = {"UPDATE stoa_position SET position = position + 1", true},
    [CONTROL_PLACE] = {"SELECT position FROM stoa_position", true},
};

static void folder_of(const char *path, char folder[SQLITE_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    struct str name = !slash ? STR(".")
                             : str_make(path, slash == path ? 1 : (size_t)(slash - path));
    ASSERT(name.len < SQLITE_PATH_MAX);
    memcpy(folder, name.ptr, name.len);
    folder[name.len] = '\0';
}

/* The folder is made if the one above it is there: of a mistyped path nothing is made. */
static enum err find_folder(struct ctx *ctx, const char *path, bool makes, char absolute[PATH_MAX])
{
    char folder[SQLITE_PATH_MAX];
    folder_of(path, folder);
    if (!makes)
        TRY(sqlite_look_for(ctx, path));
    else if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return err_system(&ctx->err, "The folder of the database cannot be made.",
                          "making the folder %s of DATABASE_URL", folder);
    if (!realpath(folder, absolute))
        return err_system(&ctx->err, "The folder of the database cannot be found.",
                          "finding the folder %s of DATABASE_URL", folder);
    return ERR_OK;
}

static enum err set_path(struct db_engine *engine, struct ctx *ctx, struct str url)
{
    char path[SQLITE_PATH_MAX], folder[PATH_MAX];
    struct str file = str_slice(url, sizeof "sqlite:" - 1, url.len), name = file, head;
    if (!file.len || str_ends(file, STR("/")) || str_starts(file, STR(":")) ||
        str_find_char(file, '\0') != STR_NONE || file.len >= sizeof path)
        return err_input(&ctx->err, "DATABASE_URL",
                         "must name a file behind sqlite: as in sqlite:var/stoa.db");
    memcpy(path, file.ptr, file.len);
    path[file.len] = '\0';
    TRY(find_folder(ctx, path, !engine->only_looks, folder));
    while (str_find_char(name, '/') != STR_NONE)
        str_cut(&name, '/', &head);
    struct buf absolute;
    buf_init_fixed(&absolute, engine->path, sizeof engine->path - SQLITE_SUFFIX_MAX);
    buf_addf(&absolute, "%s/" STR_FMT, folder, STR_ARG(name));
    if (buf_err(&absolute))
        return err_input(&ctx->err, "DATABASE_URL", "must be shorter");
    engine->path[absolute.len] = '\0';
    return ERR_OK;
}

static enum err engine_open(struct ctx *ctx, const struct db_options *options,
                            struct db_engine **opened)
{
    struct db_engine *engine = mem_alloc(sizeof *engine);
    if (!engine)
        return err_memory(&ctx->err);
    engine->log_pages = options->log_pages > 0 ? options->log_pages : LOG_PAGES;
    engine->only_looks = options->only_looks;
    sqlite3_soft_heap_limit64(SQLITE_MEMORY_MAX);
    enum err err = set_path(engine, ctx, options->url);
    if (!err)
        err = sqlite_lock_open(&engine->lock, ctx, engine->path, !engine->only_looks);
    if (err)
        mem_free(engine);
    else
        *opened = engine;
    return err;
}

static void engine_close(struct db_engine *engine)
{
    sqlite_lock_close(&engine->lock);
    mem_free(engine);
}

enum err sqlite_sync_folder(struct ctx *ctx, const char *path)
{
    char folder[SQLITE_PATH_MAX];
    folder_of(path, folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    enum err err = synced ? ERR_OK
                          : err_system(&ctx->err, "The disk could not be written.",
                                       "syncing the folder of %s", path);
    if (fd >= 0)
        close(fd);
    return err;
}

/* A file that is there is not opened here: closing it would take away the locks of SQLite. */
static enum err make_file(struct db_engine *engine, struct ctx *ctx)
{
    int fd = open(engine->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return ERR_OK;
    if (fd < 0)
        return err_system(&ctx->err, "The database cannot be made.", "making %s", engine->path);
    close(fd);
    return sqlite_sync_folder(ctx, engine->path);
}

enum err sqlite_open_file(struct ctx *ctx, const char *path, int flags, sqlite3 **handle)
{
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    *handle = NULL;
    enum err err = ERR_OK;
    if (sqlite3_open_v2(path, handle, flags, NULL) != SQLITE_OK)
        err = sqlite_fail_at(ctx, *handle, path);
    for (size_t i = 0; i < sizeof safety / sizeof *safety && !err; i++)
        if (sqlite3_db_config(*handle, safety[i].option, safety[i].value, NULL) != SQLITE_OK)
            err = sqlite_fail_at(ctx, *handle, path);
    if (!err && (flags & SQLITE_OPEN_READWRITE) && sqlite3_db_readonly(*handle, "main") == 1)
        err = err_fail(&ctx->err, ERR_IO, "The database cannot be written to.",
                       "%s is read-only for this user", path);
    if (err) {
        sqlite3_close(*handle);
        *handle = NULL;
    }
    return err;
}

enum err sqlite_run(struct ctx *ctx, sqlite3 *handle, const char *text)
{
    return sqlite3_exec(handle, text, NULL, NULL, NULL) == SQLITE_OK
               ? ERR_OK
               : sqlite_fail_at(ctx, handle, text);
}

static int is_too_late(void *arg)
{
    const struct db_connection *connection = arg;
    const struct ctx *ctx = connection->ctx;
    return ctx && ctx->deadline_us && clock_tick_us(ctx->clock) >= ctx->deadline_us;
}

/* A commit that is not the driver's would keep half a batch: it becomes a rollback. */
static int refuse_commit(void *arg)
{
    const struct db_connection *connection = arg;
    return !connection->committing;
}

static void note_rollback(void *arg)
{
    struct db_connection *connection = arg;
    connection->lost = true;
}

static int note_pages(void *arg, sqlite3 *handle, const char *name, int pages)
{
    struct db_connection *connection = arg;
    (void)handle, (void)name;
    connection->wal_pages = pages;
    return SQLITE_OK;
}

/* Not all file systems can share the memory that WAL needs. */
static enum err set_wal(struct db_connection *connection, struct ctx *ctx)
{
    sqlite3_stmt *statement = NULL;
    bool is_wal = sqlite3_prepare_v2(connection->handle, "PRAGMA journal_mode = WAL", -1,
                                     &statement, NULL) == SQLITE_OK &&
                  sqlite3_step(statement) == SQLITE_ROW &&
                  !sqlite3_stricmp((const char *)sqlite3_column_text(statement, 0), "wal");
    enum err err = ERR_OK;
    if (!is_wal && sqlite3_errcode(connection->handle) != SQLITE_ROW)
        err = sqlite_fail(connection, ctx, connection->engine->path);
    else if (!is_wal)
        err = err_fail(&ctx->err, ERR_IO, "The database cannot be opened.",
                       "%s lies where WAL cannot be used: put it on a local disk",
                       connection->engine->path);
    sqlite3_finalize(statement);
    return err;
}

static enum err prepare_controls(struct db_connection *connection, struct ctx *ctx)
{
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        if ((!controls[i].writer || connection->role == DB_WRITER) &&
            sqlite3_prepare_v3(connection->handle, controls[i].text, -1, SQLITE_PREPARE_PERSISTENT,
                               &connection->control[i], NULL) != SQLITE_OK)
            return sqlite_fail(connection, ctx, controls[i].text);
    return ERR_OK;
}

static enum err open_handle(struct db_connection *connection, struct ctx *ctx)
{
    struct db_engine *engine = connection->engine;
    if (engine->only_looks)
        return sqlite_look_open(ctx, engine->path, &connection->handle);
    if (connection->role == DB_WRITER)
        TRY(make_file(engine, ctx));
    TRY(sqlite_open_file(ctx, engine->path, SQLITE_OPEN_READWRITE, &connection->handle));
    return connection->role == DB_WRITER ? set_wal(connection, ctx) : ERR_OK;
}

static enum err set_up(struct db_connection *connection, struct ctx *ctx)
{
    TRY(open_handle(connection, ctx));
    TRY(sqlite_run(ctx, connection->handle, pragmas[connection->role]));
    TRY(prepare_controls(connection, ctx));
    sqlite3_progress_handler(connection->handle, SQLITE_DEADLINE_STEPS, is_too_late, connection);
    if (connection->role == DB_WRITER) {
        sqlite3_commit_hook(connection->handle, refuse_commit, connection);
        sqlite3_rollback_hook(connection->handle, note_rollback, connection);
        sqlite3_wal_hook(connection->handle, note_pages, connection);
    }
    return ERR_OK;
}

static void disconnect(struct db_connection *connection)
{
    sqlite_cache_clear(&connection->cache);
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(connection->control[i]);
    int result = sqlite3_close(connection->handle);
    ASSERT(result == SQLITE_OK); /* else a statement is still open */
    mem_free(connection);
}

/* Whoever makes the file, its tables and the log has the turn, so two that begin do not meet. */
static enum err connect_db(struct db_engine *engine, struct ctx *ctx, enum db_role role,
                           struct db_connection **connected)
{
    struct db_connection *connection = mem_alloc(sizeof *connection);
    if (!connection)
        return err_memory(&ctx->err);
    connection->engine = engine;
    connection->role = role;
    enum err err = role == DB_WRITER ? sqlite_lock_take(&engine->lock, ctx) : ERR_OK;
    if (!err) {
        err = set_up(connection, ctx);
        if (role == DB_WRITER)
            sqlite_lock_give(&engine->lock);
    }
    if (err)
        disconnect(connection);
    else
        *connected = connection;
    return err;
}

static bool is_broken(const struct db_connection *connection)
{
    return connection->broken;
}

/* Runs one of the driver's own statements; `value` is what its row says. */
static enum err control(struct db_connection *connection, struct ctx *ctx,
                        enum sqlite_control which, int64_t *value)
{
    sqlite3_stmt *statement = connection->control[which];
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW && value) {
        *value = sqlite3_column_int64(statement, 0);
        result = sqlite3_step(statement);
    }
    enum err err = result == SQLITE_DONE ? ERR_OK
                                         : sqlite_fail(connection, ctx, controls[which].text);
    sqlite3_reset(statement);
    return err;
}

static enum err begin(struct db_connection *connection, struct ctx *ctx)
{
    connection->code = SQLITE_OK;
    connection->lost = connection->scripted = false;
    connection->changes = sqlite3_total_changes64(connection->handle);
    if (connection->role == DB_READER)
        return sqlite_kept_take(connection) ? ERR_OK
                                            : control(connection, ctx, CONTROL_BEGIN, NULL);
    TRY(sqlite_lock_take(&connection->engine->lock, ctx));
    enum err err = control(connection, ctx, CONTROL_BEGIN_WRITE, NULL);
    if (err)
        sqlite_lock_give(&connection->engine->lock);
    return err;
}

static enum err commit(struct db_connection *connection, struct ctx *ctx, int64_t *position)
{
    if (connection->role == DB_READER)
        return sqlite_kept_keep(connection) ? ERR_OK
                                            : control(connection, ctx, CONTROL_COMMIT, NULL);
    bool changed = connection->scripted ||
                   sqlite3_total_changes64(connection->handle) != connection->changes;
    if (changed)
        TRY(control(connection, ctx, CONTROL_MOVE, NULL));
    TRY(control(connection, ctx, CONTROL_PLACE, position));
    connection->committing = true;
    enum err err = control(connection, ctx, CONTROL_COMMIT, NULL);
    connection->committing = false;
    if (!err)
        sqlite_lock_give(&connection->engine->lock);
    return err;
}

/* SQLite has rolled back by itself after some failures. A rollback is told to nobody: its failure
 * leaves a transaction open, and that is a broken connection. */
void sqlite_rollback(struct db_connection *connection)
{
    if (!sqlite3_get_autocommit(connection->handle)) {
        sqlite3_step(connection->control[CONTROL_ROLLBACK]);
        sqlite3_reset(connection->control[CONTROL_ROLLBACK]);
    }
    connection->broken |= !sqlite3_get_autocommit(connection->handle);
    if (connection->role == DB_WRITER && connection->engine->lock.held)
        sqlite_lock_give(&connection->engine->lock);
}

static enum err savepoint(struct db_connection *connection, struct ctx *ctx)
{
    connection->code = SQLITE_OK;
    return control(connection, ctx, CONTROL_SAVE, NULL);
}

static enum err undo(struct db_connection *connection, struct ctx *ctx)
{
    TRY(control(connection, ctx, CONTROL_UNDO, NULL));
    return control(connection, ctx, CONTROL_RELEASE, NULL);
}

/* A fn that passed over the failure of a statement cannot have meant what is left of it; on
 * PostgreSQL nothing is. */
static enum err release(struct db_connection *connection, struct ctx *ctx)
{
    if (connection->code == SQLITE_OK)
        return control(connection, ctx, CONTROL_RELEASE, NULL);
    TRY(undo(connection, ctx));
    return err_fail(&ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                    "a statement failed, and its error was not passed up");
}

static bool is_open(const struct db_connection *connection)
{
    return !connection->lost && !sqlite3_get_autocommit(connection->handle);
}

/* Every answer is waited for as it is. */
static void set_careful(struct db_connection *connection, bool careful)
{
    (void)connection, (void)careful;
}

/* Only a tool that does not take turns (the sqlite3 shell) makes it busy, or a log being mended.
 * */
static bool may_retry(const struct db_connection *connection)
{
    return (connection->code & 0xff) == SQLITE_BUSY;
}

/* Emptying is tried only when copying could not keep up, because readers were always in the log;
 * if one still is, that much was copied and the next time comes. */
static void rest(struct db_connection *connection, struct ctx *ctx)
{
    if (connection->wal_pages < connection->wal_checked)
        connection->wal_checked = 0; /* the log began anew */
    int copy_pages = connection->engine->log_pages;
    if (connection->wal_pages - connection->wal_checked < copy_pages ||
        sqlite_lock_take(&connection->engine->lock, ctx))
        return;
    int how = connection->wal_pages < LOG_CUT_FACTOR * copy_pages ? SQLITE_CHECKPOINT_PASSIVE
                                                                  : SQLITE_CHECKPOINT_TRUNCATE;
    int result = sqlite3_wal_checkpoint_v2(connection->handle, "main", how, NULL, NULL);
    if (result != SQLITE_OK && result != SQLITE_BUSY) {
        sqlite_fail(connection, ctx, "copying the log into the database");
        log_failure(ctx, "the database's log was not copied");
    }
    connection->wal_checked = connection->wal_pages;
    sqlite_lock_give(&connection->engine->lock);
}

/* There is one file, and who begins to read sees all that was committed before. */
static enum err has_reached(struct db_connection *connection, struct ctx *ctx, int64_t position,
                            bool *reached)
{
    (void)connection, (void)ctx, (void)position;
    *reached = true;
    return ERR_OK;
}

const struct db_driver db_sqlite = {
    .scheme = "sqlite",
    .open = engine_open,
    .close = engine_close,
    .connect = connect_db,
    .disconnect = disconnect,
    .is_broken = is_broken,
    .begin = begin,
    .commit = commit,
    .rollback = sqlite_rollback,
    .keeps = sqlite_keeps,
    .let_go = sqlite_let_go,
    .savepoint = savepoint,
    .release = release,
    .undo = undo,
    .is_open = is_open,
    .set_careful = set_careful,
    .may_retry = may_retry,
    .query = sqlite_query,
    .exec = sqlite_exec,
    .script = sqlite_script,
    .rest = rest,
    .has_reached = has_reached,
    .backup = sqlite_backup,
    .check = sqlite_check,
    .restore = sqlite_restore,
    .describe = sqlite_describe,
};
