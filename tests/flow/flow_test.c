/* Flow in a process: who waits is woken, consumers work, what fails harms no neighbour. */
#include "flow/flow.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/counter_table.h"
#include "place.h"

enum { PATIENCE_MS = 20000, LOOK_MS = 5 };

static const char *const tables[][2] = {
    {"CREATE TABLE flow_done (body TEXT NOT NULL) STRICT",
     "CREATE TABLE flow_done (body text NOT NULL)"},
    {NULL, NULL},
};

static const enum db_type texts[] = {DB_TEXT}, ints[] = {DB_INT};
static const struct query add_done = {.name = "add_done",
                                      .sqlite = "INSERT INTO flow_done (body) VALUES (?1)",
                                      .postgres = "INSERT INTO flow_done (body) VALUES ($1)",
                                      .param_types = texts,
                                      .param_count = 1,
                                      .writes = true};
static const struct query count_done = {
    .name = "count_done",
    .sqlite = "SELECT count(*) FROM flow_done WHERE body = ?1",
    .postgres = "SELECT count(*) FROM flow_done WHERE body = $1",
    .param_types = texts,
    .param_count = 1,
    .column_types = ints,
    .column_count = 1};

static const struct query make_old = {
    .name = "make_old",
    .sqlite = "UPDATE flow_entry SET visible = visible - 400000000",
    .postgres = "UPDATE flow_entry SET visible = visible - interval '400 seconds'",
    .writes = true};

struct hall {
    struct test *t;
    struct flow_place place;
    struct worker worker;
    struct rand rand, id_rand;
    struct id_source ids;
    struct flow *flow;
};

enum { REFUSALS = 2 };

static _Atomic int acts, refusals;
static _Atomic bool may_end;

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static enum err apply(struct tx *tx, const struct ports *ports, const struct queue_message *message)
{
    (void)ports;
    TRY(tx_exec(tx, &add_done, (struct db_value[]){db_text(message->body)}, NULL));
    if (str_equal(message->body, STR("poison")))
        return err_fail(&tx->ctx->err, ERR_INTERNAL, "It is poison.", "poison");
    if (str_equal(message->body, STR("later")) && atomic_fetch_add(&refusals, 1) < REFUSALS)
        return err_fail(&tx->ctx->err, ERR_BUSY, "The database is busy.", "as if it were");
    return ERR_OK;
}

static enum err act_slowly(struct ctx *ctx, const struct ports *ports,
                           const struct queue_message *message)
{
    (void)ctx, (void)ports, (void)message;
    atomic_fetch_add(&acts, 1);
    pause_ms(2500);
    return ERR_OK;
}

/* Would run for ten minutes, but listens. */
static enum err act_until_told(struct ctx *ctx, const struct ports *ports,
                               const struct queue_message *message)
{
    enum err err = ERR_OK;
    (void)ports, (void)message;
    for (atomic_fetch_add(&acts, 1); !err; pause_ms(10))
        err = ctx_check_deadline(ctx);
    return err;
}

/* Does not listen for longer than others wait. */
static enum err act_on(struct ctx *ctx, const struct ports *ports,
                       const struct queue_message *message)
{
    (void)ctx, (void)ports, (void)message;
    atomic_fetch_add(&acts, 1);
    while (!atomic_load(&may_end))
        pause_ms(10);
    return ERR_OK;
}

static const struct flow_consumer long_ones[] = {
    {.queue = "listens", .act = act_until_told},
    {.queue = "deaf", .act = act_on},
    {.queue = NULL},
};

static const struct flow_consumer consumers[] = {
    {.queue = "work", .apply = apply, .threads = 3, .receives_max = 2},
    {.queue = "work.fifo", .apply = apply, .threads = 2},
    {.queue = "slow", .act = act_slowly, .visibility_s = 1},
    {.queue = NULL},
};

static void hall_open(struct test *t, const struct engine *engine, bool works, struct hall *hall)
{
    memset(hall, 0, sizeof *hall);
    hall->t = t;
    flow_place_open(t, engine, &hall->place);
    worker_init(&hall->worker, t);
    hall->rand = hall->id_rand = rand_system();
    id_source_init(&hall->ids, &hall->worker.clock, &hall->id_rand);
    hall->worker.ctx.rand = &hall->rand;
    hall->worker.ctx.ids = &hall->ids;
    struct ctx *ctx = &hall->worker.ctx;
    CHECK_ERR(run_statements(hall->place.db, ctx, tables), ERR_OK);
    struct flow_options options = {.db = hall->place.db,
                                   .consumers = works ? consumers : NULL,
                                   .counters = &hall->place.counters};
    REQUIRE(flow_open(ctx, &options, &hall->flow) == ERR_OK);
}

