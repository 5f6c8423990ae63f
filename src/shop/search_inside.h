/* What the parts of the search share: the index as it lies in memory. */
#ifndef STOA_SHOP_SEARCH_INSIDE_H
#define STOA_SHOP_SEARCH_INSIDE_H

#include "shop/search.h"
#include "shop/word.h"

enum search_place { SEARCH_WORDS, SEARCH_BRAND, SEARCH_NAME, SEARCH_PLACES };

enum { SEARCH_PLACE_BITS = 2 };

/* A different word; its letters stand in search->letters. */
struct search_term {
    uint32_t letters_at;
    uint32_t count, room;
    uint32_t *texts; /* each a text's number, and behind it its search_place */
    uint8_t len;
};

struct search {
    struct search_term *terms;
    char *letters;
    uint32_t *slots;  /* of terms by their hash: their number from 1, 0 is free */
    uint8_t *dropped; /* of texts, each a byte */
    size_t term_count, term_room, letters_len, letters_room, slot_count;
    size_t text_count, text_room, bytes;
};

static inline struct str search_letters(const struct search *search, const struct search_term *term)
{
    return str_make(search->letters + term->letters_at, term->len);
}

#endif
