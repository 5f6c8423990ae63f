/* Which areas hold a region, and how narrow they are. */
#include "shop/total_region.h"

#include <stddef.h>

/* The next letter of a postcode, as it is compared; '\0' at the end. */
static char next_letter(struct str *rest)
{
    while (rest->len > 0) {
        char c = rest->ptr[0];
        *rest = str_slice(*rest, 1, rest->len);
        if (c != ' ' && c != '-')
            return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return '\0';
}

/* How many letters of the prefix the postcode begins with, if with all of them; else -1. */
static int postcode_fit(struct str prefix, struct str postcode)
{
    int letters = 0;
    for (char c; (c = next_letter(&prefix)); letters++)
        if (c != next_letter(&postcode))
            return -1;
    return letters;
}

static bool is_any_or(struct str wanted, struct str had)
{
    return wanted.len == 0 || str_equal_nocase(wanted, had);
}

int total_region_fit(const struct total_region *area, const struct total_region *region)
{
    if (!is_any_or(area->country, region->country) || !is_any_or(area->state, region->state))
        return -1;
    int letters = postcode_fit(area->postcode, region->postcode);
    return letters < 0 ? -1 : letters * 4 + (area->state.len > 0) * 2 + (area->country.len > 0);
}

bool total_region_is_eu(struct str country)
{
    static const char members[][3] = {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (str_equal_nocase(country, str_make(members[i], 2)))
            return true;
    return false;
}
