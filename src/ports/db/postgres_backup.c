/* Backup and restore by pg_dump and pg_restore. What a restore replaces is kept. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "ports/db/pause.h"
#include "ports/db/postgres_inside.h"

/* Old tables stay in this schema, so that a restore by mistake can be taken back by hand. */
enum { SCHEMA_MAX = 63 };

enum { LOOKS_MAX = 10 }; /* for others to be gone, with pauses that double: 1 s in all */

static enum err path_make(struct ctx *ctx, const char *path, const char *suffix, const char **made)
{
    struct buf text;
    buf_init(&text, ctx->arena, PATH_MAX);
    buf_addf(&text, "%s%s", path, suffix);
    buf_addc(&text, '\0');
    *made = text.ptr;
    return buf_err(&text) ? err_memory(&ctx->err) : ERR_OK;
}

/* A backup holds everything: only the owner may read it, from its first byte on. */
static enum err file_create(struct ctx *ctx, const char *path)
{
    unlink(path); /* what a killed one left behind */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_system(&ctx->err, "The backup cannot be written.", "cannot make %s", path);
    close(fd);
    return ERR_OK;
}

static enum err sync_path(struct ctx *ctx, const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return err_system(&ctx->err, "The backup cannot be written.", "cannot open %s", path);
    int failed = fsync(fd);
    enum err err = failed ? err_system(&ctx->err, "The backup cannot be written.",
                                       "cannot bring %s to the disk", path)
                          : ERR_OK;
    close(fd);
    return err;
}

static enum err sync_folder_of(struct ctx *ctx, const char *path)
{
    const char *slash = strrchr(path, '/'), *folder;
    size_t len = slash ? (size_t)(slash - path) : 0;
    struct str name = !slash ? STR(".") : len ? str_make(path, len) : STR("/");
    if (str_cstr(ctx->arena, name, &folder))
        return err_memory(&ctx->err);
    return sync_path(ctx, folder, O_RDONLY | O_DIRECTORY);
}

/* One moment between all transactions, as if it stood still: hence deferrable. */
static enum err dump_to(struct db_connection *connection, struct ctx *ctx, const char *part,
                        const char *path)
{
    const char *const argv[] = {"pg_dump",
                                "--format=custom",
                                "--no-owner",
                                "--no-privileges",
                                "--schema=public",
                                "--serializable-deferrable",
                                "--no-password",
                                "--file",
                                part,
                                NULL};
    TRY(postgres_child_run(connection, ctx, argv));
    TRY(sync_path(ctx, part, O_RDWR));
    if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return sync_folder_of(ctx, path);
    return errno == EEXIST ? err_input(&ctx->err, "file", "is there already; name another")
                           : err_system(&ctx->err, "The backup cannot be written.",
                                        "cannot rename %s to %s", part, path);
}

enum err postgres_backup(struct db_engine *engine, struct ctx *ctx, const char *path)
{
    struct db_connection *connection;
    const char *part;
    if (access(path, F_OK) == 0)
        return err_input(&ctx->err, "file", "is there already; name another");
    TRY(path_make(ctx, path, ".part", &part));
    TRY(file_create(ctx, part));
    enum err err = postgres_connect(engine, ctx, DB_WRITER, &connection);
    if (!err) {
        err = dump_to(connection, ctx, part, path);
        postgres_disconnect(connection);
    }
    if (err)
        unlink(part);
    return err;
}

/* Whether the old tables were set aside is known by their schema: of what failed it is not known
 * whether it was done. The dump makes its own schema. */
static const char set_aside[] = "DO $$ BEGIN"
                                " IF to_regnamespace('public') IS NULL THEN CREATE SCHEMA %s;"
                                " ELSE ALTER SCHEMA public RENAME TO %s; END IF; END $$";

static const char put_back[] = "DO $$ BEGIN"
                               " IF to_regnamespace('%s') IS NOT NULL THEN"
                               " DROP SCHEMA IF EXISTS public CASCADE;"
                               " ALTER SCHEMA %s RENAME TO public; END IF; END $$";

/* An empty one is not worth keeping. */
static const char drop_empty[] = "DO $$ BEGIN DROP SCHEMA %s;"
                                 " EXCEPTION WHEN dependent_objects_still_exist THEN END $$";

struct restore {
    struct db_engine *engine;
    struct db_connection *connection; /* NULL where it was lost */
    const char *path;
    char kept[SCHEMA_MAX + 1]; /* small letters, digits and _: in no need of quotes */
};

