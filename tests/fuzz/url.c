/* Fuzzes URLs: what is decoded is clean, and is decoded to itself once it was encoded again. */
#include "web/url.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { INPUT_MAX = 64 << 10, ARENA_MAX = 16 << 20, GROWTH_MAX = 4 };

static void check_path(struct arena *arena, struct str sent)
{
    struct str path, again, rest, segment;
    struct buf out;
    enum err err = url_path(arena, sent, &path);
    ASSERT(err == ERR_OK || err == ERR_INPUT);
    if (err)
        return;
    ASSERT(path.ptr[0] == '/' && path.len <= sent.len && str_is_utf8(path));
    buf_init(&out, arena, INPUT_MAX * GROWTH_MAX);
    rest = str_slice(path, 1, path.len);
    while (str_cut(&rest, '/', &segment)) {
        ASSERT(!str_equal(segment, STR(".")) && !str_equal(segment, STR("..")));
        for (size_t i = 0; i < segment.len; i++)
            ASSERT((unsigned char)segment.ptr[i] >= ' ' && segment.ptr[i] != 0x7f);
        buf_addc(&out, '/');
        url_add_part(&out, segment);
    }
    ASSERT(!buf_err(&out));
    ASSERT(url_path(arena, buf_str(&out), &again) == ERR_OK);
    ASSERT(str_equal(path, again));
}

static void check_pairs(struct arena *arena, struct str sent)
{
    struct url_pairs pairs = url_pairs(arena, sent);
    struct str name, value, name_again, value_again;
    size_t count = 0;
    while (url_next_pair(&pairs, &name, &value)) {
        struct buf out;
        ASSERT(++count <= URL_PAIRS_MAX);
        ASSERT(str_is_utf8(name) && str_is_utf8(value));
        ASSERT(str_find_char(value, '\0') == STR_NONE);
        buf_init(&out, arena, INPUT_MAX * GROWTH_MAX);
        url_add_part(&out, name);
        buf_addc(&out, '=');
        url_add_part(&out, value);
        struct url_pairs again = url_pairs(arena, buf_str(&out));
        ASSERT(url_next_pair(&again, &name_again, &value_again));
        ASSERT(str_equal(name, name_again) && str_equal(value, value_again));
        ASSERT(!url_next_pair(&again, &name_again, &value_again) && !again.err);
    }
    ASSERT(!pairs.err || pairs.err == ERR_INPUT || pairs.err == ERR_LIMIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    if (size > INPUT_MAX)
        return 0;
    arena_init(&arena, ARENA_MAX);
    check_path(&arena, str_make((const char *)bytes, size));
    check_pairs(&arena, str_make((const char *)bytes, size));
    arena_release(&arena);
    return 0;
}
