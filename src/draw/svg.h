/* Text in a drawing: what XML gives a meaning to is escaped, what it forbids is left out.
 *
 *     svg_add_text(&svg, STR("R&D"));          R&amp;D */
#ifndef STOA_DRAW_SVG_H
#define STOA_DRAW_SVG_H

#include "base/buf.h"

void svg_add_text(struct buf *svg, struct str text);

#endif
