/* Draws pictures: the ground, and on it what a row of a table says in a language of few words. */
#include "shop/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

/* The language. A drawing is a list of shapes, each ended by a semicolon, in units of a picture of
 * 400 by 400 whose origin is the middle of the ground on which things stand; up is negative.
 *
 *     o 1 0 -60 90 40      an ellipse in the first colour: its middle, its radii
 *     b 2 -50 -90 100 90 8 a box: its corner, width, height, and radius of its corners
 *     p 1 M0 0L90 0Z       a path
 *     l 3 6 M0 0L90 0      a line, 6 wide
 *     @ 2 0 -60 1.5        an emblem, as on a label: leaf, drop, flower …
 *     g rotate(8)          what follows is turned, until
 *     /                    here
 *
 * Colours: 1 to 5 of the palette, w light, k shade, W paper, K ink, G leaf green. {40..60} is a
 * number by chance, [x|y|z] one of several, which may be nothing. */
enum { COLOURS = 5, HEX = 6, EXPANDED_MAX = 3 << 10 };

static const struct {
    char sign;
    const char *colour;
} paints[] = {
    {'w', "#fff\" opacity=\".32"},
    {'k', "#2b1d12\" opacity=\".12"},
    {'W', "#fffaf1"},
    {'K', "#403d48"},
    {'G', "#7f9d5f"},
    {0, NULL},
};

/* The colour is the letter c, which stands for the one that is asked for. */
static const char *const emblems[] = {
    "p c M0 24C-24 8 -22 -14 0 -26C22 -14 24 8 0 24Z;l W 3 M0 26L0 -8",
    "p c M0 -28C14 -8 20 0 20 9C20 33 -20 33 -20 9C-20 0 -14 -8 0 -28Z",
    "o c 0 0 12 12;l c 4 M0-25v6M0 19v6M-25 0h6M19 0h6M-17-17l3 3M14 14l3 3M-17 17l3-3M14-14l3-3",
    "o c 0 -14 9 12;o c 0 14 9 12;o c -14 0 12 9;o c 14 0 12 9;o W 0 0 6 6",
    "p c M-30 18L-9 -16L4 3L12 -8L30 18Z",
    "l c 5 M-26 -11Q-13 -21 0 -11T26 -11M-26 4Q-13 -6 0 4T26 4M-26 19Q-13 9 0 19T26 19",
    "p c M0 22C-32 0 -23 -24 -9 -21Q-2 -20 0 -12Q2 -20 9 -21C23 -24 32 0 0 22Z",
    "o c 0 0 24 24;o W 0 0 17 17;o c 0 0 8 8",
    "p c M0 -25L22 0L0 25L-22 0Z;p W M0 -12L11 0L0 12L-11 0Z",
    "b c -26 -17 52 6 3;b c -26 -3 52 6 3;b c -26 11 30 6 3",
};

/* Tints of the ground, and the form that is behind things. */
static const char *const grounds[] = {
    "efe5d8 f8f2e8", "e3ebe0 f0f5ed", "e1e8ee eff4f8", "f3e2db fbf1ec",
    "eae4ef f6f2f9", "f3e9cd fbf6e5", "deebe9 edf6f4", "ece7e1 f8f6f3",
};
static const char behind[] = "b 1 -200 -320 400 400 0;[o 2 0 -126 160 160|p 2 M-142 80V-150"
                             "A142 142 0 0 1 142 -150V80Z|o 2 {-40..40} -140 178 168|"
                             "b 2 -200 -320 400 318 0|p 2 M-200 {-90..-30}Q0 {-60..20} 200 "
                             "{-120..-60}V-320H-200Z]";

struct pen {
    struct buf *svg;
    uint64_t chance;
    const char *palette;
};

static uint64_t draw_lot(struct pen *pen, uint64_t below)
{
    static const struct hash_key none = {0};
    char bytes[sizeof pen->chance];
    memcpy(bytes, &pen->chance, sizeof bytes);
    pen->chance = hash_str(&none, str_make(bytes, sizeof bytes));
    return pen->chance % below;
}

/* "{40..60}": writes a number, and tells what stands behind it. */
static const char *expand_range(struct pen *pen, struct buf *out, const char *text)
{
    char *end;
    long from = strtol(text + 1, &end, 10), to = strtol(end + 2, &end, 10);
    ASSERT(*end == '}' && to >= from);
    buf_add_int(out, from + (int64_t)draw_lot(pen, (uint64_t)(to - from) + 1));
    return end + 1;
}

