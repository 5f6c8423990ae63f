/* Tests QR codes: the drawing has the very modules, and says what it is. */
#include "draw/qr.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

enum { SVG_MAX = 256 << 10, BORDER = 4, SIDE_MAX = 200 };

/* Marks the modules of the drawing's rectangles, "M<x> <y>h<width>v1h-<width>z" each. */
static int drawn(struct str svg, bool dark[SIDE_MAX][SIDE_MAX])
{
    int rectangles = 0;
    const char *path = strstr(svg.ptr, "#000\" d=\"");
    for (const char *at = path ? path + 9 : ""; *at == 'M'; rectangles++) {
        char *end;
        long x = strtol(at + 1, &end, 10), y = strtol(end + 1, &end, 10);
        long width = strtol(end + 1, &end, 10);
        for (long i = 0; i < width; i++)
            dark[y][x + i] = true;
        at = strchr(end, 'z') + 1;
    }
    return rectangles;
}

static struct str draw(struct test *t, const char *text)
{
    struct buf svg;
    buf_init(&svg, t->arena, SVG_MAX);
    REQUIRE(qr_write(&svg, str_from(text), STR("A <code> & more")) == ERR_OK);
    buf_addc(&svg, '\0');
    return buf_str(&svg);
}

TEST(qr_draws_every_module_and_a_border)
{
    static const char *const texts[] = {
        "A", "otpauth://totp/Stoa:ada%40example.org?secret=GEZDGNBVGY3TQOJQ&issuer=Stoa"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool dark[SIDE_MAX][SIDE_MAX] = {{false}};
        QRcode *code = QRcode_encodeData((int)strlen(texts[i]), (const unsigned char *)texts[i], 0,
                                         QR_ECLEVEL_M);
        int wrong = 0;
        REQUIRE(code && code->width + 2 * BORDER < SIDE_MAX);
        CHECK(drawn(draw(t, texts[i]), dark) > code->width);
        for (int y = 0; y < SIDE_MAX; y++)
            for (int x = 0; x < SIDE_MAX; x++) {
                int row = y - BORDER, column = x - BORDER;
                bool inside = row >= 0 && column >= 0 && row < code->width && column < code->width;
                wrong += dark[y][x] != (inside && code->data[row * code->width + column] & 1);
            }
        CHECK_INT(wrong, 0);
        QRcode_free(code);
    }
}

TEST(qr_says_what_it_is)
{
    struct str svg = draw(t, "A");
    CHECK(str_starts(svg, STR("<svg ")));
    CHECK(str_find(svg, STR("<title>A &lt;code&gt; &amp; more</title>")) != STR_NONE);
    CHECK(str_find(svg, STR("viewBox=\"0 0 29 29\"")) != STR_NONE);
}

TEST(qr_has_limits)
{
    char *many = arena_bytes(t->arena, QR_TEXT_MAX + 1);
    struct buf svg;
    REQUIRE(many);
    memset(many, 'x', QR_TEXT_MAX + 1);
    buf_init(&svg, t->arena, SVG_MAX);
    CHECK_ERR(qr_write(&svg, str_make(many, QR_TEXT_MAX), STR("")), ERR_OK);
    buf_clear(&svg);
    CHECK_ERR(qr_write(&svg, str_make(many, QR_TEXT_MAX + 1), STR("")), ERR_LIMIT);
    CHECK_ERR(qr_write(&svg, STR(""), STR("")), ERR_INPUT);
    CHECK_ERR(qr_write(&svg, STR("a\0b"), STR("")), ERR_INPUT);
    buf_init(&svg, t->arena, 100);
    CHECK_ERR(qr_write(&svg, STR("a"), STR("")), ERR_LIMIT);
}

static enum err draw_one(struct test *t, void *arg)
{
    struct buf svg;
    (void)arg;
    buf_init(&svg, t->arena, SVG_MAX);
    return qr_write(&svg, STR("otpauth://totp/x"), STR("x"));
}

TEST(qr_survives_failing_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, draw_one, NULL);
}
