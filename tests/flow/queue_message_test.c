/* What a queue promises of its messages, on both engines, with a clock that is turned by hand. */
#include <string.h>

#include "act.h"
#include "harness/fakes.h"

static void turn(struct test *t, int64_t seconds)
{
    fake_clock_turn(&t->clock, seconds * SECOND_US);
}

static void on_each(struct test *t, void (*run)(struct test *t, struct flow_place *place))
{
    struct flow_place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        flow_place_open(t, engine, &place);
        run(t, &place);
        flow_place_close(&place);
    }
}

static void comes_once_and_again(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "a", &act);
    CHECK(!act_take(&act));
    CHECK_ERR(act_send(&act, "one"), ERR_OK);
    CHECK(str_starts(str_from(act.sending.id), STR("msg_")));
    const struct queue_message *first = act_take(&act);
    REQUIRE(first);
    CHECK_STR(first->body, "one");
    CHECK_STR(first->id, act.sending.id);
    CHECK_INT(first->receives, 1);
    CHECK_INT(first->visible_us - first->first_us, 30 * SECOND_US);
    CHECK(!act_take(&act));
    turn(t, 30);
    const struct queue_message *second = act_take(&act);
    REQUIRE(second);
    CHECK_INT(second->receives, 2);
    CHECK_INT(second->first_us, first->first_us);
    CHECK_ERR(act_delete(&act, first), ERR_MISSING);
    CHECK_ERR(act_delete(&act, second), ERR_OK);
    CHECK_ERR(act_delete(&act, second), ERR_MISSING);
    turn(t, 60);
    CHECK(!act_take(&act));
}

TEST(queue_message_comes_until_it_is_deleted)
{
    on_each(t, comes_once_and_again);
}

static void hides(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "a", &act);
    act_send(&act, "one");
    const struct queue_message *message = act_take(&act);
    REQUIRE(message);
    CHECK_ERR(act_hide(&act, message, 100), ERR_OK);
    turn(t, 99);
    CHECK(!act_take(&act));
    CHECK_ERR(act_hide(&act, message, 100), ERR_OK);
    turn(t, 99);
    CHECK(!act_take(&act));
    CHECK_ERR(act_hide(&act, message, 0), ERR_OK);
    const struct queue_message *again = act_take(&act);
    REQUIRE(again);
    CHECK_ERR(act_hide(&act, message, 5), ERR_MISSING);
    CHECK_ERR(act_hide(&act, again, QUEUE_VISIBILITY_MAX_S + 1), ERR_INPUT);
    CHECK_ERR(act_hide(&act, again, 5), ERR_OK);
    CHECK_ERR(act_delete(&act, again), ERR_OK);
    CHECK_INT(act_count(&act)->in_flight, 0);
}

TEST(queue_message_is_hidden_anew)
{
    on_each(t, hides);
}

static void delays(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "a", &act);
    act.options.delay_s = 10;
    act_set(&act);
    act_send(&act, "one");
    CHECK_INT(act_count(&act)->delayed, 1);
    turn(t, 9);
    CHECK(!act_take(&act));
    turn(t, 1);
    CHECK_INT(act_count(&act)->visible, 1);
    CHECK_INT(act.counts.oldest_us, clock_now_us(t->ctx->clock));
    CHECK(act_take(&act));
    CHECK_INT(act_count(&act)->in_flight, 1);
    CHECK_INT(act.counts.oldest_us, 0);
}

TEST(queue_message_is_delayed)
{
    on_each(t, delays);
}

static void fails(struct test *t, struct flow_place *place)
{
    struct act act, dead;
    int64_t moved;
    act_open(t, place, "a-dead", &dead);
    act_open(t, place, "a", &act);
    act.options.dead = STR("a-dead");
    act.options.receives_max = 3;
    act_set(&act);
    act_send(&act, "poison");
    for (int i = 0; i < 3; i++) {
        const struct queue_message *message = act_take(&act);
        REQUIRE(message);
        CHECK_INT(message->receives, i + 1);
        CHECK_ERR(act_fail(&act, message, "it does not parse"), ERR_OK);
        CHECK(!act_take(&act));
        CHECK_ERR(act_delete(&act, message), ERR_MISSING);
        turn(t, 1 << i);
    }
    CHECK(!act_take(&act));
    REQUIRE(act_deads(&dead)->count == 1);
    CHECK_STR(dead.deads.list[0].reason, "it does not parse");
    CHECK_STR(dead.deads.list[0].trace, "00-trace");
    CHECK_STR(dead.deads.list[0].source, "a");
    CHECK_STR(dead.deads.list[0].body, "poison");
    CHECK_INT(dead.deads.list[0].receives, 3);
    CHECK_ERR(act_redrive(&dead, 999999, &moved), ERR_MISSING);
    CHECK_ERR(act_redrive(&dead, dead.deads.list[0].number, &moved), ERR_OK);
    CHECK_INT(moved, 1);
    CHECK_INT(act_deads(&dead)->count, 0);
    const struct queue_message *message = act_take(&act);
    REQUIRE(message);
    CHECK_INT(message->receives, 1);
    CHECK_ERR(act_delete(&act, message), ERR_OK);
}