/* "x|y|z]": the one that is chosen. */
static struct str choose(struct pen *pen, struct str choices)
{
    struct str chosen = {0};
    uint64_t count = 1;
    for (size_t i = 0; i < choices.len; i++)
        count += choices.ptr[i] == '|';
    for (uint64_t skipped = draw_lot(pen, count) + 1; skipped > 0; skipped--)
        (void)str_cut(&choices, '|', &chosen);
    return chosen;
}

static void expand_choices(struct pen *pen, struct buf *out, const char *text)
{
    for (const char *open; (open = strchr(text, '[')) != NULL; text = strchr(open, ']') + 1) {
        buf_add(out, str_make(text, (size_t)(open - text)));
        buf_add(out, choose(pen, str_make(open + 1, (size_t)(strchr(open, ']') - open - 1))));
    }
    buf_add(out, str_from(text));
    buf_addc(out, '\0');
}

/* "@ 2 0 -60 1.5;": an emblem's shapes, in that colour, there. */
static const char *expand_emblem(struct pen *pen, struct buf *out, const char *text)
{
    const char *emblem = emblems[draw_lot(pen, sizeof emblems / sizeof *emblems)];
    const char *end = text + strcspn(text, ";");
    struct str words = str_make(text + 4, (size_t)(end - text - 4)), x = {0}, y = {0};
    (void)(str_cut(&words, ' ', &x) && str_cut(&words, ' ', &y));
    buf_addf(out, "g translate(" STR_FMT " " STR_FMT ") scale(" STR_FMT ");", STR_ARG(x),
             STR_ARG(y), STR_ARG(words));
    for (; *emblem; emblem++)
        buf_addc(out, *emblem == 'c' ? text[2] : *emblem);
    buf_add(out, STR(";/;"));
    return *end ? end + 1 : end;
}

static void expand_rest(struct pen *pen, struct buf *out, const char *text)
{
    for (const char *open; (open = strpbrk(text, "{@")) != NULL;) {
        buf_add(out, str_make(text, (size_t)(open - text)));
        text = *open == '{' ? expand_range(pen, out, open) : expand_emblem(pen, out, open);
    }
    buf_add(out, str_from(text));
}

static void add_palette_colour(struct pen *pen, char number)
{
    size_t skipped = (size_t)(number - '1') * (HEX + 1);
    ASSERT(number >= '1' && number < '1' + COLOURS && strcspn(pen->palette, "|") >= skipped + HEX);
    buf_addc(pen->svg, '#');
    buf_add(pen->svg, str_make(pen->palette + skipped, HEX));
}

/* The value of an attribute, which may be followed by another. */
static void add_colour(struct pen *pen, struct str sign)
{
    ASSERT(sign.len == 1);
    for (int i = 0; paints[i].sign; i++)
        if (paints[i].sign == sign.ptr[0]) {
            buf_add(pen->svg, str_from(paints[i].colour));
            return;
        }
    add_palette_colour(pen, sign.ptr[0]);
}

/* What %s stands for is the next word; %c is a colour, %r all that is left. */
static const struct {
    char sign;
    const char *form;
} shapes[] = {
    {'o', "<ellipse fill=\"%c\" cx=\"%s\" cy=\"%s\" rx=\"%s\" ry=\"%s\"/>"},
    {'b', "<rect fill=\"%c\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>"},
    {'p', "<path fill=\"%c\" d=\"%r\"/>"},
    {'l', "<path fill=\"none\" stroke=\"%c\" stroke-width=\"%s\" d=\"%r\"/>"},
    {'g', "<g transform=\"%r\">"},
    {'/', "</g>"},
    {0, NULL},
};

static void add_form(struct pen *pen, const char *form, struct str words)
{
    for (const char *at; (at = strchr(form, '%')) != NULL; form = at + 2) {
        struct str word = words;
        buf_add(pen->svg, str_make(form, (size_t)(at - form)));
        if (at[1] != 'r')
            (void)str_cut(&words, ' ', &word);
        if (at[1] == 'c')
            add_colour(pen, word);
        else
            buf_add(pen->svg, word);
    }
    buf_add(pen->svg, str_from(form));
}

