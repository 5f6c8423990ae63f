/* Queues as things: made, changed, found, listed and dropped, on both engines. */
#include "flow/queue.h"
#include "place.h"

struct made {
    struct queue_options options;
    struct queue queue;
};

static enum err create(struct tx *tx, void *arg)
{
    struct made *made = arg;
    return queue_create(tx, &made->options, &made->queue);
}

static enum err change(struct tx *tx, void *arg)
{
    struct made *made = arg;
    TRY(queue_change(tx, &made->queue, &made->options));
    return queue_find(tx, made->options.name, &made->queue);
}

static enum err find(struct tx *tx, void *arg)
{
    struct made *made = arg;
    return queue_find(tx, made->options.name, &made->queue);
}

static enum err drop(struct tx *tx, void *arg)
{
    struct made *made = arg;
    return queue_drop(tx, &made->queue);
}

static struct made usual(const char *name)
{
    struct made made = {.options = queue_usual};
    made.options.name = str_from(name);
    made.options.fifo = str_ends(made.options.name, STR(".fifo"));
    return made;
}

static void is_made_found_changed_and_dropped(struct test *t, struct flow_place *place)
{
    struct made made = usual("orders"), again = usual("orders"), dead = usual("orders-dead");
    CHECK_ERR(db_write(place->db, t->ctx, create, &made), ERR_OK);
    CHECK_STR(made.queue.is.name, "orders");
    CHECK_INT(made.queue.is.visibility_s, 30);
    CHECK_ERR(db_write(place->db, t->ctx, create, &again), ERR_OK);
    CHECK_INT(again.queue.number, made.queue.number);
    again.options.delay_s = 1;
    CHECK_ERR(db_write(place->db, t->ctx, create, &again), ERR_CONFLICT);
    again.options.dead = STR("orders-dead");
    again.options.receives_max = 3;
    CHECK_ERR(db_write(place->db, t->ctx, change, &again), ERR_MISSING);
    CHECK_ERR(db_write(place->db, t->ctx, create, &dead), ERR_OK);
    CHECK(dead.queue.number > made.queue.number);
    CHECK_ERR(db_write(place->db, t->ctx, change, &again), ERR_OK);
    CHECK_STR(again.queue.is.dead, "orders-dead");
    CHECK_INT(again.queue.dead_number, dead.queue.number);
    CHECK_INT(again.queue.is.delay_s, 1);
    CHECK_ERR(db_write(place->db, t->ctx, drop, &dead), ERR_OK);
    CHECK_ERR(db_read(place->db, t->ctx, find, &dead), ERR_MISSING);
    CHECK_ERR(db_read(place->db, t->ctx, find, &again), ERR_OK);
    CHECK_INT(again.queue.dead_number, 0);
}

static void refuses_what_is_beyond_the_limits(struct test *t, struct flow_place *place)
{
    static const struct {
        struct queue_options options;
        const char *field;
    } rows[] = {
        {{.name = STR("")}, "name"},
        {{.name = STR("a b")}, "name"},
        {{.name = STR(".fifo"), .fifo = true}, "name"},
        {{.name = STR("a.fifo")}, "name"},
        {{.name = STR("a"), .fifo = true}, "name"},
        {{.name = STR("a23456789012345678901234567890123456789012345678901234567890123456789012345"
                      "678901")},
         "name"},
        {{.name = STR("a"), .visibility_s = QUEUE_VISIBILITY_MAX_S + 1}, "visibility"},
        {{.name = STR("a"), .delay_s = QUEUE_DELAY_MAX_S + 1}, "delay"},
        {{.name = STR("a"), .retention_s = 1}, "retention"},
        {{.name = STR("a"), .retention_s = 60, .wait_s = 21}, "wait"},
        {{.name = STR("a"), .retention_s = 60, .body_max = 1}, "body_max"},
        {{.name = STR("a"), .retention_s = 60, .body_max = 1024, .dead = STR("b")}, "receives_max"},
        {{.name = STR("a"),
          .retention_s = 60,
          .body_max = 1024,
          .dead = STR("a"),
          .receives_max = 1},
         "dead"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct made made = {.options = rows[i].options};
        test_note(t, "row %zu", i);
        CHECK_ERR(db_write(place->db, t->ctx, create, &made), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, rows[i].field);
    }
}

struct listing {
    struct str prefix, after;
    int64_t limit;
    struct queue_list found;
};

static enum err list(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    return queue_list(tx, listing->prefix, listing->after, listing->limit, &listing->found);
}

static void are_listed_by_name(struct test *t, struct flow_place *place)
{
    static const char *const names[] = {"b-one", "b-two", "c", "a.fifo"};
    for (size_t i = 0; i < 4; i++) {
        struct made made = usual(names[i]);
        CHECK_ERR(db_write(place->db, t->ctx, create, &made), ERR_OK);
    }
    struct listing all = {.limit = 10}, some = {.prefix = STR("b-"), .limit = 10},
                   page = {.after = STR("b-one"), .limit = 1};
    CHECK_ERR(db_read(place->db, t->ctx, list, &all), ERR_OK);
    CHECK_INT(all.found.count, 5);
    CHECK_STR(all.found.list[0].is.name, "a.fifo");
    CHECK(all.found.list[0].is.fifo);
    CHECK_ERR(db_read(place->db, t->ctx, list, &some), ERR_OK);
    CHECK_INT(some.found.count, 2);
    CHECK_ERR(db_read(place->db, t->ctx, list, &page), ERR_OK);
    REQUIRE(page.found.count == 1);
    CHECK_STR(page.found.list[0].is.name, "b-two");
}

TEST(queue_is_a_thing)
{
    struct flow_place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        flow_place_open(t, engine, &place);
        is_made_found_changed_and_dropped(t, &place);
        refuses_what_is_beyond_the_limits(t, &place);
        are_listed_by_name(t, &place);
        flow_place_close(&place);
    }
}