TEST(queue_message_that_fails_is_a_dead_letter_and_goes_back)
{
    on_each(t, fails);
}

static void wears_out(struct test *t, struct flow_place *place)
{
    struct act act, dead;
    int64_t moved;
    act_open(t, place, "a-dead", &dead);
    act_open(t, place, "a", &act);
    act.options.dead = STR("a-dead");
    act.options.receives_max = 2;
    act_set(&act);
    act_send(&act, "one");
    act_send(&act, "two");
    for (int i = 0; i < 2; i++) {
        CHECK_INT(act_take_some(&act, 10)->count, 2);
        turn(t, 31);
    }
    CHECK(!act_take(&act));
    CHECK_INT(act_deads(&dead)->count, 2);
    CHECK_ERR(act_redrive(&dead, 0, &moved), ERR_OK);
    CHECK_INT(moved, 2);
    CHECK_INT(act_count(&act)->visible, 2);
    CHECK_INT(act_purge(&act), 2);
    CHECK_INT(act_count(&act)->visible, 0);
}

TEST(queue_message_that_nobody_deletes_is_a_dead_letter)
{
    on_each(t, wears_out);
}

static void forgets(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "a", &act);
    act.options.retention_s = 60;
    act_set(&act);
    act_send(&act, "old");
    act_send(&act, "older");
    turn(t, 61);
    CHECK_INT(act_sweep(&act), 2);
    act_send(&act, "old");
    turn(t, 60);
    act_send(&act, "new");
    const struct queue_message *message = act_take(&act);
    REQUIRE(message);
    CHECK_STR(message->body, "new");
    CHECK_INT(act_count(&act)->visible, 0);
}

/* Nobody has to receive for it; what is in flight, and what stands behind that, stays. */
static void forgets_of_groups(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "a.fifo", &act);
    act.options.retention_s = 60;
    act_set(&act);
    act_send_to(&act, "left", "1", "old");
    act_send_to(&act, "left", "2", "older");
    turn(t, 50);
    act_send_to(&act, "left", "3", "new");
    act_send_to(&act, "held", "4", "in flight");
    turn(t, 11);
    CHECK_INT(act_sweep(&act), 2);
    CHECK_INT(act_count(&act)->visible, 2);
    struct queue_messages *got = act_take_some(&act, 10);
    REQUIRE(got->count == 2);
    turn(t, 20); /* hidden for another ten seconds */
    CHECK_INT(act_sweep(&act), 0);
    turn(t, 71);
    CHECK_INT(act_sweep(&act), 2);
    CHECK_INT(act_count(&act)->visible, 0);
}

TEST(queue_message_is_forgotten_in_time)
{
    on_each(t, forgets);
    on_each(t, forgets_of_groups);
}

