/* Every room on a real PostgreSQL: what the generators saw on SQLite is true there too. The rooms
 * are the sample and all that the program has. */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "app/wiring.h"
#include "base/buf.h"
#include "db/sample/sample_schema.h"
#include "db/sample/sample_sql.h"
#include "harness/folder.h"
#include "harness/postgres.h"
#include "harness/test.h"

/* PostgreSQL's numbers of types. */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25, OID_FLOAT8 = 701 };
enum { OID_JSONB = 3802 };

enum { ROOMS_MAX = 32 };

static const Oid oids[] = {[DB_INT] = OID_INT8,
                           [DB_BOOL] = OID_BOOL,
                           [DB_REAL] = OID_FLOAT8,
                           [DB_TEXT] = OID_TEXT,
                           [DB_BLOB] = OID_BYTEA};

struct room {
    const struct schema *schema;
    const struct query *const *queries; /* ends with NULL */
};

struct house {
    struct postgres server;
    PGconn *connection;
    struct room rooms[ROOMS_MAX];
    size_t room_count;
};

static PGresult *run(struct test *t, struct house *house, const char *sql)
{
    PGresult *result = PQexec(house->connection, sql);
    test_note(t, "%s\n%s", sql, PQresultErrorMessage(result));
    REQUIRE(PQresultStatus(result) == PGRES_COMMAND_OK ||
            PQresultStatus(result) == PGRES_TUPLES_OK);
    return result;
}

static void find_rooms(struct test *t, struct house *house)
{
    size_t count = 0;
    house->rooms[count++] = (struct room){&sample_schema, sample_queries};
    for (size_t i = 0; wiring_schemas[i] && wiring_queries[i]; i++) {
        REQUIRE(count < ROOMS_MAX);
        house->rooms[count++] = (struct room){wiring_schemas[i], wiring_queries[i]};
    }
    REQUIRE(!wiring_schemas[count - 1] && !wiring_queries[count - 1]); /* a row a room in both */
    house->room_count = count;
}

/* A server with the tables of every room. */
static void begin(struct test *t, struct house *house, const char *folder)
{
    find_rooms(t, house);
    REQUIRE(postgres_start(t->ctx, test_folder(t, folder), false, &house->server) == ERR_OK);
    house->connection = PQconnectdb(house->server.url);
    REQUIRE(PQstatus(house->connection) == CONNECTION_OK);
    for (size_t i = 0; i < house->room_count; i++)
        for (size_t k = 0; k < house->rooms[i].schema->migration_count; k++)
            PQclear(run(t, house, house->rooms[i].schema->migrations[k].postgres));
}

static void end(struct house *house)
{
    PQfinish(house->connection);
    postgres_stop(&house->server);
}

static void check_columns(struct test *t, struct house *house, const struct schema_table *table)
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
            house->connection,
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
    struct house house;
    begin(t, &house, "postgres/cross_tables");
    size_t count = 0;
    for (size_t i = 0; i < house.room_count; i++)
        for (size_t k = 0; k < house.rooms[i].schema->table_count; k++) {
            check_columns(t, &house, &house.rooms[i].schema->tables[k]);
            count += house.rooms[i].schema->tables[k].column_count;
        }
    PGresult *result = run(t, &house,
                           "SELECT count(*) FROM information_schema.columns "
                           "WHERE table_schema = 'public'");
    CHECK_INT(strtol(PQgetvalue(result, 0, 0), NULL, 10), count);
    PQclear(result);
    end(&house);
}

/* The server says of its own which types it takes and gives. */
static void check_types(struct test *t, struct house *house, const struct query *query)
{
    PGresult *result = PQprepare(house->connection, "tried", query->postgres, 0, NULL);
    test_note(t, "%s\n%s", query->postgres, PQresultErrorMessage(result));
    REQUIRE(PQresultStatus(result) == PGRES_COMMAND_OK);
    PQclear(result);
    result = PQdescribePrepared(house->connection, "tried");
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
static void check_plan(struct test *t, struct house *house, const struct query *query)
{
    struct buf text;
    buf_init(&text, t->arena, 1 << 16);
    buf_add(&text, STR("EXPLAIN EXECUTE tried"));
    for (int i = 0; i < query->param_count; i++)
        buf_add(&text, i ? STR(", NULL") : STR(" (NULL"));
    buf_add(&text, query->param_count ? STR(")") : STR(""));
    buf_addc(&text, '\0');
    PGresult *result = run(t, house, text.ptr);
    bool scans = false;
    for (int i = 0; i < PQntuples(result); i++)
        scans |= strstr(PQgetvalue(result, i, 0), "Seq Scan") != NULL;
    test_note(t, "%s", query->postgres);
    CHECK(!scans || query->scans);
    PQclear(result);
}

static void check_query(struct test *t, struct house *house, const struct query *query)
{
    check_types(t, house, query);
    check_plan(t, house, query);
    PQclear(run(t, house, "DEALLOCATE tried"));
}

TEST(postgres_reads_every_query_as_it_was_declared)
{
    struct house house;
    begin(t, &house, "postgres/cross_queries");
    PQclear(run(t, &house, "SET enable_seqscan = off"));
    PQclear(run(t, &house, "SET plan_cache_mode = force_generic_plan"));
    for (size_t i = 0; i < house.room_count; i++)
        for (size_t k = 0; house.rooms[i].queries[k]; k++)
            check_query(t, &house, house.rooms[i].queries[k]);
    end(&house);
}
