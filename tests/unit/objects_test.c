/* The port of objects: names, and what bodies give. */
#include "ports/objects/objects.h"

#include "harness/test.h"
#include "ports/objects/driver.h"

TEST(objects_names_are_checked)
{
    static const char *const good[] = {"a", "a/b", "a b", "...", "a..b/.c", "\xc3\xa4", "~", "%2e"};
    static const char *const bad[] = {"", "/", "a/", "/a", "a//b", ".", "..", "a/..", "./a", "\t"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_ERR(objects_name_check(t->ctx, str_from(good[i])), ERR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_ERR(objects_name_check(t->ctx, str_from(bad[i])), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "name");
    }
}

TEST(objects_a_body_of_bytes_is_read_in_pieces)
{
    struct objects_body body = {.bytes = STR("abcdef")};
    char bytes[4];
    int64_t done = 0;
    size_t got = 0;
    CHECK_ERR(objects_body_fill(t->ctx, &body, &done, bytes, sizeof bytes, &got), ERR_OK);
    CHECK_STR(str_make(bytes, got), "abcd");
    CHECK_ERR(objects_body_fill(t->ctx, &body, &done, bytes, sizeof bytes, &got), ERR_OK);
    CHECK_STR(str_make(bytes, got), "ef");
    CHECK_INT(done, 6);
}