static enum err run(struct restore *restore, struct ctx *ctx, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static enum err run(struct restore *restore, struct ctx *ctx, const char *format, ...)
{
    struct buf text;
    va_list args;
    buf_init(&text, ctx->arena, PATH_MAX);
    va_start(args, format);
    buf_addv(&text, format, args);
    va_end(args);
    buf_addc(&text, '\0');
    if (buf_err(&text))
        return err_memory(&ctx->err);
    postgres_expect(restore->connection, POSTGRES_SCRIPT_MS);
    return postgres_run(restore->connection, ctx, text.ptr);
}

static enum err put_back_once(struct restore *restore, struct ctx *ctx)
{
    if (restore->connection && restore->connection->broken) {
        postgres_disconnect(restore->connection);
        restore->connection = NULL;
    }
    if (!restore->connection)
        TRY(postgres_connect(restore->engine, ctx, DB_WRITER, &restore->connection));
    return run(restore, ctx, put_back, restore->kept, restore->kept);
}

/* Also beyond the deadline, and by another connection where the first one was lost: its lock may
 * stand for a moment more. */
static void put_all_back(struct restore *restore, const struct ctx *ctx)
{
    struct ctx late = *ctx;
    late.deadline_us = 0;
    enum err err = put_back_once(restore, &late);
    for (int looks = 0; looks < LOOKS_MAX && err; looks++) {
        pause_before_retry(&late, looks);
        err = put_back_once(restore, &late);
    }
    if (err)
        log_error(&late, "the tables before the restore stay set aside",
                  field_text("schema", restore->kept), field_text("why", late.err.operator));
}

static enum err read_dump(struct restore *restore, struct ctx *ctx)
{
    const char *const argv[] = {"pg_restore",      "--single-transaction",
                                "--exit-on-error", "--no-owner",
                                "--no-privileges", "--no-password",
                                "--dbname",        PQdb(restore->connection->pq),
                                restore->path,     NULL};
    return postgres_child_run(restore->connection, ctx, argv);
}

static enum err restore_all(struct restore *restore, struct ctx *ctx)
{
    enum err err = run(restore, ctx, set_aside, restore->kept, restore->kept);
    if (!err)
        err = read_dump(restore, ctx);
    if (err) {
        put_all_back(restore, ctx);
        return err;
    }
    if (run(restore, ctx, drop_empty, restore->kept))
        log_failure(ctx, "looking whether anything was kept");
    err_clear(&ctx->err);
    return ERR_OK;
}

static const enum db_type bools[] = {DB_BOOL};
static const struct query be_alone = {
    .name = "be_alone",
    .postgres =
        "SELECT pg_try_advisory_lock(" POSTGRES_PRESENCE "),"
        " set_config('idle_session_timeout', '0', false)", /* it lasts as the session does */
    .column_types = bools,
    .column_count = 1,
};

static enum err try_alone(struct db_connection *connection, struct ctx *ctx, bool *alone)
{
    PGresult *result = NULL;
    TRY(postgres_ask(connection, ctx, &be_alone, NULL, &result));
    *alone = PQgetvalue(result, 0, 0)[0];
    PQclear(result);
    TRY(postgres_send_sync(connection, ctx));
    return postgres_wait_all(connection, ctx);
}

/* What this program writes meanwhile would go into the tables that are set aside: while the restore
 * has the lock, nobody of it connects. The server needs a moment to notice that somebody went. */
static enum err refuse_others(struct db_connection *connection, struct ctx *ctx)
{
    bool alone = false;
    TRY(try_alone(connection, ctx, &alone));
    for (int looks = 0; looks < LOOKS_MAX && !alone; looks++) {
        pause_before_retry(ctx, looks);
        TRY(try_alone(connection, ctx, &alone));
    }
    if (alone)
        return ERR_OK;
    return err_fail(&ctx->err, ERR_BUSY,
                    "The database is in use. Stop what uses it, then try again.",
                    "other connections of this program are open: SELECT pid, client_addr,"
                    " application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
                    " WHERE locktype = 'advisory' AND objid = " POSTGRES_PRESENCE);
}

/* The server needs a moment to notice that a session went, and until then its lock would refuse who
 * comes next: so it is given back first. */
static void leave(struct restore *restore, const struct ctx *ctx)
{
    struct ctx late = *ctx;
    late.deadline_us = 0;
    if (!restore->connection)
        return;
    postgres_expect(restore->connection, POSTGRES_END_MS);
    if (!restore->connection->broken &&
        postgres_run(restore->connection, &late, "SELECT pg_advisory_unlock_all()"))
        log_failure(&late, "giving back the lock of a restore");
    postgres_disconnect(restore->connection);
}

/* A damaged backup is refused before anything is set aside: all of it is read, into nothing. */
enum err postgres_restore(struct db_engine *engine, struct ctx *ctx, const char *path)
{
    struct restore restore = {.engine = engine, .path = path};
    const char *const look[] = {"pg_restore", "--file=/dev/null", path, NULL};
    struct civil now = civil_from_us(clock_now_us(ctx->clock));
    snprintf(restore.kept, sizeof restore.kept, "before_restore_%04d%02d%02d_%02d%02d%02d_%06d",
             now.year, now.month, now.day, now.hour, now.minute, now.second, now.us);
    TRY(postgres_connect(engine, ctx, DB_WRITER, &restore.connection));
    restore.connection->patience_ms = POSTGRES_CONNECT_MS; /* what it asks is answered at once */
    enum err err = refuse_others(restore.connection, ctx);
    if (!err)
        err = postgres_child_run(restore.connection, ctx, look);
    if (!err)
        err = restore_all(&restore, ctx);
    leave(&restore, ctx);
    if (!err)
        log_info(ctx, "restored", field_text("kept", restore.kept));
    return err;
}
