/* Tests of src/web/compress.c: who is sent what, and how it unpacks. */
#include "web/compress.h"

#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "harness/test.h"
#include "harness/torture.h"

TEST(coding_is_what_the_reader_likes_best)
{
    enum { BOTH = CODING_HAS_GZIP | CODING_HAS_BROTLI };
    static const struct {
        const char *header;
        unsigned has;
        enum coding coding;
    } rows[] = {
        {"", BOTH, CODING_NONE},
        {"gzip", BOTH, CODING_GZIP},
        {"gzip, deflate, br, zstd", BOTH, CODING_BROTLI},
        {"gzip, deflate, br, zstd", CODING_HAS_GZIP, CODING_GZIP},
        {"GZIP", BOTH, CODING_GZIP},
        {"br;q=0.5, gzip;q=0.6", BOTH, CODING_GZIP},
        {"br;q=0, gzip;q=0", BOTH, CODING_NONE},
        {"*", BOTH, CODING_BROTLI},
        {"*;q=0, gzip", BOTH, CODING_GZIP},
        {"*;q=0", BOTH, CODING_NONE},
        {"identity, gzip;q=0.5", BOTH, CODING_NONE},
        {"identity;q=0.5, gzip;q=0.5", BOTH, CODING_GZIP},
        {"identity;q=0, gzip;q=0.001", BOTH, CODING_GZIP},
        {"gzip;q=1.5", BOTH, CODING_NONE},
        {"gzipped", BOTH, CODING_NONE},
        {"gzip", 0, CODING_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].header);
        CHECK_TEXT(coding_name(coding_choose(str_from(rows[i].header), rows[i].has)),
                   coding_name(rows[i].coding));
    }
}

TEST(compress_pays_for_texts_of_some_length)
{
    CHECK(compress_pays("text/html; charset=utf-8", COMPRESS_MIN));
    CHECK(compress_pays("application/problem+json", COMPRESS_MIN));
    CHECK(!compress_pays("text/html", COMPRESS_MIN - 1));
    CHECK(!compress_pays("image/png", 1 << 20));
    CHECK(!compress_pays(NULL, 1 << 20));
}

static bool unpacks_to(struct test *t, struct str packed, struct str text)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.ptr, .avail_in = (uInt)packed.len};
    char *out = arena_bytes(t->arena, text.len + 1);
    REQUIRE(out && inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)text.len + 1;
    int end = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return end == Z_STREAM_END && str_equal(str_make(out, stream.total_out), text);
}

TEST(compress_gives_back_what_went_in)
{
    static const size_t lens[] = {1000, 1024, 4096, 5000, 40000, 1 << 20};
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct buf text;
        struct str packed;
        buf_init(&text, t->arena, lens[i]);
        for (int line = 0; text.len < lens[i] && !buf_err(&text); line++)
            buf_addf(&text, "<tr><td>%d</td></tr>\n", line * 7919);
        size_t before = t->arena->taken;
        CHECK(compress_gzip(t->arena, buf_str(&text), &packed));
        CHECK(packed.len < text.len);
        CHECK(unpacks_to(t, packed, buf_str(&text)));
        CHECK(t->arena->taken <= before + text.len + ARENA_BLOCK_MAX + ARENA_BLOCK_MIN);
    }
}

TEST(compress_leaves_alone_what_would_not_be_smaller)
{
    char noise[4096];
    struct str packed;
    rand_fill(&t->rand.rand, noise, sizeof noise);
    struct arena_mark before = arena_mark(t->arena);
    CHECK(!compress_gzip(t->arena, str_make(noise, sizeof noise), &packed));
    CHECK(arena_mark(t->arena).next == before.next);
}

static enum err try_compress(struct test *t, void *arg)
{
    struct str packed;
    return compress_gzip(t->arena, *(struct str *)arg, &packed) ? ERR_OK : ERR_MEMORY;
}

TEST(compress_without_memory_says_no)
{
    static char text[100000];
    memset(text, 'x', sizeof text);
    struct str all = str_make(text, sizeof text);
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, try_compress, &all) > 0);
}
