/* Numbers and money as the reader's language writes them.
 *
 *     text_int(&out, language, 1234567);              1,234,567    1.234.567    1 234 567
 *     text_decimal(&out, language, 123450, 2);        1,234.50     1.234,50     1 234,50
 *     text_percent(&out, language, 125, 1);           12.5%        12,5 %
 *     text_money(&out, language, 123450, eur);        €1,234.50    1.234,50 €
 *
 * Spaces inside are no-break spaces, so a number never breaks over two lines; in Arabic, invisible
 * marks keep sign, digits and symbol in order. */
#ifndef STOA_TEXT_NUMBER_H
#define STOA_TEXT_NUMBER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/money.h"
#include "text/language.h"

enum { TEXT_DIGITS_MAX = 18 }; /* behind the decimal separator */

void text_int(struct buf *out, const struct language *language, int64_t number);

/* `scaled` counts in 10^-digits: 123450 with 2 digits is 1234.50. All the digits are written. */
void text_decimal(struct buf *out, const struct language *language, int64_t scaled, int digits);

/* `scaled` counts percents in 10^-digits: 125 with 1 digit is 12.5 %. */
void text_percent(struct buf *out, const struct language *language, int64_t scaled, int digits);

/* With all of the currency's digits. The symbol is the one that tells it apart for this reader. */
void text_money(struct buf *out, const struct language *language, int64_t minor,
                const struct currency *currency);

/* Reads what a person typed, counted in 10^-digits: "1.234,5" in German with 2 digits is 123450.
 * With groups or without, with any space between them, in the digits of either Arabic; a "." or ","
 * that cannot part groups here is a decimal one, so that "19.99" is read everywhere. ERR_INPUT
 * where it is no number or has more digits, ERR_LIMIT where it does not fit. */
enum err text_read_decimal(const struct language *language, struct str typed, int digits,
                           int64_t *scaled);

#endif
