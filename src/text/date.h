/* Dates and times as the reader's language writes them.
 *
 *     struct civil day = civil_from_us(order->placed_us);
 *     text_date(&out, language, &day, DATE_LONG);            November 21, 2026
 *     text_time(&out, language, &day);                       3:05 PM        15:05
 *     text_date_time(&out, language, &day, DATE_MEDIUM);     Nov 21, 2026, 3:05 PM
 *
 * What is written is what the civil time says: whoever shows a reader's local time makes the civil
 * time in the reader's zone first. Years are written in full. */
#ifndef STOA_TEXT_DATE_H
#define STOA_TEXT_DATE_H

#include "base/buf.h"
#include "base/clock.h"
#include "text/language.h"

void text_date(struct buf *out, const struct language *language, const struct civil *civil,
               enum date_width width);
void text_time(struct buf *out, const struct language *language, const struct civil *civil);
void text_date_time(struct buf *out, const struct language *language, const struct civil *civil,
                    enum date_width width);

#endif
