/* A PostgreSQL of a test's own, with tables and callers. */
#include "postgres_help.h"

#include <poll.h>

#include "harness/folder.h"
#include "harness/test.h"

static const enum db_type ints[] = {DB_INT};

const struct query pg_add_once = {.name = "add_once",
                                  .postgres = "INSERT INTO once (n) VALUES ($1)",
                                  .param_types = ints,
                                  .param_count = 1,
                                  .writes = true};

static const char tables[] =
    "CREATE TABLE once (n bigint NOT NULL UNIQUE);"
    "CREATE TABLE owner (id bigint PRIMARY KEY);"
    "CREATE TABLE line (owner bigint NOT NULL REFERENCES owner, n bigint CHECK (n > 0),"
    " UNIQUE (owner, n));"
    "CREATE TABLE note (body text COLLATE \"C\" NOT NULL, extra jsonb);"
    "CREATE TABLE stock (free bigint NOT NULL); INSERT INTO stock VALUES (10);"
    "INSERT INTO owner VALUES (1)";

void pg_open(struct test *t, const char *folder, struct pg *pg)
{
    pg->clock = clock_system();
    t->ctx->clock = &pg->clock;
    enum err err = postgres_start(t->ctx, test_folder(t, folder), false, &pg->server);
    test_note(t, "%s", t->ctx->err.operator);
    REQUIRE(err == ERR_OK);
    test_note(t, "%s", "");
    REQUIRE(postgres_sql(t->ctx, &pg->server, tables, NULL) == ERR_OK);
    pg->options = (struct db_options){.url = str_from(pg->server.url)};
    REQUIRE(db_open(t->ctx, &pg->options, &pg->db) == ERR_OK);
}

void pg_close(struct pg *pg)
{
    db_close(pg->db);
    postgres_stop(&pg->server);
}

int64_t pg_number(struct test *t, struct pg *pg, const char *text)
{
    struct str said = STR("");
    int64_t number = -1;
    CHECK_ERR(postgres_sql(t->ctx, &pg->server, text, &said), ERR_OK);
    CHECK_ERR(str_to_int(said, INT64_MIN, INT64_MAX, &number), ERR_OK);
    return number;
}

void pg_callers_start(struct test *t, struct pg *pg, struct pg_caller callers[], size_t count,
                      void *(*body)(void *))
{
    for (size_t i = 0; i < count; i++) {
        struct pg_caller *caller = &callers[i];
        arena_init(&caller->arena, PG_MEMORY_MAX);
        caller->pg = pg;
        caller->ctx = (struct ctx){.arena = &caller->arena, .clock = &pg->clock};
        caller->n = (int64_t)i;
        REQUIRE(pthread_create(&caller->thread, NULL, body, caller) == 0);
    }
}

void pg_callers_join(struct pg_caller callers[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pthread_join(callers[i].thread, NULL);
        arena_release(&callers[i].arena);
    }
}

enum err pg_add_number(struct tx *tx, void *arg)
{
    const int64_t *number = arg;
    return tx_exec(tx, &pg_add_once, (struct db_value[]){db_int(*number)}, NULL);
}

enum err pg_take_int(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    int64_t *number = into;
    *number = row[0].number;
    return ERR_OK;
}

enum err pg_count(struct tx *tx, void *arg)
{
    static const struct query query = {
        .name = "count_once",
        .postgres = "SELECT count(*) FROM once",
        .column_types = ints,
        .column_count = 1,
    };
    return tx_query(tx, &query, NULL, pg_take_int, arg);
}

void pg_alone_open(struct test *t, const struct db_options *options, enum db_role role,
                   struct pg_alone *alone)
{
    REQUIRE(db_postgres.open(t->ctx, options, &alone->engine) == ERR_OK);
    REQUIRE(db_postgres.connect(alone->engine, t->ctx, role, &alone->connection) == ERR_OK);
    alone->tx = (struct tx){.ctx = t->ctx,
                            .connection = alone->connection,
                            .driver = &db_postgres,
                            .writes = role == DB_WRITER};
}

void pg_alone_close(struct pg_alone *alone)
{
    db_postgres.disconnect(alone->connection);
    db_postgres.close(alone->engine);
}

enum err pg_alone_add(struct pg_alone *alone, int64_t number, int64_t *changed)
{
    struct db_value args[] = {db_int(number)};
    TRY(db_postgres.savepoint(alone->connection, alone->tx.ctx));
    enum err err = db_postgres.exec(&alone->tx, &pg_add_once, args, changed);
    if (!err)
        return db_postgres.release(alone->connection, alone->tx.ctx);
    TRY(db_postgres.undo(alone->connection, alone->tx.ctx));
    return err;
}

void pg_pause_ms(int wait_ms)
{
    (void)poll(NULL, 0, wait_ms);
}
