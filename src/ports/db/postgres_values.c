/* Values in and out: numbers, bools, reals and blobs as bytes, texts as texts. */
#include <endian.h>
#include <string.h>

#include "base/assert.h"
#include "ports/db/postgres_inside.h"

/* Types by the numbers that PostgreSQL's catalog gives them, in every version. */
enum {
    OID_UNKNOWN = 0, /* as the statement needs it: text, or jsonb */
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_JSON = 114,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_VARCHAR = 1043,
    OID_JSONB = 3802,
    JSONB_VERSION = 1, /* the byte before its text */
};

static const Oid param_oids[] = {
    [DB_INT] = OID_INT8,     [DB_BOOL] = OID_BOOL,  [DB_REAL] = OID_FLOAT8,
    [DB_TEXT] = OID_UNKNOWN, [DB_BLOB] = OID_BYTEA,
};

/* A text goes as a text: as bytes it would not do for jsonb. libpq wants it ended by NUL. */
static enum err text_make(struct ctx *ctx, const struct query *query, struct str text,
                          const char **value)
{
    if (memchr(text.len ? text.ptr : "x", '\0', text.len))
        return err_fail(&ctx->err, ERR_INPUT, "A text may not hold a NUL.",
                        "a parameter of %s holds a NUL", query->name);
    return str_cstr(ctx->arena, text, value) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err arg_make(struct ctx *ctx, const struct query *query, const struct db_value *arg,
                         size_t i, struct postgres_args *made)
{
    static const char nothing[1] = "";
    made->formats[i] = arg->type != DB_TEXT;
    made->values[i] = (const char *)&made->numbers[i];
    made->lengths[i] = sizeof made->numbers[i];
    switch (arg->type) {
    case DB_BOOL:
        *(char *)&made->numbers[i] = arg->number != 0;
        made->lengths[i] = 1;
        return ERR_OK;
    case DB_INT:
        made->numbers[i] = htobe64((uint64_t)arg->number);
        return ERR_OK;
    case DB_REAL:
        memcpy(&made->numbers[i], &arg->real, sizeof arg->real);
        made->numbers[i] = htobe64(made->numbers[i]);
        return ERR_OK;
    case DB_BLOB:
        if (arg->bytes.len > INT32_MAX)
            return err_fail(&ctx->err, ERR_LIMIT, "A value is too large.", "a blob of %zu bytes",
                            arg->bytes.len);
        made->values[i] = arg->bytes.len ? arg->bytes.ptr : nothing;
        made->lengths[i] = (int)arg->bytes.len;
        return ERR_OK;
    case DB_TEXT:
        return text_make(ctx, query, arg->bytes, &made->values[i]);
    }
    ASSERT_UNREACHABLE("a switch over every kind");
}

enum err postgres_args_make(struct ctx *ctx, const struct query *query,
                            const struct db_value args[], struct postgres_args *made)
{
    ASSERT(query->param_count <= QUERY_PARAMS_MAX);
    for (size_t i = 0; i < query->param_count; i++) {
        made->types[i] = param_oids[query->param_types[i]];
        made->formats[i] = 0;
        made->values[i] = NULL;
        if (!args[i].null)
            TRY(arg_make(ctx, query, &args[i], i, made));
    }
    return ERR_OK;
}

static uint64_t big_endian(const char *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

static void read_int(struct str bytes, struct db_value *value)
{
    unsigned unused_bits = 64 - 8 * (unsigned)bytes.len;
    value->number = (int64_t)(big_endian(bytes.ptr, bytes.len) << unused_bits) >> unused_bits;
}

static void read_real(struct str bytes, struct db_value *value)
{
    uint64_t number = big_endian(bytes.ptr, bytes.len);
    memcpy(&value->real, &number, sizeof number);
}

static void read_real_of_int(struct str bytes, struct db_value *value)
{
    read_int(bytes, value);
    value->real = (double)value->number;
}

static void read_small_real(struct str bytes, struct db_value *value)
{
    uint32_t number = (uint32_t)big_endian(bytes.ptr, bytes.len);
    float real;
    memcpy(&real, &number, sizeof real);
    value->real = real;
}

static void read_bytes(struct str bytes, struct db_value *value)
{
    value->bytes = bytes;
}

static void read_jsonb(struct str bytes, struct db_value *value)
{
    ASSERT(bytes.len > 0 && bytes.ptr[0] == JSONB_VERSION);
    value->bytes = str_slice(bytes, 1, bytes.len);
}

static const struct reader {
    Oid oid;
    enum db_type type;
    size_t size; /* 0: any */
    void (*read)(struct str bytes, struct db_value *value);
} readers[] = {
    {OID_INT8, DB_INT, 8, read_int},           {OID_TEXT, DB_TEXT, 0, read_bytes},
    {OID_BOOL, DB_BOOL, 1, read_int},          {OID_FLOAT8, DB_REAL, 8, read_real},
    {OID_JSONB, DB_TEXT, 0, read_jsonb},       {OID_BYTEA, DB_BLOB, 0, read_bytes},
    {OID_INT4, DB_INT, 4, read_int},           {OID_INT2, DB_INT, 2, read_int},
    {OID_FLOAT4, DB_REAL, 4, read_small_real}, {OID_JSON, DB_TEXT, 0, read_bytes},
    {OID_VARCHAR, DB_TEXT, 0, read_bytes},     {OID_NAME, DB_TEXT, 0, read_bytes},
    {OID_INT8, DB_REAL, 8, read_real_of_int},  {OID_INT4, DB_REAL, 4, read_real_of_int},
};

static const struct reader *reader_find(Oid oid, enum db_type type)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i].oid == oid && readers[i].type == type)
            return &readers[i];
    return NULL;
}

