/* API keys on both engines: what is found, and whatever is not quite a key. */
#include "guard/key.h"

#include <string.h>

#include "db/engines.h"
#include "guard/guard_schema.h"
#include "harness/torture.h"
#include "ports/db/migrate.h"

static const struct schema *const schemas[] = {&guard_schema, NULL};

#define PERSON "per_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define OTHER  "per_01KAH0XVK4A9N3FYJ0T8Q5RWZD"
#define INSERT "INSERT INTO guard_person (id, email, name, language, must_change, made) VALUES ('"

static const char *const people[][2] = {
    {INSERT PERSON "', 'a', 'a', 'en', 0, 1)", INSERT PERSON "', 'a', 'a', 'en', false, 1)"},
    {INSERT OTHER "', 'b', 'b', 'en', 0, 1)", INSERT OTHER "', 'b', 'b', 'en', false, 1)"},
    {NULL, NULL}};

/* A worker with a clock that is turned by hand, and a key. */
struct desk {
    struct fixture fixture;
    struct ctx ctx;
    struct key_new made;
    struct key found;
};

static enum err add(struct tx *tx, void *arg)
{
    struct desk *desk = arg;
    return key_add(tx, &desk->made);
}

static void open_desk(struct test *t, const struct engine *engine, struct desk *desk)
{
    struct migrate_plan *done = ARENA_NEW(t->arena, struct migrate_plan);
    struct fixture *fixture = &desk->fixture;
    REQUIRE(done);
    fixture_open(t, engine, fixture);
    db_close(fixture->db);
    struct db_options options = {.url = str_from(fixture->url), .schemas = schemas};
    REQUIRE(db_open(&fixture->worker.ctx, &options, &fixture->db) == ERR_OK);
    REQUIRE(migrate_run(fixture->db, &fixture->worker.ctx, done) == ERR_OK);
    REQUIRE(run_statements(fixture->db, &fixture->worker.ctx, people) == ERR_OK);
    desk->ctx = *t->ctx;
    desk->made = (struct key_new){
        .person = STR(PERSON), .name = STR("the till"), .scopes = STR("orders.read messages.read")};
    key_prepare(&desk->ctx, &desk->made);
    REQUIRE(db_write(fixture->db, &desk->ctx, add, desk) == ERR_OK);
}

struct looking {
    struct str token;
    struct key key;
};

static enum err look(struct tx *tx, void *arg)
{
    struct looking *looking = arg;
    return key_find(tx, looking->token, &looking->key);
}

static enum err find(struct desk *desk, const char *token)
{
    struct looking looking = {.token = str_from(token)};
    enum err err = db_read(desk->fixture.db, &desk->ctx, look, &looking);
    desk->found = looking.key;
    return err;
}

static void check_refused(struct test *t, struct desk *desk, const char *token, const char *why)
{
    CHECK_ERR(find(desk, token), ERR_SIGNED_OUT);
    CHECK_TEXT(desk->ctx.err.user, "This API key is not in force.");
    CHECK(str_find(str_from(desk->ctx.err.operator), str_from(why)) != STR_NONE);
}

TEST(keys_are_found_by_their_token)
{
    struct desk desk;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_desk(t, engine, &desk);
        CHECK_INT(strlen(desk.made.token), KEY_LEN);
        CHECK_ERR(find(&desk, desk.made.token), ERR_OK);
        CHECK_STR(desk.found.id, desk.made.id);
        CHECK_STR(desk.found.person, PERSON);
        CHECK(key_has(&desk.found, "messages.read") && key_has(&desk.found, "orders.read"));
        CHECK(!key_has(&desk.found, "messages") && !key_has(&desk.found, "messages.reader"));
        CHECK(!key_has(&desk.found, "") && !key_has(&desk.found, "anything"));
        fixture_close(&desk.fixture);
    }
}

/* Each letter counts, and what is no token asks nobody. */
TEST(keys_with_one_letter_wrong_are_none)
{
    struct desk desk;
    char token[KEY_TEXT];
    open_desk(t, engine_sqlite, &desk);
    for (size_t i = 0; i < KEY_LEN; i++) {
        memcpy(token, desk.made.token, sizeof token);
        token[i] = token[i] == 'x' ? 'y' : 'x';
        CHECK(!key_is_token(str_from(token)));
        check_refused(t, &desk, token, "is none");
    }
    memcpy(token, desk.made.token, sizeof token);
    token[KEY_LEN - 1] = '\0';
    check_refused(t, &desk, token, "is none");
    check_refused(t, &desk, "", "is none");
    check_refused(t, &desk, KEY_PREFIX, "is none");
    fixture_close(&desk.fixture);
}

static enum err revoke(struct tx *tx, void *arg)
{
    struct desk *desk = arg;
    return key_revoke(tx, str_from(desk->made.id), desk->made.person);
}

static enum err note(struct tx *tx, void *arg)
{
    struct desk *desk = arg;
    return key_note(tx, &desk->found);
}

TEST(keys_that_are_not_known_were_revoked_or_are_over)
{
    struct desk desk;
    struct key_new other;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_desk(t, engine, &desk);
        struct db *db = desk.fixture.db;
        key_prepare(&desk.ctx, &other);
        CHECK(key_is_token(str_from(other.token)));
        check_refused(t, &desk, other.token, "is not known");
        desk.made.person = STR(OTHER);
        CHECK_ERR(db_write(db, &desk.ctx, revoke, &desk), ERR_MISSING); /* it is another's */
        CHECK_ERR(find(&desk, desk.made.token), ERR_OK);
        desk.made.person = STR(PERSON);
        CHECK_ERR(db_write(db, &desk.ctx, revoke, &desk), ERR_OK);
        check_refused(t, &desk, desk.made.token, "was revoked");
        CHECK_ERR(db_write(db, &desk.ctx, revoke, &desk), ERR_MISSING);
        key_prepare(&desk.ctx, &desk.made);
        desk.made.expires_us = clock_now_us(desk.ctx.clock) + HOUR_US;
        CHECK_ERR(db_write(db, &desk.ctx, add, &desk), ERR_OK);
        CHECK_ERR(find(&desk, desk.made.token), ERR_OK);
        fake_clock_turn(&t->clock, HOUR_US);
        check_refused(t, &desk, desk.made.token, "has expired");
        fixture_close(&desk.fixture);
    }
}

