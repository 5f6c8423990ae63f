/* Prints what src/text writes, for text_peers.py to compare with CLDR: a line for each case,
 * "language<TAB>kind<TAB>input<TAB>output". */
#include <stdio.h>

#include "base/arena.h"
#include "text/common.h"
#include "text/date.h"
#include "text/language.h"
#include "text/number.h"
#include "text/phrase.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct peer {
    struct buf out;
    const struct language *language;
};

static void end_line(struct peer *peer, const char *kind, const char *input)
{
    printf("%s\t%s\t%s\t" STR_FMT "\n", peer->language->code, kind, input,
           STR_ARG(buf_str(&peer->out)));
    buf_clear(&peer->out);
}

static const int64_t numbers[] = {
    0,       1,       2,        3,        4,         5,          9,
    10,      11,      12,       19,       20,        21,         22,
    99,      100,     101,      102,      103,       110,        111,
    112,     113,     199,      200,      999,       1000,       1001,
    1002,    1234,    9999,     10000,    12345,     99999,      100000,
    123456,  999999,  1000000,  1000001,  1000002,   1000003,    1000011,
    1234567, 2000000, 10000000, 12345678, 123456789, 1000000000, 987654321012,
};

static void say_numbers(struct peer *peer)
{
    char input[64];
    for (size_t i = 0; i < COUNT(numbers); i++) {
        snprintf(input, sizeof input, "%ld", (long)numbers[i]);
        buf_addf(&peer->out, "%s", plural_name(peer->language->plural((uint64_t)numbers[i])));
        end_line(peer, "plural", input);
        for (int sign = 1; sign >= -1; sign -= 2) {
            int64_t number = sign * numbers[i];
            snprintf(input, sizeof input, "%ld", (long)number);
            text_int(&peer->out, peer->language, number);
            end_line(peer, "int", input);
            for (int digits = 1; digits <= 4; digits++) {
                snprintf(input, sizeof input, "%ld %d", (long)number, digits);
                text_decimal(&peer->out, peer->language, number, digits);
                end_line(peer, "decimal", input);
                text_percent(&peer->out, peer->language, number, digits);
                end_line(peer, "percent", input);
            }
        }
    }
}

static void say_money(struct peer *peer)
{
    static const char codes[][4] = {
        "AED", "AUD", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EGP", "EUR",
        "GBP", "HKD", "HUF", "ILS", "INR", "IQD", "JOD", "JPY", "KRW", "KWD", "MAD", "MXN",
        "NOK", "NZD", "OMR", "PHP", "PLN", "QAR", "RON", "SAR", "SEK", "SGD", "THB", "TND",
        "TRY", "TWD", "UAH", "USD", "VND", "XAF", "XOF", "XPF", "YER", "ZAR",
    };
    static const int64_t amounts[] = {0, 1, 99, 100, 1999, 123450, -1, -123450, 123456789012};
    char input[64];
    for (size_t i = 0; i < COUNT(codes); i++)
        for (size_t k = 0; k < COUNT(amounts); k++) {
            const struct currency *currency = currency_find(str_from(codes[i]));
            if (!currency)
                continue; /* fewer cases than the script counts on */
            snprintf(input, sizeof input, "%.3s %ld %d", codes[i], (long)amounts[k],
                     currency->digits);
            text_money(&peer->out, peer->language, amounts[k], currency);
            end_line(peer, "money", input);
        }
}

static void say_dates(struct peer *peer)
{
    static const char *const kinds[] = {"date_numeric", "date_medium", "date_long", "date_full"};
    static const char *const timed[] = {"date_time_numeric", "date_time_medium"};
    const int64_t begin_us = INT64_C(1767225600) * SECOND_US; /* 2026-01-01 */
    char input[CLOCK_TEXT_MAX];
    for (int i = 0; i < 800; i++) {
        int64_t time_us = begin_us + i * (DAY_US + 37 * MINUTE_US);
        struct civil civil = civil_from_us(time_us);
        clock_format(time_us, input);
        for (size_t width = 0; width < COUNT(kinds); width++) {
            text_date(&peer->out, peer->language, &civil, (enum date_width)width);
            end_line(peer, kinds[width], input);
        }
        text_time(&peer->out, peer->language, &civil);
        end_line(peer, "time", input);
        for (size_t width = 0; width < COUNT(timed); width++) {
            text_date_time(&peer->out, peer->language, &civil, (enum date_width)width);
            end_line(peer, timed[width], input);
        }
    }
}

static void say_distances(struct peer *peer)
{
    static const struct {
        const char *unit;
        void (*in)(struct buf *, const struct language *, int64_t);
        void (*ago)(struct buf *, const struct language *, int64_t);
    } units[] = {
        {"second", text_in_seconds, text_ago_seconds},
        {"minute", text_in_minutes, text_ago_minutes},
        {"hour", text_in_hours, text_ago_hours},
        {"day", text_in_days, text_ago_days},
        {"month", text_in_months, text_ago_months},
        {"year", text_in_years, text_ago_years},
    };
    char input[64];
    for (size_t i = 0; i < COUNT(units); i++)
        for (int count = 1; count < 130; count++) {
            snprintf(input, sizeof input, "%s %d", units[i].unit, count);
            units[i].in(&peer->out, peer->language, count);
            end_line(peer, "relative", input);
            snprintf(input, sizeof input, "%s %d", units[i].unit, -count);
            units[i].ago(&peer->out, peer->language, count);
            end_line(peer, "relative", input);
        }
}

static void say_lists_and_sizes(struct peer *peer)
{
    static const struct str words[] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}};
    static const int64_t sizes[] = {
        0, 1, 2, 3, 11, 100, 999, 1000, 1500, 20000, 1500000, 999900000, 1000000000, 2500000000000};
    char input[64];
    for (size_t count = 1; count <= COUNT(words); count++) {
        snprintf(input, sizeof input, "%zu", count);
        text_list(&peer->out, peer->language, words, count);
        end_line(peer, "list", input);
    }
    for (size_t i = 0; i < COUNT(sizes); i++) {
        snprintf(input, sizeof input, "%ld", (long)sizes[i]);
        text_bytes(&peer->out, peer->language, sizes[i]);
        end_line(peer, "size", input);
    }
}

int main(void)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        struct peer peer = {.language = &languages[i]};
        buf_init(&peer.out, &arena, 1000);
        say_numbers(&peer);
        say_money(&peer);
        say_dates(&peer);
        say_distances(&peer);
        say_lists_and_sizes(&peer);
    }
    arena_release(&arena);
    return 0;
}
