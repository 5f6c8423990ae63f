/* Words as they are looked for: without capitals and accents, cut at what is no letter or digit.
 *
 *     struct word word;
 *     while (word_next(&rest, &word))                "Crème brûlée" is "creme", then "brulee"
 *         …
 *
 *     struct word_pattern pattern;
 *     word_pattern(&pattern, str_make(word.text, word.len));
 *     int typos = word_distance(&pattern, other);    left out, added, changed, or swapped bytes
 *
 * Latin letters lose their accents, Greek and Cyrillic their capitals, Arabic its vowel signs. */
#ifndef STOA_SHOP_WORD_H
#define STOA_SHOP_WORD_H

#include "base/str.h"

enum { WORD_MAX = 32 }; /* bytes; of a longer one the rest is not looked at */

struct word {
    char text[WORD_MAX];
    size_t len;
};

/* Takes the next word off the front; false where there is none. What is not UTF-8 parts words. */
bool word_next(struct str *rest, struct word *word);

/* Where each byte stands in a word, for comparing it with many. */
struct word_pattern {
    uint64_t places[256];
    size_t len;
};

void word_pattern(struct word_pattern *pattern, struct str word);

/* How many bytes are to be changed to make one of the other. Costs a few ns a byte of `word`. */
int word_distance(const struct word_pattern *pattern, struct str word);

#endif
