/* Tests base64: RFC 4648's examples, and that each text has one meaning. */
#include "base/base64.h"

#include "harness/test.h"
#include "harness/torture.h"

static const struct {
    const char *bytes, *text;
} rows[] = {
    {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
    {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xbe", "-_--"},
};

TEST(base64_is_written_and_read)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out;
        struct str bytes = STR("x");
        test_note(t, "%s", rows[i].text);
        buf_init(&out, t->arena, 64);
        base64_add(&out, str_from(rows[i].bytes));
        CHECK_STR(buf_str(&out), rows[i].text);
        CHECK_ERR(base64_read(t->arena, str_from(rows[i].text), &bytes), ERR_OK);
        CHECK_STR(bytes, rows[i].bytes);
    }
}

TEST(base64_refuses_every_other_spelling)
{
    static const char *const texts[] = {"Z",    "Zg==",  "Zh",    "Zm9",     "Zm 8",
                                        "+/++", "Zm8\n", "Zm8v_", "\xc3\xa4"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str bytes;
        test_note(t, "%s", texts[i]);
        CHECK_ERR(base64_read(t->arena, str_from(texts[i]), &bytes), ERR_INPUT);
    }
}

TEST(base64_takes_each_byte_through)
{
    char all[256];
    struct buf out;
    struct str bytes;
    for (int i = 0; i < 256; i++)
        all[i] = (char)(unsigned char)i;
    buf_init(&out, t->arena, 1024);
    base64_add(&out, str_make(all, sizeof all));
    CHECK_INT(buf_str(&out).len, 342);
    REQUIRE(base64_read(t->arena, buf_str(&out), &bytes) == ERR_OK);
    CHECK(str_equal(bytes, str_make(all, sizeof all)));
}

static enum err read_some(struct test *t, void *arg)
{
    struct str bytes;
    (void)arg;
    return base64_read(t->arena, STR("Zm9vYmFy"), &bytes);
}

TEST(base64_survives_failing_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, read_some, NULL);
}
