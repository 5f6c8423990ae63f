/* Escaping for SVG. */
#include "draw/svg.h"

static struct str escaped(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    default:
        return STR("");
    }
}

void svg_add_text(struct buf *svg, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        struct str instead = escaped(c);
        if (instead.len)
            buf_add(svg, instead);
        else if ((unsigned char)c >= ' ' || c == '\n' || c == '\t')
            buf_addc(svg, c);
    }
}
