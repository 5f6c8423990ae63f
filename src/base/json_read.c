/* Reading JSON: one pass over the text by recursive descent, at most JSON_DEPTH_MAX deep. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_inside.h"

enum { PLACE_MAX = 128, NODES_AT_ONCE = 32 };

struct reader {
    struct ctx *ctx;
    const char *start, *at, *end;
    struct json *nodes; /* taken from the arena, not yet used */
    int node_count;
    int depth;
};

/* Columns count characters, as an editor shows them: a byte that continues one is not counted. */
static void find_place(const struct reader *r, int *line, int *column)
{
    *line = *column = 1;
    for (const char *p = r->start; p < r->at; p++) {
        if (*p == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)*p & 0xc0) != 0x80) {
            ++*column;
        }
    }
}

__attribute__((cold)) static enum err expected(const struct reader *r, const char *what)
{
    int line, column;
    find_place(r, &line, &column);
    return err_input(&r->ctx->err, "", "line %d, column %d: expected %s", line, column, what);
}

static enum err too_deep(const struct reader *r)
{
    int line, column;
    char words[PLACE_MAX];
    find_place(r, &line, &column);
    snprintf(words, sizeof words, "line %d, column %d: at most %d levels may be nested", line,
             column, JSON_DEPTH_MAX);
    return err_fail(&r->ctx->err, ERR_LIMIT, words, "JSON_DEPTH_MAX");
}

static int peek(const struct reader *r)
{
    return r->at < r->end ? (unsigned char)*r->at : -1;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

__attribute__((noinline)) static int skip_space(struct reader *r)
{
    while (is_space(peek(r)))
        r->at++;
    return peek(r);
}

/* What stands between tokens is mostly nothing. */
static int peek_token(struct reader *r)
{
    int c = peek(r);
    return __builtin_expect(c > ' ', 1) ? c : skip_space(r);
}

static bool take(struct reader *r, char token)
{
    if (peek_token(r) != token)
        return false;
    r->at++;
    return true;
}

__attribute__((noinline)) static enum err more_nodes(struct reader *r)
{
    r->nodes = arena_bytes(r->ctx->arena, NODES_AT_ONCE * sizeof *r->nodes);
    if (!r->nodes)
        return err_memory(&r->ctx->err);
    r->node_count = NODES_AT_ONCE;
    return ERR_OK;
}

static inline enum err new_node(struct reader *r, struct json **node)
{
    if (r->node_count == 0)
        TRY(more_nodes(r));
    r->node_count--;
    *r->nodes = (struct json){.kind = JSON_NULL};
    *node = r->nodes++;
    return ERR_OK;
}

static enum err read_hex4(struct reader *r, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int c = peek(r), letter = c | 0x20;
        if (c >= '0' && c <= '9')
            *unit = *unit << 4 | (uint32_t)(c - '0');
        else if (letter >= 'a' && letter <= 'f')
            *unit = *unit << 4 | (uint32_t)(letter - 'a' + 10);
        else
            return expected(r, "four hexadecimal digits after \\u");
    }
    return ERR_OK;
}

/* Behind "\u". What lies beyond U+FFFF is written as a pair of surrogates; half a pair is nothing
 * that UTF-8 could say. */
