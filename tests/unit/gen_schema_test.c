/* The compiler of tables: what is wrong in a table or a migration is told where it stands. */
#include "harness/test.h"
#include "room.h"

#define TABLE "# A room.\ntry_item  # An item.\n  id id key\n  name text  # what it is called\n"
#define STEP                                                                    \
    "CREATE TABLE try_item (id @id NOT NULL PRIMARY KEY, name @text NOT NULL) " \
    "@strict;\n"
#define SECOND  "migrations/0002_more.sql"
#define FIRST   "migrations/0001_begin.sql"
#define FIRSTPG "migrations/0001_begin.pg.sql"

struct refusal {
    const char *tables, *step, *said;
};

static void refused(struct test *t, const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct process_result result = room_compile(
            t, "gen_schema",
            (struct room_file[]){
                {"tables.tbl", rows[i].tables}, {FIRST, rows[i].step ? rows[i].step : STEP}, {0}});
        test_note(t, "wanted %s\ngot %.*s", rows[i].said, STR_ARG(result.err));
        CHECK(room_says(&result, rows[i].said));
    }
}

#define REFUSED(rows) refused(t, rows, sizeof(rows) / sizeof *(rows))

TEST(gen_schema_refuses_wrong_tables)
{
    static const struct refusal rows[] = {
        {"  id id key\n", NULL,
         "tables.tbl:1: a column stands before any table; name one at the margin"},
        {"# A room.\n", NULL, "tables.tbl:1: there is no table; add one or remove the file"},
        {"item\n", NULL, "tables.tbl:1: \"item\" does not carry the room's name; call it try_item"},
        {"Try_item\n", NULL,
         "tables.tbl:1: \"Try_item\" is no name; use small letters, digits and _"},
        {"try_item key\n", NULL,
         "tables.tbl:1: \"key\" is one word too many; put an explanation behind a #"},
        {"try_item\n  id id key\ntry_item\n", NULL,
         "tables.tbl:3: there are two tables try_item; rename one"},
        {"try_item\n  id uuid key\n", NULL,
         "tables.tbl:2: \"uuid\" is no kind of column; there are: id text int bool real blob "
         "money time json, and ref TABLE"},
        {"try_item\n  order int\n", NULL,
         "tables.tbl:2: \"order\" is a word of SQL or C; find another name"},
        {"try_item\n  id id key\n  id text\n", NULL,
         "tables.tbl:3: there are two columns id; rename one"},
        {"try_item\n  id id? key\n", NULL,
         "tables.tbl:2: a key is never null; take the ? or the key away"},
        {"try_item\n  id id primary\n", NULL,
         "tables.tbl:2: \"primary\" is one word too many; put an explanation behind a #"},
        {"# A room.\ntry_item\n  id id\n", NULL,
         "tables.tbl:2: try_item has no key; put the word key behind the column that tells its "
         "rows apart"},
        {"try_item\n  id id key\n  of ref try_other\n", NULL,
         "tables.tbl:3: \"try_other\" is no table above this row; move that one up, or hold the "
         "id of another room's as id"},
        {"try_a\n  n int key\ntry_b\n  a ref try_a key\n", NULL,
         "tables.tbl:4: try_a has no key that is one id; refer to a table that has, or hold its "
         "key in columns of your own"},
        {"try_item\n  id id key\n  index nam\n", NULL,
         "tables.tbl:3: \"nam\" is no column above this row"},
        {"try_item\n  id id key\n  unique\n", NULL,
         "tables.tbl:3: an index needs columns; name them behind it"},
    };
    REFUSED(rows);
}

