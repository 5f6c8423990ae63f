/* Tests the chunked coding: what is body, what is refused, and that no cut changes it. */
#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "web/http.h"

enum { BODY_MAX = 1 << 14 };

struct outcome {
    enum http_verdict verdict;
    char body[BODY_MAX];
    size_t len, used;
};

/* Reads in pieces of so many bytes. */
static void read_pieces(struct str sent, size_t piece, struct outcome *outcome)
{
    struct http_chunks chunks = {0};
    *outcome = (struct outcome){0};
    while (outcome->used < sent.len && outcome->verdict == HTTP_MORE) {
        char bytes[BODY_MAX];
        size_t got, used, size = sent.len - outcome->used;
        size = size < piece ? size : piece;
        memcpy(bytes, sent.ptr + outcome->used, size);
        outcome->verdict = http_chunks_read(&chunks, bytes, size, &got, &used);
        memcpy(outcome->body + outcome->len, bytes, got);
        outcome->len += got;
        outcome->used += used;
    }
}

static const struct chunk_row {
    struct str sent;
    enum http_verdict verdict;
    const char *body;
    size_t left; /* bytes behind the end */
} rows[] = {
#define ROW(sent, verdict, body, left)                \
    {                                                 \
        {sent, sizeof(sent) - 1}, verdict, body, left \
    }
    ROW("0\r\n\r\n", HTTP_WHOLE, "", 0),
    ROW("000\r\n\r\nGET", HTTP_WHOLE, "", 3),
    ROW("5\r\nhello\r\n0\r\n\r\n", HTTP_WHOLE, "hello", 0),
    ROW("1\r\na\r\n2\r\nbc\r\nA\r\n0123456789\r\n0\r\n\r\n", HTTP_WHOLE, "abc0123456789", 0),
    ROW("0000000000000003\r\n\r\n\0\r\n0\r\n\r\n", HTTP_WHOLE, "\r\n\0", 0),
    ROW("5;a=b;c=\"d e\"\r\nhello\r\n0;x\r\n\r\n", HTTP_WHOLE, "hello", 0),
    ROW("0\r\nX: a\r\nY:\r\n\r\nnext", HTTP_WHOLE, "", 4),
    ROW("", HTTP_MORE, "", 0),
    ROW("5\r\nhel", HTTP_MORE, "hel", 0),
    ROW("5\r\nhello\r\n0\r\n\r", HTTP_MORE, "hello", 0),
    ROW("ffffffffffffffff\r\nabc", HTTP_MORE, "abc", 0),
    ROW("\r\n", HTTP_BAD, "", 0),
    ROW(";a\r\n", HTTP_BAD, "", 0),
    ROW("g\r\n", HTTP_BAD, "", 0),
    ROW("0x5\r\nhello", HTTP_BAD, "", 0),
    ROW("+5\r\nhello", HTTP_BAD, "", 0),
    ROW("-1\r\n", HTTP_BAD, "", 0),
    ROW(" 5\r\nhello", HTTP_BAD, "", 0),
    ROW("5 \r\nhello", HTTP_BAD, "", 0),
    ROW("5\nhello", HTTP_BAD, "", 0),
    ROW("5\rhello", HTTP_BAD, "", 0),
    ROW("00000000000000001\r\na", HTTP_BAD, "", 0),
    ROW("10000000000000001\r\na", HTTP_BAD, "", 0),
    ROW("5;a\nhello", HTTP_BAD, "", 0),
    ROW("5;a\0\r\nhello", HTTP_BAD, "", 0),
    ROW("5\r\nhelloo\r\n", HTTP_BAD, "hello", 0),
    ROW("5\r\nhello\n0\r\n\r\n", HTTP_BAD, "hello", 0),
    ROW("5\r\nhello\r0\r\n\r\n", HTTP_BAD, "hello", 0),
    ROW("5\r\nhello0\r\n\r\n", HTTP_BAD, "hello", 0),
    ROW("0\r\n\n", HTTP_BAD, "", 0),
    ROW("0\r\n\ra", HTTP_BAD, "", 0),
    ROW("0\r\n: a\r\n\r\n", HTTP_BAD, "", 0),
    ROW("0\r\n a\r\n\r\n", HTTP_BAD, "", 0),
    ROW("0\r\nX : a\r\n\r\n", HTTP_BAD, "", 0),
    ROW("0\r\nX\r\n\r\n", HTTP_BAD, "", 0),
    ROW("0\r\nX: a\n\r\n", HTTP_BAD, "", 0),
    ROW("0\r\nX: a\0\r\n\r\n", HTTP_BAD, "", 0),
    ROW("0\r\nX: a\r\n b\r\n\r\n", HTTP_BAD, "", 0),
#undef ROW
};

TEST(http_chunks_are_the_same_in_any_pieces)
{
    static struct outcome outcome;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t piece = 1; piece <= rows[i].sent.len + 1; piece++) {
            test_note(t, "row %zu in pieces of %zu", i, piece);
            read_pieces(rows[i].sent, piece, &outcome);
            CHECK_INT(outcome.verdict, rows[i].verdict);
            CHECK_INT(memcmp(outcome.body, rows[i].body, outcome.len), 0);
            if (rows[i].verdict == HTTP_BAD)
                continue;
            CHECK_INT(rows[i].sent.len - outcome.used, rows[i].left);
            CHECK(outcome.len >= strlen(rows[i].body));
        }
    }
}

TEST(http_chunks_stay_broken_and_ended)
{
    struct http_chunks chunks = {0};
    size_t got, used;
    char broken[] = "x", good[] = "0\r\n\r\n";
    CHECK_INT(http_chunks_read(&chunks, broken, 1, &got, &used), HTTP_BAD);
    CHECK_INT(http_chunks_read(&chunks, good, 5, &got, &used), HTTP_BAD);
    CHECK_INT(got, 0);
    chunks = (struct http_chunks){0};
    CHECK_INT(http_chunks_read(&chunks, good, 5, &got, &used), HTTP_WHOLE);
    CHECK_INT(http_chunks_read(&chunks, good, 5, &got, &used), HTTP_WHOLE);
    CHECK_INT(used, 0);
}

/* `before`, so many letters, `after`. */
static enum http_verdict read_long(struct test *t, const char *before, size_t letters,
                                   const char *after)
{
    struct http_chunks chunks = {0};
    struct buf out;
    size_t got, used;
    buf_init(&out, t->arena, 1 << 16);
    buf_add(&out, str_from(before));
    for (size_t i = 0; i < letters; i++)
        buf_addc(&out, 'a');
    buf_add(&out, str_from(after));
    return http_chunks_read(&chunks, out.ptr, out.len, &got, &used);
}

TEST(http_chunks_keep_their_limits)
{
    CHECK_INT(read_long(t, "0;", HTTP_EXTRA_MAX - 1, "\r\n\r\n"), HTTP_WHOLE);
    CHECK_INT(read_long(t, "0;", HTTP_EXTRA_MAX, "\r\n\r\n"), HTTP_BAD);
    CHECK_INT(read_long(t, "0\r\nX: ", HTTP_EXTRA_MAX / 2, "\r\n\r\n"), HTTP_WHOLE);
    CHECK_INT(read_long(t, "0\r\nX: ", HTTP_EXTRA_MAX, "\r\n\r\n"), HTTP_BAD);
    CHECK_INT(read_long(t, "1;a\r\nb\r\n0;", HTTP_EXTRA_MAX - 1, "\r\n\r\n"), HTTP_WHOLE);
}
