/* The compiler of queries: what would fail when it runs, fails the build, at its line. */
#include "harness/test.h"
#include "room.h"

#define TABLES                                                                                   \
    "try_item\n  id id key\n  name text\n  price money\n  note text?\n  made time\n  free int\n" \
    "  index made id\ntry_line\n  item ref try_item key\n  line int key\n"

/* The second line is the statement's, where there is no other header. */
#define FIND    "-- item_find: one\n-- in  id id\n-- out name text\n"
#define COUNT   "-- item_count: one\n-- out n int\n-- scan: a count\n"
#define LIST    "-- item_list: many\n-- in  limit int\n-- out id id\n"
#define SET     "-- item_set: exec\n-- in  id id, name text\n"
#define BY_ID   " FROM try_item WHERE id = :id;\n"
#define BY_MADE " ORDER BY made, id LIMIT :limit;\n"

struct refusal {
    const char *text, *said;
};

static struct process_result compile(struct test *t, const char *text, const char *postgres)
{
    return room_compile(t, "gen_sql",
                        (struct room_file[]){{"tables.tbl", TABLES},
                                             {"sql/item.sql", text},
                                             {postgres ? "sql/item.pg.sql" : NULL, postgres},
                                             {0}});
}

static void refused(struct test *t, const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct process_result result = compile(t, rows[i].text, NULL);
        test_note(t, "%s\nwanted %s\ngot %.*s", rows[i].text, rows[i].said, STR_ARG(result.err));
        CHECK(room_says(&result, rows[i].said));
    }
}

static void taken(struct test *t, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct process_result result = compile(t, texts[i], NULL);
        test_note(t, "%s", texts[i]);
        CHECK_STR(result.err, "");
        CHECK_INT(result.status, 0);
    }
}

#define REFUSED(rows) refused(t, rows, sizeof(rows) / sizeof *(rows))
#define TAKEN(rows)   taken(t, rows, sizeof(rows) / sizeof *(rows))

TEST(gen_sql_refuses_what_the_tables_do_not_have)
{
    static const struct refusal rows[] = {
        {FIND "SELECT\n  nam" BY_ID,
         "item.sql:5: no such column: nam; tables.tbl says what there is"},
        {FIND "SELECT name FROM try_thing WHERE id = :id;\n",
         "item.sql:4: no such table: try_thing; tables.tbl says what there is"},
        {FIND "SELECT name FROM other_item WHERE id = :id;\n",
         "item.sql:4: no such table: other_item; tables.tbl says what there is"},
        {FIND "SELECT name FROM sqlite_schema WHERE name = :id;\n",
         "item.sql:1: item_find asks for sqlite_master, which is no table of try; ask the room "
         "whose table it is"},
        {FIND "SELECT value AS name FROM json_each(:id);\n",
         "item.sql:1: item_find asks for json_each, which is no table of try; ask the room whose "
         "table it is"},
        {FIND "SELECT name, price" BY_ID,
         "item.sql:1: item_find gives 2 columns, but -- out names 1; name each"},
        {FIND "SELECT note" BY_ID,
         "item.sql:3: column 1 is called \"note\" by the statement and \"name\" here; order them "
         "alike, or write AS name"},
        {FIND "SELECT price AS name" BY_ID,
         "item.sql:3: name is declared text, but is money in its table"},
        {FIND "SELECT note AS name" BY_ID, "item.sql:3: name may be null; declare it with a ?"},
        {"-- item_find: one\n-- in id id\n-- out name text?\nSELECT name" BY_ID,
         "item.sql:3: name is never null; take the ? away"},
        {"-- item_x: one\n-- in id id\n-- out line int\nSELECT l.line FROM try_item AS i LEFT JOIN "
         "try_line AS l ON l.item = i.id WHERE i.id = :id;\n",
         "item.sql:3: line may be null; declare it with a ?"},
        {COUNT "SELECT sum(free) AS n FROM try_item;\n",
         "item.sql:2: n is null where there are no rows; declare it with a ?, or write COALESCE"},
        {"-- item_count: one\n-- out n text\n-- scan: a count\nSELECT count(*) AS n "
         "FROM try_item;\n",
         "item.sql:2: n is declared text, but is not"},
        {SET "INSERT INTO try_item (id, name) VALUES (:id, :name, 1);\n",
         "item.sql:3: 3 values for 2 columns; tables.tbl says what there is"},
    };
    REFUSED(rows);
}

