/* Generated functions over an engine that keeps what it was asked and gives what it was told. */
#include <string.h>

#include "db/sample/sample_sql.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/db/driver.h"

enum { COLUMNS = 13 };

struct db_connection {
    const struct query *query; /* the last */
    struct db_value args[QUERY_PARAMS_MAX];
    struct db_value row[COLUMNS]; /* given `rows` times */
    int64_t rows;
};

static void remember(struct tx *tx, const struct query *query, const struct db_value args[])
{
    tx->connection->query = query;
    if (query->param_count)
        memcpy(tx->connection->args, args, query->param_count * sizeof *args);
}

static enum err fake_query(struct tx *tx, const struct query *query, const struct db_value args[],
                           tx_row_fn *row, void *into)
{
    remember(tx, query, args);
    for (int64_t i = 0; i < tx->connection->rows; i++)
        TRY(row(tx, tx->connection->row, into));
    return ERR_OK;
}

static enum err fake_exec(struct tx *tx, const struct query *query, const struct db_value args[],
                          int64_t *changed)
{
    remember(tx, query, args);
    if (changed)
        *changed = tx->connection->rows;
    return ERR_OK;
}

static const struct db_driver fake_driver = {.query = fake_query, .exec = fake_exec};

static struct tx fake_tx(struct test *t, struct db_connection *connection)
{
    return (struct tx){
        .ctx = t->ctx, .connection = connection, .driver = &fake_driver, .writes = true};
}

TEST(db_rows_one_gives_its_row)
{
    struct db_connection connection = {
        .rows = 1,
        .row = {db_text(STR("itm_1")), db_text(STR("4006381333931")), db_text(STR("Pen")),
                db_int(199), db_int(5), db_int(2), db_int(1), db_real(0.5), db_null(DB_BLOB),
                db_text(STR("{}")), db_bool(true), db_int(FAKE_NOW_US), db_null(DB_TEXT)}};
    struct tx tx = fake_tx(t, &connection);
    struct item_find_row row;
    memset(&row, 0xff, sizeof row);
    REQUIRE(item_find(&tx, STR("itm_1"), &row) == ERR_OK);
    CHECK_STR(row.name, "Pen");
    CHECK_INT(row.price_minor, 199);
    CHECK_INT(row.sold, 1);
    CHECK(row.weight > 0.4 && !row.weight_null);
    CHECK(row.picture_null && row.picture.len == 0);
    CHECK(row.listed);
    CHECK_INT(row.made_us, FAKE_NOW_US);
    CHECK(row.note_null && row.note.len == 0);
    CHECK(row.name.ptr != connection.row[2].bytes.ptr);
    CHECK_INT(connection.query->param_count, 1);
    CHECK_INT(connection.query->column_count, COLUMNS);
    CHECK(!connection.query->writes);
    CHECK_STR(connection.args[0].bytes, "itm_1");
}

TEST(db_rows_one_is_neither_none_nor_two)
{
    struct db_connection connection = {.rows = 0};
    struct tx tx = fake_tx(t, &connection);
    struct sale_balance_row row;
    CHECK_ERR(sale_balance(&tx, &row), ERR_MISSING);
    CHECK_TEXT(t->ctx->err.operator, "sale_balance gave no row");
    CHECK(connection.query->scans);
    connection.rows = 2;
    CHECK_ERR(sale_balance(&tx, &row), ERR_INTERNAL);
    CHECK_TEXT(t->ctx->err.operator, "sale_balance gave more than one row");
}

TEST(db_rows_many_gives_all_rows)
{
    struct db_connection connection = {
        .row = {db_text(STR("itm_1")), db_text(STR("Pen")), db_int(199), db_int(FAKE_NOW_US)}};
    struct tx tx = fake_tx(t, &connection);
    struct item_page_rows rows;
    for (connection.rows = 0; connection.rows < 70; connection.rows++) {
        REQUIRE(item_page(&tx, NULL, NULL, 100, &rows) == ERR_OK);
        CHECK_INT(rows.count, connection.rows);
        for (size_t i = 0; i < rows.count; i++)
            CHECK_STR(rows.rows[i].name, "Pen");
    }
    connection.rows = QUERY_ROWS_MAX;
    CHECK_ERR(item_page(&tx, NULL, NULL, 100, &rows), ERR_OK);
    connection.rows++;
    CHECK_ERR(item_page(&tx, NULL, NULL, 100, &rows), ERR_LIMIT);
}

TEST(db_rows_parts_stand_only_where_all_of_theirs_is_given)
{
    struct db_connection connection = {0};
    struct tx tx = fake_tx(t, &connection);
    struct item_search_rows rows;
    int64_t after_us = 7, most_minor = 500;
    struct str name = STR("Pen"), after = STR("itm_1");
    bool listed = false;
    REQUIRE(item_search(&tx, NULL, NULL, NULL, &after_us, NULL, 20, &rows) == ERR_OK);
    CHECK_INT(connection.query->param_count, 1);
    CHECK_INT(connection.args[0].number, 20);
    REQUIRE(item_search(&tx, NULL, &most_minor, &listed, NULL, NULL, 20, &rows) == ERR_OK);
    CHECK_INT(connection.query->param_count, 3);
    CHECK(strstr(connection.query->sqlite, "price <= ?1\nAND listed = ?2\n"));
    CHECK_INT(connection.args[0].number, 500);
    CHECK_INT(connection.args[1].type, DB_BOOL);
    REQUIRE(item_search(&tx, &name, &most_minor, &listed, &after_us, &after, 20, &rows) == ERR_OK);
    CHECK_INT(connection.query->param_count, 6);
    CHECK(strstr(connection.query->postgres, "(made, id) > ($4::bigint, $5::text)"));
    CHECK_STR(connection.args[4].bytes, "itm_1");
}

TEST(db_rows_exec_writes_nulls_and_tells_what_changed)
{
    struct db_connection connection = {.rows = 3};
    struct tx tx = fake_tx(t, &connection);
    int64_t changed = 0;
    REQUIRE(item_note(&tx, STR("itm_1"), NULL) == ERR_OK);
    CHECK(connection.query->writes);
    CHECK(connection.args[1].null);
    CHECK_INT(connection.args[1].type, DB_TEXT);
    REQUIRE(item_hold(&tx, STR("itm_1"), 2, &changed) == ERR_OK);
    CHECK_INT(changed, 3);
}

TEST(db_rows_list_has_every_statement_for_both_engines)
{
    size_t count = 0;
    for (; sample_queries[count]; count++) {
        CHECK(sample_queries[count]->sqlite && sample_queries[count]->postgres);
        CHECK(!strchr(sample_queries[count]->sqlite, ':'));
    }
    CHECK_INT(count, 37);
}

static enum err page_torture(struct test *t, void *arg)
{
    struct db_connection *connection = arg;
    struct tx tx = fake_tx(t, connection);
    struct item_page_rows rows;
    enum err err = item_page(&tx, NULL, NULL, 100, &rows);
    CHECK(err == ERR_OK || err == ERR_MEMORY);
    return err;
}

TEST(db_rows_many_survives_no_memory)
{
    struct db_connection connection = {
        .rows = 5000,
        .row = {db_text(STR("itm_1")), db_text(STR("Pen")), db_int(199), db_int(FAKE_NOW_US)}};
    TORTURE_EVERY(t, TORTURE_MEMORY, page_torture, &connection);
}