static void hall_close(struct hall *hall)
{
    flow_close(hall->flow);
    id_source_release(&hall->ids);
    worker_release(&hall->worker);
    flow_place_close(&hall->place);
}

static enum err create(struct tx *tx, void *arg)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    options.name = str_from(arg);
    return queue_create(tx, &options, &queue);
}

static void send(struct hall *hall, const char *queue, const char *body, int64_t delay_s)
{
    struct test *t = hall->t;
    struct queue_sending sending = QUEUE_SENDING(str_from(body));
    sending.delay_s = delay_s;
    if (strstr(queue, ".fifo")) {
        sending.group_id = STR("g");
        sending.dedup_id = sending.body;
    }
    CHECK_ERR(flow_send(hall->flow, &hall->worker.ctx, str_from(queue), &sending, 1), ERR_OK);
}

struct waiter {
    struct hall *hall;
    pthread_t thread;
    struct worker worker;
    struct rand rand;
    struct queue_messages got;
    enum err err;
};

static void *wait_for_one(void *arg)
{
    struct waiter *waiter = arg;
    struct ctx *ctx = &waiter->worker.ctx;
    struct flow_want want = {.max = 1, .visibility_s = QUEUE_DEFAULT, .wait_s = 20};
    waiter->err = flow_receive(waiter->hall->flow, ctx, STR("a"), &want, &waiter->got);
    return NULL;
}

static void waiter_start(struct hall *hall, struct waiter *waiter)
{
    struct test *t = hall->t;
    memset(waiter, 0, sizeof *waiter);
    waiter->hall = hall;
    worker_init(&waiter->worker, t);
    waiter->rand = rand_system();
    waiter->worker.ctx.rand = &waiter->rand;
    REQUIRE(pthread_create(&waiter->thread, NULL, wait_for_one, waiter) == 0);
}

/* True where it was woken for one: who waits to the end does not look again. */
static bool waiter_got(struct waiter *waiter)
{
    pthread_join(waiter->thread, NULL);
    struct test *t = waiter->hall->t;
    test_note(t, "%d, %zu: %s", waiter->err, waiter->got.count, waiter->worker.ctx.err.operator);
    bool got = !waiter->err && waiter->got.count == 1;
    worker_release(&waiter->worker);
    return got;
}

static enum err put(struct tx *tx, void *arg)
{
    struct queue queue;
    TRY(queue_find(tx, STR("a"), &queue));
    return queue_put(tx, &queue, str_from(arg));
}

static void until_waiting(struct hall *hall, int64_t count)
{
    struct fixture *fixture = &hall->place.fixture;
    fixture->counters = hall->place.counters;
    for (int i = 0; i < PATIENCE_MS / LOOK_MS; i++, pause_ms(LOOK_MS))
        if (fixture_counter(fixture, "flow_waiting") == count)
            return;
}

static void wakes_who_waits(struct test *t, struct hall *hall)
{
    struct waiter waiter, second;
    struct ctx *ctx = &hall->worker.ctx;
    CHECK_ERR(db_write(hall->place.db, ctx, create, (char[]){"a"}), ERR_OK);
    waiter_start(hall, &waiter);
    waiter_start(hall, &second);
    until_waiting(hall, 2);
    send(hall, "a", "one", QUEUE_DEFAULT);
    send(hall, "a", "two", QUEUE_DEFAULT);
    CHECK(waiter_got(&waiter));
    CHECK(waiter_got(&second));
    waiter_start(hall, &waiter);
    until_waiting(hall, 1);
    send(hall, "a", "later", 1);
    CHECK(waiter_got(&waiter));
    struct db *other = flow_place_open_db(&hall->place, ctx);
    waiter_start(hall, &waiter);
    until_waiting(hall, 1);
    CHECK_ERR(db_write(other, ctx, put, (char[]){"from another process"}), ERR_OK);
    CHECK(waiter_got(&waiter));
    db_close(other);
}

static void is_refused(struct test *t, struct hall *hall)
{
    struct queue_messages got;
    struct queue_sending sending = QUEUE_SENDING(STR("x"));
    struct ctx *ctx = &hall->worker.ctx;
    struct flow_want want = {.max = 1, .visibility_s = QUEUE_DEFAULT};
    CHECK_ERR(flow_receive(hall->flow, ctx, STR("none"), &want, &got), ERR_MISSING);
    CHECK_ERR(flow_send(hall->flow, ctx, STR("none"), &sending, 1), ERR_MISSING);
    sending.body = STR("");
    CHECK_ERR(flow_send(hall->flow, ctx, STR("a"), &sending, 1), ERR_INPUT);
    CHECK_ERR(flow_receive(hall->flow, ctx, STR("a"), &want, &got), ERR_OK);
    CHECK_INT(got.count, 0);
}

