/* Runs the program on databases that tests start for it. */
#include "program.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "harness/folder.h"

const char sample_stoa[] = "tests/db/sample_stoa", stoa[] = "stoa";

bool says(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

void place_set_url(struct place *place, const char *url)
{
    snprintf(place->url, sizeof place->url, "DATABASE_URL=%s", url);
}

void place_open(struct test *t, const struct engine *engine, struct place *place)
{
    struct fixture *fixture = &place->fixture;
    memset(place, 0, sizeof *place);
    fixture->engine = engine;
    worker_init(&fixture->worker, t);
    engine->start(t, fixture);
    place->folder = test_folder(t, "db/program");
    place_set_url(place, fixture->url);
    snprintf(place->data, sizeof place->data, "STOA_DATA=%s", place->folder);
    if (!fixture->postgres.pid)
        return;
    REQUIRE(postgres_sql(t->ctx, &fixture->postgres, "ALTER SYSTEM SET fsync = on", NULL) ==
            ERR_OK);
    REQUIRE(postgres_sql(t->ctx, &fixture->postgres, "SELECT pg_reload_conf()", NULL) == ERR_OK);
}

void place_close(struct place *place)
{
    if (place->fixture.engine->stop)
        place->fixture.engine->stop(&place->fixture);
    worker_release(&place->fixture.worker);
}

struct process_result place_run(struct test *t, const struct place *place, const char *program,
                                const char *command, const char *word)
{
    struct process_result result = {0};
    const char *argv[] = {test_built(t, program), command, word, NULL};
    const char *environment[] = {place->url, place->data, NULL};
    REQUIRE(process_run(t, argv, environment, &result) == ERR_OK);
    test_note(t, "%s: %s %s: " STR_FMT STR_FMT, place->fixture.engine->name, command,
              word ? word : "", STR_ARG(result.out), STR_ARG(result.err));
    return result;
}

const char *place_file(struct test *t, const struct place *place, const char *name)
{
    struct buf path;
    const char *text = NULL;
    buf_init(&path, t->arena, PLACE_VARIABLE_MAX);
    buf_addf(&path, "%s/%s", place->folder, name);
    REQUIRE(str_cstr(t->arena, buf_str(&path), &text) == ERR_OK);
    return text;
}

typedef enum err door(struct db *db, struct ctx *ctx, db_fn *fn, void *arg);

static enum err enter(struct test *t, struct place *place, door *through, db_fn *fn, void *arg)
{
    struct db *db;
    struct ctx *ctx = &place->fixture.worker.ctx;
    struct db_options options = {.url = str_from(place->fixture.url)};
    REQUIRE(db_open(ctx, &options, &db) == ERR_OK);
    enum err err = through(db, ctx, fn, arg);
    db_close(db);
    return err;
}

enum err place_write(struct test *t, struct place *place, db_fn *fn, void *arg)
{
    return enter(t, place, db_write, fn, arg);
}

enum err place_read(struct test *t, struct place *place, db_fn *fn, void *arg)
{
    return enter(t, place, db_read, fn, arg);
}