TEST(gen_sql_refuses_wrong_parameters)
{
    static const struct refusal rows[] = {
        {FIND "SELECT name FROM try_item WHERE id = :key;\n",
         "item.sql:4: :key is not declared; add it behind -- in, with its kind"},
        {"-- item_find: one\n-- in id id, name text\n-- out name text\nSELECT name" BY_ID,
         "item.sql:2: the parameter name is not used; use it or remove it"},
        {FIND "SELECT name FROM try_item WHERE id = ?1;\n",
         "item.sql:4: parameters have names; write :quantity, and declare it behind -- in"},
        {FIND "SELECT name FROM try_item WHERE id = $1;\n",
         "item.sql:4: parameters have names; write :quantity, and declare it behind -- in"},
        {FIND "SELECT name FROM try_item WHERE id = @id;\n",
         "item.sql:4: @id is a type of a migration; a parameter is :id"},
        {"-- item_find: one\n-- in id int\n-- out name text\nSELECT name" BY_ID,
         "item.sql:4: :id is int, but id is id; declare it so"},
        {"-- item_find: one\n-- in id int\n-- out name text\nSELECT name FROM try_item WHERE :id = "
         "try_item.id;\n",
         "item.sql:4: :id is int, but id is id; declare it so"},
        {"-- item_find: one\n-- in id id?\n-- out name text\nSELECT name" BY_ID,
         "item.sql:4: nothing equals null; put the comparison with :id into [[ … ]], or write IS "
         "NOT DISTINCT FROM"},
        {"-- item_set: exec\n-- in id id, price int\nUPDATE try_item SET price = :price WHERE id "
         "= :id;\n",
         "item.sql:3: :price is int, but price is money; declare it so"},
        {"-- item_set: exec\n-- in id id, name text?\nUPDATE try_item SET name = :name WHERE id = "
         ":id;\n",
         "item.sql:3: :name may be null, but name may not; take the ? away"},
        {"-- item_set: exec\n-- in item id, line text\nINSERT INTO try_line (item, line) VALUES "
         "(:item,\n :line);\n",
         "item.sql:4: :line is text, but line is int; declare it so"},
        {LIST "SELECT id FROM try_item WHERE (made, id) < (:limit, 'x')" BY_MADE,
         "item.sql:4: :limit is int, but made is time; declare it so"},
        {"-- item_list: many\n-- in limit text\n-- out id id\nSELECT id FROM try_item" BY_MADE,
         "item.sql:4: :limit is a limit; declare it int"},
        {"-- item_find: one\n-- in id uuid\n",
         "item.sql:2: write id and its kind, with a ? if it may be null: id text int bool real "
         "blob money time json"},
        {"-- item_find: one\n-- in id id, id id\n", "item.sql:2: there are two \"id\"; rename one"},
        {"-- item_find: one\n-- in tx id\n",
         "item.sql:2: \"tx\" cannot be a name here; find another"},
        {"-- item_find: one\n-- out int id\n",
         "item.sql:2: \"int\" cannot be a name here; find another"},
    };
    REFUSED(rows);
}

TEST(gen_sql_refuses_what_harms_the_neighbours)
{
    static const struct refusal rows[] = {
        {SET "INSERT OR ROLLBACK INTO try_item (id, name) VALUES (:id, :name);\n",
         "item.sql:3: INSERT OR … undoes more than itself; write ON CONFLICT … DO"},
        {SET "INSERT OR IGNORE INTO try_item (id, name) VALUES (:id, :name);\n",
         "item.sql:3: INSERT OR … undoes more than itself; write ON CONFLICT … DO"},
        {SET "REPLACE INTO try_item (id, name) VALUES (:id, :name);\n",
         "item.sql:3: \"REPLACE\" begins no statement of a query; there are SELECT, WITH, INSERT, "
         "UPDATE and DELETE"},
        {SET "UPDATE OR ABORT try_item SET name = :name WHERE id = :id;\n",
         "item.sql:3: UPDATE OR … undoes more than itself; look first, in the same fn"},
        {"-- item_x: exec\nATTACH 'x' AS x;\n",
         "item.sql:2: \"ATTACH\" begins no statement of a query; there are SELECT, WITH, INSERT, "
         "UPDATE and DELETE"},
        {"-- item_x: exec\nPRAGMA defer_foreign_keys = ON;\n",
         "item.sql:2: \"PRAGMA\" begins no statement of a query; there are SELECT, WITH, INSERT, "
         "UPDATE and DELETE"},
        {"-- item_x: exec\nROLLBACK;\n",
         "item.sql:2: \"ROLLBACK\" begins no statement of a query; there are SELECT, WITH, INSERT, "
         "UPDATE and DELETE"},
        {SET "UPDATE try_item SET name = :name WHERE id = :id;\nROLLBACK;\n",
         "item.sql:4: \"ROLLBACK\" begins no statement of a query; there are SELECT, WITH, INSERT, "
         "UPDATE and DELETE"},
        {SET "UPDATE try_item SET name = :name WHERE id = :id;\nDELETE FROM try_line;\n",
         "item.sql:4: there is a second statement; give it a name of its own"},
        {"-- item_x: one\n-- in id id\n-- out id id\nDELETE FROM try_item WHERE id = :id RETURNING "
         "id;\n",
         "item.sql:4: a change gives no rows; make the id before, and read in a one"},
        {"-- item_x: one\n-- in id id\n-- out id id\nDELETE FROM try_item WHERE id = :id;\n",
         "item.sql:1: item_x changes something; make it exec, and read by another query"},
        {"-- item_x: exec\n-- in id id\nSELECT name" BY_ID,
         "item.sql:1: item_x changes nothing; make it one or many"},
    };
    REFUSED(rows);
}

