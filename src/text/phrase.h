/* What is said with words and numbers together: lists, sizes, how long ago.
 *
 *     text_list(&out, language, names, 3);                       Ada, Grace, and Joan
 *     text_bytes(&out, language, 1530000);                       1.5 MB
 *     text_relative(&out, language, order->placed_us, now_us);   5 minutes ago
 *
 * The words come from common.msg, whose other messages (text_error_required, text_page_of …) are
 * in the generated text/common.h. */
#ifndef STOA_TEXT_PHRASE_H
#define STOA_TEXT_PHRASE_H

#include "base/buf.h"
#include "text/language.h"

/* Nothing for no items, and one by itself. */
void text_list(struct buf *out, const struct language *language, const struct str items[],
               size_t count);

/* In the unit that leaves a small number, with one digit behind the separator where it is not 0. */
void text_bytes(struct buf *out, const struct language *language, int64_t bytes);

/* "in 3 days", "3 days ago": rounded to the nearest in the largest unit that gives at least 1;
 * "now" for less than half a second. Months and years are the calendar's average ones. */
void text_relative(struct buf *out, const struct language *language, int64_t time_us,
                   int64_t now_us);

#endif
