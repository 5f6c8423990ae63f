/* Text in drawings. */
#include "draw/svg.h"

#include "harness/test.h"

TEST(svg_text_is_escaped_and_holds_no_control)
{
    struct buf svg;
    buf_init(&svg, t->arena, 1 << 10);
    svg_add_text(&svg, STR("a<b> & \"c\"\x01\x1b\n\xc3\xa9"));
    CHECK_STR(buf_str(&svg), "a&lt;b&gt; &amp; &quot;c&quot;\n\xc3\xa9");
}
