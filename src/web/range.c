/* Decides what of a thing is sent: RFC 9110, conditional requests and ranges. */
#include "web/range.h"

#include "base/clock.h"

/* A whole number of digits alone; one that is too large is the largest. */
static bool read_place(struct str text, int64_t *place)
{
    *place = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = text.ptr[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(*place, 10, place) ||
            __builtin_add_overflow(*place, digit, place))
            *place = INT64_MAX;
    }
    return text.len > 0;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* One range; it is empty where it lies behind the end. */
static bool read_range(struct str text, int64_t len, struct range *range)
{
    struct str last = text, first;
    int64_t place;
    if (!str_cut(&last, '-', &first) || !last.ptr)
        return false;
    if (first.len == 0) {
        if (!read_place(last, &place))
            return false;
        *range = (struct range){len - smaller(place, len), len};
        return true;
    }
    if (!read_place(first, &range->from))
        return false;
    range->to = len;
    if (last.len == 0)
        return true;
    if (!read_place(last, &place) || place < range->from)
        return false;
    range->to = place < len ? place + 1 : len;
    return true;
}

static bool overlaps(const struct ranges *ranges, struct range range)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (range.from < ranges->rows[i].to && ranges->rows[i].from < range.to)
            return true;
    return false;
}

int range_parse(struct str header, int64_t len, struct ranges *ranges)
{
    struct str unit = {0}, text;
    size_t asked = 0;
    ranges->count = 0;
    str_cut(&header, '=', &unit);
    if (!str_equal_nocase(unit, STR("bytes")) || !header.ptr)
        return 200;
    while (str_cut(&header, ',', &text)) {
        struct range range;
        if (asked++ == RANGES_MAX || !read_range(str_trim(text), len, &range))
            return 200;
        if (range.from >= range.to)
            continue;
        if (overlaps(ranges, range))
            return 200;
        ranges->rows[ranges->count++] = range;
    }
    return ranges->count ? 206 : 416;
}

/* Takes an entity tag off the front of a list: [W/]"…", and the comma behind it. */
static bool cut_etag(struct str *list, struct str *etag)
{
    *list = str_trim(*list);
    size_t from = str_starts(*list, STR("W/")) ? 2 : 0;
    if (from >= list->len || list->ptr[from] != '"')
        return false;
    size_t quote = str_find_char(str_slice(*list, from + 1, list->len), '"');
    if (quote == STR_NONE)
        return false;
    size_t len = from + 1 + quote + 1;
    *etag = str_slice(*list, 0, len);
    *list = str_trim(str_slice(*list, len, list->len));
    if (list->len && list->ptr[0] != ',')
        return false;
    *list = str_slice(*list, 1, list->len);
    return true;
}

static bool is_weak(struct str etag)
{
    return str_starts(etag, STR("W/"));
}

static struct str without_weak(struct str etag)
{
    return is_weak(etag) ? str_slice(etag, 2, etag.len) : etag;
}

/* `strong` is for parts that are put together: a weak tag equals none there, not even itself. */
static bool etag_equal(struct str a, struct str b, bool strong)
{
    return a.len && str_equal(without_weak(a), without_weak(b)) &&
           !(strong && (is_weak(a) || is_weak(b)));
}

static bool list_matches(struct str list, struct str etag, bool strong)
{
    struct str one;
    if (str_equal(list, STR("*")))
        return true;
    while (cut_etag(&list, &one))
        if (etag_equal(one, etag, strong))
            return true;
    return false;
}

/* Both are seconds: HTTP knows no less. False where one is not known. */
static bool is_newer_than(const struct range_source *source, struct str date, bool *newer)
{
    int64_t date_us;
    if (source->modified_us == 0 || http_date_parse(date, &date_us))
        return false;
    *newer = source->modified_us / SECOND_US > date_us / SECOND_US;
    return true;
}

/* 200 where the conditions hold. */
static int check_conditions(const struct http_head *head, const struct range_source *source)
{
    struct str match = http_header(head, STR("If-Match"));
    struct str none_match = http_header(head, STR("If-None-Match"));
    bool newer;
    if (match.ptr) {
        if (!list_matches(match, source->etag, true))
            return 412;
    } else if (is_newer_than(source, http_header(head, STR("If-Unmodified-Since")), &newer)) {
        if (newer)
            return 412;
    }
    if (none_match.ptr)
        return list_matches(none_match, source->etag, false) ? 304 : 200;
    if (is_newer_than(source, http_header(head, STR("If-Modified-Since")), &newer) && !newer)
        return 304;
    return 200;
}

/* A date is exact here: what was written in the same second may be another thing. */
static bool may_send_part(const struct http_head *head, const struct range_source *source)
{
    struct str validator = http_header(head, STR("If-Range"));
    int64_t date_us;
    if (!validator.ptr)
        return true;
    if (http_date_parse(validator, &date_us) == ERR_OK)
        return source->modified_us && source->modified_us / SECOND_US == date_us / SECOND_US;
    return etag_equal(validator, source->etag, true);
}

int range_answer(const struct http_head *head, const struct range_source *source,
                 struct ranges *ranges)
{
    ranges->count = 0;
    int status = check_conditions(head, source);
    if (status != 200 || head->method != HTTP_GET || !may_send_part(head, source))
        return status;
    return range_parse(http_header(head, STR("Range")), source->len, ranges);
}
