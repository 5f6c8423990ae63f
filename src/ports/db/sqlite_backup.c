/* Backup, check and restore of SQLite: copies of one moment, put in place by names alone.
 *
 * A kill at any point of a restore leaves the old database or the new one, never a mixture: the
 * old log is first copied into the old file and removed, and only then does the new file take its
 * name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "ports/db/sqlite_inside.h"

enum { BACKUP_PAGES = 256, FINDINGS_MAX = 100, INTERRUPT_STEPS = 10000 };

static enum err name_beside(struct ctx *ctx, char name[SQLITE_PATH_MAX], const char *path,
                            const char *suffix)
{
    struct buf out;
    buf_init_fixed(&out, name, SQLITE_PATH_MAX - 1);
    buf_addf(&out, "%s%s", path, suffix);
    if (buf_err(&out))
        return err_fail(&ctx->err, ERR_LIMIT, "The file's name is too long.", "%s%s", path, suffix);
    name[out.len] = '\0';
    return ERR_OK;
}

static int is_too_late(void *arg)
{
    const struct ctx *ctx = arg;
    return ctx->deadline_us && clock_tick_us(ctx->clock) >= ctx->deadline_us;
}

/* A backup is opened as nobody's to change. A database may have a log that has to be looked at. */
static enum err open_to_read(struct ctx *ctx, const char *path, int how, sqlite3 **handle)
{
    TRY(sqlite_open_file(ctx, path, how, handle));
    sqlite3_progress_handler(*handle, INTERRUPT_STEPS, is_too_late, ctx);
    return ERR_OK;
}

