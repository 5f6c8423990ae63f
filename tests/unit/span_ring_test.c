/* Tests of the ring of spans: its order, its end, its texts, and its threads. */
#include "watch/span_ring.h"

#include <pthread.h>

#include "harness/test.h"

static struct span_ring *ring_make(struct test *t)
{
    struct span_ring *ring = ARENA_NEW(t->arena, struct span_ring);
    REQUIRE(ring);
    span_ring_init(ring);
    return ring;
}

TEST(span_ring_gives_what_it_was_given)
{
    struct span_ring *ring = ring_make(t);
    struct span_record record;
    const struct span parent = {.id = 1};
    const struct span span = {.parent = (struct span *)&parent,
                              .trace = {1, 2},
                              .id = 3,
                              .parent_id = 1,
                              .name = "item_find",
                              .begun_us = 10,
                              .duration_us = 20,
                              .err = ERR_BUSY,
                              .field_count = 4,
                              .fields = {field_text("host", "one.example"), field_int("rows", 7),
                                         field_bool("new", true),
                                         field_id("order", "ord", (struct id){0, 0})}};
    CHECK(!span_ring_take(ring, &record));
    CHECK(span_ring_add(ring, &span));
    REQUIRE(span_ring_take(ring, &record));
    CHECK(!span_ring_take(ring, &record));
    CHECK_TEXT(record.name, "item_find");
    CHECK_INT(record.id, 3);
    CHECK_INT(record.trace.low, 2);
    CHECK(!record.is_root);
    CHECK_ERR(record.err, ERR_BUSY);
    CHECK_INT(record.field_count, 4);
    CHECK_STR(str_make(record.texts + record.fields[0].at, record.fields[0].len), "one.example");
    CHECK_INT(record.fields[1].number, 7);
    CHECK_STR(str_make(record.texts + record.fields[3].at, record.fields[3].len),
              "ord_00000000000000000000000000");
}

TEST(span_ring_that_is_full_takes_no_more)
{
    struct span_ring *ring = ring_make(t);
    struct span span = {.name = "a"};
    struct span_record record;
    for (int round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < SPAN_RING_SIZE; i++) {
            span.id = i;
            CHECK(span_ring_add(ring, &span));
        }
        CHECK(!span_ring_add(ring, &span));
        for (uint64_t i = 0; i < SPAN_RING_SIZE; i++)
            CHECK(span_ring_take(ring, &record) && record.id == i);
        CHECK(!span_ring_take(ring, &record));
    }
}

TEST(span_ring_cuts_texts_at_a_character)
{
    struct span_ring *ring = ring_make(t);
    struct span_record record;
    char text[2 * SPAN_TEXTS_MAX + 1] = "x";
    for (size_t i = 1; i + 1 < sizeof text; i += 2) {
        text[i] = '\xc3';
        text[i + 1] = '\xa9';
    }
    struct span span = {.name = "a",
                        .field_count = 2,
                        .fields = {field_str("long", str_make(text, sizeof text - 2)),
                                   field_text("more", "not to be kept")}};
    CHECK(span_ring_add(ring, &span));
    REQUIRE(span_ring_take(ring, &record));
    CHECK_INT(record.fields[0].len, SPAN_TEXTS_MAX - 1);
    CHECK(str_is_utf8(str_make(record.texts, record.fields[0].len)));
    CHECK(record.fields[1].len <= 1);
}

enum { THREADS = 4, SPANS = 20000 };

struct writer {
    pthread_t thread;
    struct span_ring *ring;
    uint64_t number, added;
};

static void *write_spans(void *arg)
{
    struct writer *writer = arg;
    for (uint64_t i = 0; i < SPANS; i++) {
        struct span span = {.name = "a", .id = writer->number, .parent_id = i};
        writer->added += span_ring_add(writer->ring, &span);
    }
    return NULL;
}

TEST(span_ring_keeps_each_writers_order)
{
    struct span_ring *ring = ring_make(t);
    struct writer writers[THREADS];
    struct span_record record;
    uint64_t next[THREADS] = {0}, taken = 0, added = 0;
    bool in_order = true;
    for (uint64_t i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){.ring = ring, .number = i};
        REQUIRE(pthread_create(&writers[i].thread, NULL, write_spans, &writers[i]) == 0);
    }
    for (int looks = 0; looks < THREADS * SPANS; looks++)
        if (span_ring_take(ring, &record)) {
            in_order &= record.parent_id >= next[record.id];
            next[record.id] = record.parent_id + 1;
            taken++;
        }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(writers[i].thread, NULL);
        added += writers[i].added;
    }
    while (span_ring_take(ring, &record))
        taken++;
    CHECK(in_order);
    CHECK_INT(taken, added);
    CHECK(added > 0);
}
