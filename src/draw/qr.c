/* QR codes: computed by libqrencode, drawn as one path. */
#include "draw/qr.h"

#include <qrencode.h>

#include "draw/svg.h"

enum { BORDER = 4 }; /* modules, as the standard says */

static bool is_dark(const QRcode *code, int x, int y)
{
    return x < code->width && code->data[y * code->width + x] & 1;
}

/* A line of dark modules at a time, as a rectangle one module high. */
static void write_path(struct buf *svg, const QRcode *code)
{
    for (int y = 0; y < code->width; y++) {
        int from = -1;
        for (int x = 0; x <= code->width; x++) {
            if (is_dark(code, x, y)) {
                from = from < 0 ? x : from;
            } else if (from >= 0) {
                buf_addf(svg, "M%d %dh%dv1h-%dz", from + BORDER, y + BORDER, x - from, x - from);
                from = -1;
            }
        }
    }
}

static void write_code(struct buf *svg, const QRcode *code, struct str title)
{
    int size = code->width + 2 * BORDER;
    buf_addf(svg,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" role=\"img\" "
             "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><title>",
             size, size);
    svg_add_text(svg, title);
    buf_addf(svg, "</title><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", size,
             size);
    write_path(svg, code);
    buf_add(svg, STR("\"/></svg>"));
}

enum err qr_write(struct buf *svg, struct str text, struct str title)
{
    if (!text.len || str_find_char(text, '\0') != STR_NONE)
        return ERR_INPUT;
    if (text.len > QR_TEXT_MAX)
        return ERR_LIMIT;
    QRcode *code = QRcode_encodeData((int)text.len, (const unsigned char *)text.ptr, 0,
                                     QR_ECLEVEL_M);
    if (!code)
        return ERR_MEMORY;
    write_code(svg, code, title);
    QRcode_free(code);
    return buf_err(svg);
}
