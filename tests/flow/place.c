/* Makes a database with the tables of flow. */
#include "place.h"

#include <string.h>

#include "flow/flow_schema.h"
#include "ports/db/migrate.h"

static const struct schema *const schemas[] = {&flow_schema, NULL};

struct db *flow_place_open_db(struct flow_place *place, struct ctx *ctx)
{
    struct test *t = place->t;
    struct db *db = NULL;
    struct db_options options = {
        .url = str_from(place->fixture.url), .schemas = schemas, .counters = &place->counters};
    enum err err = db_open(ctx, &options, &db);
    test_note(t, "%s: %s", place->fixture.engine->name, ctx->err.operator);
    REQUIRE(err == ERR_OK);
    return db;
}

void flow_place_open(struct test *t, const struct engine *engine, struct flow_place *place)
{
    memset(place, 0, sizeof *place);
    place->t = t;
    place->ctx = t->ctx;
    place->fixture.engine = engine;
    worker_init(&place->fixture.worker, t);
    engine->start(t, &place->fixture);
    place->db = flow_place_open_db(place, t->ctx);
    struct migrate_plan *plan = ARENA_NEW(t->arena, struct migrate_plan);
    REQUIRE(plan);
    CHECK_ERR(migrate_run(place->db, t->ctx, plan), ERR_OK);
}

void flow_place_close(struct flow_place *place)
{
    db_close(place->db);
    if (place->fixture.engine->stop)
        place->fixture.engine->stop(&place->fixture);
    worker_release(&place->fixture.worker);
}
