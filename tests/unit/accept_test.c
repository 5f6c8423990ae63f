/* Tests of src/text/accept.c. */
#include "text/accept.h"

#include "base/buf.h"
#include "harness/test.h"

TEST(accept_takes_a_header_apart)
{
    struct str header = STR(" a;q=0.25 ,b;x=1;Q=0.5,c;q=2, ,d;q=1;q=0");
    static const struct {
        const char *value;
        int quality;
        bool has_others;
    } rows[] = {
        {"a", 250, false},         {"b", 500, true},
        {"c", ACCEPT_NONE, false}, {"", ACCEPT_QUALITY_MAX, false},
        {"d", 1000, true},
    };
    struct accept_part part;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        REQUIRE(accept_next(&header, &part));
        CHECK_STR(part.value, rows[i].value);
        CHECK_INT(part.quality, rows[i].quality);
        CHECK_INT(part.has_others, rows[i].has_others);
    }
    CHECK(!accept_next(&header, &part));
}

TEST(accept_goes_by_what_names_it_closest)
{
    static const struct {
        const char *header, *value;
        int quality;
    } rows[] = {
        {"", "text/html", ACCEPT_NONE},
        {"*/*;q=0.1, text/*;q=0.2, text/html;q=0.3", "text/html", 300},
        {"*/*;q=0.1, text/*;q=0.2, text/html;q=0.3", "TEXT/plain", 200},
        {"*/*;q=0.1, text/*;q=0.2, text/html;q=0.3", "image/png", 100},
        {"text/html;q=0, */*", "text/html", 0},
        {"text/html;level=1;q=0.4", "text/html", 400},
        {"text", "text/html", ACCEPT_NONE},
        {"/*", "text/html", ACCEPT_NONE},
        {"text/html;q=x, */*;q=0.5", "text/html", 500},
        {"*;q=0.5", "gzip", 500},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s: %s", rows[i].header, rows[i].value);
        CHECK_INT(accept_quality(str_from(rows[i].header), str_from(rows[i].value)),
                  rows[i].quality);
    }
}

TEST(accept_reads_so_many_parts)
{
    struct buf header;
    buf_init(&header, t->arena, 1 << 10);
    for (int i = 0; i < ACCEPT_PARTS_MAX; i++)
        buf_add(&header, STR("x,"));
    buf_add(&header, STR("gzip"));
    CHECK_INT(accept_quality(buf_str(&header), STR("gzip")), ACCEPT_NONE);
    CHECK_INT(accept_quality(str_slice(buf_str(&header), 2, header.len), STR("gzip")),
              ACCEPT_QUALITY_MAX);
}