TEST(gen_schema_refuses_migrations_that_make_other_tables)
{
    static const struct refusal rows[] = {
        {TABLE "  note text?\n", NULL,
         "tables.tbl:5: no migration makes \"column try_item.note text?\"; write one, or remove "
         "this row"},
        {"try_item\n  id id key\n", NULL,
         "tables.tbl:1: the migrations make \"column try_item.name text\", which does not stand "
         "here; add it, or write a migration that drops it"},
        {"try_item\n  id id key\n  name text?\n", NULL,
         "tables.tbl:3: here is \"column try_item.name text?\", but the migrations make \"column "
         "try_item.name text\"; mend this row, or write a migration"},
        {"try_item\n  id id key\n  name json\n", NULL,
         "tables.tbl:3: here is \"column try_item.name json\", but the migrations make \"column "
         "try_item.name text\"; mend this row, or write a migration"},
        {"try_item\n  id id key\n  name text key\n", NULL,
         "tables.tbl:1: here is \"key try_item id name\", but the migrations make \"key try_item "
         "id\"; mend this row, or write a migration"},
        {TABLE "  unique name\n", NULL,
         "tables.tbl:5: no migration makes \"unique try_item_name on try_item: name\"; write one, "
         "or remove this row"},
        {TABLE "  unique name\n", STEP "CREATE INDEX try_item_name ON try_item (name);\n",
         "tables.tbl:5: here is \"unique try_item_name on try_item: name\", but the migrations "
         "make \"index try_item_name on try_item: name\"; mend this row, or write a migration"},
        {TABLE "  index name\n",
         STEP "CREATE INDEX try_item_name ON try_item (name) WHERE name <> '';\n",
         "tables.tbl:5: here is \"index try_item_name on try_item: name\", but the migrations "
         "make \"index try_item_name on try_item: name WHERE …\"; mend this row, or write a "
         "migration"},
        {TABLE "  of ref? try_item\n", STEP "ALTER TABLE try_item ADD COLUMN of @id;\n",
         "tables.tbl:5: no migration makes \"ref try_item.of try_item\"; write one, or remove "
         "this row"},
        {TABLE, "CREATE TABLE try_item (id @id NOT NULL PRIMARY KEY, name @text NOT NULL);\n",
         "tables.tbl:2: the migrations make try_item without @strict; write ) @strict;"},
    };
    REFUSED(rows);
}

TEST(gen_schema_refuses_wrong_migrations)
{
    static const struct refusal rows[] = {
        {TABLE, STEP "\nCREATE INDEX a ON try_other (name);\n",
         "0001_begin.sql:3: no such table: main.try_other"},
        {TABLE, STEP "UPDATE try_item SET name =\n  nam;\n",
         "0001_begin.sql:3: no such column: nam"},
        {TABLE, "CREATE TABLE try_item (id @uuid);\n",
         "0001_begin.sql:1: @uuid is no type; there are: id text int bool real blob money time "
         "json, @strict and @strict_by_key"},
        {TABLE, "CREATE TABLE try_item (@id);\n",
         "0001_begin.sql:1: @id stands behind no column's name"},
        {TABLE, STEP "BEGIN;\n",
         "0001_begin.sql:2: \"BEGIN\" begins no statement of a migration; there are CREATE, ALTER, "
         "DROP, WITH, INSERT, UPDATE and DELETE"},
        {TABLE, STEP "PRAGMA foreign_keys = OFF;\n",
         "0001_begin.sql:2: \"PRAGMA\" begins no statement of a migration; there are CREATE, "
         "ALTER, DROP, WITH, INSERT, UPDATE and DELETE"},
        {TABLE,
         STEP "CREATE TABLE x (a @id REFERENCES try_item (id) DEFERRABLE INITIALLY DEFERRED);\n",
         "0001_begin.sql:2: a deferred check fails the neighbours; let it be checked at once"},
        {TABLE, STEP "CREATE TRIGGER x;\n",
         "0001_begin.sql:2: there are no triggers; say it where the change is made"},
        {TABLE, STEP "CREATE VIEW x;\n",
         "0001_begin.sql:2: there are no views; write the query into sql/"},
        {TABLE, STEP "CREATE TABLE x (a @id UNIQUE ON CONFLICT REPLACE);\n",
         "0001_begin.sql:2: ON CONFLICT does one thing here: DO UPDATE or DO NOTHING"},
        {TABLE, STEP "UPDATE try_item SET name = :name;\n",
         "0001_begin.sql:2: a migration has no parameters; write the value"},
        {TABLE, STEP "DROP TABLE x", "0001_begin.sql:2: the last line has no end; add a newline"},
        {TABLE, STEP "DROP TABLE x\n", "0001_begin.sql:2: a statement ends with a ;"},
        {TABLE, STEP "UPDATE try_item SET name = 'a\n';\n",
         "0001_begin.sql:2: the ' is not closed on its line"},
        {TABLE, STEP "UPDATE try_item SET name = name::text;\n",
         "0001_begin.sql:2: only PostgreSQL reads ::; write CAST(x AS bigint), or put the "
         "statement into a .pg.sql file"},
    };
    REFUSED(rows);
}