static enum err read_code_point(struct reader *r, struct buf *out)
{
    const char *first = r->at;
    uint32_t high, low = 0;
    TRY(read_hex4(r, &high));
    if (high < 0xd800 || high > 0xdfff) {
        buf_add_utf8(out, high);
        return ERR_OK;
    }
    if (high < 0xdc00 && r->end - r->at >= 2 && r->at[0] == '\\' && r->at[1] == 'u') {
        r->at += 2;
        TRY(read_hex4(r, &low));
    }
    if (low < 0xdc00 || low > 0xdfff) {
        r->at = first;
        return expected(r, "a character; half a surrogate pair is none");
    }
    buf_add_utf8(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
    return ERR_OK;
}

static enum err read_escape(struct reader *r, struct buf *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    r->at++; /* the backslash */
    int c = peek(r);
    const char *letter = c > 0 ? strchr(letters, c) : NULL;
    if (c != 'u' && !letter)
        return expected(r, "one of \" \\ / b f n r t u after the backslash");
    r->at++;
    if (c == 'u')
        return read_code_point(r, out);
    buf_addc(out, meant[letter - letters]);
    return ERR_OK;
}

static enum err check_utf8(struct reader *r, struct str text)
{
    size_t bad = str_find_bad_utf8(text);
    if (bad == STR_NONE)
        return ERR_OK;
    r->at = text.ptr + bad;
    return expected(r, "UTF-8");
}

/* Moves to the quote that ends the string. */
static enum err find_quote(struct reader *r)
{
    uint64_t seen = 0;
    for (;;) {
        r->at = json_plain_end(r->at, r->end, &seen);
        int c = peek(r);
        if (c == '"')
            return ERR_OK;
        if (c < 0)
            return expected(r, "a quote that ends the string");
        if (c != '\\')
            return expected(r, "an escape such as \\n for a control character");
        r->at += r->end - r->at > 1 ? 2 : 1; /* whatever is escaped does not end the string */
    }
}

/* A string that has an escape, from `start` on: it is written out into the arena, where it is never
 * longer than it is in the text. Apart, so that the many without one need no such frame. */
__attribute__((noinline)) static enum err read_escaped(struct reader *r, const char *start,
                                                       struct str *text)
{
    struct buf out;
    uint64_t seen = 0;
    TRY(find_quote(r));
    const char *quote = r->at;
    TRY(check_utf8(r, str_make(start, (size_t)(quote - start))));
    buf_init(&out, r->ctx->arena, (size_t)(quote - start));
    for (r->at = start; r->at < quote;) {
        const char *stop = json_plain_end(r->at, quote, &seen);
        buf_add(&out, str_make(r->at, (size_t)(stop - r->at)));
        r->at = stop;
        if (stop < quote)
            TRY(read_escape(r, &out));
    }
    r->at = quote + 1;
    *text = buf_str(&out);
    return buf_err(&out) ? err_memory(&r->ctx->err) : ERR_OK;
}

/* Inline where names and where values are read: the processor then learns the lengths of each. */
__attribute__((always_inline)) static inline enum err read_string(struct reader *r,
                                                                  struct str *text)
{
    const char *start = ++r->at;
    uint64_t seen = 0;
    r->at = json_plain_end(start, r->end, &seen);
    if (peek(r) != '"')
        return read_escaped(r, start, text);
    *text = (struct str){start, (size_t)(r->at - start)};
    if (seen & JSON_HIGH_BITS)
        TRY(check_utf8(r, *text));
    r->at = text->ptr + text->len + 1;
    return ERR_OK;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static enum err read_digits(struct reader *r)
{
    if (!is_digit(peek(r)))
        return expected(r, "a digit");
    while (is_digit(peek(r)))
        r->at++;
    return ERR_OK;
}

static enum err read_number(struct reader *r, struct str *text)
{
    const char *start = r->at;
    if (peek(r) == '-')
        r->at++;
    if (peek(r) == '0')
        r->at++;
    else
        TRY(read_digits(r));
    if (peek(r) == '.') {
        r->at++;
        TRY(read_digits(r));
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        TRY(read_digits(r));
    }
    *text = (struct str){start, (size_t)(r->at - start)};
    return ERR_OK;
}

static enum err read_word(struct reader *r, struct json *value)
{
    static const struct {
        struct str word;
        enum json_kind kind;
    } words[] = {{{"null", 4}, JSON_NULL}, {{"true", 4}, JSON_TRUE}, {{"false", 5}, JSON_FALSE}};
    struct str rest = str_make(r->at, (size_t)(r->end - r->at));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_starts(rest, words[i].word)) {
            value->kind = words[i].kind;
            r->at += words[i].word.len;
            return ERR_OK;
        }
    }
    return expected(r, "a value: text in quotes, a number, true, false, null, [ or {");
}

/* A name that was written with an escape has no place in the text any more; the mistake is then
 * shown at the end of its object. */