TEST(flow_wakes_who_waits)
{
    struct hall hall;
    for (const struct engine *engine = engines; engine->name; engine++) {
        hall_open(t, engine, false, &hall);
        wakes_who_waits(t, &hall);
        is_refused(t, &hall);
        hall_close(&hall);
    }
}

struct count {
    const char *body;
    int64_t rows;
};

static enum err take_count(struct tx *tx, const struct db_value row[], void *into)
{
    struct count *count = into;
    (void)tx;
    count->rows = row[0].number;
    return ERR_OK;
}

static enum err read_count(struct tx *tx, void *arg)
{
    struct count *count = arg;
    return tx_query(tx, &count_done, (struct db_value[]){db_text(str_from(count->body))},
                    take_count, count);
}

static int64_t done(struct hall *hall, const char *body)
{
    struct count count = {.body = body};
    arena_clear(&hall->worker.arena);
    return db_read(hall->place.db, &hall->worker.ctx, read_count, &count) ? -1 : count.rows;
}

static void until_done(struct hall *hall, const char *body, int64_t rows)
{
    for (int i = 0; i < PATIENCE_MS / LOOK_MS && done(hall, body) < rows; i++)
        pause_ms(LOOK_MS);
}

static enum err find_dead(struct tx *tx, void *arg)
{
    struct queue queue;
    struct queue_deads *deads = arg;
    TRY(queue_find(tx, STR("work-dead"), &queue));
    return queue_dead_list(tx, &queue, 0, 10, deads);
}

static void works(struct test *t, struct hall *hall)
{
    struct queue_deads deads = {0};
    send(hall, "work", "poison", QUEUE_DEFAULT);
    send(hall, "work", "later", QUEUE_DEFAULT);
    for (int i = 0; i < 30; i++)
        send(hall, "work", "good", QUEUE_DEFAULT);
    send(hall, "work.fifo", "first", QUEUE_DEFAULT);
    send(hall, "slow", "letter", QUEUE_DEFAULT);
    until_done(hall, "good", 30);
    until_done(hall, "first", 1);
    CHECK_INT(done(hall, "good"), 30);
    CHECK_INT(done(hall, "first"), 1);
    until_done(hall, "later", 1);
    CHECK_INT(done(hall, "later"), 1); /* what a database refuses is no failure of the message's */
    for (int i = 0; i < PATIENCE_MS / LOOK_MS && !deads.count; i++, pause_ms(LOOK_MS))
        CHECK_ERR(db_read(hall->place.db, &hall->worker.ctx, find_dead, &deads), ERR_OK);
    REQUIRE(deads.count == 1);
    CHECK_STR(deads.list[0].reason, "poison");
    CHECK_STR(deads.list[0].source, "work");
    CHECK_INT(done(hall, "poison"), 0);
}

static int64_t measured(const struct hall *hall, const char *queue, const char *name)
{
    const struct counter_table *table = counter_table_first(&hall->place.counters);
    for (; table; table = table->next)
        for (size_t column = 0; column < table->column_count; column++)
            for (size_t row = 0; row < table->row_count; row++)
                if (strcmp(table->columns[column].name, name) == 0 &&
                    strcmp(table->values[row], queue) == 0)
                    return counter_table_value(table, row, column);
    return -1;
}

TEST(flow_consumers_work_once_and_poison_harms_nobody)
{
    struct hall hall;
    for (const struct engine *engine = engines; engine->name; engine++) {
        atomic_store(&acts, 0);
        atomic_store(&refusals, 0);
        hall_open(t, engine, true, &hall);
        works(t, &hall);
        CHECK_INT(measured(&hall, "work", "flow_consumer_failed_total"), 2 + REFUSALS);
        CHECK_INT(measured(&hall, "work", "flow_queue_deleted_total"), 31);
        pause_ms(1500); /* longer than the visibility of what runs: nobody else begins it */
        flow_close(hall.flow);
        hall.flow = NULL;
        CHECK_INT(atomic_load(&acts), 1);
        CHECK_INT(done(&hall, "good"), 30);
        hall_close(&hall);
    }
}

static void *close_flow(void *arg)
{
    flow_close(arg);
    return NULL;
}

struct taking {
    const char *queue;
    struct queue_messages got;
};

