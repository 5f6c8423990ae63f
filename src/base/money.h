/* Money: a whole number of a currency's smallest unit, added, split and rounded without loss.
 *
 *     const struct currency *eur = currency_find(STR("EUR"));
 *     int64_t net_minor, vat_minor;
 *     TRY(money_parse(STR("19.99"), eur, &net_minor));                  1999
 *     TRY(money_part(net_minor, 1900, 10000, &vat_minor));              19 % of it: 380
 *     TRY(money_split(1000, weights, 3, shares));                       334, 333, 333
 *
 * A variable says its unit: `total_minor` stands beside the currency it is in. Nothing here is
 * floating point; what does not fit in an int64_t is ERR_LIMIT, never a wrong number. Writing money
 * as people read it is text/'s; here is the neutral form, "19.99". */
#ifndef STOA_BASE_MONEY_H
#define STOA_BASE_MONEY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* One of ISO 4217 that is in use and has a smallest unit. */
struct currency {
    char code[4];   /* "EUR" */
    uint8_t digits; /* behind the point: 2, for JPY 0, for KWD 3 */
};

enum { MONEY_TEXT_MAX = 32 };

const struct currency *currency_find(struct str code); /* NULL where ISO 4217 has none */

/* "19.99", "-5", "0.5": at most the currency's digits behind the point, no grouping, no sign but
 * a minus. ERR_INPUT for anything else, ERR_LIMIT where it does not fit. */
enum err money_parse(struct str text, const struct currency *currency, int64_t *minor);

/* Always with all of the currency's digits: "-5.00". */
void money_format(int64_t minor, const struct currency *currency, char text[MONEY_TEXT_MAX]);

enum err money_add(int64_t a_minor, int64_t b_minor, int64_t *sum_minor);
enum err money_subtract(int64_t a_minor, int64_t b_minor, int64_t *difference_minor);
enum err money_multiply(int64_t minor, int64_t times, int64_t *product_minor);

/* `minor` × numerator ÷ denominator, rounded half away from zero as invoices are: 7 % is 7, 100.
 * Exact in 128 bits before the one rounding. The denominator is above 0. */
enum err money_part(int64_t minor, int64_t numerator, int64_t denominator, int64_t *part_minor);

/* Splits `minor` over `count` weights (none negative, not all 0: else ERR_INPUT) so that the shares
 * add up to it exactly: the units left over by rounding go to the largest remainders, the first of
 * equals. A total below 0 is split as its opposite. The two arrays do not overlap. Costs count ×
 * log2(sum of weights). */
enum err money_split(int64_t minor, const int64_t weights[], size_t count, int64_t shares_minor[]);

#endif