static void draw_shape(struct pen *pen, struct str shape)
{
    struct str sign;
    (void)str_cut(&shape, ' ', &sign);
    for (int i = 0; shapes[i].sign; i++)
        if (sign.len == 1 && shapes[i].sign == sign.ptr[0]) {
            add_form(pen, shapes[i].form, shape);
            return;
        }
    ASSERT(!sign.len);
}

static void draw_shapes(struct pen *pen, const char *drawing)
{
    char chosen[EXPANDED_MAX], settled[EXPANDED_MAX];
    struct buf first, second;
    struct str rest, shape;
    buf_init_fixed(&first, chosen, sizeof chosen);
    buf_init_fixed(&second, settled, sizeof settled);
    expand_choices(pen, &first, drawing);
    ASSERT(!buf_err(&first));
    expand_rest(pen, &second, chosen);
    ASSERT(!buf_err(&second));
    for (rest = buf_str(&second); str_cut(&rest, ';', &shape);)
        draw_shape(pen, str_trim(shape));
}

const struct picture_kind *picture_find_kind(struct str name)
{
    const struct picture_kind *const tables[] = {picture_food, picture_goods, NULL};
    for (size_t i = 0; tables[i]; i++)
        for (const struct picture_kind *kind = tables[i]; kind->name; kind++)
            if (str_equal(name, str_from(kind->name)))
                return kind;
    return NULL;
}

size_t picture_palettes(const struct picture_kind *kind)
{
    size_t count = 1;
    for (const char *at = kind->palettes; (at = strchr(at, '|')) != NULL; at++)
        count++;
    return count;
}

static const char *find_palette(const char *list, size_t skipped)
{
    for (; skipped > 0; skipped--)
        list = strchr(list, '|') + 1;
    return list;
}

/* The kind and the seed that a key names. */
static enum err read_key(struct str key, const struct picture_kind **kind, size_t *seed)
{
    struct str scheme, name;
    int64_t number;
    if (!str_cut(&key, ':', &scheme) || !str_equal(scheme, STR("drawn")) ||
        !str_cut(&key, ':', &name) || str_to_int(key, 0, PICTURE_SEED_MAX, &number))
        return ERR_MISSING;
    *kind = picture_find_kind(name);
    *seed = (size_t)number;
    return *kind ? ERR_OK : ERR_MISSING;
}

static void draw_ground(struct pen *pen, const struct picture_kind *kind)
{
    const char *palette = pen->palette;
    pen->palette = grounds[draw_lot(pen, sizeof grounds / sizeof *grounds)];
    buf_add(pen->svg, STR("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"400\" "
                          "viewBox=\"0 0 400 400\"><g transform=\"translate(200 320)\" "
                          "stroke-linecap=\"round\" stroke-linejoin=\"round\">"));
    draw_shapes(pen, behind);
    buf_addf(pen->svg,
             "<ellipse fill=\"#2b1d12\" opacity=\".12\" cx=\"6\" cy=\"3\" rx=\"%d\" ry=\"%d\"/>",
             kind->shadow + 14, 10 + kind->shadow / 24);
    pen->palette = palette;
}

enum err picture_draw(struct buf *svg, struct str key)
{
    static const struct hash_key none = {0};
    const struct picture_kind *kind;
    size_t seed;
    TRY(read_key(key, &kind, &seed));
    struct pen pen = {.svg = svg,
                      .chance = hash_str(&none, key),
                      .palette = find_palette(kind->palettes, seed % picture_palettes(kind))};
    draw_ground(&pen, kind);
    int across = 94 + (int)draw_lot(&pen, 11), up = 94 + (int)draw_lot(&pen, 11);
    buf_addf(svg, "<g transform=\"scale(%d.%02d %d.%02d)\">", across / 100, across % 100, up / 100,
             up % 100);
    draw_shapes(&pen, kind->drawing);
    buf_add(svg, STR("</g></g></svg>"));
    return buf_err(svg);
}

void picture_add_path(struct buf *out, struct str key)
{
    const struct picture_kind *kind;
    size_t seed;
    if (!read_key(key, &kind, &seed))
        buf_addf(out, "/pictures/%s-%zu.svg", kind->name, seed);
}
