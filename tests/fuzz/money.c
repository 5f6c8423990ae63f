/* Fuzzes money: what parses is formatted into a text that parses to the same, and splits add up. */
#include "base/money.h"

#include <string.h>

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { WEIGHTS_MAX = 16 };

static void check_text(struct str code, struct str typed)
{
    const struct currency *currency = currency_find(code);
    int64_t minor, again;
    if (!currency || money_parse(typed, currency, &minor))
        return;
    char text[MONEY_TEXT_MAX];
    money_format(minor, currency, text);
    ASSERT(money_parse(str_from(text), currency, &again) == ERR_OK);
    ASSERT(again == minor);
}

/* The first eight bytes are the total, every eight that follow a weight. */
static void check_split(const uint8_t *bytes, size_t size)
{
    int64_t numbers[1 + WEIGHTS_MAX], shares[WEIGHTS_MAX], part;
    size_t count = size / sizeof *numbers;
    count = count > 1 + WEIGHTS_MAX ? 1 + WEIGHTS_MAX : count;
    if (count < 2)
        return;
    memcpy(numbers, bytes, count * sizeof *numbers);
    const int64_t *weights = numbers + 1;
    if (weights[0] > 0 && !money_part(numbers[0], weights[0], weights[0], &part))
        ASSERT(part == numbers[0]);
    if (money_split(numbers[0], weights, count - 1, shares))
        return;
    __int128 sum = 0;
    for (size_t i = 0; i < count - 1; i++) {
        ASSERT(shares[i] == 0 || (shares[i] < 0) == (numbers[0] < 0));
        ASSERT(shares[i] == 0 || weights[i] > 0);
        sum += shares[i];
    }
    ASSERT(sum == numbers[0]);
}

/* A currency's code stands before the text, as in "EUR19.99". */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str input = str_make((const char *)bytes, size);
    check_text(str_slice(input, 0, 3), str_slice(input, 3, size));
    check_split(bytes, size);
    return 0;
}
