/* Queries as gen_sql compiled them, and the values that go in and out. Only generated code calls
 * what stands here; a room's code calls the typed functions that gen_sql made (docs/database.md).
 *
 *     enum err item_hold(struct tx *tx, struct str id, int64_t quantity, int64_t *changed)
 *     {
 *         const struct db_value args[] = {
 *             db_text(id),
 *             db_int(quantity),
 *         };
 *         return tx_exec(tx, &item_hold_query, args, changed);
 *     } */
#ifndef STOA_PORTS_DB_QUERY_H
#define STOA_PORTS_DB_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct tx;

/* How a value travels. Times and money are ints; ids, json and words are texts. */
enum db_type { DB_INT, DB_BOOL, DB_REAL, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    bool null;
    union {
        int64_t number; /* of an int; 0 or 1 of a bool */
        double real;
        struct str bytes; /* of a text or a blob */
    };
};

enum {
    QUERY_PARAMS_MAX = 64,
    QUERY_COLUMNS_MAX = 64,
    QUERY_ROWS_MAX = 10000, /* of a `many`, whatever its LIMIT was given */
};

/* One statement. Optional filters make one such row for each combination. */
struct query {
    const char *name; /* "item_find", for traces and the slow log */
    /* The text as each engine takes it: ?1 and $1. What only PostgreSQL is asked has no other. */
    const char *sqlite, *postgres;
    const enum db_type *param_types, *column_types;
    uint8_t param_count, column_count;
    bool writes;
    bool scans; /* reads a whole table, on purpose */
};

/* Takes one row; the bytes of its values are good for the call only. */
typedef enum err tx_row_fn(struct tx *tx, const struct db_value row[], void *into);

/* Runs a query and gives each of its rows to `row`. */
enum err tx_query(struct tx *tx, const struct query *query, const struct db_value args[],
                  tx_row_fn *row, void *into);

/* As tx_query where the engine is beyond a network (tx_is_far), but waits for nothing: the rows are
 * there once the write has ended well, or after tx_await. `into` stays where it is until then. A
 * failure makes the transaction run again by itself. */
enum err tx_query_later(struct tx *tx, const struct query *query, const struct db_value args[],
                        tx_row_fn *row, void *into);
enum err tx_await(struct tx *tx);

/* Runs a change. With `changed` it waits for the number of rows; without, an engine may go on at
 * once and tell a failure later, which then makes the transaction run again by itself.
 * A broken uniqueness is ERR_CONFLICT with the column as the field, a broken foreign key or check
 * ERR_INPUT. */
enum err tx_exec(struct tx *tx, const struct query *query, const struct db_value args[],
                 int64_t *changed);

/* As tx_query for what gives one row: ERR_MISSING without it, ERR_INTERNAL with more. */
enum err tx_query_one(struct tx *tx, const struct query *query, const struct db_value args[],
                      tx_row_fn *row, void *into);

/* Makes room in the arena for one row more behind `count` of them, each of `size` bytes: `*rows`
 * may move. ERR_LIMIT behind QUERY_ROWS_MAX. */
enum err tx_make_room(struct tx *tx, void **rows, size_t count, size_t size);

/* The bytes of a text or a blob, copied to where they live as long as the arena; none of a null. */
enum err tx_keep(struct tx *tx, const struct db_value *value, struct str *kept);

static inline struct db_value db_int(int64_t number)
{
    return (struct db_value){.type = DB_INT, .number = number};
}

static inline struct db_value db_bool(bool yes)
{
    return (struct db_value){.type = DB_BOOL, .number = yes};
}

static inline struct db_value db_real(double real)
{
    return (struct db_value){.type = DB_REAL, .real = real};
}

static inline struct db_value db_text(struct str text)
{
    return (struct db_value){.type = DB_TEXT, .bytes = text};
}

static inline struct db_value db_blob(struct str bytes)
{
    return (struct db_value){.type = DB_BLOB, .bytes = bytes};
}

static inline struct db_value db_null(enum db_type type)
{
    return (struct db_value){.type = type, .null = true};
}

#endif
