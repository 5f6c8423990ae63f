/* What SQLite's codes mean to a caller: the code, the user's words, and the field. */
#include <string.h>

#include "ports/db/sqlite_inside.h"

struct meaning {
    int code; /* an extended one comes before its primary */
    enum err err;
    const char *words;
};

static const struct meaning meanings[] = {
    {SQLITE_CONSTRAINT_UNIQUE, ERR_CONFLICT, "There is one like this already."},
    {SQLITE_CONSTRAINT_PRIMARYKEY, ERR_CONFLICT, "There is one like this already."},
    {SQLITE_CONSTRAINT_ROWID, ERR_CONFLICT, "There is one like this already."},
    {SQLITE_CONSTRAINT_FOREIGNKEY, ERR_INPUT, "What it refers to is not there, or is in use."},
    {SQLITE_CONSTRAINT_NOTNULL, ERR_INPUT, "Something that is needed was left out."},
    {SQLITE_CONSTRAINT_CHECK, ERR_INPUT, "A value is not one of those it may have."},
    {SQLITE_CONSTRAINT_DATATYPE, ERR_INPUT, "A value is of the wrong kind."},
    {SQLITE_TOOBIG, ERR_LIMIT, "A value is too large."},
    {SQLITE_FULL, ERR_IO, "The disk is full. Nothing was changed."},
    {SQLITE_IOERR_NOMEM, ERR_MEMORY, "There is no memory left."},
    {SQLITE_NOMEM, ERR_MEMORY, "There is no memory left."},
    {SQLITE_INTERRUPT, ERR_TIMEOUT, "This took too long and was stopped. Please try again."},
    {SQLITE_BUSY, ERR_BUSY, "The database is busy. Please try again."},
    {SQLITE_LOCKED, ERR_BUSY, "The database is busy. Please try again."},
    {SQLITE_READONLY, ERR_IO, "The database cannot be written to."},
    {SQLITE_PERM, ERR_IO, "The database cannot be written to."},
    {SQLITE_CANTOPEN, ERR_IO, "The database cannot be opened."},
    {SQLITE_NOTADB, ERR_IO, "The file is no database, or one of a newer format."},
    {SQLITE_CORRUPT, ERR_IO, "The database is damaged. Check it, and restore a backup."},
    {SQLITE_IOERR, ERR_IO, "The disk could not be read or written."},
};

static const struct meaning other = {0, ERR_INTERNAL, "Something went wrong on our side."};

static const struct meaning *find(int code)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            return &meanings[i];
    return (code & 0xff) == code ? &other : find(code & 0xff);
}

/* The last column that "UNIQUE constraint failed: line.parcel, line.number" names; an index over an
 * expression names none. */
static void set_field(struct err_record *record, const char *message)
{
    const char *dot = strrchr(message, '.');
    struct str column = str_from(dot ? dot + 1 : "");
    if (strchr(message, '\'') || column.len >= sizeof record->field)
        return;
    memcpy(record->field, column.ptr, column.len);
    record->field[column.len] = '\0';
}

enum err sqlite_fail_at(struct ctx *ctx, sqlite3 *handle, const char *what)
{
    int code = handle ? sqlite3_extended_errcode(handle) : SQLITE_NOMEM;
    const char *message = handle ? sqlite3_errmsg(handle) : "no handle";
    const struct meaning *meaning = find(code);
    err_fail(&ctx->err, meaning->err, meaning->words, "%s: %s (SQLite %d)", what, message, code);
    if (meaning->err == ERR_CONFLICT || code == SQLITE_CONSTRAINT_NOTNULL)
        set_field(&ctx->err, message);
    return meaning->err;
}

enum err sqlite_fail(struct db_connection *connection, struct ctx *ctx, const char *what)
{
    connection->code = sqlite3_extended_errcode(connection->handle);
    connection->broken |= connection->code == SQLITE_READONLY_DBMOVED;
    return sqlite_fail_at(ctx, connection->handle, what);
}