static enum err take_one(struct tx *tx, void *arg)
{
    struct taking *taking = arg;
    struct queue queue;
    TRY(queue_find(tx, str_from(taking->queue), &queue));
    return queue_receive(tx, &queue, &(struct queue_want){.max = 1, .visibility_s = 60},
                         &taking->got);
}

/* It is there again at once. What was given back is not taken for one that was received. */
static void comes_again(struct hall *hall, const char *queue, int64_t receives)
{
    struct test *t = hall->t;
    struct taking taking = {.queue = queue};
    for (int i = 0; i < PATIENCE_MS / LOOK_MS && !taking.got.count; i++, pause_ms(LOOK_MS))
        CHECK_ERR(db_write(hall->place.db, &hall->worker.ctx, take_one, &taking), ERR_OK);
    REQUIRE(taking.got.count == 1);
    CHECK_INT(taking.got.list[0].receives, receives);
}

TEST(flow_close_tells_acts_to_end_and_gives_back_what_they_had)
{
    struct hall hall;
    pthread_t closer;
    hall_open(t, &engines[0], false, &hall);
    flow_close(hall.flow);
    struct flow_options options = {.db = hall.place.db, .consumers = long_ones, .drain_ms = 100};
    REQUIRE(flow_open(&hall.worker.ctx, &options, &hall.flow) == ERR_OK);
    atomic_store(&acts, 0);
    atomic_store(&may_end, false);
    send(&hall, "listens", "letter", QUEUE_DEFAULT);
    send(&hall, "deaf", "letter", QUEUE_DEFAULT);
    for (int i = 0; i < PATIENCE_MS / LOOK_MS && atomic_load(&acts) < 2; i++)
        pause_ms(LOOK_MS);
    REQUIRE(pthread_create(&closer, NULL, close_flow, hall.flow) == 0);
    comes_again(&hall, "listens", 1);
    comes_again(&hall, "deaf", 2);
    atomic_store(&may_end, true);
    pthread_join(closer, NULL);
    hall.flow = NULL;
    hall_close(&hall);
}

static enum err make_dead_and_old(struct tx *tx, void *arg)
{
    struct queue_options options = queue_usual;
    struct queue dead, queue, *numbers = arg;
    options.name = STR("a-dead");
    TRY(queue_create(tx, &options, &dead));
    options.name = STR("a");
    options.dead = STR("a-dead");
    options.receives_max = 3;
    TRY(queue_create(tx, &options, &queue));
    TRY(queue_put(tx, &dead, STR("dead")));
    TRY(queue_put(tx, &queue, STR("old")));
    numbers[0] = queue;
    numbers[1] = dead;
    return tx_exec(tx, &make_old, NULL, NULL);
}

TEST(flow_raises_alarms_and_measures_each_queue)
{
    struct hall hall;
    struct queue queues[2];
    struct flow_want want = {.max = 10, .visibility_s = QUEUE_DEFAULT};
    struct queue_messages got;
    hall_open(t, &engines[0], false, &hall);
    struct ctx *ctx = &hall.worker.ctx;
    CHECK_ERR(db_write(hall.place.db, ctx, make_dead_and_old, queues), ERR_OK);
    flow_close(hall.flow); /* the next one counts as it begins */
    hall.place.counters = (struct counter_registry){.first = NULL};
    struct flow_options options = {.db = hall.place.db, .counters = &hall.place.counters};
    REQUIRE(flow_open(ctx, &options, &hall.flow) == ERR_OK);
    for (int i = 0; i < PATIENCE_MS / LOOK_MS && !flow_alarms(hall.flow, queues[1].number); i++)
        pause_ms(LOOK_MS);
    CHECK_INT(flow_alarms(hall.flow, queues[0].number), FLOW_ALARM_AGE);
    CHECK_INT(flow_alarms(hall.flow, queues[1].number), FLOW_ALARM_DEAD);
    CHECK_INT(measured(&hall, "a", "flow_queue_visible_messages"), 1);
    CHECK(measured(&hall, "a", "flow_queue_oldest_seconds") >= 400);
    CHECK_INT(measured(&hall, "a-dead", "flow_queue_dead_messages"), 1);
    CHECK_INT(measured(&hall, "a-dead", "flow_queue_alarms"), 1);
    send(&hall, "a", "more", QUEUE_DEFAULT);
    CHECK_ERR(flow_receive(hall.flow, ctx, STR("a"), &want, &got), ERR_OK);
    CHECK_INT(measured(&hall, "a", "flow_queue_sent_total"), 1);
    CHECK_INT(measured(&hall, "a", "flow_queue_received_total"), 2);
    hall_close(&hall);
}
