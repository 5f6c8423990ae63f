/* Pictures of what is sold, drawn by the shop itself where nobody has put in a photograph.
 *
 *     struct buf svg;
 *     buf_init(&svg, ctx->arena, PICTURE_MAX);
 *     TRY(picture_draw(&svg, STR("drawn:loaf:7")));      an SVG of 400 by 400, always the same
 *     buf_addf(out, "<img src=\"");
 *     picture_add_path(out, STR("drawn:loaf:7"));        /pictures/loaf-7.svg
 *
 * A key names a kind and a seed. The seed chooses colours, proportions and details: seed modulo the
 * kind's number of palettes is the palette, all else is scattered. ERR_MISSING for a key that is no
 * drawing: another kind, or what is not "drawn:". Kinds are rows of picture_kinds, in the language
 * that picture_draw.c explains. A picture holds no text, no script and no style. */
#ifndef STOA_SHOP_PICTURE_H
#define STOA_SHOP_PICTURE_H

#include "base/buf.h"
#include "base/err.h"

enum {
    PICTURE_MAX = 4 << 10, /* bytes of a drawing */
    PICTURE_SEED_MAX = 999999,
};

struct picture_kind {
    const char *name;
    int shadow;           /* half as wide as it is where it stands */
    const char *palettes; /* "e2b87a c08a4a|…": up to 5 colours each */
    const char *drawing;
};

/* Food, then goods; each ends with a row of NULL. */
extern const struct picture_kind picture_food[], picture_goods[];

const struct picture_kind *picture_find_kind(struct str name); /* NULL where there is none */
size_t picture_palettes(const struct picture_kind *kind);

enum err picture_draw(struct buf *svg, struct str key);

/* Where the drawing of a key is served; nothing for what is no drawing. */
void picture_add_path(struct buf *out, struct str key);

#endif
