/* Fuzzes ranges, conditions and dates: parts lie within the whole, a date reads as written. */
#include "web/range.h"

#include "base/assert.h"
#include "base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_ranges(struct str header, int64_t len)
{
    struct ranges ranges;
    int status = range_parse(header, len, &ranges);
    ASSERT(status == 200 || status == 206 || status == 416);
    ASSERT(ranges.count <= RANGES_MAX);
    if (status != 206)
        return;
    ASSERT(ranges.count > 0);
    int64_t sum = 0;
    for (size_t i = 0; i < ranges.count; i++) {
        ASSERT(ranges.rows[i].from >= 0 && ranges.rows[i].from < ranges.rows[i].to);
        ASSERT(ranges.rows[i].to <= len);
        sum += ranges.rows[i].to - ranges.rows[i].from;
    }
    ASSERT(sum <= len);
}

static void check_date(struct str text)
{
    char written[HTTP_DATE_LEN + 1];
    int64_t time_us, again_us;
    if (http_date_parse(text, &time_us))
        return;
    http_date_format(time_us, written);
    ASSERT(http_date_parse(str_from(written), &again_us) == ERR_OK);
    ASSERT(again_us == time_us);
}

/* The input as the value of each condition. */
static void check_conditions(struct str value)
{
    static const char *const names[] = {"If-Match", "If-None-Match", "If-Range",
                                        "If-Modified-Since", "If-Unmodified-Since"};
    struct range_source source = {STR("\"a\""), 784111777 * SECOND_US, 100};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct ranges ranges;
        struct http_head head = {
            .header_count = 2,
            .headers = {{str_from(names[i]), value}, {STR("Range"), STR("bytes=0-1")}}};
        int status = range_answer(&head, &source, &ranges);
        ASSERT(status == 200 || status == 206 || status == 304 || status == 412);
        ASSERT(ranges.count == (status == 206 ? 1 : 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const int64_t lens[] = {0, 1, 100, INT64_MAX};
    struct str text = str_make((const char *)bytes, size);
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++)
        check_ranges(text, lens[i]);
    check_date(text);
    check_conditions(text);
    return 0;
}
