/* Tests ranges, and the conditions before them. */
#include "base/clock.h"
#include "harness/test.h"
#include "web/range.h"

TEST(range_is_cut_to_what_there_is)
{
    static const struct {
        const char *header;
        int64_t len;
        int status;
        struct range rows[3];
    } rows[] = {
        {"bytes=0-0", 100, 206, {{0, 1}}},
        {"BYTES=10-19", 100, 206, {{10, 20}}},
        {"bytes=90-", 100, 206, {{90, 100}}},
        {"bytes=90-99999999999999999999", 100, 206, {{90, 100}}},
        {"bytes=-10", 100, 206, {{90, 100}}},
        {"bytes=-1000", 100, 206, {{0, 100}}},
        {"bytes=0-1, 4-5 ,-1", 100, 206, {{0, 2}, {4, 6}, {99, 100}}},
        {"bytes=50-60,0-1", 100, 206, {{50, 61}, {0, 2}}},
        {"bytes=0-1,500-", 100, 206, {{0, 2}}},
        {"bytes=100-", 100, 416, {{0, 0}}},
        {"bytes=99999999999999999999-", 100, 416, {{0, 0}}},
        {"bytes=-0", 100, 416, {{0, 0}}},
        {"bytes=0-", 0, 416, {{0, 0}}},
        {"bytes=-5", 0, 416, {{0, 0}}},
        {"bytes=0-1,1-2", 100, 200, {{0, 0}}},
        {"bytes=0-,-1", 100, 200, {{0, 0}}},
        {"bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16", 100, 200, {{0, 0}}},
        {"bytes=2-1", 100, 200, {{0, 0}}},
        {"bytes=-", 100, 200, {{0, 0}}},
        {"bytes=--1", 100, 200, {{0, 0}}},
        {"bytes=1", 100, 200, {{0, 0}}},
        {"bytes=a-b", 100, 200, {{0, 0}}},
        {"bytes=0 - 1", 100, 200, {{0, 0}}},
        {"bytes=0-1,", 100, 200, {{0, 0}}},
        {"bytes=", 100, 200, {{0, 0}}},
        {"bytes", 100, 200, {{0, 0}}},
        {"bytes =0-1", 100, 200, {{0, 0}}},
        {"lines=0-1", 100, 200, {{0, 0}}},
        {"", 100, 200, {{0, 0}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ranges ranges;
        test_note(t, "%s", rows[i].header);
        CHECK_INT(range_parse(str_from(rows[i].header), rows[i].len, &ranges), rows[i].status);
        for (size_t k = 0; k < 3 && rows[i].status == 206 && rows[i].rows[k].to; k++) {
            CHECK(k < ranges.count);
            CHECK_INT(ranges.rows[k].from, rows[i].rows[k].from);
            CHECK_INT(ranges.rows[k].to, rows[i].rows[k].to);
        }
    }
}

#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define THEN   "Sun, 06 Nov 1994 08:49:37 GMT"
#define AFTER  "Sun, 06 Nov 1994 08:49:38 GMT"

static const struct condition_row {
    const char *headers[5];  /* name, value, name, value */
    int status, weak_status; /* where the tag is "a", and where it is W/"a" */
} conditions[] = {
    {{NULL}, 200, 200},
    {{"If-Match", "\"a\""}, 200, 412},
    {{"If-Match", "*"}, 200, 200},
    {{"If-Match", "\"b\", \"a\""}, 200, 412},
    {{"If-Match", "\"b\""}, 412, 412},
    {{"If-Match", ""}, 412, 412},
    {{"If-Match", "\"a\"", "If-Unmodified-Since", BEFORE}, 200, 412},
    {{"If-Unmodified-Since", THEN}, 200, 200},
    {{"If-Unmodified-Since", BEFORE}, 412, 412},
    {{"If-Unmodified-Since", "yesterday"}, 200, 200},
    {{"If-None-Match", "\"a\""}, 304, 304},
    {{"If-None-Match", "W/\"a\""}, 304, 304},
    {{"If-None-Match", " \"x,y\" ,\"a\""}, 304, 304},
    {{"If-None-Match", "*"}, 304, 304},
    {{"If-None-Match", "\"b\""}, 200, 200},
    {{"If-None-Match", "a"}, 200, 200},
    {{"If-None-Match", "\"a"}, 200, 200},
    {{"If-None-Match", "w/\"a\""}, 200, 200},
    {{"If-None-Match", "\"b\" \"a\""}, 200, 200},
    {{"If-None-Match", "\"b\"", "If-Modified-Since", AFTER}, 200, 200},
    {{"If-Modified-Since", BEFORE}, 200, 200},
    {{"If-Modified-Since", THEN}, 304, 304},
    {{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:38 GMT"}, 304, 304},
    {{"If-Modified-Since", "now"}, 200, 200},
    {{"Range", "bytes=0-1"}, 206, 206},
    {{"Range", "bytes=100-"}, 416, 416},
    {{"Range", "bytes=0-1", "If-None-Match", "\"a\""}, 304, 304},
    {{"Range", "bytes=0-1", "If-Range", "\"a\""}, 206, 200},
    {{"Range", "bytes=0-1", "If-Range", "W/\"a\""}, 200, 200},
    {{"Range", "bytes=0-1", "If-Range", "\"b\""}, 200, 200},
    {{"Range", "bytes=0-1", "If-Range", THEN}, 206, 206},
    {{"Range", "bytes=0-1", "If-Range", AFTER}, 200, 200},
    {{"Range", "bytes=0-1", "If-Range", ""}, 200, 200},
};

static void fill(struct http_head *head, const struct condition_row *row)
{
    *head = (struct http_head){.method = HTTP_GET};
    for (size_t i = 0; row->headers[i]; i += 2)
        head->headers[head->header_count++] = (struct http_header){str_from(row->headers[i]),
                                                                   str_from(row->headers[i + 1])};
}

TEST(range_answer_looks_at_every_condition)
{
    struct range_source source = {.modified_us = 784111777 * SECOND_US + 5, .len = 100};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        struct http_head head;
        struct ranges ranges;
        const struct condition_row *row = &conditions[i];
        fill(&head, row);
        test_note(t, "row %zu", i);
        source.etag = STR("\"a\"");
        CHECK_INT(range_answer(&head, &source, &ranges), row->status);
        CHECK_INT(ranges.count, row->status == 206 ? 1 : 0);
        source.etag = STR("W/\"a\"");
        CHECK_INT(range_answer(&head, &source, &ranges), row->weak_status);
    }
}

TEST(range_answer_of_a_source_that_knows_nothing_of_itself)
{
    struct range_source source = {.len = 100};
    struct ranges ranges;
    struct http_head head;
    fill(&head, &(struct condition_row){
                    {"If-Modified-Since", AFTER, "If-Unmodified-Since", BEFORE}, 200, 200});
    CHECK_INT(range_answer(&head, &source, &ranges), 200);
    fill(&head, &(struct condition_row){{"If-None-Match", "\"\""}, 200, 200});
    CHECK_INT(range_answer(&head, &source, &ranges), 200);
    fill(&head, &(struct condition_row){{"Range", "bytes=0-1"}, 206, 206});
    CHECK_INT(range_answer(&head, &source, &ranges), 206);
    head.method = HTTP_HEAD;
    CHECK_INT(range_answer(&head, &source, &ranges), 200);
}
