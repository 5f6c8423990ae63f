/* What the S3 driver reads: its URL, and answers. */
#include "harness/test.h"
#include "ports/objects/s3_inside.h"

TEST(s3_urls_are_read)
{
    static const struct {
        const char *url, *base, *key, *secret, *region;
    } cases[] = {
        {"s3://AK:se%2Fcr%2Bet@s3.example.com/papers?region=eu-central-1",
         "https://s3.example.com/papers", "AK", "se/cr+et", "eu-central-1"},
        {"s3://k:s@127.0.0.1:9000/b?tls=no&style=path", "http://127.0.0.1:9000/b", "k", "s",
         "us-east-1"},
        {"s3://k:s@[::1]:9000/b?style=virtual&tls=yes", "https://b.[::1]:9000", "k", "s",
         "us-east-1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct objects_store store;
        CHECK_ERR(s3_url_read(t->ctx, str_from(cases[i].url), &store), ERR_OK);
        CHECK_TEXT(store.base, cases[i].base);
        CHECK_TEXT(store.key, cases[i].key);
        CHECK_TEXT(store.secret, cases[i].secret);
        CHECK_TEXT(store.region, cases[i].region);
    }
}

TEST(s3_urls_that_cannot_be_are_refused)
{
    static const char *const urls[] = {
        "s3:",
        "s3://host/bucket",
        "s3://k@host/b",
        "s3://k:s@/b",
        "s3://k:s@host",
        "s3://k:s@h/",
        "s3://k:@h/b",
        "s3://:s@h/b",
        "s3://k:s@h/b?x=y",
        "s3://k:s@h/b/c",
        "s3://k:s%@h/b",
        "s3://k:s%2@h/b",
        "s3://k:s%0a@h/b",
        "s3://k:s@h/b?tls=maybe",
        "s3://k:s@h/b?style=x",
        "s3://k:s@h h/b",
        "s3://k:s@h/b?region=",
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        static struct objects_store store;
        test_note(t, "%s", urls[i]);
        CHECK_ERR(s3_url_read(t->ctx, str_from(urls[i]), &store), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "OBJECTS_URL");
        CHECK(str_find(str_from(t->ctx->err.operator), STR("k:s")) == STR_NONE);
    }
}

TEST(s3_answers_are_told_by_their_word)
{
    static const struct {
        int status;
        struct str body;
        enum err err;
    } cases[] = {
        {200, {"", 0}, ERR_OK},
        {404, {"", 0}, ERR_MISSING},
        {503, {"", 0}, ERR_BUSY},
        {500, {"not xml", 7}, ERR_PEER},
        {403, {"", 0}, ERR_PEER},
        {404, STR("<Error><Code>NoSuchBucket</Code></Error>"), ERR_PEER},
        {400, STR("<Error><Code>InvalidPart</Code><Message>x</Message></Error>"), ERR_CONFLICT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_client_answer answer = {.status = cases[i].status, .body = cases[i].body};
        test_note(t, "case %zu", i);
        CHECK_ERR(s3_check(t->ctx, &answer), cases[i].err);
    }
}

TEST(s3_headers_tell_of_an_object)
{
    struct http_client_header headers[] = {
        {STR("Content-Length"), STR("5")},
        {STR("Content-Range"), STR("bytes 5-9/100")},
        {STR("ETag"), STR("\"abc\"")},
        {STR("Last-Modified"), STR("Sun, 06 Nov 1994 08:49:37 GMT")},
        {STR("X-Amz-Meta-Made-By"), STR("a person")},
        {STR("x-amz-version-id"), STR("v1")},
    };
    struct http_client_answer answer = {.status = 206, .headers = headers, .header_count = 6};
    struct objects_info info = {.size = -1};
    CHECK_ERR(s3_info(t->ctx, STR("n"), &answer, &info), ERR_OK);
    CHECK_INT(info.size, 100);
    CHECK_STR(info.etag, "abc");
    CHECK_STR(info.version, "v1");
    CHECK_INT(info.changed_us, INT64_C(784111777) * SECOND_US);
    CHECK_INT(info.meta_count, 1);
    CHECK_STR(info.meta[0].name, "made-by");
    CHECK_STR(info.meta[0].value, "a person");
}