static void misnamed(struct test *t, const char *first, const char *second, const char *said)
{
    struct process_result result = room_compile(
        t, "gen_schema",
        (struct room_file[]){{"tables.tbl", TABLE}, {first, STEP}, {second, STEP}, {0}});
    test_note(t, "wanted %s\ngot %.*s", said, STR_ARG(result.err));
    CHECK(room_says(&result, said));
}

TEST(gen_schema_refuses_gaps_in_the_steps)
{
    misnamed(t, "migrations/0002_begin.sql", NULL,
             "0002_begin.sql:1: the step's file is called 0001_name.sql; there is no gap");
    misnamed(t, "migrations/begin.sql", NULL,
             "begin.sql:1: the step's file is called 0001_name.sql; there is no gap");
    misnamed(t, "migrations/0001-begin.sql", NULL,
             "0001-begin.sql:1: the step's file is called 0001_name.sql; there is no gap");
    misnamed(t, FIRST, "migrations/0001_other.sql",
             "0001_other.sql:1: the step's file is called 0002_name.sql; there is no gap");
    misnamed(t, FIRST, "migrations/0002_more.pg.sql",
             "0002_more.pg.sql:1: there is no 0002_more.sql beside it; write that first");
}

TEST(gen_schema_writes_what_every_reader_needs)
{
    struct process_result result = room_compile(
        t, "gen_schema",
        (struct room_file[]){
            {"tables.tbl", TABLE "  loud bool?\n  index name\n"},
            {FIRST, STEP "CREATE INDEX try_item_name ON try_item (name);\n"},
            {FIRSTPG,
             "-- As PostgreSQL has it.\n" STEP "CREATE INDEX try_item_name ON try_item (name);\n"},
            {SECOND, "-- How loud it is.\nALTER TABLE try_item ADD COLUMN loud @bool;\n"},
            {0}});
    CHECK_STR(result.err, "");
    REQUIRE(result.status == 0);
    struct str page = room_read(t, "gen_schema", "try_schema.md");
    CHECK(str_find(page, STR("| name | text |  | what it is called |\n")) != STR_NONE);
    CHECK(str_find(page, STR("- 0002_more: How loud it is.\n")) != STR_NONE);
    struct str lite = room_read(t, "gen_schema", "try_schema.sqlite.sql");
    CHECK(str_find(lite, STR("loud INTEGER CHECK (loud IN (0, 1)),\n")) != STR_NONE);
    CHECK(str_find(lite, STR(") STRICT;\nCREATE INDEX try_item_name ON try_item (name);\n")) !=
          STR_NONE);
    struct str postgres = room_read(t, "gen_schema", "try_schema.pg.sql");
    CHECK(str_find(postgres, STR("id text COLLATE \"C\" NOT NULL,\n")) != STR_NONE);
    CHECK(str_find(postgres, STR("loud boolean,\n")) != STR_NONE);
    struct str code = room_read(t, "gen_schema", "try_schema.c");
    CHECK(str_find(code, STR("ADD COLUMN loud INTEGER CHECK (loud IN (0, 1));\\n\"")) != STR_NONE);
    CHECK(str_find(code, STR("-- As PostgreSQL has it.\\n\"")) != STR_NONE);
}