static enum err check_names(struct reader *r, const struct json *object)
{
    struct str twice;
    enum err err = json_find_twice(r->ctx->arena, object, &twice);
    if (err == ERR_MEMORY)
        return err_memory(&r->ctx->err);
    if (err == ERR_OK)
        return ERR_OK;
    if (twice.ptr >= r->start && twice.ptr < r->end)
        r->at = twice.ptr - 1;
    return expected(r, "each name once in an object");
}

static enum err read_value(struct reader *r, struct json *value);

static enum err read_name(struct reader *r, struct str *name)
{
    if (peek_token(r) != '"')
        return expected(r, "a name in quotes");
    TRY(read_string(r, name));
    return take(r, ':') ? ERR_OK : expected(r, "a colon");
}

/* One of 64 bits by which most names in an object differ: from the length and three letters, mixed
 * by a multiplication into the upper six of 32. */
static uint64_t name_bit(struct str name)
{
    if (!name.len)
        return 1;
    const unsigned char *letters = (const unsigned char *)name.ptr;
    uint32_t mix = (uint32_t)name.len ^ (uint32_t)letters[0] << 16 ^
                   (uint32_t)letters[name.len / 2] << 24 ^ (uint32_t)letters[name.len - 1] << 8;
    return UINT64_C(1) << (mix * UINT32_C(0x9e3779b1) >> 26);
}

static enum err read_array(struct reader *r, struct json *array)
{
    struct json **tail = &array->first;
    array->kind = JSON_ARRAY;
    r->at++; /* the bracket */
    if (take(r, ']'))
        return ERR_OK;
    do {
        TRY(new_node(r, tail));
        TRY(read_value(r, *tail));
        array->count++;
        tail = &(*tail)->next;
    } while (take(r, ','));
    return take(r, ']') ? ERR_OK : expected(r, "a comma or ]");
}

static enum err read_object(struct reader *r, struct json *object)
{
    struct json **tail = &object->first;
    uint64_t bits = 0, bits_twice = 0;
    object->kind = JSON_OBJECT;
    r->at++; /* the brace */
    if (take(r, '}'))
        return ERR_OK;
    do {
        TRY(new_node(r, tail));
        TRY(read_name(r, &(*tail)->name));
        uint64_t bit = name_bit((*tail)->name);
        bits_twice |= bits & bit;
        bits |= bit;
        TRY(read_value(r, *tail));
        object->count++;
        tail = &(*tail)->next;
    } while (take(r, ','));
    if (!take(r, '}'))
        return expected(r, "a comma or }");
    return bits_twice ? check_names(r, object) : ERR_OK;
}

static enum err read_value(struct reader *r, struct json *value)
{
    int c = peek_token(r);
    if (c == '"') {
        value->kind = JSON_STRING;
        return read_string(r, &value->text);
    }
    if (c == '-' || is_digit(c)) {
        value->kind = JSON_NUMBER;
        return read_number(r, &value->text);
    }
    if (c != '{' && c != '[')
        return read_word(r, value);
    if (r->depth == JSON_DEPTH_MAX)
        return too_deep(r);
    r->depth++;
    TRY(c == '{' ? read_object(r, value) : read_array(r, value));
    r->depth--;
    return ERR_OK;
}

static enum err check_text(struct reader *r, struct str text)
{
    if (text.len > JSON_SIZE_MAX)
        return err_fail(&r->ctx->err, ERR_LIMIT, "This JSON text is too long.",
                        "JSON_SIZE_MAX is %d bytes, this has %zu", JSON_SIZE_MAX, text.len);
    if (str_starts(text, STR("\xef\xbb\xbf")))
        return expected(r, "a value; a byte order mark is not part of JSON");
    return ERR_OK;
}

enum err json_read(struct ctx *ctx, struct str text, struct json **root)
{
    text = text.ptr ? text : STR("");
    struct reader r = {.ctx = ctx, .start = text.ptr, .at = text.ptr, .end = text.ptr + text.len};
    struct json *value;
    TRY(check_text(&r, text));
    TRY(new_node(&r, &value));
    TRY(read_value(&r, value));
    if (peek_token(&r) != -1)
        return expected(&r, "the end of the text");
    *root = value;
    return ERR_OK;
}