static const char *const casts[] = {
    [DB_INT] = "bigint", [DB_BOOL] = "boolean", [DB_REAL] = "double precision",
    [DB_TEXT] = "text",  [DB_BLOB] = "bytea",
};

static enum err readers_find(struct ctx *ctx, const struct query *query, const PGresult *result,
                             const struct reader *found[])
{
    if (PQnfields(result) != query->column_count)
        return err_fail(&ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                        "%s gives %d columns and declares %d", query->name, PQnfields(result),
                        query->column_count);
    for (int i = 0; i < query->column_count; i++) {
        enum db_type type = query->column_types[i];
        found[i] = reader_find(PQftype(result, i), type);
        if (!found[i])
            return err_fail(&ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                            "%s gives %s as another type (%u); write CAST(… AS %s)", query->name,
                            PQfname(result, i), PQftype(result, i), casts[type]);
    }
    return ERR_OK;
}

static void read_row(const PGresult *result, int row, int columns,
                     const struct reader *const found[], struct db_value values[])
{
    for (int i = 0; i < columns; i++) {
        struct str bytes = str_make(PQgetvalue(result, row, i),
                                    (size_t)PQgetlength(result, row, i));
        values[i] = (struct db_value){.type = found[i]->type, .null = PQgetisnull(result, row, i)};
        if (values[i].null)
            continue;
        ASSERT(found[i]->size == 0 || found[i]->size == bytes.len);
        found[i]->read(bytes, &values[i]);
    }
}

enum err postgres_read_rows(struct tx *tx, const struct query *query, const PGresult *result,
                            tx_row_fn *row, void *into)
{
    const struct reader *found[QUERY_COLUMNS_MAX];
    struct db_value values[QUERY_COLUMNS_MAX];
    ASSERT(query->column_count <= QUERY_COLUMNS_MAX);
    TRY(readers_find(tx->ctx, query, result, found));
    for (int i = 0; i < PQntuples(result); i++) {
        read_row(result, i, query->column_count, found, values);
        TRY(row(tx, values, into));
    }
    return ERR_OK;
}