static void keeps_order(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "a.fifo", &act);
    CHECK_ERR(act_send(&act, "no group"), ERR_INPUT);
    CHECK_ERR(act_send_to(&act, "g", "", "no dedup"), ERR_INPUT);
    static const char *const rows[][2] = {{"g", "1"}, {"g", "2"}, {"h", "3"}, {"g", "4"}};
    for (size_t i = 0; i < 4; i++)
        CHECK_ERR(act_send_to(&act, rows[i][0], rows[i][1], rows[i][1]), ERR_OK);
    const struct queue_message *one = act_take(&act);
    REQUIRE(one);
    CHECK_STR(one->body, "1");
    const struct queue_message *three = act_take(&act);
    REQUIRE(three);
    CHECK_STR(three->body, "3");
    CHECK(!act_take(&act));
    CHECK_ERR(act_delete(&act, one), ERR_OK);
    CHECK_INT(act_take_some(&act, 10)->count, 2);
    CHECK_STR(act.got.list[0].body, "2");
    CHECK_STR(act.got.list[1].body, "4");
    CHECK(act.got.list[0].sequence < act.got.list[1].sequence);
    struct queue_message two = act.got.list[0], four = act.got.list[1];
    CHECK_ERR(act_delete(&act, &four), ERR_OK);
    CHECK_ERR(act_fail(&act, &two, "not now"), ERR_OK);
    act_send_to(&act, "g", "5", "5");
    CHECK(!act_take(&act));
    turn(t, 1);
    CHECK_INT(act_take_some(&act, 10)->count, 2);
    CHECK_STR(act.got.list[0].body, "2");
    CHECK_STR(act.got.list[1].body, "5");
    turn(t, 30);
    CHECK_INT(act_take_some(&act, 10)->count, 3);
    CHECK_INT(act_count(&act)->in_flight, 3);
}

TEST(queue_message_of_a_group_waits_for_those_before)
{
    on_each(t, keeps_order);
}

static void is_sent_once(struct test *t, struct flow_place *place)
{
    struct act act;
    char id[ID_TEXT_MAX];
    act_open(t, place, "a.fifo", &act);
    act.options.by_body = true;
    act_set(&act);
    CHECK_ERR(act_send_to(&act, "g", "", "same"), ERR_OK);
    memcpy(id, act.sending.id, sizeof id);
    int64_t sequence = act.sending.sequence;
    CHECK_ERR(act_send_to(&act, "g", "", "same"), ERR_OK);
    CHECK_TEXT(act.sending.id, id);
    CHECK_INT(act.sending.sequence, sequence);
    CHECK_ERR(act_send_to(&act, "g", "other", "same"), ERR_OK);
    CHECK_INT(act_count(&act)->visible, 2);
    turn(t, QUEUE_DEDUP_S);
    CHECK_ERR(act_send_to(&act, "g", "", "same"), ERR_OK);
    CHECK_INT(act_count(&act)->visible, 3);
    CHECK_INT(act_purge(&act), 3);
    CHECK(!act_take(&act));
}

TEST(queue_message_is_taken_for_the_one_before)
{
    on_each(t, is_sent_once);
}

static enum err drop(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_drop(tx, &act->queue);
}

static void goes_with_its_queue(struct test *t, struct flow_place *place)
{
    struct act act, fifo, other;
    act_open(t, place, "a", &act);
    act_open(t, place, "b", &other);
    act_open(t, place, "a.fifo", &fifo);
    act_send(&act, "gone");
    act_send(&other, "stays");
    act_send_to(&fifo, "g", "1", "gone");
    CHECK_ERR(db_write(place->db, t->ctx, drop, &act), ERR_OK);
    CHECK_ERR(db_write(place->db, t->ctx, drop, &fifo), ERR_OK);
    CHECK(!act_take(&act));
    CHECK(!act_take(&fifo));
    CHECK(act_take(&other));
}

TEST(queue_message_goes_with_its_queue)
{
    on_each(t, goes_with_its_queue);
}

struct batch {
    struct act *act;
    struct queue_sending list[QUEUE_BATCH_MAX];
    struct queue_receipt receipts[QUEUE_BATCH_MAX];
    enum err results[QUEUE_BATCH_MAX];
    size_t count;
};

static enum err send_batch(struct tx *tx, void *arg)
{
    struct batch *batch = arg;
    return queue_send_batch(tx, &batch->act->queue, batch->list, batch->count);
}

static enum err delete_batch(struct tx *tx, void *arg)
{
    struct batch *batch = arg;
    return queue_delete_batch(tx, &batch->act->queue, batch->receipts, batch->count,
                              batch->results);
}

