/* Escapes text for the place in a page where it stands, many bytes at a time. */
#include "web/html.h"

#include "web/html_page.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What a byte becomes: itself where there is nothing. Each is written as eight bytes at once. */
struct entity {
    char bytes[8];
    size_t len;
};

enum { ENTITY_MAX = 6, STEP = 16, ROOM = sizeof((struct entity){0}.bytes) + STEP };

static const struct entity entities[256] = {
    ['\0'] = {"\xef\xbf\xbd", 3}, /* U+FFFD */
    ['"'] = {"&quot;", 6},        ['&'] = {"&amp;", 5}, ['\''] = {"&#39;", 5},
    ['<'] = {"&lt;", 4},          ['>'] = {"&gt;", 4},
};

static bool is_special(unsigned char c, bool quotes)
{
    return entities[c].len && (quotes || (c != '"' && c != '\''));
}

#ifdef __SSE2__
/* The bytes of these that are special, as bits; those that are not ASCII go to *high. */
static inline unsigned find_in_step(__m128i chunk, bool quotes, unsigned *high)
{
    /* < and >, & and ' differ in one bit: an OR makes one comparison of two. */
    __m128i found = _mm_cmpeq_epi8(_mm_or_si128(chunk, _mm_set1_epi8(2)), _mm_set1_epi8('>'));
    __m128i and = quotes ? _mm_or_si128(chunk, _mm_set1_epi8(1)) : chunk;
    found = _mm_or_si128(found, _mm_cmpeq_epi8(and, _mm_set1_epi8(quotes ? '\'' : '&')));
    found = _mm_or_si128(found, _mm_cmpeq_epi8(chunk, _mm_setzero_si128()));
    if (quotes)
        found = _mm_or_si128(found, _mm_cmpeq_epi8(chunk, _mm_set1_epi8('"')));
    *high = (unsigned)_mm_movemask_epi8(chunk);
    return (unsigned)_mm_movemask_epi8(found);
}

static inline __m128i load(const char *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}
#endif

/* The first special byte from `at` on, or the length; *high where what is before it is not all
 * ASCII. */
static size_t find_special(struct str text, size_t at, bool quotes, bool *high)
{
    unsigned char all = 0;
#ifdef __SSE2__
    for (; text.len - at >= STEP; at += STEP) {
        unsigned above, found = find_in_step(load(text.ptr + at), quotes, &above);
        if (found) {
            unsigned first = (unsigned)__builtin_ctz(found);
            *high |= (above & ((1u << first) - 1)) != 0;
            return at + first;
        }
        *high |= above != 0;
    }
#endif
    for (; at < text.len && !is_special((unsigned char)text.ptr[at], quotes); at++)
        all |= (unsigned char)text.ptr[at];
    *high |= all >= 0x80;
    return at;
}

/* Where there is room for the worst, the text is copied as it is looked at, more of it than is
 * kept. Gives the end of what was written; *high as above. */
static char *copy_escaped(char *to, struct str text, bool quotes, bool *high)
{
    unsigned all = 0;
    size_t at = 0;
#ifdef __SSE2__
    while (text.len - at >= STEP) {
        unsigned above, found = find_in_step(load(text.ptr + at), quotes, &above);
        unsigned len = found ? (unsigned)__builtin_ctz(found) : STEP;
        memcpy(to, text.ptr + at, STEP);
        all |= above ? 0x80 : 0;
        to += len;
        at += len;
        if (found) {
            const struct entity *entity = &entities[(unsigned char)text.ptr[at++]];
            memcpy(to, entity->bytes, sizeof entity->bytes);
            to += entity->len;
        }
    }
#endif
    for (; at < text.len; at++) {
        unsigned char c = (unsigned char)text.ptr[at];
        all |= c;
        if (is_special(c, quotes)) {
            memcpy(to, entities[c].bytes, sizeof entities[c].bytes);
            to += entities[c].len;
        } else {
            *to++ = (char)c;
        }
    }
    *high = all >= 0x80;
    return to;
}

/* False where it must be done with more care. */
static bool escape_at_once(struct buf *out, struct str text, bool quotes)
{
    bool high;
    size_t room = out->room - out->len;
    if (room < ROOM || text.len > (room - ROOM) / ENTITY_MAX)
        return false;
    char *begin = out->ptr + out->len, *end = copy_escaped(begin, text, quotes, &high);
    if (high && !str_is_utf8(text))
        return false;
    out->len += (size_t)(end - begin);
    return true;
}

/* A stretch without a special byte: they are ASCII, so no letter is cut by one. */
static void add_stretch(struct buf *out, struct str stretch, bool high)
{
    if (high && !str_is_utf8(stretch))
        buf_add_repaired(out, stretch);
    else
        buf_add(out, stretch);
}

static void escape(struct buf *out, struct str text, bool quotes)
{
    if (escape_at_once(out, text, quotes))
        return;
    for (size_t at = 0; at < text.len && !buf_err(out);) {
        bool high = false;
        size_t to = find_special(text, at, quotes, &high);
        add_stretch(out, str_slice(text, at, to), high);
        if (to < text.len) {
            const struct entity *entity = &entities[(unsigned char)text.ptr[to]];
            buf_add(out, str_make(entity->bytes, entity->len));
        }
        at = to + 1;
    }
}

