/* The sample on a real PostgreSQL: what the generators saw on SQLite is true there too. */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "db/sample/sample_schema.h"
#include "db/sample/sample_sql.h"
#include "harness/folder.h"
#include "harness/postgres.h"
#include "harness/test.h"

/* PostgreSQL's numbers of types. */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25, OID_FLOAT8 = 701 };
enum { OID_JSONB = 3802 };

static const Oid oids[] = {[DB_INT] = OID_INT8,
                           [DB_BOOL] = OID_BOOL,
                           [DB_REAL] = OID_FLOAT8,
                           [DB_TEXT] = OID_TEXT,
                           [DB_BLOB] = OID_BYTEA};

struct sample {
    struct postgres server;
    PGconn *connection;
};

static PGresult *run(struct test *t, struct sample *sample, const char *sql)
{
    PGresult *result = PQexec(sample->connection, sql);
    test_note(t, "%s\n%s", sql, PQresultErrorMessage(result));
    REQUIRE(PQresultStatus(result) == PGRES_COMMAND_OK ||
            PQresultStatus(result) == PGRES_TUPLES_OK);
    return result;
}

/* A server with the sample's tables. */
static void begin(struct test *t, struct sample *sample, const char *folder)
{
    REQUIRE(postgres_start(t->ctx, test_folder(t, folder), false, &sample->server) == ERR_OK);
    sample->connection = PQconnectdb(sample->server.url);
    REQUIRE(PQstatus(sample->connection) == CONNECTION_OK);
    for (size_t i = 0; i < sample_schema.migration_count; i++)
        PQclear(run(t, sample, sample_schema.migrations[i].postgres));
}

static void end(struct sample *sample)
{
    PQfinish(sample->connection);
    postgres_stop(&sample->server);
}

static void check_columns(struct test *t, struct sample *sample, const struct schema_table *table)
{
    static const struct {
        const char *kind, *type;
    } types[] = {{"id", "text C"},
                 {"text", "text C"},
                 {"int", "bigint "},
                 {"bool", "boolean "},
                 {"blob", "bytea "},
                 {"money", "bigint "},
                 {"real", "double precision "},
                 {"time", "bigint "},
                 {"json", "jsonb "}};
    for (size_t i = 0; i < table->column_count; i++) {
        const struct schema_column *column = &table->columns[i];
        const char *const values[] = {table->name, column->name};
        PGresult *result = PQexecParams(
            sample->connection,
            "SELECT data_type || ' ' || coalesce(collation_name, ''), is_nullable "
            "FROM information_schema.columns WHERE table_name = $1 AND column_name = $2",
            2, NULL, values, NULL, NULL, 0);
        test_note(t, "%s.%s", table->name, column->name);
        REQUIRE(PQntuples(result) == 1);
        for (size_t k = 0; k < sizeof types / sizeof *types; k++)
            if (strcmp(types[k].kind, column->kind) == 0)
                CHECK_TEXT(PQgetvalue(result, 0, 0), types[k].type);
        CHECK_TEXT(PQgetvalue(result, 0, 1), column->null ? "YES" : "NO");
        PQclear(result);
    }
}

TEST(postgres_makes_the_tables_that_are_described)
{
    struct sample sample;
    begin(t, &sample, "postgres/cross_tables");
    for (size_t i = 0; i < sample_schema.table_count; i++)
        check_columns(t, &sample, &sample_schema.tables[i]);
    PGresult *result = run(t, &sample,
                           "SELECT count(*) FROM information_schema.columns "
                           "WHERE table_schema = 'public'");
    size_t count = 0;
    for (size_t i = 0; i < sample_schema.table_count; i++)
        count += sample_schema.tables[i].column_count;
    CHECK_INT(strtol(PQgetvalue(result, 0, 0), NULL, 10), count);
    PQclear(result);
    end(&sample);
}

/* The server says of its own which types it takes and gives. */
static void check_types(struct test *t, struct sample *sample, const struct query *query)
{
    PGresult *result = PQprepare(sample->connection, "tried", query->postgres, 0, NULL);
    test_note(t, "%s\n%s", query->postgres, PQresultErrorMessage(result));
    REQUIRE(PQresultStatus(result) == PGRES_COMMAND_OK);
    PQclear(result);
    result = PQdescribePrepared(sample->connection, "tried");
    CHECK_INT(PQnparams(result), query->param_count);
    CHECK_INT(PQnfields(result), query->column_count);
    for (int i = 0; i < query->param_count && i < PQnparams(result); i++)
        CHECK_INT(PQparamtype(result, i), oids[query->param_types[i]]);
    for (int i = 0; i < query->column_count && i < PQnfields(result); i++)
        if (query->column_types[i] != DB_TEXT || PQftype(result, i) != OID_JSONB)
            CHECK_INT(PQftype(result, i), oids[query->column_types[i]]);
    PQclear(result);
}

/* The plan it would take whatever the arguments, where it may choose any but reading it all. */
static void check_plan(struct test *t, struct sample *sample, const struct query *query)
{
    struct buf text;
    buf_init(&text, t->arena, 1 << 16);
    buf_add(&text, STR("EXPLAIN EXECUTE tried"));
    for (int i = 0; i < query->param_count; i++)
        buf_add(&text, i ? STR(", NULL") : STR(" (NULL"));
    buf_add(&text, query->param_count ? STR(")") : STR(""));
    buf_addc(&text, '\0');
    PGresult *result = run(t, sample, text.ptr);
    bool scans = false;
    for (int i = 0; i < PQntuples(result); i++)
        scans |= strstr(PQgetvalue(result, i, 0), "Seq Scan") != NULL;
    test_note(t, "%s", query->postgres);
    CHECK(!scans || query->scans);
    PQclear(result);
}

TEST(postgres_reads_every_query_as_it_was_declared)
{
    struct sample sample;
    begin(t, &sample, "postgres/cross_queries");
    PQclear(run(t, &sample, "SET enable_seqscan = off"));
    PQclear(run(t, &sample, "SET plan_cache_mode = force_generic_plan"));
    for (size_t i = 0; sample_queries[i]; i++) {
        check_types(t, &sample, sample_queries[i]);
        check_plan(t, &sample, sample_queries[i]);
        PQclear(run(t, &sample, "DEALLOCATE tried"));
    }
    end(&sample);
}