static void works_in_batches(struct test *t, struct flow_place *place)
{
    struct act act;
    struct batch batch = {.act = &act, .count = 10};
    act_open(t, place, "a", &act);
    for (size_t i = 0; i < 10; i++)
        batch.list[i] = QUEUE_SENDING(i == 3 ? STR("") : STR("body"));
    CHECK_ERR(db_write(place->db, t->ctx, send_batch, &batch), ERR_OK);
    CHECK_ERR(batch.list[3].err.code, ERR_INPUT);
    CHECK_TEXT(batch.list[3].err.field, "body");
    CHECK_ERR(batch.list[4].err.code, ERR_OK);
    batch.count = 11;
    CHECK_ERR(db_write(place->db, t->ctx, send_batch, &batch), ERR_INPUT);
    CHECK_INT(act_take_some(&act, 10)->count, 9);
    for (size_t i = 0; i < 9; i++)
        batch.receipts[i] = act.got.list[i].receipt;
    CHECK_ERR(act_hide(&act, &act.got.list[2], 50), ERR_OK);
    batch.receipts[9] = (struct queue_receipt){1, 1, 1};
    batch.count = 10;
    CHECK_ERR(db_write(place->db, t->ctx, delete_batch, &batch), ERR_OK);
    for (size_t i = 0; i < 9; i++)
        CHECK_ERR(batch.results[i], ERR_OK);
    CHECK_ERR(batch.results[9], ERR_MISSING);
    CHECK_INT(act_count(&act)->in_flight, 0);
    for (size_t i = 0; i < 7; i++)
        act_send(&act, "again");
    CHECK_INT(act_take_some(&act, 10)->count, 7);
    for (size_t i = 0; i < 7; i++)
        batch.receipts[i] = act.got.list[i].receipt;
    batch.count = 7;
    CHECK_ERR(db_write(place->db, t->ctx, delete_batch, &batch), ERR_OK);
    CHECK_INT(act_count(&act)->in_flight, 0);
}

static void goes_by_its_receipt(struct test *t, struct flow_place *place)
{
    struct act act;
    struct batch batch = {.act = &act, .count = 3};
    act_open(t, place, "a", &act);
    for (size_t i = 0; i < 3; i++)
        batch.list[i] = QUEUE_SENDING(str_slice(STR("onetwosix"), 3 * i, 3 * i + 3));
    CHECK_ERR(db_write(place->db, t->ctx, send_batch, &batch), ERR_OK);
    REQUIRE(act_take_some(&act, 10)->count == 3);
    CHECK_STR(act.got.list[0].body, "one");
    CHECK_STR(act.got.list[1].body, "two");
    CHECK_STR(act.got.list[2].id, batch.list[2].id);
    batch.receipts[0] = batch.receipts[1] = act.got.list[0].receipt;
    batch.receipts[2] = act.got.list[1].receipt;
    batch.receipts[2].nonce ^= 1;
    batch.receipts[3] = act.got.list[1].receipt;
    batch.receipts[4] = act.got.list[2].receipt;
    CHECK_ERR(act_fail(&act, &act.got.list[2], "given back"), ERR_OK);
    batch.receipts[4].nonce = 0;
    batch.count = 5;
    CHECK_ERR(db_write(place->db, t->ctx, delete_batch, &batch), ERR_OK);
    for (size_t i = 0; i < 5; i++)
        CHECK_ERR(batch.results[i], i == 0 || i == 3 ? ERR_OK : ERR_MISSING);
    turn(t, 60);
    CHECK_INT(act_take_some(&act, 10)->count, 1);
}

TEST(queue_message_comes_and_goes_in_batches)
{
    on_each(t, works_in_batches);
    on_each(t, goes_by_its_receipt);
}

TEST(queue_receipt_is_a_text)
{
    struct queue_receipt receipt = {1, INT64_MAX, 0x1234}, read;
    char text[QUEUE_RECEIPT_TEXT];
    queue_receipt_format(&receipt, text);
    CHECK_TEXT(text, "0000000000000001-7fffffffffffffff-0000000000001234");
    CHECK_ERR(queue_receipt_parse(str_from(text), &read), ERR_OK);
    CHECK_INT(read.visible_us, INT64_MAX);
    CHECK_INT(read.nonce, 0x1234);
    CHECK_ERR(queue_receipt_parse(STR(""), &read), ERR_INPUT);
    CHECK_ERR(queue_receipt_parse(STR("000000000000000x-7fffffffffffffff-0000000000001234"), &read),
              ERR_INPUT);
    CHECK_ERR(queue_receipt_parse(STR("8000000000000001-7fffffffffffffff-0000000000001234"), &read),
              ERR_INPUT);
    CHECK_ERR(queue_receipt_parse(STR("0000000000000001+7fffffffffffffff-0000000000001234"), &read),
              ERR_INPUT);
}