TEST(gen_sql_refuses_what_reads_a_whole_table)
{
    static const struct refusal rows[] = {
        {"-- item_x: one\n-- in name text\n-- out id id\nSELECT id FROM try_item WHERE name = "
         ":name;\n",
         "item.sql:1: item_x reads a whole table (SCAN try_item); add an index to tables.tbl, or "
         "say why: -- scan: …"},
        {"-- item_x: exec\nDELETE FROM try_item;\n",
         "item.sql:1: item_x reads a whole table (SCAN try_item); add an index to tables.tbl, or "
         "say why: -- scan: …"},
        {"-- item_x: exec\nUPDATE try_item SET note = NULL;\n",
         "item.sql:1: item_x reads a whole table (SCAN try_item); add an index to tables.tbl, or "
         "say why: -- scan: …"},
        {"-- item_list: many\n-- in name text?, limit int\n-- out id id\nSELECT id FROM try_item "
         "WHERE TRUE [[ AND name = :name ]]" BY_MADE,
         "item.sql:1: item_list reads a whole table (SCAN try_item USING INDEX "
         "try_item_made_id); add an index to tables.tbl, or say why: -- scan: …"},
        {LIST "SELECT id FROM try_item ORDER BY name LIMIT :limit;\n",
         "item.sql:1: item_list reads a whole table (SCAN try_item); add an index to tables.tbl, "
         "or say why: -- scan: …"},
        {FIND "SELECT name FROM try_item WHERE id = :id AND free = (SELECT count(*) FROM "
              "try_line);\n",
         "item.sql:1: item_find reads a whole table (SCAN try_line); add an index to tables.tbl, "
         "or say why: -- scan: …"},
        {"-- item_x: one\n-- in id id\n-- out name text\n-- scan: no reason\nSELECT name" BY_ID,
         "item.sql:1: item_x reads no whole table; take -- scan: away"},
        {"-- item_x: one\n-- scan:\n", "item.sql:2: say behind scan: why the whole table is read"},
    };
    REFUSED(rows);
}

