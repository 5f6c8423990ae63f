/* Fuzzes escaping: in no place may a text become markup, or a URL lead out of its schemes. */
#include "web/html.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { TEXT_MAX = 16 << 10, OUT_MAX = 8 * TEXT_MAX, ARENA_MAX = 8 << 20 };

/* Takes the entities back. */
static struct str unescape(struct arena *arena, struct str text)
{
    static const struct {
        const char *entity;
        char sign;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    struct buf out;
    buf_init(&out, arena, OUT_MAX);
    for (size_t i = 0; i < text.len;) {
        size_t k = 0, count = sizeof entities / sizeof *entities;
        struct str rest = str_slice(text, i, text.len);
        while (k < count && !str_starts(rest, str_from(entities[k].entity)))
            k++;
        ASSERT(text.ptr[i] != '&' || k < count);
        buf_addc(&out, k < count ? entities[k].sign : text.ptr[i]);
        i += k < count ? str_from(entities[k].entity).len : 1;
    }
    return buf_str(&out);
}

/* The text as it must arrive: UTF-8, and NUL replaced. */
static struct str repair(struct arena *arena, struct str text)
{
    struct buf repaired, out;
    buf_init(&repaired, arena, OUT_MAX);
    buf_init(&out, arena, OUT_MAX);
    buf_add_repaired(&repaired, text);
    for (size_t i = 0; i < repaired.len; i++)
        if (repaired.ptr[i])
            buf_addc(&out, repaired.ptr[i]);
        else
            buf_add_utf8(&out, 0xfffd);
    ASSERT(!buf_err(&out));
    return buf_str(&out);
}

/* With room for the worst, and with none. */
static void check_markup(struct arena *arena, struct str text, bool in_quotes, bool roomy)
{
    struct buf out;
    buf_init(&out, arena, OUT_MAX);
    ASSERT(!roomy || buf_reserve(&out, OUT_MAX));
    (in_quotes ? html_add_attribute : html_add_text)(&out, text);
    ASSERT(!buf_err(&out));
    for (size_t i = 0; i < out.len; i++)
        ASSERT(!strchr(in_quotes ? "<>\"'" : "<>", out.ptr[i]));
    ASSERT(str_equal(unescape(arena, buf_str(&out)), repair(arena, text)));
}

static void check_url(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena, OUT_MAX);
    html_add_url(&out, text);
    struct str url = buf_str(&out);
    ASSERT(!buf_err(&out) && url.len && !str_starts(url, STR("//")));
    for (size_t i = 0; i < url.len; i++)
        ASSERT(url.ptr[i] > ' ' && url.ptr[i] < 0x7f && !strchr("<>\"'\\", url.ptr[i]));
    size_t end = 0;
    while (end < url.len && !strchr(":/?#", url.ptr[end]))
        end++;
    struct str scheme = str_slice(url, 0, end);
    ASSERT(end == url.len || url.ptr[end] != ':' || str_equal_nocase(scheme, STR("http")) ||
           str_equal_nocase(scheme, STR("https")) || str_equal_nocase(scheme, STR("mailto")) ||
           str_equal_nocase(scheme, STR("tel")));
}

static void check_part(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena, OUT_MAX);
    html_add_url_part(&out, text);
    ASSERT(!buf_err(&out));
    for (size_t i = 0; i < out.len; i++)
        ASSERT(out.ptr[i] > ' ' && out.ptr[i] < 0x7f && !strchr("<>\"'\\/?#&=:+", out.ptr[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str text = str_make((const char *)bytes, size);
    if (size > TEXT_MAX)
        return 0;
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    for (int i = 0; i < 4; i++)
        check_markup(&arena, text, i & 1, i & 2);
    check_url(&arena, text);
    check_part(&arena, text);
    arena_release(&arena);
    return 0;
}
