/* Tests of readiness: what is wrong, since when it is believed, and that it is said well. */
#include "watch/ready.h"

#include "base/buf.h"

#include "harness/folder.h"
#include "harness/test.h"
#include "ports/db/migrate.h"

static const struct migration steps[] = {{.number = 1,
                                          .name = "0001_begin",
                                          .checksum = 7,
                                          .sqlite = "CREATE TABLE sample_one (id INTEGER)",
                                          .postgres = ""},
                                         {.number = 2,
                                          .name = "0002_more",
                                          .checksum = 8,
                                          .sqlite = "CREATE TABLE sample_two (id INTEGER)",
                                          .postgres = ""}};

static const struct schema older = {.room = "sample", .migrations = steps, .migration_count = 1},
                           newer = {.room = "sample", .migrations = steps, .migration_count = 2};

static struct db *open_with(struct test *t, const char *folder, const struct schema *schema)
{
    struct buf url;
    struct db *db = NULL;
    const struct schema **schemas = ARENA_ARRAY(t->arena, 2, const struct schema *);
    REQUIRE(schemas);
    schemas[0] = schema;
    buf_init(&url, t->arena, 1024);
    buf_addf(&url, "sqlite:%s/ready.db", folder);
    const struct db_options options = {.url = buf_str(&url), .schemas = schemas};
    REQUIRE(db_open(t->ctx, &options, &db) == ERR_OK);
    return db;
}

static void migrate(struct test *t, struct db *db)
{
    struct migrate_plan *done = ARENA_NEW(t->arena, struct migrate_plan);
    REQUIRE(done);
    CHECK_ERR(migrate_run(db, t->ctx, done), ERR_OK);
}

TEST(ready_where_the_database_is_as_this_release_wants_it)
{
    const char *folder = test_folder(t, "ready");
    struct db *db = open_with(t, folder, &older);
    CHECK_INT(ready_look(t->ctx, db, folder), 1U << READY_MIGRATIONS);
    t->ctx->deadline_us = 0;
    migrate(t, db);
    CHECK_INT(ready_look(t->ctx, db, folder), 0);
    CHECK_INT(ready_look(t->ctx, db, "/no/such/folder"), 0);
    db_close(db);
}

TEST(ready_while_the_release_that_follows_takes_over)
{
    const char *folder = test_folder(t, "ready_newer");
    struct db *old = open_with(t, folder, &older), *new = open_with(t, folder, &newer);
    migrate(t, old);
    CHECK_INT(ready_look(t->ctx, new, folder), 1U << READY_MIGRATIONS);
    t->ctx->deadline_us = 0;
    migrate(t, new);
    CHECK_INT(ready_look(t->ctx, old, folder), 0);
    CHECK_INT(ready_look(t->ctx, new, folder), 0);
    db_close(old);
    db_close(new);
}

TEST(ready_says_what_was_seen_last_and_not_for_ever)
{
    struct ready ready;
    ready_init(&ready);
    ready_note(&ready, 1U << READY_DISK, 1000);
    CHECK_INT(ready_wrong(&ready, 1000 + READY_STALE_US), 1U << READY_DISK);
    CHECK_INT(ready_wrong(&ready, 1001 + READY_STALE_US), 1U << READY_DISK | 1U << READY_DATABASE);
    ready_note(&ready, 0, 5000);
    CHECK_INT(ready_wrong(&ready, 5000), 0);
    ready_note(&ready, 1U << READY_DATABASE, 6000); /* a hiccup */
    CHECK_INT(ready_wrong(&ready, 6000), 0);
    ready_note(&ready, 1U << READY_DATABASE, 7000);
    CHECK_INT(ready_wrong(&ready, 7000), 1U << READY_DATABASE);
}

TEST(ready_parts_have_a_name_and_words)
{
    for (enum ready_part part = 0; part < READY_COUNT; part++) {
        CHECK(ready_name(part)[0]);
        CHECK(str_ends(str_from(ready_words(part)), STR(".")));
    }
}