TEST(gen_sql_refuses_what_is_no_good_style)
{
    static const struct refusal rows[] = {
        {FIND "SELECT *" BY_ID, "item.sql:4: name the columns; * is others after a migration"},
        {FIND "SELECT try_item.*" BY_ID,
         "item.sql:4: name the columns; * is others after a migration"},
        {FIND "SELECT name::text AS name" BY_ID,
         "item.sql:4: only PostgreSQL reads ::; write CAST(x AS bigint), or put the statement "
         "into a .pg.sql file"},
        {FIND "SELECT \"name\"" BY_ID,
         "item.sql:4: a name in quotes is a text to SQLite where it is mistaken; write it "
         "without"},
        {FIND "SELECT name FROM try_item WHERE name LIKE :id;\n",
         "item.sql:4: LIKE minds capitals on one engine only; compare with = or >= and <"},
        {FIND "SELECT name FROM try_item WHERE id = :id AND made < CURRENT_TIMESTAMP;\n",
         "item.sql:4: the time comes from the context's clock; pass it in"},
        {"-- item_list: many\n-- out id id\nSELECT id FROM try_item ORDER BY made, id;\n",
         "item.sql:1: item_list has no limit; let it end in LIMIT :limit or in LIMIT and a number"},
        {"-- item_list: many\n-- out id id\nSELECT id FROM try_item ORDER BY made LIMIT 20000;\n",
         "item.sql:3: a limit is a number from 1 to 10000"},
        {"-- item_list: many\n-- out id id\nSELECT id FROM try_item LIMIT 20;\n",
         "item.sql:1: item_list has no order; say by ORDER BY which rows come first"},
        {LIST "SELECT id FROM try_item ORDER BY note DESC, id LIMIT :limit;\n",
         "item.sql:4: note may be null; say NULLS FIRST or NULLS LAST behind it"},
        {LIST "SELECT id FROM try_item ORDER BY made LIMIT :limit OFFSET 4;\n",
         "item.sql:4: OFFSET reads all that it skips; page by key: (made, id) < (…)"},
        {"-- thing_find: one\n", "item.sql:1: a query of this file begins with its name: item_…"},
        {"-- item_find: two\n",
         "item.sql:1: \"two\" is no kind of query; there are: one, many, exec, exec changed"},
        {"-- item_find: one\n-- item_find: one\n", "item.sql:1: item_find has no statement"},
        {FIND "SELECT name" BY_ID FIND, "item.sql:5: there are two queries item_find; rename one"},
        {"SELECT 1;\n",
         "item.sql:1: a statement stands before any name; begin with -- item_find: one"},
        {"-- item_x: one\nSELECT 1 AS x;\n",
         "item.sql:1: item_x does not say what it gives; add -- out with names and kinds"},
        {SET "-- out id id\nUPDATE try_item SET name = :name WHERE id = :id;\n",
         "item.sql:1: item_set gives no rows; take -- out away, or make it one or many"},
        {FIND "SELECT name FROM try_item WHERE id = :id\n",
         "item.sql:4: a statement ends with a ;"},
        {FIND "SELECT name FROM try_item WHERE (id = :id;\n", "item.sql:4: a ( has no ) behind it"},
    };
    REFUSED(rows);
}

TEST(gen_sql_refuses_wrong_optional_parts)
{
    static const struct refusal rows[] = {
        {FIND "SELECT name FROM try_item WHERE TRUE [[ AND id = :id ]];\n",
         "item.sql:4: :id may be left out here; declare it with a ?"},
        {FIND "SELECT name FROM try_item WHERE id = :id [[ AND free > 0 ]];\n",
         "item.sql:1: an optional part has no parameter that decides of it"},
        {FIND "SELECT name FROM try_item WHERE id = :id [[ AND [[ TRUE ]] ]];\n",
         "item.sql:4: an optional part stands inside another"},
        {FIND "SELECT name FROM try_item WHERE id = :id [[ AND TRUE;\n",
         "item.sql:4: a [[ has no ]] behind it"},
        {FIND "SELECT name FROM try_item WHERE id = :id ]];\n",
         "item.sql:4: a ]] has no [[ before it"},
        {FIND "SELECT name FROM try_item WHERE id = :id [[ ]] [[ ]] [[ ]] [[ ]] [[ ]];\n",
         "item.sql:4: there are more than 4 optional parts; make two queries of it"},
        {FIND "SELECT name FROM try_item WHERE id = [:id];\n",
         "item.sql:4: one [ means nothing; an optional part stands in [[ and ]]"},
    };
    REFUSED(rows);
}

