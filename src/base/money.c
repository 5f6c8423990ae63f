/* The currencies, and arithmetic that never loses a unit. */
#include "base/money.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"

/* In order of their code, for the search. ISO 4217 as of 2026; what it gives no smallest unit
 * (gold, drawing rights, test codes) is no money here. */
static const struct currency currencies[] = {
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2}, {"AWG", 2},
    {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BHD", 3}, {"BIF", 0}, {"BMD", 2}, {"BND", 2},
    {"BOB", 2}, {"BOV", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2}, {"BZD", 2},
    {"CAD", 2}, {"CDF", 2}, {"CHE", 2}, {"CHF", 2}, {"CHW", 2}, {"CLF", 4}, {"CLP", 0}, {"CNY", 2},
    {"COP", 2}, {"COU", 2}, {"CRC", 2}, {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2},
    {"DOP", 2}, {"DZD", 2}, {"EGP", 2}, {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2},
    {"GBP", 2}, {"GEL", 2}, {"GHS", 2}, {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2},
    {"HKD", 2}, {"HNL", 2}, {"HTG", 2}, {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2}, {"IQD", 3},
    {"IRR", 2}, {"ISK", 0}, {"JMD", 2}, {"JOD", 3}, {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2},
    {"KMF", 0}, {"KPW", 2}, {"KRW", 0}, {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2},
    {"LKR", 2}, {"LRD", 2}, {"LSL", 2}, {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2},
    {"MMK", 2}, {"MNT", 2}, {"MOP", 2}, {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2},
    {"MXV", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2}, {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2},
    {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2}, {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2},
    {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2}, {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2},
    {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2}, {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2},
    {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2}, {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2},
    {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2}, {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0},
    {"USD", 2}, {"USN", 2}, {"UYI", 0}, {"UYU", 2}, {"UYW", 4}, {"UZS", 2}, {"VED", 2}, {"VES", 2},
    {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAD", 2}, {"XAF", 0}, {"XCD", 2}, {"XCG", 2}, {"XOF", 0},
    {"XPF", 0}, {"YER", 2}, {"ZAR", 2}, {"ZMW", 2}, {"ZWG", 2},
};

const struct currency *currency_find(struct str code)
{
    size_t from = 0, to = sizeof currencies / sizeof *currencies;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_compare(code, str_from(currencies[middle].code));
        if (order == 0)
            return &currencies[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

static bool is_number(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* Adds digits at the end, counting downwards: the most negative number has no positive twin. */
static bool append(int64_t *negative, struct str digits)
{
    for (size_t i = 0; i < digits.len; i++)
        if (__builtin_mul_overflow(*negative, 10, negative) ||
            __builtin_sub_overflow(*negative, digits.ptr[i] - '0', negative))
            return false;
    return true;
}

enum err money_parse(struct str text, const struct currency *currency, int64_t *minor)
{
    bool negative = str_starts(text, STR("-"));
    struct str whole = str_slice(text, negative, text.len), part = {0};
    size_t point = str_find_char(whole, '.');
    if (point != STR_NONE) {
        part = str_slice(whole, point + 1, whole.len);
        whole = str_slice(whole, 0, point);
        if (!is_number(part) || part.len > currency->digits)
            return ERR_INPUT;
    }
    if (!is_number(whole) || (whole.len > 1 && whole.ptr[0] == '0'))
        return ERR_INPUT;

    int64_t value = 0;
    struct str zeros = str_slice(STR("0000"), 0, currency->digits - part.len);
    if (!append(&value, whole) || !append(&value, part) || !append(&value, zeros))
        return ERR_LIMIT;
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return ERR_LIMIT;
    *minor = value;
    return ERR_OK;
}

static uint64_t magnitude(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

/* Written from the last digit to the first. */
void money_format(int64_t minor, const struct currency *currency, char text[MONEY_TEXT_MAX])
{
    char *at = text + MONEY_TEXT_MAX;
    uint64_t rest = magnitude(minor);
    *--at = '\0';
    for (int place = 0; rest || place <= currency->digits; place++, rest /= 10) {
        if (place == currency->digits && place > 0)
            *--at = '.';
        *--at = (char)('0' + rest % 10);
    }
    if (minor < 0)
        *--at = '-';
    memmove(text, at, (size_t)(text + MONEY_TEXT_MAX - at));
}

enum err money_add(int64_t a_minor, int64_t b_minor, int64_t *sum_minor)
{
    int64_t sum;
    if (__builtin_add_overflow(a_minor, b_minor, &sum))
        return ERR_LIMIT;
    *sum_minor = sum;
    return ERR_OK;
}

enum err money_subtract(int64_t a_minor, int64_t b_minor, int64_t *difference_minor)
{
    int64_t difference;
    if (__builtin_sub_overflow(a_minor, b_minor, &difference))
        return ERR_LIMIT;
    *difference_minor = difference;
    return ERR_OK;
}

enum err money_multiply(int64_t minor, int64_t times, int64_t *product_minor)
{
    int64_t product;
    if (__builtin_mul_overflow(minor, times, &product))
        return ERR_LIMIT;
    *product_minor = product;
    return ERR_OK;
}

enum err money_part(int64_t minor, int64_t numerator, int64_t denominator, int64_t *part_minor)
{
    ASSERT(denominator > 0);
    __int128 product = (__int128)minor * numerator;
    __int128 half = product < 0 ? -(denominator / 2) : denominator / 2;
    /* Of an odd denominator the half is cut, and no product lies on it: the rounding is the same.
     */
    __int128 part = (product + half) / denominator;
    if (part < INT64_MIN || part > INT64_MAX)
        return ERR_LIMIT;
    *part_minor = (int64_t)part;
    return ERR_OK;
}

/* A total that is being split; the sign is put back at the end. */
struct split {
    unsigned __int128 total, weight_sum;
    const int64_t *weights;
    size_t count;
};

static unsigned __int128 split_remainder(const struct split *split, size_t i)
{
    return split->total * (uint64_t)split->weights[i] % split->weight_sum;
}

static size_t split_count_from(const struct split *split, unsigned __int128 remainder)
{
    size_t count = 0;
    for (size_t i = 0; i < split->count; i++)
        count += split_remainder(split, i) >= remainder;
    return count;
}

/* The greatest remainder that at least `wanted` shares reach, found by halving the range, so that
 * the largest can be picked without sorting them and without memory. */
static unsigned __int128 split_threshold(const struct split *split, size_t wanted)
{
    unsigned __int128 low = 0, high = split->weight_sum;
    while (high - low > 1) {
        unsigned __int128 middle = low + (high - low) / 2;
        if (split_count_from(split, middle) >= wanted)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static enum err split_begin(struct split *split)
{
    for (size_t i = 0; i < split->count; i++) {
        if (split->weights[i] < 0)
            return ERR_INPUT;
        split->weight_sum += (uint64_t)split->weights[i];
    }
    return split->weight_sum ? ERR_OK : ERR_INPUT;
}

enum err money_split(int64_t minor, const int64_t weights[], size_t count, int64_t shares_minor[])
{
    struct split split = {.total = magnitude(minor), .weights = weights, .count = count};
    TRY(split_begin(&split));
    unsigned __int128 left = split.total;
    for (size_t i = 0; i < count; i++)
        left -= split.total * (uint64_t)weights[i] / split.weight_sum;

    unsigned __int128 threshold = split_threshold(&split, (size_t)left);
    size_t equals = (size_t)left - split_count_from(&split, threshold + 1);
    for (size_t i = 0; i < count; i++) {
        unsigned __int128 remainder = split_remainder(&split, i);
        uint64_t share = (uint64_t)(split.total * (uint64_t)weights[i] / split.weight_sum);
        if (remainder > threshold || (remainder == threshold && equals > 0 && equals--))
            share++;
        shares_minor[i] = (int64_t)(minor < 0 ? 0 - share : share);
    }
    return ERR_OK;
}
