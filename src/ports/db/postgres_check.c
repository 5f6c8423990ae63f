/* What is wrong with a database: settings that lose data, and rules that do not hold. */
#include "base/buf.h"
#include "ports/db/postgres_inside.h"

static const enum db_type a_text[] = {DB_TEXT};

#define CHECK_QUERY(called, text)                                                       \
    {                                                                                   \
        .name = (called), .postgres = (text), .column_types = a_text, .column_count = 1 \
    }

/* Each row is a finding. */
static const struct query findings_of[] = {
    CHECK_QUERY("settings",
                "SELECT 'the setting ' || name || ' is off: a crash or a power cut loses data'"
                " FROM pg_settings WHERE name IN ('fsync', 'full_page_writes')"
                " AND setting = 'off'"),
    CHECK_QUERY("checksums",
                "SELECT 'note: the server has no data checksums: it does not notice a disk that"
                " changes bytes' FROM pg_settings WHERE name = 'data_checksums'"
                " AND setting = 'off'"),
    CHECK_QUERY("indexes", "SELECT 'the index ' || CAST(indexrelid AS regclass) ||"
                           " ' is not valid: write REINDEX INDEX CONCURRENTLY '"
                           " || CAST(indexrelid AS regclass)"
                           " FROM pg_index WHERE NOT (indisvalid AND indisready)"),
    CHECK_QUERY("constraints", "SELECT 'the constraint ' || conname || ' of '"
                               " || CAST(conrelid AS regclass) || ' was never validated'"
                               " FROM pg_constraint WHERE NOT convalidated"),
};

/* Each row is a query, whose rows are findings; it fails where what it reads is damaged. */
static const struct query queries_of[] = {
    CHECK_QUERY("rows", "SELECT format('SELECT ''never'' FROM (SELECT count(CAST(t AS text)) AS n"
                        " FROM %s AS t) AS s WHERE n < 0', CAST(oid AS regclass)) FROM pg_class"
                        " WHERE relnamespace = CAST('public' AS regnamespace) AND relkind = 'r'"),
    CHECK_QUERY(
        "references",
        "SELECT format('SELECT count(*) || %L FROM %s AS c WHERE %s AND NOT EXISTS"
        " (SELECT FROM %s AS p WHERE %s) HAVING count(*) > 0',"
        " ' rows of ' || CAST(f.conrelid AS regclass) || ' break ' || f.conname,"
        " CAST(f.conrelid AS regclass), string_agg(format('c.%I IS NOT NULL', a.attname), ' AND '),"
        " CAST(f.confrelid AS regclass),"
        " string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND '))"
        " FROM pg_constraint AS f CROSS JOIN LATERAL unnest(f.conkey, f.confkey) AS k (own, other)"
        " JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.own"
        " JOIN pg_attribute AS b ON b.attrelid = f.confrelid AND b.attnum = k.other"
        " WHERE f.contype = 'f' GROUP BY f.oid, f.conname, f.conrelid, f.confrelid"),
    CHECK_QUERY("amcheck",
                "SELECT format('SELECT ''never'' FROM %I.bt_index_check(%L, true) AS b"
                " WHERE CAST(b AS text) = ''never''', n.nspname, CAST(i.oid AS regclass))"
                " FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace,"
                " pg_class AS i JOIN pg_am ON pg_am.oid = i.relam AND pg_am.amname = 'btree'"
                " JOIN pg_index AS x ON x.indexrelid = i.oid AND x.indisvalid"
                " WHERE e.extname = 'amcheck' AND i.relkind = 'i'"
                " AND i.relnamespace = CAST('public' AS regnamespace)"),
};

enum { CHECK_QUERIES_MAX = 4096 };

struct found {
    struct query *queries; /* as many as CHECK_QUERIES_MAX */
    size_t count;
};

static enum err add_finding(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    struct buf *findings = into;
    buf_add(findings, row[0].bytes);
    buf_addc(findings, '\n');
    return buf_err(findings);
}

static enum err add_query(struct tx *tx, const struct db_value row[], void *into)
{
    struct found *found = into;
    const char *text;
    if (found->count == CHECK_QUERIES_MAX)
        return err_fail(&tx->ctx->err, ERR_LIMIT, "The database has too many tables.",
                        "more than %d to check", CHECK_QUERIES_MAX);
    if (str_cstr(tx->ctx->arena, row[0].bytes, &text))
        return err_memory(&tx->ctx->err);
    found->queries[found->count++] = (struct query)CHECK_QUERY("check", text);
    return ERR_OK;
}

/* In a transaction of its own, so that what fails stops nothing. */
static enum err look(struct db_connection *connection, struct ctx *ctx, const struct query *query,
                     tx_row_fn *row, void *into)
{
    struct tx tx = {.ctx = ctx, .connection = connection, .driver = &db_postgres};
    int64_t position;
    enum err err = db_postgres.begin(connection, ctx);
    if (!err)
        err = postgres_query(&tx, query, NULL, row, into);
    if (!err)
        err = db_postgres.commit(connection, ctx, &position);
    if (err)
        db_postgres.rollback(connection);
    return err;
}

/* What the database says is damaged is a finding; what keeps us from looking is a failure. */
static enum err look_for(struct db_connection *connection, struct ctx *ctx,
                         const struct query *query, struct buf *findings)
{
    enum err err = look(connection, ctx, query, add_finding, findings);
    if (err != ERR_IO && err != ERR_INTERNAL)
        return err;
    buf_addf(findings, "%s\n", ctx->err.operator);
    return buf_err(findings);
}

static enum err check_all(struct db_connection *connection, struct ctx *ctx, struct buf *findings)
{
    struct found found = {
        .queries = ARENA_ARRAY(ctx->arena, CHECK_QUERIES_MAX, struct query),
    };
    if (!found.queries)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < sizeof findings_of / sizeof *findings_of; i++)
        TRY(look_for(connection, ctx, &findings_of[i], findings));
    for (size_t i = 0; i < sizeof queries_of / sizeof *queries_of; i++)
        TRY(look(connection, ctx, &queries_of[i], add_query, &found));
    for (size_t i = 0; i < found.count; i++)
        TRY(look_for(connection, ctx, &found.queries[i], findings));
    return ERR_OK;
}

enum err postgres_check(struct db_engine *engine, struct ctx *ctx, struct buf *findings)
{
    struct db_connection *connection;
    TRY(postgres_connect(engine, ctx, DB_WRITER, &connection));
    connection->patience_ms = POSTGRES_SCRIPT_MS;
    enum err err = check_all(connection, ctx, findings);
    postgres_disconnect(connection);
    return err;
}
