/* Search: which texts have these words, best first, also where one is mistyped or only begun.
 *
 *     struct search *search;
 *     TRY(search_open(ctx, &search));
 *     TRY(search_add(ctx, search, &(struct search_text){.name = …, .brand = …}, &number));
 *     TRY(search_find(ctx, search, STR("sourdoug lofa"), &found));
 *     found.rows[0 .. found.count)            numbers, the best first; found.total of them in all
 *     found.instead                           "sourdough loaf", where that was looked for
 *     search_close(search);
 *
 * An index in memory: each different word once, and behind it the texts that have it. A word is
 * found as it is, as the beginning of another, and within one (from SEARCH_INSIDE_MIN bytes on);
 * where nothing is found so, as the words that differ by one mistake (from 4 bytes on) or two (from
 * 8 on). Texts with all of the words go first; where none has, those that have the most of them.
 * Then counts where a word stands: in the name before the brand before the words about it; and how:
 * as it is before a beginning before a part before a mistyped one.
 *
 * A text is never changed: it is dropped, and added again under another number. What was dropped
 * still takes its memory: once that is the greater part, the index is made anew. Several may look
 * at the same time, while nobody changes it; an addition that fails leaves the text half in, and
 * dropped.
 *
 * 100,000 products with 12 words each take some 15 MB: 4 bytes a word of a text, with room to grow,
 * and 40 bytes a different word. Looking costs a walk over all different words a word that is
 * sought, some 10 ns each, and 8 bytes a text of the arena. */
#ifndef STOA_SHOP_SEARCH_H
#define STOA_SHOP_SEARCH_H

#include "base/ctx.h"
#include "base/str.h"
#include "shop/top.h"

enum {
    SEARCH_TEXTS_MAX = 1 << 24,
    SEARCH_TERMS_MAX = 1 << 20, /* different words; ERR_LIMIT beyond */
    SEARCH_EACH_MAX = 96,  /* words of one text, that of its name first; the rest is not found */
    SEARCH_QUERY_MAX = 8,  /* words that are sought; the rest is not looked at */
    SEARCH_NEAR_MAX = 64,  /* different words that one that is sought may stand for */
    SEARCH_ROWS_MAX = 960, /* texts that are told */
    SEARCH_INSIDE_MIN = 4,
    SEARCH_INSTEAD_MAX = SEARCH_QUERY_MAX * 33,
};

struct search;

struct search_text {
    struct str name, brand, words;
};

struct search_found {
    const struct top_row *rows;
    size_t count, total;
    bool all;           /* these have all of the words */
    struct str instead; /* what was looked for in place of mistyped words; else empty */
};

enum err search_open(struct ctx *ctx, struct search **opened);
void search_close(struct search *search); /* NULL is nothing */

enum err search_add(struct ctx *ctx, struct search *search, const struct search_text *text,
                    uint32_t *number);
void search_drop(struct search *search, uint32_t number);

/* What it has in memory. */
size_t search_bytes(const struct search *search);

/* A query without a word finds nothing. */
enum err search_find(struct ctx *ctx, const struct search *search, struct str query,
                     struct search_found *found);

#endif
