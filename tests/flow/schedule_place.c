/* Works with schedules, and takes what they sent. */
#include "schedule_place.h"

#include <string.h>

#include "base/buf.h"
#include "flow/schedule_ticker.h"

enum { LOOKS_MAX = 1000, SCHEDULES_MAX = 100, TEXT_MAX = 1 << 20 };

static enum err make_queue(struct tx *tx, void *arg)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    (void)arg;
    options.name = STR("stock");
    return queue_create(tx, &options, &queue);
}

void schedule_place_queue(struct flow_place *place)
{
    struct test *t = place->t;
    REQUIRE(db_write(place->db, place->ctx, make_queue, NULL) == ERR_OK);
}

static enum err put(struct tx *tx, void *arg)
{
    return schedule_put(tx, arg);
}

enum err schedule_place_try_put(struct flow_place *place, const struct schedule_options *options)
{
    struct schedule_options copy = *options;
    return db_write(place->db, place->ctx, put, &copy);
}

void schedule_place_put(struct flow_place *place, const struct schedule_options *options)
{
    struct test *t = place->t;
    enum err err = schedule_place_try_put(place, options);
    test_note(t, "%s %s", place->ctx->err.user, place->ctx->err.operator);
    REQUIRE(err == ERR_OK);
    test_note(t, "%s", "");
}

struct declare {
    const struct schedule_options *table;
};

static enum err declare(struct tx *tx, void *arg)
{
    return schedule_declare(tx, ((const struct declare *)arg)->table);
}

enum err schedule_place_declare(struct flow_place *place, const struct schedule_options table[])
{
    return db_write(place->db, place->ctx, declare, &(struct declare){table});
}

struct asked {
    struct str name;
    schedule_place_fn *fn;
    struct schedule schedule;
    struct schedule_list list;
};

static enum err find(struct tx *tx, void *arg)
{
    struct asked *asked = arg;
    return schedule_find(tx, asked->name, &asked->schedule);
}

struct schedule schedule_place_find(struct flow_place *place, const char *name)
{
    struct test *t = place->t;
    struct asked asked = {.name = str_from(name)};
    REQUIRE(db_read(place->db, place->ctx, find, &asked) == ERR_OK);
    return asked.schedule;
}

static enum err list(struct tx *tx, void *arg)
{
    struct asked *asked = arg;
    return schedule_list(tx, STR(""), SCHEDULES_MAX, &asked->list);
}

static struct schedule_list list_all(struct flow_place *place)
{
    struct test *t = place->t;
    struct asked asked = {.name = {NULL, 0}};
    REQUIRE(db_read(place->db, place->ctx, list, &asked) == ERR_OK);
    return asked.list;
}

int64_t schedule_place_count(struct flow_place *place)
{
    return (int64_t)list_all(place).count;
}

static enum err do_it(struct tx *tx, void *arg)
{
    struct asked *asked = arg;
    return asked->fn(tx, asked->name);
}

enum err schedule_place_do(struct flow_place *place, schedule_place_fn *fn, const char *name)
{
    struct asked asked = {.name = str_from(name), .fn = fn};
    return db_write(place->db, place->ctx, do_it, &asked);
}

/* Messages lie in the order of their visibility, which is that of sending. */
static enum err take(struct tx *tx, void *arg)
{
    struct queue_messages *got = arg;
    struct queue queue;
    TRY(queue_find(tx, STR("stock"), &queue));
    TRY(queue_receive(tx, &queue,
                      &(struct queue_want){.max = QUEUE_BATCH_MAX, .visibility_s = QUEUE_DEFAULT},
                      got));
    for (size_t i = 0; i < got->count; i++)
        TRY(queue_delete(tx, &queue, &got->list[i].receipt));
    return ERR_OK;
}

struct str schedule_place_bodies(struct flow_place *place)
{
    struct test *t = place->t;
    struct queue_messages got = {.count = 0};
    struct buf out;
    buf_init(&out, t->arena, TEXT_MAX);
    do {
        REQUIRE(db_write(place->db, place->ctx, take, &got) == ERR_OK);
        for (size_t i = 0; i < got.count; i++) {
            buf_add(&out, got.list[i].body);
            buf_addc(&out, '\n');
        }
    } while (got.count);
    REQUIRE(buf_err(&out) == ERR_OK);
    return buf_str(&out);
}

struct str schedule_place_run(struct flow_place *place)
{
    struct test *t = place->t;
    struct schedule_look look = {.db = place->db};
    int looks = 0;
    do {
        enum err err = schedule_run_due(place->ctx, &look);
        test_note(t, "%s %s", place->ctx->err.user, place->ctx->err.operator);
        REQUIRE(err == ERR_OK && looks++ < LOOKS_MAX);
        test_note(t, "%s", "");
    } while (look.more);
    struct str bodies = schedule_place_bodies(place), line;
    struct buf out;
    buf_init(&out, t->arena, TEXT_MAX);
    while (str_cut(&bodies, '\n', &line)) {
        size_t at = str_find(line, STR("T"));
        if (at != STR_NONE) {
            buf_add(&out, out.len ? STR(" ") : STR(""));
            buf_add(&out, str_slice(line, at + 1, at + sizeof "12:00"));
        }
    }
    return buf_str(&out);
}

void schedule_place_empty(struct flow_place *place)
{
    struct test *t = place->t;
    struct schedule_list all = list_all(place);
    for (size_t i = 0; i < all.count; i++) {
        struct asked asked = {.name = all.list[i].is.name, .fn = schedule_delete};
        if (!all.list[i].declared)
            REQUIRE(db_write(place->db, place->ctx, do_it, &asked) == ERR_OK);
    }
    schedule_place_bodies(place);
}
