/* Tests of OTLP: what a collector is sent, as JSON that is read again. */
#include "watch/otlp.h"

#include "harness/test.h"

enum { TEXT_MAX = 64 << 10 };

static const struct otlp_resource resource = {{"stoa", 4}, {"1.0", 3}, {"run_1", 5}};

static const struct json *read_back(struct test *t, struct buf *out)
{
    struct json *root = NULL;
    CHECK_ERR(buf_err(out), ERR_OK);
    CHECK_ERR(json_read(t->ctx, buf_str(out), &root), ERR_OK);
    REQUIRE(root);
    return json_get(root, "resourceSpans")->first;
}

static struct str text_of(const struct json *object, const char *name)
{
    struct str text = STR("(none)");
    json_str(json_get(object, name), &text);
    return text;
}

static const struct json *spans_of(struct test *t, struct buf *out)
{
    return json_get(json_get(read_back(t, out), "scopeSpans")->first, "spans");
}

/* Records as a ring would give them. */
static void write_one(struct test *t, struct buf *out, const struct span *span)
{
    struct span_ring *ring = ARENA_NEW(t->arena, struct span_ring);
    struct span_record record;
    struct json_writer w;
    REQUIRE(ring);
    span_ring_init(ring);
    REQUIRE(span_ring_add(ring, span) && span_ring_take(ring, &record));
    buf_init(out, t->arena, TEXT_MAX);
    otlp_begin(&w, out, &resource);
    otlp_add(&w, &record);
    otlp_end(&w);
    CHECK(out->len <= OTLP_SPAN_MAX);
}

TEST(otlp_tells_the_first_span)
{
    struct buf out;
    int64_t kind = 0;
    const struct span span = {.trace = {0x0af7651916cd43dd, 0x8448eb211c80319c},
                              .id = 0xb7ad6b7169203331,
                              .name = "contact_show",
                              .begun_us = 1000001,
                              .duration_us = 250,
                              .field_count = 1,
                              .fields = {field_int("http.response.status_code", 200)}};
    write_one(t, &out, &span);
    const struct json *one = spans_of(t, &out)->first;
    CHECK_STR(text_of(one, "traceId"), "0af7651916cd43dd8448eb211c80319c");
    CHECK_STR(text_of(one, "spanId"), "b7ad6b7169203331");
    CHECK(!json_get(one, "parentSpanId"));
    CHECK_STR(text_of(one, "name"), "contact_show");
    CHECK_STR(text_of(one, "startTimeUnixNano"), "1000001000");
    CHECK_STR(text_of(one, "endTimeUnixNano"), "1000251000");
    CHECK(json_int(json_get(one, "kind"), &kind) == ERR_OK && kind == 2);
    const struct json *field = json_get(one, "attributes")->first;
    CHECK_STR(text_of(field, "key"), "http.response.status_code");
    CHECK_STR(text_of(json_get(field, "value"), "intValue"), "200");
    CHECK_INT(json_get(one, "status")->count, 0);
}

TEST(otlp_tells_a_query_that_failed)
{
    struct buf out;
    int64_t kind = 0, code = 0;
    const struct span parent = {.id = 5};
    const struct span span = {
        .parent = (struct span *)&parent,
        .trace = {0, 1},
        .id = 6,
        .parent_id = 5,
        .name = "item_find",
        .err = ERR_IO,
        .field_count = 2,
        .fields = {field_text("db.system.name", "sqlite"), field_bool("odd", true)}};
    write_one(t, &out, &span);
    const struct json *one = spans_of(t, &out)->first;
    CHECK_STR(text_of(one, "parentSpanId"), "0000000000000005");
    CHECK(json_int(json_get(one, "kind"), &kind) == ERR_OK && kind == 3);
    CHECK(json_int(json_get(json_get(one, "status"), "code"), &code) == ERR_OK && code == 2);
    CHECK_STR(text_of(json_get(one, "status"), "message"), "io");
}

TEST(otlp_takes_a_users_mistake_for_none)
{
    struct buf out;
    const struct span span = {.trace = {0, 1}, .id = 6, .name = "a", .err = ERR_MISSING};
    write_one(t, &out, &span);
    CHECK_INT(json_get(spans_of(t, &out)->first, "status")->count, 0);
}

TEST(otlp_mends_what_is_not_utf8)
{
    struct buf out;
    const struct span span = {.trace = {0, 1},
                              .id = 6,
                              .name = "a",
                              .field_count = 1,
                              .fields = {field_text("x", "\xff")}};
    write_one(t, &out, &span);
    const struct json *field = json_get(spans_of(t, &out)->first, "attributes")->first;
    CHECK_STR(text_of(json_get(field, "value"), "stringValue"), "\xef\xbf\xbd");
}

TEST(otlp_names_the_program)
{
    struct buf out;
    struct json_writer w;
    buf_init(&out, t->arena, TEXT_MAX);
    otlp_begin(&w, &out, &resource);
    otlp_end(&w);
    const struct json *one = read_back(t, &out);
    const struct json *list = json_get(json_get(one, "resource"), "attributes");
    CHECK_INT(list->count, 3);
    CHECK_STR(text_of(list->first, "key"), "service.name");
    CHECK_STR(text_of(json_get(list->first, "value"), "stringValue"), "stoa");
    CHECK_INT(json_get(json_get(one, "scopeSpans")->first, "spans")->count, 0);
}
