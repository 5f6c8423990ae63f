/* What every generated function needs: one row, a list of rows that grows, and kept bytes. */
#include <string.h>

#include "ports/db/db.h"

enum { FIRST_ROOM = 8 };

/* The one row that is expected. */
struct only {
    const struct query *query;
    tx_row_fn *row;
    void *into;
    bool seen;
};

static enum err take_only(struct tx *tx, const struct db_value values[], void *into)
{
    struct only *only = into;
    if (only->seen)
        return err_fail(&tx->ctx->err, ERR_INTERNAL, "This could not be read.",
                        "%s gave more than one row", only->query->name);
    only->seen = true;
    return only->row(tx, values, only->into);
}

enum err tx_query_one(struct tx *tx, const struct query *query, const struct db_value args[],
                      tx_row_fn *row, void *into)
{
    struct only only = {query, row, into, false};
    TRY(tx_query(tx, query, args, take_only, &only));
    if (!only.seen)
        return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such thing.", "%s gave no row",
                        query->name);
    return ERR_OK;
}

/* Full at FIRST_ROOM and at each doubling of it, so that the room needs no member of its own. */
static bool is_full(size_t count)
{
    return count == 0 || (count >= FIRST_ROOM && (count & (count - 1)) == 0);
}

enum err tx_make_room(struct tx *tx, void **rows, size_t count, size_t size)
{
    if (count >= QUERY_ROWS_MAX)
        return err_fail(&tx->ctx->err, ERR_LIMIT, "There are too many rows.",
                        "more than %d rows; pass a smaller limit", QUERY_ROWS_MAX);
    if (!is_full(count))
        return ERR_OK;
    void *larger = arena_array(tx->ctx->arena, count ? 2 * count : FIRST_ROOM, size);
    if (!larger)
        return err_memory(&tx->ctx->err);
    if (count)
        memcpy(larger, *rows, count * size);
    *rows = larger;
    return ERR_OK;
}

enum err tx_keep(struct tx *tx, const struct db_value *value, struct str *kept)
{
    *kept = (struct str){0};
    if (value->null)
        return ERR_OK;
    if (str_copy(tx->ctx->arena, value->bytes, kept))
        return err_memory(&tx->ctx->err);
    return ERR_OK;
}