/* The read that is open on the source keeps every step at one moment, whoever writes meanwhile. */
static enum err copy_steps(struct ctx *ctx, sqlite3 *from, sqlite3 *to)
{
    TRY(sqlite_run(ctx, from, "BEGIN; SELECT count(*) FROM sqlite_schema"));
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite_fail_at(ctx, to, "backup");
    enum err err = ERR_OK;
    int result = SQLITE_OK;
    while (result == SQLITE_OK && !err) {
        result = sqlite3_backup_step(backup, BACKUP_PAGES);
        err = ctx_check_deadline(ctx);
    }
    if (sqlite3_backup_finish(backup) != SQLITE_OK && !err)
        err = sqlite_fail_at(ctx, to, "backup");
    sqlite3_exec(from, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

static enum err sync_file(struct ctx *ctx, const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    enum err err = synced ? ERR_OK
                          : err_system(&ctx->err, "The disk could not be written.", "syncing %s",
                                       path);
    if (fd >= 0)
        close(fd);
    return err;
}

/* The copy needs no journal: what a failure leaves of it is removed. */
static enum err copy_to(struct ctx *ctx, sqlite3 *from, const char *path)
{
    sqlite3 *to;
    TRY(sqlite_open_file(ctx, path, SQLITE_OPEN_READWRITE, &to));
    enum err err = sqlite_run(ctx, to, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
    if (!err)
        err = copy_steps(ctx, from, to);
    if (sqlite3_close(to) != SQLITE_OK && !err)
        err = sqlite_fail_at(ctx, to, path);
    return err ? err : sync_file(ctx, path);
}

/* A file for this user's eyes alone; what a killed one left behind is begun anew. */
static enum err make_empty(struct ctx *ctx, const char *path)
{
    unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_system(&ctx->err, "The file cannot be made.", "making %s", path);
    close(fd);
    return ERR_OK;
}

static enum err copy_file(struct ctx *ctx, const char *from, int how, const char *to)
{
    sqlite3 *handle;
    TRY(make_empty(ctx, to));
    enum err err = open_to_read(ctx, from, how, &handle);
    if (!err) {
        err = copy_to(ctx, handle, to);
        sqlite3_close(handle);
    }
    if (err)
        unlink(to);
    return err;
}

enum err sqlite_backup(struct db_engine *engine, struct ctx *ctx, const char *path)
{
    char copy[SQLITE_PATH_MAX];
    TRY(name_beside(ctx, copy, path, ".part"));
    if (access(path, F_OK) == 0)
        return err_input(&ctx->err, "file", "is there already; name another");
    TRY(copy_file(ctx, engine->path, SQLITE_OPEN_READWRITE, copy));
    if (renameat2(AT_FDCWD, copy, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return sqlite_sync_folder(ctx, path);
    enum err err = errno == EEXIST
                       ? err_input(&ctx->err, "file", "is there already; name another")
                       : err_system(&ctx->err, "The file cannot be made.", "naming %s", path);
    unlink(copy);
    return err;
}

static void add_row(struct buf *findings, sqlite3_stmt *statement)
{
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        const char *text = (const char *)sqlite3_column_text(statement, i);
        buf_addf(findings, "%s%s", i ? " " : "", text ? text : "?");
    }
    buf_addc(findings, '\n');
}

/* Adds the rows of a check, but for a single "ok". */
static enum err check_by(struct ctx *ctx, sqlite3 *handle, const char *text, struct buf *findings)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(handle, text, -1, &statement, NULL) != SQLITE_OK)
        return sqlite_fail_at(ctx, handle, text);
    int result = sqlite3_step(statement);
    for (int i = 0; i < FINDINGS_MAX && result == SQLITE_ROW; i++) {
        const char *first = (const char *)sqlite3_column_text(statement, 0);
        if (first && strcmp(first, "ok") != 0)
            add_row(findings, statement);
        result = sqlite3_step(statement);
    }
    enum err err = result == SQLITE_DONE || result == SQLITE_ROW
                       ? ERR_OK
                       : sqlite_fail_at(ctx, handle, text);
    sqlite3_finalize(statement);
    return err;
}

/* So damaged that it cannot be looked through is a finding as well. */
static enum err look_through(struct ctx *ctx, const char *path, int how, struct buf *findings)
{
    sqlite3 *handle;
    TRY(open_to_read(ctx, path, how, &handle));
    enum err err = check_by(ctx, handle, "PRAGMA integrity_check(100)", findings);
    if (!err)
        err = check_by(ctx, handle,
                       "SELECT 'a reference leads nowhere: ' || \"table\" || ' row ' || "
                       "coalesce(rowid, '?') || ' to ' || \"parent\" "
                       "FROM pragma_foreign_key_check LIMIT 100",
                       findings);
    int code = sqlite3_errcode(handle) & 0xff;
    if (err && (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)) {
        buf_addf(findings, "%s\n", ctx->err.operator);
        err = ERR_OK;
    }
    sqlite3_close(handle);
    return err;
}

/* Damage is found again: SQLite's json_valid says no as well where there is no memory left. */
static enum err check_file(struct ctx *ctx, const char *path, int how, struct buf *findings)
{
    size_t before = findings->len;
    TRY(look_through(ctx, path, how, findings));
    if (findings->len == before)
        return ERR_OK;
    struct str found = str_slice(buf_str(findings), before, findings->len);
    log_warn(ctx, "a check found something and looks again", field_str("found", found));
    buf_rewind(findings, before);
    return look_through(ctx, path, how, findings);
}

enum err sqlite_check(struct db_engine *engine, struct ctx *ctx, struct buf *findings)
{
    return check_file(ctx, engine->path, SQLITE_OPEN_READWRITE, findings);
}

static enum err verify(struct ctx *ctx, const char *path)
{
    struct buf findings;
    sqlite3 *handle;
    char text[ERR_WORDS_MAX / 2];
    buf_init_fixed(&findings, text, sizeof text);
    TRY(check_file(ctx, path, SQLITE_OPEN_READONLY, &findings));
    if (findings.len)
        return err_fail(&ctx->err, ERR_INPUT,
                        "The backup is damaged or is none. Nothing was changed.", STR_FMT,
                        STR_ARG(buf_str(&findings)));
    TRY(open_to_read(ctx, path, SQLITE_OPEN_READONLY, &handle));
    enum err err = sqlite_run(ctx, handle, "SELECT position FROM stoa_position");
    bool foreign = sqlite3_errcode(handle) == SQLITE_ERROR;
    sqlite3_close(handle);
    return !foreign ? err
                    : err_fail(&ctx->err, ERR_INPUT,
                               "The file is no backup of this program. Nothing was changed.",
                               "%s has no table stoa_position", path);
}

/* A database that can be read has its log copied into it, which the first look opens; one that is
 * too damaged for that keeps it beside. */
static enum err fold_log(struct ctx *ctx, const char *path)
{
    sqlite3 *handle;
    TRY(sqlite_open_file(ctx, path, SQLITE_OPEN_READWRITE, &handle));
    int result = sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    int code = result & 0xff;
    enum err err = result == SQLITE_OK || code == SQLITE_CORRUPT || code == SQLITE_NOTADB
                       ? ERR_OK
                       : sqlite_fail_at(ctx, handle, "copying the old log into the old database");
    sqlite3_close(handle);
    return err;
}

static enum err link_if_there(struct ctx *ctx, const char *path, const char *kept)
{
    return link(path, kept) == 0 || errno == ENOENT
               ? ERR_OK
               : err_system(&ctx->err, "The old database cannot be kept. Nothing was changed.",
                            "linking %s to %s", path, kept);
}

static enum err unlink_if_there(struct ctx *ctx, const char *path)
{
    return unlink(path) == 0 || errno == ENOENT
               ? ERR_OK
               : err_system(&ctx->err, "The old database cannot be replaced.", "removing %s", path);
}

/* "…/stoa.db.before-restore-20261121T034012.123456Z" */
static enum err name_kept(struct ctx *ctx, const char *path, char kept[SQLITE_PATH_MAX])
{
    struct civil now = civil_from_us(clock_now_us(ctx->clock));
    char suffix[SQLITE_SUFFIX_MAX];
    struct buf out;
    buf_init_fixed(&out, suffix, sizeof suffix - 1);
    buf_addf(&out, ".before-restore-%04d%02d%02dT%02d%02d%02d.%06dZ", now.year, now.month, now.day,
             now.hour, now.minute, now.second, now.us);
    suffix[out.len] = '\0';
    return name_beside(ctx, kept, path, suffix);
}

static enum err keep_old(struct ctx *ctx, const char *path, const char *log)
{
    char kept[SQLITE_PATH_MAX], kept_log[SQLITE_PATH_MAX];
    if (access(path, F_OK) < 0 && errno == ENOENT)
        return ERR_OK;
    TRY(fold_log(ctx, path));
    TRY(name_kept(ctx, path, kept));
    TRY(name_beside(ctx, kept_log, kept, "-wal"));
    TRY(link_if_there(ctx, log, kept_log));
    TRY(link_if_there(ctx, path, kept));
    return sqlite_sync_folder(ctx, path);
}

static enum err replace(struct ctx *ctx, const char *path, const char *copy)
{
    char log[SQLITE_PATH_MAX], shared[SQLITE_PATH_MAX];
    TRY(name_beside(ctx, log, path, "-wal"));
    TRY(name_beside(ctx, shared, path, "-shm"));
    TRY(keep_old(ctx, path, log));
    TRY(unlink_if_there(ctx, shared));
    TRY(unlink_if_there(ctx, log));
    TRY(sqlite_sync_folder(ctx, path)); /* the old log is gone before the new file has the name */
    if (rename(copy, path) < 0)
        return err_system(&ctx->err, "The old database cannot be replaced.", "renaming %s", copy);
    return sqlite_sync_folder(ctx, path);
}

enum err sqlite_restore(struct db_engine *engine, struct ctx *ctx, const char *path)
{
    char copy[SQLITE_PATH_MAX];
    TRY(name_beside(ctx, copy, engine->path, ".restoring"));
    TRY(sqlite_lock_alone(&engine->lock, ctx));
    TRY(verify(ctx, path));
    TRY(copy_file(ctx, path, SQLITE_OPEN_READONLY, copy));
    enum err err = replace(ctx, engine->path, copy);
    if (err)
        unlink(copy);
    return err;
}
