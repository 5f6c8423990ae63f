/* What the sample pages show: shops with orders, and orders with lines.
 *
 *     struct sample_shop shop = {.name = STR("Ada"), .orders = {.rows = orders, .count = 2}}; */
#ifndef STOA_TESTS_UNIT_SAMPLE_PAGE_H
#define STOA_TESTS_UNIT_SAMPLE_PAGE_H

#include "base/money.h"
#include "base/str.h"

struct sample_line {
    const char *what;
    int32_t quantity;
    bool gift;
};

struct sample_order {
    struct str id, who;
    int64_t made_us, total_minor;
    const struct sample_line *lines;
    size_t line_count;
};

struct sample_orders {
    struct sample_order *rows;
    size_t count;
};

enum { SAMPLE_OPEN, SAMPLE_CLOSED };

struct sample_shop {
    struct str name;
    struct sample_orders orders;
    unsigned state;
};

#endif
