/* A database with the tables of flow, on each engine, and who works with it.
 *
 *     struct flow_place place;
 *     for (const struct engine *engine = engines; engine->name; engine++) {
 *         flow_place_open(t, engine, &place);
 *         CHECK_ERR(db_write(place.db, place.ctx, send, &arg), ERR_OK);
 *         flow_place_close(&place);
 *     }
 *
 * Its clock is the test's, turned by hand; flow_place_ctx makes another context on the real one. */
#ifndef STOA_TESTS_FLOW_PLACE_H
#define STOA_TESTS_FLOW_PLACE_H

#include "engines.h"
#include "flow/queue.h"

struct flow_place {
    struct fixture fixture; /* without its database */
    struct counter_registry counters;
    struct db *db;
    struct ctx *ctx; /* the test's */
    struct test *t;
};

void flow_place_open(struct test *t, const struct engine *engine, struct flow_place *place);
void flow_place_close(struct flow_place *place);

/* The database opened once more, as another process would. */
struct db *flow_place_open_db(struct flow_place *place, struct ctx *ctx);

#endif
