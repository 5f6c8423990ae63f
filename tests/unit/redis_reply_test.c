/* Tests what is read of Redis's replies, whole and byte by byte. */
#include "ports/cache/redis_reply.h"

#include "harness/test.h"

TEST(redis_reply_reads_each_kind)
{
    static const struct {
        const char *bytes;
        enum redis_verdict verdict;
        char kind;
        const char *text;
        int64_t number;
        bool is_nothing;
    } rows[] = {
        {"+OK\r\n", REDIS_WHOLE, '+', "OK", 0, false},
        {"-ERR no\r\n", REDIS_WHOLE, '-', "ERR no", 0, false},
        {":-42\r\n", REDIS_WHOLE, ':', "-42", -42, false},
        {"$5\r\nhe\r\no\r\n", REDIS_WHOLE, '$', "he\r\no", 5, false},
        {"$0\r\n\r\n", REDIS_WHOLE, '$', "", 0, false},
        {"$-1\r\n", REDIS_WHOLE, '$', "-1", -1, true},
        {"", REDIS_MORE, '\0', "", 0, false},
        {"+OK\r", REDIS_MORE, '+', "", 0, false},
        {"$5\r\nhello", REDIS_MORE, '$', "hello", 5, false},
        {"*1\r\n", REDIS_BAD, '*', "", 0, false},
        {"HTTP/1.1 400\r\n", REDIS_BAD, 'H', "", 0, false},
        {"+OK\r\n+OK\r\n", REDIS_BAD, '+', "OK", 0, false},
        {":4x\r\n", REDIS_BAD, ':', "4x", 0, false},
        {"$-2\r\n", REDIS_BAD, '$', "-2", -2, true},
        {"$-1\r\nx", REDIS_BAD, '$', "-1", -1, true},
        {"$2\r\nabcd", REDIS_BAD, '$', "ab", 2, false},
        {"$2\r\nab\r\nx", REDIS_BAD, '$', "ab", 2, false},
        {"$2000000\r\n", REDIS_BAD, '$', "2000000", 2000000, false},
        {"$99999999999999999999\r\n", REDIS_BAD, '$', "99999999999999999999", 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct redis_reply reply;
        struct str bytes = str_from(rows[i].bytes);
        test_note(t, "%s", rows[i].bytes);
        CHECK_INT(redis_reply_read(bytes, &reply), rows[i].verdict);
        CHECK_INT(reply.kind, rows[i].kind);
        CHECK_STR(reply.text, rows[i].text);
        CHECK_INT(reply.number, rows[i].number);
        CHECK_INT(reply.is_nothing, rows[i].is_nothing);
        for (size_t len = 0; rows[i].verdict == REDIS_WHOLE && len < bytes.len; len++)
            CHECK_INT(redis_reply_read(str_slice(bytes, 0, len), &reply), REDIS_MORE);
    }
}

TEST(redis_reply_tells_how_much_is_to_come)
{
    struct redis_reply reply;
    CHECK_INT(redis_reply_read(STR("$100\r\nabc"), &reply), REDIS_MORE);
    CHECK_INT(reply.len, 108);
}

TEST(redis_reply_limits_lines)
{
    static char line[REDIS_LINE_MAX];
    struct redis_reply reply;
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = '+';
    CHECK_INT(redis_reply_read(str_make(line, sizeof line - 1), &reply), REDIS_MORE);
    CHECK_INT(redis_reply_read(str_make(line, sizeof line), &reply), REDIS_BAD);
}

TEST(redis_commands_hold_any_bytes)
{
    struct buf out;
    const struct str words[] = {STR("SET"), {"a\0b", 3}, STR("")};
    static const char expected[] = "*3\r\n$3\r\nSET\r\n$3\r\na\0b\r\n$0\r\n\r\n";
    buf_init(&out, t->arena, 256);
    redis_command_write(&out, words, 3);
    CHECK(str_equal(buf_str(&out), str_make(expected, sizeof expected - 1)));
}