void html_out_init(struct html_out *out, struct buf *buf, struct arena *arena,
                   const struct language *language, int64_t now_us)
{
    *out = (struct html_out){.buf = buf, .language = language, .now_us = now_us};
    buf_init(&out->words, arena, HTML_WORDS_MAX);
}

void html_add_text(struct buf *out, struct str text)
{
    escape(out, text, false);
}

void html_add_attribute(struct buf *out, struct str text)
{
    escape(out, text, true);
}

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Adds the bytes that are letters, digits or `plain` as they are, and %XX for all others. */
static void add_encoded(struct buf *out, struct str text, const char *plain)
{
    for (size_t i = 0; i < text.len && !buf_err(out); i++) {
        char c = text.ptr[i];
        if (is_letter_or_digit(c) || (c && strchr(plain, c)))
            buf_addc(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

/* Browsers drop control characters, and take \ for /: what they would read is not what is here. */
static bool is_plain(struct str url)
{
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] < ' ' || url.ptr[i] == '\\' || url.ptr[i] == 0x7f)
            return false;
    return url.len > 0 && url.ptr[0] != ' ';
}

static bool is_safe(struct str url)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel"};
    if (!is_plain(url) || str_starts(url, STR("//")))
        return false;
    size_t end = 0;
    while (end < url.len && !strchr(":/?#", url.ptr[end]))
        end++;
    if (end == url.len || url.ptr[end] != ':')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_equal_nocase(str_slice(url, 0, end), str_from(schemes[i])))
            return true;
    return false;
}

/* Where & and ' stand in a URL, they would end an entity or look like the end of a value. */
void html_add_url(struct buf *out, struct str url)
{
    struct str piece;
    if (!is_safe(url)) {
        buf_addc(out, '#');
        return;
    }
    for (bool first = true; str_cut(&url, '&', &piece); first = false) {
        if (!first)
            buf_add(out, STR("&amp;"));
        add_encoded(out, piece, "-._~:/?#[]@!$()*+,;=%");
    }
}

void html_add_url_part(struct buf *out, struct str text)
{
    add_encoded(out, text, "-._~@");
}

void html_add_markup(struct buf *out, struct html html)
{
    buf_add(out, html.markup);
}

void html_add_text_c(struct buf *out, const char *text)
{
    html_add_text(out, str_from(text));
}

void html_add_attribute_c(struct buf *out, const char *text)
{
    html_add_attribute(out, str_from(text));
}

void html_add_url_c(struct buf *out, const char *url)
{
    html_add_url(out, str_from(url));
}

void html_add_url_part_c(struct buf *out, const char *text)
{
    html_add_url_part(out, str_from(text));
}

void html_add_int(struct buf *out, int64_t number)
{
    buf_add_int(out, number);
}

void html_add_unsigned(struct buf *out, uint64_t number)
{
    if (number > INT64_MAX)
        buf_addf(out, "%llu", (unsigned long long)number);
    else
        buf_add_int(out, (int64_t)number);
}

static bool needs_escaping(struct str text, enum html_place place)
{
    bool high = false;
    if (place == HTML_URL_PART)
        return text.len > 0;
    return find_special(text, 0, place == HTML_ATTRIBUTE, &high) < text.len ||
           (high && !str_is_utf8(text));
}

/* Most words have nothing to escape, and then stay where they were written. */
void html_escape_since(struct html_out *out, size_t at, enum html_place place)
{
    static void (*const adds[])(struct buf *, struct str) = {
        [HTML_TEXT] = html_add_text,
        [HTML_ATTRIBUTE] = html_add_attribute,
        [HTML_URL_PART] = html_add_url_part,
    };
    struct str text = str_slice(buf_str(out->buf), at, out->buf->len);
    if (buf_err(out->buf) || !needs_escaping(text, place))
        return;
    size_t kept_at = out->words.len;
    buf_add(&out->words, text);
    buf_rewind(out->buf, at);
    adds[place](out->buf, html_kept(out, kept_at));
    html_forget(out, kept_at);
}

struct str html_kept(struct html_out *out, size_t at)
{
    if (!buf_err(&out->words))
        return str_slice(buf_str(&out->words), at, out->words.len);
    buf_fail(out->buf, buf_err(&out->words));
    return (struct str){0};
}

void html_forget(struct html_out *out, size_t at)
{
    buf_rewind(&out->words, at);
}

void html_date(struct buf *out, const struct language *language, int64_t time_us,
               enum date_width width)
{
    struct civil civil = civil_from_us(time_us);
    text_date(out, language, &civil, width);
}

void html_time(struct buf *out, const struct language *language, int64_t time_us)
{
    struct civil civil = civil_from_us(time_us);
    text_time(out, language, &civil);
}

void html_date_time(struct buf *out, const struct language *language, int64_t time_us,
                    enum date_width width)
{
    struct civil civil = civil_from_us(time_us);
    text_date_time(out, language, &civil, width);
}

void html_iso(struct buf *out, const struct language *language, int64_t time_us)
{
    char text[CLOCK_TEXT_MAX];
    (void)language;
    clock_format(time_us, text);
    buf_add(out, str_from(text));
}

void html_language(struct buf *out, const struct language *language)
{
    buf_add(out, str_from(language->code));
}

void html_direction(struct buf *out, const struct language *language)
{
    buf_add(out, str_from(language_direction(language)));
}
