/* Fuzzes the chunked coding: pieces of any size give one body, and what was coded comes back. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "web/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { INPUT_MAX = 8 << 10, CODED_MAX = INPUT_MAX * 8 };

struct outcome {
    enum http_verdict verdict;
    size_t len, used;
    char body[CODED_MAX];
};

static void read_pieces(struct str sent, size_t piece, struct outcome *outcome)
{
    struct http_chunks chunks = {0};
    outcome->verdict = HTTP_MORE;
    outcome->len = outcome->used = 0;
    while (outcome->verdict == HTTP_MORE && outcome->used < sent.len) {
        size_t got, used, len = sent.len - outcome->used;
        len = len < piece ? len : piece;
        char *copy = malloc(len);
        ASSERT(copy);
        memcpy(copy, sent.ptr + outcome->used, len);
        outcome->verdict = http_chunks_read(&chunks, copy, len, &got, &used);
        ASSERT(got <= used && used <= len);
        ASSERT(outcome->verdict != HTTP_MORE || used == len);
        memcpy(outcome->body + outcome->len, copy, got);
        outcome->len += got;
        outcome->used += used;
        free(copy);
    }
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
    return a->verdict == b->verdict && a->used == b->used && a->len == b->len &&
           memcmp(a->body, b->body, a->len) == 0;
}

/* The body in chunks of so many bytes. */
static struct str code(struct str body, size_t chunk, char coded[CODED_MAX])
{
    struct buf out;
    buf_init_fixed(&out, coded, CODED_MAX);
    for (size_t at = 0; at < body.len; at += chunk) {
        struct str part = str_slice(body, at, at + chunk);
        buf_addf(&out, "%zX\r\n", part.len);
        buf_add(&out, part);
        buf_add(&out, STR("\r\n"));
    }
    buf_add(&out, STR("0\r\n\r\n"));
    ASSERT(!buf_err(&out));
    return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct outcome whole, pieces;
    static char coded[CODED_MAX];
    struct str sent = str_make((const char *)bytes, size);
    if (size == 0 || size > INPUT_MAX)
        return 0;
    read_pieces(sent, size, &whole);
    for (size_t piece = 1; piece < 4; piece++) {
        read_pieces(sent, piece, &pieces);
        ASSERT(is_same(&whole, &pieces));
    }
    struct str whole_coded = code(sent, bytes[0] % 7U + 1, coded);
    read_pieces(whole_coded, bytes[size - 1] + 1U, &pieces);
    ASSERT(pieces.verdict == HTTP_WHOLE && pieces.used == whole_coded.len);
    ASSERT(str_equal(str_make(pieces.body, pieces.len), sent));
    return 0;
}
