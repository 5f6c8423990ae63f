/* Backup and restore by pg_dump and pg_restore. What a restore replaces is kept. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* An empty schema is not worth keeping. The dump makes its own. */
static const char set_aside[] =
    "DO $$ BEGIN"
    " IF EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public')) THEN"
    " EXECUTE format('ALTER SCHEMA public RENAME TO %%I', '%s');"
    " ELSE DROP SCHEMA IF EXISTS public; END IF; END $$";

static const char put_back[] = "DROP SCHEMA IF EXISTS public CASCADE;"
                               "DO $$ BEGIN"
                               " IF EXISTS (SELECT FROM pg_namespace WHERE nspname = '%s') THEN"
                               " EXECUTE format('ALTER SCHEMA %%I RENAME TO public', '%s');"
                               " ELSE CREATE SCHEMA public; END IF; END $$";

static enum err restore_into(struct db_connection *connection, struct ctx *ctx, const char *path,
                             const char *kept)
{
    struct buf there, back;
    const char *database = PQdb(connection->pq);
    const char *const argv[] = {"pg_restore",
                                "--single-transaction",
                                "--exit-on-error",
                                "--no-owner",
                                "--no-privileges",
                                "--no-password",
                                "--dbname",
                                database,
                                path,
                                NULL};
    buf_init(&there, ctx->arena, PATH_MAX);
    buf_init(&back, ctx->arena, PATH_MAX);
    buf_addf(&there, set_aside, kept);
    buf_addc(&there, '\0');
    buf_addf(&back, put_back, kept, kept);
    buf_addc(&back, '\0');
    if (buf_err(&there) || buf_err(&back))
        return err_memory(&ctx->err);
    postgres_expect(connection, POSTGRES_SCRIPT_MS);
    TRY(postgres_run(connection, ctx, there.ptr));
    enum err err = postgres_child_run(connection, ctx, argv);
    if (!err)
        return ERR_OK;
    struct err_record told = ctx->err;
    postgres_expect(connection, POSTGRES_SCRIPT_MS);
    if (postgres_run(connection, ctx, back.ptr))
        log_failure(ctx, "the tables before the restore stay set aside");
    ctx->err = told;
    return err;
}

static const enum db_type an_int[] = {DB_INT};
static const struct query others = {
    .name = "others",
    .postgres = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
                " AND application_name = current_setting('application_name')",
    .column_types = an_int,
    .column_count = 1,
};

static enum err count_others(struct db_connection *connection, struct ctx *ctx, int64_t *count)
{
    PGresult *result = NULL;
    TRY(postgres_ask(connection, ctx, &others, NULL, &result));
    *count = postgres_read_number(result);
    PQclear(result);
    TRY(postgres_send_sync(connection, ctx));
    return postgres_wait_all(connection, ctx);
}

/* What this program still writes elsewhere would go into the tables that are set aside. The server
 * needs a moment to notice that somebody went. */
static enum err refuse_others(struct db_connection *connection, struct ctx *ctx)
{
    int64_t count = 0;
    TRY(count_others(connection, ctx, &count));
    for (int looks = 0; looks < LOOKS_MAX && count; looks++) {
        pause_before_retry(ctx, looks);
        TRY(count_others(connection, ctx, &count));
    }
    if (!count)
        return ERR_OK;
    return err_fail(&ctx->err, ERR_BUSY,
                    "The database is in use. Stop what uses it, then try again.",
                    "%lld other connections of this program are open", (long long)count);
}

/* A damaged backup is refused before anything is set aside: all of it is read, into nothing. */
enum err postgres_restore(struct db_engine *engine, struct ctx *ctx, const char *path)
{
    struct db_connection *connection;
    char kept[SCHEMA_MAX + 1];
    const char *const look[] = {"pg_restore", "--file=/dev/null", path, NULL};
    struct civil now = civil_from_us(clock_now_us(ctx->clock));
    snprintf(kept, sizeof kept, "before_restore_%04d%02d%02d_%02d%02d%02d_%06d", now.year,
             now.month, now.day, now.hour, now.minute, now.second, now.us);
    TRY(postgres_connect(engine, ctx, DB_WRITER, &connection));
    enum err err = refuse_others(connection, ctx);
    if (!err)
        err = postgres_child_run(connection, ctx, look);
    if (!err)
        err = restore_into(connection, ctx, path, kept);
    postgres_disconnect(connection);
    if (!err)
        log_info(ctx, "restored", field_text("kept", kept));
    return err;
}
