/* Compresses by zlib, in memory of the request's. */
#include "web/compress.h"

#include <zlib.h>

#include "text/accept.h"

enum {
    LEVEL = 1,
    WINDOW_MIN = 10, /* bits */
    WINDOW_MAX = 15,
    MEMORY = 6,   /* zlib's memLevel: with 8 a page of 12 KB takes three times as long */
    AS_GZIP = 16, /* what zlib wants added to the bits for gzip's head and end */
};

static const char *const names[CODING_COUNT] = {"identity", "gzip", "br"};

const char *coding_name(enum coding coding)
{
    return names[coding];
}

enum coding coding_choose(struct str accept_encoding, unsigned has)
{
    enum coding best = CODING_NONE;
    int best_quality = accept_quality(accept_encoding, str_from(names[CODING_NONE]));
    for (int coding = CODING_GZIP; coding < CODING_COUNT; coding++) {
        int quality = accept_quality(accept_encoding, str_from(names[coding]));
        if (has >> coding & 1 && quality > 0 && quality >= best_quality) {
            best = (enum coding)coding;
            best_quality = quality;
        }
    }
    return best;
}

/* Beginnings of media types. */
static const char *const types[] = {
    "text/",           "application/json",       "application/problem+json",
    "application/xml", "application/javascript", "image/svg+xml",
};

bool compress_pays(const char *type, size_t len)
{
    for (size_t i = 0; type && len >= COMPRESS_MIN && i < sizeof types / sizeof *types; i++)
        if (str_starts(str_from(type), str_from(types[i])))
            return true;
    return false;
}

static void *take(void *arena, unsigned count, unsigned size)
{
    size_t bytes;
    return __builtin_mul_overflow((size_t)count, size, &bytes) ? NULL : arena_bytes(arena, bytes);
}

static void give_back(void *arena, void *block)
{
    (void)arena;
    (void)block; /* arena_rewind takes all of it */
}

/* A window no larger than the text: it is most of what zlib wants memory for. */
static int window_bits(size_t len)
{
    int bits = WINDOW_MIN;
    while (bits < WINDOW_MAX && (size_t)1 << bits < len)
        bits++;
    return bits;
}

static bool deflate_into(struct arena *arena, struct str text, char *out, size_t *len)
{
    z_stream stream = {.zalloc = take, .zfree = give_back, .opaque = arena};
    int bits = window_bits(text.len);
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, bits + AS_GZIP, MEMORY, Z_DEFAULT_STRATEGY))
        return false;
    stream.next_in = (Bytef *)(uintptr_t)text.ptr;
    stream.avail_in = (uInt)text.len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)*len;
    bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *len = stream.total_out;
    deflateEnd(&stream);
    return whole;
}

bool compress_gzip(struct arena *arena, struct str text, struct str *packed)
{
    struct arena_mark before = arena_mark(arena);
    size_t len = text.len;
    char *out = len <= INT32_MAX ? arena_bytes(arena, len) : NULL;
    if (!out)
        return false;
    struct arena_mark after = arena_mark(arena);
    bool whole = deflate_into(arena, text, out, &len);
    arena_rewind(arena, whole ? after : before);
    *packed = str_make(out, len);
    return whole;
}
