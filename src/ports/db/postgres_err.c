/* What PostgreSQL's SQLSTATEs mean to a caller: the code, the user's words, and the field. */
#include <string.h>

#include "ports/db/postgres_inside.h"

enum effect { STAYS, RETRY, BREAKS };

struct meaning {
    const char *state; /* a whole one comes before its class */
    enum err err;
    enum effect effect; /* BREAKS: the connection is of no more use, another one may be */
    const char *words;
};

static const struct meaning meanings[] = {
    {"23505", ERR_CONFLICT, STAYS, "There is one like this already."},
    {"23P01", ERR_CONFLICT, STAYS, "There is one like this already."},
    {"23503", ERR_INPUT, STAYS, "What it refers to is not there, or is in use."},
    {"23502", ERR_INPUT, STAYS, "Something that is needed was left out."},
    {"23", ERR_INPUT, STAYS, "A value is not one of those it may have."},
    {"22", ERR_INPUT, STAYS, "A value is of the wrong kind."},
    {"54", ERR_LIMIT, STAYS, "A value is too large."},
    {"40", ERR_BUSY, RETRY, "The database is busy. Please try again."},
    {"55P03", ERR_BUSY, STAYS, "The database is busy. Please try again."},
    {"57014", ERR_TIMEOUT, STAYS, "This took too long and was stopped. Please try again."},
    {"57", ERR_BUSY, BREAKS, "The database is restarting. Please try again."},
    {"08", ERR_BUSY, BREAKS, "The database cannot be reached. Please try again."},
    {"25P03", ERR_BUSY, BREAKS, "The database is busy. Please try again."},
    {"25006", ERR_BUSY, BREAKS, "The database is changing its place. Please try again."},
    {"0A000", ERR_BUSY, BREAKS, "The database was just changed. Please try again."},
    {"53100", ERR_IO, STAYS, "The disk is full. Nothing was changed."},
    {"53", ERR_BUSY, STAYS, "The database has no room left. Please try again later."},
    {"28", ERR_IO, STAYS, "The database cannot be opened."},
    {"3D", ERR_IO, STAYS, "The database cannot be opened."},
    {"58", ERR_IO, STAYS, "The disk could not be read or written."},
    {"XX001", ERR_IO, STAYS, "The database is damaged. Check it, and restore a backup."},
    {"XX002", ERR_IO, STAYS, "The database is damaged. Check it, and restore a backup."},
};

static const struct meaning other = {"", ERR_INTERNAL, STAYS, "Something went wrong on our side."};

static const struct meaning *find(const char *state)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0)
            return &meanings[i];
    return &other;
}

/* The last column of "Key (parcel, number)=(…) …", in whatever language the rest is. */
static struct str key_column(const char *detail)
{
    struct str text = str_from(detail);
    size_t open = str_find_char(text, '('), end = str_find(text, STR(")=("));
    if (open == STR_NONE || end == STR_NONE || open > end)
        return STR("");
    struct str columns = str_slice(text, open + 1, end), column = STR("");
    while (str_cut(&columns, ',', &column)) {
    }
    column = str_trim(column);
    return str_find_char(column, '(') == STR_NONE ? column : STR("");
}

static void set_field(struct err_record *record, const PGresult *result)
{
    const char *named = PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
    struct str column = named ? str_from(named)
                              : key_column(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    if (column.len && column.len < sizeof record->field) {
        memcpy(record->field, column.ptr, column.len);
        record->field[column.len] = '\0';
    }
}

/* Once COMMIT was sent, nobody can tell from a lost connection what became of it. */
enum err postgres_fail_lost(struct db_connection *connection, struct ctx *ctx, const char *what)
{
    const char *why = PQerrorMessage(connection->pq);
    connection->broken = true;
    connection->may_retry = !connection->committing;
    if (connection->state != POSTGRES_IDLE)
        connection->state = POSTGRES_LOST;
    if (connection->committing)
        return err_fail(&ctx->err, ERR_PEER, "It is not known whether this was saved. Please look.",
                        "%s: PostgreSQL was lost while it committed: %s", what, why);
    return err_fail(&ctx->err, ERR_BUSY, "The database cannot be reached. Please try again.",
                    "%s: the connection to PostgreSQL was lost: %s", what, why);
}

enum err postgres_fail(struct db_connection *connection, struct ctx *ctx, const PGresult *result,
                       const char *what)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!state)
        return postgres_fail_lost(connection, ctx, what);
    const struct meaning *meaning = find(state);
    connection->may_retry = meaning->effect != STAYS;
    connection->broken |= meaning->effect == BREAKS;
    if (meaning->effect == BREAKS && connection->committing)
        return postgres_fail_lost(connection, ctx, what);
    err_fail(&ctx->err, meaning->err, meaning->words, "%s: %s (SQLSTATE %s)", what,
             message ? message : "no words", state);
    if (meaning->err == ERR_CONFLICT || strcmp(state, "23502") == 0)
        set_field(&ctx->err, result);
    return meaning->err;
}
