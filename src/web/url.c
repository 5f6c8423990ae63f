/* Takes URLs apart, decoded once and strictly. */
#include "web/url.h"
#include "base/percent.h"

#include "web/http_inside.h"

/* The byte that "%41" at the front stands for; -1 where there is none. */
static int escaped_byte(struct str s)
{
    if (s.len < 3)
        return -1;
    int high = http_hex_digit(s.ptr[1]), low = http_hex_digit(s.ptr[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Undoes percent-encoding, and "+" for a space where `plus` says so. */
static enum err decode(struct arena *arena, struct str sent, bool plus, struct str *decoded)
{
    size_t len = 0;
    char *bytes = arena_bytes(arena, sent.len);
    if (!bytes)
        return ERR_MEMORY;
    for (size_t at = 0; at < sent.len; at++) {
        int c = (unsigned char)sent.ptr[at];
        if (c == '%') {
            c = escaped_byte(str_slice(sent, at, sent.len));
            at += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c <= 0)
            return ERR_INPUT;
        bytes[len++] = (char)c;
    }
    *decoded = str_make(bytes, len);
    return str_is_utf8(*decoded) ? ERR_OK : ERR_INPUT;
}

/* Takes the last segment off the end of what stands there: "/a/b/" is "/a/". */
static bool climb(const char *bytes, size_t *len)
{
    if (*len == 1)
        return false;
    do
        --*len;
    while (bytes[*len - 1] != '/');
    return true;
}

/* Resolves "." and ".." where they lie: the result is never longer. */
static enum err resolve(char *bytes, size_t size, size_t *len)
{
    struct str rest = str_make(bytes + 1, size - 1), segment;
    size_t to = 1;
    while (str_cut(&rest, '/', &segment)) {
        if (str_equal(segment, STR(".")))
            continue;
        if (str_equal(segment, STR(".."))) {
            if (!climb(bytes, &to))
                return ERR_INPUT;
            continue;
        }
        memmove(bytes + to, segment.ptr, segment.len);
        to += segment.len;
        if (rest.ptr)
            bytes[to++] = '/';
    }
    *len = to;
    return ERR_OK;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '\t' || http_is_control(s.ptr[i]))
            return true;
    return false;
}

enum err url_path(struct arena *arena, struct str sent, struct str *path)
{
    struct str decoded;
    if (sent.len == 0 || sent.ptr[0] != '/')
        return ERR_INPUT;
    bool is_plain = http_span(sent, HTTP_IN_TARGET) == sent.len &&
                    str_find_char(sent, '%') == STR_NONE && str_find(sent, STR("/.")) == STR_NONE;
    if (is_plain) {
        *path = sent;
        return ERR_OK;
    }
    TRY(decode(arena, sent, false, &decoded));
    if (has_control(decoded))
        return ERR_INPUT;
    TRY(resolve((char *)decoded.ptr, decoded.len, &decoded.len));
    *path = decoded;
    return ERR_OK;
}

bool url_is_own_path(struct str path)
{
    return str_starts(path, STR("/")) && !str_starts(path, STR("//")) &&
           str_find_char(path, '\\') == STR_NONE;
}

struct url_pairs url_pairs(struct arena *arena, struct str sent)
{
    return (struct url_pairs){.arena = arena, .rest = sent};
}

static enum err decode_word(struct url_pairs *pairs, struct str sent, struct str *word)
{
    *word = sent;
    bool is_plain = str_find_char(sent, '%') == STR_NONE && str_find_char(sent, '+') == STR_NONE &&
                    str_find_char(sent, '\0') == STR_NONE && str_is_utf8(sent);
    return is_plain ? ERR_OK : decode(pairs->arena, sent, true, word);
}

bool url_next_pair(struct url_pairs *pairs, struct str *name, struct str *value)
{
    struct str pair = {0}, sent_name;
    while (pair.len == 0)
        if (pairs->err || !str_cut(&pairs->rest, '&', &pair))
            return false;
    if (pairs->count++ == URL_PAIRS_MAX) {
        pairs->err = ERR_LIMIT;
        return false;
    }
    str_cut(&pair, '=', &sent_name);
    pairs->err = decode_word(pairs, sent_name, name);
    if (!pairs->err)
        pairs->err = decode_word(pairs, pair, value);
    return !pairs->err;
}

void url_add_part(struct buf *out, struct str text)
{
    percent_add(out, text, "");
}
