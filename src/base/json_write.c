/* Writing JSON into a buffer: from a tree, or value by value. */
#include "base/assert.h"
#include "base/json.h"
#include "base/json_inside.h"

static void add_escape(struct buf *out, char c)
{
    static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt",
                      hex[] = "0123456789abcdef";
    const char *at = c ? strchr(named, c) : NULL;
    unsigned char byte = (unsigned char)c;
    buf_addc(out, '\\');
    if (at)
        buf_addc(out, letters[at - named]);
    else
        buf_add(out, str_make((char[]){'u', '0', '0', hex[byte >> 4], hex[byte & 15]}, 5));
}

static void quote_with_escapes(struct buf *out, struct str text)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    uint64_t seen = 0;
    buf_addc(out, '"');
    while (at < end) {
        const char *stop = json_plain_end(at, end, &seen);
        buf_add(out, str_make(at, (size_t)(stop - at)));
        if (stop < end)
            add_escape(out, *stop++);
        at = stop;
    }
    buf_addc(out, '"');
}

/* Copies `len` bytes, the last of them twice where that saves a loop, and gives the marks of
 * json_special_bytes for all of them together: 0 where they may be written as they are. */
static uint64_t copy_marking(char *to, const char *from, size_t len, uint64_t *seen)
{
    uint64_t eight, marks = 0;
    uint32_t head, tail;
    if (len >= sizeof eight) {
        for (size_t at = 0; at < len; at += sizeof eight) {
            at = at < len - sizeof eight ? at : len - sizeof eight;
            memcpy(&eight, from + at, sizeof eight);
            memcpy(to + at, &eight, sizeof eight);
            *seen |= eight;
            marks |= json_special_bytes(eight);
        }
        return marks;
    }
    if (len >= sizeof head) {
        memcpy(&head, from, sizeof head);
        memcpy(&tail, from + len - sizeof tail, sizeof tail);
        memcpy(to, &head, sizeof head);
        memcpy(to + len - sizeof tail, &tail, sizeof tail);
        eight = (uint64_t)head << 32 | tail;
    } else {
        eight = JSON_EVERY_BYTE(' ');
        for (size_t at = 0; at < len; at++) {
            to[at] = from[at];
            eight = eight << 8 | (unsigned char)from[at];
        }
    }
    *seen |= eight;
    return json_special_bytes(eight);
}

void json_quote(struct buf *out, struct str text)
{
    uint64_t seen = 0;
    if (!buf_reserve(out, text.len + 2))
        return;
    char *quote = out->ptr + out->len;
    uint64_t marks = copy_marking(quote + 1, text.ptr, text.len, &seen);
    if ((marks || (seen & JSON_HIGH_BITS)) && !str_is_utf8(text)) {
        buf_fail(out, ERR_INPUT);
    } else if (marks) {
        quote_with_escapes(out, text);
    } else {
        quote[0] = quote[text.len + 1] = '"';
        out->len += text.len + 2;
    }
}

static void write_value(struct buf *out, const struct json *value, int levels_left);

static void write_members(struct buf *out, const struct json *parent, int levels_left)
{
    bool named = parent->kind == JSON_OBJECT;
    buf_addc(out, named ? '{' : '[');
    for (const struct json *member = parent->first; member && !buf_err(out);
         member = member->next) {
        if (named) {
            json_quote(out, member->name);
            buf_addc(out, ':');
        }
        write_value(out, member, levels_left - 1);
        if (member->next)
            buf_addc(out, ',');
    }
    buf_addc(out, named ? '}' : ']');
}

static void write_value(struct buf *out, const struct json *value, int levels_left)
{
    static const struct str words[] = {
        [JSON_NULL] = {"null", 4}, [JSON_FALSE] = {"false", 5}, [JSON_TRUE] = {"true", 4}};
    if (value->kind == JSON_STRING)
        json_quote(out, value->text);
    else if (value->kind == JSON_NUMBER)
        buf_add(out, value->text);
    else if (value->kind < JSON_NUMBER)
        buf_add(out, words[value->kind]);
    else if (levels_left > 0)
        write_members(out, value, levels_left);
    else
        buf_fail(out, ERR_LIMIT);
}

void json_write(struct buf *out, const struct json *root)
{
    write_value(out, root, JSON_DEPTH_MAX);
}

void json_writer_init(struct json_writer *w, struct buf *out)
{
    *w = (struct json_writer){.out = out};
}

/* The bit of the level that is open. */
static uint64_t level_bit(const struct json_writer *w)
{
    return w->depth ? UINT64_C(1) << (w->depth - 1) : 0;
}

static bool in_object(const struct json_writer *w)
{
    return w->objects & level_bit(w);
}

static void begin_value(struct json_writer *w)
{
    ASSERT(w->named == in_object(w)); /* within an object, json_key comes first */
    ASSERT(w->depth || !w->comma);    /* one text is one value */
    if (w->comma && !w->named)
        buf_addc(w->out, ',');
    w->named = false;
    w->comma = true;
}

static void begin_level(struct json_writer *w, bool object)
{
    begin_value(w);
    ASSERT(w->depth < JSON_DEPTH_MAX);
    w->depth++;
    w->objects = object ? w->objects | level_bit(w) : w->objects & ~level_bit(w);
    w->comma = false;
    buf_addc(w->out, object ? '{' : '[');
}

static void end_level(struct json_writer *w, bool object)
{
    ASSERT(w->depth && in_object(w) == object); /* what ends is what began last */
    ASSERT(!w->named);                          /* a name was written, its value was not */
    w->depth--;
    w->comma = true;
    buf_addc(w->out, object ? '}' : ']');
}

void json_begin_object(struct json_writer *w)
{
    begin_level(w, true);
}

void json_end_object(struct json_writer *w)
{
    end_level(w, true);
}

void json_begin_array(struct json_writer *w)
{
    begin_level(w, false);
}

void json_end_array(struct json_writer *w)
{
    end_level(w, false);
}

void json_key(struct json_writer *w, struct str name)
{
    ASSERT(in_object(w) && !w->named);
    if (w->comma)
        buf_addc(w->out, ',');
    json_quote(w->out, name);
    buf_addc(w->out, ':');
    w->named = true;
}

void json_add_str(struct json_writer *w, struct str text)
{
    begin_value(w);
    json_quote(w->out, text);
}

void json_add_int(struct json_writer *w, int64_t number)
{
    begin_value(w);
    buf_add_int(w->out, number);
}

void json_add_bool(struct json_writer *w, bool yes)
{
    begin_value(w);
    buf_add(w->out, yes ? STR("true") : STR("false"));
}

void json_add_null(struct json_writer *w)
{
    begin_value(w);
    buf_add(w->out, STR("null"));
}

void json_add_tree(struct json_writer *w, const struct json *value)
{
    begin_value(w);
    write_value(w->out, value, JSON_DEPTH_MAX - w->depth);
}
