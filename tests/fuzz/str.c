/* Fuzzes borrowed text: cutting, trimming, numbers and UTF-8. */
#include "base/str.h"

#include "base/assert.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { TEXT_MAX = 1 << 20, REPAIRED_MAX = 3 * TEXT_MAX, ARENA_MAX = 16 * TEXT_MAX };

/* The pieces with the separator between them are the text again. */
static void check_cut(struct str text)
{
    struct str rest = text, head;
    size_t at = 0;
    while (str_cut(&rest, ',', &head)) {
        ASSERT(str_find_char(head, ',') == STR_NONE);
        ASSERT(str_equal(head, str_slice(text, at, at + head.len)));
        at += head.len + 1;
    }
    ASSERT(at == text.len + (text.ptr != NULL));
}

static void check_number(struct str text, struct arena *arena)
{
    int64_t number;
    if (str_to_int(text, INT64_MIN, INT64_MAX, &number))
        return;
    struct buf out;
    buf_init(&out, arena, TEXT_MAX);
    buf_add_int(&out, number);
    ASSERT(str_equal(buf_str(&out), text));
}

static void check_repair(struct str text, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, REPAIRED_MAX);
    buf_add_repaired(&out, text);
    ASSERT(!buf_err(&out));
    ASSERT(str_is_utf8(buf_str(&out)));
    ASSERT(str_is_utf8(text) == str_equal(text, buf_str(&out)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str text = str_make((const char *)bytes, size);
    if (size > TEXT_MAX)
        return 0;
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    check_cut(text);
    check_number(text, &arena);
    check_repair(text, &arena);
    struct str inner = str_trim(text);
    ASSERT(str_find(text, inner) != STR_NONE);
    ASSERT(str_equal(str_trim(inner), inner));
    arena_release(&arena);
    return 0;
}