TEST(keys_note_their_use_now_and_then)
{
    struct desk desk;
    open_desk(t, engine_sqlite, &desk);
    CHECK(find(&desk, desk.made.token) == ERR_OK && desk.found.is_stale);
    CHECK_ERR(db_write(desk.fixture.db, &desk.ctx, note, &desk), ERR_OK);
    CHECK(find(&desk, desk.made.token) == ERR_OK && !desk.found.is_stale);
    fake_clock_turn(&t->clock, KEY_USED_MINUTES * MINUTE_US);
    CHECK(find(&desk, desk.made.token) == ERR_OK && desk.found.is_stale);
    fixture_close(&desk.fixture);
}

TEST(keys_of_one_person_are_so_many)
{
    struct desk desk;
    open_desk(t, engine_sqlite, &desk);
    for (int i = 1; i < KEY_EACH_MAX; i++) {
        key_prepare(&desk.ctx, &desk.made);
        CHECK_ERR(db_write(desk.fixture.db, &desk.ctx, add, &desk), ERR_OK);
    }
    key_prepare(&desk.ctx, &desk.made);
    CHECK_ERR(db_write(desk.fixture.db, &desk.ctx, add, &desk), ERR_LIMIT);
    fixture_close(&desk.fixture);
}

static enum err look_signing(struct tx *tx, void *arg)
{
    struct looking *looking = arg;
    return key_find_signing(tx, looking->token, &looking->key);
}

/* Only what was made to sign is found by its id, and only while it is in force. */
TEST(keys_that_sign_are_found_by_their_id)
{
    struct desk desk;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_desk(t, engine, &desk);
        struct db *db = desk.fixture.db;
        struct looking looking = {.token = str_from(desk.made.id)};
        CHECK_ERR(db_read(db, &desk.ctx, look_signing, &looking), ERR_SIGNED_OUT);
        CHECK(strstr(desk.ctx.err.operator, "has no secret"));
        key_prepare(&desk.ctx, &desk.made);
        desk.made.signs = 3;
        CHECK_ERR(db_write(db, &desk.ctx, add, &desk), ERR_OK);
        looking.token = str_from(desk.made.id);
        CHECK_ERR(db_read(db, &desk.ctx, look_signing, &looking), ERR_OK);
        CHECK_INT(looking.key.signs, 3);
        CHECK_STR(looking.key.person, PERSON);
        CHECK(looking.key.is_stale && key_has(&looking.key, "messages.read|papers.read"));
        CHECK(!key_has(&looking.key, "papers.read|papers.write"));
        CHECK_ERR(find(&desk, desk.made.token), ERR_OK);
        CHECK_INT(desk.found.signs, 0); /* a token is no signature */
        CHECK_ERR(db_write(db, &desk.ctx, revoke, &desk), ERR_OK);
        CHECK_ERR(db_read(db, &desk.ctx, look_signing, &looking), ERR_SIGNED_OUT);
        looking.token = STR("AKIDEXAMPLE");
        CHECK_ERR(db_read(db, &desk.ctx, look_signing, &looking), ERR_SIGNED_OUT);
        fixture_close(&desk.fixture);
    }
}

/* The database has nothing by which one could sign in. */
TEST(keys_are_kept_as_a_hash)
{
    struct desk desk;
    char hash[SECRET_TEXT];
    open_desk(t, engine_sqlite, &desk);
    secret_hash(str_from(desk.made.token), hash);
    check_refused(t, &desk, hash, "is none");
    fixture_close(&desk.fixture);
}

/* Undone at the end: there may only be so many. */
static enum err add_and_find(struct tx *tx, void *arg)
{
    struct desk *desk = arg;
    TRY(key_add(tx, &desk->made));
    TRY(key_find(tx, str_from(desk->made.token), &desk->found));
    return err_fail(&tx->ctx->err, ERR_CONFLICT, "No.", "as told");
}

static enum err make_and_find(struct test *t, void *arg)
{
    const struct fixture *fixture = arg;
    struct db_options options = {.url = str_from(fixture->url), .schemas = schemas};
    struct desk desk = {.made = {.person = STR(PERSON), .name = STR("n"), .scopes = STR("a")}};
    desk.ctx = *t->ctx;
    desk.ctx.arena = t->arena;
    TRY(db_open(&desk.ctx, &options, &desk.fixture.db));
    key_prepare(&desk.ctx, &desk.made);
    enum err err = db_write(desk.fixture.db, &desk.ctx, add_and_find, &desk);
    db_close(desk.fixture.db);
    return err == ERR_CONFLICT ? ERR_OK : err;
}

TEST(keys_are_whole_whatever_memory_fails)
{
    struct desk desk;
    open_desk(t, engine_sqlite, &desk);
    db_close(desk.fixture.db); /* SQLite closes no file that another one here has locked */
    TORTURE_EVERY(t, TORTURE_MEMORY, make_and_find, &desk.fixture);
    struct db_options options = {.url = str_from(desk.fixture.url), .schemas = schemas};
    REQUIRE(db_open(&desk.ctx, &options, &desk.fixture.db) == ERR_OK);
    fixture_close(&desk.fixture);
}
