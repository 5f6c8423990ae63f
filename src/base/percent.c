/* Percent-encodes, a run of plain characters at a time. */
#include "base/percent.h"

#include <string.h>

static bool is_plain(char c, const char *also)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c == '-' || c == '.' || c == '_' || c == '~' || (c && strchr(also, c));
}

void percent_add(struct buf *out, struct str text, const char *also)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t begin = 0;
    for (size_t at = 0; at < text.len; at++) {
        unsigned char c = (unsigned char)text.ptr[at];
        if (is_plain(text.ptr[at], also))
            continue;
        buf_add(out, str_slice(text, begin, at));
        buf_add(out, str_make((const char[]){'%', digits[c >> 4], digits[c & 15]}, 3));
        begin = at + 1;
    }
    buf_add(out, str_slice(text, begin, text.len));
}