TEST(gen_sql_refuses_overrides_of_nothing)
{
    static const struct refusal rows[] = {
        {"-- item_look: one\nSELECT 1;\n",
         "item.pg.sql:1: there is no such item_look in item.sql; write it there first"},
        {"-- item_find: many\nSELECT 1;\n",
         "item.pg.sql:1: there is no such item_find in item.sql; write it there first"},
        {"-- item_find: one\nSELECT name FROM try_item;\n",
         "item.pg.sql:2: :id stands in other parts than in item.sql"},
        {"-- item_find: one\n-- in id id\n", "item.pg.sql:2: in and out stand in item.sql"},
        {"-- item_find: far one\n", "item.pg.sql:1: there are two queries item_find; rename one"},
        {"-- item_drop: far many\n-- out id id\nSELECT id FROM try_item;\n",
         "item.pg.sql:1: item_drop has no limit; let it end in LIMIT :limit or in LIMIT and a "
         "number"},
        {"-- item_drop: far exec\nDELETE FROM try_item WHERE id = :id;\n",
         "item.pg.sql:2: :id is not declared; add it behind -- in, with its kind"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process_result result = compile(t, FIND "SELECT name" BY_ID, rows[i].text);
        test_note(t, "wanted %s\ngot %.*s", rows[i].said, STR_ARG(result.err));
        CHECK(room_says(&result, rows[i].said));
    }
}

TEST(gen_sql_takes_what_both_engines_read_alike)
{
    static const char *const texts[] = {
        FIND "SELECT name" BY_ID,
        "-- What items are asked.\n\n" COUNT "SELECT count(*) AS n FROM try_item;\n",
        LIST "SELECT id FROM try_item" BY_MADE,
        "-- item_x: many\n-- in id id\n-- out line int?\nSELECT l.line FROM try_item AS i LEFT "
        "JOIN try_line AS l ON l.item = i.id WHERE i.id = :id ORDER BY l.line LIMIT 5;\n",
        "-- item_x: exec changed\n-- in id id, by int\nUPDATE try_item SET free = free - :by WHERE "
        "id = :id AND free >= :by;\n",
        "-- item_x: one\n-- in id id\n-- out n int\nWITH l AS (SELECT line FROM try_line WHERE "
        "item = :id) SELECT count(*) AS n FROM l;\n",
        "-- item_x: exec\n-- in item id, line int\nINSERT INTO try_line (item, line) VALUES "
        "(:item, :line) ON CONFLICT (item, line) DO NOTHING;\n",
        "-- item_x: exec\n-- in id id, note text?\nUPDATE try_item SET free = (SELECT count(*) "
        "FROM try_line WHERE item = :id), note = :note WHERE id = :id;\n",
        "-- item_x: exec\n-- in id id, note text?\nUPDATE try_item SET note = :note WHERE id = "
        ":id;\n",
    };
    TAKEN(texts);
}

TEST(gen_sql_numbers_what_each_combination_has)
{
    struct process_result result = compile(
        t,
        "-- item_list: many\n-- in  id id?, made time?, limit int\n-- out id id\n"
        "SELECT id FROM try_item\nWHERE TRUE [[ AND id = :id ]] [[ AND made = :made ]]"
        "\nORDER BY made, id LIMIT :limit;\n",
        NULL);
    CHECK_STR(result.err, "");
    REQUIRE(result.status == 0);
    struct str code = room_read(t, "gen_sql", "try_sql.c");
    CHECK(str_find(code, STR("\"WHERE TRUE\\n\"\n        \"ORDER BY made, id LIMIT ?1\"")) !=
          STR_NONE);
    CHECK(str_find(code, STR("\"WHERE TRUE AND made = $1::bigint\\n\"\n"
                             "        \"ORDER BY made, id LIMIT $2::bigint\"")) != STR_NONE);
    CHECK(str_find(code, STR("AND id = ?1 AND made = ?2\\n")) != STR_NONE);
    struct str header = room_read(t, "gen_sql", "try_sql.h");
    CHECK(str_find(header, STR("enum err item_list(struct tx *tx, const struct str *id, const "
                               "int64_t *made_us, int64_t limit")) != STR_NONE);
}

TEST(gen_sql_takes_what_only_postgres_is_asked)
{
    struct process_result result = compile(
        t, FIND "SELECT name" BY_ID,
        "-- item_drop: far many\n-- in  price money\n-- out id id\n"
        "WITH gone AS (DELETE FROM try_item WHERE price = :price RETURNING id)\n"
        "SELECT id FROM gone ORDER BY id LIMIT 10;\n");
    CHECK_STR(result.err, "");
    REQUIRE(result.status == 0);
    struct str code = room_read(t, "gen_sql", "try_sql.c");
    CHECK(str_find(code, STR(".name = \"item_drop\",\n    .postgres =")) != STR_NONE);
    CHECK(str_find(code, STR(".writes = true")) != STR_NONE);
    result = compile(t, "-- item_drop: far exec\nDELETE FROM try_item;\n", NULL);
    CHECK(room_says(&result, "item.sql:1: what only PostgreSQL is asked stands in item.pg.sql"));
}

TEST(gen_sql_gives_postgres_its_own_words)
{
    struct process_result result = compile(
        t, FIND "SELECT name" BY_ID,
        "-- item_find: one\nSELECT name::text AS \"name\" FROM try_item WHERE id = :id;\n");
    CHECK_STR(result.err, "");
    REQUIRE(result.status == 0);
    struct str code = room_read(t, "gen_sql", "try_sql.c");
    CHECK(str_find(code, STR("\"SELECT name::text AS \\\"name\\\" FROM try_item WHERE id = "
                             "$1::text\"")) != STR_NONE);
    CHECK(str_find(code, STR("\"SELECT name FROM try_item WHERE id = ?1\"")) != STR_NONE);
}
