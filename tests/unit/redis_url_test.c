/* Tests how the URL of a Redis is taken apart. */
#include "ports/cache/redis_url.h"

#include "harness/test.h"

TEST(redis_url_has_parts)
{
    static const struct {
        const char *url, *user, *password, *host, *port, *db;
    } rows[] = {
        {"redis://h", "", "", "h", "6379", "0"},
        {"redis://h/", "", "", "h", "6379", "0"},
        {"redis://h:1/2", "", "", "h", "1", "2"},
        {"redis://127.0.0.1:6380", "", "", "127.0.0.1", "6380", "0"},
        {"redis://[::1]", "", "", "::1", "6379", "0"},
        {"redis://[::1]:7/9999", "", "", "::1", "7", "9999"},
        {"redis://u:p@h", "u", "p", "h", "6379", "0"},
        {"redis://:p@h", "", "p", "h", "6379", "0"},
        {"redis://p@h", "", "p", "h", "6379", "0"},
        {"redis://u:p%40%3a%2F:q@h/1", "u", "p@:/:q", "h", "6379", "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct redis_url parts;
        test_note(t, "%s", rows[i].url);
        CHECK_ERR(redis_url_read(t->ctx, str_from(rows[i].url), &parts), ERR_OK);
        CHECK_TEXT(parts.user, rows[i].user);
        CHECK_TEXT(parts.password, rows[i].password);
        CHECK_TEXT(parts.host, rows[i].host);
        CHECK_TEXT(parts.port, rows[i].port);
        CHECK_TEXT(parts.db, rows[i].db);
    }
}

TEST(redis_url_refuses_the_rest)
{
    static const char *const urls[] = {
        "",
        "redis:",
        "redis://",
        "redis:///0",
        "redis://:6379",
        "redis://@",
        "redis://h:0",
        "redis://h:65536",
        "redis://h:x",
        "redis://h/x",
        "redis://h/10000",
        "redis://h/0/1",
        "redis://a@b@h",
        "redis://%zz@h",
        "redis://u:%00@h",
        "redis://u:%4@h",
        "redis://[::1",
        "redis://[::1]x",
        "redis://h%41",
        "rediss://h",
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct redis_url parts;
        test_note(t, "%s", urls[i]);

        CHECK_ERR(redis_url_read(t->ctx, str_from(urls[i]), &parts), ERR_INPUT);

        CHECK_TEXT(t->ctx->err.field, "CACHE_URL");
    }
}
