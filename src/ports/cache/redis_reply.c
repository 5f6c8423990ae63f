/* Reads what Redis answers and writes what it is asked. */
#include "ports/cache/redis_reply.h"

#include <string.h>

/* The bytes that a line announced, and CR LF behind them. */
static enum redis_verdict read_bytes(struct str bytes, size_t from, struct redis_reply *reply)
{
    if (reply->number < 0) {
        reply->is_nothing = true;
        reply->len = from;
        return reply->number == -1 && bytes.len == from ? REDIS_WHOLE : REDIS_BAD;
    }
    if (reply->number > REDIS_BYTES_MAX)
        return REDIS_BAD;
    reply->text = str_slice(bytes, from, from + (size_t)reply->number);
    reply->len = from + (size_t)reply->number + 2;
    if (bytes.len < reply->len)
        return REDIS_MORE;
    return bytes.len == reply->len && str_ends(bytes, STR("\r\n")) ? REDIS_WHOLE : REDIS_BAD;
}

enum redis_verdict redis_reply_read(struct str bytes, struct redis_reply *reply)
{
    *reply = (struct redis_reply){.kind = bytes.len ? bytes.ptr[0] : '\0'};
    if (!bytes.len)
        return REDIS_MORE;
    if (!reply->kind || !strchr("+-:$", reply->kind))
        return REDIS_BAD;
    size_t end = str_find(str_slice(bytes, 0, REDIS_LINE_MAX), STR("\r\n"));
    if (end == STR_NONE)
        return bytes.len < REDIS_LINE_MAX ? REDIS_MORE : REDIS_BAD;
    reply->text = str_slice(bytes, 1, end);
    bool is_number = reply->kind == ':' || reply->kind == '$';
    if (is_number && str_to_int(reply->text, INT64_MIN, INT64_MAX, &reply->number))
        return REDIS_BAD;
    if (reply->kind == '$')
        return read_bytes(bytes, end + 2, reply);
    reply->len = end + 2;
    return bytes.len == reply->len ? REDIS_WHOLE : REDIS_BAD;
}

void redis_command_write(struct buf *out, const struct str words[], size_t count)
{
    buf_addf(out, "*%zu\r\n", count);
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "$%zu\r\n", words[i].len);
        buf_add(out, words[i]);
        buf_add(out, STR("\r\n"));
    }
}
